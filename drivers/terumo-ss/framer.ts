import type { BinaryFraming, FramerStep } from '../../src/driver/contract.ts';

const STX = 0x02;
const ETX = 0x03;
/** The shortest reply (an empty DEVID) and its CRC: less than this between STX and ETX is noise. */
const FRAME_BYTES_MIN = 51;
/** A status reply is about 150 bytes; models with more fields make it longer. */
const FRAME_BYTES_MAX = 4_096;

/** What came since the last STX, without it; `null` outside of a frame. */
export type TerumoFramer = Uint8Array | null;

/**
 * A frame is what stands between STX and ETX: XML text and CRC, which the codec judges. Neither byte
 * can be part of it, so an STX always begins anew and what had begun before is given up.
 */
export const terumoFraming: BinaryFraming<TerumoFramer> = {
  kind: 'binary',
  initial: null,
  push,
};

function push(state: TerumoFramer, chunk: Uint8Array): FramerStep<TerumoFramer> {
  const frames: Uint8Array[] = [];
  let droppedBytes = 0;
  let head = state;
  let start = 0;
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at];
    if (byte !== STX && byte !== ETX) continue;
    const piece = chunk.subarray(start, at);
    const length = (head?.length ?? 0) + piece.length;
    const isWhole = byte === ETX && head !== null;
    if (isWhole && length >= FRAME_BYTES_MIN && length <= FRAME_BYTES_MAX) {
      frames.push(joined(head, piece));
    } else droppedBytes += length;
    head = byte === STX ? new Uint8Array(0) : null;
    start = at + 1;
  }
  const rest = chunk.subarray(start);
  if (head === null || head.length + rest.length > FRAME_BYTES_MAX) {
    droppedBytes += (head?.length ?? 0) + rest.length;
    return { state: null, frames, droppedBytes };
  }
  return { state: joined(head, rest), frames, droppedBytes };
}

/** Always a copy: a view would keep the whole chunk alive. */
function joined(head: TerumoFramer, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array((head?.length ?? 0) + tail.length);
  whole.set(head ?? []);
  whole.set(tail, head?.length ?? 0);
  return whole;
}
