import { reading } from '../check/readings.ts';
import { vital } from '../observation/format.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import type { BedState } from '../pipeline/bed-state.ts';

/**
 * What of the order's `holdIf` is met now, in words, and what of it cannot be told. A person judges it: it
 * holds nothing by itself and is no alarm.
 */
export function holdReasons(
  { document: { holdIf }, session }: ActiveOrder,
  { pictures, history }: BedState,
  nowMs: number,
): string[] {
  if (holdIf === undefined) return [];
  const { spo2Below, systolicAbove, sedationAbove } = holdIf;
  const spo2 = reading([...pictures.values()], 'MDC_PULS_OXIM_SAT_O2', nowMs);
  const systolic = history.nibp[0]?.systolic ?? null;
  const noted = session.observations.findLast(({ scores }) => scores.sedation !== null);
  return [
    reason('SpO2', spo2.ok ? spo2.value : null, spo2Below, 'below', '%'),
    reason('Systolic pressure', systolic, systolicAbove, 'above', 'mmHg'),
    reason('Sedation', noted?.scores.sedation ?? null, sedationAbove, 'above', 'points'),
  ].filter((text) => text !== null);
}

function reason(
  what: string,
  value: number | null,
  limit: number | undefined,
  side: 'above' | 'below',
  unit: string,
): string | null {
  if (limit === undefined) return null;
  if (value === null) return `${what} is not known, hold ${side} ${limit} ${unit}`;
  const isMet = side === 'above' ? value > limit : value < limit;
  return isMet ? `${what} ${vital(value, limit)} is ${side} ${limit} ${unit}` : null;
}
