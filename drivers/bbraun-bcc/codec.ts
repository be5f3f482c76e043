import { err, ok, type Result } from '../../src/driver/kit/result.ts';

/**
 * One block of the B. Braun BCC interface (technical interface specification I0022_000030, 3.2.3):
 *
 * ```
 * SOH | length, 5 digits | STX | bed id | /1/1> | information | ETX or ETB | check, 5 digits | EOT
 * ```
 *
 * Length counts all bytes, check is the sum of those up to ETX or ETB, modulo 256; both before stuffing.
 */
export interface BccFrame {
  readonly bedId: string;
  /** ETX: the answer is complete. With ETB the device waits for our ACK and sends the next block. */
  readonly isLast: boolean;
  /** Which setting these bytes prove; `null` when they are the same with and without stuffing. */
  readonly stuffing: Stuffing | null;
  readonly records: readonly BccRecord[];
}

/** Character stuffing is a setting of the device. */
export type Stuffing = 'on' | 'off';

export interface BccRecord {
  /** Seconds since the ComDevice was switched on. */
  readonly timeS: number;
  /** `50100` is the ComDevice, `501xy` pillar x, slot y. */
  readonly address: string;
  readonly parameter: string;
  /** `null`: the record ends after the parameter (the answer to ADMIN:VERSION). */
  readonly value: string | null;
}

export type BccFrameError =
  | { readonly kind: 'malformed'; readonly why: 'form' | 'stuffing' | 'length' }
  /** A good frame whose header or records cannot be read. */
  | { readonly kind: 'malformed'; readonly why: 'records'; readonly isLast: boolean }
  | { readonly kind: 'checksum'; readonly expected: number; readonly received: number };

export const SOH = 0x01;
export const STX = 0x02;
export const ETX = 0x03;
export const EOT = 0x04;
const ETB = 0x17;
const RS = '\x1e';
const UPPER_D = 0x44;
const UPPER_E = 0x45;
const UPPER_X = 0x58;
/** Between an upper-case letter and its lower-case one. */
const LOWER = 0x20;

/** Around header and information: SOH, length, STX, ETX, check, EOT. */
export const FRAME_BYTES = 14;
/** Check digits and EOT. */
const TAIL_BYTES = 6;
const HEADER_AT = 7;

