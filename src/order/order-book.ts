import { type ActiveOrder, activeOrder } from './active-order.ts';
import type { DrugNames } from './drug-names.ts';
import { shapeContradictions } from './order-consistency.ts';
import { OrderDocument } from './order-schema.ts';
import { type Recovery, recoveryOf } from './recovery.ts';
import type { Mismatch } from './second-check.ts';
import { isSessionEvent, type SessionEvent } from './session-event.ts';
import { emptySession, nextSession, type SessionRecord } from './session-record.ts';

/** What happened to orders; JSON-plain entries of the event log, with user and time around them. */
export type OrderEvent =
  | { readonly type: 'order-created'; readonly orderId: string; readonly source: unknown }
  | { readonly type: 'order-signed'; readonly orderId: string }
  | {
      readonly type: 'order-check-failed';
      readonly orderId: string;
      readonly mismatches: readonly Mismatch[];
    }
  | { readonly type: 'order-verified'; readonly orderId: string }
  | {
      readonly type: 'order-activated';
      readonly orderId: string;
      readonly bedId: string;
      /** As the drug library says now: a later library does not change an order that runs. */
      readonly hardMaxMgPerH: number;
      readonly softMaxMgPerH: number | null;
      /** Not in logs of former versions. */
      readonly drugNames?: DrugNames;
    }
  /** Flow was seen for the first time: the steps count from here. */
  | {
      readonly type: 'order-started';
      readonly orderId: string;
      readonly pumpId: string;
      readonly counterMl: number | null;
    }
  | { readonly type: 'order-completed'; readonly orderId: string }
  | { readonly type: 'order-discontinued'; readonly orderId: string; readonly reason: string };

const TYPES: ReadonlySet<string> = new Set<OrderEvent['type']>([
  'order-created',
  'order-signed',
  'order-check-failed',
  'order-verified',
  'order-activated',
  'order-started',
  'order-completed',
  'order-discontinued',
]);

/** What the order book is folded from. */
export type OrderBookEvent = OrderEvent | SessionEvent;

/** The log holds other events too. */
export function isOrderBookEvent(event: { readonly type: string }): event is OrderBookEvent {
  return TYPES.has(event.type) || isSessionEvent(event);
}

export type OrderStatus = 'draft' | 'signed' | 'verified' | 'active' | 'completed' | 'discontinued';

export interface OrderRecord {
  readonly orderId: string;
  readonly version: number;
  readonly status: OrderStatus;
  /** As it was handed in. */
  readonly source: unknown;
  readonly document: OrderDocument;
  readonly createdBy: string;
  readonly signedBy: string | null;
  readonly verifiedBy: string | null;
  readonly failedChecks: number;
  readonly bedId: string | null;
  readonly active: ActiveOrder | null;
  /** What was noted since it was activated. */
  readonly session: SessionRecord;
  /** After an infusion that had begun, until the patient is discharged. */
  readonly recovery: Recovery | null;
}

export interface OrderBook {
  readonly orders: ReadonlyMap<string, OrderRecord>;
  /** How many were ever written, also those that this version cannot read: ids come from it. */
  readonly created: number;
}

export const emptyOrderBook: OrderBook = { orders: new Map(), created: 0 };

/**
 * One event further. Pure and total: an event that does not fit the state of its order changes
 * nothing, so a log of another version can still be folded.
 */
export function nextOrderBook(
  book: OrderBook,
  event: OrderBookEvent,
  at: { readonly wallMs: number; readonly user?: string },
): OrderBook {
  const user = at.user ?? 'unknown';
  if (event.type === 'order-created') return withCreated(book, event, user);
  const order = book.orders.get(event.orderId);
  if (order === undefined) return book;
  const next = isSessionEvent(event)
    ? withSession(order, event, user, at.wallMs)
    : nextRecord(order, event, user, at.wallMs);
  return next === undefined ? book : put(book, next);
}

