import type { Validity } from '../observation/metrics.ts';

/** One value of a series; which bed, device and metric it is stands beside the block. */
export interface Sample {
  /** Whole ms since 1970. */
  readonly tMs: number;
  readonly value: number | null;
  readonly validity: Validity;
}

/**
 * A minute of one series in a few bytes per value (a row of its own in SQLite takes about 20):
 *
 *     rows | first tMs | steps of tMs | scale | values | runs of validity
 *
 * All numbers are variable-length (7 bits a byte, lowest first; the lowest bit of a signed one is its sign). Values
 * are written as steps of whole 1/10^scale when every one of them is exactly that, else (scale 15)
 * as 8-byte floats. A first byte of the value part tells whether there are nulls.
 */
/** Their order is part of the file format: new ones come last. */
const VALIDITIES: readonly Validity[] = [
  'valid',
  'questionable',
  'invalid',
  'not-available',
  'not-provided',
];
export const codeOfValidity = (validity: Validity): number => VALIDITIES.indexOf(validity);
export const validityOfCode = (code: number): Validity => VALIDITIES[code] ?? 'invalid';

const RAW = 15;
const SCALES = [0, 1, 2, 3, 4] as const;

/** @param samples in order of time */
export function packBlock(samples: readonly Sample[]): Uint8Array {
  const out = new ByteWriter();
  out.unsigned(samples.length);
  let lastMs = 0;
  for (const { tMs } of samples) {
    out.signed(tMs - lastMs);
    lastMs = tMs;
  }
  const values = samples.map(({ value }) => value);
  const present = values.filter((value) => value !== null);
  const scale = SCALES.find((digits) => present.every((value) => fits(value, digits))) ?? RAW;
  out.unsigned(scale);
  out.unsigned(present.length === values.length ? 0 : 1);
  let last = 0;
  for (const value of values) {
    if (present.length !== values.length) out.unsigned(value === null ? 0 : 1);
    if (value === null) continue;
    if (scale === RAW) {
      out.float(value);
    } else {
      const scaled = Math.round(value * 10 ** scale);
      out.signed(scaled - last);
      last = scaled;
    }
  }
  for (let start = 0; start < samples.length; ) {
    const validity = samples[start]?.validity;
    let end = start + 1;
    while (end < samples.length && samples[end]?.validity === validity) end += 1;
    out.unsigned(end - start);
    out.unsigned(codeOfValidity(validity ?? 'invalid'));
    start = end;
  }
  return out.bytes();
}

export function unpackBlock(bytes: Uint8Array): Sample[] {
  const read = new ByteReader(bytes);
  const count = read.unsigned();
  if (count > bytes.length) throw new RangeError('The block is cut short.');
  const times: number[] = [];
  let tMs = 0;
  for (let i = 0; i < count; i += 1) {
    tMs += read.signed();
    times.push(tMs);
  }
  const scale = read.unsigned();
  const hasNulls = read.unsigned() === 1;
  const values: (number | null)[] = [];
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    if (hasNulls && read.unsigned() === 0) {
      values.push(null);
    } else if (scale === RAW) {
      values.push(read.float());
    } else {
      last += read.signed();
      values.push(last / 10 ** scale);
    }
  }
  const samples: Sample[] = [];
  while (samples.length < count) {
    const end = samples.length + read.unsigned();
    const validity = validityOfCode(read.unsigned());
    if (end <= samples.length) throw new RangeError('The block is damaged.');
    while (samples.length < Math.min(end, count)) {
      const at = samples.length;
      samples.push({ tMs: times[at] ?? 0, value: values[at] ?? null, validity });
    }
  }
  return samples;
}

/** Only when reading gives the very same number back. */
function fits(value: number, digits: number): boolean {
  const scaled = Math.round(value * 10 ** digits);
  // Half of the safe range, so that the step between any two is exact as well.
  return Math.abs(scaled) < 2 ** 52 && Object.is(scaled / 10 ** digits, value);
}

class ByteWriter {
  readonly #bytes: number[] = [];
  readonly #float = new DataView(new ArrayBuffer(8));

  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes.push(rest);
  }

  signed(value: number): void {
    // Not folded by arithmetic: doubling would leave the safe range.
    const size = Math.abs(value);
    const low = (size % 0x40) * 2 + (value < 0 ? 1 : 0);
    const high = Math.floor(size / 0x40);
    if (high === 0) {
      this.#bytes.push(low);
    } else {
      this.#bytes.push(low | 0x80);
      this.unsigned(high);
    }
  }

  float(value: number): void {
    this.#float.setFloat64(0, value);
    for (let i = 0; i < 8; i += 1) this.#bytes.push(this.#float.getUint8(i));
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('The block is cut short.');
    this.#at += 1;
    return byte;
  }

  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  signed(): number {
    const low = this.#byte();
    const size = ((low & 0x7f) >>> 1) + (low < 0x80 ? 0 : this.unsigned() * 0x40);
    return (low & 1) === 1 ? -size : size;
  }

  float(): number {
    const value = this.#view.getFloat64(this.#at);
    this.#at += 8;
    return value;
  }
}
