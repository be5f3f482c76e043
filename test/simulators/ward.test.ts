import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadKinds } from '../../simulators/host/kinds.ts';
import { checkWard, readWard } from '../../simulators/host/ward.ts';
import { simulatorRegistry } from '../../simulators/kit/device.ts';
import { simulator as ticker } from '../../simulators/kit/ticker.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ward-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const device = { id: 'a', simulator: 'ticker' };

test('a ward file is read, with paths relative to it', () => {
  const file = join(dir, 'ward.yaml');
  writeFileSync(
    file,
    'dir: ports\ndevices:\n  - { id: a, simulator: ./mine.ts, name: usb-1 }\nstory:\n  - { at: 1, device: a, unplug: true }\n',
  );
  expect(readWard(file)).toEqual({
    dir: join(dir, 'ports'),
    devices: [{ id: 'a', simulator: join(dir, 'mine.ts'), name: 'usb-1' }],
    story: [{ at: 1, device: 'a', unplug: true }],
  });
});

const rejects = [
  { why: 'no devices', ward: { devices: [] }, message: /ward: devices/ },
  { why: 'an unknown key', ward: { devices: [device], beds: 1 }, message: /beds/ },
  {
    why: 'one id twice',
    ward: { devices: [device, device] },
    message: /devices\.1\.id: a is there twice/,
  },
  {
    why: 'a link name that leaves the folder',
    ward: { devices: [{ ...device, name: '../x' }] },
    message: /devices\.0\.name/,
  },
  {
    why: 'a story about nobody',
    ward: { devices: [device], story: [{ at: 0, device: 'b', unplug: true }] },
    message: /no device b/,
  },
  {
    why: 'an unknown fault',
    ward: { devices: [device], story: [{ at: 0, device: 'a', fault: { kind: 'gremlin' } }] },
    message: /story\.0/,
  },
];
test.each(rejects)('rejects $why', ({ ward, message }) => {
  expect(() => checkWard(ward, 'ward')).toThrow(message);
});

test('a ward that names no known simulator says which there are', async () => {
  await expect(
    loadKinds(checkWard({ devices: [{ id: 'a', simulator: 'warp-drive' }] }, 'w')),
  ).rejects.toThrow(/there is no simulator warp-drive: there are .*ticker/);
});

test('two simulators under one id are refused', () => {
  expect(() => simulatorRegistry([ticker, ticker])).toThrow('two simulators have the id ticker');
});
