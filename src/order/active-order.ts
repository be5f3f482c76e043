import type { MgPerHour } from '../observation/format.ts';
import { type DrugNames, namesOfDocument } from './drug-names.ts';
import type { OrderDocument } from './order-schema.ts';
import {
  concentrationOf,
  type MgPerMl,
  type OrderedRate,
  orderedAt,
  type PlanPiece,
  plannedMg,
  planOf,
} from './ordered-rate.ts';
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
  /** What was noted in this session. */
  readonly session: SessionRecord;
}

export function activeOrder(facts: {
  readonly orderId: string;
  readonly version: number;
  readonly document: OrderDocument;
  readonly hardMaxMgPerH: number;
  readonly softMaxMgPerH: number | null;
  readonly drugNames?: DrugNames | undefined;
  readonly activatedAtWallMs: number;
  readonly signedBy: string | null;
  readonly verifiedBy: string | null;
  readonly session: SessionRecord;
}): ActiveOrder {
  const { document } = facts;
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
  };
}

/** What is ordered at a wall time. Before flow began, the first step is. */
export function orderedNow(order: ActiveOrder, wallMs: number): OrderedRate {
  const since = order.startedAtWallMs === null ? null : Math.max(0, wallMs - order.startedAtWallMs);
  return orderedAt(order.plan, order.document.steps.length, since);
}

/** Planned end in wall ms; `null` while flow has not begun. */
export function endsAtWallMs(order: ActiveOrder): number | null {
  return order.startedAtWallMs === null ? null : order.startedAtWallMs + order.document.end;
}
