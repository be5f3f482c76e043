import { describe, expect, test } from 'vitest';
import { RELATIONS } from '../../src/check/relations.ts';
import type { Rule } from '../../src/check/rule.ts';
import { ord23, ord24 } from '../../src/check/rules/pauses.ts';
import { ord01, ord02, ord03 } from '../../src/check/rules/rate.ts';
import { ord22 } from '../../src/check/rules/running.ts';
import { ord08 } from '../../src/check/rules/soft-limit.ts';
import { ord04, ord05, ord06 } from '../../src/check/rules/steps.ts';
import type { Pause, SessionRecord } from '../../src/order/session-record.ts';
import {
  answer,
  ask,
  expectFits,
  FLOW,
  HOUR,
  hourly,
  MINUTE,
  type OrderSpec,
  order,
  pump,
  scene,
  UNSEEN,
  WALL,
} from './scene-kit.ts';

/** mg/h from a 2 mg/mL bag, an hour each. */
const PLAN = hourly(20, 30, 35, 40, 20);
const at = (sinceStartMs: number, more: OrderSpec = {}): OrderSpec => ({
  yaml: PLAN,
  sinceStartMs,
  ...more,
});
const about = (spec: OrderSpec, mgPerH: number) =>
  scene({ order: order(spec), pumps: [pump(mgPerH / 2)] });

/** Which levels say that they are present. */
const levels = (rule: Rule, spec: OrderSpec, mgPerH: number): readonly string[] =>
  rule.levels
    .map(({ name }) => name)
    .filter((level) => answer(ask(rule, about(spec, mgPerH), { level })) === 'present');

const text = (rule: Rule, level: string, spec: OrderSpec, mgPerH: number): string => {
  const judgement = ask(rule, about(spec, mgPerH), { level });
  if (judgement.presence !== 'present') throw new Error(`${rule.id} is not present`);
  expectFits(judgement);
  return `${judgement.message.text} | ${judgement.message.detail}`;
};

const SAID = { by: 'nurse-a', atWallMs: WALL - MINUTE };
const made = (...steps: readonly number[]): Partial<SessionRecord> => ({
  stepsMade: steps.map((step) => ({
    step,
    how: 'made' as const,
    pumpId: 'B01-pump',
    mgPerH: 0,
    mlPerH: 0,
    atWallMs: WALL - HOUR,
  })),
});
const hold = (step: number, forMs: number | null) => ({
  ...SAID,
  step,
  reason: 'drowsy',
  untilWallMs: forMs === null ? null : WALL + forMs,
  releasedAtWallMs: null,
});
const pause = (agoMs: number, forMs: number): Pause => ({
  by: 'nurse-a',
  atWallMs: WALL - agoMs,
  reason: 'bag change',
  isBagChange: true,
  untilWallMs: WALL - agoMs + forMs,
  endedAtWallMs: null,
  stoppedMs: 0,
});

