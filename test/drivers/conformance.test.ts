import { existsSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drivers } from '../../drivers/index.ts';
import type { BinaryFraming, Driver, SessionInput } from '../../src/driver/contract.ts';
import { METRIC_CODES } from '../../src/observation/metrics.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { checkStep, framesOf, hostileStream, joined, recordTwin } from './conformance-bench.ts';

/** Another seed is another megabyte: SEED=7 npx vitest run test/drivers/conformance */
const SEED = Number(process.env['SEED'] ?? 20_260_105);
/** A session and a framer are a few numbers and at most some frames. */
const STATE_BYTES_MAX = 256 * 1024;

const root = new URL('../../', import.meta.url);
const exists = (path: string): boolean => existsSync(new URL(path, root));

describe.each(drivers)('$id', (driver: Driver) => {
  const recording = recordTwin(driver, 15_000);
  const stream = joined(recording);
  const goodFrames = framesOf(driver, recording);
  const newSession = () => driver.session(driver.options.parse({}), []);

  describe('is complete', () => {
    test.each([
      `drivers/${driver.id}/PROTOCOL.md`,
      `drivers/${driver.id}/vectors.ts`,
      `drivers/${driver.id}/driver.ts`,
      `simulators/${driver.id}/index.ts`,
      `docs/devices/${driver.id}.md`,
      `test/drivers/${driver.id}.test.ts`,
    ])('%s is there', (path) => {
      expect(exists(path)).toBe(true);
    });

    test('vectors.ts has vectors', async () => {
      const found: Readonly<Record<string, unknown>> = await import(
        new URL(`drivers/${driver.id}/vectors.ts`, root).href
      );
      const lists = Object.values(found).filter((value) => Array.isArray(value));
      expect(lists.flat().length).toBeGreaterThan(0);
    });

    test('declares how long it may be silent, what it reports and how long a line may be', () => {
      const { staleMs, lostMs } = driver.freshness;
      expect(staleMs).toBeGreaterThan(0);
      expect(lostMs).toBeGreaterThan(staleMs);
      expect(lostMs).toBeLessThanOrEqual(30_000);
      expect(driver.reports.length).toBeGreaterThan(0);
      for (const code of driver.reports) expect(METRIC_CODES).toContain(code);
      expect(new Set(driver.reports).size).toBe(driver.reports.length);
      if (driver.framing.kind === 'line') expect(driver.framing.maxBytes).toBeLessThan(65_536);
    });

    test('has options with defaults and refuses unknown ones', () => {
      expect(() => driver.options.parse({})).not.toThrow();
      expect(() => driver.options.parse({ noSuchOption: 1 })).toThrow();
    });
  });

  describe('framing', () => {
    test('its twin says something that is a frame', () => {
      expect(goodFrames.length).toBeGreaterThan(3);
    });

    test('any split of any stream gives the same frames and drops as many bytes', () => {
      const seeds = fc.integer();
      const cuts = fc.array(fc.nat({ max: 4_000 }), { maxLength: 30 });
      fc.assert(
        fc.property(seeds, cuts, (seed, at) => {
          const bytes = hostileStream(stream, 4_000, seed);
          const edges = [0, ...at.sort((a, b) => a - b), bytes.length];
          const whole = framerFor(driver.framing);
          const split = framerFor(driver.framing);
          const frames = whole.feed(bytes);
          const pieces = edges
            .slice(1)
            .flatMap((end, index) => [...split.feed(bytes.subarray(edges[index], end))]);
          expect(pieces).toEqual(frames);
        }),
      );
    });

    test('byte by byte is the same as all at once', () => {
      const short = stream.subarray(0, 20_000);
      const single = framerFor(driver.framing);
      const frames = [...short].flatMap((byte) => [...single.feed(Uint8Array.of(byte))]);
      expect(frames).toEqual(framesOf(driver, [short]));
    });

    test('after any rubbish the next good frames are found', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 3_000 }), (rubbish) => {
          const frames = framesOf(driver, [rubbish, stream]);
          // The first one or two may be swallowed by what the rubbish began.
          expect(frames.slice(-3)).toEqual(goodFrames.slice(-3));
        }),
      );
    });
  });

  describe('session', () => {
    test('its twin is understood: frames are accepted and none is rejected', () => {
      const session = newSession();
      let state = session.initial;
      let accepted = 0;
      const take = (input: SessionInput): void => {
        const step = session.step(state, input);
        state = step.state;
        checkStep(driver, input, step);
        accepted += step.events.filter(({ kind }) => kind === 'frame-accepted').length;
      };
      take({ kind: 'opened', atMs: 0 });
      goodFrames.forEach((frame, index) => {
        take({ kind: 'frame', atMs: index + 1, frame });
      });
      expect(accepted).toBeGreaterThan(0);
    });

    test(`a megabyte between noise and truth neither throws nor grows it (seed ${SEED})`, () => {
      const bytes = hostileStream(stream, 1_000_000, SEED);
      const framer = framerFor(driver.framing);
      const session = newSession();
      let state = session.step(session.initial, { kind: 'opened', atMs: 0 }).state;
      let wakeAtMs: number | undefined;
      let given = 0;
      let largest = 0;
      for (let at = 0, atMs = 0; at < bytes.length; at += 977, atMs += 137) {
        const inputs: SessionInput[] = [];
        if (wakeAtMs !== undefined && wakeAtMs <= atMs) inputs.push({ kind: 'wake', atMs });
        for (const frame of framer.feed(bytes.subarray(at, at + 977))) {
          given += frame.length;
          inputs.push({ kind: 'frame', atMs, frame });
        }
        for (const input of inputs) {
          const step = session.step(state, input);
          checkStep(driver, input, step);
          ({ state, wakeAtMs } = step);
        }
        if (at % (977 * 32) === 0) largest = Math.max(largest, serialize(state).length);
      }
      expect(largest).toBeLessThan(STATE_BYTES_MAX);
      expect(given + framer.droppedBytes()).toBeLessThanOrEqual(bytes.length);
    });

    test('a binary framer holds a bounded number of bytes, whatever comes', () => {
      if (driver.framing.kind !== 'binary') return;
      const framing: BinaryFraming = driver.framing;
      let state = framing.initial;
      for (let round = 0; round < 100; round++) {
        // A start without an end is the worst: everything may still belong to a frame.
        const bytes =
          round % 2 === 0 ? stream.subarray(0, 700) : hostileStream(stream, 10_000, round);
        state = framing.push(state, bytes).state;
        expect(serialize(state).length).toBeLessThan(STATE_BYTES_MAX);
      }
    });

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
    const script = fc.array(
      fc.tuple(
        fc.constantFrom('opened', 'frame', 'frame', 'frame', 'wake', 'wake', 'closed'),
        fc.oneof(fc.nat({ max: 3_000 }), fc.double({ min: 0, max: 3_000, noNaN: true })),
        anyFrame,
      ),
      { maxLength: 50 },
    );

    test('any story keeps the contract, is repeatable, and after closed nothing is sent until opened', () => {
      fc.assert(
        fc.property(script, (story) => {
          const session = newSession();
          let state = session.initial;
          let atMs = 0;
          let isOpen = false;
          for (const [kind, laterMs, frame] of story) {
            atMs += laterMs;
            const input: SessionInput = kind === 'frame' ? { kind, atMs, frame } : { kind, atMs };
            const before = serialize(state);
            const step = session.step(state, input);
            checkStep(driver, input, step);
            const again = session.step(deserialize(before), input);
            expect(again).toEqual(step);
            expect(serialize(state).equals(before), 'a step does not change its input').toBe(true);
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
        const session = newSession();
        let step = session.step(session.initial, { kind: 'opened', atMs: startMs });
        let wakes = 0;
        let sent = step.send.length;
        for (;;) {
          const atMs = step.wakeAtMs;
          if (atMs === undefined || atMs > startMs + 600_000) break;
          step = session.step(step.state, { kind: 'wake', atMs });
          checkStep(driver, { kind: 'wake', atMs }, step);
          sent += step.send.length;
          wakes++;
          expect(wakes).toBeLessThan(10_000);
        }
        if (driver.queries.all.length > 0) expect(sent).toBeGreaterThan(0);
      },
    );
  });
});
