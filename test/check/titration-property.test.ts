import * as fc from 'fast-check';
import { test } from 'vitest';
import { emptyMemory, evaluateBed } from '../../src/check/evaluate.ts';
import type { ActiveOrder } from '../../src/order/active-order.ts';
import { planNow } from '../../src/order/plan-in-time.ts';
import { emptySession, type Hold, type Pause } from '../../src/order/session-record.ts';
import { MINUTE, NOW, order, pump, scene, WALL } from './scene-kit.ts';

/** mg/h from a 2 mg/mL bag. */
const yamlOf = (
  steps: readonly { readonly atMin: number; readonly dose: number }[],
  endMin: number,
) => `
patient: { id: P-1 }
regimen: none
drug: { name: ketamine, form: racemic }
bag: { drugMg: 480, volumeMl: 240 }
mode: mg-per-h
steps: [${steps.map(({ atMin, dose }, index) => `{ step: ${index + 1}, at: PT${atMin}M, dose: ${dose} }`).join(', ')}]
end: PT${endMin}M
limits: { maxMgPerH: 40 }
bolus: none
kvo: { allowed: true, maxMlPerH: 1 }
`;

const LOOK_MS = 2_500;

/** Nurses who declare what they do: what is noted at a moment is what has happened until then. */
interface Told {
  readonly pauses: readonly {
    readonly atMs: number;
    readonly stopMs: number;
    readonly goMs: number;
  }[];
  readonly holds: readonly {
    readonly step: number;
    readonly atMs: number;
    readonly untilMs: number;
  }[];
}

function orderAt(base: ActiveOrder, { pauses, holds }: Told, sinceMs: number): ActiveOrder {
  const startedAtWallMs = WALL - sinceMs;
  const notedPauses = pauses
    .filter(({ atMs }) => atMs <= sinceMs)
    .map(
      ({ atMs, stopMs, goMs }): Pause => ({
        by: 'nurse-a',
        atWallMs: startedAtWallMs + atMs,
        reason: 'line',
        isBagChange: false,
        untilWallMs: startedAtWallMs + atMs + 10 * MINUTE,
        endedAtWallMs: goMs <= sinceMs ? startedAtWallMs + goMs : null,
        stoppedMs: Math.max(0, Math.min(sinceMs, goMs) - stopMs),
      }),
    );
  const notedHolds = holds
    .filter(({ atMs }) => atMs <= sinceMs)
    .map(
      ({ step, atMs, untilMs }): Hold => ({
        by: 'nurse-a',
        atWallMs: startedAtWallMs + atMs,
        step,
        reason: 'drowsy',
        untilWallMs: startedAtWallMs + untilMs,
        releasedAtWallMs: null,
      }),
    );
  const session = { ...emptySession, pauses: notedPauses, holds: notedHolds };
  return { ...base, startedAtWallMs, session };
}

const anyStep = fc.record({
  dose: fc.integer({ min: 5, max: 40 }),
  forMin: fc.integer({ min: 1, max: 9 }),
});
const anyPause = fc.record({
  afterMin: fc.integer({ min: 1, max: 12 }),
  waitS: fc.integer({ min: 0, max: 60 }),
  stopS: fc.integer({ min: 5, max: 400 }),
});
const anyHold = fc.record({
  step: fc.integer({ min: 2, max: 4 }),
  forMin: fc.integer({ min: 1, max: 12 }),
});

test('a pump that follows the plan with its pauses and holds raises no alarm about the order', () => {
  void fc.assert(
    fc.property(
      fc.array(anyStep, { minLength: 1, maxLength: 4 }),
      fc.array(anyPause, { maxLength: 2 }),
      fc.array(anyHold, { maxLength: 2 }),
      (parts, paused, held) => {
        let atMin = 0;
        const steps = parts.map(({ dose, forMin }) => {
          const step = { atMin, dose };
          atMin += forMin;
          return step;
        });
        const base = { ...order({ yaml: yamlOf(steps, atMin) }), softMaxMgPerH: null };
        let freeMs = 0;
        const pauses = paused.map(({ afterMin, waitS, stopS }) => {
          const atMs = freeMs + afterMin * MINUTE;
          const stopMs = atMs + waitS * 1_000;
          freeMs = stopMs + stopS * 1_000;
          return { atMs, stopMs, goMs: freeMs };
        });
        const holds = held
          .filter(({ step }) => step <= steps.length)
          .map(({ step, forMin }) => {
            // Said a minute before the step would be due as it was signed.
            const dueMs = (steps[step - 1]?.atMin ?? 1) * MINUTE;
            return {
              step,
              atMs: Math.max(0, dueMs - 2.5 * MINUTE),
              untilMs: dueMs + forMin * MINUTE,
            };
          });
        let memory = emptyMemory;
        let untilMs = atMin * MINUTE;
        for (let sinceMs = 0; sinceMs < untilMs; sinceMs += LOOK_MS) {
          const on = orderAt(base, { pauses, holds }, sinceMs);
          untilMs = (planNow(on).at(-1)?.toMs ?? 0) + 4 * MINUTE;
          const isStopped = pauses.some(({ stopMs, goMs }) => stopMs <= sinceMs && sinceMs < goMs);
          const now = planNow(on).find(({ toMs }) => sinceMs < toMs);
          const mgPerH = isStopped ? 0 : (now?.mgPerH ?? 0);
          const about = scene({ order: on, pumps: [pump(mgPerH / 2)] });
          const step = evaluateBed(memory, { ...about, nowMs: NOW });
          // The pictures of the kit are made for NOW; the delays must run, so the memory is moved back instead.
          memory = {
            levels: new Map(
              [...step.memory.levels].map(([key, level]) => [
                key,
                {
                  ...level,
                  heldAtMs: level.heldAtMs === null ? null : level.heldAtMs - LOOK_MS,
                  lastSampleAtMs: level.lastSampleAtMs - LOOK_MS,
                },
              ]),
            ),
          };
          for (const { ruleId, verdict } of step.findings) {
            if (!/^ORD-(0[1-8]|2[1-4])$/.test(ruleId) || verdict.presence !== 'present') continue;
            const minute = (sinceMs / MINUTE).toFixed(2);
            throw new Error(
              `${ruleId} at ${minute} min, ${mgPerH} mg/h: ${verdict.message.text}; plan ${JSON.stringify(
                planNow(on).map(({ step: number, fromMs, mgPerH: rate }) => [
                  number,
                  fromMs / MINUTE,
                  rate,
                ]),
              )}`,
            );
          }
        }
      },
    ),
    { numRuns: 20 },
  );
});
