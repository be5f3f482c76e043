import { describe, expect, test } from 'vitest';
import { activeOrder } from '../../src/order/active-order.ts';
import { NO_BASELINE } from '../../src/order/baseline.ts';
import type { SessionEvent } from '../../src/order/session-event.ts';
import {
  type BedSeen,
  decideAtBedside,
  decideWhileRunning,
  type SessionCall,
} from '../../src/order/session-life.ts';
import { emptySession, nextSession } from '../../src/order/session-record.ts';
import { HOUR, MINUTE, order, TITRATION, type Written } from './order-kit.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const ID = { orderId: 'O000001' };
const BY = { user: 'nurse-a', roles: ['nurse'] };
const SEEN: BedSeen = { baseline: NO_BASELINE, flowMlPerH: 10, pauseStoppedMs: 0 };

/** 20, 30, 10 mg/h, an hour each; half an hour in, unless it is said otherwise. */
function running(noted: readonly SessionEvent[] = [], sinceMs: number | null = HOUR / 2) {
  const written: Written = TITRATION;
  const active = activeOrder({
    ...ID,
    version: 1,
    document: order(written),
    hardMaxMgPerH: 60,
    softMaxMgPerH: null,
    signedBy: 'prescriber-a',
    verifiedBy: 'nurse-b',
    activatedAtWallMs: NOW - 2 * HOUR,
    session: noted.reduce(
      (session, event) => nextSession(session, event, { by: 'nurse-b', atWallMs: NOW - MINUTE }),
      emptySession,
    ),
  });
  return { ...active, startedAtWallMs: sinceMs === null ? null : NOW - sinceMs };
}

const call = (body: unknown, about: Partial<SessionCall> = {}): SessionCall => ({
  order: running(),
  recovery: null,
  by: BY,
  wallMs: NOW,
  seen: SEEN,
  body,
  ...about,
});
const pause = (body: unknown, about?: Partial<SessionCall>) =>
  decideAtBedside('pause', call(body, about));
const resume = (about?: Partial<SessionCall>) => decideAtBedside('resume', call({}, about));
const step = (body: unknown, about?: Partial<SessionCall>) =>
  decideWhileRunning('step', call(body, about));

const PAUSED: SessionEvent = {
  type: 'infusion-paused',
  ...ID,
  reason: 'bag change',
  isBagChange: true,
  minutes: 5,
};
const made = (number: number): SessionEvent => ({
  type: 'step-made',
  ...ID,
  step: number,
  how: 'made',
  pumpId: 'B01-pump',
  mgPerH: 20,
  mlPerH: 10,
});
const held = (number: number, untilWallMs: number | null = null): SessionEvent => ({
  type: 'step-held',
  ...ID,
  step: number,
  reason: 'drowsy',
  untilWallMs,
});

describe('a pause', () => {
  const whole = { reason: ' bag change ', minutes: 5 };

  test('is recorded as it was said', () => {
    const said = { type: 'infusion-paused', ...ID, reason: 'bag change', minutes: 5 };
    expect(pause(whole)).toEqual({ ok: true, events: [{ ...said, isBagChange: false }] });
    expect(pause({ ...whole, bagChange: true })).toMatchObject({ events: [{ isBagChange: true }] });
    expect(pause({ ...whole, minutes: 10 }).ok).toBe(true);
  });

  test.each([
    { given: 'no reason', body: { minutes: 5 }, status: 400, path: 'reason' },
    { given: 'a blank reason', body: { reason: ' ', minutes: 5 }, status: 400, path: 'reason' },
    { given: 'no time', body: { reason: 'x' }, status: 400, path: 'minutes' },
    { given: 'no minute', body: { reason: 'x', minutes: 0 }, status: 400, path: 'minutes' },
    { given: 'half a minute', body: { reason: 'x', minutes: 0.5 }, status: 400, path: 'minutes' },
    { given: 'as text', body: { reason: 'x', minutes: '5' }, status: 400, path: 'minutes' },
    { given: 'another field', body: { ...whole, until: 1 }, status: 400, path: 'until' },
    { given: 'more than 10 min', body: { reason: 'x', minutes: 11 }, status: 422, path: 'minutes' },
  ])('$given: $status at $path', ({ body, status, path }) => {
    expect(pause(body)).toMatchObject({ ok: false, status, path });
  });

  test.each([
    { given: 'nothing runs', order: null, code: 'no-order' },
    { given: 'nothing flowed yet', order: running([], null), code: 'not-started' },
    { given: 'the end is over', order: running([], 3 * HOUR), code: 'past-end' },
    { given: 'one runs', order: running([PAUSED]), code: 'paused' },
  ])('$given: refused in words', (row) => {
    expect(pause(whole, { order: row.order })).toMatchObject({ status: 409, code: row.code });
  });

  test('ends by hand with the time in which nothing flowed; without one there is nothing to end', () => {
    const seen = { ...SEEN, flowMlPerH: 0, pauseStoppedMs: 90_000 };
    expect(resume({ order: running([PAUSED]), seen })).toEqual({
      ok: true,
      events: [{ type: 'infusion-resumed', ...ID, stoppedMs: 90_000 }],
      note: 'Nothing flows yet: start the pump.',
    });
    expect(resume()).toMatchObject({ status: 409, code: 'not-paused' });
    expect(resume({ order: null })).toMatchObject({ status: 409, code: 'no-order' });
  });
});

