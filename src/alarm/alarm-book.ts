import type { AlarmEvent, EventContext, RaisedEvent } from './alarm-event.ts';
import type { AlarmKind, AlarmMessage, AlarmPriority } from './condition.ts';

/** AUDIO PAUSED never lasts longer than this (alarm standard, inactivation states). */
export const AUDIO_PAUSE_MS = 120_000;

export interface Alarm {
  readonly alarmId: string;
  /** Grows by one with every event: an acknowledgement names the revision that was seen. */
  readonly rev: number;
  readonly ruleId: string;
  readonly kind: AlarmKind;
  readonly bedId: string;
  readonly deviceId: string | null;
  readonly priority: AlarmPriority;
  readonly latching: boolean;
  readonly message: AlarmMessage;
  /** The condition stands. Presence of the condition and of its signal are two things. */
  readonly present: boolean;
  readonly acknowledged: { readonly user: string; readonly atWallMs: number } | null;
  readonly inhibitedBy: string | null;
  readonly seenBy: string | null;
  readonly onsetWallMs: number;
  readonly changedWallMs: number;
  readonly endedWallMs: number | null;
  /** The worst value while it stood, known when it ended. */
  readonly worst?: number;
}

export type AlarmPhase = 'active' | 'acknowledged' | 'latched' | 'ended' | 'inhibited';

export interface AudioPause {
  readonly untilWallMs: number;
  readonly by: string;
  /** It may be extended once while it runs. */
  readonly isExtended: boolean;
}

/** The alarms that are not ended, and the audio pauses of the beds. What ended is in the log. */
export interface AlarmBook {
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** subject key → alarmId of the alarm that stands, or is latched and not seen. */
  readonly open: ReadonlyMap<string, string>;
  readonly pauses: ReadonlyMap<string, AudioPause>;
  /** How many were ever raised; the next alarmId comes from it, so it survives a restart. */
  readonly raised: number;
  /** The alarm that the last event was about, also when it ended with it. */
  readonly lastChanged: Alarm | null;
}

export const emptyAlarmBook: AlarmBook = {
  alarms: new Map(),
  open: new Map(),
  pauses: new Map(),
  raised: 0,
  lastChanged: null,
};

/** One state machine per rule, bed and subject (alarm standard, state machine). */
export function subjectKey(ruleId: string, bedId: string, deviceId: string | null): string {
  return `${ruleId}|${bedId}|${deviceId ?? ''}`;
}

/** `A000042`: short enough to be read out, unique in this log. */
export function nextAlarmId(book: AlarmBook): string {
  return `A${String(book.raised + 1).padStart(6, '0')}`;
}

/**
 * Where the alarm stands in its life. Derived, never stored. A latching alarm whose condition ended
 * stays until a person has seen it, also when it was acknowledged before.
 */
export function phaseOf(alarm: Alarm): AlarmPhase {
  if (!alarm.present) return alarm.latching && alarm.seenBy === null ? 'latched' : 'ended';
  if (alarm.inhibitedBy !== null) return 'inhibited';
  return alarm.acknowledged === null ? 'active' : 'acknowledged';
}

/** What is signalled now. Derived from state and time: what is not stored cannot go out of step. */
export function alarmSignals(
  alarm: Alarm,
  pause: AudioPause | undefined,
  wallMs: number,
): { readonly audible: boolean; readonly visual: boolean } {
  const phase = phaseOf(alarm);
  const isPaused = pause !== undefined && wallMs < pause.untilWallMs;
  const wantsSound = phase === 'active' || (phase === 'latched' && alarm.acknowledged === null);
  return { audible: wantsSound && !isPaused, visual: phase !== 'ended' };
}

/**
 * One event further. Pure and total: an event about an unknown alarm changes nothing, so a log of a
 * newer version can still be folded.
 */
