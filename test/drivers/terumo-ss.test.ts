import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTerumo, statusName, terumoQueries } from '../../drivers/terumo-ss/codec.ts';
import { proof } from '../../drivers/terumo-ss/conformance.ts';
import { terumoFraming } from '../../drivers/terumo-ss/framer.ts';
import { hostVectors, refusedVectors, replyVectors } from '../../drivers/terumo-ss/vectors.ts';
import { packet, parseRequest, reply } from '../../simulators/terumo-ss/wire.ts';
import { vectorBytes } from '../../src/driver/proof.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { type Changes, DEVID, frame, statusCommand } from './terumo-ss-talk.ts';

const inner = (bytes: Uint8Array): Uint8Array => bytes.slice(1, -1);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('golden packets', () => {
  test.each(replyVectors)('$name ($source)', (vector) => {
    if (vector.from !== 'device' || !('decodes' in vector)) throw new Error('not a reply');
    const bytes = vectorBytes(vector);
    const framer = framerFor(terumoFraming);
    expect([...framer.feed(bytes)]).toEqual([inner(bytes)]);
    expect(framer.droppedBytes()).toBe(0);
    expect(proof.decode(inner(bytes))).toEqual(vector.decodes);
    // The other way round by the simulator, whose codec never saw ours.
    expect(packet(textOf(bytes).slice(1, -5))).toEqual(bytes);
  });

  test.each(hostVectors)('to the pump: $name ($source)', (vector) => {
    if (vector.from !== 'host') throw new Error('not ours');
    const bytes = vectorBytes(vector);
    expect(terumoQueries.has(bytes)).toBe(vector.mayBeSent);
    expect(packet(textOf(bytes).slice(1, -5)), 'its checksum is right').toEqual(bytes);
  });

  test.each(refusedVectors)('refused: $name ($source)', (vector) => {
    if (!('refused' in vector)) throw new Error('not refused');
    const bytes = inner(vectorBytes(vector));
    expect(proof.decode(bytes)).toBeUndefined();
    const decoded = decodeTerumo(bytes);
    if (!decoded.ok) expect(decoded.error.kind).toBe(vector.refused);
  });

  test('the example replies are what the simulator says of such a pump', () => {
    const [, , infusing, stopped] = replyVectors.map(vectorBytes);
    expect(reply(DEVID, statusCommand(1))).toEqual(infusing);
    const occlusion: Changes = { 7: '00', 10: '00 00 08', 14: '0B', 19: '000512', 22: '000172' };
    const dose: Changes = { 25: '000064', 28: '08', 29: '02BC', 31: '0003E8' };
    expect(reply(DEVID, statusCommand(2, { ...occlusion, ...dose }))).toEqual(stopped);
  });
});

describe('what may be sent', () => {
  test('who are you, and how are you', () => {
    expect(terumoQueries.all.map(({ name }) => name)).toEqual(['id', 'status']);
  });

  test('each sequence number from 00 to 7E, for each pump', () => {
    for (let sequence = 0; sequence <= 0x7e; sequence++) {
      const bytes = terumoQueries.of('status', statusName(DEVID, sequence));
      expect(parseRequest(textOf(bytes).slice(1, -5))).toEqual({
        devid: DEVID,
        command: [sequence, 1, 0, 0],
      });
      expect(terumoQueries.nameOf(bytes)).toBe('status');
    }
  });

  test.each([
    `${DEVID}/7F`,
    `${DEVID}/80`,
    `${DEVID}/FF`,
    `${DEVID}/1`,
    `${DEVID}/7e`,
    `${DEVID}/001`,
    DEVID,
    '/01',
    `${DEVID.slice(1)}/01`,
    `${DEVID}0/01`,
    `${DEVID.slice(1)}</01`,
    `${DEVID}/01</DEVID>`,
    '',
  ])('there is no question named %s', (name) => {
    expect(() => terumoQueries.of('status', name)).toThrow();
  });

  test('one bit flipped in a question: it is another question of the two or may not be sent', () => {
    const questions = [
      terumoQueries.get('id'),
      terumoQueries.of('status', statusName(DEVID, 0x2a)),
    ];
    for (const question of questions) {
      for (let bit = 0; bit < question.length * 8; bit++) {
        expect(terumoQueries.has(flipped(question, bit)), `bit ${bit}`).toBe(false);
      }
    }
  });
});

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const bad = Uint8Array.from(bytes);
  bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bad;
};

