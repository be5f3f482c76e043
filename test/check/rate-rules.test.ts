import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/check/rule.ts';
import { ord01, ord02, ord03, ord07 } from '../../src/check/rules/rate.ts';
import {
  answer,
  ask,
  HOUR,
  hourly,
  MINUTE,
  type OrderSpec,
  order,
  pump,
  SESSION,
  scene,
} from './scene-kit.ts';

interface Row {
  readonly given: string;
  readonly rule: Rule;
  readonly mlPerH: number;
  readonly expected: string;
  readonly level?: string;
  readonly standing?: true;
  readonly order?: OrderSpec;
}

const rows = (list: readonly Row[]) =>
  test.each(list)('$rule.id, $given: $mlPerH mL/h -> $expected', (row) => {
    const about = scene({ order: order(row.order), pumps: [pump(row.mlPerH)] });
    const options = {
      isStanding: row.standing ?? false,
      ...(row.level === undefined ? {} : { level: row.level }),
    };
    expect(answer(ask(row.rule, about, options))).toBe(row.expected);
  });

/** 2 mg/mL, so that mL/h x 2 = mg/h and 0.1 mL/h is 0.2 mg/h. */
const at20: OrderSpec = { yaml: hourly(20, 20, 20), sinceStartMs: HOUR + 30 * MINUTE };

describe('bands around 20 mg/h at 2 mg/mL (10 mL/h)', () => {
  rows([
    { given: 'as ordered', rule: ord01, mlPerH: 10, expected: 'absent', order: at20 },
    { given: 'exactly +5 %', rule: ord01, mlPerH: 10.5, expected: 'absent', order: at20 },
    { given: 'just beyond +5 %', rule: ord01, mlPerH: 10.501, expected: 'present', order: at20 },
    { given: 'below the order', rule: ord01, mlPerH: 5, expected: 'absent', order: at20 },
    {
      given: 'standing, between +3 % and +5 %',
      rule: ord01,
      mlPerH: 10.4,
      standing: true,
      expected: 'present',
      order: at20,
    },
    {
      given: 'standing, exactly +3 %',
      rule: ord01,
      mlPerH: 10.3,
      standing: true,
      expected: 'absent',
      order: at20,
    },
    {
      given: 'standing, just beyond +3 %',
      rule: ord01,
      mlPerH: 10.301,
      standing: true,
      expected: 'present',
      order: at20,
    },
    { given: 'not standing, +4 %', rule: ord01, mlPerH: 10.4, expected: 'absent', order: at20 },
    {
      given: 'exactly +20 %',
      rule: ord02,
      mlPerH: 12,
      expected: 'absent',
      order: { ...at20, yaml: hourly(20, 20, 30) },
    },
    {
      given: 'just beyond +20 %',
      rule: ord02,
      mlPerH: 12.001,
      expected: 'present',
      order: { ...at20, yaml: hourly(20, 20, 30) },
    },
    {
      given: 'standing, exactly +20 %',
      rule: ord02,
      mlPerH: 12,
      standing: true,
      expected: 'absent',
      order: { ...at20, yaml: hourly(20, 20, 30) },
    },
    {
      given: 'at the maximum of the order and one pump step',
      rule: ord02,
      mlPerH: 10.1,
      expected: 'absent',
      order: at20,
    },
    {
      given: 'above the maximum of the order, below +20 %',
      rule: ord02,
      mlPerH: 10.2,
      expected: 'present',
      order: at20,
    },
    { given: 'exactly -5 %', rule: ord03, mlPerH: 9.5, expected: 'absent', order: at20 },
    { given: 'just beyond -5 %', rule: ord03, mlPerH: 9.499, expected: 'present', order: at20 },
    {
      given: 'standing, exactly -3 %',
      rule: ord03,
      mlPerH: 9.7,
      standing: true,
      expected: 'absent',
      order: at20,
    },
    {
      given: 'standing, just beyond -3 %',
      rule: ord03,
      mlPerH: 9.699,
      standing: true,
      expected: 'present',
      order: at20,
    },
    {
      given: 'far below, exactly -20 %',
      rule: ord03,
      level: 'long',
      mlPerH: 8,
      expected: 'absent',
      order: at20,
    },
    {
      given: 'far below, just beyond -20 %',
      rule: ord03,
      level: 'long',
      mlPerH: 7.999,
      expected: 'present',
      order: at20,
    },
    {
      given: 'nothing flows, which is ORD-22',
      rule: ord03,
      mlPerH: 0,
      expected: 'absent',
      order: at20,
    },
    {
      given: 'exactly at the hard limit of 50',
      rule: ord07,
      mlPerH: 25,
      expected: 'absent',
      order: at20,
    },
    {
      given: 'just above the hard limit',
      rule: ord07,
      mlPerH: 25.001,
      expected: 'present',
      order: at20,
    },
  ]);
});

test('exactly on the limit is within it on every day of a rising plan, also in binary fractions', () => {
  for (const mg of [40, 45, 50, 55, 60, 65, 70, 75, 80]) {
    const yaml = SESSION.replaceAll('40', String(mg)).replace('maxMgPerH: 20', 'maxMgPerH: 30');
    const said = (rule: Rule, mlPerH: number) =>
      answer(ask(rule, scene({ order: order({ yaml }), pumps: [pump(mlPerH)] })));
    for (const [rule, mlPerH] of [
      [ord01, 131.25],
      [ord02, 150],
      [ord03, 118.75],
    ] as const) {
      expect(said(rule, mlPerH), `${rule.id}, ${mg} mg`).toBe('absent');
      expect(said(rule, rule === ord03 ? mlPerH - 0.01 : mlPerH + 0.01)).toBe('present');
    }
  }
});

