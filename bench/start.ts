import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { runCommand, startGateway, usage } from './child.ts';

export interface StartResult {
  readonly runs: number;
  /** Median from spawning the process to the first `hello` at a client. */
  readonly helloMs: number;
  /** Resident memory 10 s after the start, one client, no device. */
  readonly idleRssMb: number;
}

const RUNS = 5;

export async function measureStart(): Promise<StartResult> {
  const dir = mkdtempSync(join(tmpdir(), 'infusewatch-bench-'));
  const times: number[] = [];
  let idleRssMb = Number.NaN;
  try {
    await runCommand(
      ['user', 'add', 'bench', '--role', 'nurse', '--data', join(dir, 'data')],
      '2581\n',
    );
    const config = join(dir, 'gateway.yaml');
    writeFileSync(
      config,
      'gateway: { id: bench }\nhttp: { port: 0 }\nstore: { dir: ./data }\nbeds: [{ id: B01 }]\n',
    );
    let token = '';
    for (let run = 0; run <= RUNS; run++) {
      const startedAt = performance.now();
      const child = await startGateway(config);
      if (run === 0) token = await login(child.url);
      const socket = new WebSocket(`${child.url.replace('http', 'ws')}/ws/control`, {
        headers: { authorization: `Bearer ${token}` },
      });
      await new Promise((resolve, reject) => socket.once('message', resolve).once('error', reject));
      // The first run logs in; sessions outlive a restart, so the others measure the start alone.
      if (run > 0) times.push(performance.now() - startedAt);
      if (run === RUNS) {
        await wait(10_000);
        idleRssMb = usage(child.process.pid ?? 0).rssMb;
      }
      socket.terminate();
      await child.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  times.sort((a, b) => a - b);
  return { runs: times.length, helloMs: times[times.length >> 1] ?? Number.NaN, idleRssMb };
}

async function login(url: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'bench', pin: '2581' }),
  });
  return ((await response.json()) as { token: string }).token;
}
