import { describe, expect, test } from 'vitest';
import { attribute, u16 } from '../../simulators/philips-intellivue/messages.ts';
import { alarmThing, PATIENT } from '../../simulators/philips-intellivue/things.ts';
import {
  alarmRound,
  alertsIn,
  BPM,
  cuff,
  HR,
  hex,
  MMHG,
  metric,
  numeric,
  PER_CENT,
  RPM,
  round,
  single,
  Talk,
  TICKS,
  value,
  verdictOf,
} from './philips-intellivue-kit.ts';

const heard = (...things: Parameters<typeof round>[0]) =>
  new Talk().associate().hear(round(things), 1_000);

describe('values of the recording', () => {
  test('HR 60: 4182 0000 0aa0 0000003c', () => {
    const events = heard(
      numeric(1, 0x0002_4182, attribute(0x0950, hex('41 82 00 00 0a a0 00 00 00 3c'))),
    );
    expect(metric(events, 'MDC_ECG_HEART_RATE')).toMatchObject({ value: 60, validity: 'valid' });
  });

  test('SpO2 and pulse without a probe: invalid, never 0 and never 8388607', () => {
    const events = heard(
      numeric(1, 0x0002_4bb8, attribute(0x0950, hex('4b b8 80 00 02 20 00 7f ff ff'))),
      numeric(2, 0x0002_4822, attribute(0x0950, hex('48 22 80 01 0a a0 00 7f ff ff'))),
    );
    for (const code of ['MDC_PULS_OXIM_SAT_O2', 'MDC_PULS_OXIM_PULS_RATE'] as const) {
      expect(metric(events, code)).toMatchObject({ value: null, validity: 'invalid' });
    }
  });

  test('a cuff reading of three weeks before, unavailable: no value, no time', () => {
    const events = heard(
      cuff([0x007f_ffff, 0x007f_ffff, 0x007f_ffff], 0x2000, '20 21 03 29 12 46 18 00'),
    );
    expect(metric(events, 'MDC_PRESS_BLD_NONINV_SYS')).toMatchObject({
      value: null,
      validity: 'not-available',
      episode: { measuredAtMs: null, confirmed: false, measuring: false },
    });
  });
});

