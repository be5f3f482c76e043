import { describe, expect, test } from 'vitest';
import { noninSession } from '../../drivers/nonin/session.ts';
import { MISSING_SAMPLE } from '../../src/observation/wave.ts';
import { damaged, FLOATS, hex, NO_FLOATS, type PacketParts, packet, timed } from './nonin-kit.ts';
import { Listening, RATE, SPO2, verdictOf } from './oximeter-kit.ts';

const FRAME_MS = 1_000 / 75;
const MARK: Readonly<Record<number, number>> = Object.fromEntries(
  [12, 13, 18, 19, 24, 25].map((place, index) => [place, 'IW-SIM'.charCodeAt(index)]),
);

const listen = (format: 'auto' | 2 | 7 | 8 = 'auto') => new Listening(noninSession({ format }));

/** Packets at the pace of the device, and the first frame of one more, so that the last is complete. */
function told(talk: ReturnType<typeof listen>, ...packets: readonly (readonly Uint8Array[])[]) {
  const next = packets.at(-1)?.[0] ?? new Uint8Array();
  return [...packets.flat(), next].map((frame) => verdictOf(talk.hear(frame, FRAME_MS)));
}
/** Three packets, the second of which has other parts. */
function between(parts: PacketParts) {
  const talk = listen();
  told(talk, packet(), packet(parts));
  return talk;
}

describe('a packet', () => {
  test('is known with the first frame of the next one: identity, values, alarms, 25 samples', () => {
    const talk = listen();
    const frames = packet({ pleth: (place) => 100 + place });
    for (const frame of frames) {
      expect(talk.hear(frame, FRAME_MS).map(({ kind }) => kind)).toEqual(['frame-accepted']);
    }
    const atMs = talk.nowMs;
    const events = talk.hear(frames[0] ?? new Uint8Array(), FRAME_MS);
    expect(events.map(({ kind }) => kind)).toEqual([
      'frame-accepted',
      'identity',
      'metric',
      'metric',
      'alerts',
      'wave',
    ]);
    expect(talk.of('identity')).toEqual([
      { kind: 'identity', firmware: 'format 2, revision 48', atMs },
    ]);
    expect(talk.last(SPO2)).toEqual({ value: 97, validity: 'valid' });
    expect(talk.last(RATE)).toEqual({ value: 130, validity: 'valid' });
    expect(talk.alarms()).toEqual([]);
    expect(talk.of('wave')).toEqual([
      {
        kind: 'wave',
        code: 'MDC_PULS_OXIM_PLETH',
        firstIndex: 0,
        samplesPerS: 75,
        samples: Int16Array.from({ length: 25 }, (_, index) => 101 + index),
        scale: null,
        zero: 0,
        validity: 'valid',
        atMs,
      },
    ]);
  });

  test('the same in format 7, with 16 bits of pleth', () => {
    const talk = listen();
    const pleth = [0, 1, 32_767, 32_768, 65_535];
    told(talk, packet({ format: 7, pleth: (place) => pleth[place - 1] ?? 40_000 }));
    told(talk, packet({ format: 7 }));
    const wave = talk.of('wave')[0];
    expect(wave?.zero).toBe(-32_768);
    expect([...(wave?.samples ?? [])].slice(0, 6)).toEqual([
      // 0 would be "missing".
      -32_767, -32_767, -1, 0, 32_767, 7_232,
    ]);
  });

  test.each([24, 26])(
    'of %s frames is dropped, samples and all: a place decides what a byte means',
    (count) => {
      const talk = listen();
      told(talk, packet());
      const before = talk.of('metric').length;
      const frames = packet();
      const odd =
        count === 24
          ? frames.toSpliced(1, 1)
          : frames.toSpliced(1, 0, frames[7] ?? new Uint8Array());
      told(talk, odd, packet());
      const values = talk
        .of('metric')
        .slice(before)
        .map(({ value }) => value);
      expect(new Set(values)).toEqual(new Set([97, 130]));
      expect(talk.of('wave').every(({ samples }) => samples.length === 25)).toBe(true);
    },
  );

  test('a damaged frame costs its own content only', () => {
    const talk = listen();
    told(talk, packet());
    const frames = packet({ floats: { ...FLOATS, 3: 91 } });
    frames[1] = damaged(frames[1] ?? new Uint8Array());
    const verdicts = told(talk, frames);
    expect(verdicts.filter((verdict) => verdict === 'checksum')).toHaveLength(1);
    expect(talk.last(SPO2)).toEqual({ value: 91, validity: 'valid' });
    // The rate had no good frame: nothing is said of it, so that the old one gets older.
    const atMs = talk.of('metric').findLast(({ code }) => code === SPO2)?.atMs ?? 0;
    expect(talk.of('metric').findLast(({ code }) => code === RATE)?.atMs).toBeLessThan(atMs);
    const samples = [...(talk.of('wave').at(-1)?.samples ?? [])];
    expect(samples.slice(0, 3)).toEqual([1, MISSING_SAMPLE, 3]);
  });

  test('that stopped in the middle is not gone on with after a pause', () => {
    const talk = listen();
    told(talk, packet());
    const frames = packet({ floats: { ...FLOATS, 3: 60 } });
    for (const frame of frames.slice(1, 12)) talk.hear(frame, FRAME_MS);
    talk.hear(frames[12] ?? new Uint8Array(), 1_001);
    for (const frame of frames.slice(13)) talk.hear(frame, FRAME_MS);
    told(talk, packet());
    expect(talk.of('metric').map(({ value }) => value)).not.toContain(60);
  });

  test('is as old as its last byte, also when the next one comes late', () => {
    const talk = listen();
    for (const frame of packet()) talk.hear(frame, FRAME_MS);
    const atMs = talk.nowMs;
    talk.hear(packet()[0] ?? new Uint8Array(), 900);
    expect(talk.of('metric').map((metric) => metric.atMs)).toEqual([atMs, atMs]);
    expect(talk.of('wave')[0]?.atMs).toBe(atMs);
  });
});

