import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlanPiece, plannedMg, planOf } from '../../src/order/ordered-rate.ts';
import { PAUSE_ALLOWANCE_MS, planNow } from '../../src/order/plan-in-time.ts';
import { emptySession, type Hold, type Pause } from '../../src/order/session-record.ts';
import { HOUR, MINUTE, order, TITRATION, TWO_BAGS, type Written } from './order-kit.ts';

const START = 1_000_000_000;
const SAID = { by: 'nurse-a', atWallMs: START };

const pause = (atMs: number, stoppedMs: number): Pause => ({
  by: 'nurse-a',
  atWallMs: START + atMs,
  reason: 'bag change',
  isBagChange: true,
  untilWallMs: START + atMs + 10 * MINUTE,
  endedAtWallMs: START + atMs + stoppedMs,
  stoppedMs,
});

const hold = (step: number, untilMs: number | null, releasedMs: number | null = null): Hold => ({
  ...SAID,
  step,
  reason: 'drowsy',
  untilWallMs: untilMs === null ? null : START + untilMs,
  releasedAtWallMs: releasedMs === null ? null : START + releasedMs,
});

function now(written: Written, noted: { pauses?: readonly Pause[]; holds?: readonly Hold[] }) {
  const document = order(written);
  const session = { ...emptySession, ...noted };
  return planNow({ plan: planOf(document), document, session, startedAtWallMs: START });
}

/** `from h: mg/h (step)`, in order. */
const shape = (plan: readonly PlanPiece[]): readonly (readonly number[])[] =>
  plan.map(({ fromMs, mgPerH, step }) => [fromMs / HOUR, mgPerH, step]);
const endOf = (plan: readonly PlanPiece[]): number => (plan.at(-1)?.toMs ?? 0) / HOUR;

describe('a declared pause moves what comes after it by the time in which nothing flowed', () => {
  test('nothing noted: the plan is that of the order, the very same', () => {
    const document = order(TITRATION);
    const plan = planOf(document);
    expect(planNow({ plan, document, session: emptySession, startedAtWallMs: START })).toBe(plan);
  });

  test('6 min in the first hour: later steps and the end 6 min later, the same dose', () => {
    const plan = now(TITRATION, { pauses: [pause(0.5 * HOUR, 6 * MINUTE)] });
    expect(shape(plan)).toEqual([
      [0, 20, 1],
      [1.1, 30, 2],
      [2.1, 10, 3],
    ]);
    expect(endOf(plan)).toBe(3.1);
    expect(plannedMg(plan)).toBeCloseTo(60 + 20 * 0.1, 9);
  });

  test('what was before it stays', () => {
    const plan = now(TITRATION, { pauses: [pause(1.5 * HOUR, 6 * MINUTE)] });
    expect(shape(plan)).toEqual([
      [0, 20, 1],
      [1, 30, 2],
      [2.1, 10, 3],
    ]);
  });

  test('no more than the order allows, all pauses together', () => {
    const written = { ...TITRATION, pauseAllowance: 'PT9M' };
    const pauses = [pause(0.5 * HOUR, 6 * MINUTE), pause(1.5 * HOUR, 6 * MINUTE)];
    expect(endOf(now(written, { pauses })) * HOUR).toBe(3 * HOUR + 9 * MINUTE);
    expect(endOf(now({ ...TITRATION, pauseAllowance: 'PT0S' }, { pauses }))).toBe(3);
    expect(endOf(now(TITRATION, { pauses })) * HOUR).toBe(3 * HOUR + PAUSE_ALLOWANCE_MS);
  });

  test('in an ordered gap and after the end there is nothing to move', () => {
    for (const atMs of [2.5 * HOUR, 4.5 * HOUR])
      expect(endOf(now(TWO_BAGS, { pauses: [pause(atMs, 6 * MINUTE)] }))).toBe(4);
  });

  test('a step that was due and still had time has as much time after the pause', () => {
    const down = now(TITRATION, { pauses: [pause(2 * HOUR + 30_000, 4 * MINUTE)] })[2];
    expect(down).toMatchObject({ fromMs: 2 * HOUR, latestMs: 5 * MINUTE });
    const late = now(TITRATION, { pauses: [pause(2 * HOUR + 90_000, 4 * MINUTE)] })[2];
    expect(late).toMatchObject({ fromMs: 2 * HOUR, latestMs: MINUTE });
  });
});

