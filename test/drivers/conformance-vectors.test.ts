import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type DriverProof, vectorBytes, type WireVector } from '../../src/driver/proof.ts';
import { type Case, cases, newSession, proofOf } from './conformance-case.ts';
import { breachOf } from './conformance-checks.ts';
import { framesOf, recordTwin } from './conformance-twin.ts';

const isOwn = ({ source }: WireVector): boolean => /^(own|self)\b/i.test(source);
/** Of the twin's own frames: the first of each meaning. */
const TWIN_FRAMES_MAX = 12;

describe.each(cases)('$id', { timeout: 60_000 }, (one) => {
  const { driver } = one;
  const vectors = one.proof?.vectors ?? [];
  const framed = (bytes: Uint8Array): readonly Uint8Array[] => framesOf(driver, [bytes]);
  const said = (bytes: Uint8Array): readonly unknown[] => framed(bytes).map(proofOf(one).decode);

  test('has vectors, and some of them come from elsewhere', () => {
    const all = proofOf(one).vectors;
    expect(all.filter(({ from }) => from === 'device').length).toBeGreaterThan(0);
    expect(all.filter((vector) => !isOwn(vector)).length).toBeGreaterThan(0);
    for (const { source } of all) expect(source).not.toBe('');
  });

  test('has a vector of every query', () => {
    const asked = proofOf(one)
      .vectors.filter((vector) => vector.from === 'host' && vector.mayBeSent)
      .map((vector) => driver.queries.nameOf(vectorBytes(vector)));
    const names = driver.queries.all.map(({ name }) => name);
    expect(names.filter((name) => !asked.includes(name))).toEqual([]);
  });

  const good = vectors.filter((vector) => 'decodes' in vector);
  test.each(good)('the device says: $name ($source)', (vector) => {
    const bytes = vectorBytes(vector);
    const found = said(bytes);
    expect(found.length, 'frames in it').toBeGreaterThan(0);
    expect(found.length === 1 ? found[0] : found).toEqual(vector.decodes);
    expect(
      framesOf(
        driver,
        [...bytes].map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(framed(bytes));
  });

  const bad = vectors.filter((vector) => 'refused' in vector);
  test.each(bad)('is not believed: $name ($refused)', (vector) => {
    expect(said(vectorBytes(vector)).filter((found) => found !== undefined)).toEqual([]);
    expect(bySession(one, framed(vectorBytes(vector)))).toBe(0);
  });

  const asked = vectors.filter((vector) => vector.from === 'host');
  test.each(asked)('the host says, mayBeSent $mayBeSent: $name ($source)', (vector) => {
    expect(driver.queries.has(vectorBytes(vector))).toBe(vector.mayBeSent);
  });

  test('every bit of every device vector, and of frames of its twin, turned over: nothing wrong is believed', () => {
    const { integrity, decode } = proofOf(one);
    if (integrity === 'none') return;
    let tried = 0;
    for (const vector of good) {
      const bytes = vectorBytes(vector);
      const truth = said(bytes);
      tried += eachFlip(bytes, (flipped, bit) => {
        for (const found of said(flipped)) {
          if (found === undefined || truth.some((one) => isDeepStrictEqual(one, found))) continue;
          throw new Error(`bit ${bit} of "${vector.name}" gives ${JSON.stringify(found)}`);
        }
      });
    }
    for (const frame of differentFrames(framesOf(driver, recordTwin(one)), decode)) {
      const truth = decode(frame);
      tried += eachFlip(frame, (flipped, bit) => {
        const found = decode(flipped);
        if (found === undefined || isDeepStrictEqual(found, truth)) return;
        const hex = Buffer.from(frame).toString('hex');
        throw new Error(`bit ${bit} of the twin's ${hex} gives ${JSON.stringify(found)}`);
      });
    }
    expect(tried).toBeGreaterThan(0);
  });
});

function eachFlip(bytes: Uint8Array, judge: (flipped: Uint8Array, bit: number) => void): number {
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    judge(flipped, bit);
  }
  return bytes.length * 8;
}

function differentFrames(
  frames: readonly Uint8Array[],
  decode: DriverProof['decode'],
): readonly Uint8Array[] {
  const byMeaning = new Map(frames.map((frame) => [JSON.stringify(decode(frame)), frame]));
  return [...byMeaning.values()].slice(0, TWIN_FRAMES_MAX);
}

/** A new session hears frames and keeps the contract; how many it accepted. */
function bySession(one: Case, frames: readonly Uint8Array[]): number {
  const session = newSession(one);
  let { state } = session.step(session.initial, { kind: 'opened', atMs: 0 });
  let accepted = 0;
  for (const frame of frames) {
    const input = { kind: 'frame', atMs: 1, frame } as const;
    const step = session.step(state, input);
    expect(breachOf(one, input, step)).toBeUndefined();
    state = step.state;
    accepted += step.events.filter(({ kind }) => kind === 'frame-accepted').length;
  }
  return accepted;
}
