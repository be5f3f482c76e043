import { randomUUID } from 'node:crypto';
import type { Authenticator, Identity, LoginAnswer } from '../../src/hub/auth.ts';
import { ROLES, type Role } from '../../src/hub/wire/index.ts';

/** Every role is a user of that name with PIN 1234; `locked` must wait. */
export class FakeAuth implements Authenticator {
  readonly #sessions = new Map<string, Identity>();
  /** Logins wait for this. */
  gate: Promise<void> = Promise.resolve();

  async login(user: string, pin: string): Promise<LoginAnswer> {
    await this.gate;
    if (user === 'locked') return { ok: false, reason: 'locked', retryAfterMs: 29_500 };
    const role = ROLES.find((one) => one === user);
    if (role === undefined || pin !== '1234') return { ok: false, reason: 'wrong' };
    return { ok: true, token: this.session(user, [role]), user, roles: [role] };
  }

  session(user: string, roles: readonly Role[]): string {
    const token = `t.${randomUUID()}`;
    this.#sessions.set(token, { user, roles });
    return token;
  }

  verify = (token: string): Identity | undefined => this.#sessions.get(token);
  revoke = (token: string): void => void this.#sessions.delete(token);
}
