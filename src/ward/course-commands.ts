import type { EventContext } from '../alarm/alarm-event.ts';
import type { Actor, CommandResult } from '../hub/ward.ts';
import type { CourseReply } from '../hub/wire/index.ts';
import type { CourseEvent } from '../order/course-book.ts';
import type { Timeline } from '../time/timeline.ts';
import { type CommandRunner, refusal } from './command-runner.ts';
import type { CourseDesk } from './course-desk.ts';
import type { Journal } from './journal.ts';

export interface CourseCommandDeps {
  readonly runner: CommandRunner;
  readonly desk: CourseDesk;
  readonly journal: Journal;
  readonly timeline: Timeline;
  /** In the gateway's time zone. */
  readonly today: () => string;
  readonly apply: (event: CourseEvent, context: EventContext) => void;
}

/** A day of a course is moved or missed: decided, written down, then done. */
export function changeCourse(
  { runner, desk, journal, timeline, today, apply }: CourseCommandDeps,
  by: Actor,
  courseId: string,
  verb: 'move' | 'miss',
  body: unknown,
): Promise<CommandResult<CourseReply>> {
  return runner.onceInTurn(by, `course-${verb}`, async () => {
    const decision = desk.decide(verb, courseId, body, today());
    if (!decision.ok) {
      const { status, code, message, path } = decision;
      return { ...refusal(status, code, message), ...(path === undefined ? {} : { path }) };
    }
    const context = { wallMs: timeline.wallMs(), user: by.user };
    await Promise.all(decision.events.map((event) => journal.command(event, context, by)));
    for (const event of decision.events) apply(event, context);
    const course = desk.view(courseId, today());
    if (course === undefined)
      return refusal(404, 'no-such-course', `There is no course ${courseId}.`);
    const { note } = decision;
    return { ok: true, value: { course, ...(note === undefined ? {} : { note }) } };
  });
}
