import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import { intellivueQueries } from './queries.ts';

/** What is asked again and again: numerics, the lists of alarms, waves. */
export type Subject = 'numerics' | 'alarms' | 'waves';

/** How one subject is asked for. */
export interface Poll {
  /** An extended poll makes the monitor send by itself; who does not know it is asked each time. */
  readonly isExtended: boolean;
  /** Since when it is asked for in this way. */
  readonly sinceMs: number;
  /** Not yet asked in this association. */
  readonly isNew: boolean;
  readonly askedAtMs: number;
  /** Arrival of the last answer; `null` = none in this association. */
  readonly seenAtMs: number | null;
}

export const NEVER_ASKED: Poll = {
  isExtended: true,
  sinceMs: 0,
  isNew: true,
  askedAtMs: Number.NEGATIVE_INFINITY,
  seenAtMs: null,
};

/**
 * Each renewal is also the sign of life that the monitor waits for (10 s at most), so numerics are renewed
 * long before half of their 30 s; alarms and waves at half of their 600 s.
 */
const RENEW_MS: Readonly<Record<Subject, number>> = {
  numerics: 4_000,
  alarms: 300_000,
  waves: 300_000,
};
const SINGLE_EVERY_MS = 1_000;
/** Extended polls bring something every second. A monitor without a wave is asked for one more seldom. */
const SILENT_MS: Readonly<Record<Subject, number>> = {
  numerics: 3_000,
  alarms: 3_000,
  waves: 10_000,
};
/** However polls begin, fall silent and begin again. */
export const PACE_MS = 1_000;

/** A new association: from the beginning, and only the pace is remembered. */
export const begun = ({ askedAtMs }: Poll, atMs: number): Poll => ({
  ...NEVER_ASKED,
  askedAtMs,
  sinceMs: atMs,
});

export const answered = (poll: Poll, atMs: number): Poll => ({ ...poll, seenAtMs: atMs });

export interface Asked {
  readonly poll: Poll;
  readonly send: readonly QueryBytes[];
  /** The query that stayed without an answer. */
  readonly missed: string | null;
}

/**
 * Asks when it is time to; changes the way of asking when that brought nothing. Waves have one way only: a
 * single poll would bring a quarter of a second.
 */
export function asked(subject: Subject, poll: Poll, atMs: number): Asked {
  if (atMs < dueAtMs(subject, poll)) return { poll, send: [], missed: null };
  const isSilent = !poll.isNew && atMs >= silentAtMs(subject, poll);
  const isExtended = subject === 'waves' || !poll.isExtended;
  const next = isSilent ? { ...poll, isExtended, sinceMs: atMs } : poll;
  return {
    poll: { ...next, isNew: false, askedAtMs: atMs },
    send: [intellivueQueries.get(queryOf(subject, next))],
    missed: isSilent ? queryOf(subject, poll) : null,
  };
}

export function dueAtMs(subject: Subject, poll: Poll): number {
  const paceAtMs = poll.askedAtMs + PACE_MS;
  if (poll.isNew) return Math.max(poll.sinceMs, paceAtMs);
  const renewMs = poll.isExtended ? RENEW_MS[subject] : SINGLE_EVERY_MS;
  return Math.max(paceAtMs, Math.min(poll.askedAtMs + renewMs, silentAtMs(subject, poll)));
}

const silentAtMs = (subject: Subject, { seenAtMs, sinceMs }: Poll): number =>
  Math.max(seenAtMs ?? sinceMs, sinceMs) + SILENT_MS[subject];

const queryOf = (subject: Subject, { isExtended }: Poll) =>
  isExtended || subject === 'waves' ? subject : (`${subject}-once` as const);
