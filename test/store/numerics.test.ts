import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type NumericRow,
  selectRows,
  TrendBuckets,
  type TrendQuery,
} from '../../src/store/numerics.ts';
import { QueuedNumerics } from '../../src/store/queued-numerics.ts';
import { packBlock, type Sample, unpackBlock } from '../../src/store/series-block.ts';
import type { ToStore } from '../../src/store/store-messages.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

const query: TrendQuery = {
  bedId: 'B01',
  code: 'MDC_PULS_OXIM_SAT_O2',
  fromMs: 1_000,
  toMs: 5_000,
  points: 4,
};
const validity = fc.constantFrom(
  'valid' as const,
  'questionable' as const,
  'invalid' as const,
  'not-available' as const,
);
const row = (tMs: number, value: number | null, more: Partial<NumericRow> = {}): NumericRow => ({
  bedId: 'B01',
  deviceId: 'B01-mon',
  code: 'MDC_PULS_OXIM_SAT_O2',
  tMs,
  value,
  validity: value === null ? 'not-available' : 'valid',
  ...more,
});

describe('a packed minute', () => {
  const anyValue = fc.oneof(
    fc.constant(null),
    fc.integer({ min: -1_000, max: 100_000 }).map((n) => n / 100),
    // A driver never says -0 (kit/decimal), and a whole -0 is packed as 0.
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  );

  test('reads back as it was written, to the last bit', () => {
    const anySample: fc.Arbitrary<Sample> = fc.record({
      tMs: fc.integer({ min: 0, max: 8.64e15 }),
      value: anyValue,
      validity,
    });
    fc.assert(
      fc.property(fc.array(anySample), (samples) => {
        expect(unpackBlock(packBlock(samples))).toEqual(samples);
      }),
    );
  });

  test('of a value a second takes under 4 bytes per value', () => {
    const samples = Array.from({ length: 60 }, (_, i) => ({
      tMs: 1_795_000_000_000 + i * 1_000 + ((i * 7) % 5),
      value: 97.5 + (i % 3) / 10,
      validity: 'valid' as const,
    }));
    expect(packBlock(samples).length / 60).toBeLessThan(4);
  });

  test('that is damaged throws and never runs on', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          unpackBlock(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('a trend', () => {
  test('has min, mean and max per bucket, and null where there is nothing', () => {
    const buckets = new TrendBuckets(query);
    buckets.add(1_000, 90, 'valid');
    buckets.add(1_999, 94, 'questionable');
    buckets.add(4_999, 96, 'valid');
    expect(buckets.result()).toEqual([
      { fromMs: 1_000, min: 90, mean: 92, max: 94 },
      { fromMs: 2_000, min: null, mean: null, max: null },
      { fromMs: 3_000, min: null, mean: null, max: null },
      { fromMs: 4_000, min: 96, mean: 96, max: 96 },
    ]);
  });

  test.each([
    ['before the range', 999, 90, 'valid'],
    ['at its end', 5_000, 90, 'valid'],
    ['no value', 2_000, null, 'not-available'],
    ['an invalid value', 2_000, 90, 'invalid'],
  ] as const)('leaves out: %s', (_, tMs, value, seen) => {
    const buckets = new TrendBuckets(query);
    buckets.add(tMs, value, seen);
    expect(buckets.result().every(({ mean }) => mean === null)).toBe(true);
  });

  test('min <= mean <= max, and every value lands in one bucket', () => {
    const value = fc.double({ min: 0, max: 3_000, noNaN: true });
    const point = fc.tuple(fc.integer({ min: 1_000, max: 4_999 }), value);
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1 }),
        fc.integer({ min: 1, max: 50 }),
        (all, points) => {
          const buckets = new TrendBuckets({ ...query, points });
          for (const [tMs, number] of all) buckets.add(tMs, number, 'valid');
          const filled = buckets.result().filter(({ mean }) => mean !== null);
          const values = all.map(([, number]) => number);
          expect(Math.min(...filled.map(({ min }) => min ?? 0))).toBe(Math.min(...values));
          expect(Math.max(...filled.map(({ max }) => max ?? 0))).toBe(Math.max(...values));
          for (const { min, mean, max } of filled) {
            expect(mean).toBeGreaterThanOrEqual(min ?? 0);
            expect(mean).toBeLessThanOrEqual(max ?? 0);
          }
        },
      ),
    );
  });
});

describe('rows', () => {
  const rows = [row(3_000, 95), row(1_000, 97), row(2_000, 97), row(4_000, null), row(6_000, 1)];

  test('come in order of time, from the range only', () => {
    expect(selectRows(rows, query).map(({ tMs }) => tMs)).toEqual([1_000, 2_000, 3_000, 4_000]);
  });

  test('can be the changes alone, each device against itself', () => {
    const other = { deviceId: 'B01-spo2' };
    const both = [...rows, row(1_500, 96, other), row(3_500, 96, other)];
    const changes = selectRows(both, { ...query, changesOnly: true });
    expect(changes.map(({ tMs }) => tMs)).toEqual([1_000, 1_500, 3_000, 4_000]);
  });

  test('stop at the limit', () => {
    expect(selectRows(rows, { ...query, limit: 2 })).toHaveLength(2);
  });
});

describe('the buffer of numerics', () => {
  function bench() {
    const posted: ToStore[] = [];
    const timeline = new VirtualTimeline();
    const thread = { post: (message: ToStore) => posted.push(message) };
    const numerics = new QueuedNumerics(thread, timeline, []);
    return { posted, timeline, numerics };
  }

  test('sends what came together after 250 ms, and nothing when nothing came', () => {
    const { posted, timeline, numerics } = bench();
    numerics.recordNumeric(row(1, 97));
    timeline.advance(249);
    numerics.recordNumeric(row(2, 98));
    expect(posted).toEqual([]);
    timeline.advance(1);
    expect(posted).toMatchObject([{ kind: 'numerics', rows: [{ tMs: 1 }, { tMs: 2 }] }]);
    timeline.advance(10_000);
    expect(posted).toHaveLength(1);
  });

  test('is bounded: what a stalled disk does not take is counted as dropped', () => {
    const { numerics } = bench();
    for (let i = 0; i < 60_005; i += 1) numerics.recordNumeric(row(i, 97));
    expect(numerics.health()).toMatchObject({ buffered: 60_000, dropped: 5 });
  });

  test('tells of a failed write and of the next one that works', () => {
    const { timeline, numerics } = bench();
    numerics.recordNumeric(row(1, 97));
    timeline.advance(250);
    numerics.done({ kind: 'numerics-done', rows: 1, dropped: 1, problems: ['disk full'] });
    expect(numerics.health()).toEqual({
      ok: false,
      buffered: 0,
      dropped: 1,
      lastError: 'disk full',
    });
    numerics.done({ kind: 'numerics-done', rows: 0, dropped: 0, problems: [] });
    expect(numerics.health().ok).toBe(true);
  });

  test('a question brings the buffered rows along first', () => {
    const { posted, numerics } = bench();
    numerics.recordNumeric(row(1, 97));
    numerics.trend(query).catch(() => undefined);
    expect(posted.map(({ kind }) => kind)).toEqual(['numerics', 'trend']);
  });

  test.each([
    ['points', { ...query, points: 0 }],
    ['points', { ...query, points: 10_001 }],
    ['empty', { ...query, toMs: 1_000 }],
  ])('refuses a question with wrong %s', async (word, wrong) => {
    await expect(bench().numerics.trend(wrong)).rejects.toThrow(word);
  });
});
