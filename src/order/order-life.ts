import { type CareArea, type DrugLibrary, doseLimits } from './drug-library.ts';
import { drugNamesOf } from './drug-names.ts';
import {
  activeOn,
  nextOrderId,
  type OrderBook,
  type OrderBookEvent,
  type OrderRecord,
  type OrderStatus,
  recoveringOn,
} from './order-book.ts';
import { checkRules } from './order-rules.ts';
import type { OrderDocument } from './order-schema.ts';
import type { RegimenShelf } from './regimen.ts';
import { type Mismatch, secondCheck } from './second-check.ts';
import type { TextProblem } from './yaml-text.ts';

export type { CareArea } from './drug-library.ts';
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
  recoveringOn,
} from './order-book.ts';
export type { Mismatch } from './second-check.ts';

/** After this many failed second checks an order is locked and must be written anew. */
export const CHECKS_MAX = 3;

export interface Person {
  readonly user: string;
  readonly roles: readonly string[];
}

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
  /** What is kept although the call is refused: a failed second check. */
  readonly events?: readonly OrderBookEvent[];
}

/** A draft. Hard limits refuse at once; a soft limit is told and needs no more for now. */
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

export function decideSign(book: OrderBook, orderId: string, by: Person): OrderDecision {
  return withOrder(book, orderId, ['draft'], 'signed', () =>
    by.roles.includes('prescriber')
      ? { ok: true, events: [{ type: 'order-signed', orderId }] }
      : refuse(
          403,
          'role',
          `Only a prescriber signs an order; ${by.user} is ${by.roles.join(', ')}.`,
        ),
  );
}

const CHECKERS: ReadonlySet<string> = new Set(['nurse', 'pharmacist', 'prescriber']);

/** The second check: another person enters the critical fields without seeing the first entry. */
export function decideVerify(
  book: OrderBook,
  orderId: string,
  by: Person,
  entered: unknown,
): OrderDecision {
  return withOrder(book, orderId, ['signed'], 'verified', (order) => {
    if (!by.roles.some((role) => CHECKERS.has(role))) {
      return refuse(
        403,
        'role',
        `A nurse, pharmacist or prescriber makes the second check; ${by.user} is ${by.roles.join(', ')}.`,
      );
    }
    if (by.user === order.signedBy || by.user === order.createdBy) {
      return refuse(
        403,
        'same-person',
        `${by.user} wrote or signed this order; another person must check it.`,
      );
    }
    if (order.failedChecks >= CHECKS_MAX) {
      return refuse(
        409,
        'locked',
        `This order failed ${CHECKS_MAX} checks and is locked; the prescriber must write it anew.`,
      );
    }
    const { missing, mismatches } = secondCheck(order.document, order.source, entered);
    const [first] = missing;
    if (first !== undefined) {
      // Nothing was compared, so it tells nothing about the order and counts as no attempt.
      return {
        ...refuse(
          422,
          'incomplete',
          `The second entry lacks: ${missing.join(', ')}. Enter every critical field again.`,
        ),
        path: first,
      };
    }
    if (mismatches.length === 0) return { ok: true, events: [{ type: 'order-verified', orderId }] };
    const fields = mismatches.map(({ path }) => path).join(', ');
    const isLast = order.failedChecks + 1 >= CHECKS_MAX;
    return {
      ...refuse(
        422,
        'mismatch',
        `The second entry differs from the order in: ${fields}. ${
          isLast
            ? 'The order is locked now; the prescriber must write it anew.'
            : 'Both people look at the source again.'
        }`,
      ),
      mismatches,
      events: [{ type: 'order-check-failed', orderId, mismatches }],
    };
  });
}

export function decideActivate(
  book: OrderBook,
  orderId: string,
  call: {
    readonly bedId: string;
    readonly bag: { readonly drugMg: number; readonly volumeMl: number };
  },
  library: DrugLibrary,
  areaOf: (bedId: string) => CareArea | undefined,
  shelf: RegimenShelf,
): OrderDecision {
  return withOrder(book, orderId, ['verified'], 'activated', (order) => {
    const area = areaOf(call.bedId);
    if (area === undefined) {
      return {
        ...refuse(
          422,
          'no-such-bed',
          `There is no bed ${call.bedId}; choose a bed of this gateway.`,
        ),
        path: 'bedId',
      };
    }
    const other = activeOn(book, call.bedId);
    if (other !== undefined) {
      return refuse(
        409,
        'bed-taken',
        `Order ${other.orderId} already runs on ${call.bedId}; complete or discontinue it first.`,
      );
    }
    const { drugMg, volumeMl } = order.document.bag;
    if (call.bag.drugMg !== drugMg || call.bag.volumeMl !== volumeMl) {
      return {
        ...refuse(
          422,
          'bag',
          `The bag has ${call.bag.drugMg} mg in ${call.bag.volumeMl} mL, the order says ${drugMg} mg in ${volumeMl} mL; hang the bag that was ordered.`,
        ),
        path: 'bag',
      };
    }
    const limits = checkRules(order.document, library, area, shelf);
    if (!limits.ok) return limits;
    const { hardMaxMgPerH, softMaxMgPerH } = doseLimits(library, order.document, area);
    const before = recoveringOn(book, call.bedId);
    return {
      ok: true,
      events: [
        ...(before === undefined ? [] : [leftFor(before.orderId, orderId)]),
        {
          type: 'order-activated',
          orderId,
          bedId: call.bedId,
          hardMaxMgPerH,
          softMaxMgPerH,
          drugNames: drugNamesOf(library, order.document.drug),
        },
      ],
      ...(limits.note === undefined ? {} : { note: limits.note }),
    };
  });
}

/** The bed is needed: whoever recovered there is taken to be gone, which is in the log like a discharge. */
const leftFor = (orderId: string, next: string): OrderBookEvent => ({
  type: 'patient-discharged',
  orderId,
  reason: `order ${next} was started on the bed`,
});

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

function withOrder(
  book: OrderBook,
  orderId: string,
  from: readonly OrderStatus[],
  what: string,
  decide: (order: OrderRecord) => OrderDecision,
): OrderDecision {
  const order = book.orders.get(orderId);
  if (order === undefined) return refuse(404, 'no-such-order', `There is no order ${orderId}.`);
  if (!from.includes(order.status)) {
    return refuse(
      409,
      'wrong-status',
      `Order ${orderId} is ${order.status}; only one that is ${from.join(' or ')} can be ${what}.`,
    );
  }
  return decide(order);
}

const refuse = (status: OrderRefusal['status'], code: string, message: string): OrderRefusal => ({
  ok: false,
  status,
  code,
  message,
});
