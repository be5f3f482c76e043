import { describe, expect, test } from 'vitest';
import { ord29 } from '../../src/check/rules/recovery.ts';
import { ord27, ord28 } from '../../src/check/rules/session.ts';
import { vit12, vit16 } from '../../src/check/rules/session-care.ts';
import type { Scene } from '../../src/check/scene.ts';
import type { ActiveOrder } from '../../src/order/active-order.ts';
import { NO_BASELINE } from '../../src/order/baseline.ts';
import { type Recovery, recoveryOf } from '../../src/order/recovery.ts';
import { emptySession, type SessionRecord } from '../../src/order/session-record.ts';
import {
  answer,
  ask,
  device,
  expectFits,
  HOUR,
  MINUTE,
  monitor,
  NOW,
  order,
  pump,
  SESSION,
  SPO2,
  Story,
  scene,
  WALL,
} from './scene-kit.ts';

const S = 1_000;
const iso = (wallMs: number): string => new Date(wallMs).toISOString();

const said = { by: 'nurse-a', atWallMs: WALL };
const withSession = (active: ActiveOrder, session: Partial<SessionRecord>): ActiveOrder => ({
  ...active,
  session: { ...active.session, ...session },
});

describe('ORD-27: planned, and 15 min later nothing flows', () => {
  const planned = (agoMs: number, sinceStartMs: number | null = null): Partial<Scene> => {
    const yaml = `${SESSION}plannedStart: ${iso(WALL - agoMs)}\n`;
    return { order: order({ yaml, sinceStartMs }), pumps: [pump(0)] };
  };

  test.each([
    { given: 'a second before', parts: planned(15 * MINUTE - S), expected: 'absent' },
    { given: 'at 15 min', parts: planned(15 * MINUTE), expected: 'present' },
    { given: 'it has begun', parts: planned(HOUR, MINUTE), expected: 'absent' },
    { given: 'planned for later', parts: planned(-HOUR), expected: 'absent' },
    {
      given: 'no time planned',
      parts: { order: order({ sinceStartMs: null }) },
      expected: 'absent',
    },
    { given: 'no order', parts: { pumps: [pump(0)] }, expected: 'no-order' },
    { given: 'no pump', parts: { ...planned(HOUR), pumps: [] }, expected: 'no-observation' },
  ])('$given -> $expected', ({ parts, expected }) => {
    const judged = ask(ord27, scene(parts));
    expect(answer(judged)).toBe(expected);
    expectFits(judged);
  });

  test('with a pump that cannot be seen it is not known whether it runs', () => {
    const pumps = [pump(0, { port: 'closed', portAgeMs: 1 })];
    expect(answer(ask(ord27, scene({ ...planned(HOUR), pumps })))).toBe('stale');
  });
});

describe('ORD-28: the order that runs is not as two people checked it', () => {
  const about = (change: Partial<ActiveOrder>) =>
    ask(ord28, scene({ order: { ...order(), ...change } }));

  test.each([
    { given: 'signed and checked by two', change: {}, expected: 'absent' },
    { given: 'nobody checked it', change: { verifiedBy: null }, expected: 'present' },
    { given: 'one person did both', change: { verifiedBy: 'prescriber-a' }, expected: 'present' },
    { given: 'valid for 1 ms more', change: { validUntilWallMs: WALL + 1 }, expected: 'absent' },
    { given: 'valid until now', change: { validUntilWallMs: WALL }, expected: 'present' },
    { given: 'changed, not checked', change: { pendingVersion: 2 }, expected: 'present' },
  ])('$given -> $expected', ({ change, expected }) => {
    const judged = about(change);
    expect(answer(judged)).toBe(expected);
    expectFits(judged);
  });

  test('at once, and a further fault is news', () => {
    const both = about({ pendingVersion: 3, validUntilWallMs: WALL });
    expect(both).toMatchObject({ message: { parts: 'expired version-3' } });
    expectFits(both);
    const story = new Story((nowMs) => scene({ nowMs, order: { ...order(), pendingVersion: 2 } }));
    expect(story.firstPresent('ORD-28', MINUTE, 'medium')).toBe(0);
  });

  test('without an order there is nothing to check', () => {
    expect(answer(ask(ord28, scene()))).toBe('no-order');
  });
});

