import { type Course, coursesOf } from '../../src/order/course.ts';
import {
  emptyCourseBook,
  founds,
  isCourseEvent,
  nextCourseBook,
} from '../../src/order/course-book.ts';
import { checkCourse, decideMiss, decideMove } from '../../src/order/course-life.ts';
import { emptyOrderBook, isOrderBookEvent, nextOrderBook } from '../../src/order/order-book.ts';
import { NO_TRAIL, nextTrail, type OrderTrail, orderOf } from '../../src/order/order-trail.ts';
import { TITRATION } from './order-kit.ts';

interface Entry {
  readonly event: { readonly type: string };
  readonly wallMs: number;
  readonly user: string;
}

/** Mondays to Fridays from 23 November 2026 on, 40 mg and 5 mg more each day up to 80 mg. */
export const TEN_DAYS = Array.from({ length: 10 }, (_, index) => ({
  day: index + 1,
  date: new Date(Date.UTC(2026, 10, 23 + index + 2 * Math.floor(index / 5)))
    .toISOString()
    .slice(0, 10),
  plannedMg: Math.min(80, 40 + 5 * index),
}));

/** Orders and what was said of their courses, as a log; everything is folded anew from it each time. */
export class CourseLog {
  log: Entry[] = [];
  today = '2026-11-23';
  /** What the ledger knows of an order. */
  readonly given = new Map<string, { atLeastMg: number; atMostMg: number }>();
  #orders = 0;

  /** A signed order of one day. */
  order(day: number, courseId?: string, written: Readonly<Record<string, unknown>> = {}): string {
    this.#orders += 1;
    const orderId = `O${String(this.#orders).padStart(6, '0')}`;
    const { plannedMg } = TEN_DAYS[day - 1] ?? { plannedMg: 40 };
    const source = {
      ...TITRATION,
      mode: 'mg-total-over',
      bag: { drugMg: plannedMg, volumeMl: 500 },
      steps: [{ step: 1, at: 'PT0S', dose: plannedMg, over: 'PT4H' }],
      end: 'PT4H',
      course: { ...(courseId === undefined ? {} : { id: courseId }), day, sessions: TEN_DAYS },
      ...written,
    };
    this.say({ type: 'order-created', orderId, source });
    this.say({ type: 'order-signed', orderId });
    return orderId;
  }

  say(
    event: { readonly type: string } & Readonly<Record<string, unknown>>,
    user = 'nurse-a',
  ): void {
    this.log.push({ event, wallMs: Date.parse(`${this.today}T09:00:00Z`), user });
  }

  /** Begins if the course lets it, and is given to its end. */
  give(orderId: string, atLeastMg: number, atMostMg = atLeastMg): boolean {
    if (!this.check(orderId).ok) return false;
    this.begin(orderId);
    this.given.set(orderId, { atLeastMg, atMostMg });
    this.say({ type: 'order-completed', orderId });
    return true;
  }

  begin(orderId: string): void {
    this.say({ type: 'order-verified', orderId });
    const limits = { hardMaxMgPerH: 50, softMaxMgPerH: null };
    this.say({ type: 'order-activated', orderId, bedId: 'B01', ...limits });
    this.say({ type: 'order-started', orderId, pumpId: 'B01-pump', counterMl: 0 });
  }

  move(courseId: string, day: number, date: string, reason = 'patient away') {
    const decision = decideMove(
      this.course(courseId),
      { day, date, reason },
      this.today,
      undefined,
    );
    if (decision.ok) for (const event of decision.events) this.say(event);
    return decision;
  }

  miss(courseId: string, day: number, reason = 'patient away') {
    const decision = decideMiss(this.course(courseId), { day, reason });
    if (decision.ok) for (const event of decision.events) this.say(event);
    return decision;
  }

  check(orderId: string) {
    const { orders } = this.#folded();
    const order = orders.get(orderId);
    if (order === undefined) throw new Error(`There is no order ${orderId}`);
    const id = order.document.course?.id ?? orderId.replace('O', 'C');
    const others = new Map(orders);
    others.delete(orderId);
    const among = (some: typeof orders) =>
      this.courses(some).find(({ courseId }) => courseId === id);
    const founder = [...orders.values()].find((one) => founds(id, one));
    return checkCourse(
      order,
      { course: among(orders), before: among(others), founder },
      this.today,
    );
  }

  courses(orders = this.#folded().orders): readonly Course[] {
    const { trails, changes } = this.#folded();
    const givenBy = (orderId: string) => this.given.get(orderId) ?? null;
    return coursesOf({ orders, trails, changes, givenBy, today: this.today });
  }

  course(courseId: string): Course {
    const course = this.courses().find((one) => one.courseId === courseId);
    if (course === undefined) throw new Error(`There is no course ${courseId}`);
    return course;
  }

  day(courseId: string, number: number) {
    const day = this.course(courseId).days.find((one) => one.day === number);
    if (day === undefined) throw new Error(`There is no day ${number}`);
    return day;
  }

  /** The same log, read again from the disk. */
  restart(): void {
    this.log = JSON.parse(JSON.stringify(this.log)) as Entry[];
  }

  #folded() {
    let book = emptyOrderBook;
    let changes = emptyCourseBook;
    const trails = new Map<string, OrderTrail>();
    for (const { event, ...at } of this.log) {
      if (isOrderBookEvent(event)) book = nextOrderBook(book, event, at);
      if (isCourseEvent(event)) changes = nextCourseBook(changes, event, at);
      const orderId = orderOf(event);
      if (orderId !== undefined)
        trails.set(orderId, nextTrail(trails.get(orderId) ?? NO_TRAIL, event, at, null));
    }
    return { orders: book.orders, changes, trails };
  }
}
