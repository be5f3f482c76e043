import { type Alarm, phaseOf } from '../alarm/alarm-book.ts';
import type { AlarmMessage } from '../alarm/condition.ts';
import type { AlarmView } from '../hub/wire/index.ts';
import { iso } from '../pipeline/times.ts';

/**
 * An alarm as clients see it.
 *
 * @param live what the rule says now, while the condition stands: the same alarm and revision, with
 *   the present numbers instead of those of its onset
 */
export function alarmView(alarm: Alarm, live?: AlarmMessage): AlarmView {
  const message = alarm.present && live !== undefined ? live : alarm.message;
  const { value, limit, unit, codes } = message;
  return {
    alarmId: alarm.alarmId,
    rev: alarm.rev,
    ruleId: alarm.ruleId,
    priority: alarm.priority,
    kind: alarm.kind,
    bedId: alarm.bedId,
    ...(alarm.deviceId === null ? {} : { deviceId: alarm.deviceId }),
    text: message.text,
    textShort: message.textShort,
    detail: message.detail,
    ...(value === undefined ? {} : { value }),
    ...(limit === undefined ? {} : { limit }),
    ...(unit === undefined ? {} : { unit }),
    ...(alarm.worst === undefined ? {} : { worst: alarm.worst }),
    ...(codes === undefined ? {} : { codes: [...codes] }),
    phase: phaseOf(alarm),
    present: alarm.present,
    latching: alarm.latching,
    onsetAt: iso(alarm.onsetWallMs),
    changedAt: iso(alarm.changedWallMs),
    ...(alarm.endedWallMs === null ? {} : { endedAt: iso(alarm.endedWallMs) }),
    ...(alarm.acknowledged === null
      ? {}
      : {
          acknowledgedBy: alarm.acknowledged.user,
          acknowledgedAt: iso(alarm.acknowledged.atWallMs),
        }),
    ...(alarm.seenBy === null ? {} : { seenBy: alarm.seenBy }),
    ...(alarm.inhibitedBy === null ? {} : { inhibitedBy: alarm.inhibitedBy }),
  };
}

/** The worse of two values, seen from the limit that they break. */
export function worseOf(
  before: number | undefined,
  { value, limit }: AlarmMessage,
): number | undefined {
  if (value === undefined) return before;
  if (before === undefined || limit === undefined) return value;
  return Math.abs(value - limit) > Math.abs(before - limit) ? value : before;
}
