/**
 * Whole gateways for acceptance tests: real processes, pseudo-terminals, sockets and SQLite. From the
 * command line to the socket everything is as for a hospital.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type SimulatorProcess, startSimulators } from '../../simulators/host/client.ts';
import type { WardDevice } from '../../simulators/host/ward.ts';
import { Client } from './gateway-client.ts';

const LAUNCH = fileURLToPath(new URL('../../src/cli/launch.mjs', import.meta.url));
const START_MS = 20_000;
const PEOPLE = {
  'nurse-a': { role: 'nurse', pin: '2581' },
  'nurse-b': { role: 'nurse', pin: '3692' },
  'prescriber-a': { role: 'prescriber', pin: '1470' },
} as const;
export type Person = keyof typeof PEOPLE;

/** Closed in reverse order, all of them, whatever fails. */
export class Closers {
  readonly #all: (() => unknown)[] = [];
  add(close: () => unknown): void {
    this.#all.push(close);
  }
  async close(): Promise<void> {
    for (const close of this.#all.splice(0).reverse()) {
      try {
        await close();
      } catch {
        // The others still have to go.
      }
    }
  }
}

export function tempDir(closers: Closers): string {
  const dir = mkdtempSync(join(tmpdir(), 'iw-gateway-'));
  closers.add(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command line, to its end; killed when it takes too long. */
export function cli(args: readonly string[], input = '', cwd?: string): Promise<Ended> {
  const child = spawn(process.execPath, [LAUNCH, ...args], { stdio: 'pipe', ...(cwd && { cwd }) });
  const cancel = setTimeout(() => child.kill('SIGKILL'), START_MS);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(cancel);
      resolve({ code, stdout, stderr });
    });
  });
}

let accounts: Promise<string> | undefined;
afterAll(async () => {
  if (accounts !== undefined) rmSync(dirname(await accounts), { recursive: true, force: true });
});

/** Accounts made once for a test file, as a person makes them; each gateway gets a copy of its own. */
export async function copyAccounts(to: string): Promise<void> {
  accounts ??= makeAccounts();
  cpSync(await accounts, to, { recursive: true });
}

async function makeAccounts(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'iw-accounts-'));
  const data = join(dir, 'data');
  for (const [name, { role, pin }] of Object.entries(PEOPLE)) {
    const pinFile = join(dir, 'pin');
    writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 });
    const args = ['user', 'add', name, '--role', role, '--pin-file', pinFile, '--data', data];
    const { code, stderr } = await cli(args);
    if (code !== 0) throw new Error(`user add ${name}: ${stderr}`);
  }
  return data;
}

/** A gateway process. */
export class Gateway {
  readonly url: string;
  readonly child: ChildProcess;
  readonly stderr: () => string;

  private constructor(url: string, child: ChildProcess, stderr: () => string) {
    this.url = url;
    this.child = child;
    this.stderr = stderr;
  }

