import type { BinaryFraming, FramerStep } from '../../src/driver/contract.ts';

const STX = 0x02;
const ETX = 0x03;
/** Two address digits and a state. */
const BASIC_BYTES_MIN = 3;
/** The longest answer that is documented has 19 characters; clones may tell a longer version. */
const BASIC_BYTES_MAX = 46;
/**
 * The length byte of a packet counts itself, the data, two bytes of CRC and ETX. Answers stay below 30,
 * the code of the first digit: that is how the two framings are told apart.
 */
const SAFE_LENGTH_MIN = 5;
const SAFE_LENGTH_MAX = 0x2f;

/** What came since an STX, with it; never longer than one frame. */
export type NeFramer = Uint8Array;

/**
 * Cuts both framings out of one stream. Basic mode: text between STX and ETX. Safe mode: the length byte
 * says where ETX must stand, because the CRC may hold any byte, 02 and 03 too. In both the text is
 * printable, so that an STX inside of it begins anew at once. A frame is what stands between STX and ETX.
 */
export const neFraming: BinaryFraming<NeFramer> = {
  kind: 'binary',
  initial: new Uint8Array(0),
  push,
};

function push(state: NeFramer, chunk: Uint8Array): FramerStep<NeFramer> {
  const bytes = new Uint8Array(state.length + chunk.length);
  bytes.set(state);
  bytes.set(chunk, state.length);
  const frames: Uint8Array[] = [];
  let droppedBytes = 0;
  let at = 0;
  for (;;) {
    const start = bytes.indexOf(STX, at);
    if (start === -1) {
      droppedBytes += bytes.length - at;
      return { state: neFraming.initial, frames, droppedBytes };
    }
    droppedBytes += start - at;
    const end = endOf(bytes, start);
    if (end === 'unknown') return { state: bytes.slice(start), frames, droppedBytes };
    if (end === 'none') {
      droppedBytes += 1;
      at = start + 1;
    } else {
      frames.push(bytes.slice(start + 1, end));
      at = end + 1;
    }
  }
}

/** Where the ETX of the frame stands that begins here; `unknown` while it may still come. */
function endOf(bytes: Uint8Array, start: number): number | 'none' | 'unknown' {
  const first = bytes[start + 1];
  if (first === undefined) return 'unknown';
  if (isDigit(first)) return endOfBasic(bytes, start);
  if (first < SAFE_LENGTH_MIN || first > SAFE_LENGTH_MAX) return 'none';
  return endOfSafe(bytes, start, start + first);
}

function endOfBasic(bytes: Uint8Array, start: number): number | 'none' | 'unknown' {
  for (let at = start + 1; at <= start + BASIC_BYTES_MAX + 1; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return 'unknown';
    if (byte === ETX) return at - start - 1 < BASIC_BYTES_MIN ? 'none' : at;
    if (!isPrintable(byte)) return 'none';
  }
  return 'none';
}

function endOfSafe(bytes: Uint8Array, start: number, end: number): number | 'none' | 'unknown' {
  for (let at = start + 2; at < end - 2; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return 'unknown';
    if (!isPrintable(byte)) return 'none';
  }
  const last = bytes[end];
  if (last === undefined) return 'unknown';
  return last === ETX ? end : 'none';
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;
