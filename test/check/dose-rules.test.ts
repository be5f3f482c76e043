import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/check/evaluate.ts';
import type { RuleId } from '../../src/check/limits.ts';
import type { Rule } from '../../src/check/rule.ts';
import type { Scene } from '../../src/check/scene.ts';
import type { MetricSeen } from '../../src/observation/device-event.ts';
import { type DevicePicture, nextDevicePicture } from '../../src/observation/device-picture.ts';
import type { ActiveOrder } from '../../src/order/active-order.ts';
import { bagOf } from '../../src/order/dose-account.ts';
import {
  type DoseLedger,
  doseSession,
  emptyDoseLedger,
  type PastDose,
  withReading,
  withSession,
} from '../../src/order/dose-ledger.ts';
import {
  answer,
  ask,
  expectFits,
  HOUR,
  hourly,
  MINUTE,
  NOW,
  order,
  pump,
  SESSION,
  scene,
  WALL,
} from './scene-kit.ts';

const ruleOf = (id: RuleId): Rule => {
  const found = RULES.find((rule) => rule.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
};
const [ord09, ord10, ord20, ord26] = (['ORD-09', 'ORD-10', 'ORD-20', 'ORD-26'] as const).map(
  ruleOf,
);
const says = (rule: Rule | undefined, about: Scene, level?: string): string => {
  if (rule === undefined) throw new Error('no rule');
  const judgement = ask(rule, about, level === undefined ? {} : { level });
  expectFits(judgement);
  return answer(judgement);
};

/** What a pump counted since an order began an hour ago: exactly, or with a part that nobody knows. */
function given(
  of: ActiveOrder,
  ml: number,
  options: { readonly openMl?: number; readonly past?: readonly PastDose[] } = {},
): DoseLedger {
  const { openMl = 0, past = [] } = options;
  const reading = { serial: 'SN1', mlPerH: 0, gapMs: 10_000 };
  let doses = withSession(
    emptyDoseLedger,
    doseSession(of, NOW - HOUR),
    past,
    new Map(),
    NOW - HOUR,
  );
  doses = withReading(doses, 'B01-pump', { ...reading, atMs: NOW - HOUR, counterMl: 0 });
  doses = withReading(doses, 'B01-pump', { ...reading, atMs: NOW - HOUR, counterMl: ml });
  // Another pump in its place after a minute, of which nobody saw what flowed before.
  if (openMl > 0) {
    const mlPerH = openMl * 60;
    doses = withReading(doses, 'B01-pump', { ...reading, mlPerH, atMs: NOW - HOUR, counterMl: ml });
    doses = withReading(doses, 'B01-pump', {
      ...reading,
      mlPerH,
      serial: 'SN2',
      atMs: NOW - HOUR + MINUTE,
      counterMl: 0,
    });
  }
  return withReading(doses, 'B01-pump', {
    ...reading,
    serial: openMl > 0 ? 'SN2' : 'SN1',
    atMs: NOW,
    counterMl: openMl > 0 ? 0 : ml,
    gapMs: 2 * HOUR,
  });
}

/** 40 mg of 0.08 mg/mL; 0.5 mL are 0.04 mg, 2 % are 0.8 mg. */
const FORTY = order();
const at = (mg: number, of = FORTY, options: Parameters<typeof given>[2] = {}): Scene => {
  const ml = mg / of.concentrationMgPerMl;
  return scene({ order: of, pumps: [pump(0)], doses: given(of, ml, options) });
};

describe('ORD-09: more given than ordered', () => {
  test.each([
    { mg: 40, over: 'absent', far: 'absent' },
    { mg: 40.8, over: 'absent', far: 'absent' },
    { mg: 40.81, over: 'present', far: 'absent' },
    { mg: 44, over: 'present', far: 'absent' },
    { mg: 44.01, over: 'present', far: 'present' },
  ])('$mg of 40 mg', ({ mg, over, far }) => {
    expect(says(ord09, at(mg), 'over')).toBe(over);
    expect(says(ord09, at(mg), 'far')).toBe(far);
  });

  test('half a mL of a strong bag is more than 2 %, and then 110 % is not before it', () => {
    const strong = order({
      yaml: SESSION.replace('drugMg: 40, volumeMl: 500', 'drugMg: 5000, volumeMl: 500').replace(
        'maxMgPerH: 20',
        'maxMgPerH: 20',
      ),
    });
    // 10 mg/mL: 0.5 mL are 5 mg.
    expect(says(ord09, at(44.9, strong), 'over')).toBe('absent');
    expect(says(ord09, at(44.9, strong), 'far')).toBe('absent');
    expect(says(ord09, at(45.1, strong), 'far')).toBe('present');
  });

  test('a range: present only when the least is too much, else it may be, with both ends', () => {
    const range = (mg: number, openMg: number) => at(mg, FORTY, { openMl: openMg / 0.08 });
    const maybe = range(39, 4);
    expect(says(ord09, maybe, 'over')).toBe('stale');
    expect(says(ord09, maybe, 'far')).toBe('absent');
    expect(says(ord09, maybe, 'possible')).toBe('present');
    const judgement = ord09 === undefined ? null : ask(ord09, maybe, { level: 'possible' });
    expect(judgement).toMatchObject({
      message: {
        detail: '39 to 43 of 40 mg (session). Check pump and order',
        value: 39,
        limit: 40,
      },
    });
    expect(says(ord09, range(39, 6), 'far')).toBe('stale');
    expect(says(ord09, range(41, 1), 'over')).toBe('present');
    expect(says(ord09, range(30, 5), 'possible')).toBe('absent');
    expect(says(ord09, range(30, 5), 'over')).toBe('absent');
  });

  test('the last 24 h and the course, where the order limits them', () => {
    const limited = (limits: string) =>
      order({ yaml: SESSION.replace('maxMgPerH: 20', `maxMgPerH: 20, ${limits}`) });
    const gave = (mg: number): readonly PastDose[] => [
      { leastUg: mg * 1_000, mostUg: mg * 1_000, isOfCourse: true, marks: [] },
    ];
    const daily = limited('maxMg24h: 50');
    expect(says(ord09, at(20, daily, { past: gave(31) }), 'over')).toBe('absent');
    expect(says(ord09, at(21, daily, { past: gave(31) }), 'over')).toBe('present');
    const sessions =
      'course: { day: 1, sessions: [{ day: 1, date: 2026-11-20, plannedMg: 40 }] }\n';
    const course = order({
      yaml: SESSION.replace('maxMgPerH: 20', 'maxMgPerH: 20, maxMgCourse: 400') + sessions,
    });
    expect(says(ord09, at(20, course, { past: gave(388) }), 'over')).toBe('absent');
    expect(says(ord09, at(21, course, { past: gave(388) }), 'over')).toBe('present');
    expect(says(ord09, at(20, FORTY, { past: gave(900) }), 'over')).toBe('absent');
    // A limit above the plan permits no more than the plan.
    expect(says(ord09, at(41, limited('maxMgSession: 60')), 'over')).toBe('present');
  });

  test('without an order, or before a counter was read, it cannot tell', () => {
    expect(says(ord09, scene(), 'over')).toBe('no-order');
    expect(says(ord09, scene({ order: FORTY }), 'over')).toBe('no-observation');
    expect(says(ord09, scene({ order: FORTY }), 'possible')).toBe('no-observation');
  });
});

describe('ORD-10: what will have been given', () => {
  /** An hour of four is over: 10 mg by the plan. */
  const afterAnHour = (mg: number, mlPerH: number | null, of = FORTY) => ({
    ...at(mg, of),
    pumps: [pump(mlPerH)],
  });
  test.each([
    { mg: 10, mlPerH: 125, said: 'absent' },
    { mg: 10, mlPerH: 133, said: 'absent' },
    { mg: 10, mlPerH: 134, said: 'present' },
    { mg: 12, mlPerH: 125, said: 'absent' },
    { mg: 12.01, mlPerH: 125, said: 'present' },
    { mg: 12.01, mlPerH: 0, said: 'absent' },
    { mg: 10, mlPerH: null, said: 'invalid' },
    { mg: 43, mlPerH: null, said: 'present' },
  ])('$mg mg given and $mlPerH mL/h: $said', ({ mg, mlPerH, said }) => {
    expect(says(ord10, afterAnHour(mg, mlPerH))).toBe(said);
  });

  test('the rate holds until the next step, then the plan does', () => {
    // 20, 40, 10 mg/h from 2 mg/mL, an hour each; half an hour into the second: 40 mg were planned.
    const steps = order({ yaml: hourly(20, 40, 10), sinceStartMs: 1.5 * HOUR });
    expect(says(ord10, afterAnHour(40, 20, steps))).toBe('absent');
    // 70 mg in all, 73.5 is the limit: 3.4 mg more in the half hour are 6.8 mg/h more.
    expect(says(ord10, afterAnHour(40, 23.4, steps))).toBe('absent');
    expect(says(ord10, afterAnHour(40, 23.6, steps))).toBe('present');
  });

  test('a pause moves the rest of the plan, and adds nothing to it', () => {
    // 10 mg in the first hour, of it 10 min ago to now nothing: 3 h 10 min are left, not 3 h.
    const pause = {
      by: 'nurse-a',
      atWallMs: WALL - 20 * MINUTE,
      reason: 'line',
      isBagChange: false,
      untilWallMs: WALL,
      endedAtWallMs: WALL - 10 * MINUTE,
      stoppedMs: 10 * MINUTE,
    };
    const paused = { ...FORTY, session: { ...FORTY.session, pauses: [pause] } };
    const given = 50 / 6;
    expect(says(ord10, afterAnHour(given, 125, paused))).toBe('absent');
    // 42 mg: 33.67 mg in 190 min are 10.63 mg/h.
    expect(says(ord10, afterAnHour(given, 132.8, paused))).toBe('absent');
    expect(says(ord10, afterAnHour(given, 133, paused))).toBe('present');
    expect(says(ord09, at(40.9, paused), 'over')).toBe('present');
  });

  test('before the first flow and after the end there is nothing to come', () => {
    expect(says(ord10, { ...afterAnHour(60, 125), order: order({ sinceStartMs: null }) })).toBe(
      'absent',
    );
    expect(says(ord10, { ...afterAnHour(60, 125), order: order({ sinceStartMs: 5 * HOUR }) })).toBe(
      'absent',
    );
  });
});

describe('ORD-20: more pumps than ordered', () => {
  const two = (a: DevicePicture, b: DevicePicture, of = FORTY) =>
    says(ord20, scene({ order: of, pumps: [a, b] }));
  const other = (mlPerH: number | null) => pump(mlPerH, { id: 'B01-pump2' });
  test('only what flows counts, and what is not known may flow', () => {
    expect(two(pump(62), other(62))).toBe('present');
    expect(two(pump(125), other(0))).toBe('absent');
    expect(two(pump(125), other(null))).toBe('invalid');
    expect(two(pump(null), other(null))).toBe('invalid');
    expect(two(pump(0), other(null))).toBe('absent');
  });

  test('as many as the order says', () => {
    const ordered = order({ yaml: `${SESSION}channels: 2\n` });
    expect(two(pump(62), other(62), ordered)).toBe('absent');
    const three = [pump(1), other(1), pump(1, { id: 'c' })];
    expect(says(ord20, scene({ order: ordered, pumps: three }))).toBe('present');
  });

  test('another drug does not count', () => {
    const drug = {
      kind: 'fact',
      code: 'drug',
      text: 'NaCl 0.9 %',
      validity: 'valid',
      atMs: NOW,
    } as const;
    expect(two(pump(125), nextDevicePicture(other(80), drug))).toBe('absent');
  });
});

describe('ORD-26: the volume limit of the pump', () => {
  const told = (
    code: MetricSeen['code'],
    value: number | null,
    validity: MetricSeen['validity'] = 'valid',
  ) => ({ kind: 'metric', code, value, validity, atMs: NOW }) as const;
  const limitOf = (mg: number, ...events: readonly MetricSeen[]) =>
    says(ord26, { ...at(mg), pumps: [events.reduce(nextDevicePicture, pump(125))] });
  const LEFT = 'MDC_VOL_FLUID_TBI_REMAIN';
  const PROGRAMMED = 'MDC_VOL_FLUID_TBI';
  const COUNTER = 'MDC_VOL_FLUID_DELIV_TOTAL';

  test.each([
    // 30 mg left and 5 % of 40 mg: 32 mg are 400 mL.
    { said: 'absent', events: [told(LEFT, 400)] },
    { said: 'present', events: [told(LEFT, 400.2)] },
    { said: 'no-observation', events: [told(LEFT, 900, 'questionable')] },
    { said: 'no-observation', events: [told(LEFT, null, 'not-available')] },
    { said: 'no-observation', events: [] },
    { said: 'present', events: [told(PROGRAMMED, 526), told(COUNTER, 125)] },
    { said: 'no-observation', events: [told(PROGRAMMED, 524), told(COUNTER, 125)] },
    { said: 'absent', events: [told(PROGRAMMED, 390), told(COUNTER, 125)] },
    { said: 'no-observation', events: [told(PROGRAMMED, 900, 'questionable'), told(COUNTER, 0)] },
  ])('with 10 of 40 mg given: $said', ({ said, events }) => {
    expect(limitOf(10, ...events)).toBe(said);
  });

  test('a range of what was given: too much only when it surely is', () => {
    const pumps = [nextDevicePicture(pump(125), told(LEFT, 380))];
    // 30.4 mg to come; 10 to 14 mg given leave 26 to 30, and 2 mg.
    const about = { ...at(10, FORTY, { openMl: 50 }), pumps };
    expect(says(ord26, about)).toBe('no-observation');
    expect(says(ord26, { ...at(14), pumps })).toBe('present');
  });

  test('two pumps: their sum; one that does not tell may only make it worse', () => {
    const a = nextDevicePicture(pump(60), told(LEFT, 300));
    const b = nextDevicePicture(pump(60, { id: 'b' }), told(LEFT, 300));
    expect(says(ord26, { ...at(10), pumps: [a, b] })).toBe('present');
    expect(says(ord26, { ...at(10), pumps: [a, pump(60, { id: 'b' })] })).toBe('no-observation');
  });

  test('after the end another rule speaks', () => {
    const pumps = [nextDevicePicture(pump(3), told(LEFT, 900))];
    expect(says(ord26, { ...at(40), pumps, order: order({ sinceStartMs: 5 * HOUR }) })).toBe(
      'absent',
    );
  });
});

test('the bag of these scenes', () => {
  expect(bagOf(FORTY.bag)).toEqual({ drugUg: 40_000, volumeUl: 500_000 });
});
