import type { DeviceAlert } from '../../src/observation/device-event.ts';

interface Exception {
  readonly bit: number;
  readonly alert: DeviceAlert;
  /** What it does to the values: there is nothing to measure, or it is measured badly. */
  readonly makes: 'invalid' | 'questionable';
  /** In the nurse's words, beside the value. */
  readonly reason: string;
}

const exception = (
  bit: number,
  code: string,
  makes: Exception['makes'],
  ruleId: 'MON-04' | 'MON-05',
  priority: DeviceAlert['priority'],
  text: string,
): Exception => ({
  bit,
  alert: { code, text, ruleId, priority },
  makes,
  reason: text.toLowerCase(),
});

/** Bits of EXC (PROTOCOL.md, "Exceptions"), the ones that say most first. */
const EXCEPTIONS: readonly Exception[] = [
  exception(0x001, 'NO_SENSOR', 'invalid', 'MON-04', 'medium', 'No SpO2 sensor'),
  exception(0x002, 'SENSOR_DEFECTIVE', 'invalid', 'MON-04', 'medium', 'SpO2 sensor defective'),
  exception(0x080, 'SENSOR_UNKNOWN', 'invalid', 'MON-04', 'medium', 'SpO2 sensor not recognised'),
  exception(0x020, 'SENSOR_OFF', 'invalid', 'MON-04', 'medium', 'SpO2 sensor off'),
  exception(0x008, 'PULSE_SEARCH', 'questionable', 'MON-04', 'medium', 'Searching for a pulse'),
  exception(0x004, 'LOW_PERFUSION', 'questionable', 'MON-04', 'low', 'Low perfusion'),
  exception(0x400, 'LOW_SIGNAL_IQ', 'questionable', 'MON-05', 'low', 'Low signal quality'),
  exception(0x010, 'INTERFERENCE', 'questionable', 'MON-05', 'low', 'Interference'),
  exception(0x040, 'AMBIENT_LIGHT', 'questionable', 'MON-05', 'low', 'Too much ambient light'),
];

/** Says only that the algorithm runs. */
const RUNNING = 0x800;
const KNOWN = EXCEPTIONS.reduce((bits, { bit }) => bits | bit, RUNNING);

const DEVICE_ALARM: DeviceAlert = {
  code: 'ALARM',
  text: 'Monitor alarm, cause not told',
  ruleId: 'PMP-10',
  priority: 'medium',
};

/** Every alarm that the driver knows. */
export const KNOWN_ALERTS: readonly DeviceAlert[] = [
  ...EXCEPTIONS.map(({ alert }) => alert),
  DEVICE_ALARM,
];

/** All that the two words signal. A bit that nobody documents is shown as it is. */
export function alertsOf(alarm: string, exceptions: number): readonly DeviceAlert[] {
  const alerts = EXCEPTIONS.filter(({ bit }) => exceptions & bit).map(({ alert }) => alert);
  const unknown = unknownBits(exceptions);
  if (unknown !== 0) {
    const code = `EXC ${hex(unknown)}`;
    alerts.push({ code, text: code, ruleId: 'PMP-10', priority: 'medium' });
  }
  if (Number.parseInt(alarm, 16) !== 0) {
    alerts.push({ ...DEVICE_ALARM, text: `Monitor alarm, word ${alarm}` });
  }
  return alerts;
}

/** What the exceptions do to every value of the line; `null` = nothing. */
export function doubtOf(
  exceptions: number,
): { readonly makes: 'invalid' | 'questionable'; readonly reason: string } | null {
  const set = EXCEPTIONS.filter(({ bit }) => exceptions & bit);
  const worst = set.find(({ makes }) => makes === 'invalid') ?? set[0];
  if (worst !== undefined) return worst;
  const unknown = unknownBits(exceptions);
  return unknown === 0
    ? null
    : { makes: 'questionable', reason: `exception ${hex(unknown)} unknown` };
}

const unknownBits = (exceptions: number): number => (exceptions & ~KNOWN) >>> 0;
const hex = (bits: number): string => bits.toString(16).toUpperCase().padStart(3, '0');
