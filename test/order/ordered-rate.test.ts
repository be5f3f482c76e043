import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activeOrder, endsAtWallMs, orderedNow } from '../../src/order/active-order.ts';
import { exactMost, exactTotal } from '../../src/order/exact-plan.ts';
import { parseDuration } from '../../src/order/iso-duration.ts';
import {
  concentrationOf,
  orderedAt,
  plannedMg,
  planOf,
  toMgPerHour,
  toMlPerHour,
} from '../../src/order/ordered-rate.ts';
import { quantity } from '../../src/order/quantity.ts';
import { emptySession } from '../../src/order/session-record.ts';
import { HOUR, MINUTE, order, TITRATION, TWO_BAGS, type Written } from './order-kit.ts';

const at = (written: Written, sinceStartMs: number | null) => {
  const document = order(written);
  return orderedAt(planOf(document), document.steps.length, sinceStartMs);
};

describe('durations', () => {
  test.each([
    ['PT0S', 0],
    ['PT4H', 4 * HOUR],
    ['PT1H30M', 1.5 * HOUR],
    ['P1D', 24 * HOUR],
    ['P1DT12H', 36 * HOUR],
    ['-PT2M', -2 * MINUTE],
    ['PT90S', 90_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    'P',
    'PT',
    'P1DT',
    '4H',
    'PT4',
    'PT4h',
    'P1W',
    'P1M',
    'P1Y',
    'PT1.5H',
    'PT1,5H',
    '--PT1M',
    '+PT1M',
    'PT-1M',
    ' PT1M',
    'PT1M1H',
    '-P',
    'PT4H\n',
  ])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

/** The bags of the published ten-day course: the same 125 mL/h on every day. */
test.each([
  [40, 0.08, 10],
  [50, 0.1, 12.5],
  [60, 0.12, 15],
  [70, 0.14, 17.5],
  [80, 0.16, 20],
])(
  '%d mg in 500 mL over 4 h is %d mg/mL, %d mg/h and always 125 mL/h',
  (drugMg, mgPerMl, mgPerH) => {
    const written = {
      ...TITRATION,
      bag: { drugMg, volumeMl: 500 },
      mode: 'mg-total-over',
      steps: [{ step: 1, at: 'PT0S', dose: drugMg, over: 'PT4H' }],
      end: 'PT4H',
    };
    const conc = concentrationOf(order(written).bag);
    expect(conc).toBeCloseTo(mgPerMl, 12);
    expect(at(written, 0).mgPerH).toBeCloseTo(mgPerH, 12);
    expect(toMlPerHour(mgPerH, conc)).toBeCloseTo(125, 9);
    expect(toMgPerHour(125, conc)).toBeCloseTo(mgPerH, 9);
    expect(plannedMg(planOf(order(written)))).toBeCloseTo(drugMg, 9);
  },
);

describe('the ordered rate of a titration 20, 30, 10 mg/h', () => {
  const up = 5 * MINUTE;
  test.each([
    {
      when: 'before flow',
      since: null,
      phase: 'before',
      step: 1,
      mgPerH: 20,
      lowest: 0,
      highest: 20,
    },
    {
      when: 'at the start',
      since: 0,
      phase: 'running',
      step: 1,
      mgPerH: 20,
      lowest: 20,
      highest: 20,
    },
    {
      when: 'just before the early window',
      since: HOUR - 2 * MINUTE - 1,
      phase: 'running',
      step: 1,
      mgPerH: 20,
      lowest: 20,
      highest: 20,
    },
    {
      when: 'at the early window',
      since: HOUR - 2 * MINUTE,
      phase: 'running',
      step: 1,
      mgPerH: 20,
      lowest: 20,
      highest: 30,
    },
    {
      when: 'just before the step',
      since: HOUR - 1,
      phase: 'running',
      step: 1,
      mgPerH: 20,
      lowest: 20,
      highest: 30,
    },
    {
      when: 'at the step',
      since: HOUR,
      phase: 'running',
      step: 2,
      mgPerH: 30,
      lowest: 20,
      highest: 30,
    },
    {
      when: 'at the end of the late window',
      since: HOUR + up,
      phase: 'running',
      step: 2,
      mgPerH: 30,
      lowest: 20,
      highest: 30,
    },
    {
      when: 'after the late window',
      since: HOUR + up + 1,
      phase: 'running',
      step: 2,
      mgPerH: 30,
      lowest: 30,
      highest: 30,
    },
    {
      when: 'at a step down',
      since: 2 * HOUR,
      phase: 'running',
      step: 3,
      mgPerH: 10,
      lowest: 10,
      highest: 30,
    },
    {
      when: 'a step down is late after one minute',
      since: 2 * HOUR + MINUTE + 1,
      phase: 'running',
      step: 3,
      mgPerH: 10,
      lowest: 10,
      highest: 10,
    },
    {
      when: 'just before the end',
      since: 3 * HOUR - 1,
      phase: 'running',
      step: 3,
      mgPerH: 10,
      lowest: 0,
      highest: 10,
    },
    {
      when: 'at the end',
      since: 3 * HOUR,
      phase: 'ended',
      step: null,
      mgPerH: 0,
      lowest: 0,
      highest: 10,
    },
    {
      when: 'a minute after the end',
      since: 3 * HOUR + MINUTE,
      phase: 'ended',
      step: null,
      mgPerH: 0,
      lowest: 0,
      highest: 10,
    },
    {
      when: 'later',
      since: 3 * HOUR + MINUTE + 1,
      phase: 'ended',
      step: null,
      mgPerH: 0,
      lowest: 0,
      highest: 0,
    },
  ])('$when', ({ since, phase, step, mgPerH, lowest, highest }) => {
    expect(at(TITRATION, since)).toMatchObject({
      phase,
      step,
      of: 3,
      mgPerH,
      permitted: { lowest, highest },
    });
  });

  test('names the next change, and the end as a change to nothing', () => {
    expect(at(TITRATION, null).nextChange).toEqual({ atMs: HOUR, mgPerH: 30, isEnd: false });
    expect(at(TITRATION, HOUR).nextChange).toEqual({ atMs: 2 * HOUR, mgPerH: 10, isEnd: false });
    expect(at(TITRATION, 2 * HOUR).nextChange).toEqual({ atMs: 3 * HOUR, mgPerH: 0, isEnd: true });
    expect(at(TITRATION, 3 * HOUR).nextChange).toBeNull();
  });
});

test('a step that names its own window keeps it', () => {
  const written = {
    ...TITRATION,
    steps: [
      { step: 1, at: 'PT0S', dose: 20 },
      { step: 2, at: 'PT1H', dose: 30, earliest: 'PT0S', latest: 'PT1M' },
    ],
  };
  expect(at(written, HOUR - 1).permitted.highest).toBe(20);
  expect(at(written, HOUR + MINUTE).permitted.lowest).toBe(20);
  expect(at(written, HOUR + MINUTE + 1).permitted.lowest).toBe(30);
});

test('a continuous infusion gives fifteen minutes for a step up, a session five', () => {
  const continuous = { ...TITRATION, end: 'PT6H1S' };
  expect(at(continuous, HOUR + 15 * MINUTE).permitted.lowest).toBe(20);
  expect(at(continuous, HOUR + 15 * MINUTE + 1).permitted.lowest).toBe(30);
  expect(at({ ...TITRATION, end: 'PT6H' }, HOUR + 5 * MINUTE + 1).permitted.lowest).toBe(30);
});

describe('an ordered pause is an order of zero', () => {
  test.each([
    { when: 'before it', since: HOUR, phase: 'running', mgPerH: 10, highest: 10 },
    {
      when: 'a minute into it the rate before is late',
      since: 2 * HOUR + MINUTE + 1,
      phase: 'gap',
      mgPerH: 0,
      highest: 0,
    },
    {
      when: 'two minutes before its end the next rate may begin',
      since: 3 * HOUR - 2 * MINUTE,
      phase: 'gap',
      mgPerH: 0,
      highest: 20,
    },
    { when: 'after it', since: 3 * HOUR, phase: 'running', mgPerH: 20, highest: 20 },
  ])('$when', ({ since, phase, mgPerH, highest }) => {
    const ordered = at(TWO_BAGS, since);
    expect(ordered).toMatchObject({ phase, mgPerH, step: since < 3 * HOUR ? 1 : 2 });
    expect(ordered.permitted.highest).toBe(highest);
  });

  test('a step of 0 mg/h is one too', () => {
    const steps = [TITRATION.steps[0], { step: 2, at: 'PT1H', dose: 0 }];
    expect(at({ ...TITRATION, steps }, 1.5 * HOUR)).toMatchObject({ phase: 'gap', mgPerH: 0 });
  });
});

test('a rate of two steps ago or two steps on is never permitted, however wide the windows', () => {
  const steps = [40, 20, 10, 30].map((dose, index) => ({
    step: index + 1,
    at: `PT${index * 10}M`,
    dose,
    ...(index === 0 ? {} : { earliest: '-PT1H', latest: 'PT1H' }),
  }));
  const written = { ...TITRATION, steps };
  expect(at(written, 25 * MINUTE).permitted).toEqual({ lowest: 10, highest: 30 });
  expect(at(written, 5 * MINUTE).permitted).toEqual({ lowest: 20, highest: 40 });
});

test('the steps count from the first flow, and a wall clock set back does not undo the start', () => {
  const active = activeOrder({
    orderId: 'O000001',
    version: 1,
    document: order(TITRATION),
    hardMaxMgPerH: 60,
    softMaxMgPerH: 40,
    signedBy: 'prescriber-a',
    verifiedBy: 'nurse-b',
    activatedAtWallMs: 1_000_000,
    session: emptySession,
  });
  expect(orderedNow(active, 9 * HOUR).phase).toBe('before');
  expect(endsAtWallMs(active)).toBeNull();
  const running = { ...active, startedAtWallMs: 2_000_000 };
  expect(orderedNow(running, 2_000_000 + HOUR).step).toBe(2);
  expect(orderedNow(running, 1_000_000)).toMatchObject({ phase: 'running', step: 1 });
  expect(endsAtWallMs(running)).toBe(2_000_000 + 3 * HOUR);
  expect(running.plannedTotalMg).toBeCloseTo(60, 9);
});

test('the most in any 24 h of a five-day titration is that of its last day', () => {
  const steps = [20, 25, 30, 35, 40].map((dose, index) => ({
    step: index + 1,
    at: index === 0 ? 'PT0S' : `P${index}D`,
    dose,
  }));
  const titration = order({ ...TITRATION, steps, end: 'P5D' });
  expect(exactMost(titration, 24 * HOUR)).toEqual(quantity(960, 'mg'));
  expect(exactTotal(titration)).toEqual(quantity(3600, 'mg'));
  expect(plannedMg(planOf(titration))).toBe(3600);
});

test('the most in 24 h may lie in a stretch that begins in the middle of a step', () => {
  const steps = [
    { step: 1, at: 'PT0S', dose: 10 },
    { step: 2, at: 'PT12H', dose: 40 },
    { step: 3, at: 'PT30H', dose: 0 },
  ];
  const titration = order({ ...TITRATION, steps, end: 'P2D' });
  expect(exactMost(titration, 24 * HOUR)).toEqual(quantity(6 * 10 + 18 * 40, 'mg'));
});

test('at every moment of any plan the ordered rate is permitted and is a finite number', () => {
  const anyPlan = fc
    .array(
      fc.record({ dose: fc.integer({ min: 0, max: 40 }), gapMin: fc.integer({ min: 1, max: 90 }) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    .filter(([first]) => first !== undefined && first.dose > 0);
  fc.assert(
    fc.property(anyPlan, fc.integer({ min: -1, max: 1_000 }), (parts, minute) => {
      let atMin = 0;
      const steps = parts.map(({ dose, gapMin }, index) => {
        const step = { step: index + 1, at: `PT${atMin}M`, dose };
        atMin += gapMin;
        return step;
      });
      const ordered = at({ ...TITRATION, steps, end: `PT${atMin}M` }, minute * MINUTE);
      expect(Number.isFinite(ordered.mgPerH)).toBe(true);
      expect(ordered.permitted.lowest).toBeLessThanOrEqual(ordered.mgPerH);
      expect(ordered.permitted.highest).toBeGreaterThanOrEqual(ordered.mgPerH);
    }),
  );
});
