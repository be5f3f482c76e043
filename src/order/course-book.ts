import type { OrderDocument } from './order-schema.ts';

/**
 * What people say of the days of a course (clinical regimens, section 5: explicit dates). What is planned and given
 * comes from its orders; nothing is edited in place. JSON-plain entries of the event log.
 */
export type CourseEvent =
  | {
      readonly type: 'course-day-moved';
      readonly courseId: string;
      readonly day: number;
      readonly date: string;
      /** What the orders said for this day at that time: an order that later says another date counts. */
      readonly orderedDate: string;
      readonly reason: string;
    }
  | {
      readonly type: 'course-day-missed';
      readonly courseId: string;
      readonly day: number;
      readonly reason: string;
    };

export function isCourseEvent(event: { readonly type: string }): event is CourseEvent {
  return event.type === 'course-day-moved' || event.type === 'course-day-missed';
}

/** What was said of one day, and by whom. */
export type DayChange = {
  readonly by: string;
  readonly atWallMs: number;
  readonly reason: string;
} & (
  | { readonly kind: 'moved'; readonly date: string; readonly orderedDate: string }
  | { readonly kind: 'missed' }
);

/** Course → day → what was said of it, oldest first. */
export type CourseBook = ReadonlyMap<string, ReadonlyMap<number, readonly DayChange[]>>;

export const emptyCourseBook: CourseBook = new Map();

/** One event further. Pure. */
export function nextCourseBook(
  book: CourseBook,
  event: CourseEvent,
  at: { readonly wallMs: number; readonly user?: string },
): CourseBook {
  const { courseId, day, reason } = event;
  const said = { by: at.user ?? 'unknown', atWallMs: at.wallMs, reason };
  const change: DayChange =
    event.type === 'course-day-missed'
      ? { kind: 'missed', ...said }
      : { kind: 'moved', date: event.date, orderedDate: event.orderedDate, ...said };
  const days = book.get(courseId) ?? new Map<number, readonly DayChange[]>();
  const changes = [...(days.get(day) ?? []), change];
  return new Map(book).set(courseId, new Map(days).set(day, changes));
}

/** `O000007` begins the course `C000007`; the orders of its other days name it. `null` = not of a course. */
export function courseIdOf(
  orderId: string,
  { course }: Pick<OrderDocument, 'course'>,
): string | null {
  if (course === undefined) return null;
  return course.id ?? ownCourseId(orderId);
}

export const ownCourseId = (orderId: string): string => orderId.replace(/^O/, 'C');

/** Whether an order begins a course of its own: signed, also when nothing ever flowed by it. */
export const founds = (
  courseId: string,
  order: {
    readonly orderId: string;
    readonly document: Pick<OrderDocument, 'course'>;
    readonly signedBy: string | null;
  },
): boolean =>
  order.document.course !== undefined &&
  order.document.course.id === undefined &&
  order.signedBy !== null &&
  ownCourseId(order.orderId) === courseId;

/**
 * The course whose sum a session belongs to, as far as that is sure. An order of a later day that names no
 * course leaves open which one is meant: `null`, and the ledger goes by patient, drug and regimen.
 */
export function doseCourseOf(
  orderId: string,
  { course }: Pick<OrderDocument, 'course'>,
): string | null {
  if (course === undefined) return null;
  return course.id ?? (course.day === 1 ? ownCourseId(orderId) : null);
}
