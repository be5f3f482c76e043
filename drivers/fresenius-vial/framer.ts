import type { BinaryFraming, FramerStep } from '../../src/driver/contract.ts';
import { BYTE } from './codec.ts';

/** STX, origin, status, two digits, ETX: less than this is noise. */
const FRAME_BYTES_MIN = 6;
/** Messages have 80 characters at most (protocol error 0C), here with checksum, STX and ETX. */
const FRAME_BYTES_MAX = 84;

export interface VialFramer {
  /** From STX on; `null` = between frames. */
  readonly pending: readonly number[] | null;
  /** A NAK has come, its reason not yet. */
  readonly isNakOpen: boolean;
}

/**
 * Byte by byte, because the base may put an ENQ or an ACK anywhere, also between the bytes of a frame or
 * behind a NAK: each is handed on at once and breaks nothing. Frames go from STX to ETX, both included; an STX
 * always begins anew.
 */
export const vialFraming: BinaryFraming<VialFramer> = {
  kind: 'binary',
  initial: { pending: null, isNakOpen: false },
  push,
};

function push(state: VialFramer, chunk: Uint8Array): FramerStep<VialFramer> {
  const frames: Uint8Array[] = [];
  let pending = state.pending === null ? null : [...state.pending];
  let { isNakOpen } = state;
  let droppedBytes = 0;
  for (const byte of chunk) {
    if (byte === BYTE.enq || byte === BYTE.ack) {
      frames.push(Uint8Array.of(byte));
      continue;
    }
    if (isNakOpen) {
      isNakOpen = false;
      if (byte >= 0x20 && byte < 0x7f) {
        frames.push(Uint8Array.of(BYTE.nak, byte));
        continue;
      }
      droppedBytes += 1;
    }
    if (byte === BYTE.stx) {
      droppedBytes += pending?.length ?? 0;
      pending = [byte];
    } else if (pending === null) {
      if (byte === BYTE.nak) isNakOpen = true;
      else droppedBytes += 1;
    } else {
      pending.push(byte);
      if (byte === BYTE.etx && pending.length >= FRAME_BYTES_MIN) {
        frames.push(Uint8Array.from(pending));
        pending = null;
      } else if (byte === BYTE.etx || pending.length >= FRAME_BYTES_MAX) {
        droppedBytes += pending.length;
        pending = null;
      }
    }
  }
  return { state: { pending, isNakOpen }, frames, droppedBytes };
}
