/** What the gateway remembers: sessions as reports, and courses with their days. */
import {
  CourseReply,
  CoursesReply,
  type CourseView,
  ReportReply,
  type ReportView,
} from '../wire.ts';
import { type Answer, call } from './call.ts';
import type { By } from './order-api.ts';

/** Everything that a printed report of this order holds. */
export function readReport(orderId: string): Promise<Answer<ReportView>> {
  return call('GET', `api/orders/${encodeURIComponent(orderId)}/report`, {
    read: (body) => {
      const parsed = ReportReply.safeParse(body);
      return parsed.success ? { value: parsed.data } : null;
    },
  });
}

/** All courses that are not forgotten, of all patients. */
export function readCourses(): Promise<Answer<readonly CourseView[]>> {
  return call('GET', 'api/courses', {
    read: (body) => {
      const parsed = CoursesReply.safeParse(body);
      return parsed.success ? { value: parsed.data.courses } : null;
    },
  });
}

/** A day is given on another date, or was not given. The answer may tell something that is to be looked at. */
export function changeCourse(
  { token, commandId, station }: By,
  courseId: string,
  verb: 'move' | 'miss',
  body: object,
): Promise<Answer<CourseReply>> {
  return call('POST', `api/courses/${encodeURIComponent(courseId)}/${verb}`, {
    body: { ...body, commandId, ...(station === '' ? {} : { station }) },
    ...(token === undefined ? {} : { token }),
    read: (reply) => {
      const parsed = CourseReply.safeParse(reply);
      return parsed.success ? { value: parsed.data } : null;
    },
  });
}
