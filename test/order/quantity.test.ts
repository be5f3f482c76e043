import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amountIn,
  compare,
  concentrationFrom,
  converted,
  doseRateFrom,
  drugIn,
  flowFrom,
  forWeight,
  perKg,
  plus,
  type Quantity,
  quantity,
  rateOver,
  toNumber,
} from '../../src/order/quantity.ts';
import { HOUR } from './order-kit.ts';

const mg = (value: number) => quantity(value, 'mg');
const mL = (value: number) => quantity(value, 'mL');
const kg = (value: number) => quantity(value, 'kg');
const mgPerH = (value: number) => quantity(value, 'mg/h');
const mlPerH = (value: number) => quantity(value, 'mL/h');

describe('a quantity is the decimal that was written', () => {
  test.each([0, 1, 0.1, 70.8, 1e-7, 1.5e21, 123456789.125, -0.5, 5e-324])('%s', (value) => {
    expect(toNumber(quantity(value, 'mg'))).toBe(Math.abs(value) < 1e-40 ? 0 : value);
  });

  test('0.1 + 0.2 is 0.3, and three times 16.6 is 49.8', () => {
    expect(compare(plus(mg(0.1), mg(0.2)), mg(0.3))).toBe(0);
    expect(compare(plus(plus(mg(16.6), mg(16.6)), mg(16.6)), mg(49.8))).toBe(0);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%s is none',
    (value) => {
      expect(() => quantity(value, 'mg')).toThrow(RangeError);
    },
  );

  test('any number comes back, sums do not depend on their order', () => {
    const dose = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(dose, dose, dose, (a, b, c) => {
        expect(toNumber(mg(a))).toBe(a);
        expect(compare(plus(plus(mg(a), mg(b)), mg(c)), plus(mg(a), plus(mg(b), mg(c))))).toBe(0);
        expect(Math.sign(compare(mg(a), mg(b)))).toBe(Math.sign(a - b));
      }),
    );
  });
});

/** Mean weight of the ten-day course, 156 lb. Rounded to 70.8 kg, 20 mg/h would be 0.282 mg/kg/h. */
const MEAN_KG = 70.76;

/** A whole 500 mL bag in 4 h. */
describe('the ten-day course runs at 125 mL/h on every day', () => {
  test.each([
    [40, 10, 0.08, 0.141, 2.36],
    [50, 12.5, 0.1, 0.177, 2.94],
    [60, 15, 0.12, 0.212, 3.53],
    [70, 17.5, 0.14, 0.247, 4.12],
    [80, 20, 0.16, 0.283, 4.71],
  ])('%s mg: %s mg/h from %s mg/mL', (total, rate, strength, mgKgH, ugKgMin) => {
    const dose = rateOver(mg(total), 4 * HOUR);
    const bag = concentrationFrom(mg(total), mL(500));
    expect(dose).toEqual(mgPerH(rate));
    expect(bag).toEqual(quantity(strength, 'mg/mL'));
    expect(flowFrom(dose, bag)).toEqual(mlPerH(125));
    expect(toNumber(perKg(dose, kg(MEAN_KG)))).toBeCloseTo(mgKgH, 3);
    expect(toNumber(converted(perKg(dose, kg(MEAN_KG)), 'ug/kg/min'))).toBeCloseTo(ugKgMin, 1);
  });
});

describe('the inpatient course', () => {
  test.each([
    [20, 0.283, 20, 10, 2, 480, 2400],
    [25, 0.353, 25, 12.5, 2.5, 600, 3000],
    [30, 0.424, 30, 15, 3, 720, 3600],
    [35, 0.495, 35, 17.5, 3.5, 840, 4200],
    [40, 0.565, 40, 20, 4, 960, 4800],
  ])('%s mg/h', (rate, mgKgH, at1, at2, at10, in24, in120) => {
    const dose = mgPerH(rate);
    expect(toNumber(perKg(dose, kg(MEAN_KG)))).toBeCloseTo(mgKgH, 3);
    for (const [strength, flow] of [
      [1, at1],
      [2, at2],
      [10, at10],
    ] as const)
      expect(flowFrom(dose, quantity(strength, 'mg/mL'))).toEqual(mlPerH(flow));
    expect(amountIn(dose, 24 * HOUR)).toEqual(mg(in24));
    expect(amountIn(dose, 120 * HOUR)).toEqual(mg(in120));
  });
});