describe('ORD-04: a step that is not made', () => {
  const [up, down, end] = [HOUR, 4 * HOUR, 5 * HOUR];
  test.each([
    { given: 'an increase, at the end of its 5 min', at: up + 5 * MINUTE, mgPerH: 20, says: [] },
    { given: 'just after', at: up + 5 * MINUTE + 1, mgPerH: 20, says: ['up'] },
    { given: 'at twice as long', at: up + 10 * MINUTE, mgPerH: 20, says: ['up'] },
    { given: 'just after', at: up + 10 * MINUTE + 1, mgPerH: 20, says: ['up', 'upLong'] },
    { given: 'made', at: up + 10 * MINUTE + 1, mgPerH: 30, says: [] },
    { given: 'as near as a pump can be set', at: up + 10 * MINUTE, mgPerH: 20.4, says: ['up'] },
    { given: 'neither the one nor the other', at: up + 10 * MINUTE, mgPerH: 25, says: [] },
    { given: 'stopped', at: up + 10 * MINUTE, mgPerH: 0, says: [] },
    { given: 'two steps behind', at: 2 * HOUR, mgPerH: 20, says: ['up', 'upLong'] },
    { given: 'a decrease within its minute', at: down + MINUTE, mgPerH: 40, says: [] },
    { given: 'just after', at: down + MINUTE + 1, mgPerH: 40, says: ['down'] },
    { given: 'after 5 min', at: down + 5 * MINUTE, mgPerH: 40, says: ['down'] },
    { given: 'just after', at: down + 5 * MINUTE + 1, mgPerH: 40, says: ['down', 'downLong'] },
    { given: 'the stop at the end, in its minute', at: end + MINUTE, mgPerH: 20, says: [] },
    { given: 'just after', at: end + MINUTE + 1, mgPerH: 20, says: ['down'] },
    { given: 'an hour after', at: end + HOUR, mgPerH: 20, says: ['down', 'downLong'] },
  ])('$given: $mgPerH mg/h -> $says', ({ at: since, mgPerH, says }) => {
    expect(levels(ord04, at(since), mgPerH)).toEqual(says);
  });

  test('an order of more than 6 h gives an increase 15 min and then 30', () => {
    const yaml = hourly(20, 30, 30, 30, 30, 30, 30);
    const said = (min: number) =>
      levels(ord04, { yaml, sinceStartMs: HOUR + min * MINUTE + 1 }, 20);
    expect([14, 15, 29, 30].map(said)).toEqual([[], ['up'], ['up'], ['up', 'upLong']]);
  });

  test('a step that names its own time keeps it', () => {
    const yaml = PLAN.replace('at: PT1H', 'at: PT1H, latest: PT20M');
    const said = (min: number) =>
      levels(ord04, { yaml, sinceStartMs: HOUR + min * MINUTE + 1 }, 20);
    expect([19, 20, 40].map(said)).toEqual([[], ['up'], ['up', 'upLong']]);
  });

  test('made and gone back from: the rate rules tell it', () => {
    const session = made(1, 2);
    const spec = at(HOUR + 20 * MINUTE, { session });
    expect(levels(ord04, spec, 20)).toEqual([]);
    expect(levels(ord03, spec, 20)).toEqual(['under', 'long']);
    const later = at(4 * HOUR + 20 * MINUTE, { session: made(1, 2, 3, 4, 5) });
    expect(levels(ord04, later, 40)).toEqual([]);
    expect(levels(ord02, later, 40)).toEqual(['severe']);
  });

  test('held is not late; a decrease never waits', () => {
    const session = { holds: [hold(2, null)] };
    expect(levels(ord04, at(HOUR + 30 * MINUTE, { session }), 20)).toEqual([]);
    expect(levels(ord03, at(HOUR + 30 * MINUTE, { session }), 20)).toEqual([]);
    const late = { holds: [hold(5, null)] };
    expect(levels(ord04, at(4 * HOUR + 2 * MINUTE, { session: late }), 40)).toEqual(['down']);
  });

  test('a gap that is not made is a stop that is not made', () => {
    const spec = { yaml: hourly(20, 0, 20), sinceStartMs: HOUR + 2 * MINUTE };
    expect(levels(ord04, spec, 20)).toEqual(['down']);
    expect(text(ord04, 'down', spec, 20)).toBe(
      'Infusion not stopped, 2 min late | due: stop, still 20 mg/h. Lower it now',
    );
  });

  test('says which step, how late, and what runs', () => {
    expect(text(ord04, 'up', at(HOUR + 6 * MINUTE), 20)).toBe(
      'Step 2 not made, 6 min late | due: 30 mg/h, still 20 mg/h. Make or hold the step',
    );
    expect(text(ord04, 'down', at(4 * HOUR + 65 * MINUTE), 40)).toBe(
      'Infusion not stopped, 5 min late | due: stop, still 40 mg/h. Lower it now',
    );
  });
});

