import {
  type Alarm,
  type AlarmBook,
  AUDIO_PAUSE_MS,
  nextAlarmBook,
  nextAlarmId,
  phaseOf,
  subjectKey,
} from './alarm-book.ts';
import type { AlarmEvent } from './alarm-event.ts';
import { type AlarmKind, PRIORITY_RANK, type Verdict } from './condition.ts';

/** One rule's answer about one subject of one bed. */
export interface Finding {
  readonly ruleId: string;
  readonly kind: AlarmKind;
  readonly latching: boolean;
  /** `null`: about the bed as a whole. */
  readonly deviceId: string | null;
  readonly verdict: Verdict;
  /** The finding above this one, when a relation (root cause, grouping) puts it below. */
  readonly below: { readonly ruleId: string; readonly deviceId: string | null } | null;
}

/**
 * Compares what the rules found on a bed with the alarms that are open, and says what happened.
 * "Undetermined" never changes an alarm: loss of data raises (through MON rules), never clears.
 *
 * @param worst worst value so far by alarmId, kept by the caller while the alarm stands
 */
export function decideAlarms(
  book: AlarmBook,
  bedId: string,
  findings: readonly Finding[],
  worst: ReadonlyMap<string, number>,
  wallMs: number,
): readonly AlarmEvent[] {
  const events: AlarmEvent[] = [];
  let next = book;
  const emit = (event: AlarmEvent): void => {
    events.push(event);
    next = nextAlarmBook(next, event, { wallMs });
  };
  const openBefore = rulesWithOpenAlarms(book);
  for (const finding of findings) {
    // The usual case, many times a second: nothing is wrong and nothing was.
    if (finding.verdict.presence !== 'present' && !openBefore.has(finding.ruleId)) continue;
    const alarm = openAlarm(next, finding.ruleId, bedId, finding.deviceId);
    const event = conditionEvent(next, bedId, finding, alarm, worst);
    if (event === undefined) continue;
    emit(event);
    if (isNewSignal(event, alarm) && next.pauses.has(bedId)) {
      emit({ type: 'audio-resumed', bedId, alarmId: event.alarmId });
    }
  }
  if (next.open.size === 0) return events;
  const openNow = next === book ? openBefore : rulesWithOpenAlarms(next);
  for (const finding of findings) {
    if (!openNow.has(finding.ruleId)) continue;
    const event = relationEvent(next, bedId, finding);
    if (event !== undefined) emit(event);
  }
  return events;
}

/** On any bed: it only spares the look-up of alarms that cannot be there. */
function rulesWithOpenAlarms({ alarms }: AlarmBook): ReadonlySet<string> {
  const rules = new Set<string>();
  for (const { ruleId } of alarms.values()) rules.add(ruleId);
  return rules;
}

type ConditionEvent = Extract<
  AlarmEvent,
  { type: 'alarm-raised' | 'alarm-recurred' | 'alarm-changed' | 'alarm-ended' }
>;

function conditionEvent(
  book: AlarmBook,
  bedId: string,
  finding: Finding,
  alarm: Alarm | undefined,
  worst: ReadonlyMap<string, number>,
): ConditionEvent | undefined {
  const { verdict } = finding;
  if (verdict.presence === 'present') {
    const { priority, message } = verdict;
    if (alarm === undefined) {
      const { ruleId, kind, deviceId, latching } = finding;
      const alarmId = nextAlarmId(book);
      return {
        type: 'alarm-raised',
        alarmId,
        ruleId,
        kind,
        bedId,
        deviceId,
        priority,
        latching,
        message,
      };
    }
    const { alarmId } = alarm;
    // A level that latches makes the alarm latch, also when it is lowered again afterwards.
    const latching = alarm.latching || finding.latching;
    const isNews = !alarm.present || hasMore(alarm.message.parts, message.parts);
    if (isNews) return { type: 'alarm-recurred', alarmId, priority, latching, message };
    return priority === alarm.priority && alarm.message.parts === message.parts
      ? undefined
      : { type: 'alarm-changed', alarmId, priority, latching, message };
  }
  // An order that is gone is our own knowledge, not missing data: rules about it no longer apply.
  const isOver = verdict.presence === 'absent' || verdict.because === 'no-order';
  if (!isOver || alarm === undefined || !alarm.present) return undefined;
  const value = worst.get(alarm.alarmId);
  return {
    type: 'alarm-ended',
    alarmId: alarm.alarmId,
    ...(value === undefined ? {} : { worst: value }),
  };
}

/** A second alarm of a device must not hide in the acknowledgement of its first. */
function hasMore(before: string | undefined, now: string | undefined): boolean {
  if (now === undefined || now === before) return false;
  const known = new Set(before?.split(' '));
  return now.split(' ').some((part) => !known.has(part));
}

/** New and escalated alarms break AUDIO PAUSED. */
function isNewSignal(event: ConditionEvent, before: Alarm | undefined): boolean {
  if (event.type === 'alarm-raised' || event.type === 'alarm-recurred') return true;
  return (
    event.type === 'alarm-changed' &&
    before !== undefined &&
    PRIORITY_RANK[event.priority] > PRIORITY_RANK[before.priority]
  );
}

