import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideMove } from '../../src/order/course-life.ts';
import { CourseLog, TEN_DAYS } from './course-kit.ts';
import { regimen } from './order-kit.ts';

const refusal = (decision: { readonly ok: boolean }) =>
  decision as { readonly code?: string; readonly message?: string; readonly note?: string };

describe('a course of ten days', () => {
  test('begins with its first order; the orders of the other days name it', () => {
    const log = new CourseLog();
    const first = log.order(1);
    expect(log.give(first, 40)).toBe(true);
    log.today = '2026-11-24';
    const second = log.order(2, 'C000001');
    const course = log.course('C000001');
    expect(course.days).toHaveLength(10);
    expect(course).toMatchObject({ plannedMg: 620, given: { atLeastMg: 40, atMostMg: 40 } });
    expect(course.days[0]).toMatchObject({ state: 'given', orderId: first });
    expect(course.days[1]).toMatchObject({ state: 'today', orderId: second, date: '2026-11-24' });
    expect(course.days[5]).toMatchObject({ state: 'planned', orderId: null, date: '2026-11-30' });
  });

  test('a draft is no course, nor is an order that was stopped before anything flowed', () => {
    const log = new CourseLog();
    const orderId = log.order(1);
    log.say({ type: 'order-discontinued', orderId, reason: 'written anew' });
    expect(log.courses()).toEqual([]);
  });

  test('sums are at least and at most, and unknown where one of them is', () => {
    const log = new CourseLog();
    log.give(log.order(1), 38.2, 40);
    expect(log.course('C000001').given).toEqual({ atLeastMg: 38.2, atMostMg: 40 });
    log.today = '2026-11-24';
    const second = log.order(2, 'C000001');
    log.begin(second);
    // Its counter was never read.
    expect(log.day('C000001', 2)).toMatchObject({
      state: 'running',
      given: { atLeastMg: null, atMostMg: null },
    });
    expect(log.course('C000001').given).toEqual({ atLeastMg: 38.2, atMostMg: null });
  });

  test('a day whose date is past and of which nothing is known is overdue, not planned', () => {
    const log = new CourseLog();
    log.order(1);
    log.today = '2026-11-25';
    expect(
      log
        .course('C000001')
        .days.slice(0, 4)
        .map(({ state }) => state),
    ).toEqual(['overdue', 'overdue', 'today', 'planned']);
  });

  test('missed and moved, with who and why; the k of n stays', () => {
    const log = new CourseLog();
    log.order(1);
    expect(log.miss('C000001', 2, 'infection').ok).toBe(true);
    expect(log.move('C000001', 3, '2026-12-07', 'scanner').ok).toBe(true);
    log.restart();
    expect(log.day('C000001', 2)).toMatchObject({
      state: 'missed',
      change: { by: 'nurse-a', reason: 'infection' },
    });
    expect(log.day('C000001', 3)).toMatchObject({
      state: 'moved',
      date: '2026-12-07',
      orderedDate: '2026-11-25',
    });
    log.today = '2026-12-07';
    const third = log.order(3, 'C000001');
    expect(log.check(third).ok).toBe(true);
    expect(log.give(third, 50)).toBe(true);
    expect(log.day('C000001', 3)).toMatchObject({ day: 3, state: 'given', date: '2026-12-07' });
  });

  test('a later order that says a date of its own counts more than a move before it', () => {
    const log = new CourseLog();
    log.order(1);
    log.move('C000001', 10, '2026-12-09');
    log.order(9, 'C000001');
    expect(log.day('C000001', 10).date).toBe('2026-12-09');
    const sessions = TEN_DAYS.map((one) => (one.day === 10 ? { ...one, date: '2026-12-08' } : one));
    log.order(10, 'C000001', { course: { id: 'C000001', day: 10, sessions } });
    expect(log.day('C000001', 10).date).toBe('2026-12-08');
  });
});

test('a course goes on when its first order was stopped before anything flowed', () => {
  const log = new CourseLog();
  const first = log.order(1);
  log.miss('C000001', 1);
  log.say({ type: 'order-discontinued', orderId: first, reason: 'patient did not come' });
  log.today = '2026-11-24';
  const second = log.order(2, 'C000001');
  expect(log.check(second)).toEqual({ ok: true });
  expect(log.course('C000001').days[0]).toMatchObject({ state: 'missed' });
});

test('two orders that name the same wrong course do not make it one', () => {
  const log = new CourseLog();
  log.order(1, 'C000099');
  expect(refusal(log.check(log.order(2, 'C000099'))).code).toBe('no-such-course');
});

