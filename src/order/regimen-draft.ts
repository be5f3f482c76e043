import { DAY_MS } from './iso-duration.ts';
import { amountIn, type Quantity, quantity, toNumber } from './quantity.ts';
import { highestRate, msOf, type Regimen, risingDoses } from './regimen.ts';
import { isWeekend } from './regimen-check.ts';

/** What a person gives when an order is begun from a template. */
export interface DraftCall {
  /** Which session of the course, from 1 on. */
  readonly session: number;
  readonly patient?:
    | {
        readonly id?: string | undefined;
        readonly weightKg?: number | undefined;
        readonly weightMeasuredAt?: string | undefined;
      }
    | undefined;
  /** The bag that will hang there. Its drug is never taken for the dose: they are to be compared. */
  readonly bag?: { readonly drugMg: number; readonly volumeMl: number } | undefined;
  /** Date of the first session, `2026-11-23`. */
  readonly firstDate?: string | undefined;
}

/** A field that the template leaves to the prescriber. */
export interface OpenField {
  /** `steps[1].at` */
  readonly path: string;
  readonly why: string;
  /** Without it the order is refused; the others may stay empty if the prescriber so decides. */
  readonly isRequired: boolean;
}

export interface OrderDraft {
  /** Shaped like an order document; open fields are not in it. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly open: readonly OpenField[];
}

/**
 * An order document begun from a template. Only what the source states, or what follows from it by
 * arithmetic, is filled in; the rest is listed. It is a proposal: checked, signed and verified like
 * any other order.
 */
export function draftOrder(regimen: Regimen, call: DraftCall): OrderDraft {
  const open: OpenField[] = [];
  const need: Need = (path, why, isRequired = true) => open.push({ path, why, isRequired });
  const weightKg = call.patient?.weightKg;
  if (call.patient?.id === undefined) need('patient.id', 'No patient was given.');
  if (weightKg === undefined && regimen.mode === 'mg-per-kg-per-h')
    need('patient.weightKg', 'A dose per kg needs the weight, in kg.');
  if (regimen.drug.form === undefined)
    need('drug.form', 'The source does not say racemic or S; the S form is about twice as strong.');
  const { steps, total } = stepsOf(regimen, call, need);
  const document = {
    patient: { ...call.patient },
    regimen: regimen.id,
    setting: regimen.setting,
    drug: { ...regimen.drug },
    bag: bagOf(regimen, call, need),
    mode: regimen.mode,
    steps,
    ...endOf(regimen, need),
    limits: limitsOf(regimen, weightKg, total, need),
    bolus: 'none',
    kvo: { allowed: false },
    ...optional('recovery', regimen.recovery),
    ...optional('nibpInterval', regimen.nibpInterval),
    ...adjunctsOf(regimen, need),
    ...courseOf(regimen, call, total, need),
  };
  if (regimen.recovery === undefined)
    need('recovery', 'The source states no observation after the infusion.', false);
  if (regimen.nibpInterval === undefined)
    need('nibpInterval', 'The source states no interval of blood pressure.', false);
  return { document, open };
}

type Need = (path: string, why: string, isRequired?: boolean) => void;
type Plain = Readonly<Record<string, unknown>>;

const optional = (key: string, value: unknown): Plain =>
  value === undefined ? {} : { [key]: value };

function bagOf({ bag }: Regimen, call: DraftCall, need: Need): Plain {
  if (call.bag === undefined) {
    need('bag.drugMg', 'No bag was given.');
    if (bag === undefined) need('bag.volumeMl', 'No bag was given; write its final volume.');
  }
  if (bag?.diluent === undefined) need('bag.diluent', 'The source names no diluent.', false);
  return { ...bag, ...call.bag };
}

interface Steps {
  readonly steps: readonly Plain[];
  /** What the session gives in all, where that is stated. */
  readonly total: Quantity<'mg'> | undefined;
}

function stepsOf(regimen: Regimen, call: DraftCall, need: Need): Steps {
  const { mode, length } = regimen;
  const rising = mode === 'mg-total-over' ? [] : risingDoses(regimen);
  if (rising.length > 1) return risingSteps(regimen, rising, need);
  const dose = doseOf(regimen, call.session);
  if (dose === undefined) need('steps[0].dose', whyNoDose(regimen, call.session));
  const over = mode === 'mg-total-over' ? fixedLength(regimen) : undefined;
  if (mode === 'mg-total-over' && over === undefined) need('steps[0].over', lengthMissing(length));
  const steps = [{ step: 1, at: 'PT0S', ...optional('dose', dose), ...optional('over', over) }];
  return { steps, total: dose === undefined ? undefined : totalOf(regimen, dose, call) };
}

function totalOf(regimen: Regimen, dose: number, call: DraftCall): Quantity<'mg'> | undefined {
  if (regimen.mode === 'mg-total-over') return quantity(dose, 'mg');
  const length = fixedLength(regimen);
  // Here lowest, first and highest are the same dose.
  const rate = highestRate(regimen, call.patient?.weightKg);
  return length === undefined || rate === undefined ? undefined : amountIn(rate, msOf(length));
}

/** Doses of a titration are stated, their times only where the template says so. */
function risingSteps({ stepInterval }: Regimen, doses: readonly number[], need: Need): Steps {
  const steps = doses.map((dose, index) => {
    if (index === 0) return { step: 1, at: 'PT0S', dose };
    if (stepInterval !== undefined)
      return { step: index + 1, at: `PT${(msOf(stepInterval) * index) / 1_000}S`, dose };
    need(`steps[${index}].at`, 'The source does not say when this step is made.');
    return { step: index + 1, dose };
  });
  return { steps, total: undefined };
}

function doseOf({ dose, mode }: Regimen, session: number): number | undefined {
  if (dose.lowest === dose.highest) return dose.lowest;
  return session === 1 || mode !== 'mg-total-over' ? dose.first : undefined;
}

function whyNoDose({ dose, mode }: Regimen, session: number): string {
  const unit = { 'mg-total-over': 'mg', 'mg-per-h': 'mg/h', 'mg-per-kg-per-h': 'mg/kg/h' }[mode];
  return `The source gives ${dose.lowest} to ${dose.highest} ${unit} and not the dose of session ${session}.`;
}

function fixedLength({ length }: Regimen): string | undefined {
  return length !== undefined && msOf(length.shortest) === msOf(length.longest)
    ? length.longest
    : undefined;
}

const lengthMissing = (length: Regimen['length']): string =>
  length === undefined
    ? 'The source does not state the length of a session.'
    : `The source gives ${length.shortest} to ${length.longest}.`;

function endOf(regimen: Regimen, need: Need): Plain {
  const end = fixedLength(regimen);
  if (end === undefined) need('end', lengthMissing(regimen.length));
  return optional('end', end);
}

/** Bounds follow from the highest dose of the source, and for a session from its own dose. */
function limitsOf(
  regimen: Regimen,
  weightKg: number | undefined,
  total: Quantity<'mg'> | undefined,
  need: Need,
): Plain {
  const highest = highestRate(regimen, weightKg);
  if (highest === undefined)
    need('limits.maxMgPerH', 'The highest rate does not follow from the source; write it.');
  const maxMgSession = total && toNumber(total);
  if (maxMgSession === undefined) {
    need('limits.maxMgSession', 'The amount of this session is not stated.', false);
    need('limits.maxMg24h', 'The amount of a day is not stated.', false);
  }
  return {
    ...optional('maxMgPerH', highest && toNumber(highest)),
    ...optional('maxMgSession', maxMgSession),
    ...optional('maxMg24h', maxMgSession),
  };
}

/** An adjunct is either whole or not in the order: remove those that are not wanted. */
function adjunctsOf({ adjuncts }: Regimen, need: Need): Plain {
  if (adjuncts.length === 0) return {};
  return {
    adjuncts: adjuncts.map(({ drug, lowestMg, highestMg, route, when }, index) => {
      const doseMg = lowestMg === highestMg ? lowestMg : undefined;
      const range = lowestMg === undefined ? 'no dose' : `${lowestMg} to ${highestMg} mg`;
      const path = `adjuncts[${index}]`;
      if (doseMg === undefined) need(`${path}.doseMg`, `The source gives ${range} of ${drug}.`);
      if (route === undefined) need(`${path}.route`, `The source gives no route of ${drug}.`);
      return {
        drug,
        ...optional('doseMg', doseMg),
        ...optional('route', route),
        ...optional('when', when),
      };
    }),
  };
}

/** Dates of a daily course; other calendars are told by the template and dated by the prescriber. */
function courseOf(
  regimen: Regimen,
  call: DraftCall,
  total: Quantity<'mg'> | undefined,
  need: Need,
): Plain {
  const [phase] = regimen.calendar;
  const days = phase?.every === 'P1D' ? phase.times : undefined;
  if (days === undefined) return {};
  const dates = datesOf(call.firstDate, days, phase?.weekends);
  const sessions = Array.from({ length: days }, (_, index) => {
    const path = `course.sessions[${index}]`;
    const date = dates?.[index];
    if (date === undefined) need(`${path}.date`, whyNoDate(call));
    const stated = doseOf(regimen, index + 1);
    const plannedMg = index + 1 === call.session ? total && toNumber(total) : stated;
    if (plannedMg === undefined) need(`${path}.plannedMg`, whyNoDose(regimen, index + 1));
    return { day: index + 1, ...optional('date', date), ...optional('plannedMg', plannedMg) };
  });
  need('limits.maxMgCourse', 'The source states no maximum of the course.', false);
  return { course: { day: call.session, sessions } };
}

const whyNoDate = ({ firstDate }: DraftCall): string =>
  firstDate === undefined
    ? 'No date of the first session was given.'
    : 'The source does not say whether weekends count.';

function datesOf(
  first: string | undefined,
  days: number,
  weekends: 'left-out' | 'counted' | undefined,
): readonly string[] | undefined {
  if (first === undefined || weekends === undefined) return undefined;
  const dates: string[] = [];
  let ms = Date.parse(`${first}T00:00:00Z`);
  while (dates.length < days && Number.isFinite(ms)) {
    const date = new Date(ms).toISOString().slice(0, 10);
    if (weekends === 'counted' || !isWeekend(date)) dates.push(date);
    ms += DAY_MS;
  }
  return dates;
}
