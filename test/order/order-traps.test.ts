import { describe, expect, test } from 'vitest';
import { doseLimits } from '../../src/order/drug-library.ts';
import { checkOrderDocument } from '../../src/order/order-document.ts';
import { decideCreate, emptyOrderBook } from '../../src/order/order-life.ts';
import { secondCheck } from '../../src/order/second-check.ts';
import { library, order, shelf, type Written } from './order-kit.ts';

/** The traps of units and amounts (docs/regimens.md), each with what catches it. */
const GOLDBERG = {
  patient: { id: 'P-1', weightKg: 70.8 },
  regimen: 'goldberg-outpatient-10-day',
  drug: { name: 'ketamine', form: 'racemic' },
  bag: { drugMg: 40, volumeMl: 500 },
  mode: 'mg-total-over',
  steps: [{ step: 1, at: 'PT0S', dose: 40, over: 'PT4H', mlPerH: 125 }],
  end: 'PT4H',
  limits: { maxMgPerH: 20 },
  bolus: 'none',
  nibpInterval: 'PT15M',
} as const;

const BY_WEIGHT = {
  ...GOLDBERG,
  regimen: 'weight-based-4-hour',
  bag: { drugMg: 300, volumeMl: 300 },
  mode: 'mg-per-kg-per-h',
  steps: [{ step: 1, at: 'PT0S', dose: 1, mlPerH: 70.8 }],
  limits: { maxMgPerH: 70.8 },
  recovery: 'PT2H',
} as const;

const WARD = {
  ...GOLDBERG,
  regimen: 'inpatient-low-dose-awake',
  bag: { drugMg: 480, volumeMl: 240 },
  mode: 'mg-per-h',
  steps: [{ step: 1, at: 'PT0S', dose: 20, mlPerH: 10 }],
  end: 'P5D',
  limits: { maxMgPerH: 35 },
} as const;

/** What a prescriber is told when such an order is handed in. */
function told(written: Written): string {
  const checked = checkOrderDocument(written);
  if (!checked.ok) return `refused: ${checked.problems.map(({ message }) => message).join(' ')}`;
  const made = decideCreate(
    emptyOrderBook,
    checked.document,
    written,
    library(),
    'standard',
    shelf,
  );
  return made.ok ? (made.note ?? '') : `refused: ${made.message}`;
}

const rate = (dose: number, maxMgPerH = 20): Written => ({
  ...GOLDBERG,
  mode: 'mg-per-h',
  steps: [{ step: 1, at: 'PT0S', dose }],
  limits: { maxMgPerH },
});

test.each([
  ['the session', GOLDBERG],
  ['by weight', BY_WEIGHT],
  ['on the ward', WARD],
])('without a trap nothing is told: %s', (_, written) => {
  expect(told(written)).toBe('');
});

