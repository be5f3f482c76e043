import { wireDecimal } from '../../src/driver/kit/decimal.ts';
import type { DeviceEvent, PumpStatus } from '../../src/observation/device-event.ts';
import type { MetricCode, Validity } from '../../src/observation/metrics.ts';
import { flowDoubt } from './alarm-codes.ts';
import type { AsenaFrame } from './codec.ts';

/** Positions in the INF reply after the command word (PROTOCOL.md, "The INF reply"). */
const FIELD = {
  serial: 0,
  notice: 1,
  mode: 2,
  rate: 3,
  rateUnit: 4,
  volume: 6,
  volumeUnit: 7,
  pressure: 8,
  pressureUnit: 9,
  remaining: 10,
  logEntry: 12,
} as const;
const FIELDS = 13;
const LOG_ENTRY_MAX = 20;

/** What an INF reply says. `undefined` is a value that is not there or not understood. */
export interface Inf {
  readonly serial: string;
  /** `-` no alarm, `A` alarm; other letters are possible. */
  readonly notice: string;
  readonly mode: string;
  readonly rateMlPerHour: number | undefined;
  readonly volumeMl: number | undefined;
  /** `null`: the field is empty, so the pump tells no pressure. */
  readonly pressureMmHg: number | null | undefined;
  readonly remaining: string;
  /** Number of the newest entry of the pump's log; another one means that something happened. */
  readonly logEntry: string;
}

/** Units are part of the values: another unit makes a value unreadable, another count of fields all. */
export function parseInf({ fields }: AsenaFrame): Inf | undefined {
  if (fields.length !== FIELDS) return undefined;
  const text = (index: number): string => (fields[index] ?? '').trim();
  return {
    serial: text(FIELD.serial),
    notice: text(FIELD.notice),
    mode: text(FIELD.mode),
    rateMlPerHour: amount(fields[FIELD.rate], text(FIELD.rateUnit), 'ml/h'),
    volumeMl: amount(fields[FIELD.volume], text(FIELD.volumeUnit), 'ml'),
    pressureMmHg: pressureOf(text(FIELD.pressure), text(FIELD.pressureUnit)),
    remaining: text(FIELD.remaining),
    logEntry: text(FIELD.logEntry).slice(0, LOG_ENTRY_MAX),
  };
}

function pressureOf(text: string, unit: string): number | null | undefined {
  if (text === '') return null;
  return unit === 'mmHg' ? wireDecimal(text) : undefined;
}

/** A rate or a volume: never negative. `undefined` when it is not one in this unit. */
export function amount(
  text: string | undefined,
  unit: string,
  expected: string,
): number | undefined {
  const value = unit === expected ? wireDecimal(text) : undefined;
  return value === undefined || value < 0 ? undefined : value;
}

/**
 * For how long a rate was set while the volume stood still. Counts only while the pump is watched
 * and only from the moment at which a rate was seen: a pump that starts after an hour on hold has
 * not been still for an hour.
 */
export interface VolumeWatch {
  readonly ml: number;
  readonly rateMlPerHour: number;
  readonly atMs: number;
  readonly stillMs: number;
  /** What should have come in that time. */
  readonly expectedMl: number;
}

const NO_GROWTH_MS = 60_000;
/** The counter has 0.001 mL; less than this expected growth proves nothing. */
const NO_GROWTH_ML = 0.01;
/** Of a longer gap between two readings nobody knows what the pump did. */
const WATCHED_GAP_MS_MAX = 5_000;

export function nextVolumeWatch(
  watch: VolumeWatch | null,
  { rateMlPerHour, volumeMl }: Inf,
  atMs: number,
): VolumeWatch | null {
  if (rateMlPerHour === undefined || volumeMl === undefined) return watch;
  const seen = { ml: volumeMl, rateMlPerHour, atMs };
  const isStill = watch !== null && watch.ml === volumeMl;
  if (!isStill || watch.rateMlPerHour === 0 || rateMlPerHour === 0) {
    return { ...seen, stillMs: 0, expectedMl: 0 };
  }
  const gapMs = Math.min(atMs - watch.atMs, WATCHED_GAP_MS_MAX);
  return {
    ...seen,
    stillMs: watch.stillMs + gapMs,
    expectedMl: watch.expectedMl + (watch.rateMlPerHour * gapMs) / 3_600_000,
  };
}

const isStuck = (watch: VolumeWatch | null): boolean =>
  watch !== null && watch.stillMs >= NO_GROWTH_MS && watch.expectedMl > NO_GROWTH_ML;

