import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeDri,
  driQueries,
  encodeDri,
  WAVE_NAMES,
  waveQuery,
} from '../../drivers/ge-dri/codec.ts';
import { geDri } from '../../drivers/ge-dri/driver.ts';
import { driFraming } from '../../drivers/ge-dri/framer.ts';
import { RECORDED, REQUESTS } from '../../drivers/ge-dri/vectors.ts';
import { frame as simulatorFrame } from '../../simulators/ge-dri/wire.ts';
import {
  B450_NIBP,
  B450_SHORT,
  droppedOf,
  framesOf,
  hex,
  plain,
  recordWith,
  toHex,
} from './ge-dri-kit.ts';

const inner = (wire: string): Uint8Array => hex(wire).slice(1, -1);
const decoded = (frame: Uint8Array) => {
  const result = decodeDri(frame);
  if (!result.ok) throw new Error(result.error.kind);
  return result.value;
};

describe('golden vectors', () => {
  test.each(REQUESTS)('the driver reads: $name ($source)', ({ wire, mainType, body }) => {
    const record = decoded(inner(wire));
    expect(record.mainType).toBe(mainType);
    expect(toHex(record.bytes.slice(40))).toBe(toHex(hex(body)));
  });

  test.each(REQUESTS)('driver and simulator write: $name ($source)', ({ wire }) => {
    const { bytes } = decoded(inner(wire));
    expect(toHex(encodeDri(bytes))).toBe(toHex(hex(wire)));
    expect(toHex(simulatorFrame(bytes))).toBe(toHex(hex(wire)));
  });

  test('what the driver asks every second is the vector, byte by byte', () => {
    const vector = REQUESTS.find(({ name }) => name.includes('Basic and Ext1'));
    expect(toHex(driQueries.get('numerics-1s'))).toBe(toHex(hex(vector?.wire ?? '')));
  });

  test('what the driver asks every 5 s differs in the interval and the sum only', () => {
    const [fast, slow] = [driQueries.get('numerics-1s'), driQueries.get('numerics-5s')];
    const other = [...fast.keys()].filter((at) => fast[at] !== slow[at]);
    expect(other.map((at) => [fast[at], slow[at]])).toEqual([
      [1, 5],
      [0x34, 0x38],
    ]);
  });

  test('the driver can send these requests and nothing else', () => {
    expect(driQueries.all.map(({ name }) => name)).toEqual([
      'numerics-1s',
      'numerics-5s',
      'alarm-status',
      'alarm-changes',
      'waves',
    ]);
  });

  test('of wave requests only the fifteen choices in their one order are on the list', () => {
    const choices = [...new Array(16).keys()].map((bits) =>
      WAVE_NAMES.filter((_, index) => (bits >> index) & 1),
    );
    const made = choices.slice(1).map((names) => toHex(waveQuery(names)));
    expect(new Set(made).size).toBe(15);
    expect(() => waveQuery([])).toThrow();
    expect(() => driQueries.of('waves', 'pleth,ecg1')).toThrow();
    expect(() => driQueries.of('waves', 'ecg1,ecg2')).toThrow();
    expect(toHex(waveQuery(['pleth', 'ecg1']))).toBe(toHex(waveQuery(['ecg1', 'pleth'])));
    const good = waveQuery(['ecg1', 'pleth']);
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const other = Uint8Array.from(good);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(driQueries.has(other), `bit ${bit}`).toBe(false);
    }
  });

  test.each(RECORDED)('the recording has $name', ({ record, at, bytes }) => {
    const wanted = toHex(hex(bytes));
    const found = framesOf(B450_SHORT)
      .map(decoded)
      .filter(({ mainType }) => mainType === (record === 'numeric' ? 0 : 1))
      .map((one) => toHex(one.bytes.slice(at, at + wanted.length / 2)));
    if (record === 'numeric') expect(found[0]).toBe(wanted);
    else expect(found).toContain(wanted);
  });
});

