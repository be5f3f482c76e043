import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asenaQueries } from '../../drivers/alaris-asena/codec.ts';
import { asenaSession } from '../../drivers/alaris-asena/session.ts';
import {
  inf,
  latin1,
  line,
  longestGapMs,
  noAlarm,
  OTHERS,
  pump,
  silent,
  Talk,
} from './alaris-asena-talk.ts';

const accepted = { kind: 'frame-accepted' };
const rejected = (reason: string) => ({ kind: 'frame-rejected', reason });

describe('one question at a time', () => {
  test('opened: the first question is INF, and nothing else until it is answered', () => {
    const talk = new Talk(silent).open();
    expect(talk.sent).toEqual([{ atMs: 0, word: 'INF' }]);
    expect(talk.wakeAtMs).toBe(1_000);
  });

  test('an answer leads to the next question at once, until all ten are asked', () => {
    const talk = new Talk(pump()).open().runTo(900);
    expect(talk.sent.map(({ word }) => word)).toEqual(['INF', 'ALARM', ...OTHERS]);
    expect(talk.wakeAtMs).toBe(1_000);
  });

  test('then each in its own time', () => {
    const talk = new Talk(pump()).open().runTo(61_500);
    expect(talk.asked('INF')).toHaveLength(62);
    expect(talk.asked('ALARM')).toHaveLength(13);
    for (const word of ['INF_RATE', 'INF_VTBI']) {
      expect(longestGapMs(talk.asked(word))).toBeLessThan(4_900);
    }
    expect(talk.asked('SYRINGE_STATUS')).toHaveLength(7);
    expect(talk.asked('INF_VI')).toHaveLength(7);
    expect(talk.asked('INF_RATE_MAX_SYRINGE')).toHaveLength(2);
    expect(talk.asked('INST_SERIALNO')).toHaveLength(2);
    expect(talk.asked('COMMS_RESPONSE_MAX')).toHaveLength(1);
    expect(talk.asked('COMMS_PROTOCOL')).toHaveLength(1);
    expect(talk.of('reply-missed')).toEqual([]);
    expect(talk.of('frame-rejected')).toEqual([]);
  });

  test('an early wake-up asks nothing and is not the last one', () => {
    const talk = new Talk(silent).open();
    const step = asenaSession.step(talk.state, { kind: 'wake', atMs: 400 });
    expect(step).toMatchObject({ send: [], events: [], wakeAtMs: 1_000 });
  });
});

describe('what is not the answer', () => {
  test.each([
    { what: 'a late reply of another word', parts: noAlarm, reason: 'unexpected' },
    { what: 'a word that was never asked', parts: ['INF_RATE', '8.00'], reason: 'unexpected' },
    { what: 'our own question from a cable that echoes', parts: ['INF'], reason: 'unexpected' },
  ])('$what is dropped and the question stays open', ({ parts, reason }) => {
    const talk = new Talk(silent).open();
    expect(talk.hear(...parts)).toEqual([expect.objectContaining(rejected(reason))]);
    expect(talk.sent).toHaveLength(1);
    expect(talk.hear(...inf())).toContainEqual(expect.objectContaining(accepted));
  });

  test('a duplicate of the answer is dropped', () => {
    const talk = new Talk(silent).open();
    talk.hear(...inf());
    expect(talk.hear(...inf())).toEqual([expect.objectContaining(rejected('unexpected'))]);
  });

  test('a wrong checksum is rejected and says nothing about the pump', () => {
    const talk = new Talk(silent).open();
    const bad = latin1('!INF^8003-20417^-^SET^8.00^ml/h|0000');
    expect(talk.hearBytes(bad)).toEqual([expect.objectContaining(rejected('checksum'))]);
  });

  test('before opening and after closing nothing is expected and nothing is sent', () => {
    const talk = new Talk(silent);
    expect(talk.hear(...inf())).toEqual([expect.objectContaining(rejected('unexpected'))]);
    talk.open().close().from();
    expect(talk.hear(...inf())).toEqual([expect.objectContaining(rejected('unexpected'))]);
    expect(talk.runTo(100_000).sent).toEqual([]);
    expect(talk.wakeAtMs).toBeUndefined();
  });
});

