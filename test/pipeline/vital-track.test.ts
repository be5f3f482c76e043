import { describe, expect, test } from 'vitest';
import {
  emptyTrack,
  medianOf,
  type VitalTrack,
  withVital,
} from '../../src/pipeline/vital-track.ts';

const S = 1_000;
const MIN = 60 * S;
const T0 = 50_000_000;

type Told = readonly (readonly [atMs: number, value: number | null])[];

/** A reading at each moment; `null` is one that is not valid. Fresh for 5 s, as of most monitors. */
function told(readings: Told): VitalTrack {
  return readings.reduce((track, [atMs, value]) => {
    const reading = value === null ? null : { value, atMs: T0 + atMs, holdsMs: 5 * S };
    return withVital(track, reading, T0 + atMs);
  }, emptyTrack);
}

/** The median as it is known at a moment, from what was told until then. */
const median = (readings: Told, atMs: number) =>
  medianOf(told(readings.filter(([toldAtMs]) => toldAtMs <= atMs)), T0 + atMs);

const every = (
  stepMs: number,
  fromMs: number,
  toMs: number,
  value: (atMs: number) => number | null,
): (readonly [number, number | null])[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, index) => {
    const atMs = fromMs + index * stepMs;
    return [atMs, value(atMs)] as const;
  });

describe('five minutes of valid data make a baseline, not a second less', () => {
  test.each([
    { every: '1 s', stepMs: S },
    { every: '2 s', stepMs: 2 * S },
    { every: '5 s', stepMs: 5 * S },
    { every: '250 ms', stepMs: 250 },
  ])('a reading every $every', ({ stepMs }) => {
    const track = every(stepMs, 0, 5 * MIN, () => 80);
    expect(median(track, 5 * MIN)).toBe(80);
    expect(median(track, 5 * MIN - 1)).toBeNull();
  });

  test('a device that tells a value every 10 s covers half of the time', () => {
    const track = every(10 * S, 0, 10 * MIN, () => 70);
    expect(median(track, 10 * MIN - 5 * S - 1)).toBeNull();
    expect(median(track, 10 * MIN - 5 * S)).toBe(70);
  });

  test('the last reading holds only as long as it is fresh', () => {
    const track = every(S, 0, 5 * MIN - 5 * S, () => 80);
    expect(median(track, 5 * MIN - 1)).toBeNull();
    expect(median(track, 5 * MIN)).toBe(80);
    const short = every(S, 0, 5 * MIN - 6 * S, () => 80);
    expect(median(short, 20 * MIN)).toBeNull();
  });
});

describe('gaps and invalid data', () => {
  test('a gap of ten minutes counts for nothing, and what was before it still counts', () => {
    const before = every(S, 0, 3 * MIN, () => 80);
    const after = every(S, 13 * MIN, 15 * MIN - 5 * S, () => 90);
    const track = [...before, ...after];
    // 3 min + 5 s in which the last one before the gap was fresh, then 1 min 55 s.
    expect(median(track, 15 * MIN - 5 * S - 1)).toBeNull();
    expect(median(track, 15 * MIN - 5 * S)).toBe(80);
  });

  test('an invalid reading ends what holds, at once', () => {
    const track: Told = [...every(S, 0, 5 * MIN - S, () => 80), [5 * MIN - 500, null]];
    expect(median(track, 6 * MIN)).toBeNull();
    const mended: Told = [...track, [5 * MIN, 80]];
    expect(median(mended, 5 * MIN + 499)).toBeNull();
    expect(median(mended, 5 * MIN + 500)).toBe(80);
  });

  test('every second reading invalid: only half of the time is valid', () => {
    const track = every(S, 0, 10 * MIN, (atMs) => ((atMs / S) % 2 === 0 ? 76 : null));
    expect(median(track, 10 * MIN - S - 1)).toBeNull();
    expect(median(track, 10 * MIN - S)).toBe(76);
  });

  test('the same reading looked at again is no new one', () => {
    let track = told([[0, 80]]);
    for (let atMs = 0; atMs < 10 * MIN; atMs += S)
      track = withVital(track, { value: 80, atMs: T0, holdsMs: 5 * S }, T0 + atMs);
    expect(medianOf(track, T0 + 10 * MIN)).toBeNull();
  });
});

describe('the median', () => {
  test('counts time: four minutes of 60 outweigh two minutes of 120', () => {
    const track = [...every(S, 0, 4 * MIN, () => 60), ...every(S, 4 * MIN + S, 6 * MIN, () => 120)];
    expect(median(track, 6 * MIN)).toBe(60);
  });

  test('half and half is the middle of both', () => {
    const track = [
      ...every(5 * S, 0, 3 * MIN - 5 * S, () => 60),
      ...every(5 * S, 3 * MIN, 6 * MIN - 5 * S, () => 80),
    ];
    expect(median(track, 6 * MIN)).toBe(70);
  });

  test('one wild value does not move it', () => {
    const track = every(S, 0, 6 * MIN, (atMs) => (atMs === 90 * S ? 300 : 72));
    expect(median(track, 6 * MIN)).toBe(72);
  });

  test('what is older than half an hour does not count', () => {
    const track = [...every(S, 0, 5 * MIN, () => 120), ...every(S, 27 * MIN, 33 * MIN, () => 70)];
    expect(median(track, 29 * MIN)).toBe(120);
    expect(median(track, 33 * MIN)).toBe(70);
    expect(median(track, 59 * MIN)).toBeNull();
  });
});

test('hours of data take no more room than half an hour', () => {
  const track = told(every(S, 0, 180 * MIN, (atMs) => 60 + ((atMs / S) % 40)));
  expect(track.spans.length).toBeLessThanOrEqual(361);
});
