import { type ChildProcess, fork, spawn } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSimulators } from '../../simulators/host/client.ts';

const main = new URL('../../simulators/host/main.ts', import.meta.url).pathname;
let dir: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'host-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

/** The link itself, wherever it leads. */
const linkThere = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false }) !== undefined;
const running = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const exit = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));

function run(ward: string) {
  const file = join(dir, 'ward.yaml');
  writeFileSync(file, ward);
  const child = spawn(process.execPath, [main, file], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return {
    child,
    errors: () => errors,
    next: () =>
      new Promise<unknown>((resolve) => lines.once('line', (line) => resolve(JSON.parse(line)))),
    say: (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`),
  };
}

test('as a command: ready first, then an answer for each line; SIGTERM takes links and process away', async () => {
  const { child, next, say } = run(
    `dir: ports\ndevices:\n  - { id: a, simulator: ticker }\n  - { id: b, simulator: ticker, name: usb-b, tcp: 0 }\n`,
  );
  const path = join(dir, 'ports', 'a');
  expect(await next()).toEqual({
    ready: { a: path, b: expect.stringMatching(/^tcp 127\.0\.0\.1:\d+$/) },
  });
  const ask = (message: object) => {
    const answer = next();
    say(message);
    return answer;
  };
  expect(await ask({ seq: 1, device: 'a', command: 'set-value', args: { value: 5 } })).toEqual({
    seq: 1,
    ok: true,
  });
  expect(await ask({ device: 'a', describe: true })).toMatchObject({
    ok: true,
    truth: { value: 5, line: { plugged: true } },
  });
  expect(await ask({ device: 'a', command: 'fly' })).toEqual({
    error: 'the ticker does not know the command fly: it knows set-value',
  });
  expect(await ask({ device: 'x', unplug: true })).toEqual({ error: 'no device x in this ward' });
  expect(await ask({ device: 'a', explode: true })).toMatchObject({
    error: expect.stringContaining('not an action'),
  });
  expect(await ask({ device: 'a', plug: true })).toEqual({
    error: 'a is plugged in already: unplug it first',
  });
  expect(await ask({ device: 'a', unplug: true })).toEqual({ ok: true });
  expect(linkThere(path)).toBe(false);
  expect(await ask({ device: 'a', plug: 'usb-9' })).toEqual({
    ok: true,
    path: join(dir, 'ports', 'usb-9'),
  });
  const gone = exit(child);
  child.kill('SIGTERM');
  expect(await gone).toBe(0);
  expect(linkThere(join(dir, 'ports', 'usb-9'))).toBe(false);
});

test('SIGINT ends it cleanly too', async () => {
  const { child, next } = run('devices: [{ id: a, simulator: ticker }]\n');
  await next();
  const gone = exit(child);
  child.kill('SIGINT');
  expect(await gone).toBe(0);
});

test('a ward with a fault ends with one sentence and code 1', async () => {
  const { child, errors } = run('devices: [{ id: a, simulator: warp-drive }]\n');
  expect(await exit(child)).toBe(1);
  expect(errors()).toMatch(/^simulators: there is no simulator warp-drive: there are [\w, -]+\n$/);
});

test('a story runs by itself, and again', async () => {
  const { next, say } = run(
    'dir: ports\ndevices: [{ id: a, simulator: ticker }]\nloopSeconds: 0.3\nstory:\n  - { at: 0.05, device: a, command: set-value, args: { value: 1 } }\n  - { at: 0.2, device: a, command: set-value, args: { value: 2 } }\n',
  );
  await next();
  const seen: unknown[] = [];
  const limit = performance.now() + 5_000;
  while (seen.join() !== '0,1,2,1,2' && performance.now() < limit) {
    const answer = next();
    say({ device: 'a', describe: true });
    const { truth } = (await answer) as { truth: { value: number } };
    if (seen.at(-1) !== truth.value) seen.push(truth.value);
    if (seen.length === 5) break;
  }
  expect(seen.slice(-4)).toEqual([1, 2, 1, 2]);
});

test("a simulator of one's own is named by its path; unknown options are refused in words", async () => {
  const ticker = new URL('../../simulators/kit/ticker.ts', import.meta.url).pathname;
  const own = await startSimulators({ dir, devices: [{ id: 'a', simulator: ticker }] });
  expect(await own.describe('a')).toMatchObject({ value: 0 });
  await expect(own.command('a', 'fly')).rejects.toThrow('the ticker does not know the command fly');
  await own.stop();
  expect(running(own.pid)).toBe(false);
  await expect(own.describe('a')).rejects.toThrow('the simulator process has ended');
  await expect(
    startSimulators({ dir, devices: [{ id: 'a', simulator: 'ticker', options: { everyMs: -1 } }] }),
  ).rejects.toThrow('everyMs must be a number from 1 up');
});

test('no orphan: when the process that forked it is killed, it ends and takes its links along', async () => {
  const script = join(dir, 'parent.mjs');
  const client = new URL('../../simulators/host/client.ts', import.meta.url).href;
  writeFileSync(
    script,
    `import { startSimulators } from '${client}';
     const own = await startSimulators({ dir: '${join(dir, 'ports')}', devices: [{ id: 'a', simulator: 'ticker' }] });
     process.send(own.pid);
     setInterval(() => {}, 1000);`,
  );
  const parent = fork(script, [], { execArgv: [] });
  children.push(parent);
  const pid = await new Promise<number>((resolve) =>
    parent.once('message', (message) => resolve(Number(message))),
  );
  expect(running(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => running(pid), { timeout: 5_000 }).toBe(false);
  expect(linkThere(join(dir, 'ports', 'a'))).toBe(false);
});

test('a device that nobody reads neither blocks the process nor its neighbours', async () => {
  const flood = new URL('../port/flood-simulator.ts', import.meta.url).pathname;
  const own = await startSimulators({
    dir,
    devices: [
      { id: 'a', simulator: flood },
      { id: 'b', simulator: 'ticker' },
    ],
  });
  const line = async () => (await own.describe('a'))['line'] as { lostBytes: number };
  // Far more than a terminal's buffer (some 20 kB) holds.
  await expect
    .poll(async () => (await line()).lostBytes, { timeout: 10_000 })
    .toBeGreaterThan(100_000);
  const before = performance.now();
  expect(await own.describe('b')).toMatchObject({ line: { lostBytes: 0 } });
  expect(performance.now() - before).toBeLessThan(1_000);
  await own.stop();
});

test('a device does not hear itself while nobody has opened its port', async () => {
  const own = await startSimulators({
    dir,
    devices: [{ id: 'a', simulator: 'ticker', options: { everyMs: 10 } }],
  });
  await expect
    .poll(async () => (await own.describe('a'))['ticks'], { timeout: 5_000 })
    .toBeGreaterThan(20);
  expect(await own.describe('a')).toMatchObject({ echoes: 0 });
  await own.stop();
});
