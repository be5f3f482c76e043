import type { BinaryFraming, FramerStep } from '../../src/driver/contract.ts';
import { formatOf, type NoninFormat, SYNC } from './codec.ts';

export interface NoninFramer {
  /** Bytes that are not a frame yet; fewer than 12. */
  readonly held: Uint8Array;
  /** The format in which whole frames follow each other; `null` = still looking. */
  readonly format: NoninFormat | null;
  /** Wrong sums in a row. */
  readonly bad: number;
}

const FRAME_BYTES: Readonly<Record<NoninFormat, number>> = { 2: 5, 7: 5, 8: 4 };
/** Looking needs two frames, and three where there are no sums. */
const LOOK_BYTES = 10;
const LOOK_BYTES_8 = 12;
/** Two wrong sums in a row are no noise: the frames do not begin where we think. */
const BAD_MAX = 2;

/**
 * Finds the beginning of a packet and then cuts frame by frame. A frame with a wrong sum is handed on and keeps its
 * place in the packet. Where no frame can begin, it looks for the next packet.
 */
export const noninFraming: BinaryFraming<NoninFramer> = {
  kind: 'binary',
  initial: { held: new Uint8Array(0), format: null, bad: 0 },
  push,
};

function push({ held, format, bad }: NoninFramer, chunk: Uint8Array): FramerStep<NoninFramer> {
  const bytes = joined(held, chunk);
  const frames: Uint8Array[] = [];
  let droppedBytes = 0;
  let at = 0;
  for (;;) {
    if (format === null) {
      const found = beginningAt(bytes, at);
      if (found === 'more') break;
      if (found === null) {
        at += 1;
        droppedBytes += 1;
      } else {
        format = found;
        bad = 0;
      }
      continue;
    }
    const cut = frameAt(bytes, at, format, bad);
    if (cut === 'more') break;
    if (cut === null) {
      format = null;
      continue;
    }
    bad = cut.isGood ? 0 : bad + 1;
    frames.push(bytes.slice(at, at + FRAME_BYTES[format]));
    at += FRAME_BYTES[format];
  }
  return { state: { held: bytes.slice(at), format, bad }, frames, droppedBytes };
}

/** Whether the next frame stands here; `null` = none can, `more` while that is open. */
function frameAt(
  bytes: Uint8Array,
  at: number,
  format: NoninFormat,
  bad: number,
): { readonly isGood: boolean } | null | 'more' {
  const left = bytes.length - at;
  if (left < FRAME_BYTES[format]) return 'more';
  if (bad >= BAD_MAX || !mayBegin(bytes, at, format)) return null;
  if (format === 8 || isSumRight(bytes, at)) return { isGood: true };
  // A damaged frame is followed by the next one; where a byte was lost, the next one has begun already.
  if (left < FRAME_BYTES[format] + 2) return 'more';
  return mayBegin(bytes, at + FRAME_BYTES[format], format) ? { isGood: false } : null;
}

/** The format of a packet that begins here, `null` if none does, `more` while that is open. */
function beginningAt(bytes: Uint8Array, at: number): NoninFormat | null | 'more' {
  const left = bytes.length - at;
  if (isLikeFormat8(bytes.subarray(at, at + LOOK_BYTES_8))) return left < LOOK_BYTES_8 ? 'more' : 8;
  if (left < LOOK_BYTES) return 'more';
  const format = formatOf(bytes[at] ?? 0, bytes[at + 1] ?? 0);
  if (format === null || !mayBegin(bytes, at + 5, format)) return null;
  const isPacket = isFirst(bytes, at, format) && !isFirst(bytes, at + 5, format);
  return isPacket && isSumRight(bytes, at) && isSumRight(bytes, at + 5) ? format : null;
}

const isLikeFormat8 = (bytes: Uint8Array): boolean =>
  bytes.every((byte, index) => byte >= 0x80 === (index % FRAME_BYTES[8] === 0));

function mayBegin(bytes: Uint8Array, at: number, format: NoninFormat): boolean {
  const [b1 = 0, b2 = 0, b3 = 0, b4 = 0] = bytes.subarray(at, at + 4);
  if (format === 8) return b1 >= 0x80 && b2 < 0x80 && b3 < 0x80 && b4 < 0x80;
  return formatOf(b1, b2) === format;
}

const isFirst = (bytes: Uint8Array, at: number, format: 2 | 7): boolean =>
  ((bytes[at + (format === 2 ? 1 : 0)] ?? 0) & SYNC) !== 0;

function isSumRight(bytes: Uint8Array, at: number): boolean {
  const [b1 = 0, b2 = 0, b3 = 0, b4 = 0, sum = 0] = bytes.subarray(at, at + 5);
  return ((b1 + b2 + b3 + b4) & 0xff) === sum;
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
