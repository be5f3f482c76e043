import type { CommandResult } from '../hub/ward.ts';

/** Answers are kept so long: a reply that was lost on the way is asked for again within seconds. */
const KEPT_MS = 10 * 60_000;
const KEPT_MAX = 2_000;

interface Kept {
  readonly atMs: number;
  readonly answer: Promise<CommandResult<unknown>>;
}

/**
 * The same command again gets the first answer, also while that is still being worked out. The same
 * means: the same id from the same person for the same call.
 */
export class CommandMemory {
  readonly #kept = new Map<string, Kept>();

  once<T>(
    command: { readonly id: string | undefined; readonly user: string; readonly call: string },
    nowMs: number,
    run: () => Promise<CommandResult<T>>,
  ): Promise<CommandResult<T>> {
    if (command.id === undefined) return run();
    const key = `${command.call} ${command.id} ${command.user}`;
    this.#forget(nowMs);
    const known = this.#kept.get(key);
    if (known !== undefined) return known.answer as Promise<CommandResult<T>>;
    const answer = run();
    this.#kept.set(key, { atMs: nowMs, answer });
    return answer;
  }

  #forget(nowMs: number): void {
    for (const [id, { atMs }] of this.#kept) {
      if (nowMs - atMs < KEPT_MS && this.#kept.size < KEPT_MAX) break;
      this.#kept.delete(id);
    }
  }
}
