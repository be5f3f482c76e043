import { describe, expect, test } from 'vitest';
import { checkOrderDocument } from '../../src/order/order-document.ts';
import { type DraftCall, draftOrder } from '../../src/order/regimen-draft.ts';
import { regimen, shelf } from './order-kit.ts';

const CALL = {
  session: 1,
  patient: { id: 'P-1', weightKg: 70.8, weightMeasuredAt: '2026-11-20T08:00:00Z' },
  bag: { drugMg: 40, volumeMl: 500 },
  firstDate: '2026-11-23',
} as const satisfies DraftCall;

const draftOf = (id: string, call: DraftCall = CALL) => draftOrder(regimen(id), call);
const requiredOf = (id: string, call?: DraftCall): readonly string[] =>
  draftOf(id, call)
    .open.filter(({ isRequired }) => isRequired)
    .map(({ path }) => path);

describe('day 1 of the ten-day course', () => {
  const { document } = draftOf('goldberg-outpatient-10-day');

  test('has what the article states', () => {
    expect(document).toMatchObject({
      regimen: 'goldberg-outpatient-10-day',
      bag: { drugMg: 40, volumeMl: 500, diluent: 'normal saline' },
      mode: 'mg-total-over',
      steps: [{ step: 1, at: 'PT0S', dose: 40, over: 'PT4H' }],
      end: 'PT4H',
      limits: { maxMgPerH: 20, maxMgSession: 40, maxMg24h: 40 },
      nibpInterval: 'PT15M',
      bolus: 'none',
      kvo: { allowed: false },
    });
  });

  test('has ten dates without weekends', () => {
    expect(document).toMatchObject({
      course: {
        day: 1,
        sessions: ['23', '24', '25', '26', '27', '30', '01', '02', '03', '04'].map(
          (date, index) => ({
            day: index + 1,
            date: `2026-${index < 6 ? 11 : 12}-${date}`,
          }),
        ),
      },
    });
  });

  test('a course that begins on a Saturday begins on the Monday after', () => {
    const { document: later } = draftOf('goldberg-outpatient-10-day', {
      ...CALL,
      firstDate: '2026-11-21',
    });
    expect(later).toMatchObject({
      course: { sessions: [{ date: '2026-11-23' }, {}, {}, {}, {}, {}, {}, {}, {}, {}] },
    });
  });

  test('leaves the form, the later days and the midazolam to the prescriber', () => {
    expect(requiredOf('goldberg-outpatient-10-day')).toEqual([
      'drug.form',
      'adjuncts[1].doseMg',
      'adjuncts[1].route',
      ...Array.from({ length: 9 }, (_, index) => `course.sessions[${index + 1}].plannedMg`),
    ]);
  });

  test('the dose of a later day is never taken from the bag that hangs there', () => {
    const call = { ...CALL, session: 10, bag: { drugMg: 80, volumeMl: 500 } };
    const { document: last } = draftOf('goldberg-outpatient-10-day', call);
    expect(last).toMatchObject({ bag: { drugMg: 80 } });
    expect(JSON.stringify(last['steps'])).not.toContain('dose');
    expect(requiredOf('goldberg-outpatient-10-day', call)).toContain('steps[0].dose');
    expect(requiredOf('goldberg-outpatient-10-day', call)).toContain(
      'course.sessions[9].plannedMg',
    );
  });
});

test("the times of the inpatient steps are the prescriber's", () => {
  const { document } = draftOf('inpatient-5-day-titration');
  expect(document['steps']).toEqual([
    { step: 1, at: 'PT0S', dose: 20 },
    { step: 2, dose: 25 },
    { step: 3, dose: 30 },
    { step: 4, dose: 35 },
    { step: 5, dose: 40 },
  ]);
  expect(requiredOf('inpatient-5-day-titration')).toEqual(
    expect.arrayContaining([
      'steps[1].at',
      'steps[2].at',
      'steps[3].at',
      'steps[4].at',
      'adjuncts[0].route',
    ]),
  );
});

