import { type AlarmBook, emptyAlarmBook, nextAlarmBook } from '../alarm/alarm-book.ts';
import { type AlarmEvent, type EventContext, isAlarmEvent } from '../alarm/alarm-event.ts';
import type { AlarmMessage } from '../alarm/condition.ts';
import { decideAlarms, type Finding, openAlarm } from '../alarm/decide.ts';
import type { AlarmView } from '../hub/wire/index.ts';
import { alarmView, worseOf } from './alarm-views.ts';

/** Ended alarms that are kept for the history call. Older ones are in the log. */
const HISTORY_KEPT = 5_000;
/** Ended alarms stay in snapshots for so long. */
const RECENT_MS = 60_000;
/** The numbers in a standing alarm's text are brought up to date at most so often. */
const REFRESH_MS = 1_000;

/**
 * Keeps the alarm book, the live texts and the history together. The book changes only through
 * events; everything else here can be computed anew.
 */
export class AlarmDesk {
  #book: AlarmBook = emptyAlarmBook;
  readonly #live = new Map<string, { message: AlarmMessage; toldAtMs: number }>();
  readonly #worst = new Map<string, number>();
  #ended: { readonly view: AlarmView; readonly endedWallMs: number }[] = [];

  get book(): AlarmBook {
    return this.#book;
  }

  /** From the log, at the start. */
  restore(event: { readonly type: string }, context: EventContext): void {
    if (isAlarmEvent(event)) this.apply(event, context);
  }

  /** One event further; answers the view of the alarm that it is about. */
  apply(event: AlarmEvent, context: EventContext): AlarmView | undefined {
    this.#book = nextAlarmBook(this.#book, event, context);
    if (event.type === 'audio-paused' || event.type === 'audio-resumed') return undefined;
    const alarm = this.#book.lastChanged;
    if (alarm === null) return undefined;
    if (event.type === 'alarm-ended') {
      this.#live.delete(alarm.alarmId);
      this.#worst.delete(alarm.alarmId);
    }
    const view = alarmView(alarm, this.#live.get(alarm.alarmId)?.message);
    if (view.phase === 'ended') {
      this.#ended.push({ view, endedWallMs: context.wallMs });
      if (this.#ended.length > HISTORY_KEPT) this.#ended = this.#ended.slice(-HISTORY_KEPT / 2);
    }
    return view;
  }

  /** An open alarm as it is now. */
  view(alarmId: string): AlarmView | undefined {
    const alarm = this.#book.alarms.get(alarmId);
    return alarm === undefined ? undefined : alarmView(alarm, this.#live.get(alarmId)?.message);
  }

  /** What the rules found on a bed → events that happened, not yet applied. */
  decide(bedId: string, findings: readonly Finding[], wallMs: number): readonly AlarmEvent[] {
    for (const finding of findings) {
      if (finding.verdict.presence !== 'present') continue;
      const alarm = openAlarm(this.#book, finding.ruleId, bedId, finding.deviceId);
      if (alarm === undefined || !alarm.present) continue;
      const worst = worseOf(this.#worst.get(alarm.alarmId), finding.verdict.message);
      if (worst !== undefined) this.#worst.set(alarm.alarmId, worst);
    }
    return decideAlarms(this.#book, bedId, findings, this.#worst, wallMs);
  }

  /** Standing alarms whose numbers changed since they were last told: same revision, new text. */
  refreshed(bedId: string, findings: readonly Finding[], nowMs: number): readonly AlarmView[] {
    const views: AlarmView[] = [];
    for (const finding of findings) {
      if (finding.verdict.presence !== 'present') continue;
      const alarm = openAlarm(this.#book, finding.ruleId, bedId, finding.deviceId);
      if (alarm === undefined || !alarm.present) continue;
      const { message } = finding.verdict;
      const told = this.#live.get(alarm.alarmId);
      if (told !== undefined && nowMs - told.toldAtMs < REFRESH_MS) continue;
      const before = told?.message ?? alarm.message;
      this.#live.set(alarm.alarmId, { message, toldAtMs: nowMs });
      if (before.text !== message.text || before.detail !== message.detail) {
        views.push(alarmView(alarm, message));
      }
    }
    return views;
  }

  /** All that are not ended, and those that ended in the last minute. */
  views(wallMs: number): readonly AlarmView[] {
    const open = [...this.#book.alarms.values()].map((alarm) =>
      alarmView(alarm, this.#live.get(alarm.alarmId)?.message),
    );
    const recent = this.#ended.filter(
      ({ endedWallMs }) => Math.abs(wallMs - endedWallMs) <= RECENT_MS,
    );
    return [...open, ...recent.map(({ view }) => view)];
  }

  /** Newest first, open ones included. */
  history(bedId: string | undefined, beforeWallMs: number, limit: number): readonly AlarmView[] {
    const open = [...this.#book.alarms.values()].map((alarm) => alarmView(alarm));
    return [...this.#ended.map(({ view }) => view), ...open]
      .filter(
        (view) =>
          (bedId === undefined || view.bedId === bedId) && Date.parse(view.onsetAt) < beforeWallMs,
      )
      .sort((a, b) =>
        a.onsetAt === b.onsetAt ? (a.alarmId < b.alarmId ? 1 : -1) : a.onsetAt < b.onsetAt ? 1 : -1,
      )
      .slice(0, limit);
  }
}
