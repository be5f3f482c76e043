import * as z from 'zod';
import type { ActiveOrder } from './active-order.ts';
import type { BagLabel } from './session-event.ts';
import type { SessionCall, SessionDecision } from './session-life.ts';
import { readSessionBody, refusedCall } from './session-refusal.ts';

/** Two labels are one concentration up to here (clinical alarm rule ORD-15). */
const SAME_WITHIN = 0.02;

/** Cross-multiplied: no division rounds. Exactly 2 % is still the same. */
export function isSameConcentration(label: BagLabel, ordered: BagLabel): boolean {
  const told = label.drugMg * ordered.volumeMl;
  const wanted = ordered.drugMg * label.volumeMl;
  return Math.abs(told - wanted) <= wanted * SAME_WITHIN * (1 + 1e-9);
}

/**
 * The label of what hangs there; `null` = a bag was changed in a declared pause and nobody has read the label
 * of the new one. An activation, also that of a newer version, reads the label too: it is that of the order,
 * because another one is refused there.
 */
export function lastLabel({ session, bag, versionSinceWallMs }: ActiveOrder): BagLabel | null {
  const read = session.bags.findLast(({ atWallMs }) => atWallMs >= versionSinceWallMs);
  const readAt = read?.atWallMs ?? versionSinceWallMs;
  const changedAt = session.pauses.findLast(({ isBagChange }) => isBagChange)?.atWallMs;
  return changedAt === undefined || readAt >= changedAt ? (read?.bag ?? bag) : null;
}

const positive = (unit: string, max: number) =>
  z
    .number(`write the number on the label, in ${unit}`)
    .gt(0, `must be more than 0 ${unit}`)
    .max(max, `is more than ${max} ${unit}, check value and unit`);

const Bag = z.strictObject({
  drugMg: positive('mg', 200_000),
  volumeMl: positive('mL', 5_000),
});

/**
 * Another bag hangs there. One of another concentration is kept in the record and raises ORD-15; nothing is
 * calculated with it, because the order is what two people have checked.
 */
export function decideBag({ order, body }: SessionCall): SessionDecision {
  if (order === null) return noOrder;
  const read = readSessionBody(Bag, body);
  if (!read.ok) return read;
  const bag = read.value;
  const { orderId } = order;
  if (isSameConcentration(bag, order.bag))
    return { ok: true, events: [{ type: 'bag-hung', orderId, bag }] };
  const { drugMg, volumeMl } = order.bag;
  return {
    ok: true,
    events: [{ type: 'bag-differs', orderId, bag }],
    note: `The bag has ${bag.drugMg} mg in ${bag.volumeMl} mL, the order says ${drugMg} mg in ${volumeMl} mL: stop, and hang the bag that was ordered.`,
  };
}

const Nothing = z.strictObject({});

/** Two people look at the bag, each for themselves. */
export function decideConfirmConcentration({ order, by, body }: SessionCall): SessionDecision {
  if (order === null) return noOrder;
  const read = readSessionBody(Nothing, body);
  if (!read.ok) return read;
  if (order.session.concentrationConfirmedBy.some((said) => said.by === by.user)) {
    const message = `${by.user} has confirmed this concentration; a second person must confirm it too.`;
    return refusedCall(409, 'same-person', message);
  }
  return { ok: true, events: [{ type: 'concentration-confirmed', orderId: order.orderId }] };
}

const noOrder = refusedCall(409, 'wrong-status', 'No order runs here; this is about its bag.');
