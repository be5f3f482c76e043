import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { openPty } from '../simulators/host/pty.ts';
import { addAccount, type Child, logIn, startChild, startGateway, usage } from './child.ts';
import { frameWithHeartRate } from './frames.ts';

export interface LatencyLoad {
  readonly ports: number;
  readonly framesPerSecond: number;
  readonly seconds: number;
  readonly what: 'pipe' | 'gateway';
}

export interface LatencyResult {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly frames: number;
  /** Frames whose value never came: conflated or lost. */
  readonly lost: number;
}

/** Heart rates that number the frames of one port, so that each can be found again at the client. */
const FIRST = 30;
const NUMBERS = 300;
const WARM_UP_S = 3;

/**
 * Sends monitor records on pseudo-terminals from this process and receives at a WebSocket client in
 * this process: one clock. What is measured runs in a process of its own.
 */
export async function measureLatency(load: LatencyLoad): Promise<LatencyResult> {
  const dir = mkdtempSync(join(tmpdir(), 'infusewatch-bench-'));
  const ptys = Array.from({ length: load.ports }, (_, index) =>
    openPty({ dir: join(dir, 'ports'), name: `p${index}`, onBytes: () => undefined }),
  );
  let child: Child | undefined;
  try {
    const paths = ptys.map(({ path }) => path);
    child = load.what === 'pipe' ? await startPipe(paths) : await startMonitors(dir, paths);
    return await measure(
      load,
      ptys,
      child,
      load.what === 'pipe' ? child.url : await clientOf(child.url),
    );
  } finally {
    await child?.stop();
    for (const pty of ptys) await pty.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

type Client = string | { readonly url: string; readonly token: string };

async function measure(
  { ports, framesPerSecond, seconds, what }: LatencyLoad,
  ptys: readonly { write(bytes: Uint8Array): void }[],
  child: Child,
  client: Client,
): Promise<LatencyResult> {
  const sentAt = new Map<number, number>();
  const latencies: number[] = [];
  let frames = 0;
  let isWarm = false;
  const arrived = (port: number, number: number): void => {
    const key = port * 1_000 + number;
    const sent = sentAt.get(key);
    if (sent === undefined) return;
    sentAt.delete(key);
    if (isWarm) latencies.push(performance.now() - sent);
  };
  const socket =
    typeof client === 'string'
      ? new WebSocket(client)
      : new WebSocket(client.url, { headers: { authorization: `Bearer ${client.token}` } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const pending: Buffer[] = ptys.map(() => Buffer.alloc(0));
  socket.on('message', (data: Buffer) =>
    what === 'pipe' ? fromPipe(data, pending, arrived) : fromGateway(data, arrived),
  );

  const everyMs = 1_000 / framesPerSecond;
  const startedAt = performance.now();
  const before = { ...usage(child.process.pid ?? 0), at: 0 };
  let n = 0;
  while (performance.now() - startedAt < (seconds + WARM_UP_S) * 1_000) {
    // Ports one after the other within the period, as on a ward; not all in one burst.
    for (let port = 0; port < ports; port++) {
      const dueMs = startedAt + n * everyMs + (port * everyMs) / ports;
      const aheadMs = dueMs - performance.now();
      if (aheadMs > 0.5) await wait(aheadMs);
      if (!isWarm && performance.now() - startedAt > WARM_UP_S * 1_000) {
        isWarm = true;
        Object.assign(before, usage(child.process.pid ?? 0), { at: performance.now() });
      }
      const number = FIRST + (n % NUMBERS);
      const frame = frameWithHeartRate(number, n);
      sentAt.delete(port * 1_000 + number);
      ptys[port]?.write(frame);
      sentAt.set(port * 1_000 + number, performance.now());
      if (isWarm) frames++;
    }
    n++;
  }
  const after = usage(child.process.pid ?? 0);
  const measuredS = (performance.now() - before.at) / 1_000;
  await wait(200);
  socket.terminate();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return {
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    cpuPercent: ((after.cpuS - before.cpuS) / measuredS) * 100,
    rssMb: after.rssMb,
    frames,
    lost: frames - latencies.length,
  };
}

/** Finds the heart rate in each whole frame of the raw stream, so that both measure the last byte. */
function fromPipe(
  data: Buffer,
  pending: Buffer[],
  arrived: (port: number, number: number) => void,
): void {
  const port = data[0] ?? 0;
  let rest = Buffer.concat([pending[port] ?? Buffer.alloc(0), data.subarray(1)]);
  for (;;) {
    const start = rest.indexOf(0x7e);
    const end = start === -1 ? -1 : rest.indexOf(0x7e, start + 1);
    if (end === -1) break;
    if (end - start > 40) {
      const record = unescaped(rest.subarray(start + 1, end));
      arrived(port, record.readInt16LE(40 + 4 + 226));
      rest = rest.subarray(end + 1);
    } else rest = rest.subarray(end);
  }
  pending[port] = rest;
}

function unescaped(bytes: Buffer): Buffer {
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x7d) out.push((bytes[++i] ?? 0) | 0x20);
    else out.push(byte);
  }
  return Buffer.from(out);
}

const BED = /"bedId":"B(\d+)"/;
const RATE = /"code":"MDC_ECG_HEART_RATE","value":(\d+)/;

function fromGateway(data: Buffer, arrived: (port: number, number: number) => void): void {
  const text = data.toString('latin1');
  const bed = BED.exec(text);
  const rate = RATE.exec(text);
  if (bed !== null && rate !== null) arrived(Number(bed[1]), Number(rate[1]));
}

const startPipe = (paths: readonly string[]): Promise<Child> =>
  startChild(fileURLToPath(new URL('./bare-pipe.ts', import.meta.url)), paths);

async function startMonitors(dir: string, paths: readonly string[]): Promise<Child> {
  await addAccount(join(dir, 'data'));
  const config = join(dir, 'gateway.yaml');
  const beds = paths.map(
    (path, index) =>
      `  - { id: B${index}, mode: demo, devices: [{ id: B${index}-mon, driver: ge-dri, port: { kind: serial, path: ${JSON.stringify(path)} } }] }`,
  );
  writeFileSync(
    config,
    `gateway: { id: bench }\nhttp: { port: 0 }\nstore: { dir: ./data }\nbeds:\n${beds.join('\n')}\n`,
  );
  return startGateway(config);
}

async function clientOf(url: string): Promise<Client> {
  return { url: `${url.replace('http', 'ws')}/ws/control`, token: await logIn(url) };
}
