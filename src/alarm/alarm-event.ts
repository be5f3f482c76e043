import type { AlarmKind, AlarmMessage, AlarmPriority } from './condition.ts';

/**
 * What happened to alarms: the only source of alarm state (decision 6). JSON-plain, because each is
 * an entry of the event log. `by` and the wall time come from the entry around it.
 */
export type AlarmEvent =
  | RaisedEvent
  /** Escalated or de-escalated while it stands. */
  | {
      readonly type: 'alarm-changed';
      readonly alarmId: string;
      readonly priority: AlarmPriority;
      readonly latching: boolean;
      readonly message: AlarmMessage;
    }
  /** A latched alarm whose condition is back: the same alarm, signalled anew. */
  | {
      readonly type: 'alarm-recurred';
      readonly alarmId: string;
      readonly priority: AlarmPriority;
      readonly latching: boolean;
      readonly message: AlarmMessage;
    }
  | { readonly type: 'alarm-ended'; readonly alarmId: string; readonly worst?: number }
  | { readonly type: 'alarm-acknowledged'; readonly alarmId: string }
  /** The acknowledgement could not be recorded, so it does not hold. */
  | { readonly type: 'alarm-unacknowledged'; readonly alarmId: string }
  | { readonly type: 'alarm-seen'; readonly alarmId: string }
  | { readonly type: 'alarm-inhibited'; readonly alarmId: string; readonly inhibitedBy: string }
  | { readonly type: 'alarm-released'; readonly alarmId: string }
  | { readonly type: 'audio-paused'; readonly bedId: string; readonly untilWallMs: number }
  | { readonly type: 'audio-resumed'; readonly bedId: string; readonly alarmId?: string };

export interface RaisedEvent {
  readonly type: 'alarm-raised';
  readonly alarmId: string;
  readonly ruleId: string;
  readonly kind: AlarmKind;
  readonly bedId: string;
  /** The device that it is about; `null` when it is about the bed. */
  readonly deviceId: string | null;
  readonly priority: AlarmPriority;
  readonly latching: boolean;
  readonly message: AlarmMessage;
}

/** When and by whom, from the entry of the log that carries the event. */
export interface EventContext {
  readonly wallMs: number;
  readonly user?: string;
  readonly station?: string;
  /** Its number in the log, where it is known. */
  readonly seq?: number;
}

const TYPES: ReadonlySet<string> = new Set<AlarmEvent['type']>([
  'alarm-raised',
  'alarm-changed',
  'alarm-recurred',
  'alarm-ended',
  'alarm-acknowledged',
  'alarm-unacknowledged',
  'alarm-seen',
  'alarm-inhibited',
  'alarm-released',
  'audio-paused',
  'audio-resumed',
]);

/** The log holds other events too. */
export function isAlarmEvent(event: { readonly type: string }): event is AlarmEvent {
  return TYPES.has(event.type);
}
