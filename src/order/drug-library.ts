import * as z from 'zod';
import type { OrderDocument } from './order-schema.ts';
import { forWeight, quantity, toNumber } from './quantity.ts';
import { problemAt, readText, type TextParsed, type TextProblem } from './yaml-text.ts';

const MgPerH = z.number().positive().max(10_000);
const MgPerKgPerH = z.number().positive().max(50);
const Names = z.array(z.string().min(1).max(60)).max(50).default([]);

/** Limits of the drug per class of order (config/drug-library.yaml). Soft limits may be left out. */
export const DrugLibrary = z
  .strictObject({
    version: z.int().min(1),
    releasedBy: z.array(z.string().min(1)).length(2, 'two people release a drug library'),
    drug: z.strictObject({
      name: z.string().min(1),
      forms: z.array(z.enum(['racemic', 'S'])).min(1),
      /** Other names under which the drug may be ordered, by the form that each of them means. */
      aliases: z.strictObject({ racemic: Names, S: Names }).prefault({}),
    }),
    /** Above this nothing may be ordered outside of the icu-coma care area. */
    refuseAboveMgPerH: MgPerH,
    classes: z.strictObject({
      'outpatient-fixed': z.strictObject({ softMgPerH: MgPerH.optional(), hardMgPerH: MgPerH }),
      'ward-continuous': z.strictObject({ softMgPerH: MgPerH.optional(), hardMgPerH: MgPerH }),
      'weight-based': z.strictObject({
        softMgPerKgPerH: MgPerKgPerH.optional(),
        hardMgPerKgPerH: MgPerKgPerH,
      }),
      'icu-coma': z.strictObject({ softMgPerH: MgPerH.optional(), hardMgPerH: MgPerH }),
    }),
  })
  .superRefine(({ classes }, context) => {
    const pairs: readonly (readonly [string, number | undefined, number])[] = [
      [
        'outpatient-fixed',
        classes['outpatient-fixed'].softMgPerH,
        classes['outpatient-fixed'].hardMgPerH,
      ],
      [
        'ward-continuous',
        classes['ward-continuous'].softMgPerH,
        classes['ward-continuous'].hardMgPerH,
      ],
      [
        'weight-based',
        classes['weight-based'].softMgPerKgPerH,
        classes['weight-based'].hardMgPerKgPerH,
      ],
      ['icu-coma', classes['icu-coma'].softMgPerH, classes['icu-coma'].hardMgPerH],
    ];
    for (const [name, soft, hard] of pairs) {
      if (soft === undefined || soft <= hard) continue;
      context.addIssue({
        code: 'custom',
        path: ['classes', name],
        message: `the soft limit ${soft} is above the hard limit ${hard}`,
      });
    }
  });
export type DrugLibrary = z.output<typeof DrugLibrary>;

export type LibraryProblem = TextProblem;

/** YAML text → library, or every problem with its line. Never throws. */
export function parseDrugLibrary(text: string): TextParsed<DrugLibrary> {
  const read = readText(text);
  if (!read.ok) return read;
  const result = DrugLibrary.safeParse(read.value.value);
  if (result.success) return { ok: true, value: result.data };
  return {
    ok: false,
    problems: result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) =>
            problemAt(
              [...issue.path, key],
              `There is no setting "${key}" here; check its spelling or remove it.`,
              read.value,
            ),
          )
        : [problemAt(issue.path, `${issue.message.replace(/\.$/, '')}.`, read.value)],
    ),
  };
}

export type CareArea = 'standard' | 'icu-coma';

export interface DoseLimits {
  readonly className: string;
  readonly softMaxMgPerH: number | null;
  readonly hardMaxMgPerH: number;
}

/** Which limits hold for an order: by the bed's care area, else by how the dose is written. */
export function doseLimits(
  library: DrugLibrary,
  order: Pick<OrderDocument, 'mode' | 'patient'>,
  area: CareArea,
): DoseLimits {
  const { classes, refuseAboveMgPerH } = library;
  if (area === 'icu-coma') return fixed('icu-coma', classes['icu-coma'], Number.POSITIVE_INFINITY);
  switch (order.mode) {
    case 'mg-total-over':
      return fixed('outpatient-fixed', classes['outpatient-fixed'], refuseAboveMgPerH);
    case 'mg-per-h':
      return fixed('ward-continuous', classes['ward-continuous'], refuseAboveMgPerH);
    case 'mg-per-kg-per-h': {
      const kg = quantity(order.patient.weightKg ?? 0, 'kg');
      const { softMgPerKgPerH, hardMgPerKgPerH } = classes['weight-based'];
      const ofPatient = (limit: number): number =>
        toNumber(forWeight(quantity(limit, 'mg/kg/h'), kg));
      const limits = {
        softMgPerH: softMgPerKgPerH === undefined ? undefined : ofPatient(softMgPerKgPerH),
        hardMgPerH: ofPatient(hardMgPerKgPerH),
      };
      return fixed('weight-based', limits, refuseAboveMgPerH);
    }
  }
}

function fixed(
  className: string,
  limits: { readonly softMgPerH?: number | undefined; readonly hardMgPerH: number },
  refuseAboveMgPerH: number,
): DoseLimits {
  return {
    className,
    softMaxMgPerH: limits.softMgPerH ?? null,
    hardMaxMgPerH: Math.min(limits.hardMgPerH, refuseAboveMgPerH),
  };
}

/**
 * Whether the drug of an order is the one of this library, in the form that its name means: the S
 * form is about twice as strong. `undefined` = yes, else one sentence.
 */
export function drugComplaint(
  { drug }: DrugLibrary,
  { name, form }: OrderDocument['drug'],
): string | undefined {
  const isCalled = (names: readonly string[]): boolean =>
    names.some((known) => known.toLowerCase() === name.trim().toLowerCase());
  if (!drug.forms.includes(form)) {
    return `The drug library has no ${form} form of ${drug.name}; order one of: ${drug.forms.join(', ')}.`;
  }
  if (isCalled([drug.name]) || isCalled(drug.aliases[form])) return undefined;
  const other = form === 'S' ? 'racemic' : 'S';
  if (isCalled(drug.aliases[other])) {
    return `${name} means the ${other} form and the order says form ${form}; check which is meant.`;
  }
  return `${name} is not in the drug library, which is for ${drug.name}; check the name.`;
}
