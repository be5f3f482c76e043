import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { startSimulators } from '../../simulators/host/client.ts';
import type { ReplayedAlarm } from '../../src/assembly/replay-run.ts';
import type { AlarmView } from '../../src/hub/wire/index.ts';
import { Client } from './gateway-client.ts';
import {
  Closers,
  cli,
  copyAccounts,
  exited,
  Gateway,
  gatewayYaml,
  monitor,
  ORDER,
  pump,
  tempDir,
} from './gateway-kit.ts';

const LAUNCH = fileURLToPath(new URL('../../src/cli/launch.mjs', import.meta.url));
/** The bed looks at its clock so often. */
const TICK_MS = 500;
const closers = new Closers();
afterAll(() => closers.close());

async function bed(extra = '') {
  const dir = tempDir(closers);
  const simulators = await startSimulators({
    dir: join(dir, 'ports'),
    seed: 7,
    devices: [pump('B01-pump'), monitor('B01-mon')],
  });
  closers.add(() => simulators.stop());
  const config = join(dir, 'gateway.yaml');
  const devices = [
    ['B01-pump', 'alaris-asena'],
    ['B01-mon', 'ge-dri'],
  ].map(
    ([id = '', driver]) =>
      `{ id: ${id}, driver: ${driver}, port: { kind: serial, path: ${simulators.paths[id]} } }`,
  );
  writeFileSync(
    config,
    `${gatewayYaml(`  - { id: B01, mode: demo, devices: [${devices.join(', ')}] }\n`)}${extra}`,
  );
  return { dir, simulators, config };
}

const alarmsIn = (stdout: string): ReplayedAlarm[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReplayedAlarm);

test('capture: bytes of each device, a manifest, an end; refused twice; replay and decode read it', async () => {
  const { dir, config } = await bed();
  const out = join(dir, 'recording');
  const done = await cli(['capture', '--config', config, '--out', out, '--seconds', '4']);
  expect(done.code).toBe(0);
  expect(done.stdout).toMatch(/B01-pump: [1-9]\d* valid frames/);
  expect(done.stdout).toMatch(/B01-mon\.capture: [1-9]\d{2,} bytes\n/);
  expect(readdirSync(out).sort()).toEqual([
    'B01-mon.capture',
    'B01-pump.capture',
    'alarm-limits.yaml',
    'commands.jsonl',
    'drug-library.yaml',
    'history.jsonl',
    'manifest.json',
  ]);
  expect(statSync(out).mode & 0o007).toBe(0);
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({
    lines: [
      { file: 'B01-pump.capture', driver: 'alaris-asena', devices: ['B01-pump'] },
      { file: 'B01-mon.capture', driver: 'ge-dri', devices: ['B01-mon'] },
    ],
    config: { gateway: { id: 'gw-test' } },
  });
  expect(readFileSync(join(out, 'B01-pump.capture'), 'utf8')).toMatch(/"d":"end","x":""\}\n$/);

  const [twice, replayed, decoded] = await Promise.all([
    cli(['capture', '--config', config, '--out', out, '--seconds', '1']),
    cli(['replay', out]),
    cli(['decode', join(out, 'B01-pump.capture')]),
  ]);
  expect(twice).toMatchObject({ code: 1, stdout: '' });
  expect(twice.stderr).toMatch(/recording is not empty: give a new folder/);
  expect(replayed).toMatchObject({ code: 0 });
  expect(replayed.stderr).toMatch(/^Replayed [34]\.\d s\.\n$/);
  expect(decoded.code).toBe(0);
  expect(decoded.stdout).toMatch(/"code":"MDC_FLOW_FLUID_PUMP_CURRENT","value":10,/);
  expect(decoded.stdout).not.toContain('frame-rejected');
});

test('Ctrl-C ends a capture well, and a replay at the speed of the recording', async () => {
  const { dir, config } = await bed();
  const out = join(dir, 'recording');
  const run = (args: readonly string[]) => {
    const child = spawn(process.execPath, [LAUNCH, ...args], { stdio: 'pipe' });
    closers.add(() => exited(child, 'SIGKILL'));
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdout.resume();
    return { child, said: () => said };
  };
  const capture = run(['capture', '--config', config, '--out', out]);
  while (!/B01-pump: .* is open/.test(capture.said())) await pass(20);
  await pass(2_500);
  expect(await exited(capture.child, 'SIGINT')).toBe(0);
  expect(readFileSync(join(out, 'B01-mon.capture'), 'utf8')).toMatch(/"d":"end"/);

  const replay = run(['replay', out, '--speed', '0.1']);
  await pass(1_500);
  expect(await exited(replay.child, 'SIGTERM')).toBe(0);
  expect(replay.said()).toMatch(/^Stopped after [01]\.\d s of it\.\n$/);
});

