import { describe, expect, test } from 'vitest';
import { infusionState } from '../../src/check/infusion-state.ts';
import { drugLabel, pumpGivesOrderedDrug, pumpsOfOrder } from '../../src/check/pump-drug.ts';
import { ord01 } from '../../src/check/rules/rate.ts';
import type { FactSeen } from '../../src/observation/device-event.ts';
import { type DevicePicture, nextDevicePicture } from '../../src/observation/device-picture.ts';
import { answer, ask, NOW, order, pump, SESSION, scene } from './scene-kit.ts';

const labelled = (
  id: string,
  mlPerH: number,
  text: string | null,
  validity: FactSeen['validity'] = 'valid',
): DevicePicture =>
  nextDevicePicture(pump(mlPerH, { id }), {
    kind: 'fact',
    code: 'drug',
    text,
    validity,
    atMs: NOW,
  });

describe('whether a pump gives the ordered drug, by its own word', () => {
  test.each([
    ['Ketamine', 'valid', 'yes'],
    ['KETAMIN 50 MG/ML', 'valid', 'yes'],
    ['S-ketamine', 'valid', 'yes'],
    ['NaCl 0.9 %', 'valid', 'no'],
    ['17', 'valid', 'not-told'],
    ['', 'valid', 'not-told'],
    ['NaCl 0.9 %', 'questionable', 'not-told'],
    [null, 'not-available', 'not-told'],
    [null, 'not-provided', 'not-told'],
  ] as const)('%s (%s): %s', (text, validity, said) => {
    expect(pumpGivesOrderedDrug(labelled('p', 1, text, validity), order())).toBe(said);
  });

  test('a pump that says nothing of a drug is taken to give it', () => {
    expect(pumpGivesOrderedDrug(pump(1), order())).toBe('not-told');
  });
});

const esketamine = SESSION.replace('name: ketamine, form: racemic', 'name: ketamine, form: S');

test('both forms count in the sum, whichever is ordered: too much of it is too much', () => {
  const pumpSays = (text: string) => labelled('p', 1, text);
  const ordered = order({ yaml: esketamine });
  expect(pumpGivesOrderedDrug(pumpSays('Ketamine'), ordered)).toBe('yes');
  expect(pumpGivesOrderedDrug(pumpSays('Esketamine'), ordered)).toBe('yes');
  expect(pumpGivesOrderedDrug(pumpSays('Propofol'), ordered)).toBe('no');
});

describe('the label, letter for letter', () => {
  test.each([
    ['Ketamine', 'valid', 'ordered'],
    ['Esketamine', 'valid', 'other'],
    ['Propofol', 'valid', 'other'],
    ['Ketamine', 'questionable', 'ordered'],
    ['Propofol', 'questionable', 'unclear'],
    ['17', 'valid', 'unclear'],
    ['Propofol', 'invalid', 'none'],
    [' ', 'valid', 'none'],
    [null, 'not-available', 'none'],
  ] as const)('%s (%s): %s', (text, validity, says) => {
    expect(drugLabel(labelled('p', 1, text, validity), order()).says).toBe(says);
  });
});

describe('which pumps count', () => {
  const ketamine = labelled('a', 125, 'Ketamine');
  const saline = labelled('b', 80, 'NaCl 0.9 %');
  const silent = pump(30, { id: 'c' });

  test('another drug beside the ordered one is not added; a pump that does not tell is', () => {
    expect(pumpsOfOrder([ketamine, saline, silent], order())).toEqual([ketamine, silent]);
    const about = scene({ order: order(), pumps: [ketamine, saline] });
    expect(infusionState(about).liveMlPerH).toBe(125);
    expect(answer(ask(ord01, about))).toBe('absent');
    const added = scene({ order: order(), pumps: [ketamine, silent] });
    expect(infusionState(added).liveMlPerH).toBe(155);
    expect(answer(ask(ord01, added))).toBe('present');
  });

  test('when every pump says another drug, or there is no order, all count', () => {
    expect(pumpsOfOrder([saline], order())).toEqual([saline]);
    expect(pumpsOfOrder([saline, { ...saline, deviceId: 'd' }], order())).toHaveLength(2);
    expect(pumpsOfOrder([ketamine, saline], null)).toHaveLength(2);
  });
});