describe('a held increase comes later, and every later increase; no decrease does, nor the end', () => {
  const LONG = {
    ...TITRATION,
    steps: [20, 30, 40, 20].map((dose, index) => ({ step: index + 1, at: `PT${index}H`, dose })),
    end: 'PT5H',
  };

  test('half an hour: both increases half an hour later, the decrease when it was', () => {
    const plan = now(LONG, { holds: [hold(2, 1.5 * HOUR)] });
    expect(shape(plan)).toEqual([
      [0, 20, 1],
      [1.5, 30, 2],
      [2.5, 40, 3],
      [3, 20, 4],
    ]);
    expect(endOf(plan)).toBe(5);
    // It may not be made before it is released; after that it has its usual time.
    expect(plan[1]).toMatchObject({ earliestMs: 0, latestMs: 5 * MINUTE });
    expect(plan[2]).toMatchObject({ earliestMs: -2 * MINUTE });
  });

  test.each([
    { given: 'released early', held: hold(2, 2 * HOUR, 1.25 * HOUR), at: 1.25 },
    { given: 'released after it had run out', held: hold(2, 1.5 * HOUR, 4 * HOUR), at: 1.5 },
    { given: 'released before it was due', held: hold(2, null, 0.5 * HOUR), at: 1 },
  ])('$given: due at $at h', ({ held, at }) => {
    expect(now(LONG, { holds: [held] })[1]).toMatchObject({ step: 2, fromMs: at * HOUR });
  });

  test('nobody says until when: the rate stays, and goes down when a decrease is below it', () => {
    const down = { ...LONG, steps: [...LONG.steps.slice(0, 3), { step: 4, at: 'PT3H', dose: 10 }] };
    expect(shape(now(down, { holds: [hold(2, null)] }))).toEqual([
      [0, 20, 1],
      [3, 10, 4],
    ]);
  });

  test('held beyond a decrease: what it would have been before is left out', () => {
    expect(shape(now(LONG, { holds: [hold(3, 4 * HOUR)] }))).toEqual([
      [0, 20, 1],
      [1, 30, 2],
      [3, 20, 4],
    ]);
  });

  test('a decrease that would be an increase for this patient waits like one', () => {
    const steps = [20, 40, 35].map((dose, index) => ({ step: index + 1, at: `PT${index}H`, dose }));
    const plan = now({ ...LONG, steps }, { holds: [hold(2, 2.5 * HOUR)] });
    expect(shape(plan)).toEqual([
      [0, 20, 1],
      [2.5, 35, 3],
    ]);
    expect(plan[1]).toMatchObject({ latestMs: 5 * MINUTE });
  });

  test('an increase after a decrease is moved too; a hold of a decrease moves nothing', () => {
    const steps = [20, 30, 10, 25].map((dose, i) => ({ step: i + 1, at: `PT${i}H`, dose }));
    expect(shape(now({ ...LONG, steps }, { holds: [hold(2, 1.5 * HOUR)] }))).toEqual([
      [0, 20, 1],
      [1.5, 30, 2],
      [2, 10, 3],
      [3.5, 25, 4],
    ]);
    expect(shape(now({ ...LONG, steps }, { holds: [hold(3, null)] }))).toHaveLength(4);
  });

  test('held again after it was released, and the next one too', () => {
    const holds = [hold(2, null, 1.5 * HOUR), hold(2, 1.75 * HOUR), hold(3, 3.5 * HOUR)];
    expect(shape(now({ ...LONG, steps: LONG.steps.slice(0, 3) }, { holds }))).toEqual([
      [0, 20, 1],
      [1.75, 30, 2],
      [3.5, 40, 3],
    ]);
  });

  test('an ordered gap stays where it is, and what was before the hold may go on after it', () => {
    const steps = [20, 30, 0, 20].map((dose, i) => ({ step: i + 1, at: `PT${i}H`, dose }));
    expect(shape(now({ ...LONG, steps }, { holds: [hold(2, null)] }))).toEqual([
      [0, 20, 1],
      [2, 0, 3],
      [3, 20, 4],
    ]);
  });
});

test('whatever is noted: the plan has no holes, gives no more at any time than one without holds, and ends with it', () => {
  const anyPlan = fc.array(
    fc.record({ dose: fc.integer({ min: 0, max: 40 }), gapMin: fc.integer({ min: 5, max: 90 }) }),
    { minLength: 2, maxLength: 7 },
  );
  const anyHold = fc.record({
    step: fc.integer({ min: 1, max: 7 }),
    untilMin: fc.option(fc.integer({ min: 0, max: 500 })),
  });
  const anyPause = fc.record({
    atMin: fc.integer({ min: 0, max: 300 }),
    min: fc.integer({ min: 0, max: 10 }),
  });
  void fc.assert(
    fc.property(
      anyPlan.filter(([first]) => first !== undefined && first.dose > 0),
      fc.array(anyHold, { maxLength: 3 }),
      fc.array(anyPause, { maxLength: 3 }),
      (parts, heldSteps, paused) => {
        let atMin = 0;
        const steps = parts.map(({ dose, gapMin }, index) => {
          const step = { step: index + 1, at: `PT${atMin}M`, dose };
          atMin += gapMin;
          return step;
        });
        const written = { ...TITRATION, steps, end: `PT${atMin}M` };
        const pauses = [...paused]
          .sort((a, b) => a.atMin - b.atMin)
          .map(({ atMin: at, min }) => pause(at * MINUTE, min * MINUTE));
        const holds = heldSteps.map(({ step, untilMin }) =>
          hold(step, untilMin === null ? null : untilMin * MINUTE),
        );
        const free = now(written, { pauses });
        const plan = now(written, { pauses, holds });
        expect(plan[0]?.fromMs).toBe(0);
        expect(endOf(plan)).toBe(endOf(free));
        plan.forEach(({ toMs, fromMs }, index) => {
          expect(toMs).toBeGreaterThan(fromMs);
          if (index + 1 < plan.length) expect(plan[index + 1]?.fromMs).toBe(toMs);
        });
        const rateAt = (pieces: readonly PlanPiece[], ms: number): number =>
          pieces.find(({ toMs }) => ms < toMs)?.mgPerH ?? 0;
        for (const { fromMs } of [...plan, ...free])
          expect(rateAt(plan, fromMs)).toBeLessThanOrEqual(rateAt(free, fromMs));
      },
    ),
  );
});
