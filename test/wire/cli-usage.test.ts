import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closers, cli, type Ended, Gateway, gatewayYaml, tempDir } from './gateway-kit.ts';

const COMMANDS = [
  'serve',
  'check-config',
  'check-order',
  'user',
  'simulate',
  'decode',
  'verify-log',
];
const closers = new Closers();
let dir: string;
beforeAll(() => {
  dir = tempDir(closers);
});
afterAll(() => closers.close());

const file = (name: string, content: string): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};

/** Refused with this code: a sentence on standard error, nothing on standard output, no stack trace. */
function expectRefused({ code, stdout, stderr }: Ended, exitCode: number, says: RegExp): void {
  expect(stderr).toMatch(says);
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  expect(stderr).not.toMatch(/^ {4}at |node:internal|Error:/m);
  expect(stderr.length).toBeLessThan(1_000);
}

test('help of everything, and what is wrong usage: exit code 2', async () => {
  const helps = await Promise.all(COMMANDS.map((command) => cli([command, '--help'])));
  for (const [index, { code, stdout, stderr }] of helps.entries()) {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: infusewatch ${COMMANDS[index]}`);
  }
  const overview = await cli(['--help']);
  expect(overview).toMatchObject({ code: 0, stderr: '' });
  for (const command of COMMANDS) expect(overview.stdout).toContain(`  ${command} `);

  const [bare, unknown, option, missing, port, surplus, action, driver] = await Promise.all([
    cli([]),
    cli(['fly']),
    cli(['serve', '--confg', 'x.yaml']),
    cli(['serve']),
    cli(['serve', '--config', 'x.yaml', '--port', '99999']),
    cli(['check-config', 'a', 'b']),
    cli(['user', 'promote', 'nurse-a', '--data', dir]),
    cli(['decode', '--driver', 'nothing-such']),
  ]);
  expect(bare?.code).toBe(2);
  expectRefused(unknown, 2, /no command "fly".*--help/);
  expectRefused(option, 2, /--confg.*infusewatch serve --help/s);
  expectRefused(missing, 2, /--config is missing/);
  expectRefused(port, 2, /99999 is not a whole number from 0 to 65535/);
  expectRefused(surplus, 2, /Usage: infusewatch check-config FILE/);
  expectRefused(action, 2, /no "user promote"/);
  expectRefused(driver, 2, /no driver "nothing-such"; known: .*alaris-asena/);
});

test('configurations: what would run, and every fault with its line; serve refuses the same', async () => {
  const good = file(
    'good.yaml',
    gatewayYaml(
      '  - { id: B01, devices: [{ id: P, driver: alaris-asena, port: { kind: serial, path: /dev/ttyX } }] }\n',
      8080,
    ),
  );
  const bad = file(
    'bad.yaml',
    gatewayYaml(
      '  - id: B01\n    devices:\n      - { id: P, driver: alaris, port: { kind: serial, path: /dev/ttyX } }\n      - { id: P, driver: ge-dri, port: { kind: serial, path: /dev/ttyX } }\n',
    ),
  );
  const surprise = file('surprise.yaml', `${gatewayYaml('  - { id: B01 }\n')}colour: blue\n`);
  const broken = file('broken.yaml', 'gateway: { id: gw-1\nbeds: [\n');
  const [checked, missing, many, unknownKey, syntax, served, servedMissing, directory] =
    await Promise.all([
      cli(['check-config', good]),
      cli(['check-config', join(dir, 'nowhere.yaml')]),
      cli(['check-config', bad]),
      cli(['check-config', surprise]),
      cli(['check-config', broken]),
      cli(['serve', '--config', bad]),
      cli(['serve', '--config', join(dir, 'nowhere.yaml')]),
      cli(['check-config', dir]),
    ]);
  expect(checked).toMatchObject({ code: 0, stderr: '' });
  expect(checked.stdout).toMatch(/B01 P: alaris-asena .* on serial \/dev\/ttyX/);
  expectRefused(missing, 1, /nowhere\.yaml cannot be read; give the path/);
  expectRefused(
    many,
    1,
    /bad\.yaml:7 beds\[0\]\.devices\[0\]\.driver: There is no driver "alaris"/,
  );
  expect(many.stderr).toMatch(/bad\.yaml:8 beds\[0\]\.devices\[1\]\.id: Device P is there twice/);
  expect(many.stderr).toMatch(/bad\.yaml:8 beds\[0\]\.devices\[1\]\.port: Port \/dev\/ttyX/);
  expectRefused(unknownKey, 1, /surprise\.yaml:6.*colour/);
  expectRefused(syntax, 1, /broken\.yaml:\d/);
  expectRefused(served, 1, /There is no driver "alaris"/);
  expectRefused(servedMissing, 1, /nowhere\.yaml cannot be read/);
  expectRefused(directory, 1, /cannot be read/);
});

test('orders, wards and bytes from files', async () => {
  const unit = file(
    'unit.yaml',
    readFileSync('config/orders/inpatient-titration.yaml', 'utf8').replace(
      'dose: 20 }',
      'dose: 20 mg/h }',
    ),
  );
  const ward = file('ward.yaml', 'devices: [{ id: a, simulator: nothing }]\n');
  const [order, wrong, none, simulate, noWard, decoded, noHex] = await Promise.all([
    cli(['check-order', 'config/orders/goldberg-day-1.yaml']),
    cli(['check-order', unit]),
    cli(['check-order', join(dir, 'none.yaml')]),
    cli(['simulate', '--ward', ward]),
    cli(['simulate', '--ward', join(dir, 'none.yaml')]),
    cli(['decode', '--driver', 'ge-dri', 'test/fixtures/ge-dri/b450-short.raw']),
    cli(['decode', '--driver', 'ge-dri', '--hex'], 'xyz'),
  ]);
  expect(order).toMatchObject({ code: 0, stderr: '' });
  expect(order.stdout).toMatch(/^step 1 after 0 min: 10(\.0)? mg\/h = 125(\.0)? mL\/h\n$/);
  expectRefused(wrong, 1, /unit\.yaml:\d+: steps\[0\]\.dose.*without a unit/);
  expectRefused(none, 1, /none\.yaml cannot be read/);
  expectRefused(simulate, 1, /no simulator nothing/);
  expectRefused(noWard, 1, /none\.yaml does not exist/);
  expect(decoded.code).toBe(0);
  expect(
    decoded.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toHaveLength(21);
  expectRefused(noHex, 1, /not hex/);
});

test('accounts: made, listed, disabled; bad names, roles and PINs refused', async () => {
  const data = join(dir, 'accounts');
  const pin = file('pin', '2581\n');
  const add = (name: string, role: string, ...more: string[]) =>
    cli(['user', 'add', name, '--role', role, '--data', data, ...more], '3692\n');
  expect(await add('nurse-a', 'nurse,biomed', '--pin-file', pin)).toMatchObject({
    code: 0,
    stderr: '',
  });
  expect((await add('nurse-b', 'nurse')).code).toBe(0);
  const [twice, role, noPin, weak, nobody] = await Promise.all([
    add('nurse-a', 'nurse'),
    add('nurse-c', 'queen'),
    add('nurse-c', 'nurse', '--pin-file', join(dir, 'no-pin')),
    cli(['user', 'add', 'nurse-c', '--role', 'nurse', '--data', data], '1111\n'),
    cli(['user', 'disable', 'nobody', '--data', data]),
  ]);
  expectRefused(twice, 1, /nurse-a/);
  expectRefused(role, 1, /queen/);
  expectRefused(noPin, 1, /no-pin cannot be read/);
  expectRefused(weak, 1, /PIN/);
  expect(weak.stderr).not.toContain('1111');
  expectRefused(nobody, 1, /nobody/);
  expect((await cli(['user', 'disable', 'nurse-b', '--data', data])).code).toBe(0);
  expect((await cli(['user', 'list', '--data', data])).stdout).toBe(
    'nurse-a\tnurse,biomed\tenabled\nnurse-b\tnurse\tdisabled\n',
  );
});

test('a port that another program has: one sentence, exit code 1, and the data are free again', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  closers.add(() => other.close());
  const { port } = other.address() as { port: number };
  const config = file('port.yaml', gatewayYaml('  - { id: B01 }\n', port));
  const refused = await cli(['serve', '--config', config]);
  expectRefusedByServe(refused, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use`));
  const gateway = await Gateway.start(config, closers, ['--port', '0']);
  const askedAt = performance.now();
  expect(await gateway.end('SIGTERM')).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(2_000);
});

