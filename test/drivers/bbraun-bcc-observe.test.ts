import { describe, expect, test } from 'vitest';
import { observe } from '../../drivers/bbraun-bcc/observe.ts';
import { UNITS } from '../../drivers/bbraun-bcc/units.ts';
import type { FactCode, PumpStatus } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';

type Params = Readonly<Record<string, string>>;

const seen = (params: Params) => observe(new Map(Object.entries(params)), {}, [], 7).events;
const metric = (params: Params, code: MetricCode) =>
  seen(params).find((event) => event.kind === 'metric' && event.code === code);
const fact = (params: Params, code: FactCode) =>
  seen(params).find((event) => event.kind === 'fact' && event.code === code);
const status = (params: Params): PumpStatus | undefined =>
  seen(params).flatMap((event) => (event.kind === 'pump-status' ? [event.status] : []))[0];
const word = (...bits: readonly number[]): string =>
  `0x${bits
    .reduce((sum, bit) => sum + 2 ** bit, 0)
    .toString(16)
    .padStart(8, '0')}h`;

const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';

describe('numbers', () => {
  const rows: readonly (readonly [MetricCode, string, number])[] = [
    ['MDC_FLOW_FLUID_PUMP', 'INRT', 1_800],
    ['MDC_VOL_FLUID_DELIV_TOTAL', 'INVI', 9_999.8],
    ['MDC_VOL_FLUID_TBI_REMAIN', 'VOLREMAIN', 9_999.9],
    ['MDCX_VOL_FLUID_CONTAINER_REMAIN', 'INVOLACT', 9_999.9],
    ['MDC_TIME_PD_REMAIN', 'INRMT', 65_534],
    ['MDCX_PRESS_INFUS_OF_LIMIT', 'INP2', 100],
    ['MDC_ATTR_PT_WEIGHT', 'PATW', 600],
    ['MDC_ATTR_PT_WEIGHT', 'INPATW', 600],
    ['MDC_TIME_BATT_REMAIN', 'INAKKU', 1_440],
  ];
  describe.each(rows)('%s from %s', (code, parameter, max) => {
    test('is read with any number of decimals', () => {
      expect(metric({ [parameter]: '8' }, code)).toMatchObject({ value: 8, validity: 'valid' });
      expect(metric({ [parameter]: '12.40' }, code)).toMatchObject({ value: 12.4 });
      expect(metric({ [parameter]: '0.00' }, code)).toMatchObject({ value: 0, validity: 'valid' });
      expect(metric({ [parameter]: String(max) }, code)).toMatchObject({ value: max });
    });

    test('that is not ticked is not provided, with the way to provide it', () => {
      const event = metric({}, code);
      expect(event).toMatchObject({ value: null, validity: 'not-provided' });
      expect(event).toHaveProperty('reason', expect.stringContaining('tick '));
    });

    test.each(['_NV', '_NA'])('%s is not available and never 0', (text) => {
      expect(metric({ [parameter]: text }, code)).toMatchObject({
        value: null,
        validity: 'not-available',
      });
    });

    test.each(['', 'x', '1,5', '1e3', '0x10', '-1', '12 ml', '99999999', String(max + 1_000)])(
      '%j is invalid',
      (text) => {
        expect(metric({ [parameter]: text }, code)).toMatchObject({
          value: null,
          validity: 'invalid',
        });
      },
    );
  });

  test('a counter at its end is not trusted', () => {
    expect(metric({ INVI: '9999.9' }, 'MDC_VOL_FLUID_DELIV_TOTAL')).toMatchObject({
      value: 9_999.9,
      validity: 'questionable',
    });
  });

  test('the volume to be infused: programmed or left is not known', () => {
    expect(metric({ INVTB: '50.0' }, 'MDC_VOL_FLUID_TBI')).toMatchObject({
      value: 50,
      validity: 'questionable',
      reason: 'programmed or left: not known',
    });
  });

  test('65535 s is "more", not a number', () => {
    expect(metric({ INRMT: '65535' }, 'MDC_TIME_PD_REMAIN')).toMatchObject({
      value: null,
      validity: 'not-available',
    });
  });

  test('weight: the newer name first, the older when the newer has none', () => {
    const code = 'MDC_ATTR_PT_WEIGHT';
    expect(metric({ PATW: '70.5', INPATW: '68' }, code)).toMatchObject({ value: 70.5 });
    expect(metric({ PATW: '_NV', INPATW: '68' }, code)).toMatchObject({ value: 68 });
    expect(metric({ PATW: 'x', INPATW: '68' }, code)).toMatchObject({ validity: 'invalid' });
    expect(metric({ PATW: '_NV', INPATW: '_NV' }, code)).toMatchObject({
      validity: 'not-available',
    });
  });
});

