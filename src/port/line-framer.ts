import { ReadlineParser } from '@serialport/parser-readline';
import type { BinaryFraming, LineFraming } from '../driver/contract.ts';

/** Cuts a byte stream into frames, synchronously, so that it runs in virtual time as on a wire. */
export interface Framer {
  /** Frames that this chunk completes. */
  feed(chunk: Uint8Array): readonly Uint8Array[];
  /** Bytes given up so far: over-long lines, noise, half frames at {@link Framer.reset}. */
  droppedBytes(): number;
  /** The port was closed: what has begun will not be finished. The count goes on. */
  reset(): void;
}

/** The framer that a driver's declaration asks for. */
export function framerFor(framing: LineFraming | BinaryFraming): Framer {
  return framing.kind === 'line' ? new LineFramer(framing) : new BinaryFramer(framing);
}

/**
 * Lines by `@serialport/parser-readline` behind a guard. The bare parser (13.0.0) holds a line without
 * end in memory without limit, delivers a half line as a line when the port closes, and replaces
 * bytes that are not UTF-8. The guard holds what has no delimiter yet (at most `maxBytes` and a
 * started delimiter), drops over-long lines whole, and hands the parser only finished lines; so
 * there is nothing in the parser that a close could flush. Empty lines are not frames.
 */
class LineFramer implements Framer {
  readonly #delimiter: Uint8Array;
  /** The same for looking: of one byte as a number, which is several times as fast. */
  readonly #needle: Uint8Array | number;
  readonly #maxBytes: number;
  readonly #parser: ReadlineParser;
  /** Lines that the parser has handed out in this `feed`. */
  #cut: Uint8Array[] = [];
  #pending: Buffer = Buffer.alloc(0);
  /** True while inside a line that was already too long; its end is not a line. */
  #skipping = false;
  #dropped = 0;

  constructor({ delimiter, maxBytes }: LineFraming) {
    this.#delimiter = Buffer.from(delimiter, 'latin1');
    const [only = 0, ...more] = this.#delimiter;
    this.#needle = more.length === 0 ? only : this.#delimiter;
    this.#maxBytes = maxBytes;
    // Object mode: a byte stream may join lines that wait for a reader.
    this.#parser = new ReadlineParser({ delimiter, encoding: 'latin1', readableObjectMode: true });
    // Flowing, the parser hands out a line within `write`, in the same turn of
    // the event loop and without leaving a tick behind. A loop of `read()` is as synchronous, but leaves
    // 190 bytes per line in the tick queue, which in virtual time is not emptied for days.
    this.#parser.on('data', (text: string) =>
      this.#cut.push(new Uint8Array(Buffer.from(text, 'latin1'))),
    );
  }

  feed(chunk: Uint8Array): readonly Uint8Array[] {
    // A view: what is kept of it is copied below, and the parser copies for itself.
    const bytes =
      this.#pending.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([this.#pending, chunk]);
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(this.#needle, start);
      if (end === -1) break;
      const next = end + this.#delimiter.length;
      if (this.#skipping || end - start > this.#maxBytes) this.#dropped += end - start;
      else if (end > start) this.#parser.write(bytes.subarray(start, next));
      this.#skipping = false;
      start = next;
    }
    this.#hold(bytes.subarray(start));
    const lines = this.#cut;
    this.#cut = [];
    return lines;
  }

  droppedBytes(): number {
    return this.#dropped;
  }

  reset(): void {
    this.#dropped += this.#pending.length;
    this.#pending = Buffer.alloc(0);
    this.#skipping = false;
  }

  /** Keeps a line that has begun; of one that is too long only what may be a started delimiter. */
  #hold(rest: Buffer): void {
    const startedDelimiter = this.#delimiter.length - 1;
    let held = rest;
    if (this.#skipping || rest.length > this.#maxBytes + startedDelimiter) {
      held = rest.subarray(Math.max(0, rest.length - startedDelimiter));
      this.#dropped += rest.length - held.length;
      this.#skipping = true;
    }
    // A copy: a view would keep the whole chunk alive.
    this.#pending = Buffer.from(held);
  }
}

/** Runs a driver's pure framer; its state is a value. */
class BinaryFramer implements Framer {
  readonly #framing: BinaryFraming;
  #state: unknown;
  #dropped = 0;

  constructor(framing: BinaryFraming) {
    this.#framing = framing;
    this.#state = framing.initial;
  }

  feed(chunk: Uint8Array): readonly Uint8Array[] {
    const step = this.#framing.push(this.#state, chunk);
    this.#state = step.state;
    this.#dropped += step.droppedBytes;
    return step.frames;
  }

  droppedBytes(): number {
    return this.#dropped;
  }

  reset(): void {
    this.#state = this.#framing.initial;
  }
}
