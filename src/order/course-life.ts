import * as z from 'zod';
import { decimal } from '../observation/format.ts';
import { type Course, type CourseDay, dayOn } from './course.ts';
import type { CourseEvent } from './course-book.ts';
import type { OrderRecord } from './order-book.ts';
import type { OrderRefusal } from './order-life.ts';
import type { Regimen } from './regimen.ts';
import { isWeekend } from './regimen-check.ts';
import { readSessionBody, refusedCall } from './session-refusal.ts';

export type CourseDecision =
  | { readonly ok: true; readonly events: readonly CourseEvent[]; readonly note?: string }
  | OrderRefusal;

const Reason = z.string('write why').trim().min(1, 'write why').max(200);
const Day = z.int('write the number of the day').min(1).max(400);
const Miss = z.strictObject({ day: Day, reason: Reason });
const Move = z.strictObject({
  day: Day,
  date: z.iso.date('write a date such as 2026-11-23'),
  reason: Reason,
});

/** A session was not given, or will not be: its dose is not made up for by the others. */
export function decideMiss(course: Course, body: unknown): CourseDecision {
  const read = readSessionBody(Miss, body);
  if (!read.ok) return read;
  const { day, reason } = read.value;
  const found = changeableDay(course, day);
  if (!found.ok) return found;
  if (found.day.state === 'missed')
    return refusedCall(409, 'missed', `Day ${day} is marked as missed already.`);
  const { courseId } = course;
  return { ok: true, events: [{ type: 'course-day-missed', courseId, day, reason }] };
}

/**
 * A session is given on another date; a missed one is planned again. Refused: a date in the past, and the date of
 * another day, because two sessions on one day are a double dose. Told, and never refused for that alone: a weekend
 * where the regimen leaves them out, and a day that comes out of its order (docs/regimens.md: a regimen proposes).
 *
 * @param today in the gateway's time zone
 */