/** Whose infusion of four hours ended some time ago; the order names no recovery: 60 min. */
function recovering(agoMs: number, session: Partial<SessionRecord> = {}): Recovery {
  const { orderId, document } = order();
  const record = { ...emptySession, ...session };
  const startedAtWallMs = WALL - agoMs - 4 * HOUR;
  return recoveryOf({ orderId, document, startedAtWallMs }, record, WALL - agoMs);
}

describe('ORD-29: the probe comes off before the ordered recovery is over', () => {
  const off = device('monitor', {
    values: [
      { code: SPO2, value: 97, ageMs: 2 * S },
      { code: SPO2, value: null, validity: 'invalid' },
    ],
  });
  const on = monitor(SPO2, 97);
  const probe = (parts: Partial<Scene>) => {
    const judged = ask(ord29, scene({ recovery: recovering(20 * MINUTE), ...parts }));
    expectFits(judged);
    return answer(judged);
  };

  test.each([
    { given: 'on', monitors: [on], expected: 'absent' },
    { given: 'off', monitors: [off], expected: 'present' },
    { given: 'off at one monitor, on at another', monitors: [off, on], expected: 'absent' },
    { given: 'no monitor', monitors: [], expected: 'no-observation' },
    {
      given: 'a monitor that never measured it',
      monitors: [device('monitor')],
      expected: 'no-observation',
    },
  ])('$given -> $expected', ({ monitors, expected }) => {
    expect(probe({ monitors })).toBe(expected);
  });

  test('to the last moment of the ordered time, and not beyond', () => {
    const at = (agoMs: number) => probe({ recovery: recovering(agoMs), monitors: [off] });
    expect(at(HOUR - 1)).toBe('present');
    expect(at(HOUR)).toBe('absent');
    expect(probe({ recovery: null, monitors: [off] })).toBe('no-order');
  });

  test('a silent monitor is told by MON-01 and MON-02, and says nothing of the probe', () => {
    const silent = device('monitor', {
      values: [{ code: SPO2, value: 97, ageMs: 11 * S }],
      frameAgeMs: 11 * S,
    });
    expect(probe({ monitors: [silent] })).toBe('no-observation');
  });

  test('30 s of it, in three values', () => {
    const story = new Story((nowMs) => {
      const atMs = NOW + Math.floor((nowMs - NOW) / S) * S;
      const metrics = new Map(off.metrics);
      const seen = metrics.get(SPO2);
      if (seen !== undefined) metrics.set(SPO2, { ...seen, atMs });
      const picture = { ...off, metrics, lastFrameAtMs: atMs };
      return scene({ nowMs, recovery: recovering(20 * MINUTE), monitors: [picture] });
    });
    expect(story.firstPresent('ORD-29', MINUTE, 'low')).toBe(30 * S);
  });

  test('discharged early: for a minute, with both times', () => {
    const gone = (atMs: number) =>
      ask(
        ord29,
        scene({
          leftEarly: { recoveredMs: 12.9 * MINUTE, minimumMs: HOUR, atMs, patientId: 'P-1' },
        }),
        {
          level: 'discharged',
        },
      );
    const judged = gone(NOW - MINUTE);
    expectFits(judged);
    expect(judged).toMatchObject({ message: { text: 'Discharged: recovery 12 of 60 min' } });
    expect(answer(gone(NOW - MINUTE - 1))).toBe('no-order');
  });
});

