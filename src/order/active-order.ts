import type { MgPerHour } from '../observation/format.ts';
import { type DrugNames, namesOfDocument } from './drug-names.ts';
import type { OrderDocument } from './order-schema.ts';
import {
  concentrationOf,
  latestAfter,
  type MgPerMl,
  type OrderedRate,
  orderedAt,
  type PlanPiece,
  plannedMg,
  planOf,
  stepRates,
} from './ordered-rate.ts';
import { planNow } from './plan-in-time.ts';
import type { SessionRecord } from './session-record.ts';

/** An order that runs on a bed, with what the rules need computed once. */
export interface ActiveOrder {
  readonly orderId: string;
  readonly version: number;
  readonly status: 'active';
  readonly document: OrderDocument;
  /** As checked at activation, which is exactly as ordered. */
  readonly bag: OrderDocument['bag'];
  readonly concentrationMgPerMl: MgPerMl;
  /** As signed; with pauses and holds counted in it is `planNow` of plan-in-time.ts. */
  readonly plan: readonly PlanPiece[];
  readonly plannedTotalMg: number;
  /** Hard and soft limit of the drug library for this bed and patient, as they were at activation. */
  readonly hardMaxMgPerH: MgPerHour;
  readonly softMaxMgPerH: MgPerHour | null;
  /** What a pump may call the drug, by the drug library at activation. */
  readonly drugNames: DrugNames;
  readonly activatedAtWallMs: number;
  /** When flow was first seen after activation; the steps count from here. `null` = not yet. */
  readonly startedAtWallMs: number | null;
  /** The pump's volume counter at that moment, so that the amount given survives a restart. */
  readonly startCounterMl: number | null;
  readonly startPumpId: string | null;
  readonly nibpIntervalMs: number | null;
  /** Two people who answer for what runs (ORD-28); `null` = nobody is known. */
  readonly signedBy: string | null;
  readonly verifiedBy: string | null;
  /** A newer version that was written while this one runs, and is not in force: not verified yet. */
  readonly pendingVersion: number | null;
  /** When the version that runs was activated; the plan still counts from the start of the session. */
  readonly versionSinceWallMs: number;
  /** What the version before it ordered then: permitted too until the pump can have been changed. */
  readonly formerRate: { readonly mgPerH: MgPerHour; readonly untilWallMs: number } | null;
  /** Why the soft limit is exceeded, as the prescriber said (ORD-08); `null` = nothing was said. */
  readonly softLimitReason: string | null;
  /** It may not run after this (ORD-28); `null` = the order states none. */
  readonly validUntilWallMs: number | null;
  /** What was noted in this session, without what was said of steps that another version has changed. */
  readonly session: SessionRecord;
}

export interface ActiveOrderFacts {
  readonly orderId: string;
  readonly version: number;
  readonly document: OrderDocument;
  readonly hardMaxMgPerH: number;
  readonly softMaxMgPerH: number | null;
  readonly drugNames?: DrugNames | undefined;
  readonly activatedAtWallMs: number;
  readonly signedBy: string | null;
  readonly verifiedBy: string | null;
  readonly softLimitReason?: string | null;
  readonly session: SessionRecord;
}

export function activeOrder(facts: ActiveOrderFacts): ActiveOrder {
  const { document, softLimitReason = null, activatedAtWallMs } = facts;
  const plan = planOf(document);
  return {
    ...facts,
    status: 'active',
    drugNames: facts.drugNames ?? namesOfDocument(document),
    bag: document.bag,
    concentrationMgPerMl: concentrationOf(document.bag),
    plan,
    plannedTotalMg: plannedMg(plan),
    startedAtWallMs: null,
    startCounterMl: null,
    startPumpId: null,
    pendingVersion: null,
    nibpIntervalMs: document.nibpInterval ?? null,
    softLimitReason,
    versionSinceWallMs: activatedAtWallMs,
    formerRate: null,
    validUntilWallMs: wallMsOf(document.validUntil),
  };
}

/** A time of an order that was checked. */
const wallMsOf = (time: string | undefined): number | null =>
  time === undefined ? null : Date.parse(time);

/**
 * The next version of an order takes over while it runs. The session goes on: its start, its counters
 * and what was noted in it; the steps of the new version count from that start too.
 */
export function amendedOrder(
  before: ActiveOrder,
  facts: Omit<ActiveOrderFacts, 'activatedAtWallMs'>,
  wallMs: number,
): ActiveOrder {
  const { activatedAtWallMs, startedAtWallMs, startCounterMl, startPumpId } = before;
  const next: ActiveOrder = {
    ...activeOrder({ ...facts, activatedAtWallMs }),
    ...{ startedAtWallMs, startCounterMl, startPumpId },
    session: sessionFor(before, facts.document),
    versionSinceWallMs: wallMs,
  };
  const was = orderedNow(before, wallMs).mgPerH;
  const will = orderedNow(next, wallMs).mgPerH;
  if (startedAtWallMs === null || was === will) return next;
  const untilWallMs = wallMs + latestAfter(facts.document, will < was);
  return { ...next, formerRate: { mgPerH: was, untilWallMs } };
}

/** What was said or seen of a step holds for the new version only where that step is the same. */
function sessionFor({ document, session }: ActiveOrder, next: OrderDocument): SessionRecord {
  const before = new Map(stepRates(document).map(({ step, mgPerH }) => [step, mgPerH]));
  const rates = new Map(stepRates(next).map(({ step, mgPerH }) => [step, mgPerH]));
  const isSame = ({ step }: { readonly step: number }): boolean =>
    before.get(step) === rates.get(step) &&
    document.steps[step - 1]?.at === next.steps[step - 1]?.at;
  return {
    ...session,
    confirmedSteps: session.confirmedSteps.filter(isSame),
    holds: session.holds.filter(isSame),
    stepsMade: session.stepsMade.filter(isSame),
  };
}

/** What is ordered at a wall time, pauses and holds counted in. Before flow began, the first step is. */
export function orderedNow(order: ActiveOrder, wallMs: number): OrderedRate {
  const since = sinceStartMs(order, wallMs);
  const ordered = orderedAt(planNow(order), order.document.steps.length, since);
  const { formerRate } = order;
  if (formerRate === null || wallMs > formerRate.untilWallMs) return ordered;
  const { lowest, highest } = ordered.permitted;
  const { mgPerH } = formerRate;
  const permitted = { lowest: Math.min(lowest, mgPerH), highest: Math.max(highest, mgPerH) };
  return { ...ordered, permitted };
}

/** ms since flow began; `null` = it has not begun. A clock that was set back does not undo the start. */
export function sinceStartMs(
  { startedAtWallMs }: Pick<ActiveOrder, 'startedAtWallMs'>,
  wallMs: number,
): number | null {
  return startedAtWallMs === null ? null : Math.max(0, wallMs - startedAtWallMs);
}

/** Planned end in wall ms, pauses counted in; `null` while flow has not begun. */
export function endsAtWallMs(order: ActiveOrder): number | null {
  const { startedAtWallMs, document } = order;
  if (startedAtWallMs === null) return null;
  return startedAtWallMs + (planNow(order).at(-1)?.toMs ?? document.end);
}
