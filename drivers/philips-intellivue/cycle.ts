import type { LinkedPart } from './pdu.ts';

/**
 * One round of a poll may come in linked parts and an empty end. Only a round without a gap can say what is
 * no longer there; the empty end alone says nothing (PROTOCOL.md, "Linked results").
 */
export interface Cycle {
  /** The part that must come next; `null` = a part was lost. */
  readonly next: number | null;
  readonly isLastSeen: boolean;
  /** What the parts brought so far. */
  readonly seen: readonly string[];
}

export const NO_CYCLE: Cycle = { next: 1, isLastSeen: false, seen: [] };

export interface CycleStep {
  readonly cycle: Cycle;
  /** All that a whole round brought; `null` = it goes on, or had a gap. */
  readonly whole: readonly string[] | null;
}

export function nextCycle(
  cycle: Cycle,
  part: LinkedPart | null,
  seen: readonly string[],
  isEmpty: boolean,
): CycleStep {
  if (part === null) {
    if (cycle.next === 1) return { cycle: NO_CYCLE, whole: isEmpty ? null : seen };
    const isWhole = cycle.next !== null && cycle.isLastSeen;
    return { cycle: NO_CYCLE, whole: isWhole ? [...cycle.seen, ...seen] : null };
  }
  const before = part.number === 1 ? NO_CYCLE : cycle;
  const isNext = before.next === part.number;
  return {
    cycle: {
      next: isNext ? part.number + 1 : null,
      isLastSeen: part.isLast,
      seen: isNext ? [...before.seen, ...seen] : [],
    },
    whole: null,
  };
}
