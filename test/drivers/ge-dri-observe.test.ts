import { describe, expect, test } from 'vitest';
import { frame } from '../../simulators/ge-dri/wire.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import {
  alertCodes,
  B450_NIBP,
  B450_SHORT,
  BASIC,
  EXT1,
  framesOf,
  metric,
  plain,
  recordWith,
  Talk,
} from './ge-dri-kit.ts';

const hear = (words: Readonly<Record<number, number>>): readonly DeviceEvent[] =>
  new Talk().open().hear(recordWith(words), 1_000);

/** Positions in the record of the recording. */
const AT = {
  ecgStatus: BASIC,
  ecgLabel: BASIC + 4,
  hr: BASIC + 6,
  impRr: BASIC + 14,
  nibpStatus: BASIC + 72,
  sys: BASIC + 78,
  spo2Status: BASIC + 118,
  spo2: BASIC + 124,
  pulse: BASIC + 126,
  co2Status: BASIC + 132,
  et: BASIC + 138,
  rr: BASIC + 142,
  ambient: BASIC + 144,
  hrEcg: BASIC + 226,
  ext1Status: EXT1,
  arrhythmia: EXT1 + 12,
} as const;

describe('recordings', () => {
  test('the first record of b450-short, value by value', () => {
    const events = hear({});
    const deviceWallMs = 1_532_624_765_000;
    const values: readonly (readonly [MetricCode, number])[] = [
      ['MDCX_HEART_RATE_DISPLAYED', 80],
      ['MDC_ECG_HEART_RATE', 80],
      ['MDC_RESP_RATE', 15],
      ['MDC_PULS_OXIM_SAT_O2', 96.65],
      ['MDC_PULS_OXIM_PULS_RATE', 83],
      ['MDC_PULS_OXIM_PERF_REL', 3.77],
      ['MDC_CO2_RESP_RATE', 15],
      ['MDC_PRESS_BLD_NONINV_SYS', 93],
      ['MDC_PRESS_BLD_NONINV_DIA', 48],
      ['MDC_PRESS_BLD_NONINV_MEAN', 69],
    ];
    for (const [code, value] of values) {
      expect(metric(events, code)).toMatchObject({ value, validity: 'valid', deviceWallMs });
    }
    expect(metric(events, 'MDC_AWAY_CO2_ET').value).toBeCloseTo(37.0, 1);
    expect(metric(events, 'MDC_AWAY_CO2_ET').value).toBeCloseTo(0.0487 * 759.8, 9);
    expect(metric(events, 'MDCX_HEART_RATE_DISPLAYED').source).toBe('ecg');
    // The recording has the apnea bit and "apnea alarm off" both, with 15 breaths a minute.
    expect(alertCodes(events)).toEqual(['APNEA_ALARM_OFF']);
  });

  test.each([
    { name: 'b450-short', stream: B450_SHORT },
    { name: 'b450-nibp-complete-14s', stream: B450_NIBP },
  ])('$name: all frames accepted, every value plausible, no alarm of the heart', ({ stream }) => {
    const talk = new Talk().open();
    framesOf(stream).forEach((one, index) => {
      talk.hear(one, 500 * index);
    });
    expect(talk.events.filter(({ kind }) => kind === 'frame-rejected')).toEqual([]);
    expect(talk.sent).toHaveLength(1);
    const rates = talk.events.flatMap((event) =>
      event.kind === 'metric' && event.code === 'MDC_ECG_HEART_RATE' ? [event.value] : [],
    );
    expect(rates.length).toBeGreaterThan(10);
    for (const rate of rates) expect(rate).toBeGreaterThan(70);
    const alerts = talk.events.flatMap((event) => (event.kind === 'alerts' ? event.alerts : []));
    expect(alerts.filter(({ ruleId }) => ruleId === 'VIT-13' || ruleId === 'VIT-10')).toEqual([]);
  });

  test('b450-nibp-complete-14s: SpO2 100, no CO2 module although its ambient pressure is there', () => {
    const events = new Talk().open().hear(framesOf(B450_NIBP)[0] ?? new Uint8Array(0), 1_000);
    expect(metric(events, 'MDC_PULS_OXIM_SAT_O2')).toMatchObject({ value: 100, validity: 'valid' });
    const none = { value: null, validity: 'not-available' };
    expect(metric(events, 'MDC_AWAY_CO2_ET')).toMatchObject(none);
    expect(metric(events, 'MDC_CO2_RESP_RATE')).toMatchObject(none);
  });
});

