import type { DeviceEvent } from '../../src/observation/device-event.ts';

export const accepted = (atMs: number): DeviceEvent => ({ kind: 'frame-accepted', atMs });

export const rejected = (
  reason: 'checksum' | 'malformed' | 'unexpected',
  atMs: number,
): DeviceEvent => ({ kind: 'frame-rejected', reason, atMs });

export const missed = (query: string, atMs: number): DeviceEvent => ({
  kind: 'reply-missed',
  query,
  atMs,
});
