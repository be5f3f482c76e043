import * as z from 'zod/mini';
import type { Authenticator } from './auth.ts';
import { type Call, JSON_TYPE, readBodyAs } from './call.ts';
import { done, refused } from './http-reply.ts';
import type { Log } from './log.ts';
import { endedCookie, sessionCookie } from './session.ts';
import { LoginCall, LoginReply, Role } from './wire/index.ts';

const WhoReply = z.strictObject({ user: z.string(), roles: z.array(Role) });

export interface SessionCallDeps {
  readonly auth: Authenticator;
  readonly isTls: boolean;
  readonly loginsAtOnceMax: number;
  /** The session is over: close its sockets now. */
  readonly onRevoked: (token: string) => void;
  readonly log: Log;
}

export function sessionCalls(deps: SessionCallDeps): readonly Call[] {
  const { auth, isTls, log } = deps;
  let loginsNow = 0;
  return [
    {
      method: 'POST',
      path: '/api/session',
      who: 'public',
      summary: 'Log in with user and PIN. Sets an HttpOnly cookie and returns a token for Bearer.',
      accepts: [JSON_TYPE],
      body: LoginCall,
      reply: LoginReply,
      handle: async (request) => {
        const call = readBodyAs(request, LoginCall);
        if (!call.ok) return call.reply;
        if (loginsNow >= deps.loginsAtOnceMax) return tooMany(1_000);
        loginsNow += 1;
        const answer = await auth.login(call.value.user, call.value.pin).finally(() => {
          loginsNow -= 1;
        });
        if (!answer.ok) {
          const { reason, retryAfterMs } = answer;
          log.warn({ event: 'login-refused', address: request.address, reason });
          if (retryAfterMs !== undefined) return tooMany(retryAfterMs);
          return refused(401, 'login-refused', 'Name or PIN is wrong; check both and try again.');
        }
        const { token, user, roles } = answer;
        return {
          ...done({ token, user, roles }),
          headers: { 'Set-Cookie': sessionCookie(token, isTls) },
        };
      },
    },
    {
      method: 'GET',
      path: '/api/session',
      who: 'any',
      summary: 'Who am I.',
      reply: WhoReply,
      handle: ({ session }) =>
        done({ user: session?.identity.user, roles: session?.identity.roles }),
    },
    {
      method: 'DELETE',
      path: '/api/session',
      who: 'any',
      summary: 'Log out: the token ends, and sockets that were opened with it close.',
      handle: ({ session }) => {
        if (session !== undefined) {
          auth.revoke(session.token);
          deps.onRevoked(session.token);
        }
        return { ...done({}), headers: { 'Set-Cookie': endedCookie(isTls) } };
      },
    },
  ];
}

function tooMany(retryAfterMs: number) {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return refused(429, 'too-many-tries', `Too many tries; wait ${seconds} s and try again.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}
