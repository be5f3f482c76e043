import { describe, expect, test } from 'vitest';
import { doubled } from '../../src/order/order-doubling.ts';
import { decideSign, expiredNow, nextExpiryWallMs } from '../../src/order/order-life.ts';
import { HOUR, MINUTE, order, site, TITRATION, TWO_BAGS, type Written } from './order-kit.ts';
import { DOCTOR, NURSE_A, OrderLog, T0 } from './order-log.ts';

const BAG = TITRATION.bag;
const rated = (dose: number, more: Written = {}): Written => ({
  ...TITRATION,
  steps: [{ step: 1, at: 'PT0S', dose }],
  limits: { maxMgPerH: 100 },
  ...more,
});

describe('a soft limit needs a reason at the signature', () => {
  test('refused without one, naming the limit; with one it is kept for the order that runs', () => {
    const log = new OrderLog();
    log.create(rated(50));
    const refused = log.sign();
    expect(refused).toMatchObject({ status: 422, code: 'soft-limit', path: 'softLimitReason' });
    expect(!refused.ok && refused.message).toContain('50 mg/h is above the soft limit of 40 mg/h');
    expect(log.order.status).toBe('draft');
    expect(log.sign({ softLimitReason: 'tolerant, as last time' })).toMatchObject({ ok: true });
    log.verify(rated(50));
    log.activate({ bedId: 'B01', bag: BAG });
    expect(log.order.active?.softLimitReason).toBe('tolerant, as last time');
  });

  test('an order at the limit needs none, and one that only the coma ward may give has none', () => {
    const log = new OrderLog();
    log.create(rated(40));
    expect(log.sign()).toMatchObject({ ok: true });
    const coma = new OrderLog();
    coma.create(rated(500, { limits: { maxMgPerH: 500 } }));
    expect(coma.sign()).toMatchObject({ ok: true });
  });

  test('a version that is signed anew needs its own reason', () => {
    const log = new OrderLog().run(rated(50), { softLimitReason: 'tolerant' });
    log.amend(rated(55));
    expect(log.sign()).toMatchObject({ code: 'soft-limit' });
    expect(log.order.active?.softLimitReason).toBe('tolerant');
  });

  test('a hard limit of a later library refuses whatever is said', () => {
    const log = new OrderLog();
    log.create(rated(50));
    const { library } = site();
    const ward = { softMgPerH: 40, hardMgPerH: 45 };
    const classes = { ...library.classes, 'ward-continuous': ward };
    const stricter = {
      ...site(),
      areas: new Map([['B01', 'standard']] as const),
      library: { ...library, classes },
    };
    const why = { softLimitReason: 'tolerant' };
    const refused = decideSign(log.book, log.id, DOCTOR, why, stricter);
    expect(refused).toMatchObject({ status: 422, code: 'hard-limit', path: 'steps' });
    expect(!refused.ok && refused.message).toContain('hard limit of 45 mg/h');
  });
});

describe('more than double must be typed again', () => {
  const twice = rated(40.2);
  const open = [
    { path: 'steps[0].dose', was: 20, now: 40.2 },
    { path: 'totalMg', was: 60, now: 120.6 },
  ];

  test('of the version before', () => {
    const log = new OrderLog().run(rated(20));
    log.amend(twice);
    const why = { softLimitReason: 'pain' };
    const refused = log.sign(why);
    expect(refused).toMatchObject({ status: 422, code: 'retype', path: 'retyped' });
    expect(!refused.ok && refused.detail).toMatchObject(open);
    expect(!refused.ok && refused.message).toContain('steps[0].dose is 40.2 and was 20');
    for (const retyped of [{}, { 'steps[0].dose': 40.2 }, { 'steps[0].dose': 402, totalMg: 120.6 }])
      expect(log.sign({ ...why, retyped })).toMatchObject({ code: 'retype' });
    const retyped = { 'steps[0].dose': 40.2, totalMg: 120.6 };
    expect(log.sign({ ...why, retyped })).toMatchObject({ ok: true, events: [{ retyped }] });
  });

  test('exactly double need not, and less never', () => {
    const log = new OrderLog().run(rated(20));
    log.amend(rated(40));
    expect(log.sign()).toMatchObject({ ok: true });
    log.amend(rated(1));
    expect(log.sign()).toMatchObject({ ok: true });
  });

  test('of the last session of the patient by the same regimen, and of no other one', () => {
    const regimen = { regimen: 'practice-inpatient-5-day' };
    const signedAfter = (written: Written, end: 'run' | 'draft' = 'run') => {
      const log = new OrderLog();
      if (end === 'run') log.run(rated(15, regimen)).complete();
      else log.create(rated(15, regimen));
      log.create(written);
      return log.sign();
    };
    expect(signedAfter(rated(35, regimen))).toMatchObject({ code: 'retype' });
    expect(signedAfter(rated(35, regimen), 'draft')).toMatchObject({ ok: true });
    expect(signedAfter(rated(35))).toMatchObject({ ok: true });
    const other = { ...regimen, patient: { id: 'P-0000009', weightKg: 64 } };
    expect(signedAfter(rated(35, other))).toMatchObject({ ok: true });
  });

  test('of the same course, whatever regimen it names', () => {
    const log = new OrderLog().run(rated(15));
    log.complete();
    const course = (id: string) => ({
      id,
      day: 2,
      sessions: [
        { day: 1, date: '2026-11-20', plannedMg: 60 },
        { day: 2, date: '2026-11-21', plannedMg: 105 },
      ],
    });
    log.create(rated(35, { course: course('O000001') }));
    expect(log.sign()).toMatchObject({ code: 'retype' });
    log.create(rated(35, { course: course('C000077') }));
    expect(log.sign()).toMatchObject({ ok: true });
  });

  test.each([
    [
      'a dose',
      TITRATION,
      { steps: TITRATION.steps.map((s) => ({ ...s, dose: 40 })) },
      ['steps[2].dose'],
    ],
    ['a weight typed in lb', kg(70.8), kg(156), ['steps[0].mgPerH', 'totalMg']],
    ['an end too late', TITRATION, { end: 'PT12H' }, ['totalMg']],
    ['a highest rate', TITRATION, { limits: { maxMgPerH: 400 } }, ['limits.maxMgPerH']],
    ['a rate where an amount was', TWO_BAGS, rated(25), ['steps[0].mgPerH']],
    ['less of everything', TITRATION, rated(10, { limits: { maxMgPerH: 10 } }), []],
  ])('%s', (_, before, change, paths) => {
    const found = doubled(order({ ...before, ...change }), order(before));
    expect(found.map(({ path }) => path)).toEqual(expect.arrayContaining([...paths]));
    if (paths.length === 0) expect(found).toEqual([]);
  });
});

