import { describe, expect, test } from 'vitest';
import { infusionState } from '../../src/check/infusion-state.ts';
import { ord01, ord03 } from '../../src/check/rules/rate.ts';
import { unitHint } from '../../src/check/unit-hint.ts';
import { answer, ask, HOUR, hourly, MINUTE, order, pump, scene } from './scene-kit.ts';

const gone = pump(125, { port: 'closed', portAgeMs: 100 });
const gap = { yaml: hourly(20, 0, 20), sinceStartMs: HOUR + 30 * MINUTE };

describe('one word for the tile', () => {
  test.each([
    { given: 'no pump', on: order(), pumps: [], word: 'no-pump' },
    { given: 'no pump and no order', on: null, pumps: [], word: 'no-pump' },
    { given: 'no order', on: null, pumps: [pump(125)], word: 'no-order' },
    { given: 'the pump cannot be seen', on: order(), pumps: [gone], word: 'unknown' },
    { given: 'one of two cannot be seen', on: order(), pumps: [pump(125), gone], word: 'unknown' },
    { given: 'no order and cannot be seen', on: null, pumps: [gone], word: 'unknown' },
    {
      given: 'not begun',
      on: order({ sinceStartMs: null }),
      pumps: [pump(0)],
      word: 'not-started',
    },
    { given: 'as ordered', on: order(), pumps: [pump(125)], word: 'on-order' },
    { given: 'exactly +5 %', on: order(), pumps: [pump(131.25)], word: 'on-order' },
    { given: 'beyond +5 %', on: order(), pumps: [pump(131.26)], word: 'over' },
    { given: 'exactly -5 %', on: order(), pumps: [pump(118.75)], word: 'on-order' },
    { given: 'beyond -5 %', on: order(), pumps: [pump(118.74)], word: 'under' },
    { given: 'stopped', on: order(), pumps: [pump(0)], word: 'stopped' },
    { given: 'an ordered gap', on: order(gap), pumps: [pump(0)], word: 'on-order' },
    { given: 'flow in an ordered gap', on: order(gap), pumps: [pump(0.1)], word: 'over' },
    { given: 'a bolus', on: order(), pumps: [pump(125, { status: 'bolus' })], word: 'bolus' },
    { given: 'KVO', on: order(), pumps: [pump(3, { status: 'kvo' })], word: 'kvo' },
    {
      given: 'KVO beside an infusion',
      on: order(),
      pumps: [pump(3, { status: 'kvo' }), pump(200, { id: 'p2' })],
      word: 'over',
    },
    { given: 'ended', on: order({ sinceStartMs: 5 * HOUR }), pumps: [pump(0)], word: 'ended' },
    {
      given: 'still flowing',
      on: order({ sinceStartMs: 5 * HOUR }),
      pumps: [pump(9)],
      word: 'over',
    },
  ])('$given -> $word', ({ on, pumps, word }) => {
    expect(infusionState(scene({ order: on, pumps })).word).toBe(word);
  });

  test('both rates in both units; unknown is null and never zero', () => {
    expect(infusionState(scene({ order: order(), pumps: [pump(500)] }))).toMatchObject({
      orderedMgPerH: 10,
      orderedMlPerH: 125,
      liveMgPerH: 40,
      liveMlPerH: 500,
      deviation: 3,
      hint: 'Check units: 4 times',
      step: 1,
      of: 1,
      nextChange: { atMs: 4 * HOUR, mgPerH: 0, isEnd: true },
    });
    expect(infusionState(scene({ order: order(), pumps: [gone] }))).toMatchObject({
      liveMgPerH: null,
      liveMlPerH: null,
      deviation: null,
      hint: null,
    });
    const paused = infusionState(scene({ order: order(gap), pumps: [pump(10)] }));
    expect(paused).toMatchObject({ orderedMgPerH: 0, deviation: null, hint: null });
  });

  test('the word and the rules never disagree, on any step of any size', () => {
    for (const yaml of [hourly(1, 40, 0.5), hourly(40, 1, 40)]) {
      for (const hour of [0, 1, 2]) {
        const on = order({ yaml, sinceStartMs: hour * HOUR + 30 * MINUTE });
        for (let mlPerH = 0.05; mlPerH < 25; mlPerH += 0.05) {
          const about = scene({ order: on, pumps: [pump(mlPerH)] });
          const { word } = infusionState(about);
          expect(word === 'over').toBe(answer(ask(ord01, about)) === 'present');
          expect(word === 'under').toBe(answer(ask(ord03, about)) === 'present');
        }
      }
    }
  });
});

describe('hints at a mistaken unit', () => {
  test.each([
    {
      trap: 'the amount of 4 h as a rate',
      live: 40,
      ordered: 10,
      ml: 500,
      hint: 'Check units: 4 times',
    },
    { trap: 'a quarter', live: 2.5, ordered: 10, ml: 31.25, hint: 'Check units: a quarter' },
    {
      trap: 'mL/h typed as mg/h',
      live: 125,
      ordered: 10,
      ml: 1562.5,
      hint: 'Check units: 12.5 times',
    },
    { trap: 'mg/h typed as mL/h', live: 0.8, ordered: 10, ml: 10, hint: '10 mg/h as mL/h?' },
    {
      trap: 'a slipped decimal point',
      live: 417,
      ordered: 41.7,
      ml: 208.5,
      hint: 'Check units: 10 times',
    },
    { trap: 'the other way', live: 2, ordered: 20, ml: 1, hint: 'Check units: a tenth' },
    {
      trap: 'per minute as per hour',
      live: 0.5,
      ordered: 30,
      ml: 0.25,
      hint: 'Check: per h, per min?',
    },
    {
      trap: 'per hour as per minute',
      live: 600,
      ordered: 10,
      ml: 300,
      hint: 'Check: per min, per h?',
    },
    { trap: 'mcg as mg', live: 10_000, ordered: 10, ml: 5_000, hint: 'Check: mg or mcg?' },
    { trap: 'pounds as kg', live: 156.1, ordered: 70.8, ml: 78, hint: 'Check weight: kg or lb?' },
    { trap: 'kg as pounds', live: 32.1, ordered: 70.8, ml: 16, hint: 'Check weight: lb or kg?' },
    {
      trap: 'at 1 mg/mL the numbers are the same and right',
      live: 20,
      ordered: 20,
      ml: 20,
      hint: null,
    },
    { trap: 'just outside of 2 %', live: 40.9, ordered: 10, ml: 511, hint: null },
    { trap: 'nothing ordered', live: 40, ordered: 0, ml: 500, hint: null },
    { trap: 'nothing flows', live: 0, ordered: 10, ml: 0, hint: null },
  ])('$trap -> $hint', ({ live, ordered, ml, hint }) => {
    const found = unitHint(live, ordered, ml);
    expect(found).toBe(hint);
    expect((found ?? '').length).toBeLessThanOrEqual(24);
  });
});
