import { ASENA_QUERIES, type AsenaQuery } from './codec.ts';

/** How often each question is asked when nothing happens, in ms. */
export const PERIOD_MS: Readonly<Record<AsenaQuery, number>> = {
  INF: 1_000,
  ALARM: 5_000,
  // Less than the 5 s after which a value is shown as stale.
  INF_RATE: 4_000,
  INF_VTBI: 4_000,
  SYRINGE_STATUS: 10_000,
  COMMS_RESPONSE_MAX: 3_600_000,
  COMMS_PROTOCOL: 3_600_000,
  INF_RATE_MAX_SYRINGE: 60_000,
  INF_VI: 10_000,
  INST_SERIALNO: 60_000,
};
export const ALARM_PERIOD_WHILE_FLAGGED_MS = 1_000;

/** These carry the infusion and are asked again at once; the others must never hold them up. */
const VITAL: ReadonlySet<AsenaQuery> = new Set<AsenaQuery>(['INF', 'ALARM']);
export const isVital = (query: AsenaQuery): boolean => VITAL.has(query);
export const OTHERS = ASENA_QUERIES.filter((query) => !isVital(query));

/** What became urgent waits so long since it was asked last: a pump is not asked twice in one breath. */
const SPACING_VITAL_MS = 250;
const SPACING_MS = 1_000;
export const spacingMs = (query: AsenaQuery): number =>
  isVital(query) ? SPACING_VITAL_MS : SPACING_MS;

/** When to try again what stayed unanswered `misses` times in a row: ever more rarely. */
const BACK_OFF_MAX_MS = 600_000;
export const backOffMs = (misses: number): number =>
  Math.min(BACK_OFF_MAX_MS, 4_000 * 2 ** Math.min(20, misses - 1));

/** What pumps were seen to declare as their slowest reply; more is not waited for. */
const RESPONSE_MAX_MS = 4_000;
const WAIT_MIN_MS = 500;
const WAIT_USUAL_MS = 1_000;

/** The slowest of the last replies in ms; one that was slow is forgotten bit by bit. */
export const nextSlowestMs = (slowestMs: number, replyMs: number): number =>
  Math.min(RESPONSE_MAX_MS, Math.max(replyMs, slowestMs * 0.8));

/**
 * How long a vital question waits for its reply: 1 s, less for a pump that declares less; up to what it
 * declares, at most 4 s, for one that is seen to be slow. Asking a slow pump again too soon makes it slower:
 * it answers both.
 */
export function vitalWaitMs(slowestMs: number, responseMaxMs: number | null): number {
  const declaredMs = Math.min(RESPONSE_MAX_MS, responseMaxMs ?? RESPONSE_MAX_MS);
  const usualMs = Math.max(WAIT_MIN_MS, Math.min(WAIT_USUAL_MS, declaredMs));
  return Math.min(Math.max(usualMs, declaredMs), Math.max(usualMs, 2 * slowestMs));
}

/** The same for one that is not vital: no longer than this pump is seen to need. */
export const otherWaitMs = (slowestMs: number, responseMaxMs: number | null): number =>
  Math.min(vitalWaitMs(slowestMs, responseMaxMs), Math.max(WAIT_MIN_MS, 3 * slowestMs));
