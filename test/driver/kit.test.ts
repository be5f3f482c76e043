import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc16CcittFalse, crc16Xmodem } from '../../src/driver/kit/crc16.ts';
import { wireDecimal } from '../../src/driver/kit/decimal.ts';

describe('a decimal from a wire', () => {
  test.each([
    ['8.00', 8],
    ['0.00', 0],
    ['-3.10', -3.1],
    [' 12.5 ', 12.5],
    ['007', 7],
    ['9999999.999999', 9_999_999.999999],
  ])('`%s` is %s', (text, value) => {
    expect(wireDecimal(text)).toBe(value);
  });

  test('minus nought is nought', () => {
    expect(Object.is(wireDecimal('-0.00'), 0)).toBe(true);
  });

  test.each([
    '',
    ' ',
    '8.00x',
    'x8',
    '8,00',
    '8.',
    '.5',
    '+5',
    '1e3',
    '0x10',
    '--1',
    '- 1',
    '1 2',
    'NaN',
    'Infinity',
    '12345678',
    '1.1234567',
    '8\n',
    '\t8',
    '٣',
    undefined,
  ])('`%s` is not one', (text) => {
    expect(wireDecimal(text)).toBeUndefined();
  });

  test('whatever stands there, the answer is a finite number or none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = wireDecimal(text);
        expect(value === undefined || Number.isFinite(value)).toBe(true);
      }),
    );
  });
});

test('the check value of CRC-16 XMODEM is 31C3', () => {
  expect(crc16Xmodem(Buffer.from('123456789', 'latin1'))).toBe(0x31c3);
});

describe('CRC-16 CCITT-FALSE', () => {
  test('its check value is 29B1', () => {
    expect(crc16CcittFalse(Buffer.from('123456789', 'latin1'))).toBe(0x29b1);
  });

  test('of nothing it is FFFF', () => {
    expect(crc16CcittFalse(new Uint8Array(0))).toBe(0xffff);
  });

  test('it finds any one and any two flipped bits in a frame', () => {
    const frame = fc.uint8Array({ minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(frame, fc.nat(), fc.nat(), (bytes, first, second) => {
        const bits = bytes.length * 8;
        const bad = Uint8Array.from(bytes);
        for (const bit of new Set([first % bits, second % bits])) {
          bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        }
        expect(crc16CcittFalse(bad)).not.toBe(crc16CcittFalse(bytes));
      }),
    );
  });
});
