import { describe, expect, test } from 'vitest';
import { orderedNow } from '../../src/order/active-order.ts';
import {
  emptyOrderBook,
  isOrderBookEvent,
  nextOrderBook,
  versionsOf,
} from '../../src/order/order-life.ts';
import type { BagLabel } from '../../src/order/session-event.ts';
import { HOUR, MINUTE, TITRATION, type Written } from './order-kit.ts';
import { DOCTOR, NURSE_A, NURSE_B, OrderLog, OTHER_DOCTOR, T0 } from './order-log.ts';

const BAG: BagLabel = TITRATION.bag;

/** The same, with the second step at 15 instead of 30 mg/h. */
const LESS: Written = {
  ...TITRATION,
  steps: TITRATION.steps.map((step) => (step.step === 2 ? { ...step, dose: 15 } : step)),
};

/** Until the amendment takes over on B01. */
function takeOver(log: OrderLog, written: Written, bag = BAG) {
  for (const done of [log.amend(written), log.sign(), log.verify(written)])
    expect(done).toMatchObject({ ok: true });
  return log.activate({ bedId: 'B01', bag });
}

describe('an order that runs is amended by a new version', () => {
  test('the old one runs until the new one is signed, checked by another person and activated', () => {
    const log = new OrderLog().run();
    log.wallMs = T0 + HOUR + 30 * MINUTE;
    const rate = () => log.order.active && orderedNow(log.order.active, log.wallMs).mgPerH;
    const pending = () => [log.order.pending?.version, log.order.pending?.status];
    expect(log.amend(LESS)).toMatchObject({ ok: true });
    expect(log.order).toMatchObject({ status: 'active', version: 1, document: { end: 3 * HOUR } });
    expect([pending(), rate(), log.order.active?.pendingVersion]).toEqual([[2, 'draft'], 30, 2]);
    expect(log.activate({ bedId: 'B01', bag: BAG })).toMatchObject({ status: 409 });
    expect(log.sign({}, NURSE_A)).toMatchObject({ status: 403, code: 'role' });
    log.sign();
    expect([pending(), rate(), log.order.active?.pendingVersion]).toEqual([[2, 'signed'], 30, 2]);
    expect(log.activate({ bedId: 'B01', bag: BAG })).toMatchObject({ status: 409 });
    expect(log.verify(LESS, NURSE_A)).toMatchObject({ code: 'same-person' });
    expect(log.verify(LESS, DOCTOR)).toMatchObject({ code: 'same-person' });
    expect(log.verify(TITRATION)).toMatchObject({ mismatches: [{ path: 'steps[1].dose' }] });
    expect(log.order.pending?.failedChecks).toBe(1);
    log.verify(LESS);
    // Verified, it is no longer what rule ORD-28 asks after; and still the old one runs.
    expect([pending(), rate(), log.order.active?.pendingVersion]).toEqual([
      [2, 'verified'],
      30,
      null,
    ]);
    expect(log.activate({ bedId: 'B02', bag: BAG })).toMatchObject({ status: 409 });
    expect(log.activate({ bedId: 'B01', bag: { drugMg: 400, volumeMl: 240 } })).toMatchObject({
      code: 'bag',
    });
    expect(log.activate({ bedId: 'B01', bag: BAG })).toMatchObject({ ok: true });
    expect([rate(), log.order.version, log.order.pending]).toEqual([15, 2, null]);
  });

  test('session, start and counter go on: the steps count from the start of the session', () => {
    const log = new OrderLog().run();
    const at = log.wallMs;
    log.wallMs += 30 * MINUTE;
    takeOver(log, LESS);
    const { active } = log.order;
    expect(active).toMatchObject({
      version: 2,
      activatedAtWallMs: at,
      startedAtWallMs: at,
      startCounterMl: 1.5,
      startPumpId: 'B01-pump',
      versionSinceWallMs: at + 30 * MINUTE,
      signedBy: 'dr.c',
      verifiedBy: 'nurse.b',
    });
    expect(active && orderedNow(active, at + HOUR + MINUTE).mgPerH).toBe(15);
    expect(active && orderedNow(active, at + 3 * HOUR).phase).toBe('ended');
  });

  test('what was ordered before is permitted until the pump can have been changed', () => {
    const log = new OrderLog().run();
    log.wallMs += HOUR + 30 * MINUTE;
    takeOver(log, LESS);
    const permitted = (ms: number) =>
      log.order.active && orderedNow(log.order.active, log.wallMs + ms).permitted;
    expect(permitted(MINUTE)).toEqual({ lowest: 15, highest: 30 });
    // A decrease that is late is over-infusion, after one minute.
    expect(permitted(MINUTE + 1)).toEqual({ lowest: 15, highest: 15 });
  });

  test('what was said of a step holds for the new version only where the step is the same', () => {
    const log = new OrderLog().run();
    for (const step of [1, 2, 3]) {
      const event = { type: 'step-confirmed', orderId: log.id, step } as const;
      log.take({ ok: true, events: [event] }, NURSE_A);
    }
    takeOver(log, LESS);
    expect(log.order.active?.session.confirmedSteps.map(({ step }) => step)).toEqual([1, 3]);
    expect(log.order.session.confirmedSteps).toHaveLength(3);
    const paused = { type: 'step-confirmed', orderId: log.id, step: 2 } as const;
    log.take({ ok: true, events: [paused] }, NURSE_A);
    expect(log.order.active?.session.confirmedSteps).toHaveLength(3);
  });

  test('another bag of the new version is hung with its activation', () => {
    const log = new OrderLog().run();
    const bag = { drugMg: 240, volumeMl: 240 };
    expect(takeOver(log, { ...LESS, bag }, bag)).toMatchObject({ ok: true });
    expect(log.order.active).toMatchObject({ bag, concentrationMgPerMl: 1 });
    expect(log.order.session.bags).toMatchObject([{ bag }]);
    expect(takeOver(new OrderLog().run(), LESS)).toMatchObject({ events: [{ version: 2 }] });
  });

  test('every version is kept with who did what and when', () => {
    const log = new OrderLog().run();
    log.wallMs += HOUR;
    takeOver(log, LESS);
    expect(versionsOf(log.order)).toMatchObject([
      {
        version: 1,
        status: 'replaced',
        reason: null,
        source: TITRATION,
        createdBy: 'nurse.a',
        signedBy: 'dr.c',
        verifiedBy: 'nurse.b',
        activatedBy: 'nurse.a',
        activatedAtWallMs: T0,
      },
      {
        version: 2,
        status: 'active',
        reason: 'drowsy',
        source: LESS,
        signedAtWallMs: T0 + HOUR,
        activatedAtWallMs: T0 + HOUR,
      },
    ]);
    expect(log.entries.every(({ event }) => isOrderBookEvent(event))).toBe(true);
  });

  test('a newer amendment replaces one that waits, and one that waits can be withdrawn', () => {
    const log = new OrderLog().run();
    log.amend(LESS);
    log.sign();
    log.amend({ ...LESS, end: 'PT4H' });
    expect(log.order.pending).toMatchObject({ version: 3, status: 'draft' });
    expect(log.withdraw()).toMatchObject({ ok: true });
    expect(log.withdraw()).toMatchObject({ status: 409, code: 'no-amendment' });
    expect(log.order).toMatchObject({ status: 'active', version: 1, pending: null });
    expect(log.order.active?.pendingVersion).toBeNull();
    expect(versionsOf(log.order).map(({ version, status }) => [version, status])).toEqual([
      [1, 'active'],
      [2, 'replaced'],
      [3, 'withdrawn'],
    ]);
    log.amend(LESS);
    expect(log.order.pending?.version).toBe(4);
    log.complete();
    expect(log.order).toMatchObject({ status: 'completed', pending: null, recovery: {} });
    expect(log.amend(LESS)).toMatchObject({ status: 409, code: 'wrong-status' });
  });

  test.each([
    ['patient.id', { patient: { id: 'P-9', weightKg: 64 } }, 'other-patient'],
    ['drug.form', { drug: { name: 'ketamine', form: 'S' } }, 'other-drug'],
    [
      'steps',
      { steps: [{ step: 1, at: 'PT0S', dose: 800 }], limits: { maxMgPerH: 900 } },
      'hard-limit',
    ],
  ])('another %s is no amendment', (path, change, code) => {
    const log = new OrderLog().run();
    expect(log.amend({ ...LESS, ...change })).toMatchObject({ status: 422, code, path });
    expect(log.order.pending).toBeNull();
  });

  test('a new version whose plan is over by now is not activated', () => {
    const log = new OrderLog().run();
    log.wallMs += 2 * HOUR;
    const short = { ...TITRATION, steps: TITRATION.steps.slice(0, 2), end: 'PT2H' };
    expect(takeOver(log, short)).toMatchObject({ status: 409, code: 'plan-over', path: 'end' });
  });

  test('a log in which a version takes over without being verified changes nothing', () => {
    const log = new OrderLog().run();
    log.amend(LESS);
    log.sign();
    const event = {
      type: 'order-activated',
      orderId: log.id,
      version: 2,
      bedId: 'B01',
      hardMaxMgPerH: 60,
      softMaxMgPerH: null,
    } as const;
    expect(nextOrderBook(log.book, event, { wallMs: T0 })).toEqual(log.book);
    expect(nextOrderBook(emptyOrderBook, event, { wallMs: T0 })).toEqual(emptyOrderBook);
  });
});

