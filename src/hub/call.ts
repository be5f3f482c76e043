import * as z from 'zod/mini';
import type { Identity } from './auth.ts';
import { type Reply, refused } from './http-reply.ts';
import type { Actor, CommandRefusal, CommandResult } from './ward.ts';
import type { Role } from './wire/index.ts';

/** One row of the table of HTTP calls: routing, rights and the OpenAPI page come from here. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{name}` stands for one segment. */
  readonly path: string;
  /** `public`: without a session. `any`: every role. */
  readonly who: 'public' | 'any' | readonly Role[];
  readonly summary: string;
  /** Media types that a body may have; none: the call takes no body. */
  readonly accepts?: readonly string[];
  readonly query?: readonly string[];
  /** For the OpenAPI page. */
  readonly body?: z.core.$ZodType;
  readonly reply?: z.core.$ZodType;
  readonly replyStatus?: number;
  readonly handle: (request: CallRequest) => Reply | Promise<Reply>;
}

export interface CallRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Absent in public calls. */
  readonly session: { readonly identity: Identity; readonly token: string } | undefined;
  readonly address: string;
  readonly body: { readonly text: string; readonly type: string } | undefined;
  /** Header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
}

export const JSON_TYPE = 'application/json';
export const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'] as const;

/** Members that every command may have beside its own. */
const CommandHead = z.object({
  commandId: z.optional(z.uuid()),
  station: z.optional(z.string().check(z.maxLength(40))),
});

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reply: Reply };

const english = z.locales.en().localeError;

export function readShape<T>(schema: z.ZodMiniType<T>, value: unknown, where: string): Read<T> {
  const result = schema.safeParse(value, { error: english });
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') ?? '';
  const what = path === '' ? `The ${where}` : `"${path}" in the ${where}`;
  return no(
    refused(400, 'shape', `${what} is not as expected: ${issue?.message ?? 'not understood'}.`, {
      ...(path !== '' && { path }),
    }),
  );
}

export function readJson(request: CallRequest): Read<unknown> {
  try {
    return { ok: true, value: JSON.parse(request.body?.text ?? '{}') };
  } catch {
    return no(refused(400, 'shape', 'The body is not valid JSON; send one JSON object.'));
  }
}

export function readBodyAs<T>(request: CallRequest, schema: z.ZodMiniType<T>): Read<T> {
  const json = readJson(request);
  return json.ok ? readShape(schema, json.value, 'body') : json;
}

/** A command of an open shape: what everybody gives is taken out, the rest is for the ward to judge. */
export function readCommand(
  request: CallRequest,
): Read<{ readonly by: Actor; readonly rest: Readonly<Record<string, unknown>> }> {
  const json = readJson(request);
  if (!json.ok) return json;
  const object = readShape(z.record(z.string(), z.unknown()), json.value, 'body');
  if (!object.ok) return object;
  const head = readShape(CommandHead, object.value, 'body');
  if (!head.ok) return head;
  const by = actorOf(request, head.value);
  if (!by.ok) return by;
  const { commandId: _id, station: _station, ...rest } = object.value;
  return { ok: true, value: { by: by.value, rest } };
}

export function actorOf(
  request: CallRequest,
  head: { readonly commandId?: string | undefined; readonly station?: string | undefined },
): Read<Actor> {
  const { session, idempotencyKey } = request;
  if (session === undefined) return no(refused(401, 'no-session', 'Log in first.'));
  if (idempotencyKey !== undefined) {
    const key = readShape(z.uuid(), idempotencyKey, 'header Idempotency-Key');
    if (!key.ok) return key;
    if (head.commandId !== undefined && head.commandId !== idempotencyKey)
      return no(
        refused(400, 'shape', 'commandId and Idempotency-Key differ; send one of them.', {
          path: 'commandId',
        }),
      );
  }
  const commandId = head.commandId ?? idempotencyKey;
  return {
    ok: true,
    value: {
      user: session.identity.user,
      roles: session.identity.roles,
      ...(head.station !== undefined && head.station !== '' && { station: head.station }),
      ...(commandId !== undefined && { commandId }),
    },
  };
}

/** The ward's answer as an HTTP reply. */
export function answer<T>(
  result: CommandResult<T>,
  toJson: (value: T) => unknown,
  status = 200,
): Reply {
  return result.ok ? { status, json: toJson(result.value) } : wardRefused(result);
}

export function wardRefused(refusal: CommandRefusal): Reply {
  const { status, code, message, path, detail, draftId } = refusal;
  return {
    status,
    json: {
      error: {
        code,
        message,
        ...(path !== undefined && { path }),
        ...(detail !== undefined && { detail }),
        ...(draftId !== undefined && { draftId }),
      },
    },
    ...(status === 503 && { headers: { 'Retry-After': '2' } }),
  };
}

const no = (reply: Reply): { ok: false; reply: Reply } => ({ ok: false, reply });
