import type { Validity } from '../../src/observation/metrics.ts';

/** A value with what is known of its worth. */
export interface Reading {
  readonly value: number | null;
  readonly validity: Validity;
  readonly reason?: string;
}

export const invalid = (reason: string): Reading => ({ value: null, validity: 'invalid', reason });
export const NOT_AVAILABLE: Reading = { value: null, validity: 'not-available' };

/**
 * FLOAT-Type: signed exponent of ten in the top byte, signed mantissa of 24 bits. Five mantissas are no
 * numbers, whatever the exponent says (PROTOCOL.md, "Values").
 */
export function floatReading(word: number): Reading {
  const mantissa = (word << 8) >> 8;
  switch (mantissa & 0xffffff) {
    case 0x7fffff:
      return invalid('no valid value');
    case 0x800000:
      return invalid('not at this resolution');
    case 0x7ffffe:
      return invalid('above range');
    case 0x800002:
      return invalid('below range');
    case 0x800001:
      return invalid('reserved value');
    default:
      // By way of text, because that rounds once: 365e-1 is 36.5 and 1e-1 is 0.1.
      return { value: Number(`${mantissa}e${word >> 24}`), validity: 'valid' };
  }
}
