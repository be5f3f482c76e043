/** The calls about the station and its alarms. */
import { type AlarmView, LoginReply } from '../wire.ts';
import { type Answer, call, readNothing } from './call.ts';

export interface Login {
  readonly token: string;
  readonly user: string;
}

type AlarmRefs = readonly Pick<AlarmView, 'alarmId' | 'rev'>[];

/** Logs the station in: the gateway sets the session cookie. */
export function logIn(user: string, pin: string): Promise<Answer<Login>> {
  return call('POST', 'api/session', { body: { user, pin }, read: readLogin });
}

/** Identifies one nurse for one action; without credentials, so that the station keeps its own session. */
export function identify(user: string, pin: string): Promise<Answer<Login>> {
  return call('POST', 'api/session', { body: { user, pin }, read: readLogin, isAnonymous: true });
}

export function logOut(): Promise<Answer<null>> {
  return call('DELETE', 'api/session', { read: readNothing });
}

export function acknowledge(
  token: string,
  commandId: string,
  station: string,
  alarms: AlarmRefs,
): Promise<Answer<null>> {
  return call('POST', 'api/alarms/acknowledge', {
    body: { commandId, ...named(station), alarms: refs(alarms) },
    read: readNothing,
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
    read: readNothing,
  });
}

export function pauseSound(
  commandId: string,
  station: string,
  bedId: string,
): Promise<Answer<null>> {
  return call('POST', `api/beds/${encodeURIComponent(bedId)}/audio-pause`, {
    body: { commandId, ...named(station) },
    read: readNothing,
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
    read: readNothing,
  });
}

function named(station: string): { station?: string } {
  return station === '' ? {} : { station };
}

function refs(alarms: AlarmRefs): AlarmRefs {
  return alarms.map(({ alarmId, rev }) => ({ alarmId, rev }));
}

function readLogin(body: unknown): { readonly value: Login } | null {
  const parsed = LoginReply.safeParse(body);
  return parsed.success ? { value: parsed.data } : null;
}
