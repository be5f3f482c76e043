import {
  type ActiveOrder,
  type ActiveOrderFacts,
  activeOrder,
  amendedOrder,
} from './active-order.ts';
import type { OrderEvent } from './order-event.ts';
import {
  changeOf,
  newVersion,
  type OrderStatus,
  type OrderVersion,
  versionOf,
} from './order-version.ts';
import { type Recovery, recoveryOf } from './recovery.ts';
import type { SessionEvent } from './session-event.ts';
import { nextSession, type Said, type SessionRecord } from './session-record.ts';

/** An order: the version that holds, what came before it, and what waits to follow it. */
export interface OrderRecord extends OrderVersion {
  readonly orderId: string;
  readonly status: OrderStatus;
  /** A change of an order that runs, until it is activated. */
  readonly pending: OrderVersion | null;
  /** Versions that no longer hold, and those that never did; oldest first. */
  readonly former: readonly OrderVersion[];
  readonly bedId: string | null;
  readonly active: ActiveOrder | null;
  /** What was noted since it was activated, over all its versions. */
  readonly session: SessionRecord;
  /** After an infusion that had begun, until the patient is discharged. */
  readonly recovery: Recovery | null;
}

/** The version that is to be signed and checked next: the change of an order that runs, else the order. */
export const waitingVersion = (order: OrderRecord): OrderVersion => order.pending ?? order;

/** Every version, oldest first. */
export function versionsOf(order: OrderRecord): readonly OrderVersion[] {
  const all = [...order.former, order, ...(order.pending === null ? [] : [order.pending])];
  return all.toSorted((a, b) => a.version - b.version);
}

/** Something was noted in its session; `undefined` = it has none. */
export function withSession(
  order: OrderRecord,
  event: SessionEvent,
  said: Said,
): OrderRecord | undefined {
  if (order.active === null && order.recovery === null) return undefined;
  const session = nextSession(order.session, event, said, order.recovery);
  const { active } = order;
  // The version that runs has a session of its own: what was said of a step of another one is not in it.
  const ofVersion = active && { ...active, session: nextSession(active.session, event, said) };
  const isGone = session.discharged !== null;
  const recovery = isGone || order.recovery === null ? null : { ...order.recovery, session };
  return { ...order, session, active: ofVersion, recovery };
}

/** One event further; `undefined` = it does not fit the state of the order. */
export function nextRecord(
  order: OrderRecord,
  event: Exclude<OrderEvent, { type: 'order-created' }>,
  said: Said,
): OrderRecord | undefined {
  const { status, active } = order;
  switch (event.type) {
    case 'order-amended':
      return amended(order, event, said);
    case 'order-signed':
    case 'order-check-failed':
    case 'order-verified':
    case 'order-sent-back': {
      const version = waitingVersion(order);
      if (isOfAnother(event, version)) return undefined;
      const change = changeOf(version, event, said);
      if (change === undefined) return undefined;
      // What runs is signed and verified already: only its change is on that way.
      return order.pending === null
        ? { ...order, ...change, status: change.status ?? status }
        : withPending(order, { ...order.pending, ...change });
    }
    case 'order-amendment-withdrawn':
      return order.pending === null || isOfAnother(event, order.pending)
        ? undefined
        : withoutPending(order, 'withdrawn');
    case 'order-expired': {
      if (isOfAnother(event, waitingVersion(order))) return undefined;
      if (order.pending !== null) return withoutPending(order, 'expired');
      return isUnderWay(status) ? { ...order, status: 'expired' } : undefined;
    }
    case 'order-activated':
      if (isOfAnother(event, waitingVersion(order))) return undefined;
      return order.pending === null
        ? activated(order, event, said)
        : takenOver(order, order.pending, event, said);
    case 'order-started': {
      // The first flow counts: a second one must not move the whole plan.
      if (active === null || active.startedAtWallMs !== null) return undefined;
      const start = { startCounterMl: event.counterMl, startPumpId: event.pumpId };
      return { ...order, active: { ...active, ...start, startedAtWallMs: said.atWallMs } };
    }
    case 'order-completed':
      return status === 'active' ? ended(order, 'completed', said.atWallMs) : undefined;
    case 'order-discontinued':
      return isOver(order) ? undefined : ended(order, 'discontinued', said.atWallMs);
  }
}

