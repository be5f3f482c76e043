import * as z from 'zod';
import { DAY_MS, parseDuration } from './iso-duration.ts';
import { quoted } from './yaml-text.ts';

/**
 * The order document (docs/interfaces.md): what a prescriber signs. Durations become ms; what was
 * written is kept beside it as the source. A dose is never given as mL/h, and the concentration is
 * never typed: it follows from the bag.
 *
 * Messages of this schema begin after the field's name: `is "40mg"; write ...`.
 */

/** Strongest ketamine vial in use; a bag can never be stronger. */
export const CONCENTRATION_MAX_MG_PER_ML = 100;

interface Span {
  readonly min: number;
  readonly max: number;
  /** The smallest value itself is not allowed, as for a dose of zero. */
  readonly openMin?: boolean;
}

/** A number whose unit is fixed by its field. A unit or a comma in the value is a misunderstanding. */
const numberIn = (unit: string, span: Span) =>
  z.unknown().transform((value, context): number => {
    const complaint = complaintAbout(value, unit, span);
    if (complaint === undefined) return value as number;
    context.addIssue({ code: 'custom', message: complaint });
    return z.NEVER;
  });

function complaintAbout(value: unknown, unit: string, span: Span): string | undefined {
  if (value === undefined || value === null) return `is missing; write it as a number in ${unit}`;
  if (typeof value === 'string') return `is ${quoted(value)}; ${textAdvice(value.trim(), unit)}`;
  if (typeof value !== 'number') return `is ${quoted(value)}; write a number in ${unit}`;
  if (!Number.isFinite(value)) return `is ${value}; write a plain number in ${unit}`;
  const isTooSmall = span.openMin === true ? value <= span.min : value < span.min;
  if (isTooSmall) {
    const bound = span.openMin === true ? `more than ${span.min}` : `at least ${span.min}`;
    return `is ${value} ${unit}; it must be ${bound} ${unit}`;
  }
  if (value > span.max) {
    return `is ${value} ${unit}; that is more than ${span.max} ${unit}, check value and unit`;
  }
  return undefined;
}

function textAdvice(text: string, unit: string): string {
  if (/^[-+]?\d*,\d+/.test(text)) {
    return `write a decimal point and no comma, as a number in ${unit}`;
  }
  if (/^[-+]?\d+(\.\d+)?$/.test(text)) return `write it without quotes, as a number in ${unit}`;
  if (/^[-+]?\d/.test(text)) {
    return `write the number alone, without a unit: this field is always in ${unit}`;
  }
  return `write a number in ${unit}`;
}

