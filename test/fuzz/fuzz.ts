import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Case, proofOf } from '../drivers/conformance-case.ts';
import { goodStreams, type Piece, type Recipe, story } from '../drivers/conformance-noise.ts';
import { livedThrough, shrunk } from '../drivers/conformance-run.ts';
import { joined } from '../drivers/conformance-twin.ts';

/** One story has so many bytes; each begins anew, so that a failure is found again from its number. */
const STORY_BYTES = 1_000_000;
/** What a driver may leave behind in the process over all stories. */
const HEAP_GROWTH_MAX = 16 * 1024 * 1024;
/** Compiled code and caches are there after so many stories. */
const WARM_UP_STORIES = 3;

export interface Fuzzed {
  /** Bytes that went through. */
  readonly done: number;
  readonly frames: number;
  readonly accepted: number;
  /** What happened and how to see it again; `undefined` when nothing did. */
  readonly failure: string | undefined;
}

/** More only makes the last bytes of a failing input fewer. */
const SHRINK_TRIES_MAX = 3_000;

export async function fuzz(
  one: Case,
  bytes: number,
  seed: number,
  shrinkTriesMax = SHRINK_TRIES_MAX,
): Promise<Fuzzed> {
  proofOf(one);
  const good = goodStreams(one);
  const sum = { done: 0, frames: 0, accepted: 0 };
  let heapAtFirst: number | undefined;
  for (let number = 0; sum.done < bytes; number += 1) {
    const length = Math.min(STORY_BYTES, bytes - sum.done);
    // Every fourth is noise alone: what is nowhere near a frame.
    const recipe: Recipe = number % 4 === 3 ? 'noise' : 'hostile';
    // Far apart, so that two seeds share no story.
    const pieces = story(good, length, Math.imul(seed, 0x9e37_79b1) + number, recipe);
    const { breach, frames, accepted } = livedThrough(one, pieces);
    sum.frames += frames;
    sum.accepted += accepted;
    if (breach !== undefined) {
      const few = smallest(one, breach, pieces, shrinkTriesMax);
      return { ...sum, failure: told(one, few, `seed ${seed}, story ${number}`) };
    }
    sum.done += length;
    // Streams leave a tick behind; a gateway has turns of the event loop, too.
    await setImmediate();
    if (number === WARM_UP_STORIES) heapAtFirst = usedHeap();
  }
  const grown = heapAtFirst === undefined ? 0 : usedHeap() - heapAtFirst;
  const isGrown = grown > HEAP_GROWTH_MAX;
  return { ...sum, failure: isGrown ? `memory grew by ${grown} bytes, seed ${seed}` : undefined };
}

function smallest(
  one: Case,
  breach: string,
  pieces: readonly Piece[],
  triesMax: number,
): readonly Piece[] {
  // Of the same kind: another failure on the way would be another story.
  const kind = breach.slice(0, 24);
  const fails = (part: readonly Piece[]): boolean =>
    livedThrough(one, part).breach?.startsWith(kind) ?? false;
  return shrunk(pieces, fails, triesMax);
}

function told(one: Case, pieces: readonly Piece[], where: string): string {
  const { breach = '' } = livedThrough(one, pieces);
  const title = `FAILED (${where}): ${breach.slice(0, 2_000)}`;
  return [title, ...merged(pieces).map(line)].join('\n');
}

/** What came at one moment, together again. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    const isMore = last?.kind === 'bytes' && piece.kind === 'bytes' && last.atMs === piece.atMs;
    if (isMore) out[out.length - 1] = { ...last, bytes: joined([last.bytes, piece.bytes]) };
    else out.push(piece);
  }
  return out;
}

const line = (piece: Piece): string =>
  piece.kind === 'bytes'
    ? `${piece.atMs.toFixed(3)} ms  ${Buffer.from(piece.bytes).toString('hex')}`
    : `${piece.atMs.toFixed(3)} ms  closed and opened again`;

/** Bytes in use after a full collection, those of typed arrays too. */
function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
