import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOrderDocument, parseOrderDocument } from '../../src/order/order-document.ts';
import { stepRates } from '../../src/order/ordered-rate.ts';
import { orderText, problemsOf, TITRATION, TWO_BAGS, type Written } from './order-kit.ts';

const GOLDBERG = orderText('goldberg-day-1');

describe('the example orders', () => {
  test.each([
    ['goldberg-day-1', [10], 0.08],
    ['inpatient-titration', [20, 25, 30, 35, 40], 2],
    ['weight-based-session', [70.8], 1],
  ])('%s is read and gives the rates of its regimen', (name, mgPerH, mgPerMl) => {
    const parsed = parseOrderDocument(orderText(name));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(stepRates(parsed.document).map((step) => step.mgPerH)).toEqual(mgPerH);
    expect(parsed.document.bag.drugMg / parsed.document.bag.volumeMl).toBe(mgPerMl);
  });

  test('an order in JSON means the same as in YAML', () => {
    const yaml = parseOrderDocument(GOLDBERG);
    if (!yaml.ok) throw new Error('unreadable');
    const json = parseOrderDocument(JSON.stringify(yaml.source), 'json');
    expect(json).toEqual(yaml);
  });

  test('what was written is kept beside what was understood', () => {
    const yaml = parseOrderDocument(GOLDBERG);
    if (!yaml.ok) throw new Error('unreadable');
    expect(yaml.source).toMatchObject({ end: 'PT4H' });
    expect(yaml.document.end).toBe(4 * 3_600_000);
  });
});

