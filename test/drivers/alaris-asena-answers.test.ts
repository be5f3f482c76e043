import { describe, expect, test } from 'vitest';
import { inf, noAlarm, type Pump, pump, silent, Talk } from './alaris-asena-talk.ts';

const seen = (talk: Talk, code: string) =>
  talk.of('metric').filter((metric) => metric.code === code);
const facts = (talk: Talk, code: string) => talk.of('fact').filter((fact) => fact.code === code);
const VOLUME = 'MDC_VOL_FLUID_DELIV_TOTAL';
const RATE = 'MDC_FLOW_FLUID_PUMP';
const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';

describe('programmed rate', () => {
  const confirmed = 'set rate by its name: not confirmed';
  test.each([
    { reply: ['8.00', 'ml/h'], value: 8, validity: 'questionable', reason: confirmed },
    { reply: [' 8.00', 'ml/h'], value: 8, validity: 'questionable', reason: confirmed },
    { reply: ['0.00', 'ml/h'], value: 0, validity: 'questionable', reason: confirmed },
    { reply: ['8.00', 'mg/h'], value: null, validity: 'invalid' },
    { reply: ['8.00', ''], value: null, validity: 'invalid' },
    { reply: ['', 'ml/h'], value: null, validity: 'invalid' },
    { reply: ['8,00', 'ml/h'], value: null, validity: 'invalid' },
    { reply: ['-8.00', 'ml/h'], value: null, validity: 'invalid' },
    { reply: ['ml/h', '8.00'], value: null, validity: 'invalid' },
    { reply: ['8.00'], value: null, validity: 'invalid', reason: 'reply not understood' },
    {
      reply: ['8.00', 'ml/h', ''],
      value: null,
      validity: 'invalid',
      reason: 'reply not understood',
    },
  ])('$reply: $value, $validity', ({ reply, ...expected }) => {
    const talk = new Talk(pump({ INF_RATE: (word) => [word, ...reply] })).open().runTo(900);
    expect(seen(talk, RATE)).toEqual([expect.objectContaining(expected)]);
    const rejected = reply.length === 2 ? 0 : 1;
    expect(talk.of('frame-rejected')).toHaveLength(rejected);
  });

  test('never becomes the flow: on hold the flow is 0 and the rate is what was set', () => {
    const talk = new Talk(pump({ INF: () => inf({ mode: 'HLD', rate: '0.00' }) })).open();
    talk.runTo(5_500);
    expect(new Set(seen(talk, FLOW).map(({ value }) => value))).toEqual(new Set([0]));
    expect(new Set(seen(talk, RATE).map(({ value }) => value))).toEqual(new Set([8]));
  });

  test('above what the syringe allows is shown with that reason', () => {
    const answers = { INF_RATE_MAX_SYRINGE: (word: string) => [word, '5.00', 'ml/h'] };
    const talk = new Talk(pump(answers)).open().runTo(5_000);
    expect(seen(talk, RATE).at(-1)).toMatchObject({
      value: 8,
      validity: 'questionable',
      reason: 'above the highest rate of this syringe',
    });
    // The flow is not judged by it: an overdose must not be greyed.
    expect(seen(talk, FLOW).at(-1)).toMatchObject({ value: 8, validity: 'valid' });
  });
});

