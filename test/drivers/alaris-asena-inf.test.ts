import { describe, expect, test } from 'vitest';
import { type InfParts, inf, noAlarm, pump, Talk } from './alaris-asena-talk.ts';

/** Status and flow after one INF reply. */
function said(parts: InfParts) {
  const talk = new Talk(pump({ INF: () => inf(parts) })).open().runTo(30);
  return { status: talk.of('pump-status')[0]?.status, flow: metric(talk, FLOW) };
}

const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';
const metric = (talk: Talk, code: string) => talk.of('metric').find((seen) => seen.code === code);

describe('rate, mode and flow', () => {
  test.each([
    // biome-ignore format: a table.
    { what: 'infusing', parts: {}, status: 'infusing', value: 8, validity: 'valid' },
    {
      what: 'padded with blanks',
      parts: { rate: ' 8.00' },
      status: 'infusing',
      value: 8,
      validity: 'valid',
    },
    { what: 'stopped', parts: { rate: '0.00' }, status: 'stopped', value: 0, validity: 'valid' },
    {
      what: 'minus nought',
      parts: { rate: '-0.00' },
      status: 'stopped',
      value: 0,
      validity: 'valid',
    },
    {
      what: 'on hold',
      parts: { mode: 'HLD', rate: '0.00' },
      status: 'stopped',
      value: 0,
      validity: 'valid',
    },
    {
      what: 'on hold with a rate',
      parts: { mode: 'HLD' },
      status: 'unknown',
      value: 8,
      validity: 'questionable',
    },
    {
      what: 'unknown mode',
      parts: { mode: 'KVO' },
      status: 'unknown',
      value: 8,
      validity: 'questionable',
    },
    {
      what: 'unknown mode, rate 0',
      parts: { mode: 'BOL', rate: '0.00' },
      status: 'unknown',
      value: 0,
      validity: 'questionable',
    },
    {
      what: 'mode missing',
      parts: { mode: '' },
      status: 'unknown',
      value: 8,
      validity: 'questionable',
    },
    {
      what: 'wrong unit',
      parts: { rateUnit: 'mg/h' },
      status: 'unknown',
      value: null,
      validity: 'invalid',
    },
    {
      what: 'unit missing',
      parts: { rateUnit: '' },
      status: 'unknown',
      value: null,
      validity: 'invalid',
    },
    {
      what: 'rate 8.00x',
      parts: { rate: '8.00x' },
      status: 'unknown',
      value: null,
      validity: 'invalid',
    },
    {
      what: 'rate with a comma',
      parts: { rate: '8,00' },
      status: 'unknown',
      value: null,
      validity: 'invalid',
    },
    {
      what: 'rate 1e3',
      parts: { rate: '1e3' },
      status: 'unknown',
      value: null,
      validity: 'invalid',
    },
    {
      what: 'negative rate',
      parts: { rate: '-8.00' },
      status: 'unknown',
      value: null,
      validity: 'invalid',
    },
    {
      what: 'empty rate',
      parts: { rate: '' },
      status: 'unknown',
      value: null,
      validity: 'invalid',
    },
    {
      what: 'empty rate on hold',
      parts: { mode: 'HLD', rate: '' },
      status: 'unknown',
      value: null,
      validity: 'invalid',
    },
  ])('$what: $status, $value $validity', ({ parts, status, value, validity }) => {
    expect(said(parts)).toMatchObject({ status, flow: { value, validity } });
  });

  test('the raw mode word is kept for the log', () => {
    const talk = new Talk(pump({ INF: () => inf({ mode: 'PURGE' }) })).open().runTo(30);
    expect(talk.of('pump-status')[0]).toMatchObject({ status: 'unknown', raw: 'PURGE' });
  });

  test.each([-1, 1])(
    'a reply with %s fields more: neither the old rate nor the old status stays',
    (more) => {
      const parts = more > 0 ? [...inf(), ''] : inf().slice(0, -1);
      const talk = new Talk(pump({ INF: () => parts })).open().runTo(30);
      expect(talk.of('frame-rejected')).toMatchObject([{ reason: 'malformed' }]);
      expect(talk.of('pump-status')).toMatchObject([{ status: 'unknown' }]);
      expect(talk.of('metric')).toMatchObject([{ code: FLOW, value: null, validity: 'invalid' }]);
    },
  );
});

