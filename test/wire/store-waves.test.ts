import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite-store.ts';
import type { WaveRun } from '../../src/store/waves.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { tempDir } from '../store/temp-dir.ts';

const MIDNIGHT = Date.UTC(2026, 0, 6);
const ECG = { bedId: 'B01', code: 'MDC_ECG_ELEC_POTL_II' as const };

async function open(dir: string, timeline: VirtualTimeline): Promise<SqliteStore> {
  const store = await openSqliteStore({ dir, timeline, keepDays: 30 });
  onTestFinished(() => store.close());
  return store;
}

/** 250 samples/s in blocks of 64; the sample is a number that tells its index. */
const sampleAt = (index: number): number => ((index * 7_919) % 4_001) - 2_000;

function record(
  store: SqliteStore,
  timeline: VirtualTimeline,
  from: number,
  blocks: number,
): number {
  for (let n = 0; n < blocks; n += 1) {
    const firstIndex = from + n * 64;
    timeline.advance(256);
    store.numerics.recordWave({
      bedId: 'B01',
      deviceId: 'B01-mon',
      endMs: timeline.wallMs(),
      block: {
        code: ECG.code,
        firstIndex,
        samplesPerS: 250,
        samples: Int16Array.from({ length: 64 }, (_, at) => sampleAt(firstIndex + at)),
        scale: 0.005,
        zero: 8_092,
        validity: 'valid',
      },
    });
  }
  return from + blocks * 64;
}

const indexed = (runs: readonly WaveRun[]): [number, number][] =>
  runs.flatMap(({ firstIndex, samples }) =>
    [...samples].map((value, at): [number, number] => [firstIndex + at, value]),
  );

test('a waveform comes back sample for sample, over midnight and over a restart, its gap a gap', async () => {
  const timeline = new VirtualTimeline(MIDNIGHT - 20_000);
  const dir = tempDir();
  let store = await open(dir, timeline);
  let next = record(store, timeline, 0, 100);
  // A cable that was out for two seconds: the samples are missing, and the numbers go on.
  timeline.advance(2_000);
  next = record(store, timeline, next + 500, 60);
  await store.close();
  store = await open(dir, timeline);
  record(store, timeline, next, 10);

  const all = { ...ECG, fromMs: 0, toMs: MIDNIGHT + 3_600_000 };
  const runs = await store.numerics.waves(all);
  const found = indexed(runs);
  expect(found).toHaveLength(170 * 64);
  expect(found.every(([index, value]) => value === sampleAt(index))).toBe(true);
  expect(found.map(([index]) => index)).not.toContain(6_400 + 250);
  for (const [at, run] of runs.entries()) {
    expect(run).toMatchObject({ samplesPerS: 250, scale: 0.005, zero: 8_092, deviceId: 'B01-mon' });
    const before = runs[at - 1];
    if (before === undefined) continue;
    const gapMs = run.startMs - (before.startMs + before.samples.length * 4);
    expect(Math.round(gapMs)).toBe(run.firstIndex === 6_900 ? 2_000 : 0);
  }
});

test('a range brings the runs that reach into it, of that bed, device and code only', async () => {
  const timeline = new VirtualTimeline(MIDNIGHT + 1_000_000);
  const store = await open(tempDir(), timeline);
  record(store, timeline, 0, 100);
  const startMs = MIDNIGHT + 1_000_000;
  const range = { fromMs: startMs + 7_000, toMs: startMs + 7_001 };
  const [run, ...more] = await store.numerics.waves({ ...ECG, ...range });
  expect(more).toEqual([]);
  expect(run?.startMs).toBeLessThanOrEqual(range.fromMs);
  expect(await store.numerics.waves({ ...ECG, ...range, deviceId: 'other' })).toEqual([]);
  expect(await store.numerics.waves({ ...ECG, ...range, bedId: 'B02' })).toEqual([]);
  expect(
    await store.numerics.waves({ ...range, bedId: 'B01', code: 'MDC_PULS_OXIM_PLETH' }),
  ).toEqual([]);
  await expect(store.numerics.waves({ ...ECG, fromMs: 5, toMs: 5 })).rejects.toThrow(/empty/);
});
