import { describe, expect, test } from 'vitest';
import { queryList } from '../../src/driver/query-bytes.ts';

const list = queryList({ status: Uint8Array.of(1, 2, 3), alarm: Uint8Array.of(4) });

test('gives the bytes of what is on the list', () => {
  expect([...list.get('status')]).toEqual([1, 2, 3]);
  expect(list.all.map(({ name }) => name)).toEqual(['status', 'alarm']);
});

test.each([[[1, 2]], [[1, 2, 3, 4]], [[]], [[3, 2, 1]], [[1, 2, 3, 4]]])(
  '%j is not on it: the comparison is byte for byte',
  (bytes) => {
    expect(list.has(Uint8Array.from(bytes))).toBe(false);
  },
);

test('equal bytes in another array are on it', () => {
  expect(list.has(Uint8Array.of(1, 2, 3))).toBe(true);
});

test('a name that is not on the list throws', () => {
  expect(() => list.get('stop' as 'alarm')).toThrow("query stop is not on the driver's list");
});

test('the bytes that made the list can be changed afterwards without changing it', () => {
  const source = Uint8Array.of(9);
  const copied = queryList({ ask: source });
  source[0] = 8;
  expect([...copied.get('ask')]).toEqual([9]);
  expect(copied.has(Uint8Array.of(8))).toBe(false);
});

test('bytes that were got and then changed are no longer on the list', () => {
  const mine = queryList({ ask: Uint8Array.of(9) });
  const bytes = mine.get('ask');
  bytes[0] = 8;
  expect(mine.has(bytes)).toBe(false);
});

describe('a family', () => {
  const ask = {
    build: (name: string) => {
      if (!/^[0-9]{2}$/.test(name)) throw new Error('not an address');
      return Uint8Array.from(Buffer.from(`?${name}!`, 'latin1'));
    },
    read: (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').slice(1, 3),
    example: '07',
  };
  const family = queryList({}, { ask });
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

  test('its members are on the list, by the name in them', () => {
    expect(family.has(bytes('?42!'))).toBe(true);
    expect(family.nameOf(bytes('?42!'))).toBe('ask');
    expect(family.has(family.of('ask', '42'))).toBe(true);
    expect(family.all.map(({ name }) => name)).toEqual(['ask']);
  });

  test.each(['?4x!', '?42', '?42!!', '=42!', '', '?421!'])('%s is not on the list', (text) => {
    expect(family.has(bytes(text))).toBe(false);
  });

  test('a name that is not one cannot be asked for', () => {
    expect(() => family.of('ask', 'RUN')).toThrow('not an address');
  });
});
