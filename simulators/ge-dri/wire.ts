/**
 * The wire of a GE monitor, written from the protocol's description a second time: this must never
 * share code with the driver, or it could not find a fault in it.
 */

/** What a host may ask that we understand. */
export type Request =
  | { readonly kind: 'numerics'; readonly intervalS: number; readonly classMask: number }
  /** Types on the wire in the order of the request; `stop` has none. */
  | { readonly kind: 'waves'; readonly types: readonly number[] }
  /** 0 the present state once, 2 with each change from now on, 3 no longer. */
  | { readonly kind: 'alarms'; readonly command: number }
  /** Trends: not simulated. */
  | { readonly kind: 'other' }
  | { readonly kind: 'garbled' };

const HEARD_MAX = 2_048;

/** Collects what comes in, in any split, and tells which requests it was. */
export class DriEar {
  #heard: number[] = [];
  #isEscaped = false;

  hear(bytes: Uint8Array): readonly Request[] {
    const requests: Request[] = [];
    for (const byte of bytes) {
      if (byte === 0x7e) {
        if (this.#heard.length > 0) requests.push(understand(Uint8Array.from(this.#heard)));
        this.#heard = [];
        this.#isEscaped = false;
      } else if (byte === 0x7d) this.#isEscaped = true;
      else {
        if (this.#heard.length < HEARD_MAX) this.#heard.push(this.#isEscaped ? byte | 0x20 : byte);
        this.#isEscaped = false;
      }
    }
    return requests;
  }
}

function understand(heard: Uint8Array): Request {
  const plain = Buffer.from(heard.subarray(0, -1));
  const sum = plain.reduce((total, byte) => (total + byte) % 256, 0);
  if (plain.length < 41 || plain.readInt16LE(0) !== plain.length || heard.at(-1) !== sum) {
    return { kind: 'garbled' };
  }
  const at = 40 + plain.readInt16LE(16);
  const body = plain.subarray(Math.max(40, at));
  switch (plain[18] === 0 && at >= 40 ? plain.readInt16LE(14) : -1) {
    case 0:
      return understandNumerics(body);
    case 1:
      return understandWaves(body);
    case 4:
      return body.length < 12
        ? { kind: 'garbled' }
        : { kind: 'alarms', command: body.readInt16LE(0) };
    default:
      return { kind: 'other' };
  }
}

function understandNumerics(body: Buffer): Request {
  if (body.length < 9) return { kind: 'garbled' };
  const intervalS = body.readInt16LE(1);
  // Kind 1 are displayed values; a cancel of any kind has the interval 0.
  if (body[0] !== 1 && intervalS !== 0) return { kind: 'other' };
  return { kind: 'numerics', intervalS, classMask: body.readUInt32LE(3) };
}

function understandWaves(body: Buffer): Request {
  if (body.length < 32) return { kind: 'garbled' };
  if (body.readInt16LE(0) !== 0) return { kind: 'waves', types: [] };
  const list = [...body.subarray(4, 28)];
  const end = list.indexOf(0xff);
  return { kind: 'waves', types: end === -1 ? list.slice(0, 8) : list.slice(0, end) };
}

/** Values as the monitor shows them; `null` is "no valid value". */
export interface Shown {
  readonly numerics: {
    readonly hr: number | null;
    readonly hrEcg: number | null;
    readonly impRr: number | null;
    readonly spo2: number | null;
    readonly pulse: number | null;
    readonly modulation: number | null;
    readonly rr: number | null;
    readonly etco2MmHg: number | null;
  };
  readonly nibp: {
    readonly sys: number | null;
    readonly dia: number | null;
    readonly map: number | null;
    readonly isAutomatic: boolean;
    readonly isMeasuring: boolean;
    readonly isAged: boolean;
  };
  readonly hrSource: 'none' | 'ecg' | 'pleth';
  readonly isLeadsOff: boolean;
  readonly isAsystole: boolean;
  readonly isFibrillating?: boolean;
  readonly hasCo2: boolean;
  readonly isApnea: boolean;
}

const NO_VALUE = -32_767;
/** At sea level on the day of the recordings: 759.8 mmHg, in tenths. */
export const AMBIENT = 7_598;
const GROUPS: readonly (readonly [at: number, values: number])[] = [
  [0, 5],
  [16, 4],
  [30, 4],
  [44, 4],
  [58, 4],
  [72, 4],
  [86, 1],
  [94, 1],
  [102, 1],
  [110, 1],
  [118, 4],
  [132, 4],
  [146, 2],
  [156, 2],
  [166, 3],
  [178, 8],
];
const SOURCE = { none: 0, ecg: 9, pleth: 6 } as const;

/** A numeric record as a whole frame. */
export function numericFrame(
  shown: Shown,
  classMask: number,
  number: number,
  clockS: number,
): Uint8Array {
  const parts: Buffer[] = [];
  if ((classMask & 1) === 0) parts.push(part(0, clockS, (values) => writeBasic(values, shown)));
  if ((classMask & 2) !== 0) parts.push(part(1, clockS, (values) => writeExt1(values, shown)));
  for (const driClass of [2, 3]) {
    if ((classMask & (1 << driClass)) !== 0) parts.push(part(driClass, clockS, () => undefined));
  }
  return record(
    { mainType: 0, number, clockS },
    parts.map((bytes) => ({ type: 1, bytes })),
  );
}

/** A record as a whole frame. Its reserved header bytes say SIM1: real ones have 0 there. */
export function record(
  about: { readonly mainType: number; readonly number: number; readonly clockS: number },
  parts: readonly { readonly type: number; readonly bytes: Uint8Array }[],
): Uint8Array {
  const header = Buffer.alloc(40);
  header.writeUInt8(about.number % 256, 2);
  header.writeUInt8(10, 3);
  header.writeUInt32LE(about.clockS >>> 0, 6);
  header.write('SIM1', 10, 'latin1');
  header.writeInt16LE(about.mainType, 14);
  let at = 0;
  parts.forEach(({ type, bytes }, index) => {
    header.writeInt16LE(at, 16 + 3 * index);
    header.writeUInt8(type, 18 + 3 * index);
    at += bytes.length;
  });
  if (parts.length < 8) header.writeUInt8(0xff, 18 + 3 * parts.length);
  header.writeInt16LE(40 + at, 0);
  return frame(Buffer.concat([header, ...parts.map(({ bytes }) => bytes)]));
}

function part(driClass: number, clockS: number, write: (values: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(278);
  bytes.writeUInt32LE(clockS >>> 0, 0);
  write(bytes.subarray(4, 274));
  // The low byte as recorded, although it is called reserved.
  bytes.writeUInt16LE(0x00a1 | (driClass << 8), 276);
  return bytes;
}

function writeBasic(values: Buffer, shown: Shown): void {
  for (const [at, count] of GROUPS) {
    for (let index = 0; index < count; index += 1)
      values.writeInt16LE(NO_VALUE, at + 6 + 2 * index);
  }
  const { numerics, nibp } = shown;
  const put = (value: number | null, scale: number, at: number): void => {
    values.writeInt16LE(value === null ? NO_VALUE : Math.round(value * scale), at);
  };

  values.writeUInt32LE(ecgStatus(shown), 0);
  values.writeUInt16LE(0x1200, 4);
  put(numerics.hr, 1, 6);
  put(numerics.impRr, 1, 14);
  put(numerics.hrEcg, 1, 226);
  put(numerics.hrEcg, 1, 228);
  put(numerics.hrEcg, 1, 230);

  const measuring = nibp.isMeasuring ? 0x20 : 0;
  const label = 0x003 | (nibp.isAutomatic ? 0x08 : 0) | measuring | (nibp.isAged ? 0x100 : 0);
  values.writeUInt32LE(3, 72);
  values.writeUInt16LE(label, 76);
  put(nibp.sys, 100, 78);
  put(nibp.dia, 100, 80);
  put(nibp.map, 100, 82);

  values.writeUInt32LE(3, 118);
  put(numerics.spo2, 100, 124);
  put(numerics.pulse, 1, 126);
  put(numerics.modulation, 100, 128);

  if (shown.hasCo2) values.writeUInt32LE(shown.isApnea ? 0x07 : 0x03, 132);
  // mmHg back to hundredths of a per cent of the ambient pressure.
  put(shown.hasCo2 ? numerics.etco2MmHg : null, 100_000 / AMBIENT, 138);
  put(shown.hasCo2 && numerics.etco2MmHg !== null ? 0 : null, 1, 140);
  put(shown.hasCo2 ? numerics.rr : null, 1, 142);
  values.writeInt16LE(AMBIENT, 144);
}

function ecgStatus({ hrSource, isLeadsOff, isAsystole }: Shown): number {
  return 0x03 | (isAsystole ? 0x04 : 0) | (SOURCE[hrSource] << 3) | (isLeadsOff ? 0x3800 : 0);
}

function writeExt1(values: Buffer, shown: Shown): void {
  values.writeUInt32LE(ecgStatus(shown) | 0x8000, 0);
  values.writeUInt16LE(0x1200, 4);
  const { hr } = shown.numerics;
  values.writeInt16LE(hr === null ? NO_VALUE : Math.round(hr), 6);
  values.writeInt16LE(NO_VALUE, 8);
  values.writeInt16LE(NO_VALUE, 10);
  values.writeUInt32LE((shown.isAsystole ? 1 : 0) | (shown.isFibrillating ? 2 : 0), 12);
}

/** Sum of the plain bytes, escapes, flags. */
export function frame(record: Uint8Array): Uint8Array {
  const out = new Uint8Array(2 * record.length + 4);
  let length = 0;
  let sum = 0;
  const put = (byte: number): void => {
    if (byte === 0x7e || byte === 0x7d) {
      out[length++] = 0x7d;
      out[length++] = byte === 0x7e ? 0x5e : 0x5d;
    } else out[length++] = byte;
  };
  out[length++] = 0x7e;
  for (const byte of record) {
    sum = (sum + byte) % 256;
    put(byte);
  }
  put(sum);
  out[length++] = 0x7e;
  return out.slice(0, length);
}
