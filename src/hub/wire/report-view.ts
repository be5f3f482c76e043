import * as z from 'zod/mini';
import { GenerationMode } from '../../observation/metrics.ts';
import { AdjunctView, BaselineView, CourseDayView, ObservationView } from './session-view.ts';
import { AlarmPriority, OrderView, PatientView, RatePoint } from './views.ts';

const IsoTime = z.iso.datetime();
const Amount = z.nullable(z.number());

/** An event of the order's life, oldest first: nothing is edited in place. */
export const ReportEntry = z.strictObject({
  /** Its number in the event log; `null` = not known. */
  seq: z.nullable(z.int()),
  at: IsoTime,
  /** What happened, in words. */
  text: z.string(),
  by: z.nullable(z.string()),
  station: z.nullable(z.string()),
});

/** One version of the order; the last one is the newest. */
export const ReportVersion = z.strictObject({
  version: z.int(),
  /** `replaced`: a later version holds; `withdrawn`: taken back, or left over when the order ended. */
  status: z.enum([
    'draft',
    'signed',
    'verified',
    'active',
    'completed',
    'discontinued',
    'expired',
    'replaced',
    'withdrawn',
  ]),
  createdBy: z.string(),
  createdAt: IsoTime,
  signedBy: z.nullable(z.string()),
  signedAt: z.nullable(IsoTime),
  /** Why a soft limit is exceeded. */
  softLimitReason: z.nullable(z.string()),
  verifiedBy: z.nullable(z.string()),
  verifiedAt: z.nullable(IsoTime),
  activatedBy: z.nullable(z.string()),
  /** When it began to run; `null` = it never did. */
  activatedAt: z.nullable(IsoTime),
  /** Why it took the place of the one before. */
  reason: z.nullable(z.string()),
});

/** One step of the plan, and what became of it. */
export const ReportStep = z.strictObject({
  step: z.int(),
  mgPerH: z.number(),
  mlPerH: z.number(),
  /** `null` = flow never began. */
  plannedAt: z.nullable(IsoTime),
  /**
   * `made`, `early`, `late`: the pump was seen at its rate. `skipped`: a later one was made instead. `not-made`: the order
   * was over, or is not so far. `unknown`: the pump could not be seen while it was due.
   */
  state: z.enum(['made', 'early', 'late', 'skipped', 'not-made', 'unknown']),
  madeAt: z.nullable(IsoTime),
  /** As read off the pump. */
  readMgPerH: z.nullable(z.number()),
  confirmedBy: z.nullable(z.string()),
});

/** What one pump gave from one bag, and how that is known. */
export const ReportDose = z.strictObject({
  pumpId: z.string(),
  bagDrugMg: z.number(),
  bagVolumeMl: z.number(),
  from: IsoTime,
  to: IsoTime,
  /** By the pump's volume counter, from this bag; both the same when it is known. */
  atLeastMl: z.number(),
  atMostMl: z.number(),
  /** With what can have flowed unseen. */
  atLeastMg: z.number(),
  atMostMg: z.number(),
  /** In words, such as `counter of the pump x 0.08 mg/mL`. */
  how: z.string(),
});

const Pressure = z.strictObject({
  /** When the cuff reading came, to the minute. */
  at: IsoTime,
  systolic: z.nullable(z.number()),
  diastolic: z.nullable(z.number()),
  mean: z.nullable(z.number()),
});

/** Every 15 min. `null` = not known then, printed as `-?-`. */
export const ReportVitals = z.strictObject({
  at: IsoTime,
  /** Mean of the minute before. */
  heartRateBpm: z.nullable(z.number()),
  heartRateFrom: z.nullable(z.enum(['ecg', 'pulse'])),
  spo2Percent: z.nullable(z.number()),
  respPerMin: z.nullable(z.number()),
  /** The last one of the 15 min before. */
  pressure: z.nullable(Pressure),
  /** Said by a nurse in the 15 min before. */
  pain: z.nullable(z.number()),
  sedation: z.nullable(z.number()),
});

const Span = z.nullable(z.strictObject({ min: z.number(), max: z.number() }));

/** Lowest and highest value of an hour; `null` = no value in it. */
export const ReportHour = z.strictObject({
  from: IsoTime,
  to: IsoTime,
  heartRateBpm: Span,
  spo2Percent: Span,
  respPerMin: Span,
  systolicMmHg: Span,
  diastolicMmHg: Span,
});

export const ReportAlarm = z.strictObject({
  alarmId: z.string(),
  ruleId: z.string(),
  priority: AlarmPriority,
  kind: z.enum(['physiological', 'technical']),
  deviceId: z.nullable(z.string()),
  text: z.string(),
  detail: z.nullable(z.string()),
  /** The worst value while it stood, in `unit`. */
  worst: z.nullable(z.number()),
  unit: z.nullable(z.string()),
  onsetAt: IsoTime,
  /** `null` = it stands. */
  endedAt: z.nullable(IsoTime),
  acknowledgedBy: z.nullable(z.string()),
  acknowledgedAt: z.nullable(IsoTime),
});