function withCreated(
  book: OrderBook,
  { orderId, source }: Extract<OrderEvent, { type: 'order-created' }>,
  user: string,
): OrderBook {
  const counted = { ...book, created: book.created + 1 };
  const parsed = OrderDocument.safeParse(source);
  // Written by another version of this program: what is not understood is not run.
  if (!parsed.success || shapeContradictions(parsed.data).length > 0) return counted;
  return put(counted, {
    orderId,
    version: 1,
    status: 'draft',
    source,
    document: parsed.data,
    createdBy: user,
    signedBy: null,
    verifiedBy: null,
    failedChecks: 0,
    bedId: null,
    active: null,
    session: emptySession,
    recovery: null,
  });
}

function withSession(
  order: OrderRecord,
  event: SessionEvent,
  by: string,
  atWallMs: number,
): OrderRecord | undefined {
  if (order.active === null && order.recovery === null) return undefined;
  const session = nextSession(order.session, event, { by, atWallMs });
  const active = order.active && { ...order.active, session };
  const isGone = session.discharged !== null;
  const recovery = isGone || order.recovery === null ? null : { ...order.recovery, session };
  return { ...order, session, active, recovery };
}

function nextRecord(
  order: OrderRecord,
  event: Exclude<OrderEvent, { type: 'order-created' }>,
  user: string,
  wallMs: number,
): OrderRecord | undefined {
  const { status, active } = order;
  switch (event.type) {
    case 'order-signed':
      return status === 'draft' ? { ...order, status: 'signed', signedBy: user } : undefined;
    case 'order-check-failed':
      return { ...order, failedChecks: order.failedChecks + 1 };
    case 'order-verified':
      return status === 'signed' ? { ...order, status: 'verified', verifiedBy: user } : undefined;
    case 'order-activated': {
      if (status !== 'verified') return undefined;
      const { orderId, version, document, signedBy, verifiedBy } = order;
      const { bedId, hardMaxMgPerH, softMaxMgPerH } = event;
      const people = { signedBy, verifiedBy };
      const limits = { ...people, hardMaxMgPerH, softMaxMgPerH };
      const { session } = order;
      const known = { ...limits, drugNames: event.drugNames, session };
      const facts = { orderId, version, document, ...known, activatedAtWallMs: wallMs };
      return { ...order, status: 'active', bedId, active: activeOrder(facts) };
    }
    case 'order-started': {
      // The first flow counts: a second one must not move the whole plan.
      if (active === null || active.startedAtWallMs !== null) return undefined;
      const start = { startCounterMl: event.counterMl, startPumpId: event.pumpId };
      return { ...order, active: { ...active, ...start, startedAtWallMs: wallMs } };
    }
    case 'order-completed':
      return status === 'active' ? ended(order, 'completed', wallMs) : undefined;
    case 'order-discontinued':
      return isOver(order) ? undefined : ended(order, 'discontinued', wallMs);
  }
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
  return { ...order, status, active: null, recovery };
}

const isOver = ({ status }: OrderRecord): boolean =>
  status === 'completed' || status === 'discontinued';

const put = (book: OrderBook, order: OrderRecord): OrderBook => ({
  ...book,
  orders: new Map(book.orders).set(order.orderId, order),
});

/** `O000007`: the next free number of this log. */
export function nextOrderId(book: OrderBook): string {
  return `O${String(book.created + 1).padStart(6, '0')}`;
}

export function activeOn(book: OrderBook, bedId: string): OrderRecord | undefined {
  for (const order of book.orders.values()) {
    if (order.bedId === bedId && order.status === 'active') return order;
  }
  return undefined;
}

/** Whose infusion on this bed is over and who is not discharged yet. */
export function recoveringOn(book: OrderBook, bedId: string): OrderRecord | undefined {
  for (const order of book.orders.values()) {
    if (order.bedId === bedId && order.recovery !== null) return order;
  }
  return undefined;
}