describe('no answer', () => {
  test('INF is asked again after 1 s, and given up after 2 s', () => {
    const talk = new Talk(silent).open().runTo(1_999);
    expect(talk.asked('INF')).toEqual([0, 1_000]);
    expect(talk.of('reply-missed')).toEqual([]);
    expect(talk.runTo(2_000).of('reply-missed')).toEqual([
      { kind: 'reply-missed', query: 'INF', atMs: 2_000 },
    ]);
  });

  test('a pump that does not answer INF is still asked for its alarm', () => {
    const deaf = pump({ INF: silent, ALARM: () => ['ALARM', 'AL_OCCLU', '', ''] });
    const talk = new Talk(deaf).open().runTo(3_000);
    expect(talk.of('alerts')[0]?.alerts).toMatchObject([{ code: 'AL_OCCLU' }]);
  });

  test('a pump that is silent is asked for INF again and again, for ever', () => {
    const talk = new Talk(silent).open().runTo(600_000);
    expect(longestGapMs(talk.asked('INF'))).toBeLessThanOrEqual(5_000);
  });

  test('questions that stay without an answer are asked ever more rarely', () => {
    const talk = new Talk(pump({ INF_VTBI: silent })).open().runTo(2 * 3_600_000);
    expect(talk.asked('INF_VTBI').length).toBeLessThan(30);
    expect(talk.asked('INF_VTBI').at(-1)).toBeGreaterThan(3_600_000);
  });

  test('and as often as ever once they are answered', () => {
    const mute = { until: 600_000 };
    const answers = pump({
      INF_VTBI: (word, atMs) =>
        atMs < mute.until ? undefined : [word, 'ACTIV', '37.570', 'ml', 'STOP'],
    });
    const talk = new Talk(answers).open().runTo(1_200_000).from().run(60_000);
    expect(talk.asked('INF_VTBI')).toHaveLength(15);
  });

  test('moments that are not whole milliseconds do not make it spin', () => {
    for (let start = 0.1; start < 40; start += 0.7) {
      const talk = new Talk(silent, { startMs: start / 3 }).open().run(20_000);
      expect(talk.sent.length).toBeLessThan(30);
    }
  });

  test('a reply that comes later than the wake-up was due does not put the next one in the past', () => {
    const talk = new Talk(silent).open();
    talk.nowMs = 1_300;
    talk.hear('ALARM', 'AL_NOALM', '', '');
    expect(talk.wakeAtMs).toBeGreaterThanOrEqual(1_300);
    expect(talk.asked('INF')).toEqual([0, 1_300]);
  });
});

describe('VTBI, serial number, protocol', () => {
  test.each([
    {
      what: 'set',
      reply: ['ACTIV', '37.570', 'ml', 'STOP'],
      value: 37.57,
      validity: 'questionable',
    },
    { what: 'none', reply: ['DEACT', '', '', ''], value: null, validity: 'not-available' },
    {
      what: 'active but empty',
      reply: ['ACTIV', '', '', ''],
      value: null,
      validity: 'not-available',
    },
    {
      what: 'another unit',
      reply: ['ACTIV', '37.570', 'l', 'STOP'],
      value: null,
      validity: 'invalid',
    },
    { what: 'no number', reply: ['ACTIV', '3x', 'ml', 'STOP'], value: null, validity: 'invalid' },
    {
      what: 'negative',
      reply: ['ACTIV', '-1.000', 'ml', 'STOP'],
      value: null,
      validity: 'invalid',
    },
    {
      what: 'unknown word',
      reply: ['MAYBE', '1.000', 'ml', 'STOP'],
      value: null,
      validity: 'invalid',
    },
    { what: 'too few fields', reply: ['ACTIV', '37.570', 'ml'], value: null, validity: 'invalid' },
  ])('VTBI $what: $value, $validity', ({ reply, value, validity }) => {
    const talk = new Talk(pump({ INF_VTBI: (word) => [word, ...reply] })).open().runTo(900);
    expect(talk.of('metric').find(({ code }) => code === 'MDC_VOL_FLUID_TBI')).toMatchObject({
      value,
      validity,
    });
  });

  test('who it is comes before its values', () => {
    const talk = new Talk(silent).open();
    const kinds = talk.hear(...inf()).map(({ kind }) => kind);
    expect(kinds.indexOf('identity')).toBeLessThan(kinds.indexOf('metric'));
    expect(talk.of('identity')).toEqual([
      { kind: 'identity', serial: '8003-20417', model: 'CC (by serial number)', atMs: 0 },
    ]);
    expect(talk.runTo(3_000).of('identity')).toHaveLength(1);
  });

  test('a serial number that begins with SIM is a simulated pump, from the first value on', () => {
    const talk = new Talk(silent).open();
    const events = talk.hear(...inf({ serial: 'SIM1-00001' }));
    expect(events.slice(0, 2)).toEqual([
      expect.objectContaining(accepted),
      { kind: 'identity', serial: 'SIM1-00001', mode: 'demo', atMs: 0 },
    ]);
  });

  test('a blank around the serial number does not make another pump', () => {
    const padded = pump({ INST_SERIALNO: (word) => [word, ' 8003-20417 '] });
    expect(new Talk(padded).open().runTo(900).of('identity')).toMatchObject([
      { serial: '8003-20417' },
      { firmware: 'Asena Rev 2.1.5' },
    ]);
  });

  test.each([
    ['INST_SERIALNO', ' '],
    ['INST_SERIALNO', 'a', 'b'],
    ['COMMS_PROTOCOL', ''],
  ])('the reply %s^%s is rejected', (word, ...fields) => {
    const talk = new Talk(pump({ [word]: () => [word, ...fields] })).open().runTo(900);
    expect(talk.of('frame-rejected')).toMatchObject([{ reason: 'malformed' }]);
  });

  test('another serial number is another pump: said before its values, and everything is asked anew', () => {
    let serial = '8003-20417';
    const swapped = pump({ INF: () => inf({ serial, volume: '0.000' }) });
    const talk = new Talk(swapped).open().runTo(50_500).from();
    serial = '8003-99999';
    talk.runTo(51_900);
    const asked = talk.sent.map(({ word }) => word);
    expect(asked.slice(0, 2)).toEqual(['INF', 'ALARM']);
    const hasNoMemory: readonly string[] = ['INF_VI', 'INST_SERIALNO'];
    const rest = OTHERS.filter((word) => !hasNoMemory.includes(word));
    expect(new Set(asked.slice(2))).toEqual(new Set(rest));
    const kinds = talk.events.map(({ kind }) => kind);
    expect(kinds.indexOf('identity')).toBeLessThan(kinds.indexOf('metric'));
    // The old pump stood still for 50 s; that is not held against the new one.
    talk.from().runTo(80_000);
    expect(new Set(talk.of('pump-status').map(({ status }) => status))).toEqual(
      new Set(['infusing']),
    );
  });

  test('a swapped pump is asked again for what the old one did not answer', () => {
    let serial = '8003-20417';
    const talk = new Talk(
      pump({
        INF: () => inf({ serial }),
        INST_SERIALNO: (word) => [word, serial],
        INF_VTBI: silent,
      }),
    );
    talk.open().runTo(300_500).from();
    serial = '8003-99999';
    talk.runTo(302_000);
    expect(talk.asked('INF_VTBI')).toHaveLength(1);
    // And given up as slowly as any other that is new.
    talk.runTo(308_000);
    expect(talk.asked('INF_VTBI')).toHaveLength(2);
  });
});

