import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatorProcess, startSimulators } from '../../simulators/host/client.ts';
import {
  Closers,
  cli,
  exited,
  Gateway,
  gatewayYaml,
  monitor,
  pump,
  tempDir,
} from './gateway-kit.ts';

const LAUNCH = fileURLToPath(new URL('../../src/cli/launch.mjs', import.meta.url));
const closers = new Closers();
let dir: string;
let simulators: SimulatorProcess;
beforeAll(async () => {
  dir = tempDir(closers);
  simulators = await startSimulators({
    dir: join(dir, 'ports'),
    devices: [
      pump('pump'),
      pump('busy', { serial: 'SIM1-00002' }),
      monitor('mon'),
      { ...pump('net', { serial: 'SIM1-00003' }), tcp: 0 },
    ],
  });
  closers.add(() => simulators.stop());
});
afterAll(() => closers.close());

const path = (id: string): string => simulators.paths[id] ?? '';
const devices = (...args: string[]) => cli(['devices', ...args]);

test('a pump, a monitor and a terminal server: driver, speed, who it is, what to write down', async () => {
  const [pumpOnly, mon, net] = await Promise.all([
    devices('--port', path('pump'), '--driver', 'alaris-asena'),
    devices('--port', path('mon'), '--driver', 'ge-dri', '--json'),
    devices('--port', path('net'), '--driver', 'alaris-asena', '--json'),
  ]);
  expect(pumpOnly.code).toBe(0);
  expect(pumpOnly.stdout).toContain('alaris-asena at 38400 8N1');
  expect(pumpOnly.stdout).toMatch(/serial SIM1-00001, .*SIMULATED/);
  expect(pumpOnly.stdout).toContain(`port: { kind: serial, path: ${path('pump')} }`);
  expect(pumpOnly.stderr).toMatch(/no device is connected to a patient/);
  expect(JSON.parse(mon.stdout)).toMatchObject({
    path: path('mon'),
    kind: 'recognised',
    driver: 'ge-dri',
    identity: { mode: 'demo' },
  });
  expect(JSON.parse(net.stdout)).toMatchObject({
    kind: 'recognised',
    driver: 'alaris-asena',
    identity: { serial: 'SIM1-00003' },
  });
});

test('a port that a gateway uses is left alone and said to be in use', async () => {
  const config = join(dir, 'gateway.yaml');
  writeFileSync(
    config,
    gatewayYaml(
      `  - { id: B01, mode: demo, devices: [{ id: P, driver: alaris-asena, port: { kind: serial, path: ${path('busy')} } }] }\n`,
    ),
  );
  const gateway = await Gateway.start(config, closers);
  const { code, stdout } = await devices('--port', path('busy'), '--driver', 'alaris-asena');
  expect(code).toBe(1);
  expect(stdout).toMatch(/is in use by another program/);
  expect(await gateway.end('SIGTERM')).toBe(0);
  expect((await devices('--port', path('busy'), '--driver', 'alaris-asena')).code).toBe(0);
});

test('Ctrl-C in the middle: it ends at once, and the port is free', async () => {
  const child = spawn(process.execPath, [LAUNCH, 'devices', '--port', path('mon')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('listens at')) resolve();
    });
  });
  const askedAt = performance.now();
  expect(await exited(child, 'SIGINT')).toBe(1);
  expect(performance.now() - askedAt).toBeLessThan(3_000);
  expect((await devices('--port', path('mon'), '--driver', 'ge-dri')).code).toBe(0);
});

test('help says what is asked, and that it is for a device without a patient', async () => {
  const helps = await Promise.all(
    ['devices', 'decode', 'capture', 'replay'].map(async (name) => ({
      name,
      ...(await cli([name, '--help'])),
    })),
  );
  for (const { name, code, stdout, stderr } of helps) {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: infusewatch ${name}`);
  }
  expect(helps[0]?.stdout).toMatch(/not connected to a patient/);
});

test('nothing there, and wrong usage', async () => {
  const [gone, driver, seconds, port, tcp, list] = await Promise.all([
    devices('--port', join(dir, 'ports', 'gone')),
    devices('--driver', 'nothing-such'),
    devices('--seconds', '0'),
    devices('--port', 'tcp '),
    devices('--port', 'tcp 127.0.0.1:99999'),
    devices('--list'),
  ]);
  expect(gone.code).toBe(1);
  expect(gone.stdout).toMatch(/gone does not exist: plug the adapter in/);
  for (const refused of [driver, seconds, port, tcp]) {
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).not.toMatch(/^ {4}at /m);
  }
  expect(list.code).toBe(0);
});