  static start(config: string, closers: Closers, args: readonly string[] = []): Promise<Gateway> {
    const child = spawn(process.execPath, [LAUNCH, 'serve', '--config', config, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    closers.add(() => exited(child, 'SIGKILL'));
    let stdout = '';
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    return new Promise((resolve, reject) => {
      const cancel = setTimeout(() => reject(new Error(`no gateway: ${stderr}`)), START_MS);
      child.once('exit', () => reject(new Error(`the gateway ended: ${stderr}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        const url = /^listening on (\S+)\n/m.exec(stdout)?.[1];
        if (url === undefined) return;
        clearTimeout(cancel);
        resolve(new Gateway(url, child, () => stderr));
      });
    });
  }

  /** Ends it and waits until it has gone; the exit code, `null` after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    return exited(this.child, signal);
  }

  async call(method: string, path: string, body?: unknown, token?: string): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body !== undefined && {
          'content-type': typeof body === 'string' ? 'application/yaml' : 'application/json',
        }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    const json = text.startsWith('{') ? (JSON.parse(text) as Answer['json']) : {};
    return { status: response.status, json, text };
  }

  async login(user: Person): Promise<string> {
    const { pin } = PEOPLE[user];
    const { status, json, text } = await this.call('POST', '/api/session', { user, pin });
    if (status !== 200) throw new Error(`login of ${user}: ${status} ${text}`);
    return String(json['token']);
  }

  /** Created, signed, verified by another person, started on the bed. Answers the order's id. */
  async placeOrder(document: Readonly<Record<string, unknown>>, bedId: string): Promise<string> {
    const prescriber = await this.login('prescriber-a');
    const verifier = await this.login('nurse-b');
    const nurse = await this.login('nurse-a');
    const created = await this.must('/api/orders', document, prescriber);
    const path = `/api/orders/${String(created['orderId'])}`;
    await this.must(`${path}/sign`, {}, prescriber);
    await this.must(`${path}/verify`, document, verifier);
    await this.must(`${path}/activate`, { bedId, bag: document['bag'] }, nurse);
    return String(created['orderId']);
  }

  async must(path: string, body: unknown, token: string): Promise<Answer['json']> {
    const { status, json, text } = await this.call('POST', path, body, token);
    if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
    return json;
  }
}

export interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export function exited(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}

/** Simulators, a gateway on their ports and a nurse at a screen. */
export interface Rig {
  readonly closers: Closers;
  readonly dir: string;
  readonly config: string;
  readonly simulators: SimulatorProcess;
  readonly gateway: Gateway;
  readonly token: string;
  readonly client: Client;
}

export interface RigOptions {
  readonly devices: readonly WardDevice[];
  /** Beside `path`, for each serial port; `DIR` is the folder of the ports, `ID` the device. */
  readonly port?: string;
  readonly mode?: 'live' | 'demo';
  /** Their cables are out when the gateway starts. */
  readonly unplugged?: readonly string[];
  /** Alarm limits (YAML) in place of those that are shipped. */
  readonly limits?: string;
}

/** A device belongs to the bed that its id begins with; the gateway does not know those of X. */
export async function rig({
  devices,
  port = '',
  mode = 'demo',
  unplugged = [],
  limits,
}: RigOptions): Promise<Rig> {
  const closers = new Closers();
  try {
    const dir = tempDir(closers);
    const ports = join(dir, 'ports');
    const simulators = await startSimulators({ dir: ports, seed: 7, devices: [...devices] });
    closers.add(() => simulators.stop());
    const config = join(dir, 'gateway.yaml');
    const line = ({ id, simulator }: WardDevice): string =>
      `      - { id: ${id}, driver: ${simulator}, port: { kind: serial, path: ${simulators.paths[id]}${port.replaceAll('DIR', ports).replaceAll('ID', id)} } }\n`;
    const known = devices.filter(({ id }) => !id.startsWith('X'));
    const beds = [...new Set(known.map(({ id }) => id.slice(0, 3)))].map(
      (bed) =>
        `  - id: ${bed}\n    mode: ${mode}\n    devices:\n${known
          .filter(({ id }) => id.startsWith(bed))
          .map(line)
          .join('')}`,
    );
    if (limits !== undefined) writeFileSync(join(dir, 'limits.yaml'), limits);
    const own = limits === undefined ? '' : 'limits: limits.yaml\n';
    writeFileSync(config, own + gatewayYaml(beds.join('')));
    for (const id of unplugged) await simulators.unplug(id);
    await copyAccounts(join(dir, 'data'));
    const gateway = await Gateway.start(config, closers);
    const token = await gateway.login('nurse-a');
    const client = await Client.join(gateway, token, closers);
    return { closers, dir, config, simulators, gateway, token, client };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

export const gatewayYaml = (beds: string, port = 0): string =>
  `gateway: { id: gw-test, unit: 4W }\nhttp: { host: 127.0.0.1, port: ${port} }\nstore: { dir: ./data }\nbeds:\n${beds}`;

export const pump = (id: string, options: Readonly<Record<string, unknown>> = {}): WardDevice => ({
  id,
  simulator: 'alaris-asena',
  options: { serial: 'SIM1-00001', rateMlPerH: 10, syringeMl: 300, running: true, ...options },
});
export const monitor = (
  id: string,
  options: Readonly<Record<string, unknown>> = {},
): WardDevice => ({
  id,
  simulator: 'ge-dri',
  options: { hr: 76, spo2: 98, seed: 1, nibpIntervalMin: 0, ...options },
});

/** 20 mg/h of 2 mg/mL: 10 mL/h. Not a dose to use. */
export const ORDER: Readonly<Record<string, unknown>> = {
  patient: { id: 'P-0000001', label: 'Patient 01', weightKg: 64 },
  regimen: 'none',
  drug: { name: 'ketamine', form: 'racemic' },
  bag: { drugMg: 480, volumeMl: 240 },
  mode: 'mg-per-h',
  steps: [{ step: 1, at: 'PT0S', dose: 20 }],
  end: 'PT8H',
  limits: { maxMgPerH: 40, maxMgSession: 300 },
  bolus: 'none',
  kvo: { allowed: false },
  nibpInterval: 'PT15M',
};