/** A stretch in which something was not recorded. */
export const ReportGap = z.strictObject({
  from: IsoTime,
  /** `null` = it goes on. */
  to: z.nullable(IsoTime),
  what: z.enum(['gateway', 'pump', 'heart-rate', 'spo2']),
  /** One line, such as `No data of the pump`. */
  text: z.string(),
});

export const ReportDevice = z.strictObject({
  deviceId: z.string(),
  role: z.enum(['pump', 'monitor']),
  driver: z.string(),
  /** All serial numbers that belonged to this place in the session, in order of time. */
  serials: z.array(z.string()),
  /** Of what is connected there now; `null` = not known, or another device by now. */
  model: z.nullable(z.string()),
  firmware: z.nullable(z.string()),
  mode: GenerationMode,
});

const Said = { by: z.string(), at: IsoTime };

/** Everything that a printed session report holds (`GET /api/orders/{id}/report`). `null` is not known, never zero. */
export const ReportView = z.strictObject({
  /** When it was made. */
  madeAt: IsoTime,
  timeZone: z.string(),
  /** Of the beginning of the session: labels of one report do not jump with the clocks. */
  utcOffsetMin: z.int(),
  gatewayId: z.string(),
  site: z.string(),
  unit: z.string(),
  build: z.string(),
  /** At least one device is not real: SIMULATED stands on every page. */
  simulated: z.boolean(),
  bedId: z.nullable(z.string()),
  patient: PatientView,

  order: OrderView,
  versions: z.array(ReportVersion),
  history: z.array(ReportEntry),
  course: z.nullable(CourseDayView),

  plannedStartAt: z.nullable(IsoTime),
  activatedAt: z.nullable(IsoTime),
  startedAt: z.nullable(IsoTime),
  plannedEndAt: z.nullable(IsoTime),
  endedAt: z.nullable(IsoTime),
  /** `null` = it is not over. */
  ended: z.nullable(z.enum(['completed', 'discontinued', 'expired'])),
  endReason: z.nullable(z.string()),

  /** The report covers this stretch. */
  from: z.nullable(IsoTime),
  to: z.nullable(IsoTime),
  /** The session is over, the patient is discharged, and nothing is missing. */
  isComplete: z.boolean(),
  /** The stretches that are missing; `INCOMPLETE: data missing 14:02-14:09`. */
  gaps: z.array(ReportGap),

  steps: z.array(ReportStep),
  plannedMg: z.number(),
  /** At least; `null` = not known. */
  givenMg: Amount,
  givenAtMostMg: Amount,
  doses: z.array(ReportDose),
  /** From `at` on the rate was `mgPerH`; `null` is unknown and never joined. */
  planRate: z.array(RatePoint),
  actualRate: z.array(RatePoint),

  vitals: z.array(ReportVitals),
  hours: z.array(ReportHour),
  baseline: BaselineView,
  /** Oldest first, as the lists below. */
  observations: z.array(ObservationView),
  adjuncts: z.array(AdjunctView),
  pauses: z.array(
    z.strictObject({
      ...Said,
      reason: z.string(),
      isBagChange: z.boolean(),
      /** Declared end. */
      until: IsoTime,
      endedAt: z.nullable(IsoTime),
      /** How long nothing flowed in it. */
      stoppedS: z.number(),
    }),
  ),
  holds: z.array(
    z.strictObject({
      ...Said,
      step: z.int(),
      reason: z.string(),
      until: z.nullable(IsoTime),
      releasedAt: z.nullable(IsoTime),
    }),
  ),
  /** Labels as they were read, beside that of the activation. */
  bags: z.array(
    z.strictObject({
      ...Said,
      drugMg: z.number(),
      volumeMl: z.number(),
      isAsOrdered: z.boolean(),
    }),
  ),
  concentrationConfirmed: z.array(z.strictObject(Said)),
  alarms: z.array(ReportAlarm),
  recovery: z.nullable(
    z.strictObject({
      since: IsoTime,
      /** End of the minimum. */
      until: IsoTime,
    }),
  ),
  discharge: z.nullable(z.strictObject({ ...Said, reason: z.string() })),

  devices: z.array(ReportDevice),
  /** What is to be known about the times, such as a step of the gateway's clock. */
  clockNotes: z.array(z.string()),
  /**
   * The entries of the event log of this session, and the SHA-256 of the first and the last one; `null` = the order was
   * never activated.
   */
  log: z.nullable(
    z.strictObject({
      fromSeq: z.int(),
      fromHash: z.string(),
      toSeq: z.int(),
      toHash: z.string(),
    }),
  ),
});
export type ReportView = z.infer<typeof ReportView>;
