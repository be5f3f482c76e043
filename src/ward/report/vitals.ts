import type { ReportView } from '../../hub/wire/index.ts';
import type { MetricCode } from '../../observation/metrics.ts';
import type { SessionRecord } from '../../order/session-record.ts';
import { iso } from '../../pipeline/times.ts';
import type { TrendBucket } from '../../store/numerics.ts';

/** What is read from the store, minute by minute. */
export const VITAL_CODES = [
  'MDC_ECG_HEART_RATE',
  'MDC_PULS_OXIM_PULS_RATE',
  'MDC_PULS_OXIM_SAT_O2',
  'MDC_RESP_RATE',
  'MDC_CO2_RESP_RATE',
  'MDC_PRESS_BLD_NONINV_SYS',
  'MDC_PRESS_BLD_NONINV_DIA',
  'MDC_PRESS_BLD_NONINV_MEAN',
] as const satisfies readonly MetricCode[];
export type VitalCode = (typeof VITAL_CODES)[number];

export const MINUTE_MS = 60_000;
const ROW_MIN = 15;
const HOUR_MIN = 60;
/** Of what is printed for the first row, so much lies before the start. */
export const BEFORE_MS = ROW_MIN * MINUTE_MS;

/** Minutes of the store, side by side; the first one begins 15 min before the session. */
export interface VitalMinutes {
  /** Wall ms of the first whole minute of the session. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly of: Readonly<Record<VitalCode, readonly TrendBucket[]>>;
}

type Minute = Readonly<Record<VitalCode, TrendBucket | undefined>>;

function minuteAt({ fromMs, of }: VitalMinutes, atMs: number): Minute {
  const index = Math.floor((atMs - (fromMs - BEFORE_MS)) / MINUTE_MS);
  const at = (code: VitalCode): [VitalCode, TrendBucket | undefined] => [code, of[code][index]];
  return Object.fromEntries(VITAL_CODES.map(at)) as Minute;
}

/** One row each 15 min, from the start on. What was not measured in time is `null`, never the value before it. */
export function vitalRows(
  minutes: VitalMinutes,
  { observations }: Pick<SessionRecord, 'observations'>,
): ReportView['vitals'] {
  const rows: ReportView['vitals'] = [];
  for (let atMs = minutes.fromMs; atMs <= minutes.toMs; atMs += BEFORE_MS) {
    const now = minuteAt(minutes, atMs - MINUTE_MS);
    const ecg = meanOf(now.MDC_ECG_HEART_RATE);
    const pulse = meanOf(now.MDC_PULS_OXIM_PULS_RATE);
    const said = (score: 'pain' | 'sedation'): number | null =>
      observations.findLast(
        ({ atWallMs, scores }) =>
          atWallMs > atMs - BEFORE_MS && atWallMs <= atMs && scores[score] !== null,
      )?.scores[score] ?? null;
    rows.push({
      at: iso(atMs),
      heartRateBpm: ecg ?? pulse,
      heartRateFrom: ecg !== null ? 'ecg' : pulse !== null ? 'pulse' : null,
      spo2Percent: meanOf(now.MDC_PULS_OXIM_SAT_O2),
      respPerMin: meanOf(now.MDC_RESP_RATE) ?? meanOf(now.MDC_CO2_RESP_RATE),
      pressure: lastPressure(minutes, atMs),
      pain: said('pain'),
      sedation: said('sedation'),
    });
  }
  return rows;
}

const meanOf = (bucket: TrendBucket | undefined): number | null =>
  bucket?.mean === null || bucket === undefined ? null : Math.round(bucket.mean);

function lastPressure(
  minutes: VitalMinutes,
  atMs: number,
): ReportView['vitals'][number]['pressure'] {
  for (let back = 1; back <= ROW_MIN; back += 1) {
    const fromMs = atMs - back * MINUTE_MS;
    const minute = minuteAt(minutes, fromMs);
    const systolic = meanOf(minute.MDC_PRESS_BLD_NONINV_SYS);
    const diastolic = meanOf(minute.MDC_PRESS_BLD_NONINV_DIA);
    if (systolic === null && diastolic === null) continue;
    const mean = meanOf(minute.MDC_PRESS_BLD_NONINV_MEAN);
    return { at: iso(fromMs), systolic, diastolic, mean };
  }
  return null;
}

/** Lowest and highest value of each hour from the start on; the last one may be shorter. */
export function vitalHours(minutes: VitalMinutes): ReportView['hours'] {
  const hours: ReportView['hours'] = [];
  const { fromMs, toMs } = minutes;
  for (let from = fromMs; from < toMs; from += HOUR_MIN * MINUTE_MS) {
    const to = Math.min(toMs, from + HOUR_MIN * MINUTE_MS);
    const all: Minute[] = [];
    for (let atMs = from; atMs < to; atMs += MINUTE_MS) all.push(minuteAt(minutes, atMs));
    const span = (of: (minute: Minute) => TrendBucket | undefined) => spanOf(all.map(of));
    hours.push({
      from: iso(from),
      to: iso(to),
      heartRateBpm: span((minute) => eitherOf(minute, HEART)),
      spo2Percent: span((minute) => minute.MDC_PULS_OXIM_SAT_O2),
      respPerMin: span((minute) => eitherOf(minute, BREATH)),
      systolicMmHg: span((minute) => minute.MDC_PRESS_BLD_NONINV_SYS),
      diastolicMmHg: span((minute) => minute.MDC_PRESS_BLD_NONINV_DIA),
    });
  }
  return hours;
}

const HEART = ['MDC_ECG_HEART_RATE', 'MDC_PULS_OXIM_PULS_RATE'] as const;
const BREATH = ['MDC_RESP_RATE', 'MDC_CO2_RESP_RATE'] as const;

/** The first of them that was measured in that minute. */
function eitherOf(minute: Minute, codes: readonly VitalCode[]): TrendBucket | undefined {
  return codes.map((code) => minute[code]).find((bucket) => hasValue(bucket));
}

const hasValue = (bucket: TrendBucket | undefined): boolean => (bucket?.mean ?? null) !== null;

function spanOf(
  buckets: readonly (TrendBucket | undefined)[],
): { readonly min: number; readonly max: number } | null {
  const mins = buckets.flatMap((bucket) => bucket?.min ?? []);
  const maxs = buckets.flatMap((bucket) => bucket?.max ?? []);
  if (mins.length === 0 || maxs.length === 0) return null;
  return { min: Math.round(Math.min(...mins)), max: Math.round(Math.max(...maxs)) };
}

/** Whole minutes in which there is no heart rate from anywhere, or no SpO2. */
export function vitalGaps(minutes: VitalMinutes): ReportView['gaps'] {
  const missing = (what: 'heart-rate' | 'spo2', codes: readonly VitalCode[], text: string) => {
    const gaps: ReportView['gaps'] = [];
    let fromMs: number | null = null;
    for (let atMs = minutes.fromMs; atMs <= minutes.toMs; atMs += MINUTE_MS) {
      const isOver = atMs + MINUTE_MS > minutes.toMs;
      const isThere = isOver || hasValue(eitherOf(minuteAt(minutes, atMs), codes));
      if (isThere && fromMs !== null)
        gaps.push({ from: iso(fromMs), to: iso(Math.min(atMs, minutes.toMs)), what, text });
      fromMs = isThere ? null : (fromMs ?? atMs);
    }
    return gaps;
  };
  return [
    ...missing('heart-rate', HEART, 'No heart rate'),
    ...missing('spo2', ['MDC_PULS_OXIM_SAT_O2'], 'No SpO2'),
  ];
}
