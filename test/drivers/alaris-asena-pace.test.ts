import { describe, expect, test } from 'vitest';
import { nextSlowestMs, otherWaitMs, vitalWaitMs } from '../../drivers/alaris-asena/pace.ts';
import { nextQuestion, type Turn } from '../../drivers/alaris-asena/turns.ts';
import {
  inf,
  longestGapMs,
  noAlarm,
  OTHERS,
  type Pump,
  pump,
  silent,
  Talk,
} from './alaris-asena-talk.ts';

const flowAt = (talk: Talk): readonly number[] =>
  talk
    .of('metric')
    .filter(({ code }) => code === 'MDC_FLOW_FLUID_PUMP_CURRENT')
    .map(({ atMs }) => atMs);

const mute = (...words: readonly string[]): Readonly<Record<string, Pump>> =>
  Object.fromEntries(words.map((word) => [word, silent]));

describe('how long a reply is waited for', () => {
  test.each([
    { slowestMs: 0, declaredMs: null, vital: 1_000, other: 500 },
    { slowestMs: 20, declaredMs: 4_000, vital: 1_000, other: 500 },
    { slowestMs: 300, declaredMs: 4_000, vital: 1_000, other: 900 },
    { slowestMs: 700, declaredMs: 4_000, vital: 1_400, other: 1_400 },
    { slowestMs: 3_000, declaredMs: 4_000, vital: 4_000, other: 4_000 },
    { slowestMs: 3_000, declaredMs: 2_500, vital: 2_500, other: 2_500 },
    { slowestMs: 3_000, declaredMs: 60_000, vital: 4_000, other: 4_000 },
    { slowestMs: 20, declaredMs: 700, vital: 700, other: 500 },
    { slowestMs: 3_000, declaredMs: 700, vital: 700, other: 700 },
    { slowestMs: 0, declaredMs: 0, vital: 500, other: 500 },
  ])(
    'slowest $slowestMs ms, declared $declaredMs ms: $vital ms and $other ms',
    ({ slowestMs, declaredMs, vital, other }) => {
      expect(vitalWaitMs(slowestMs, declaredMs)).toBe(vital);
      expect(otherWaitMs(slowestMs, declaredMs)).toBe(other);
    },
  );

  test('a slow reply is remembered, and forgotten bit by bit', () => {
    expect(nextSlowestMs(20, 700)).toBe(700);
    expect(nextSlowestMs(700, 20)).toBe(560);
    expect(nextSlowestMs(0, 60_000)).toBe(4_000);
  });
});

describe('INF every second and ALARM in time, whatever becomes of the other questions', () => {
  test.each([
    { what: 'all are answered', answers: {} },
    { what: 'none of the others is answered', answers: mute(...OTHERS) },
    ...OTHERS.map((word) => ({ what: `${word} is not answered`, answers: mute(word) })),
  ])('$what', ({ answers }) => {
    const talk = new Talk(pump(answers)).open().runTo(3_600_000);
    expect(longestGapMs(talk.asked('INF'))).toBe(1_000);
    expect(longestGapMs(talk.asked('ALARM'))).toBeLessThanOrEqual(6_000);
    for (const word of OTHERS) expect(talk.asked(word), word).not.toEqual([]);
  });

  test('while an alarm stands, both every second', () => {
    const alarming = {
      INF: () => inf({ notice: 'A', mode: 'HLD', rate: '0.00' }),
      ALARM: () => ['ALARM', 'AL_OCCLU', '', ''],
      ...mute(...OTHERS),
    };
    const talk = new Talk(pump(alarming)).open().runTo(600_000);
    expect(longestGapMs(talk.asked('INF'))).toBe(1_000);
    expect(longestGapMs(talk.asked('ALARM'))).toBeLessThanOrEqual(1_050);
  });

  test('a pump whose log grows with every second is still asked for INF every second', () => {
    let entry = 100_000;
    const talk = new Talk(pump({ INF: () => inf({ logEntry: String(entry++) }) }));
    talk.open().runTo(60_000);
    expect(longestGapMs(talk.asked('INF'))).toBe(1_000);
    expect(longestGapMs(talk.asked('ALARM'))).toBeLessThanOrEqual(1_000);
  });
});

