import { describe, expect, test } from 'vitest';
import { activeOrder } from '../../src/order/active-order.ts';
import { baselineInUse, NO_BASELINE } from '../../src/order/baseline.ts';
import { recoveryOf } from '../../src/order/recovery.ts';
import {
  type BedsideVerb,
  decideAtBedside,
  type SessionCall,
} from '../../src/order/session-life.ts';
import { emptySession, nextSession } from '../../src/order/session-record.ts';
import { HOUR, MINUTE, order, TITRATION, type Written } from './order-kit.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const nurse = { user: 'nurse-a', roles: ['nurse'] };
const at = (ms: number): string => new Date(NOW + ms).toISOString();

const running = (written: Written = TITRATION) => ({
  ...activeOrder({
    orderId: 'O000001',
    version: 1,
    document: order(written),
    hardMaxMgPerH: 60,
    softMaxMgPerH: null,
    signedBy: 'prescriber-a',
    verifiedBy: 'nurse-b',
    activatedAtWallMs: NOW - 2 * HOUR,
    session: emptySession,
  }),
  startedAtWallMs: NOW - HOUR,
});

/** Whose infusion ended some time ago. */
const recovering = (agoMs: number, written: Written = TITRATION) => {
  const startedAtWallMs = NOW - agoMs - 3 * HOUR;
  const about = { orderId: 'O000001', document: order(written), startedAtWallMs };
  return recoveryOf(about, emptySession, NOW - agoMs);
};

function decide(verb: BedsideVerb, body: unknown, call: Partial<SessionCall> = {}) {
  const seen = { baseline: NO_BASELINE, flowMlPerH: null, pauseStoppedMs: 0 };
  const given = { order: running(), recovery: null, by: nurse, wallMs: NOW, seen, body };
  return decideAtBedside(verb, { ...given, ...call });
}

const refused = (verb: BedsideVerb, body: unknown, call?: Partial<SessionCall>) => {
  const decision = decide(verb, body, call);
  if (decision.ok) throw new Error(`it was done: ${JSON.stringify(decision.events)}`);
  return decision;
};
const done = (verb: BedsideVerb, body: unknown, call?: Partial<SessionCall>) => {
  const decision = decide(verb, body, call);
  if (!decision.ok) throw new Error(decision.message);
  return decision;
};

describe('baseline', () => {
  const whole = { heartRateBpm: 70, spo2Percent: 97, systolicMmHg: 120, diastolicMmHg: 80 };

  test('what a nurse says is recorded as it was said; what is left out is not zero', () => {
    expect(done('baseline', whole).events).toEqual([
      { type: 'baseline-confirmed', orderId: 'O000001', values: whole },
    ]);
    const [event] = done('baseline', { heartRateBpm: 70, spo2Percent: null }).events;
    expect(event).toMatchObject({ values: { ...NO_BASELINE, heartRateBpm: 70 } });
  });

  test.each([
    { field: 'heartRateBpm', least: 25, most: 250 },
    { field: 'spo2Percent', least: 60, most: 100 },
    { field: 'systolicMmHg', least: 50, most: 280 },
    { field: 'diastolicMmHg', least: 20, most: 180 },
  ])('$field: $least to $most, and nothing beyond', ({ field, least, most }) => {
    for (const value of [least, most]) done('baseline', { [field]: value });
    for (const value of [least - 0.1, most + 0.1, 0, -70]) {
      const { status, path, message } = refused('baseline', { [field]: value });
      expect({ status, path }).toEqual({ status: 422, path: field });
      expect(message).toContain(String(value));
    }
  });

  test.each([
    { body: { heartRateBpm: '70' }, path: 'heartRateBpm', says: 'is "70"' },
    { body: { heartRateBpm: Number.NaN }, path: 'heartRateBpm', says: 'bpm' },
    { body: { pulse: 70 }, path: 'pulse', says: 'not known' },
  ])('a wrong shape is refused with field and value: $path', ({ body, path, says }) => {
    const refusal = refused('baseline', body);
    expect(refusal).toMatchObject({ status: 400, path });
    expect(refusal.message).toContain(says);
  });

  test.each([
    { body: {}, code: 'nothing-said' },
    { body: { systolicMmHg: 80, diastolicMmHg: 80 }, code: 'impossible' },
  ])('refused: $code', ({ body, code }) => {
    expect(refused('baseline', body)).toMatchObject({ status: 422, code });
  });

  test('after the infusion there is no baseline to confirm', () => {
    const call = { order: null, recovery: recovering(MINUTE) };
    expect(refused('baseline', whole, call).status).toBe(409);
  });

  test('a number far from what the monitor showed is kept, and told', () => {
    const seen = { baseline: { ...whole, heartRateBpm: 80 }, flowMlPerH: null, pauseStoppedMs: 0 };
    expect(done('baseline', { heartRateBpm: 96 }, { seen })).not.toHaveProperty('note');
    expect(done('baseline', { heartRateBpm: 97 }, { seen }).note).toContain('showed 80');
  });

  test('rules run on what was confirmed, number by number, else on what was seen', () => {
    const said = { by: 'nurse-a', atWallMs: NOW };
    const seen = { heartRateBpm: 80, spo2Percent: 96, systolicMmHg: null, diastolicMmHg: null };
    const before = nextSession(
      emptySession,
      { type: 'baseline-seen', orderId: 'O000001', values: seen },
      said,
    );
    expect(baselineInUse(before)).toEqual(seen);
    const values = { ...NO_BASELINE, heartRateBpm: 70 };
    const confirmed = nextSession(
      before,
      { type: 'baseline-confirmed', orderId: 'O000001', values },
      said,
    );
    expect(baselineInUse(confirmed)).toEqual({ ...seen, heartRateBpm: 70 });
    expect(baselineInUse(emptySession)).toEqual(NO_BASELINE);
  });
});

