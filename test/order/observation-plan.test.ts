import { expect, test } from 'vitest';
import { dueObservations, REQUIRED_SCORES } from '../../src/order/observation-plan.ts';
import type { ObservationScores } from '../../src/order/session-event.ts';
import { HOUR, MINUTE } from './order-kit.ts';

const START = Date.UTC(2026, 10, 20, 8);
const NOTHING: ObservationScores = {
  pain: null,
  affective: null,
  sedation: null,
  dysphoria: null,
  hallucination: null,
  nausea: null,
  headache: null,
};
const ALL = { pain: 3, sedation: 0, dysphoria: 0 };

const noted = (minutes: number, scores: Partial<ObservationScores> = ALL) => ({
  scores: { ...NOTHING, ...scores },
  note: null,
  by: 'nurse-a',
  atWallMs: START + minutes * MINUTE,
});

/** Minutes from the start at which each is due next. */
function due(observations: ReturnType<typeof noted>[], untilMinutes: number | null = null) {
  const untilWallMs = untilMinutes === null ? null : START + untilMinutes * MINUTE;
  const observed = { startedAtWallMs: START, untilWallMs, session: { observations } };
  return dueObservations(observed).map(({ score, dueAtWallMs }) => ({
    score,
    atMin: (dueAtWallMs - START) / MINUTE,
  }));
}

const allAt = (atMin: number) => REQUIRED_SCORES.map((score) => ({ score, atMin }));

test('every 15 min in the first hour, every 30 min for two more, then hourly, for days', () => {
  const times: number[] = [];
  const observations: ReturnType<typeof noted>[] = [];
  for (let count = 0; count < 14; count++) {
    const atMin = due(observations)[0]?.atMin ?? Number.NaN;
    times.push(atMin);
    observations.push(noted(atMin));
  }
  expect(times).toEqual([15, 30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 420, 480, 540]);
  expect(due([noted(5 * 24 * 60)])).toEqual(allAt(5 * 24 * 60 + 60));
});

test.each([
  { noted: 'before the start', minutes: -1, next: 15 },
  { noted: 'just too early for the first', minutes: 9.99, next: 15 },
  { noted: 'early enough for it', minutes: 10, next: 30 },
  { noted: 'late for the first, too early for the second', minutes: 24.99, next: 30 },
  { noted: 'early enough for the second', minutes: 25, next: 45 },
  { noted: 'just too early for 90', minutes: 79.99, next: 90 },
  { noted: 'early enough for 90', minutes: 80, next: 120 },
  { noted: 'just too early for 240', minutes: 219.99, next: 240 },
  { noted: 'early enough for 240', minutes: 220, next: 300 },
  { noted: 'just too early for 300', minutes: 279.99, next: 300 },
  { noted: 'early enough for 300', minutes: 280, next: 360 },
])('noted $noted: the next is due after $next min', ({ minutes, next }) => {
  expect(due([noted(minutes)])).toEqual(allAt(next));
});

test('what was missed stays due, and is done with the next look at the patient', () => {
  expect(due([])).toEqual(allAt(15));
  expect(due([noted(50)])).toEqual(allAt(60));
});

test('a score that was not asked stays due; a note alone is no score', () => {
  expect(due([noted(15), noted(30, { pain: 2, sedation: 1 })])).toEqual([
    { score: 'dysphoria', atMin: 30 },
    { score: 'pain', atMin: 45 },
    { score: 'sedation', atMin: 45 },
  ]);
  expect(due([noted(15, { nausea: 1 })])).toEqual(allAt(15));
});

test('nothing is due after the ordered recovery; what was due before stays so', () => {
  const observations = [noted(240)];
  expect(due(observations, 300)).toEqual(allAt(300));
  expect(due(observations, 299)).toEqual([]);
  expect(due([noted(180)], 299)).toEqual(allAt(240));
});

test('hours after a start long ago are whole hours of the plan', () => {
  expect(due([noted(30 * 24 * 60 + 7)])[0]?.atMin).toBe((30 * 24 + 1) * 60);
  expect(due([noted((31 * 24 * HOUR) / MINUTE)])[0]?.atMin).toBe((31 * 24 + 1) * 60);
});
