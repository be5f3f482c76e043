import * as z from 'zod';
import type { OrderRefusal } from './order-life.ts';
import { refusedCall } from './session-refusal.ts';
import { quoted } from './yaml-text.ts';

/** A number whose unit is fixed by its field; left out or `null`, it is not said, which is never zero. */
export const numberOrNot = (unit: string) =>
  z
    .unknown()
    .transform((value, context): number | null => {
      if (value === null) return null;
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      const message = `is ${quoted(value)}; write a plain number in ${unit}, or null`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .default(null);

/** What a number of a field can be. */
export interface Scale {
  /** For a person. */
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly isWhole?: true;
}

/** The first number that cannot be: which field, what was said, and what it can be. */
export function impossibleIn<Field extends string>(
  values: Readonly<Record<Field, number | null>>,
  scales: Readonly<Record<Field, Scale>>,
): OrderRefusal | undefined {
  for (const field of Object.keys(scales) as Field[]) {
    const value = values[field];
    const { label, unit, min, max, isWhole } = scales[field];
    if (value === null) continue;
    const isFraction = isWhole === true && !Number.isInteger(value);
    if (value >= min && value <= max && !isFraction) continue;
    const whole = isWhole ? 'a whole number ' : '';
    const message = `${label} is ${value} ${unit}, which cannot be; write ${whole}from ${min} to ${max}, or leave it out.`;
    return refusedCall(422, 'impossible', message, field);
  }
  return undefined;
}
