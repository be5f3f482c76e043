import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startSimulators } from '../simulators/host/client.ts';
import { decodeWaveFrame } from '../src/hub/wire/index.ts';
import { packSamples, unpackSamples } from '../src/store/wave-pack.ts';
import { addAccount, logIn, startGateway, usage } from './child.ts';
import { ecgRecords } from './ecg/records.ts';

export interface WavesResult {
  readonly beds: number;
  readonly cpuPercent: number;
  readonly rssMb: number;
  /** Blocks on the socket per second, all streams. */
  readonly blocksPerSecond: number;
  readonly streams: number;
  readonly storeMbPerBedDay: number;
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
      const streams = new Set<number>();
      let blocks = 0;
      socket.on('message', (data) => {
        const frame = decodeWaveFrame(data as ArrayBuffer);
        if (frame === undefined) throw new Error('no wave frame');
        streams.add(frame.stream);
        blocks += 1;
      });
      await wait(SETTLE_MS);
      const pid = gateway.process.pid ?? 0;
      const before = { ...usage(pid), blocks, bytes: storeBytes(join(dir, 'data')) };
      const startedAt = performance.now();
      await wait(seconds * 1_000);
      const after = { ...usage(pid), bytes: storeBytes(join(dir, 'data')) };
      const tookS = (performance.now() - startedAt) / 1_000;
      socket.terminate();
      return {
        beds,
        cpuPercent: ((after.cpuS - before.cpuS) / tookS) * 100,
        rssMb: after.rssMb,
        blocksPerSecond: (blocks - before.blocks) / tookS,
        streams: streams.size,
        storeMbPerBedDay: ((after.bytes - before.bytes) / beds / tookS) * (DAY_S / 1e6),
      };
    } finally {
      await gateway.stop();
    }
  } finally {
    await simulators.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Files of observations, the write-ahead log included. */
const storeBytes = (dir: string): number =>
  readdirSync(dir)
    .filter((name) => name.startsWith('observations'))
    .reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);

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