describe('values that are none', () => {
  test.each([
    { raw: -32_767, validity: 'invalid', reason: 'no valid value' },
    { raw: -32_766, validity: 'not-available', reason: 'not updated' },
    { raw: -32_765, validity: 'invalid', reason: 'interrupted' },
    { raw: -32_764, validity: 'invalid', reason: 'below range' },
    { raw: -32_763, validity: 'invalid', reason: 'above range' },
    { raw: -32_762, validity: 'invalid', reason: 'not calibrated' },
    { raw: -32_761, validity: 'invalid', reason: 'special value -32761' },
    { raw: -32_001, validity: 'invalid', reason: 'special value -32001' },
    { raw: -32_768, validity: 'invalid', reason: 'special value -32768' },
  ])('$raw: $validity, $reason; never a number', ({ raw, validity, reason }) => {
    const events = hear({
      [AT.hr]: raw,
      [AT.hrEcg]: raw,
      [AT.impRr]: raw,
      [AT.spo2]: raw,
      [AT.pulse]: raw,
      [AT.et]: raw,
      [AT.rr]: raw,
      [AT.sys]: raw,
    });
    const codes: readonly MetricCode[] = [
      'MDCX_HEART_RATE_DISPLAYED',
      'MDC_ECG_HEART_RATE',
      'MDC_RESP_RATE',
      'MDC_PULS_OXIM_SAT_O2',
      'MDC_PULS_OXIM_PULS_RATE',
      'MDC_AWAY_CO2_ET',
      'MDC_CO2_RESP_RATE',
      'MDC_PRESS_BLD_NONINV_SYS',
    ];
    for (const code of codes) {
      expect(metric(events, code)).toMatchObject({ value: null, validity, reason });
    }
  });

  test('the smallest number that is a measurement is one; whether it can be is judged later', () => {
    expect(metric(hear({ [AT.hr]: -32_000 }), 'MDCX_HEART_RATE_DISPLAYED').value).toBe(-32_000);
  });

  test.each([
    { group: 'ECG', at: AT.ecgStatus, code: 'MDC_ECG_HEART_RATE' },
    { group: 'ECG', at: AT.ecgStatus, code: 'MDCX_HEART_RATE_DISPLAYED' },
    { group: 'ECG', at: AT.ecgStatus, code: 'MDC_RESP_RATE' },
    { group: 'NIBP', at: AT.nibpStatus, code: 'MDC_PRESS_BLD_NONINV_SYS' },
    { group: 'SpO2', at: AT.spo2Status, code: 'MDC_PULS_OXIM_SAT_O2' },
    { group: 'SpO2', at: AT.spo2Status, code: 'MDC_PULS_OXIM_PULS_RATE' },
    { group: 'CO2', at: AT.co2Status, code: 'MDC_AWAY_CO2_ET' },
    { group: 'CO2', at: AT.co2Status, code: 'MDC_CO2_RESP_RATE' },
  ] as const)('$group not there or not measuring: $code is not available', ({ at, code }) => {
    for (const status of [0, 1, 2]) {
      expect(metric(hear({ [at]: status }), code)).toMatchObject({
        value: null,
        validity: 'not-available',
      });
    }
  });

  test('no cuff: no pressures, of no time', () => {
    expect(metric(hear({ [AT.nibpStatus]: 0 }), 'MDC_PRESS_BLD_NONINV_SYS')).toMatchObject({
      episode: { measuredAtMs: null, confirmed: false, measuring: false },
    });
  });

  test.each([0, -1, -32_767, 2_999, 9_001])('ambient pressure %s: no EtCO2', (ambient) => {
    expect(metric(hear({ [AT.ambient]: ambient }), 'MDC_AWAY_CO2_ET')).toMatchObject({
      value: null,
      validity: 'invalid',
      reason: 'no ambient pressure',
    });
  });
});

