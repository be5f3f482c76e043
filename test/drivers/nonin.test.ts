import { describe, expect, test } from 'vitest';
import { decodeNonin, noninQueries, rateOf } from '../../drivers/nonin/codec.ts';
import { noninFraming } from '../../drivers/nonin/framer.ts';
import { packetsSince } from '../../drivers/nonin/packet.ts';
import { vectors } from '../../drivers/nonin/vectors.ts';
import { vectorBytes } from '../../src/driver/proof.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { damaged, hex, joined, packet } from './nonin-kit.ts';

/** What a framer that was never used before makes of it. */
function cut(bytes: Uint8Array) {
  const framer = framerFor(noninFraming);
  const frames = framer.feed(bytes);
  return { frames, dropped: framer.droppedBytes() };
}
const text = (frames: readonly Uint8Array[]): readonly string[] =>
  frames.map((frame) => Buffer.from(frame).toString('hex'));

describe('frames of nonin', () => {
  test.each(vectors.filter((vector) => 'decodes' in vector))('$name ($source)', (vector) => {
    const found = cut(vectorBytes(vector)).frames.map(decodeNonin);
    const values = found.map((one) => (one.ok ? one.value : one.error));
    expect(values).toEqual(vector.decodes);
  });

  test.each([
    ['rate 130, SpO2 97', '81 02 61 00', 0x81, 130, 97, 0],
    ['rate 72, SpO2 88, held after removal', '80 48 58 08', 0x80, 72, 88, 8],
    ['nothing measured', '83 7f 7f 08', 0x83, 511, 127, 8],
  ])('format 8: %s', (_, bytes, status, rate, spo2, status2) => {
    const value = { format: 8, status, rate, spo2, status2 };
    expect(decodeNonin(hex(bytes))).toEqual({ ok: true, value });
  });

  test.each([
    ['wrong sum', '01 80 01 48 cb', 'checksum'],
    ['status without bit 7', '01 7f 01 48 c9', 'malformed'],
    ['neither 01 nor bit 7', '02 80 01 48 cb', 'malformed'],
    ['cut', '81 9c 40', 'malformed'],
    ['format 8 with bit 7 in the second byte', '81 82 61 00', 'malformed'],
    ['format 8 with bit 7 in the third byte', '81 02 e1 00', 'malformed'],
    ['format 8 with bit 7 in the fourth byte', '81 02 61 80', 'malformed'],
    ['too long', '01 80 01 48 ca 00', 'malformed'],
    ['empty', '', 'malformed'],
  ])('refused: %s', (_, bytes, kind) => {
    expect(decodeNonin(hex(bytes))).toMatchObject({ ok: false, error: { kind } });
  });

  test.each([
    [0, 0, 0],
    [0, 72, 72],
    [0, 127, 127],
    [1, 0, 128],
    [1, 2, 130],
    [2, 44, 300],
    [3, 127, 511],
    [0xfc | 1, 0x80 | 2, 130],
  ])('the rate of %s and %s is %s', (high, low, rate) => {
    expect(rateOf(high, low)).toBe(rate);
  });

  test.each([2, 7] as const)(
    'format %s: every bit of every frame turned over is found',
    (format) => {
      for (const frame of packet({ format, pleth: (place) => place * 7 })) {
        const truth = decodeNonin(frame);
        for (let bit = 0; bit < 40; bit += 1) {
          const bad = Uint8Array.from(frame);
          bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const found = decodeNonin(bad);
          if (found.ok) expect(found).toEqual(truth);
        }
      }
    },
  );

  test('a float byte may have bit 7, and its frame is good', () => {
    expect(decodeNonin(hex('01 80 10 94 25'))).toMatchObject({ ok: true, value: { float: 0x94 } });
  });

  test('nothing may be sent', () => {
    expect(noninQueries.all).toEqual([]);
  });
});

