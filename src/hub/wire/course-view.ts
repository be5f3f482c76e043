import * as z from 'zod/mini';

/** `2026-11-23`, in the gateway's time zone. */
const PlainDate = z.iso.date();

/**
 * One day of a course. `null` is not known and never zero.
 *
 * `moved`: to come on another date than the order says. `today`: to be given today. `overdue`: its date is past,
 * nothing was given and nobody said why; it is to be moved or marked as missed. A day that is missed, running or given
 * keeps `originalDate` when it was moved before.
 */
export const CourseDay = z.strictObject({
  day: z.int(),
  date: PlainDate,
  /** As ordered, when it was moved. */
  originalDate: z.nullable(PlainDate),
  plannedMg: z.number(),
  /** The order of this day; `null` = none was signed yet. */
  orderId: z.nullable(z.string()),
  state: z.enum(['planned', 'today', 'running', 'given', 'missed', 'moved', 'overdue']),
  /** At least, over all orders of the day; `null` = nothing was given, or it is not known how much. */
  givenMg: z.nullable(z.number()),
  /** At most; the same as `givenMg` when the amount is known. */
  givenAtMostMg: z.nullable(z.number()),
  /** Why it was moved or missed. */
  reason: z.nullable(z.string()),
  by: z.nullable(z.string()),
  at: z.nullable(z.iso.datetime()),
});

export const CourseView = z.strictObject({
  courseId: z.string(),
  patientId: z.string(),
  patientLabel: z.nullable(z.string()),
  regimen: z.string(),
  /** Name and form. */
  drug: z.string(),
  /** In the order of their numbers. */
  days: z.array(CourseDay),
  /** Of all days as ordered, missed ones included. */
  plannedMg: z.number(),
  /** At least, over all days; `null` = nothing was given yet, or nothing of it is known. */
  givenMg: z.nullable(z.number()),
  /** `null` as well when of one day nobody knows an upper bound. */
  givenAtMostMg: z.nullable(z.number()),
  maxMgCourse: z.nullable(z.number()),
  /** Which day it is today; `null` = none. */
  dayToday: z.nullable(z.int()),
});
export type CourseView = z.infer<typeof CourseView>;

/** `note`: what is to be told, such as a date on a weekend that the regimen leaves out. */
export const CourseReply = z.strictObject({ course: CourseView, note: z.optional(z.string()) });
export type CourseReply = z.infer<typeof CourseReply>;

export const CoursesReply = z.strictObject({ courses: z.array(CourseView) });