describe('how far a rate can be trusted', () => {
  const ECG = 0x03;
  const from = (source: number): number => source << 3;
  test.each([
    { bits: ECG | from(0), source: 'none', displayed: 'questionable', ecg: 'questionable' },
    { bits: ECG | from(1), source: 'ecg', displayed: 'valid', ecg: 'valid' },
    { bits: ECG | from(2), source: 'bp', displayed: 'valid', ecg: 'questionable' },
    { bits: ECG | from(5), source: 'bp', displayed: 'valid', ecg: 'questionable' },
    { bits: ECG | from(6), source: 'pleth', displayed: 'valid', ecg: 'questionable' },
    { bits: ECG | from(7), source: 'unknown', displayed: 'questionable', ecg: 'questionable' },
    { bits: ECG | from(9), source: 'ecg', displayed: 'valid', ecg: 'valid' },
    { bits: ECG | from(12), source: 'pleth', displayed: 'valid', ecg: 'questionable' },
  ])('source $source ($bits): displayed $displayed, ECG $ecg', ({ bits, source, ...validity }) => {
    const events = hear({ [AT.ecgStatus]: bits });
    expect(metric(events, 'MDCX_HEART_RATE_DISPLAYED')).toMatchObject({
      source,
      validity: validity.displayed,
    });
    expect(metric(events, 'MDC_ECG_HEART_RATE').validity).toBe(validity.ecg);
  });

  test.each([
    { bit: 2, reason: 'rate contradicts asystole' },
    { bit: 7, reason: 'ECG noise' },
    { bit: 8, reason: 'ECG artifact' },
    { bit: 9, reason: 'monitor is learning the ECG' },
  ])('ECG status bit $bit: shown, not trusted ($reason)', ({ bit, reason }) => {
    const events = hear({ [AT.ecgStatus]: 0x4b | (1 << bit) });
    const doubt = { value: 80, validity: 'questionable', reason };
    expect(metric(events, 'MDC_ECG_HEART_RATE')).toMatchObject(doubt);
    expect(metric(events, 'MDCX_HEART_RATE_DISPLAYED')).toMatchObject(doubt);
  });

  test('asystole with the rate 0 is no contradiction', () => {
    const events = hear({ [AT.ecgStatus]: 0x4f, [AT.hr]: 0, [AT.hrEcg]: 0 });
    expect(metric(events, 'MDC_ECG_HEART_RATE')).toMatchObject({ value: 0, validity: 'valid' });
  });

  test('the rate of the ECG and the displayed rate are two fields, never one for the other', () => {
    const events = hear({ [AT.hr]: 112, [AT.hrEcg]: 38 });
    expect(metric(events, 'MDCX_HEART_RATE_DISPLAYED').value).toBe(112);
    expect(metric(events, 'MDC_ECG_HEART_RATE').value).toBe(38);
  });

  test('the pacer bit changes nothing', () => {
    const events = hear({ [AT.ecgStatus]: 0x4b | (1 << 10) });
    expect(metric(events, 'MDC_ECG_HEART_RATE').validity).toBe('valid');
  });

  test.each([
    { bits: 1 << 11, label: 0x1200, ecg: 'invalid', alerts: ['ECG_LEADS_OFF'] },
    { bits: 1 << 12, label: 0x1200, ecg: 'valid', alerts: [] },
    { bits: 1 << 13, label: 0x1200, ecg: 'valid', alerts: [] },
    { bits: 7 << 11, label: 0x1200, ecg: 'invalid', alerts: ['ECG_LEADS_OFF'] },
    { bits: 1 << 11, label: 0x2200, ecg: 'questionable', alerts: ['ECG_LEADS_OFF'] },
    { bits: 1 << 12, label: 0x2200, ecg: 'invalid', alerts: ['ECG_LEADS_OFF'] },
    { bits: 1 << 11, label: 0x0200, ecg: 'invalid', alerts: ['ECG_LEADS_OFF'] },
    { bits: 1 << 11, label: 0xf200, ecg: 'invalid', alerts: ['ECG_LEADS_OFF'] },
  ])('channels off $bits, label $label: ECG rate $ecg', ({ bits, label, ecg, alerts }) => {
    const events = hear({ [AT.ecgStatus]: 0x4b | bits, [AT.ecgLabel]: label, [AT.co2Status]: 3 });
    expect(metric(events, 'MDC_ECG_HEART_RATE').validity).toBe(ecg);
    expect(metric(events, 'MDC_RESP_RATE').validity).toBe(
      alerts.length > 0 ? 'questionable' : 'valid',
    );
    expect(alertCodes(events)).toEqual(alerts);
  });

  test('leads off, but the rate comes from the pleth: it is valid and says so', () => {
    const events = hear({ [AT.ecgStatus]: 0x03 | (6 << 3) | (7 << 11) });
    expect(metric(events, 'MDCX_HEART_RATE_DISPLAYED')).toMatchObject({
      value: 80,
      validity: 'valid',
      source: 'pleth',
    });
    expect(metric(events, 'MDC_ECG_HEART_RATE')).toMatchObject({
      value: null,
      validity: 'invalid',
      reason: 'ECG leads off',
    });
  });

  test.each([
    { bit: 3, validity: 'invalid', reason: 'CO2 calibrating' },
    { bit: 4, validity: 'invalid', reason: 'CO2 zeroing' },
    { bit: 5, validity: 'questionable', reason: 'CO2 line blocked' },
    { bit: 6, validity: 'questionable', reason: 'CO2 air leak' },
    { bit: 9, validity: 'questionable', reason: 'CO2 line wet' },
  ])('CO2 status bit $bit: $validity, $reason', ({ bit, validity, reason }) => {
    const events = hear({ [AT.co2Status]: 0x03 | (1 << bit) });
    expect(metric(events, 'MDC_AWAY_CO2_ET')).toMatchObject({ validity, reason });
    expect(metric(events, 'MDC_CO2_RESP_RATE')).toMatchObject({ validity, reason });
  });
});

