import { describe, expect, it } from 'vitest';
import {
  canMove,
  dayText,
  givenText,
  isOpen,
  openDays,
  totalText,
  weeksOf,
} from '../../dashboard/validity/course.ts';
import { CourseView } from '../../src/hub/wire/index.ts';
import { makeCourse } from './course-fixtures.ts';

const plain = (text: string) => text.replaceAll('\u00A0', ' ');

describe('a course on the calendar', () => {
  const course = makeCourse();

  it('stands in weeks from Monday, moved days on their new date', () => {
    expect(CourseView.safeParse(course).success).toBe(true);
    const weeks = weeksOf(course.days);
    expect(weeks.map((week) => week.dates.map(({ days }) => days.map(({ day }) => day)))).toEqual([
      [[], [], [], [], [1], [2], [3]],
      [[4], [5], [6], [7], [8], [9], []],
      [[], [10], [], [], [], [], []],
    ]);
    expect(weeks[0]?.dates[0]?.date).toBe('2026-11-09');
  });

  it('weeks without a session are counted, not drawn', () => {
    const [first, second] = course.days;
    if (!first || !second) throw new Error('no days');
    const booster = { ...second, date: '2027-01-04' };
    expect(weeksOf([first, booster]).map(({ emptyBefore }) => emptyBefore)).toEqual([0, 7]);
  });

  it('day k of n, or the next one', () => {
    expect(dayText(course)).toBe('day 9 of 10');
    expect(dayText({ ...course, dayToday: null })).toBe('next day 10 of 10 on Tue 24 Nov');
    const days = course.days.map((day) => ({ ...day, state: 'given' as const }));
    expect(dayText({ ...course, days, dayToday: null })).toBe('10 days, none to come');
  });

  it('planned and given per day and in total; what is not known is no zero', () => {
    expect(plain(totalText(course))).toBe(
      '458 to 462 mg of 620 mg planned, at most 700 mg allowed',
    );
    expect(plain(givenText({ state: 'given', givenMg: 61, givenAtMostMg: 65 }))).toBe(
      '61 to 65 mg',
    );
    expect(givenText({ state: 'given', givenMg: null, givenAtMostMg: null })).toBe('not known');
    expect(givenText({ state: 'planned', givenMg: null, givenAtMostMg: null })).toBe('--');
  });

  it('a day that is past without a word is asked about', () => {
    expect(openDays(course)).toBe('');
    const days = course.days.map((day) =>
      day.day === 4 ? { ...day, state: 'overdue' as const, reason: null } : day,
    );
    expect(openDays({ days })).toBe('day 4 of Mon 16 Nov: missed or moved?');
  });

  it('what runs or was given stays; a missed day can be planned again', () => {
    const open = course.days.filter(isOpen).map(({ day }) => day);
    expect(open).toEqual([10]);
    expect(course.days.filter(canMove).map(({ day }) => day)).toEqual([4, 10]);
  });
});