describe('the index of the samples', () => {
  const indices = (talk: ReturnType<typeof listen>) =>
    talk.of('wave').map(({ firstIndex }) => firstIndex);

  test('runs on without a gap', () => {
    const talk = listen();
    told(talk, timed(1), timed(2), timed(3), timed(4));
    expect(indices(talk)).toEqual([0, 25, 50, 75]);
  });

  test('jumps over what was lost', () => {
    const talk = listen();
    told(talk, timed(1), timed(2), timed(3).toSpliced(6, 2), timed(4), timed(5));
    expect(indices(talk)).toEqual([0, 25, 75, 100]);
    const quiet = listen();
    told(quiet, timed(1));
    quiet.nowMs += 30 * 1_000;
    told(quiet, timed(92), timed(93));
    expect(indices(quiet)).toEqual([0, 91 * 25, 92 * 25]);
  });

  test('does not jump because bytes came late', () => {
    const talk = listen();
    told(talk, timed(1));
    talk.nowMs += 700;
    told(talk, timed(2));
    for (const frame of [...timed(3), ...timed(4)]) talk.hear(frame, 0);
    expect(indices(talk).slice(0, 2)).toEqual([0, 25]);
    expect(new Set(indices(talk).map((index) => index % 25))).toEqual(new Set([0]));
  });

  test('begins anew when the port was opened anew', () => {
    const talk = listen();
    told(talk, timed(1), timed(2));
    talk.close();
    talk.open();
    told(talk, timed(9));
    expect(indices(talk)).toEqual([0, 25, 0]);
  });
});