test('the bag that will hang there stands over that of the template', () => {
  const bag = { drugMg: 40, volumeMl: 250 };
  const { document } = draftOf('goldberg-outpatient-10-day', { ...CALL, bag });
  expect(document['bag']).toEqual({ ...bag, diluent: 'normal saline' });
});

test('a daily course whose source says nothing of weekends gets no dates', () => {
  const { document } = draftOf('outpatient-70-90-step-down');
  expect(JSON.stringify(document)).not.toContain('2026-11-23');
  expect(requiredOf('outpatient-70-90-step-down')).toContain('course.sessions[13].date');
});

test('a site that states an interval gets its times', () => {
  const own = { ...regimen('inpatient-5-day-titration'), stepInterval: 'PT12H' };
  const { document } = draftOrder(own, CALL);
  expect(document['steps']).toMatchObject([
    { at: 'PT0S' },
    { at: 'PT43200S' },
    { at: 'PT86400S' },
    {},
    {},
  ]);
});

test('weight-based: the bounds follow from the weight, and without one they are open', () => {
  expect(draftOf('weight-based-4-hour').document).toMatchObject({
    steps: [{ dose: 1 }],
    end: 'PT4H',
    limits: { maxMgPerH: 70.8, maxMgSession: 283.2, maxMg24h: 283.2 },
    recovery: 'PT2H',
  });
  const { weightKg: _, ...noWeight } = CALL.patient;
  expect(requiredOf('weight-based-4-hour', { ...CALL, patient: noWeight })).toEqual(
    expect.arrayContaining(['patient.weightKg', 'limits.maxMgPerH']),
  );
});

test('without patient, bag and date they are asked for', () => {
  const paths = requiredOf('goldberg-outpatient-10-day', { session: 1 });
  expect(paths).toEqual(
    expect.arrayContaining(['patient.id', 'bag.drugMg', 'course.sessions[0].date']),
  );
  expect(requiredOf('icu-coma', { session: 1 })).toContain('bag.volumeMl');
});

/** Values that a prescriber could write. */
const filled: Readonly<Record<string, unknown>> = {
  form: 'racemic',
  dose: 90,
  over: 'PT4H',
  end: 'PT4H',
  maxMgPerH: 700,
  doseMg: 0.1,
  route: 'oral',
  plannedMg: 90,
};

describe.each([...shelf.keys()])('%s', (id) => {
  const bag = id === 'icu-coma' ? { drugMg: 5_000, volumeMl: 500 } : CALL.bag;
  const { document, open } = draftOf(id, { ...CALL, bag });

  test('every fault of the draft is a field that was listed', () => {
    const checked = checkOrderDocument(document);
    const listed = open.filter(({ isRequired }) => isRequired).map(({ path }) => path);
    const faulty = checked.ok ? [] : checked.problems.map(({ path }) => path);
    expect(listed).toEqual(expect.arrayContaining(faulty));
    // What goes with the mode is asked for when each field is right.
    expect(listed.filter((path) => path !== 'steps[0].over').sort()).toEqual(faulty.sort());
  });

  test('with those filled it is an order', () => {
    const written = structuredClone(document) as Record<string, never>;
    for (const { path, isRequired } of open) {
      if (isRequired) put(written, path, valueFor(path, id));
    }
    const checked = checkOrderDocument(written);
    expect(checked.ok ? [] : checked.problems).toEqual([]);
  });
});

function valueFor(path: string, id: string): unknown {
  const key = path.split('.').at(-1) ?? '';
  if (key === 'at') return `P${path.replace(/\D/g, '')}D`;
  if (key === 'date')
    return `2026-12-${String(Number(path.replace(/\D/g, '')) + 1).padStart(2, '0')}`;
  if (key === 'dose' && id === 'icu-coma') return 500;
  if (key === 'dose' && id === 'outpatient-booster') return 100;
  if (key === 'dose' && id === 'inpatient-low-dose-awake') return 20;
  return filled[key];
}

function put(root: unknown, path: string, value: unknown): void {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop() ?? '';
  let at = root as Record<string, unknown>;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  at[last] = value;
}