describe('state, unit and id', () => {
  test.each([
    { state: 0x0000, value: 72, validity: 'valid', reason: undefined },
    { state: 0x0083, value: 72, validity: 'valid', reason: undefined },
    { state: 0x0020, value: 72, validity: 'valid', reason: undefined },
    { state: 0x8000, value: null, validity: 'invalid', reason: 'marked invalid by the monitor' },
    { state: 0xc000, value: null, validity: 'invalid', reason: 'marked invalid by the monitor' },
    { state: 0x2000, value: null, validity: 'not-available', reason: undefined },
    { state: 0x1000, value: null, validity: 'invalid', reason: 'calibrating' },
    {
      state: 0x4000,
      value: 72,
      validity: 'questionable',
      reason: 'doubtful for the monitor itself',
    },
    { state: 0x0800, value: 72, validity: 'questionable', reason: 'test data' },
    { state: 0x0400, value: 72, validity: 'questionable', reason: 'demo data' },
    { state: 0x0040, value: 72, validity: 'questionable', reason: 'first estimate' },
    { state: 0x0200, value: 72, validity: 'questionable', reason: 'unknown state 200' },
    { state: 0x0004, value: 72, validity: 'questionable', reason: 'unknown state 4' },
  ])('state $state: $validity', ({ state, value, validity, reason }) => {
    const seen = metric(heard(single(0x0002_4182, state, BPM, 72)), 'MDC_ECG_HEART_RATE');
    expect([seen.value, seen.validity, seen.reason]).toEqual([value, validity, reason]);
  });

  test.each([
    { label: 0x0002_4182, unit: 0x0aa0, code: 'MDC_ECG_HEART_RATE' },
    { label: 0x0002_4bb8, unit: 0x0220, code: 'MDC_PULS_OXIM_SAT_O2' },
    { label: 0x0002_4822, unit: 0x0aa0, code: 'MDC_PULS_OXIM_PULS_RATE' },
    { label: 0x0002_4bb0, unit: 0x0200, code: 'MDC_PULS_OXIM_PERF_REL' },
    { label: 0x0002_500a, unit: 0x0ae0, code: 'MDC_RESP_RATE' },
    { label: 0x0002_5012, unit: 0x0ae0, code: 'MDC_CO2_RESP_RATE' },
    { label: 0x0002_50b0, unit: 0x0f20, code: 'MDC_AWAY_CO2_ET' },
  ] as const)('$code, and in another unit it is invalid', ({ label, unit, code }) => {
    expect(metric(heard(single(label, 0, unit, 33)), code)).toMatchObject({ value: 33 });
    for (const other of [0, 0x0f03, unit === 0x0f20 ? 0x0220 : 0x0f20]) {
      expect(metric(heard(single(label, 0, other, 33)), code)).toMatchObject({
        value: null,
        validity: 'invalid',
        reason: `unknown unit ${other}`,
      });
    }
  });

  test('unknown ids, another label and a value without a label are ignored and counted', () => {
    const talk = new Talk().associate();
    const events = talk.hear(
      round([
        single(0x0002_4b48, 0, 0x17a0, 366),
        single(0x0002_4bb9, 0, PER_CENT, 50, 0x4bb8),
        single(0x0002_4bb8, 0, PER_CENT, 50, 0x4bb9),
        numeric(9, null, attribute(0x0950, value(0x4bb8, 0, PER_CENT, 50))),
      ]),
      1_000,
    );
    expect(verdictOf(events)).toBe('accepted');
    expect(metric(events, 'MDC_PULS_OXIM_SAT_O2').value).toBeNull();
    expect(talk.state.readings.ignored).toBe(4);
  });

  test('a label is remembered for its object, until the next association', () => {
    const talk = new Talk().associate();
    talk.hear(round([single(0x0002_4182, 0, BPM, 72)]), 1_000);
    const bare = round([numeric(0x4182, null, attribute(0x0950, value(0x4182, 0, BPM, 75)))]);
    expect(metric(talk.hear(bare, 2_000), 'MDC_ECG_HEART_RATE').value).toBe(75);
    talk.associate(3_000);
    expect(metric(talk.hear(bare, 4_000), 'MDC_ECG_HEART_RATE').value).toBeNull();
  });

  test('an attribute that is too short is no value', () => {
    const events = heard(numeric(1, 0x0002_4182, attribute(0x0950, hex('41 82 00 00'))));
    expect(verdictOf(events)).toBe('accepted');
    expect(metric(events, 'MDC_ECG_HEART_RATE').validity).toBe('not-available');
  });
});

describe('what is not there', () => {
  test('the first reply, labels only, takes nothing back; a later one does', () => {
    const talk = new Talk().associate();
    const bare = [numeric(0x4182, 0x0002_4182)];
    expect(talk.hear(round(bare, { sequence: 0 }), 500).map(({ kind }) => kind)).toEqual([
      'frame-accepted',
    ]);
    talk.hear(round([HR]), 1_000);
    const gone = talk.hear(round(bare), 2_000);
    expect(metric(gone, 'MDC_ECG_HEART_RATE')).toMatchObject({
      value: null,
      validity: 'not-available',
    });
  });

  test('parts that were lost take nothing back, and the empty end does not either', () => {
    const talk = new Talk().associate();
    const things = [
      HR,
      ...[0x5804, 0x4b28, 0x4b48, 0x4b49, 0x4b4a].map((term) => numeric(term, 0x0002_0000 | term)),
      single(0x0002_500a, 0, RPM, 14),
    ];
    const frames = round(things);
    expect(frames).toHaveLength(3);
    const all = talk.hear(frames, 1_000);
    expect(metric(all, 'MDC_ECG_HEART_RATE').value).toBe(72);
    expect(metric(all, 'MDC_RESP_RATE').value).toBe(14);
    const [, second, end] = frames;
    const after = talk.hear([second ?? new Uint8Array(0), end ?? new Uint8Array(0)], 2_000);
    const codes = after.flatMap((event) => (event.kind === 'metric' ? [event.code] : []));
    expect(codes).toEqual(['MDC_RESP_RATE']);
    expect(talk.hear(end ?? new Uint8Array(0), 2_500).map(({ kind }) => kind)).toEqual([
      'frame-accepted',
    ]);
  });
});

