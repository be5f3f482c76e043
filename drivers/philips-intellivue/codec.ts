import { err, ok, type Result } from '../../src/driver/kit/result.ts';

/**
 * One frame of the fixed-baud Data Export line (PROTOCOL.md, "Frame"):
 *
 * ```
 * C0 | 11 01 | length, big endian | user data | FCS, low byte first | C1
 * ```
 *
 * Between the flags C0, C1 and 7D are sent as 7D and the byte with bit 20 turned over.
 */
export type FrameError =
  | { readonly kind: 'malformed'; readonly why: 'escape' | 'header' | 'length' }
  | { readonly kind: 'checksum'; readonly expected: number; readonly received: number };

export const BEGIN = 0xc0;
export const END = 0xc1;
export const ESCAPE = 0x7d;
const TURNED = 0x20;
const HEADER = [0x11, 0x01] as const;
const HEADER_BYTES = 4;
const FCS_BYTES = 2;

/** The user data of what stands between two flags. Form first, so that a cut frame is called cut. */
export function decodeFrame(frame: Uint8Array): Result<Uint8Array, FrameError> {
  const plain = unescaped(frame);
  if (plain === undefined) return err({ kind: 'malformed', why: 'escape' });
  const length = plain.length - HEADER_BYTES - FCS_BYTES;
  if (length < 1) return err({ kind: 'malformed', why: 'length' });
  if (plain[0] !== HEADER[0] || plain[1] !== HEADER[1]) {
    return err({ kind: 'malformed', why: 'header' });
  }
  const view = new DataView(plain.buffer, plain.byteOffset, plain.length);
  if (view.getUint16(2) !== length) return err({ kind: 'malformed', why: 'length' });
  const expected = fcs(plain.subarray(0, HEADER_BYTES + length));
  const received = view.getUint16(HEADER_BYTES + length, true);
  if (expected !== received) return err({ kind: 'checksum', expected, received });
  return ok(plain.subarray(HEADER_BYTES, HEADER_BYTES + length));
}

/** `undefined` when an escape is followed by anything but a byte that is ever escaped. */
function unescaped(frame: Uint8Array): Uint8Array | undefined {
  const plain = new Uint8Array(frame.length);
  let length = 0;
  for (let at = 0; at < frame.length; at += 1) {
    let byte = frame[at] ?? 0;
    if (byte === ESCAPE) {
      at += 1;
      byte = (frame[at] ?? 0) ^ TURNED;
      if (!isEscaped(byte)) return undefined;
    }
    plain[length] = byte;
    length += 1;
  }
  return plain.subarray(0, length);
}

/** A whole frame, flags included, around user data. The FCS is escaped like everything else. */
export function encodeFrame(userData: Uint8Array): Uint8Array {
  const plain = [...HEADER, userData.length >> 8, userData.length & 0xff, ...userData];
  const sum = fcs(Uint8Array.from(plain));
  const frame = [BEGIN];
  for (const byte of [...plain, sum & 0xff, sum >> 8]) {
    if (isEscaped(byte)) frame.push(ESCAPE, byte ^ TURNED);
    else frame.push(byte);
  }
  frame.push(END);
  return Uint8Array.from(frame);
}

const isEscaped = (byte: number): boolean => byte === BEGIN || byte === END || byte === ESCAPE;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  return crc;
});

/** CRC-16 "X-25": polynomial 1021 reflected, initial FFFF, complemented. Check value of "123456789": 906E. */
export function fcs(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = (crc >> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc & 0xffff;
}
