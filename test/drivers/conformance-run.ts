import type { SessionInput } from '../../src/driver/contract.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { type Case, newSession } from './conformance-case.ts';
import { breachOf, growthOf } from './conformance-checks.ts';
import type { Piece } from './conformance-noise.ts';

/** Measuring costs more than a step; what grows is still there a moment later. */
const MEASURE_EVERY = 64;
/** A session that asks to be woken again and again at one moment would stop the gateway. */
const WAKES_PER_PIECE_MAX = 100_000;

export interface Lived {
  /**
   * What went wrong, in words: a throw, a broken contract, a state that grows, more bytes given than
   * came; else `undefined`.
   */
  readonly breach: string | undefined;
  /** How far the story went in: frames that the session got, and of them those that it accepted. */
  readonly frames: number;
  readonly accepted: number;
}

/** Framer and session live through a story, with every wake that they ask for. */
export function livedThrough(one: Case, pieces: readonly Piece[]): Lived {
  const line = new Line(one);
  let breach: string | undefined;
  try {
    breach = line.live(pieces);
  } catch (error) {
    breach = `throws ${error instanceof Error ? error.message : String(error)}`;
  }
  return { breach, frames: line.frames, accepted: line.accepted };
}

class Line {
  frames = 0;
  accepted = 0;
  readonly #one: Case;
  readonly #framer: ReturnType<typeof framerFor>;
  readonly #session: ReturnType<typeof newSession>;
  #state: unknown;
  #wakeAtMs: number | undefined;
  #taken = 0;
  #given = 0;

  constructor(one: Case) {
    this.#one = one;
    this.#framer = framerFor(one.driver.framing);
    this.#session = newSession(one);
    this.#state = this.#session.initial;
  }

  live(pieces: readonly Piece[]): string | undefined {
    let breach = this.#step({ kind: 'opened', atMs: 0 });
    for (const [index, piece] of pieces.entries()) {
      breach ??= this.#wakeUntil(piece.atMs);
      breach ??= piece.kind === 'bytes' ? this.#hear(piece) : this.#reopen(piece.atMs);
      if (index % MEASURE_EVERY === 0 || index === pieces.length - 1) breach ??= this.#measured();
      if (breach !== undefined) return breach;
    }
    return undefined;
  }

  #hear({ bytes, atMs }: Extract<Piece, { kind: 'bytes' }>): string | undefined {
    this.#taken += bytes.length;
    for (const frame of this.#framer.feed(bytes)) {
      this.#given += frame.length;
      const breach = this.#step({ kind: 'frame', atMs, frame });
      if (breach !== undefined) return breach;
    }
    return undefined;
  }

  #reopen(atMs: number): string | undefined {
    this.#framer.reset();
    return this.#step({ kind: 'closed', atMs }) ?? this.#step({ kind: 'opened', atMs });
  }

  #wakeUntil(atMs: number): string | undefined {
    for (let wakes = 0; this.#wakeAtMs !== undefined && this.#wakeAtMs <= atMs; wakes += 1) {
      const breach = this.#step({ kind: 'wake', atMs: this.#wakeAtMs });
      if (breach !== undefined) return breach;
      if (wakes > WAKES_PER_PIECE_MAX) return `${wakes} wakes before ${atMs} ms: it spins`;
    }
    return undefined;
  }

  #step(input: SessionInput): string | undefined {
    const step = this.#session.step(this.#state, input);
    this.#state = step.state;
    this.#wakeAtMs = step.wakeAtMs;
    if (input.kind === 'frame') this.frames += 1;
    for (const { kind } of step.events) if (kind === 'frame-accepted') this.accepted += 1;
    return breachOf(this.#one, input, step);
  }

  #measured(): string | undefined {
    const growth = growthOf(this.#state);
    if (growth !== undefined) return growth;
    const told = this.#given + this.#framer.droppedBytes();
    return told > this.#taken ? `${told} bytes told of ${this.#taken} that came` : undefined;
  }
}

/** Whether a story, or a part of one, still goes wrong. */
export type Fails = (pieces: readonly Piece[]) => boolean;

const SINGLE_BYTES_MAX = 20_000;

/**
 * The shortest part that still fails, found by leaving out ever smaller parts (delta debugging): pieces
 * first, then the bytes within them. Lives through at most `triesMax` parts.
 */
export function shrunk(pieces: readonly Piece[], fails: Fails, triesMax: number): readonly Piece[] {
  let tries = 0;
  const mayFail: Fails = (part) => {
    tries += 1;
    return tries <= triesMax && fails(part);
  };
  const few = withoutNeedless(pieces, mayFail);
  const single = few.flatMap(bytewise);
  // So much is needed only by what grows: which bytes they are says nothing then.
  if (single.length > SINGLE_BYTES_MAX) return few;
  if (mayFail(single)) return withoutNeedless(single, mayFail);
  // In single bytes the chunks fall together differently and that mends it: shortened where they are.
  let short = few;
  for (const [index, piece] of few.entries()) {
    if (piece.kind !== 'bytes') continue;
    const withBytes = (bytes: readonly number[]): readonly Piece[] =>
      short.with(index, { ...piece, bytes: Uint8Array.from(bytes) });
    short = withBytes(withoutNeedless([...piece.bytes], (part) => mayFail(withBytes(part))));
  }
  return short;
}

const bytewise = (piece: Piece): readonly Piece[] =>
  piece.kind === 'bytes'
    ? [...piece.bytes].map((byte) => ({ ...piece, bytes: Uint8Array.of(byte) }))
    : [piece];

function withoutNeedless<T>(
  list: readonly T[],
  fails: (part: readonly T[]) => boolean,
): readonly T[] {
  let kept = list;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let at = 0; at < kept.length; ) {
      const part = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (fails(part)) kept = part;
      else at += size;
    }
  }
  return kept;
}
