import { describe, expect, test } from 'vitest';
import {
  absentLevel,
  type LevelState,
  nextLevel,
  type Presence,
  presentLevel,
} from '../../src/check/condition-timer.ts';
import type { LevelTiming } from '../../src/check/limits.ts';

const timing = (about: Partial<LevelTiming> = {}): LevelTiming => ({
  priority: 'medium',
  onDelayS: 10,
  minSamples: 1,
  offDelayS: 0,
  ...about,
});

/** `+`, `-`, `?` a second apart: present, absent, cannot tell. Each sign is a new reading. */
function run(signs: string, rule: LevelTiming, from: LevelState = absentLevel): LevelState[] {
  const presences: Readonly<Record<string, Presence>> = {
    '+': 'present',
    '-': 'absent',
    '?': 'undetermined',
  };
  let state = from;
  return [...signs].map((sign, second) => {
    state = nextLevel(
      state,
      presences[sign] ?? 'undetermined',
      second * 1_000,
      second * 1_000,
      rule,
    );
    return state;
  });
}

/** After how many seconds it is present (or, standing, absent) first; -1 = never. */
const turns = (signs: string, rule: LevelTiming, from = absentLevel): number =>
  run(signs, rule, from).findIndex(({ isPresent }) => isPresent !== from.isPresent);

describe('the delay counts only time that was seen to be present', () => {
  test.each([
    { given: 'present all the time', signs: '+'.repeat(12), after: 10 },
    { given: 'a second too short', signs: '+'.repeat(10), after: -1 },
    { given: 'absent once: it begins anew', signs: `+++++++++-${'+'.repeat(12)}`, after: 20 },
    { given: 'never absent, three seconds unknown', signs: `+++++???${'+'.repeat(12)}`, after: 14 },
    { given: 'unknown for good', signs: '+++++++++?????????????????', after: -1 },
    { given: 'always unknown', signs: '?'.repeat(30), after: -1 },
    { given: 'unknown between two looks at it', signs: '+?'.repeat(30), after: -1 },
  ])('$given', ({ signs, after }) => expect(turns(signs, timing())).toBe(after));

  test('without a delay the first reading is enough, unless more samples are asked for', () => {
    expect(turns('+', timing({ onDelayS: 0 }))).toBe(0);
    expect(turns('++', timing({ onDelayS: 0, minSamples: 2 }))).toBe(1);
    expect(turns('+?+', timing({ onDelayS: 0, minSamples: 2 }))).toBe(2);
    expect(turns('+-+', timing({ onDelayS: 0, minSamples: 2 }))).toBe(-1);
  });

  test('many looks at one reading are one sample', () => {
    const rule = timing({ onDelayS: 0, minSamples: 2 });
    let state = absentLevel;
    for (let nowMs = 0; nowMs < 5_000; nowMs += 250)
      state = nextLevel(state, 'present', 100, nowMs, rule);
    expect(state.isPresent).toBe(false);
    expect(nextLevel(state, 'present', 101, 5_000, rule).isPresent).toBe(true);
  });

  test('a reading that told "absent" before is not counted again', () => {
    const rule = timing({ onDelayS: 0, minSamples: 2 });
    const first = nextLevel(absentLevel, 'present', 1_000, 1_000, rule);
    const reset = nextLevel(first, 'absent', 2_000, 2_000, rule);
    expect(nextLevel(reset, 'present', 1_000, 2_100, rule)).toMatchObject({ samples: 0 });
  });

  test.each([
    { gapMs: 5_000, heldMs: 6_000 },
    { gapMs: 5_001, heldMs: 1_000 },
  ])('between looks that are $gapMs ms apart nothing is known to have held beyond 5 s', (row) => {
    const rule = timing({ onDelayS: 60 });
    let state = nextLevel(absentLevel, 'present', 0, 0, rule);
    state = nextLevel(state, 'present', 1_000, 1_000, rule);
    state = nextLevel(state, 'present', 1_000 + row.gapMs, 1_000 + row.gapMs, rule);
    expect(state.heldMs).toBe(row.heldMs);
  });
});

describe('what stands', () => {
  const off = timing({ offDelayS: 10 });
  test.each([
    { given: 'absent for 10 s', signs: '-'.repeat(12), after: 10 },
    {
      given: 'present again in between: it begins anew',
      signs: `-------+${'-'.repeat(12)}`,
      after: 18,
    },
    { given: 'three seconds unknown do not count', signs: `-----???${'-'.repeat(12)}`, after: 14 },
    { given: 'unknown for ever never ends it', signs: '?'.repeat(600), after: -1 },
    {
      given: 'absent for too short and then unknown',
      signs: `---------${'?'.repeat(60)}`,
      after: -1,
    },
  ])('$given', ({ signs, after }) => expect(turns(signs, off, presentLevel)).toBe(after));

  test('without an off-delay the first absent reading ends it', () => {
    expect(turns('-', timing(), presentLevel)).toBe(0);
  });

  test('what is pending is given up when it turns out to be absent', () => {
    const [, second, third] = run('++-', timing());
    expect(second).toMatchObject({ heldMs: 1_000, samples: 2 });
    expect(third).toMatchObject({ heldMs: 0, samples: 0, isPresent: false });
  });
});
