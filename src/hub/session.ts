import type { IncomingMessage } from 'node:http';
import type { Authenticator, Identity } from './auth.ts';
import { mayUseCookie, type OriginRule } from './origin.ts';

export const SESSION_COOKIE = 'infusewatch_session';

export type SessionFound =
  | { readonly kind: 'session'; readonly identity: Identity; readonly token: string }
  | { readonly kind: 'none' }
  /** There is a cookie, and the request does not come from a page of ours. */
  | { readonly kind: 'foreign' };

/** `Authorization: Bearer` counts everywhere and before the cookie. */
export function findSession(
  request: IncomingMessage,
  auth: Authenticator,
  rule: OriginRule,
): SessionFound {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
    return check(token, auth);
  }
  const token = cookieOf(request.headers.cookie);
  if (token === undefined) return { kind: 'none' };
  const isChange = request.method !== 'GET' && request.method !== 'HEAD';
  if (!mayUseCookie(request.headers, isChange, rule)) return { kind: 'foreign' };
  return check(token, auth);
}

/** Not readable by scripts, sent to this gateway's own pages only, gone when the browser closes. */
export function sessionCookie(token: string, isTls: boolean): string {
  return `${SESSION_COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}`;
}

export function endedCookie(isTls: boolean): string {
  return `${sessionCookie('', isTls)}; Max-Age=0`;
}

function check(token: string | undefined, auth: Authenticator): SessionFound {
  const identity = token === undefined ? undefined : auth.verify(token);
  return token === undefined || identity === undefined
    ? { kind: 'none' }
    : { kind: 'session', identity, token };
}

function cookieOf(header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    if (name !== SESSION_COOKIE || value === '') continue;
    try {
      return decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return undefined;
}
