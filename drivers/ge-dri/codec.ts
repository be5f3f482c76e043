import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { queryList } from '../../src/driver/query-bytes.ts';

/**
 * One record of the S/5 Computer Interface (DRI specification 12th ed., record header):
 *
 * ```
 * 7E | 40-byte header, parts | sum | 7E      7E -> 7D 5E and 7D -> 7D 5D inside; little endian
 * ```
 */
export interface DriRecord {
  /** Header and parts, un-escaped, without the sum. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Level of the interface, 2 ... 11. */
  readonly level: number;
  /** Transmit time, seconds since 1970 on the monitor's clock. */
  readonly timeS: number;
  /** 0 numerics, 1 waves, 4 alarms. */
  readonly mainType: number;
  /** The reserved bytes carry the mark of a simulator (PROTOCOL.md, "Simulated data"). */
  readonly isSimulated: boolean;
  readonly parts: readonly DriPart[];
}

export interface DriPart {
  readonly type: number;
  /** Position in {@link DriRecord.bytes}. Not yet compared with the record's length. */
  readonly at: number;
}

export type DriFrameError =
  | { readonly kind: 'malformed'; readonly why: 'escape' | 'length' }
  | { readonly kind: 'checksum'; readonly expected: number; readonly received: number };

export const HEADER_BYTES = 40;
const FLAG = 0x7e;
const ESCAPE = 0x7d;
const PARTS_MAX = 8;
const END_OF_PARTS = 0xff;
/** `SIM1`, big endian, at 10 ... 13, where real records have 0. */
const SIMULATED_MARK = 0x53494d31;

/** What stands between two flags. Form first, so that a cut frame is called cut; then the sum. */
export function decodeDri(frame: Uint8Array): Result<DriRecord, DriFrameError> {
  const plain = unescaped(frame);
  if (plain === undefined) return err({ kind: 'malformed', why: 'escape' });
  const length = plain.length - 1;
  if (length < HEADER_BYTES) return err({ kind: 'malformed', why: 'length' });
  const bytes = plain.subarray(0, length);
  const view = new DataView(plain.buffer, plain.byteOffset, length);
  if (view.getInt16(0, true) !== length) return err({ kind: 'malformed', why: 'length' });
  const expected = sumOf(bytes);
  const received = plain[length] ?? 0;
  if (expected !== received) return err({ kind: 'checksum', expected, received });
  return ok({
    bytes,
    view,
    level: view.getUint8(3),
    timeS: view.getUint32(6, true),
    mainType: view.getInt16(14, true),
    isSimulated: view.getUint32(10, false) === SIMULATED_MARK,
    parts: partsOf(view),
  });
}

/** `undefined` when an escape is followed by anything but the two bytes that are ever escaped. */
function unescaped(frame: Uint8Array): Uint8Array | undefined {
  const plain = new Uint8Array(frame.length);
  let length = 0;
  for (let at = 0; at < frame.length; at += 1) {
    let byte = frame[at] ?? 0;
    if (byte === ESCAPE) {
      at += 1;
      const next = frame[at];
      if (next !== 0x5d && next !== 0x5e) return undefined;
      byte = next | 0x20;
    }
    plain[length] = byte;
    length += 1;
  }
  return plain.subarray(0, length);
}

function partsOf(view: DataView): readonly DriPart[] {
  const parts: DriPart[] = [];
  for (let index = 0; index < PARTS_MAX; index += 1) {
    const type = view.getUint8(18 + 3 * index);
    if (type === END_OF_PARTS) break;
    parts.push({ type, at: HEADER_BYTES + view.getInt16(16 + 3 * index, true) });
  }
  return parts;
}

/** A whole frame, flags included, around header and parts. */
export function encodeDri(record: Uint8Array): Uint8Array {
  const frame = [FLAG];
  for (const byte of [...record, sumOf(record)]) {
    if (byte === FLAG || byte === ESCAPE) frame.push(ESCAPE, byte & ~0x20);
    else frame.push(byte);
  }
  frame.push(FLAG);
  return Uint8Array.from(frame);
}

/** Displayed values of the classes Basic and Ext1 (Computer Interface specification 12th ed., numerics request). */
function numericsEvery(intervalS: number): Uint8Array {
  const record = new Uint8Array(HEADER_BYTES + 9);
  const view = new DataView(record.buffer);
  view.setInt16(0, record.length, true);
  // One part, type 0, at 0; the list ends behind it.
  view.setUint8(21, END_OF_PARTS);
  view.setUint8(HEADER_BYTES, 1);
  view.setInt16(HEADER_BYTES + 1, intervalS, true);
  view.setUint32(HEADER_BYTES + 3, 0x02, true);
  return encodeDri(record);
}

/** Everything that this driver may ever send. */
export const driQueries = queryList({
  'numerics-1s': numericsEvery(1),
  'numerics-5s': numericsEvery(5),
});

export type DriQuery = 'numerics-1s' | 'numerics-5s';

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum & 0xff;
}