describe('recordings', () => {
  test.each([
    { name: 'b450-short', stream: B450_SHORT, numerics: 11, waves: 10 },
    { name: 'b450-nibp-complete-14s', stream: B450_NIBP, numerics: 14, waves: 14 },
  ])('$name: $numerics numeric and $waves wave records', ({ stream, numerics, waves }) => {
    const records = framesOf(stream).map(decoded);
    expect(records.filter(({ mainType }) => mainType === 0)).toHaveLength(numerics);
    expect(records.filter(({ mainType }) => mainType === 1)).toHaveLength(waves);
    expect(new Set(records.map(({ level }) => level))).toEqual(new Set([10]));
  });

  test('the reserved header bytes are 0 in every real frame: the simulated mark is free', () => {
    const records = [...framesOf(B450_SHORT), ...framesOf(B450_NIBP)].map(decoded);
    expect(records).toHaveLength(49);
    expect(records.map(({ view }) => view.getUint32(10))).toEqual(records.map(() => 0));
    expect(records.some(({ isSimulated }) => isSimulated)).toBe(false);
  });

  test('a stream that begins in the middle of a frame loses that half and nothing else', () => {
    expect(droppedOf(B450_NIBP)).toBe(B450_NIBP.indexOf(0x7e));
    expect(framesOf(B450_NIBP.slice(1_000))).toEqual(framesOf(B450_NIBP).slice(1));
  });

  test('the times and numbers of the records follow each other', () => {
    const numerics = framesOf(B450_SHORT)
      .map(decoded)
      .filter(({ mainType }) => mainType === 0);
    expect(numerics.slice(0, 3).map(({ timeS }) => timeS)).toEqual([
      1532624765, 1532624798, 1532624799,
    ]);
  });
});