describe('what is refused', () => {
  test.each([
    ['the date of another day', 2, '2026-11-25', 'date-taken'],
    ['a date that is over', 2, '2026-11-20', 'past'],
    ['the date that it has', 2, '2026-11-24', 'same-date'],
    ['a day that the course does not have', 11, '2026-12-20', 'no-such-day'],
    ['no date', 2, '24.11.2026', 'shape'],
  ])('a move to %s', (_, day, date, code) => {
    const log = new CourseLog();
    log.order(1);
    const decision = log.move('C000001', day, date);
    expect(refusal(decision).code).toBe(code);
    expect(refusal(decision).message).toBeTruthy();
  });

  test('a move or a miss without a reason, and of a day that was given', () => {
    const log = new CourseLog();
    const first = log.order(1);
    expect(refusal(log.miss('C000001', 1, ' ')).message).toBe('reason: write why.');
    log.give(first, 40);
    expect(refusal(log.miss('C000001', 1)).code).toBe('given');
    expect(refusal(log.move('C000001', 1, '2026-12-20')).code).toBe('given');
  });

  test('a weekend that the regimen leaves out is told, and so is a day out of its order', () => {
    const log = new CourseLog();
    log.order(1);
    const body = { day: 5, date: '2026-11-28', reason: 'holiday' };
    const goldberg = regimen('goldberg-outpatient-10-day');
    const decision = decideMove(log.course('C000001'), body, log.today, goldberg);
    expect(refusal(decision).note).toBe(
      '2026-11-28 is on a weekend, which regimen goldberg-outpatient-10-day leaves out.',
    );
    expect(refusal(log.move('C000001', 2, '2026-11-28')).note).toBe(
      'Day 2 comes after day 3 now; check the doses.',
    );
  });

  test('an order of another day: its bag has another dose', () => {
    const log = new CourseLog();
    log.give(log.order(1), 40);
    log.today = '2026-11-24';
    const third = log.order(3, 'C000001');
    expect(refusal(log.check(third))).toMatchObject({
      code: 'course-day',
      message: expect.stringContaining('Day 3 of the course is planned for 2026-11-25'),
    });
    log.miss('C000001', 2);
    log.move('C000001', 3, '2026-11-24');
    expect(log.check(third).ok).toBe(true);
  });

  test('a day that was given, or that is marked as missed', () => {
    const log = new CourseLog();
    log.give(log.order(1), 40);
    expect(refusal(log.check(log.order(1, 'C000001'))).code).toBe('course-day-given');
    log.today = '2026-11-24';
    log.miss('C000001', 2);
    expect(refusal(log.check(log.order(2, 'C000001'))).code).toBe('course-day-missed');
  });

  test('a day that was stopped may be gone on with, and what was given is told', () => {
    const log = new CourseLog();
    const first = log.order(1);
    log.begin(first);
    log.given.set(first, { atLeastMg: 11.5, atMostMg: 12 });
    log.say({ type: 'order-discontinued', orderId: first, reason: 'line pulled' });
    expect(refusal(log.check(log.order(1, 'C000001'))).note).toBe(
      'Day 1 was begun with order O000001 and stopped; given so far: at most 12 mg.',
    );
  });

  test('a course that is not there, of another patient, of the other form', () => {
    const log = new CourseLog();
    log.order(1);
    expect(refusal(log.check(log.order(1, 'C000099'))).code).toBe('no-such-course');
    const patient = { id: 'P-0000009' };
    expect(refusal(log.check(log.order(1, 'C000001', { patient }))).code).toBe('other-course');
    const drug = { name: 'ketamine', form: 'S' };
    expect(refusal(log.check(log.order(1, 'C000001', { drug }))).code).toBe('other-course');
  });

  test('another amount than the course said is told', () => {
    const log = new CourseLog();
    log.order(1);
    const sessions = TEN_DAYS.map((one) => (one.day === 1 ? { ...one, plannedMg: 60 } : one));
    const orderId = log.order(1, 'C000001', {
      bag: { drugMg: 60, volumeMl: 500 },
      steps: [{ step: 1, at: 'PT0S', dose: 60, over: 'PT4H' }],
      course: { id: 'C000001', day: 1, sessions },
    });
    expect(refusal(log.check(orderId)).note).toBe(
      'Day 1 was planned with 40 mg; this order gives 60 mg.',
    );
  });
});

const day = fc.integer({ min: 1, max: 10 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('give'), day, mg: fc.integer({ min: 0, max: 80_000 }) }),
  fc.record({ kind: fc.constant('miss'), day, mg: fc.constant(0) }),
  fc.record({ kind: fc.constant('move'), day, mg: fc.integer({ min: 0, max: 25 }) }),
  fc.record({
    kind: fc.constant('sleep'),
    day: fc.constant(1),
    mg: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('restart'), day: fc.constant(1), mg: fc.constant(0) }),
);

test('whatever is moved, missed, given and restarted: k of n and the sums are right', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
      const log = new CourseLog();
      const orders = new Map([[1, log.order(1)]]);
      const given = new Map<number, { readonly ug: number; readonly date: string }>();
      const plusDays = (days: number): string =>
        new Date(Date.parse(log.today) + days * 86_400_000).toISOString().slice(0, 10);
      for (const { kind, day: number, mg } of steps) {
        const before = log.day('C000001', number);
        if (kind === 'give') {
          const orderId = orders.get(number) ?? log.order(number, 'C000001');
          orders.set(number, orderId);
          const wasDue = before.state === 'today';
          expect(log.check(orderId).ok && !given.has(number)).toBe(wasDue);
          if (wasDue) log.give(orderId, mg / 1_000);
          if (wasDue) given.set(number, { ug: mg, date: log.today });
        }
        if (kind === 'miss') log.miss('C000001', number);
        if (kind === 'move') log.move('C000001', number, plusDays(mg));
        if (kind === 'sleep') log.today = plusDays(mg);
        if (kind === 'restart') log.restart();

        const { days, given: sum, plannedMg } = log.course('C000001');
        expect(days.map((one) => one.day)).toEqual(TEN_DAYS.map((one) => one.day));
        expect(plannedMg).toBe(620);
        const ug = [...given.values()].reduce((total, one) => total + one.ug, 0);
        expect(sum.atLeastMg).toBe(given.size === 0 ? null : ug / 1_000);
        const dates = days.filter(({ state }) => state !== 'missed').map(({ date }) => date);
        expect(new Set(dates).size).toBe(dates.length);
        for (const one of days) {
          expect(one.state === 'given').toBe(given.has(one.day));
          if (one.state === 'given') expect(one.date).toBe(given.get(one.day)?.date);
          if (one.state === 'today') expect(one.date).toBe(log.today);
        }
      }
    }),
    { numRuns: 60 },
  );
});