describe('traps', () => {
  test.each([
    [
      'session total typed as a rate, 4 times',
      rate(40),
      /refused: steps\[0\]\.dose gives 40 mg\/h, more than limits\.maxMgPerH of 20 mg\/h/,
    ],
    ['the same, with its limit', rate(40, 40), /mode mg-per-h, not mg-total-over/],
    [
      'mL/h typed in the mg/h field, 12.5 times',
      rate(125),
      /refused: .* 125 mg\/h, more than limits\.maxMgPerH/,
    ],
    [
      'the same, with its limit',
      { ...rate(125, 125), bag: { drugMg: 500, volumeMl: 500 } },
      /refused: 125 mg\/h is above the hard limit of 60 mg\/h/,
    ],
    [
      'mg/h typed in the mL/h field',
      { ...GOLDBERG, steps: [{ ...GOLDBERG.steps[0], mlPerH: 10 }] },
      /refused: steps\[0\]\.mlPerH is 10 mL\/h, and the dose is 125 mL\/h from this bag/,
    ],
    [
      'at 1 mg/mL the numbers coincide: told when the bag is another',
      { ...BY_WEIGHT, bag: { drugMg: 600, volumeMl: 300 } },
      /refused: steps\[0\]\.mlPerH is 70\.8 mL\/h, and the dose is 35\.4 mL\/h/,
    ],
    [
      'a dose per kg and minute, 60 times under',
      { ...BY_WEIGHT, steps: [{ step: 1, at: 'PT0S', dose: 0.0167 }] },
      /step 1 0\.017 mg\/kg\/h, not 1 mg\/kg\/h/,
    ],
    [
      'a dose per kg and minute, 60 times over',
      { ...BY_WEIGHT, steps: [{ step: 1, at: 'PT0S', dose: 60 }] },
      /refused: .* 4,248 mg\/h, more than limits/,
    ],
    [
      'micrograms in the bag, 1,000 times',
      {
        ...GOLDBERG,
        bag: { drugMg: 40_000, volumeMl: 500 },
        steps: [{ step: 1, at: 'PT0S', dose: 40, over: 'PT4H' }],
      },
      /bag 40,000 mg and session 40 mg/,
    ],
    [
      'micrograms in the dose, 1,000 times',
      { ...GOLDBERG, steps: [{ step: 1, at: 'PT0S', dose: 40_000, over: 'PT4H' }] },
      /refused: .* 10,000 mg\/h, more than limits/,
    ],
    [
      'mg/h in a dose per kg, 70 times',
      { ...BY_WEIGHT, steps: [{ step: 1, at: 'PT0S', dose: 20 }] },
      /refused: .* 1,416 mg\/h, more than limits/,
    ],
    [
      'the same, with its limit',
      { ...BY_WEIGHT, steps: [{ step: 1, at: 'PT0S', dose: 20 }], limits: { maxMgPerH: 2000 } },
      /refused: .*(hard limit|more than a pump)/,
    ],
    [
      'a dose per kg in mg/h, 70 times under',
      { ...WARD, steps: [{ step: 1, at: 'PT0S', dose: 0.283 }] },
      /step 1 0\.283 mg\/h, not 20 to 35 mg\/h/,
    ],
    [
      'lb entered as kg, 2.2 times',
      { ...BY_WEIGHT, patient: { id: 'P-1', weightKg: 156 } },
      /refused: .* 156 mg\/h, more than limits\.maxMgPerH of 70\.8 mg\/h/,
    ],
    [
      'a vial of 50 mg/mL taken for 10 mg/mL, 5 times',
      { ...GOLDBERG, bag: { drugMg: 200, volumeMl: 500 } },
      /refused: steps\[0\]\.mlPerH is 125 mL\/h, and the dose is 25 mL\/h/,
    ],
    [
      'the same, and nobody worked out mL/h',
      {
        ...GOLDBERG,
        bag: { drugMg: 200, volumeMl: 500 },
        steps: [{ step: 1, at: 'PT0S', dose: 40, over: 'PT4H' }],
      },
      /bag 200 mg and session 40 mg/,
    ],
    [
      'a decimal comma',
      { ...BY_WEIGHT, steps: [{ step: 1, at: 'PT0S', dose: '1,0' }] },
      /refused: steps\[0\]\.dose is "1,0"; write a decimal point/,
    ],
    [
      '1.0 read as 10',
      { ...BY_WEIGHT, steps: [{ step: 1, at: 'PT0S', dose: 10 }] },
      /refused: .* 708 mg\/h, more than limits/,
    ],
    [
      'no form of the drug',
      { ...GOLDBERG, drug: { name: 'ketamine' } },
      /refused: drug\.form is missing; it must be racemic or S/,
    ],
    [
      'the name of the S form as racemic, twice',
      { ...GOLDBERG, drug: { name: 'esketamine', form: 'racemic' } },
      /refused: esketamine means the S form/,
    ],
    [
      'an overfilled bag',
      { ...GOLDBERG, bag: { drugMg: 40, volumeMl: 520 } },
      /refused: steps\[0\]\.mlPerH is 125 mL\/h, and the dose is 130 mL\/h/,
    ],
    [
      'mg a day typed as mg/h, 24 times',
      { ...WARD, steps: [{ step: 1, at: 'PT0S', dose: 200 }], limits: { maxMgPerH: 200 } },
      /refused: 200 mg\/h is above the hard limit/,
    ],
    [
      'mg a day typed as mg/h, within its own limits',
      { ...WARD, steps: [{ step: 1, at: 'PT0S', dose: 50 }], limits: { maxMgPerH: 50 } },
      /step 1 50 mg\/h, not 20 to 35 mg\/h/,
    ],
    [
      'the bag of the first day on the last, 2 times',
      { ...GOLDBERG, steps: [{ step: 1, at: 'PT0S', dose: 80, over: 'PT4H', mlPerH: 125 }] },
      /refused: steps\[0\]\.mlPerH is 125 mL\/h, and the dose is 250 mL\/h/,
    ],
  ] as const)('%s', (_, written, says) => {
    expect(told(written)).toMatch(says);
  });

  test('the drug in the bag adds to its volume: 80 mg of 50 mg/mL are 0.3 %, which no pump shows', () => {
    const bag = { drugMg: 80, volumeMl: 501.6 };
    const steps = [{ step: 1, at: 'PT0S', dose: 80, over: 'PT4H', mlPerH: 125 }];
    expect(told({ ...GOLDBERG, bag, steps })).toContain('bag 501.6 mL, not 500 mL');
  });

  test.each([
    ['patient.weightKg', { ...BY_WEIGHT, patient: { id: 'P-1', weightKg: 156 } }],
    ['bag.drugMg', { ...BY_WEIGHT, bag: { drugMg: 1500, volumeMl: 300 } }],
    ['drug.form', { ...BY_WEIGHT, drug: { name: 'ketamine', form: 'S' } }],
    ['mode', { ...BY_WEIGHT, mode: 'mg-per-h' }],
    ['steps[0].dose', { ...BY_WEIGHT, steps: [{ step: 1, at: 'PT0S', dose: 10 }] }],
    ['steps[0].mlPerH', { ...BY_WEIGHT, steps: [{ step: 1, at: 'PT0S', dose: 1, mlPerH: 7.08 }] }],
    ['limits.maxMlPerH', { ...BY_WEIGHT, limits: { maxMgPerH: 70.8, maxMlPerH: 999 } }],
    ['limits.maxMgCourse', { ...BY_WEIGHT, limits: { maxMgPerH: 70.8, maxMgCourse: 1 } }],
  ])('whatever was typed wrong in %s, the second person enters it otherwise', (path, entered) => {
    const { mismatches } = secondCheck(order(BY_WEIGHT), BY_WEIGHT, entered);
    expect(mismatches.map((mismatch) => mismatch.path)).toEqual([path]);
  });
});

