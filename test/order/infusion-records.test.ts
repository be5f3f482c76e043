import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  amountIn,
  converted,
  doseRateFrom,
  drugIn,
  flowFrom,
  forWeight,
  perKg,
  type Quantity,
  quantity,
  toNumber,
} from '../../src/order/quantity.ts';

/**
 * Real infusions (test/fixtures/infusions-mimic3demo): rate, time, weight and amount of each row were
 * written by a hospital and must agree through our conversions.
 */
type Row = Readonly<Record<string, string>>;

function rowsOf(name: string): readonly Row[] {
  const url = new URL(`../fixtures/infusions-mimic3demo/${name}.csv.gz`, import.meta.url);
  const [head = '', ...lines] = gunzipSync(readFileSync(url)).toString().trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = cellsOf(line);
    expect(cells, line).toHaveLength(names.length);
    return Object.fromEntries(names.map((key, index) => [key, cells[index] ?? '']));
  });
}

/** Names of drugs have commas in quotes. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
    ([, quotes, bare]) => quotes ?? bare ?? '',
  );

const num = (row: Row, key: string): number => Number(row[key]);
const lastsMs = (row: Row): number =>
  Math.round((num(row, 't_end_min') - num(row, 't_start_min')) * 60_000);
const weightOf = (row: Row): Quantity<'kg'> => quantity(num(row, 'weight_kg'), 'kg');

/** A rate as it was charted → the unit of the amount per hour. */
function ratePerHour(row: Row, rate: number, unit: string): Quantity<`${string}/h`> {
  switch (unit) {
    case 'mL/hour':
      return quantity(rate, 'mL/h');
    case 'mL/kg/hour':
      return forWeight(quantity(rate, 'mL/kg/h'), weightOf(row));
    case 'mg/hour':
      return quantity(rate, 'mg/h');
    case 'mg/kg/hour':
      return forWeight(quantity(rate, 'mg/kg/h'), weightOf(row));
    case 'mcg/hour':
      return converted(quantity(rate, 'ug/h'), 'mg/h');
    case 'mcg/kg/min':
      return forWeight(converted(quantity(rate, 'ug/kg/min'), 'mg/kg/h'), weightOf(row));
    case 'grams/hour':
      return quantity(rate, 'g/h');
    case 'grams/min':
      return converted(quantity(rate, 'g/min'), 'g/h');
    case 'units/hour':
      return quantity(rate, 'units/h');
    case 'mEq./hour':
      return quantity(rate, 'mEq/h');
    default:
      throw new Error(`Unit ${unit} is not known`);
  }
}

const AMOUNTS: Readonly<Record<string, string>> = {
  ml: 'mL',
  mg: 'mg',
  grams: 'g',
  units: 'units',
  'mEq.': 'mEq',
};

const offBy = (found: number, written: number): number => Math.abs(found - written) / written;
const where = (row: Row): string => JSON.stringify(row);

describe('2,315 charted rates', () => {
  const rows = rowsOf('rates');

  test('rate x time, x weight where it is per kg, is the charted amount in every row', () => {
    expect(rows).toHaveLength(2_315);
    const units = new Set<string>();
    for (const row of rows) {
      const unit = row['rate_unit'] ?? '';
      units.add(unit);
      const given = amountIn(ratePerHour(row, num(row, 'rate'), unit), lastsMs(row));
      expect(given.unit, where(row)).toBe(AMOUNTS[row['amount_unit'] ?? '']);
      expect(offBy(toNumber(given), num(row, 'amount')), where(row)).toBeLessThan(0.005);
    }
    expect(units.size).toBe(10);
  });

  test('a weight that is forgotten, or in lb, does not agree', () => {
    const perWeight = rows.filter((row) => row['rate_unit']?.includes('/kg/'));
    expect(perWeight).toHaveLength(272);
    for (const row of perWeight) {
      const inLb = { ...row, weight_kg: String(num(row, 'weight_kg') * 2.2046) };
      const given = amountIn(
        ratePerHour(inLb, num(row, 'rate'), row['rate_unit'] ?? ''),
        lastsMs(row),
      );
      expect(offBy(toNumber(given), num(row, 'amount')), where(row)).toBeGreaterThan(1);
    }
  });
});

describe('775 segments of a pump', () => {
  const rows = rowsOf('pump-replay');

  test('mL/h x concentration, through weight where it is per kg, is the charted dose in every row', () => {
    expect(rows).toHaveLength(775);
    for (const row of rows) {
      const flow = quantity(num(row, 'pump_ml_h'), 'mL/h');
      const unit = row['concentration_unit'] ?? '';
      const strength = quantity(num(row, 'concentration'), unit as `${string}/mL`);
      const dose = inDoseUnit(row, doseRateFrom(flow, strength));
      expect(offBy(toNumber(dose), num(row, 'dose_rate')), where(row)).toBeLessThan(0.02);
    }
  });

  test('and back: the charted dose needs the mL/h that the pump showed', () => {
    for (const row of rows) {
      const [drug = ''] = (row['concentration_unit'] ?? '').split('/');
      const charted = ratePerHour(row, num(row, 'dose_rate'), row['dose_unit'] ?? '');
      const rate = charted.unit === 'g/h' ? converted(charted as Quantity<'g/h'>, 'mg/h') : charted;
      expect(rate.unit, where(row)).toBe(`${drug}/h`);
      const flow = flowFrom(rate, quantity(num(row, 'concentration'), `${drug}/mL`));
      expect(offBy(toNumber(flow), num(row, 'pump_ml_h')), where(row)).toBeLessThan(0.02);
    }
  });

  test('what has flowed holds the drug that the dose gave in that time', () => {
    for (const row of rows) {
      const [drug = ''] = (row['concentration_unit'] ?? '').split('/');
      const volume = amountIn(quantity(num(row, 'pump_ml_h'), 'mL/h'), lastsMs(row));
      const held = drugIn(volume, quantity(num(row, 'concentration'), `${drug}/mL`));
      const given = amountIn(
        ratePerHour(row, num(row, 'dose_rate'), row['dose_unit'] ?? ''),
        lastsMs(row),
      );
      const inSame = given.unit === 'g' ? converted(given as Quantity<'g'>, 'mg') : given;
      expect(held.unit, where(row)).toBe(inSame.unit);
      expect(offBy(toNumber(held), toNumber(inSame)), where(row)).toBeLessThan(0.02);
    }
  });
});

function inDoseUnit(row: Row, rate: Quantity<`${string}/h`>): Quantity<string> {
  const inMg = rate as Quantity<'mg/h'>;
  switch (row['dose_unit']) {
    case 'mg/kg/hour':
      return perKg(inMg, weightOf(row));
    case 'mcg/kg/min':
      return converted(perKg(inMg, weightOf(row)), 'ug/kg/min');
    case 'mcg/hour':
      return converted(inMg, 'ug/h');
    case 'grams/hour':
      return converted(inMg, 'g/h');
    case 'grams/min':
      return converted(inMg, 'g/min');
    default:
      return rate;
  }
}
