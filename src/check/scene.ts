import type { AlarmMessage, AlarmPriority, Undetermined } from '../alarm/condition.ts';
import type { EcgLook } from '../ecg/ecg-watch.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import type { DoseLedger } from '../order/dose-ledger.ts';
import type { Recovery } from '../order/recovery.ts';
import type { DeliveryWatch } from './delivery-watch.ts';
import type { AlarmLimits } from './limits.ts';

/**
 * Everything that a rule may look at for one bed at one moment. A rule is a pure function of it:
 * the same scene gives the same answer, always.
 */
export interface Scene {
  /** Monotonic ms; ages and delays. */
  readonly nowMs: number;
  /** Wall ms since 1970; only the order's schedule is written in it. */
  readonly wallMs: number;
  readonly bedId: string;
  /** On a `demo` bed simulated data are expected and raise no MON-08. */
  readonly bedMode: 'live' | 'demo';
  readonly order: ActiveOrder | null;
  /** After an infusion, until the patient is discharged; then `order` is `null`. */
  readonly recovery: Recovery | null;
  /** Who left last before the ordered recovery was over; `null` = nobody did. */
  readonly leftEarly: LeftEarly | null;
  /** What the pumps gave (docs/dose-ledger.md). */
  readonly doses: DoseLedger;
  /** Of each pump by device id, its counter beside its rate. */
  readonly deliveries: ReadonlyMap<string, DeliveryWatch>;
  readonly pumps: readonly DevicePicture[];
  readonly monitors: readonly DevicePicture[];
  /** Confirmed or provisional baseline; `null` = unknown, relative rules cannot tell. */
  readonly baseline: { readonly heartRateBpm: number | null };
  /** Highest valid SpO2 of the last minute; `null` = none. */
  readonly recentSpo2Max: number | null;
  readonly nibp: NibpHistory;
  /** Our own look at the waveforms of the bed. */
  readonly ecg: EcgLook;
  readonly limits: AlarmLimits;
}

/** A discharge before the ordered recovery was over. */
export interface LeftEarly {
  readonly recoveredMs: number;
  readonly minimumMs: number;
  /** When it was written down (monotonic ms). */
  readonly atMs: number;
  readonly patientId: string;
}

/** What supervision of the cuff interval needs. Only confirmed new readings count. */
export interface NibpHistory {
  /** Monotonic ms of the last confirmed reading; `null` = none since supervision began. */
  readonly lastReadingAtMs: number | null;
  /** When supervision began (monotonic ms): infusion start or first sight of the monitor. */
  readonly supervisedSinceMs: number | null;
  /** Ordered interval in ms; `null` = the order asks for none. */
  readonly intervalMs: number | null;
  /** The monitor's own cycle in ms; `null` = it measures only by hand; `undefined` = not told. */
  readonly cycleMs: number | null | undefined;
  readonly isMeasuring: boolean;
  /** Measurements without a reading since the last good one. */
  readonly failures: number;
  /** Why the last one failed, in words. */
  readonly lastFailure: { readonly atMs: number; readonly reason: string } | null;
}

/** What one level of a rule says about the moment. Delays and clear times are applied around it. */
export type Judgement =
  | { readonly presence: 'absent'; readonly sampleAtMs: number }
  | { readonly presence: 'undetermined'; readonly because: Undetermined }
  | {
      readonly presence: 'present';
      /** Arrival (monotonic ms) of the newest reading behind the answer. */
      readonly sampleAtMs: number;
      readonly message: AlarmMessage;
      /** Where the priority depends on the scene; else that of the limits holds. */
      readonly priority?: AlarmPriority;
      readonly latches?: true;
    };
