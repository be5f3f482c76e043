import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SimulatorProcess, startSimulators } from '../../simulators/host/client.ts';
import { captured, captureFile } from '../../src/port/capture.ts';
import { openPort } from '../../src/port/open-port.ts';
import type { PortEvent } from '../../src/port/port.ts';
import { portClaims } from '../../src/port/port-claims.ts';
import { connectForever } from '../../src/port/reconnecting.ts';
import { realTimeline, VirtualTimeline } from '../../src/time/timeline.ts';
import { line9600, queries, said } from '../port/support.ts';
import { Listener } from '../port/wire-support.ts';

let dir: string;
let ward: SimulatorProcess | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'capture-'));
});
afterEach(async () => {
  await ward?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('what a real port said, unplugging included, is replayed in virtual time with its times', async () => {
  const timeline = realTimeline();
  ward = await startSimulators({
    dir,
    devices: [{ id: 'a', simulator: 'ticker', options: { everyMs: 40 } }],
  });
  const around = { driver: { line: line9600, queries }, claims: portClaims(), deviceId: 'a' };
  const path = join(dir, 'a.capture');
  const sink = captureFile({
    path,
    deviceId: 'a',
    driver: 'ticker',
    line: line9600,
    clock: timeline,
  });
  const live = openPort({ kind: 'serial', path: ward.paths['a'] ?? '' }, { ...around, timeline });
  const heard = new Listener(connectForever(captured(live, sink), timeline));
  await heard.nextLine();
  await heard.nextLine();
  const closed = heard.nextClosed();
  await ward.unplug('a');
  await closed;
  const line = heard.nextLine();
  await ward.plug('a');
  await line;
  heard.leave();
  await sink.close();
  expect(sink.lostBytes()).toBe(0);

  const virtual = new VirtualTimeline();
  const replayed: PortEvent[] = [];
  const port = openPort({ kind: 'replay', path }, { ...around, timeline: virtual });
  connectForever(port, virtual).subscribe((event) => replayed.push(event));
  virtual.advance(60_000);
  expect(port.mode).toBe('test');
  const bytes = (events: readonly PortEvent[]) => {
    const startMs = events[0]?.atMs ?? 0;
    return events.flatMap((event) =>
      event.kind === 'bytes' ? [[said(event), event.atMs - startMs] as const] : [],
    );
  };
  const expected = bytes(heard.events);
  const found = bytes(replayed);
  expect(found.map(([text]) => text)).toEqual(expected.map(([text]) => text));
  for (const [index, [, atMs]] of found.entries())
    expect(atMs).toBeCloseTo(expected[index]?.[1] ?? -1, 2);
});
