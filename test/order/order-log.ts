import {
  type Activation,
  decideActivate,
  decideAmend,
  decideComplete,
  decideCreate,
  decideSendBack,
  decideSign,
  decideStart,
  decideVerify,
  decideWithdraw,
  emptyOrderBook,
  nextOrderBook,
  type OrderBook,
  type OrderBookEvent,
  type OrderDecision,
  type OrderRecord,
  type Person,
  type Signing,
} from '../../src/order/order-life.ts';
import { library, order, shelf, site, TITRATION, type Written } from './order-kit.ts';

export const NURSE_A: Person = { user: 'nurse.a', roles: ['nurse'] };
export const NURSE_B: Person = { user: 'nurse.b', roles: ['nurse'] };
export const DOCTOR: Person = { user: 'dr.c', roles: ['prescriber'] };
export const OTHER_DOCTOR: Person = { user: 'dr.d', roles: ['prescriber'] };

/** Wall time of the first decision: a Friday morning. */
export const T0 = Date.UTC(2026, 10, 20, 8);

interface Entry {
  readonly event: OrderBookEvent;
  readonly user: string;
  readonly wallMs: number;
}

/** What decisions wrote, as JSON; the book is folded from it each time, as after a restart. */
export class OrderLog {
  readonly entries: Entry[] = [];
  wallMs = T0;
  id = 'O000001';

  get book(): OrderBook {
    return this.entries.reduce(
      (book, { event, user, wallMs }) => nextOrderBook(book, event, { user, wallMs }),
      emptyOrderBook,
    );
  }

  get order(): OrderRecord {
    const found = this.book.orders.get(this.id);
    if (found === undefined) throw new Error(`there is no order ${this.id}`);
    return found;
  }

  take(decision: OrderDecision, by: Person): OrderDecision {
    for (const event of decision.events ?? []) {
      const kept = JSON.parse(JSON.stringify(event)) as OrderBookEvent;
      this.entries.push({ event: kept, user: by.user, wallMs: this.wallMs });
    }
    return decision;
  }

  create(written: Written = TITRATION, by = NURSE_A): OrderDecision {
    const made = decideCreate(this.book, order(written), written, library(), 'icu-coma', shelf);
    const [event] = made.events ?? [];
    if (made.ok && event !== undefined) this.id = event.orderId;
    return this.take(made, by);
  }

  sign(signing: Signing = {}, by = DOCTOR): OrderDecision {
    return this.take(decideSign(this.book, this.id, by, signing, site(this.wallMs)), by);
  }

  verify(entered: unknown, by = NURSE_B): OrderDecision {
    return this.take(decideVerify(this.book, this.id, by, entered, this.wallMs), by);
  }

  sendBack(reason = 'cannot read it', by = NURSE_B): OrderDecision {
    return this.take(decideSendBack(this.book, this.id, by, reason), by);
  }

  amend(written: Written, by = NURSE_A, reason = 'drowsy'): OrderDecision {
    const amendment = { document: order(written), source: written, reason };
    return this.take(decideAmend(this.book, this.id, by, amendment, site(this.wallMs)), by);
  }

  withdraw(reason = 'not needed', by = NURSE_A): OrderDecision {
    return this.take(decideWithdraw(this.book, this.id, reason), by);
  }

  activate(call: Activation, by = NURSE_A): OrderDecision {
    return this.take(decideActivate(this.book, this.id, call, site(this.wallMs)), by);
  }

  start(counterMl = 1.5): OrderDecision {
    const seen = { pumpId: 'B01-pump', counterMl };
    return this.take(decideStart(this.book, this.id, seen), NURSE_A);
  }

  complete(): OrderDecision {
    return this.take(decideComplete(this.book, this.id), NURSE_A);
  }

  /** From a document to an order that runs on B01. */
  run(written: Written = TITRATION, signing: Signing = {}): this {
    const bag = written['bag'] as Activation['bag'];
    for (const done of [
      this.create(written),
      this.sign(signing),
      this.verify(written),
      this.activate({ bedId: 'B01', bag }),
      this.start(),
    ]) {
      if (!done.ok) throw new Error(done.message);
    }
    return this;
  }
}