export function decideMove(
  course: Course,
  body: unknown,
  today: string,
  regimen: Regimen | undefined,
): CourseDecision {
  const read = readSessionBody(Move, body);
  if (!read.ok) return read;
  const { day, date, reason } = read.value;
  const found = changeableDay(course, day);
  if (!found.ok) return found;
  const { state, date: before, orderedDate } = found.day;
  if (date < today)
    return refusedCall(409, 'past', `${date} is over; today is ${today}. Choose a later date.`);
  if (date === before && state !== 'missed')
    return refusedCall(409, 'same-date', `Day ${day} is on ${date} already.`);
  const other = dayOn(course, date);
  if (other !== undefined && other.day !== day) {
    const message = `Day ${other.day} is on ${date}; move that one first: two sessions on one date would be a double dose.`;
    return refusedCall(409, 'date-taken', message, 'date');
  }
  const { courseId } = course;
  const notes = [weekendNote(date, regimen), outOfOrder(course, found.day, date)].filter(
    (note) => note !== undefined,
  );
  return {
    ok: true,
    events: [{ type: 'course-day-moved', courseId, day, date, orderedDate, reason }],
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

function changeableDay(
  course: Course,
  number: number,
): { readonly ok: true; readonly day: CourseDay } | OrderRefusal {
  const day = course.days.find((one) => one.day === number);
  if (day === undefined) {
    const message = `Course ${course.courseId} has ${course.days.length} days; there is no day ${number}.`;
    return refusedCall(404, 'no-such-day', message, 'day');
  }
  if (day.state === 'running' || day.state === 'given') {
    const message = `Day ${number} ${day.state === 'running' ? 'runs' : 'was given'} (order ${day.orderId}); it can no longer be changed.`;
    return refusedCall(409, 'given', message);
  }
  return { ok: true, day };
}

function weekendNote(date: string, regimen: Regimen | undefined): string | undefined {
  const leavesOut = regimen?.calendar.some(({ weekends }) => weekends === 'left-out') === true;
  return leavesOut && isWeekend(date)
    ? `${date} is on a weekend, which regimen ${regimen.id} leaves out.`
    : undefined;
}

function outOfOrder({ days }: Course, { day }: CourseDay, date: string): string | undefined {
  const wrong = days.find(
    (other) =>
      other.state !== 'missed' &&
      (other.day < day ? other.date > date : other.day > day && other.date < date),
  );
  if (wrong === undefined) return undefined;
  return `Day ${day} comes ${wrong.day < day ? 'before' : 'after'} day ${wrong.day} now; check the doses.`;
}

/** The course of an order. */
export interface CourseAround {
  readonly course: Course | undefined;
  /** The same without this order. */
  readonly before: Course | undefined;
  /** The signed order that began it, this one or another; `undefined` = there is no such course. */
  readonly founder: Pick<OrderRecord, 'document'> | undefined;
}

/** What a course says of an order of its own: why it may not begin today, or what is to be told. */
export type CourseVerdict = { readonly ok: true; readonly note?: string } | OrderRefusal;

/**
 * May this order begin today? Every day of a rising course has another dose from another bag: the order of another
 * day, a day that was given, and a course of another patient or drug are refused. A planned amount that differs from
 * what the course said before is told: a prescriber may titrate.
 *
 * @param today in the gateway's time zone
 */
export function checkCourse(
  { orderId, document, status }: Pick<OrderRecord, 'orderId' | 'document' | 'status'>,
  { course, before, founder }: CourseAround,
  today: string,
): CourseVerdict {
  const own = document.course;
  const day = course?.days.find((one) => one.day === own?.day);
  // A new version of what runs goes on with the day that was begun, also after midnight.
  if (status === 'active' || own === undefined || course === undefined || day === undefined)
    return { ok: true };
  if (founder === undefined) {
    const message = `There is no course ${own.id}; write the id of the course that day 1 began.`;
    return refusedCall(422, 'no-such-course', message, 'course.id');
  }
  const { patient, drug } = founder.document;
  const isOther = drug.name !== document.drug.name || drug.form !== document.drug.form;
  if (patient.id !== document.patient.id || isOther) {
    const message = `Course ${own.id} is of patient ${patient.id} with ${drug.name} ${drug.form}, and this order is not; check course.id.`;
    return refusedCall(422, 'other-course', message, 'course.id');
  }
  const refused = checkDate(orderId, day, today);
  if (refused !== undefined) return refused;
  const notes = [
    begunBefore(orderId, day),
    otherAmount(day, before),
    own.id === undefined && own.day > 1
      ? `This order is day ${own.day} and names no course: it begins one of its own (write course.id).`
      : undefined,
  ].filter((note) => note !== undefined);
  return { ok: true, ...(notes.length === 0 ? {} : { note: notes.join(' ') }) };
}

/**
 * What is to be told of an order that is on its way to the bed. That its day is still to come is no news; the others are
 * better known before the day.
 */
export function courseNote(
  { status }: Pick<OrderRecord, 'status'>,
  verdict: CourseVerdict,
): string | undefined {
  if (status !== 'signed' && status !== 'verified') return undefined;
  if (verdict.ok) return verdict.note;
  return verdict.code === 'course-day' ? undefined : verdict.message;
}

function checkDate(orderId: string, day: CourseDay, today: string): OrderRefusal | undefined {
  const { state, date, completed } = day;
  const which = `Day ${day.day} of the course`;
  if (completed.some((id) => id !== orderId)) {
    const message = `${which} was given already (order ${completed.join(', ')}); choose the order of today.`;
    return refusedCall(409, 'course-day-given', message);
  }
  if (state === 'missed') {
    const message = `${which} is marked as missed (${day.change?.reason}); move it to today first, with a reason.`;
    return refusedCall(409, 'course-day-missed', message);
  }
  if (date === today) return undefined;
  const message = `${which} is planned for ${date} and today is ${today}: choose the order of today, or move day ${day.day} to today first, with a reason.`;
  return refusedCall(409, 'course-day', message);
}

function begunBefore(orderId: string, { day, begun, given }: CourseDay): string | undefined {
  const others = begun.filter((id) => id !== orderId);
  if (others.length === 0) return undefined;
  const amount =
    given.atMostMg === null ? 'how much is not known' : `at most ${mg(given.atMostMg)}`;
  return `Day ${day} was begun with order ${others.join(', ')} and stopped; given so far: ${amount}.`;
}

function otherAmount(
  { day, plannedMg }: CourseDay,
  before: Course | undefined,
): string | undefined {
  const planned = before?.days.find((one) => one.day === day)?.plannedMg;
  return planned === undefined || planned === plannedMg
    ? undefined
    : `Day ${day} was planned with ${mg(planned)}; this order gives ${mg(plannedMg)}.`;
}

const mg = (amount: number): string => `${decimal(amount, 2)} mg`;
