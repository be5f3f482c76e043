import { describe, expect, test } from 'vitest';
import { checkOrderDocument } from '../../src/order/order-document.ts';
import { OrderDesk } from '../../src/ward/order-desk.ts';
import { GONE, having, type Key, textOf, WHOLE } from './order-fields.ts';
import { library, shelf } from './order-kit.ts';

function refusalOf(path: readonly Key[], value: unknown): string {
  const checked = checkOrderDocument(having(path, value));
  if (checked.ok) throw new Error(`${textOf(path)} = ${String(value)} was accepted`);
  const found = checked.problems.find((problem) => problem.path === textOf(path));
  expect(found, JSON.stringify(checked.problems)).toBeDefined();
  expect(found?.message.startsWith(`${textOf(path)} `)).toBe(true);
  expect(found?.message).toMatch(/[;,] .*\.$/);
  return found?.message ?? '';
}

test('the whole order is one', () => {
  const checked = checkOrderDocument(WHOLE);
  expect(checked.ok ? [] : checked.problems).toEqual([]);
});

const numbers = [
  [['patient', 'weightKg'], 'kg', false],
  [['bag', 'drugMg'], 'mg', true],
  [['bag', 'volumeMl'], 'mL', true],
  [['steps', 0, 'dose'], 'mg', true],
  [['steps', 0, 'mlPerH'], 'mL/h', false],
  [['steps', 0, 'step'], 'steps', true],
  [['limits', 'maxMgPerH'], 'mg/h', true],
  [['limits', 'maxMgSession'], 'mg', false],
  [['limits', 'maxMg24h'], 'mg', false],
  [['limits', 'maxMgCourse'], 'mg', false],
  [['limits', 'maxMlPerH'], 'mL/h', false],
  [['kvo', 'maxMlPerH'], 'mL/h', false],
  [['adjuncts', 0, 'doseMg'], 'mg', true],
  [['course', 'day'], 'days', true],
  [['course', 'sessions', 1, 'day'], 'days', true],
  [['course', 'sessions', 1, 'plannedMg'], 'mg', true],
] as const;

describe('a number is refused with its field, its value and the reason', () => {
  test.each(numbers.filter(([, , isRequired]) => isRequired))('%j missing', (path, unit) => {
    expect(refusalOf(path, GONE)).toContain('is missing; write it as a number in');
    expect(refusalOf(path, null)).toContain(unit);
  });

  describe.each(numbers)('%j', (path, unit) => {
    test.each([
      ['negative', -5, '-5'],
      ['absurd', 1e9, '1000000000'],
      ['no number', Number.NaN, 'NaN'],
      ['without end', Number.POSITIVE_INFINITY, 'Infinity'],
      ['in lb', '156 lb', '"156 lb"'],
      ['with another unit', '5 mL/min', '"5 mL/min"'],
      ['with a decimal comma', '70,8', '"70,8"'],
      ['with commas of thousands', '1,000', '"1,000"'],
      ['in quotes', '45', '"45"'],
      ['a word', 'as needed', '"as needed"'],
      ['a list', [45], '[45]'],
      ['yes', true, 'true'],
    ])('%s', (_, value, quoted) => {
      const message = refusalOf(path, value);
      expect(message).toContain(quoted);
      expect(message).toContain(unit);
    });
  });
});

const durations = [
  [['steps', 0, 'at'], true],
  [['steps', 0, 'over'], false],
  [['steps', 0, 'earliest'], false],
  [['steps', 0, 'latest'], false],
  [['end'], true],
  [['recovery'], false],
  [['nibpInterval'], false],
] as const;

describe('a duration is refused with its field, its value and the reason', () => {
  test.each(durations.filter(([, isRequired]) => isRequired))('%j missing', (path) => {
    expect(refusalOf(path, GONE)).toContain('is missing; write a duration such as');
  });

  describe.each(durations)('%j', (path) => {
    test.each([
      ['a number', 4, 'is 4;'],
      ['words', '4 h', '"4 h"'],
      ['months', 'P1M', '"P1M"'],
      ['a decimal comma', 'PT4,5H', '"PT4,5H"'],
      ['absurd', 'P999D', '"P999D"'],
    ])('%s', (_, value, quoted) => {
      expect(refusalOf(path, value)).toContain(quoted);
    });
  });

  test.each([['end'], ['recovery'], ['nibpInterval']])('%s negative', (field) => {
    expect(refusalOf([field], '-PT4H')).toContain('"-PT4H"; that is too short');
  });
});