describe('state and flow', () => {
  const rows: readonly (readonly [Params, PumpStatus, number | null, string])[] = [
    // Nothing that tells whether it delivers.
    [{}, 'unknown', 8, 'questionable'],
    [{ INM8: '1' }, 'unknown', 8, 'questionable'],
    [{ INM3: '_NV' }, 'unknown', 8, 'questionable'],
    [{ INM3: '_NA' }, 'unknown', 8, 'questionable'],
    [{ STATUS1: '_NV' }, 'unknown', 8, 'questionable'],
    [{ RUNSTATE: word(4) }, 'unknown', 8, 'questionable'],
    [{ DSSTATUS: '00051' }, 'unknown', 8, 'questionable'],
    // Unreadable.
    [{ INM3: '2' }, 'unknown', 8, 'questionable'],
    [{ INM3: '1', STATUS1: '131' }, 'unknown', 8, 'questionable'],
    [{ INM3: '1', RUNSTATE: 'run' }, 'unknown', 8, 'questionable'],
    // Delivering.
    [{ INM3: '1' }, 'infusing', 8, 'valid'],
    [{ STATUS1: word(0, 1, 7) }, 'infusing', 8, 'valid'],
    [{ RUNSTATE: word(1) }, 'infusing', 8, 'valid'],
    [{ STATUS1: word(7), RUNSTATE: word(1) }, 'infusing', 8, 'valid'],
    // Not delivering, whatever the set rate says.
    [{ INM3: '0' }, 'stopped', 0, 'valid'],
    [{ STATUS1: word(0, 1) }, 'stopped', 0, 'valid'],
    [{ RUNSTATE: word(0) }, 'stopped', 0, 'valid'],
    [{ DSSTATUS: '00050' }, 'stopped', 0, 'valid'],
    [{ INM3: '0', INM6: '1' }, 'standby', 0, 'valid'],
    [{ STATUS1: word(0, 2) }, 'standby', 0, 'valid'],
    // Contradictions.
    [{ INM3: '1', RUNSTATE: word(0) }, 'unknown', 8, 'questionable'],
    [{ RUNSTATE: word(0, 1) }, 'unknown', 8, 'questionable'],
    [{ STATUS1: word(7), RUNSTATE: word(0) }, 'unknown', 8, 'questionable'],
    [{ INM3: '1', DSSTATUS: '00050' }, 'unknown', 8, 'questionable'],
    [{ INM3: '1', INM6: '1' }, 'unknown', 8, 'questionable'],
    // Other ways of delivering: never the set rate as flow.
    [{ INM3: '1', INM10: '1' }, 'kvo', 8, 'questionable'],
    [{ STATUS1: word(7, 13) }, 'kvo', 8, 'questionable'],
    [{ RUNSTATE: word(1, 3) }, 'kvo', 8, 'questionable'],
    [{ RUNSTATE: word(1), PREALARM: word(5) }, 'kvo', 8, 'questionable'],
    [{ INM3: '1', INM2: '1' }, 'bolus', 8, 'questionable'],
    [{ STATUS1: word(7, 10) }, 'bolus', 8, 'questionable'],
    [{ STATUS1: word(7, 11) }, 'bolus', 8, 'questionable'],
    [{ INM3: '1', INM14: '1' }, 'purge', 8, 'questionable'],
    [{ STATUS1: word(4) }, 'purge', 8, 'questionable'],
    [{ INM3: '1', INM14: '1', INM2: '1', INM10: '1' }, 'purge', 8, 'questionable'],
    // Delivering, and an alarm with which no pump delivers.
    [{ INM3: '1', INA3: '1' }, 'unknown', 8, 'questionable'],
    [{ INM3: '1', INA15: '1' }, 'unknown', 8, 'questionable'],
    [{ STATUS1: word(7), ALARM1: word(18) }, 'unknown', 8, 'questionable'],
    [{ INM3: '1', INA12: '1' }, 'infusing', 8, 'valid'],
    [{ STATUS1: word(7), PREALARM: word(10) }, 'infusing', 8, 'valid'],
    [{ INM3: '0', INA3: '1' }, 'stopped', 0, 'valid'],
  ];
  test.each(rows)('%j is %s', (params, expected, value, validity) => {
    expect(status({ INRT: '8.00', ...params })).toBe(expected);
    expect(metric({ INRT: '8.00', ...params }, FLOW)).toMatchObject({ value, validity });
    expect(metric({ INRT: '8.00', ...params }, 'MDC_FLOW_FLUID_PUMP')).toMatchObject({
      value: 8,
      validity: 'valid',
    });
  });

  test.each([
    [{ INM3: '1' }, 'not-provided'],
    [{ INM3: '1', INRT: '_NV' }, 'not-available'],
    [{ INM3: '1', INRT: 'x' }, 'invalid'],
    [{ INM3: '1', INRT: '1800.01' }, 'invalid'],
    [{}, 'not-provided'],
  ])('%j: no rate, no flow', (params, validity) => {
    expect(metric(params, FLOW)).toMatchObject({ value: null, validity });
  });

  test('delivering with a rate of 0 is not "no flow"', () => {
    expect(metric({ INM3: '1', INRT: '0.00' }, FLOW)).toMatchObject({
      value: 0,
      validity: 'questionable',
    });
  });

  test('the flow says that it is derived, and the words behind the state are kept', () => {
    expect(metric({ INM3: '1', INRT: '8.00' }, FLOW)).toMatchObject({ source: 'rate and state' });
    expect(seen({ INM3: '1', INM10: '0' })[0]).toMatchObject({ raw: 'INM3=1 INM10=0' });
  });
});

