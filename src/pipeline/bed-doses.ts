import { liveFlow } from '../check/live-rate.ts';
import { pumpGivesOrderedDrug, pumpsOfOrder } from '../check/pump-drug.ts';
import { type DevicePicture, isHeard, type PictureEvent } from '../observation/device-picture.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import { bagOf } from '../order/dose-account.ts';
import { type KnownDoses, NO_KNOWN_DOSES } from '../order/dose-book.ts';
import {
  type DoseLedger,
  doseSession,
  withBag,
  withCounterAtStart,
  withOrderLimits,
  withoutSession,
  withReading,
  withSession,
} from '../order/dose-ledger.ts';
import type { Moment } from './times.ts';

/**
 * What a pump's answer says of its counter and its flow. What another device says there is not taken.
 *
 * @param toldOther whether the pump gives another drug than the ordered one; `null` = it does not tell
 */
export function dosesAfter(
  doses: DoseLedger,
  picture: DevicePicture,
  events: readonly PictureEvent[],
  nowMs: number,
  toldOther: boolean | null = null,
): DoseLedger {
  const hasSpoken = events.some(({ kind }) => kind === 'metric' || kind === 'pump-status');
  if (!hasSpoken || !isHeard(picture)) return doses;
  const isTold = events.some((event) => event.kind === 'metric' && event.code === COUNTER);
  const counter = picture.metrics.get(COUNTER);
  const flow = liveFlow([picture], nowMs);
  const reading = {
    atMs: nowMs,
    serial: picture.identity.serial ?? null,
    counterMl: isTold && counter?.validity === 'valid' ? counter.value : null,
    mlPerH: flow.isComplete ? flow.mlPerH : null,
    gapMs: picture.freshness.lostMs,
  };
  return withReading(doses, picture.deviceId, reading, toldOther);
}

/** Whether a pump says of itself that it gives another drug than the ordered one; `null` = it does not tell. */
export function givesAnother(
  picture: DevicePicture,
  pumps: readonly DevicePicture[],
  order: ActiveOrder | null,
): boolean | null {
  if (order === null || pumpGivesOrderedDrug(picture, order) === 'not-told') return null;
  return !pumpsOfOrder(pumps, order).includes(picture);
}

const COUNTER = 'MDC_VOL_FLUID_DELIV_TOTAL';

/** The order that runs now: the same one, perhaps from another bag, or a session of its own. */
export function dosesOfOrder(
  doses: DoseLedger,
  order: ActiveOrder | null,
  known: KnownDoses = NO_KNOWN_DOSES,
  { nowMs, wallMs }: Moment,
): DoseLedger {
  if (order === null) return doses.session === null ? doses : withoutSession(doses);
  const onThisClock = (atWallMs: number): number => nowMs - Math.max(0, wallMs - atWallMs);
  const session = doseSession(order, onThisClock(order.activatedAtWallMs));
  if (doses.session?.orderId === order.orderId)
    return withOrderLimits(withBag(doses, bagOf(order.bag)), session);
  const begun = withSession(doses, session, known.past, known.resumed, nowMs);
  const { startPumpId, startCounterMl, startedAtWallMs } = order;
  const isInLog = startPumpId === null || begun.pumps.has(startPumpId);
  if (isInLog || startCounterMl === null || startedAtWallMs === null) return begun;
  return withCounterAtStart(begun, startPumpId, startCounterMl, onThisClock(startedAtWallMs));
}
