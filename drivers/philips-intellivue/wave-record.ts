import { ByteReader } from './byte-reader.ts';
import { floatReading } from './float.ts';
import type { PolledObject } from './pdu.ts';

/** Attributes of a wave (PROTOCOL.md, "Waves"). */
const SAMPLES = 0x096e;
const COMPOUND_SAMPLES = 0x0967;
const SHAPE = 0x096d;
const FIXED_VALUES = 0x0a16;
const PERIOD = 0x098d;
const RANGE = 0x096f;
const UNIT = 0x0996;
const STATIC = [SHAPE, FIXED_VALUES, PERIOD, RANGE, UNIT] as const;
const FIXED_INVALID = 1;
const SAMPLE_BITS = 16;
/** More would not fit a sample of ours. */
const SIGNIFICANT_MAX = 15;
/** A monitor has a few waves; what comes beyond is no monitor. */
const OBJECTS_MAX = 100;

/** Attributes that a monitor does not repeat with every block, by context and handle. */
export type WaveStatics = ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>;

/** How the samples of one object are to be read. */
export interface WaveShape {
  /** 1/8 ms from one sample to the next. */
  readonly periodTicks: number;
  /** Bits of the number itself; those above are markers. */
  readonly mask: number;
  /** Markers that stand on a sample that is none; `null` = there is no such mark. */
  readonly invalidMark: number | null;
  /** Unit code of the range. */
  readonly unit: number | null;
  /** `null` = the monitor gives no absolute scale. */
  readonly range: WaveRange | null;
}

/** value = (raw - zero) x scale, in the wave's unit. */
export interface WaveRange {
  readonly scale: number;
  readonly zero: number;
}

/** One lead, or the one wave of an object, in one reply. Samples as on the wire, markers included. */
export interface WavePart {
  readonly key: string;
  readonly physioId: number;
  readonly state: number;
  readonly raw: readonly number[];
  /** `null` until the monitor told period and form of that object. */
  readonly shape: WaveShape | null;
}

/** What these objects add to what is known; the newest word counts. */
export function learned(known: WaveStatics, objects: readonly PolledObject[]): WaveStatics {
  const telling = objects.filter(({ attributes }) => STATIC.some((id) => attributes.has(id)));
  if (telling.length === 0) return known;
  const statics = new Map(known.size > OBJECTS_MAX ? [] : known);
  for (const object of telling) {
    const mine = new Map(statics.get(keyOf(object)));
    for (const id of STATIC) {
      const bytes = object.attributes.get(id);
      if (bytes !== undefined) mine.set(id, bytes);
    }
    statics.set(keyOf(object), mine);
  }
  return statics;
}

/** The blocks of one reply; one whose lengths do not agree is left out, and so becomes a gap. */
export function wavePartsOf(
  objects: readonly PolledObject[],
  statics: WaveStatics,
): readonly WavePart[] {
  return objects.flatMap((object) => {
    const shape = shapeOf(statics.get(keyOf(object)));
    return itemsOf(object).map((item) => ({ ...item, key: keyOf(object), shape }));
  });
}

const keyOf = ({ context, handle }: PolledObject): string => `${context}/${handle}`;

type Item = Pick<WavePart, 'physioId' | 'state' | 'raw'>;

function itemsOf({ attributes }: PolledObject): readonly Item[] {
  const single = attributes.get(SAMPLES);
  if (single !== undefined) return items(new ByteReader(single), 1);
  const compound = new ByteReader(attributes.get(COMPOUND_SAMPLES) ?? new Uint8Array(0));
  const count = compound.u16();
  return items(compound.part(), count);
}

function items(reader: ByteReader, count: number): readonly Item[] {
  const found: Item[] = [];
  for (let index = 0; index < count && !reader.isShort; index += 1) {
    const [physioId, state, samples] = [reader.u16(), reader.u16(), reader.part()];
    const raw: number[] = [];
    while (samples.left >= 2) raw.push(samples.u16());
    if (!reader.isShort && samples.left === 0 && raw.length > 0) {
      found.push({ physioId, state, raw });
    }
  }
  return found;
}

/** `undefined` fields make no guess: without period and form nothing can be said of a sample. */
function shapeOf(statics: ReadonlyMap<number, Uint8Array> | undefined): WaveShape | null {
  const reader = (id: number): ByteReader => new ByteReader(statics?.get(id) ?? new Uint8Array(0));
  const [form, period, unit] = [reader(SHAPE), reader(PERIOD), reader(UNIT)];
  form.u16();
  const [bits, significant] = [form.u8(), form.u8()];
  const periodTicks = period.u32();
  const unitCode = unit.u16();
  const isReadable = bits === SAMPLE_BITS && significant > 0 && significant <= SIGNIFICANT_MAX;
  if (form.isShort || period.isShort || periodTicks === 0 || !isReadable) return null;
  const mask = 2 ** significant - 1;
  return {
    periodTicks,
    mask,
    invalidMark: invalidMarkOf(reader(FIXED_VALUES), mask),
    unit: unit.isShort ? null : unitCode,
    range: rangeOf(reader(RANGE)),
  };
}

/** A mark within the number's own bits would take real samples for invalid ones: it is not used. */
function invalidMarkOf(reader: ByteReader, mask: number): number | null {
  reader.u16();
  const list = reader.part();
  while (list.left >= 4) {
    const [id, mark] = [list.u16(), list.u16()];
    if (id === FIXED_INVALID && (mark & ~mask) !== 0) return mark;
  }
  return null;
}

/** Two values and the raw numbers that stand for them, which give a straight line. */
function rangeOf(reader: ByteReader): WaveRange | null {
  const [lower, upper] = [floatReading(reader.u32()).value, floatReading(reader.u32()).value];
  const [rawLower, rawUpper] = [reader.u16(), reader.u16()];
  if (reader.isShort || lower === null || upper === null) return null;
  if (upper <= lower || rawUpper <= rawLower) return null;
  const perValue = (rawUpper - rawLower) / (upper - lower);
  return { scale: 1 / perValue, zero: rounded(rawLower - lower * perValue) };
}

/** What binary fractions leave behind is far below any step. */
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