describe('dose and concentration', () => {
  const on = { INDOCAL: '1', INDCON: '5', INDCONU: '31', INDORT: '40', INDORTU: '48' };
  const dose = (params: Params, code: MetricCode) => metric({ ...on, ...params }, code);

  const units: readonly (readonly [number, MetricCode, number])[] = [
    [47, 'MDCX_RATE_DOSE_MASS', 2_400],
    [48, 'MDCX_RATE_DOSE_MASS', 40],
    [49, 'MDCX_RATE_DOSE_MASS', 40 / 24],
    [50, 'MDCX_RATE_DOSE_MASS', 2.4],
    [51, 'MDCX_RATE_DOSE_MASS', 0.04],
    [52, 'MDCX_RATE_DOSE_MASS', 40 / 24_000],
    [53, 'MDCX_RATE_DOSE_MASS', 2_400_000],
    [54, 'MDCX_RATE_DOSE_MASS', 40_000],
    [65, 'MDCX_RATE_DOSE_WEIGHT', 0.0024],
    [66, 'MDCX_RATE_DOSE_WEIGHT', 0.00004],
    [68, 'MDCX_RATE_DOSE_WEIGHT', 2_400],
    [69, 'MDCX_RATE_DOSE_WEIGHT', 40],
    [70, 'MDCX_RATE_DOSE_WEIGHT', 40 / 24],
    [71, 'MDCX_RATE_DOSE_WEIGHT', 2.4],
    [72, 'MDCX_RATE_DOSE_WEIGHT', 0.04],
    [73, 'MDCX_RATE_DOSE_WEIGHT', 40 / 24_000],
  ];
  test.each(units)('unit %i goes to %s and to nothing else', (unit, code, value) => {
    const other = code === 'MDCX_RATE_DOSE_MASS' ? 'MDCX_RATE_DOSE_WEIGHT' : 'MDCX_RATE_DOSE_MASS';
    const params = { INDORTU: String(unit) };
    expect(dose(params, code)).toMatchObject({ value, validity: 'valid' });
    expect(dose(params, other)).toMatchObject({ value: null, validity: 'not-available' });
  });

  test.each([
    [30, 0.000_005],
    [31, 5],
    [32, 0.005],
    [33, 5_000],
  ])('concentration in unit %i', (unit, value) => {
    expect(dose({ INDCONU: String(unit) }, 'MDC_CONC_DRUG')).toMatchObject({
      value,
      validity: 'valid',
    });
  });

  test.each([1, 2, 24, 25, 36, 106, 107, 155])(
    'unit %i is known and none of ours: no number',
    (unit) => {
      for (const code of ['MDCX_RATE_DOSE_MASS', 'MDCX_RATE_DOSE_WEIGHT'] as const) {
        expect(dose({ INDORTU: String(unit) }, code)).toMatchObject({
          value: null,
          validity: 'not-available',
          reason: expect.stringContaining('the pump tells it in'),
        });
      }
    },
  );

  test('a dose never becomes a concentration', () => {
    expect(dose({ INDCONU: '48' }, 'MDC_CONC_DRUG')).toMatchObject({ value: null });
    expect(dose({ INDORTU: '31' }, 'MDCX_RATE_DOSE_MASS')).toMatchObject({ value: null });
  });

  test('every byte that is not in our table is an unknown unit, never a number', () => {
    for (let unit = 0; unit < 256; unit += 1) {
      if (UNITS.has(unit)) continue;
      const params = { INDORTU: String(unit), INDCONU: String(unit) };
      for (const code of [
        'MDC_CONC_DRUG',
        'MDCX_RATE_DOSE_MASS',
        'MDCX_RATE_DOSE_WEIGHT',
      ] as const) {
        expect(dose(params, code), String(unit)).toMatchObject({
          value: null,
          validity: 'invalid',
        });
      }
    }
  });

  test.each(['_NV', '', '48.5', 'mg/h', '-48', '4e1'])('unit %j is no unit', (unit) => {
    expect(dose({ INDORTU: unit }, 'MDCX_RATE_DOSE_MASS')).toMatchObject({
      value: null,
      validity: 'invalid',
    });
  });

  test('a unit that is not ticked leaves no number', () => {
    const { INDORTU: _, ...rest } = on;
    expect(metric(rest, 'MDCX_RATE_DOSE_MASS')).toMatchObject({ value: null, validity: 'invalid' });
  });

  test('the dose that is delivered is preferred to the one that was set', () => {
    expect(dose({ DORT: '38', DORTU: '48' }, 'MDCX_RATE_DOSE_MASS')).toMatchObject({ value: 38 });
    expect(dose({ DORT: '_NV', DORTU: '48' }, 'MDCX_RATE_DOSE_MASS')).toMatchObject({
      value: null,
      validity: 'not-available',
    });
    expect(dose({ DORT: '38' }, 'MDCX_RATE_DOSE_MASS')).toMatchObject({ validity: 'invalid' });
  });

  const codes = ['MDC_CONC_DRUG', 'MDCX_RATE_DOSE_MASS'] as const;
  test.each(codes)('without dose mode the unit byte is stale: no %s', (code) => {
    expect(dose({ INDOCAL: '0' }, code)).toMatchObject({ value: null, validity: 'not-available' });
    const { INDOCAL: _, ...rest } = on;
    expect(metric({ ...rest, STATUS1: word(7) }, code)).toMatchObject({
      validity: 'not-available',
    });
    expect(metric({ ...rest, STATUS1: word(7, 15) }, code)).toMatchObject({ validity: 'valid' });
    expect(metric(rest, code)).toMatchObject({
      validity: 'questionable',
      reason: 'not told whether dose mode is on',
    });
  });

  test('the example of the maker: no dose mode, dose 0, unit 50', () => {
    const stale = { INDOCAL: '0', INDORT: '0', INDORTU: '50' };
    expect(metric(stale, 'MDCX_RATE_DOSE_MASS')).toMatchObject({ value: null });
  });
});

