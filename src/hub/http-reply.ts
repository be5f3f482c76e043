import type { ServerResponse } from 'node:http';

/** What an HTTP call is answered with; `json` or `text`, not both. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: { readonly type: string; readonly content: string | Uint8Array };
}

/** Who may load what: only this gateway, nothing inline (docs/interfaces.md). */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function securityHeaders(isTls: boolean): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...(isTls && { 'Strict-Transport-Security': 'max-age=31536000' }),
  };
}

export const done = (json: unknown): Reply => ({ status: 200, json });

/** @param message one sentence for a person: what, where, what to do */
export function refused(
  status: number,
  code: string,
  message: string,
  more: { readonly path?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Reply {
  return {
    status,
    json: { error: { code, message, ...(more.path !== undefined && { path: more.path }) } },
    ...(more.headers !== undefined && { headers: more.headers }),
  };
}

export function sendReply(
  response: ServerResponse,
  reply: Reply,
  common: Readonly<Record<string, string>>,
  isHead: boolean,
): void {
  const { type, content } = reply.text ?? {
    type: 'application/json; charset=utf-8',
    content: JSON.stringify(reply.json ?? {}),
  };
  response.writeHead(reply.status, {
    'Cache-Control': 'no-store',
    ...common,
    ...reply.headers,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(content),
  });
  response.end(isHead ? undefined : content);
}
