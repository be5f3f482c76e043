import type { CourseBook, DayChange } from './course-book.ts';
import { courseIdOf } from './course-book.ts';
import type { OrderRecord } from './order-book.ts';
import type { OrderTrails } from './order-trail.ts';
import { plus, quantity, toNumber } from './quantity.ts';

/** A plan of several sessions as it stands on a day. Dates are days in the time zone of the gateway. */
export interface Course {
  readonly courseId: string;
  readonly patientId: string;
  readonly patientLabel: string | null;
  readonly regimen: string;
  /** Name and form. */
  readonly drug: string;
  readonly days: readonly CourseDay[];
  /** Of all days as ordered, missed ones included; exact. */
  readonly plannedMg: number;
  readonly given: GivenMg;
  readonly maxMgCourse: number | null;
}

export type CourseDayState =
  | 'planned'
  | 'today'
  | 'running'
  | 'given'
  | 'missed'
  | 'moved'
  | 'overdue';

export interface CourseDay {
  readonly day: number;
  readonly date: string;
  /** As the orders say. */
  readonly orderedDate: string;
  readonly plannedMg: number;
  readonly state: CourseDayState;
  /** The order of this day that runs, was given last, or is to be given. */
  readonly orderId: string | null;
  /** Orders of this day from which something flowed. */
  readonly begun: readonly string[];
  /** Of these, the ones that were given to their end, or run. */
  readonly completed: readonly string[];
  readonly given: GivenMg;
  /** The last thing that was said of it. */
  readonly change: DayChange | null;
}

/** mg; `null` = not known. */
export interface GivenMg {
  readonly atLeastMg: number | null;
  readonly atMostMg: number | null;
}

export interface CourseFacts {
  readonly orders: ReadonlyMap<string, OrderRecord>;
  readonly trails: OrderTrails;
  readonly changes: CourseBook;
  /** What an order gave, as the dose ledger has it; `null` = it does not know. */
  readonly givenBy: (
    orderId: string,
  ) => { readonly atLeastMg: number; readonly atMostMg: number } | null;
  /** `2026-11-23` */
  readonly today: string;
}

const NOTHING: GivenMg = { atLeastMg: null, atMostMg: null };

/** Every course that has an order that counts, the newest last. Pure: the same log gives the same courses. */
export function coursesOf(facts: CourseFacts): readonly Course[] {
  const ofCourse = new Map<string, OrderRecord[]>();
  for (const order of facts.orders.values()) {
    const courseId = courseIdOf(order.orderId, order.document);
    if (courseId === null || !counts(order, facts.trails)) continue;
    ofCourse.set(courseId, [...(ofCourse.get(courseId) ?? []), order]);
  }
  return [...ofCourse].flatMap(([courseId, orders]) => courseOf(courseId, orders, facts) ?? []);
}

/** A draft is no plan yet, and an order that was stopped before anything flowed is one no more. */
function counts({ orderId, status }: OrderRecord, trails: OrderTrails): boolean {
  if (status === 'draft') return false;
  if (status === 'signed' || status === 'verified' || status === 'active') return true;
  return hasBegun(orderId, trails);
}

const hasBegun = (orderId: string, trails: OrderTrails): boolean =>
  (trails.get(orderId)?.startedAtWallMs ?? null) !== null;

function courseOf(
  courseId: string,
  orders: readonly OrderRecord[],
  facts: CourseFacts,
): Course | undefined {
  const newest = orders.at(-1)?.document;
  if (newest?.course === undefined) return undefined;
  const { patient, regimen, drug, limits } = newest;
  const days = plannedDays(orders).map((plan) => dayOf(courseId, plan, orders, facts));
  const planned = days.reduce(
    (sum, { plannedMg }) => plus(sum, quantity(plannedMg, 'mg')),
    quantity(0, 'mg'),
  );
  return {
    courseId,
    patientId: patient.id,
    patientLabel: patient.label ?? null,
    regimen,
    drug: `${drug.name} ${drug.form}`,
    days,
    plannedMg: toNumber(planned),
    given: sumOf(days.filter(({ begun }) => begun.length > 0).map(({ given }) => given)),
    maxMgCourse: limits.maxMgCourse ?? null,
  };
}

