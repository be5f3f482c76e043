/**
 * What a person types into a field, and what it means. Strict, because a comma or a forgotten zero is a
 * tenfold dose: what is not plainly one number is said, never guessed. Pure; tested in Node.
 */
import { NBSP, plainDecimal } from '../format/index.ts';

/** `hours`: `4:30` for PT4H30M. `minutes`: PT15M. `minutes-before`: -PT2M. `moment`: wall time at the gateway. */
export type FieldKind =
  | 'text'
  | 'number'
  | 'hours'
  | 'minutes'
  | 'minutes-before'
  | 'date'
  | 'moment';

export type Typed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

/** Digits that a field takes; more are a slip of the finger. */
const DECIMALS_MAX = 4;
const NUMBER = /^(0|[1-9]\d{0,6})(\.\d{1,4})?$/;

/** @param utcOffsetMin of the gateway, for `moment` */
export function readTyped(kind: FieldKind, typed: string, unit = '', utcOffsetMin = 0): Typed {
  const text = typed.trim();
  if (text === '') return good(undefined);
  switch (kind) {
    case 'text':
      return good(text);
    case 'number':
      return readNumber(text, unit);
    case 'hours':
      return readHours(text);
    case 'minutes':
    case 'minutes-before':
      return readMinutes(text, kind);
    case 'date':
      return isDate(text) ? good(text) : bad('Write the date as year-month-day: 2026-11-23.');
    case 'moment':
      return readMoment(text, utcOffsetMin);
  }
}

/** How a value of a document stands in its field; what does not fit the field stands there as it is. */
export function typedText(kind: FieldKind, value: unknown, utcOffsetMin = 0): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return plainDecimal(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  const minutes = minutesOf(value);
  if (minutes !== null && kind === 'hours' && minutes >= 0)
    return `${plainDecimal(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}`;
  if (minutes !== null && kind === 'minutes' && minutes >= 0) return plainDecimal(minutes);
  if (minutes !== null && kind === 'minutes-before' && minutes <= 0) return plainDecimal(-minutes);
  if (kind === 'moment' && MOMENT_UTC.test(value))
    return shifted(value, utcOffsetMin).slice(0, 16).replace('T', ' ');
  return value;
}

function readNumber(text: string, unit: string): Typed {
  if (NUMBER.test(text)) return good(Number(text));
  const inUnit = unit === '' ? '' : ` in ${unit}`;
  if (/^[-−–]/.test(text)) return bad('It cannot be negative.');
  if (text.includes(',')) return bad('Write a decimal point and no comma, such as 12.5.');
  if (/^\d.*(lb|lbs|pound|pounds)$/i.test(text)) return bad(`This field is${inUnit}, not in lb.`);
  if (/^[\d.]+\s*e\s*[-+]?\d+$/i.test(text)) return bad('Write all digits, without an e.');
  if (/^\.\d+$/.test(text)) return bad(`Write the zero: 0${text}.`);
  if (/^0\d/.test(text)) return bad('Leave out the zero in front.');
  if (/^\d+\.$/.test(text)) return bad('Digits are missing after the point.');
  if (/^\d{8,}/.test(text)) return bad('That is too large a number.');
  if (/^\d+\.\d+$/.test(text)) return bad(`Write at most ${DECIMALS_MAX} decimals.`);
  if (/^\d/.test(text)) return bad(`Write the number alone; the field is${inUnit || ' a number'}.`);
  return bad(`Write a number${inUnit}.`);
}

function readHours(text: string): Typed {
  // Written by a program, to the second: it stands in the field as it is and stays what it is.
  if (WITH_SECONDS.test(text)) return good(text);
  const match = /^(\d{1,4})(?::([0-5]\d))?$/.exec(text);
  if (match === null) return bad('Write hours and minutes: 4:00 or 0:30.');
  const [, hours = '0', minutes = '00'] = match;
  const time = [
    Number(hours) > 0 ? `${Number(hours)}H` : '',
    Number(minutes) > 0 ? `${Number(minutes)}M` : '',
  ].join('');
  return good(time === '' ? 'PT0S' : `PT${time}`);
}

const WITH_SECONDS = /^PT(\d{1,4}H)?(\d{1,5}M)?\d{1,6}S$/;

function readMinutes(text: string, kind: 'minutes' | 'minutes-before'): Typed {
  if (!/^\d{1,4}$/.test(text)) return bad('Write whole minutes.');
  const minutes = Number(text);
  if (minutes === 0) return good('PT0S');
  return good(`${kind === 'minutes' ? '' : '-'}PT${minutes}M`);
}

/** Whole minutes of a duration as an order writes it; `null` = seconds are in it, or it is none. */
export function minutesOf(duration: string): number | null {
  const match = /^(-)?P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/.exec(
    duration,
  );
  if (match === null || !/\d/.test(duration)) return null;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const total = Number(days) * 1_440 + Number(hours) * 60 + Number(minutes) + Number(seconds) / 60;
  if (!Number.isInteger(total)) return null;
  return sign === undefined || total === 0 ? total : -total;
}

/** `5 d` or `1 d 12 h` where hours alone are hard to read; else nothing. */
export function daysOf(duration: unknown): string {
  const minutes = typeof duration === 'string' ? minutesOf(duration) : null;
  if (minutes === null || minutes < 2_880) return '';
  const days = `${Math.floor(minutes / 1_440)}${NBSP}d`;
  const hours = Math.floor((minutes % 1_440) / 60);
  return hours === 0 ? days : `${days} ${hours}${NBSP}h`;
}

const MOMENT_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/;

/** Read with the offset that the gateway has now: a time beyond a change of the clocks is an hour off. */
function readMoment(text: string, utcOffsetMin: number): Typed {
  const [date = '', time = ''] = text.split(/[ T]+/);
  if (!isDate(date) || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
    return bad('Write date and time: 2026-11-23 08:00.');
  return good(shifted(`${date}T${time}:00Z`, -utcOffsetMin));
}

function shifted(utc: string, minutes: number): string {
  const at = new Date(Date.parse(utc) + minutes * 60_000);
  return at.toISOString().replace('.000Z', 'Z');
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}

const good = (value: unknown): Typed => ({ ok: true, value });
const bad = (problem: string): Typed => ({ ok: false, problem });