describe('what a value is worth', () => {
  test.each([
    ['sensor disconnected', 0x40, 'SENSOR_DISCONNECTED', 'sensor disconnected'],
    ['sensor alarm', 0x08, 'SENSOR_ALARM', 'no finger in the sensor'],
  ])('%s: invalid without a number, and so is the wave', (_, status, code, reason) => {
    for (const floats of [FLOATS, NO_FLOATS]) {
      const talk = between({ status, floats });
      expect(talk.last(SPO2)).toEqual({ value: null, validity: 'invalid', reason });
      expect(talk.last(RATE)).toEqual({ value: null, validity: 'invalid', reason });
      expect(talk.of('wave').at(-1)).toMatchObject({ validity: 'invalid', reason });
      expect(talk.alarms()).toEqual([code]);
    }
  });

  test.each([
    ['out of track', 0x10, 'OUT_OF_TRACK', 'no good pulse signal'],
    ['artifact', 0x20, 'ARTIFACT', 'artifact'],
    ['red perfusion', 0x04, 'LOW_PERFUSION', 'low perfusion'],
  ])('%s: questionable', (_, status, code, reason) => {
    const talk = between({ status });
    expect(talk.last(SPO2)).toEqual({ value: 97, validity: 'questionable', reason });
    expect(talk.last(RATE)).toEqual({ value: 130, validity: 'questionable', reason });
    expect(talk.of('wave').at(-1)).toMatchObject({ validity: 'questionable', reason });
    expect(talk.alarms()).toEqual([code]);
  });

  test.each([0x08, 0x10, 0x20, 0x40])('bit %s in one frame of the packet is enough', (bit) => {
    const talk = between({ statusAt: { 17: bit } });
    expect(talk.last(SPO2)?.validity).not.toBe('valid');
  });

  test.each([
    ['green', 0x02],
    ['yellow', 0x06],
  ])('%s perfusion: valid', (_, status) => {
    const talk = between({ status });
    expect(talk.last(SPO2)).toEqual({ value: 97, validity: 'valid' });
    expect(talk.alarms()).toEqual([]);
  });

  test('a red pulse counts until another colour comes, or the finger is out', () => {
    const talk = listen();
    told(talk, packet({ statusAt: { 5: 0x04 } }), packet(), packet());
    expect(talk.alarms()).toEqual(['LOW_PERFUSION']);
    expect(talk.last(SPO2)?.validity).toBe('questionable');
    talk.events.length = 0;
    told(talk.open(), packet({ statusAt: { 5: 0x04 } }), packet({ statusAt: { 9: 0x02 } }));
    expect(talk.alarms()).toEqual([]);
    told(talk.open(), packet({ statusAt: { 5: 0x04 } }), packet({ status: 0x08 }), packet());
    expect(talk.alarms()).toEqual([]);
  });

  test('the finger is out: the numbers for a display go on, ours are gone at once', () => {
    const talk = between({ status: 0x08, floats: NO_FLOATS });
    expect(talk.last(SPO2)?.value).toBeNull();
    const silent = between({ floats: NO_FLOATS });
    expect(silent.last(SPO2)).toEqual({ value: null, validity: 'not-available' });
    expect(silent.last(RATE)).toEqual({ value: null, validity: 'not-available' });
  });

  test('sensor alarm while the number itself was damaged: the old number does not stay', () => {
    const talk = listen();
    told(talk, packet());
    const frames = packet({ status: 0x08 });
    frames[2] = damaged(frames[2] ?? new Uint8Array());
    told(talk, frames);
    expect(talk.last(SPO2)).toMatchObject({ value: null, validity: 'invalid' });
  });

  test.each([
    [SPO2, { ...FLOATS, 3: 0 }, '0 is no value'],
    [SPO2, { ...FLOATS, 3: 101 }, '101 is no value'],
    [SPO2, { ...FLOATS, 3: 0x94 }, '148 is no value'],
    [RATE, { ...FLOATS, 1: 0, 2: 0 }, '0 is no value'],
    [RATE, { ...FLOATS, 1: 3, 2: 0 }, '384 is no value'],
  ] as const)('%s of %j is invalid and null', (code, floats, reason) => {
    expect(between({ floats }).last(code)).toEqual({ value: null, validity: 'invalid', reason });
  });

  test('low battery is an alarm and no doubt; a damaged frame does not end it', () => {
    const talk = listen();
    told(talk, packet({ floats: { ...FLOATS, 8: 0x21 } }));
    expect(talk.alarms()).toEqual(['LOW_BATTERY']);
    expect(talk.last(SPO2)?.validity).toBe('valid');
    const frames = packet();
    frames[7] = damaged(frames[7] ?? new Uint8Array());
    told(talk, frames);
    expect(talk.alarms()).toEqual(['LOW_BATTERY']);
    told(talk, packet());
    expect(talk.alarms()).toEqual([]);
  });
});

describe('who it is', () => {
  test('the mark of a simulator comes before the first value', () => {
    const talk = listen();
    told(talk, packet({ floats: { ...FLOATS, ...MARK } }));
    expect(talk.of('identity')).toMatchObject([{ mode: 'demo' }]);
    const kinds = talk.events.map(({ kind }) => kind);
    expect(kinds.indexOf('identity')).toBeLessThan(kinds.indexOf('metric'));
  });

  test.each([12, 13, 18, 19, 24, 25])('without the letter at %s it is real', (place) => {
    const talk = listen();
    told(talk, packet({ floats: { ...FLOATS, ...MARK, [place]: 0 } }));
    expect(talk.of('identity')[0]).not.toHaveProperty('mode');
  });

  test('nothing is shown until one packet came without a damaged frame', () => {
    const talk = listen();
    const frames = packet({ floats: { ...FLOATS, ...MARK } });
    frames[11] = damaged(frames[11] ?? new Uint8Array());
    told(talk, frames, frames);
    expect(talk.of('metric')).toEqual([]);
    expect(talk.of('wave')).toEqual([]);
    told(talk, packet({ floats: { ...FLOATS, ...MARK } }));
    expect(talk.last(SPO2)?.value).toBe(97);
  });
});

