import { amount, concentration, decimal, doseRate, pumpRate } from '../observation/format.ts';
import { DAY_MS } from './iso-duration.ts';
import { CONCENTRATION_MAX_MG_PER_ML, type OrderDocument } from './order-schema.ts';
import {
  concentrationOf,
  mostPlannedMg,
  plannedMg,
  planOf,
  stepRates,
  toMlPerHour,
} from './ordered-rate.ts';

/** Where the parts of an order contradict each other; the message begins after the field's name. */
export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Sums of binary fractions are not exact; a millionth is no dose. */
const NOISE = 1.000_001;
/** What a pump can be set to, mL/h. */
const PUMP_MIN_ML_PER_H = 0.1;
const PUMP_MAX_ML_PER_H = 1_000;

/** Every contradiction of an order whose fields are all well formed. */
export function contradictions(order: OrderDocument): readonly Contradiction[] {
  const inShape = shapeContradictions(order);
  // Rates and amounts mean something only when steps and weight do.
  return inShape.length > 0 ? inShape : amountContradictions(order);
}

/** Those without which no plan of rates can be made. */
export function shapeContradictions(order: OrderDocument): readonly Contradiction[] {
  const inSteps = stepContradictions(order);
  if (order.mode !== 'mg-per-kg-per-h' || order.patient.weightKg !== undefined) return inSteps;
  const message = 'is missing; a dose per kg needs the weight, write it in kg';
  return [...inSteps, { path: ['patient', 'weightKg'], message }];
}

function stepContradictions({ mode, steps, end }: OrderDocument): readonly Contradiction[] {
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
  const { limits } = order;
  const mgPerMl = concentrationOf(order.bag);
  if (mgPerMl > CONCENTRATION_MAX_MG_PER_ML) {
    found.push({
      path: ['bag'],
      message: `has ${concentration(mgPerMl)} mg/mL; no bag is stronger than ${CONCENTRATION_MAX_MG_PER_ML} mg/mL, check drugMg and volumeMl`,
    });
  }
  for (const { step, mgPerH } of stepRates(order)) {
    const path = ['steps', step - 1, 'dose'];
    const mlPerH = toMlPerHour(mgPerH, mgPerMl);
    if (mgPerH > limits.maxMgPerH * NOISE) {
      found.push({
        path,
        message: `gives ${doseRate(mgPerH, limits.maxMgPerH)} mg/h, more than limits.maxMgPerH of ${doseRate(limits.maxMgPerH)} mg/h; check which of the two is meant, and its unit`,
      });
    } else if (mgPerH > 0 && mlPerH < PUMP_MIN_ML_PER_H / NOISE) {
      found.push({
        path,
        message: `is ${decimal(mlPerH, 4)} mL/h from this bag, less than a pump can give; check dose, mode and bag`,
      });
    } else if (mlPerH > PUMP_MAX_ML_PER_H * NOISE) {
      found.push({
        path,
        message: `is ${pumpRate(mlPerH)} mL/h from this bag, more than a pump can give; check dose, mode and bag`,
      });
    }
  }
  const plan = planOf(order);
  const sums = [
    { field: 'maxMgSession', max: limits.maxMgSession, mg: plannedMg(plan), what: 'in all' },
    { field: 'maxMg24h', max: limits.maxMg24h, mg: mostPlannedMg(plan, DAY_MS), what: 'in 24 h' },
  ];
  for (const { field, max, mg, what } of sums) {
    if (max === undefined || mg <= max * NOISE) continue;
    found.push({
      path: ['limits', field],
      message: `is ${amount(max)} mg and the steps give ${decimal(mg, 2)} mg ${what}; check which of the two is meant`,
    });
  }
  return found;
}
