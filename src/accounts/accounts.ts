import type { Clock } from '../time/timeline.ts';
import { AccountsFile, nameKey, type StoredUser } from './accounts-file.ts';
import { hashPin, NOBODYS_HASH, pinMatches, pinProblem } from './pin.ts';
import { isRole, ROLES, type Role } from './roles.ts';
import { TryLimit } from './try-limit.ts';

export { ACCOUNTS_FILE, AccountsError } from './accounts-file.ts';
export { ROLES, type Role } from './roles.ts';

export interface User {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  /** Wall time in ms since 1970. */
  readonly createdWallMs: number;
}

export interface NewUser {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly pin: string;
}

/** A refusal is a sentence for a person; it never repeats the PIN. */
export type Change = { readonly ok: true } | { readonly ok: false; readonly problem: string };

export type PinCheck =
  | { readonly ok: true; readonly user: string; readonly roles: readonly Role[] }
  /** `disabled` is told only to who knows the PIN. */
  | { readonly ok: false; readonly reason: 'unknown-or-wrong' | 'disabled' }
  | { readonly ok: false; readonly reason: 'too-many-tries'; readonly retryAfterMs: number };

/** Checks that wait. Each takes about 100 ms and 32 MiB, so they are made one at a time. */
const WAITING_MAX = 20;
const NAME = /^[\p{L}\p{N}._-](?:[\p{L}\p{N}._\- ]{0,62}[\p{L}\p{N}._-])?$/u;

export class Accounts {
  readonly #file: AccountsFile;
  readonly #clock: Clock;
  readonly #tries: TryLimit;
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(file: AccountsFile, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
    this.#tries = new TryLimit(clock);
  }

  async addUser({ name, roles, pin }: NewUser): Promise<Change> {
    const problem = nameProblem(name) ?? rolesProblem(roles) ?? pinProblem(pin);
    if (problem !== undefined) return { ok: false, problem };
    const hash = await hashPin(pin);
    const unique = ROLES.filter((role) => roles.includes(role));
    if (this.#file.add(name.normalize('NFC'), unique, hash, this.#clock.wallMs()))
      return { ok: true };
    return {
      ok: false,
      problem: `There is a user "${this.#file.find(name)?.name ?? name}" already.`,
    };
  }

  /** A new PIN ends the sessions that were begun with the old one. */
  async setPin(name: string, pin: string): Promise<Change> {
    const problem = pinProblem(pin);
    if (problem !== undefined) return { ok: false, problem };
    return known(name, this.#file.setPin(name, await hashPin(pin)));
  }

  setDisabled(name: string, disabled: boolean): Change {
    return known(name, this.#file.setDisabled(name, disabled));
  }

  /** By name. */
  listUsers(): readonly User[] {
    return this.#file.all().map(publicUser);
  }

  /**
   * Reads the user anew each time. Takes as long for a name that does not exist as for a wrong PIN,
   * and tries at one name are counted whether it exists or not.
   */
  async checkPin(name: string, pin: string): Promise<PinCheck> {
    const key = nameKey(name.slice(0, 64));
    const waitMs = this.#tries.waitMs(key);
    if (waitMs > 0) return { ok: false, reason: 'too-many-tries', retryAfterMs: waitMs };
    if (this.#waiting >= WAITING_MAX) {
      return { ok: false, reason: 'too-many-tries', retryAfterMs: 2_000 };
    }
    this.#waiting += 1;
    const check = this.#turn.then(() => this.#check(key, pin));
    this.#turn = check.catch(() => undefined);
    return check.finally(() => {
      this.#waiting -= 1;
    });
  }

  async #check(key: string, pin: string): Promise<PinCheck> {
    // Asked again: tries that waited in the same queue may have used up the free ones.
    const waitMs = this.#tries.waitMs(key);
    if (waitMs > 0) return { ok: false, reason: 'too-many-tries', retryAfterMs: waitMs };
    const user = this.#file.find(key);
    const fits = await pinMatches(pin.slice(0, 64), user?.pinHash ?? NOBODYS_HASH);
    if (user === undefined || !fits) {
      this.#tries.wrong(key);
      return { ok: false, reason: 'unknown-or-wrong' };
    }
    this.#tries.right(key);
    if (user.disabled) return { ok: false, reason: 'disabled' };
    return { ok: true, user: user.name, roles: user.roles };
  }

  close(): void {
    this.#file.close();
  }
}

/** For the CLI, which needs no sessions. The gateway opens both with `openAccess`. */
export function openAccounts(options: { readonly dir: string; readonly clock: Clock }): Accounts {
  return new Accounts(new AccountsFile(options.dir), options.clock);
}

function nameProblem(name: string): string | undefined {
  if (NAME.test(name)) return undefined;
  return 'A user name has 1 to 64 letters, digits, dots, hyphens, underscores and blanks, and no blank at either end.';
}

function rolesProblem(roles: readonly string[]): string | undefined {
  const list = ROLES.join(', ');
  if (roles.length === 0) return `A user needs at least one role: ${list}.`;
  const wrong = roles.find((role) => !isRole(role));
  return wrong === undefined ? undefined : `"${wrong}" is no role; there are ${list}.`;
}

const known = (name: string, found: boolean): Change =>
  found ? { ok: true } : { ok: false, problem: `There is no user "${name}".` };

const publicUser = ({ name, roles, disabled, createdWallMs }: StoredUser): User => ({
  name,
  roles,
  disabled,
  createdWallMs,
});