describe('rejects', () => {
  const good = framesOf(B450_SHORT)[0] ?? new Uint8Array(0);
  const with1 = (at: number, byte: number): Uint8Array => {
    const bad = Uint8Array.from(good);
    bad[at] = byte;
    return bad;
  };
  test.each([
    { why: 'empty', frame: new Uint8Array(0), kind: 'malformed' },
    { why: 'shorter than a header', frame: good.slice(0, 40), kind: 'malformed' },
    { why: 'cut off', frame: good.slice(0, -300), kind: 'malformed' },
    { why: 'without its sum', frame: good.slice(0, -1), kind: 'malformed' },
    { why: 'one byte too long', frame: Uint8Array.from([...good, 0]), kind: 'malformed' },
    { why: 'one bit of a value', frame: with1(100, (good[100] ?? 0) ^ 1), kind: 'checksum' },
    { why: 'wrong sum', frame: with1(good.length - 1, 0x55), kind: 'checksum' },
    { why: 'an escape at the end', frame: Uint8Array.from([...good, 0x7d]), kind: 'malformed' },
    { why: 'an escape of another byte', frame: with1(60, 0x7d), kind: 'malformed' },
  ])('$why', ({ frame, kind }) => {
    expect(decodeDri(frame)).toMatchObject({ ok: false, error: { kind } });
  });

  test('the truncated tail of the recording is not a frame', () => {
    const tail = B450_SHORT.slice(B450_SHORT.lastIndexOf(0x7e) + 1);
    expect(tail.length).toBeGreaterThan(300);
    expect(decodeDri(tail).ok).toBe(false);
  });

  test('no flipped bit of any numeric frame, flags included, gives an accepted wrong record', () => {
    const numerics = framesOf(B450_SHORT).filter((one) => plain(one)[14] === 0);
    expect(numerics).toHaveLength(11);
    let accepted = 0;
    for (const one of numerics) {
      const truth = toHex(plain(one).slice(0, -1));
      const wire = Uint8Array.from([0x7e, ...one, 0x7e]);
      for (let bit = 0; bit < wire.length * 8; bit += 1) {
        wire[bit >> 3] = (wire[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        for (const frame of framesOf(wire)) {
          const result = decodeDri(frame);
          if (!result.ok) continue;
          accepted += 1;
          if (toHex(result.value.bytes) !== truth) throw new Error(`bit ${bit} passed`);
        }
        wire[bit >> 3] = (wire[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
    }
    expect(accepted).toBe(0);
  });
});

describe('framing', () => {
  const stream = Uint8Array.from([...B450_NIBP.slice(0, 6_000), ...B450_SHORT.slice(0, 6_000)]);
  const whole = driFraming.push(driFraming.initial, stream);

  test('any split of the stream gives the same frames and drops the same bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 60 }), (sizes) => {
        let state = driFraming.initial;
        let dropped = 0;
        const frames: Uint8Array[] = [];
        let at = 0;
        for (const size of [...sizes, stream.length]) {
          const step = driFraming.push(state, stream.slice(at, at + size));
          at += size;
          state = step.state;
          dropped += step.droppedBytes;
          frames.push(...step.frames);
        }
        expect(frames).toEqual(whole.frames);
        expect(dropped).toBe(whole.droppedBytes);
      }),
      { numRuns: 60 },
    );
  });

  test('one byte at a time', () => {
    let state = driFraming.initial;
    const frames: Uint8Array[] = [];
    for (const byte of stream) {
      const step = driFraming.push(state, Uint8Array.of(byte));
      state = step.state;
      frames.push(...step.frames);
    }
    expect(frames).toEqual(whole.frames);
  });

  test('whatever comes: held bytes are bounded, every byte is accounted for, nothing throws', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 3_000 }),
      fc.constant(new Uint8Array(5_000).fill(0x41)),
      fc.constant(Uint8Array.of(0x7e)),
      fc.constant(B450_SHORT.slice(0, 2_500)),
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 12 }), (chunks) => {
        let state = driFraming.initial;
        for (const chunk of chunks) {
          const held = state.pending?.length ?? 0;
          const { state: next, frames, droppedBytes } = driFraming.push(state, chunk);
          state = next;
          expect(state.pending?.length ?? 0).toBeLessThanOrEqual(4_096);
          const flags = chunk.filter((byte) => byte === 0x7e).length;
          const out = frames.reduce((sum, one) => sum + one.length, 0) + droppedBytes + flags;
          expect(out + (state.pending?.length ?? 0)).toBe(held + chunk.length);
          for (const one of frames) decodeDri(one);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the next good frame is found after any rubbish', () => {
    const good = Uint8Array.from([0x7e, ...recordWith({}), 0x7e]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9_000 }), (rubbish) => {
        const frames = framesOf(Uint8Array.from([...rubbish, ...good]));
        expect(frames.at(-1)).toEqual(good.slice(1, -1));
      }),
      { numRuns: 60 },
    );
  });

  test('a frame that never ends is dropped up to the next flag', () => {
    const endless = Uint8Array.from([0x7e, ...new Uint8Array(4_097).fill(1), 0x7e]);
    expect(driFraming.push(driFraming.initial, endless)).toEqual({
      state: { pending: null, isInSync: true },
      frames: [],
      droppedBytes: 4_097,
    });
  });
});

test('a decoded stream of arbitrary bytes never throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => void decodeDri(bytes)));
});

test('options: 1 s unless told, 5 s, nothing else; which waves; alarms or not', () => {
  const usual = { interval: 1, waves: ['ecg1', 'pleth', 'resp'], alarms: true };
  expect(geDri.options.parse({})).toEqual(usual);
  expect(geDri.options.parse({ interval: 5 })).toEqual({ ...usual, interval: 5 });
  expect(geDri.options.parse({ waves: [], alarms: false })).toEqual({
    interval: 1,
    waves: [],
    alarms: false,
  });
  const wrong = [
    { interval: 10 },
    { interval: '1' },
    { intervall: 1 },
    { waves: ['ecg2'] },
    { waves: 'ecg1' },
    { alarms: 'yes' },
  ];
  for (const one of wrong) expect(geDri.options.safeParse(one).success).toBe(false);
});
