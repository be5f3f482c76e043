import type { BinaryFraming, FramerStep } from '../../src/driver/contract.ts';
import { BEGIN, END, ESCAPE } from './codec.ts';

/** Header, one byte of user data and FCS: less than this between two flags is noise. */
const FRAME_BYTES_MIN = 7;
/** The host allows 2,500 bytes of user data; escaping can double a frame. */
const FRAME_BYTES_MAX = 5_120;

export interface IntellivueFramer {
  /** Escaped bytes since C0; at most {@link FRAME_BYTES_MAX}. `null` outside of a frame. */
  readonly pending: Pending | null;
}

/** A list from the newest chunk back, so that a frame in many chunks is copied once and not each time. */
interface Pending {
  readonly before: Pending | null;
  readonly bytes: Uint8Array;
  /** Of all bytes up to here. */
  readonly length: number;
}

const EMPTY: Pending = { before: null, bytes: new Uint8Array(0), length: 0 };

/**
 * Cuts from C0 to C1. Neither can stand inside a frame, so a C0 always begins anew: what was held before it
 * had lost its end. A frame is what stands between the flags, still escaped: the codec judges it. `7D C1` is
 * the sender's own word that the frame is void.
 */
export const intellivueFraming: BinaryFraming<IntellivueFramer> = {
  kind: 'binary',
  initial: { pending: null },
  push,
};

function push(state: IntellivueFramer, chunk: Uint8Array): FramerStep<IntellivueFramer> {
  const frames: Uint8Array[] = [];
  let { pending } = state;
  let droppedBytes = 0;
  let start = 0;
  for (let at = 0; at < chunk.length; at += 1) {
    const byte = chunk[at];
    if (byte !== BEGIN && byte !== END) continue;
    const length = (pending?.length ?? 0) + at - start;
    const isWhole = byte === END && pending !== null && length <= FRAME_BYTES_MAX;
    const frame = isWhole ? joined(pending, chunk.subarray(start, at)) : undefined;
    if (frame !== undefined && frame.length >= FRAME_BYTES_MIN && frame.at(-1) !== ESCAPE) {
      frames.push(frame);
    } else droppedBytes += length;
    pending = byte === BEGIN ? EMPTY : null;
    start = at + 1;
  }
  const length = (pending?.length ?? 0) + chunk.length - start;
  if (pending === null || length > FRAME_BYTES_MAX) {
    return { state: intellivueFraming.initial, frames, droppedBytes: droppedBytes + length };
  }
  if (start < chunk.length) pending = { before: pending, bytes: chunk.slice(start), length };
  return { state: { pending }, frames, droppedBytes };
}

/** Always a copy: a view would keep the whole chunk alive. */
function joined(head: Pending | null, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array((head?.length ?? 0) + tail.length);
  for (let it = head; it !== null; it = it.before) whole.set(it.bytes, it.length - it.bytes.length);
  whole.set(tail, head?.length ?? 0);
  return whole;
}