/** What else is known of the pump and bears on its INF reply. */
export interface InfContext {
  readonly watch: VolumeWatch | null;
  /** The alarm that the pump named last, while it stands. */
  readonly alarmCode: string | null;
  /** The pump gave two volumes that cannot both be right (volume-check.ts). */
  readonly isVolumeDoubtful: boolean;
}

/** Status and values of one INF reply, given what else is known of the pump. */
export function infEvents(inf: Inf, context: InfContext, atMs: number): readonly DeviceEvent[] {
  const { alarmCode } = context;
  const { status, doubt } = judge(inf, isStuck(context.watch), alarmCode);
  const volumeDoubt = context.isVolumeDoubtful ? 'pump gives two different volumes' : undefined;
  return [
    { kind: 'pump-status', status, raw: inf.mode.slice(0, 20), atMs },
    doubted('MDC_FLOW_FLUID_PUMP_CURRENT', inf.rateMlPerHour, doubt, atMs),
    doubted('MDC_VOL_FLUID_DELIV_TOTAL', inf.volumeMl, volumeDoubt, atMs),
    pressure(inf.pressureMmHg, alarmCode, atMs),
    remaining(inf.remaining, atMs),
  ];
}

/** The pump spoke and we did not understand: neither its old rate nor its old status may stay. */
export function infNotUnderstood(atMs: number): readonly DeviceEvent[] {
  return [
    { kind: 'pump-status', status: 'unknown', raw: '', atMs },
    {
      ...metric('MDC_FLOW_FLUID_PUMP_CURRENT', null, 'invalid', atMs),
      reason: 'reply not understood',
    },
  ];
}

/**
 * Only SET and HLD are proven words; any other is "unknown", which is not "stopped". A rate is taken
 * for the flow as long as nothing that the pump says speaks against it.
 */
function judge(
  { mode, rateMlPerHour: rate }: Inf,
  isStuckNow: boolean,
  alarmCode: string | null,
): { readonly status: PumpStatus; readonly doubt?: string } {
  if (rate === undefined) return { status: 'unknown' };
  const doubt = flowDoubt(alarmCode, rate);
  if (mode !== 'SET' && mode !== 'HLD') {
    return { status: 'unknown', doubt: `pump mode ${mode.slice(0, 12) || 'missing'} unknown` };
  }
  if (doubt !== undefined) return { status: 'unknown', doubt };
  if (rate === 0) return { status: 'stopped' };
  if (mode === 'HLD') return { status: 'unknown', doubt: 'on hold with a rate' };
  if (isStuckNow) return { status: 'unknown', doubt: 'rate set but volume does not grow' };
  return { status: 'infusing' };
}

/** A value, `questionable` when something speaks against it. */
function doubted(
  code: MetricCode,
  value: number | undefined,
  doubt: string | undefined,
  atMs: number,
): DeviceEvent {
  if (value === undefined || doubt === undefined) return readable(code, value, atMs);
  return { ...metric(code, value, 'questionable', atMs), reason: doubt };
}

/** A pump that senses pressure with a disc may say none without it, and says so itself by an alarm. */
function pressure(
  mmHg: number | null | undefined,
  alarmCode: string | null,
  atMs: number,
): DeviceEvent {
  const code = 'MDCX_PRESS_INFUS_LINE';
  if (mmHg === null) {
    return { ...metric(code, null, 'not-available', atMs), reason: 'pump tells no pressure' };
  }
  return doubted(code, mmHg, alarmCode === 'AL_PRDSC' ? 'pressure disc alarm' : undefined, atMs);
}

/** `hh:mm:ss`, or `24+`, which is "a day or more" and not a number. */
function remaining(text: string, atMs: number): DeviceEvent {
  const code = 'MDC_TIME_PD_REMAIN';
  if (text === '') return metric(code, null, 'not-available', atMs);
  if (text === '24+') {
    return { ...metric(code, null, 'not-available', atMs), reason: '24 h or more' };
  }
  const match = /^(\d{2,3}):([0-5]\d):([0-5]\d)$/.exec(text);
  if (match === null) return metric(code, null, 'invalid', atMs);
  const [, hours, minutes, seconds] = match;
  return metric(code, Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), 'valid', atMs);
}

const readable = (code: MetricCode, value: number | undefined, atMs: number): DeviceEvent =>
  value === undefined ? metric(code, null, 'invalid', atMs) : metric(code, value, 'valid', atMs);

const metric = (code: MetricCode, value: number | null, validity: Validity, atMs: number) =>
  ({ kind: 'metric', code, value, validity, atMs }) as const;
