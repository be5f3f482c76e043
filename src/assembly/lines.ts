import { join } from 'node:path';
import type { Observable } from 'rxjs';
import type { CheckedDevice, LoadedConfig } from '../config/load-config.ts';
import type { PictureEvent } from '../observation/device-picture.ts';
import { deviceLink, type LinkDeps } from '../pipeline/device-link.ts';
import { sharedLine } from '../pipeline/line.ts';
import { type CaptureFile, captured, captureFile } from '../port/capture.ts';
import { lineOf, openPort } from '../port/open-port.ts';
import { type PortClaims, portClaims } from '../port/port-claims.ts';
import { type GuardedPort, guarded } from '../port/write-guard.ts';
import type { Timeline } from '../time/timeline.ts';

/** What the ward needs of a device: where it hangs, and what it says. */
export interface DeviceSource {
  readonly portLabel: string;
  readonly events: Observable<readonly PictureEvent[]>;
}

export interface LineSurroundings {
  readonly timeline: Timeline;
  /** An empty folder that every raw byte goes to; `null` = nowhere. */
  readonly captureDir: string | null;
  /** Files that were opened, for whoever closes them. */
  readonly captures: CaptureFile[];
  readonly onFault: (deviceId: string, error: unknown) => void;
}

/** Makes the way to every configured device; devices with one `lineKey` share one port and session. */
export function deviceSources(
  { devices }: LoadedConfig,
  around: LineSurroundings,
): ReadonlyMap<string, DeviceSource> {
  const lines = Map.groupBy(devices, ({ lineKey }) => lineKey);
  const claims = portClaims();
  for (const [first] of lines.values()) {
    if (first?.device.port.kind === 'serial')
      claims.reserve(first.device.port.path, first.device.id);
  }
  const sources = new Map<string, DeviceSource>();
  for (const sharers of lines.values()) {
    for (const [id, source] of sourcesOnLine(sharers, claims, around)) sources.set(id, source);
  }
  return sources;
}

function sourcesOnLine(
  sharers: readonly CheckedDevice[],
  claims: PortClaims,
  around: LineSurroundings,
): readonly (readonly [string, DeviceSource])[] {
  const [first] = sharers;
  if (first === undefined) return [];
  const { driver, options, device } = first;
  const port = openCapturedPort(first, claims, around);
  const deps: Omit<LinkDeps, 'channels'> = {
    driver,
    options,
    port,
    timeline: around.timeline,
    onFault: (error) => around.onFault(device.id, error),
  };
  if (first.channel === null)
    return [[device.id, { portLabel: port.label, events: deviceLink(deps) }]];
  const channels = sharers.map(({ channel }) => channel ?? '');
  const line = sharedLine({ ...deps, channels });
  return sharers.map(({ device: { id }, channel }) => [
    id,
    {
      portLabel: `${port.label}, ${driver.channels?.title} ${channel}`,
      events: line.eventsOf(channel ?? ''),
    },
  ]);
}

/** Of the first device on a line; those that share it are in the same file. */
export const captureName = (deviceId: string): string => `${deviceId}.capture`;

function openCapturedPort(
  { device, driver, options }: CheckedDevice,
  claims: PortClaims,
  { timeline, captureDir, captures }: LineSurroundings,
): GuardedPort {
  const queries = driver.queriesWith?.(options) ?? driver.queries;
  const guardedBy = { line: driver.line, queries };
  const port = openPort(device.port, {
    driver: guardedBy,
    timeline,
    claims,
    deviceId: device.id,
  });
  if (captureDir === null) return port;
  const file = captureFile({
    path: join(captureDir, captureName(device.id)),
    deviceId: device.id,
    driver: driver.id,
    line: lineOf(device.port, driver.line),
    clock: timeline,
  });
  captures.push(file);
  return guarded(captured(port, file), queries);
}