describe('damage', () => {
  const whole = reply(DEVID, statusCommand(1));

  test('every bit of a good packet flipped once: nothing is accepted', () => {
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const framer = framerFor(terumoFraming);
      const frames = [...framer.feed(flipped(whole, bit)), ...framer.feed(whole)];
      expect(frames.pop(), `bit ${bit}: the next one is found`).toEqual(inner(whole));
      for (const bad of frames) expect(decodeTerumo(bad).ok, `bit ${bit}`).toBe(false);
      expect(frames.length + framer.droppedBytes(), `bit ${bit} is counted`).toBeGreaterThan(0);
    }
  });

  test.each([
    { why: 'empty', bytes: new Uint8Array(0), kind: 'malformed' },
    { why: 'a checksum alone', bytes: inner(packet('')), kind: 'malformed' },
    { why: 'cut in the checksum', bytes: inner(whole).slice(0, -1), kind: 'malformed' },
    { why: 'cut in the text', bytes: inner(whole).slice(0, 60), kind: 'malformed' },
    { why: 'wrong checksum', bytes: frameWith(frame(DEVID), '0000'), kind: 'checksum' },
    {
      why: 'DOCTYPE',
      bytes: inner(packet('<?xml version="1.0"?><!DOCTYPE a>')),
      kind: 'malformed',
    },
    { why: 'a header without a result', bytes: frame(DEVID, [1, 1, 0, 0]), kind: 'malformed' },
  ])('refused: $why', ({ bytes, kind }) => {
    expect(decodeTerumo(bytes)).toEqual({ ok: false, error: { kind } });
  });

  function frameWith(bytes: Uint8Array, checksum: string): Uint8Array {
    return Uint8Array.from([...bytes.slice(0, -4), ...Buffer.from(checksum, 'latin1')]);
  }
});

describe('the framer', () => {
  const good = reply(DEVID, statusCommand(1));
  const cut = (...pieces: readonly Uint8Array[]) => {
    const framer = framerFor(terumoFraming);
    const frames = pieces.flatMap((piece) => [...framer.feed(piece)]);
    return { frames, dropped: framer.droppedBytes() };
  };
  const noise = Uint8Array.from(Buffer.from('noise'));

  test.each([
    { why: 'noise before and after', pieces: [noise, good, noise], frames: 1, dropped: 10 },
    {
      why: 'half a packet, then a whole one',
      pieces: [good.slice(0, 50), good],
      frames: 1,
      dropped: 49,
    },
    {
      why: 'the end of a packet at the beginning',
      pieces: [good.slice(9), good],
      frames: 1,
      dropped: good.length - 10,
    },
    { why: 'ETX alone', pieces: [Uint8Array.of(3), good], frames: 1, dropped: 0 },
    {
      why: 'too short to be a reply',
      pieces: [packet('<REP></REP>'), good],
      frames: 1,
      dropped: 15,
    },
    {
      why: 'two packets in one piece',
      pieces: [Uint8Array.from([...good, ...good])],
      frames: 2,
      dropped: 0,
    },
  ])('$why', ({ pieces, frames, dropped }) => {
    const got = cut(...pieces);
    expect(got.frames).toHaveLength(frames);
    expect(got.frames.at(-1)).toEqual(inner(good));
    expect(got.dropped).toBe(dropped);
  });

  test('a packet without end is given up and counted, and the next one is found', () => {
    const endless = Uint8Array.from([2, ...Buffer.alloc(5_000, 'x')]);
    expect(cut(endless, endless, good)).toEqual({ frames: [inner(good)], dropped: 10_000 });
  });

  test('the same frames byte by byte, and never more held than a packet may have', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rubbish) => {
        const stream = Uint8Array.from([...rubbish, ...good, ...rubbish, ...good]);
        const single = cut(...[...stream].map((byte) => Uint8Array.of(byte)));
        expect(single).toEqual(cut(stream));
        expect(single.frames.at(-1)).toEqual(inner(good));
      }),
    );
    expect(terumoFraming.push(null, Uint8Array.from([2, ...Buffer.alloc(4_097)])).state).toBeNull();
  });
});