describe('the finest step of a pump is no deviation', () => {
  // 1 mg/h at 2 mg/mL is 0.5 mL/h: 5 % of it is less than the pump can set.
  const at1: OrderSpec = { yaml: hourly(1, 1), sinceStartMs: 30 * MINUTE };
  rows([
    { given: 'one step above 0.5 mL/h', rule: ord01, mlPerH: 0.6, expected: 'absent', order: at1 },
    {
      given: 'more than one step above',
      rule: ord01,
      mlPerH: 0.601,
      expected: 'present',
      order: at1,
    },
    { given: 'one step below 0.5 mL/h', rule: ord03, mlPerH: 0.4, expected: 'absent', order: at1 },
    {
      given: 'more than one step below',
      rule: ord03,
      mlPerH: 0.399,
      expected: 'present',
      order: at1,
    },
  ]);
});

describe('an increase from 20 to 30 mg/h at 1 h (10 to 15 mL/h), window -2 min to +5 min', () => {
  const at = (sinceStartMs: number): OrderSpec => ({ yaml: hourly(20, 30, 30), sinceStartMs });
  rows([
    {
      given: 'one ms before the window, new rate',
      rule: ord01,
      mlPerH: 15,
      expected: 'present',
      order: at(HOUR - 2 * MINUTE - 1),
    },
    {
      given: 'as the window opens, new rate',
      rule: ord01,
      mlPerH: 15,
      expected: 'absent',
      order: at(HOUR - 2 * MINUTE),
    },
    {
      given: 'as the window opens, old rate',
      rule: ord03,
      mlPerH: 10,
      expected: 'absent',
      order: at(HOUR - 2 * MINUTE),
    },
    {
      given: 'in the window, between both',
      rule: ord01,
      mlPerH: 12,
      expected: 'absent',
      order: at(HOUR),
    },
    {
      given: 'in the window, above both',
      rule: ord01,
      mlPerH: 16,
      expected: 'present',
      order: at(HOUR),
    },
    {
      given: 'in the window, below both',
      rule: ord03,
      mlPerH: 9,
      expected: 'present',
      order: at(HOUR),
    },
    {
      given: 'just before the window closes, old rate',
      rule: ord03,
      mlPerH: 10,
      expected: 'absent',
      order: at(HOUR + 5 * MINUTE - 1),
    },
    {
      given: 'after the window, old rate',
      rule: ord03,
      mlPerH: 10,
      expected: 'present',
      order: at(HOUR + 5 * MINUTE + 1),
    },
  ]);
});

describe('a decrease from 30 to 20 mg/h at 1 h, window -2 min to +1 min', () => {
  const at = (sinceStartMs: number): OrderSpec => ({ yaml: hourly(30, 20, 20), sinceStartMs });
  rows([
    {
      given: 'just before the window closes, old rate',
      rule: ord02,
      mlPerH: 15,
      expected: 'absent',
      order: at(HOUR + MINUTE - 1),
    },
    {
      given: 'after the window, old rate',
      rule: ord02,
      mlPerH: 15,
      expected: 'present',
      order: at(HOUR + MINUTE + 1),
    },
    {
      given: 'made 3 min early',
      rule: ord03,
      mlPerH: 10,
      expected: 'present',
      order: at(HOUR - 3 * MINUTE),
    },
    {
      given: 'made 1 min early',
      rule: ord03,
      mlPerH: 10,
      expected: 'absent',
      order: at(HOUR - MINUTE),
    },
  ]);
});

describe('an ordered gap is an order of zero', () => {
  const gap: OrderSpec = { yaml: hourly(20, 0, 20), sinceStartMs: HOUR + 30 * MINUTE };
  rows([
    { given: 'nothing flows', rule: ord01, mlPerH: 0, expected: 'absent', order: gap },
    { given: 'the least flow', rule: ord01, mlPerH: 0.1, expected: 'present', order: gap },
    { given: 'the least flow', rule: ord02, mlPerH: 0.1, expected: 'present', order: gap },
    { given: 'nothing flows', rule: ord02, mlPerH: 0, expected: 'absent', order: gap },
    { given: 'nothing flows', rule: ord03, mlPerH: 0, expected: 'absent', order: gap },
    { given: 'the least flow', rule: ord03, mlPerH: 0.1, expected: 'absent', order: gap },
  ]);
});

describe('before the first flow and after the end (4 h, 10 mg/h = 125 mL/h, at most 20 mg/h)', () => {
  const before: OrderSpec = { sinceStartMs: null };
  const ended: OrderSpec = { sinceStartMs: 4 * HOUR + 90_000 };
  rows([
    { given: 'not begun, stopped', rule: ord01, mlPerH: 0, expected: 'absent', order: before },
    {
      given: 'not begun, the first wrong rate',
      rule: ord02,
      mlPerH: 500,
      expected: 'present',
      order: before,
    },
    { given: 'not begun, stopped', rule: ord03, mlPerH: 0, expected: 'absent', order: before },
    { given: 'not begun, slow', rule: ord03, mlPerH: 10, expected: 'absent', order: before },
    {
      given: 'ended, the old rate (ORD-21 has its own time)',
      rule: ord02,
      mlPerH: 125,
      expected: 'absent',
      order: ended,
    },
    {
      given: 'ended, above the maximum of the order',
      rule: ord02,
      mlPerH: 500,
      expected: 'present',
      order: ended,
    },
    { given: 'ended, slow', rule: ord03, mlPerH: 10, expected: 'absent', order: ended },
    {
      given: 'ended, above the hard limit',
      rule: ord07,
      mlPerH: 900,
      expected: 'present',
      order: ended,
    },
  ]);
});
