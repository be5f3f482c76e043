import * as z from 'zod/mini';
import { FACT_CODES } from '../../observation/device-event.ts';
import { GenerationMode, MetricCode, Validity } from '../../observation/metrics.ts';
import { WaveCode } from '../../observation/wave.ts';
import { SessionView } from './session-view.ts';

/**
 * What a client sees of the ward (docs/interfaces.md). Shared with the browser, so this folder
 * imports zod and src/observation only. Schemas are strict: an unknown key is an error.
 *
 * Times: `...At` is wall time, ISO 8601 in UTC, for labels. `...AtMonotonicMs` is the gateway's
 * monotonic clock, for ages and countdowns; compare it with the offset learned from beats.
 */
const IsoTime = z.iso.datetime();
const Id = z.string().check(z.minLength(1), z.maxLength(64));

/**
 * How a value may be shown. `stale` (5 s by default) keeps its number; `lost` (10 s or port closed)
 * and everything below has `value: null`. `never`: no value since the device was attached.
 * `unsupported`: this device cannot tell. `not-provided`: it could, and was set up on site not to.
 */
export const ShownValidity = z.enum([
  'valid',
  'questionable',
  'stale',
  'lost',
  'invalid',
  'not-available',
  'not-provided',
  'never',
  'unsupported',
]);
export type ShownValidity = z.infer<typeof ShownValidity>;

export const Numeric = z.strictObject({
  code: MetricCode,
  /** Unrounded, in `unit`. `null` is "not available" and never zero. */
  value: z.nullable(z.number()),
  unit: z.string(),
  validity: ShownValidity,
  /** When the device's frame arrived; for cuff pressures when that measurement was first seen. */
  observedAt: z.nullable(IsoTime),
  observedAtMonotonicMs: z.nullable(z.number()),
  deviceId: Id,
  mode: GenerationMode,
  /** Such as `ecg` or `pleth` for a heart rate. */
  source: z.optional(z.string()),
  /** Why it is not valid, in words. */
  reason: z.optional(z.string()),
  /** Cuff pressures: a measurement is running and this is still the previous one. */
  measuring: z.optional(z.boolean()),
});
export type Numeric = z.infer<typeof Numeric>;

/** One completed cuff measurement, newest first in BedView. */
export const NibpReading = z.strictObject({
  at: IsoTime,
  systolic: z.nullable(z.number()),
  diastolic: z.nullable(z.number()),
  mean: z.nullable(z.number()),
});
export type NibpReading = z.infer<typeof NibpReading>;

export const Nibp = z.strictObject({
  /** Ordered. */
  intervalMin: z.nullable(z.number()),
  /** Where the cuff is in its interval; `off`: the order asks for none. */
  state: z.enum(['off', 'done', 'due', 'measuring', 'late', 'overdue', 'failed']),
  /** The monitor's own automatic cycle; `null` = by hand, or not told. */
  cycleMin: z.nullable(z.number()),
  /** The monitor's cycle is not the ordered interval. */
  cycleDiffers: z.boolean(),
  /** Measurements without a reading since the last good one. */
  failures: z.int(),
  /** Last reading + the device's cycle where it tells one, else + the ordered interval. */
  nextAt: z.nullable(IsoTime),
  nextSource: z.enum(['device', 'estimated']),
  history: z.array(NibpReading).check(z.maxLength(8)),
});
export type Nibp = z.infer<typeof Nibp>;

export const InfusionState = z.enum([
  'no-pump', // no pump is configured for this bed
  'unknown', // nothing trustworthy from the pump
  'no-order', // the pump's state is known and there is no active order
  'not-started', // active order, no flow seen yet
  'on-order', // within tolerance
  'over',
  'under',
  'stopped', // not infusing although the order says so
  'kvo',
  'bolus',
  'ended', // the order has ended and nothing flows
]);
export type InfusionState = z.infer<typeof InfusionState>;

