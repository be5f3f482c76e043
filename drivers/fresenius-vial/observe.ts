import type { DeviceAlert, DeviceEvent, MetricSeen } from '../../src/observation/device-event.ts';
import type { MetricCode, Validity } from '../../src/observation/metrics.ts';
import { type CounterCheck, nextCounterCheck } from './counter-check.ts';
import type { VialValues } from './values.ts';

/** Alarm and error texts as they were first seen, and now; what they mean is not public. */
interface StatusLetters {
  readonly a: string | null;
  readonly e: string | null;
}

/** What is known of one module. */
export interface KnownModule {
  readonly check: CounterCheck | null;
  readonly first: StatusLetters;
  readonly now: StatusLetters;
  /** A question was refused because an alarm is present. */
  readonly isAlarmPresent: boolean;
  readonly serial: string | null;
}

const NO_LETTERS: StatusLetters = { a: null, e: null };

export const NOTHING_KNOWN: KnownModule = {
  check: null,
  first: NO_LETTERS,
  now: NO_LETTERS,
  isAlarmPresent: false,
  serial: null,
};

const ALARM_CHANGED: DeviceAlert = {
  code: 'a-changed',
  text: 'Status change, check pump',
  ruleId: 'PMP-10',
  priority: 'medium',
  latches: true,
};
const ERROR_CHANGED: DeviceAlert = { ...ALARM_CHANGED, code: 'e-changed' };
const ALARM_PRESENT: DeviceAlert = {
  code: 'refused-12',
  text: 'Alarm present, not told which',
  ruleId: 'PMP-10',
  priority: 'medium',
  latches: true,
};

/** Every alert that this driver can raise. */
export const KNOWN_ALERTS: readonly DeviceAlert[] = [ALARM_CHANGED, ERROR_CHANGED, ALARM_PRESENT];

/** The mark of a simulated module, where a real one has its mode. */
const SIMULATED = 'SIM';
const RAW_MAX = 20;
const TEXT_MAX = 60;

export interface Observed {
  readonly known: KnownModule;
  readonly events: readonly DeviceEvent[];
}

/** What a reply with values says of its module, in order. */
export function observeValues(before: KnownModule, values: VialValues, atMs: number): Observed {
  const { rateMlPerHour: rate, volumeMl, m } = values;
  const check =
    rate === undefined || volumeMl === undefined
      ? null
      : nextCounterCheck(before.check, { mlPerHour: rate, volumeMl }, atMs);
  const known = { ...withLetters(before, values), check, isAlarmPresent: false };
  const isSimulated = m?.startsWith(SIMULATED) === true;
  return {
    known,
    events: [
      ...(isSimulated ? [{ kind: 'identity', mode: 'demo', atMs } as const] : []),
      alerts(known, atMs),
      { kind: 'pump-status', status: 'unknown', raw: raw(m === undefined ? '' : `m${m}`), atMs },
      flow(rate, check, atMs),
      told('MDC_FLOW_FLUID_PUMP', rate, atMs),
      told('MDC_VOL_FLUID_DELIV_TOTAL', volumeMl, atMs),
    ],
  };
}

/** Alarm and error letters that were told unasked. Nothing else of the module becomes younger by them. */
export function observeLetters(
  before: KnownModule,
  letters: Pick<VialValues, 'a' | 'e'>,
  atMs: number,
): Observed {
  if (letters.a === undefined && letters.e === undefined) return { known: before, events: [] };
  const known = withLetters(before, letters);
  return { known, events: [alerts(known, atMs)] };
}

/** The module refused to tell its values: the old flow may not stay. */
export function observeRefusal(before: KnownModule, reason: string, atMs: number): Observed {
  return {
    known: { ...before, check: null },
    events: [
      { kind: 'pump-status', status: 'unknown', raw: raw(reason), atMs },
      metric('MDC_FLOW_FLUID_PUMP_CURRENT', null, 'invalid', atMs, reason),
      metric('MDC_FLOW_FLUID_PUMP', null, 'invalid', atMs, reason),
    ],
  };
}