/** Characters of a bed id: `/`, digits, letters and what stands between them in ASCII. */
export const BED_ID = /^[/-9A-Za-z[\\\]^_`]{1,15}$/;

/**
 * A whole frame, from SOH to EOT. With `auto` both settings are tried: the length field tells them
 * apart, since a frame with anything stuffed in it is longer on the wire than it says.
 */
export function decodeBcc(
  wire: Uint8Array,
  stuffing: Stuffing | 'auto',
): Result<BccFrame, BccFrameError> {
  if (stuffing !== 'auto') return decodeWith(wire, stuffing);
  const plain = decodeWith(wire, 'off');
  if (plain.ok || isWhole(plain.error)) return plain;
  const stuffed = decodeWith(wire, 'on');
  return stuffed.ok || isWhole(stuffed.error) ? stuffed : plain;
}

/** The length is right, so this was the right setting, whatever else is wrong. */
const isWhole = (error: BccFrameError): boolean =>
  error.kind === 'checksum' || error.why === 'records';

function decodeWith(wire: Uint8Array, stuffing: Stuffing): Result<BccFrame, BccFrameError> {
  const plain = stuffing === 'on' ? destuffed(wire) : wire;
  if (plain === undefined) return malformed('stuffing');
  const endAt = plain.length - TAIL_BYTES - 1;
  const end = plain[endAt];
  const declared = digits(plain, 1);
  const received = digits(plain, endAt + 1);
  if (
    declared === undefined ||
    received === undefined ||
    plain[0] !== SOH ||
    plain[HEADER_AT - 1] !== STX ||
    (end !== ETX && end !== ETB) ||
    plain.at(-1) !== EOT
  ) {
    return malformed('form');
  }
  if (declared !== plain.length) return malformed('length');
  const expected = checkOf(plain.subarray(0, endAt + 1));
  if (expected !== received) return err({ kind: 'checksum', expected, received });
  const text = plain.subarray(HEADER_AT, endAt);
  const bedId = bedIdIn(text);
  const records = bedId === undefined ? undefined : recordsIn(text.subarray(bedId.length + 5));
  const isLast = end === ETX;
  if (bedId === undefined || records === undefined) {
    return err({ kind: 'malformed', why: 'records', isLast });
  }
  const proves = plain.some(isStuffable) ? stuffing : null;
  return ok({ bedId, isLast, stuffing: proves, records });
}

const malformed = (why: 'form' | 'stuffing' | 'length') => err({ kind: 'malformed' as const, why });

/** Five ASCII digits, leading zeros included. */
function digits(bytes: Uint8Array, at: number): number | undefined {
  const text = latin1(bytes.subarray(Math.max(0, at), Math.max(0, at + 5)));
  return /^\d{5}$/.test(text) ? Number(text) : undefined;
}

/** What stands before `/1/1>`; `undefined` when that is no bed id. */
function bedIdIn(text: Uint8Array): string | undefined {
  const header = latin1(text.subarray(0, text.indexOf(0x3e) + 1));
  const bedId = header.slice(0, -'/1/1>'.length);
  return header.endsWith('/1/1>') && BED_ID.test(bedId) ? bedId : undefined;
}

/**
 * Values are UTF-8; bytes that are not become U+FFFD and spoil only their own value. A separator
 * after the last record is no record.
 */
function recordsIn(information: Uint8Array): readonly BccRecord[] | undefined {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(information);
  const parts = text.split(RS);
  if (parts.length > 1 && parts.at(-1) === '') parts.pop();
  const records = parts.map(recordOf);
  return records.every((record) => record !== undefined) ? records : undefined;
}

/** Only the first three commas separate: a value may hold more of them. GNMODEL ends with a CR. */
const RECORD = /^(\d{1,10}),([0-9A-Za-z]{5}),([^,]{1,40})(?:,(.*?)\r?)?$/s;

function recordOf(text: string): BccRecord | undefined {
  const match = RECORD.exec(text);
  if (match === null) return undefined;
  const [, time = '', address = '', parameter = '', value] = match;
  return { timeS: Number(time), address, parameter, value: value ?? null };
}

export const checkOf = (bytes: Uint8Array): number => {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum & 0xff;
};

const isStuffable = (byte: number): boolean => {
  const upper = byte & ~LOWER;
  return upper === UPPER_D || upper === UPPER_E;
};

/** D becomes EX and E becomes EE, the same in lower case; over the whole frame, after length and check. */
export function stuffed(plain: Uint8Array): Uint8Array {
  const wire: number[] = [];
  for (const byte of plain) {
    if (!isStuffable(byte)) wire.push(byte);
    else if ((byte & ~LOWER) === UPPER_D) wire.push(byte + 1, UPPER_X | (byte & LOWER));
    else wire.push(byte, byte);
  }
  return Uint8Array.from(wire);
}

/**
 * One escape at a time from left to right: `EEX` is `EX`, not `ED`. `undefined` when an escape is
 * followed by anything else, or when a byte stands there that is always escaped.
 */
export function destuffed(wire: Uint8Array): Uint8Array | undefined {
  const plain = new Uint8Array(wire.length);
  let length = 0;
  for (let at = 0; at < wire.length; at += 1) {
    let byte = wire[at] ?? 0;
    if (isStuffable(byte)) {
      if ((byte & ~LOWER) === UPPER_D) return undefined;
      at += 1;
      const next = wire[at];
      if (next === (UPPER_X | (byte & LOWER))) byte -= 1;
      else if (next !== byte) return undefined;
    }
    plain[length] = byte;
    length += 1;
  }
  return plain.subarray(0, length);
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