/** An ISO 8601 duration → ms. */
const duration = (example: string, minMs: number, maxMs: number) =>
  z.unknown().transform((value, context): number => {
    const ms = typeof value === 'string' ? parseDuration(value) : undefined;
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    const message =
      value === undefined || value === null
        ? `is missing; write a duration such as ${example}`
        : ms === undefined
          ? `is ${quoted(value)}; write a duration such as ${example} (ISO 8601)`
          : `is ${quoted(value)}; ${ms < minMs ? 'that is too short' : 'that is too long'} here, write a duration such as ${example}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const name = (what: string, max: number) =>
  z.unknown().transform((value, context): string => {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= max) return value;
    const message =
      typeof value === 'number'
        ? `is the number ${value}; write ${what} in quotes, so that no digit gets lost`
        : value === undefined || value === null
          ? `is missing; write ${what}`
          : `is ${quoted(value)}; write ${what}, at most ${max} characters`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const DATE_TIME = 'must be a time such as "2026-11-20T08:00:00Z"; write date, time and zone';

/** No session of any regimen is near this long. */
const SESSION_MAX_MS = 31 * DAY_MS;
const WINDOW_MAX_MS = DAY_MS;
const AMOUNT_MAX_MG = 200_000;
const RATE_MAX_MG_PER_H = 10_000;

/** `dose` is in mg, mg/h or mg/kg/h, as the mode says. */
const Step = z.strictObject({
  step: numberIn('steps (1, 2, 3 ...)', { min: 1, max: 500 }),
  at: duration('PT0S or PT4H', 0, SESSION_MAX_MS),
  dose: numberIn('the unit of mode (mg, mg/h or mg/kg/h)', { min: 0, max: AMOUNT_MAX_MG }),
  over: duration('PT4H', 60_000, SESSION_MAX_MS).optional(),
  earliest: duration('-PT2M', -WINDOW_MAX_MS, 0).optional(),
  latest: duration('PT15M', 0, WINDOW_MAX_MS).optional(),
  /** What the pump is expected to be set to: compared with dose and bag, never used as a dose. */
  mlPerH: numberIn('mL/h', { min: 0, max: 1_000 }).optional(),
  /** A person must say that the criteria are met before the pump is changed to this step. */
  confirm: z.boolean('must be true or false').optional(),
  /** The criteria, in words. */
  condition: name('the criteria of the step', 120).optional(),
});

export const MODES = ['mg-total-over', 'mg-per-h', 'mg-per-kg-per-h'] as const;

export const SETTINGS = [
  'outpatient-session',
  'inpatient-continuous',
  'weight-based',
  'icu-only',
] as const;

/** What is given beside the infusion: recorded, not watched. */
const Adjunct = z.strictObject({
  drug: name('the name of the drug', 60),
  doseMg: numberIn('mg', { min: 0, max: 10_000, openMin: true }),
  route: name('the route, such as oral', 40),
  when: name('when it is given', 120).optional(),
});

/** An alarm limit for this patient alone; the floors of config/alarm-limits.yaml hold for it too. */
const AlarmLimit = z.strictObject({
  rule: name('the rule, such as VIT-01', 10),
  level: name('the level of the rule, such as low', 20),
  setting: name('the setting, such as below', 30),
  value: z.number('must be a number'),
  reason: name('why', 200),
  author: name('who decided it', 60),
});

/** One day of a plan of several: each has its own order, this says where it stands. */
const CourseDay = z.strictObject({
  day: numberIn('days (1, 2, 3 ...)', { min: 1, max: 400 }),
  date: z.iso.date('must be a date such as "2026-11-23"'),
  plannedMg: numberIn('mg', { min: 0, max: AMOUNT_MAX_MG, openMin: true }),
});

export const OrderDocument = z.strictObject({
  patient: z.strictObject({
    id: name('the patient id', 64),
    /** Name on the screen, such as `Patient 01`. */
    label: name('a label', 40).optional(),
    weightKg: numberIn('kg', { min: 2, max: 350 }).optional(),
    weightMeasuredAt: z.iso.datetime(DATE_TIME).optional(),
    weightSource: z
      .enum(['measured', 'stated', 'estimated'], 'must be measured, stated or estimated')
      .optional(),
  }),
  /** Template id, or `none`. */
  regimen: name('the regimen, or none', 60),
  setting: z.enum(SETTINGS, `must be one of ${SETTINGS.join(', ')}`).optional(),
  drug: z.strictObject({
    name: name('the name of the drug', 60),
    form: z.enum(['racemic', 'S'], 'must be racemic or S; the S form is about twice as strong'),
  }),
  /** The concentration is derived, never typed. */
  bag: z.strictObject({
    drugMg: numberIn('mg', { min: 0, max: AMOUNT_MAX_MG, openMin: true }),
    /** Final volume, with the drug in it. */
    volumeMl: numberIn('mL', { min: 1, max: 5_000 }),
    diluent: name('the diluent, such as normal saline', 60).optional(),
  }),
  mode: z.enum(MODES, `must be one of ${MODES.join(', ')}; the mode says what a dose means`),
  steps: z
    .array(Step, 'must be a list of steps; write at least one')
    .min(1, 'has no step; write at least one')
    .max(500, 'has more than 500 steps'),
  end: duration('PT4H', 60_000, SESSION_MAX_MS),
  /** When it is to begin; a start more than 15 min later is told. */
  plannedStart: z.iso.datetime(DATE_TIME).optional(),
  /** It may not be started, or run, after this. */
  validUntil: z.iso.datetime(DATE_TIME).optional(),
  /** How many pumps give it at the same time; left out, one. */
  channels: numberIn('pumps', { min: 1, max: 4 }).optional(),
  /** All declared pauses together may be so long; they move the rest of the plan. */
  pauseAllowance: duration('PT20M', 0, DAY_MS).optional(),
  /** When the next step is not to be made: shown at the step, judged by a person. */
  holdIf: z
    .strictObject({
      spo2Below: numberIn('%', { min: 70, max: 100 }).optional(),
      systolicAbove: numberIn('mmHg', { min: 80, max: 260 }).optional(),
      sedationAbove: numberIn('points (0 to 4)', { min: 0, max: 4 }).optional(),
    })
    .optional(),
  alarmLimits: z
    .array(AlarmLimit, 'must be a list of alarm limits')
    .max(20, 'has more than 20 alarm limits')
    .optional(),
  limits: z.strictObject({
    maxMgPerH: numberIn('mg/h', { min: 0, max: RATE_MAX_MG_PER_H, openMin: true }),
    maxMgSession: numberIn('mg', { min: 0, max: AMOUNT_MAX_MG, openMin: true }).optional(),
    maxMg24h: numberIn('mg', { min: 0, max: AMOUNT_MAX_MG, openMin: true }).optional(),
    maxMgCourse: numberIn('mg', { min: 0, max: AMOUNT_MAX_MG, openMin: true }).optional(),
    maxMlPerH: numberIn('mL/h', { min: 0, max: 1_000, openMin: true }).optional(),
  }),
  bolus: z.literal('none', 'must be none; an ordered bolus is not supported, give it by hand'),
  /** Left out, it is not allowed. */
  kvo: z
    .strictObject({
      allowed: z.boolean('must be true or false'),
      maxMlPerH: numberIn('mL/h', { min: 0, max: 50, openMin: true }).optional(),
    })
    .default({ allowed: false }),
  /** Observation after the end of the infusion. */
  recovery: duration('PT1H', 0, 2 * DAY_MS).optional(),
  nibpInterval: duration('PT15M', 60_000, DAY_MS).optional(),
  adjuncts: z
    .array(Adjunct, 'must be a list of adjuncts')
    .max(20, 'has more than 20 adjuncts')
    .optional(),
  /** A plan of several sessions on dates of their own; `day` is the one of this order. */
  course: z
    .strictObject({
      /** Of the course that the first order began; left out, this one begins it. */
      id: name('the id of the course', 20).optional(),
      day: numberIn('days (1, 2, 3 ...)', { min: 1, max: 400 }),
      sessions: z
        .array(CourseDay, 'must be a list of sessions')
        .min(1, 'has no session; write at least one')
        .max(400, 'has more than 400 sessions'),
    })
    .optional(),
});
export type OrderDocument = z.output<typeof OrderDocument>;
export type OrderStep = OrderDocument['steps'][number];
