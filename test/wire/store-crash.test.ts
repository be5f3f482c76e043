import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { verifyLog } from '../../src/store/verify-log.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { AppenderProcess } from '../store/appender-process.ts';
import { tempDir } from '../store/temp-dir.ts';

const seed = Number(process.env['SEED'] ?? process.hrtime.bigint() % 1_000_000n);

/** Mulberry32: the same seed, the same moments. */
function random(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`after SIGKILL at 20 moments every acknowledged entry is there (SEED=${seed})`, async () => {
  const dir = tempDir();
  const path = join(dir, 'events.db');
  const dice = random(seed);
  let acknowledged = 0;
  for (let round = 0; round < 20; round += 1) {
    const appender = new AppenderProcess(dir, 'stream');
    await appender.count(1 + Math.floor(dice() * 400));
    await appender.kill();
    const [opened = '', ...lines] = appender.lines;
    // The stale lock of the one before is no obstacle, and nothing of it is lost.
    expect(opened).toMatch(/^open \d+$/);
    expect(Number(opened.split(' ')[1])).toBeGreaterThanOrEqual(acknowledged);
    const seqs = lines.map((line) => Number(/^seq (\d+)$/.exec(line)?.[1]));
    acknowledged = Math.max(acknowledged, ...seqs);
    const verdict = verifyLog(path);
    expect(verdict).toMatchObject({ ok: true });
    expect(verdict.ok ? verdict.entries : 0).toBeGreaterThanOrEqual(acknowledged);
  }
  const timeline = new VirtualTimeline();
  const store = await openSqliteStore({ dir, timeline, keepDays: 30 });
  const entries = store.log.entries();
  expect(entries.length).toBeGreaterThanOrEqual(acknowledged);
  expect(entries.every(({ seq, payload }) => Object(payload)['n'] === seq)).toBe(true);
  await store.close();
});

test('a second process on the same directory is refused, and the first does not notice', async () => {
  const dir = tempDir();
  const first = new AppenderProcess(dir, 'stream');
  await first.line('seq');
  const second = new AppenderProcess(dir, 'stream');
  expect(await second.line('sentence')).toContain(`Another gateway (process ${first.pid})`);
  await second.end();
  await first.count(first.lines.length + 1);
  await first.kill();
});

test('a full disk rejects, is told in health, and is forgotten when there is space again', async () => {
  const dir = tempDir();
  const appender = new AppenderProcess(dir, 'until-full', 300);
  const refused = await appender.line('refused');
  expect(refused).toMatch(/^refused not-ok \d+ .*events\.db cannot be written \(/);
  const last = Number(refused.split(' ')[2]);
  expect(last).toBeGreaterThan(10);
  execFileSync('prlimit', ['--pid', String(appender.pid), '--fsize=unlimited:unlimited']);
  appender.say('go on');
  expect(await appender.line('again')).toBe(`again ${last + 1} ok`);
  await appender.end();
  expect(verifyLog(join(dir, 'events.db'))).toMatchObject({ ok: true, entries: last + 1 });
});
