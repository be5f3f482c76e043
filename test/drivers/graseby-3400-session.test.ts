import { describe, expect, test } from 'vitest';
import { line, type Pump, pump, Talk } from './graseby-3400-talk.ts';

const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';
const RATE = 'MDC_FLOW_FLUID_PUMP';
const TOTAL = 'MDC_VOL_FLUID_DELIV_TOTAL';
const mute =
  (answers: Pump, ...words: readonly string[]): Pump =>
  (word, atMs) =>
    words.includes(word) ? undefined : answers(word, atMs);

describe('asking', () => {
  test('the state at once, every second; the rate every 2 s, the total every 5 s, one at a time', () => {
    const talk = new Talk(pump()).open().run(10_500);
    expect(talk.sent.slice(0, 3)).toEqual([
      { atMs: 0, word: 'CHCK' },
      { atMs: 20, word: 'GETR' },
      { atMs: 40, word: 'TOTL' },
    ]);
    expect(talk.asked('CHCK')).toHaveLength(11);
    expect(talk.asked('GETR')).toHaveLength(6);
    expect(talk.asked('TOTL')).toHaveLength(3);
    expect(talk.of('reply-missed')).toEqual([]);
  });

  test('a silent pump: the state again and again, 2 s apart, every third time a miss', () => {
    const talk = new Talk(() => undefined).open().run(12_100);
    expect(talk.sent.map(({ word, atMs }) => `${word} ${atMs}`)).toEqual(
      [0, 2, 4, 6, 8, 10, 12].map((second) => `CHCK ${second * 1_000}`),
    );
    expect(talk.of('reply-missed').map(({ atMs, query }) => [query, atMs])).toEqual([
      ['CHCK', 6_000],
      ['CHCK', 12_000],
    ]);
    expect(talk.of('metric')).toEqual([]);
    expect(talk.of('pump-status')).toEqual([]);
  });

  test('a pump that never tells its rate: the state is not held up, the flow is not there', () => {
    const talk = new Talk(mute(pump(), 'GETR', 'TOTL')).open().run(300_000);
    const asked = talk.asked('CHCK');
    const gaps = asked.slice(1).map((atMs, index) => atMs - (asked[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(3_000);
    expect(talk.asked('GETR').length).toBeLessThan(40);
    expect(talk.asked('TOTL').length).toBeGreaterThan(3);
    expect(talk.flow()).toMatchObject({ status: 'infusing', validity: 'not-available' });
  });

  test('a rate that is no longer told does not stay', () => {
    let isMute = false;
    const usual = pump();
    const talk = new Talk((word, atMs) =>
      isMute && word === 'GETR' ? undefined : usual(word, atMs),
    );
    talk.open().run(3_000);
    expect(talk.last(RATE).value).toBe(72);
    isMute = true;
    talk.run(12_000);
    expect(talk.last(RATE)).toMatchObject({ value: null, validity: 'not-available' });
    expect(talk.flow()).toMatchObject({ value: null, validity: 'not-available' });
  });

  test('a late answer, a doubled one, another word, noise: not taken', () => {
    const talk = new Talk(() => undefined).open();
    expect(talk.hear(line('OKGETRINFS80'))).toMatchObject([
      { kind: 'frame-rejected', reason: 'unexpected' },
    ]);
    expect(talk.hear(line('OKCHCKINFS'))[0]).toMatchObject({ kind: 'frame-accepted' });
    expect(talk.hear(line('OKCHCKINFS'))).toMatchObject([
      { kind: 'frame-rejected', reason: 'unexpected' },
    ]);
    expect(talk.hear(Uint8Array.of(1, 2, 3))).toMatchObject([
      { kind: 'frame-rejected', reason: 'malformed' },
    ]);
    expect(talk.hear(line('OKGETRINFS80').map((byte, at) => (at === 12 ? 0x39 : byte)))).toEqual([
      { kind: 'frame-rejected', reason: 'checksum', atMs: 0 },
    ]);
    expect(talk.wakeAtMs).toBeDefined();
  });

  test('closed: silent, and nothing is believed; opened again: everything from the beginning', () => {
    const talk = new Talk(pump()).open().run(120_000);
    expect(talk.flow().validity).toBe('valid');
    talk.close().from();
    expect(talk.wakeAtMs).toBeUndefined();
    expect(talk.hear(line('OKCHCKINFS'))).toMatchObject([{ kind: 'frame-rejected' }]);
    expect(talk.from().open().sent).toMatchObject([{ word: 'CHCK' }]);
    talk.run(3_000);
    expect(talk.flow()).toMatchObject({ value: 72, validity: 'questionable' });
  });
});

describe('state and alarm', () => {
  test('stopped: flow 0, whatever rate is set', () => {
    const talk = new Talk(pump(() => ({ state: 'STBY', mlPerH: 0 }))).open().run(10_000);
    expect(talk.flow()).toMatchObject({ status: 'stopped', value: 0, validity: 'valid' });
    expect(talk.last(RATE)).toMatchObject({ value: 72, validity: 'questionable' });
    expect(talk.alarms()).toEqual([]);
  });

  test('stopped, but the volume grows: not believed, until it stands still for a minute', () => {
    const talk = new Talk(
      pump((atMs) => ({ state: 'STBY', mlPerH: atMs < 30_000 ? 72 : 0 })),
    ).open();
    talk.run(25_000);
    expect(talk.flow()).toMatchObject({
      status: 'unknown',
      validity: 'questionable',
      reason: 'stopped, but volume grows',
    });
    talk.run(50_000);
    expect(talk.flow().status).toBe('unknown');
    talk.run(30_000);
    expect(talk.flow()).toMatchObject({ status: 'stopped', value: 0, validity: 'valid' });
  });

  test('an alarm: known with the next state, no flow; over when the pump says so', () => {
    const states = ['INFS', 'ALRM', 'STBY'];
    const talk = new Talk(
      pump((atMs) => ({ state: states[Math.min(2, Math.floor(atMs / 5_000))] ?? '' })),
    ).open();
    talk.run(4_900);
    expect(talk.alarms()).toEqual([]);
    talk.run(1_200);
    expect(talk.of('alerts').at(-1)?.alerts).toEqual([
      { code: 'ALRM', text: 'Pump alarm, cause not told', ruleId: 'PMP-10', priority: 'medium' },
    ]);
    expect(talk.flow()).toMatchObject({ status: 'unknown', value: null, validity: 'invalid' });
    talk.run(5_000);
    expect(talk.alarms()).toEqual([]);
    expect(talk.flow().status).toBe('stopped');
  });

  test('a state that we do not know is shown as it came, and takes back no alarm', () => {
    const talk = new Talk(() => undefined).open();
    talk.hear(line('OKCHCKALRM'));
    talk.hear(line('OKGETRPURG80'));
    expect(talk.of('pump-status').at(-1)?.raw).toBe('PURG');
    expect(talk.alarms()).toEqual(['ALRM']);
    const fresh = new Talk(() => undefined).open();
    fresh.hear(line('OKCHCKPURG'));
    expect(fresh.alarms()).toEqual([]);
    expect(fresh.of('pump-status').at(-1)).toMatchObject({ status: 'unknown', raw: 'PURG' });
    expect(fresh.flow()).toMatchObject({ value: null, validity: 'invalid' });
  });

  test.each(['INFS', 'STBY'])('a command error in %s: neither state nor flow is known', (state) => {
    const talk = new Talk((word) => `CE${word}${state}80`).open().run(3_000);
    expect(talk.flow()).toMatchObject({ status: 'unknown', value: null, validity: 'invalid' });
    expect(talk.of('pump-status').at(-1)?.raw).toBe(`CE ${state}`);
    expect(talk.last(RATE)).toMatchObject({ value: null, validity: 'invalid' });
    expect(talk.last(TOTAL)).toMatchObject({ value: null, validity: 'invalid' });
  });

  test('an alarm in a command error is an alarm', () => {
    const talk = new Talk((word) => `CE${word}ALRM`).open().run(100);
    expect(talk.alarms()).toEqual(['ALRM']);
  });

  test('a simulated pump says so before its first value', () => {
    const usual = pump();
    const talk = new Talk((word, atMs) => `${usual(word, atMs)}SIM`).open().run(100);
    expect(talk.events[0]).toMatchObject({ kind: 'identity', mode: 'demo' });
    expect(new Talk(usual).open().run(100).of('identity')).toEqual([]);
  });
});

describe('the rate and the volume', () => {
  test('presumed at first; confirmed by 0.3 mL of volume, then valid', () => {
    const talk = new Talk(pump()).open().run(30_000);
    expect(talk.flow()).toEqual({
      status: 'infusing',
      value: 72,
      validity: 'questionable',
      source: 'rate and state',
      reason: 'rate presumed, not yet confirmed by the volume',
    });
    expect(talk.last(RATE)).toMatchObject({ value: 72, validity: 'questionable' });
    talk.run(30_000);
    expect(talk.flow()).toMatchObject({ value: 72, validity: 'valid' });
    expect(talk.last(RATE)).toMatchObject({ value: 72, validity: 'valid' });
  });

  test('at 8 mL/h it takes some minutes, and no less than 0.3 mL', () => {
    const talk = new Talk(pump(() => ({ rate: '80', mlPerH: 8 }))).open().run(130_000);
    expect(talk.flow().validity).toBe('questionable');
    talk.run(120_000);
    expect(talk.flow()).toMatchObject({ value: 8, validity: 'valid' });
  });

  test.each([
    ['in mL/h, not in tenths', '72'],
    ['in hundredths', '7200'],
    ['half of it', '360'],
    ['twice as much', '1440'],
  ])('a rate that is told %s never becomes valid', (_, rate) => {
    const talk = new Talk(pump(() => ({ rate }))).open().run(1_800_000);
    const validities = new Set(
      talk
        .of('metric')
        .filter(({ code }) => code === FLOW || code === RATE)
        .map(({ validity }) => validity),
    );
    expect([...validities]).not.toContain('valid');
    expect(talk.flow().reason).toBe('volume does not grow as the rate says');
  });

  test('once confirmed, a new rate counts at once', () => {
    const talk = new Talk(
      pump((atMs) => (atMs < 120_000 ? {} : { rate: '7200', mlPerH: 720 })),
    ).open();
    talk.run(122_500);
    expect(talk.flow()).toMatchObject({ value: 720, validity: 'valid' });
  });

  test('the volume stands still at a rate: doubted; grows again as it should: valid', () => {
    const talk = new Talk(
      pump((atMs) => ({ mlPerH: atMs > 120_000 && atMs < 240_000 ? 0 : 72 })),
    ).open();
    talk.run(119_000);
    expect(talk.flow().validity).toBe('valid');
    talk.run(61_000);
    expect(talk.flow()).toMatchObject({
      value: 72,
      validity: 'questionable',
      reason: 'volume does not grow as the rate says',
    });
    talk.run(240_000);
    expect(talk.flow().validity).toBe('valid');
  });

  test('the total is cleared at the pump: no disagreement', () => {
    const talk = new Talk((word, atMs) => {
      const tenths = Math.floor((72 * (atMs < 150_000 ? atMs : atMs - 150_000)) / 360_000);
      return `OK${word}INFS${{ GETR: '720', TOTL: String(tenths) }[word] ?? ''}`;
    }).open();
    talk.run(400_000);
    const doubts = talk.of('metric').filter(({ code, atMs }) => code === FLOW && atMs > 100_000);
    expect(doubts.map(({ validity }) => validity)).not.toContain('questionable');
  });

  test('infusing with a rate of 0 is not "nothing flows"', () => {
    const talk = new Talk(pump(() => ({ rate: '0' }))).open().run(10_000);
    expect(talk.flow()).toMatchObject({
      status: 'infusing',
      validity: 'questionable',
      reason: 'infusing with a rate of 0',
    });
  });

  test.each(['', '8.0', '-80', '12x', '12345678', ' 80'])(
    'the rate "%s" is not understood, and no number',
    (rate) => {
      const talk = new Talk(pump(() => ({ rate }))).open().run(3_000);
      expect(talk.last(RATE)).toMatchObject({ value: null, validity: 'invalid' });
      expect(talk.flow()).toMatchObject({ value: null, validity: 'not-available' });
    },
  );

  test('the flow is as old as the rate: other replies do not make it younger', () => {
    const talk = new Talk(pump()).open().run(9_000);
    const flows = talk.of('metric').filter(({ code }) => code === FLOW);
    const rates = talk.of('metric').filter(({ code }) => code === RATE);
    expect(flows.slice(1).map(({ atMs }) => atMs)).toEqual(rates.map(({ atMs }) => atMs));
  });
});
