import type { MgPerHour } from '../observation/format.ts';
import { PUMP_RESOLUTION_ML_PER_H, ROUNDING_FRACTION } from '../order/titration.ts';

/**
 * How far the live rate may be from the ordered one. The rules and the word on the screen use the same
 * band, so that they never disagree. All rates in mg/h.
 */
export interface PermittedBand {
  /** The lowest and the highest rate that is ordered now; in the window of a step both sides of it. */
  readonly lowestMgPerH: MgPerHour;
  readonly highestMgPerH: MgPerHour;
  /** One step of the pump, as a dose rate. */
  readonly toleranceMgPerH: MgPerHour;
}

export const roundingMgPerH = (concentrationMgPerMl: number): MgPerHour =>
  PUMP_RESOLUTION_ML_PER_H * concentrationMgPerMl;

const marginMgPerH = (mgPerH: number, fraction: number, toleranceMgPerH: number): number =>
  Math.max(mgPerH * Math.max(fraction, ROUNDING_FRACTION), toleranceMgPerH);

/** With nothing ordered, any flow at all is too much. */
export function upperLimitMgPerH(band: PermittedBand, fraction: number): MgPerHour {
  const { highestMgPerH, toleranceMgPerH } = band;
  if (highestMgPerH === 0) return 0;
  return highestMgPerH + marginMgPerH(highestMgPerH, fraction, toleranceMgPerH);
}

export function lowerLimitMgPerH(band: PermittedBand, fraction: number): MgPerHour {
  const { lowestMgPerH, toleranceMgPerH } = band;
  return lowestMgPerH - marginMgPerH(lowestMgPerH, fraction, toleranceMgPerH);
}

/** Greater beyond the noise of binary fractions: 21 is not more than 20 * 1.05. */
export const exceeds = (value: number, limit: number): boolean =>
  value > limit + 1e-9 * Math.max(1, Math.abs(limit));
