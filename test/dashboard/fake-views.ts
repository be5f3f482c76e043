/** What the fake gateway answers to the screens that ask for what is remembered. */
import { CoursesReply, ReportView } from '../../src/hub/wire/index.ts';
import { makeCourse } from './course-fixtures.ts';
import { makeReport } from './report-fixtures.ts';
import type { Instant } from './ward-fixtures.ts';

export function answerView(path: string, now: Instant): unknown {
  const order = /^\/api\/orders\/([^/]+)\/report$/.exec(path)?.[1];
  if (order !== undefined) return ReportView.parse(makeReport(now, order === 'order-long'));
  if (path === '/api/courses') return CoursesReply.parse({ courses: [makeCourse()] });
  return undefined;
}
