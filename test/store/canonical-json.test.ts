import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type JsonValue } from '../../src/store/canonical-json.ts';

const anyJson = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<JsonValue>;

test('canonical text means the same as the value', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('the order in which the keys were set does not matter', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), anyJson), (value) => {
      const backwards = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(backwards)).toBe(canonicalJson(value));
    }),
  );
});

test('writing the canonical text again changes nothing', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
    }),
  );
});

test.each([
  ['keys by code unit', { b: 1, a: [true, null], Z: 'x' }, '{"Z":"x","a":[true,null],"b":1}'],
  ['numbers as JSON writes them', [1e21, 0.1, -0, 100], '[1e+21,0.1,0,100]'],
  ['half a surrogate pair, escaped', '\ud800', '"\\ud800"'],
])('%s', (_, value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test('an undefined property is left out', () => {
  const value: Record<string, unknown> = { a: 1, b: undefined };
  expect(canonicalJson(value as JsonValue)).toBe('{"a":1}');
});

test.each([
  ['NaN', { dose: Number.NaN }, '$.dose'],
  ['infinity', [1, Number.POSITIVE_INFINITY], '$[1]'],
  ['undefined in a list', [undefined], '$[0]'],
  ['a date', { at: new Date(0) }, '$.at'],
  ['a map', new Map([[1, 2]]), '$'],
  ['a big integer', 1n, '$'],
])('%s is refused and not written as something else', (_, value, path) => {
  expect(() => canonicalJson(value as unknown as JsonValue)).toThrow(`at ${path}`);
});