describe('a step', () => {
  test('is confirmed, held with or without an end, and released', () => {
    expect(step({ step: 2, action: 'confirm' })).toEqual({
      ok: true,
      events: [{ type: 'step-confirmed', ...ID, step: 2 }],
    });
    const hold = { step: 2, action: 'hold', reason: 'drowsy' };
    expect(step(hold)).toMatchObject({ events: [{ type: 'step-held', untilWallMs: null }] });
    expect(step({ ...hold, minutes: 30 })).toMatchObject({
      events: [{ untilWallMs: NOW + 30 * MINUTE }],
    });
    expect(step({ step: 2, action: 'release' }, { order: running([held(2)]) })).toEqual({
      ok: true,
      events: [{ type: 'step-released', ...ID, step: 2 }],
    });
  });

  test.each([
    { given: 'no step', body: { action: 'confirm' }, status: 400, path: 'step' },
    { given: 'no action', body: { step: 2 }, status: 400, path: 'action' },
    { given: 'another word', body: { step: 2, action: 'skip' }, status: 400, path: 'action' },
    { given: 'no such step', body: { step: 4, action: 'confirm' }, status: 422, path: 'step' },
    {
      given: 'a hold without a reason',
      body: { step: 2, action: 'hold' },
      status: 400,
      path: 'reason',
    },
    {
      given: 'a hold for days',
      body: { step: 2, action: 'hold', reason: 'x', minutes: 1_441 },
      status: 400,
      path: 'minutes',
    },
  ])('$given: $status at $path', ({ body, status, path }) => {
    expect(step(body)).toMatchObject({ ok: false, status, path });
  });

  const hold = (number: number) => ({ step: number, action: 'hold', reason: 'drowsy' });
  test.each([
    { given: 'a decrease is held', body: hold(3), code: 'no-increase' },
    { given: 'the first one is held', body: hold(1), code: 'first-step' },
    { given: 'held twice', body: hold(2), noted: [held(2)], code: 'held' },
    { given: 'made and held', body: hold(2), noted: [made(1), made(2)], code: 'step-made' },
    { given: 'left out and held', body: hold(2), noted: [made(1), made(3)], code: 'step-made' },
    {
      given: 'confirmed while held',
      body: { step: 2, action: 'confirm' },
      noted: [held(2)],
      code: 'held',
    },
    { given: 'confirmed two ahead', body: { step: 3, action: 'confirm' }, code: 'not-next' },
    {
      given: 'made and confirmed',
      body: { step: 1, action: 'confirm' },
      noted: [made(1)],
      code: 'step-made',
    },
    { given: 'released and not held', body: { step: 2, action: 'release' }, code: 'not-held' },
    {
      given: 'released after it ran out',
      body: { step: 2, action: 'release' },
      noted: [held(2, NOW)],
      code: 'not-held',
    },
  ])('$given: refused in words', ({ body, noted, code }) => {
    const decision = step(body, { order: running(noted ?? []) });
    expect(decision).toMatchObject({ ok: false, code });
    if (!decision.ok) expect(decision.message.endsWith('.')).toBe(true);
  });

  test('a hold that ran out can be followed by another', () => {
    expect(step(hold(2), { order: running([held(2, NOW)]) }).ok).toBe(true);
  });
});
