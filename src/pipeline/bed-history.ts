import type { DeliveryWatch } from '../check/delivery-watch.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import type { MetricCode } from '../observation/metrics.ts';
import { type DoseLedger, emptyDoseLedger } from '../order/dose-ledger.ts';
import { type BaselineTracks, emptyTracks } from './bed-baseline.ts';

/** What a bed remembers beyond the present moment. Pure values, bounded. All times monotonic ms. */
export interface BedHistory {
  /** Completed cuff readings, newest first. */
  readonly nibp: readonly CuffReading[];
  /** Measurements without a reading since the last good one. */
  readonly cuffFailures: CuffFailures;
  /** Since when the cuff interval is supervised; `null` = not. */
  readonly nibpSupervisedSinceMs: number | null;
  /** Change points of the live rate, oldest first; `null` = unknown from here on. */
  readonly rate: readonly RateChange[];
  /** Before an infusion; empty while one runs. */
  readonly baseline: BaselineTracks;
  readonly spo2: readonly Spo2Bucket[];
  /** What the pumps gave, and where their volume counters stand. */
  readonly doses: DoseLedger;
  /** Of each pump, its counter beside its rate. */
  readonly deliveries: ReadonlyMap<string, DeliveryWatch>;
}

export interface CuffReading {
  readonly atMs: number;
  readonly systolic: number | null;
  readonly diastolic: number | null;
  readonly mean: number | null;
}

export interface CuffFailures {
  readonly count: number;
  readonly last: { readonly atMs: number; readonly reason: string } | null;
}

export interface RateChange {
  readonly atMs: number;
  readonly mgPerH: number | null;
}

export const emptyBedHistory: BedHistory = {
  nibp: [],
  cuffFailures: { count: 0, last: null },
  nibpSupervisedSinceMs: null,
  rate: [],
  baseline: emptyTracks,
  spo2: [],
  doses: emptyDoseLedger,
  deliveries: new Map(),
};

const NIBP_KEPT = 8;
const RATES_KEPT = 400;

/** Adds the cuff reading that the monitor shows, if it is a confirmed new one. */
export function withCuffReading(history: BedHistory, picture: DevicePicture): BedHistory {
  const systolic = picture.metrics.get('MDC_PRESS_BLD_NONINV_SYS');
  const episode = systolic?.episode;
  if (episode === undefined || episode.measuredAtMs === null || !episode.confirmed) return history;
  if (history.nibp[0]?.atMs === episode.measuredAtMs) return history;
  if ((history.nibp[0]?.atMs ?? Number.NEGATIVE_INFINITY) > episode.measuredAtMs) return history;
  const valid = (code: MetricCode): number | null => {
    const metric = picture.metrics.get(code);
    return metric?.validity === 'valid' ? metric.value : null;
  };
  const reading: CuffReading = {
    atMs: episode.measuredAtMs,
    systolic: valid('MDC_PRESS_BLD_NONINV_SYS'),
    diastolic: valid('MDC_PRESS_BLD_NONINV_DIA'),
    mean: valid('MDC_PRESS_BLD_NONINV_MEAN'),
  };
  return {
    ...history,
    nibp: [reading, ...history.nibp].slice(0, NIBP_KEPT),
    cuffFailures: { count: 0, last: null },
  };
}

/** Counts each failed measurement once, however often the device repeats it. */
export function withCuffFailure(history: BedHistory, { cuff }: DevicePicture): BedHistory {
  const failed = cuff?.failed;
  const { count, last } = history.cuffFailures;
  const knownUntilMs = Math.max(last?.atMs ?? 0, history.nibp[0]?.atMs ?? 0);
  if (failed === undefined || failed.atMs <= knownUntilMs) return history;
  return { ...history, cuffFailures: { count: count + 1, last: failed } };
}

/** Adds a change point when the live rate is another than before; unknown is a value of its own. */
export function withRate(history: BedHistory, mgPerH: number | null, atMs: number): BedHistory {
  const last = history.rate.at(-1);
  if (last === undefined ? mgPerH === null : last.mgPerH === mgPerH) return history;
  return { ...history, rate: [...history.rate, { atMs, mgPerH }].slice(-RATES_KEPT) };
}

/** Highest SpO2 of each 5 s of the last minute. */
export interface Spo2Bucket {
  readonly fromMs: number;
  readonly max: number;
}

const SPO2_BUCKET_MS = 5_000;
const SPO2_WINDOW_MS = 60_000;

export function withSpo2(history: BedHistory, percent: number | null, atMs: number): BedHistory {
  if (percent === null) return history;
  const last = history.spo2.at(-1);
  if (last !== undefined && atMs - last.fromMs < SPO2_BUCKET_MS) {
    if (percent <= last.max) return history;
    return {
      ...history,
      spo2: [...history.spo2.slice(0, -1), { fromMs: last.fromMs, max: percent }],
    };
  }
  const kept = history.spo2.filter(({ fromMs }) => atMs - fromMs <= SPO2_WINDOW_MS);
  return { ...history, spo2: [...kept, { fromMs: atMs, max: percent }] };
}

/** Highest valid SpO2 of the last minute; `null` = none. */
export function recentSpo2Max(history: BedHistory, nowMs: number): number | null {
  let max: number | null = null;
  for (const bucket of history.spo2) {
    if (nowMs - bucket.fromMs <= SPO2_WINDOW_MS && (max === null || bucket.max > max))
      max = bucket.max;
  }
  return max;
}
