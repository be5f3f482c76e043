import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BinaryFraming } from '../../src/driver/contract.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { cases } from './conformance-case.ts';
import { growthOf } from './conformance-checks.ts';
import { goodStreams, spoiltStream } from './conformance-noise.ts';
import { framesOf, joined, recordTwin } from './conformance-twin.ts';

describe.each(cases)('$id: framing', { timeout: 60_000 }, (one) => {
  const { driver } = one;
  const stream = (): Uint8Array => joined(recordTwin(one));
  const goodFrames = (): readonly Uint8Array[] => framesOf(driver, [stream()]);

  test('its twin says something that is a frame', () => {
    expect(goodFrames().length).toBeGreaterThan(3);
  });

  test('any split of any stream gives the same frames and drops as many bytes', () => {
    const good = goodStreams(one);
    const cuts = fc.array(fc.nat({ max: 4_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.integer(), cuts, (seed, at) => {
        const bytes = spoiltStream(good, 4_000, seed);
        const edges = [0, ...at.sort((a, b) => a - b), bytes.length];
        const whole = framerFor(driver.framing);
        const split = framerFor(driver.framing);
        const frames = whole.feed(bytes);
        const pieces = edges
          .slice(1)
          .flatMap((end, index) => [...split.feed(bytes.subarray(edges[index], end))]);
        expect(pieces).toEqual(frames);
        // What is held may be given up sooner or later: the sum is the same once the line is quiet.
        if (driver.framing.kind === 'binary') {
          expect(split.droppedBytes()).toBe(whole.droppedBytes());
        }
      }),
    );
  });

  test('byte by byte is the same as all at once', () => {
    const short = stream().subarray(0, 20_000);
    const single = framerFor(driver.framing);
    const frames = [...short].flatMap((byte) => [...single.feed(Uint8Array.of(byte))]);
    expect(frames).toEqual(framesOf(driver, [short]));
  });

  test('after any rubbish the next good frames are found', () => {
    const good = stream();
    const last = goodFrames().slice(-3);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (rubbish) => {
        // The first one or two may be swallowed by what the rubbish began.
        expect(framesOf(driver, [rubbish, good]).slice(-3)).toEqual(last);
      }),
    );
  });

  test('a binary framer holds a bounded number of bytes, whatever comes', () => {
    if (driver.framing.kind !== 'binary') return;
    const framing: BinaryFraming = driver.framing;
    const good = goodStreams(one);
    const twin = stream();
    let state = framing.initial;
    for (let round = 0; round < 100; round += 1) {
      // A start without an end is the worst: everything may still belong to a frame.
      const bytes = round % 2 === 0 ? twin.subarray(0, 700) : spoiltStream(good, 10_000, round);
      state = framing.push(state, bytes).state;
      expect(growthOf(state)).toBeUndefined();
    }
    for (const byte of new Set(twin)) {
      const same = new Uint8Array(100_000).fill(byte);
      for (let round = 0; round < 4; round += 1) state = framing.push(state, same).state;
      expect(growthOf(state), `only ${byte}`).toBeUndefined();
    }
  });
});
