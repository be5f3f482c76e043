import type { Actor, CommandResult } from '../hub/ward.ts';
import type { Timeline } from '../time/timeline.ts';
import { CommandMemory } from './command-memory.ts';

export const refusal = <S extends 400 | 403 | 404 | 409 | 422 | 503>(
  status: S,
  code: string,
  message: string,
) => ({ ok: false, status, code, message }) as const;

/** How commands of people are run: each once, those that exclude each other one after the other. */
export class CommandRunner {
  readonly #timeline: Timeline;
  readonly #onFault: (where: string, error: unknown) => void;
  readonly #memory = new CommandMemory();
  #last: Promise<unknown> = Promise.resolve();

  constructor(timeline: Timeline, onFault: (where: string, error: unknown) => void) {
    this.#timeline = timeline;
    this.#onFault = onFault;
  }

  /** The same command twice is done once; a log that cannot be written is said, not hidden. */
  once<T>(
    by: Actor,
    call: string,
    run: () => Promise<CommandResult<T>>,
  ): Promise<CommandResult<T>> {
    return this.#memory.once(
      { id: by.commandId, user: by.user, call },
      this.#timeline.monotonicMs(),
      async () => {
        try {
          return await run();
        } catch (error) {
          this.#onFault('command', error);
          return refusal(
            503,
            'not-recorded',
            'This could not be written to the log, so it was not done; try again, and check the disk.',
          );
        }
      },
    );
  }

  /** The same, and never while another one runs: two people must not start two orders on one bed at once. */
  onceInTurn<T>(
    by: Actor,
    call: string,
    run: () => Promise<CommandResult<T>>,
  ): Promise<CommandResult<T>> {
    return this.once(by, call, () => {
      const mine = this.#last.then(run, run);
      this.#last = mine.catch(() => undefined);
      return mine;
    });
  }
}
