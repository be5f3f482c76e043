import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionInput } from '../../src/driver/contract.ts';
import { cases, newSession, proofOf } from './conformance-case.ts';
import { breachOf } from './conformance-checks.ts';
import { framesOf, recordTwin } from './conformance-twin.ts';

const KINDS = ['opened', 'frame', 'frame', 'frame', 'wake', 'wake', 'closing', 'closed'] as const;

describe.each(cases)('$id: session', { timeout: 60_000 }, (one) => {
  const { driver } = one;
  test('any story keeps the contract, is repeatable, and after closed nothing is sent until opened', () => {
    proofOf(one);
    fc.assert(
      fc.property(storyOf(framesOf(driver, recordTwin(one))), (happenings) => {
        const session = newSession(one);
        let state = session.initial;
        let atMs = 0;
        let isOpen = false;
        for (const [kind, waitMs, frame] of happenings) {
          atMs += waitMs;
          const input: SessionInput = kind === 'frame' ? { kind, atMs, frame } : { kind, atMs };
          const before = serialize(state);
          const step = session.step(state, input);
          expect(breachOf(one, input, step)).toBeUndefined();
          const again = session.step(deserialize(before), input);
          expect(again).toEqual(step);
          // Not byte by byte: a small number may be kept in two ways.
          expect(state, 'a step changes nothing that it was given').toEqual(deserialize(before));
          if (kind === 'opened') isOpen = true;
          if (kind === 'closed') isOpen = false;
          if (!isOpen) expect(step.send).toEqual([]);
          state = step.state;
        }
      }),
    );
  });

  test.each([0, 0.1, 1 / 3, 12_345.678])(
    'ten minutes of silence from %s ms on: it asks on and does not spin',
    (startMs) => {
      const session = newSession(one);
      let step = session.step(session.initial, { kind: 'opened', atMs: startMs });
      let wakes = 0;
      let sent = step.send.length;
      for (;;) {
        const atMs = step.wakeAtMs;
        if (atMs === undefined || atMs > startMs + 600_000) break;
        step = session.step(step.state, { kind: 'wake', atMs });
        expect(breachOf(one, { kind: 'wake', atMs }, step)).toBeUndefined();
        sent += step.send.length;
        wakes += 1;
        expect(wakes).toBeLessThan(10_000);
      }
      if (driver.queries.all.length > 0) expect(sent).toBeGreaterThan(0);
    },
  );
});

/** What may happen to a line, in any order; the frames are good ones, damaged ones and noise. */
function storyOf(goodFrames: readonly Uint8Array[]) {
  const anyFrame = fc.oneof(
    fc.constantFrom(...goodFrames),
    fc.uint8Array({ maxLength: 400 }),
    fc.tuple(fc.constantFrom(...goodFrames), fc.nat()).map(([frame, at]) => {
      const bad = Uint8Array.from(frame);
      const bit = at % Math.max(1, bad.length * 8);
      if (bad.length > 0) bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return bad;
    }),
  );
  const laterMs = fc.oneof(fc.nat({ max: 3_000 }), fc.double({ min: 0, max: 3_000, noNaN: true }));
  return fc.array(fc.tuple(fc.constantFrom(...KINDS), laterMs, anyFrame), { maxLength: 50 });
}
