import { liveFlow } from '../check/live-rate.ts';
import { pumpsOfOrder } from '../check/pump-drug.ts';
import type { Scene } from '../check/scene.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import type { SessionEvent } from '../order/session-event.ts';
import { runningPause } from '../order/session-record.ts';
import { howMade, lastMade, stepAtRate } from '../order/titration.ts';
import type { RateChange } from './bed-history.ts';
import type { Moment } from './times.ts';

/** A step at whose rate the pump has begun to run. Monotonic ms. */
export interface StepWatch {
  readonly step: number;
  readonly sinceMs: number;
  readonly samples: number;
  readonly lastSampleAtMs: number;
}

/** Whoever turns a wheel passes the rates between: only what stays is a step (as long as ORD-05 and -06 wait). */
const STAYS_MS = 10_000;
const STAYS_SAMPLES = 3;

/** One look further. Without a known rate, and at the step that is noted already, there is nothing to watch. */
export function nextStepWatch(watch: StepWatch | null, scene: Scene): StepWatch | null {
  const { order, nowMs, wallMs } = scene;
  if (order === null || order.startedAtWallMs === null) return null;
  const flow = liveFlow(pumpsOfOrder(scene.pumps, order), nowMs);
  if (!flow.isComplete || flow.hasKvo) return null;
  const step = stepAtRate(order, flow.mlPerH * order.concentrationMgPerMl, wallMs);
  if (step === null || step === lastMade(order)) return null;
  if (watch?.step !== step) return { step, sinceMs: nowMs, samples: 1, lastSampleAtMs: flow.atMs };
  if (flow.atMs <= watch.lastSampleAtMs) return watch;
  return { ...watch, samples: watch.samples + 1, lastSampleAtMs: flow.atMs };
}

/** What is to be written down of a step that the pump has run at for long enough. */
export function stepNote(watch: StepWatch | null, scene: Scene): SessionEvent | null {
  const { order, nowMs, wallMs } = scene;
  if (watch === null || order === null) return null;
  if (nowMs - watch.sinceMs < STAYS_MS || watch.samples < STAYS_SAMPLES) return null;
  const pumps = pumpsOfOrder(scene.pumps, order);
  const { mlPerH } = liveFlow(pumps, nowMs);
  const pump = pumps.find((one) => liveFlow([one], nowMs).mlPerH > 0) ?? pumps[0];
  return {
    type: 'step-made',
    orderId: order.orderId,
    step: watch.step,
    how: howMade(order, watch.step, wallMs - (nowMs - watch.sinceMs)),
    pumpId: pump?.deviceId ?? '',
    mgPerH: mlPerH * order.concentrationMgPerMl,
    mlPerH,
  };
}

/** A plan that waits is told in steps that can be seen, not with every look. */
const TOLD_EVERY_MS = 5_000;

/** The order with what its running pause has come to by now, so that its plan waits while nothing flows. */
export function withPauseSoFar(
  order: ActiveOrder | null,
  rate: readonly RateChange[],
  moment: Moment,
): ActiveOrder | null {
  const pause = order === null ? undefined : runningPause(order.session);
  if (order === null || pause === undefined) return order;
  const exactMs = stoppedMs(rate, pauseBeganMs(pause, moment), moment.nowMs);
  const soFarMs = exactMs - (exactMs % TOLD_EVERY_MS);
  if (soFarMs === pause.stoppedMs) return order;
  const pauses = order.session.pauses.map((one) =>
    one === pause ? { ...one, stoppedMs: soFarMs } : one,
  );
  return { ...order, session: { ...order.session, pauses } };
}

/** For how long nothing flowed since a moment. Time in which the rate was not known does not count. */
export function stoppedMs(rate: readonly RateChange[], sinceMs: number, nowMs: number): number {
  const ms = rate.reduce((sum, { atMs, mgPerH }, index) => {
    if (mgPerH !== 0) return sum;
    const untilMs = rate[index + 1]?.atMs ?? nowMs;
    return sum + Math.max(0, untilMs - Math.max(atMs, sinceMs));
  }, 0);
  return Math.floor(ms);
}

/** Monotonic ms. */
export const pauseBeganMs = (
  { atWallMs }: { readonly atWallMs: number },
  { nowMs, wallMs }: Moment,
): number => nowMs - Math.max(0, wallMs - atWallMs);

/** So long the pump must flow again: priming and a finger on the wrong key are shorter. */
const FLOWS_AGAIN_MS = 3_000;

/** A pause is over when the pump, which had stopped in it, flows again; or when its time is over and it never stopped. */
export function resumeNote(
  scene: Scene,
  rate: readonly RateChange[],
  moment: Moment,
): SessionEvent | null {
  const { order, nowMs } = scene;
  const pause = order === null ? undefined : runningPause(order.session);
  if (order === null || pause === undefined) return null;
  const pumps = pumpsOfOrder(scene.pumps, order);
  const flow = liveFlow(pumps, nowMs);
  const isByHand = pumps.some(({ pumpStatus }) => BY_HAND.has(pumpStatus?.status ?? ''));
  if (!flow.isComplete || flow.mlPerH <= 0 || flow.hasKvo || isByHand) return null;
  const beganMs = pauseBeganMs(pause, moment);
  const stoppedAt = rate.findLastIndex(({ mgPerH }) => mgPerH === null || mgPerH === 0);
  const flowsSinceMs = rate[stoppedAt + 1]?.atMs ?? nowMs;
  if (nowMs - flowsSinceMs < FLOWS_AGAIN_MS) return null;
  // After a restart nobody knows what was before: then it is taken to have stopped.
  const hasStopped = flowsSinceMs > beganMs;
  if (!hasStopped && moment.wallMs < pause.untilWallMs) return null;
  return {
    type: 'infusion-resumed',
    orderId: order.orderId,
    stoppedMs: stoppedMs(rate, beganMs, nowMs),
  };
}

const BY_HAND: ReadonlySet<string> = new Set(['purge', 'bolus']);
