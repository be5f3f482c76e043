import type { CareArea, DrugLibrary } from './drug-library.ts';
import type { OrderBook, OrderBookEvent, OrderRecord, OrderStatus } from './order-book.ts';
import type { OrderDocument } from './order-schema.ts';
import type { RegimenShelf } from './regimen.ts';
import type { Mismatch } from './second-check.ts';
import type { TextProblem } from './yaml-text.ts';

export interface Person {
  readonly user: string;
  readonly roles: readonly string[];
}

/** What holds at this gateway when something is decided. */
export interface Site {
  readonly library: DrugLibrary;
  readonly shelf: RegimenShelf;
  /** Care area of each bed. */
  readonly areas: ReadonlyMap<string, CareArea>;
  readonly wallMs: number;
}

/** The most permissive care area of the beds: an order that not even it allows can be given nowhere here. */
export const widestArea = ({ areas }: Pick<Site, 'areas'>): CareArea =>
  [...areas.values()].includes('icu-coma') ? 'icu-coma' : 'standard';

export type OrderDecision =
  | { readonly ok: true; readonly events: readonly OrderBookEvent[]; readonly note?: string }
  | OrderRefusal;

export interface OrderRefusal {
  readonly ok: false;
  readonly status: 400 | 403 | 404 | 409 | 422;
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly mismatches?: readonly Mismatch[];
  /** What is wrong in the text of an order. */
  readonly problems?: readonly TextProblem[];
  /** More for a program. */
  readonly detail?: unknown;
  /** What is kept although the call is refused: a failed second check. */
  readonly events?: readonly OrderBookEvent[];
}

export const refuse = (
  status: OrderRefusal['status'],
  code: string,
  message: string,
  path?: string,
): OrderRefusal => ({ ok: false, status, code, message, ...(path === undefined ? {} : { path }) });

export function withOrder(
  book: OrderBook,
  orderId: string,
  from: readonly OrderStatus[],
  what: string,
  decide: (order: OrderRecord) => OrderDecision,
): OrderDecision {
  const order = book.orders.get(orderId);
  if (order === undefined) return refuse(404, 'no-such-order', `There is no order ${orderId}.`);
  if (from.includes(order.status)) return decide(order);
  const message = `Order ${orderId} is ${order.status}; only one that is ${from.join(' or ')} can be ${what}.`;
  return refuse(409, 'wrong-status', message);
}

/** Whether an order may no longer be given. Left out, it is valid for ever. */
export function isExpired({ validUntil }: OrderDocument, wallMs: number): boolean {
  return validUntil !== undefined && wallMs > Date.parse(validUntil);
}

export function expiredRefusal(orderId: string, { validUntil }: OrderDocument): OrderRefusal {
  const message = `Order ${orderId} was valid until ${validUntil}; the prescriber must amend it before it can be given.`;
  return refuse(409, 'expired', message, 'validUntil');
}
