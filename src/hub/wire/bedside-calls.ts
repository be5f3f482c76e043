import * as z from 'zod/mini';

/** Bodies of the bedside calls (docs/interfaces.md). `null` = not said, which is never zero. */
const head = {
  commandId: z.optional(z.uuid()),
  station: z.optional(z.string().check(z.maxLength(40))),
};
const numberOrNull = z.optional(z.nullable(z.number()));

export const BaselineCall = z.strictObject({
  ...head,
  heartRateBpm: numberOrNull,
  spo2Percent: numberOrNull,
  systolicMmHg: numberOrNull,
  diastolicMmHg: numberOrNull,
});
export type BaselineCall = z.infer<typeof BaselineCall>;

const points = (max: number) => z.optional(z.nullable(z.int().check(z.minimum(0), z.maximum(max))));

export const ObservationCall = z.strictObject({
  ...head,
  pain: points(10),
  affective: points(4),
  sedation: points(4),
  dysphoria: points(3),
  hallucination: points(3),
  nausea: points(3),
  headache: points(3),
  note: z.optional(z.nullable(z.string().check(z.maxLength(500)))),
});
export type ObservationCall = z.infer<typeof ObservationCall>;

export const AdjunctCall = z.strictObject({
  ...head,
  drug: z.string().check(z.minLength(1), z.maxLength(60)),
  doseMg: z.number(),
  route: z.string().check(z.minLength(1), z.maxLength(40)),
  /** Left out, it is now. */
  givenAt: z.optional(z.iso.datetime({ offset: true })),
});
export type AdjunctCall = z.infer<typeof AdjunctCall>;

export const DischargeCall = z.strictObject({
  ...head,
  /** Needed before the ordered recovery is over. */
  reason: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
});
export type DischargeCall = z.infer<typeof DischargeCall>;

/** `bagChange`: another bag may hang there afterwards. */
export const PauseCall = z.strictObject({
  ...head,
  reason: z.string().check(z.minLength(1), z.maxLength(200)),
  minutes: z.int().check(z.minimum(1), z.maximum(10)),
  bagChange: z.optional(z.boolean()),
});
export type PauseCall = z.infer<typeof PauseCall>;

export const ResumeCall = z.strictObject({ ...head });
export type ResumeCall = z.infer<typeof ResumeCall>;

/** `reason` is needed for a hold; `minutes` left out, it stands until it is released. */
export const StepCall = z.strictObject({
  ...head,
  step: z.int().check(z.minimum(1)),
  action: z.enum(['confirm', 'hold', 'release']),
  reason: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  minutes: z.optional(z.int().check(z.minimum(1), z.maximum(1440))),
});
export type StepCall = z.infer<typeof StepCall>;

/** As read off the label. */
export const BagCall = z.strictObject({
  ...head,
  drugMg: z.number().check(z.positive(), z.maximum(200_000)),
  volumeMl: z.number().check(z.positive(), z.maximum(5_000)),
});
export type BagCall = z.infer<typeof BagCall>;

export const ConfirmConcentrationCall = z.strictObject({ ...head });
export type ConfirmConcentrationCall = z.infer<typeof ConfirmConcentrationCall>;
