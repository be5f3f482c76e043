import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/check/rule.ts';
import { ord01, ord02, ord03, ord07 } from '../../src/check/rules/rate.ts';
import {
  answer,
  ask,
  FLOW,
  HOUR,
  type OrderSpec,
  order,
  pump,
  SESSION,
  scene,
  UNSEEN,
} from './scene-kit.ts';

describe('what cannot be seen', () => {
  test.each(UNSEEN)('$given -> $because, also when the rate would be wrong', ({ of, because }) => {
    for (const mlPerH of [0, 125, 500]) {
      const about = scene({ order: order(), pumps: [of('pump', FLOW, mlPerH)] });
      for (const rule of [ord01, ord02, ord03, ord07])
        for (const isStanding of [false, true])
          expect(answer(ask(rule, about, { isStanding })), rule.id).toBe(because);
    }
  });

  test('a reading that is exactly 5 s old still counts', () => {
    const old = pump(500, { frameAgeMs: 5_000, statusAgeMs: 5_000 });
    const about = scene({ order: order(), pumps: [old] });
    expect(answer(ask(ord02, about))).toBe('present');
  });

  test('no pump, no order', () => {
    expect(answer(ask(ord02, scene({ order: order() })))).toBe('no-observation');
    for (const rule of [ord01, ord02, ord03, ord07])
      expect(answer(ask(rule, scene({ pumps: [pump(500)] })))).toBe('no-order');
  });

  test('the end of the order ends no over-rate alarm of a pump that cannot be seen', () => {
    const gone = pump(500, { port: 'closed', portAgeMs: 5_000 });
    const about = scene({ order: order({ sinceStartMs: 5 * HOUR }), pumps: [gone] });
    for (const rule of [ord01, ord02])
      expect(answer(ask(rule, about, { isStanding: true }))).toBe('stale');
  });
});

describe('two pumps give one rate', () => {
  const gone = pump(60, { id: 'B01-pump2', port: 'closed', portAgeMs: 100 });
  const second = (mlPerH: number) => pump(mlPerH, { id: 'B01-pump2' });
  test.each([
    { given: 'half and half', pumps: [pump(62.5), second(62.5)], over: 'absent', under: 'absent' },
    {
      given: 'the order and a little',
      pumps: [pump(125), second(10)],
      over: 'present',
      under: 'absent',
    },
    { given: 'half, the other unknown', pumps: [pump(62.5), gone], over: 'stale', under: 'stale' },
    {
      given: 'too much already, the other unknown',
      pumps: [pump(140), gone],
      over: 'present',
      under: 'stale',
    },
  ])('$given', ({ pumps, over, under }) => {
    const about = scene({ order: order(), pumps });
    expect(answer(ask(ord01, about))).toBe(over);
    expect(answer(ask(ord03, about))).toBe(under);
  });

  test('a pump that says that it is stopped gives nothing, whatever rate is set', () => {
    const about = scene({
      order: order(),
      pumps: [pump(125), pump(500, { id: 'B01-pump2', status: 'stopped' })],
    });
    expect(answer(ask(ord02, about))).toBe('absent');
  });

  test('an old word "stopped" does not cover a newer flow', () => {
    const restarted = pump(500, { status: 'stopped', statusAgeMs: 4_000 });
    expect(answer(ask(ord02, scene({ order: order(), pumps: [restarted] })))).toBe('present');
  });
});

describe('what is said', () => {
  const message = (rule: Rule, mlPerH: number, spec?: OrderSpec) => {
    const judgement = ask(rule, scene({ order: order(spec), pumps: [pump(mlPerH)] }));
    return judgement.presence === 'present' ? judgement.message : undefined;
  };

  test('both rates in mg/h and what to do', () => {
    expect(message(ord01, 137.5)).toMatchObject({
      text: 'Rate above order +10 %',
      textShort: 'RATE HIGH +10 %',
      detail: 'live 11 mg/h, order 10 mg/h. Check pump',
      value: 11,
      limit: 10,
      unit: 'mg/h',
    });
  });

  test('the amount keyed as a rate is recognised, above and below', () => {
    expect(message(ord02, 500)?.detail).toBe('live 40 mg/h, order 10 mg/h. Check units: 4 times');
    expect(message(ord03, 10)?.detail).toBe('live 0.8 mg/h, order 10 mg/h. 10 mg/h as mL/h?');
  });

  test('the number shown is on the wrong side of the limit too', () => {
    const spec = { yaml: SESSION, hardMaxMgPerH: 60 };
    expect(message(ord07, 750.5, spec)).toMatchObject({
      text: 'ABOVE HARD LIMIT 60 mg/h',
      detail: 'live 60.04 mg/h. Stop and check',
    });
  });
});
