import type { BinaryFraming, FramerStep } from '../../src/driver/contract.ts';

const SOH = 0x01;
const EOT = 0x04;
/** 14 bytes of frame around the shortest header, `1/1/1>`. */
const FRAME_BYTES_MIN = 20;
/** A block with every parameter ticked is below 4 kB; stuffing can add to it. */
const FRAME_BYTES_MAX = 8_192;

export interface BccFramer {
  /** From SOH on; at most {@link FRAME_BYTES_MAX} bytes. `null` = between frames. */
  readonly pending: Uint8Array | null;
}

/**
 * Cuts from SOH to EOT, both included, still stuffed: stuffing never makes nor changes these two
 * bytes. A SOH inside a frame begins a new one, because the end of the old one was lost. What
 * stands between frames is noise.
 */
export const bccFraming: BinaryFraming<BccFramer> = {
  kind: 'binary',
  initial: { pending: null },
  push,
};

function push({ pending }: BccFramer, chunk: Uint8Array): FramerStep<BccFramer> {
  const frames: Uint8Array[] = [];
  const bytes = joined(pending, chunk);
  let droppedBytes = 0;
  let at = 0;
  while (at < bytes.length) {
    const start = bytes.indexOf(SOH, at);
    if (start === -1) {
      droppedBytes += bytes.length - at;
      return { state: { pending: null }, frames, droppedBytes };
    }
    droppedBytes += start - at;
    const next = bytes.indexOf(SOH, start + 1);
    const end = bytes.subarray(0, next === -1 ? bytes.length : next).indexOf(EOT, start);
    if (end === -1 && next === -1) {
      if (bytes.length - start <= FRAME_BYTES_MAX) {
        return { state: { pending: bytes.slice(start) }, frames, droppedBytes };
      }
      // Too long already: this SOH begins no frame, and what follows it is noise up to the next one.
      at = bytes.length;
      droppedBytes += bytes.length - start;
      continue;
    }
    at = end === -1 ? next : end + 1;
    const length = at - start;
    if (end !== -1 && length >= FRAME_BYTES_MIN && length <= FRAME_BYTES_MAX) {
      frames.push(bytes.slice(start, at));
    } else droppedBytes += length;
  }
  return { state: { pending: null }, frames, droppedBytes };
}

function joined(head: Uint8Array | null, tail: Uint8Array): Uint8Array {
  if (head === null) return tail;
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
