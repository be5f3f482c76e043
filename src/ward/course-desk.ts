import type { CourseView } from '../hub/wire/index.ts';
import { type Course, type CourseFacts, coursesOf, dayOn } from '../order/course.ts';
import {
  courseIdOf,
  emptyCourseBook,
  founds,
  isCourseEvent,
  nextCourseBook,
} from '../order/course-book.ts';
import { type CourseDecision, checkCourse, decideMiss, decideMove } from '../order/course-life.ts';
import type { OrderRecord } from '../order/order-book.ts';
import {
  type LogPlace,
  NO_TRAIL,
  nextTrail,
  type OrderTrail,
  orderOf,
} from '../order/order-trail.ts';
import type { Regimen } from '../order/regimen.ts';
import { refusedCall } from '../order/session-refusal.ts';
import { iso } from '../pipeline/times.ts';

export interface CourseDeskDeps {
  readonly orders: () => ReadonlyMap<string, OrderRecord>;
  readonly givenBy: CourseFacts['givenBy'];
  readonly regimen: (id: string) => Regimen | undefined;
}

/** Keeps what was said of courses; what they are is derived from the orders each time. Decides, never writes. */
export class CourseDesk {
  readonly #deps: CourseDeskDeps;
  #changes = emptyCourseBook;
  readonly #trails = new Map<string, OrderTrail>();

  constructor(deps: CourseDeskDeps) {
    this.#deps = deps;
  }

  apply(event: { readonly type: string }, at: LogPlace): void {
    this.#take(event, at, null);
  }

  /** From the log, at the start. */
  restore(event: { readonly type: string }, at: LogPlace): void {
    this.#take(event, at, at.seq ?? null);
  }

  #take(event: { readonly type: string }, at: LogPlace, toSeq: number | null): void {
    if (isCourseEvent(event)) this.#changes = nextCourseBook(this.#changes, event, at);
    const orderId = orderOf(event);
    if (orderId !== undefined)
      this.#trails.set(orderId, nextTrail(this.trail(orderId), event, at, toSeq));
  }

  trail(orderId: string): OrderTrail {
    return this.#trails.get(orderId) ?? NO_TRAIL;
  }

  /** Newest first; of one patient, or of all. */
  views(patientId: string | undefined, today: string): readonly CourseView[] {
    return this.#courses(today)
      .filter((course) => patientId === undefined || course.patientId === patientId)
      .map((course) => courseView(course, today))
      .reverse();
  }

  view(courseId: string, today: string): CourseView | undefined {
    const course = this.#courses(today).find((one) => one.courseId === courseId);
    return course && courseView(course, today);
  }

  decide(verb: 'move' | 'miss', courseId: string, body: unknown, today: string): CourseDecision {
    const course = this.#courses(today).find((one) => one.courseId === courseId);
    if (course === undefined)
      return refusedCall(404, 'no-such-course', `There is no course ${courseId}.`);
    return verb === 'miss'
      ? decideMiss(course, body)
      : decideMove(course, body, today, this.#deps.regimen(course.regimen));
  }

  /** What its course says of an order that is about to begin, or is looked at. */
  check(order: OrderRecord, today: string): ReturnType<typeof checkCourse> {
    const courseId = courseIdOf(order.orderId, order.document);
    if (courseId === null) return { ok: true };
    const others = new Map(this.#deps.orders());
    others.delete(order.orderId);
    const among = (orders: CourseFacts['orders']): Course | undefined =>
      this.#courses(today, orders).find((one) => one.courseId === courseId);
    const all = this.#deps.orders();
    const founder = [...all.values()].find((one) => founds(courseId, one));
    return checkCourse(order, { course: among(all), before: among(others), founder }, today);
  }

  #courses(today: string, orders = this.#deps.orders()): readonly Course[] {
    const { givenBy } = this.#deps;
    return coursesOf({ orders, trails: this.#trails, changes: this.#changes, givenBy, today });
  }
}

function courseView(course: Course, today: string): CourseView {
  const { given, days, ...rest } = course;
  return {
    ...rest,
    givenMg: given.atLeastMg,
    givenAtMostMg: given.atMostMg,
    dayToday: dayOn(course, today)?.day ?? null,
    days: days.map(({ day, date, orderedDate, plannedMg, orderId, state, given: own, change }) => ({
      day,
      date,
      originalDate: date === orderedDate ? null : orderedDate,
      plannedMg,
      orderId,
      state,
      givenMg: own.atLeastMg,
      givenAtMostMg: own.atMostMg,
      reason: change?.reason ?? null,
      by: change?.by ?? null,
      at: change === null ? null : iso(change.atWallMs),
    })),
  };
}
