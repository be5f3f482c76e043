/** Times as words: of the gateway's clock and zone, with the date where it is not today. */
import { countdown, dateOf, NEVER, timeOfDay, UNKNOWN_COUNTDOWN } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import type { Moment } from './value.ts';

/** The day that goes without saying, in the gateway's zone. */
export type Today = Pick<Moment, 'wallMs' | 'utcOffsetMin'>;

/** `14:05`, or `20 Nov 14:05` on another day; `--` for none. */
export function whenText(at: string | null, moment: Today): string {
  if (at === null) return NEVER;
  const ms = parseWall(at);
  const { utcOffsetMin } = moment;
  const isToday = dateOf(ms, utcOffsetMin) === dateOf(moment.wallMs, utcOffsetMin);
  return isToday
    ? timeOfDay(ms, utcOffsetMin)
    : `${shortDate(ms, utcOffsetMin)} ${timeOfDay(ms, utcOffsetMin)}`;
}

/** `20 Nov`. */
export function shortDate(ms: number, utcOffsetMin: number): string {
  return dateOf(ms, utcOffsetMin).replace(/ \d{4}$/, '');
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Sat 21 Nov 2026 14:40 UTC+0`: for paper, which may be read anywhere and at any time. */
export function stampText(at: string, utcOffsetMin: number): string {
  const ms = parseWall(at);
  const day = WEEKDAYS[new Date(ms + utcOffsetMin * 60_000).getUTCDay()];
  const time = timeOfDay(ms, utcOffsetMin);
  return `${day} ${dateOf(ms, utcOffsetMin)} ${time} ${zoneText(utcOffsetMin)}`;
}

/** `UTC+1`, `UTC-3:30`. */
export function zoneText(utcOffsetMin: number): string {
  const size = Math.abs(utcOffsetMin);
  const minutes = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return `UTC${utcOffsetMin < 0 ? '-' : '+'}${Math.floor(size / 60)}${minutes}`;
}

/** Of a calendar date such as `2026-11-21`, which has no zone: `Sat 21 Nov`. */
export function calendarDate(date: string): string {
  const ms = parseWall(`${date}T00:00:00Z`);
  return `${WEEKDAYS[new Date(ms).getUTCDay()]} ${shortDate(ms, 0)}`;
}

export interface Count {
  /** `00:41:28`, `late 00:02:10`, or `--:--:--` on a page that is not live. */
  readonly text: string;
  readonly isLate: boolean;
}

/** Time that has passed counts up with the word `late`; a negative countdown cannot be read. */
export function countTo(at: string, moment: Moment): Count {
  if (moment.link.phase === 'lost') return { text: UNKNOWN_COUNTDOWN, isLate: false };
  const leftMs = parseWall(at) - moment.wallMs;
  const isLate = leftMs < 0;
  return { text: isLate ? `late ${countdown(-leftMs)}` : countdown(leftMs), isLate };
}