describe('observation', () => {
  test('scores and note, who asked nothing said nothing', () => {
    const [event] = done('observation', { pain: 0, sedation: 1, note: ' sleepy ' }).events;
    expect(event).toEqual({
      type: 'observation-noted',
      orderId: 'O000001',
      scores: {
        pain: 0,
        affective: null,
        sedation: 1,
        dysphoria: null,
        hallucination: null,
        nausea: null,
        headache: null,
      },
      note: 'sleepy',
    });
  });

  test.each([
    { field: 'pain', most: 10 },
    { field: 'affective', most: 4 },
    { field: 'sedation', most: 4 },
    { field: 'dysphoria', most: 3 },
    { field: 'hallucination', most: 3 },
    { field: 'nausea', most: 3 },
    { field: 'headache', most: 3 },
  ])('$field: whole points from 0 to $most', ({ field, most }) => {
    for (const value of [0, most]) done('observation', { [field]: value });
    for (const value of [-1, most + 1, 0.5])
      expect(refused('observation', { [field]: value })).toMatchObject({
        status: 422,
        path: field,
      });
    expect(refused('observation', { [field]: '1' })).toMatchObject({ status: 400, path: field });
  });

  test('nothing at all is no observation', () => {
    for (const body of [{}, { pain: null, note: '  ' }])
      expect(refused('observation', body).code).toBe('nothing-said');
  });

  test('also in recovery; with nobody there it is refused', () => {
    done('observation', { pain: 1 }, { order: null, recovery: recovering(MINUTE) });
    expect(refused('observation', { pain: 1 }, { order: null }).status).toBe(409);
  });

  test('a sedation beyond that of the order is told as a reason to hold, and judged by a person', () => {
    const call = { order: running({ ...TITRATION, holdIf: { sedationAbove: 2 } }) };
    expect(done('observation', { sedation: 2 }, call)).not.toHaveProperty('note');
    expect(done('observation', { sedation: 3 }, call).note).toContain('Sedation 3 is above 2');
  });
});

