import { expect, test } from 'vitest';
import { TryLimit } from '../../src/accounts/try-limit.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

function bench() {
  const timeline = new VirtualTimeline();
  return { timeline, limit: new TryLimit(timeline) };
}

test('four wrong tries cost nothing; the fifth 30 s, then double up to 5 min', () => {
  const { timeline, limit } = bench();
  const waits: number[] = [];
  for (let i = 0; i < 11; i += 1) {
    limit.wrong('anna');
    waits.push(limit.waitMs('anna') / 1_000);
    timeline.advance(limit.waitMs('anna'));
  }
  expect(waits).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 300, 300, 300]);
});

test('a right PIN forgets the wrong ones; other names are not concerned', () => {
  const { limit } = bench();
  for (let i = 0; i < 5; i += 1) limit.wrong('anna');
  expect(limit.waitMs('bert')).toBe(0);
  limit.right('anna');
  expect(limit.waitMs('anna')).toBe(0);
});

test('setting the wall clock shortens no wait', () => {
  const { timeline, limit } = bench();
  for (let i = 0; i < 5; i += 1) limit.wrong('anna');
  timeline.stepWallClock(3_600_000);
  expect(limit.waitMs('anna')).toBe(30_000);
});

test('made-up names do not push out a name under attack', () => {
  const { limit } = bench();
  for (let i = 0; i < 5; i += 1) limit.wrong('anna');
  for (let i = 0; i < 3_000; i += 1) limit.wrong(`nobody ${i}`);
  expect(limit.waitMs('anna')).toBe(30_000);
});
