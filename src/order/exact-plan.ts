import type { OrderDocument } from './order-schema.ts';
import {
  amountIn,
  compare,
  forWeight,
  plus,
  type Quantity,
  quantity,
  rateOver,
} from './quantity.ts';

export type DoseFields = Pick<OrderDocument, 'mode' | 'steps' | 'patient'>;

/** The rate of one step, exactly; weight-based doses use the weight in the order. */
export function exactRate(order: DoseFields, step: DoseFields['steps'][number]): Quantity<'mg/h'> {
  switch (order.mode) {
    case 'mg-total-over':
      return rateOver(quantity(step.dose, 'mg'), required(step.over, 'over'));
    case 'mg-per-h':
      return quantity(step.dose, 'mg/h');
    case 'mg-per-kg-per-h': {
      const kg = quantity(required(order.patient.weightKg, 'weightKg'), 'kg');
      return forWeight(quantity(step.dose, 'mg/kg/h'), kg);
    }
  }
}

function required(value: number | undefined, field: string): number {
  if (value === undefined) throw new Error(`The order was not checked: ${field} is missing`);
  return value;
}

/** The highest rate of an order. */
export function highestExactRate(order: DoseFields): Quantity<'mg/h'> {
  return order.steps
    .map((step) => exactRate(order, step))
    .reduce((most, rate) => (compare(rate, most) > 0 ? rate : most));
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly rate: Quantity<'mg/h'>;
}

type PlanFields = DoseFields & Pick<OrderDocument, 'end'>;

/** What an order gives in all, exactly. */
export function exactTotal(order: PlanFields): Quantity<'mg'> {
  return givenIn(stretchesOf(order), 0, order.end);
}

/** The most that it gives in any stretch of `windowMs`: that one begins or ends where a step does. */
export function exactMost(order: PlanFields, windowMs: number): Quantity<'mg'> {
  const stretches = stretchesOf(order);
  let most = quantity(0, 'mg');
  for (const { fromMs, toMs } of stretches) {
    for (const from of [fromMs, toMs - windowMs]) {
      const given = givenIn(stretches, from, from + windowMs);
      if (compare(given, most) > 0) most = given;
    }
  }
  return most;
}

function stretchesOf(order: PlanFields): readonly Stretch[] {
  return order.steps.map((step, index) => {
    const nextAt = order.steps[index + 1]?.at ?? order.end;
    const toMs = step.over === undefined ? nextAt : step.at + step.over;
    return { fromMs: step.at, toMs, rate: exactRate(order, step) };
  });
}

function givenIn(stretches: readonly Stretch[], fromMs: number, untilMs: number): Quantity<'mg'> {
  let given = quantity(0, 'mg');
  for (const { fromMs: from, toMs: to, rate } of stretches) {
    const ms = Math.min(untilMs, to) - Math.max(fromMs, from);
    if (ms > 0) given = plus(given, amountIn(rate, ms));
  }
  return given;
}