describe('which frames keep it alive', () => {
  test('without whole packets none does for longer than 2 s', () => {
    const talk = listen();
    const short = packet().slice(0, 24);
    const verdicts = Array.from({ length: 12 }, () => short).flatMap((frames) =>
      frames.map((frame) => verdictOf(talk.hear(frame, FRAME_MS))),
    );
    expect(verdicts.slice(0, 140).every((verdict) => verdict === 'accepted')).toBe(true);
    expect(verdicts.slice(160).every((verdict) => verdict === 'unexpected')).toBe(true);
    told(talk, packet(), packet());
    expect(verdictOf(talk.hear(packet()[1] ?? new Uint8Array(), FRAME_MS))).toBe('accepted');
  });

  test('a frame that is not in a packet is not expected', () => {
    const talk = listen();
    expect(verdictOf(talk.hear(packet()[4] ?? new Uint8Array()))).toBe('unexpected');
    talk.close();
    expect(verdictOf(talk.hear(packet()[0] ?? new Uint8Array()))).toBe('unexpected');
  });

  test.each([
    ['auto', 2, true],
    ['auto', 7, true],
    [2, 2, true],
    [2, 7, false],
    [7, 7, true],
    [7, 2, false],
    [8, 2, false],
    [8, 7, false],
  ] as const)('option %s, format %s: taken %s', (option, format, isTaken) => {
    const talk = listen(option);
    told(talk, packet({ format }), packet({ format }));
    expect(talk.of('metric').length > 0).toBe(isTaken);
    expect(talk.of('frame-accepted').length > 0).toBe(isTaken);
  });
});

describe('format 8', () => {
  const eight = (...frames: readonly string[]) => {
    const talk = listen(8);
    for (const frame of frames) talk.hear(hex(frame));
    return talk;
  };

  test.each(['auto', 2, 7] as const)('is refused unless it is named: option %s', (option) => {
    const talk = listen(option);
    expect(verdictOf(talk.hear(hex('81 02 61 00')))).toBe('unexpected');
    expect(talk.of('metric')).toEqual([]);
  });

  test('the first number waits for a second one, and so does one that jumps', () => {
    const talk = eight('81 02 61 00');
    expect(talk.last(SPO2)).toMatchObject({ value: 97, validity: 'questionable' });
    talk.hear(hex('81 03 60 00'));
    expect(talk.last(SPO2)).toEqual({ value: 96, validity: 'valid' });
    expect(talk.last(RATE)).toEqual({ value: 131, validity: 'valid' });
    talk.hear(hex('80 03 20 00'));
    expect(talk.last(SPO2)).toMatchObject({ value: 32, validity: 'questionable' });
    expect(talk.last(RATE)).toMatchObject({ value: 3, validity: 'questionable' });
    talk.hear(hex('81 03 60 00'));
    expect(talk.last(SPO2)).toEqual({ value: 96, validity: 'valid' });
  });

  test('a number that is held after the finger is gone is none', () => {
    const talk = eight('80 48 58 00', '80 48 58 00', '80 48 58 08');
    const gone = { value: null, validity: 'invalid', reason: 'no finger in the sensor' };
    expect(talk.last(SPO2)).toEqual(gone);
    expect(talk.last(RATE)).toEqual(gone);
    expect(talk.alarms()).toEqual(['SENSOR_ALARM']);
  });

  test.each([
    ['83 7f 7f 00', [], null, 'not-available'],
    ['83 7f 7f 08', ['SENSOR_ALARM'], null, 'invalid'],
    ['c1 02 61 00', ['SENSOR_DISCONNECTED'], null, 'invalid'],
    ['a1 02 61 00', ['OUT_OF_TRACK'], 97, 'questionable'],
    ['91 02 61 00', ['LOW_PERFUSION'], 97, 'questionable'],
    ['89 02 61 00', [], 97, 'valid'],
    ['85 02 61 00', ['ARTIFACT'], 97, 'questionable'],
    ['81 02 61 01', ['LOW_BATTERY'], 97, 'valid'],
    ['81 02 61 20', [], 97, 'valid'],
    ['81 02 00 00', [], null, 'invalid'],
  ] as const)('%s: %j', (frame, alarms, value, validity) => {
    const talk = eight('81 02 61 00', '81 02 61 00', frame);
    expect(talk.alarms()).toEqual(alarms);
    expect(talk.last(SPO2)).toMatchObject({ value, validity });
  });

  test('the mark of a simulator: all four bits', () => {
    expect(eight('81 02 61 56').of('identity')).toMatchObject([{ mode: 'demo' }]);
    for (const bit of [0x40, 0x10, 0x04, 0x02]) {
      const frame = `81 02 61 ${(0x56 & ~bit).toString(16).padStart(2, '0')}`;
      expect(eight(frame).of('identity')[0]).not.toHaveProperty('mode');
    }
  });

  test('there is no waveform', () => {
    expect(eight('81 02 61 00', '81 02 61 00').of('wave')).toEqual([]);
  });
});
