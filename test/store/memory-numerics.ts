import {
  type NumericRow,
  type TrendBucket,
  TrendBuckets,
  type TrendQuery,
} from '../../src/store/numerics.ts';

/** Numerics without a disk, for runs in virtual time. */
export class MemoryNumerics {
  readonly rows: NumericRow[] = [];

  recordNumeric(row: NumericRow): void {
    this.rows.push(row);
  }

  recordWave(): void {}

  trend(query: TrendQuery): Promise<readonly TrendBucket[]> {
    const buckets = new TrendBuckets(query);
    for (const { bedId, code, tMs, value, validity } of this.rows)
      if (bedId === query.bedId && code === query.code) buckets.add(tMs, value, validity);
    return Promise.resolve(buckets.result());
  }
}
