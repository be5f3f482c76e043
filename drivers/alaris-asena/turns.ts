import type { AsenaQuery } from './codec.ts';
import { OTHERS } from './pace.ts';

/** What decides which question comes next. */
export interface Turn {
  readonly dueAtMs: Readonly<Record<AsenaQuery, number>>;
  readonly lastAsked: AsenaQuery | null;
  /** How often INF was asked while another question was due and had no room. */
  readonly passedOver: number;
}

export type Next =
  | { readonly query: AsenaQuery; readonly passedOver: number }
  | { readonly query: null; readonly wakeAtMs: number };

/** A pump so slow that there is never room is asked one other question after so many INF. */
const PASSED_OVER_MAX = 5;

/**
 * INF and ALARM come when they are due, in turns when both are. Any other question is asked only if
 * even its silence would end before the next of them is due, so that it never holds one up.
 * @param otherWaitMs how long such a question may wait for its reply
 */
export function nextQuestion(turn: Turn, otherWaitMs: number, atMs: number): Next {
  const { dueAtMs, lastAsked, passedOver } = turn;
  const other = OTHERS.filter((query) => dueAtMs[query] <= atMs).reduce<AsenaQuery | null>(
    (first, query) => (first === null || dueAtMs[query] < dueAtMs[first] ? query : first),
    null,
  );
  const vitalDueMs = Math.min(dueAtMs.INF, dueAtMs.ALARM);
  const isStarved = passedOver >= PASSED_OVER_MAX && lastAsked === 'INF';
  if (other !== null && (isStarved || atMs + otherWaitMs <= vitalDueMs)) {
    return { query: other, passedOver: 0 };
  }
  if (vitalDueMs <= atMs) {
    const query = vitalQuestion(turn, atMs);
    const isPassing = other !== null && query === 'INF';
    return { query, passedOver: isPassing ? passedOver + 1 : passedOver };
  }
  const later = OTHERS.map((query) => dueAtMs[query]).filter((dueMs) => dueMs > atMs);
  return { query: null, wakeAtMs: Math.min(vitalDueMs, ...later) };
}

/** A pump that does not answer the one is still asked the other. */
function vitalQuestion({ dueAtMs, lastAsked }: Turn, atMs: number): AsenaQuery {
  if (dueAtMs.ALARM > atMs) return 'INF';
  if (dueAtMs.INF > atMs) return 'ALARM';
  return lastAsked === 'INF' ? 'ALARM' : 'INF';
}
