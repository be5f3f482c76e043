import type { GenerationMode, MetricCode, Validity } from './metrics.ts';
import type { WaveSeen } from './wave.ts';

/**
 * What a driver session says about its device (docs/architecture.md, decision 4).
 * `atMs` is always the gateway's monotonic arrival time in ms; device clocks are kept beside it
 * and never order anything.
 */
export type DeviceEvent =
  | MetricSeen
  | WaveSeen
  | PumpStatusSeen
  | FactSeen
  | CuffSeen
  | AlertsSeen
  | IdentitySeen
  | DeviceGone
  | FrameAccepted
  | FrameRejected
  | ReplyMissed;

/** One value of one metric. The unit is fixed by the code (see METRICS). */
export interface MetricSeen {
  readonly kind: 'metric';
  readonly code: MetricCode;
  /** `null` means that the device gave no value. It never means zero. */
  readonly value: number | null;
  readonly validity: Validity;
  readonly atMs: number;
  /** The device's own clock in ms since 1970, when the frame carried one. For skew only. */
  readonly deviceWallMs?: number;
  /** Where the value comes from when the device can choose, such as `ecg` or `pleth` for a rate. */
  readonly source?: string;
  /** Why a value is not valid, in the nurse's words, such as `below range`. */
  readonly reason?: string;
  /** Only for episodic metrics: which measurement this is. */
  readonly episode?: Episode;
}

/** Identity of a single measurement such as a cuff pressure, so that an old one never looks new. */
export interface Episode {
  /** Arrival time (monotonic ms) of the first frame with this measurement; `null` = age unknown. */
  readonly measuredAtMs: number | null;
  /** False when the wire cannot tell whether this is a new reading. It then resets no supervision. */
  readonly confirmed: boolean;
  /** A measurement is running now; the value is still the previous one. */
  readonly measuring: boolean;
}

/** `unknown` also stands for words that we do not know: never read it as stopped. */
export type PumpStatus =
  | 'infusing'
  | 'stopped'
  | 'paused'
  | 'kvo'
  | 'bolus'
  | 'purge'
  | 'standby'
  | 'unknown';

export interface PumpStatusSeen {
  readonly kind: 'pump-status';
  readonly status: PumpStatus;
  /** The device's own word, for the log and the devices page. */
  readonly raw: string;
  readonly atMs: number;
}

/**
 * What a device tells beside numbers. `power` is `mains` or `battery`; `battery` is its charge where that is
 * told in words or bars and no percentage (`3 of 5 bars`); `mode` is the kind of delivery
 * in words (`continuous`, `ramp`); `syringe` and `drug` are texts as the device shows them.
 */
export const FACT_CODES = ['drug', 'syringe', 'power', 'battery', 'mode', 'direction'] as const;
export type FactCode = (typeof FACT_CODES)[number];

export interface FactSeen {
  readonly kind: 'fact';
  readonly code: FactCode;
  /** `null` means that the device says there is none, or gave no value. At most 60 characters. */
  readonly text: string | null;
  /** `not-provided`: the device could tell and was set up on site not to. */
  readonly validity: 'valid' | 'questionable' | 'invalid' | 'not-available' | 'not-provided';
  readonly atMs: number;
}

/**
 * What a blood pressure cuff does, from a device that tells more of it than its last reading. Readings
 * themselves are metrics with an episode.
 */
export interface CuffSeen {
  readonly kind: 'cuff';
  readonly state: 'idle' | 'measuring' | 'unknown';
  /** The device's own automatic cycle in ms; `null` = it measures only by hand; absent = not told. */
  readonly cycleMs?: number | null;
  /** The last measurement that gave no reading; each has a time of its own, so that it counts once. */
  readonly failed?: { readonly atMs: number; readonly reason: string };
  readonly atMs: number;
}

/** One alarm that the device itself signals. We add to it, never remove or downgrade. */
export interface DeviceAlert {
  /** The code as received. */
  readonly code: string;
  /** Our words for it; for an unknown code the code itself. */
  readonly text: string;
  /** The rule that forwards it, such as PMP-01; PMP-10 for codes that we do not know. */
  readonly ruleId: string;
  readonly priority: 'high' | 'medium' | 'low';
  /** The device forgets it as soon as it was read: it stays until a person has seen it, whatever the rule says. */
  readonly latches?: true;
}

/** The complete list of what the device signals now; an empty list means that it said "no alarm". */
export interface AlertsSeen {
  readonly kind: 'alerts';
  readonly alerts: readonly DeviceAlert[];
  readonly atMs: number;
}

/** What the device says it is. A field that is absent was not told, not changed. */
export interface IdentitySeen {
  readonly kind: 'identity';
  readonly serial?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** `demo` when the device says of itself that it is simulated. */
  readonly mode?: GenerationMode;
  readonly atMs: number;
}

/**
 * The line goes on and this device is no longer on it: a pump that was taken out of its rack. The next
 * accepted frame of its channel says that it is back.
 */
export interface DeviceGone {
  readonly kind: 'device-gone';
  /** One plain sentence for the nurse. */
  readonly reason: string;
  readonly atMs: number;
}

/** Exactly one FrameAccepted or FrameRejected per frame: silence is judged by accepted frames only. */
export interface FrameAccepted {
  readonly kind: 'frame-accepted';
  readonly atMs: number;
}

export interface FrameRejected {
  readonly kind: 'frame-rejected';
  readonly reason: 'checksum' | 'malformed' | 'unexpected';
  readonly atMs: number;
}

/** A query stayed without an answer. */
export interface ReplyMissed {
  readonly kind: 'reply-missed';
  readonly query: string;
  readonly atMs: number;
}

/** An event, and of which device on the line: absent means the line as a whole, or its only device. */
export type ChannelEvent = DeviceEvent & { readonly channel?: string };