describe('ORD-05: a step made too early', () => {
  const due = 2 * HOUR;
  test.each([
    { given: '20 min early', at: due - 20 * MINUTE, mgPerH: 35, says: ['early'] },
    { given: 'just before the last 2 min', at: due - 2 * MINUTE - 1, mgPerH: 35, says: ['early'] },
    { given: 'in the last 2 min', at: due - 2 * MINUTE, mgPerH: 35, says: [] },
    { given: 'the rate that is ordered', at: due - 20 * MINUTE, mgPerH: 30, says: [] },
    { given: 'the step after the next', at: due - 20 * MINUTE, mgPerH: 40, says: [] },
    { given: 'a decrease is a step too', at: 4 * HOUR - 5 * MINUTE, mgPerH: 20, says: [] },
  ])('$given: $mgPerH mg/h -> $says', ({ at: since, mgPerH, says }) => {
    expect(levels(ord05, at(since), mgPerH)).toEqual(says);
  });

  test('an early decrease to a rate that was not there before', () => {
    const yaml = hourly(40, 20);
    expect(levels(ord05, { yaml, sinceStartMs: 30 * MINUTE }, 20)).toEqual(['early']);
  });

  test('a held step, and one that nobody confirmed', () => {
    const spec = at(HOUR + 10 * MINUTE, { session: { holds: [hold(2, 20 * MINUTE)] } });
    expect(text(ord05, 'early', spec, 30)).toContain('Step 2 running while it is held');
    expect(text(ord05, 'early', at(due - 20 * MINUTE), 35)).toBe(
      'Step 3 running 20 min early | live 35 mg/h, order 30 mg/h. Go back, or have the order changed',
    );
    const yaml = PLAN.replace('at: PT1H', 'at: PT1H, confirm: true, condition: awake');
    const unconfirmed = at(HOUR, { yaml });
    expect(levels(ord05, unconfirmed, 30)).toEqual(['unconfirmed']);
    expect(text(ord05, 'unconfirmed', unconfirmed, 30)).toContain('Confirm: awake');
    expect(levels(ord05, unconfirmed, 20)).toEqual([]);
    const session = { confirmedSteps: [{ ...SAID, step: 2 }] };
    expect(levels(ord05, at(HOUR, { yaml, session }), 30)).toEqual([]);
  });
});

describe('ORD-06: the rate of a later step, or of none', () => {
  const mid = HOUR + 30 * MINUTE;
  test.each([
    { given: 'the step after the next', mgPerH: 40, says: ['above'] },
    { given: 'no step, above', mgPerH: 32, says: ['above'] },
    { given: 'within the 5 % of ORD-01', mgPerH: 31.5, says: [] },
    { given: 'just beyond', mgPerH: 31.51, says: ['above'] },
    { given: 'no step, below', mgPerH: 25, says: ['below'] },
    { given: 'within the 5 % of ORD-03', mgPerH: 28.5, says: [] },
    { given: 'the next step is ORD-05', mgPerH: 35, says: [] },
    { given: 'the step before is ORD-04', mgPerH: 20, says: [] },
    { given: 'as ordered', mgPerH: 30, says: [] },
    { given: 'stopped', mgPerH: 0, says: [] },
  ])('30 mg/h ordered, $given: $mgPerH mg/h -> $says', ({ mgPerH, says }) => {
    expect(levels(ord06, at(mid), mgPerH)).toEqual(says);
  });

  test('not in an order of one step, not after the end, not for KVO, not between two rates that are both ordered', () => {
    expect(levels(ord06, { yaml: hourly(30), sinceStartMs: MINUTE }, 40)).toEqual([]);
    expect(levels(ord06, at(6 * HOUR), 33)).toEqual([]);
    expect(levels(ord06, at(HOUR), 25)).toEqual([]);
    const kvo = scene({ order: order(at(mid)), pumps: [pump(1, { status: 'kvo' })] });
    expect(answer(ask(ord06, kvo, { level: 'below' }))).toBe('absent');
  });

  test('says what it is', () => {
    expect(text(ord06, 'above', at(mid), 40)).toBe(
      'Rate of step 4, step 2 is ordered | live 40 mg/h, order 30 mg/h. Stop and check',
    );
    expect(text(ord06, 'above', at(mid), 300)).toBe(
      'Rate matches no ordered step | live 300 mg/h, order 30 mg/h. Check units: 10 times',
    );
  });
});

