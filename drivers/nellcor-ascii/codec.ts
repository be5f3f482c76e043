import { wireDecimal } from '../../src/driver/kit/decimal.ts';
import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { queryList } from '../../src/driver/query-bytes.ts';

/** A line of the real-time output (PROTOCOL.md, "Frame"). */
export type NellcorLine =
  | NellcorValues
  | { readonly kind: 'model'; readonly model: string; readonly version: string }
  /** Column titles, kind of limits, an empty line: nothing that we read. */
  | { readonly kind: 'text' };

export interface NellcorValues {
  readonly kind: 'values';
  /** The oximeter's own clock as if it were UTC, ms since 1970. */
  readonly deviceWallMs: number;
  readonly spo2: NellcorNumber;
  readonly pulse: NellcorNumber;
  /** Pulse amplitude, without a unit; `null` = dashes. */
  readonly amplitude: number | null;
  /** Two capitals each, in the order of the line. */
  readonly codes: readonly string[];
  /** The mark of a simulator stands behind the codes. */
  readonly isSimulated: boolean;
}

export interface NellcorNumber {
  /** `null` = dashes. */
  readonly value: number | null;
  /** The asterisk: outside the limits set at the oximeter. */
  readonly isOutside: boolean;
}

export interface NellcorFrameError {
  readonly kind: 'malformed';
}

const DATE = String.raw`(\d\d)-([A-Za-z]{3})-(\d\d) (\d\d):(\d\d):(\d\d)`;
const NUMBER = String.raw` +(\d{1,3}|---)( ?\*)?`;
const VALUES = new RegExp(`^${DATE}${NUMBER}${NUMBER} +(\\d{1,3}|---)((?: +[A-Z]{2})*)( +SIM)?$`);
const MODEL =
  /^(\S{1,20}) +VERSION +([0-9.]{1,12}) +CRC: ?\S+ +SpO2 Limit: ?\d+- ?\d+ ?% +PR Limit: ?\d+- ?\d+ ?BPM$/i;
const LIMITS = /^(?:ADULT|NEO[A-Z]*) +\d+SAT-S(?: +SPO2 RESP MODE: [A-Z]+)?$/;
const TITLES = /^TIME +%SPO2 +BPM +PA +STATUS$/i;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** One line without its LF; blanks and a CR at either end do not count. */
export function decodeNellcor(line: Uint8Array): Result<NellcorLine, NellcorFrameError> {
  const text = Buffer.from(line).toString('latin1').replaceAll('\r', '').trim();
  const values = VALUES.exec(text);
  if (values !== null) return valuesOf(values);
  const [, model, version] = MODEL.exec(text) ?? [];
  if (model !== undefined && version !== undefined) return ok({ kind: 'model', model, version });
  return text === '' || LIMITS.test(text) || TITLES.test(text)
    ? ok({ kind: 'text' })
    : err({ kind: 'malformed' });
}

function valuesOf(match: RegExpExecArray): Result<NellcorLine, NellcorFrameError> {
  const [, day, month = '', year, hour, minute, second, ...rest] = match;
  const [spo2 = '', spo2Star, pulse = '', pulseStar, amplitude = '', codes = '', mark] = rest;
  const deviceWallMs = wallMs(month, [year, day, hour, minute, second].map(Number));
  if (deviceWallMs === undefined) return err({ kind: 'malformed' });
  return ok({
    kind: 'values',
    deviceWallMs,
    spo2: { value: numberOf(spo2), isOutside: spo2Star !== undefined },
    pulse: { value: numberOf(pulse), isOutside: pulseStar !== undefined },
    amplitude: numberOf(amplitude),
    codes: codes.split(' ').filter((code) => code !== ''),
    isSimulated: mark !== undefined,
  });
}

/** `null` for dashes. */
const numberOf = (text: string): number | null => wireDecimal(text) ?? null;

/** `undefined` when it is no date. Two digits of a year: from 70 on the last century, as the manuals show 98. */
function wallMs(month: string, numbers: readonly number[]): number | undefined {
  const [year = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  const index = MONTHS.indexOf(month.toUpperCase());
  const isDate = index !== -1 && day >= 1 && day <= 31;
  if (!isDate || !(hour < 24 && minute < 60 && second < 60)) return undefined;
  return Date.UTC(year + (year < 70 ? 2000 : 1900), index, day, hour, minute, second);
}

/** It sends by itself and is asked nothing. */
export const nellcorQueries = queryList({});