test('0.35 mg/kg/h is 5.83 ug/kg/min, 1 mg/kg/h is 16.67', () => {
  const inUg = (value: number) => toNumber(converted(quantity(value, 'mg/kg/h'), 'ug/kg/min'));
  expect(inUg(0.35)).toBeCloseTo(5.83, 2);
  expect(inUg(1)).toBeCloseTo(16.67, 2);
});

test.each([
  [50, 200],
  [70.8, 283.2],
  [100, 400],
  [120, 480],
])('1 mg/kg/h for 4 h is 4 mg a kg: %s kg', (weight, total) => {
  const rate = forWeight(quantity(1, 'mg/kg/h'), kg(weight));
  expect(amountIn(rate, 4 * HOUR)).toEqual(mg(total));
  // At 1 mg/mL the numbers of mL/h, mg/h and kg are the same: only the unit tells them apart.
  expect(flowFrom(rate, quantity(1, 'mg/mL'))).toEqual(mlPerH(weight));
});

describe('units do not meet', () => {
  const bag = quantity(1, 'mg/mL');

  test('mL/h is no mg/h, neither for the compiler nor while it runs', () => {
    // @ts-expect-error a flow where a dose rate is needed
    expect(() => flowFrom(mlPerH(125), bag)).toThrow('mL/mL');
    // @ts-expect-error a dose rate where a flow is needed
    expect(() => doseRateFrom(mgPerH(10), bag)).toThrow('mg/h where mL/h is needed');
    // @ts-expect-error a flow against a dose rate
    expect(() => compare(mgPerH(10), mlPerH(10))).toThrow('mL/h where mg/h is needed');
    // @ts-expect-error an amount and a rate
    expect(() => plus(mg(1), mgPerH(1))).toThrow(TypeError);
  });

  test('mg/kg/h is no mg/h, mg is no ug, lb is no kg', () => {
    // @ts-expect-error a rate per kg needs the weight first
    const rate: Quantity<'mg/h'> = quantity(1, 'mg/kg/h');
    expect(rate.unit).toBe('mg/kg/h');
    // @ts-expect-error micrograms from a bag in mg
    expect(() => flowFrom(quantity(10, 'ug/h'), bag)).toThrow('mg/mL where ug/mL is needed');
    // @ts-expect-error a weight in lb
    expect(() => perKg(mgPerH(20), quantity(156, 'lb'))).toThrow('lb where kg is needed');
    // @ts-expect-error a volume in l
    expect(() => concentrationFrom(mg(40), quantity(0.5, 'L'))).toThrow('L where mL is needed');
    // @ts-expect-error a mass is no volume
    expect(() => drugIn(mg(1), bag)).toThrow('mg where mL is needed');
  });

  test('only what is measured the same way can be converted', () => {
    const perMin = converted(mgPerH(1), 'ug/min');
    expect(perMin).toEqual({ unit: 'ug/min', numerator: 50n, denominator: 3n });
    expect(converted(quantity(2, 'g/h'), 'mg/h')).toEqual(mgPerH(2000));
    // @ts-expect-error a flow is no dose rate
    expect(() => converted(mlPerH(1), 'mg/h')).toThrow('mL/h is not mg/h');
    // @ts-expect-error an amount is no rate
    expect(() => converted(mg(1), 'mg/h')).toThrow('mg is not mg/h');
  });

  test('a negative quotient is less than nothing', () => {
    expect(compare(concentrationFrom(mg(1), mL(-2)), quantity(0, 'mg/mL'))).toBeLessThan(0);
    expect(compare(mlPerH(-1), mlPerH(0))).toBeLessThan(0);
  });

  test('an empty bag, no time and no weight have no quotient', () => {
    expect(() => concentrationFrom(mg(1), mL(0))).toThrow(RangeError);
    expect(() => rateOver(mg(1), 0)).toThrow(RangeError);
    expect(() => perKg(mgPerH(1), kg(0))).toThrow(RangeError);
    expect(() => flowFrom(mgPerH(1), quantity(0, 'mg/mL'))).toThrow(RangeError);
  });
});
