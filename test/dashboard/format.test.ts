import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as format from '../../src/observation/format.ts';

const MINUS = '−';

describe('each row of the number rules', () => {
  it.each([
    [40, '40'],
    [12.5, '12.5'],
    [0.35, '0.35'],
    [0.355, '0.36'],
    [12.55, '12.6'],
    [99.95, '100'],
    [100.4, '100'],
    [300, '300'],
    [0, '0'],
    [-0, '0'],
    [1234.5, '1,235'],
  ])('dose rate %d reads %s', (value, text) => {
    expect(format.doseRate(value)).toBe(text);
  });

  it.each([
    [4.17, '4.17'],
    [125, '125'],
    [12.5, '12.5'],
    [0.001, '0.001'],
    [10, '10'],
  ])('pump rate %d reads %s, as the pump reports it', (value, text) => {
    expect(format.pumpRate(value)).toBe(text);
  });

  it.each([
    [61.2, '61.2'],
    [1240, '1,240'],
    [86.4, '86.4'],
    [500, '500'],
    [99.96, '100'],
    [0.04, '0'],
    [1_234_567, '1,234,567'],
  ])('amount %d reads %s', (value, text) => {
    expect(format.amount(value)).toBe(text);
  });

  it.each([
    [71, '71'],
    [68.5, '68.5'],
    [70.84, '70.8'],
  ])('weight %d reads %s', (value, text) => {
    expect(format.weight(value)).toBe(text);
  });

  it('concentration keeps what a weak bag needs', () => {
    expect(format.concentration(0.08)).toBe('0.08');
    expect(format.concentration(2)).toBe('2');
  });

  it.each([
    [0.05, '+5 %'],
    [-0.08, `${MINUS}8 %`],
    [9, '×10'],
    [3, '×4'],
    [3.5, '×4.5'],
    [2.99, '+299 %'],
  ])('deviation %d reads %s', (value, text) => {
    expect(format.deviation(value).replaceAll(' ', ' ')).toBe(text);
  });

  it.each([
    [42_000, '00:42'],
    [3_599_999, '59:59'],
    [3_600_000, '01:00:00'],
    [-5, '00:00'],
  ])('duration of %d ms reads %s', (value, text) => {
    expect(format.duration(value)).toBe(text);
  });

  it.each([
    [42 * 60_000 + 10_000, '00:42:10'],
    [48 * 3_600_000 - 1, '47:59:59'],
    [76 * 3_600_000, '3 d 4 h'],
  ])('countdown of %d ms reads %s', (value, text) => {
    expect(format.countdown(value)).toBe(text);
  });

  it('time of day and date are the gateway zone, 24 h, day first', () => {
    const at = Date.parse('2026-11-21T23:05:32Z');
    expect(format.timeOfDay(at, 0)).toBe('23:05');
    expect(format.timeOfDay(at, 60, true)).toBe('00:05:32');
    expect(format.dateOf(at, 0)).toBe('21 Nov 2026');
    expect(format.dateOf(at, 60)).toBe('22 Nov 2026');
  });

  it('a vital sign shows one more digit when rounding would hide a broken limit', () => {
    expect(format.vital(92.6, 93)).toBe('92.6');
    expect(format.vital(93, 93)).toBe('93');
    expect(format.vital(96.6, 93)).toBe('97');
    expect(format.vital(92.96, 93)).toBe('92.96');
    expect(format.doseRate(60.04, 60)).toBe('60.04');
    expect(format.doseRate(60, 60, null)).toBe('60');
  });
});

describe('properties of every number', () => {
  const numbers = fc.double({ min: -5000, max: 5000, noNaN: true });
  const writers = [
    format.doseRate,
    format.pumpRate,
    format.amount,
    format.weight,
    (x: number) => format.vital(x),
  ];
  const parse = (text: string) => Number(text.replaceAll(',', '').replace(MINUS, '-'));

  it('never a trailing zero, a naked point or minus zero', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(...writers), (value, write) => {
        const text = write(value);
        expect(text).toMatch(/^−?\d{1,3}(,\d{3})*(\.\d*[1-9])?$/);
        expect(text).not.toBe(`${MINUS}0`);
      }),
      { numRuns: 500 },
    );
  });

  it('reads back within its resolution', () => {
    fc.assert(
      fc.property(numbers, (value) => {
        expect(Math.abs(parse(format.pumpRate(value)) - value)).toBeLessThanOrEqual(0.000501);
        const size = Math.abs(value);
        const half = size >= 100 ? 0.5 : size >= 10 ? 0.05 : 0.005;
        expect(Math.abs(parse(format.doseRate(value)) - value)).toBeLessThanOrEqual(half * 1.001);
      }),
      { numRuns: 300 },
    );
  });

  it('a vital sign is never rounded onto or across a limit', () => {
    const vitals = fc
      .integer({ min: 0, max: 3_500_000 })
      .map((tenThousandths) => tenThousandths / 10_000);
    fc.assert(
      fc.property(vitals, fc.integer({ min: 0, max: 300 }), (value, limit) => {
        const shown = parse(format.vital(value, limit));
        expect(Math.sign(shown - limit)).toBe(Math.sign(value - limit));
        const rate = parse(format.doseRate(value, limit));
        expect(Math.sign(rate - limit)).toBe(Math.sign(value - limit));
      }),
      {
        numRuns: 1000,
        examples: [
          [92.9999, 93],
          [93.0001, 93],
          [92.96, 93],
        ],
      },
    );
  });
});