test('a gateway with capture.dir: occlusion, pulled cable, silence, wrong rate; the replay raises the same', async () => {
  const { dir, simulators, config } = await bed('capture: { dir: ./captures }\n');
  await copyAccounts(join(dir, 'data'));
  const gateway = await Gateway.start(config, closers);
  const token = await gateway.login('nurse-a');
  const client = await Client.join(gateway, token, closers);
  const raised = (rule: string) =>
    client.waitFor(rule, () => client.alarm(rule) !== undefined, 20_000);
  const ended = (rule: string) =>
    client.waitFor(`${rule} over`, () => client.alarm(rule)?.present !== true, 20_000);

  await client.waitFor('pump', () => client.infusions.get('B01')?.liveMlPerH === 10);
  const orderId = await gateway.placeOrder(ORDER, 'B01');
  await client.waitFor('on order', () => client.infusions.get('B01')?.state === 'on-order');
  await simulators.command('B01-pump', 'set-rate', { mlPerH: 100 });
  await raised('ORD-02');
  // A person reads it first. The replay has its own ticks: what follows within one may come before it there.
  await pass(2_000);
  const { alarmId, rev } = client.alarm('ORD-02') as AlarmView;
  await gateway.must('/api/alarms/acknowledge', { alarms: [{ alarmId, rev }] }, token);
  await pass(2_000);
  await simulators.command('B01-pump', 'occlude', { on: true });
  await raised('PMP-01');
  await ended('ORD-02');
  await simulators.unplug('B01-mon');
  await raised('MON-01');
  await simulators.plug('B01-mon');
  await ended('MON-01');
  await simulators.fault('B01-mon', { kind: 'silence', forMs: 14_000 });
  await raised('MON-02');
  await gateway.must(`/api/orders/${orderId}/discontinue`, { reason: 'test' }, token);
  await ended('MON-02');
  await pass(1_000);
  expect(await gateway.end('SIGTERM')).toBe(0);
  // The silence is said once, and once that it is over; a cable that was out for less than 10 s is not.
  const said = gateway.stderr();
  expect(said.match(/"event":"line-trouble".*"deviceId":"B01-mon"/g)).toHaveLength(1);
  expect(said.match(/"event":"line-well".*"deviceId":"B01-mon"/g)).toHaveLength(1);

  const runs = readdirSync(join(dir, 'captures'));
  expect(runs).toHaveLength(1);
  const folder = join(dir, 'captures', runs[0] ?? '');
  const [once, twice] = await Promise.all([cli(['replay', folder]), cli(['replay', folder])]);
  expect({ code: once.code, stderr: once.stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^Replayed \d+\.\d s\.\n$/),
  });
  expect(twice.stdout).toBe(once.stdout);

  const live = liveAlarms(client);
  const again = alarmsIn(once.stdout);
  expect(again.map(inWords).sort()).toEqual(live.map(inWords).sort());
  for (const one of live) {
    const others = again.filter((other) => inWords(other) === inWords(one));
    const off = others.map(({ at }) => Math.abs(Date.parse(at) - Date.parse(one.at)));
    expect(Math.min(...off), inWords(one)).toBeLessThanOrEqual(TICK_MS + 100);
  }
  expect(again.every(({ mode }) => mode === 'test')).toBe(true);
  expect(once.stdout).not.toContain(alarmId);
}, 120_000);

type Compared = Pick<
  ReplayedAlarm,
  'at' | 'bed' | 'device' | 'rule' | 'priority' | 'phase' | 'present'
>;

const inWords = ({ bed, device, rule, priority, phase, present }: Compared): string =>
  [bed, device, rule, priority, phase, present ? 'present' : 'gone'].join(' ');

/** Each revision of each alarm, once. */
function liveAlarms(client: Client): Compared[] {
  const seen = new Map<string, Compared>();
  for (const { frame } of client.heard) {
    if (frame.type !== 'alarm') continue;
    const { alarm } = frame;
    const key = `${alarm.alarmId} ${alarm.rev}`;
    if (seen.has(key)) continue;
    seen.set(key, {
      at: alarm.changedAt,
      bed: alarm.bedId,
      device: alarm.deviceId ?? null,
      rule: alarm.ruleId,
      priority: alarm.priority,
      phase: alarm.phase,
      present: alarm.present,
    });
  }
  return [...seen.values()];
}

test('what is wrong with a folder or the usage is said in one sentence', async () => {
  const { dir, config } = await bed();
  const empty = tempDir(closers);
  const torn = tempDir(closers);
  writeFileSync(join(torn, 'manifest.json'), '{"format":"something else"}');
  const nothing = join(dir, 'nothing.yaml');
  writeFileSync(nothing, gatewayYaml('  - { id: B01 }\n'));
  const [gone, bare, wrong, slow, noDir, noOut, noDevice, noConfig] = await Promise.all([
    cli(['replay', join(dir, 'gone')]),
    cli(['replay', empty]),
    cli(['replay', torn]),
    cli(['replay', dir, '--speed', 'fast']),
    cli(['replay']),
    cli(['capture', '--config', config]),
    cli(['capture', '--config', nothing, '--out', join(dir, 'x')]),
    cli(['replay', empty, '--config', config]),
  ]);
  const says = (ended: typeof gone, code: number, words: RegExp): void => {
    expect(ended.stderr).toMatch(words);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).not.toMatch(/^ {4}at |Error:/m);
  };
  says(gone, 1, /gone does not exist: give the folder of a recording/);
  says(bare, 1, /has no manifest\.json; give the configuration with --config/);
  says(wrong, 1, /manifest\.json: format/);
  says(slow, 2, /--speed fast is neither a number/);
  says(noDir, 2, /Usage: infusewatch replay DIR/);
  says(noOut, 2, /--out is missing/);
  says(noDevice, 1, /has no device/);
  says(noConfig, 1, /holds no \.capture file/);
});