describe('ORD-08: above the soft limit (30 mg/h) without a reason', () => {
  const soft = at(HOUR + 30 * MINUTE);
  test('above it by more than a pump can be set', () => {
    expect(levels(ord08, soft, 30.2)).toEqual([]);
    expect(levels(ord08, soft, 30.21)).toEqual(['soft']);
    expect(text(ord08, 'soft', soft, 36)).toBe(
      'Above soft limit 30 mg/h, no reason | live 36 mg/h, and the order gives no reason. Ask',
    );
  });

  test('not with a reason, and not where there is no soft limit', () => {
    const on = order(soft);
    const said = (more: object) =>
      answer(ask(ord08, scene({ order: { ...on, ...more }, pumps: [pump(18)] })));
    expect(said({ softLimitReason: 'pain team agreed' })).toBe('absent');
    expect(said({ softMaxMgPerH: null })).toBe('absent');
    expect(said({})).toBe('present');
  });
});

describe('a declared pause', () => {
  const paused = (agoMs: number, forMs: number) =>
    at(HOUR / 2, { session: { pauses: [pause(agoMs, forMs)] } });

  test.each([
    { given: 'it runs', spec: paused(4 * MINUTE, 5 * MINUTE), over: [] },
    { given: 'just over', spec: paused(5 * MINUTE, 5 * MINUTE), over: [] },
    { given: 'over', spec: paused(6 * MINUTE, 5 * MINUTE), over: ['over'] },
  ])('$given: ORD-23 $over, and never ORD-22 beside it', ({ spec, over }) => {
    expect(levels(ord23, spec, 0)).toEqual(over);
    expect(levels(ord22, spec, 0)).toEqual([]);
  });

  test('ended by a person before the pump flows again: stopped is stopped', () => {
    const ended = { ...pause(4 * MINUTE, 5 * MINUTE), endedAtWallMs: WALL - MINUTE };
    const spec = at(HOUR / 2, { session: { pauses: [ended] } });
    expect(levels(ord22, spec, 0)).toEqual(['stopped', 'long']);
  });

  test('says by how much and what it was for', () => {
    expect(text(ord23, 'over', paused(11 * MINUTE, 10 * MINUTE), 0)).toBe(
      'Pause over by 1 min | 10 min for: bag change. Start the pump',
    );
  });

  test('hides what is too little, and nothing that is too much', () => {
    const spec = paused(MINUTE, 5 * MINUTE);
    expect(levels(ord03, spec, 10)).toEqual([]);
    expect(levels(ord03, paused(6 * MINUTE, 5 * MINUTE), 10)).toEqual(['under', 'long']);
    expect(levels(ord01, spec, 24)).toEqual(['over']);
    expect(levels(ord02, spec, 40)).toEqual(['severe']);
    expect(levels(ord06, spec, 25)).toEqual(['above']);
    const late = at(4 * HOUR + 2 * MINUTE, { session: { pauses: [pause(MINUTE, 5 * MINUTE)] } });
    expect(levels(ord04, late, 40)).toEqual(['down']);
  });
});

