import type { AlarmEvent, EventContext } from '../alarm/alarm-event.ts';
import {
  type AlarmDecision,
  decideAcknowledge,
  decideAudioPause,
  decideSeen,
} from '../alarm/decide.ts';
import type { Actor, AlarmRevision, CommandResult } from '../hub/ward.ts';
import { iso } from '../pipeline/times.ts';
import type { Timeline } from '../time/timeline.ts';
import type { AlarmDesk } from './alarm-desk.ts';
import { type CommandRunner, refusal } from './command-runner.ts';
import type { Effects } from './effects.ts';
import type { Journal } from './journal.ts';

export interface AlarmCommandDeps {
  readonly runner: CommandRunner;
  readonly desk: AlarmDesk;
  readonly journal: Journal;
  readonly timeline: Timeline;
  readonly effects: Pick<Effects, 'alarm' | 'tellAlarm'>;
  readonly hasBed: (bedId: string) => boolean;
}

/** What people do with alarms. They count at once, and are told when they are durable. */
export class AlarmCommands {
  readonly #deps: AlarmCommandDeps;

  constructor(deps: AlarmCommandDeps) {
    this.#deps = deps;
  }

  acknowledge(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult> {
    const { runner, desk } = this.#deps;
    return runner.once(by, 'acknowledge', () =>
      this.#done(by, decideAcknowledge(desk.book, alarms)),
    );
  }

  seen(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult> {
    const { runner, desk } = this.#deps;
    return runner.once(by, 'seen', () => this.#done(by, decideSeen(desk.book, alarms)));
  }

  pauseAudio(by: Actor, bedId: string): Promise<CommandResult<{ until: string }>> {
    const { runner, desk, timeline, hasBed } = this.#deps;
    return runner.once(by, 'pause', async () => {
      if (!hasBed(bedId)) return refusal(404, 'no-such-bed', `There is no bed ${bedId}.`);
      const wallMs = timeline.wallMs();
      const done = await this.#done(by, decideAudioPause(desk.book, bedId, wallMs));
      if (!done.ok) return done;
      return {
        ok: true,
        value: { until: iso(desk.book.pauses.get(bedId)?.untilWallMs ?? wallMs) },
      };
    });
  }

  async #done(by: Actor, decision: AlarmDecision): Promise<CommandResult> {
    if (!decision.ok) return decision;
    const { desk, journal, timeline, effects } = this.#deps;
    const context = { wallMs: timeline.wallMs(), user: by.user };
    // The book takes them in the order of the log, at once: an escalation that comes while the disk
    // works comes after the acknowledgement, and takes it away. Clients are told when it is durable.
    const written = decision.events.map((event) => journal.command(event, context, by));
    const views = decision.events.map((event) => desk.apply(event, context));
    try {
      await Promise.all(written);
    } catch (error) {
      this.#takeBack(decision.events, context);
      throw error;
    }
    for (const [index, event] of decision.events.entries()) effects.tellAlarm(event, views[index]);
    return { ok: true, value: { done: decision.events.length } };
  }

  /** What could not be recorded was not done: the alarm sounds again. */
  #takeBack(events: readonly AlarmEvent[], context: EventContext): void {
    for (const event of events) {
      const undo: AlarmEvent | undefined =
        event.type === 'alarm-acknowledged'
          ? { type: 'alarm-unacknowledged', alarmId: event.alarmId }
          : event.type === 'audio-paused'
            ? { type: 'audio-resumed', bedId: event.bedId }
            : undefined;
      if (undo === undefined) continue;
      this.#deps.journal.happened(undo, context);
      this.#deps.effects.alarm(undo, context);
    }
  }
}
