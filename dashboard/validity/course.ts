/** A course as a calendar: weeks from Monday, and a word for each of its days. Pure. */
import { amount, NBSP, NEVER } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import type { CourseView } from '../wire.ts';
import { mgRange } from './session.ts';
import { calendarDate } from './when.ts';

export type CourseDay = CourseView['days'][number];

export const DAY_WORDS: Readonly<Record<CourseDay['state'], string>> = {
  planned: 'planned',
  today: 'today',
  running: 'running',
  given: 'given',
  missed: 'missed',
  moved: 'moved here',
  overdue: 'not given, nobody said why',
};

export interface Week {
  /** Monday to Sunday. */
  readonly dates: readonly { readonly date: string; readonly days: readonly CourseDay[] }[];
  /** Whole weeks without a session before this one. */
  readonly emptyBefore: number;
}

const DAY_MS = 24 * 3600_000;

/** Only weeks in which something is to be given: boosters may be months apart. */
export function weeksOf(days: readonly CourseDay[]): readonly Week[] {
  const byDate = new Map<string, CourseDay[]>();
  for (const day of days) byDate.set(day.date, [...(byDate.get(day.date) ?? []), day]);
  const mondays = [...new Set([...byDate.keys()].map(mondayOf))].sort((a, b) => a - b);
  return mondays.map((mondayMs, index) => {
    const before = mondays[index - 1];
    return {
      emptyBefore: before === undefined ? 0 : Math.round((mondayMs - before) / (7 * DAY_MS)) - 1,
      dates: Array.from({ length: 7 }, (_, offset) => {
        const date = new Date(mondayMs + offset * DAY_MS).toISOString().slice(0, 10);
        return { date, days: byDate.get(date) ?? [] };
      }),
    };
  });
}

/** A calendar date has no zone, so it is counted in UTC. */
function mondayOf(date: string): number {
  const ms = parseWall(`${date}T00:00:00Z`);
  return ms - ((new Date(ms).getUTCDay() + 6) % 7) * DAY_MS;
}

/** `day 9 of 10`, or which day comes next. */
export function dayText({ days, dayToday }: CourseView): string {
  if (dayToday !== null) return `day ${dayToday} of ${days.length}`;
  const next = days
    .filter(({ state }) => state === 'planned' || state === 'moved')
    .sort((a, b) => (a.date < b.date ? -1 : 1))[0];
  if (next === undefined) return `${days.length} days, none to come`;
  return `next day ${next.day} of ${days.length} on ${calendarDate(next.date)}`;
}

/** Given of planned; a running or missed day says so by its state, not by a zero. */
export function givenText(day: Pick<CourseDay, 'givenMg' | 'givenAtMostMg' | 'state'>): string {
  if (day.givenMg !== null) return mgRange(day.givenMg, day.givenAtMostMg);
  return day.state === 'given' || day.state === 'running' ? 'not known' : NEVER;
}

/** Sum over the days and, where there is one, the most that the course may be. */
export function totalText(course: CourseView): string {
  const given = course.givenMg === null ? NEVER : mgRange(course.givenMg, course.givenAtMostMg);
  const most =
    course.maxMgCourse === null ? '' : `, at most ${amount(course.maxMgCourse)}${NBSP}mg allowed`;
  return `${given} of ${amount(course.plannedMg)}${NBSP}mg planned${most}`;
}

/** A missed day can be planned again; one that runs or was given stays where it is. */
export function canMove({ state }: Pick<CourseDay, 'state'>): boolean {
  return state !== 'running' && state !== 'given';
}

/** Only what is still to come can be marked as missed. */
export function isOpen({ state }: Pick<CourseDay, 'state'>): boolean {
  return state === 'planned' || state === 'today' || state === 'moved' || state === 'overdue';
}

/** Days whose date is past, of which nobody said whether they were missed or are to be moved. */
export function openDays({ days }: Pick<CourseView, 'days'>): string {
  const overdue = days.filter(({ state }) => state === 'overdue');
  if (overdue.length === 0) return '';
  const names = overdue.map(({ day, date }) => `day ${day} of ${calendarDate(date)}`);
  return `${names.join(', ')}: missed or moved?`;
}
