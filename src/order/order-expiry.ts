import { type OrderBook, type OrderBookEvent, waitingVersion } from './order-book.ts';
import { isExpired } from './order-decision.ts';

/**
 * Orders, and changes of orders, whose time of validity passed before they were activated. It is noted as
 * an event when the gateway sees it, so that a replay of the log tells the same; what runs already
 * stays active, and rule ORD-28 says that its time is over.
 */
export function expiredNow(book: OrderBook, wallMs: number): readonly OrderBookEvent[] {
  const events: OrderBookEvent[] = [];
  for (const order of book.orders.values()) {
    const { version, status, document } = waitingVersion(order);
    if (!WAITING.has(status) || !isExpired(document, wallMs)) continue;
    events.push({ type: 'order-expired', orderId: order.orderId, version });
  }
  return events;
}

/** When the next of them is due; infinity when none is. */
export function nextExpiryWallMs(book: OrderBook): number {
  let next = Number.POSITIVE_INFINITY;
  for (const order of book.orders.values()) {
    const { status, document } = waitingVersion(order);
    if (!WAITING.has(status) || document.validUntil === undefined) continue;
    next = Math.min(next, Date.parse(document.validUntil));
  }
  return next;
}

const WAITING: ReadonlySet<string> = new Set(['draft', 'signed', 'verified']);
