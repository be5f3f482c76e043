import type { MgPerHour } from '../observation/format.ts';
import { type ActiveOrder, orderedNow, sinceStartMs } from './active-order.ts';
import { latestAfter, type MgPerMl, type OrderedRate, type PlanPiece } from './ordered-rate.ts';
import { planNow } from './plan-in-time.ts';
import type { StepMade } from './session-event.ts';

/** Set rates are digital: what differs by less than this is the same rate (clinical alarm rules 2.3). */
export const ROUNDING_FRACTION = 0.02;
/** The finest step of common pumps, mL/h. */
export const PUMP_RESOLUTION_ML_PER_H = 0.1;

/** Whether a pump that runs at one rate runs at the other. Nothing but zero is zero. */
export function isAtRate(liveMgPerH: number, mgPerH: number, concentration: MgPerMl): boolean {
  if (mgPerH === 0 || liveMgPerH === 0) return liveMgPerH === mgPerH;
  const tolerance = Math.max(ROUNDING_FRACTION * mgPerH, PUMP_RESOLUTION_ML_PER_H * concentration);
  return Math.abs(liveMgPerH - mgPerH) <= tolerance + 1e-9 * Math.max(1, mgPerH);
}

/** The steps of the order with their rates; a pause between two of them is none. */
export function stepsOf({ plan }: Pick<ActiveOrder, 'plan'>): readonly PlanPiece[] {
  return plan.filter(({ step }, index) => plan[index - 1]?.step !== step);
}

/** The step that the pump was last seen to run at; `null` = at none yet. */
export const lastMade = ({ session }: Pick<ActiveOrder, 'session'>): number | null =>
  session.stepsMade.at(-1)?.step ?? null;

export const wasMade = ({ session }: Pick<ActiveOrder, 'session'>, step: number): boolean =>
  session.stepsMade.some((made) => made.step === step);

/**
 * The step at whose rate a pump runs; `null` = at none. Where several have this rate: the one that is ordered now, then
 * the one that it ran at, then the next, then an earlier one, then a later one.
 */
export function stepAtRate(
  order: ActiveOrder,
  liveMgPerH: MgPerHour,
  wallMs: number,
): number | null {
  const at = stepsOf(order)
    .filter(({ mgPerH }) => isAtRate(liveMgPerH, mgPerH, order.concentrationMgPerMl))
    .map(({ step }) => step);
  const now = orderedNow(order, wallMs).step ?? order.document.steps.length;
  const last = lastMade(order);
  if (at.includes(now)) return now;
  if (last !== null && at.includes(last)) return last;
  if (at.includes(now + 1)) return now + 1;
  return at.findLast((step) => step < now) ?? at[0] ?? null;
}

/** How a step was made that the pump was seen to run at from this moment on. */
export function howMade(order: ActiveOrder, step: number, atWallMs: number): StepMade['how'] {
  const since = sinceStartMs(order, atWallMs) ?? 0;
  if (wasMade(order, step)) return 'made';
  if (lastMade(order) !== null && step > 1 && !wasMade(order, step - 1)) return 'skipped';
  const piece = stepPiece(planNow(order), step);
  // A step that is held for nobody knows how long is in no plan.
  if (piece === undefined || since < piece.fromMs + piece.earliestMs) return 'early';
  return since > piece.fromMs + piece.latestMs ? 'late' : 'made';
}

/** When a step is to be made by a plan; `undefined` = it never is. */
export const stepPiece = (plan: readonly PlanPiece[], step: number): PlanPiece | undefined =>
  plan.find((piece) => piece.step === step);

