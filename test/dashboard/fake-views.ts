/** What the fake gateway answers to the screens that ask for what is remembered. */
import { CourseReply, CoursesReply, ReportView } from '../../src/hub/wire/index.ts';
import { makeCourse } from './course-fixtures.ts';
import { makeReport } from './report-fixtures.ts';
import type { Instant } from './ward-fixtures.ts';

export function answerView(
  path: string,
  now: Instant,
): { readonly status: number; readonly reply: unknown } | undefined {
  const order = /^\/api\/orders\/([^/]+)\/report$/.exec(path)?.[1];
  if (order === 'order-none')
    return {
      status: 404,
      reply: { error: { code: 'not-found', message: 'There is no such order.' } },
    };
  if (order !== undefined)
    return { status: 200, reply: ReportView.parse(makeReport(now, order === 'order-long')) };
  if (path === '/api/courses')
    return { status: 200, reply: CoursesReply.parse({ courses: [makeCourse()] }) };
  if (path === '/api/courses/course-1/move')
    return {
      status: 200,
      reply: CourseReply.parse({ course: makeCourse(), note: 'The date is on a weekend.' }),
    };
  return undefined;
}
