/**
 * `npm run demo`: two simulated beds on real pseudo-terminals, the gateway as its own process, and a
 * story on a loop. No hardware, no root, nothing left behind: everything lives in a temporary folder.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startSimulators } from '../host/client.ts';
import { GatewayApi } from './api.ts';
import { GOLDBERG_DAY_1, ROUND_SECONDS, STORY, type Stage } from './story.ts';

const PEOPLE = [
  { name: 'nurse-a', roles: 'nurse', pin: '2581' },
  { name: 'nurse-b', roles: 'nurse', pin: '3692' },
  { name: 'prescriber-a', roles: 'prescriber', pin: '1470' },
  { name: 'biomed-a', roles: 'biomed,admin', pin: '7413' },
] as const;
const CLI = fileURLToPath(new URL('../../src/cli/launch.mjs', import.meta.url));

const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' } } });
const port = Number(values.port);
const dir = mkdtempSync(join(tmpdir(), 'infusewatch-demo-'));
const ending = new AbortController();
const closers: (() => Promise<void> | void)[] = [
  () => rmSync(dir, { recursive: true, force: true }),
];

async function end(code: number): Promise<never> {
  ending.abort();
  for (const close of closers.reverse()) await close();
  process.exit(code);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${values.port} is not a port number from 0 to 65535.`);
  }
  if (port !== 0 && !(await isFree(port))) {
    throw new Error(
      `port ${port} of this PC is in use by another program: stop that, or run  npm run demo -- --port ${port + 1}`,
    );
  }
  const simulators = await startSimulators({
    dir: join(dir, 'ports'),
    seed: 1,
    devices: [
      {
        id: 'B01-pump',
        simulator: 'alaris-asena',
        options: { serial: 'SIM1-00001', rateMlPerH: 125, syringeMl: 700, running: true },
      },
      {
        id: 'B01-mon',
        simulator: 'ge-dri',
        options: { hr: 82, spo2: 97, sys: 118, dia: 74, map: 88, seed: 1 },
      },
      {
        id: 'B02-pump',
        simulator: 'alaris-asena',
        options: { serial: 'SIM1-00002', rateMlPerH: 10, syringeMl: 300, running: true },
      },
      {
        id: 'B02-mon',
        simulator: 'ge-dri',
        options: { hr: 76, spo2: 98, sys: 124, dia: 80, map: 95, seed: 2 },
      },
    ],
  });
  closers.push(() => simulators.stop());
  for (const { name, roles, pin } of PEOPLE) await addUser(name, roles, pin);

  const config = join(dir, 'gateway.yaml');
  writeFileSync(config, gatewayConfig(simulators.paths));
  const url = await startGateway(config);

  const api = new GatewayApi(url);
  for (const { name, pin } of PEOPLE) await api.login(name, pin);
  const stage: Stage = { simulators, api, titrationOrderId: null };
  await api.placeOrder(GOLDBERG_DAY_1, 'B01');
  for (const bed of ['B01-mon', 'B02-mon']) await simulators.command(bed, 'nibp-start');

  say(`\n  InfuseWatch demo, all patients and devices are simulated\n`);
  say(`  Open      ${url}`);
  for (const { name, roles, pin } of PEOPLE)
    say(`  Log in    ${name.padEnd(13)} PIN ${pin}   (${roles})`);
  say(`  Stop      Ctrl-C\n`);
  for (;;) await playRound(stage);
}

async function playRound(stage: Stage): Promise<void> {
  const startedAt = performance.now();
  const until = (seconds: number): Promise<void> =>
    wait(Math.max(0, startedAt + seconds * 1_000 - performance.now()), undefined, {
      signal: ending.signal,
    });
  for (const scene of STORY) {
    await until(scene.at);
    say(`  ${clock(scene.at)}  ${scene.says}`);
    await scene.does(stage);
  }
  await until(ROUND_SECONDS);
}

const clock = (seconds: number): string =>
  `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;

function gatewayConfig(paths: Readonly<Record<string, string>>): string {
  const bed = (id: string): string => `
  - id: ${id}
    mode: demo
    devices:
      - { id: ${id}-pump, driver: alaris-asena, port: { kind: serial, path: ${JSON.stringify(paths[`${id}-pump`])} } }
      - { id: ${id}-mon, driver: ge-dri, port: { kind: serial, path: ${JSON.stringify(paths[`${id}-mon`])} } }`;
  return `gateway: { id: demo-1, site: Pain unit, unit: 4W }
http: { host: 127.0.0.1, port: ${port}, tls: off }
store: { dir: ./data, keepDays: 1 }
beds:${bed('B01')}${bed('B02')}
`;
}

async function addUser(name: string, roles: string, pin: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [CLI, 'user', 'add', name, '--role', roles, '--data', join(dir, 'data')],
    {
      stdio: ['pipe', 'ignore', 'inherit'],
    },
  );
  child.stdin.end(`${pin}\n`);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0)
    throw new Error(`the demo account ${name} could not be made; the reason stands above.`);
}

/** Resolves with the URL once the gateway answers. */
async function startGateway(config: string): Promise<string> {
  const child = spawn(process.execPath, [CLI, 'serve', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The story is to be read, not the log.
    env: { ...process.env, INFUSEWATCH_LOG: 'warn' },
    // Its own group: Ctrl-C reaches the demo, which ends the gateway in order.
    detached: true,
  });
  closers.push(() => stopped(child));
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the gateway ended; the reason stands above.')));
    lines.on('line', (line) => {
      const url = /^listening on (\S+)/.exec(line)?.[1];
      if (url !== undefined) {
        child.removeAllListeners('exit');
        child.once('exit', () => {
          if (!ending.signal.aborted) {
            say('The gateway ended by itself; the reason stands above.');
            void end(1);
          }
        });
        resolve(url);
      }
    });
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, wait(5_000).then(() => child.kill('SIGKILL'))]);
}

function isFree(number: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(number, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));
try {
  await main();
} catch (error) {
  if (!ending.signal.aborted) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    await end(1);
  }
}
