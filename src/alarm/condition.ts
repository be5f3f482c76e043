import type { MetricCode } from '../observation/metrics.ts';

export type AlarmPriority = 'high' | 'medium' | 'low';

export const PRIORITY_RANK: Readonly<Record<AlarmPriority, number>> = {
  low: 1,
  medium: 2,
  high: 3,
};

/**
 * What a rule concluded about one subject (a bed or one of its devices) at one moment.
 * "Cannot tell" is its own answer and never reads as "no alarm" (decision 5).
 */
export type Verdict =
  | { readonly presence: 'absent' }
  | { readonly presence: 'undetermined'; readonly because: Undetermined }
  | PresentVerdict;

export type Undetermined = 'no-observation' | 'stale' | 'invalid' | 'no-order' | 'pending';

export interface PresentVerdict {
  readonly presence: 'present';
  readonly priority: AlarmPriority;
  readonly message: AlarmMessage;
  /** It stays until a person has seen it, whatever the rule says: nothing else remembers it. */
  readonly latches?: true;
}

/** What the nurse reads, in three lengths, and the numbers behind it. */
export interface AlarmMessage {
  /** At most 40 characters: what. */
  readonly text: string;
  /** At most 24 characters: for the foot of a tile. */
  readonly textShort: string;
  /** At most 70 characters: value, limit or order, what to do. */
  readonly detail: string;
  readonly value?: number;
  readonly limit?: number;
  readonly unit?: string;
  /**
   * What the alarm is made of, where one alarm stands for several things (the codes of a device's own
   * alarms, blank between). Another thing in it is news and is signalled anew.
   */
  readonly parts?: string;
  /** Which shown values it is about. */
  readonly codes?: readonly MetricCode[];
}

/** Physiological: about the patient or what is given to the patient. Technical: about equipment. */
export type AlarmKind = 'physiological' | 'technical';
