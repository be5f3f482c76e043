import * as z from 'zod/mini';
import { answer, type Call, JSON_TYPE, readCommand } from './call.ts';
import { done } from './http-reply.ts';
import type { Ward } from './ward.ts';
import { CourseReply, CoursesReply } from './wire/index.ts';

const Reason = z.string().check(z.minLength(1), z.maxLength(200));
const Miss = z.looseObject({ commandId: z.optional(z.uuid()), day: z.int(), reason: Reason });
const Move = z.extend(Miss, { date: z.iso.date() });

/** Plans of several sessions on dates of their own. */
export function courseCalls(ward: Ward): readonly Call[] {
  const change = (verb: 'move' | 'miss', summary: string, body: z.core.$ZodType): Call => ({
    method: 'POST',
    path: `/api/courses/{id}/${verb}`,
    who: ['nurse', 'prescriber'],
    summary,
    accepts: [JSON_TYPE],
    body,
    reply: CourseReply,
    handle: async (request) => {
      const call = readCommand(request);
      if (!call.ok) return call.reply;
      const { by, rest } = call.value;
      return answer(
        await ward.changeCourse(by, request.params['id'] ?? '', verb, rest),
        (reply) => reply,
      );
    },
  });
  return [
    {
      method: 'GET',
      path: '/api/courses',
      who: ['nurse', 'prescriber', 'pharmacist', 'admin'],
      summary: 'Courses with their days, of one patient or of all, newest first.',
      query: ['patient'],
      reply: CoursesReply,
      handle: ({ query }) => done({ courses: ward.courses(query.get('patient') ?? undefined) }),
    },
    change('move', 'A day of a course is given on another date.', Move),
    change('miss', 'A day of a course was not given, or will not be.', Miss),
  ];
}
