/**
 * What people do at the bedside with an order that runs, and what the pump was seen to do with its steps.
 * JSON-plain entries of the event log, with user, station and time around them; nothing is edited in place.
 */
export type SessionEvent =
  | BaselineSeen
  | BaselineConfirmed
  | {
      readonly type: 'infusion-paused';
      readonly orderId: string;
      /** In words; `isBagChange`: another bag may hang there afterwards. */
      readonly reason: string;
      readonly isBagChange: boolean;
      readonly minutes: number;
    }
  /** By a person, or because the pump flows again. `stoppedMs`: how long nothing flowed while it was paused. */
  | { readonly type: 'infusion-resumed'; readonly orderId: string; readonly stoppedMs: number }
  | StepHeld
  | { readonly type: 'step-released'; readonly orderId: string; readonly step: number }
  /** A person says that the criteria of the step are met. */
  | { readonly type: 'step-confirmed'; readonly orderId: string; readonly step: number }
  | StepMade
  /** Another bag of the ordered concentration hangs, as read off its label. */
  | { readonly type: 'bag-hung'; readonly orderId: string; readonly bag: BagLabel }
  /** The label of the bag that hangs there says something else than the order (ORD-15). */
  | { readonly type: 'bag-differs'; readonly orderId: string; readonly bag: BagLabel }
  | { readonly type: 'concentration-confirmed'; readonly orderId: string }
  | AdjunctGiven
  | ObservationNoted
  | { readonly type: 'patient-discharged'; readonly orderId: string; readonly reason: string };

/** What the monitors showed before the first flow, noted by the gateway: the provisional baseline. */
export interface BaselineSeen {
  readonly type: 'baseline-seen';
  readonly orderId: string;
  readonly values: BaselineValues;
}

export interface BaselineConfirmed {
  readonly type: 'baseline-confirmed';
  readonly orderId: string;
  readonly values: BaselineValues;
}

/** `null` = not said: then what was seen stays in use, and without that a rule that needs it cannot tell. */
export interface BaselineValues {
  readonly heartRateBpm: number | null;
  readonly spo2Percent: number | null;
  readonly systolicMmHg: number | null;
  readonly diastolicMmHg: number | null;
}

/** A pause is declared for at most so long (clinical alarm rule ORD-23). */
export const PAUSE_MAX_MIN = 10;

export interface StepHeld {
  readonly type: 'step-held';
  readonly orderId: string;
  readonly step: number;
  readonly reason: string;
  /** `null` = until it is released. */
  readonly untilWallMs: number | null;
}

/** The pump was seen to run at the rate of a step. */
export interface StepMade {
  readonly type: 'step-made';
  readonly orderId: string;
  readonly step: number;
  /** `skipped`: steps between the last one and this one were left out. */
  readonly how: 'made' | 'early' | 'late' | 'skipped';
  readonly pumpId: string;
  /** As read off the pump. */
  readonly mgPerH: number;
  readonly mlPerH: number;
}

export interface BagLabel {
  readonly drugMg: number;
  readonly volumeMl: number;
}

export interface AdjunctGiven {
  readonly type: 'adjunct-given';
  readonly orderId: string;
  readonly drug: string;
  readonly doseMg: number;
  readonly route: string;
  readonly givenAtWallMs: number;
}

export interface ObservationNoted {
  readonly type: 'observation-noted';
  readonly orderId: string;
  readonly scores: ObservationScores;
  readonly note: string | null;
}

/** `null` = not asked. */
export interface ObservationScores {
  /** 0 none to 10 worst possible (Goldberg et al. 2005). */
  readonly pain: number | null;
  /** 0 none, 1 mild, 2 moderate, 3 severe; 4 has no word in the source. */
  readonly affective: number | null;
  /** 0 awake, 1 drowsy, 2 rouses to voice, 3 rouses to touch, 4 does not rouse. */
  readonly sedation: number | null;
  /** 0 none, 1 mild, 2 moderate, 3 severe; also the following ones. */
  readonly dysphoria: number | null;
  readonly hallucination: number | null;
  readonly nausea: number | null;
  readonly headache: number | null;
}

const TYPES: ReadonlySet<string> = new Set<SessionEvent['type']>([
  'baseline-seen',
  'baseline-confirmed',
  'infusion-paused',
  'infusion-resumed',
  'step-held',
  'step-released',
  'step-confirmed',
  'step-made',
  'bag-hung',
  'bag-differs',
  'concentration-confirmed',
  'adjunct-given',
  'observation-noted',
  'patient-discharged',
]);

/** The log holds other events too. */
export function isSessionEvent(event: { readonly type: string }): event is SessionEvent {
  return TYPES.has(event.type);
}