describe('ORD-24: KVO before the end', () => {
  const yaml = PLAN.replace('{ allowed: false }', '{ allowed: true, maxMlPerH: 3 }');
  const said = (mlPerH: number, sinceStartMs: number, status: 'infusing' | 'kvo' = 'infusing') =>
    answer(
      ask(
        ord24,
        scene({ order: order({ yaml, sinceStartMs }), pumps: [pump(mlPerH, { status })] }),
      ),
    );

  test.each([
    { given: 'the pump says so', mlPerH: 5, at: HOUR / 2, status: 'kvo', expected: 'present' },
    { given: 'as slow as the KVO', mlPerH: 3, at: HOUR / 2, expected: 'present' },
    { given: 'faster', mlPerH: 3.1, at: HOUR / 2, expected: 'absent' },
    { given: 'stopped', mlPerH: 0, at: HOUR / 2, expected: 'absent' },
    { given: 'before the first flow', mlPerH: 3, at: null, expected: 'absent' },
    {
      given: 'just before the last 2 min',
      mlPerH: 3,
      at: 5 * HOUR - 2 * MINUTE - 1,
      expected: 'present',
    },
    {
      given: 'in the last 2 min the bag may be empty',
      mlPerH: 3,
      at: 5 * HOUR - 2 * MINUTE,
      expected: 'absent',
    },
    {
      given: 'and the pump says that it has gone over to KVO',
      mlPerH: 3,
      at: 5 * HOUR - MINUTE,
      status: 'kvo',
      expected: 'absent',
    },
    { given: 'after the end', mlPerH: 3, at: 5 * HOUR + HOUR, status: 'kvo', expected: 'absent' },
  ] as const)('$given: $mlPerH mL/h -> $expected', (row) => {
    const on = order({ yaml, sinceStartMs: row.at });
    const status = 'status' in row ? row.status : 'infusing';
    const seen = scene({ order: on, pumps: [pump(row.mlPerH, { status })] });
    expect(answer(ask(ord24, seen))).toBe(row.expected);
  });

  test('a dose that is as slow as KVO is a dose', () => {
    const slow = hourly(2, 2).replace('{ allowed: false }', '{ allowed: true, maxMlPerH: 3 }');
    const seen = scene({ order: order({ yaml: slow, sinceStartMs: HOUR / 2 }), pumps: [pump(1)] });
    expect(answer(ask(ord24, seen))).toBe('absent');
  });

  test('says what flows and what is ordered', () => {
    expect(said(3, HOUR / 2)).toBe('present');
    expect(text(ord24, 'kvo', { yaml, sinceStartMs: HOUR / 2 }, 6)).toBe(
      'KVO at 3 mL/h during the order | KVO gives 6 mg/h, order 20 mg/h. Check volume limit',
    );
  });
});

describe('what cannot be seen', () => {
  test.each(UNSEEN)('$given -> $because', ({ of, because }) => {
    const seen = scene({ order: order(at(HOUR / 2)), pumps: [of('pump', FLOW, 25)] });
    for (const rule of [ord04, ord05, ord06, ord08, ord24])
      expect(answer(ask(rule, seen)), rule.id).toBe(because);
  });

  test('without an order, and before the first flow', () => {
    for (const rule of [ord04, ord05, ord06, ord08, ord23, ord24])
      expect(answer(ask(rule, scene({ pumps: [pump(10)] }))), rule.id).toBe('no-order');
    const waiting = scene({ order: order({ yaml: PLAN, sinceStartMs: null }), pumps: [pump(20)] });
    for (const rule of [ord04, ord05, ord06, ord24])
      expect(answer(ask(rule, waiting)), rule.id).toBe('absent');
  });
});

describe('which goes below which', () => {
  test('above hard limit and free flow are never below anything, and no two are below each other', () => {
    for (const { below } of RELATIONS) expect(['ORD-07', 'ORD-12']).not.toContain(below);
    const below = (id: string, seen: readonly string[] = []): readonly string[] =>
      RELATIONS.filter(({ above }) => above === id).flatMap((it) => {
        if (seen.includes(it.below)) throw new Error(`${it.below} is below itself`);
        return [it.below, ...below(it.below, [...seen, it.below])];
      });
    for (const { above } of RELATIONS) expect(below(above)).not.toContain(above);
  });
});
