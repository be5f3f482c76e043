import type { BinaryFraming, FramerStep } from '../../src/driver/contract.ts';

/** Start and end of a frame; never inside one, because it is escaped there (DRI specification 12th ed.). */
const FLAG = 0x7e;
/** A 40-byte header and a sum: less than this between two flags is noise. */
const FRAME_BYTES_MIN = 41;
/** A record is at most about 1.5 kB; escaping can double it. */
const FRAME_BYTES_MAX = 4_096;

export interface DriFramer {
  /** Escaped bytes since the last flag; at most {@link FRAME_BYTES_MAX}. `null` = none. */
  readonly pending: Pending | null;
  /** False before the first flag and inside a frame that became too long: its rest is no frame. */
  readonly isInSync: boolean;
}

/** A list from the newest chunk back, so that a frame in many chunks is copied once and not each time. */
interface Pending {
  readonly before: Pending | null;
  readonly bytes: Uint8Array;
  /** Of all bytes up to here. */
  readonly length: number;
}

/**
 * Cuts the stream at every flag. Start and end flag are the same byte, so pairing them by counting
 * would stay one off for ever after a single lost byte; cutting at each is right at once. A frame
 * is what stands between two flags, still escaped: the codec judges it.
 */
export const driFraming: BinaryFraming<DriFramer> = {
  kind: 'binary',
  initial: { pending: null, isInSync: false },
  push,
};

function push(state: DriFramer, chunk: Uint8Array): FramerStep<DriFramer> {
  const frames: Uint8Array[] = [];
  let { pending, isInSync } = state;
  let droppedBytes = 0;
  let start = 0;
  for (let end = chunk.indexOf(FLAG); end !== -1; end = chunk.indexOf(FLAG, start)) {
    const length = (pending?.length ?? 0) + end - start;
    if (isInSync && length >= FRAME_BYTES_MIN && length <= FRAME_BYTES_MAX) {
      frames.push(joined(pending, chunk.subarray(start, end)));
    } else droppedBytes += length;
    pending = null;
    isInSync = true;
    start = end + 1;
  }
  const length = (pending?.length ?? 0) + chunk.length - start;
  if (!isInSync || length > FRAME_BYTES_MAX) {
    droppedBytes += length;
    return { state: driFraming.initial, frames, droppedBytes };
  }
  if (start < chunk.length) pending = { before: pending, bytes: chunk.slice(start), length };
  return { state: { pending, isInSync }, frames, droppedBytes };
}

/** Always a copy: a view would keep the whole chunk alive. */
function joined(head: Pending | null, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array((head?.length ?? 0) + tail.length);
  for (let it = head; it !== null; it = it.before) whole.set(it.bytes, it.length - it.bytes.length);
  whole.set(tail, head?.length ?? 0);
  return whole;
}
