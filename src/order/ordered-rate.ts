import type { MgPerHour, MlPerHour } from '../observation/format.ts';
import { type DoseFields, exactRate } from './exact-plan.ts';
import { HOUR_MS, MINUTE_MS } from './iso-duration.ts';
import type { OrderDocument } from './order-schema.ts';
import { toNumber } from './quantity.ts';

/** Windows of a step change that does not state its own (alarm rules ORD-04 and ORD-05). */
const EARLIEST_MS = -2 * MINUTE_MS;
const LATE_UP_SESSION_MS = 5 * MINUTE_MS;
const LATE_UP_CONTINUOUS_MS = 15 * MINUTE_MS;
/** A late decrease or stop is over-infusion. */
const LATE_DOWN_MS = MINUTE_MS;
/** Orders up to this long count as sessions, longer ones as continuous (ORD-04). */
const SESSION_MAX_MS = 6 * HOUR_MS;

/** Concentration of a mixed bag. Branded so that it cannot be taken for a rate. */
export type MgPerMl = number & { readonly unit?: 'mg/mL' };

export function concentrationOf(bag: {
  readonly drugMg: number;
  readonly volumeMl: number;
}): MgPerMl {
  return bag.drugMg / bag.volumeMl;
}

/** The two places where mL/h and mg/h meet. */
export const toMgPerHour = (flow: MlPerHour, concentration: MgPerMl): MgPerHour =>
  flow * concentration;
export const toMlPerHour = (rate: MgPerHour, concentration: MgPerMl): MlPerHour =>
  rate / concentration;

/** One piece of the plan with a constant rate. All times are ms since flow began. */
export interface PlanPiece {
  /** 1-based step of the order; an ordered pause belongs to the step before it. */
  readonly step: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly mgPerH: MgPerHour;
  /** An ordered pause: 0 mg/h is the order. */
  readonly isGap: boolean;
  /** How much before and after `fromMs` the change to this piece may be made. */
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Each step's rate in mg/h; weight-based doses use the weight in the order. */
export function stepRates(
  order: DoseFields,
): readonly { readonly step: number; readonly mgPerH: MgPerHour }[] {
  return order.steps.map((step) => ({ step: step.step, mgPerH: rateOf(order, step) }));
}

const rateOf = (order: DoseFields, step: DoseFields['steps'][number]): MgPerHour =>
  toNumber(exactRate(order, step));

/** How late a change may be made where the order does not say it, ms. */
export function latestAfter({ end }: Pick<OrderDocument, 'end'>, isDown: boolean): number {
  if (isDown) return LATE_DOWN_MS;
  return end <= SESSION_MAX_MS ? LATE_UP_SESSION_MS : LATE_UP_CONTINUOUS_MS;
}

/** The whole plan as pieces without holes, from 0 to the end of the order. A gap is an order of zero. */
export function planOf(order: OrderDocument): readonly PlanPiece[] {
  const pieces: PlanPiece[] = [];
  const add = (
    step: number,
    fromMs: number,
    toMs: number,
    mgPerH: number,
    own: { earliest?: number | undefined; latest?: number | undefined },
  ): void => {
    const isDown = mgPerH < (pieces.at(-1)?.mgPerH ?? 0);
    pieces.push({
      step,
      fromMs,
      toMs,
      mgPerH,
      isGap: mgPerH === 0,
      earliestMs: own.earliest ?? EARLIEST_MS,
      latestMs: own.latest ?? latestAfter(order, isDown),
    });
  };
  order.steps.forEach((step, index) => {
    const nextAt = order.steps[index + 1]?.at ?? order.end;
    const endsAt = step.over === undefined ? nextAt : step.at + step.over;
    add(step.step, step.at, endsAt, rateOf(order, step), step);
    if (endsAt < nextAt) add(step.step, endsAt, nextAt, 0, {});
  });
  return pieces;
}

/** The ordered rate at one moment. */
export interface OrderedRate {
  /** `before`: flow has not begun, the first step is what will be ordered. `gap`: ordered pause. */
  readonly phase: 'before' | 'running' | 'gap' | 'ended';
  /** 1-based; in a gap the step before it, after the end `null`. */
  readonly step: number | null;
  readonly of: number;
  readonly mgPerH: MgPerHour;
  /** Within the window of a step change, ends included, both rates are permitted. */
  readonly permitted: { readonly lowest: MgPerHour; readonly highest: MgPerHour };
  /** ms since flow began. */
  readonly nextChange: {
    readonly atMs: number;
    readonly mgPerH: MgPerHour;
    readonly isEnd: boolean;
  } | null;
}

/**
 * What is ordered at one moment. Only the changes on both sides of the present piece permit another
 * rate: a window never reaches beyond the step ahead of it or after it, so a rate of two steps ago,
 * or of two steps on, is never on order.
 *
 * @param of how many steps the order has
 * @param sinceStartMs ms since flow began; `null` = it has not begun
 */
export function orderedAt(
  plan: readonly PlanPiece[],
  of: number,
  sinceStartMs: number | null,
): OrderedRate {
  const first = plan[0];
  const last = plan.at(-1);
  if (first === undefined || last === undefined) throw new Error('An order has at least one step');
  if (sinceStartMs === null) {
    return {
      phase: 'before',
      step: first.step,
      of,
      mgPerH: first.mgPerH,
      permitted: { lowest: 0, highest: first.mgPerH },
      nextChange: changeTo(plan[1], last),
    };
  }
  if (sinceStartMs >= last.toMs) {
    const highest = sinceStartMs <= last.toMs + LATE_DOWN_MS ? last.mgPerH : 0;
    return {
      phase: 'ended',
      step: null,
      of,
      mgPerH: 0,
      permitted: { lowest: 0, highest },
      nextChange: null,
    };
  }
  const index = Math.max(
    0,
    plan.findIndex((piece) => sinceStartMs < piece.toMs),
  );
  const now = plan[index] ?? first;
  const before = plan[index - 1];
  const next = plan[index + 1];
  let lowest: number = now.mgPerH;
  let highest: number = now.mgPerH;
  const permit = (mgPerH: number): void => {
    lowest = Math.min(lowest, mgPerH);
    highest = Math.max(highest, mgPerH);
  };
  if (before !== undefined && sinceStartMs <= now.fromMs + now.latestMs) permit(before.mgPerH);
  if (next !== undefined && sinceStartMs >= next.fromMs + next.earliestMs) permit(next.mgPerH);
  // The stop at the end may be a little early: the bag may be empty.
  if (next === undefined && sinceStartMs >= last.toMs + EARLIEST_MS) permit(0);
  return {
    phase: now.isGap ? 'gap' : 'running',
    step: now.step,
    of,
    mgPerH: now.mgPerH,
    permitted: { lowest, highest },
    nextChange: changeTo(next, last),
  };
}

function changeTo(next: PlanPiece | undefined, last: PlanPiece): OrderedRate['nextChange'] {
  return next === undefined
    ? { atMs: last.toMs, mgPerH: 0, isEnd: true }
    : { atMs: next.fromMs, mgPerH: next.mgPerH, isEnd: false };
}

/** mg of the plan between two moments; of the whole plan when none are given. */
export function plannedMg(
  plan: readonly PlanPiece[],
  fromMs = 0,
  untilMs = Number.POSITIVE_INFINITY,
): number {
  let mg = 0;
  for (const piece of plan) {
    const ms = Math.min(untilMs, piece.toMs) - Math.max(fromMs, piece.fromMs);
    if (ms > 0) mg += (piece.mgPerH * ms) / HOUR_MS;
  }
  return mg;
}
