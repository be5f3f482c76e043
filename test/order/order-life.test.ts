import { describe, expect, test } from 'vitest';
import {
  activeOn,
  type CareArea,
  CHECKS_MAX,
  decideActivate,
  decideComplete,
  decideCreate,
  decideDiscontinue,
  decideSign,
  decideStart,
  decideVerify,
  emptyOrderBook,
  isOrderBookEvent,
  nextOrderBook,
  nextOrderId,
  type OrderBook,
  type OrderDecision,
  type OrderEvent,
  type Person,
} from '../../src/order/order-life.ts';
import { library, order, shelf, site, TITRATION, TWO_BAGS, type Written } from './order-kit.ts';

const NURSE_A: Person = { user: 'nurse.a', roles: ['nurse'] };
const NURSE_B: Person = { user: 'nurse.b', roles: ['nurse'] };
const DOCTOR: Person = { user: 'dr.c', roles: ['prescriber'] };
const ID = 'O000001';
const BAG = TITRATION.bag;

/** What decisions wrote, as JSON; the book is folded from it, as after a restart. */
class Log {
  readonly entries: {
    readonly event: OrderEvent;
    readonly user: string;
    readonly wallMs: number;
  }[] = [];
  #wallMs = 1_000;

  get book(): OrderBook {
    return this.entries.reduce(
      (book, { event, user, wallMs }) => nextOrderBook(book, event, { user, wallMs }),
      emptyOrderBook,
    );
  }

