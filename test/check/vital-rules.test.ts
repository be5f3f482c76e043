import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/check/rule.ts';
import { vit07 } from '../../src/check/rules/nibp.ts';
import { vit01, vit02, vit03, vit04 } from '../../src/check/rules/vitals.ts';
import {
  answer,
  ask,
  device,
  ECG,
  MINUTE,
  monitor,
  NO_NIBP,
  NOW,
  order,
  PULSE,
  SPO2,
  scene,
  UNSEEN,
} from './scene-kit.ts';

const spo2 = (value: number, recentSpo2Max: number | null = null) =>
  scene({ monitors: [monitor(SPO2, value)], recentSpo2Max });
const hr = (value: number, baseline: number | null = null) =>
  scene({ monitors: [monitor(ECG, value)], baseline: { heartRateBpm: baseline } });

describe('SpO2', () => {
  test.each([
    { given: 'at the limit', rule: vit01, value: 93, standing: false, expected: 'absent' },
    { given: 'just below it', rule: vit01, value: 92.99, standing: false, expected: 'present' },
    {
      given: 'standing, at the limit',
      rule: vit01,
      value: 93,
      standing: true,
      expected: 'present',
    },
    {
      given: 'standing, just below 94',
      rule: vit01,
      value: 93.9,
      standing: true,
      expected: 'present',
    },
    { given: 'standing, at 94', rule: vit01, value: 94, standing: true, expected: 'absent' },
    { given: 'zero is no value', rule: vit01, value: 0, standing: false, expected: 'invalid' },
    { given: 'and ends nothing', rule: vit01, value: 0, standing: true, expected: 'invalid' },
    { given: 'at the severe limit', rule: vit02, value: 88, standing: false, expected: 'absent' },
    { given: 'just below it', rule: vit02, value: 87.99, standing: false, expected: 'present' },
    {
      given: 'standing, at the severe limit',
      rule: vit02,
      value: 88,
      standing: true,
      expected: 'absent',
    },
  ])('$rule.id $given: $value % -> $expected', ({ rule, value, standing, expected }) => {
    expect(answer(ask(rule, spo2(value), { isStanding: standing }))).toBe(expected);
  });

  test.each([
    { given: 'fell 5 in a minute', value: 92, from: 97, standing: false, expected: 'present' },
    { given: 'fell almost 5', value: 92, from: 96.99, standing: false, expected: 'absent' },
    {
      given: 'fell 6 and is not below 93',
      value: 93,
      from: 99,
      standing: false,
      expected: 'absent',
    },
    {
      given: 'nothing known of the minute',
      value: 90,
      from: null,
      standing: false,
      expected: 'absent',
    },
    {
      given: 'the minute has passed and it is still low',
      value: 92,
      from: 92,
      standing: true,
      expected: 'present',
    },
    { given: 'standing and back at 93', value: 93, from: 93, standing: true, expected: 'absent' },
  ])('VIT-02 drop, $given -> $expected', ({ value, from, standing, expected }) => {
    const about = spo2(value, from);
    expect(answer(ask(vit02, about, { level: 'drop', isStanding: standing }))).toBe(expected);
  });

  test('the text never rounds a broken limit away', () => {
    expect(ask(vit01, spo2(92.96))).toMatchObject({
      message: { text: 'SpO2 92.96 %, limit 93', textShort: 'SpO2 92.96, LIMIT 93' },
    });
  });
});

describe('heart rate against the baseline of 70', () => {
  test.each([
    { level: 'raised', value: 83.99, standing: false, expected: 'absent' },
    { level: 'raised', value: 84, standing: false, expected: 'present' },
    { level: 'raised', value: 80.5, standing: true, expected: 'present' },
    { level: 'raised', value: 80.49, standing: true, expected: 'absent' },
    { level: 'long', value: 84, standing: false, expected: 'present' },
    { level: 'far', value: 97.99, standing: false, expected: 'absent' },
    { level: 'far', value: 98, standing: false, expected: 'present' },
    { level: 'far', value: 94.5, standing: true, expected: 'present' },
    { level: 'far', value: 94.49, standing: true, expected: 'absent' },
  ])('$level at $value bpm, standing $standing -> $expected', (row) => {
    const options = { level: row.level, isStanding: row.standing };
    expect(answer(ask(vit03, hr(row.value, 70), options))).toBe(row.expected);
  });

  test.each([60, 70, 80, 90, 100])(
    '1.20 x %i counts, without the noise of fractions',
    (baseline) => {
      expect(answer(ask(vit03, hr(Math.round(baseline * 1.2), baseline)))).toBe('present');
    },
  );

  test('without a baseline nobody can tell', () => {
    expect(answer(ask(vit03, hr(200)))).toBe('no-observation');
    expect(answer(ask(vit03, hr(200, 0)))).toBe('no-observation');
  });
});

