import fc from 'fast-check';
import { expect, test } from 'vitest';
import { iso } from '../../src/pipeline/times.ts';

test('a time reads as the platform writes it, in whatever order days come', () => {
  const wallMs = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
  const near = fc.integer({ min: 1_795_219_200_000 - 5_000, max: 1_795_219_200_000 + 90_000_000 });
  fc.assert(
    fc.property(fc.array(fc.oneof(wallMs, near), { maxLength: 20 }), (times) => {
      for (const time of times) expect(iso(time)).toBe(new Date(time).toISOString());
    }),
  );
  expect(iso(1_795_219_200_000.75)).toBe('2026-11-21T00:00:00.000Z');
});

test('what is no time has no text', () => {
  expect(() => iso(Number.NaN)).toThrow(RangeError);
});