describe('facts', () => {
  test.each([
    [{ INSOL: 'Ketamine' }, 'Ketamine', 'valid'],
    [{ INSOL: 'Kétamine 5 mg/ml, Ω' }, 'Kétamine 5 mg/ml, Ω', 'valid'],
    [{ INSOL: '_NV' }, null, 'not-available'],
    [{ INSOL: '_NV', INSOLSN: 'KETA' }, 'KETA', 'valid'],
    [{ INSOLSN: 'KETA' }, 'KETA', 'valid'],
    [{ INSOLID: '4711' }, '4711', 'valid'],
    [{}, null, 'not-provided'],
    [{ INSOL: 'K\ue012t' }, 'K\ufffdt', 'questionable'],
    [{ INSOL: 'a\tb' }, 'a\ufffdb', 'questionable'],
    [{ INSOL: 'x'.repeat(90) }, 'x'.repeat(60), 'valid'],
  ])('drug of %j', (params, text, validity) => {
    expect(fact(params, 'drug')).toMatchObject({ text, validity });
  });

  test.each([
    [{ INM8: '1' }, 'mains', 'valid'],
    [{ INM8: '0' }, 'battery', 'valid'],
    [{ STATUS1: word(0, 1) }, 'mains', 'valid'],
    [{ STATUS1: word(0) }, 'battery', 'valid'],
    [{ INM8: 'x' }, null, 'invalid'],
    [{ INM8: '_NV' }, null, 'not-available'],
    [{}, null, 'not-provided'],
  ])('power of %j', (params, text, validity) => {
    expect(fact(params, 'power')).toMatchObject({ text, validity });
  });

  test.each([
    ['0', 'continuous'],
    ['1', 'ramp'],
    ['2', 'program'],
    ['3', 'piggyback'],
    ['4', 'PCA'],
    ['5', 'TCI'],
    ['7', 'interval bolus'],
  ])('OPMODE %s', (mode, text) => {
    expect(fact({ OPMODE: mode }, 'mode')).toMatchObject({ text, validity: 'valid' });
  });

  test('another OPMODE is shown as it is', () => {
    expect(fact({ OPMODE: '6' }, 'mode')).toMatchObject({
      text: 'OPMODE 6',
      validity: 'questionable',
    });
    expect(fact({ OPMODE: '_NV' }, 'mode')).toMatchObject({
      text: null,
      validity: 'not-available',
    });
    expect(fact({}, 'mode')).toMatchObject({ text: null, validity: 'not-provided' });
  });
});