describe('whose turn it is', () => {
  const later = Object.fromEntries(OTHERS.map((word) => [word, 60_000]));
  const turn = (dueAtMs: object, lastAsked: Turn['lastAsked'], passedOver = 0): Turn => ({
    dueAtMs: { INF: 10_000, ALARM: 10_000, ...later, ...dueAtMs } as Turn['dueAtMs'],
    lastAsked,
    passedOver,
  });
  const due = { INF_VI: 0 };
  const both = { INF: 0, ALARM: 0, ...due };

  test.each([
    { what: 'nothing is due', turn: turn({}, null), next: { query: null, wakeAtMs: 10_000 } },
    { what: 'there is room', turn: turn(due, 'INF'), next: { query: 'INF_VI', passedOver: 0 } },
    {
      what: 'its silence would end just in time',
      turn: turn({ INF: 1_500, ...due }, 'INF'),
      next: { query: 'INF_VI', passedOver: 0 },
    },
    {
      what: 'its silence would hold up INF',
      turn: turn({ INF: 1_499, ...due }, 'INF', 2),
      next: { query: null, wakeAtMs: 1_499 },
    },
    {
      what: 'its silence would hold up ALARM',
      turn: turn({ ALARM: 1_499, ...due }, 'INF'),
      next: { query: null, wakeAtMs: 1_499 },
    },
    { what: 'both are due', turn: turn(both, null), next: { query: 'INF', passedOver: 1 } },
    { what: 'INF was last', turn: turn(both, 'INF', 4), next: { query: 'ALARM', passedOver: 4 } },
    { what: 'ALARM was last', turn: turn(both, 'ALARM', 4), next: { query: 'INF', passedOver: 5 } },
    {
      what: 'passed over five times',
      turn: turn(both, 'INF', 5),
      next: { query: 'INF_VI', passedOver: 0 },
    },
    {
      what: 'passed over, but INF comes first',
      turn: turn(both, 'ALARM', 5),
      next: { query: 'INF', passedOver: 6 },
    },
    {
      what: 'the one that waits longest',
      turn: turn({ INF_RATE: 900, INF_VI: 800 }, 'INF'),
      next: { query: 'INF_VI', passedOver: 0 },
    },
  ])('$what', ({ turn, next }) => {
    expect(nextQuestion(turn, 500, 1_000)).toEqual(next);
  });
});

describe('a slow pump', () => {
  test.each([300, 600, 900, 1_100, 1_500, 1_900, 2_400])(
    'that takes %s ms for each answer is read, all of it, and stays live',
    (replyMs) => {
      const talk = new Talk(pump(), { replyMs }).open();
      talk.runTo(60_000).from().run(600_000);
      expect(longestGapMs(flowAt(talk))).toBeLessThanOrEqual(2 * replyMs + 1_000);
      expect(longestGapMs(talk.asked('ALARM'))).toBeLessThanOrEqual(Math.max(10_000, 5 * replyMs));
      for (const word of ['INF_RATE', 'INF_VTBI', 'SYRINGE_STATUS', 'INST_SERIALNO']) {
        expect(talk.asked(word), word).not.toEqual([]);
      }
      expect(talk.of('reply-missed')).toEqual([]);
      expect(talk.of('frame-rejected')).toEqual([]);
    },
  );

  test('and signals an alarm: INF and ALARM in turns', () => {
    const occluded = pump({
      INF: () => inf({ notice: 'A', mode: 'HLD', rate: '0.00' }),
      ALARM: () => ['ALARM', 'AL_OCCLU', '', ''],
    });
    const talk = new Talk(occluded, { replyMs: 1_200 }).open();
    talk.runTo(30_000).from().run(60_000);
    expect(longestGapMs(talk.asked('ALARM'))).toBeLessThan(5_000);
    expect(longestGapMs(talk.asked('INF'))).toBeLessThan(5_000);
  });

  test('a reply that came too late is not believed, and the next ones are waited for longer', () => {
    const talk = new Talk(silent).open().runTo(1_999);
    talk.runTo(2_000);
    expect(talk.sent.at(-1)?.word).toBe('ALARM');
    talk.nowMs = 2_400;
    expect(talk.hear(...inf()).map(({ kind }) => kind)).toEqual(['frame-rejected']);
    expect(talk.of('metric')).toEqual([]);
    talk.hear(...noAlarm);
    // 2.4 s, a little forgotten by the reply to ALARM, twice over: INF is asked again after 3.84 s.
    talk.from().runTo(6_200);
    expect(talk.asked('INF')).toEqual([]);
    talk.runTo(6_250);
    expect(talk.asked('INF')).toHaveLength(1);
  });

  test('one that declares less than 1 s is asked again sooner', () => {
    let isDeaf = false;
    const quick = pump({
      COMMS_RESPONSE_MAX: (word) => [word, '600', 'ms'],
      INF: () => (isDeaf ? undefined : inf()),
    });
    const talk = new Talk(quick).open().runTo(1_500);
    isDeaf = true;
    talk.from().runTo(2_700);
    expect(talk.asked('INF')).toEqual([2_000, 2_600]);
  });

  test('what became urgent is not asked twice in one breath', () => {
    const talk = new Talk(pump({ INF: () => inf({ notice: 'A' }) })).open().runTo(30_000);
    for (const word of ['INF', 'ALARM']) {
      const times = talk.asked(word);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.min(...gaps), word).toBeGreaterThanOrEqual(250);
    }
  });
});