describe('closed and opened again', () => {
  test('starts over: all is asked anew and nothing of before is believed', () => {
    const talk = new Talk(pump({ INF_VTBI: silent })).open().runTo(40_000).close();
    expect(talk.state).toEqual(asenaSession.initial);
    talk.from().open().run(900);
    expect(talk.sent.map(({ word }) => word)).toEqual(['INF', 'ALARM', 'INF_RATE', 'INF_VTBI']);
    expect(talk.of('identity')[0]).toMatchObject({ serial: '8003-20417' });
  });

  test('opened twice without a close starts over as well', () => {
    const talk = new Talk(pump()).open().runTo(10_000).from().open();
    expect(talk.sent).toEqual([{ atMs: 10_000, word: 'INF' }]);
    talk.runTo(10_100);
    expect(talk.of('identity')[0]).toMatchObject({ serial: '8003-20417' });
  });
});

describe('whatever comes', () => {
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom(
      line(...inf()),
      line(...inf({ notice: 'A', mode: 'HLD', rate: '0.00' })),
      line(...inf({ serial: 'SIM1-00001' })),
      line(...noAlarm),
      line('ALARM', 'AL_OCCLU', '', ''),
      line('INF'),
      line('REMOTE_CTRL', 'ENABLED', '7A48'),
    ),
    fc
      .tuple(fc.constantFrom('INF', 'ALARM', ...OTHERS), fc.array(fc.string()))
      .map(([word, fields]) => line(word, ...fields)),
  );
  const inputs = fc.array(
    fc.tuple(
      fc.constantFrom('opened', 'frame', 'frame', 'frame', 'wake', 'wake', 'closed'),
      fc.nat({ max: 3_000 }),
      frames,
    ),
    { maxLength: 60 },
  );

  test('only questions of the closed list are sent, and one verdict is given for each frame', () => {
    fc.assert(
      fc.property(inputs, (script) => {
        let state = asenaSession.initial;
        let atMs = 0;
        for (const [kind, laterMs, frame] of script) {
          atMs += laterMs;
          const input = kind === 'frame' ? ({ kind, atMs, frame } as const) : { kind, atMs };
          const step = asenaSession.step(state, input as Parameters<typeof asenaSession.step>[1]);
          state = step.state;
          for (const bytes of step.send) expect(asenaQueries.has(bytes)).toBe(true);
          const verdicts = step.events.filter((event) => event.kind.startsWith('frame-'));
          expect(verdicts).toHaveLength(kind === 'frame' ? 1 : 0);
          if (step.wakeAtMs !== undefined) expect(step.wakeAtMs).toBeGreaterThanOrEqual(atMs);
        }
      }),
      { numRuns: 500 },
    );
  });
});
