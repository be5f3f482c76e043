import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { PortEvent } from '../../src/port/port.ts';
import { connectForever } from '../../src/port/reconnecting.ts';
import { tcpListenPort } from '../../src/port/tcp-listen-port.ts';
import { realTimeline } from '../../src/time/timeline.ts';
import { latin1, queries, textOf } from './support.ts';
import { Listener, openFiles } from './wire-support.ts';

const timeline = realTimeline();
const HOST = '127.0.0.1';
const listeners: Listener[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) listener.leave();
  for (const socket of sockets.splice(0)) socket.destroy();
  // The kernel's word that everything is closed comes in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
});

/** A port number that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The gateway's end, kept open for ever. */
async function listening() {
  const number = await freePort();
  const port = tcpListenPort({ host: HOST, port: number, timeline });
  const heard = new Listener(connectForever(port, timeline));
  listeners.push(heard);
  return { number, port, heard, label: `tcp listen ${HOST}:${number}` };
}

/** A pump that connects by itself, trying again until somebody listens. */
async function pump(number: number): Promise<Socket> {
  const until = timeline.monotonicMs() + 5_000;
  for (;;) {
    const socket = connect(number, HOST);
    sockets.push(socket);
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.on('error', () => undefined);
    if (isOpen) return socket;
    if (timeline.monotonicMs() > until) throw new Error(`nobody listens on ${number}`);
    await new Promise((resolve) => timeline.after(20, () => resolve(undefined)));
  }
}

const receivedBy = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once('data', (chunk: Buffer) => resolve(textOf(chunk))));

describe('tcpListenPort', () => {
  test('a device that connects is the port: bytes flow both ways', async () => {
    const { number, port, heard, label } = await listening();
    expect(port).toMatchObject({ label, mode: 'real' });
    expect(heard.events, 'nothing until a device is there').toEqual([]);
    const socket = await pump(number);
    const opened = await heard.until('opened', () => heard.opened[0]);
    expect(opened.name).toBe(`tcp ${HOST}`);
    const received = receivedBy(socket);
    opened.write(queries.get('rate'));
    expect(await received).toBe('RATE\r\n');
    const line = heard.nextLine('answer', /^8\.00$/);
    socket.write(latin1('8.00\r\n'));
    await line;
  });

  test('one device at a time: a second is refused and the first goes on', async () => {
    const { number, heard } = await listening();
    const first = await pump(number);
    await heard.until('opened', () => heard.opened[0]);
    const second = await pump(number);
    second.write(latin1('99.00\r\n'));
    if (!second.closed) await once(second, 'close');
    const line = heard.nextLine();
    first.write(latin1('8.00\r\n'));
    await line;
    expect(heard.opened).toHaveLength(1);
    expect(heard.closed).toEqual([]);
    expect(heard.lines.map(({ text }) => text)).toEqual(['8.00']);
  });

  test('the device leaves and comes back, five times: closed each time, and nothing left open', async () => {
    const { number, heard, label } = await listening();
    const before = openFiles();
    for (let visit = 0; visit < 5; visit++) {
      const socket = await pump(number);
      await heard.until('opened', () => heard.opened[visit]);
      const line = heard.nextLine();
      socket.write(latin1(`visit ${visit}\r\n`));
      expect((await line).text).toBe(`visit ${visit}`);
      if (visit % 2 === 0) socket.end();
      else socket.resetAndDestroy();
      const closed = await heard.until('closed', () => heard.closed[visit]);
      expect(closed.reason).toMatch(
        new RegExp(`^${label}: the device (closed|broke) the connection$`),
      );
      socket.destroy();
    }
    expect(openFiles()).toBeLessThanOrEqual(before + 1);
  });

  test('what the device says after its port was closed is not heard, and writing does nothing', async () => {
    const { number, heard } = await listening();
    const socket = await pump(number);
    const opened = await heard.until('opened', () => heard.opened[0]);
    socket.end();
    await heard.until('closed', () => heard.closed[0]);
    expect(() => opened.write(queries.get('rate'))).not.toThrow();
    expect(heard.events.at(-1)?.kind).toBe('closed');
  });

  test('a port number in use: one plain sentence, said once, and taken when it is free', async () => {
    const number = await freePort();
    const other = createServer().listen(number, HOST);
    await once(other, 'listening');
    const port = tcpListenPort({ host: HOST, port: number, timeline });
    const heard = new Listener(connectForever(port, timeline));
    listeners.push(heard);
    expect((await heard.until('closed', () => heard.closed[0])).reason).toBe(
      `tcp listen ${HOST}:${number}: another program uses this port number: stop it, or choose another number`,
    );
    await new Promise((resolve) => other.close(resolve));
    await pump(number);
    await heard.until('opened', () => heard.opened[0]);
    expect(heard.closed).toHaveLength(1);
  });

  test('an address that this PC does not have: one plain sentence', async () => {
    // TEST-NET-1: belongs to nobody.
    const heard = new Listener(
      tcpListenPort({ host: '192.0.2.1', port: 4001, timeline }).connect(),
    );
    listeners.push(heard);
    expect((await heard.until('closed', () => heard.closed[0])).reason).toBe(
      'tcp listen 192.0.2.1:4001: this PC does not have that address: correct host in the configuration',
    );
  });

  test.each(['before it listens', 'while it waits', 'while a device is there'])(
    'unsubscribed %s: the port number is free again and no handle is left',
    async (when) => {
      const number = await freePort();
      const before = openFiles();
      const events: PortEvent[] = [];
      const port = tcpListenPort({ host: HOST, port: number, timeline });
      const subscription = port.connect().subscribe((event) => events.push(event));
      let socket: Socket | undefined;
      if (when === 'while a device is there') socket = await pump(number);
      if (when === 'while it waits') await someTurns();
      subscription.unsubscribe();
      if (socket !== undefined && !socket.closed) await once(socket, 'close');
      await someTurns();
      const again = createServer().listen(number, HOST);
      await once(again, 'listening');
      await new Promise((resolve) => again.close(resolve));
      await someTurns();
      expect(openFiles()).toBeLessThanOrEqual(before);
    },
  );
});

/** Some turns of the event loop: long enough for a port of this machine to begin or to end listening. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