function kg(weightKg: number): Written {
  return {
    ...TITRATION,
    patient: { id: 'P-0000002', weightKg },
    mode: 'mg-per-kg-per-h',
    steps: [{ step: 1, at: 'PT0S', dose: 0.5 }],
    limits: { maxMgPerH: 80 },
  };
}

const at = (ms: number): string => new Date(T0 + ms).toISOString();

describe('times of an order', () => {
  const valid = { ...TITRATION, validUntil: at(4 * HOUR) };

  test('after its validity it is not signed, checked or activated', () => {
    for (const steps of [0, 1, 2] as const) {
      const log = new OrderLog();
      log.create(valid);
      const way = [
        () => log.sign(),
        () => log.verify(valid),
        () => log.activate({ bedId: 'B01', bag: BAG }),
      ];
      for (const go of way.slice(0, steps)) expect(go()).toMatchObject({ ok: true });
      log.wallMs = T0 + 4 * HOUR + 1;
      expect(way[steps]?.()).toMatchObject({ status: 409, code: 'expired', path: 'validUntil' });
    }
  });

  test('an order that would run longer than it is valid is not activated', () => {
    const log = new OrderLog();
    log.create(valid);
    log.sign();
    log.verify(valid);
    log.wallMs = T0 + HOUR + 1;
    const activate = () => log.activate({ bedId: 'B01', bag: BAG });
    expect(activate()).toMatchObject({ status: 409, code: 'valid-until' });
    log.wallMs = T0 + HOUR;
    expect(activate()).toMatchObject({ ok: true });
    expect(log.order.active?.validUntilWallMs).toBe(T0 + 4 * HOUR);
  });

  test('it is noted as expired once, and an amendment revives it as a draft', () => {
    const log = new OrderLog();
    log.create(valid);
    log.sign();
    expect(nextExpiryWallMs(log.book)).toBe(T0 + 4 * HOUR);
    expect(expiredNow(log.book, T0 + 4 * HOUR)).toEqual([]);
    const events = expiredNow(log.book, T0 + 4 * HOUR + 1);
    expect(events).toEqual([{ type: 'order-expired', orderId: log.id, version: 1 }]);
    log.take({ ok: true, events }, NURSE_A);
    expect(log.order.status).toBe('expired');
    expect(expiredNow(log.book, T0 + 9 * HOUR)).toEqual([]);
    expect(nextExpiryWallMs(log.book)).toBe(Number.POSITIVE_INFINITY);
    log.wallMs = T0 + 5 * HOUR;
    expect(log.sign()).toMatchObject({ status: 409, code: 'wrong-status' });
    log.amend({ ...TITRATION, validUntil: at(24 * HOUR) });
    expect(log.order).toMatchObject({
      status: 'draft',
      version: 2,
      former: [{ status: 'replaced' }],
    });
    expect(log.sign()).toMatchObject({ ok: true });
  });

  test('what runs does not expire; its change that waits does', () => {
    const log = new OrderLog().run(valid);
    expect(expiredNow(log.book, T0 + 9 * HOUR)).toEqual([]);
    log.amend({ ...valid, validUntil: at(5 * HOUR) });
    const events = expiredNow(log.book, T0 + 9 * HOUR);
    expect(events).toEqual([{ type: 'order-expired', orderId: log.id, version: 2 }]);
    log.take({ ok: true, events }, NURSE_A);
    expect(log.order).toMatchObject({ status: 'active', pending: null });
    expect(log.order.active?.pendingVersion).toBeNull();
    expect(log.order.former).toMatchObject([{ version: 2, status: 'expired' }]);
  });

  test('it is not activated hours before its planned start', () => {
    const planned = { ...TITRATION, plannedStart: at(24 * HOUR) };
    const log = new OrderLog();
    log.create(planned);
    log.sign();
    log.verify(planned);
    log.wallMs = T0 + 22 * HOUR - MINUTE;
    const activate = () => log.activate({ bedId: 'B01', bag: BAG });
    expect(activate()).toMatchObject({ status: 409, code: 'too-early', path: 'plannedStart' });
    log.wallMs = T0 + 22 * HOUR;
    expect(activate()).toMatchObject({ ok: true });
  });

  test('start, end and validity that contradict each other are no order', () => {
    const wrong = { ...TITRATION, plannedStart: at(0), validUntil: at(2 * HOUR) };
    expect(() => order(wrong)).toThrow(/validUntil is .* ends at/);
    expect(order({ ...wrong, validUntil: at(3 * HOUR) }).validUntil).toBe(at(3 * HOUR));
  });
});

test('what holds at this gateway has three ward beds and one of the coma unit', () => {
  expect([...site().areas.values()].filter((area) => area === 'standard')).toHaveLength(3);
});
