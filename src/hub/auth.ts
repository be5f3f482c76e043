import type { Role } from './wire/index.ts';

/** Who a session belongs to. */
export interface Identity {
  readonly user: string;
  readonly roles: readonly Role[];
}

export type LoginAnswer =
  | {
      readonly ok: true;
      readonly token: string;
      readonly user: string;
      readonly roles: readonly Role[];
    }
  /** `reason` goes to the log only: a stranger must not learn whether the name or the PIN was wrong. */
  | { readonly ok: false; readonly reason: string; readonly retryAfterMs?: number };

/** Accounts and sessions, as far as the hub needs them. Tokens must survive as a cookie value. */
export interface Authenticator {
  /** `retryAfterMs` in a refusal: too many tries, and how long to wait. */
  login(user: string, pin: string): Promise<LoginAnswer>;
  /** `undefined` for unknown, expired and revoked alike. Called often: must be cheap. */
  verify(token: string): Identity | undefined;
  revoke(token: string): void;
}
