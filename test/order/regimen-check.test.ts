import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseOrderDocument } from '../../src/order/order-document.ts';
import {
  decideActivate,
  decideCreate,
  emptyOrderBook,
  nextOrderBook,
  type OrderEvent,
} from '../../src/order/order-life.ts';
import { parseRegimen, type RegimenShelf } from '../../src/order/regimen.ts';
import { deviations } from '../../src/order/regimen-check.ts';
import { draftOrder } from '../../src/order/regimen-draft.ts';
import { library, order, orderText, regimen, shelf, site, type Written } from './order-kit.ts';

const GOLDBERG = {
  patient: { id: 'P-1', weightKg: 70.8 },
  regimen: 'goldberg-outpatient-10-day',
  setting: 'outpatient-session',
  drug: { name: 'Ketamine', form: 'racemic' },
  bag: { drugMg: 40, volumeMl: 500, diluent: 'normal saline' },
  mode: 'mg-total-over',
  steps: [{ step: 1, at: 'PT0S', dose: 40, over: 'PT4H' }],
  end: 'PT4H',
  limits: { maxMgPerH: 20 },
  bolus: 'none',
  nibpInterval: 'PT15M',
} as const;

const TITRATION = {
  ...GOLDBERG,
  regimen: 'inpatient-5-day-titration',
  setting: 'inpatient-continuous',
  bag: { drugMg: 480, volumeMl: 240 },
  mode: 'mg-per-h',
  steps: [20, 25, 30, 35, 40].map((dose, index) => ({
    step: index + 1,
    at: `PT${24 * index}H`,
    dose,
  })),
  end: 'P5D',
  limits: { maxMgPerH: 40 },
} as const;

const COMA = {
  ...TITRATION,
  regimen: 'icu-coma',
  setting: 'icu-only',
  bag: { drugMg: 25_000, volumeMl: 500 },
  steps: [{ step: 1, at: 'PT0S', dose: 600 }],
  limits: { maxMgPerH: 700 },
} as const;

function create(
  written: Written,
  area: 'standard' | 'icu-coma' = 'standard',
  on: RegimenShelf = shelf,
) {
  return decideCreate(emptyOrderBook, order(written), written, library(), area, on);
}

function noteOf(written: Written, area: 'standard' | 'icu-coma' = 'standard'): string {
  const decision = create(written, area);
  if (!decision.ok) throw new Error(decision.message);
  return decision.note ?? '';
}

test.each([
  ['the ten-day course', GOLDBERG, 'standard'],
  ['the titration', TITRATION, 'standard'],
  ['the coma in its care area', COMA, 'icu-coma'],
] as const)('%s as published has no note', (_, written, area) => {
  expect(noteOf(written, area)).toBe('');
});

test.each(['goldberg-day-1', 'inpatient-titration', 'weight-based-session'])(
  'the example order %s keeps to the template that it names',
  (name) => {
    const parsed = parseOrderDocument(orderText(name));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(deviations(parsed.document, regimen(parsed.document.regimen))).toEqual([]);
  },
);

const dosed = (dose: number, over = 'PT4H'): Written => ({
  ...GOLDBERG,
  bag: { ...GOLDBERG.bag, drugMg: dose },
  steps: [{ step: 1, at: 'PT0S', dose, over }],
  end: over,
  limits: { maxMgPerH: 50 },
});
const rising = (...doses: number[]): Written => ({
  ...TITRATION,
  steps: doses.map((dose, index) => ({ step: index + 1, at: `PT${24 * index}H`, dose })),
  limits: { maxMgPerH: 60 },
});
const course = (day: number, ...days: readonly (readonly [string, number])[]) => ({
  day,
  sessions: days.map(([date, plannedMg], index) => ({ day: index + 1, date, plannedMg })),
});
const adjunct = (drug: string, doseMg: number, route: string): Written => ({
  ...GOLDBERG,
  adjuncts: [{ drug, doseMg, route }],
});

