import type { Clock } from '../time/timeline.ts';

/** Wrong tries that cost nothing. */
export const FREE_TRIES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 300_000;
/** Names that do not exist count too, so that nobody learns which do; but only so many. */
const NAMES_MAX = 1_000;

interface Tries {
  wrong: number;
  /** Monotonic ms before which no try is taken. */
  waitUntilMs: number;
}

/**
 * Back-off after wrong PINs, per name: 30 s after the fifth, doubling with each further one up to
 * 5 min, over with a right one. In memory: a restart forgives, and nobody outside can cause one.
 */
export class TryLimit {
  readonly #clock: Clock;
  readonly #names = new Map<string, Tries>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long a try has to wait, in ms; 0 means that it may be made. */
  waitMs(name: string): number {
    return Math.max(0, (this.#names.get(name)?.waitUntilMs ?? 0) - this.#clock.monotonicMs());
  }

  wrong(name: string): void {
    const tries = this.#names.get(name) ?? { wrong: 0, waitUntilMs: 0 };
    tries.wrong += 1;
    const over = tries.wrong - FREE_TRIES;
    if (over >= 0) {
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** over);
      tries.waitUntilMs = this.#clock.monotonicMs() + waitMs;
    }
    this.#names.set(name, tries);
    if (this.#names.size > NAMES_MAX) this.#forgetOne(name);
  }

  right(name: string): void {
    this.#names.delete(name);
  }

  /** The one with the fewest tries: filling the list with made-up names frees no name under attack. */
  #forgetOne(butNot: string): void {
    let fewest: string | undefined;
    let wrong = Number.POSITIVE_INFINITY;
    for (const [name, tries] of this.#names) {
      if (name === butNot || tries.wrong >= wrong) continue;
      fewest = name;
      wrong = tries.wrong;
    }
    if (fewest !== undefined) this.#names.delete(fewest);
  }
}
