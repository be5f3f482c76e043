import type { AlarmLimits } from '../check/limits.ts';
import type { OrderDetail } from '../hub/ward.ts';
import type { Draft } from '../order/draft-book.ts';
import { type DraftJudged, judgeDraft } from '../order/draft-checks.ts';
import type { CareArea, DrugLibrary } from '../order/drug-library.ts';
import { refuse, widestArea } from '../order/order-decision.ts';
import {
  type Activation,
  activeOn,
  decideActivate,
  decideAmend,
  decideComplete,
  decideCreate,
  decideDiscontinue,
  decideSendBack,
  decideSign,
  decideVerify,
  decideWithdraw,
  emptyOrderBook,
  expiredNow,
  isOrderBookEvent,
  nextExpiryWallMs,
  nextOrderBook,
  type OrderBook,
  type OrderBookEvent,
  type OrderDecision,
  type OrderRecord,
  type Person,
  recoveringOn,
  type Signing,
  type Site,
  waitingVersion,
} from '../order/order-life.ts';
import { checkRules } from '../order/order-rules.ts';
import type { Regimen, RegimenShelf } from '../order/regimen.ts';
import { pathText, readText } from '../order/yaml-text.ts';
import { orderView } from './bed-views.ts';
import { versionViews } from './order-desk-views.ts';
import { type DeskRefusal, NO_LINES, plainOf, readOrder, wrongLimits } from './order-reading.ts';

/** A document that cannot be read has all its problems with it. */
export type DeskDecision = OrderDecision | DeskRefusal;

/** Keeps the order book; decides, never writes: events are applied when they are in the log. */
export class OrderDesk {
  #book: OrderBook = emptyOrderBook;
  /** `undefined` = the book has changed since it was looked up. */
  #nextExpiryWallMs: number | undefined;
  readonly #library: DrugLibrary;
  readonly #areas: ReadonlyMap<string, CareArea>;
  readonly #regimens: RegimenShelf;
  readonly #limits: AlarmLimits | undefined;

  /**
   * @param areas care area of each bed of this gateway
   * @param limits those that an order may change for its patient; left out, none are checked
   */
  constructor(
    library: DrugLibrary,
    areas: ReadonlyMap<string, CareArea>,
    regimens: RegimenShelf = new Map(),
    limits?: AlarmLimits,
  ) {
    this.#library = library;
    this.#areas = areas;
    this.#regimens = regimens;
    this.#limits = limits;
  }

  regimens(): readonly Regimen[] {
    return [...this.#regimens.values()];
  }

  apply(
    event: { readonly type: string },
    at: { readonly wallMs: number; readonly user?: string },
  ): void {
    if (!isOrderBookEvent(event)) return;
    this.#book = nextOrderBook(this.#book, event, at);
    this.#nextExpiryWallMs = undefined;
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

  /** Newest first. */
  list({ status, bedId }: OrderFilter): readonly OrderRecord[] {
    return [...this.#book.orders.values()]
      .filter((order) => status === undefined || status.includes(order.status))
      .filter((order) => bedId === undefined || order.bedId === bedId)
      .reverse()
      .slice(0, LIST_MAX);
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
      versions: versionViews(order),
      ...(note === undefined ? {} : { note }),
    };
  }

  /** Whoever signs or checks must see it too, not only who wrote the order. */
  #noteOf(order: OrderRecord): string | undefined {
    const { status, bedId } = order;
    if (status === 'completed' || status === 'discontinued') return undefined;
    if (status === 'expired') return `It was valid until ${order.document.validUntil}.`;
    const area = this.#areas.get(bedId ?? '') ?? widestArea({ areas: this.#areas });
    const { document } = waitingVersion(order);
    const verdict = checkRules(document, this.#library, area, this.#regimens);
    return verdict.ok ? verdict.note : verdict.message;
  }

  create(text: string, format: 'json' | 'yaml' = 'yaml'): DeskDecision {
    const parsed = readOrder(readText(text, format), this.#limits);
    if (!parsed.ok) return parsed;
    const area = widestArea({ areas: this.#areas });
    const { document, source } = parsed;
    return decideCreate(this.#book, document, source, this.#library, area, this.#regimens);
  }

  amend(
    orderId: string,
    by: Person,
    call: { readonly document: unknown; readonly reason: string },
    wallMs: number,
  ): DeskDecision {
    const parsed = readOrder(plainOf(call.document), this.#limits);
    if (!parsed.ok) return parsed;
    const { reason } = call;
    return decideAmend(this.#book, orderId, by, { ...parsed, reason }, this.#site(wallMs));
  }

  withdraw(orderId: string, reason: string): OrderDecision {
    return decideWithdraw(this.#book, orderId, reason);
  }

  sign(orderId: string, by: Person, signing: Signing, wallMs: number): OrderDecision {
    return decideSign(this.#book, orderId, by, signing, this.#site(wallMs));
  }

  verify(orderId: string, by: Person, entered: unknown, wallMs: number): OrderDecision {
    return decideVerify(this.#book, orderId, by, entered, wallMs);
  }

  sendBack(orderId: string, by: Person, reason: string): OrderDecision {
    return decideSendBack(this.#book, orderId, by, reason);
  }

  activate(orderId: string, call: Activation, wallMs: number): OrderDecision {
    const order = this.record(orderId);
    const document = order && waitingVersion(order).document;
    const [wrong] = document === undefined ? [] : wrongLimits(document, this.#limits);
    if (wrong !== undefined) {
      // The limits file has changed since it was written.
      const path = pathText(wrong.path);
      return refuse(
        422,
        'alarm-limit',
        `${path} ${wrong.message}; the order must be amended.`,
        path,
      );
    }
    return decideActivate(this.#book, orderId, call, this.#site(wallMs));
  }

  complete(orderId: string): OrderDecision {
    return decideComplete(this.#book, orderId);
  }

  discontinue(orderId: string, reason: string): OrderDecision {
    return decideDiscontinue(this.#book, orderId, reason);
  }

  /** Never before this wall time is anything due to expire. */
  get nextExpiryWallMs(): number {
    this.#nextExpiryWallMs ??= nextExpiryWallMs(this.#book);
    return this.#nextExpiryWallMs;
  }

  expiredNow(wallMs: number): readonly OrderBookEvent[] {
    return expiredNow(this.#book, wallMs);
  }

  /** What is to be said of a draft: its faults, and the numbers that follow from it. */
  judged({
    document,
    bedId,
    amends,
  }: Omit<Draft, 'draftId' | 'by' | 'savedAtWallMs'>): DraftJudged {
    const read = plainOf(document);
    const about = { bedId, amends: amends === null ? undefined : this.record(amends) };
    const plain = read.ok ? read.value : NO_LINES;
    // Where no time passes: nothing of a draft depends on it.
    const judged = judgeDraft(plain, this.#book, this.#site(0), about);
    const parsed = readOrder(read, this.#limits);
    return parsed.ok ? judged : { ...judged, problems: parsed.problems, note: null };
  }

  #site(wallMs: number): Site {
    return { library: this.#library, shelf: this.#regimens, areas: this.#areas, wallMs };
  }
}

export interface OrderFilter {
  readonly status?: readonly OrderRecord['status'][];
  readonly bedId?: string;
}

const LIST_MAX = 200;
