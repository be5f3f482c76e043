import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  importsOf,
  needlessExceptions,
  type SourceFile,
  violations,
} from './architecture-check.ts';

const root = new URL('../', import.meta.url);

function filesUnder(folder: string): readonly SourceFile[] {
  if (!existsSync(new URL(folder, root))) return [];
  return readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) {
      return ['node_modules', 'dist'].includes(entry.name) ? [] : filesUnder(`${path}/`);
    }
    if (!/\.(ts|tsx|mts)$/.test(entry.name)) return [];
    return [{ path, text: readFileSync(new URL(path, root), 'utf8') }];
  });
}

const real = ['src/', 'drivers/', 'simulators/', 'dashboard/', 'bench/'].flatMap(filesUnder);

describe('the real files', () => {
  test('are found', () => {
    expect(real.map(({ path }) => path)).toContain('drivers/alaris-asena/codec.ts');
    expect(real.flatMap(importsOf).length).toBeGreaterThan(100);
  });

  test('import only what the table allows, read no clock, and form no ring', () => {
    expect(violations(real)).toEqual([]);
  });

  test('need every exception that is granted', () => {
    expect(needlessExceptions(real)).toEqual([]);
  });
});

describe('planted violations are found', () => {
  const plant = (path: string, text: string) => violations([{ path, text }]);

  test.each([
    [
      'drivers/alaris-asena/x.ts',
      "import { a } from '../ge-dri/codec.ts';",
      'drivers/ge-dri/codec.ts',
    ],
    ['drivers/alaris-asena/x.ts', "import { readFileSync } from 'node:fs';", 'node:fs'],
    ['drivers/alaris-asena/x.ts', "import { SerialPort } from 'serialport';", 'serialport'],
    [
      'drivers/alaris-asena/x.ts',
      "import type { S } from '../../src/check/scene.ts';",
      'src/check/scene.ts',
    ],
    ['drivers/alaris-asena/x.ts', "export * from '../../src/port/port.ts';", 'src/port/port.ts'],
    ['drivers/alaris-asena/x.ts', "import '../../src/hub/ward.ts';", 'src/hub/ward.ts'],
    ['drivers/alaris-asena/x.ts', "const a = await import('node:net');", 'node:net'],
    [
      'drivers/alaris-asena/x.ts',
      "type A = import('../../src/alarm/condition.ts').A;",
      'src/alarm/condition.ts',
    ],
    ['drivers/alaris-asena/x.ts', "import {\n  a,\n  b,\n} from 'rxjs';", 'rxjs'],
    [
      'drivers/alaris-asena/deep/x.ts',
      "import { a } from '../../../src/time/timeline.ts';",
      'src/time/timeline.ts',
    ],
    ['src/check/x.ts', "import { map } from 'rxjs';", 'rxjs'],
    ['src/check/x.ts', "import { drivers } from '../../drivers/index.ts';", 'drivers/index.ts'],
    ['src/order/x.ts', "import { x } from '../check/scene.ts';", 'src/check/scene.ts'],
    ['src/alarm/x.ts', "import { ws } from 'ws';", 'ws'],
    [
      'src/observation/x.ts',
      "import { x } from '../driver/contract.ts';",
      'src/driver/contract.ts',
    ],
    [
      'src/pipeline/x.ts',
      "import { serialPort } from '../port/serial-port.ts';",
      'src/port/serial-port.ts',
    ],
    [
      'src/pipeline/x.ts',
      "import { a } from '../../drivers/alaris-asena/codec.ts';",
      'drivers/alaris-asena/codec.ts',
    ],
    ['src/hub/wire/x.ts', "import { createHash } from 'node:crypto';", 'node:crypto'],
    ['src/hub/x.ts', "import { d } from '../../drivers/index.ts';", 'drivers/index.ts'],
    ['src/port/x.ts', "import { d } from '../check/scene.ts';", 'src/check/scene.ts'],
    [
      'simulators/alaris-asena/x.ts',
      "import { c } from '../../drivers/alaris-asena/codec.ts';",
      'drivers/alaris-asena/codec.ts',
    ],
    [
      'simulators/alaris-asena/x.ts',
      "import { c } from '../../src/driver/kit/crc16.ts';",
      'src/driver/kit/crc16.ts',
    ],
    [
      'simulators/alaris-asena/x.ts',
      "import { c } from '../ge-dri/index.ts';",
      'simulators/ge-dri/index.ts',
    ],
    [
      'dashboard/x.tsx',
      "import { d } from '../src/observation/format.ts';",
      'src/observation/format.ts',
    ],
    ['dashboard/x.tsx', "import { d } from 'node:fs';", 'node:fs'],
    [
      'src/alarm/x.ts',
      "import { a } from '../../test/architecture-check.ts';",
      'test/architecture-check.ts',
    ],
  ])('%s: %s', (path, text, target) => {
    expect(plant(path, text)).toContain(`${path} must not import ${target}`);
  });

  test.each([
    ['const t = Date.now();', 'Date.now'],
    ['const now = Date.now;', 'Date.now'],
    ['const d = new Date();', 'new Date()'],
    ['const d = new Date( );', 'new Date()'],
    ['const t = performance.now();', 'performance.now'],
    ['setTimeout(() => {}, 5);', 'setTimeout'],
    ['const i = setInterval(tick, 5);', 'setInterval'],
    ['const r = Math.random();', 'Math.random'],
  ])('a clock, timer or dice in a rule: %s', (text, name) => {
    expect(plant('src/check/x.ts', text)).toEqual([
      `src/check/x.ts must not use ${name}: time and chance are passed in`,
    ]);
  });

  test('a folder that the table does not know', () => {
    expect(plant('src/helpers/x.ts', '')).toEqual([
      'src/helpers/x.ts: its folder is not in the table',
    ]);
  });

  test('a ring of folders, even one that the table allows', () => {
    const ring = [
      { path: 'src/cli/a.ts', text: "import { b } from '../../bench/b.ts';" },
      { path: 'bench/b.ts', text: "import { a } from '../src/cli/a.ts';" },
    ];
    expect(violations(ring)).toEqual(['import ring: src/cli -> bench -> src/cli']);
  });
});

describe('what is allowed is not found', () => {
  test.each([
    ['src/check/x.ts', "// import { map } from 'rxjs'; Date.now()"],
    ['src/check/x.ts', "/**\n * import { map } from 'rxjs';\n * Math.random()\n */"],
    ['src/check/x.ts', 'const d = new Date(wallMs); const e = new Date(Date.UTC(2026, 0, 1));'],
    ['src/check/x.ts', "import * as z from 'zod/mini';"],
    ['src/port/x.ts', 'setTimeout(() => {}, 5);'],
    ['src/hub/x.ts', "import { a } from './wire/index.ts';"],
    ['drivers/alaris-asena/x.ts', "import { a } from '../../src/driver/kit/decimal.ts';"],
    ['simulators/ge-dri/x.ts', 'this.#cuff.setInterval(5); ({ setInterval(minutes: number) {} });'],
  ])('%s: %s', (path, text) => {
    expect(violations([{ path, text }])).toEqual([]);
  });
});