/** Entries of older programs name no version: they had but one. */
const isOfAnother = (
  event: { readonly version?: number },
  { version }: Pick<OrderVersion, 'version'>,
): boolean => event.version !== undefined && event.version !== version;

/** Before activation the new version takes the place of the old one at once: nothing runs by either. */
function amended(
  order: OrderRecord,
  { version, source, reason }: Extract<OrderEvent, { type: 'order-amended' }>,
  said: Said,
): OrderRecord | undefined {
  const next = newVersion(version, source, reason, said);
  const newest = versionsOf(order).at(-1)?.version ?? 0;
  if (next === undefined || version <= newest) return undefined;
  if (order.status === 'active')
    return withPending(order.pending === null ? order : withoutPending(order, 'replaced'), next);
  if (!isUnderWay(order.status) && order.status !== 'expired') return undefined;
  const former = [...order.former, { ...versionOf(order), status: 'replaced' as const }];
  return { ...order, ...next, status: 'draft', former };
}

function withPending(order: OrderRecord, pending: OrderVersion): OrderRecord {
  const { active } = order;
  const pendingVersion = pending.status === 'verified' ? null : pending.version;
  return { ...order, pending, active: active && { ...active, pendingVersion } };
}

function withoutPending(
  order: OrderRecord,
  became: 'replaced' | 'withdrawn' | 'expired',
): OrderRecord {
  const { active, pending } = order;
  if (pending === null) return order;
  const former = [...order.former, { ...pending, status: became }];
  return { ...order, former, pending: null, active: active && { ...active, pendingVersion: null } };
}

type Activated = Extract<OrderEvent, { type: 'order-activated' }>;

function activated(order: OrderRecord, event: Activated, said: Said): OrderRecord | undefined {
  if (order.status !== 'verified') return undefined;
  const activatedAtWallMs = said.atWallMs;
  const facts = factsOf(order, event, order.session);
  return {
    ...order,
    status: 'active',
    bedId: event.bedId,
    activatedBy: said.by,
    activatedAtWallMs,
    active: activeOrder({ ...facts, activatedAtWallMs }),
  };
}

/** The next version of an order that runs takes over: the session, its start and its amounts go on. */
function takenOver(
  order: OrderRecord,
  pending: OrderVersion,
  event: Activated,
  said: Said,
): OrderRecord | undefined {
  const { active } = order;
  if (active === null || pending.status !== 'verified' || event.bedId !== order.bedId)
    return undefined;
  const facts = factsOf(pending, event, active.session);
  return {
    ...order,
    ...pending,
    status: 'active',
    activatedBy: said.by,
    activatedAtWallMs: said.atWallMs,
    pending: null,
    former: [...order.former, { ...versionOf(order), status: 'replaced' }],
    active: amendedOrder(active, facts, said.atWallMs),
  };
}

function factsOf(
  { version, document, signedBy, verifiedBy, softLimitReason }: OrderVersion,
  { orderId, hardMaxMgPerH, softMaxMgPerH, drugNames }: Activated,
  session: SessionRecord,
): Omit<ActiveOrderFacts, 'activatedAtWallMs'> {
  const people = { signedBy, verifiedBy, softLimitReason };
  const library = { hardMaxMgPerH, softMaxMgPerH, drugNames };
  return { orderId, version, document, ...people, ...library, session };
}

function ended(
  order: OrderRecord,
  status: 'completed' | 'discontinued',
  wallMs: number,
): OrderRecord {
  const { orderId, document, session } = order;
  const startedAtWallMs = order.active?.startedAtWallMs ?? null;
  const recovery =
    startedAtWallMs === null
      ? null
      : recoveryOf({ orderId, document, startedAtWallMs }, session, wallMs);
  return { ...withoutPending(order, 'withdrawn'), status, active: null, recovery };
}

const isUnderWay = (status: OrderStatus): boolean =>
  status === 'draft' || status === 'signed' || status === 'verified';

const isOver = ({ status }: OrderRecord): boolean =>
  status === 'completed' || status === 'discontinued' || status === 'expired';