/** An alarm below another is shown as inhibited, and surfaces at once when the upper one ends. */
function relationEvent(book: AlarmBook, bedId: string, finding: Finding): AlarmEvent | undefined {
  const alarm = openAlarm(book, finding.ruleId, bedId, finding.deviceId);
  if (alarm === undefined || !alarm.present) return undefined;
  const above = alarmAbove(book, bedId, finding, alarm);
  const isBelow = above?.present === true && above.alarmId !== alarm.alarmId;
  if (isBelow && alarm.inhibitedBy !== above.alarmId) {
    return { type: 'alarm-inhibited', alarmId: alarm.alarmId, inhibitedBy: above.alarmId };
  }
  if (!isBelow && alarm.inhibitedBy !== null)
    return { type: 'alarm-released', alarmId: alarm.alarmId };
  return undefined;
}

/** Without data nothing is known anew: what was below stays below while the upper one stands. */
function alarmAbove(
  book: AlarmBook,
  bedId: string,
  finding: Finding,
  alarm: Alarm,
): Alarm | undefined {
  if (finding.below !== null) {
    return openAlarm(book, finding.below.ruleId, bedId, finding.below.deviceId);
  }
  if (finding.verdict.presence !== 'undetermined' || alarm.inhibitedBy === null) return undefined;
  return book.alarms.get(alarm.inhibitedBy);
}

export function openAlarm(
  book: AlarmBook,
  ruleId: string,
  bedId: string,
  deviceId: string | null,
): Alarm | undefined {
  const alarmId = book.open.get(subjectKey(ruleId, bedId, deviceId));
  return alarmId === undefined ? undefined : book.alarms.get(alarmId);
}

export type AlarmDecision =
  | { readonly ok: true; readonly events: readonly AlarmEvent[] }
  | {
      readonly ok: false;
      readonly status: 404 | 409;
      readonly code: string;
      readonly message: string;
    };

export interface AlarmRevision {
  readonly alarmId: string;
  readonly rev: number;
}

/**
 * A named person acknowledges exactly the revisions that were on the screen. All or nothing: when one
 * of them changed since, nothing is acknowledged and the person looks again.
 */
export function decideAcknowledge(book: AlarmBook, list: readonly AlarmRevision[]): AlarmDecision {
  return decideForEach(book, list, (alarm) => {
    if (alarm.acknowledged !== null) return [];
    return [{ type: 'alarm-acknowledged', alarmId: alarm.alarmId }];
  });
}

/** "Seen" clears alarms that ended and are latched. One that stands cannot be cleared by a person. */
export function decideSeen(book: AlarmBook, list: readonly AlarmRevision[]): AlarmDecision {
  const standing = list.find(({ alarmId }) => book.alarms.get(alarmId)?.present === true);
  if (standing !== undefined) {
    return refusal(
      409,
      'condition-stands',
      `Alarm ${standing.alarmId} still stands; acknowledge it, it clears when its cause is gone.`,
    );
  }
  return decideForEach(book, list, (alarm) =>
    phaseOf(alarm) === 'latched' ? [{ type: 'alarm-seen', alarmId: alarm.alarmId }] : [],
  );
}

function decideForEach(
  book: AlarmBook,
  list: readonly AlarmRevision[],
  eventsFor: (alarm: Alarm) => readonly AlarmEvent[],
): AlarmDecision {
  const events: AlarmEvent[] = [];
  for (const { alarmId, rev } of list) {
    const alarm = book.alarms.get(alarmId);
    if (alarm === undefined) {
      const isEnded = alarmId < nextAlarmId(book);
      return isEnded
        ? refusal(
            409,
            'alarm-ended',
            `Alarm ${alarmId} has ended meanwhile; look at the list again.`,
          )
        : refusal(404, 'no-such-alarm', `There is no alarm ${alarmId}; load the list again.`);
    }
    if (alarm.rev !== rev) {
      return refusal(
        409,
        'stale-revision',
        `Alarm ${alarmId} changed since revision ${rev} (it is now revision ${alarm.rev}); look at it again, then repeat.`,
      );
    }
    events.push(...eventsFor(alarm));
  }
  return { ok: true, events };
}

/** 120 s, and once more while it runs; there is no way to pause for longer or for good. */
export function decideAudioPause(book: AlarmBook, bedId: string, wallMs: number): AlarmDecision {
  const running = book.pauses.get(bedId);
  if (running?.isExtended && wallMs < running.untilWallMs) {
    return refusal(
      409,
      'pause-extended-once',
      `Sound of ${bedId} was already extended once; it can be paused again when this pause is over.`,
    );
  }
  return {
    ok: true,
    events: [{ type: 'audio-paused', bedId, untilWallMs: wallMs + AUDIO_PAUSE_MS }],
  };
}

const refusal = (status: 404 | 409, code: string, message: string): AlarmDecision => ({
  ok: false,
  status,
  code,
  message,
});
