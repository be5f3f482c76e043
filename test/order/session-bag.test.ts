import { describe, expect, test } from 'vitest';
import { activeOrder } from '../../src/order/active-order.ts';
import {
  decideBag,
  decideConfirmConcentration,
  isSameConcentration,
  lastLabel,
} from '../../src/order/session-bag.ts';
import type { SessionEvent } from '../../src/order/session-event.ts';
import { decideWhileRunning, type SessionCall } from '../../src/order/session-life.ts';
import { emptySession, nextSession } from '../../src/order/session-record.ts';
import { order, TITRATION } from './order-kit.ts';

const ID = 'O000001';
const BAG = { drugMg: 480, volumeMl: 240 };

/** The order after what was said, one event a minute from the activation at 0. */
function orderAfter(...events: readonly (readonly [by: string, event: SessionEvent])[]) {
  const session = events.reduce(
    (folded, [by, event], index) =>
      nextSession(folded, event, { by, atWallMs: (index + 1) * 60_000 }),
    emptySession,
  );
  return activeOrder({
    orderId: ID,
    version: 1,
    document: order(TITRATION),
    hardMaxMgPerH: 60,
    softMaxMgPerH: null,
    activatedAtWallMs: 0,
    signedBy: 'prescriber-a',
    verifiedBy: 'nurse-b',
    session,
  });
}

const call = (body: unknown, active: SessionCall['order'] = orderAfter(), user = 'nurse-a') =>
  ({
    order: active,
    recovery: null,
    by: { user, roles: ['nurse'] },
    wallMs: 0,
    body,
    seen: {},
  }) as unknown as SessionCall;

const pause = (isBagChange: boolean): SessionEvent => ({
  type: 'infusion-paused',
  orderId: ID,
  reason: 'line',
  isBagChange,
  minutes: 5,
});
const resumed: SessionEvent = { type: 'infusion-resumed', orderId: ID, stoppedMs: 1 };
const confirmed: SessionEvent = { type: 'concentration-confirmed', orderId: ID };
const hung = (drugMg: number): SessionEvent => ({
  type: 'bag-hung',
  orderId: ID,
  bag: { drugMg, volumeMl: 240 },
});

describe('a label against the ordered bag of 480 mg in 240 mL', () => {
  test.each([
    [480, 240, true],
    [960, 480, true],
    // Exactly 2 % is the same, either way.
    [489.6, 240, true],
    [470.4, 240, true],
    [489.61, 240, false],
    [470.39, 240, false],
    [480, 500, false],
    [240, 480, false],
  ])('%s mg in %s mL: %s', (drugMg, volumeMl, same) => {
    expect(isSameConcentration({ drugMg, volumeMl }, BAG)).toBe(same);
    expect(decideBag(call({ drugMg, volumeMl }))).toMatchObject({
      ok: true,
      events: [{ type: same ? 'bag-hung' : 'bag-differs', orderId: ID, bag: { drugMg, volumeMl } }],
    });
  });

  test('whoever reads a wrong label is told both', () => {
    expect(decideBag(call({ drugMg: 480, volumeMl: 500 }))).toMatchObject({
      note: 'The bag has 480 mg in 500 mL, the order says 480 mg in 240 mL: stop, and hang the bag that was ordered.',
    });
  });

  test.each([
    [{}, 'drugMg'],
    [{ drugMg: '480', volumeMl: 240 }, 'drugMg'],
    [{ drugMg: '480,5', volumeMl: 240 }, 'drugMg'],
    [{ drugMg: 480 }, 'volumeMl'],
    [{ drugMg: 0, volumeMl: 240 }, 'drugMg'],
    [{ drugMg: -480, volumeMl: 240 }, 'drugMg'],
    [{ drugMg: 480, volumeMl: 0 }, 'volumeMl'],
    [{ drugMg: 480, volumeMl: 24_000 }, 'volumeMl'],
    [{ drugMg: Number.NaN, volumeMl: 240 }, 'drugMg'],
    [{ drugMg: 480, volumeMl: 240, mgPerMl: 2 }, 'mgPerMl'],
  ])('%j is refused and names %s', (body, path) => {
    expect(decideBag(call(body))).toMatchObject({ ok: false, status: 400, path });
  });
});

describe('whose label hangs there', () => {
  test('at first the one of the activation, which is that of the order', () => {
    expect(lastLabel(orderAfter())).toEqual(BAG);
  });

  test('after a pause for another bag nobody knows, until a label is read', () => {
    expect(lastLabel(orderAfter(['a', pause(false)], ['a', resumed]))).toEqual(BAG);
    expect(lastLabel(orderAfter(['a', pause(true)]))).toBeNull();
    expect(lastLabel(orderAfter(['a', pause(true)], ['a', resumed]))).toBeNull();
    expect(lastLabel(orderAfter(['a', pause(true)], ['a', hung(470)]))).toMatchObject({
      drugMg: 470,
    });
    const readBefore = orderAfter(['a', hung(470)], ['a', pause(true)], ['a', resumed]);
    expect(lastLabel(readBefore)).toBeNull();
  });
});

test('the next version of the order is activated with its own bag: older labels are of the older one', () => {
  const before = orderAfter(['a', hung(470)]);
  expect(lastLabel({ ...before, versionSinceWallMs: 120_000 })).toEqual(BAG);
  const since = { ...orderAfter(['a', hung(470)], ['a', hung(480)]), versionSinceWallMs: 90_000 };
  expect(lastLabel(since)).toMatchObject({ drugMg: 480 });
});

describe('two people confirm the concentration', () => {
  test('each of them once', () => {
    const once = orderAfter(['nurse-a', confirmed]);
    expect(decideConfirmConcentration(call({}, once, 'nurse-b'))).toEqual({
      ok: true,
      events: [confirmed],
    });
    expect(decideConfirmConcentration(call({}, once, 'nurse-a'))).toMatchObject({
      ok: false,
      status: 409,
      code: 'same-person',
    });
  });

  const people = (active: ReturnType<typeof orderAfter>) =>
    active.session.concentrationConfirmedBy.map(({ by }) => by);

  test('what was confirmed holds until the bag is changed, and within that pause', () => {
    expect(people(orderAfter(['a', confirmed], ['b', confirmed]))).toEqual(['a', 'b']);
    expect(people(orderAfter(['a', confirmed], ['a', pause(false)], ['a', resumed]))).toEqual([
      'a',
    ]);
    expect(people(orderAfter(['a', confirmed], ['a', pause(true)]))).toEqual([]);
    const inPause = orderAfter(
      ['a', pause(true)],
      ['a', confirmed],
      ['b', confirmed],
      ['a', resumed],
    );
    expect(people(inPause)).toEqual(['a', 'b']);
    expect(people(orderAfter(['a', confirmed], ['a', hung(480)]))).toEqual([]);
  });

  test('a body with more in it is refused', () => {
    const refused = decideConfirmConcentration(call({ mgPerMl: 2 }));
    expect(refused).toMatchObject({ ok: false, status: 400, path: 'mgPerMl' });
  });
});

test.each(['bag', 'confirm-concentration'] as const)('%s needs an order that runs', (verb) => {
  const body = verb === 'bag' ? BAG : {};
  expect(decideWhileRunning(verb, call(body, null))).toMatchObject({ ok: false, status: 409 });
});
