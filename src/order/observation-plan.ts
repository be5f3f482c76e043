import type { ActiveOrder } from './active-order.ts';
import { HOUR_MS, MINUTE_MS } from './iso-duration.ts';
import type { Recovery } from './recovery.ts';
import type { ObservationScores } from './session-event.ts';
import type { SessionRecord } from './session-record.ts';

/**
 * When the patient is to be looked at, from the first flow on and through recovery: every 15 min in the first
 * hour, every 30 min for two more, then hourly (Royal Cornwall ketamine guideline V6, rule VIT-16). A pause
 * does not move it.
 */
const FIRST_MS: readonly number[] = [15, 30, 45, 60, 90, 120, 150, 180].map(
  (minutes) => minutes * MINUTE_MS,
);
const LAST_OF_FIRST_MS = 3 * HOUR_MS;

/** What must be noted each time (rule VIT-16); the other scores are asked as the patient needs it. */
export const REQUIRED_SCORES = ['pain', 'sedation', 'dysphoria'] as const;
export type RequiredScore = (typeof REQUIRED_SCORES)[number];

/** Noted so long before its time, it counts for it: a third of the interval, our choice. */
function earlyMs(dueMs: number): number {
  if (dueMs <= HOUR_MS) return 5 * MINUTE_MS;
  return dueMs <= LAST_OF_FIRST_MS ? 10 * MINUTE_MS : 20 * MINUTE_MS;
}

/** The first time of the plan that is still open when it was last noted then; ms since the start. */
function nextDueMs(notedMs: number): number {
  const early = FIRST_MS.find((dueMs) => notedMs < dueMs - earlyMs(dueMs));
  if (early !== undefined) return early;
  const early1h = earlyMs(LAST_OF_FIRST_MS + HOUR_MS);
  const hours = Math.floor((notedMs + early1h - LAST_OF_FIRST_MS) / HOUR_MS) + 1;
  return LAST_OF_FIRST_MS + Math.max(1, hours) * HOUR_MS;
}

export interface DueObservation {
  readonly score: RequiredScore;
  readonly dueAtWallMs: number;
}

/** A session whose flow began, until its end is known. */
export interface ObservedSession {
  readonly startedAtWallMs: number;
  /** Nothing is due after this: the ordered recovery is over. `null` = it is not known yet. */
  readonly untilWallMs: number | null;
  readonly session: Pick<SessionRecord, 'observations'>;
}

/** From the first flow to the end of the ordered recovery; `null` = nothing is observed now. */
export function observedSession(on: {
  readonly order: Pick<ActiveOrder, 'startedAtWallMs' | 'session'> | null;
  readonly recovery: Recovery | null;
}): ObservedSession | null {
  const { order, recovery } = on;
  if (order !== null) {
    const { startedAtWallMs, session } = order;
    return startedAtWallMs === null ? null : { startedAtWallMs, session, untilWallMs: null };
  }
  if (recovery === null) return null;
  const { startedAtWallMs, session, sinceWallMs, minimumMs } = recovery;
  return { startedAtWallMs, session, untilWallMs: sinceWallMs + minimumMs };
}

/** What is to be noted next, the first due first; empty when nothing is due any more. */
export function dueObservations({
  startedAtWallMs,
  untilWallMs,
  session,
}: ObservedSession): readonly DueObservation[] {
  const due = REQUIRED_SCORES.map((score) => {
    const last = lastNoted(session.observations, score);
    const notedMs = last === null ? Number.NEGATIVE_INFINITY : last - startedAtWallMs;
    return { score, dueAtWallMs: startedAtWallMs + nextDueMs(notedMs) };
  });
  return due
    .filter(({ dueAtWallMs }) => untilWallMs === null || dueAtWallMs <= untilWallMs)
    .sort((a, b) => a.dueAtWallMs - b.dueAtWallMs);
}

function lastNoted(
  observations: SessionRecord['observations'],
  score: keyof ObservationScores,
): number | null {
  return observations.findLast(({ scores }) => scores[score] !== null)?.atWallMs ?? null;
}
