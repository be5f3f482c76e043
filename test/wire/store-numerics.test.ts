import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { NumericRow, NumericsStore } from '../../src/store/numerics.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite-store.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { tempDir } from '../store/temp-dir.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 5, 8, 0, 0);
const SPO2 = { bedId: 'B01', code: 'MDC_PULS_OXIM_SAT_O2' as const };

async function open(dir: string, timeline: VirtualTimeline, keepDays = 30): Promise<SqliteStore> {
  const store = await openSqliteStore({ dir, timeline, keepDays });
  onTestFinished(() => store.close());
  return store;
}

const row = (tMs: number, value: number | null, more: Partial<NumericRow> = {}): NumericRow => ({
  ...SPO2,
  deviceId: 'B01-mon',
  tMs,
  value,
  validity: value === null ? 'not-available' : 'valid',
  ...more,
});

/** All that was recorded before is committed when this resolves. */
const committed = async (numerics: NumericsStore): Promise<void> => {
  await numerics.rows({ ...SPO2, fromMs: 0, toMs: 1, limit: 1 });
};

const files = (dir: string): string[] =>
  readdirSync(dir).filter((name) => /^observations-.*\.db(\.damaged)?$/.test(name));

/** One value a second in virtual time, so that minutes are packed as they are in life. */
function record(store: SqliteStore, timeline: VirtualTimeline, seconds: number): void {
  for (let i = 0; i < seconds; i += 1) {
    const tMs = timeline.wallMs();
    store.numerics.recordNumeric(row(tMs, 90 + (i % 10)));
    timeline.advance(1_000);
  }
}