describe('the other values', () => {
  const one = (parts: InfParts, code: string) =>
    metric(new Talk(pump({ INF: () => inf(parts) })).open().runTo(30), code);

  test.each([
    { text: '05:11:40', value: 18_700, validity: 'valid' },
    { text: '100:00:00', value: 360_000, validity: 'valid' },
    { text: '24+', value: null, validity: 'not-available' },
    { text: '', value: null, validity: 'not-available' },
    { text: '05:61:40', value: null, validity: 'invalid' },
    { text: '5h', value: null, validity: 'invalid' },
  ])('time remaining `$text`: $value s, $validity', ({ text, value, validity }) => {
    expect(one({ remaining: text }, 'MDC_TIME_PD_REMAIN')).toMatchObject({ value, validity });
  });

  test.each([
    { parts: { volume: '12.430' }, value: 12.43, validity: 'valid' },
    { parts: { volume: '' }, value: null, validity: 'invalid' },
    { parts: { volume: '-0.001' }, value: null, validity: 'invalid' },
    { parts: { volumeUnit: 'mg' }, value: null, validity: 'invalid' },
  ])('volume $parts: $value, $validity', ({ parts, value, validity }) => {
    expect(one(parts, 'MDC_VOL_FLUID_DELIV_TOTAL')).toMatchObject({ value, validity });
  });

  test.each([
    { pressure: '498.75', value: 498.75, validity: 'valid' },
    { pressure: '-3.10', value: -3.1, validity: 'valid' },
    { pressure: '--', value: null, validity: 'invalid' },
  ])('pressure $pressure: $value, $validity', ({ pressure, value, validity }) => {
    expect(one({ pressure }, 'MDCX_PRESS_INFUS_LINE')).toMatchObject({ value, validity });
  });
});

describe('a rate without growing volume is not an infusion', () => {
  const last = (talk: Talk) => ({
    status: talk.of('pump-status').at(-1)?.status,
    flow: talk
      .of('metric')
      .filter(({ code }) => code === FLOW)
      .at(-1),
  });
  const stuck = { status: 'unknown', flow: { value: 8, validity: 'questionable' } };
  const infusing = { status: 'infusing', flow: { value: 8, validity: 'valid' } };

  test('after 60 s it is said, not before, and it ends when the volume grows', () => {
    let volume = '12.430';
    const talk = new Talk(pump({ INF: () => inf({ volume }) })).open();
    expect(last(talk.runTo(59_500))).toMatchObject(infusing);
    expect(last(talk.runTo(61_500))).toMatchObject(stuck);
    expect(last(talk).flow).toMatchObject({ reason: 'rate set but volume does not grow' });
    volume = '12.432';
    expect(last(talk.run(1_100))).toMatchObject(infusing);
  });

  test('at a rate that adds less than 0.01 mL a minute it takes until that should have come', () => {
    const talk = new Talk(pump({ INF: () => inf({ rate: '0.50' }) })).open();
    expect(last(talk.runTo(70_000)).status).toBe('infusing');
    expect(last(talk.runTo(75_000)).status).toBe('unknown');
  });

  test('the time on hold before the start does not count', () => {
    let isHeld = true;
    const held = pump({ INF: () => (isHeld ? inf({ mode: 'HLD', rate: '0.00' }) : inf()) });
    const talk = new Talk(held).open().runTo(600_000);
    expect(last(talk).status).toBe('stopped');
    isHeld = false;
    expect(last(talk.run(50_000))).toMatchObject(infusing);
    expect(last(talk.run(15_000))).toMatchObject(stuck);
  });

  test('a rate that was raised is judged by what was set before, not as if it had always been high', () => {
    let rate = '0.10';
    const talk = new Talk(pump({ INF: () => inf({ rate }) })).open().runTo(65_000);
    rate = '8.00';
    expect(last(talk.run(1_100)).status).toBe('infusing');
  });

  test('a gap without replies is not counted as watched time', () => {
    let isDeaf = false;
    const gap = pump({ INF: () => (isDeaf ? undefined : inf()) });
    const talk = new Talk(gap).open().runTo(10_000);
    isDeaf = true;
    talk.run(120_000);
    isDeaf = false;
    expect(last(talk.run(5_000)).status).toBe('infusing');
  });
});

describe('a rate that the pump cannot be delivering', () => {
  test.each([
    { code: 'AL_OCCLU', rate: '8.00', status: 'unknown', validity: 'questionable' },
    { code: 'AL_VTBIS', rate: '8.00', status: 'unknown', validity: 'questionable' },
    { code: 'AL_VTBIK', rate: '8.00', status: 'unknown', validity: 'questionable' },
    { code: 'AL_EOIKV', rate: '0.00', status: 'unknown', validity: 'questionable' },
    { code: 'AL_OCCLU', rate: '0.00', status: 'stopped', validity: 'valid' },
    { code: 'AL_VTBIC', rate: '8.00', status: 'infusing', validity: 'valid' },
    { code: 'AL_LWBAT', rate: '8.00', status: 'infusing', validity: 'valid' },
  ])('$code and $rate mL/h: $status, flow $validity', ({ code, rate, status, validity }) => {
    let isAlarming = true;
    const talk = new Talk(
      pump({
        INF: () => inf({ notice: isAlarming ? 'A' : '-', rate }),
        ALARM: () => (isAlarming ? ['ALARM', code, '', ''] : noAlarm),
      }),
    );
    talk.open().runTo(1_500);
    expect(talk.of('pump-status').at(-1)?.status).toBe(status);
    expect(
      talk
        .of('metric')
        .filter((seen) => seen.code === FLOW)
        .at(-1),
    ).toMatchObject({
      validity,
    });
    isAlarming = false;
    talk.runTo(2_500);
    expect(talk.of('pump-status').at(-1)?.status).toBe(rate === '0.00' ? 'stopped' : 'infusing');
  });
});
