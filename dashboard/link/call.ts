/** One HTTP call to the gateway. It ends in one of three plain answers. */
import { ErrorReply } from '../wire.ts';

export type Answer<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** The gateway said no; the sentence is for a person. */
  | Refusal
  /** Nobody knows whether it was done. */
  | { readonly kind: 'unconfirmed'; readonly sentence: string };

export interface Refusal {
  readonly kind: 'refused';
  readonly status: number;
  readonly sentence: string;
  readonly code?: string;
  /** The field that it is about. */
  readonly path?: string;
  readonly detail?: unknown;
}

export interface CallOptions<T> {
  readonly body?: unknown;
  /** `null`: the answer is not what the contract says. */
  readonly read: (body: unknown) => { readonly value: T } | null;
  /** Of the person who does it; else it is done with the session of the station. */
  readonly token?: string;
  readonly isAnonymous?: boolean;
}

type Method = 'GET' | 'POST' | 'DELETE';

const TIMEOUT_MS = 5_000;

export async function call<T>(
  method: Method,
  path: string,
  options: CallOptions<T>,
): Promise<Answer<T>> {
  const headers: Record<string, string> = {};
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`;
  try {
    const reply = await fetch(path, {
      method,
      headers,
      credentials: options.isAnonymous || options.token !== undefined ? 'omit' : 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    });
    const body: unknown = await reply.json().catch(() => null);
    if (!reply.ok) return refusalOf(reply.status, body);
    const read = options.read(body);
    return read === null
      ? {
          kind: 'unconfirmed',
          sentence: 'The gateway answered something unknown. Look at the state, then try again.',
        }
      : { kind: 'done', value: read.value };
  } catch {
    return {
      kind: 'unconfirmed',
      sentence: 'Not confirmed: the gateway did not answer. Try again.',
    };
  }
}

/** For calls whose answer says no more than that it was done. */
export const readNothing = (): { readonly value: null } => ({ value: null });

function refusalOf(status: number, body: unknown): Refusal {
  const parsed = ErrorReply.safeParse(body);
  if (!parsed.success) return { kind: 'refused', status, sentence: sentenceOf(status) };
  const { code, message, path, detail } = parsed.data.error;
  return {
    kind: 'refused',
    status,
    sentence: message,
    code,
    ...(path === undefined ? {} : { path }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function sentenceOf(status: number): string {
  if (status === 401) return 'Name or PIN is wrong.';
  if (status === 403) return 'This user may not do that.';
  if (status === 429) return 'Too many tries. Wait a minute.';
  return `The gateway refused it (${status}).`;
}

/** `crypto.randomUUID` exists on secure origins only, and a ward gateway may be plain HTTP. */
export function newCommandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
