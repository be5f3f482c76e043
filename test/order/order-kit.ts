import { readdirSync, readFileSync } from 'node:fs';
import { type CareArea, type DrugLibrary, parseDrugLibrary } from '../../src/order/drug-library.ts';
import {
  checkOrderDocument,
  type OrderDocument,
  parseOrderDocument,
} from '../../src/order/order-document.ts';
import type { Site } from '../../src/order/order-life.ts';
import { parseRegimen, type Regimen, type RegimenShelf } from '../../src/order/regimen.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

const shipped = (path: string): string =>
  readFileSync(new URL(`../../config/${path}`, import.meta.url), 'utf8');

export const orderText = (name: string): string => shipped(`orders/${name}.yaml`);

export function library(): DrugLibrary {
  const parsed = parseDrugLibrary(shipped('drug-library.yaml'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

const REGIMENS = new URL('../../config/regimens/', import.meta.url);

/** The templates shipped, by id. */
export const shelf: RegimenShelf = new Map(
  readdirSync(REGIMENS).map((name) => {
    const parsed = parseRegimen(readFileSync(new URL(name, REGIMENS), 'utf8'));
    if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.problems)}`);
    return [parsed.value.id, parsed.value];
  }),
);

export function regimen(id: string): Regimen {
  const found = shelf.get(id);
  if (found === undefined) throw new Error(`There is no regimen ${id}`);
  return found;
}

/** A titration in three steps of an hour, as it is written. */
export const TITRATION = {
  patient: { id: 'P-0000002', weightKg: 64 },
  regimen: 'none',
  drug: { name: 'ketamine', form: 'racemic' },
  bag: { drugMg: 480, volumeMl: 240 },
  mode: 'mg-per-h',
  steps: [
    { step: 1, at: 'PT0S', dose: 20 },
    { step: 2, at: 'PT1H', dose: 30 },
    { step: 3, at: 'PT2H', dose: 10 },
  ],
  end: 'PT3H',
  limits: { maxMgPerH: 40 },
  bolus: 'none',
  kvo: { allowed: false },
} as const;

/** Two amounts with an ordered pause between them. */
export const TWO_BAGS = {
  ...TITRATION,
  bag: { drugMg: 40, volumeMl: 500 },
  mode: 'mg-total-over',
  steps: [
    { step: 1, at: 'PT0S', dose: 20, over: 'PT2H' },
    { step: 2, at: 'PT3H', dose: 20, over: 'PT1H' },
  ],
  end: 'PT4H',
} as const;

export type Written = Readonly<Record<string, unknown>>;

export function order(written: Written): OrderDocument {
  const checked = checkOrderDocument(written);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.document;
}

/** Every problem of a text in one piece, to look words up in. */
export function problemsOf(text: string, format: 'yaml' | 'json' = 'yaml') {
  const parsed = parseOrderDocument(text, format);
  return parsed.ok ? [] : parsed.problems;
}

/** Care areas of a gateway with three ward beds and one in the coma unit. */
export const areas: ReadonlyMap<string, CareArea> = new Map([
  ['B01', 'standard'],
  ['B02', 'standard'],
  ['B03', 'standard'],
  ['ICU', 'icu-coma'],
]);

export const site = (wallMs = 0): Site => ({ library: library(), shelf, areas, wallMs });