interface PlannedDay {
  readonly day: number;
  readonly date: string;
  readonly plannedMg: number;
}

/** The newest order says what is planned; of its own day each order does. */
function plannedDays(orders: readonly OrderRecord[]): readonly PlannedDay[] {
  const days = new Map<number, PlannedDay>();
  for (const session of orders.at(-1)?.document.course?.sessions ?? [])
    days.set(session.day, session);
  for (const { document } of orders) {
    const own = document.course?.sessions.find(({ day }) => day === document.course?.day);
    if (own !== undefined) days.set(own.day, own);
  }
  return [...days.values()].sort((a, b) => a.day - b.day);
}

function dayOf(
  courseId: string,
  { day, date: orderedDate, plannedMg }: PlannedDay,
  orders: readonly OrderRecord[],
  facts: CourseFacts,
): CourseDay {
  const own = orders.filter(({ document }) => document.course?.day === day);
  const begun = own.filter(({ orderId }) => hasBegun(orderId, facts.trails));
  const running = own.find(({ status }) => status === 'active');
  const changes = facts.changes.get(courseId)?.get(day) ?? [];
  const change = changes.at(-1) ?? null;
  const date = dateOf(orderedDate, changes);
  return {
    day,
    date,
    orderedDate,
    plannedMg,
    state: stateOf({ date, orderedDate, change, today: facts.today }, running, begun),
    orderId: (running ?? begun.at(-1) ?? own.at(-1))?.orderId ?? null,
    begun: begun.map(({ orderId }) => orderId),
    completed: own
      .filter(({ status }) => status === 'completed' || status === 'active')
      .map(({ orderId }) => orderId),
    given: sumOf(begun.map(({ orderId }) => facts.givenBy(orderId) ?? NOTHING)),
    change,
  };
}

/** A move counts until an order says a date that it did not say when the day was moved. */
function dateOf(orderedDate: string, changes: readonly DayChange[]): string {
  const move = changes.findLast((change) => change.kind === 'moved');
  return move?.kind === 'moved' && move.orderedDate === orderedDate ? move.date : orderedDate;
}

function stateOf(
  known: {
    readonly date: string;
    readonly orderedDate: string;
    readonly change: DayChange | null;
    readonly today: string;
  },
  running: OrderRecord | undefined,
  begun: readonly OrderRecord[],
): CourseDayState {
  const { date, orderedDate, change, today } = known;
  if (running !== undefined) return 'running';
  if (begun.length > 0) return 'given';
  if (change?.kind === 'missed') return 'missed';
  if (date === today) return 'today';
  if (date < today) return 'overdue';
  return date === orderedDate ? 'planned' : 'moved';
}

/** In whole micrograms, as the ledger counts: what is not known of one is not known of the sum. */
function sumOf(parts: readonly GivenMg[]): GivenMg {
  const known = parts.flatMap(({ atLeastMg }) => (atLeastMg === null ? [] : [atLeastMg]));
  const bounds = parts.flatMap(({ atMostMg }) => (atMostMg === null ? [] : [atMostMg]));
  const sum = (amounts: readonly number[]): number =>
    amounts.reduce((ug, mg) => ug + Math.round(mg * 1_000), 0) / 1_000;
  return {
    atLeastMg: known.length === 0 ? null : sum(known),
    atMostMg: parts.length === 0 || bounds.length < parts.length ? null : sum(bounds),
  };
}

/** Which day it is; `undefined` = none. */
export const dayOn = ({ days }: Course, date: string): CourseDay | undefined =>
  days.find((day) => day.date === date && day.state !== 'missed');
