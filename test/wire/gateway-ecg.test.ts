import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ecgRecords } from '../../bench/ecg/records.ts';
import { decodeWaveFrame, type WaveFrame } from '../../src/hub/wire/index.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import type { WaveRun } from '../../src/store/waves.ts';
import { realTimeline } from '../../src/time/timeline.ts';
import { monitor, type Rig, rig } from './gateway-kit.ts';

const rigs: Rig[] = [];
afterAll(() => Promise.all(rigs.map(({ closers }) => closers.close())));

const RATE = 300;
const SECONDS = 8;

/** The first seconds of record 100, at the rate and in the microvolts of the monitor's wire. */
function played(): number[] {
  const record = ecgRecords('test/fixtures/ecg').find(({ name }) => name === '100');
  if (record === undefined) throw new Error('no record 100');
  const { ecg, samplesPerS } = record;
  return Array.from({ length: SECONDS * RATE }, (_, n) => {
    const at = (n * samplesPerS) / RATE;
    const [before, after] = [ecg[Math.floor(at)] ?? 0, ecg[Math.ceil(at)] ?? 0];
    return Math.round(1_000 * (before + (after - before) * (at % 1)));
  });
}

/** Where in the loop the first value stands; the whole piece has to fit. */
function offsetIn(loop: readonly number[], piece: readonly number[]): number {
  return loop.findIndex((_, offset) =>
    piece.every((value, at) => value === loop[(offset + at) % loop.length]),
  );
}

test('an ECG of the MIT-BIH database comes back from socket and store as it was played, sample for sample', async () => {
  const samples = played();
  const ward = await rig({ devices: [monitor('B01-mon', { ecgSamples: samples })] });
  rigs.push(ward);
  const { gateway, client, token, dir } = ward;
  const frames: WaveFrame[] = [];
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/wave`, {
    headers: { authorization: `Bearer ${token}` },
  });
  ward.closers.add(() => socket.terminate());
  socket.binaryType = 'arraybuffer';
  socket.on('message', (data) => {
    const frame = decodeWaveFrame(data as ArrayBuffer);
    if (frame === undefined) throw new Error('no wave frame');
    frames.push(frame);
  });
  const waves = () =>
    client.heard.flatMap(({ frame }) =>
      frame.type === 'delta' ? (frame.waves ?? frame.bed?.waves ?? []) : [],
    );
  const ecg = () => waves().find(({ code }) => code.startsWith('MDC_ECG'));
  await client.waitFor('waves', () => ecg() !== undefined, 20_000);
  const stream = ecg()?.stream;
  const mine = () => frames.filter((frame) => frame.stream === stream);
  const untilMs = performance.now() + 30_000;
  while (mine().reduce((sum, { samples: { length } }) => sum + length, 0) < (SECONDS + 4) * RATE) {
    if (performance.now() > untilMs) throw new Error('the waves do not come');
    await pass(200);
  }

  const heard = mine();
  for (const [at, frame] of heard.entries()) {
    expect(frame).toMatchObject({ samplesPerS: RATE, validity: 'valid', zero: 0 });
    const before = heard[at - 1];
    if (before !== undefined)
      expect(frame.firstIndex).toBe(before.firstIndex + before.samples.length);
    // The wire says whole microvolts; the socket's scale makes millivolts of them.
    expect(frame.scale).toBeCloseTo(0.001, 9);
  }
  const onSocket = heard.flatMap((frame) => [...frame.samples]);
  expect(offsetIn(samples, onSocket)).toBeGreaterThanOrEqual(0);

  expect(await gateway.end('SIGTERM')).toBe(0);
  const store = await openSqliteStore({
    dir: join(dir, 'data'),
    timeline: realTimeline(),
    keepDays: 30,
  });
  const code = ecg()?.code ?? 'MDC_ECG_ELEC_POTL';
  let runs: readonly WaveRun[];
  try {
    runs = await store.numerics.waves({ bedId: 'B01', code, fromMs: 0, toMs: 1e14 });
  } finally {
    await store.close();
  }
  const stored = new Map(
    runs.flatMap(({ firstIndex, samples: values }) =>
      [...values].map((value, at): [number, number] => [firstIndex + at, value]),
    ),
  );
  for (const { firstIndex, samples: values } of heard)
    for (const [at, value] of values.entries()) {
      if (stored.get(firstIndex + at) !== value)
        expect.fail(`sample ${firstIndex + at}: ${stored.get(firstIndex + at)}, heard ${value}`);
    }
});
