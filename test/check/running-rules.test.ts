import { describe, expect, test } from 'vitest';
import { ord18, ord21, ord22 } from '../../src/check/rules/running.ts';
import {
  answer,
  ask,
  FLOW,
  HOUR,
  hourly,
  MINUTE,
  order,
  pump,
  SESSION,
  scene,
  UNSEEN,
} from './scene-kit.ts';

const unknownPump = pump(60, { id: 'B01-pump2', port: 'closed', portAgeMs: 100 });

describe('ORD-18: something flows and nobody ordered it', () => {
  test.each([
    { given: 'nothing flows', pumps: [pump(0)], expected: 'absent' },
    { given: 'the least flow', pumps: [pump(0.001)], expected: 'present' },
    { given: 'KVO is flow too', pumps: [pump(3, { status: 'kvo' })], expected: 'present' },
    { given: 'a bolus is flow too', pumps: [pump(99, { status: 'bolus' })], expected: 'present' },
    {
      given: 'an unknown word is not "stopped"',
      pumps: [pump(5, { status: 'unknown' })],
      expected: 'present',
    },
    { given: 'stopped', pumps: [pump(5, { status: 'stopped' })], expected: 'absent' },
    { given: 'on standby', pumps: [pump(null, { status: 'standby' })], expected: 'absent' },
    { given: 'no pump at all', pumps: [], expected: 'no-observation' },
    {
      given: 'one flows, one cannot be seen',
      pumps: [pump(5), unknownPump],
      expected: 'present',
    },
    { given: 'none flows, one cannot be seen', pumps: [pump(0), unknownPump], expected: 'stale' },
  ])('without an order, $given -> $expected', ({ pumps, expected }) => {
    expect(answer(ask(ord18, scene({ pumps })))).toBe(expected);
  });

  test('with an order it says nothing, also while the pump is away', () => {
    for (const pumps of [[pump(500)], [unknownPump], []])
      expect(answer(ask(ord18, scene({ order: order(), pumps })))).toBe('absent');
  });

  test.each(UNSEEN)('$given -> $because', ({ of, because }) => {
    expect(answer(ask(ord18, scene({ pumps: [of('pump', FLOW, 125)] })))).toBe(because);
  });

  test('an old "stopped" is no longer a word, and a lost pump is not stopped', () => {
    const old = pump(null, { status: 'stopped', statusAgeMs: 5_001 });
    expect(answer(ask(ord18, scene({ pumps: [old] })))).toBe('invalid');
    const lost = pump(0, { status: 'stopped', port: 'closed', portAgeMs: 1 });
    expect(answer(ask(ord18, scene({ pumps: [lost] })))).toBe('stale');
  });
});

describe('ORD-21: infusing after the planned end (4 h)', () => {
  const END = 4 * HOUR;
  const infusing = 'infusing';
  const kvo = 'kvo';
  test.each([
    { given: 'just before +2 min', at: END + 2 * MINUTE - 1, level: infusing, expected: 'absent' },
    { given: 'at +2 min', at: END + 2 * MINUTE, level: infusing, expected: 'present' },
    { given: 'a day after', at: END + 24 * HOUR, level: infusing, expected: 'present' },
    { given: 'while it is ordered', at: END - 1, level: infusing, expected: 'absent' },
    { given: 'at +2 min it is no KVO', at: END + 2 * MINUTE, level: kvo, expected: 'absent' },
  ])('125 mL/h, $given: $level $expected', ({ at, level, expected }) => {
    const about = scene({ order: order({ sinceStartMs: at }), pumps: [pump(125)] });
    expect(answer(ask(ord21, about, { level }))).toBe(expected);
  });

  const after = order({ sinceStartMs: END + 5 * MINUTE });
  test.each([
    { given: 'the pump says KVO', pumps: [pump(5, { status: 'kvo' })], word: kvo },
    { given: 'as slow as the ordered KVO', pumps: [pump(3)], word: kvo },
    { given: 'faster than the ordered KVO', pumps: [pump(3.001)], word: infusing },
    {
      given: 'one pump keeps the vein open while the other infuses',
      pumps: [pump(3, { status: 'kvo' }), pump(125, { id: 'B01-pump2' })],
      word: infusing,
    },
    {
      given: 'both keep the vein open',
      pumps: [pump(2, { status: 'kvo' }), pump(2, { id: 'B01-pump2', status: 'kvo' })],
      word: kvo,
    },
    {
      given: 'it said KVO more than 5 s ago and flows on',
      pumps: [pump(125, { status: 'kvo', statusAgeMs: 5_001 })],
      word: infusing,
    },
    {
      given: 'one infuses, one cannot be seen',
      pumps: [pump(125), unknownPump],
      word: infusing,
    },
  ])('$given -> $word', ({ pumps, word }) => {
    const about = scene({ order: after, pumps });
    expect(answer(ask(ord21, about, { level: word }))).toBe('present');
    const other = word === kvo ? infusing : kvo;
    expect(answer(ask(ord21, about, { level: other }))).not.toBe('present');
  });

  test('an order without KVO knows no slow rate that is fine', () => {
    const yaml = SESSION.replace('kvo: { allowed: true, maxMlPerH: 3 }', 'kvo: { allowed: false }');
    const about = scene({
      order: order({ yaml, sinceStartMs: END + 5 * MINUTE }),
      pumps: [pump(1)],
    });
    expect(answer(ask(ord21, about, { level: infusing }))).toBe('present');
  });

  test('stopped is over; before the first flow there is no end; without an order no rule', () => {
    expect(answer(ask(ord21, scene({ order: after, pumps: [pump(0)] })))).toBe('absent');
    const waiting = order({ sinceStartMs: null });
    expect(answer(ask(ord21, scene({ order: waiting, pumps: [pump(125)] })))).toBe('absent');
    expect(answer(ask(ord21, scene({ pumps: [pump(125)] })))).toBe('no-order');
  });

  test.each(UNSEEN)('after the end, $given -> $because', ({ of, because }) => {
    const about = scene({ order: after, pumps: [of('pump', FLOW, 125)] });
    for (const level of [infusing, kvo]) expect(answer(ask(ord21, about, { level }))).toBe(because);
  });

  test('KVO of 3 mL/h at 1 mg/mL is told as 3 mg/h', () => {
    const yaml = hourly(20).replace('drugMg: 480', 'drugMg: 240');
    const about = scene({
      order: order({ yaml, sinceStartMs: HOUR + 3 * MINUTE }),
      pumps: [pump(3, { status: 'kvo' })],
    });
    expect(ask(ord21, about, { level: kvo })).toMatchObject({
      presence: 'present',
      message: {
        text: 'KVO 03:00 after the end',
        textShort: 'KVO AFTER END',
        detail: '3 mg/h (3 mL/h) flows. Stop, or complete the order',
      },
    });
  });
});

