import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type SimulatorProcess, startSimulators } from '../../simulators/host/client.ts';
import { connectForever } from '../../src/port/reconnecting.ts';
import { tcpPort } from '../../src/port/tcp-port.ts';
import { realTimeline, VirtualTimeline } from '../../src/time/timeline.ts';
import { queries } from '../port/support.ts';
import { Listener, openFiles } from '../port/wire-support.ts';

const timeline = realTimeline();
let ward: SimulatorProcess | undefined;
const listeners: Listener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) listener.leave();
  await ward?.stop();
  ward = undefined;
});

async function start() {
  ward = await startSimulators({
    devices: [{ id: 'a', simulator: 'ticker', options: { everyMs: 50 }, tcp: 0 }],
  });
  const port = Number(ward.paths['a']?.split(':').at(-1));
  const tcp = tcpPort({ host: '127.0.0.1', port, timeline });
  const heard = new Listener(connectForever(tcp, timeline));
  listeners.push(heard);
  return { ward, port, tcp, heard };
}

test('bytes flow both ways through a terminal server, paced like the line behind it', async () => {
  const { heard, tcp, port } = await start();
  const { write } = await heard.nextOpened();
  expect(tcp.label).toBe(`tcp 127.0.0.1:${port}`);
  write(queries.get('rate'));
  await heard.nextLine('echo', /^ECHO RATE$/);
  await heard.nextLine('tick', /^TICK/);
  await heard.split();
});

test('unplugged and plugged in again, ten times: closed each time, bytes within 2 s, nothing left open', async () => {
  const { heard, ward: simulators } = await start();
  await heard.nextLine();
  const before = openFiles();
  for (let cycle = 0; cycle < 10; cycle += 1) {
    const closed = heard.nextClosed();
    await simulators.unplug('a');
    expect((await closed).reason).toMatch(
      /^tcp 127\.0\.0\.1:\d+ (closed the connection|broke the connection|refused)/,
    );
    const line = heard.nextLine();
    await simulators.plug('a');
    const backAtMs = timeline.monotonicMs();
    expect((await line).atMs - backAtMs).toBeLessThan(2_000);
  }
  expect(openFiles()).toBeLessThanOrEqual(before + 1);
});

test('a refused connection and an unknown host are one plain sentence', async () => {
  // A port that was free a moment ago.
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const refused = new Listener(tcpPort({ host: '127.0.0.1', port, timeline }).connect());
  expect((await refused.nextClosed()).reason).toBe(
    `tcp 127.0.0.1:${port} refused the connection: check that the terminal server is on and the port number is right`,
  );
  const unknown = new Listener(
    tcpPort({ host: 'no-such-host.invalid', port: 4001, timeline }).connect(),
  );
  expect((await unknown.nextClosed()).reason).toMatch(/^tcp no-such-host\.invalid:4001 /);
  expect(refused.events).toHaveLength(1);
  expect(unknown.events).toHaveLength(1);
});

test('unsubscribed, the connection is closed and the terminal server free for the next', async () => {
  const { heard, tcp } = await start();
  await heard.nextLine();
  heard.leave();
  const next = new Listener(connectForever(tcp, timeline));
  listeners.push(next);
  await next.nextLine();
});

test('a terminal server that does not answer is given up after 3 s', () => {
  const virtual = new VirtualTimeline();
  const silent = new Listener(tcpPort({ host: '127.0.0.1', port: 9, timeline: virtual }).connect());
  virtual.advance(2_999);
  expect(silent.closed).toHaveLength(0);
  virtual.advance(1);
  expect(silent.closed[0]?.reason).toBe(
    'tcp 127.0.0.1:9 did not answer within 3 s: check its power, the network and the address',
  );
});
