import { ReadlineParser } from '@serialport/parser-readline';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BinaryFraming } from '../../src/driver/contract.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { latin1, lines } from './support.ts';

const framing = { kind: 'line', delimiter: '\r\n', maxBytes: 16 } as const;

describe('the bare parser has the faults that the guard is for', () => {
  test('it delivers a half line as a line when the port closes', async () => {
    const bare = new ReadlineParser({ delimiter: '\r' });
    const found: string[] = [];
    bare.on('data', (line: string) => found.push(line));
    bare.write('RATE 12');
    bare.end();
    await new Promise((resolve) => bare.once('close', resolve));
    expect(found).toEqual(['RATE 12']);
  });

  test('it holds a line without end in memory without limit', () => {
    const bare = new ReadlineParser({ delimiter: '\r' });
    for (let kib = 0; kib < 256; kib += 1) bare.write(Buffer.alloc(1_024, 'x'));
    expect(bare).toHaveProperty('buffer.length', 256 * 1_024);
  });

  test('it replaces bytes that are not UTF-8', () => {
    const bare = new ReadlineParser({ delimiter: '\r' });
    bare.write(Buffer.from([0xe9, 0xff, 0x0d]));
    expect(bare.read()).not.toEqual('\u00e9\u00ff');
  });
});

describe('the guarded framer', () => {
  test('never delivers a half line, not at close and not joined to the next connection', () => {
    const framer = framerFor(framing);
    expect(framer.feed(latin1('RATE 12'))).toEqual([]);
    framer.reset();
    expect(framer.droppedBytes()).toBe(7);
    expect(lines(framer.feed(latin1('5\r\nOK\r\n')))).toEqual(['5', 'OK']);
  });

  test('drops an over-long line whole, counts it, and takes the next one', () => {
    const framer = framerFor(framing);
    for (let piece = 0; piece < 100; piece += 1) framer.feed(latin1('x'.repeat(100)));
    expect(lines(framer.feed(latin1('tail\r\nnext\r\n')))).toEqual(['next']);
    expect(framer.droppedBytes()).toBe(100 * 100 + 4);
  });

  test('delivers a line of exactly the limit and drops one of a byte more', () => {
    const framer = framerFor(framing);
    const fits = 'a'.repeat(16);
    expect(lines(framer.feed(latin1(`${fits}\r\n${fits}b\r\nc\r\n`)))).toEqual([fits, 'c']);
    expect(framer.droppedBytes()).toBe(17);
  });

  test('keeps every byte value as it is', () => {
    const all = Uint8Array.from({ length: 256 }, (_, value) => value).filter(
      (value) => value !== 0x0d,
    );
    const framer = framerFor({ kind: 'line', delimiter: '\r', maxBytes: 300 });
    expect(framer.feed(Uint8Array.of(...all, 0x0d))).toEqual([all]);
  });

  test('is synchronous and loses no line in a million, with the event loop never running between', () => {
    const framer = framerFor({ kind: 'line', delimiter: '\r', maxBytes: 64 });
    const chunk = latin1(Array.from({ length: 100 }, (_, n) => `!INF^${n}|4961\r`).join(''));
    let count = 0;
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 10_000; round += 1) count += framer.feed(chunk).length;
    expect(count).toBe(1_000_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });

  test('does not change a line that was delivered before', () => {
    const framer = framerFor(framing);
    const chunk = latin1('one\r\n');
    const [one] = framer.feed(chunk);
    chunk.fill(0x78);
    framer.feed(latin1('two\r\n'));
    expect(one).toEqual(latin1('one'));
  });
});

/** Another way to the same answer: all at once, with JavaScript's own split. */
function reference(stream: string, delimiter: string, maxBytes: number): readonly string[] {
  return stream
    .split(delimiter)
    .slice(0, -1)
    .filter((line) => line.length > 0 && line.length <= maxBytes);
}

const delimiters = fc.constantFrom('\r', '\n', '\r\n', '\r\r', '\n\n\n', '~|~');
const streams = fc
  .array(
    fc.constantFrom(
      '!INF|4961',
      '\r',
      '\n',
      '\r\n',
      '~',
      '~|',
      '\xff\xe9',
      'x'.repeat(15),
      'y'.repeat(40),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));
const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 30 });

test('any split of any stream gives the same lines as one split of the whole', () => {
  fc.assert(
    fc.property(
      streams,
      delimiters,
      cuts,
      fc.integer({ min: 1, max: 40 }),
      (stream, delimiter, sizes, maxBytes) => {
        const framer = framerFor({ kind: 'line', delimiter, maxBytes });
        const found: string[] = [];
        let at = 0;
        for (const size of [...sizes, stream.length]) {
          found.push(...lines(framer.feed(latin1(stream.slice(at, at + size)))));
          at += size;
        }
        expect(found).toEqual(reference(stream, delimiter, maxBytes));
        // Every byte is in a line, in a delimiter, or counted.
        framer.reset();
        const parts = stream.split(delimiter);
        const long = parts
          .slice(0, -1)
          .filter((line) => line.length > maxBytes)
          .join('').length;
        expect(framer.droppedBytes()).toBe(long + (parts.at(-1)?.length ?? 0));
      },
    ),
    { numRuns: 1_000 },
  );
});

test('what is held never exceeds the limit and a started delimiter', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 20 }),
      delimiters,
      (chunks, delimiter) => {
        const framer = framerFor({ kind: 'line', delimiter, maxBytes: 64 });
        let fed = 0;
        for (const chunk of chunks) {
          fed += chunk.length;
          const before = framer.droppedBytes();
          const held = fed - before - 0;
          expect(held).toBeGreaterThanOrEqual(0);
          for (const line of framer.feed(chunk)) {
            expect(line.length).toBeLessThanOrEqual(64);
            fed -= line.length;
          }
        }
        const before = framer.droppedBytes();
        framer.reset();
        expect(framer.droppedBytes() - before).toBeLessThanOrEqual(64 + delimiter.length - 1);
      },
    ),
  );
});

test('a binary framer of a driver runs behind the same face', () => {
  // Two-byte frames; 0xff is noise.
  const pairs: BinaryFraming<readonly number[]> = {
    kind: 'binary',
    initial: [],
    push(state, chunk) {
      const bytes = [...state, ...chunk.filter((byte) => byte !== 0xff)];
      const frames = Array.from({ length: Math.floor(bytes.length / 2) }, (_, index) =>
        Uint8Array.from(bytes.slice(index * 2, index * 2 + 2)),
      );
      return {
        state: bytes.slice(frames.length * 2),
        frames,
        droppedBytes: chunk.filter((byte) => byte === 0xff).length,
      };
    },
  };
  const framer = framerFor(pairs as BinaryFraming);
  expect(framer.feed(Uint8Array.of(1, 0xff, 2, 3))).toEqual([Uint8Array.of(1, 2)]);
  framer.reset();
  expect(framer.feed(Uint8Array.of(4, 5))).toEqual([Uint8Array.of(4, 5)]);
  expect(framer.droppedBytes()).toBe(1);
});
