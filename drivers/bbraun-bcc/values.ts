import { wireDecimal } from '../../src/driver/kit/decimal.ts';
import type { FactSeen } from '../../src/observation/device-event.ts';
import type { BccRecord } from './codec.ts';

/** The parameters of one pump in one block, by name. */
export type Values = ReadonlyMap<string, string>;

/** Of a parameter that stands there twice the last one counts. */
export const valuesOf = (records: readonly BccRecord[]): Values =>
  new Map(records.map(({ parameter, value }) => [parameter, value ?? '']));

/** `_NV`: the pump has no such value. `_NA`: it has none just now. Neither is ever a zero. */
const NO_VALUE = '_NV';
const NOT_NOW = '_NA';

/** A number, or why there is none. */
export type Reading =
  | { readonly kind: 'number'; readonly value: number }
  /** Not in the block: its box is not ticked on the page of the ComDevice. */
  | { readonly kind: 'not-provided' }
  | { readonly kind: 'not-available'; readonly reason: string }
  | { readonly kind: 'invalid'; readonly reason: string };

/** @param max largest value that the maker's table allows; the smallest is 0 */
export function numberOf(values: Values, parameter: string, max: number): Reading {
  const text = values.get(parameter);
  if (text === undefined) return { kind: 'not-provided' };
  if (text === NO_VALUE) return { kind: 'not-available', reason: 'the pump has no value' };
  if (text === NOT_NOW) return { kind: 'not-available', reason: 'temporarily unavailable' };
  const value = wireDecimal(text);
  if (value === undefined) return { kind: 'invalid', reason: `${parameter} not understood` };
  if (value < 0 || value > max) return { kind: 'invalid', reason: `${parameter} out of range` };
  return { kind: 'number', value };
}

/** Of several names for the same thing the first that has a number or is wrong; else what the first says. */
export function firstNumberOf(
  values: Values,
  parameters: readonly [string, ...string[]],
  max: number,
): Reading {
  const readings = parameters.map((parameter) => numberOf(values, parameter, max));
  return (
    readings.find(({ kind }) => kind === 'number' || kind === 'invalid') ??
    readings.find(({ kind }) => kind !== 'not-provided') ?? { kind: 'not-provided' }
  );
}

/** A flag or a word of bits: told, not told (`null`), or there and not readable. */
export type Bits =
  | { readonly kind: 'told'; readonly bits: number }
  | { readonly kind: 'not-provided' | 'not-available' | 'not-now' | 'unreadable' };

/** One flag, `0` or `1`, as a word with one bit. */
export function flagOf(values: Values, parameter: string): Bits {
  const text = values.get(parameter);
  if (text === '0' || text === '1') return { kind: 'told', bits: Number(text) };
  return untold(text);
}

/** `0x00000000h` in the maker's paper; prefix and suffix may be missing. */
const MARKED = /^(?:0x([0-9a-f]{1,8})h?|([0-9a-f]{1,8})h)$/i;
/**
 * Without either mark only what cannot be read in two ways: all eight digits, or one digit, which is
 * the same number in decimal. Decimal 131 read as hexadecimal would turn "infusing" into "stopped".
 */
const BARE = /^(?:[0-9a-f]{8}|[0-9])$/i;

/** A word of 32 bits. */
export function wordOf(values: Values, parameter: string): Bits {
  const text = values.get(parameter);
  const marked = text === undefined ? null : MARKED.exec(text);
  const hex = marked?.[1] ?? marked?.[2] ?? (BARE.test(text ?? '') ? text : undefined);
  if (hex !== undefined) return { kind: 'told', bits: Number.parseInt(hex, 16) };
  return untold(text);
}

function untold(text: string | undefined): Bits {
  if (text === undefined) return { kind: 'not-provided' };
  if (text === NO_VALUE) return { kind: 'not-available' };
  return { kind: text === NOT_NOW ? 'not-now' : 'unreadable' };
}

/** Bit by bit, from 0; also bit 31, which a shift would make negative. */
export const hasBit = (bits: number, bit: number): boolean => ((bits >>> bit) & 1) === 1;

/** A text of at most 60 characters, or why there is none. Characters of the pump's own font are not shown. */
export function textOf(values: Values, parameter: string): Pick<FactSeen, 'text' | 'validity'> {
  const raw = values.get(parameter)?.trim();
  if (raw === undefined) return { text: null, validity: 'not-provided' };
  if (raw === '' || raw === NO_VALUE || raw === NOT_NOW) {
    return { text: null, validity: 'not-available' };
  }
  const text = raw
    .replace(/[\p{Co}\p{Cc}]/gu, '\ufffd')
    .slice(0, 60)
    .toWellFormed();
  return { text, validity: text.includes('\ufffd') ? 'questionable' : 'valid' };
}