describe('ORD-22: stopped although the order runs', () => {
  const gap = hourly(20, 0, 20);
  test.each([
    { given: 'stopped', about: {}, mlPerH: 0, expected: 'present' },
    { given: 'the least flow', about: {}, mlPerH: 0.001, expected: 'absent' },
    { given: 'not begun', about: { sinceStartMs: null }, mlPerH: 0, expected: 'absent' },
    {
      given: 'in an ordered gap',
      about: { yaml: gap, sinceStartMs: HOUR + 30 * MINUTE },
      mlPerH: 0,
      expected: 'absent',
    },
    {
      given: 'the step after the gap may still be late',
      about: { yaml: gap, sinceStartMs: 2 * HOUR + 5 * MINUTE - 1 },
      mlPerH: 0,
      expected: 'absent',
    },
    {
      given: 'the step after the gap is late',
      about: { yaml: gap, sinceStartMs: 2 * HOUR + 5 * MINUTE + 1 },
      mlPerH: 0,
      expected: 'present',
    },
    {
      given: 'just before the end may be early',
      about: { sinceStartMs: 4 * HOUR - 2 * MINUTE - 1 },
      mlPerH: 0,
      expected: 'present',
    },
    {
      given: 'in the last 2 min the bag may be empty',
      about: { sinceStartMs: 4 * HOUR - 2 * MINUTE },
      mlPerH: 0,
      expected: 'absent',
    },
    { given: 'after the end', about: { sinceStartMs: 4 * HOUR }, mlPerH: 0, expected: 'absent' },
  ])('$given: $mlPerH mL/h -> $expected', ({ about, mlPerH, expected }) => {
    const on = scene({ order: order(about), pumps: [pump(mlPerH)] });
    for (const level of ['stopped', 'long'])
      expect(answer(ask(ord22, on, { level }))).toBe(expected);
  });

  test.each(UNSEEN)('$given -> $because', ({ of, because }) => {
    const about = scene({ order: order(), pumps: [of('pump', FLOW, 0)] });
    expect(answer(ask(ord22, about))).toBe(because);
  });

  test('one pump stopped and one that cannot be seen: perhaps that one runs', () => {
    const about = scene({ order: order(), pumps: [pump(0), unknownPump] });
    expect(answer(ask(ord22, about))).toBe('stale');
    expect(answer(ask(ord22, scene({ pumps: [pump(0)] })))).toBe('no-order');
  });

  test('the reason of the pump is in the text', () => {
    const alerts = [{ code: 'X', text: 'Occlusion', ruleId: 'PMP-01', priority: 'high' as const }];
    const about = scene({ order: order(), pumps: [pump(0, { status: 'stopped', alerts })] });
    expect(ask(ord22, about)).toMatchObject({
      message: {
        text: 'Infusion stopped: Occlusion',
        detail: 'order 10 mg/h, live 0 mg/h. Check pump and line',
      },
    });
  });
});
