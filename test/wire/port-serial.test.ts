import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SimulatorProcess, startSimulators } from '../../simulators/host/client.ts';
import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import { openPort } from '../../src/port/open-port.ts';
import type { Port } from '../../src/port/port.ts';
import { type PortClaims, portClaims } from '../../src/port/port-claims.ts';
import { connectForever } from '../../src/port/reconnecting.ts';
import { serialPort } from '../../src/port/serial-port.ts';
import { realTimeline } from '../../src/time/timeline.ts';
import { latin1, line9600, queries } from '../port/support.ts';
import { Listener, openFiles } from '../port/wire-support.ts';

const timeline = realTimeline();
let dir: string;
let ward: SimulatorProcess | undefined;
let claims: PortClaims;
let listeners: Listener[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'port-'));
  claims = portClaims();
  listeners = [];
});
afterEach(async () => {
  for (const listener of listeners) listener.leave();
  await ward?.stop();
  ward = undefined;
  rmSync(dir, { recursive: true, force: true });
});

async function start(...ids: string[]): Promise<SimulatorProcess> {
  ward = await startSimulators({
    dir,
    devices: ids.map((id) => ({ id, simulator: 'ticker', options: { everyMs: 50 } })),
  });
  return ward;
}

const port = (path: string, more: { search?: string[]; owner?: string } = {}): Port =>
  serialPort({ path, line: line9600, claims, timeline, ...more });

function listen(to: Port, forever = true): Listener {
  const listener = new Listener(forever ? connectForever(to, timeline) : to.connect());
  listeners.push(listener);
  return listener;
}

test('bytes flow both ways and frames come split', async () => {
  const { paths } = await start('usb0');
  const guarded = openPort(
    { kind: 'serial', path: paths['usb0'] ?? '' },
    { driver: { line: line9600, queries }, claims, timeline, deviceId: 'B01-pump' },
  );
  const heard = listen(guarded);
  const { write, name } = await heard.nextOpened();
  expect(name).toBe(paths['usb0']);
  write(queries.get('rate'));
  await heard.nextLine('echo', /^ECHO RATE$/);
  await heard.nextLine('tick', /^TICK \d+ 0$/);
  await heard.nextLine('tick', /^TICK \d+ 0$/);
  await heard.split();

  write(latin1('STOP\r\n') as QueryBytes);
  expect(guarded.refused()).toBe(1);
  write(queries.get('serial'));
  await heard.nextLine('echo', /^ECHO SERIAL$/);
  expect(heard.lines.some(({ text }) => text.includes('STOP'))).toBe(false);
  expect(await ward?.describe('usb0')).toMatchObject({ echoes: 2 });
});

test('unplugged and plugged in again under the same name: closed once, bytes again within 2 s', async () => {
  const simulators = await start('usb0');
  const heard = listen(port(simulators.paths['usb0'] ?? ''));
  await heard.nextLine();
  const closed = heard.nextClosed();
  const pulledAtMs = timeline.monotonicMs();
  await simulators.unplug('usb0');
  const { reason, atMs } = await closed;
  expect(reason).toMatch(/usb0 was disconnected.*: check the cable and the adapter/);
  await pause(1_500);
  // The node is gone: that is another sentence; the repeated attempts said nothing more.
  expect(heard.closed).toHaveLength(2);
  const line = heard.nextLine('line after replug', /^TICK/);
  await simulators.plug('usb0');
  const backAtMs = timeline.monotonicMs();
  const first = await line;
  process.stdout.write(
    `closed after ${(atMs - pulledAtMs).toFixed(1)} ms, bytes ${(first.atMs - backAtMs).toFixed(0)} ms after replug\n`,
  );
  expect(first.atMs - backAtMs).toBeLessThan(2_000);
});

test("comes back under another name: found by search, a neighbour's port is left alone", async () => {
  const simulators = await start('usb0', 'usb1');
  const neighbour = listen(port(simulators.paths['usb1'] ?? '', { owner: 'neighbour' }));
  const heard = listen(
    port(simulators.paths['usb0'] ?? '', { owner: 'me', search: [join(dir, 'usb*')] }),
  );
  await Promise.all([heard.nextLine(), neighbour.nextLine()]);
  const closed = heard.nextClosed();
  await simulators.unplug('usb0');
  await closed;
  const opened = heard.nextOpened();
  const line = heard.nextLine();
  const path = await simulators.plug('usb0', 'usb7');
  const backAtMs = timeline.monotonicMs();
  expect((await opened).name).toBe(path);
  process.stdout.write(
    `bytes ${((await line).atMs - backAtMs).toFixed(0)} ms after replug under another name\n`,
  );
  expect((await line).atMs - backAtMs).toBeLessThan(2_000);
  expect(neighbour.closed).toHaveLength(0);
});

test('a configured neighbour keeps its port even while it has not opened it', async () => {
  const simulators = await start('usb1');
  claims.reserve(simulators.paths['usb1'] ?? '', 'neighbour');
  const heard = listen(port(join(dir, 'usb0'), { search: [join(dir, 'usb*')] }), false);
  const { reason } = await heard.nextClosed();
  expect(reason).toBe(
    `${dir}/usb0 does not exist and no free port matches ${dir}/usb*: plug the adapter in, or correct the path in the configuration`,
  );
});

