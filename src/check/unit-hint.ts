import { decimal } from '../observation/format.ts';

/** Ratios of live to ordered that come from a mistaken unit or a slipped digit (regimens, units traps). */
const RATIOS: readonly (readonly [number, string])[] = [
  [4, 'Check units: 4 times'],
  [1 / 4, 'Check units: a quarter'],
  [10, 'Check units: 10 times'],
  [1 / 10, 'Check units: a tenth'],
  [12.5, 'Check units: 12.5 times'],
  [0.08, 'Check units: 0.08 times'],
  [60, 'Check: per min, per h?'],
  [1 / 60, 'Check: per h, per min?'],
  [1000, 'Check: mg or mcg?'],
  [2.2046, 'Check weight: kg or lb?'],
  [1 / 2.2046, 'Check weight: lb or kg?'],
];

/** A hint of at most 24 characters when the deviation looks like a known mistake, else `null`. */
export function unitHint(
  liveMgPerH: number,
  orderedMgPerH: number,
  liveMlPerH: number,
): string | null {
  if (!(orderedMgPerH > 0) || !(liveMgPerH > 0)) return null;
  const ratio = liveMgPerH / orderedMgPerH;
  if (Math.abs(ratio - 1) < 0.02) return null;
  // The number of the order keyed as mL/h; at 1 mg/mL the two are the same and nothing is wrong.
  if (Math.abs(liveMlPerH / orderedMgPerH - 1) < 0.005)
    return `${decimal(liveMlPerH, 1)} mg/h as mL/h?`.slice(0, 24);
  for (const [known, text] of RATIOS) if (Math.abs(ratio / known - 1) <= 0.02) return text;
  return null;
}