describe('cutting', () => {
  test.each([2, 7] as const)('format %s: from the beginning of a packet on', (format) => {
    const frames = packet({ format, pleth: (place) => 0x80 + place });
    for (const start of [0, 1, 2, 3, 4, 5, 61, 124]) {
      const late = joined(frames).subarray(start);
      const { frames: found, dropped } = cut(joined([late, ...frames]));
      const whole = start === 0 ? [...frames, ...frames] : frames;
      expect(text(found), `${start} bytes late`).toEqual(text(whole));
      expect(dropped).toBe(start === 0 ? 0 : 125 - start);
    }
  });

  test.each([2, 7] as const)('format %s: any split gives the same', (format) => {
    const bytes = joined([...packet({ format }), hex('55 81 01'), ...packet({ format })]);
    const whole = cut(bytes);
    for (let size = 1; size < 40; size += 1) {
      const framer = framerFor(noninFraming);
      const found: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        found.push(...framer.feed(bytes.subarray(at, at + size)));
      }
      expect(text(found)).toEqual(text(whole.frames));
      expect(framer.droppedBytes()).toBe(whole.dropped);
    }
  });

  test('a wrong sum is handed on and keeps its place', () => {
    const frames = packet();
    frames[9] = damaged(frames[9] ?? new Uint8Array());
    expect(text(cut(joined(frames)).frames)).toEqual(text(frames));
  });

  test('two wrong sums in a row: it looks for the next packet', () => {
    const frames = packet({ format: 7 });
    const bad = frames.map((frame, index) =>
      index === 9 || index === 10 ? damaged(frame) : frame,
    );
    const { frames: found } = cut(joined([...bad, ...frames]));
    expect(text(found)).toEqual(text([...bad.slice(0, 11), ...frames]));
  });

  test.each([2, 7] as const)('format %s: a lost byte costs the rest of its packet', (format) => {
    const frames = packet({ format, pleth: (place) => 3 * place });
    const next = packet({ format, floats: { 3: 91 } });
    for (let at = 5; at < 125; at += 1) {
      const bytes = joined(frames);
      const broken = joined([bytes.subarray(0, at), bytes.subarray(at + 1), ...next]);
      const found = text(cut(broken).frames);
      expect(found.slice(-25), `without byte ${at}`).toEqual(text(next));
    }
  });

  test('format 8: three frames in a row, and no others are taken for it', () => {
    const frames = ['81 02 61 00', '81 03 61 00', '81 02 62 00'].map(hex);
    expect(text(cut(joined(frames)).frames)).toEqual(text(frames));
    expect(text(cut(joined([hex('61 00'), ...frames])).frames)).toEqual(text(frames));
    expect(cut(joined(frames.slice(0, 2))).frames).toEqual([]);
    const broken = joined([...frames, hex('81 02 e1 00'), ...frames]);
    expect(text(cut(broken).frames)).toEqual(text([...frames, ...frames]));
  });

  test('the format may change while it is watched', () => {
    const frames = [...packet(), ...packet({ format: 7 }), ...packet()];
    expect(cut(joined(frames)).frames.length).toBeGreaterThanOrEqual(73);
    const eight = ['81 02 61 00', '81 03 61 00'].map(hex);
    expect(text(cut(joined([...packet(), ...eight, ...eight])).frames.slice(25))).toEqual(
      text([...eight, ...eight]),
    );
  });
});

describe('how many packets later', () => {
  const since = (beforeTimer: number | undefined, timer: number | undefined, ms: number) =>
    packetsSince({ timer: beforeTimer, atMs: 1_000 }, { timer, atMs: 1_000 + ms });

  test.each([
    ['the next one', 5, 6, 333, 1],
    ['the next one, late', 5, 6, 1_500, 1],
    ['in a burst behind a late one', 5, 6, 0, 1],
    ['the timer turns over', 16_383, 0, 333, 1],
    ['three packets lost', 5, 9, 1_333, 4],
    ['25 s of silence', 5, 80, 25_000, 75],
    ['the timer stands: by our clock', 5, 5, 1_000, 3],
    ['no timer: by our clock', undefined, 6, 667, 2],
    ['its frame was damaged: by our clock', 5, undefined, 333, 1],
    ['the device began anew: by our clock', 500, 3, 2_000, 6],
    ['more than time has passed: by our clock', 5, 900, 2_000, 6],
    ['never less than one', undefined, undefined, 0, 1],
  ])('%s', (_, before, timer, ms, packets) => {
    expect(since(before, timer, ms)).toBe(packets);
  });
});
