import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addFault,
  type FaultState,
  noFaults,
  passFrame,
  type WireFault,
  type WireOutput,
} from '../../simulators/kit/wire-faults.ts';

const frame = Uint8Array.from({ length: 20 }, (_, index) => index);

/** Passes `count` frames, one every 100 ms from `fromMs`, under the given fault begun at 0. */
function pass(fault: WireFault, count = 1, { seed = 7, fromMs = 0 } = {}) {
  let state: FaultState = addFault(noFaults(seed), fault, 0).state;
  const out: (readonly WireOutput[])[] = [];
  for (let index = 0; index < count; index += 1) {
    const step = passFrame(state, frame, fromMs + index * 100);
    state = step.state;
    out.push(step.out);
  }
  return { state, out };
}

const bitsDiffering = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce(
    (sum, byte, index) => sum + ((byte ^ (b[index] ?? 0)).toString(2).match(/1/g)?.length ?? 0),
    0,
  );

describe('wire faults', () => {
  test('without any, a frame passes as it is and at once', () => {
    expect(passFrame(noFaults(1), frame, 0).out).toEqual([{ bytes: frame, delayMs: 0 }]);
  });

  test('silence lasts its time and no longer', () => {
    const { out } = pass({ kind: 'silence', forMs: 250 }, 5);
    expect(out.map((frames) => frames.length)).toEqual([0, 0, 0, 1, 1]);
  });

  test('flip turns exactly so many bits, of so many frames', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 160 }), (seed, bits) => {
        const { out } = pass({ kind: 'flip', bits, frames: 2 }, 3, { seed });
        expect(out.map(([one]) => bitsDiffering(frame, one?.bytes ?? frame))).toEqual([
          bits,
          bits,
          0,
        ]);
      }),
    );
  });

  test('noise keeps the frame and puts bytes somewhere', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const bytes = pass({ kind: 'noise', bytes: 5 }, 1, { seed }).out[0]?.[0]?.bytes ?? frame;
        expect(bytes).toHaveLength(25);
        const at = Array.from({ length: 21 }, (_, index) => index).some((index) =>
          Buffer.from([...bytes.subarray(0, index), ...bytes.subarray(index + 5)]).equals(frame),
        );
        expect(at).toBe(true);
      }),
    );
  });

  test('truncation leaves less than the whole, or what it was told to leave', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const bytes = pass({ kind: 'truncate' }, 1, { seed }).out[0]?.[0]?.bytes ?? frame;
        expect(bytes.length).toBeLessThan(frame.length);
        expect(bytes).toEqual(frame.subarray(0, bytes.length));
      }),
    );
    expect(pass({ kind: 'truncate', keep: 3 }).out[0]?.[0]?.bytes).toEqual(frame.subarray(0, 3));
  });

  test('duplicate says it twice, late says it later', () => {
    expect(pass({ kind: 'duplicate' }, 2).out.map((frames) => frames.length)).toEqual([2, 1]);
    expect(pass({ kind: 'late', delayMs: 40 }, 2).out.map(([one]) => one?.delayMs)).toEqual([
      40, 0,
    ]);
  });

  test('forMs counts time, not frames; probability hits some', () => {
    const flips = (fault: WireFault, count: number) =>
      pass(fault, count).out.filter(([one]) => bitsDiffering(frame, one?.bytes ?? frame) > 0)
        .length;
    expect(flips({ kind: 'flip', bits: 1, forMs: 1_000 }, 20)).toBe(10);
    const some = flips({ kind: 'flip', bits: 1, forMs: 100_000, probability: 0.2 }, 1_000);
    expect(some).toBeGreaterThan(150);
    expect(some).toBeLessThan(250);
  });

  test('a burst is on the wire at once, and clear ends everything', () => {
    const burst = addFault(noFaults(1), { kind: 'burst', bytes: 9 }, 0);
    expect(burst.out[0]?.bytes).toHaveLength(9);
    let { state } = addFault(noFaults(1), { kind: 'silence', forMs: 1e9 }, 0);
    state = addFault(state, { kind: 'flip', bits: 1, frames: 9 }, 0).state;
    state = addFault(state, { kind: 'clear' }, 0).state;
    expect(passFrame(state, frame, 1).out).toEqual([{ bytes: frame, delayMs: 0 }]);
  });

  test('the same seed gives the same faults, another one others; the frame itself is never changed', () => {
    const before = Uint8Array.from(frame);
    const run = (seed: number) =>
      JSON.stringify(pass({ kind: 'flip', bits: 3, frames: 50 }, 50, { seed }).out);
    expect(run(5)).toBe(run(5));
    expect(run(5)).not.toBe(run(6));
    expect(frame).toEqual(before);
  });
});
