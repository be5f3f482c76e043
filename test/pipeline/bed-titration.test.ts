import { describe, expect, test } from 'vitest';
import type { PumpStatus } from '../../src/observation/device-event.ts';
import type { Pause } from '../../src/order/session-record.ts';
import {
  nextStepWatch,
  resumeNote,
  stepNote,
  stoppedMs,
  withPauseSoFar,
} from '../../src/pipeline/bed-titration.ts';
import { HOUR, hourly, MINUTE, NOW, order, pump, scene, WALL } from '../check/scene-kit.ts';

const S = 1_000;
const moment = { nowMs: NOW, wallMs: WALL };

/** What was seen of the rate, seconds before now. */
const rates = (...list: readonly (readonly [agoS: number, mgPerH: number | null])[]) =>
  list.map(([agoS, mgPerH]) => ({ atMs: NOW - agoS * S, mgPerH }));

const paused = (agoS: number, minutes = 5): Pause => ({
  by: 'nurse-a',
  atWallMs: WALL - agoS * S,
  reason: 'line',
  isBagChange: false,
  untilWallMs: WALL - agoS * S + minutes * MINUTE,
  endedAtWallMs: null,
  stoppedMs: 0,
});
const inPause = (pause: Pause) =>
  order({ yaml: hourly(20, 30), sinceStartMs: HOUR / 2, session: { pauses: [pause] } });

test('only time in which nothing is known to flow is stopped time', () => {
  const seen = rates([300, 20], [200, 0], [150, null], [120, 0], [60, 20], [30, 0]);
  expect(stoppedMs(seen, NOW - 1_000 * S, NOW)).toBe((50 + 60 + 30) * S);
  expect(stoppedMs(seen, NOW - 100 * S, NOW)).toBe((40 + 30) * S);
  expect(stoppedMs([], NOW - 100 * S, NOW)).toBe(0);
});

test('a running pause has the time so far with it, in whole 5 s, and stays the same between them', () => {
  const on = inPause(paused(60));
  const soFar = withPauseSoFar(on, rates([300, 20], [33, 0]), moment);
  expect(soFar?.session.pauses[0]?.stoppedMs).toBe(30 * S);
  expect(withPauseSoFar(soFar, rates([300, 20], [34, 0]), moment)).toBe(soFar);
  expect(withPauseSoFar(on, rates([300, 20]), moment)).toBe(on);
  expect(withPauseSoFar(null, [], moment)).toBeNull();
});

describe('a pause ends by itself', () => {
  const note = (
    pause: Pause,
    rate: ReturnType<typeof rates>,
    mlPerH = 10,
    status: PumpStatus = 'infusing',
  ) => {
    const about = scene({ order: inPause(pause), pumps: [pump(mlPerH, { status })] });
    return resumeNote(about, rate, moment);
  };

  test('when the pump had stopped in it and flows again for 3 s', () => {
    const seen = rates([300, 20], [50, 0], [3, 20]);
    expect(note(paused(60), seen)).toMatchObject({ type: 'infusion-resumed', stoppedMs: 47 * S });
    expect(note(paused(60), rates([300, 20], [50, 0], [2.9, 20]))).toBeNull();
  });

  test('also when it was away meanwhile, and stopped before the pause was declared', () => {
    expect(note(paused(60), rates([300, 20], [50, null], [3, 20]))).toMatchObject({ stoppedMs: 0 });
    expect(note(paused(60), rates([300, 20], [90, 0], [10, 20]))).toMatchObject({
      stoppedMs: 50 * S,
    });
  });

  test('after a restart of the gateway in the middle of it', () => {
    expect(note(paused(60), rates([5, 20]))).toMatchObject({ stoppedMs: 0 });
  });

  test.each([
    { given: 'it never stopped', rate: rates([300, 20]) },
    { given: 'it had stopped before, and flowed again before', rate: rates([300, 0], [61, 20]) },
    { given: 'it stands', rate: rates([300, 20], [50, 0]), mlPerH: 0 },
    { given: 'it is primed', rate: rates([300, 20], [50, 0], [9, 20]), status: 'purge' },
    { given: 'a bolus is given', rate: rates([300, 20], [50, 0], [9, 20]), status: 'bolus' },
    { given: 'it keeps the vein open', rate: rates([300, 20], [50, 0], [9, 2]), status: 'kvo' },
  ] as const)('not when $given', (row) => {
    const mlPerH = 'mlPerH' in row ? row.mlPerH : 10;
    const status = 'status' in row ? row.status : 'infusing';
    expect(note(paused(60), row.rate, mlPerH, status)).toBeNull();
  });

  test('with its time, when the pump never stopped; and without a pause there is nothing to end', () => {
    expect(note(paused(301), rates([900, 20]))).toMatchObject({ stoppedMs: 0 });
    expect(note({ ...paused(60), endedAtWallMs: WALL }, rates([50, 0], [9, 20]))).toBeNull();
  });
});

describe('a step is noted once the pump has stayed at its rate', () => {
  const at = (mlPerH: number | null, agoMs = 0, status: PumpStatus = 'infusing') =>
    scene({
      nowMs: NOW - agoMs,
      wallMs: WALL - agoMs,
      order: order({ yaml: hourly(20, 30), sinceStartMs: HOUR / 2 }),
      pumps: [pump(mlPerH, { status })],
    });

  test('for 10 s and three readings', () => {
    const watch = { step: 1, sinceMs: NOW - 10 * S, samples: 3, lastSampleAtMs: NOW };
    expect(stepNote(watch, at(10))).toMatchObject({ step: 1, how: 'late', mgPerH: 20 });
    expect(stepNote({ ...watch, sinceMs: NOW - 9_999 }, at(10))).toBeNull();
    expect(stepNote({ ...watch, samples: 2 }, at(10))).toBeNull();
    expect(stepNote(null, at(10))).toBeNull();
  });

  test('another rate begins anew; what is not known, KVO or no step is not watched', () => {
    const watch = { step: 1, sinceMs: NOW - 9 * S, samples: 9, lastSampleAtMs: NOW - S };
    expect(nextStepWatch(watch, at(10))).toMatchObject({ step: 1, samples: 10 });
    expect(nextStepWatch(watch, at(15))).toMatchObject({ step: 2, samples: 1, sinceMs: NOW });
    for (const none of [at(12.4), at(null), at(10, 0, 'kvo'), scene({ pumps: [pump(10)] })])
      expect(nextStepWatch(watch, none)).toBeNull();
  });

  test('two looks at one reading are one reading', () => {
    const first = nextStepWatch(null, at(10));
    expect(nextStepWatch(first, at(10))).toBe(first);
  });
});
