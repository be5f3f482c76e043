import { describe, expect, test } from 'vitest';
import type { Driver, SessionInput } from '../../src/driver/contract.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { type Case, cases, SEED } from './conformance-case.ts';
import { goodStreams, type Recipe, story } from './conformance-noise.ts';
import { livedThrough } from './conformance-run.ts';

describe.each(cases)('$id: arbitrary bytes', { timeout: 60_000 }, (one) => {
  test.each<Recipe>(['noise', 'hostile'])(
    `a megabyte of %s, with every wake, neither throws nor grows it nor breaks the contract (seed ${SEED})`,
    (recipe) => {
      const pieces = story(goodStreams(one), 1_000_000, SEED, recipe);
      const { breach, frames } = livedThrough(one, pieces);
      expect(breach).toBeUndefined();
      if (recipe === 'hostile') expect(frames, 'frames that came through').toBeGreaterThan(100);
    },
  );
});

describe('the fuzzer finds', { timeout: 60_000 }, () => {
  const [first] = cases.filter(({ proof }) => proof !== undefined);
  const spoilt = (onFrame: (input: SessionInput, seen: unknown[]) => void): Case => {
    if (first === undefined) throw new Error('no driver has a proof');
    const seen: unknown[] = [];
    const driver: Driver = {
      ...first.driver,
      framing: { kind: 'line', delimiter: '\r', maxBytes: 64 },
      session: () => ({
        initial: seen,
        step: (state, input) => {
          onFrame(input, seen);
          const isFrame = input.kind === 'frame';
          const { atMs } = input;
          return {
            state,
            send: [],
            events: isFrame ? [{ kind: 'frame-rejected', reason: 'malformed', atMs }] : [],
          };
        },
      }),
    };
    return { ...first, driver };
  };

  test('what throws, and shrinks it to the bytes that matter', async () => {
    const one = spoilt((input) => {
      if (input.kind === 'frame' && input.frame.includes(0x7e)) throw new Error('a wave');
    });
    const { failure } = await fuzz(one, 100_000, SEED);
    const [title, ...lines] = failure?.split('\n') ?? [];
    expect(title).toBe(`FAILED (seed ${SEED}, story 0): throws a wave`);
    expect(lines.map((line) => line.replace(/^[\d.]+ ms {2}/, '')).join('')).toBe('7e0d');
  });

  test('a state that grows', async () => {
    const one = spoilt((input, seen) => {
      if (input.kind === 'frame') seen.push(new Uint8Array(1_000));
    });
    expect((await fuzz(one, 1_000_000, SEED, 20)).failure).toContain('the state has');
  });

  test('nothing where nothing is', async () => {
    expect(
      await fuzz(
        spoilt(() => undefined),
        100_000,
        SEED,
      ),
    ).toMatchObject({
      done: 100_000,
      failure: undefined,
    });
  });
});
