/** A course of ten days over two weeks, one day missed and one moved; day 7 is today. */
import type { CourseView } from '../../dashboard/wire.ts';

const DATES = [13, 14, 15, 16, 17, 18, 19, 20, 21, 22];
const PLANNED_MG = [40, 45, 50, 55, 60, 65, 70, 75, 80, 80];

export function makeCourse(): CourseView {
  const days = DATES.map((date, index): CourseView['days'][number] => {
    const day = index + 1;
    const plannedMg = PLANNED_MG[index] ?? 0;
    const isGiven = day < 9 && day !== 4;
    return {
      day,
      date: `2026-11-${date}`,
      originalDate: null,
      plannedMg,
      orderId: day < 10 ? `order-${day}` : null,
      state: isGiven ? 'given' : day === 4 ? 'missed' : day === 9 ? 'running' : 'planned',
      givenMg: isGiven ? plannedMg - (day === 6 ? 4 : 0) : day === 9 ? 21.5 : null,
      givenAtMostMg: isGiven ? plannedMg : day === 9 ? 21.5 : null,
      reason: day === 4 ? 'fever' : null,
      by: day === 4 ? 'dr-west' : null,
      at: day === 4 ? '2026-11-16T08:12:00.000Z' : null,
    };
  });
  return {
    courseId: 'course-1',
    patientId: 'MRN 0041104',
    patientLabel: 'Patient 04',
    regimen: 'R1 ten-day outpatient',
    drug: 'ketamine (racemic)',
    days: days.map((day) =>
      day.day === 10
        ? {
            ...day,
            state: 'moved' as const,
            date: '2026-11-24',
            originalDate: '2026-11-22',
            reason: 'ward closed on Sunday',
            by: 'dr-west',
            at: '2026-11-20T09:30:00.000Z',
          }
        : day,
    ),
    plannedMg: 620,
    givenMg: 457.5,
    givenAtMostMg: 461.5,
    maxMgCourse: 700,
    dayToday: 9,
  };
}
