/** The fields of an order document as they are asked on the screen. The gateway judges what is in them. */
import type { FieldKind } from './typed.ts';

export interface Choice {
  readonly value: string | boolean | number;
  readonly word: string;
}

export interface FieldSpec {
  readonly path: string;
  readonly label: string;
  readonly kind: FieldKind | 'choice';
  /** Fixed beside the field; the prescriber never chooses it. */
  readonly unit?: string;
  readonly choices?: readonly Choice[];
  /** The order is refused without it. */
  readonly isRequired?: boolean;
  readonly hint?: string;
  /** Needs two columns. */
  readonly isWide?: boolean;
}

export interface FieldGroup {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly FieldSpec[];
}

const MODES: readonly Choice[] = [
  { value: 'mg-total-over', word: 'mg over hours' },
  { value: 'mg-per-h', word: 'mg/h' },
  { value: 'mg-per-kg-per-h', word: 'mg/kg/h' },
];

export const DOSE_UNITS: Readonly<Record<string, string>> = {
  'mg-total-over': 'mg',
  'mg-per-h': 'mg/h',
  'mg-per-kg-per-h': 'mg/kg/h',
};

const FORMS: readonly Choice[] = [
  { value: 'racemic', word: 'racemic' },
  { value: 'S', word: 'S-form' },
];

const SETTINGS: readonly Choice[] = [
  { value: 'outpatient-session', word: 'outpatient' },
  { value: 'inpatient-continuous', word: 'inpatient' },
  { value: 'weight-based', word: 'weight-based' },
  { value: 'icu-only', word: 'ICU only' },
];

const WEIGHT_SOURCES: readonly Choice[] = [
  { value: 'measured', word: 'measured' },
  { value: 'stated', word: 'stated' },
  { value: 'estimated', word: 'estimated' },
];

export const YES_NO: readonly Choice[] = [
  { value: true, word: 'yes' },
  { value: false, word: 'no' },
];

export const PATIENT: FieldGroup = {
  id: 'patient',
  title: 'Patient',
  fields: [
    {
      path: 'patient.id',
      label: 'Patient id',
      kind: 'text',
      isRequired: true,
      hint: 'From the wristband',
    },
    { path: 'patient.label', label: 'Name on the screen', kind: 'text' },
    { path: 'patient.weightKg', label: 'Weight', kind: 'number', unit: 'kg' },
    { path: 'patient.weightMeasuredAt', label: 'Weighed at', kind: 'moment' },
    {
      path: 'patient.weightSource',
      label: 'Weight is',
      kind: 'choice',
      choices: WEIGHT_SOURCES,
    },
  ],
};

export const DRUG: FieldGroup = {
  id: 'drug',
  title: 'Drug and bag',
  fields: [
    { path: 'drug.name', label: 'Drug', kind: 'text', isRequired: true },
    {
      path: 'drug.form',
      label: 'Form',
      kind: 'choice',
      choices: FORMS,
      isRequired: true,
      hint: 'S is about twice as strong',
    },
    { path: 'bag.drugMg', label: 'Drug in the bag', kind: 'number', unit: 'mg', isRequired: true },
    {
      path: 'bag.volumeMl',
      label: 'Final volume',
      kind: 'number',
      unit: 'mL',
      isRequired: true,
      hint: 'With the drug in it',
    },
    { path: 'bag.diluent', label: 'Diluent', kind: 'text' },
  ],
};

export const PLAN: FieldGroup = {
  id: 'plan',
  title: 'Plan',
  fields: [
    {
      path: 'mode',
      label: 'A dose is in',
      kind: 'choice',
      choices: MODES,
      isRequired: true,
    },
    { path: 'setting', label: 'Setting', kind: 'choice', choices: SETTINGS },
    { path: 'end', label: 'Ends after', kind: 'hours', unit: 'h:min', isRequired: true },
    { path: 'plannedStart', label: 'Planned start', kind: 'moment' },
    { path: 'validUntil', label: 'Valid until', kind: 'moment' },
    { path: 'pauseAllowance', label: 'Pauses, in all', kind: 'minutes', unit: 'min' },
    { path: 'channels', label: 'Pumps at the same time', kind: 'number', unit: 'pumps' },
  ],
};