describe('syringe', () => {
  test.each([
    { reply: ['BD PLASTIPAK', ' 50', 'CONF'], text: 'BD PLASTIPAK 50', validity: 'valid' },
    { reply: ['BD PLASTIPAK', ' 50', ''], text: 'BD PLASTIPAK 50', validity: 'questionable' },
    { reply: ['BD PLASTIPAK', ' 50', 'UNCONF'], text: 'BD PLASTIPAK 50', validity: 'questionable' },
    { reply: ['', ' ', ''], text: null, validity: 'not-available' },
    { reply: ['BD PLASTIPAK', ' 50'], text: null, validity: 'invalid' },
    { reply: ['x'.repeat(90), '50', 'CONF'], text: 'x'.repeat(60), validity: 'valid' },
  ])('$reply: $text, $validity', ({ reply, text, validity }) => {
    const talk = new Talk(pump({ SYRINGE_STATUS: (word) => [word, ...reply] })).open().runTo(900);
    expect(facts(talk, 'syringe')).toMatchObject([{ text, validity }]);
  });

  test('another one: its highest rate is asked for at once, and the old one is forgotten', () => {
    let make = 'BD PLASTIPAK';
    const talk = new Talk(
      pump({
        SYRINGE_STATUS: (word) => [word, make, ' 50', 'CONF'],
        INF_RATE_MAX_SYRINGE: (word, atMs) => (atMs < 5_000 ? [word, '5.00', 'ml/h'] : undefined),
      }),
    );
    talk.open().runTo(9_500).from();
    make = 'BD PERFUSOR';
    talk.run(5_000);
    expect(facts(talk, 'syringe')).toMatchObject([{ text: 'BD PERFUSOR 50' }]);
    expect(talk.asked('INF_RATE_MAX_SYRINGE').length).toBeGreaterThan(0);
    expect(seen(talk, RATE).at(-1)?.reason).toBe('set rate by its name: not confirmed');
  });
});

describe('mains or battery, as far as an alarm tells it', () => {
  test.each([
    { code: 'AL_ACDIS', text: 'battery', validity: 'questionable' },
    { code: 'AL_LBTAC', text: 'mains', validity: 'questionable' },
    { code: 'AL_LWBAT', text: null, validity: 'not-available' },
    { code: 'AL_OCCLU', text: null, validity: 'not-available' },
  ])('$code: $text', ({ code, text, validity }) => {
    let isAlarming = true;
    const talk = new Talk(
      pump({
        INF: () => inf({ notice: isAlarming ? 'A' : '-' }),
        ALARM: (word) => (isAlarming ? [word, code, '', ''] : noAlarm),
      }),
    );
    talk.open().runTo(900);
    expect(facts(talk, 'power').at(-1)).toMatchObject({ text, validity });
    isAlarming = false;
    talk.runTo(1_900);
    // No alarm is not "on mains".
    expect(facts(talk, 'power').at(-1)).toMatchObject({ text: null, validity: 'not-available' });
  });
});

describe('pressure', () => {
  const pressure = (parts: Parameters<typeof inf>[0], alarm?: string) => {
    const answers: Readonly<Record<string, Pump>> = {
      INF: () => inf({ ...parts, notice: alarm === undefined ? '-' : 'A' }),
      ALARM: (word) => (alarm === undefined ? noAlarm : [word, alarm, '', '']),
    };
    const talk = new Talk(pump(answers)).open().runTo(1_900);
    return seen(talk, 'MDCX_PRESS_INFUS_LINE').at(-1);
  };

  test.each([
    { parts: {}, value: 35.2, validity: 'valid' },
    { parts: { pressure: '', pressureUnit: '' }, value: null, validity: 'not-available' },
    { parts: { pressure: ' ' }, value: null, validity: 'not-available' },
    { parts: { pressureUnit: '' }, value: null, validity: 'invalid' },
    { parts: { pressureUnit: 'kPa' }, value: null, validity: 'invalid' },
    { parts: { pressure: '3x' }, value: null, validity: 'invalid' },
  ])('$parts: $value, $validity', ({ parts, value, validity }) => {
    expect(pressure(parts)).toMatchObject({ value, validity });
  });

  test('while the pump complains of its pressure disc, what it says is doubtful', () => {
    expect(pressure({}, 'AL_PRDSC')).toMatchObject({ value: 35.2, validity: 'questionable' });
    expect(pressure({}, 'AL_LWBAT')).toMatchObject({ value: 35.2, validity: 'valid' });
  });
});

