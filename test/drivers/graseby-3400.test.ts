import { describe, expect, test } from 'vitest';
import { decodeGraseby, grasebyQueries } from '../../drivers/graseby-3400/codec.ts';
import { type CounterCheck, nextCounterCheck } from '../../drivers/graseby-3400/counter-check.ts';
import { vectors } from '../../drivers/graseby-3400/vectors.ts';
import { vectorBytes } from '../../src/driver/proof.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const lineOf = (vector: (typeof vectors)[number]): Uint8Array => vectorBytes(vector).slice(0, -1);

describe('frames of graseby-3400', () => {
  const good = vectors.filter((vector) => 'decodes' in vector);
  test.each(good)('$name ($source)', (vector) => {
    expect(decodeGraseby(lineOf(vector))).toEqual({ ok: true, value: vector.decodes });
  });

  test.each([
    ['one bit of the rate turned over', '<OKGETRINFS90>DE', 'checksum'],
    ['wrong checksum', '<OKGETRINFS80>DF', 'checksum'],
    ['checksum in lower case', '<OKGETRINFS80>de', 'malformed'],
    ['cut in the checksum', '<OKGETRINFS80>D', 'malformed'],
    ['cut before the end', '<OKGETRINFS8', 'malformed'],
    ['no start', 'OKGETRINFS80>DE', 'malformed'],
    ['something behind it', '<OKGETRINFS80>DE0', 'malformed'],
    ['a question, not a reply', '<CHCK>93', 'malformed'],
    ['a state of three letters', '<OKCHCKSTB>16', 'malformed'],
    ['empty', '', 'malformed'],
  ] as const)('refused: %s', (_, text, kind) => {
    expect(decodeGraseby(latin1(text))).toEqual({ ok: false, error: { kind } });
  });

  test('two frames of which the first lost its end: the second counts', () => {
    expect(decodeGraseby(latin1('<OKGETRINFS<OKCHCKSTBY>6F'))).toMatchObject({
      ok: true,
      value: { word: 'CHCK', state: 'STBY' },
    });
  });

  test('every bit of every good frame turned over: never another meaning', () => {
    for (const vector of good) {
      const frame = lineOf(vector);
      const truth = decodeGraseby(frame);
      for (let bit = 0; bit < frame.length * 8; bit += 1) {
        const bad = Uint8Array.from(frame);
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const found = decodeGraseby(bad);
        if (found.ok) expect(found).toEqual(truth);
      }
    }
  });
});

describe('what may be sent', () => {
  test('state, rate and total, and nothing else', () => {
    const all = grasebyQueries.all.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
    expect(all).toEqual(['<CHCK>93\r', '<GETR>AC\r', '<TOTL>BD\r']);
  });

  test.each(vectors.filter((vector) => vector.from === 'host' && !vector.mayBeSent))(
    'refused: $name',
    (vector) => {
      expect(grasebyQueries.has(vectorBytes(vector))).toBe(false);
    },
  );
});

describe('the counter against the rate', () => {
  /** One reading every 5 s, `real` mL/h flowing, as a counter of tenths. */
  function watch(seconds: number, told: number, real: (second: number) => number, startMl = 5) {
    let check: CounterCheck | null = null;
    let volumeMl = startMl;
    const verdicts: (CounterCheck['verdict'] | undefined)[] = [];
    for (let second = 0; second <= seconds; second += 5) {
      if (second > 0) volumeMl += (real(second) * 5) / 3_600;
      const counted = Math.floor(volumeMl * 10 + 1e-6) / 10;
      check = nextCounterCheck(check, { mlPerHour: told, volumeMl: counted }, second * 1_000);
      verdicts.push(check?.verdict);
    }
    return verdicts;
  }

  test.each([0.5, 1, 3, 8, 60, 400, 1_200])('at %s mL/h it agrees, and stays so', (rate) => {
    for (const startMl of [5, 5.03, 5.07, 5.099]) {
      const verdicts = watch(3 * 3_600, rate, () => rate, startMl);
      const at = verdicts.indexOf('agrees');
      expect(at * 5).toBeGreaterThanOrEqual(30);
      expect(at * 5).toBeLessThanOrEqual(1_500 / rate + 45);
      expect(new Set(verdicts.slice(at))).toEqual(new Set(['agrees']));
    }
  });

  test.each([
    [10, 1],
    [10, 100],
    [10, 5],
    [10, 20],
    [100, 55],
    [100, 180],
  ])('told %s, %s flows: never agrees', (told, real) => {
    for (const startMl of [5, 5.03, 5.07, 5.099]) {
      const verdicts = watch(3_600, told, () => real, startMl);
      expect(verdicts).not.toContain('agrees');
      expect(verdicts).toContain('disagrees');
    }
  });

  const agreed: CounterCheck = {
    mlPerHour: 36,
    verdict: 'agrees',
    startedAtMs: 0,
    startMl: 1,
    isFromStep: true,
    lastAtMs: 5_000,
    lastMl: 1,
    movedAtMs: 0,
  };
  const next = (changes: Partial<CounterCheck>, volumeMl: number, atMs: number) =>
    nextCounterCheck({ ...agreed, ...changes }, { mlPerHour: 36, volumeMl }, atMs);

  test('cleared, another rate, a gap, or a pump that does not say: from the beginning', () => {
    expect(next({}, 1.1, 10_000)).toMatchObject({ verdict: 'agrees', startMl: 1 });
    expect(next({}, 0.9, 10_000)).toMatchObject({ verdict: 'open', startMl: 0.9 });
    expect(next({ mlPerHour: 72 }, 1.1, 10_000)).toMatchObject({
      verdict: 'open',
      startMl: 1.1,
      isFromStep: false,
    });
    expect(next({}, 1.3, 30_000)).toMatchObject({ verdict: 'open', startMl: 1.3 });
    expect(nextCounterCheck(agreed, { mlPerHour: null, volumeMl: 1.1 }, 10_000)).toBeNull();
  });

  test('only a window from one step of the counter to another is a proof', () => {
    const late = { verdict: 'open', lastAtMs: 28_000, lastMl: 1.2 } as const;
    expect(next(late, 1.3, 31_000)?.verdict).toBe('agrees');
    expect(next({ ...late, isFromStep: false }, 1.3, 31_000)?.verdict).toBe('open');
    expect(next({ ...late, lastMl: 1.3 }, 1.3, 31_000)?.verdict).toBe('open');
  });
});
