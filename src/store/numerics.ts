import type { MetricCode, Validity } from '../observation/metrics.ts';

/** One value of one metric, as it is kept. */
export interface NumericRow {
  readonly bedId: string;
  readonly deviceId: string;
  readonly code: MetricCode;
  /** Wall time of arrival in ms since 1970. */
  readonly tMs: number;
  /** `null` means that there was no value. It never means zero. */
  readonly value: number | null;
  readonly validity: Validity;
}

/** `fromMs` is inside, `toMs` is not (wall time, ms since 1970). */
export interface NumericRange {
  readonly bedId: string;
  readonly code: MetricCode;
  /** Without it, all devices of the bed that report the metric. */
  readonly deviceId?: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TrendQuery extends NumericRange {
  /** How many buckets of equal width, from 1 to {@link TREND_POINTS_MAX}. */
  readonly points: number;
}

/** All three are `null` where the bucket has no value: a gap is drawn as a gap. */
export interface TrendBucket {
  readonly fromMs: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
}

export interface RowsQuery extends NumericRange {
  /** Only rows whose value or validity differs from the one before it of the same device. */
  readonly changesOnly?: boolean;
  /** At most so many rows, the oldest first; by default {@link ROWS_MAX}. */
  readonly limit?: number;
}

export const TREND_POINTS_MAX = 10_000;
export const ROWS_MAX = 100_000;

/** Values in the order of arrival. Losing some must never cost an event, so nothing here is awaited. */
export interface NumericsStore {
  recordNumeric(row: NumericRow): void;
  trend(query: TrendQuery): Promise<readonly TrendBucket[]>;
  rows(query: RowsQuery): Promise<readonly NumericRow[]>;
  health(): NumericsHealth;
}

export interface NumericsHealth {
  /** False from a failed write until the next one that works. */
  readonly ok: boolean;
  /** Rows that are not committed yet. */
  readonly buffered: number;
  /** Rows of numerics and samples of waveforms that were given up since the start. */
  readonly dropped: number;
  readonly lastError?: string;
}

/** The fault in a query, or nothing. */
export function rangeProblem(range: Pick<NumericRange, 'fromMs' | 'toMs'>): string | undefined {
  const { fromMs, toMs } = range;
  if (Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs < toMs) return undefined;
  return 'The time range is empty: "to" must be later than "from".';
}

/**
 * Min, mean and max per bucket. Counts what a nurse may see as a number: valid and questionable
 * values, not invalid ones.
 */
export class TrendBuckets {
  readonly #query: TrendQuery;
  readonly #widthMs: number;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;

  constructor(query: TrendQuery) {
    this.#query = query;
    this.#widthMs = (query.toMs - query.fromMs) / query.points;
    this.#min = new Float64Array(query.points).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(query.points).fill(Number.NEGATIVE_INFINITY);
    this.#sum = new Float64Array(query.points);
    this.#count = new Uint32Array(query.points);
  }

  add(tMs: number, value: number | null, validity: Validity): void {
    const { fromMs, toMs, points } = this.#query;
    if (value === null || tMs < fromMs || tMs >= toMs) return;
    if (validity !== 'valid' && validity !== 'questionable') return;
    const at = Math.min(points - 1, Math.floor((tMs - fromMs) / this.#widthMs));
    this.#min[at] = Math.min(this.#min[at] ?? value, value);
    this.#max[at] = Math.max(this.#max[at] ?? value, value);
    this.#sum[at] = (this.#sum[at] ?? 0) + value;
    this.#count[at] = (this.#count[at] ?? 0) + 1;
  }

  result(): readonly TrendBucket[] {
    return Array.from(this.#count, (count, at) => {
      const fromMs = this.#query.fromMs + at * this.#widthMs;
      if (count === 0) return { fromMs, min: null, mean: null, max: null };
      const min = this.#min[at] ?? 0;
      const max = this.#max[at] ?? 0;
      // Rounding in the sum must not put the mean outside of what was measured.
      const mean = Math.min(max, Math.max(min, (this.#sum[at] ?? 0) / count));
      return { fromMs, min, mean, max };
    });
  }
}

/** Sorted by time, cut to the range and, when asked, to the changes. */
export function selectRows(rows: readonly NumericRow[], query: RowsQuery): readonly NumericRow[] {
  const limit = Math.min(query.limit ?? ROWS_MAX, ROWS_MAX);
  const last = new Map<string, NumericRow>();
  const selected: NumericRow[] = [];
  const inRange = rows.filter(({ tMs }) => tMs >= query.fromMs && tMs < query.toMs);
  for (const row of inRange.sort((a, b) => a.tMs - b.tMs)) {
    const before = last.get(row.deviceId);
    last.set(row.deviceId, row);
    const same = before?.value === row.value && before?.validity === row.validity;
    if (query.changesOnly === true && same) continue;
    if (selected.push(row) >= limit) break;
  }
  return selected;
}
