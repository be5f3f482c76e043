import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from './auth.ts';
import type { Call, CallRequest } from './call.ts';
import { hasBody, mediaType, readBody } from './http-body.ts';
import { type Reply, refused, sendReply } from './http-reply.ts';
import type { Log } from './log.ts';
import type { HubMetrics } from './metrics.ts';
import { judgeOrigin, type OriginRule } from './origin.ts';
import { findSession, type SessionFound } from './session.ts';

export interface RouterDeps {
  readonly calls: readonly Call[];
  readonly auth: Authenticator;
  readonly originRule: OriginRule;
  readonly bodyBytesMax: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly metrics: HubMetrics;
  readonly log: Log;
  /** Everything that is not a call. */
  readonly files: (path: string) => Promise<Reply>;
}

interface Route {
  readonly call: Call;
  readonly segments: readonly string[];
}

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const isCallPath = (path: string): boolean =>
  path === '/healthz' || path === '/metrics' || path === '/api' || path.startsWith('/api/');

export function createRouter(deps: RouterDeps): HttpHandler {
  const routes: readonly Route[] = deps.calls.map((call) => ({
    call,
    segments: call.path.split('/'),
  }));
  return async (request, response) => {
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2);
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    let label = 'file';
    let reply: Reply;
    try {
      if (isCallPath(path)) {
        const found = findRoute(routes, method, path);
        label = found.kind === 'route' ? `${method} ${found.call.path}` : 'unknown';
        reply = await toReply(deps, request, found, new URLSearchParams(search));
      } else if (method !== 'GET') {
        reply = methodNotAllowed(path, ['GET', 'HEAD']);
      } else reply = await deps.files(path);
    } catch (error) {
      deps.log.error({ event: 'call-failed', call: label, error: String(error) });
      reply = refused(
        500,
        'internal',
        'The gateway failed at this call; look at the present state before you repeat it.',
      );
    }
    deps.metrics.httpReplied(label, reply.status);
    if (!response.destroyed) sendReply(response, reply, deps.headers, request.method === 'HEAD');
  };
}

type Found =
  | {
      readonly kind: 'route';
      readonly call: Call;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'refused'; readonly reply: Reply };

function findRoute(routes: readonly Route[], method: string, path: string): Found {
  const asked = path.split('/');
  const allowed = new Set<string>();
  for (const { call, segments } of routes) {
    const params = matchPath(segments, asked);
    if (params === undefined) continue;
    if (call.method === method) return { kind: 'route', call, params };
    allowed.add(call.method);
    if (call.method === 'GET') allowed.add('HEAD');
  }
  if (allowed.size > 0) return { kind: 'refused', reply: methodNotAllowed(path, [...allowed]) };
  const message = 'There is no such call; GET /api/openapi.json lists all of them.';
  return { kind: 'refused', reply: refused(404, 'no-such-call', message) };
}

function methodNotAllowed(path: string, allowed: readonly string[]): Reply {
  const message = `${path.slice(0, 80)} does not take this method; use ${allowed.join(' or ')}.`;
  return refused(405, 'method', message, { headers: { Allow: allowed.join(', ') } });
}

function matchPath(
  segments: readonly string[],
  asked: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (segments.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const given = asked[index] ?? '';
    if (!segment.startsWith('{')) {
      if (segment !== given) return undefined;
      continue;
    }
    const value = decoded(given);
    if (value === undefined || value === '' || value.length > 64) return undefined;
    params[segment.slice(1, -1)] = value;
  }
  return params;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

async function toReply(
  deps: RouterDeps,
  request: IncomingMessage,
  found: Found,
  query: URLSearchParams,
): Promise<Reply> {
  if (found.kind === 'refused') return found.reply;
  const { call, params } = found;
  const access = admit(deps, request, call);
  if (access.kind === 'refused') return access.reply;
  const body = await bodyOf(deps, request, call);
  if (body.kind === 'refused') return body.reply;
  const key = request.headers['idempotency-key'];
  const asked: CallRequest = {
    params,
    query,
    session: access.session,
    address: request.socket.remoteAddress ?? '',
    body: body.body,
    idempotencyKey: typeof key === 'string' ? key : undefined,
  };
  return call.handle(asked);
}

type Refused = { readonly kind: 'refused'; readonly reply: Reply };
type Admitted = { readonly kind: 'admitted'; readonly session: CallRequest['session'] };

function admit(deps: RouterDeps, request: IncomingMessage, call: Call): Admitted | Refused {
  if (call.who === 'public') {
    // A foreign page must not be able to log this browser in as somebody.
    const isForeign = judgeOrigin(request.headers, deps.originRule) === 'foreign';
    return call.method !== 'GET' && isForeign
      ? wrongOrigin()
      : { kind: 'admitted', session: undefined };
  }
  const found: SessionFound = findSession(request, deps.auth, deps.originRule);
  if (found.kind === 'foreign') return wrongOrigin();
  if (found.kind === 'none') {
    const message =
      'No session: log in with POST /api/session, then send its cookie or "Authorization: Bearer <token>".';
    const headers = { 'WWW-Authenticate': 'Bearer' };
    return { kind: 'refused', reply: refused(401, 'no-session', message, { headers }) };
  }
  const { who } = call;
  if (who !== 'any' && !found.identity.roles.some((role) => who.includes(role))) {
    const message = `User "${found.identity.user}" may not do this; it needs the role ${who.join(' or ')}.`;
    return { kind: 'refused', reply: refused(403, 'role', message) };
  }
  return { kind: 'admitted', session: found };
}

function wrongOrigin(): Refused {
  const message =
    'This call came from a page of another origin; open the dashboard at this gateway, or use a Bearer token.';
  return { kind: 'refused', reply: refused(403, 'origin', message) };
}

async function bodyOf(
  deps: RouterDeps,
  request: IncomingMessage,
  call: Call,
): Promise<{ readonly kind: 'body'; readonly body: CallRequest['body'] } | Refused> {
  const no = (reply: Reply): Refused => ({ kind: 'refused', reply });
  if (!hasBody(request) || call.method === 'GET') return { kind: 'body', body: undefined };
  const read = await readBody(request, deps.bodyBytesMax);
  switch (read.kind) {
    case 'too-big': {
      const message = `The body is larger than ${deps.bodyBytesMax} bytes; send less.`;
      const headers = read.isFlooding ? { Connection: 'close' } : {};
      return no(refused(413, 'too-big', message, { headers }));
    }
    case 'not-utf8':
      return no(refused(400, 'shape', 'The body is not UTF-8 text; send it as UTF-8.'));
    case 'broken-off':
      return no(
        refused(400, 'broken-off', 'The body broke off before its end; send the call again.'),
      );
    case 'text': {
      const type = mediaType(request);
      if (call.accepts === undefined || call.accepts.includes(type) || read.text === '')
        return { kind: 'body', body: read.text === '' ? undefined : { text: read.text, type } };
      const message = `This call does not read "${type.slice(0, 60)}"; send Content-Type: ${call.accepts.slice(0, 2).join(' or ')}.`;
      return no(refused(415, 'media-type', message));
    }
  }
}
