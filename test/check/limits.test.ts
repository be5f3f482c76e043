import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/check/evaluate.ts';
import { parseAlarmLimits } from '../../src/check/limits.ts';
import { limits, limitsText } from './scene-kit.ts';

/** The shipped file with one setting of one line changed. */
function changed(marker: string, from: string, to: string): string {
  const lines = limitsText.split('\n');
  const index = lines.findIndex((line) => line.includes(marker));
  const line = lines[index];
  if (line === undefined || !line.includes(from)) throw new Error(`${marker} has no ${from}`);
  lines[index] = line.replace(from, to);
  return lines.join('\n');
}

const problems = (text: string) => {
  const parsed = parseAlarmLimits(text);
  return parsed.ok ? [] : parsed.problems;
};

describe('the shipped file', () => {
  test('every rule has its limits and every limit its rule', () => {
    expect(RULES.map(({ id }) => id).sort()).toEqual(Object.keys(limits.rules).sort());
  });

  test('no rule is told twice and each level has its own name', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { id, levels } of RULES)
      expect(new Set(levels.map(({ name }) => name)).size, id).toBe(levels.length);
  });

  test.each([
    { rule: 'ORD-02', level: 'severe', within: 5 },
    { rule: 'MON-01', level: 'lost', within: 3 },
    { rule: 'ORD-07', level: 'hard', within: 3 },
  ] as const)('$rule is on the screen within $within s, with a poll and a tick', (row) => {
    const levels: Readonly<Record<string, { onDelayS: number; minSamples: number }>> =
      limits.rules[row.rule].levels;
    const level = levels[row.level];
    const pollS = 1;
    const tickS = 0.25;
    const delayS = Math.max(level?.onDelayS ?? 99, ((level?.minSamples ?? 99) - 1) * pollS);
    expect(delayS + tickS).toBeLessThan(row.within);
  });

  test.each(RULES)('$id: a higher level is never slower to be less urgent', ({ id, levels }) => {
    const rank = { low: 1, medium: 2, high: 3 };
    const ranks = levels.map((level) => rank[level.timing(limits).priority]);
    if (id !== 'ORD-21') expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });
});

describe('a limit cannot cross its floor, and no pair of limits contradicts itself', () => {
  test.each([
    {
      marker: 'VIT-01: {',
      from: 'below: 93',
      to: 'below: 89',
      path: 'rules.VIT-01.levels.low.below',
      says: 'below the floor 90',
    },
    {
      marker: 'VIT-01: {',
      from: 'clearAt: 94',
      to: 'clearAt: 92',
      path: 'rules.VIT-01.levels.low.clearAt',
      says: 'below the limit 93',
    },
    {
      marker: 'severe: { priority: high, below',
      from: 'below: 88',
      to: 'below: 84',
      path: 'rules.VIT-02.levels.severe.below',
      says: 'below the floor 85',
    },
    {
      marker: 'severe: { priority: high, below',
      from: 'below: 88',
      to: 'below: 94',
      path: 'rules.VIT-02.levels.severe.below',
      says: 'before low',
    },
    {
      marker: 'limits: { priority',
      from: 'high: 120',
      to: 'high: 151',
      path: 'rules.VIT-04.levels.limits.high',
      says: 'above the floor 150',
    },
    {
      marker: 'limits: { priority',
      from: 'low: 50',
      to: 'low: 39',
      path: 'rules.VIT-04.levels.limits.low',
      says: 'below the floor 40',
    },
    {
      marker: 'severe: { priority: high, high',
      from: 'high: 140',
      to: 'high: 110',
      path: 'rules.VIT-04.levels.severe',
      says: 'inside',
    },
    {
      marker: 'ORD-01: {',
      from: 'clearFraction: 0.03',
      to: 'clearFraction: 0.06',
      path: 'rules.ORD-01.levels.over.clearFraction',
      says: 'beyond the limit 0.05',
    },
    {
      marker: 'under: {',
      from: 'clearFraction: 0.03',
      to: 'clearFraction: 0.3',
      path: 'rules.ORD-03.levels.under.clearFraction',
      says: 'beyond the limit 0.05',
    },
    {
      marker: 'raised: {',
      from: 'clearFactor: 1.15',
      to: 'clearFactor: 1.3',
      path: 'rules.VIT-03.levels.raised.clearFactor',
      says: 'beyond the limit 1.2',
    },
    {
      marker: 'ORD-02: {',
      from: 'aboveFraction: 0.20, clearFraction: 0.20',
      to: 'aboveFraction: 0.04, clearFraction: 0.04',
      path: 'rules.ORD-02.levels.severe.aboveFraction',
      says: 'before moderate',
    },
    {
      marker: 'ORD-01: {',
      from: 'onDelayS: 10',
      to: 'onDelayS: -1',
      path: 'rules.ORD-01.levels.over.onDelayS',
      says: '',
    },
    {
      marker: 'ORD-01: {',
      from: 'aboveFraction: 0.05',
      to: 'aboveFraction: 5',
      path: 'rules.ORD-01.levels.over.aboveFraction',
      says: '',
    },
    {
      marker: 'ORD-01: {',
      from: 'medium',
      to: 'urgent',
      path: 'rules.ORD-01.levels.over.priority',
      says: '',
    },
  ])('$marker $to', ({ marker, from, to, path, says }) => {
    const text = changed(marker, from, to);
    const line = text.split('\n').findIndex((it) => it.includes(marker)) + 1;
    const found = problems(text).find((it) => it.path === path);
    expect(found, JSON.stringify(problems(text))).toMatchObject({ line });
    expect(found?.message).toContain(says);
  });

  test('exactly at the floor is allowed', () => {
    const text = changed('severe: { priority: high, below', 'below: 88', 'below: 85');
    expect(problems(text)).toEqual([]);
  });
});

describe('a file that is not what it should be', () => {
  test.each([
    { given: 'nothing', text: '' },
    { given: 'a list', text: '- 1' },
    { given: 'broken', text: 'rules: {' },
    { given: 'a key twice', text: 'version: 1\nversion: 2' },
    { given: 'one releaser', text: limitsText.replace(/releasedBy: .*/, 'releasedBy: [me]') },
  ])('$given is refused with words', ({ text }) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThan(0);
    for (const { message } of found) expect(message).toMatch(/\w+/);
  });

  test('an unknown setting is named, with its line', () => {
    const text = changed('ORD-01: {', 'onDelayS: 10', 'onDelay: 10');
    const line = text.split('\n').findIndex((it) => it.includes('ORD-01: {')) + 1;
    expect(problems(text)).toEqual([
      expect.objectContaining({ path: 'rules.ORD-01.levels.over.onDelayS', line }),
      expect.objectContaining({ line, message: expect.stringContaining('onDelay ') }),
    ]);
  });

  test('a rule that is left out is named', () => {
    const text = limitsText.replace(/^ {2}ORD-07:.*\n/m, '');
    expect(problems(text)).toEqual([expect.objectContaining({ path: 'rules.ORD-07' })]);
  });
});
