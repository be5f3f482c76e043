import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One recording with what others found in it. Samples are in mV, or in units of their own for a pleth. */
export interface EcgRecord {
  readonly name: string;
  readonly samplesPerS: number;
  readonly ecg: Float64Array;
  readonly pleth?: Float64Array;
  /** Sample numbers of all QRS complexes, by people; absent = not told. */
  readonly beats?: readonly number[];
  /** Stretches without single beats (flutter waves), left out of the score. */
  readonly leftOut?: readonly (readonly [from: number, to: number])[];
  /** When a fibrillation begins, s. */
  readonly fibrillatesFromS?: number;
}

/** Files of a folder, packed with gzip or not. */
function read(dir: string, name: string): Buffer {
  const path = join(dir, name);
  return existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
}

/** Every record of a folder that this reader knows the form of (see test/fixtures/ecg/README.md). */
export function ecgRecords(dir: string): readonly EcgRecord[] {
  const names = readdirSync(dir).map((name) => name.replace(/\.gz$/, ''));
  const records: EcgRecord[] = [];
  for (const name of names.sort()) {
    const [, base = '', kind] = /^(.+)\.(dat|csv|mat)$/.exec(name) ?? [];
    if (kind === 'dat' && names.includes(`${base}.atr`)) records.push(wfdbRecord(dir, base));
    if (kind === 'csv' && names.includes('118e.json')) records.push(noiseRecord(dir, base));
    if (kind === 'mat') records.push(matRecord(dir, base, names.includes(`${base}.hea`)));
  }
  return records;
}

/** MIT-BIH: format 212, first lead. Header line of a lead: file, format, gain, bits, zero, ... */
function wfdbRecord(dir: string, name: string): EcgRecord {
  const header = read(dir, `${name}.hea`).toString('latin1').split(/\r?\n/);
  const samplesPerS = Number(header[0]?.split(' ')[2]);
  const [, format, gain = '200', , zero = '1024'] = header[1]?.split(' ') ?? [];
  if (format !== '212') throw new Error(`${name} has format ${format}; only 212 is read`);
  const bytes = read(dir, `${name}.dat`);
  const ecg = new Float64Array(Math.floor(bytes.length / 3));
  for (let n = 0; n < ecg.length; n++) {
    const raw = (bytes[3 * n] ?? 0) + 256 * ((bytes[3 * n + 1] ?? 0) & 15);
    ecg[n] = ((raw > 2_047 ? raw - 4_096 : raw) - Number(zero)) / Number.parseFloat(gain);
  }
  return { name, samplesPerS, ecg, ...annotations(read(dir, `${name}.atr`)) };
}

const BEAT_CODES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
const CODE = { skip: 59, num: 60, sub: 61, channel: 62, aux: 63, flutterOn: 32, flutterOff: 33 };

/** MIT annotation format: 16-bit words, code in the high six bits, samples since the last in the low ten. */
function annotations(bytes: Buffer) {
  const beats: number[] = [];
  const leftOut: [number, number][] = [];
  let sample = 0;
  for (let at = 0; at + 1 < bytes.length; ) {
    const word = bytes.readUInt16LE(at);
    at += 2;
    if (word === 0) break;
    const code = word >> 10;
    const low = word & 1_023;
    if (code === CODE.skip) {
      sample += (bytes.readUInt16LE(at) << 16) | bytes.readUInt16LE(at + 2);
      at += 4;
    } else if (code === CODE.aux) at += low + (low & 1);
    else if (code !== CODE.num && code !== CODE.sub && code !== CODE.channel) {
      sample += low;
      if (BEAT_CODES.has(code)) beats.push(sample);
      if (code === CODE.flutterOn) leftOut.push([sample, Number.POSITIVE_INFINITY]);
      const open = leftOut.at(-1);
      if (code === CODE.flutterOff && open !== undefined) open[1] = sample;
    }
  }
  return { beats, leftOut };
}

function noiseRecord(dir: string, name: string): EcgRecord {
  const about = JSON.parse(read(dir, '118e.json').toString('utf8')) as Readonly<
    Record<string, { readonly fs_hz: number; readonly beat_samples: readonly number[] }>
  >;
  const lines = read(dir, `${name}.csv`).toString('latin1').trim().split(/\r?\n/);
  const beats = about[name]?.beat_samples ?? [];
  return {
    name,
    samplesPerS: about[name]?.fs_hz ?? 360,
    ecg: Float64Array.from(lines, Number),
    beats,
  };
}

const CU_ONSET_S = 214;
const CU_UNITS_PER_MV = 400;

/** MATLAB files: cu01 (one signal, no header) and Challenge 2015 (header with gains, signals interleaved). */
function matRecord(dir: string, name: string, hasHeader: boolean): EcgRecord {
  const bytes = read(dir, `${name}.mat`);
  if (!hasHeader) {
    const from = 192;
    const ecg = Float64Array.from(
      { length: Math.floor((bytes.length - from) / 2) },
      (_, n) => bytes.readInt16LE(from + 2 * n) / CU_UNITS_PER_MV,
    );
    return { name, samplesPerS: 250, ecg, fibrillatesFromS: CU_ONSET_S };
  }
  const [first = '', ...lines] = read(dir, `${name}.hea`).toString('latin1').split(/\r?\n/);
  const [, signals = 1, samplesPerS = 250, length = 0] = first.split(' ').map(Number);
  const signal = (index: number): Float64Array => {
    const gain = Number.parseFloat(lines[index]?.split(' ')[2] ?? '1');
    return Float64Array.from(
      { length },
      (_, n) => bytes.readInt16LE(24 + 2 * (n * signals + index)) / gain,
    );
  };
  const plethAt = lines.findIndex((line) => /PLETH/.test(line));
  return { name, samplesPerS, ecg: signal(0), ...(plethAt < 0 ? {} : { pleth: signal(plethAt) }) };
}
