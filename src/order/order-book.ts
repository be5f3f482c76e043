import type { OrderBookEvent, OrderEvent } from './order-event.ts';
import { nextRecord, type OrderRecord, withSession } from './order-record.ts';
import { newVersion } from './order-version.ts';
import { isSessionEvent } from './session-event.ts';
import { emptySession, type Said } from './session-record.ts';

export { isOrderBookEvent, type OrderBookEvent, type OrderEvent } from './order-event.ts';
export { type OrderRecord, versionsOf, waitingVersion } from './order-record.ts';
export type { OrderStatus, OrderVersion } from './order-version.ts';

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
  const said = { by: at.user ?? 'unknown', atWallMs: at.wallMs };
  if (event.type === 'order-created') return withCreated(book, event, said);
  const order = book.orders.get(event.orderId);
  if (order === undefined) return book;
  const next = isSessionEvent(event)
    ? withSession(order, event, said)
    : nextRecord(order, event, said);
  return next === undefined ? book : put(book, next);
}

function withCreated(
  book: OrderBook,
  { orderId, source }: Extract<OrderEvent, { type: 'order-created' }>,
  said: Said,
): OrderBook {
  const counted = { ...book, created: book.created + 1 };
  const version = newVersion(1, source, null, said);
  if (version === undefined) return counted;
  return put(counted, {
    ...version,
    orderId,
    status: 'draft',
    pending: null,
    former: [],
    bedId: null,
    active: null,
    session: emptySession,
    recovery: null,
  });
}

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