describe('no order is refused, or accepted, by the noise of binary fractions', () => {
  const byWeight = (kg: number, dose: number, maxMgPerH: number): Written => ({
    ...BY_WEIGHT,
    patient: { id: 'P-1', weightKg: kg },
    steps: [{ step: 1, at: 'PT0S', dose }],
    limits: { maxMgPerH },
  });

  test('0.35 mg/kg/h of 70.8 kg are exactly 24.78 mg/h', () => {
    expect(0.35 * 70.8).not.toBe(24.78);
    expect(checkOrderDocument(byWeight(70.8, 0.35, 24.78)).ok).toBe(true);
    expect(checkOrderDocument(byWeight(70.8, 0.35, 24.779999)).ok).toBe(false);
  });

  test('a dose at the hard limit of the library is not above it, a millionth more is', () => {
    expect(told(byWeight(70.7, 2, 150))).not.toContain('hard limit');
    expect(told(byWeight(70.7, 2.000001, 150))).toContain('refused: ');
    expect(told(byWeight(56.3, 1, 150))).not.toContain('soft limit');
    expect(told(byWeight(56.3, 1.000001, 150))).toContain('soft limit');
  });

  test('the limit of a patient is the exact product too', () => {
    const { classes } = library();
    const strict = {
      ...library(),
      classes: { ...classes, 'weight-based': { hardMgPerKgPerH: 0.35 } },
    };
    const limits = doseLimits(strict, order(byWeight(70.8, 0.35, 150)), 'standard');
    expect(limits.hardMaxMgPerH).toBe(24.78);
  });

  test('amounts are added exactly: three times 0.1 mg are 0.3 mg', () => {
    const steps = [0, 1, 2].map((hour) => ({ step: hour + 1, at: `PT${hour}H`, dose: 0.1 }));
    const sum = (maxMgSession: number): Written => ({
      ...WARD,
      bag: { drugMg: 1, volumeMl: 100 },
      steps,
      end: 'PT3H',
      limits: { maxMgPerH: 1, maxMgSession },
    });
    expect(checkOrderDocument(sum(0.3)).ok).toBe(true);
    expect(checkOrderDocument(sum(0.2999999)).ok).toBe(false);
  });
});
