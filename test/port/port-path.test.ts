import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { portClaims } from '../../src/port/port-claims.ts';
import { openFailure, searchNodes } from '../../src/port/port-path.ts';

describe('why a port did not open, in words', () => {
  const withCode = (code: string) => Object.assign(new Error(`${code}: whatever`), { code });
  test.each([
    [
      withCode('ENOENT'),
      'X does not exist: plug the adapter in, or correct the path in the configuration',
    ],
    [
      new Error('Error: No such file or directory, cannot open X'),
      'X does not exist: plug the adapter in, or correct the path in the configuration',
    ],
    [
      withCode('EACCES'),
      'X may not be opened by this user: add the user to group dialout (sudo usermod -aG dialout USER) and log in again',
    ],
    [
      new Error('Error: Permission denied, cannot open X'),
      'X may not be opened by this user: add the user to group dialout (sudo usermod -aG dialout USER) and log in again',
    ],
    [
      new Error('Error Resource temporarily unavailable Cannot lock port'),
      'X is in use by another program: stop that program, or give this device another port',
    ],
    [
      new Error('Error: Device or resource busy, cannot open X'),
      'X is in use by another program: stop that program, or give this device another port',
    ],
    [
      new Error('Error: Inappropriate ioctl for device setting custom baud rate of 9600'),
      'X is not a serial port, or does not support these line settings: give the path of a port and correct the settings',
    ],
    [
      new Error('Error: Input/output error.'),
      'X could not be opened (Input/output error): check the cable and the adapter',
    ],
    ['odd', 'X could not be opened (odd): check the cable and the adapter'],
  ])('%s', (error, sentence) => {
    expect(openFailure('X', error)).toBe(sentence);
  });
});

describe('search', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'search-'));
    // Any character device will do: the search opens nothing.
    symlinkSync('/dev/zero', join(dir, 'ttyUSB10'));
    symlinkSync('/dev/null', join(dir, 'ttyUSB2'));
    symlinkSync('/dev/full', join(dir, 'by+id.a'));
    writeFileSync(join(dir, 'ttyUSB3'), '');
    symlinkSync('/dev/not-there', join(dir, 'ttyUSB4'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const find = async (patterns: string[], claims = portClaims()) =>
    (
      await searchNodes(
        patterns.map((pattern) => join(dir, pattern)),
        claims,
        'me',
      )
    ).map(({ name }) => basename(name));

  test('takes patterns in order and names by number, only devices, each node once', async () => {
    expect(await find(['ttyUSB*'])).toEqual(['ttyUSB2', 'ttyUSB10']);
    expect(await find(['by*', '*', 'ttyUSB2'])).toEqual(['by+id.a', 'ttyUSB2', 'ttyUSB10']);
  });

  test('a pattern is no regular expression, and a folder that is not there holds nothing', async () => {
    expect(await find(['by.id*', 'by+id?a', 'ttyUSB[12]*', 'nope/*'])).toEqual([]);
    expect(await find(['by+id.*'])).toEqual(['by+id.a']);
  });

  test('leaves out what others hold or are configured to use, not what is ours', async () => {
    const claims = portClaims();
    const release = claims.take('/dev/null', 'other');
    claims.reserve(join(dir, 'ttyUSB10'), 'third');
    claims.reserve(join(dir, 'by+id.a'), 'me');
    expect(await find(['*'], claims)).toEqual(['by+id.a']);
    release?.();
    expect(await find(['*'], claims)).toEqual(['by+id.a', 'ttyUSB2']);
  });
});

test('a claim is held by one, and giving it back twice does not take it from the next', () => {
  const claims = portClaims();
  const first = claims.take('/dev/x', 'a');
  expect(claims.take('/dev/x', 'b')).toBeUndefined();
  first?.();
  expect(claims.take('/dev/x', 'b')).toBeDefined();
  first?.();
  expect(claims.holder('/dev/x')).toBe('b');
});
