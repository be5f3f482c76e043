import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { type QueryBytes, queryList } from '../../src/driver/query-bytes.ts';

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
  /** Of the record, 0 ... 255; numerics and waves are counted apart. */
  readonly number: number;
  /** See {@link MAIN_TYPE}. */
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

export const MAIN_TYPE = { numerics: 0, waves: 1, alarms: 4 } as const;
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
    number: view.getUint8(2),
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

/** A request has one part, of type 0, at the start; the list of parts ends behind it. */
function request(mainType: number, body: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEADER_BYTES + body.length);
  const view = new DataView(record.buffer);
  view.setInt16(0, record.length, true);
  view.setInt16(14, mainType, true);
  view.setUint8(21, END_OF_PARTS);
  record.set(body, HEADER_BYTES);
  return encodeDri(record);
}

/** Displayed values of the classes Basic and Ext1 (Computer Interface specification 12th ed., numerics request). */
function numericsEvery(intervalS: number): Uint8Array {
  const body = new DataView(new ArrayBuffer(9));
  body.setUint8(0, 1);
  body.setInt16(1, intervalS, true);
  body.setUint32(3, 0x02, true);
  return request(MAIN_TYPE.numerics, new Uint8Array(body.buffer));
}

/** Command of an alarm request: 0 the present state once, 2 a record with each change from now on. */
function alarms(command: 0 | 2): Uint8Array {
  const body = new Uint8Array(12);
  body[0] = command;
  return request(MAIN_TYPE.alarms, body);
}

/** What a wave request may name, in its order: type on the wire and samples a second (section "Waves"). */
export const WAVES_ON_WIRE = {
  ecg1: { type: 1, samplesPerS: 300 },
  pleth: { type: 8, samplesPerS: 100 },
  resp: { type: 15, samplesPerS: 25 },
  co2: { type: 9, samplesPerS: 25 },
} as const;
export type WaveName = keyof typeof WAVES_ON_WIRE;
export const WAVE_NAMES = Object.keys(WAVES_ON_WIRE) as readonly WaveName[];

/** Of the 32 bytes: command, reserved, list of types. */
const WAVE_LIST_AT = 4;

/** Starts these waves and no others. They come in one order only, so that there are fifteen requests and no more. */
function waves(names: string): Uint8Array {
  const wanted = names.split(',');
  const chosen = WAVE_NAMES.filter((name) => wanted.includes(name));
  if (chosen.length === 0 || chosen.join() !== names) throw new Error(`no list of waves: ${names}`);
  const body = new Uint8Array(32);
  chosen.forEach((name, index) => {
    body[WAVE_LIST_AT + index] = WAVES_ON_WIRE[name].type;
  });
  body[WAVE_LIST_AT + chosen.length] = END_OF_PARTS;
  return request(MAIN_TYPE.waves, body);
}

function wavesIn(bytes: Uint8Array): string | undefined {
  const decoded = decodeDri(bytes.subarray(1, -1));
  if (!decoded.ok || decoded.value.mainType !== MAIN_TYPE.waves) return undefined;
  const list = decoded.value.bytes.subarray(HEADER_BYTES + WAVE_LIST_AT);
  const types = list.subarray(0, Math.max(0, list.indexOf(END_OF_PARTS)));
  return WAVE_NAMES.filter((name) => types.includes(WAVES_ON_WIRE[name].type)).join();
}

/** Everything that this driver may ever send. */
export const driQueries = queryList(
  {
    'numerics-1s': numericsEvery(1),
    'numerics-5s': numericsEvery(5),
    'alarm-status': alarms(0),
    'alarm-changes': alarms(2),
  },
  { waves: { build: waves, read: wavesIn, example: 'ecg1,pleth,resp' } },
);

/** The request for these waves; at least one. */
export const waveQuery = (names: readonly WaveName[]): QueryBytes =>
  driQueries.of('waves', WAVE_NAMES.filter((name) => names.includes(name)).join());

export type NumericsQuery = 'numerics-1s' | 'numerics-5s';

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum & 0xff;
}