  take(decision: OrderDecision, by: Person): OrderDecision {
    this.#wallMs += 1_000;
    for (const event of decision.events ?? []) {
      const kept = JSON.parse(JSON.stringify(event)) as OrderEvent;
      this.entries.push({ event: kept, user: by.user, wallMs: this.#wallMs });
    }
    return decision;
  }

  create(written: Written = TITRATION, area: CareArea = 'standard'): OrderDecision {
    return this.take(
      decideCreate(this.book, order(written), written, library(), area, shelf),
      NURSE_A,
    );
  }

  sign(by: Person = DOCTOR): OrderDecision {
    return this.take(decideSign(this.book, ID, by, {}, site()), by);
  }

  verify(entered: unknown = TITRATION, by: Person = NURSE_B): OrderDecision {
    return this.take(decideVerify(this.book, ID, by, entered, 0), by);
  }

  activate(
    bedId = 'B01',
    bag: typeof BAG | { drugMg: number; volumeMl: number } = BAG,
  ): OrderDecision {
    return this.take(decideActivate(this.book, ID, { bedId, bag }, site()), NURSE_A);
  }

  until(step: 'draft' | 'signed' | 'verified' | 'active', written: Written = TITRATION): this {
    const way = [
      () => this.create(written),
      () => this.sign(),
      () => this.verify(written),
      () => this.activate(),
    ];
    for (const go of way.slice(0, ['draft', 'signed', 'verified', 'active'].indexOf(step) + 1)) {
      expect(go()).toMatchObject({ ok: true });
    }
    return this;
  }

  /** A second order, verified. */
  other(source: Written): void {
    for (const event of [
      { type: 'order-created', orderId: 'O000002', source },
      { type: 'order-signed', orderId: 'O000002' },
      { type: 'order-verified', orderId: 'O000002' },
    ] as const) {
      this.entries.push({ event, user: 'x', wallMs: 9_000 });
    }
  }

  get status(): string | undefined {
    return this.book.orders.get(ID)?.status;
  }
}

test('an order is written, signed, checked by another person, started and completed', () => {
  const log = new Log().until('active');
  expect(activeOn(log.book, 'B01')?.active).toMatchObject({
    orderId: ID,
    status: 'active',
    bag: BAG,
    concentrationMgPerMl: 2,
    hardMaxMgPerH: 60,
    softMaxMgPerH: 40,
    activatedAtWallMs: 5_000,
    startedAtWallMs: null,
  });
  log.take(decideStart(log.book, ID, { pumpId: 'B01-pump', counterMl: 1.5 }), NURSE_A);
  expect(activeOn(log.book, 'B01')?.active).toMatchObject({
    startedAtWallMs: 6_000,
    startPumpId: 'B01-pump',
    startCounterMl: 1.5,
  });
  log.take(decideComplete(log.book, ID), NURSE_A);
  expect(log.status).toBe('completed');
  expect(activeOn(log.book, 'B01')).toBeUndefined();
  expect(log.entries.every(({ event }) => isOrderBookEvent(event))).toBe(true);
});

test('the first flow counts: a second one does not move the plan', () => {
  const log = new Log().until('active');
  log.take(decideStart(log.book, ID, { pumpId: 'p', counterMl: 0 }), NURSE_A);
  expect(decideStart(log.book, ID, { pumpId: 'p', counterMl: 9 })).toMatchObject({ status: 409 });
  const again: OrderEvent = { type: 'order-started', orderId: ID, pumpId: 'p', counterMl: 9 };
  expect(nextOrderBook(log.book, again, { wallMs: 99_000 })).toEqual(log.book);
});

describe('roles', () => {
  test('only a prescriber signs', () => {
    const log = new Log().until('draft');
    expect(log.sign(NURSE_A)).toMatchObject({ ok: false, status: 403, code: 'role' });
    expect(log.status).toBe('draft');
  });

  test.each([
    ['who wrote it', NURSE_A],
    ['who signed it', DOCTOR],
  ] as const)('the person %s cannot make the second check', (_, by) => {
    const log = new Log().until('signed');
    expect(log.verify(TITRATION, by)).toMatchObject({ status: 403, code: 'same-person' });
    expect(log.status).toBe('signed');
    expect(log.book.orders.get(ID)?.failedChecks).toBe(0);
  });

  test('nor can a technician', () => {
    const log = new Log().until('signed');
    expect(log.verify(TITRATION, { user: 'tech', roles: ['biomed'] })).toMatchObject({
      code: 'role',
    });
  });
});

const steps = (index: number, change: Written): Written => ({
  ...TITRATION,
  steps: TITRATION.steps.map((step, at) => (at === index ? { ...step, ...change } : step)),
});

describe('the second check is blind, and every critical field must match', () => {
  test.each([
    { path: 'patient.id', entered: { ...TITRATION, patient: { id: 'P-0000003', weightKg: 64 } } },
    {
      path: 'patient.weightKg',
      entered: { ...TITRATION, patient: { id: 'P-0000002', weightKg: 46 } },
    },
    { path: 'drug.name', entered: { ...TITRATION, drug: { name: 'lidocaine', form: 'racemic' } } },
    { path: 'drug.form', entered: { ...TITRATION, drug: { name: 'ketamine', form: 'S' } } },
    { path: 'bag.drugMg', entered: { ...TITRATION, bag: { drugMg: 48, volumeMl: 240 } } },
    { path: 'bag.volumeMl', entered: { ...TITRATION, bag: { drugMg: 480, volumeMl: 500 } } },
    { path: 'mode', entered: { ...TITRATION, mode: 'mg-total-over' } },
    { path: 'steps[1].dose', entered: steps(1, { dose: 3 }) },
    { path: 'steps[1].dose', entered: steps(1, { dose: '30' }) },
    { path: 'steps[2].at', entered: steps(2, { at: 'PT2M' }) },
    { path: 'steps[0].over', entered: steps(0, { over: 'PT1H' }) },
    { path: 'end', entered: { ...TITRATION, end: 'PT3M' } },
    { path: 'limits.maxMgPerH', entered: { ...TITRATION, limits: { maxMgPerH: 400 } } },
    {
      path: 'limits.maxMgSession',
      entered: { ...TITRATION, limits: { maxMgPerH: 40, maxMgSession: 1 } },
    },
    { path: 'kvo.allowed', entered: { ...TITRATION, kvo: { allowed: true } } },
  ])('$path', ({ path, entered }) => {
    const log = new Log().until('signed');
    expect(log.verify(entered)).toMatchObject({
      ok: false,
      status: 422,
      code: 'mismatch',
      mismatches: [{ path }],
    });
    expect(log.status).toBe('signed');
    expect(log.book.orders.get(ID)?.failedChecks).toBe(1);
  });

  test('a mismatch tells both values', () => {
    const decision = new Log().until('signed').verify(steps(1, { dose: 3 }));
    expect(decision).toMatchObject({
      mismatches: [{ path: 'steps[1].dose', entered: 3, ordered: 30 }],
    });
  });

  test('a step too many is a mismatch', () => {
    const entered = { ...TITRATION, steps: [...TITRATION.steps, { step: 4, at: 'PT2H', dose: 5 }] };
    expect(new Log().until('signed').verify(entered)).toMatchObject({
      mismatches: [{ path: 'steps[3]' }],
    });
  });

  test('the same time in other words is the same, and what is not critical may be left out', () => {
    const entered = {
      patient: TITRATION.patient,
      drug: { name: 'Ketamine', form: 'racemic' },
      bag: BAG,
      mode: 'mg-per-h',
      steps: [
        { at: 'PT0M', dose: 20 },
        { at: 'PT60M', dose: 30 },
        { at: 'PT120M', dose: 10 },
      ],
      end: 'PT180M',
      limits: { maxMgPerH: 40 },
    };
    expect(new Log().until('signed').verify(entered)).toMatchObject({ ok: true });
  });

  test('an order without KVO is the same as one that does not allow it', () => {
    const { kvo: _, ...withoutKvo } = TITRATION;
    const log = new Log().until('signed', withoutKvo);
    expect(log.verify(TITRATION)).toMatchObject({ ok: true });
  });

  test.each([
    ['nothing', null],
    ['no object', 'yes'],
    ['an empty one', {}],
    ['a step too few', { ...TITRATION, steps: TITRATION.steps.slice(0, 2) }],
    ['no weight', { ...TITRATION, patient: { id: 'P-0000002' } }],
    [
      'no time of an amount',
      { ...TWO_BAGS, steps: TWO_BAGS.steps.map(({ over: _, ...step }) => step) },
    ],
  ])('an entry with %s is incomplete: refused, and no attempt', (_, entered) => {
    const log = new Log().until('signed', _ === 'no time of an amount' ? TWO_BAGS : TITRATION);
    expect(log.verify(entered)).toMatchObject({ ok: false, status: 422, code: 'incomplete' });
    expect(log.book.orders.get(ID)?.failedChecks).toBe(0);
  });

  test('three failed checks lock the order, also for the right entry', () => {
    const log = new Log().until('signed');
    for (let attempt = 1; attempt <= CHECKS_MAX; attempt++) {
      const decision = log.verify(steps(0, { dose: 2 }));
      expect(decision).toMatchObject({ code: 'mismatch' });
      if (!decision.ok) expect(decision.message.includes('locked')).toBe(attempt === CHECKS_MAX);
    }
    expect(log.verify()).toMatchObject({ ok: false, status: 409, code: 'locked' });
    expect(log.activate()).toMatchObject({ ok: false, status: 409 });
    expect(log.take(decideDiscontinue(log.book, ID, 'written anew'), DOCTOR)).toMatchObject({
      ok: true,
    });
  });

  test('two failed checks do not', () => {
    const log = new Log().until('signed');
    for (let attempt = 1; attempt < CHECKS_MAX; attempt++) log.verify(steps(0, { dose: 2 }));
    expect(log.verify()).toMatchObject({ ok: true });
  });
});

describe('activation', () => {
  test.each(['draft', 'signed'] as const)('refuses an order that is only %s', (step) => {
    expect(new Log().until(step).activate()).toMatchObject({ ok: false, status: 409 });
  });

  test.each([
    ['of another day', { drugMg: 40, volumeMl: 240 }],
    ['of another volume', { drugMg: 480, volumeMl: 250 }],
    ['that is nearly right', { drugMg: 480.1, volumeMl: 240 }],
  ])('refuses a bag %s', (_, bag) => {
    const decision = new Log().until('verified').activate('B01', bag);
    expect(decision).toMatchObject({ ok: false, status: 422, code: 'bag', path: 'bag' });
  });

  test('refuses a bed that has an order, and one that does not exist', () => {
    const log = new Log().until('active');
    log.other({ ...TITRATION, patient: { id: 'P-0000009' } });
    const activate = (bedId: string): OrderDecision =>
      decideActivate(log.book, 'O000002', { bedId, bag: BAG }, site());
    expect(activate('B01')).toMatchObject({ ok: false, status: 409, code: 'bed-taken' });
    expect(activate('X99')).toMatchObject({ ok: false, status: 422, code: 'no-such-bed' });
    expect(activate('B02')).toMatchObject({ ok: true });
  });

  test('refuses a second order for a patient who has one on another bed', () => {
    const log = new Log().until('active');
    log.other(TITRATION);
    const activate = () => decideActivate(log.book, 'O000002', { bedId: 'B02', bag: BAG }, site());
    expect(activate()).toMatchObject({ ok: false, status: 409, code: 'patient-elsewhere' });
    log.take(decideComplete(log.book, ID), NURSE_A);
    expect(activate()).toMatchObject({ ok: true });
  });

  test('an order for the coma ward is refused on another bed, naming the limit', () => {
    const coma = {
      ...TITRATION,
      steps: [{ step: 1, at: 'PT0S', dose: 500 }],
      limits: { maxMgPerH: 700 },
    };
    const log = new Log();
    expect(log.create(coma, 'standard')).toMatchObject({ status: 422, code: 'hard-limit' });
    log.create(coma, 'icu-coma');
    log.sign();
    log.verify(coma);
    const onWard = log.activate('B01');
    expect(onWard).toMatchObject({ ok: false, status: 422, code: 'hard-limit' });
    if (!onWard.ok)
      expect(onWard.message).toContain('hard limit of 60 mg/h (drug library, ward-continuous)');
    expect(log.activate('ICU')).toMatchObject({ ok: true });
  });
});

describe('limits of the drug library', () => {
  const rated = (dose: number): Written => ({
    ...TITRATION,
    steps: [{ step: 1, at: 'PT0S', dose }],
    limits: { maxMgPerH: 100 },
  });

  test.each([
    ['at the soft limit nothing is said', 40, true, undefined],
    ['above it, it is told', 40.1, true, 'above the soft limit of 40 mg/h'],
    ['at the hard limit it is still told', 60, true, 'above the soft limit'],
  ] as const)('%s', (_, dose, ok, note) => {
    const decision = new Log().create(rated(dose));
    expect(decision.ok).toBe(ok);
    if (!decision.ok) return;
    if (note === undefined) expect(decision.note).toBeUndefined();
    else expect(decision.note).toContain(note);
  });

  test('above the hard limit the order is refused, with the digits that show why', () => {
    const decision = new Log().create(rated(60.04));
    expect(decision).toMatchObject({ ok: false, status: 422, code: 'hard-limit', path: 'steps' });
    if (!decision.ok)
      expect(decision.message).toContain('60.04 mg/h is above the hard limit of 60');
  });

  test('a drug that is not in the library is refused', () => {
    const decision = new Log().create({
      ...TITRATION,
      drug: { name: 'lidocaine', form: 'racemic' },
    });
    expect(decision).toMatchObject({ ok: false, status: 422, code: 'drug' });
  });
});

describe('the log', () => {
  test('an order that this version cannot read keeps its number and does nothing', () => {
    const log = new Log();
    const event: OrderEvent = {
      type: 'order-created',
      orderId: ID,
      source: { from: 'the future' },
    };
    log.entries.push({ event, user: 'x', wallMs: 1 });
    expect(log.book.orders.size).toBe(0);
    expect(nextOrderId(log.book)).toBe('O000002');
  });

  test.each([
    { type: 'order-activated', orderId: ID, bedId: 'B01', hardMaxMgPerH: 60, softMaxMgPerH: null },
    { type: 'order-verified', orderId: ID },
    { type: 'order-completed', orderId: ID },
    { type: 'order-signed', orderId: 'O999999' },
  ] as const)('$type does not make a draft more than it is', (event) => {
    const { book } = new Log().until('draft');
    expect(nextOrderBook(book, event, { wallMs: 1 })).toEqual(book);
  });

  test('a later library does not change an order that runs', () => {
    const log = new Log().until('active');
    const restarted = log.entries.reduce(
      (book, { event, user, wallMs }) => nextOrderBook(book, event, { user, wallMs }),
      emptyOrderBook,
    );
    expect(restarted).toEqual(log.book);
    expect(activeOn(restarted, 'B01')?.active?.hardMaxMgPerH).toBe(60);
  });

  test.each(['completed', 'discontinued'])('an order that is %s stays so', (end) => {
    const log = new Log().until('active');
    log.take(
      end === 'completed' ? decideComplete(log.book, ID) : decideDiscontinue(log.book, ID, 'pain'),
      NURSE_A,
    );
    for (const decision of [
      decideComplete(log.book, ID),
      decideDiscontinue(log.book, ID, 'again'),
      log.activate(),
    ]) {
      expect(decision).toMatchObject({ ok: false, status: 409 });
    }
    expect(log.status).toBe(end);
  });

  test('an order that nobody wrote is 404', () => {
    expect(new Log().sign()).toMatchObject({ ok: false, status: 404, code: 'no-such-order' });
  });
});
