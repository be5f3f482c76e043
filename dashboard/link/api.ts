/** The few calls that change something at the gateway. Each ends in one of three plain answers. */
import { type AlarmView, ErrorReply, LoginReply } from '../wire.ts';

export type Answer<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** The gateway said no; the sentence is for a person. */
  | { readonly kind: 'refused'; readonly status: number; readonly sentence: string }
  /** Nobody knows whether it was done. */
  | { readonly kind: 'unconfirmed'; readonly sentence: string };

export interface Login {
  readonly token: string;
  readonly user: string;
}

type AlarmRefs = readonly Pick<AlarmView, 'alarmId' | 'rev'>[];

const TIMEOUT_MS = 5_000;

/** Logs the station in: the gateway sets the session cookie. */
export function logIn(user: string, pin: string): Promise<Answer<Login>> {
  return call('POST', 'api/session', { body: { user, pin }, read: readLogin });
}

/** Identifies one nurse for one action; without credentials, so that the station keeps its own session. */
export function identify(user: string, pin: string): Promise<Answer<Login>> {
  return call('POST', 'api/session', { body: { user, pin }, read: readLogin, isAnonymous: true });
}

export function logOut(): Promise<Answer<null>> {
  return call('DELETE', 'api/session', { read: () => null });
}

export function acknowledge(
  token: string,
  commandId: string,
  station: string,
  alarms: AlarmRefs,
): Promise<Answer<null>> {
  return call('POST', 'api/alarms/acknowledge', {
    body: { commandId, ...named(station), alarms: refs(alarms) },
    read: () => null,
    token,
  });
}

export function markSeen(
  commandId: string,
  station: string,
  alarms: AlarmRefs,
): Promise<Answer<null>> {
  return call('POST', 'api/alarms/seen', {
    body: { commandId, ...named(station), alarms: refs(alarms) },
    read: () => null,
  });
}

export function pauseSound(
  commandId: string,
  station: string,
  bedId: string,
): Promise<Answer<null>> {
  return call('POST', `api/beds/${encodeURIComponent(bedId)}/audio-pause`, {
    body: { commandId, ...named(station) },
    read: () => null,
  });
}

/** The device that answers at a place, with this serial number, belongs there. */
export function confirmDevice(
  commandId: string,
  station: string,
  deviceId: string,
  serial: string,
): Promise<Answer<null>> {
  return call('POST', `api/devices/${encodeURIComponent(deviceId)}/confirm`, {
    body: { commandId, ...named(station), serial },
    read: () => null,
  });
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

function named(station: string): { station?: string } {
  return station === '' ? {} : { station };
}

function refs(alarms: AlarmRefs): AlarmRefs {
  return alarms.map(({ alarmId, rev }) => ({ alarmId, rev }));
}

function readLogin(body: unknown): Login | null {
  const parsed = LoginReply.safeParse(body);
  return parsed.success ? parsed.data : null;
}

async function call<T>(
  method: 'POST' | 'DELETE',
  path: string,
  options: {
    readonly body?: unknown;
    readonly read: (body: unknown) => T | null;
    readonly token?: string;
    readonly isAnonymous?: boolean;
  },
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
    if (!reply.ok)
      return { kind: 'refused', status: reply.status, sentence: sentenceOf(reply.status, body) };
    const value = options.read(body);
    if (value === null && path === 'api/session' && method === 'POST') {
      return {
        kind: 'unconfirmed',
        sentence: 'The gateway answered something unknown. Try again.',
      };
    }
    return { kind: 'done', value: value as T };
  } catch {
    return {
      kind: 'unconfirmed',
      sentence: 'Not confirmed: the gateway did not answer. Try again.',
    };
  }
}

function sentenceOf(status: number, body: unknown): string {
  const parsed = ErrorReply.safeParse(body);
  if (parsed.success) return parsed.data.error.message;
  if (status === 401) return 'Name or PIN is wrong.';
  if (status === 403) return 'This user may not do that.';
  if (status === 429) return 'Too many tries. Wait a minute.';
  return `The gateway refused it (${status}).`;
}
