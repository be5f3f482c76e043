import { vectorBytes } from '../../src/driver/proof.ts';
import { type Case, proofOf } from './conformance-case.ts';
import { joined, recordTwin } from './conformance-twin.ts';

/** One thing that happens to a line. Each carries its own time, so that any of them can be left out. */
export type Piece =
  | { readonly kind: 'bytes'; readonly atMs: number; readonly bytes: Uint8Array }
  | { readonly kind: 'reopened'; readonly atMs: number };

/** Pure noise, or pieces of good streams among it, some of them damaged. */
export type Recipe = 'noise' | 'hostile';

/** Good bytes to spoil: what the twin says, and every vector. */
export function goodStreams(one: Case): readonly Uint8Array[] {
  const vectors = proofOf(one).vectors.map(vectorBytes);
  return [joined(recordTwin(one)), ...vectors].filter(({ length }) => length > 0);
}

/** Repeatable random numbers (mulberry32) for many millions of bytes: the state is changed in place. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** In [0, 2^32). */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  below(limit: number): number {
    return Math.floor((this.word() / 4_294_967_296) * limit);
  }

  bytes(count: number): Uint8Array {
    const words = new Uint32Array(Math.ceil(count / 4));
    for (let at = 0; at < words.length; at += 1) words[at] = this.word();
    return new Uint8Array(words.buffer, 0, count);
  }

  oneOf<T>(choice: readonly T[]): T {
    return choice[this.below(choice.length)] as T;
  }
}

/** So many bytes of a recipe; the same seed gives the same bytes. */
export function spoiltStream(
  good: readonly Uint8Array[],
  length: number,
  seed: number,
  recipe: Recipe = 'hostile',
): Uint8Array {
  const dice = new Dice(seed);
  if (recipe === 'noise') return dice.bytes(length);
  const out = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const piece = dice.below(10) < 3 ? dice.bytes(1 + dice.below(300)) : excerpt(dice, good);
    out.set(piece.subarray(0, length - at), at);
    at += piece.length;
  }
  return out;
}

/** Bytes that protocols count with or end on. */
const TELLING = [
  0x00, 0x02, 0x03, 0x0a, 0x0d, 0x11, 0x1b, 0x20, 0x30, 0x7d, 0x7e, 0x7f, 0x80, 0xff,
];

/** A piece of something good: as it is, with a bit turned over, another byte, one too few or one twice. */
function excerpt(dice: Dice, good: readonly Uint8Array[]): Uint8Array {
  const from = dice.oneOf(good);
  const start = dice.below(3) === 0 ? 0 : dice.below(from.length);
  // Long enough for whole frames, now and then for several.
  const piece = from.slice(start, start + 1 + dice.below(dice.below(4) === 0 ? 4_000 : 600));
  const at = dice.below(piece.length);
  switch (dice.below(6)) {
    case 0:
      piece[at] = (piece[at] ?? 0) ^ (1 << dice.below(8));
      return piece;
    case 1:
      piece[at] = dice.oneOf(TELLING);
      return piece;
    case 2:
      piece.copyWithin(at, at + 1);
      return piece.subarray(0, -1);
    case 3:
      return joined([piece, piece]);
    default:
      return piece;
  }
}

/** A stream cut into what ports deliver, over minutes, the line closed and opened now and then. */
export function story(
  good: readonly Uint8Array[],
  length: number,
  seed: number,
  recipe: Recipe,
): readonly Piece[] {
  const bytes = spoiltStream(good, length, seed, recipe);
  const dice = new Dice(~seed);
  const pieces: Piece[] = [];
  let atMs = 0;
  for (let at = 0; at < length; ) {
    atMs += dice.below(300) + (dice.below(200) === 0 ? 20_000 : 0) + dice.below(3) / 3;
    if (dice.below(2_000) === 0) pieces.push({ kind: 'reopened', atMs });
    const end = Math.min(length, at + 1 + dice.below(dice.below(4) === 0 ? 4_000 : 400));
    pieces.push({ kind: 'bytes', atMs, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return pieces;
}
