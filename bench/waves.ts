import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startSimulators } from '../simulators/host/client.ts';
import { decodeWaveFrame } from '../src/hub/wire/index.ts';
import type { WaveCode } from '../src/observation/wave.ts';
import { openSqliteStore } from '../src/store/sqlite-store.ts';
import { packSamples, unpackSamples } from '../src/store/wave-pack.ts';
import { VirtualTimeline } from '../src/time/timeline.ts';
import { addAccount, logIn, startGateway, usage } from './child.ts';
import { ecgRecords } from './ecg/records.ts';

export interface WavesResult {
  readonly beds: number;
  readonly cpuPercent: number;
  readonly rssMb: number;
  /** Blocks on the socket per second, all streams. */
  readonly blocksPerSecond: number;
  readonly streams: number;
  /** From the arrival of a block's last byte at the gateway to the client, ms; over the least delay of a beat. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
}

const SETTLE_MS = 6_000;
const DAY_S = 86_400;

/** The gateway with so many monitors, each with three waveforms, one wave socket open. */
export async function measureWaves(beds: number, seconds: number): Promise<WavesResult> {
  const dir = mkdtempSync(join(tmpdir(), 'infusewatch-bench-'));
  const ids = Array.from({ length: beds }, (_, index) => `B${String(index).padStart(2, '0')}`);
  const simulators = await startSimulators({
    dir: join(dir, 'ports'),
    devices: ids.map((id) => ({ id: `${id}-mon`, simulator: 'ge-dri' })),
  });
  try {
    const config = join(dir, 'gateway.yaml');
    const list = ids.map(
      (id) =>
        `  - { id: ${id}, mode: demo, devices: [{ id: ${id}-mon, driver: ge-dri, port: { kind: serial, path: ${JSON.stringify(simulators.paths[`${id}-mon`])} } }] }`,
    );
    writeFileSync(
      config,
      `gateway: { id: bench }\nhttp: { port: 0 }\nstore: { dir: ./data }\nbeds:\n${list.join('\n')}\n`,
    );
    await addAccount(join(dir, 'data'));
    const gateway = await startGateway(config);
    try {
      const token = await logIn(gateway.url);
      const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/wave`, {
        headers: { authorization: `Bearer ${token}` },
      });
      socket.binaryType = 'arraybuffer';
      const control = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/control`, {
        headers: { authorization: `Bearer ${token}` },
      });
      // This process's clock less the gateway's, as the quickest frame had it.
      let offsetMs = Number.POSITIVE_INFINITY;
      control.on('message', (data) => {
        const { monotonicMs } = JSON.parse(String(data)) as { readonly monotonicMs?: number };
        if (monotonicMs !== undefined)
          offsetMs = Math.min(offsetMs, performance.now() - monotonicMs);
      });
      const delays: number[] = [];
      const streams = new Set<number>();
      let blocks = 0;
      socket.on('message', (data) => {
        const frame = decodeWaveFrame(data as ArrayBuffer);
        if (frame === undefined) throw new Error('no wave frame');
        streams.add(frame.stream);
        delays.push(performance.now() - frame.endMonotonicMs - offsetMs);
        blocks += 1;
      });
      await wait(SETTLE_MS);
      const pid = gateway.process.pid ?? 0;
      const before = { ...usage(pid), blocks };
      delays.length = 0;
      const startedAt = performance.now();
      await wait(seconds * 1_000);
      const after = usage(pid);
      const tookS = (performance.now() - startedAt) / 1_000;
      socket.terminate();
      control.terminate();
      delays.sort((a, b) => a - b);
      const delayAt = (part: number): number =>
        delays[Math.floor(part * delays.length)] ?? Number.NaN;
      return {
        beds,
        cpuPercent: ((after.cpuS - before.cpuS) / tookS) * 100,
        rssMb: after.rssMb,
        blocksPerSecond: (blocks - before.blocks) / tookS,
        streams: streams.size,
        delayP50Ms: delayAt(0.5),
        delayP99Ms: delayAt(0.99),
      };
    } finally {
      await gateway.stop();
    }
  } finally {
    await simulators.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const STORED_S = 3_600;

/**
 * Size of the observations file of one bed and day: a real ECG at 500/s, a plethysmogram at 125/s, respiration at
 * 62/s and twenty numerics a second, an hour through the real store, times 24. MB (10^6).
 */
export async function measureStored(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'infusewatch-bench-'));
  try {
    const timeline = new VirtualTimeline(Date.UTC(2026, 0, 5, 8));
    const store = await openSqliteStore({ dir, timeline, keepDays: 1 });
    const [record] = ecgRecords('test/fixtures/ecg');
    if (record === undefined) throw new Error('no ECG in test/fixtures/ecg');
    const ecg = (n: number): number => {
      const at = ((n * record.samplesPerS) / 500) % (record.ecg.length - 1);
      const [before, after] = [record.ecg[Math.floor(at)] ?? 0, record.ecg[Math.ceil(at)] ?? 0];
      return 200 * (before + (after - before) * (at % 1));
    };
    const pleth = (n: number): number => 1_000 * Math.sin((2 * Math.PI * n) / 104) + noise(n);
    const resp = (n: number): number => 800 * Math.sin((2 * Math.PI * n) / 260) + noise(n);
    for (let second = 0; second < STORED_S; second += 1) {
      timeline.advance(1_000);
      const endMs = timeline.wallMs();
      const wave = (code: WaveCode, samplesPerS: number, at: (n: number) => number): void =>
        store.numerics.recordWave({
          bedId: 'B01',
          deviceId: 'B01-mon',
          endMs,
          block: {
            code,
            firstIndex: second * samplesPerS,
            samplesPerS,
            samples: Int16Array.from({ length: samplesPerS }, (_, n) =>
              Math.round(at(second * samplesPerS + n)),
            ),
            scale: 0.005,
            zero: 0,
            validity: 'valid',
          },
        });
      wave('MDC_ECG_ELEC_POTL_II', 500, ecg);
      wave('MDC_PULS_OXIM_PLETH', 125, pleth);
      wave('MDC_RESP', 62, resp);
      for (let n = 0; n < 20; n += 1)
        store.numerics.recordNumeric({
          bedId: 'B01',
          deviceId: `B01-${n}`,
          code: 'MDC_PULS_OXIM_SAT_O2',
          tMs: endMs,
          value: 95 + (noise(second * 20 + n) % 4),
          validity: 'valid',
        });
      // What was handed over is written before the next second comes.
      if (second % 10 === 9)
        await store.numerics.waves({ bedId: 'B01', code: 'MDC_RESP', fromMs: 0, toMs: 1 });
    }
    await store.close();
    const bytes = readdirSync(dir)
      .filter((name) => name.startsWith('observations'))
      .reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    return ((bytes / STORED_S) * DAY_S) / 1e6;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** -4 to 4, and the same for everybody. */
const noise = (n: number): number => ((n * 7_919) % 9) - 4;

export interface PackResult {
  readonly record: string;
  readonly bytesPerSample: number;
  readonly megasamplesPerSecond: number;
  readonly unpackedPerSecond: number;
}

const RUN_S = 5;

/** What the store makes of real ECGs: size and cost of packing runs of 5 s. */
export function measurePacking(): readonly PackResult[] {
  return ecgRecords('test/fixtures/ecg')
    .filter(({ beats }) => beats !== undefined)
    .map(({ name, ecg, samplesPerS }) => {
      const runs: Int16Array[] = [];
      const size = Math.round(RUN_S * samplesPerS);
      for (let at = 0; at + size <= ecg.length; at += size)
        runs.push(Int16Array.from(ecg.subarray(at, at + size), (mv) => Math.round(mv * 200)));
      const samples = runs.length * size;
      const packedAt = performance.now();
      const packed = runs.map(packSamples);
      const unpackedAt = performance.now();
      for (const bytes of packed) unpackSamples(bytes, size);
      const endAt = performance.now();
      return {
        record: name,
        bytesPerSample: packed.reduce((sum, { length }) => sum + length, 0) / samples,
        megasamplesPerSecond: samples / (unpackedAt - packedAt) / 1_000,
        unpackedPerSecond: samples / (endAt - unpackedAt) / 1_000,
      };
    });
}
