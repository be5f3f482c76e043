import { type DraftCall, draftOrder } from '../../src/order/regimen-draft.ts';
import { regimen } from '../order/order-kit.ts';

/** What a prescriber decides on top of a template; each value goes to a field that the source leaves open. */
export interface Decision {
  /** Id of the template. */
  readonly regimen: string;
  readonly bag: { readonly drugMg: number; readonly volumeMl: number };
  /** Path of the open field (`steps[0].dose`) → value. Of the fields that may stay empty too. */
  readonly answers: Readonly<Record<string, unknown>>;
  readonly session?: number;
  readonly firstDate?: string;
}

export const PATIENT = {
  id: 'P-0000001',
  weightKg: 70.8,
  weightMeasuredAt: '2026-11-20T08:00:00Z',
} as const;

const days = (
  count: number,
  field: 'plannedMg' | 'date',
  value: (day: number) => unknown,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `course.sessions[${index}].${field}`,
      value(index + 1),
    ]),
  );

const dateOf = (first: string, day: number): string =>
  new Date(Date.parse(`${first}T00:00:00Z`) + (day - 1) * 86_400_000).toISOString().slice(0, 10);

/** Ten days from 40 to 80 mg, each in 500 mL: the pump runs at 125 mL/h on every one of them. */
export const R1_MG = [40, 45, 50, 55, 60, 65, 70, 75, 80, 80] as const;
export const R1_DATES = [
  ...['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'],
  ...['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04'],
] as const;

/** R1 on one of its days; midazolam was left out by the prescriber. */
export function goldbergDay(day: number, courseId?: string): Readonly<Record<string, unknown>> {
  const doseMg = R1_MG[day - 1] ?? Number.NaN;
  const document = ordered({
    regimen: 'goldberg-outpatient-10-day',
    session: day,
    firstDate: R1_DATES[0],
    bag: { drugMg: doseMg, volumeMl: 500 },
    answers: {
      'drug.form': 'racemic',
      'steps[0].dose': doseMg,
      'limits.maxMgSession': doseMg,
      'limits.maxMg24h': doseMg,
      'limits.maxMgCourse': R1_MG.reduce((sum, mg) => sum + mg, 0),
      'adjuncts[1]': undefined,
      recovery: 'PT1H',
      ...days(10, 'plannedMg', (nth) => R1_MG[nth - 1]),
    },
  });
  if (courseId === undefined) return document;
  return { ...document, course: { ...Object(document['course']), id: courseId } };
}

export const DECISIONS = {
  R2: {
    regimen: 'inpatient-5-day-titration',
    // 4 mL/h at 20 mg/h: one bag for all five days.
    bag: { drugMg: 5_000, volumeMl: 1_000 },
    answers: {
      'drug.form': 'racemic',
      ...Object.fromEntries([1, 2, 3, 4].map((n) => [`steps[${n}].at`, `PT${n * 24}H`])),
      'adjuncts[0].route': 'oral',
      'adjuncts[1]': undefined,
      'limits.maxMgSession': 3_600,
      'limits.maxMg24h': 960,
      recovery: 'PT1H',
    },
  },
  R3: {
    regimen: 'outpatient-booster',
    bag: { drugMg: 160, volumeMl: 500 },
    answers: {
      'drug.form': 'racemic',
      'steps[0].dose': 160,
      'limits.maxMgSession': 160,
      'adjuncts[0].route': 'oral',
      recovery: 'PT1H',
      nibpInterval: 'PT15M',
    },
  },
  R4: {
    regimen: 'outpatient-10-day-70-200',
    bag: { drugMg: 70, volumeMl: 500 },
    answers: {
      'drug.form': 'racemic',
      'steps[0].dose': 70,
      'steps[0].over': 'PT4H',
      end: 'PT4H',
      'limits.maxMgPerH': 20,
      'limits.maxMgSession': 70,
      'adjuncts[0].route': 'oral',
      ...days(10, 'date', (day) => dateOf('2026-11-23', day)),
      ...days(10, 'plannedMg', (day) => 70 + (day - 1) * 10),
      recovery: 'PT1H',
      nibpInterval: 'PT15M',
    },
  },
  R5: {
    regimen: 'inpatient-low-dose-awake',
    // 7 mL/h: changed twice in five days.
    bag: { drugMg: 1_250, volumeMl: 350 },
    answers: {
      'drug.form': 'racemic',
      'steps[0].dose': 25,
      'adjuncts[0]': undefined,
      'limits.maxMgSession': 3_000,
      'limits.maxMg24h': 600,
      recovery: 'PT1H',
    },
  },
  R6: {
    regimen: 'outpatient-70-90-step-down',
    bag: { drugMg: 80, volumeMl: 500 },
    answers: {
      'drug.form': 'racemic',
      'steps[0].dose': 80,
      'steps[0].over': 'PT5H',
      end: 'PT5H',
      'limits.maxMgSession': 80,
      ...days(14, 'date', (day) => dateOf('2026-11-23', day)),
      ...days(14, 'plannedMg', () => 80),
      recovery: 'PT1H',
      nibpInterval: 'PT15M',
    },
  },
  R7: {
    regimen: 'icu-coma',
    bag: { drugMg: 50_000, volumeMl: 1_000 },
    answers: {
      'drug.form': 'racemic',
      'steps[0].dose': 500,
      end: 'P5D',
      'limits.maxMgSession': 60_000,
      recovery: 'PT2H',
    },
  },
  R8: {
    regimen: 'weight-based-4-hour',
    bag: { drugMg: 500, volumeMl: 500 },
    answers: { 'drug.form': 'racemic', nibpInterval: 'PT15M' },
  },
} as const satisfies Readonly<Record<string, Decision>>;

/**
 * The template with every open field decided. Throws when one that is required stays open, and when
 * a decision is about a field that the template had already stated.
 */
export function ordered(decision: Decision): Readonly<Record<string, unknown>> {
  const { session = 1, firstDate = '2026-11-23', bag, answers } = decision;
  const call: DraftCall = { session, patient: PATIENT, bag, firstDate };
  const { document, open } = draftOrder(regimen(decision.regimen), call);
  const has = (path: string): boolean =>
    Object.keys(answers).some((answer) => path === answer || path.startsWith(`${answer}.`));
  const left = open.filter(({ path, isRequired }) => isRequired && !has(path));
  if (left.length > 0) throw new Error(`not decided: ${left.map(({ path }) => path).join(', ')}`);
  const whole = structuredClone(document) as Record<string, unknown>;
  for (const [path, value] of Object.entries(answers)) put(whole, path, value);
  return JSON.parse(JSON.stringify(withoutHoles(whole))) as Record<string, unknown>;
}

function put(target: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop() ?? '';
  let at = target;
  for (const key of keys) {
    at[key] ??= {};
    at = at[key] as Record<string, unknown>;
  }
  at[last] = value;
}

/** An adjunct that was not wanted is taken out of the list. */
function withoutHoles(document: Record<string, unknown>): Record<string, unknown> {
  const { adjuncts } = document;
  if (!Array.isArray(adjuncts)) return document;
  const wanted = adjuncts.filter((adjunct) => adjunct !== undefined);
  const { adjuncts: _, ...rest } = document;
  return wanted.length === 0 ? rest : { ...rest, adjuncts: wanted };
}
