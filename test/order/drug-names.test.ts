import { describe, expect, test } from 'vitest';
import { drugNamesOf, nameOnPump, namesOfDocument } from '../../src/order/drug-names.ts';
import { library, order, TITRATION } from './order-kit.ts';

const racemic = drugNamesOf(library(), { name: 'ketamine', form: 'racemic' });
const sForm = drugNamesOf(library(), { name: 'esketamine', form: 'S' });

describe('what a pump calls the drug, against an order for racemic ketamine', () => {
  test.each([
    ['Ketamine', 'ordered'],
    ['  KETAMINE ', 'ordered'],
    ['Ketamine  hydrochloride', 'ordered'],
    ['Ketamine 5 mg/mL', 'ordered'],
    ['Ketamine 500mg/50ml', 'ordered'],
    ['Ketamine (0.08 mg / mL)', 'ordered'],
    ['Ketamine 1 %', 'ordered'],
    ['Esketamine', 'other'],
    ['S-Ketamine 5 mg/mL', 'other'],
    ['S(+)-ketamine', 'other'],
    ['Propofol 1 %', 'other'],
    ['Ketamine 5 mg + Propofol', 'other'],
    ['Ketamine 5 mg/mL + Propofol 10 mg/mL', 'other'],
    ['Ket', 'other'],
    // A drug number of the pump, where the site sends nothing else: it names nothing.
    ['17', 'unclear'],
    ['--', 'unclear'],
  ] as const)('%s: %s', (text, verdict) => {
    expect(nameOnPump(text, racemic)).toBe(verdict);
  });
});

describe('against an order for the S form, which is twice as strong', () => {
  test.each([
    ['Esketamine', 'ordered'],
    ['s-ketamine 25 mg/mL', 'ordered'],
    ['rac-ketamine', 'other'],
    ['Ketamine hydrochloride', 'other'],
    // The bare name leaves the form open.
    ['Ketamine', 'unclear'],
  ] as const)('%s: %s', (text, verdict) => {
    expect(nameOnPump(text, sForm)).toBe(verdict);
  });
});

test('an order from a log without names goes by what its document calls the drug', () => {
  const named = (name: string, form: 'racemic' | 'S') =>
    namesOfDocument(order({ ...TITRATION, drug: { name, form } }));
  expect(nameOnPump('ketamine', named('ketamine', 'racemic'))).toBe('ordered');
  expect(nameOnPump('esketamine', named('ketamine', 'racemic'))).toBe('other');
  expect(nameOnPump('ketamine', named('ketamine', 'S'))).toBe('unclear');
});