describe('alerts', () => {
  test.each([
    { what: 'quiet', words: {}, codes: [] },
    { what: 'asystole in the ECG status', words: { [AT.ecgStatus]: 0x4f }, codes: ['ASYSTOLE'] },
    { what: 'asystole in Ext1', words: { [AT.arrhythmia]: 1 << 0 }, codes: ['ASYSTOLE'] },
    {
      what: 'asystole in both, said once',
      words: { [AT.ecgStatus]: 0x4f, [AT.arrhythmia]: 1 },
      codes: ['ASYSTOLE'],
    },
    { what: 'VF', words: { [AT.arrhythmia]: 1 << 1 }, codes: ['VF'] },
    { what: 'rapid VT', words: { [AT.arrhythmia]: 1 << 2 }, codes: ['RAPID_VT'] },
    { what: 'VT', words: { [AT.arrhythmia]: 1 << 3 }, codes: ['VT'] },
    { what: 'extreme bradycardia', words: { [AT.arrhythmia]: 1 << 4 }, codes: ['EXTREME_BRADY'] },
    { what: 'extreme tachycardia', words: { [AT.arrhythmia]: 1 << 5 }, codes: ['EXTREME_TACHY'] },
    { what: 'couplets and the like', words: { [AT.arrhythmia]: 0xffc0 }, codes: [] },
    { what: 'pacer, brady, off', words: { [AT.arrhythmia + 2]: 0xffff }, codes: [] },
    {
      what: 'bits of an arrhythmia group that does not measure',
      words: { [AT.ext1Status]: 1, [AT.arrhythmia]: 0xffff },
      codes: [],
    },
    { what: 'apnea', words: { [AT.co2Status]: 0x07 }, codes: ['APNEA_CO2'] },
    {
      what: 'apnea bit while the apnea alarm is off',
      words: { [AT.co2Status]: 0x107 },
      codes: ['APNEA_ALARM_OFF'],
    },
    { what: 'apnea bit without a CO2 module', words: { [AT.co2Status]: 0x04 }, codes: [] },
    { what: 'impedance apnea', words: { [AT.co2Status]: 0x80 }, codes: ['APNEA_RESP'] },
    {
      what: 'asystole and VT',
      words: { [AT.ecgStatus]: 0x4f, [AT.arrhythmia]: 8 },
      codes: ['ASYSTOLE', 'VT'],
    },
  ])('$what: $codes', ({ words, codes }) => {
    expect(alertCodes(hear({ [AT.co2Status]: 0x03, ...words }))).toEqual(codes);
  });

  test('each has its rule and priority', () => {
    const list = hear({
      [AT.ecgStatus]: 0x4f | (1 << 11),
      [AT.arrhythmia]: 0x3e,
      [AT.co2Status]: 0x87,
    }).flatMap((event) => (event.kind === 'alerts' ? event.alerts : []));
    expect(list.map(({ code, ruleId, priority }) => `${code} ${ruleId} ${priority}`)).toEqual([
      'ASYSTOLE VIT-13 high',
      'VF VIT-13 high',
      'RAPID_VT VIT-13 high',
      'VT VIT-13 high',
      'EXTREME_BRADY VIT-13 high',
      'EXTREME_TACHY VIT-13 high',
      'APNEA_CO2 VIT-10 high',
      'APNEA_RESP VIT-10 high',
      'ECG_LEADS_OFF MON-03 medium',
    ]);
    expect(hear({ [AT.co2Status]: 0x103 }).find(({ kind }) => kind === 'alerts')).toMatchObject({
      alerts: [{ ruleId: 'MON-10', priority: 'medium' }],
    });
  });

  test('a record without an Ext1 part takes no arrhythmia back', () => {
    const talk = new Talk().open();
    talk.hear(recordWith({ [AT.arrhythmia]: 1 << 1, [AT.co2Status]: 3 }), 1_000);
    const basicOnly = Buffer.from(plain(recordWith({ [AT.co2Status]: 3 }))).subarray(0, 40 + 278);
    basicOnly.writeInt16LE(basicOnly.length, 0);
    basicOnly.writeUInt8(0xff, 21);
    expect(alertCodes(talk.hear(frame(basicOnly).slice(1, -1), 2_000))).toEqual(['VF']);
    expect(alertCodes(talk.hear(recordWith({ [AT.co2Status]: 3 }), 3_000))).toEqual([]);
  });
});

test('the class word decides what a part is, not its place', () => {
  const record = Buffer.from(plain(recordWith({ [AT.hr]: 123 }))).subarray(0, -1);
  const [first, second] = [record.readInt16LE(16), record.readInt16LE(19)];
  record.writeInt16LE(second, 16);
  record.writeInt16LE(first, 19);
  const events = new Talk().open().hear(frame(record).slice(1, -1), 1_000);
  expect(metric(events, 'MDCX_HEART_RATE_DISPLAYED').value).toBe(123);
});

test('a monitor without a clock gives no device time', () => {
  const events = hear({ 6: 0, 8: 0 });
  expect(metric(events, 'MDC_ECG_HEART_RATE')).not.toHaveProperty('deviceWallMs');
});
