import * as z from 'zod';
import { parseDuration } from './iso-duration.ts';
import { MODES, type OrderDocument, SETTINGS } from './order-schema.ts';
import {
  compare,
  forWeight,
  plus,
  type Quantity,
  quantity,
  rateOver,
  toNumber,
} from './quantity.ts';
import { problemAt, quoted, readText, type TextParsed } from './yaml-text.ts';

/**
 * A published regimen as a template (config/regimens, docs/regimens.md). It proposes and never
 * decides: what its source does not state is left out here, stays empty in a draft, and must be
 * filled by the prescriber. Everything stands as it was written, so a template is plain JSON.
 */

const Text = z.string().min(1).max(600);
const Id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be small letters, digits and dashes');

const duration = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) > 0, 'must be a duration such as PT4H or P5D');
/** Between sessions; weeks and months are plain here, because nothing is counted from them. */
const spacing = z
  .string()
  .regex(/^P[1-9]\d?[DWM]$/, 'must be days, weeks or months, such as P1D, P2W or P3M');

const mg = z.number().positive().max(200_000);
const Count = z.int().min(1).max(100);

const Dose = z.strictObject({
  /** In the unit of the mode: mg a session, mg/h or mg/kg/h. */
  lowest: mg,
  highest: mg,
  /** Of the first session, or of the first step of one that rises while it runs. */
  first: mg.optional(),
  /** How much one step adds. */
  increment: mg.optional(),
});

const Phase = z.strictObject({
  title: Text,
  /** Sessions in each stretch of `every`; `sessionsUpTo` when the source gives a range. */
  sessions: Count,
  sessionsUpTo: Count.optional(),
  every: spacing,
  everyUpTo: spacing.optional(),
  /** How many such stretches; left out when the source states no end. */
  times: Count.optional(),
  /** Left out when the source does not say what happens on weekends. */
  weekends: z.enum(['left-out', 'counted']).optional(),
});

const Adjunct = z.strictObject({
  drug: Text,
  lowestMg: mg.optional(),
  highestMg: mg.optional(),
  route: Text.optional(),
  when: Text.optional(),
});
export type RegimenAdjunct = z.output<typeof Adjunct>;

/** Evidence marks of docs/regimens.md. */
export const EVIDENCE = ['A', 'V', 'R', 'D'] as const;

export const Regimen = z
  .strictObject({
    id: Id,
    /** Number in docs/regimens.md. */
    reference: z.string().regex(/^R\d{1,2}$/, 'must be a number of docs/regimens.md such as R1'),
    title: Text,
    source: z.strictObject({
      citation: Text,
      evidence: z.enum(EVIDENCE),
      /** How much the source itself counts. */
      weight: z.enum(['low', 'very-low', 'guideline', 'site']),
    }),
    setting: z.enum(SETTINGS),
    /** Left out: any. */
    careAreas: z
      .array(z.enum(['standard', 'icu-coma']))
      .min(1)
      .optional(),
    drug: z.strictObject({ name: Text, form: z.enum(['racemic', 'S']).optional() }),
    /** Where one bag is one session. */
    bag: z
      .strictObject({ volumeMl: z.number().min(1).max(5_000), diluent: Text.optional() })
      .optional(),
    mode: z.enum(MODES),
    dose: Dose,
    /** Time between two steps of a dose that rises while it runs. */
    stepInterval: duration.optional(),
    /** Of one session. */
    length: z.strictObject({ shortest: duration, longest: duration }).optional(),
    recovery: duration.optional(),
    nibpInterval: duration.optional(),
    calendar: z.array(Phase).max(20),
    adjuncts: z.array(Adjunct).max(10).default([]),
    monitoring: Text.optional(),
    /** What a reader of the template must know: contradictions, what was read into the source. */
    remarks: z.array(Text).max(20).default([]),
  })
  .superRefine((regimen, context) => {
    const complain = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const { dose, length, setting, mode, careAreas } = regimen;
    if (dose.lowest > dose.highest) complain(['dose', 'lowest'], 'is above dose.highest');
    if (dose.first !== undefined && (dose.first < dose.lowest || dose.first > dose.highest))
      complain(['dose', 'first'], 'is not between dose.lowest and dose.highest');
    if (dose.increment !== undefined && mode === 'mg-total-over')
      complain(['dose', 'increment'], 'goes with a rate; an amount is given in one step');
    const [shortest, longest] = [length?.shortest, length?.longest].map(spanOf);
    if ((shortest ?? 0) > (longest ?? Number.POSITIVE_INFINITY))
      complain(['length', 'shortest'], 'is longer than length.longest');
    if ((setting === 'weight-based') !== (mode === 'mg-per-kg-per-h'))
      complain(['mode'], 'must be mg-per-kg-per-h in the setting weight-based, and only there');
    if (setting === 'icu-only' && (careAreas?.length !== 1 || careAreas[0] !== 'icu-coma'))
      complain(['careAreas'], 'must be [icu-coma] in the setting icu-only');
    regimen.adjuncts.forEach(({ lowestMg, highestMg }, index) => {
      if (
        (lowestMg === undefined) !== (highestMg === undefined) ||
        (lowestMg ?? 0) > (highestMg ?? 0)
      )
        complain(['adjuncts', index], 'needs lowestMg and highestMg, or neither');
    });
  });
export type Regimen = z.output<typeof Regimen>;

/** One that cannot be read was complained about already. */
const spanOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseDuration(text);

/** YAML text → regimen, or every problem with its line. Never throws. */
export function parseRegimen(text: string): TextParsed<Regimen> {
  const read = readText(text);
  if (!read.ok) return read;
  const result = Regimen.safeParse(read.value.value);
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
        : [problemAt(issue.path, `${sentence(issue.message)}.`, read.value)],
    ),
  };
}

const sentence = (text: string): string => {
  const bare = text.replace(/\.$/, '');
  return /^(must|is|needs|goes)\b/.test(bare) ? `This ${bare}` : bare;
};

/** A duration of a template that was checked. */
export function msOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`The regimen was not checked: ${quoted(text)}`);
  return ms;
}

/**
 * The highest rate that a template reaches: its highest dose in its shortest time. `undefined` when
 * its source states no time, or the weight is not known.
 */
export function highestRate(
  { mode, dose, length }: Regimen,
  weightKg: number | undefined,
): Quantity<'mg/h'> | undefined {
  switch (mode) {
    case 'mg-total-over':
      return length && rateOver(quantity(dose.highest, 'mg'), msOf(length.shortest));
    case 'mg-per-h':
      return quantity(dose.highest, 'mg/h');
    case 'mg-per-kg-per-h':
      return weightKg === undefined
        ? undefined
        : forWeight(quantity(dose.highest, 'mg/kg/h'), quantity(weightKg, 'kg'));
  }
}

/** Doses of a session that rises by itself: from the first in equal steps to the highest. */
export function risingDoses({ dose: { first, increment, highest } }: Regimen): readonly number[] {
  if (first === undefined || increment === undefined) return [];
  const doses: number[] = [];
  const top = quantity(highest, 'dose');
  for (
    let next = quantity(first, 'dose');
    compare(next, top) <= 0 && doses.length < 500;
    next = plus(next, quantity(increment, 'dose'))
  ) {
    doses.push(toNumber(next));
  }
  return doses;
}

/** The templates of a gateway by id. */
export type RegimenShelf = ReadonlyMap<string, Regimen>;

/** `undefined` when the order names none, or one that is not there. */
export function regimenOf(shelf: RegimenShelf, { regimen }: OrderDocument): Regimen | undefined {
  return shelf.get(regimen);
}