/** `serve` writes its log (JSON lines) to standard error as well. */
function expectRefusedByServe({ code, stdout, stderr }: Ended, says: RegExp): void {
  const sentences = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  expect({ code, stdout, sentences }).toEqual({
    code: 1,
    stdout: '',
    sentences: [expect.stringMatching(says)],
  });
}

test('verify-log: whole; one byte changed: broken, with its place; no log: said', async () => {
  const config = file(
    'log.yaml',
    'gateway: { id: gw-log }\nhttp: { port: 0 }\nstore: { dir: ./log-data }\n',
  );
  const data = join(dir, 'log-data');
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGTERM'] as const) {
    const gateway = await Gateway.start(config, closers);
    await gateway.end(signal);
  }
  const whole = await cli(['verify-log', '--data', data]);
  expect(whole).toMatchObject({ code: 0, stderr: '' });

  const db = new DatabaseSync(join(data, 'events.db'));
  const triggers = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
  expect(triggers.length).toBeGreaterThan(0);
  expect(() => db.exec("UPDATE events SET payload = '{}' WHERE seq = 2")).toThrow();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  db.exec('UPDATE events SET wall_ms = wall_ms + 1 WHERE seq = 2');
  db.close();
  expectRefused(await cli(['verify-log', '--data', data]), 1, /broken at entry 2/);
  expectRefused(
    await cli(['verify-log', '--data', join(dir, 'no-such')]),
    1,
    /no-such|does not exist/,
  );
});