/** Where the rate of the pump stands in the plan, once it is out of what is permitted now. */
export type Standing =
  | { readonly kind: 'on-plan' }
  /** It runs still at the rate from before a step (or before the end, a stop: `isStop`) that is over its window. */
  | {
      readonly kind: 'not-made';
      readonly isDecrease: boolean;
      readonly isStop: boolean;
      readonly step: number;
      readonly mgPerH: MgPerHour;
      /** ms since flow began: when it was due. */
      readonly dueMs: number;
      /** The same of the first change that was missed since the pump has its rate, and how late that could be made. */
      readonly missedMs: number;
      readonly latestMs: number;
    }
  /** It runs at the rate of the next step before the window of that. */
  | { readonly kind: 'early'; readonly step: number; readonly byMs: number | null }
  /** It runs at the rate of a later one. */
  | { readonly kind: 'skipped'; readonly step: number }
  /** It is back at the rate of an earlier one, or at none of the order. */
  | { readonly kind: 'back'; readonly step: number }
  | { readonly kind: 'unknown' };

/** @param liveMgPerH what flows, more than 0 */
export function standingOf(order: ActiveOrder, liveMgPerH: MgPerHour, wallMs: number): Standing {
  const sinceMs = sinceStartMs(order, wallMs);
  const ordered = orderedNow(order, wallMs);
  const isAt = (mgPerH: number): boolean =>
    isAtRate(liveMgPerH, mgPerH, order.concentrationMgPerMl);
  if (sinceMs === null || isWithin(liveMgPerH, ordered, isAt)) return { kind: 'on-plan' };
  const missed = missedChange(order, liveMgPerH, sinceMs, ordered, isAt);
  if (missed !== undefined) return missed;
  const now = ordered.step ?? order.document.steps.length;
  const at = stepsOf(order)
    .filter(({ mgPerH }) => isAt(mgPerH))
    .map(({ step }) => step);
  if (at.includes(now + 1)) {
    const piece = stepPiece(planNow(order), now + 1);
    const byMs = piece === undefined ? null : piece.fromMs - sinceMs;
    return { kind: 'early', step: now + 1, byMs };
  }
  const earlier = at.findLast((step) => step <= now);
  if (earlier !== undefined) return { kind: 'back', step: earlier };
  const [later] = at;
  return later === undefined ? { kind: 'unknown' } : { kind: 'skipped', step: later };
}

function isWithin(
  liveMgPerH: number,
  { permitted: { lowest, highest } }: OrderedRate,
  isAt: (mgPerH: number) => boolean,
): boolean {
  return (liveMgPerH >= lowest && liveMgPerH <= highest) || isAt(lowest) || isAt(highest);
}

/** The change that should have been made since the pump has its rate. */
function missedChange(
  order: ActiveOrder,
  liveMgPerH: number,
  sinceMs: number,
  { permitted, phase }: OrderedRate,
  isAt: (mgPerH: number) => boolean,
): Extract<Standing, { kind: 'not-made' }> | undefined {
  const plan = planNow(order);
  const last = plan.at(-1);
  if (last === undefined) return undefined;
  const stop = {
    ...last,
    fromMs: last.toMs,
    mgPerH: 0,
    isGap: true,
    latestMs: latestAfter(order.document, true),
  };
  // Those whose time to be made is over.
  const due = [...plan, stop].filter(
    ({ fromMs, latestMs }, index) => index === 0 || sinceMs > fromMs + latestMs,
  );
  const now = due.at(-1);
  const since = due.findLastIndex(({ mgPerH }) => isAt(mgPerH));
  if (now === undefined || since < 0 || since === due.length - 1) return undefined;
  // Made, and gone back from: that is another story, which the rate rules tell.
  const isStep = phase !== 'ended' && !now.isGap;
  if (isStep && wasMade(order, now.step)) return undefined;
  const isDecrease = liveMgPerH > permitted.highest;
  const isUnmade = ({ mgPerH }: PlanPiece): boolean =>
    isDecrease ? mgPerH < liveMgPerH : mgPerH > liveMgPerH;
  const from = due.findLastIndex((piece) => !isUnmade(piece)) + 1;
  const first = due[from];
  if (first === undefined) return undefined;
  return {
    kind: 'not-made',
    isDecrease,
    isStop: now.isGap,
    step: now.step,
    mgPerH: now.mgPerH,
    dueMs: now.fromMs,
    missedMs: first.fromMs,
    latestMs: first.latestMs,
  };
}
