import type { LeftEarly } from '../check/scene.ts';
import type { Recovery } from '../order/recovery.ts';
import type { Moment } from './times.ts';

/** The recovery that ended with this, when it was shorter than ordered. */
export function leftTooEarly(
  before: Recovery | null,
  now: Recovery | null,
  { nowMs, wallMs }: Moment,
): LeftEarly | null {
  if (before === null || now?.orderId === before.orderId) return null;
  const { minimumMs, sinceWallMs } = before;
  const recoveredMs = Math.max(0, wallMs - sinceWallMs);
  return recoveredMs < minimumMs ? { recoveredMs, minimumMs, atMs: nowMs } : null;
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
