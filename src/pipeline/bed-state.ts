import type { EvaluationMemory } from '../check/evaluate.ts';
import type { AlarmLimits } from '../check/limits.ts';
import type { LeftEarly } from '../check/scene.ts';
import type { EcgLook } from '../ecg/ecg-watch.ts';
import type { DevicePicture, PictureEvent } from '../observation/device-picture.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import type { KnownDoses } from '../order/dose-book.ts';
import type { Recovery } from '../order/recovery.ts';
import type { BedHistory } from './bed-history.ts';
import type { StepWatch } from './bed-titration.ts';
import type { Moment } from './times.ts';

/** One bed as a value: its devices, its order, what it remembers, and how far its rules are. */
export interface BedState {
  readonly bedId: string;
  readonly bedMode: 'live' | 'demo';
  readonly pictures: ReadonlyMap<string, DevicePicture>;
  /** With what its running pause has come to by now. */
  readonly order: ActiveOrder | null;
  /** After an infusion, until the patient is discharged. */
  readonly recovery: Recovery | null;
  /** Who left last before the ordered recovery was over; `null` = nobody did. */
  readonly leftEarly: LeftEarly | null;
  /** Whose order ran last on this bed; `null` = nobody's yet. */
  readonly patientId: string | null;
  /** Both clocks when the order came or began: its schedule runs on monotonic time from there. */
  readonly anchor: Moment | null;
  readonly history: BedHistory;
  readonly ecg: EcgLook;
  readonly memory: EvaluationMemory;
  /** Where the order sets alarm limits for its patient; `null` = those of the site hold. */
  readonly ownLimits: AlarmLimits | null;
  /** A step that the pump has just come to. */
  readonly stepWatch: StepWatch | null;
}

export type BedInput =
  | { readonly kind: 'device'; readonly deviceId: string; readonly events: readonly PictureEvent[] }
  | {
      readonly kind: 'order';
      readonly order: ActiveOrder | null;
      readonly recovery?: Recovery | null;
      /** What the log knows of this order and of the patient's former ones. */
      readonly doses?: KnownDoses;
    }
  /** Which device belongs to which place, of the whole gateway. */
  | { readonly kind: 'associations'; readonly of: ReadonlyMap<string, string> }
  | { readonly kind: 'tick' };
