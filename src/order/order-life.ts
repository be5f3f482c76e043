import type { CareArea, DrugLibrary } from './drug-library.ts';
import { nextOrderId, type OrderBook } from './order-book.ts';
import { type OrderDecision, refuse, withOrder } from './order-decision.ts';
import { checkRules } from './order-rules.ts';
import type { OrderDocument } from './order-schema.ts';
import type { RegimenShelf } from './regimen.ts';

export type { CareArea } from './drug-library.ts';
export { type Activation, decideActivate } from './order-activate.ts';
export { type Amendment, decideAmend, decideWithdraw } from './order-amend.ts';
export {
  activeOn,
  emptyOrderBook,
  isOrderBookEvent,
  nextOrderBook,
  nextOrderId,
  type OrderBook,
  type OrderBookEvent,
  type OrderEvent,
  type OrderRecord,
  type OrderStatus,
  type OrderVersion,
  recoveringOn,
  versionsOf,
  waitingVersion,
} from './order-book.ts';
export { CHECKS_MAX, decideSendBack, decideVerify } from './order-check.ts';
export type { OrderDecision, OrderRefusal, Person, Site } from './order-decision.ts';
export { expiredNow, nextExpiryWallMs } from './order-expiry.ts';
export { decideSign, type Signing, softLimitOf } from './order-sign.ts';
export type { Mismatch } from './second-check.ts';

/** A draft. Hard limits refuse at once; a soft limit is told, and needs a reason at the signature. */
export function decideCreate(
  book: OrderBook,
  document: OrderDocument,
  source: unknown,
  library: DrugLibrary,
  /** The most permissive care area of this gateway's beds; the bed's own is checked at its start. */
  area: CareArea,
  shelf: RegimenShelf,
): OrderDecision {
  const limits = checkRules(document, library, area, shelf);
  if (!limits.ok) return limits;
  return { ...limits, events: [{ type: 'order-created', orderId: nextOrderId(book), source }] };
}

/** Flow was seen on the bed for the first time since activation. */
export function decideStart(
  book: OrderBook,
  orderId: string,
  seen: { readonly pumpId: string; readonly counterMl: number | null },
): OrderDecision {
  return withOrder(book, orderId, ['active'], 'started', (order) =>
    order.active?.startedAtWallMs === null
      ? { ok: true, events: [{ type: 'order-started', orderId, ...seen }] }
      : refuse(409, 'started', `Order ${orderId} has started; its steps count from then.`),
  );
}

export function decideComplete(book: OrderBook, orderId: string): OrderDecision {
  return withOrder(book, orderId, ['active'], 'completed', () => ({
    ok: true,
    events: [{ type: 'order-completed', orderId }],
  }));
}

export function decideDiscontinue(book: OrderBook, orderId: string, reason: string): OrderDecision {
  return withOrder(
    book,
    orderId,
    ['draft', 'signed', 'verified', 'active'],
    'discontinued',
    () => ({
      ok: true,
      events: [{ type: 'order-discontinued', orderId, reason }],
    }),
  );
}
