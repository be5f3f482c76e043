import * as z from 'zod/mini';

const IsoTime = z.iso.datetime();

/**
 * Where a session stands. `waiting`: the order is active and nothing flowed yet. `ended`: the planned end has
 * passed and the order is not completed. `recovery`: completed, within its minimum of observation;
 * `recovered`: that minimum is over and the patient is still there.
 */
export const SessionPhase = z.enum([
  'waiting',
  'infusing',
  'paused',
  'ended',
  'recovery',
  'recovered',
]);

/** `null` = not known, which is never zero. */
export const BaselineView = z.strictObject({
  /** `provisional`: median of what was seen, no nurse confirmed it yet. */
  state: z.enum(['none', 'provisional', 'confirmed']),
  heartRateBpm: z.nullable(z.number()),
  spo2Percent: z.nullable(z.number()),
  systolicMmHg: z.nullable(z.number()),
  diastolicMmHg: z.nullable(z.number()),
  by: z.nullable(z.string()),
  at: z.nullable(IsoTime),
});

export const PauseView = z.strictObject({
  reason: z.string(),
  by: z.string(),
  since: IsoTime,
  until: IsoTime,
});

/** Scores as in docs/interfaces.md; `null` = not asked. */
export const ObservationView = z.strictObject({
  at: IsoTime,
  by: z.string(),
  pain: z.nullable(z.number()),
  affective: z.nullable(z.number()),
  sedation: z.nullable(z.number()),
  dysphoria: z.nullable(z.number()),
  hallucination: z.nullable(z.number()),
  nausea: z.nullable(z.number()),
  headache: z.nullable(z.number()),
  note: z.nullable(z.string()),
});

export const AdjunctView = z.strictObject({
  drug: z.string(),
  doseMg: z.number(),
  route: z.string(),
  at: IsoTime,
  by: z.string(),
});

/** One step of the order, and what became of it. */
export const TitrationStepView = z.strictObject({
  step: z.int(),
  mgPerH: z.number(),
  mlPerH: z.number(),
  /** `null` while flow has not begun, and while nobody knows when: the step is held without an end. */
  dueAt: z.nullable(IsoTime),
  earliestAt: z.nullable(IsoTime),
  latestAt: z.nullable(IsoTime),
  /** `due`: within its window and not made. `late`: beyond it. `skipped`: a later one was made instead. */
  state: z.enum(['planned', 'due', 'late', 'held', 'made', 'skipped']),
  /** How it was made; `null` = not made. */
  how: z.nullable(z.enum(['made', 'early', 'late', 'skipped'])),
  madeAt: z.nullable(IsoTime),
  /** As read off the pump when it was made. */
  readMgPerH: z.nullable(z.number()),
  /** The order wants a person to say that its criteria are met. */
  needsConfirmation: z.boolean(),
  /** The criteria, in the words of the order. */
  condition: z.nullable(z.string()),
  confirmedBy: z.nullable(z.string()),
  heldBy: z.nullable(z.string()),
  holdReason: z.nullable(z.string()),
  holdUntil: z.nullable(IsoTime),
  /** Of the next step: what of the order's `holdIf` is met now or not known. A person judges it. */
  holdReasons: z.array(z.string()),
});

export const TitrationView = z.strictObject({
  /** The step at whose rate the pump runs; `null` = at none, or not known. */
  runningStep: z.nullable(z.int()),
  steps: z.array(TitrationStepView),
});

/** What the pump says beside what the order says, before the start and while it runs. */
export const PumpCheckLine = z.strictObject({
  what: z.enum(['drug', 'concentration', 'rate', 'volume', 'weight']),
  /** `cannot-tell`: this pump never tells it. `unknown`: it could, and has not. */
  state: z.enum(['same', 'different', 'unknown', 'cannot-tell']),
  pump: z.nullable(z.string()),
  order: z.string(),
});

/** Who vouches for the concentration of what hangs there. */
export const ConcentrationView = z.strictObject({
  source: z.enum(['pump', 'label', 'two-people', 'none']),
  confirmedBy: z.array(z.string()),
});

/** Which day of a course this session is. */
export const CourseDayView = z.strictObject({
  courseId: z.string(),
  day: z.int(),
  of: z.int(),
  plannedMg: z.nullable(z.number()),
});

/** The session of the order that runs on a bed, or of the one after which the patient recovers there. */
export const SessionView = z.strictObject({
  orderId: z.string(),
  phase: SessionPhase,
  plannedStartAt: z.nullable(IsoTime),
  startedAt: z.nullable(IsoTime),
  /** With declared pauses counted in. */
  endsAt: z.nullable(IsoTime),
  baseline: BaselineView,
  pause: z.nullable(PauseView),
  recovery: z.nullable(z.strictObject({ since: IsoTime, until: IsoTime })),
  /** Newest first. */
  observations: z.array(ObservationView).check(z.maxLength(50)),
  observationDueAt: z.nullable(IsoTime),
  adjuncts: z.array(AdjunctView).check(z.maxLength(50)),
  concentration: ConcentrationView,
  course: z.nullable(CourseDayView),
  /** `null` in recovery. */
  titration: z.nullable(TitrationView),
  pumpCheck: z.array(PumpCheckLine),
});
export type SessionView = z.infer<typeof SessionView>;
export type TitrationView = z.infer<typeof TitrationView>;
export type PumpCheckLine = z.infer<typeof PumpCheckLine>;