describe('numerics', () => {
  test('a trend over packed and fresh values has gaps where the device was silent', async () => {
    const timeline = new VirtualTimeline(START);
    const store = await open(tempDir(), timeline);
    record(store, timeline, 300);
    timeline.advance(300_000);
    record(store, timeline, 330);
    const range = { ...SPO2, fromMs: START, toMs: START + 960_000 };
    const trend = await store.numerics.trend({ ...range, points: 16 });
    expect(trend.map(({ mean }) => mean !== null)).toEqual(
      Array.from({ length: 16 }, (_, minute) => minute < 5 || minute >= 10),
    );
    expect(trend[0]).toEqual({ fromMs: START, min: 90, mean: 94.5, max: 99 });
    expect(await store.numerics.rows(range)).toHaveLength(630);
    expect(store.health().numerics).toEqual({ ok: true, buffered: 0, dropped: 0 });
  });

  test('survive a restart in the middle of a minute, and midnight', async () => {
    const dir = tempDir();
    const midnight = Date.UTC(2026, 0, 6);
    const timeline = new VirtualTimeline(midnight - 90_000);
    const first = await open(dir, timeline);
    record(first, timeline, 100);
    await first.close();
    const second = await open(dir, timeline);
    record(second, timeline, 100);
    const range = { ...SPO2, fromMs: midnight - 90_000, toMs: midnight + 110_000 };
    const rows = await second.numerics.rows(range);
    expect(rows.map(({ tMs }) => tMs)).toEqual(
      Array.from({ length: 200 }, (_, i) => midnight - 90_000 + i * 1_000),
    );
    expect(files(dir)).toEqual(['observations-2026-01-05.db', 'observations-2026-01-06.db']);
  });

  test('keep beds, devices, metrics and "no value" apart', async () => {
    const timeline = new VirtualTimeline(START);
    const { numerics } = await open(tempDir(), timeline);
    numerics.recordNumeric(row(START, 97));
    numerics.recordNumeric(row(START, null, { deviceId: 'B01-spo2' }));
    numerics.recordNumeric(row(START, 0, { bedId: 'B02' }));
    numerics.recordNumeric(row(START, 61, { code: 'MDC_ECG_HEART_RATE' }));
    const range = { ...SPO2, fromMs: START, toMs: START + 1 };
    expect(await numerics.rows(range)).toEqual([
      row(START, 97),
      row(START, null, { deviceId: 'B01-spo2' }),
    ]);
    expect(await numerics.rows({ ...range, deviceId: 'B01-mon' })).toEqual([row(START, 97)]);
    expect(await numerics.trend({ ...range, points: 1, bedId: 'B02' })).toMatchObject([
      { mean: 0 },
    ]);
    expect(await numerics.rows({ ...range, bedId: 'B03' })).toEqual([]);
  });

  test('values in the past, after the wall clock was set back, are kept too', async () => {
    const timeline = new VirtualTimeline(START);
    const store = await open(tempDir(), timeline);
    record(store, timeline, 120);
    timeline.stepWallClock(-90_000);
    record(store, timeline, 120);
    const rows = await store.numerics.rows({ ...SPO2, fromMs: START, toMs: START + 200_000 });
    expect(rows).toHaveLength(240);
    const times = rows.map(({ tMs }) => tMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('take under 6 bytes per value once packed', async () => {
    const dir = tempDir();
    const timeline = new VirtualTimeline(START);
    const store = await open(dir, timeline);
    record(store, timeline, 4 * 3_600);
    await store.close();
    const bytes = statSync(join(dir, 'observations-2026-01-05.db')).size;
    expect(bytes / (4 * 3_600)).toBeLessThan(6);
  });
});

describe('keepDays', () => {
  test('deletes older days at the start and at the change of the day, never the events', async () => {
    const dir = tempDir();
    const names = ['01-02', '01-03', '01-04'].map((day) => `observations-2026-${day}.db`);
    for (const name of names) writeFileSync(join(dir, name), '');
    writeFileSync(join(dir, 'observations-2025-01-01.db-wal'), '');
    const timeline = new VirtualTimeline(START);
    const store = await open(dir, timeline, 2);
    expect(files(dir)).toEqual(names.slice(1));
    expect(readdirSync(dir)).not.toContain('observations-2025-01-01.db-wal');
    timeline.advance(DAY_MS);
    store.numerics.recordNumeric(row(timeline.wallMs(), 97));
    await committed(store.numerics);
    expect(files(dir)).toEqual(['observations-2026-01-04.db', 'observations-2026-01-06.db']);
    expect(readdirSync(dir)).toContain('events.db');
  });
});

describe('a file that fails', () => {
  test('costs the values and is told in health; the event log goes on', async () => {
    const dir = tempDir();
    const path = join(dir, 'observations-2026-01-05.db');
    mkdirSync(path);
    const store = await open(dir, new VirtualTimeline(START));
    store.numerics.recordNumeric(row(START, 97));
    await expect(committed(store.numerics)).resolves.toBeUndefined();
    expect(store.health().numerics).toMatchObject({
      ok: false,
      dropped: 1,
      lastError: expect.stringContaining('observations-2026-01-05.db'),
    });
    expect(await store.log.append({ type: 'noted', wallMs: START, payload: 1 })).toBe(1);
    expect(store.health().events.ok).toBe(true);
    rmSync(path, { recursive: true });
    store.numerics.recordNumeric(row(START + 1, 98));
    await committed(store.numerics);
    expect(store.health().numerics).toMatchObject({ ok: true, dropped: 1 });
  });

  test('for good because it is damaged is moved aside, and a new one begins', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'observations-2026-01-05.db'), 'no database at all'.repeat(100));
    const store = await open(dir, new VirtualTimeline(START));
    for (const tMs of [START, START + 1]) {
      store.numerics.recordNumeric(row(tMs, 97));
      await committed(store.numerics);
    }
    expect(store.health().numerics).toMatchObject({ ok: true, dropped: 1 });
    expect(files(dir)).toEqual([
      'observations-2026-01-05.db',
      'observations-2026-01-05.db.damaged',
    ]);
  });
});