describe('VIT-12: nobody confirmed the baseline, 5 min after the start', () => {
  const judge = (sinceStartMs: number | null, session: Partial<SessionRecord> = {}) => {
    const judged = ask(vit12, scene({ order: withSession(order({ sinceStartMs }), session) }));
    expectFits(judged);
    return answer(judged);
  };
  const confirmed = { ...NO_BASELINE, ...said };

  test.each([
    { given: 'not started', sinceStartMs: null, expected: 'absent' },
    { given: 'a second before', sinceStartMs: 5 * MINUTE - S, expected: 'absent' },
    { given: 'at 5 min', sinceStartMs: 5 * MINUTE, expected: 'present' },
  ])('$given -> $expected', ({ sinceStartMs, expected }) => {
    expect(judge(sinceStartMs)).toBe(expected);
  });

  test('a confirmed heart rate ends it; a pressure alone does not', () => {
    expect(judge(HOUR, { baseline: { ...confirmed, heartRateBpm: 70 } })).toBe('absent');
    expect(judge(HOUR, { baseline: { ...confirmed, systolicMmHg: 120 } })).toBe('present');
  });

  test('it says what is used meanwhile, or that nothing is', () => {
    const told = (heartRateBpm: number | null) =>
      ask(vit12, scene({ order: order(), baseline: { heartRateBpm } }));
    expect(told(72)).toMatchObject({ message: { detail: expect.stringContaining('72 bpm') } });
    expect(told(null)).toMatchObject({ message: { detail: expect.stringContaining('not told') } });
    expect(answer(ask(vit12, scene({ recovery: recovering(MINUTE) })))).toBe('no-order');
  });
});

describe('VIT-16: an observation is 5 min overdue', () => {
  const noted = (sinceStartMin: number, startedAtWallMs: number, scores = {}) => ({
    scores: {
      ...{ pain: 2, sedation: 0, dysphoria: 0 },
      ...{ affective: null, hallucination: null, nausea: null, headache: null },
      ...scores,
    },
    note: null,
    by: 'nurse-a',
    atWallMs: startedAtWallMs + sinceStartMin * MINUTE,
  });

  const infusing = (sinceStartMs: number | null, ...at: number[]) => {
    const active = order({ sinceStartMs });
    const startedAt = active.startedAtWallMs ?? WALL;
    const observations = at.map((minutes) => noted(minutes, startedAt));
    const judged = ask(vit16, scene({ order: withSession(active, { observations }) }));
    expectFits(judged);
    return answer(judged);
  };

  test.each([
    { given: 'not started', sinceStartMs: null, at: [], expected: 'absent' },
    { given: 'due, not late enough', sinceStartMs: 20 * MINUTE - S, at: [], expected: 'absent' },
    { given: '5 min late', sinceStartMs: 20 * MINUTE, at: [], expected: 'present' },
    { given: 'noted in time', sinceStartMs: 20 * MINUTE, at: [16], expected: 'absent' },
    { given: 'the second one late', sinceStartMs: 35 * MINUTE, at: [16], expected: 'present' },
    { given: 'the second one noted', sinceStartMs: 35 * MINUTE, at: [16, 31], expected: 'absent' },
  ])('$given -> $expected', ({ sinceStartMs, at, expected }) => {
    expect(infusing(sinceStartMs, ...at)).toBe(expected);
  });

  test('it says which score is missing', () => {
    const active = order({ sinceStartMs: 20 * MINUTE });
    const observations = [noted(15, WALL - 20 * MINUTE, { dysphoria: null, sedation: null })];
    const judged = ask(vit16, scene({ order: withSession(active, { observations }) }));
    expect(judged).toMatchObject({
      message: { detail: 'to be noted: sedation, dysphoria. Look at the patient' },
    });
  });

  test('in recovery too, until the ordered time is over', () => {
    const judge = (agoMs: number, ...at: number[]) => {
      const startedAt = WALL - agoMs - 4 * HOUR;
      const observations = at.map((minutes) => noted(minutes, startedAt));
      return answer(ask(vit16, scene({ recovery: recovering(agoMs, { observations }) })));
    };
    expect(judge(4 * MINUTE + 59 * S, 180)).toBe('absent');
    expect(judge(5 * MINUTE, 180)).toBe('present');
    expect(judge(10 * HOUR, 240, 300)).toBe('absent');
    expect(judge(10 * HOUR, 240)).toBe('present');
  });

  test('with nobody there nothing is due', () => {
    expect(answer(ask(vit16, scene()))).toBe('no-order');
  });
});
