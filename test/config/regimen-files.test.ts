import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { driverById } from '../../drivers/index.ts';
import { checkConfig } from '../../src/config/load-config.ts';
import { loadRegimens } from '../../src/config/regimen-files.ts';
import { loadRuleFiles } from '../../src/config/rule-files.ts';

const COMA = readFileSync('config/regimens/icu-coma.yaml', 'utf8');
let dir = '';

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'infusewatch-regimens-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(dir, name), text);
const configured = (regimens: string) =>
  checkConfig(`gateway: { id: gw-1 }\nregimens: ${regimens}\n`, dir, driverById);

describe('a folder of templates', () => {
  test('holds the YAML files in it, by id', () => {
    write('b.yml', COMA.replace('id: icu-coma', 'id: second'));
    write('a.yaml', COMA);
    write('notes.txt', 'no template');
    const loaded = loadRegimens(dir);
    expect(loaded.ok && [...loaded.value.keys()]).toEqual(['icu-coma', 'second']);
  });

  test('that is empty holds none', () => {
    expect(loadRegimens(dir)).toEqual({ ok: true, value: new Map() });
  });

  test('with a fault is refused as a whole, with file, line and key of every fault', () => {
    write('a.yaml', COMA);
    write('b.yaml', COMA.replace('lowest: 500', 'lowest: 500mg').replace('id: icu-coma', 'id: b'));
    write('c.yaml', 'dose: {');
    const loaded = loadRegimens(dir);
    const line = COMA.split('\n').findIndex((text) => text.startsWith('dose:')) + 1;
    expect(loaded.ok ? [] : loaded.problems).toEqual([
      expect.stringMatching(new RegExp(`b\\.yaml:${line} dose\\.lowest: .*number.*\\.$`)),
      expect.stringMatching(/c\.yaml:\d+: This is not valid YAML/),
    ]);
  });

  test('two of one id are refused', () => {
    write('a.yaml', COMA);
    write('b.yaml', COMA);
    const loaded = loadRegimens(dir);
    expect(loaded.ok ? [] : loaded.problems).toEqual([
      expect.stringMatching(/b\.yaml id: Regimen icu-coma is in a\.yaml too/),
    ]);
  });

  test('a file that cannot be read is told', () => {
    mkdirSync(join(dir, 'folder.yaml'));
    const loaded = loadRegimens(dir);
    expect(loaded.ok ? [] : loaded.problems).toEqual([
      expect.stringMatching(/folder\.yaml: The file cannot be read/),
    ]);
  });
});

describe('regimens in the configuration', () => {
  test('left out: those of the product', () => {
    const checked = checkConfig('gateway: { id: gw-1 }\n', dir, driverById);
    if (!checked.ok) throw new Error('refused');
    const rules = loadRuleFiles(checked.value.files);
    expect(rules.ok && rules.value.regimens.size).toBe(8);
  });

  test('beside the file', () => {
    mkdirSync(join(dir, 'own'));
    writeFileSync(join(dir, 'own', 'a.yaml'), COMA);
    const checked = configured('own');
    if (!checked.ok) throw new Error('refused');
    const rules = loadRuleFiles(checked.value.files);
    expect(rules.ok && [...rules.value.regimens.keys()]).toEqual(['icu-coma']);
  });

  test('a fault in one refuses the start', () => {
    mkdirSync(join(dir, 'own'));
    writeFileSync(join(dir, 'own', 'a.yaml'), COMA.replace('careAreas: [icu-coma]\n', ''));
    const checked = configured('own');
    if (!checked.ok) throw new Error('refused');
    const rules = loadRuleFiles(checked.value.files);
    expect(rules.ok ? [] : rules.problems).toEqual([
      expect.stringMatching(/a\.yaml(:\d+)? careAreas: .*icu-coma/),
    ]);
  });

  test('that are not there, or no folder', () => {
    write('file.yaml', COMA);
    expect(configured('nowhere')).toMatchObject({
      ok: false,
      problems: [{ path: 'regimens', line: 2 }],
    });
    expect(configured('file.yaml')).toMatchObject({
      ok: false,
      problems: [{ path: 'regimens', line: 2 }],
    });
  });
});