export const InfusionView = z.strictObject({
  state: InfusionState,
  orderedMgPerH: z.nullable(z.number()),
  orderedMlPerH: z.nullable(z.number()),
  /** Current flow x bag concentration; `null` while unknown or without an order (no concentration). */
  liveMgPerH: z.nullable(z.number()),
  liveMlPerH: z.nullable(z.number()),
  liveValidity: ShownValidity,
  liveObservedAt: z.nullable(IsoTime),
  liveObservedAtMonotonicMs: z.nullable(z.number()),
  /** (live - ordered) / ordered; `null` when one of them is unknown or the order is zero. */
  deviation: z.nullable(z.number()),
  /** Such as `Check units: 10 times`; at most 24 characters. */
  hint: z.nullable(z.string().check(z.maxLength(24))),
  /** Since the session began, over all pumps of the bed, from their own volume counters: at least this. */
  givenMg: z.nullable(z.number()),
  /** False: a counter did not tell all, so it is `givenMg` at least and `givenAtMostMg` at most. */
  givenComplete: z.boolean(),
  /** At most this; the same as `givenMg` when `givenComplete`. */
  givenAtMostMg: z.nullable(z.number()),
  /** In the last 24 hours (rolling), also by former orders: at least and at most. */
  given24hMg: z.nullable(z.number()),
  given24hAtMostMg: z.nullable(z.number()),
  /** In this course: all sessions of this patient with this drug and regimen. */
  givenCourseMg: z.nullable(z.number()),
  givenCourseAtMostMg: z.nullable(z.number()),
  orderedTotalMg: z.nullable(z.number()),
  /** Start of the next ordered step or, after the last one, the ordered end. */
  nextStepAt: z.nullable(IsoTime),
  nextStepMgPerH: z.nullable(z.number()),
  /** 1-based step that the plan is in now, of how many. */
  step: z.nullable(z.int()),
  of: z.nullable(z.int()),
  pumpId: z.nullable(Id),
  pumpLabel: z.nullable(z.string()),
  volumeInfusedMl: z.nullable(z.number()),
  vtbiMl: z.nullable(z.number()),
  pressureMmHg: z.nullable(z.number()),
});
export type InfusionView = z.infer<typeof InfusionView>;

export const PatientView = z.strictObject({
  id: z.string(),
  label: z.string(),
  weightKg: z.nullable(z.number()),
});

export const OrderStepView = z.strictObject({
  step: z.int(),
  /** From the start of the session, ms. */
  offsetMs: z.number(),
  mgPerH: z.number(),
  mlPerH: z.number(),
});

export const OrderStatus = z.enum([
  'draft',
  'signed',
  'verified',
  'active',
  'completed',
  'discontinued',
  'expired', // its time of validity passed before it was started
]);
export type OrderStatus = z.infer<typeof OrderStatus>;

export const OrderView = z.strictObject({
  orderId: Id,
  version: z.int(),
  status: OrderStatus,
  regimen: z.string(),
  drugName: z.string(),
  drugForm: z.string(),
  bagDrugMg: z.number(),
  bagVolumeMl: z.number(),
  concentrationMgPerMl: z.number(),
  mode: z.enum(['mg-total-over', 'mg-per-h', 'mg-per-kg-per-h']),
  steps: z.array(OrderStepView),
  durationMs: z.number(),
  maxMgPerH: z.nullable(z.number()),
  /** Hard limit of the drug library for this bed. */
  hardMaxMgPerH: z.nullable(z.number()),
  /** When flow was first seen after activation; the steps count from here. */
  startedAt: z.nullable(IsoTime),
  endsAt: z.nullable(IsoTime),
  activatedAt: z.nullable(IsoTime),
  signedBy: z.nullable(z.string()),
  verifiedBy: z.nullable(z.string()),
});
export type OrderView = z.infer<typeof OrderView>;

/**
 * Change points of the live rate for the plan-and-actual plot, oldest first: from `at` on the rate
 * was `mgPerH`; `null` means unknown, and is drawn as unknown, never joined.
 */
export const RatePoint = z.strictObject({ at: IsoTime, mgPerH: z.nullable(z.number()) });
export type RatePoint = z.infer<typeof RatePoint>;

/** One waveform of a bed: what the blocks of this stream on `/ws/wave` are. */
export const WaveView = z.strictObject({
  stream: z.int(),
  deviceId: Id,
  code: WaveCode,
  /** Such as `ECG II`. */
  title: z.string(),
  /** Of a scaled sample; empty where there is no absolute scale. */
  unit: z.string(),
  samplesPerS: z.number(),
  /** `lost`: no block for 4 s, or the device is away. */
  state: z.enum(['valid', 'questionable', 'invalid', 'lost']),
  /** Why it is not valid, in words: `leads off`. */
  reason: z.nullable(z.string()),
});
export type WaveView = z.infer<typeof WaveView>;

/** Alarm limits in force, to be shown beside the values. */
export const LimitsView = z.strictObject({
  hrLow: z.number(),
  hrHigh: z.number(),
  spo2Low: z.number(),
  spo2SevereLow: z.number(),
  rateTolerance: z.number(),
});

