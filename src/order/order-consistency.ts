import { amount, concentration, decimal, doseRate, pumpRate } from '../observation/format.ts';
import { exactMost, exactRate, exactTotal } from './exact-plan.ts';
import { DAY_MS } from './iso-duration.ts';
import { CONCENTRATION_MAX_MG_PER_ML, type OrderDocument, type OrderStep } from './order-schema.ts';
import {
  compare,
  concentrationFrom,
  flowFrom,
  plus,
  type Quantity,
  quantity,
  toNumber,
} from './quantity.ts';

/** Where the parts of an order contradict each other; the message begins after the field's name. */
export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a pump can be set to, mL/h. */
const PUMP_MIN_ML_PER_H = 0.1;
const PUMP_MAX_ML_PER_H = 1_000;
/** Somebody's own mL/h is rounded to what a pump can show. */
const FLOW_TOLERANCE = 0.01;

/** Every contradiction of an order whose fields are all well formed. */
export function contradictions(order: OrderDocument): readonly Contradiction[] {
  const inShape = shapeContradictions(order);
  // Rates and amounts mean something only when steps and weight do.
  return inShape.length > 0 ? inShape : amountContradictions(order);
}

/** Those without which no plan of rates can be made. */
export function shapeContradictions(
  order: Pick<OrderDocument, 'mode' | 'steps' | 'end' | 'patient'> & {
    readonly setting?: OrderDocument['setting'];
  },
): readonly Contradiction[] {
  const inSteps = [...stepContradictions(order), ...settingContradictions(order)];
  if (order.mode !== 'mg-per-kg-per-h' || order.patient.weightKg !== undefined) return inSteps;
  const message = 'is missing; a dose per kg needs the weight, write it in kg';
  return [...inSteps, { path: ['patient', 'weightKg'], message }];
}

function settingContradictions({
  setting,
  mode,
}: Pick<OrderDocument, 'mode'> & {
  readonly setting?: OrderDocument['setting'];
}): readonly Contradiction[] {
  if (setting === undefined) return [];
  if ((setting === 'weight-based') === (mode === 'mg-per-kg-per-h')) return [];
  const message = `is ${setting} and the mode is ${mode}; a dose per kg is weight-based, and only that`;
  return [{ path: ['setting'], message }];
}

function stepContradictions({
  mode,
  steps,
  end,
}: Pick<OrderDocument, 'mode' | 'steps' | 'end'>): readonly Contradiction[] {
  const found: Contradiction[] = [];
  steps.forEach((step, index) => {
    const complain = (field: string, message: string): void => {
      found.push({ path: ['steps', index, field], message });
    };
    const before = steps[index - 1];
    const untilMs = steps[index + 1]?.at ?? end;
    if (step.step !== index + 1) {
      complain('step', `is ${step.step} where ${index + 1} is expected; number the steps 1, 2, 3`);
    }
    if (before === undefined && step.at !== 0) {
      complain('at', 'is not PT0S; the first step begins the session, write PT0S');
    }
    if (before !== undefined && step.at <= before.at) {
      complain('at', `is not later than step ${index}; put the steps in the order of time`);
    }
    if (step.at >= end) {
      complain('at', 'is not before the end of the order; move the step or the end');
    }
    if (mode !== 'mg-total-over') {
      if (step.over !== undefined) {
        complain('over', 'does not go with a rate, which lasts until the next step; remove it');
      }
      return;
    }
    if (step.over === undefined) {
      complain('over', 'is missing; an amount in mg needs the time over which it is given');
    } else if (step.at < end && step.at + step.over > untilMs) {
      const beyond = index + 1 < steps.length ? `step ${index + 2} begins` : 'the order ends';
      complain('over', `lasts longer than until ${beyond}; shorten it or move what follows`);
    }
    if (step.dose === 0) complain('dose', 'is 0 mg; leave the step out, a gap is a pause');
  });
  if (steps[0]?.dose === 0 && mode !== 'mg-total-over') {
    found.push({ path: ['steps', 0, 'dose'], message: 'is 0; the first step must give something' });
  }
  return found;
}

function amountContradictions(order: OrderDocument): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const { bag, limits } = order;
  const strength = concentrationFrom(quantity(bag.drugMg, 'mg'), quantity(bag.volumeMl, 'mL'));
  if (compare(strength, quantity(CONCENTRATION_MAX_MG_PER_ML, 'mg/mL')) > 0) {
    found.push({
      path: ['bag'],
      message: `has ${concentration(toNumber(strength))} mg/mL; no bag is stronger than ${CONCENTRATION_MAX_MG_PER_ML} mg/mL, check drugMg and volumeMl`,
    });
  }
  order.steps.forEach((step, index) => {
    const rate = exactRate(order, step);
    const complaints = [rateComplaint(rate, strength, limits), flowComplaint(rate, strength, step)];
    for (const complaint of complaints) {
      if (complaint === undefined) continue;
      const [field, message] = complaint;
      found.push({ path: ['steps', index, field], message });
    }
  });
  const sums = [
    { field: 'maxMgSession', max: limits.maxMgSession, mg: exactTotal(order), what: 'in all' },
    { field: 'maxMg24h', max: limits.maxMg24h, mg: exactMost(order, DAY_MS), what: 'in 24 h' },
  ];
  for (const { field, max, mg, what } of sums) {
    if (max === undefined || compare(mg, quantity(max, 'mg')) <= 0) continue;
    found.push({
      path: ['limits', field],
      message: `is ${amount(max)} mg and the steps give ${decimal(toNumber(mg), 2)} mg ${what}; check which of the two is meant`,
    });
  }
  return [...found, ...validityContradictions(order), ...courseContradictions(order)];
}

