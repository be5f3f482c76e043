/** Times as words: of the gateway's clock and zone, with the date where it is not today. */
import { countdown, dateOf, NEVER, timeOfDay, UNKNOWN_COUNTDOWN } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import type { Moment } from './value.ts';

/** `14:05`, or `20 Nov 14:05` on another day; `--` for none. */
export function whenText(at: string | null, moment: Moment): string {
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