test('a found port that proves to be another device gives way to the next one', async () => {
  await start('usb3', 'usb4');
  const heard = listen(port(join(dir, 'usb0'), { search: [join(dir, 'usb*')] }));
  const first = await heard.nextOpened();
  expect(first.name).toBe(join(dir, 'usb3'));
  const second = heard.nextOpened();
  first.notMyDevice?.();
  expect((await second).name).toBe(join(dir, 'usb4'));
});

test('a found port from which nothing comes gives way after a while', async () => {
  ward = await startSimulators({
    dir,
    devices: [
      { id: 'usb3', simulator: 'ticker', options: { everyMs: 1e9 } },
      { id: 'usb4', simulator: 'ticker', options: { everyMs: 50 } },
    ],
  });
  const heard = listen(port(join(dir, 'usb0'), { search: [join(dir, 'usb*')] }));
  expect((await heard.nextOpened()).name).toBe(join(dir, 'usb3'));
  const second = heard.nextOpened(10_000);
  expect((await second).name).toBe(join(dir, 'usb4'));
  await heard.nextLine('tick', /^TICK/);
});

test('a link that now leads elsewhere is noticed, though nobody wrote and the old node is still there', async () => {
  const simulators = await start('usb0', 'usb1');
  const link = join(dir, 'by-id');
  symlinkSync(simulators.paths['usb0'] ?? '', link);
  const heard = listen(port(link));
  await heard.nextLine();
  const closed = heard.nextClosed(3_000);
  rmSync(link);
  symlinkSync(simulators.paths['usb1'] ?? '', link);
  expect((await closed).reason).toBe(`${link} has gone: plug the adapter in again`);
  await heard.nextLine('line from the new node', /^TICK/, 3_000);
});

test('twenty times unplugged and plugged in again: no file is left open', async () => {
  const simulators = await start('usb0');
  const heard = listen(port(simulators.paths['usb0'] ?? ''));
  await heard.nextLine();
  const before = openFiles();
  const tookMs: number[] = [];
  for (let cycle = 0; cycle < 20; cycle += 1) {
    const closed = heard.nextClosed();
    await simulators.unplug('usb0');
    await closed;
    const line = heard.nextLine('line after replug', /^TICK/);
    await simulators.plug('usb0');
    const backAtMs = timeline.monotonicMs();
    tookMs.push((await line).atMs - backAtMs);
  }
  process.stdout.write(`20 replugs: slowest ${Math.max(...tookMs).toFixed(0)} ms\n`);
  expect(Math.max(...tookMs)).toBeLessThan(2_000);
  expect(openFiles()).toBeLessThanOrEqual(before + 1);
  heard.leave();
});

test('unsubscribed at any moment, the port is closed and free again', async () => {
  const simulators = await start('usb0');
  const path = simulators.paths['usb0'] ?? '';
  const before = openFiles();
  for (const waitMs of [0, 0, 1, 2, 5, 10, 20]) {
    const heard = listen(port(path), false);
    await pause(waitMs);
    heard.leave();
  }
  // The last one was closed completely when another finds it free and gets bytes.
  const last = listen(port(path));
  await last.nextLine();
  last.leave();
  await expect.poll(openFiles, { timeout: 5_000 }).toBeLessThanOrEqual(before);
  await expect.poll(() => claims.holder(realpathSync(path))).toBeUndefined();
});

test('writes after close do nothing', async () => {
  const simulators = await start('usb0');
  const heard = listen(port(simulators.paths['usb0'] ?? ''), false);
  const { write } = await heard.nextOpened();
  const closed = heard.nextClosed();
  await simulators.unplug('usb0');
  await closed;
  write(queries.get('rate'));
  write(queries.get('rate'));
  await pause(50);
  expect(heard.closed).toHaveLength(1);
});

test('what keeps a port from opening is one plain sentence that says what to do', async () => {
  const simulators = await start('usb0');
  const path = simulators.paths['usb0'] ?? '';
  const why = async (to: Port) => (await listen(to, false).nextClosed()).reason;
  mkdirSync(join(dir, 'folder'));
  writeFileSync(join(dir, 'file'), '');
  expect(await why(port(join(dir, 'usb9')))).toBe(
    `${dir}/usb9 does not exist: plug the adapter in, or correct the path in the configuration`,
  );
  expect(await why(port(join(dir, 'folder')))).toMatch(
    /folder is a directory, not a serial port: give the path/,
  );
  expect(await why(port(join(dir, 'file')))).toMatch(
    /file is not a device, not a serial port: give the path/,
  );
  expect(await why(port('/dev/null'))).toMatch(/^\/dev\/null is not a serial port/);

  const first = listen(port(path, { owner: 'B01-pump' }));
  await first.nextOpened();
  expect(await why(port(path, { owner: 'B02-pump' }))).toBe(
    `${path} is already used for B01-pump in this gateway: give each device its own port`,
  );
  // Another program has no part in our claims.
  claims = portClaims();
  expect(await why(port(path))).toMatch(/usb0 is in use by another program: stop that program/);
});
