import { describe, expect, test } from 'vitest';
import { limitsWithOrder } from '../../src/check/order-limits.ts';
import { limits } from './scene-kit.ts';

const why = { reason: 'slow heart as an athlete', author: 'dr.c' };
const override = (rule: string, level: string, setting: string, value: number) => ({
  ...{ rule, level, setting, value },
  ...why,
});

test('a threshold of a vital sign is that of the order, and everything else is as it was', () => {
  const slow = override('VIT-04', 'limits', 'low', 45);
  const { limits: own, problems } = limitsWithOrder(limits, [slow]);
  expect(problems).toEqual([]);
  expect(own.rules['VIT-04'].levels.limits.low).toBe(45);
  const { low } = limits.rules['VIT-04'].levels.limits;
  const back = limitsWithOrder(own, [override('VIT-04', 'limits', 'low', low)]);
  expect(back.limits).toEqual(limits);
  expect(limitsWithOrder(limits).limits).toBe(limits);
});

test('two limits that need each other are set together', () => {
  const high = override('VIT-01', 'low', 'below', 96);
  expect(limitsWithOrder(limits, [high]).problems).toMatchObject([{ path: [0, 'value'] }]);
  const both = limitsWithOrder(limits, [high, override('VIT-01', 'low', 'clearAt', 97)]);
  expect(both.problems).toEqual([]);
  expect(both.limits.rules['VIT-01'].levels.low).toMatchObject({ below: 96, clearAt: 97 });
});

describe('refused, with where and what can be written', () => {
  test.each([
    ['no such rule', override('VIT-99', 'low', 'below', 90), 'rule', 'VIT-01'],
    [
      'a rule of the order itself',
      override('ORD-02', 'severe', 'aboveFraction', 1),
      'rule',
      'VIT-',
    ],
    ['a rule of the pump', override('PMP-01', 'low', 'below', 1), 'rule', 'VIT-'],
    ['one that is only forwarded', override('VIT-13', 'low', 'below', 1), 'rule', 'VIT-'],
    ['no such level', override('VIT-01', 'lowest', 'below', 90), 'level', 'low'],
    ['a level of every object', override('VIT-01', 'constructor', 'below', 90), 'level', 'low'],
    ['no such setting', override('VIT-01', 'low', 'above', 90), 'setting', 'below'],
    ['a delay', override('VIT-01', 'low', 'onDelayS', 300), 'setting', 'below'],
    ['a priority', override('VIT-01', 'low', 'priority', 1), 'setting', 'below'],
  ])('%s', (_, one, field, says) => {
    const { limits: own, problems } = limitsWithOrder(limits, [one]);
    expect(own).toBe(limits);
    expect(problems).toMatchObject([{ path: [0, field], kind: 'unknown' }]);
    expect(problems[0]?.message).toContain(says);
  });

  test('beyond the floor of the limits file', () => {
    const deep = override('VIT-01', 'low', 'below', 85);
    const { limits: own, problems } = limitsWithOrder(limits, [deep]);
    expect(own).toBe(limits);
    expect(problems[0]).toMatchObject({ path: [0, 'value'], kind: 'floor' });
    expect(problems[0]?.message).toContain('below the floor 90');
  });

  test('the same one twice', () => {
    const one = override('VIT-01', 'low', 'below', 92);
    expect(limitsWithOrder(limits, [one, one]).problems).toMatchObject([{ path: [1, 'setting'] }]);
  });
});
