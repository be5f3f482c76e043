import { expect } from 'vitest';
import { simulatorById } from '../../simulators/index.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { draw, drawBytes, drawInt } from '../../simulators/kit/random.ts';
import type { Driver, SessionInput, Step } from '../../src/driver/contract.ts';
import { METRICS, Validity } from '../../src/observation/metrics.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

/** What the simulated twin of a driver says to it, as it came over the line. */
export function recordTwin(driver: Driver, durationMs: number): readonly Uint8Array[] {
  const kind = simulatorById.get(driver.id);
  if (kind === undefined) throw new Error(`${driver.id} has no twin in simulators/index.ts`);
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind, name: 'twin', timeline });
  const chunks: Uint8Array[] = [];
  const tapped: typeof link = Object.create(link, {
    attach: {
      value: (end: Parameters<typeof link.attach>[0]) =>
        link.attach({
          onBytes: (chunk) => {
            chunks.push(Uint8Array.from(chunk));
            end.onBytes(chunk);
          },
          onUnplugged: () => end.onUnplugged(),
        }),
    },
    name: { value: 'twin' },
  });
  const subscription = deviceLink({
    driver,
    options: driver.options.parse({}),
    port: guarded(memoryPort('twin', tapped, timeline), driver.queries),
    timeline,
    onFault: (error) => {
      throw error;
    },
  }).subscribe();
  timeline.advance(durationMs);
  subscription.unsubscribe();
  link.stop();
  return chunks;
}

export const joined = (chunks: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(chunks));

export function framesOf(driver: Driver, chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const framer = framerFor(driver.framing);
  return chunks.flatMap((chunk) => framer.feed(chunk));
}

/** Bytes between noise and truth: of the twin's stream some pieces, some of them damaged. */
export function hostileStream(good: Uint8Array, length: number, seed: number): Uint8Array {
  const out = new Uint8Array(length);
  let random = seed;
  const int = (below: number): number => {
    const drawn = drawInt(random, below);
    random = drawn.next;
    return drawn.value;
  };
  for (let at = 0; at < length; ) {
    const what = draw(random);
    random = what.next;
    let piece: Uint8Array;
    if (what.value < 0.3) {
      const noise = drawBytes(random, 1 + int(300));
      random = noise.next;
      piece = noise.bytes;
    } else {
      const start = int(good.length);
      piece = Uint8Array.from(good.subarray(start, start + 1 + int(600)));
      const bit = int(piece.length * 8);
      if (what.value < 0.6) piece[bit >> 3] = (piece[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    }
    out.set(piece.subarray(0, length - at), at);
    at += piece.length;
  }
  return out;
}

/** What each step of every session must keep, whatever came. */
export function checkStep(driver: Driver, input: SessionInput, step: Step<unknown>): void {
  const verdicts = step.events.filter(
    ({ kind }) => kind === 'frame-accepted' || kind === 'frame-rejected',
  );
  expect(verdicts, 'one verdict for each frame').toHaveLength(input.kind === 'frame' ? 1 : 0);
  for (const bytes of step.send) expect(driver.queries.has(bytes), 'only listed').toBe(true);
  if (step.wakeAtMs !== undefined) {
    expect(Number.isFinite(step.wakeAtMs), 'a wake-up at a moment').toBe(true);
    expect(step.wakeAtMs, 'a wake-up not in the past').toBeGreaterThanOrEqual(input.atMs);
  }
  for (const event of step.events) {
    expect(event.atMs).toBeLessThanOrEqual(input.atMs);
    if (event.kind === 'alerts') expect(driver.alerts).not.toBe('not-decoded');
    if (event.kind !== 'metric') continue;
    expect(driver.reports, 'only declared metrics').toContain(event.code);
    expect(METRICS[event.code]?.unit).toBeTypeOf('string');
    expect(Validity.options).toContain(event.validity);
    if (event.value !== null) expect(Number.isFinite(event.value)).toBe(true);
    if (event.validity === 'valid') expect(event.value).not.toBeNull();
    if (event.validity === 'not-available') expect(event.value).toBeNull();
    expect(event.episode !== undefined).toBe(METRICS[event.code].episodic);
  }
}
