import { randomBytes } from 'node:crypto';
import type { Clock } from '../time/timeline.ts';
import { Accounts } from './accounts.ts';
import { AccountsFile, nameKey } from './accounts-file.ts';
import type { Role } from './roles.ts';
import { sessionKey } from './session-key.ts';
import { readToken, signToken } from './session-token.ts';

/** One shift. */
export const SESSION_LIFETIME_MS = 12 * 3_600_000;
/** Below 5 s, so that who was disabled is out within 5 s. */
const ROLES_KNOWN_FOR_MS = 4_000;
/** A token from further in the future than a clock correction explains is refused. */
const CLOCK_SLACK_MS = 300_000;

export interface Session {
  readonly user: string;
  readonly roles: readonly Role[];
}

interface KnownUser extends Session {
  readonly disabled: boolean;
  readonly pinRev: number;
  /** Monotonic ms. */
  readonly readAtMs: number;
}

/**
 * Sessions that need no memory: a signed token says who and until when, so a restart of the gateway
 * logs nobody out. What the user may do is read from the accounts, not from the token.
 */
export class Sessions {
  readonly #file: AccountsFile;
  readonly #clock: Clock;
  readonly #key: Uint8Array;
  /** Nonce → end (wall ms). Only this process revokes, so the file is read once. */
  readonly #revoked: Map<string, number>;
  /** By name; no larger than the list of users, because only signed names get here. */
  readonly #known = new Map<string, KnownUser>();

  constructor(file: AccountsFile, clock: Clock, key: Uint8Array) {
    this.#file = file;
    this.#clock = clock;
    this.#key = key;
    this.#revoked = new Map(file.revoked(clock.wallMs()));
  }

  /** A token for who has just shown the PIN. The roles are known to be fresh. */
  issue(user: string, roles: readonly Role[]): string {
    const stored = this.#file.find(user);
    if (stored === undefined) throw new Error(`There is no user "${user}" to open a session for.`);
    const { name, disabled, pinRev } = stored;
    const readAtMs = this.#clock.monotonicMs();
    this.#known.set(nameKey(name), { user: name, roles, disabled, pinRev, readAtMs });
    const issuedWallMs = this.#clock.wallMs();
    const expiresWallMs = issuedWallMs + SESSION_LIFETIME_MS;
    const nonce = randomBytes(16).toString('base64url');
    return signToken({ user: name, pinRev, issuedWallMs, expiresWallMs, nonce }, this.#key);
  }

  /** Who it is and what they may do now; nothing for a token that does not count (any more). */
  verify(token: string): Session | undefined {
    const claims = this.#claimsOf(token);
    if (claims === undefined) return undefined;
    const known = this.#userNow(claims.user);
    if (known === undefined || known.disabled || known.pinRev !== claims.pinRev) return undefined;
    return { user: known.user, roles: known.roles };
  }

  /** Counts at once; kept until the token would have ended, so that a restart does not revive it. */
  revoke(token: string): void {
    const claims = this.#claimsOf(token);
    if (claims === undefined) return;
    const nowMs = this.#clock.wallMs();
    for (const [nonce, end] of this.#revoked) if (end <= nowMs) this.#revoked.delete(nonce);
    this.#revoked.set(claims.nonce, claims.expiresWallMs);
    this.#file.revoke(claims.nonce, claims.expiresWallMs);
  }

  #claimsOf(token: string) {
    const claims = readToken(token, this.#key);
    if (claims === undefined || this.#revoked.has(claims.nonce)) return undefined;
    const nowMs = this.#clock.wallMs();
    const counts = claims.issuedWallMs <= nowMs + CLOCK_SLACK_MS && nowMs < claims.expiresWallMs;
    return counts ? claims : undefined;
  }

  #userNow(name: string): KnownUser | undefined {
    const key = nameKey(name);
    const nowMs = this.#clock.monotonicMs();
    const known = this.#known.get(key);
    if (known !== undefined && nowMs - known.readAtMs < ROLES_KNOWN_FOR_MS) return known;
    const stored = this.#file.find(key);
    if (stored === undefined) {
      this.#known.delete(key);
      return undefined;
    }
    const { name: user, roles, disabled, pinRev } = stored;
    const read: KnownUser = { user, roles, disabled, pinRev, readAtMs: nowMs };
    this.#known.set(key, read);
    return read;
  }
}

export interface Access {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  close(): void;
}

/** Accounts and sessions of one data directory, for the gateway. */
export function openAccess(options: { readonly dir: string; readonly clock: Clock }): Access {
  const file = new AccountsFile(options.dir);
  try {
    const accounts = new Accounts(file, options.clock);
    const sessions = new Sessions(file, options.clock, sessionKey(options.dir));
    return { accounts, sessions, close: () => file.close() };
  } catch (error) {
    file.close();
    throw error;
  }
}