function validityContradictions(order: OrderDocument): readonly Contradiction[] {
  const { plannedStart, validUntil, end } = order;
  if (plannedStart === undefined || validUntil === undefined) return [];
  const endsAt = Date.parse(plannedStart) + end;
  if (endsAt <= Date.parse(validUntil)) return [];
  const until = new Date(endsAt).toISOString();
  const message = `is ${validUntil} and the order planned for ${plannedStart} ends at ${until}; check start, end and validity`;
  return [{ path: ['validUntil'], message }];
}

type FieldComplaint = readonly [field: string, message: string] | undefined;

function rateComplaint(
  rate: Quantity<'mg/h'>,
  strength: Quantity<'mg/mL'>,
  { maxMgPerH, maxMlPerH }: OrderDocument['limits'],
): FieldComplaint {
  const flow = flowFrom(rate, strength);
  const [mgPerH, mlPerH] = [toNumber(rate), toNumber(flow)];
  if (compare(rate, quantity(maxMgPerH, 'mg/h')) > 0) {
    return [
      'dose',
      `gives ${doseRate(mgPerH, maxMgPerH)} mg/h, more than limits.maxMgPerH of ${doseRate(maxMgPerH)} mg/h; check which of the two is meant, and its unit`,
    ];
  }
  if (maxMlPerH !== undefined && compare(flow, quantity(maxMlPerH, 'mL/h')) > 0) {
    return [
      'dose',
      `is ${pumpRate(mlPerH)} mL/h from this bag, more than limits.maxMlPerH of ${pumpRate(maxMlPerH)} mL/h; check dose, bag and limit`,
    ];
  }
  if (rate.numerator !== 0n && compare(flow, quantity(PUMP_MIN_ML_PER_H, 'mL/h')) < 0) {
    return [
      'dose',
      `is ${decimal(mlPerH, 4)} mL/h from this bag, less than a pump can give; check dose, mode and bag`,
    ];
  }
  if (compare(flow, quantity(PUMP_MAX_ML_PER_H, 'mL/h')) > 0) {
    return [
      'dose',
      `is ${pumpRate(mlPerH)} mL/h from this bag, more than a pump can give; check dose, mode and bag`,
    ];
  }
  return undefined;
}

/** The mL/h that somebody worked out must be that of dose and bag, to 1 %. */
function flowComplaint(
  rate: Quantity<'mg/h'>,
  strength: Quantity<'mg/mL'>,
  { mlPerH }: OrderStep,
): FieldComplaint {
  if (mlPerH === undefined) return undefined;
  const flow = toNumber(flowFrom(rate, strength));
  if (Math.abs(mlPerH - flow) <= FLOW_TOLERANCE * flow) return undefined;
  return [
    'mlPerH',
    `is ${pumpRate(mlPerH)} mL/h, and the dose is ${pumpRate(flow)} mL/h from this bag (${doseRate(toNumber(rate))} mg/h of ${concentration(toNumber(strength))} mg/mL); check dose, bag and rate`,
  ];
}

function courseContradictions(order: OrderDocument): readonly Contradiction[] {
  const { course, limits } = order;
  if (course === undefined) {
    if (limits.maxMgCourse === undefined) return [];
    const message = 'goes with a course; write course.sessions, or remove it';
    return [{ path: ['limits', 'maxMgCourse'], message }];
  }
  const found: Contradiction[] = [];
  const { day, sessions } = course;
  sessions.forEach((session, index) => {
    const before = sessions[index - 1];
    const path = ['course', 'sessions', index];
    if (session.day !== index + 1) {
      const message = `is ${session.day} where ${index + 1} is expected; number the days 1, 2, 3`;
      found.push({ path: [...path, 'day'], message });
    }
    if (before !== undefined && session.date <= before.date) {
      const message = `is not later than that of day ${index}; put the sessions in the order of time`;
      found.push({ path: [...path, 'date'], message });
    }
  });
  const today = sessions[day - 1];
  const given = exactTotal(order);
  if (today === undefined) {
    const message = `is ${day} and the course has ${sessions.length} sessions; check which is meant`;
    found.push({ path: ['course', 'day'], message });
  } else if (compare(given, quantity(today.plannedMg, 'mg')) !== 0) {
    found.push({
      path: ['course', 'sessions', day - 1, 'plannedMg'],
      message: `is ${decimal(today.plannedMg, 2)} mg and the steps give ${decimal(toNumber(given), 2)} mg; check which of the two is meant`,
    });
  }
  const planned = sessions.reduce(
    (sum, { plannedMg }) => plus(sum, quantity(plannedMg, 'mg')),
    quantity(0, 'mg'),
  );
  const { maxMgCourse } = limits;
  if (maxMgCourse !== undefined && compare(planned, quantity(maxMgCourse, 'mg')) > 0) {
    found.push({
      path: ['limits', 'maxMgCourse'],
      message: `is ${amount(maxMgCourse)} mg and the sessions give ${decimal(toNumber(planned), 2)} mg in all; check which of the two is meant`,
    });
  }
  return found;
}