describe('the volume infused, told twice', () => {
  /** INF counts right; what INF_VI says is the argument. */
  const told = (vi: (rightMl: number, atMs: number) => string | undefined) => {
    const rightMl = (atMs: number) => 12.43 + (8 * atMs) / 3_600_000;
    return new Talk(
      pump({
        INF_VI: (word, atMs) => {
          const ml = vi(rightMl(atMs), atMs);
          return ml === undefined ? undefined : [word, ml, 'ml'];
        },
      }),
    ).open();
  };
  const validity = (talk: Talk) => seen(talk, VOLUME).at(-1)?.validity;

  test('the same: valid', () => {
    expect(validity(told((ml) => ml.toFixed(3)).runTo(300_000))).toBe('valid');
  });

  test.each([1, -1])(
    'it had agreed and is %s mL off twice: questionable, until it agrees',
    (by) => {
      let offMl = 0;
      const talk = told((ml) => (ml + offMl).toFixed(3)).runTo(25_000);
      offMl = by;
      expect(validity(talk.runTo(31_500))).toBe('valid');
      talk.runTo(42_500);
      expect(seen(talk, VOLUME).at(-1)).toMatchObject({
        validity: 'questionable',
        reason: 'pump gives two different volumes',
      });
      expect(seen(talk, VOLUME).at(-1)?.value).not.toBeNull();
      offMl = 0;
      expect(validity(talk.runTo(53_000))).toBe('valid');
    },
  );

  test('the unit may stand before the number', () => {
    let offMl = 0;
    const answers = {
      INF: () => inf(),
      INF_VI: (word: string) => [word, 'ml', (12.43 + offMl).toFixed(3)],
    };
    const talk = new Talk(pump(answers)).open().runTo(25_000);
    offMl = 1;
    expect(validity(talk.runTo(45_000))).toBe('questionable');
  });

  test.each([
    { what: 'it never agreed: it is another counter', vi: () => '99.000' },
    { what: 'no number', vi: () => 'x' },
    { what: 'no answer', vi: () => undefined },
  ])('$what: valid', ({ vi }) => {
    expect(validity(told(vi).runTo(300_000))).toBe('valid');
  });

  test('two counters that both say 0 have not shown to be the same', () => {
    let isRunning = false;
    const talk = new Talk(
      pump({
        INF: () => inf({ volume: isRunning ? '5.000' : '0.000' }),
        INF_VI: (word) => [word, '0.000', 'ml'],
      }),
    )
      .open()
      .runTo(30_000);
    isRunning = true;
    expect(validity(talk.runTo(90_000))).toBe('valid');
  });

  test('a counter that is cleared between two questions disagrees once', () => {
    const clearedAtMs = 20_100;
    const ml = (atMs: number) =>
      (atMs < clearedAtMs ? 12.43 : 0.001 * Math.floor((atMs - clearedAtMs) / 500)).toFixed(3);
    const answers = {
      INF: (_: string, atMs: number) => inf({ volume: ml(atMs) }),
      INF_VI: (word: string, atMs: number) => [word, ml(atMs), 'ml'],
    };
    const talk = new Talk(pump(answers)).open().runTo(120_000);
    expect(new Set(seen(talk, VOLUME).map((metric) => metric.validity))).toEqual(
      new Set(['valid']),
    );
  });
});

describe("an event in the pump's log", () => {
  test('rate, VTBI, syringe and alarm are asked for at once', () => {
    let logEntry = '100231';
    const talk = new Talk(pump({ INF: () => inf({ logEntry }) })).open().runTo(21_900).from();
    talk.runTo(22_900);
    expect(talk.sent.map(({ word }) => word)).toEqual(['INF']);
    logEntry = '100232';
    talk.from().runTo(23_500);
    expect(talk.sent.map(({ word }) => word)).toEqual([
      'INF',
      'ALARM',
      'INF_RATE',
      'INF_VTBI',
      'SYRINGE_STATUS',
    ]);
    talk.from().runTo(24_900);
    expect(talk.asked('ALARM')).toEqual([]);
  });
});

describe('the model', () => {
  test('is told with the serial number, and not without', () => {
    const told = (serial: string) =>
      new Talk(pump({ INF: () => inf({ serial }) })).open().runTo(30).of('identity')[0];
    expect(told('8002-51740')).toMatchObject({ model: 'GH (by serial number)' });
    expect(told('9999-51740')).not.toHaveProperty('model');
  });

  test('a silent pump tells none', () => {
    expect(new Talk(silent).open().runTo(60_000).of('identity')).toEqual([]);
  });
});
