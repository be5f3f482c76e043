import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { driverById, drivers } from '../../drivers/index.ts';
import { simulatorById, simulators } from '../../simulators/index.ts';

const root = new URL('../../', import.meta.url);

/** Folders that hold this file; one without it is still being written and cannot be loaded. */
const foldersWith = (parent: string, file: string): readonly string[] =>
  readdirSync(new URL(parent, root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .filter(({ name }) => existsSync(new URL(`${parent}${name}/${file}`, root)))
    .map(({ name }) => name)
    .sort();

/** Folders of `simulators/` that are not devices. */
const NOT_DEVICES = ['kit', 'host', 'demo'];

describe('the hand-written registries list what is there, no more and no less', () => {
  test('drivers', () => {
    expect(drivers.map(({ id }) => id).sort()).toEqual(foldersWith('drivers/', 'driver.ts'));
  });

  test('simulators', () => {
    const folders = foldersWith('simulators/', 'index.ts');
    expect(simulators.map(({ id }) => id).sort()).toEqual(
      folders.filter((name) => !NOT_DEVICES.includes(name)),
    );
  });

  test('each id stands once', () => {
    expect(driverById.size).toBe(drivers.length);
    expect(simulatorById.size).toBe(simulators.length);
  });

  test.each(drivers)('$id has a registered twin on the same line settings', ({ id, line }) => {
    const parityBit = line.parity === 'none' ? 0 : 1;
    expect(simulatorById.get(id)?.line).toEqual({
      baudRate: line.baudRate,
      bitsPerByte: 1 + line.dataBits + parityBit + line.stopBits,
    });
  });
});
