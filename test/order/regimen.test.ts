import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RegimenView } from '../../src/hub/wire/index.ts';
import { toNumber } from '../../src/order/quantity.ts';
import { highestRate, parseRegimen, risingDoses } from '../../src/order/regimen.ts';
import { regimen, shelf } from './order-kit.ts';

const FOLDER = new URL('../../config/regimens/', import.meta.url);
const textOf = (id: string): string => readFileSync(new URL(`${id}.yaml`, FOLDER), 'utf8');
const GOLDBERG = textOf('goldberg-outpatient-10-day');

describe('the templates shipped', () => {
  test('are R1 to R8, each in a file of its own name', () => {
    expect([...shelf.values()].map(({ reference }) => reference).sort()).toEqual(
      Array.from({ length: 8 }, (_, index) => `R${index + 1}`),
    );
    expect(readdirSync(FOLDER).sort()).toEqual([...shelf.keys()].map((id) => `${id}.yaml`).sort());
  });

  test.each([...shelf.values()])('$id goes to the browser as it is', (template) => {
    expect(RegimenView.parse(JSON.parse(JSON.stringify(template)))).toEqual(template);
    expect(template.source.citation.length).toBeGreaterThan(20);
  });

  test.each([
    ['goldberg-outpatient-10-day', 70.8, 20],
    ['inpatient-5-day-titration', 70.8, 40],
    ['outpatient-booster', 70.8, 50],
    ['outpatient-10-day-70-200', 70.8, undefined],
    ['inpatient-low-dose-awake', 70.8, 35],
    ['outpatient-70-90-step-down', 70.8, 22.5],
    ['icu-coma', 70.8, 700],
    ['weight-based-4-hour', 70.8, 70.8],
    ['weight-based-4-hour', undefined, undefined],
  ])('%s (%s kg) reaches %s mg/h', (id, weightKg, mgPerH) => {
    const highest = highestRate(regimen(id), weightKg);
    expect(highest && toNumber(highest)).toBe(mgPerH);
  });

  test('the titration has four increments', () => {
    expect(risingDoses(regimen('inpatient-5-day-titration'))).toEqual([20, 25, 30, 35, 40]);
  });

  test('what no source states is in no template', () => {
    for (const { id, stepInterval, drug } of shelf.values()) {
      expect(stepInterval, id).toBeUndefined();
      expect(drug.form, id).toBeUndefined();
    }
    const clonidine = (id: string) => regimen(id).adjuncts.find(({ drug }) => drug === 'clonidine');
    expect(clonidine('goldberg-outpatient-10-day')?.route).toBe('oral');
    expect(clonidine('inpatient-5-day-titration')?.route).toBeUndefined();
    expect(clonidine('inpatient-low-dose-awake')?.highestMg).toBeUndefined();
    expect(regimen('outpatient-10-day-70-200').length).toBeUndefined();
  });

  test('the coma is for its care area only, no other template is bound to one', () => {
    const bound = [...shelf.values()].filter(({ careAreas }) => careAreas !== undefined);
    expect(bound.map(({ id, careAreas }) => [id, careAreas])).toEqual([['icu-coma', ['icu-coma']]]);
  });
});

const faults = [
  [
    'an unknown key',
    'nibpInterval: PT15M',
    'nipbInterval: PT15M',
    'nipbInterval',
    'no setting "nipbInterval"',
  ],
  ['a dose with a unit', 'highest: 80', 'highest: 80mg', 'dose.highest', 'expected number'],
  ['a decimal comma', 'highest: 80', 'highest: "80,5"', 'dose.highest', 'expected number'],
  ['a negative dose', 'lowest: 40', 'lowest: -40', 'dose.lowest', '>0'],
  ['lowest above highest', 'highest: 80', 'highest: 30', 'dose.lowest', 'above dose.highest'],
  ['a first dose out of range', 'first: 40', 'first: 90', 'dose.first', 'not between'],
  ['a duration without a unit', 'longest: PT4H', 'longest: 4', 'length.longest', 'expected string'],
  ['a duration that is none', 'longest: PT4H', 'longest: 4h', 'length.longest', 'PT4H or P5D'],
  [
    'a length upside down',
    'shortest: PT4H',
    'shortest: PT5H',
    'length.shortest',
    'longer than length.longest',
  ],
  ['an unknown mode', 'mode: mg-total-over', 'mode: mL-per-h', 'mode', 'mg-total-over'],
  [
    'a mode of another setting',
    'mode: mg-total-over',
    'mode: mg-per-kg-per-h',
    'mode',
    'weight-based',
  ],
  [
    'an increment of an amount',
    'first: 40',
    'first: 40, increment: 5',
    'dose.increment',
    'goes with a rate',
  ],
  [
    'the coma setting anywhere',
    'setting: outpatient-session',
    'setting: icu-only',
    'careAreas',
    'icu-coma',
  ],
  ['no source', 'evidence: A', 'evidence: none', 'source.evidence', 'expected one of'],
  ['half an adjunct', ', highestMg: 4', '', 'adjuncts[1]', 'or neither'],
  [
    'an id with blanks',
    'id: goldberg-outpatient-10-day',
    'id: Goldberg course',
    'id',
    'small letters',
  ],
] as const;

describe('a fault in a template is told with line, key and what is wrong', () => {
  test.each(faults)('%s', (_, from, to, path, says) => {
    expect(GOLDBERG).toContain(from);
    const text = GOLDBERG.replace(from, to);
    const parsed = parseRegimen(text);
    if (parsed.ok) throw new Error('accepted');
    const problem = parsed.problems.find((found) => found.path === path);
    expect(problem, JSON.stringify(parsed.problems)).toBeDefined();
    expect(problem?.message).toContain(says);
    expect(problem?.message).toMatch(/^[A-Z].*\.$/);
    expect(problem?.line).toBeGreaterThan(0);
  });

  test('the line is that of the key', () => {
    const parsed = parseRegimen(GOLDBERG.replace('highest: 80', 'highest: 80mg'));
    const line = GOLDBERG.split('\n').findIndex((written) => written.startsWith('dose:')) + 1;
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: 'dose.highest', line }] });
  });

  test.each([
    ['no text', ''],
    ['a word', 'ketamine'],
    ['broken YAML', 'dose: {'],
  ])('%s', (_, text) => {
    expect(parseRegimen(text)).toMatchObject({ ok: false, problems: [{}] });
  });
});