export const LIMITS: FieldGroup = {
  id: 'limits',
  title: 'Limits',
  fields: [
    {
      path: 'limits.maxMgPerH',
      label: 'Highest rate',
      kind: 'number',
      unit: 'mg/h',
      isRequired: true,
    },
    { path: 'limits.maxMgSession', label: 'Most in the session', kind: 'number', unit: 'mg' },
    { path: 'limits.maxMg24h', label: 'Most in 24 h', kind: 'number', unit: 'mg' },
    { path: 'limits.maxMgCourse', label: 'Most in the course', kind: 'number', unit: 'mg' },
    { path: 'limits.maxMlPerH', label: 'Highest pump rate', kind: 'number', unit: 'mL/h' },
    { path: 'kvo.allowed', label: 'Keep vein open', kind: 'choice', choices: YES_NO },
    { path: 'kvo.maxMlPerH', label: 'KVO at most', kind: 'number', unit: 'mL/h' },
  ],
};

export const WATCH: FieldGroup = {
  id: 'watch',
  title: 'Watch, and hold the next step if',
  fields: [
    { path: 'nibpInterval', label: 'Blood pressure every', kind: 'minutes', unit: 'min' },
    { path: 'recovery', label: 'Watched afterwards', kind: 'minutes', unit: 'min' },
    { path: 'holdIf.spo2Below', label: 'SpO2 below', kind: 'number', unit: '%' },
    { path: 'holdIf.systolicAbove', label: 'Systolic above', kind: 'number', unit: 'mmHg' },
    { path: 'holdIf.sedationAbove', label: 'Sedation above', kind: 'number', unit: '0 to 4' },
  ],
};

/** @param mode the document's mode: it says what a dose is */
export function stepFields(index: number, mode: unknown): readonly FieldSpec[] {
  const at = `steps[${index}]`;
  const unit = DOSE_UNITS[String(mode)] ?? '';
  return [
    {
      path: `${at}.at`,
      label: 'After start',
      kind: 'hours',
      unit: 'h:min',
      isRequired: true,
    },
    { path: `${at}.dose`, label: 'Dose', kind: 'number', unit, isRequired: true },
    ...(mode === 'mg-total-over'
      ? [
          {
            path: `${at}.over`,
            label: 'Given over',
            kind: 'hours',
            unit: 'h:min',
            isRequired: true,
          } as const,
        ]
      : []),
    { path: `${at}.earliest`, label: 'May be early', kind: 'minutes-before', unit: 'min' },
    { path: `${at}.latest`, label: 'May be late', kind: 'minutes', unit: 'min' },
  ];
}

/** A first step has nothing before it that could be judged. */
export function criteriaFields(index: number): readonly FieldSpec[] {
  const at = `steps[${index}]`;
  return [
    { path: `${at}.condition`, label: 'Only if', kind: 'text' },
    {
      path: `${at}.confirm`,
      label: 'A person confirms it',
      kind: 'choice',
      choices: YES_NO,
    },
  ];
}

export function adjunctFields(index: number): readonly FieldSpec[] {
  const at = `adjuncts[${index}]`;
  return [
    { path: `${at}.drug`, label: 'Drug', kind: 'text', isRequired: true },
    { path: `${at}.doseMg`, label: 'Dose', kind: 'number', unit: 'mg', isRequired: true },
    { path: `${at}.route`, label: 'Route', kind: 'text', isRequired: true },
    { path: `${at}.when`, label: 'When', kind: 'text' },
  ];
}

export const COURSE_DAY: FieldSpec = {
  path: 'course.day',
  label: 'This order is day',
  kind: 'number',
};

export function sessionFields(index: number): readonly FieldSpec[] {
  const at = `course.sessions[${index}]`;
  return [
    { path: `${at}.date`, label: `Day ${index + 1} on`, kind: 'date', isRequired: true },
    { path: `${at}.plannedMg`, label: 'Planned', kind: 'number', unit: 'mg', isRequired: true },
  ];
}

/** A new order: what is no dose and must be so anyway. Everything else stays empty. */
export const BLANK_ORDER = {
  patient: {},
  regimen: 'none',
  drug: {},
  bag: {},
  limits: {},
  steps: [{ step: 1, at: 'PT0S' }],
  bolus: 'none',
  kvo: { allowed: false },
} as const;