describe('adjunct', () => {
  const clonidine = { drug: 'clonidine', doseMg: 0.1, route: 'oral', givenAt: at(-30 * MINUTE) };

  test('is recorded with dose, route and the time at which it was given', () => {
    const [event] = done('adjunct', clonidine).events;
    expect(event).toMatchObject({ ...{ drug: 'clonidine', doseMg: 0.1, route: 'oral' } });
    expect(event).toMatchObject({ givenAtWallMs: NOW - 30 * MINUTE });
    const { givenAt: _, ...now } = clonidine;
    expect(done('adjunct', now).events[0]).toMatchObject({ givenAtWallMs: NOW });
    done('adjunct', now, { order: null, recovery: recovering(MINUTE) });
  });

  test.each([
    { given: 'a minute ahead', ms: MINUTE, ok: true },
    { given: 'more than that', ms: MINUTE + 1, ok: false },
    // Activated two hours ago.
    { given: '12 h before the order was activated', ms: -14 * HOUR, ok: true },
    { given: 'longer before', ms: -14 * HOUR - 1, ok: false },
  ])('time: $given', ({ ms, ok }) => {
    const decision = decide('adjunct', { ...clonidine, givenAt: at(ms) });
    expect(decision.ok).toBe(ok);
    if (!decision.ok) expect(decision).toMatchObject({ status: 422, path: 'givenAt' });
  });

  test.each([
    { drug: 'clonidine', doseMg: 100, why: 'micrograms as milligrams' },
    { drug: 'Midazolam 1 mg/mL', doseMg: 40, why: 'a point lost' },
    { drug: 'lorazepam', doseMg: 0, why: 'nothing' },
    { drug: 'ondansetron', doseMg: -4, why: 'negative' },
    { drug: 'paracetamol', doseMg: 10_000, why: 'ten times' },
  ])('$drug $doseMg mg is refused: $why', ({ drug, doseMg }) => {
    const refusal = refused('adjunct', { ...clonidine, drug, doseMg });
    expect(refusal).toMatchObject({ status: 422, path: 'doseMg' });
    expect(refusal.message).toContain(`${drug} ${doseMg} mg`);
  });

  test.each([
    { change: { drug: ' ' }, path: 'drug' },
    { change: { doseMg: '0.1' }, path: 'doseMg' },
    { change: { route: undefined }, path: 'route' },
    { change: { givenAt: '08:00' }, path: 'givenAt' },
  ])('shape: $path', ({ change, path }) => {
    expect(refused('adjunct', { ...clonidine, ...change })).toMatchObject({ status: 400, path });
  });

  test('what does not agree with the order is recorded and told', () => {
    const adjuncts = [{ drug: 'Clonidine', doseMg: 0.1, route: 'oral' }];
    const call = { order: running({ ...TITRATION, adjuncts }) };
    expect(done('adjunct', clonidine, call)).not.toHaveProperty('note');
    expect(done('adjunct', { ...clonidine, doseMg: 0.2 }, call).note).toContain('0.1 mg');
    expect(done('adjunct', { ...clonidine, drug: 'midazolam', doseMg: 2 }, call).note).toContain(
      'not among',
    );
  });

  test('ketamine by hand does not count as given by the pump', () => {
    expect(done('adjunct', { ...clonidine, drug: 'S-Ketamine', doseMg: 5 }).note).toContain('pump');
  });
});

describe('discharge', () => {
  const gone = (body: unknown, agoMs: number, written?: Written) =>
    decide('discharge', body, { order: null, recovery: recovering(agoMs, written) });

  test.each([
    { ordered: 'nothing', written: TITRATION, minutes: 60 },
    { ordered: '90 min', written: { ...TITRATION, recovery: 'PT1H30M' }, minutes: 90 },
    {
      ordered: 'nothing, by weight',
      written: {
        ...TITRATION,
        mode: 'mg-per-kg-per-h',
        steps: [{ step: 1, at: 'PT0S', dose: 0.5 }],
      },
      minutes: 120,
    },
  ])('recovery with $ordered ordered is $minutes min', ({ written, minutes }) => {
    const full = gone({}, minutes * MINUTE, written);
    expect(full).toMatchObject({ ok: true, events: [{ reason: 'recovery complete' }] });
    expect(full).not.toHaveProperty('note');
    const short = gone({}, minutes * MINUTE - 1, written);
    expect(short).toMatchObject({ ok: false, status: 422, path: 'reason' });
    const early = gone({ reason: 'own wish' }, minutes * MINUTE - 1, written);
    expect(early).toMatchObject({ ok: true, events: [{ reason: 'own wish' }] });
    if (early.ok) expect(early.note).toContain(`${minutes - 1} of ${minutes} min`);
  });

  test('the record says how long the patient recovered, and how long was ordered', () => {
    const record = nextSession(
      emptySession,
      { type: 'patient-discharged', orderId: 'O000001', reason: 'own wish' },
      { by: 'nurse-a', atWallMs: NOW },
      recovering(20 * MINUTE),
    );
    expect(record.discharged).toEqual({
      by: 'nurse-a',
      atWallMs: NOW,
      reason: 'own wish',
      recoveredMs: 20 * MINUTE,
      minimumMs: HOUR,
    });
  });

  test('not while the order runs, and not with nobody there', () => {
    expect(refused('discharge', {}).status).toBe(409);
    expect(refused('discharge', {}, { order: null }).status).toBe(409);
  });
});