describe('a word is refused with its field, its value and the reason', () => {
  test.each([
    [['patient', 'id'], GONE, 'is missing'],
    [['patient', 'id'], 41193, 'is the number 41193'],
    [['patient', 'weightSource'], 'guessed', '"guessed"; it must be measured'],
    [['patient', 'weightMeasuredAt'], 'today', '"today"; it must be a time'],
    [['regimen'], GONE, 'is missing'],
    [['setting'], 'coma', '"coma"; it must be one of outpatient-session'],
    [['setting'], 'weight-based', 'is weight-based and the mode is mg-total-over'],
    [['drug', 'name'], GONE, 'is missing'],
    [['drug', 'form'], GONE, 'is missing'],
    [['drug', 'form'], 'R', '"R"; it must be racemic or S'],
    [['bag', 'diluent'], 5, 'is the number 5'],
    [['mode'], GONE, 'is missing'],
    [['mode'], 'mL-per-h', '"mL-per-h"; it must be one of'],
    [['bolus'], GONE, 'is missing'],
    [['bolus'], '10 mg', '"10 mg"; it must be none'],
    [['adjuncts', 0, 'route'], GONE, 'is missing; write the route'],
    [['adjuncts', 0, 'drug'], GONE, 'is missing'],
    [['course', 'sessions', 1, 'date'], '24.11.2026', '"24.11.2026"; it must be a date'],
    [['course', 'sessions', 1, 'date'], '2026-02-30', '"2026-02-30"; it must be a date'],
    [['course', 'sessions', 1, 'date'], '2026-11-23', 'is not later than that of day 1'],
    [['course', 'sessions', 1, 'day'], 3, 'is 3 where 2 is expected'],
    [['course', 'day'], 3, 'is 3 and the course has 2 sessions'],
    [['course', 'sessions', 1, 'plannedMg'], 50, 'is 50 mg and the steps give 45 mg'],
    [['limits', 'maxMgCourse'], 84.9, 'is 84.9 mg and the sessions give 85 mg'],
    [['limits', 'maxMlPerH'], 124, null],
    [['bag', 'mgPerMl'], 0.09, 'is not a field of an order'],
  ] as const)('%j = %s', (path, value, says) => {
    if (says === null) {
      const checked = checkOrderDocument(having(path, value));
      expect(checked).toMatchObject({ ok: false, problems: [{ path: 'steps[0].dose' }] });
      return;
    }
    expect(refusalOf(path, value)).toContain(says);
  });

  test('a maximum of a course without a course', () => {
    const checked = checkOrderDocument(having(['course'], GONE));
    expect(checked).toMatchObject({ ok: false, problems: [{ path: 'limits.maxMgCourse' }] });
  });

  test.each(['patient', 'drug', 'bag', 'steps', 'limits'])('%s missing as a whole', (group) => {
    expect(checkOrderDocument(having([group], GONE))).toMatchObject({
      ok: false,
      problems: [{ path: group }],
    });
  });
});

describe('what was there before is kept', () => {
  const desk = (): { readonly desk: OrderDesk; readonly orderId: string } => {
    const made = new OrderDesk(library(), new Map([['B01', 'standard']]), shelf);
    const decision = made.create(JSON.stringify(WHOLE));
    if (!decision.ok) throw new Error(decision.message);
    for (const event of decision.events) made.apply(event, { wallMs: 0, user: 'dr.c' });
    return { desk: made, orderId: decision.events[0]?.orderId ?? '' };
  };

  test('a document that is refused writes nothing, names every fault and takes no number', () => {
    const { desk: kept, orderId } = desk();
    const before = kept.detail(orderId);
    const wrong = having(['patient', 'weightKg'], '156 lb');
    const refused = kept.create(JSON.stringify({ ...wrong, end: '4 h' }));
    expect(refused).toMatchObject({ ok: false, status: 400, code: 'order-document' });
    expect('problems' in refused && refused.problems?.map(({ path }) => path).sort()).toEqual([
      'end',
      'patient.weightKg',
    ]);
    expect(refused.events).toBeUndefined();
    expect(kept.detail(orderId)).toEqual(before);
    expect(kept.record(orderId)).toMatchObject({ status: 'draft', source: WHOLE });
    const next = kept.create(JSON.stringify(WHOLE));
    expect(next.ok && next.events[0]?.orderId).toBe('O000002');
  });

  test('a step in the life of an order that is refused leaves it as it was', () => {
    const { desk: kept, orderId } = desk();
    const nurse = { user: 'nurse.a', roles: ['nurse'] };
    const refused = [
      kept.sign(orderId, nurse, {}, 0),
      kept.verify(orderId, nurse, WHOLE, 0),
      kept.activate(orderId, { bedId: 'B01', bag: { drugMg: 45, volumeMl: 500 } }, 0),
      kept.complete(orderId),
    ];
    for (const decision of refused) {
      expect(decision.ok).toBe(false);
      expect(decision.events).toBeUndefined();
    }
    expect(kept.record(orderId)).toMatchObject({ status: 'draft', source: WHOLE });
  });

  test('whoever signs or checks an order is told again what was told to its writer', () => {
    const { desk: kept, orderId } = desk();
    expect(kept.detail(orderId)?.note).toContain('course of 2 sessions, not 10');
    const doctor = { user: 'dr.x', roles: ['prescriber'] };
    for (const decision of [kept.sign(orderId, doctor, {}, 0), kept.discontinue(orderId, 'sick')]) {
      for (const event of decision.events ?? []) kept.apply(event, { wallMs: 0, user: 'dr.x' });
      const isOver = kept.record(orderId)?.status === 'discontinued';
      expect(kept.detail(orderId)?.note === undefined).toBe(isOver);
    }
    expect(kept.record(orderId)?.status).toBe('discontinued');
  });
});