/** Each replaces one piece of the Goldberg order; `says` must all stand in one message. */
const refused = [
  {
    trap: 'the total of a session typed as a rate: 40 mg/h',
    change: [
      ['mg-total-over', 'mg-per-h'],
      [', over: PT4H', ''],
    ],
    path: 'steps[0].dose',
    says: ['40 mg/h', 'maxMgPerH of 20 mg/h'],
  },
  {
    trap: 'mL/h typed in the mg/h field: 125 instead of 10',
    change: [
      ['mg-total-over', 'mg-per-h'],
      ['dose: 40, over: PT4H', 'dose: 125'],
    ],
    path: 'steps[0].dose',
    says: ['125 mg/h', 'maxMgPerH of 20 mg/h'],
  },
  {
    trap: 'mg/h typed in a mg/kg/h order: 70 times',
    change: [
      ['mg-total-over', 'mg-per-kg-per-h'],
      ['dose: 40, over: PT4H', 'dose: 20'],
    ],
    path: 'steps[0].dose',
    says: ['1,416 mg/h', 'maxMgPerH of 20 mg/h'],
  },
  {
    trap: 'micrograms typed in the mg field of the bag',
    change: [['drugMg: 40', 'drugMg: 400000']],
    path: 'bag.drugMg',
    says: ['400000 mg', 'check value and unit'],
  },
  {
    trap: 'the vial instead of the bag: more than 100 mg/mL',
    change: [['drugMg: 40, volumeMl: 500', 'drugMg: 1000, volumeMl: 5']],
    path: 'bag',
    says: ['200 mg/mL', 'check drugMg and volumeMl'],
  },
  {
    trap: 'a dose per day read as a dose per hour breaks the daily maximum',
    change: [['maxMgSession: 40, maxMg24h: 40', 'maxMg24h: 30']],
    path: 'limits.maxMg24h',
    says: ['30 mg', '40 mg in 24 h'],
  },
  {
    trap: 'more than the session may give',
    change: [['maxMgSession: 40', 'maxMgSession: 39']],
    path: 'limits.maxMgSession',
    says: ['39 mg', '40 mg in all'],
  },
  {
    trap: 'a weight that no person has, such as grams',
    change: [['weightKg: 70.8', 'weightKg: 708']],
    path: 'patient.weightKg',
    says: ['708 kg', '350 kg'],
  },
  {
    trap: 'a decimal comma',
    change: [['weightKg: 70.8', 'weightKg: "70,8"']],
    path: 'patient.weightKg',
    says: ['"70,8"', 'decimal point', 'in kg'],
  },
  {
    trap: 'a unit glued to the number',
    change: [['drugMg: 40', 'drugMg: 40mg']],
    path: 'bag.drugMg',
    says: ['"40mg"', 'without a unit', 'always in mg'],
  },
  {
    trap: 'a unit after the number, and a wrong one',
    change: [['maxMgPerH: 20', 'maxMgPerH: 20 mL/h']],
    path: 'limits.maxMgPerH',
    says: ['"20 mL/h"', 'always in mg/h'],
  },
  {
    trap: 'a number in quotes',
    change: [['volumeMl: 500', 'volumeMl: "500"']],
    path: 'bag.volumeMl',
    says: ['"500"', 'without quotes', 'in mL'],
  },
  {
    trap: 'a negative dose',
    change: [['dose: 40', 'dose: -40']],
    path: 'steps[0].dose',
    says: ['-40', 'at least 0'],
  },
  {
    trap: 'not a number',
    change: [['dose: 40', 'dose: .nan']],
    path: 'steps[0].dose',
    says: ['NaN', 'plain number'],
  },
  {
    trap: 'infinity',
    change: [['maxMgPerH: 20', 'maxMgPerH: .inf']],
    path: 'limits.maxMgPerH',
    says: ['Infinity', 'plain number'],
  },
  {
    trap: 'an empty bag',
    change: [['drugMg: 40', 'drugMg: 0']],
    path: 'bag.drugMg',
    says: ['0 mg', 'more than 0'],
  },
  {
    trap: 'a dose of 0 mg where a gap is meant',
    change: [['dose: 40', 'dose: 0']],
    path: 'steps[0].dose',
    says: ['0 mg', 'a gap is a pause'],
  },
  {
    trap: 'no form: racemic and S differ by a factor of two',
    change: [[', form: racemic', '']],
    path: 'drug.form',
    says: ['missing', 'racemic or S', 'twice'],
  },
  {
    trap: 'a form that does not exist',
    change: [['form: racemic', 'form: R']],
    path: 'drug.form',
    says: ['"R"', 'racemic or S'],
  },
  {
    trap: 'a patient id that YAML would take for a number',
    change: [['P-0000001', '0041193']],
    path: 'patient.id',
    says: ['41193', 'in quotes'],
  },
  {
    trap: 'a typed concentration',
    change: [['volumeMl: 500', 'volumeMl: 500, mgPerMl: 0.08']],
    path: 'bag.mgPerMl',
    says: ['not a field', 'remove it'],
  },
  {
    trap: 'a bolus',
    change: [['bolus: none', 'bolus: 10']],
    path: 'bolus',
    says: ['10', 'must be none'],
  },
  {
    trap: 'a duration without its unit',
    change: [['end: PT4H', 'end: 4']],
    path: 'end',
    says: ['is 4', 'PT4H'],
  },
  {
    trap: 'months written for minutes',
    change: [['nibpInterval: PT15M', 'nibpInterval: P15M']],
    path: 'nibpInterval',
    says: ['"P15M"', 'ISO 8601'],
  },
  {
    trap: 'an amount without its time',
    change: [[', over: PT4H', '']],
    path: 'steps[0].over',
    says: ['missing', 'time over which'],
  },
  {
    trap: 'an amount that lasts longer than the order',
    change: [['over: PT4H', 'over: PT5H']],
    path: 'steps[0].over',
    says: ['the order ends', 'shorten'],
  },
  {
    trap: 'a rate with a time',
    change: [
      ['mg-total-over', 'mg-per-h'],
      ['dose: 40', 'dose: 10'],
    ],
    path: 'steps[0].over',
    says: ['does not go with a rate', 'remove it'],
  },
  {
    trap: 'a dose per kg without a weight',
    change: [
      ['mg-total-over', 'mg-per-kg-per-h'],
      ['dose: 40, over: PT4H', 'dose: 0.1'],
      [', weightKg: 70.8, weightMeasuredAt: 2026-11-20T08:00:00Z', ''],
    ],
    path: 'patient.weightKg',
    says: ['missing', 'in kg'],
  },
  {
    trap: 'a rate that no pump can be set to',
    change: [
      ['mg-total-over', 'mg-per-h'],
      ['dose: 40, over: PT4H', 'dose: 0.001'],
    ],
    path: 'steps[0].dose',
    says: ['0.0125 mL/h', 'less than a pump'],
  },
  {
    trap: 'a bag so thin that no pump is fast enough',
    change: [['drugMg: 40, volumeMl: 500', 'drugMg: 1, volumeMl: 500']],
    path: 'steps[0].dose',
    says: ['5,000 mL/h', 'more than a pump'],
  },
] as const;

