import type { PumpStatus } from '../observation/device-event.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import { allNames, nameOnPump } from '../order/drug-names.ts';
import { liveFlow } from './live-rate.ts';

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
  const stems = allNames(order.drugNames).map((name) => lettersOf(name).slice(0, STEM));
  return stems.some((stem) => told.includes(stem)) ? 'yes' : 'no';
}

/** Ketamine, Ketamin and S-ketamine are one drug here; which form it is, is for ORD-13. */
const STEM = 6;
const lettersOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}]/gu, '');

/**
 * What a pump's label says of drug and form, for ORD-13 and ORD-14. `unclear`: there is a text and it settles
 * nothing. `none`: there is no label. Letter for letter, because `Esketamine` is one letter from right.
 */
export type DrugLabel =
  | { readonly says: 'ordered' | 'other' | 'unclear'; readonly text: string }
  | { readonly says: 'none' };

export function drugLabel(
  pump: Pick<DevicePicture, 'facts'>,
  { drugNames }: Pick<ActiveOrder, 'drugNames'>,
): DrugLabel {
  const told = pump.facts.get('drug');
  const text = told?.text?.trim() ?? '';
  if (told === undefined || text === '') return { says: 'none' };
  if (told.validity !== 'valid' && told.validity !== 'questionable') return { says: 'none' };
  const says = nameOnPump(text, drugNames);
  // A text whose form nobody has seen yet: where it is the name it is right, else nothing rests on it.
  return { says: says === 'other' && told.validity !== 'valid' ? 'unclear' : says, text };
}

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

/**
 * The pumps whose drug, bag and weight are checked: those that count for the order and flow, or with which it
 * began. What a pump shows that nobody has started yet may still be the programme of the last patient.
 */
export function pumpsInUse(
  pumps: readonly DevicePicture[],
  order: ActiveOrder,
  nowMs: number,
): readonly DevicePicture[] {
  const counting = pumpsOfOrder(pumps, order);
  return pumps.filter(
    (pump) =>
      pump.deviceId === order.startPumpId || (counting.includes(pump) && mayFlow(pump, nowMs)),
  );
}

/** Also a flow whose size is not known, as that of a bolus, and one that was seen last before the pump fell silent. */
function mayFlow(pump: DevicePicture, nowMs: number): boolean {
  const flow = liveFlow([pump], nowMs);
  if (flow.isComplete) return flow.mlPerH > 0;
  return pump.pumpStatus !== null && FLOWING.has(pump.pumpStatus.status);
}

const FLOWING: ReadonlySet<PumpStatus> = new Set(['infusing', 'kvo', 'bolus', 'purge']);