export function nextAlarmBook(book: AlarmBook, event: AlarmEvent, at: EventContext): AlarmBook {
  switch (event.type) {
    case 'alarm-raised':
      return raised(book, event, at);
    case 'alarm-changed':
      return changed(book, event.alarmId, at, (alarm) => ({
        ...withPriority(alarm, event.priority),
        latching: event.latching,
        message: event.message,
      }));
    case 'alarm-recurred':
      return changed(book, event.alarmId, at, (alarm) => ({
        ...alarm,
        priority: event.priority,
        latching: event.latching,
        message: event.message,
        present: true,
        acknowledged: null,
        seenBy: null,
        inhibitedBy: null,
        onsetWallMs: at.wallMs,
        endedWallMs: null,
      }));
    case 'alarm-ended':
      return changed(book, event.alarmId, at, (alarm) => ({
        ...alarm,
        present: false,
        inhibitedBy: null,
        endedWallMs: at.wallMs,
        ...(event.worst === undefined ? {} : { worst: event.worst }),
      }));
    case 'alarm-acknowledged':
      return changed(book, event.alarmId, at, (alarm) => ({
        ...alarm,
        acknowledged: { user: at.user ?? 'unknown', atWallMs: at.wallMs },
      }));
    case 'alarm-unacknowledged':
      return changed(book, event.alarmId, at, (alarm) => ({ ...alarm, acknowledged: null }));
    case 'alarm-seen':
      return changed(book, event.alarmId, at, (alarm) => ({
        ...alarm,
        seenBy: at.user ?? 'unknown',
      }));
    case 'alarm-inhibited':
      return changed(book, event.alarmId, at, (alarm) => ({
        ...alarm,
        inhibitedBy: event.inhibitedBy,
      }));
    case 'alarm-released':
      return changed(book, event.alarmId, at, (alarm) => ({ ...alarm, inhibitedBy: null }));
    case 'audio-paused': {
      const running = book.pauses.get(event.bedId);
      const pause = {
        untilWallMs: event.untilWallMs,
        by: at.user ?? 'unknown',
        isExtended: running !== undefined && at.wallMs < running.untilWallMs,
      };
      return { ...book, pauses: new Map(book.pauses).set(event.bedId, pause) };
    }
    case 'audio-resumed': {
      const pauses = new Map(book.pauses);
      pauses.delete(event.bedId);
      return { ...book, pauses };
    }
  }
}

function raised(book: AlarmBook, event: RaisedEvent, { wallMs }: EventContext): AlarmBook {
  const { type: _, ...facts } = event;
  const alarm: Alarm = {
    ...facts,
    rev: 1,
    present: true,
    acknowledged: null,
    inhibitedBy: null,
    seenBy: null,
    onsetWallMs: wallMs,
    changedWallMs: wallMs,
    endedWallMs: null,
  };
  return {
    ...book,
    alarms: new Map(book.alarms).set(alarm.alarmId, alarm),
    open: new Map(book.open).set(keyOf(alarm), alarm.alarmId),
    raised: book.raised + 1,
    lastChanged: alarm,
  };
}

function changed(
  book: AlarmBook,
  alarmId: string,
  { wallMs }: EventContext,
  change: (alarm: Alarm) => Alarm,
): AlarmBook {
  const before = book.alarms.get(alarmId);
  if (before === undefined) return book;
  const alarm: Alarm = { ...change(before), rev: before.rev + 1, changedWallMs: wallMs };
  const alarms = new Map(book.alarms);
  const open = new Map(book.open);
  if (phaseOf(alarm) === 'ended') {
    alarms.delete(alarmId);
    open.delete(keyOf(alarm));
  } else {
    alarms.set(alarmId, alarm);
  }
  return { ...book, alarms, open, lastChanged: alarm };
}

/** Escalation is signalled anew, so it takes the acknowledgement away; de-escalation does not. */
function withPriority(alarm: Alarm, priority: AlarmPriority): Alarm {
  const isEscalated = RANK[priority] > RANK[alarm.priority];
  return { ...alarm, priority, acknowledged: isEscalated ? null : alarm.acknowledged };
}

const RANK: Readonly<Record<AlarmPriority, number>> = { low: 1, medium: 2, high: 3 };

const keyOf = (alarm: Alarm): string => subjectKey(alarm.ruleId, alarm.bedId, alarm.deviceId);