describe('an order is refused, and the message names field, value and what to do', () => {
  test.each(refused)('$trap', ({ change, path, says }) => {
    let text = GOLDBERG;
    for (const [from, to] of change) {
      expect(text).toContain(from);
      text = text.replace(from, to);
    }
    const problem = problemsOf(text).find((found) => found.path === path);
    expect(problem, JSON.stringify(problemsOf(text))).toBeDefined();
    for (const word of [path, ...says]) expect(problem?.message).toContain(word);
    const key = path.split('.').at(-1)?.replace(/\[.*/, '') ?? '';
    const line = text.split('\n').findIndex((written) => written.includes(`${key}:`));
    // A field that is missing is told with the line of what it is missing in.
    if (line !== -1 && !problem?.message.includes('missing')) expect(problem?.line).toBe(line + 1);
  });

  test('a misspelled field with its line', () => {
    expect(problemsOf(GOLDBERG.replace('nibpInterval', 'nipbInterval'))).toMatchObject([
      {
        path: 'nipbInterval',
        line: 16,
        message: 'nipbInterval is not a field of an order; check its spelling or remove it.',
      },
    ]);
  });

  test('a doubled field, because one of the two would win silently', () => {
    expect(problemsOf(`${GOLDBERG}end: PT5H\n`)[0]).toMatchObject({ line: 17 });
  });

  test.each([
    ['no text', ''],
    ['a word', 'ketamine'],
    ['broken YAML', 'patient: {'],
    [
      'aliases that explode',
      `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(9)}1]\nc: [${'*b,'.repeat(9)}1]`,
    ],
    ['a book', 'x'.repeat(300_000)],
  ])('%s', (_, text) => {
    const [problem] = problemsOf(text);
    expect(problem?.message.length).toBeGreaterThan(20);
  });

  test('YAML handed in as JSON', () => {
    expect(problemsOf(GOLDBERG, 'json')[0]?.message).toContain('not valid JSON');
  });
});

const stepsRefused = [
  {
    why: 'steps are not numbered 1, 2, 3',
    steps: [
      [1, 'PT0S'],
      [3, 'PT1H'],
    ],
    path: 'steps[1].step',
  },
  { why: 'the first step is not at the start', steps: [[1, 'PT1M']], path: 'steps[0].at' },
  {
    why: 'two steps are at the same time',
    steps: [
      [1, 'PT0S'],
      [2, 'PT0S'],
    ],
    path: 'steps[1].at',
  },
  {
    why: 'a step goes back in time',
    steps: [
      [1, 'PT0S'],
      [2, 'PT2H'],
      [3, 'PT1H'],
    ],
    path: 'steps[2].at',
  },
  {
    why: 'a step is at the end',
    steps: [
      [1, 'PT0S'],
      [2, 'PT3H'],
    ],
    path: 'steps[1].at',
  },
] as const;

test.each(stepsRefused)('steps are refused when $why', ({ steps, path }) => {
  const written = steps.map(([step, at]) => ({ step, at, dose: 20 }));
  expect(checkOrderDocument({ ...TITRATION, steps: written })).toMatchObject({
    ok: false,
    problems: [{ path }],
  });
});

test('amounts that overlap are refused, those that touch are not', () => {
  const withOver = (over: string): Written => ({
    ...TWO_BAGS,
    steps: [{ ...TWO_BAGS.steps[0], over }, TWO_BAGS.steps[1]],
  });
  expect(checkOrderDocument(withOver('PT3H')).ok).toBe(true);
  expect(checkOrderDocument(withOver('PT3H1S'))).toMatchObject({
    ok: false,
    problems: [{ path: 'steps[0].over' }],
  });
});

test('a rate exactly at the maximum is not above it, also with fractions', () => {
  const limits = { maxMgPerH: 70.8 };
  const weightBased = (dose: number): Written => ({
    ...TITRATION,
    patient: { id: 'P-1', weightKg: 70.8 },
    mode: 'mg-per-kg-per-h',
    steps: [{ step: 1, at: 'PT0S', dose }],
    limits,
  });
  expect(checkOrderDocument(weightBased(1)).ok).toBe(true);
  expect(checkOrderDocument(weightBased(1.001)).ok).toBe(false);
});

test('a pause in a rate order is a step of 0 mg/h, but the first step gives something', () => {
  const dosed = (...doses: number[]): Written => ({
    ...TITRATION,
    steps: doses.map((dose, index) => ({ step: index + 1, at: `PT${index}H`, dose })),
  });
  expect(checkOrderDocument(dosed(20, 0, 20)).ok).toBe(true);
  expect(checkOrderDocument(dosed(0, 20))).toMatchObject({ problems: [{ path: 'steps[0].dose' }] });
});

test('the daily maximum counts in any 24 h, not only in the first', () => {
  const rising = (maxMg24h: number): Written => ({
    ...TITRATION,
    steps: [
      { step: 1, at: 'PT0S', dose: 10 },
      { step: 2, at: 'P2D', dose: 20 },
    ],
    end: 'P4D',
    limits: { maxMgPerH: 20, maxMg24h },
  });
  expect(checkOrderDocument(rising(480)).ok).toBe(true);
  expect(checkOrderDocument(rising(479)).ok).toBe(false);
});

test('whatever is handed in, the answer is an order or a reason, never an exception', () => {
  const anyValue = fc.oneof(
    fc.json().map((text) => JSON.parse(text) as unknown),
    fc.anything(),
  );
  fc.assert(
    fc.property(anyValue, fc.constantFrom(...Object.keys(TITRATION)), (value, key) => {
      const checked = checkOrderDocument({ ...TITRATION, [key]: value });
      if (!checked.ok) for (const { message } of checked.problems) expect(message).toMatch(/\.$/);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseOrderDocument(text)));
});