describe('heart rate limits', () => {
  test.each([
    { level: 'limits', value: 120, expected: 'absent' },
    { level: 'limits', value: 120.01, expected: 'present' },
    { level: 'limits', value: 50, expected: 'absent' },
    { level: 'limits', value: 49.99, expected: 'present' },
    { level: 'severe', value: 140, expected: 'absent' },
    { level: 'severe', value: 140.01, expected: 'present' },
    { level: 'severe', value: 40, expected: 'absent' },
    { level: 'severe', value: 39.99, expected: 'present' },
    { level: 'severe', value: 0.1, expected: 'present' },
    { level: 'severe', value: 0, expected: 'invalid' },
  ])('$level at $value bpm -> $expected', ({ level, value, expected }) => {
    for (const isStanding of [false, true])
      expect(answer(ask(vit04, hr(value), { level, isStanding }))).toBe(expected);
  });

  test('the text says which limit', () => {
    expect(ask(vit04, hr(121))).toMatchObject({
      message: { text: 'HR HIGH 121 bpm, limit 120', textShort: 'HR HIGH 121, LIMIT 120' },
    });
    expect(ask(vit04, hr(49.9))).toMatchObject({ message: { text: 'HR LOW 49.9 bpm, limit 50' } });
  });

  test('where the ECG gives none, the pulse of the oximeter counts', () => {
    const both = (ecgValidity: 'valid' | 'invalid') =>
      device('monitor', {
        values: [
          { code: ECG, value: 150, validity: ecgValidity },
          { code: PULSE, value: 80 },
        ],
      });
    expect(answer(ask(vit04, scene({ monitors: [both('valid')] })))).toBe('present');
    expect(answer(ask(vit04, scene({ monitors: [both('invalid')] })))).toBe('absent');
  });
});

const limitRules: readonly { rule: Rule; code: typeof SPO2 | typeof ECG; value: number }[] = [
  { rule: vit01, code: SPO2, value: 50 },
  { rule: vit02, code: SPO2, value: 50 },
  { rule: vit03, code: ECG, value: 200 },
  { rule: vit04, code: ECG, value: 200 },
];

describe.each(limitRules)('$rule.id cannot tell', ({ rule, code, value }) => {
  test.each(UNSEEN)('$given -> $because', ({ of, because }) => {
    const about = scene({
      monitors: [of('monitor', code, value)],
      baseline: { heartRateBpm: 70 },
      recentSpo2Max: 99,
    });
    for (const { name } of rule.levels)
      for (const isStanding of [false, true])
        expect(answer(ask(rule, about, { level: name, isStanding }))).toBe(because);
  });

  test('without a monitor; and with a reading of exactly 5 s it can', () => {
    expect(answer(ask(rule, scene()))).toBe('no-observation');
    const old = device('monitor', { values: [{ code, value, ageMs: 5_000 }], frameAgeMs: 5_000 });
    const about = scene({ monitors: [old], baseline: { heartRateBpm: 70 } });
    expect(answer(ask(rule, about))).toBe('present');
  });

  test('a second monitor that cannot be seen does not hide the one that can', () => {
    const gone = device('monitor', { id: 'B01-mon2', port: 'closed', portAgeMs: 100 });
    for (const monitors of [
      [gone, monitor(code, value)],
      [monitor(code, value), gone],
    ]) {
      const about = scene({ monitors, baseline: { heartRateBpm: 70 } });
      expect(answer(ask(rule, about))).toBe('present');
    }
  });
});

describe('VIT-07: cuff interval of 15 min', () => {
  const cuff = (agoMs: number | null, sinceMs: number | null = 60 * MINUTE, hasOrder = true) =>
    scene({
      order: hasOrder ? order() : null,
      nibp: {
        ...NO_NIBP,
        lastReadingAtMs: agoMs === null ? null : NOW - agoMs,
        supervisedSinceMs: sinceMs === null ? null : NOW - sinceMs,
        intervalMs: 15 * MINUTE,
      },
    });
  test.each([
    { given: 'on time', level: 'late', about: cuff(15 * MINUTE), expected: 'absent' },
    {
      given: 'just not 2 min late',
      level: 'late',
      about: cuff(17 * MINUTE - 1),
      expected: 'absent',
    },
    { given: '2 min late', level: 'late', about: cuff(17 * MINUTE), expected: 'present' },
    {
      given: 'just not 5 min late',
      level: 'overdue',
      about: cuff(20 * MINUTE - 1),
      expected: 'absent',
    },
    { given: '5 min late', level: 'overdue', about: cuff(20 * MINUTE), expected: 'present' },
    {
      given: 'no reading, supervised for 17 min',
      level: 'late',
      about: cuff(null, 17 * MINUTE),
      expected: 'present',
    },
    {
      given: 'no reading, supervised for less',
      level: 'late',
      about: cuff(null, 16 * MINUTE),
      expected: 'absent',
    },
    {
      given: 'a reading from before supervision',
      level: 'late',
      about: cuff(50 * MINUTE, 5 * MINUTE),
      expected: 'absent',
    },
    {
      given: 'not supervised',
      level: 'late',
      about: cuff(60 * MINUTE, null),
      expected: 'no-order',
    },
    {
      given: 'no order',
      level: 'late',
      about: cuff(60 * MINUTE, 60 * MINUTE, false),
      expected: 'no-order',
    },
  ])('$given: $level -> $expected', ({ level, about, expected }) => {
    expect(answer(ask(vit07, about, { level }))).toBe(expected);
  });

  test('the order asks for none', () => {
    const about = cuff(60 * MINUTE);
    const nibp = { ...about.nibp, intervalMs: null };
    expect(answer(ask(vit07, { ...about, nibp }))).toBe('no-order');
  });

  test('it stays after a restart until there is a new reading: a new count is no reading', () => {
    const restarted = cuff(null, MINUTE);
    for (const level of ['late', 'overdue']) {
      expect(answer(ask(vit07, restarted, { level, isStanding: true }))).toBe('no-observation');
      const measured = cuff(MINUTE / 2, MINUTE);
      expect(answer(ask(vit07, measured, { level, isStanding: true }))).toBe('absent');
    }
  });

  test('it does not speak of a last reading when there was none', () => {
    expect(ask(vit07, cuff(17 * MINUTE))).toMatchObject({
      message: { text: 'NIBP overdue, last 17:00 ago' },
    });
    expect(ask(vit07, cuff(null, 17 * MINUTE))).toMatchObject({
      message: { text: 'NIBP overdue, none for 17:00' },
    });
  });
});
