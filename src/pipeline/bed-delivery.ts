import { type DeliveryWatch, nextDelivery } from '../check/delivery-watch.ts';
import { liveFlow } from '../check/live-rate.ts';
import type { PumpStatus } from '../observation/device-event.ts';
import { type DevicePicture, isHeard, type PictureEvent } from '../observation/device-picture.ts';
import { METRICS } from '../observation/metrics.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import { toMlPerHour } from '../order/ordered-rate.ts';

/** By device id. */
export type Deliveries = ReadonlyMap<string, DeliveryWatch>;

/** What a pump's answer says of its counter and its rate, for the comparison of the two. */
export function deliveriesAfter(
  deliveries: Deliveries,
  picture: DevicePicture,
  events: readonly PictureEvent[],
  order: ActiveOrder | null,
  nowMs: number,
): Deliveries {
  const hasSpoken = events.some(({ kind }) => kind === 'metric' || kind === 'pump-status');
  if (!hasSpoken || !isHeard(picture)) return deliveries;
  const isTold = events.some((event) => event.kind === 'metric' && event.code === COUNTER);
  const counter = picture.metrics.get(COUNTER);
  const flow = liveFlow([picture], nowMs);
  const known = flow.isComplete ? flow.mlPerH : null;
  const watch = nextDelivery(deliveries.get(picture.deviceId), {
    atMs: nowMs,
    serial: picture.identity.serial ?? null,
    counterMl: isTold && counter?.validity === 'valid' ? counter.value : null,
    known,
    told: known ?? toldRate(picture),
    gapMs: picture.freshness.lostMs,
    unknownMlPerH:
      order === null ? FASTEST : toMlPerHour(hardest(order), order.concentrationMgPerMl),
  });
  return new Map(deliveries).set(picture.deviceId, watch);
}

const COUNTER = 'MDC_VOL_FLUID_DELIV_TOTAL';
const FASTEST = METRICS.MDC_FLOW_FLUID_PUMP_CURRENT.max;

const hardest = ({ hardMaxMgPerH, document }: ActiveOrder): number =>
  Math.max(hardMaxMgPerH, document.limits.maxMgPerH);

/** A rate that the driver doubts, where it is the rate of the infusion and of nothing beside it. */
function toldRate({ metrics, pumpStatus }: DevicePicture): number | null {
  const metric = metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT');
  if (metric?.validity !== 'questionable' || BESIDE.has(pumpStatus?.status)) return null;
  return metric.value;
}

const BESIDE: ReadonlySet<PumpStatus | undefined> = new Set(['bolus', 'purge', 'kvo']);