describe('cuff', () => {
  const at = '20 26 01 05 07 58 00 00';

  test('a reading has its own time: 2 min before the session began', () => {
    const seen = metric(heard(cuff([122, 76, 91], 0, at)), 'MDC_PRESS_BLD_NONINV_SYS');
    expect(seen).toMatchObject({
      value: 122,
      episode: { measuredAtMs: 1_000 - 120_000, confirmed: true, measuring: false },
    });
  });

  test('the same stamp with other numbers, an hour later and after a reconnect: no new reading', () => {
    const talk = new Talk().associate();
    talk.hear(round([cuff([122, 76, 91], 0, at)]), 1_000);
    const hourLater = round([cuff([121, 76, 91], 0, at)], { ticks: TICKS + 3_600 * 8_000 });
    const later = metric(talk.hear(hourLater, 3_601_000), 'MDC_PRESS_BLD_NONINV_SYS');
    expect(later.episode?.measuredAtMs).toBe(1_000 - 120_000);
    talk.do({ kind: 'closed', atMs: 3_602_000 });
    talk.associate(3_610_700, { wallMs: Date.UTC(2026, 0, 5, 9, 0, 10), ticks: 5 });
    const again = talk.hear(round([cuff([121, 76, 91], 0, at)], { ticks: 5 }), 3_611_000);
    expect(metric(again, 'MDC_PRESS_BLD_NONINV_SYS').episode?.measuredAtMs).toBe(1_000 - 120_000);
  });

  test('equal numbers with a new stamp are a new reading', () => {
    const talk = new Talk().associate();
    talk.hear(round([cuff([122, 76, 91], 0, at)]), 1_000);
    const next = round([cuff([122, 76, 91], 0, '20 26 01 05 08 00 30 00')], {
      ticks: TICKS + 35 * 8_000,
    });
    expect(metric(talk.hear(next, 36_000), 'MDC_PRESS_BLD_NONINV_MEAN')).toMatchObject({
      value: 91,
      episode: { measuredAtMs: 31_000, confirmed: true },
    });
  });

  test.each([
    { what: 'without a stamp', stamp: null },
    { what: 'with a stamp of the future', stamp: '20 26 01 05 09 00 00 00' },
  ])('$what its age is unknown and it counts as no new one', ({ stamp }) => {
    expect(metric(heard(cuff([122, 76, 91], 0, stamp)), 'MDC_PRESS_BLD_NONINV_SYS')).toMatchObject({
      value: 122,
      episode: { measuredAtMs: null, confirmed: false },
    });
  });

  test('state 0020: it runs, and the pressures are those of before', () => {
    const seen = metric(heard(cuff([122, 76, 91], 0x20, at)), 'MDC_PRESS_BLD_NONINV_DIA');
    expect(seen).toMatchObject({ value: 76, episode: { confirmed: true, measuring: true } });
  });

  test('kPa is not mmHg', () => {
    const items = [16, 10, 12].map((kpa, index) => value(0x4a05 + index, 0, 0x0f03, kpa));
    const compound = Buffer.concat([u16(3, 30), ...items]);
    const thing = numeric(1, 0x0002_4a04, attribute(0x094b, compound), attribute(0x0990, hex(at)));
    expect(metric(heard(thing), 'MDC_PRESS_BLD_NONINV_SYS')).toMatchObject({
      value: null,
      validity: 'invalid',
      episode: { measuredAtMs: null, confirmed: false },
    });
    expect(MMHG).toBe(0x0f20);
  });
});

describe('demo and test data', () => {
  test.each([
    { state: 0x0400, mode: 'demo' },
    { state: 0x0800, mode: 'test' },
  ])('state $state: $mode is told before the values, once', ({ state, mode }) => {
    const talk = new Talk().associate();
    const frames = round([single(0x0002_4182, state, BPM, 72)]);
    const kinds = talk.hear(frames, 1_000).slice(0, 3);
    expect(kinds.map(({ kind }) => kind)).toEqual(['identity', 'frame-accepted', 'metric']);
    expect(kinds[0]).toEqual({ kind: 'identity', mode, atMs: 1_000 });
    expect(talk.hear(frames, 2_000)[0]?.kind).toBe('frame-accepted');
  });

  test.each([
    { state: 0x0100, mode: 'demo' },
    { state: 0x0400, mode: 'test' },
  ])('an alarm of state $state: $mode, and the alarm goes on', ({ state, mode }) => {
    const talk = new Talk().associate();
    const alarm = { source: 0x4182, code: 3_076, type: PATIENT.high, words: 'X' };
    const events = talk.hear(alarmRound([alarmThing([alarm], state)]), 1_000);
    expect(events[0]).toEqual({ kind: 'identity', mode, atMs: 1_000 });
    expect(alertsIn(events)).toHaveLength(1);
  });
});
