import * as z from 'zod';

/** What the limits of every rule are made of (see src/check/limits.ts). */
export const seconds = (max: number) => z.number().min(0).max(max);
export const Priority = z.enum(['high', 'medium', 'low']);

/** When a level becomes present and absent around its threshold. */
export const timing = {
  priority: Priority,
  /** The condition must hold for so long, counting only time with valid data. */
  onDelayS: seconds(900),
  /** And in so many new readings. */
  minSamples: z.int().min(1).max(20).default(1),
  /** The clear side must hold for so long. */
  offDelayS: seconds(300).default(0),
};

export const plain = z.strictObject(timing);
export const fraction = z.number().min(0.02).max(1);

/** A limit that may be set stricter than the floor, never laxer. */
export function floored(
  min: number,
  max: number,
  floor: { readonly atLeast?: number; readonly atMost?: number },
) {
  return z
    .number()
    .min(min)
    .max(max)
    .refine((value) => floor.atLeast === undefined || value >= floor.atLeast, {
      error: (issue) =>
        `${String(issue.input)} is below the floor ${floor.atLeast}; it cannot be set lower`,
    })
    .refine((value) => floor.atMost === undefined || value <= floor.atMost, {
      error: (issue) =>
        `${String(issue.input)} is above the floor ${floor.atMost}; it cannot be set higher`,
    });
}

export const rule = <T extends z.ZodRawShape>(levels: T) =>
  z.strictObject({ latching: z.boolean(), levels: z.strictObject(levels) });

export const above = z.strictObject({
  ...timing,
  aboveFraction: fraction,
  clearFraction: fraction,
});
export const below = z.strictObject({
  ...timing,
  belowFraction: fraction,
  clearFraction: fraction,
});
export const forwarded = z.strictObject({ latching: z.boolean(), priorityAtLeast: Priority });
