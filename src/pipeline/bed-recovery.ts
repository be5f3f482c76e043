import type { LeftEarly } from '../check/scene.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import type { Recovery } from '../order/recovery.ts';
import type { Moment } from './times.ts';

/** What runs on a bed now, or whose infusion there is over. */
interface OnBed {
  readonly order: ActiveOrder | null;
  readonly recovery: Recovery | null;
}

/**
 * Who left last, when the recovery that ended was shorter than ordered. Who gets another order has not left:
 * it comes right after, as an event of its own.
 */
export function leftTooEarly(
  before: { readonly recovery: Recovery | null; readonly leftEarly: LeftEarly | null },
  { order, recovery }: OnBed,
  { nowMs, wallMs }: Moment,
): LeftEarly | null {
  const { leftEarly, recovery: ended } = before;
  if (ended === null || recovery?.orderId === ended.orderId) {
    const isStillThere = order !== null && order.document.patient.id === leftEarly?.patientId;
    return isStillThere ? null : leftEarly;
  }
  const { minimumMs, sinceWallMs, document } = ended;
  const recoveredMs = Math.max(0, wallMs - sinceWallMs);
  if (recoveredMs >= minimumMs) return leftEarly;
  return { recoveredMs, minimumMs, atMs: nowMs, patientId: document.patient.id };
}

/** Recovery runs on monotonic time too, from the moment when it began: a clock that is set does not shorten it. */
export function anchorInRecovery(
  {
    recovery: before,
    anchor,
  }: { readonly recovery: Recovery | null; readonly anchor: Moment | null },
  now: Recovery | null,
  moment: Moment,
): Moment | null {
  if (now === null) return null;
  return before?.orderId === now.orderId ? anchor : moment;
}
