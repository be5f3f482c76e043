import type { AlarmKind, AlarmMessage, AlarmPriority, Undetermined } from '../alarm/condition.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import type { AlarmLimits, LevelTiming, RuleId } from './limits.ts';
import type { Judgement, Scene } from './scene.ts';

/** One level of a rule, such as "SpO2 below 93 %". */
export interface Level {
  readonly name: string;
  readonly timing: (limits: AlarmLimits) => LevelTiming;
  /** @param isStanding the level is present now, so its clear limit holds (hysteresis) */
  readonly judge: (scene: Scene, subject: DevicePicture | null, isStanding: boolean) => Judgement;
}

/** One alarm rule. Its id is that of docs/alarms.md; its numbers are in config/alarm-limits.yaml. */
export interface Rule {
  readonly id: RuleId;
  readonly kind: AlarmKind;
  /** One instance per bed, per pump, per monitor, or per device of any kind. */
  readonly subject: 'bed' | 'pump' | 'monitor' | 'device';
  readonly levels: readonly Level[];
  /** Where the lower levels of a latching rule do not latch. */
  readonly latchesFrom?: AlarmPriority;
}

export const absent = (sampleAtMs: number): Judgement => ({ presence: 'absent', sampleAtMs });
export const undetermined = (because: Undetermined): Judgement => ({
  presence: 'undetermined',
  because,
});
export const present = (
  sampleAtMs: number,
  message: AlarmMessage,
  priority?: AlarmPriority,
): Judgement => ({
  presence: 'present',
  sampleAtMs,
  message,
  ...(priority === undefined ? {} : { priority }),
});

/** Cuts at a word where it can; texts of devices are of any length. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max);
  const space = cut.lastIndexOf(' ');
  return (space > max * 0.6 ? cut.slice(0, space) : cut).trimEnd();
}
