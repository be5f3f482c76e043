import { describe, expect, test } from 'vitest';
import { type PumpCheck, pumpCheck } from '../../src/check/pump-check.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import {
  type DeviceSpec,
  device,
  FLOW,
  order,
  SESSION,
  scene,
  type ValueSpec,
} from './scene-kit.ts';

const RATE: MetricCode = 'MDC_FLOW_FLUID_PUMP';
const LEFT: MetricCode = 'MDC_VOL_FLUID_TBI_REMAIN';
const WHOLE: MetricCode = 'MDC_VOL_FLUID_TBI';
const CONC: MetricCode = 'MDC_CONC_DRUG';
const KG: MetricCode = 'MDC_ATTR_PT_WEIGHT';

const HEAVY = SESSION.replace('id: P-1', 'id: P-1, weightKg: 70.8');

/** Before the start, with 40 mg in 500 mL over 4 h ordered. */
function lines(values: readonly ValueSpec[], spec: Partial<DeviceSpec> = {}) {
  const pump = device('pump', {
    status: 'stopped',
    reports: [FLOW, RATE, LEFT, CONC, KG],
    factsTold: ['drug'],
    facts: [{ code: 'drug', text: 'Ketamine', validity: 'valid' }],
    ...spec,
    values: [{ code: FLOW, value: 0 }, ...values],
  });
  return pumpCheck(scene({ order: order({ yaml: HEAVY, sinceStartMs: null }), pumps: [pump] }));
}
const line = (what: PumpCheck['what'], ...given: Parameters<typeof lines>) =>
  lines(...given).find((it) => it.what === what);

test('everything as ordered, before anything flows', () => {
  const values = [
    { code: RATE, value: 125 },
    { code: LEFT, value: 500 },
    { code: CONC, value: 0.08 },
    { code: KG, value: 70.8 },
  ];
  expect(lines(values)).toEqual([
    { what: 'drug', state: 'same', pump: 'Ketamine', order: 'ketamine racemic' },
    { what: 'concentration', state: 'same', pump: '0.08 mg/mL', order: '0.08 mg/mL' },
    { what: 'rate', state: 'same', pump: '125 mL/h (10 mg/h)', order: '125 mL/h (10 mg/h)' },
    { what: 'volume', state: 'same', pump: '500 mL', order: '500 mL' },
    { what: 'weight', state: 'same', pump: '70.8 kg', order: '70.8 kg' },
  ]);
});

describe('what is different', () => {
  test.each([
    ['rate', RATE, 500, '500 mL/h (40 mg/h)'],
    // 2 % is rounding, more is not.
    ['rate', RATE, 127.6, '127.6 mL/h (10.2 mg/h)'],
    ['rate', RATE, 122.4, '122.4 mL/h (9.79 mg/h)'],
    ['volume', LEFT, 525.5, '526 mL'],
    ['volume', LEFT, 40, '40 mL'],
    ['concentration', CONC, 0.16, '0.16 mg/mL'],
    ['weight', KG, 156, '156 kg'],
  ] as const)('%s %s', (what, code, value, text) => {
    expect(line(what, [{ code, value }])).toMatchObject({ state: 'different', pump: text });
  });

  test.each([
    ['rate', RATE, 127.5],
    ['rate', RATE, 122.5],
    ['volume', LEFT, 525],
    ['volume', LEFT, 475],
    ['concentration', CONC, 0.0816],
    ['weight', KG, 74.34],
  ] as const)('and what is not: %s %s %s', (what, code, value) => {
    expect(line(what, [{ code, value }])?.state).toBe('same');
  });

  test.each([
    ['Esketamine', 'different'],
    ['17', 'unknown'],
  ])('drug %s: %s', (text, state) => {
    const facts = [{ code: 'drug', text, validity: 'valid' } as const];
    expect(line('drug', [], { facts })).toMatchObject({ state, pump: text });
  });
});

describe('what is not known is never the same', () => {
  test('a pump that never tells it', () => {
    const told = lines([], { reports: [FLOW], factsTold: [] });
    expect(told.map(({ state, pump }) => [state, pump])).toEqual(
      told.map(() => ['cannot-tell', null]),
    );
  });

  test('a pump that has not said it, or fell silent', () => {
    const facts = [{ code: 'drug', text: null, validity: 'not-available' } as const];
    const silent = [{ code: RATE, value: 125, ageMs: 5_001 }];
    for (const told of [lines([], { facts }), lines(silent, { frameAgeMs: 5_001 })])
      expect(told.map(({ state, pump }) => [state, pump])).toEqual(
        told.map(() => ['unknown', null]),
      );
  });

  test('a number that may not be relied on is shown and not judged', () => {
    const doubtful = { code: CONC, value: 0.08, validity: 'questionable' } as const;
    expect(line('concentration', [doubtful])).toMatchObject({
      state: 'unknown',
      pump: '0.08 mg/mL',
    });
  });

  test('no order, or no pump: no line', () => {
    expect(pumpCheck(scene({ pumps: [device('pump')] }))).toEqual([]);
    expect(pumpCheck(scene({ order: order() }))).toEqual([]);
  });
});

test('while it runs: the rest that is given is not known, so neither is what is left', () => {
  const running = device('pump', { reports: [LEFT], values: [{ code: LEFT, value: 100 }] });
  const told = pumpCheck(scene({ order: order(), pumps: [running] }));
  expect(told.find(({ what }) => what === 'volume')).toMatchObject({ state: 'unknown' });
});

test('a pump that tells only its programme is compared with the whole', () => {
  const pump = device('pump', { reports: [WHOLE], values: [{ code: WHOLE, value: 500 }] });
  const told = pumpCheck(scene({ order: order(), pumps: [pump] }));
  expect(told.find(({ what }) => what === 'volume')).toMatchObject({ state: 'same' });
});

test('after the end no flow is ordered, whatever is programmed', () => {
  const ended = order({ sinceStartMs: 5 * 3_600_000 });
  const at = (mlPerH: number) => {
    const values = [
      { code: FLOW, value: mlPerH },
      { code: RATE, value: 125 },
    ];
    const pump = device('pump', { status: 'infusing', reports: [FLOW, RATE], values });
    return pumpCheck(scene({ order: ended, pumps: [pump] })).find(({ what }) => what === 'rate');
  };
  expect(at(0)).toMatchObject({ state: 'same', order: 'no flow ordered' });
  expect(at(3)).toMatchObject({ state: 'different' });
});
