import { ByteReader } from './byte-reader.ts';
import type { PolledObject } from './pdu.ts';

/** Attributes of a numeric (PROTOCOL.md, "Values"). */
const LABEL = 0x0924;
const VALUE = 0x0950;
const COMPOUND_VALUE = 0x094b;
const TIME_STAMP = 0x0990;
const VALUE_BYTES = 10;

export interface NumericObject {
  /** Context and handle: under which a monitor goes on without repeating the label. */
  readonly key: string;
  /** `null` = not told in this reply. */
  readonly label: number | null;
  /** `null` = the monitor shows no value of it now. */
  readonly values: readonly NumericValue[] | null;
  /** Eight BCD bytes as hex: when a single measurement was taken. */
  readonly stamp: string | null;
}

export interface NumericValue {
  readonly physioId: number;
  readonly state: number;
  readonly unit: number;
  /** FLOAT-Type as on the wire. */
  readonly float: number;
}

export function numericObject({ context, handle, attributes }: PolledObject): NumericObject {
  const label = attributes.get(LABEL);
  const stamp = attributes.get(TIME_STAMP);
  return {
    key: `${context}/${handle}`,
    label: label?.length === 4 ? new ByteReader(label).u32() : null,
    values: valuesOf(attributes.get(VALUE), attributes.get(COMPOUND_VALUE)),
    stamp: stamp?.length === 8 ? Buffer.from(stamp).toString('hex') : null,
  };
}

function valuesOf(
  single: Uint8Array | undefined,
  compound: Uint8Array | undefined,
): readonly NumericValue[] | null {
  if (single === undefined && compound === undefined) return null;
  const reader = single === undefined ? new ByteReader(compound ?? new Uint8Array(0)) : undefined;
  reader?.u16();
  const items = single === undefined ? (reader?.part() ?? null) : new ByteReader(single);
  const values: NumericValue[] = [];
  while (items !== null && items.left >= VALUE_BYTES) {
    values.push({
      physioId: items.u16(),
      state: items.u16(),
      unit: items.u16(),
      float: items.u32(),
    });
  }
  return values;
}
