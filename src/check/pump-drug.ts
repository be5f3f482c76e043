import type { DevicePicture } from '../observation/device-picture.ts';
import type { ActiveOrder } from '../order/active-order.ts';

/**
 * Whether a pump gives the ordered drug, by its own word. `no` only when the pump names another drug
 * in a way that may be relied on; a pump that does not tell is taken to give it.
 */
export type GivesOrderedDrug = 'yes' | 'no' | 'not-told';

export function pumpGivesOrderedDrug(pump: DevicePicture, order: ActiveOrder): GivesOrderedDrug {
  const label = pump.facts.get('drug');
  if (label === undefined || label.validity !== 'valid' || label.text === null) return 'not-told';
  const told = lettersOf(label.text);
  // A number or two letters are a place in a list of drugs, and no name.
  if (told.length < 3) return 'not-told';
  const stem = lettersOf(order.document.drug.name).slice(0, STEM);
  return told.includes(stem) ? 'yes' : 'no';
}

/** Ketamine, Ketamin and S-ketamine are one drug here; which form it is, is for another rule. */
const STEM = 6;
const lettersOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}]/gu, '');

/**
 * The pumps whose flow counts for an order: a second pump that says of itself that it gives another drug
 * is not added. When every pump says so, the label is more likely to be wrong than that none gives it: all count.
 */
export function pumpsOfOrder(
  pumps: readonly DevicePicture[],
  order: ActiveOrder | null,
): readonly DevicePicture[] {
  if (order === null || pumps.length < 2) return pumps;
  const giving = pumps.filter((pump) => pumpGivesOrderedDrug(pump, order) !== 'no');
  return giving.length === 0 ? pumps : giving;
}
