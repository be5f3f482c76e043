import type { Validity } from '../../src/observation/metrics.ts';
import type { DriRecord } from './codec.ts';

/** Part types of a numeric record (DRI specification 12th ed.): only displayed values are present values. */
const DISPLAYED = 1;
const AUXILIARY = 4;
const DISPLAYED_BYTES = 278;
const AUXILIARY_BYTES = 114;
/** In a displayed part: time, 270 bytes of values, marker, reserved, class word. */
const VALUES_AT = 4;
const CLASS_AT = 276;

/** Where the values that we read stand in a record; `null` when the record does not bring that class. */
export interface NumericRecord {
  readonly view: DataView;
  readonly basicAt: number | null;
  readonly ext1At: number | null;
  /** Time of the last cuff measurement, seconds on the monitor's clock; `null` when not told. */
  readonly nibpTimeS: number | null;
}

/** `undefined` when a part that we would read does not lie within the record. */
export function numericRecord({ bytes, view, parts }: DriRecord): NumericRecord | undefined {
  let basicAt: number | null = null;
  let ext1At: number | null = null;
  let nibpTimeS: number | null = null;
  for (const { type, at } of parts) {
    if (type !== DISPLAYED && type !== AUXILIARY) continue;
    const end = at + (type === DISPLAYED ? DISPLAYED_BYTES : AUXILIARY_BYTES);
    if (at < 40 || end > bytes.length) return undefined;
    if (type === AUXILIARY) {
      nibpTimeS = view.getUint32(at, true) || null;
      continue;
    }
    // The class word decides, not the order of the parts.
    const driClass = (view.getUint16(at + CLASS_AT, true) >> 8) & 15;
    if (driClass === 0) basicAt = at + VALUES_AT;
    else if (driClass === 1) ext1At = at + VALUES_AT;
  }
  return { view, basicAt, ext1At, nibpTimeS };
}

/** Ext1, arrhythmia group: status at 0, bits at 12 (DRI specification 12th ed.). */
export function arrhythmiaBits({ view, ext1At }: NumericRecord): number {
  if (ext1At === null || !measures(view.getUint32(ext1At, true))) return 0;
  return view.getUint32(ext1At + 12, true);
}

/** A value with what is known of its worth. */
export interface Reading {
  readonly value: number | null;
  readonly validity: Validity;
  readonly reason?: string;
}

/** Everything at or below this is not a measurement (DRI specification 12th ed.). */
const SPECIAL_MAX = -32_001;
export const isSpecial = (raw: number): boolean => raw <= SPECIAL_MAX;

/** Each special value says something else; none of them is a number. */
export function reading(raw: number, perUnit: number): Reading {
  if (raw > SPECIAL_MAX) return { value: raw / perUnit, validity: 'valid' };
  switch (raw) {
    case -32_767:
      return invalid('no valid value');
    case -32_766:
      return { value: null, validity: 'not-available', reason: 'not updated' };
    case -32_765:
      return invalid('interrupted');
    case -32_764:
      return invalid('below range');
    case -32_763:
      return invalid('above range');
    case -32_762:
      return invalid('not calibrated');
    default:
      return invalid(`special value ${raw}`);
  }
}

export const invalid = (reason: string): Reading => ({ value: null, validity: 'invalid', reason });
export const NOT_MEASURED: Reading = { value: null, validity: 'not-available' };

/** Takes trust away from a value that is there; what is already worse stays as it is. */
export function doubted(from: Reading, reason: string): Reading {
  return from.validity === 'valid' ? { value: from.value, validity: 'questionable', reason } : from;
}

/** Status bits 0 and 1 of every group: the module is there, and it measures. */
export const exists = (status: number): boolean => (status & 1) !== 0;
export const measures = (status: number): boolean => (status & 3) === 3;

/** Whether `bit` is set; bit 31 too. */
export const has = (word: number, bit: number): boolean => ((word >>> bit) & 1) === 1;
