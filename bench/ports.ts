import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startSimulators } from '../simulators/host/client.ts';
import { startGateway, usage } from './child.ts';

export interface PortsResult {
  readonly ports: number;
  readonly cpuPercent: number;
  readonly cpuPercentPerPort: number;
  readonly rssMb: number;
}

const SETTLE_MS = 4_000;

/** The gateway's CPU with so many simulated devices, half pumps and half monitors, each at its own pace. */
export async function measurePorts(ports: number, seconds: number): Promise<PortsResult> {
  const dir = mkdtempSync(join(tmpdir(), 'infusewatch-bench-'));
  const ids = Array.from({ length: ports }, (_, index) => ({
    id: `D${String(index).padStart(2, '0')}`,
    simulator: index % 2 === 0 ? 'alaris-asena' : 'ge-dri',
    bed: `B${String(index >> 1).padStart(2, '0')}`,
  }));
  const simulators = await startSimulators({
    dir: join(dir, 'ports'),
    devices: ids.map(({ id, simulator }) => ({ id, simulator })),
  });
  try {
    const config = join(dir, 'gateway.yaml');
    const beds = Map.groupBy(ids, ({ bed }) => bed);
    const text = [...beds].map(([bed, devices]) => {
      const list = devices.map(
        ({ id, simulator }) =>
          `{ id: ${id}, driver: ${simulator}, port: { kind: serial, path: ${JSON.stringify(simulators.paths[id])} } }`,
      );
      return `  - { id: ${bed}, mode: demo, devices: [${list.join(', ')}] }`;
    });
    writeFileSync(
      config,
      `gateway: { id: bench }\nhttp: { port: 0 }\nstore: { dir: ./data }\nbeds:\n${text.join('\n')}\n`,
    );
    const gateway = await startGateway(config);
    try {
      await wait(SETTLE_MS);
      const pid = gateway.process.pid ?? 0;
      const before = usage(pid);
      const startedAt = performance.now();
      await wait(seconds * 1_000);
      const after = usage(pid);
      const tookS = (performance.now() - startedAt) / 1_000;
      const cpuPercent = ((after.cpuS - before.cpuS) / tookS) * 100;
      return { ports, cpuPercent, cpuPercentPerPort: cpuPercent / ports, rssMb: after.rssMb };
    } finally {
      await gateway.stop();
    }
  } finally {
    await simulators.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
