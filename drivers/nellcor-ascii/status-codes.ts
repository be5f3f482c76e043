import type { DeviceAlert } from '../../src/observation/device-event.ts';
import type { NellcorValues } from './codec.ts';

interface StatusCode {
  readonly alert: DeviceAlert;
  /** What it does to the values of its line; absent: nothing. */
  readonly makes?: 'invalid' | 'questionable';
}

const status = (
  code: string,
  ruleId: string,
  priority: DeviceAlert['priority'],
  text: string,
  makes?: StatusCode['makes'],
): readonly [string, StatusCode] => [
  code,
  { alert: { code, text, ruleId, priority }, ...(makes === undefined ? {} : { makes }) },
];

/** The codes behind the values (PROTOCOL.md, "Alarms"), those that take the values away first. */
const STATUS_CODES: ReadonlyMap<string, StatusCode> = new Map([
  status('SD', 'MON-04', 'medium', 'SpO2 sensor disconnected', 'invalid'),
  status('SO', 'MON-04', 'medium', 'SpO2 sensor off', 'invalid'),
  status('LP', 'MON-04', 'high', 'Loss of pulse', 'invalid'),
  status('LM', 'MON-04', 'high', 'Loss of pulse, interference', 'invalid'),
  status('PS', 'MON-04', 'medium', 'Searching for a pulse', 'questionable'),
  status('MO', 'MON-05', 'low', 'Interference', 'questionable'),
  status('SL', 'PMP-10', 'medium', 'SpO2 below the monitor limit'),
  status('SH', 'PMP-10', 'medium', 'SpO2 above the monitor limit'),
  status('PL', 'PMP-10', 'medium', 'Pulse below the monitor limit'),
  status('PH', 'PMP-10', 'medium', 'Pulse above the monitor limit'),
  status('AO', 'MON-10', 'medium', 'alarms are off there'),
  status('AS', 'MON-10', 'medium', 'alarms are silenced there'),
  status('LB', 'PMP-10', 'medium', 'Oximeter battery low'),
]);

const outside = (code: string, what: string): DeviceAlert => ({
  code,
  text: `${what} outside the monitor limits`,
  ruleId: 'PMP-10',
  priority: 'medium',
});
const SPO2_OUTSIDE = outside('SPO2*', 'SpO2');
const PULSE_OUTSIDE = outside('BPM*', 'Pulse');

/** Every alarm that the driver knows. */
export const KNOWN_ALERTS: readonly DeviceAlert[] = [
  ...[...STATUS_CODES.values()].map(({ alert }) => alert),
  SPO2_OUTSIDE,
  PULSE_OUTSIDE,
];

/** All that the line signals. A code that nobody documents is shown as it is. */
export function alertsOf({ codes, spo2, pulse }: NellcorValues): readonly DeviceAlert[] {
  const alerts = [...new Set(codes)].map((code) => STATUS_CODES.get(code)?.alert ?? unknown(code));
  const says = (...some: readonly string[]): boolean => some.some((code) => codes.includes(code));
  // The asterisk is the same alarm as the code: it counts where the code is missing.
  if (spo2.isOutside && !says('SL', 'SH')) alerts.push(SPO2_OUTSIDE);
  if (pulse.isOutside && !says('PL', 'PH')) alerts.push(PULSE_OUTSIDE);
  return alerts;
}

const unknown = (code: string): DeviceAlert => ({
  code,
  text: `code ${code}`,
  ruleId: 'PMP-10',
  priority: 'medium',
});

/** What the codes do to every value of the line; `null` = nothing. */
export function doubtOf(
  codes: readonly string[],
): { readonly makes: 'invalid' | 'questionable'; readonly reason: string } | null {
  const known = [...STATUS_CODES].filter(([code]) => codes.includes(code));
  for (const makes of ['invalid', 'questionable'] as const) {
    const [, found] = known.find(([, status]) => status.makes === makes) ?? [];
    if (found !== undefined) return { makes, reason: found.alert.text.toLowerCase() };
  }
  const strange = codes.find((code) => !STATUS_CODES.has(code));
  return strange === undefined
    ? null
    : { makes: 'questionable', reason: `code ${strange} unknown` };
}
