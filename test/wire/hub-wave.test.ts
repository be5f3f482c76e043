import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { WardWave } from '../../src/hub/ward.ts';
import { decodeWaveFrame, type WaveFrame } from '../../src/hub/wire/index.ts';
import { HubFixture } from '../hub/hub-fixture.ts';

let fixture: HubFixture;
const open: WebSocket[] = [];
beforeEach(async () => {
  fixture = await HubFixture.start({ limits: { blockedBytes: 0 } });
});
afterEach(async () => {
  for (const ws of open.splice(0)) ws.terminate();
  await fixture.stop();
});

class WaveClient {
  readonly frames: WaveFrame[] = [];
  readonly ws: WebSocket;
  readonly closed: Promise<number>;

  constructor(headers: Readonly<Record<string, string>>) {
    this.ws = new WebSocket(`${fixture.hub.url.replace('http', 'ws')}/ws/wave`, { headers });
    this.ws.binaryType = 'arraybuffer';
    open.push(this.ws);
    this.closed = new Promise((resolve) => this.ws.on('close', resolve));
    this.ws.on('message', (data) => {
      const frame = decodeWaveFrame(data as ArrayBuffer);
      if (frame === undefined) throw new Error('no wave frame');
      this.frames.push(frame);
    });
  }

  ready(): Promise<void> {
    return new Promise((resolve) => this.ws.once('open', () => resolve()));
  }

  inStep(): Promise<unknown> {
    const pong = new Promise((resolve) => this.ws.once('pong', resolve));
    this.ws.ping();
    return pong;
  }
}

const wave = (firstIndex: number, samples: readonly number[]): WardWave => ({
  bedId: 'B01',
  deviceId: 'B01-mon',
  stream: 7,
  block: {
    kind: 'wave',
    code: 'MDC_ECG_ELEC_POTL_II',
    firstIndex,
    samplesPerS: 300,
    samples: Int16Array.from(samples),
    scale: 0.5,
    zero: 0,
    validity: 'valid',
    atMs: 1_000,
  },
});

test('blocks arrive as they were, in order, and none before the log-in', async () => {
  const stranger = new WaveClient({});
  expect(await stranger.closed).toBe(4401);
  const client = new WaveClient(fixture.bearer('nurse'));
  await client.ready();
  fixture.ward.waves.next(wave(0, [1, -2, 3]));
  await client.inStep();
  fixture.ward.waves.next(wave(3, [4]));
  await client.inStep();
  expect(client.frames).toMatchObject([
    { stream: 7, firstIndex: 0, samplesPerS: 300, scale: 0.5, endMonotonicMs: 1_000 },
    { stream: 7, firstIndex: 3 },
  ]);
  expect([...(client.frames[0]?.samples ?? [])]).toEqual([1, -2, 3]);
  expect(stranger.frames).toEqual([]);
});

test('a client that is behind misses blocks; it is not closed and the others are served', async () => {
  const slow = new WaveClient(fixture.bearer('nurse'));
  const quick = new WaveClient(fixture.bearer('nurse'));
  await Promise.all([slow.ready(), quick.ready()]);
  slow.ws.pause();
  const large = new Array<number>(60_000).fill(1);
  for (let n = 0; n < 100; n += 1) {
    fixture.ward.waves.next(wave(n * 60_000, large));
    await quick.inStep();
  }
  expect(quick.frames.length).toBeGreaterThan(90);
  slow.ws.resume();
  await slow.inStep();
  expect(slow.frames.length).toBeLessThan(quick.frames.length);
  expect(slow.ws.readyState).toBe(WebSocket.OPEN);
  const metrics = await (await fixture.call('/metrics')).text();
  expect(metrics).toMatch(/infusewatch_hub_waves_dropped_total [1-9]/);
});

test('whoever says something is closed; a session that ends closes its socket', async () => {
  const talker = new WaveClient(fixture.bearer('nurse'));
  await talker.ready();
  talker.ws.send('hello');
  expect(await talker.closed).toBe(4400);

  const token = fixture.token('nurse');
  const client = new WaveClient({ authorization: `Bearer ${token}` });
  await client.ready();
  fixture.auth.revoke(token);
  fixture.timeline.advance(500);
  expect(await client.closed).toBe(4401);
});