/** A question was refused because an alarm is present; over when values are told again. */
export function observeAlarm(before: KnownModule, atMs: number): Observed {
  const known = { ...before, isAlarmPresent: true };
  return { known, events: [alerts(known, atMs)] };
}

/** The module's number. Another one is another module, whose letters have not been seen. */
export function observeNumber(before: KnownModule, text: string, atMs: number): Observed {
  const serial = shown(text);
  if (serial === '') return { known: before, events: [] };
  const isOther = before.serial !== null && before.serial !== serial;
  return {
    known: { ...(isOther ? NOTHING_KNOWN : before), serial },
    events: [
      {
        kind: 'identity',
        serial,
        ...(serial.startsWith(SIMULATED) ? { mode: 'demo' } : {}),
        atMs,
      },
    ],
  };
}

export function typeEvents(text: string, atMs: number): readonly DeviceEvent[] {
  const model = shown(text);
  return model === '' ? [] : [{ kind: 'identity', model, atMs }];
}

/** @param text `null` when the module refuses to tell */
export function drugEvents(text: string | null, atMs: number): readonly DeviceEvent[] {
  const drug = text === null ? '' : shown(text);
  const fact = { kind: 'fact', code: 'drug', atMs } as const;
  // The form of the text has not been seen: it is shown, and nothing may rest on it.
  return drug === ''
    ? [{ ...fact, text: null, validity: 'not-available' }]
    : [{ ...fact, text: drug, validity: 'questionable' }];
}

const shown = (text: string): string => text.trim().slice(0, TEXT_MAX);
const raw = (text: string): string => text.slice(0, RAW_MAX);

/** A letter that is not in the reply takes nothing back. */
function withLetters(known: KnownModule, { a, e }: Pick<VialValues, 'a' | 'e'>): KnownModule {
  const now = { a: a ?? known.now.a, e: e ?? known.now.e };
  const first = { a: known.first.a ?? now.a, e: known.first.e ?? now.e };
  return { ...known, now, first };
}

function alerts({ first, now, isAlarmPresent }: KnownModule, atMs: number): DeviceEvent {
  return {
    kind: 'alerts',
    alerts: [
      ...(now.a === first.a ? [] : [changed(ALARM_CHANGED, 'a', first.a, now.a)]),
      ...(now.e === first.e ? [] : [changed(ERROR_CHANGED, 'e', first.e, now.e)]),
      ...(isAlarmPresent ? [ALARM_PRESENT] : []),
    ],
    atMs,
  };
}

function changed(
  alert: DeviceAlert,
  letter: string,
  from: string | null,
  to: string | null,
): DeviceAlert {
  const text = `${alert.text} (${letter} ${from ?? ''} > ${to ?? ''})`;
  return { ...alert, text: text.slice(0, TEXT_MAX) };
}

const REASONS = {
  open: 'rate told, not yet confirmed by the volume',
  still: 'rate told, but volume does not grow',
  differs: 'volume does not grow as the rate says',
} as const;

/** The rate that is told, trusted as the flow only while the counter bears it out. */
function flow(rate: number | undefined, check: CounterCheck | null, atMs: number): DeviceEvent {
  const code = 'MDC_FLOW_FLUID_PUMP_CURRENT';
  if (rate === undefined) return metric(code, null, 'invalid', atMs, 'rate not understood');
  const source = 'rate and volume counter';
  if (check === null) {
    return { ...metric(code, rate, 'questionable', atMs, 'volume not told'), source };
  }
  return check.verdict === 'agrees'
    ? { ...metric(code, rate, 'valid', atMs), source }
    : { ...metric(code, rate, 'questionable', atMs, REASONS[check.verdict]), source };
}

const told = (code: MetricCode, value: number | undefined, atMs: number): MetricSeen =>
  value === undefined
    ? metric(code, null, 'invalid', atMs, 'not told, or not understood')
    : metric(code, value, 'valid', atMs);

const metric = (
  code: MetricCode,
  value: number | null,
  validity: Validity,
  atMs: number,
  reason?: string,
): MetricSeen => ({
  kind: 'metric',
  code,
  value,
  validity,
  atMs,
  ...(reason === undefined ? {} : { reason }),
});