export const BedView = z.strictObject({
  bedId: Id,
  /** A `demo` bed shows SIMULATED everywhere and raises no MON-08. */
  bedMode: z.enum(['live', 'demo']),
  /** At least one value on this bed is not real. */
  simulated: z.boolean(),
  patient: z.nullable(PatientView),
  order: z.nullable(OrderView),
  /** Of the order that runs, or of the recovery after it. */
  session: z.nullable(SessionView),
  numerics: z.array(Numeric),
  infusion: InfusionView,
  nibp: Nibp,
  waves: z.array(WaveView),
  rateHistory: z.array(RatePoint),
  limits: LimitsView,
  deviceIds: z.array(Id),
  audioPausedUntil: z.nullable(IsoTime),
  audioPausedBy: z.nullable(z.string()),
});
export type BedView = z.infer<typeof BedView>;

export const DeviceView = z.strictObject({
  deviceId: Id,
  bedId: Id,
  driver: z.string(),
  role: z.enum(['pump', 'monitor']),
  title: z.string(),
  evidence: z.string(),
  port: z.string(),
  /** `silent`: the port is open and nothing valid arrives. */
  state: z.enum(['connecting', 'live', 'stale', 'silent', 'closed']),
  /** One plain sentence: what it means and what to check first; `null` when all is well. */
  advice: z.nullable(z.string()),
  mode: GenerationMode,
  serial: z.nullable(z.string()),
  model: z.nullable(z.string()),
  firmware: z.nullable(z.string()),
  lastFrameAt: z.nullable(IsoTime),
  lastFrameAtMonotonicMs: z.nullable(z.number()),
  /**
   * Which device belongs to this place. `another`: a different one answers, or one that belongs to another
   * place; none of its values are shown or judged until a person confirms it.
   */
  association: z.strictObject({
    state: z.enum(['untold', 'own', 'another']),
    /** Serial number of the device that belongs here; `null` = none yet. */
    serial: z.nullable(z.string()),
    /** Device id of the place to which the one that answers belongs. */
    belongsTo: z.nullable(Id),
  }),
  /** The device's own word for what it does (pumps), such as `HLD`; `null` = not told. */
  status: z.nullable(z.strictObject({ word: z.string(), raw: z.string() })),
  /** What it tells in words: drug, syringe, mains or battery, kind of delivery. */
  facts: z.array(
    z.strictObject({
      code: z.enum(FACT_CODES),
      text: z.nullable(z.string()),
      validity: Validity,
    }),
  ),
  /** A sentence that stands beside its values always, such as "bench device". */
  notice: z.nullable(z.string()),
  /** What this kind of device cannot tell, in words: its silence about these means nothing. */
  cannotTell: z.array(z.string()),
  /** Which of the device's own alarms are read: short of `all`, an empty list is not "no alarm". */
  alertsDecoded: z.enum(['all', 'some', 'none']),
  alerts: z.array(z.strictObject({ code: z.string(), text: z.string(), priority: z.string() })),
  counters: z.strictObject({
    framesAccepted: z.int(),
    framesRejected: z.int(),
    bytesIn: z.int(),
    bytesDropped: z.int(),
    repliesMissed: z.int(),
    connects: z.int(),
    writesRefused: z.int(),
    impossibleValues: z.int(),
  }),
});
export type DeviceView = z.infer<typeof DeviceView>;

export const AlarmPriority = z.enum(['high', 'medium', 'low']);

export const AlarmView = z.strictObject({
  alarmId: Id,
  /** Grows with every change; an acknowledgement names the revision that was seen. */
  rev: z.int(),
  ruleId: z.string(),
  priority: AlarmPriority,
  kind: z.enum(['physiological', 'technical']),
  bedId: Id,
  deviceId: z.optional(Id),
  /** Banner line 1, at most 40 characters. */
  text: z.string().check(z.maxLength(40)),
  /** Tile foot, at most 24 characters. */
  textShort: z.string().check(z.maxLength(24)),
  /** Banner line 2, at most 70 characters: numbers and what to do. */
  detail: z.optional(z.string().check(z.maxLength(70))),
  /** The value that raised it, in `unit`, and the limit or order that it broke. */
  value: z.optional(z.number()),
  limit: z.optional(z.number()),
  unit: z.optional(z.string()),
  /** The worst value while it stood. */
  worst: z.optional(z.number()),
  /** The shown values that it is about; their fields take the alarm fill. */
  codes: z.optional(z.array(MetricCode)),
  phase: z.enum(['active', 'acknowledged', 'latched', 'ended', 'inhibited']),
  /** The condition stands now. A latched alarm is shown although its condition is gone. */
  present: z.boolean(),
  latching: z.boolean(),
  onsetAt: IsoTime,
  changedAt: IsoTime,
  endedAt: z.optional(IsoTime),
  acknowledgedBy: z.optional(z.string()),
  acknowledgedAt: z.optional(IsoTime),
  seenBy: z.optional(z.string()),
  /** alarmId of the alarm above it. */
  inhibitedBy: z.optional(Id),
});
export type AlarmView = z.infer<typeof AlarmView>;
