import type { BinaryFraming, FramerStep } from '../../src/driver/contract.ts';

const START = Uint8Array.of(0x0a, 0xfa);
const END = Uint8Array.of(0x00, 0x0b);
const HEADER_BYTES = 5;
/** Payload lengths by type: nothing else is a frame, so that noise cannot announce 65 kB. */
const LENGTHS: ReadonlyMap<number, readonly number[]> = new Map([
  [0x02, [20, 22]],
  [0x03, [50]],
  [0x04, [19]],
]);

export interface HealthyPiFramer {
  /** What has no frame yet: less than one frame and the start of the next. */
  readonly pending: Uint8Array;
  /** The last frame ended where the next one began. */
  readonly isInSync: boolean;
}

/**
 * Cuts by length. Start and end bytes may stand in the payload and nothing is escaped, so out of sync a frame
 * is believed only when the next one begins right behind it; else the cut moves on by one byte.
 */
export const healthyPiFraming: BinaryFraming<HealthyPiFramer> = {
  kind: 'binary',
  initial: { pending: new Uint8Array(0), isInSync: false },
  push,
};

function push(state: HealthyPiFramer, chunk: Uint8Array): FramerStep<HealthyPiFramer> {
  const bytes = Buffer.concat([state.pending, chunk]);
  const frames: Uint8Array[] = [];
  let { isInSync } = state;
  let droppedBytes = 0;
  let at = 0;
  while (at < bytes.length) {
    const found = judge(bytes, at, isInSync);
    if (found === 'wait') break;
    if (found === 'slide') {
      isInSync = false;
      at += 1;
      droppedBytes += 1;
      continue;
    }
    // A copy: a view would keep the whole chunk alive.
    frames.push(Uint8Array.from(bytes.subarray(at, at + found)));
    at += found;
    isInSync = true;
  }
  return {
    state: { pending: Uint8Array.from(bytes.subarray(at)), isInSync },
    frames,
    droppedBytes,
  };
}

/** Length of the frame that begins here, that there is none, or that more bytes must come first. */
function judge(bytes: Uint8Array, at: number, isInSync: boolean): number | 'slide' | 'wait' {
  const isStart = standsAt(bytes, at, START);
  if (isStart !== true) return isStart === undefined ? 'wait' : 'slide';
  if (bytes.length < at + HEADER_BYTES) return 'wait';
  const length = (bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8);
  if (!LENGTHS.get(bytes[at + 4] ?? 0)?.includes(length)) return 'slide';
  const size = HEADER_BYTES + length + END.length;
  const isEnd = standsAt(bytes, at + size - END.length, END);
  if (isEnd === undefined) return 'wait';
  if (isInSync && isEnd) return size;
  const isFollowed = standsAt(bytes, at + size, START);
  if (isFollowed === undefined) return 'wait';
  // In sync and well placed, with a damaged end: handed on, so that it is counted as rejected.
  return isFollowed && (isEnd || isInSync) ? size : 'slide';
}

/** `undefined` while the bytes that are there fit and more must come. */
function standsAt(bytes: Uint8Array, at: number, mark: Uint8Array): boolean | undefined {
  for (const [offset, wanted] of mark.entries()) {
    const found = bytes[at + offset];
    if (found === undefined) return undefined;
    if (found !== wanted) return false;
  }
  return true;
}