describe('what differs from the template is told, never refused', () => {
  test.each([
    ['a session above the range', dosed(100), 'session 100 mg, not 40 to 80 mg'],
    ['a session below the range', dosed(30), 'session 30 mg, not 40 to 80 mg'],
    ['a shorter session', dosed(40, 'PT3H'), 'length 3 h, not 4 h'],
    ['a higher bound', dosed(40), 'limits.maxMgPerH 50 mg/h, above 20 mg/h'],
    [
      'a smaller bag',
      { ...GOLDBERG, bag: { drugMg: 40, volumeMl: 250 } },
      'bag 250 mL, not 500 mL',
    ],
    [
      'the bag of another day',
      { ...GOLDBERG, bag: { drugMg: 80, volumeMl: 500 } },
      'bag 80 mg and session 40 mg',
    ],
    [
      'another diluent',
      { ...GOLDBERG, bag: { ...GOLDBERG.bag, diluent: 'glucose 5 %' } },
      'diluent glucose 5 %, not normal saline',
    ],
    [
      'a slower cuff',
      { ...GOLDBERG, nibpInterval: 'PT30M' },
      'blood pressure interval 30 min, not 15 min',
    ],
    [
      'no cuff',
      { ...GOLDBERG, nibpInterval: undefined },
      'blood pressure interval not ordered, not 15 min',
    ],
    [
      'another setting',
      { ...GOLDBERG, setting: 'inpatient-continuous' },
      'setting inpatient-continuous, not outpatient-session',
    ],
    [
      'clonidine by vein',
      adjunct('clonidine', 0.1, 'intravenous'),
      'clonidine intravenous, not oral',
    ],
    ['more midazolam', adjunct('midazolam', 8, 'oral'), 'midazolam 8 mg, not 2 to 4 mg'],
    ['an adjunct of its own', adjunct('ondansetron', 4, 'oral'), 'adjunct ondansetron'],
    ['a first dose that is higher', rising(25, 30), 'first dose 25 mg/h, not 20 mg/h'],
    ['a step above the range', rising(20, 25, 30, 35, 45), 'step 5 45 mg/h, not 20 to 40 mg/h'],
    ['a larger step over a pause', rising(20, 0, 30), 'step 3 rises by 10 mg/h, not by 5 mg/h'],
    ['a larger step', rising(20, 30), 'step 2 rises by 10 mg/h, not by 5 mg/h'],
    [
      'a first day that is higher',
      { ...dosed(60), course: course(1, ['2026-11-23', 60]) },
      'first dose 60 mg, not 40 mg',
    ],
    [
      'a short course',
      { ...GOLDBERG, course: course(1, ['2026-11-23', 40]) },
      'course of 1 sessions, not 10',
    ],
    ['a weekend', { ...GOLDBERG, course: course(1, ['2026-11-21', 40]) }, 'day 1 on a weekend'],
    [
      'a day above the range',
      { ...GOLDBERG, course: course(1, ['2026-11-23', 40], ['2026-11-24', 90]) },
      'day 2 90 mg, not 40 to 80 mg',
    ],
  ])('%s', (_, written, says) => {
    expect(noteOf(written)).toMatch(/Differs from regimen [a-z0-9-]+: .*\.$/);
    expect(noteOf(written)).toContain(says);
  });

  test('less observation than the clinic states', () => {
    const { document } = draftOrder(regimen('weight-based-4-hour'), {
      session: 1,
      patient: { id: 'P-1', weightKg: 70.8 },
      bag: { drugMg: 300, volumeMl: 300 },
    });
    const written = { ...document, drug: { name: 'ketamine', form: 'racemic' } };
    expect(noteOf(written)).toBe('');
    expect(noteOf({ ...written, recovery: 'PT1H' })).toContain('recovery 1 h, not 2 h');
    expect(noteOf({ ...written, recovery: undefined })).toContain('recovery 0 min, not 2 h');
  });

  test('a lower step, an ordered pause, and a later day of the course differ from nothing', () => {
    expect(noteOf({ ...rising(20, 25, 0, 22), limits: { maxMgPerH: 40 } })).toBe('');
    const later = { ...dosed(60), limits: { maxMgPerH: 20 } };
    expect(noteOf(later)).toBe('');
  });

  test('with another mode the doses are not compared as numbers', () => {
    const note = noteOf({ ...TITRATION, regimen: 'goldberg-outpatient-10-day' });
    expect(note).toContain('mode mg-per-h, not mg-total-over');
    expect(note).not.toContain('step');
    expect(note).not.toContain('session 3');
  });

  test('a template that is not there is said', () => {
    expect(noteOf({ ...GOLDBERG, regimen: 'of-another-site' })).toBe(
      'There is no template of-another-site to compare this order with.',
    );
    expect(noteOf({ ...GOLDBERG, regimen: 'none' })).toBe('');
  });

  test('beside a soft limit both are told', () => {
    expect(noteOf(dosed(140))).toMatch(/^35 mg\/h is above the soft limit .* Differs from regimen/);
  });
});

describe('the coma of an intensive care unit stays in its care area', () => {
  test('no draft on a gateway without such a bed', () => {
    expect(create(COMA)).toMatchObject({ ok: false, status: 422, code: 'care-area' });
    expect(create(COMA, 'icu-coma')).toMatchObject({ ok: true });
  });

  test('also with a dose that the ward could give', () => {
    const low = { ...COMA, setting: undefined, steps: [{ step: 1, at: 'PT0S', dose: 20 }] };
    const refused = create(low);
    expect(refused).toMatchObject({ ok: false, status: 422, code: 'care-area', path: 'regimen' });
    if (!refused.ok)
      expect(refused.message).toContain(
        'Regimen icu-coma can be given in the care area icu-coma only',
      );
  });

  test('an order that says icu-only without a template is refused too', () => {
    const none = { ...TITRATION, regimen: 'none', setting: 'icu-only' };
    expect(create(none)).toMatchObject({
      ok: false,
      status: 422,
      code: 'care-area',
      path: 'setting',
    });
  });

  test('not activated on another bed of the same gateway', () => {
    const events: readonly OrderEvent[] = [
      { type: 'order-created', orderId: 'O1', source: COMA },
      { type: 'order-signed', orderId: 'O1' },
      { type: 'order-verified', orderId: 'O1' },
    ];
    const at = { wallMs: 0 };
    const book = events.reduce((now, event) => nextOrderBook(now, event, at), emptyOrderBook);
    const { bag } = COMA;
    const on = (bedId: string) => decideActivate(book, 'O1', { bedId, bag }, site());
    expect(on('B01')).toMatchObject({ ok: false, status: 422, code: 'care-area' });
    expect(on('ICU')).toMatchObject({ ok: true });
  });
});

test('whatever stands in a template, the answer is a regimen or a reason', () => {
  fc.assert(fc.property(fc.json(), (text) => void parseRegimen(text)));
  const anyValue = fc.oneof(
    fc.json().map((text) => JSON.parse(text) as unknown),
    fc.string(),
  );
  const keys = Object.keys(regimen('goldberg-outpatient-10-day'));
  fc.assert(
    fc.property(fc.constantFrom(...keys), anyValue, (key, value) => {
      const text = JSON.stringify({ ...regimen('goldberg-outpatient-10-day'), [key]: value });
      const parsed = parseRegimen(text);
      if (!parsed.ok) for (const { message } of parsed.problems) expect(message).toMatch(/\.$/);
    }),
  );
});
