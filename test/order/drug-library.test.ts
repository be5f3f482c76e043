import { describe, expect, test } from 'vitest';
import {
  type CareArea,
  doseLimits,
  drugComplaint,
  parseDrugLibrary,
} from '../../src/order/drug-library.ts';
import { library, order, TITRATION, TWO_BAGS, type Written } from './order-kit.ts';

const WEIGHT_BASED: Written = {
  ...TITRATION,
  patient: { id: 'P-1', weightKg: 70.8 },
  mode: 'mg-per-kg-per-h',
  steps: [{ step: 1, at: 'PT0S', dose: 0.5 }],
};

describe('the class of an order follows from the care area, else from how the dose is written', () => {
  test.each([
    ['outpatient-fixed', TWO_BAGS, 'standard', 30, 50],
    ['ward-continuous', TITRATION, 'standard', 40, 60],
    ['weight-based', WEIGHT_BASED, 'standard', 70.8, 141.6],
    ['icu-coma', TITRATION, 'icu-coma', null, 700],
    ['icu-coma', WEIGHT_BASED, 'icu-coma', null, 700],
  ] as const)('%s', (className, written, area, softMaxMgPerH, hardMaxMgPerH) => {
    expect(doseLimits(library(), order(written), area satisfies CareArea)).toEqual({
      className,
      softMaxMgPerH,
      hardMaxMgPerH,
    });
  });

  test('nothing above 150 mg/h outside of icu-coma, however heavy the patient', () => {
    const patient = { id: 'P-1', weightKg: 120 };
    expect(
      doseLimits(
        library(),
        order({ ...WEIGHT_BASED, patient, limits: { maxMgPerH: 240 } }),
        'standard',
      ).hardMaxMgPerH,
    ).toBe(150);
  });
});

describe('the drug of an order', () => {
  test.each([
    ['ketamine', 'racemic', undefined],
    ['Ketamine ', 'S', undefined],
    ['esketamine', 'S', undefined],
    ['esketamine', 'racemic', 'means the S form'],
    ['rac-ketamine', 'S', 'means the racemic form'],
    ['lidocaine', 'racemic', 'not in the drug library'],
  ] as const)('%s, form %s', (name, form, says) => {
    const complaint = drugComplaint(library(), { name, form });
    if (says === undefined) expect(complaint).toBeUndefined();
    else expect(complaint).toContain(says);
  });

  test('in a form that the library does not have', () => {
    const one = library();
    expect(
      drugComplaint(
        { ...one, drug: { ...one.drug, forms: ['racemic'] } },
        { name: 'ketamine', form: 'S' },
      ),
    ).toContain('has no S form');
  });
});

test.each([
  [
    'a soft limit above the hard one',
    'softMgPerH: 30,',
    'softMgPerH: 51,',
    'soft limit 51 is above the hard limit 50',
    14,
  ],
  ['a misspelled setting', 'hardMgPerH: 60', 'hardMgPerHour: 60', 'no setting "hardMgPerHour"', 15],
  [
    'one releaser',
    'releasedBy: [example only, not released]',
    'releasedBy: [a]',
    'two people release',
    3,
  ],
] as const)('a library with %s is refused with its line', (_, from, to, says, line) => {
  const text = parseable();
  expect(text).toContain(from);
  const parsed = parseDrugLibrary(text.replace(from, to));
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  const problem = parsed.problems.find(({ message }) => message.includes(says));
  expect(problem, JSON.stringify(parsed.problems)).toBeDefined();
  expect(problem?.line).toBe(line);
});

/** The shipped shape on known lines, so that the numbers above do not follow a comment. */
function parseable(): string {
  return [
    '# example',
    'version: 1',
    'releasedBy: [example only, not released]',
    'drug:',
    '  name: ketamine',
    '  forms: [racemic, S]',
    '',
    '',
    '',
    '',
    '',
    'refuseAboveMgPerH: 150',
    'classes:',
    '  outpatient-fixed: { softMgPerH: 30, hardMgPerH: 50 }',
    '  ward-continuous: { softMgPerH: 40, hardMgPerH: 60 }',
    '  weight-based: { softMgPerKgPerH: 1, hardMgPerKgPerH: 2 }',
    '  icu-coma: { hardMgPerH: 700 }',
  ].join('\n');
}