describe('a second check that cannot be made', () => {
  test('is sent back: a draft again, which is signed and checked afresh', () => {
    const log = new OrderLog();
    log.create();
    expect(log.sendBack()).toMatchObject({ status: 409, code: 'wrong-status' });
    log.sign();
    expect(log.sendBack('no', NURSE_A)).toMatchObject({ status: 403, code: 'same-person' });
    log.verify(LESS);
    expect(log.sendBack('the weight cannot be read')).toMatchObject({ ok: true });
    expect(log.order).toMatchObject({
      status: 'draft',
      version: 1,
      signedBy: null,
      failedChecks: 0,
      sentBack: { by: 'nurse.b', reason: 'the weight cannot be read' },
    });
    expect(log.verify(TITRATION)).toMatchObject({ status: 409 });
    log.sign({}, OTHER_DOCTOR);
    expect(log.verify(TITRATION, NURSE_B)).toMatchObject({ ok: true });
  });

  test('locked after three, it opens only by a new version of a prescriber', () => {
    const log = new OrderLog();
    log.create();
    log.sign();
    for (let attempt = 0; attempt < 3; attempt++) log.verify(LESS);
    expect(log.verify(TITRATION)).toMatchObject({ status: 409, code: 'locked' });
    expect(log.sendBack()).toMatchObject({ status: 409, code: 'locked' });
    expect(log.amend(TITRATION, NURSE_B)).toMatchObject({ status: 403, code: 'locked' });
    expect(log.amend(TITRATION, OTHER_DOCTOR)).toMatchObject({ ok: true });
    expect(log.order).toMatchObject({ status: 'draft', version: 2, failedChecks: 0 });
    log.sign();
    expect(log.verify(TITRATION)).toMatchObject({ ok: true });
    expect(log.activate({ bedId: 'B01', bag: BAG })).toMatchObject({ ok: true });
    expect(versionsOf(log.order).map(({ failedChecks }) => failedChecks)).toEqual([3, 0]);
  });
});
