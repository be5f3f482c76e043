import { wireDecimal } from '../../src/driver/kit/decimal.ts';
import type { Validity } from '../../src/observation/metrics.ts';
import { type AsenaFrame, isAsenaQuery } from './codec.ts';
import { amount, type Inf, parseInf } from './inf.ts';

/** A number from a reply and how far it can be trusted. */
export interface Amount {
  readonly value: number | null;
  readonly validity: Validity;
  readonly reason?: string;
}

/** What a reply says, by its word. `undefined` in it is a value that is not understood. */
export type Reading =
  | { readonly word: 'INF'; readonly inf: Inf }
  | { readonly word: 'ALARM'; readonly code: string; readonly texts: readonly string[] }
  /** mL/h, as programmed. */
  | { readonly word: 'INF_RATE'; readonly mlPerHour: number | undefined }
  /** mL. */
  | { readonly word: 'INF_VTBI'; readonly volume: Amount; readonly atEnd: string }
  | {
      readonly word: 'SYRINGE_STATUS';
      readonly syringe: string;
      readonly isConfirmed: boolean;
    }
  | { readonly word: 'COMMS_RESPONSE_MAX'; readonly ms: number | undefined }
  | { readonly word: 'COMMS_PROTOCOL'; readonly protocol: string }
  | { readonly word: 'INF_RATE_MAX_SYRINGE'; readonly mlPerHour: number | undefined }
  | { readonly word: 'INF_VI'; readonly ml: number | undefined }
  | { readonly word: 'INST_SERIALNO'; readonly serial: string };

/**
 * Reads a frame as a reply (PROTOCOL.md, "Queries"). `undefined`: it is none, or not in the form
 * that is known; a bare word, such as a question that a cable echoes, never is.
 */
export function readingOf(frame: AsenaFrame): Reading | undefined {
  const { name: word } = frame;
  const fields = frame.fields.map((field) => field.trim());
  if (!isAsenaQuery(word)) return undefined;
  const [first = '', second = '', third = ''] = fields;
  switch (word) {
    case 'INF': {
      const inf = parseInf(frame);
      return inf === undefined ? undefined : { word, inf };
    }
    case 'ALARM':
      return first === '' ? undefined : { word, code: first, texts: fields.slice(1) };
    case 'INF_RATE':
    case 'INF_RATE_MAX_SYRINGE':
      return fields.length === 2 ? { word, mlPerHour: amount(first, second, 'ml/h') } : undefined;
    case 'INF_VTBI':
      return fields.length === 4
        ? { word, volume: vtbi(first, second, third), atEnd: fields[3] ?? '' }
        : undefined;
    case 'SYRINGE_STATUS':
      return fields.length === 3
        ? { word, syringe: `${first} ${second}`.trim(), isConfirmed: third === 'CONF' }
        : undefined;
    case 'COMMS_RESPONSE_MAX':
      return fields.length === 2 ? { word, ms: amount(first, second, 'ms') } : undefined;
    case 'COMMS_PROTOCOL':
      return first === '' ? undefined : { word, protocol: first };
    case 'INF_VI':
      return fields.length === 2 ? { word, ml: volumeEitherWay(first, second) } : undefined;
    case 'INST_SERIALNO':
      return fields.length === 1 && first !== '' ? { word, serial: first } : undefined;
  }
}

/** Which comes first, number or unit, nobody has published. */
const volumeEitherWay = (first: string, second: string): number | undefined =>
  amount(first, second, 'ml') ?? amount(second, first, 'ml');

/** `ACTIV^37.570^ml^STOP`; without a VTBI the volume is empty, which is "none", never 0. */
function vtbi(active: string, text: string, unit: string): Amount {
  if (active === 'DEACT') {
    return { value: null, validity: 'not-available', reason: 'no VTBI set' };
  }
  if (active !== 'ACTIV') return { value: null, validity: 'invalid' };
  if (text === '') return { value: null, validity: 'not-available' };
  const value = unit === 'ml' ? wireDecimal(text) : undefined;
  if (value === undefined || value < 0) return { value: null, validity: 'invalid' };
  // Nobody outside of the manufacturer knows which of the two it is (PROTOCOL.md).
  return { value, validity: 'questionable', reason: 'programmed or left: not known' };
}
