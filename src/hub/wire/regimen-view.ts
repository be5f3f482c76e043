import * as z from 'zod/mini';

/** Durations as they are written: `PT4H`. */
const Duration = z.string();

/**
 * One template of a published regimen (docs/regimens.md). What is left out is not stated by its
 * source: leave it empty for the prescriber, never fill in a default.
 */
export const RegimenView = z.strictObject({
  id: z.string(),
  reference: z.string(),
  title: z.string(),
  source: z.strictObject({
    citation: z.string(),
    evidence: z.enum(['A', 'V', 'R', 'D']),
    weight: z.enum(['low', 'very-low', 'guideline', 'site']),
  }),
  setting: z.enum(['outpatient-session', 'inpatient-continuous', 'weight-based', 'icu-only']),
  /** Left out: any. */
  careAreas: z.optional(z.array(z.enum(['standard', 'icu-coma']))),
  drug: z.strictObject({ name: z.string(), form: z.optional(z.enum(['racemic', 'S'])) }),
  bag: z.optional(z.strictObject({ volumeMl: z.number(), diluent: z.optional(z.string()) })),
  mode: z.enum(['mg-total-over', 'mg-per-h', 'mg-per-kg-per-h']),
  /** In mg, mg/h or mg/kg/h, as the mode says. */
  dose: z.strictObject({
    lowest: z.number(),
    highest: z.number(),
    first: z.optional(z.number()),
    increment: z.optional(z.number()),
  }),
  stepInterval: z.optional(Duration),
  length: z.optional(z.strictObject({ shortest: Duration, longest: Duration })),
  recovery: z.optional(Duration),
  nibpInterval: z.optional(Duration),
  calendar: z.array(
    z.strictObject({
      title: z.string(),
      sessions: z.int(),
      sessionsUpTo: z.optional(z.int()),
      every: Duration,
      everyUpTo: z.optional(Duration),
      times: z.optional(z.int()),
      weekends: z.optional(z.enum(['left-out', 'counted'])),
    }),
  ),
  adjuncts: z.array(
    z.strictObject({
      drug: z.string(),
      lowestMg: z.optional(z.number()),
      highestMg: z.optional(z.number()),
      route: z.optional(z.string()),
      when: z.optional(z.string()),
    }),
  ),
  monitoring: z.optional(z.string()),
  remarks: z.array(z.string()),
});
export type RegimenView = z.infer<typeof RegimenView>;

/** `GET /api/regimens` */
export const RegimensReply = z.strictObject({ regimens: z.array(RegimenView) });
export type RegimensReply = z.infer<typeof RegimensReply>;
