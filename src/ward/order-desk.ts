import type { OrderDetail } from '../hub/ward.ts';
import type { CareArea, DrugLibrary } from '../order/drug-library.ts';
import { type OrderProblem, parseOrderDocument } from '../order/order-document.ts';
import {
  activeOn,
  decideActivate,
  decideComplete,
  decideCreate,
  decideDiscontinue,
  decideSign,
  decideVerify,
  emptyOrderBook,
  isOrderBookEvent,
  nextOrderBook,
  type OrderBook,
  type OrderDecision,
  type OrderRecord,
  type OrderRefusal,
  type Person,
  recoveringOn,
} from '../order/order-life.ts';
import { checkRules } from '../order/order-rules.ts';
import type { Regimen, RegimenShelf } from '../order/regimen.ts';
import { orderView } from './bed-views.ts';

/** A document that cannot be read has all its problems with it. */
export type DeskDecision =
  | OrderDecision
  | (OrderRefusal & { readonly problems: readonly OrderProblem[] });

/** Keeps the order book; decides, never writes: events are applied when they are in the log. */
export class OrderDesk {
  #book: OrderBook = emptyOrderBook;
  readonly #library: DrugLibrary;
  readonly #areas: ReadonlyMap<string, CareArea>;
  readonly #regimens: RegimenShelf;

  /** @param areas care area of each bed of this gateway */
  constructor(
    library: DrugLibrary,
    areas: ReadonlyMap<string, CareArea>,
    regimens: RegimenShelf = new Map(),
  ) {
    this.#library = library;
    this.#areas = areas;
    this.#regimens = regimens;
  }

  regimens(): readonly Regimen[] {
    return [...this.#regimens.values()];
  }

  apply(
    event: { readonly type: string },
    at: { readonly wallMs: number; readonly user?: string },
  ): void {
    if (isOrderBookEvent(event)) this.#book = nextOrderBook(this.#book, event, at);
  }

  activeOn(bedId: string): OrderRecord | undefined {
    return activeOn(this.#book, bedId);
  }

  recoveringOn(bedId: string): OrderRecord | undefined {
    return recoveringOn(this.#book, bedId);
  }

  /** What runs on a bed, or whose infusion there is over. */
  onBed(bedId: string): Pick<OrderRecord, 'active' | 'recovery'> {
    const active = this.activeOn(bedId)?.active ?? null;
    return {
      active,
      recovery: active === null ? (this.recoveringOn(bedId)?.recovery ?? null) : null,
    };
  }

  orders(): ReadonlyMap<string, OrderRecord> {
    return this.#book.orders;
  }

  record(orderId: string): OrderRecord | undefined {
    return this.#book.orders.get(orderId);
  }

  /** @param told by the decision that was just made; else what still holds of the order is told again */
  detail(orderId: string, told?: string): OrderDetail | undefined {
    const order = this.record(orderId);
    if (order === undefined) return undefined;
    const note = told ?? this.#noteOf(order);
    return {
      view: orderView(order),
      document: order.source,
      bedId: order.bedId,
      ...(note === undefined ? {} : { note }),
    };
  }

  /** Whoever signs or checks must see it too, not only who wrote the order. */
  #noteOf({ document, bedId, status }: OrderRecord): string | undefined {
    if (status === 'completed' || status === 'discontinued') return undefined;
    const area = bedId === null ? this.#widestArea() : (this.#areas.get(bedId) ?? 'standard');
    const verdict = checkRules(document, this.#library, area, this.#regimens);
    return verdict.ok ? verdict.note : verdict.message;
  }

  /** The most permissive care area of this gateway's beds. */
  #widestArea(): CareArea {
    return [...this.#areas.values()].includes('icu-coma') ? 'icu-coma' : 'standard';
  }

  create(text: string): DeskDecision {
    const parsed = parseOrderDocument(text);
    if (!parsed.ok) {
      const [first] = parsed.problems;
      const line = first?.line === undefined ? '' : `line ${first.line}: `;
      const more =
        parsed.problems.length > 1 ? ` There are ${parsed.problems.length} problems in all.` : '';
      return {
        ok: false,
        status: 400,
        code: 'order-document',
        message: `${line}${first?.message ?? 'This is no order document.'}${more}`,
        ...(first === undefined ? {} : { path: first.path }),
        problems: parsed.problems,
      };
    }
    const { document, source } = parsed;
    const area = this.#widestArea();
    return decideCreate(this.#book, document, source, this.#library, area, this.#regimens);
  }

  sign(orderId: string, by: Person): OrderDecision {
    return decideSign(this.#book, orderId, by);
  }

  verify(orderId: string, by: Person, entered: unknown): OrderDecision {
    return decideVerify(this.#book, orderId, by, entered);
  }

  activate(orderId: string, call: Parameters<typeof decideActivate>[2]): OrderDecision {
    const areaOf = (bedId: string): CareArea | undefined => this.#areas.get(bedId);
    return decideActivate(this.#book, orderId, call, this.#library, areaOf, this.#regimens);
  }

  complete(orderId: string): OrderDecision {
    return decideComplete(this.#book, orderId);
  }

  discontinue(orderId: string, reason: string): OrderDecision {
    return decideDiscontinue(this.#book, orderId, reason);
  }
}
