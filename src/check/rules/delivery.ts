import type { AlarmMessage } from '../../alarm/condition.ts';
import type { DevicePicture } from '../../observation/device-picture.ts';
import { decimal, pumpRate } from '../../observation/format.ts';
import { runningPause } from '../../order/session-record.ts';
import { type Delivered, delivered, deliveredAtRest, WATCHED_MS } from '../delivery-watch.ts';
import { pumpsOfOrder } from '../pump-drug.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

export const DELIVERY_CODES = ['MDC_VOL_FLUID_DELIV_TOTAL', 'MDC_FLOW_FLUID_PUMP_CURRENT'] as const;

export const volume = (ml: number): string => decimal(ml, Math.abs(ml) >= 10 ? 1 : 2);

/** Of a pump that counts for the order; without an order, or for another drug, the rule has nothing to say. */
export function watchOf(scene: Scene, subject: DevicePicture | null) {
  if (subject === null || scene.order === null) return 'no-order';
  if (!pumpsOfOrder(scene.pumps, scene.order).includes(subject)) return 'no-order';
  return scene.deliveries.get(subject.deviceId) ?? 'no-observation';
}

/** Counter and rate over the whole 5 min; a shorter time proves nothing. */
function wholeWindow(scene: Scene, subject: DevicePicture | null): Delivered | Judgement {
  const watch = watchOf(scene, subject);
  if (typeof watch === 'string') return undetermined(watch);
  const window = delivered(watch, WATCHED_MS, scene.nowMs);
  if (window === null) return undetermined('stale');
  return window.spanMs < WATCHED_MS ? undetermined('no-observation') : window;
}

function disagreement(rateMl: number, countedMl: number): AlarmMessage {
  const isOver = countedMl > rateMl;
  return {
    text: clip(`Pump gives ${isOver ? 'MORE' : 'less'} than its rate says`, 40),
    textShort: isOver ? 'GIVES MORE THAN RATE' : 'GIVES LESS THAN RATE',
    detail: clip(
      `counter ${volume(countedMl)} mL, rate ${volume(rateMl)} mL in 5 min. Look at the pump`,
      70,
    ),
    value: countedMl,
    limit: rateMl,
    unit: 'mL',
    codes: DELIVERY_CODES,
  };
}

/** The counter grew by more than the rate, also when both are taken at their kindest. */
function givesMore(
  scene: Scene,
  subject: DevicePicture | null,
  { aboveFraction, byMl }: { readonly aboveFraction: number; readonly byMl: number },
): Judgement {
  const window = wholeWindow(scene, subject);
  if ('presence' in window) return window;
  const { counted, due, atMs } = window;
  const isMore = (countedMl: number, dueMl: number): boolean =>
    countedMl - dueMl > Math.max(byMl, dueMl * aboveFraction);
  if (isMore(counted.least, due.most)) return present(atMs, disagreement(due.most, counted.least));
  return isMore(counted.most, due.least) ? undetermined('stale') : absent(atMs);
}

/** Less than the pump's own word, be it in doubt: a driver that doubts the rate for just this says it nowhere else. */
function givesLess(scene: Scene, subject: DevicePicture | null): Judgement {
  const window = wholeWindow(scene, subject);
  if ('presence' in window) return window;
  const { order } = scene;
  if (order === null || order.startedAtWallMs === null || runningPause(order.session) !== undefined)
    return absent(window.atMs);
  const { belowFraction, byMl } = scene.limits.rules['ORD-11'].levels.under;
  const { counted, told, atMs } = window;
  const isLess = (countedMl: number, toldMl: number): boolean =>
    toldMl - countedMl > Math.max(byMl, toldMl * belowFraction);
  if (isLess(counted.most, told.least))
    return present(atMs, disagreement(told.least, counted.most));
  return isLess(counted.least, told.most) ? undetermined('stale') : absent(atMs);
}

export const ord11: Rule = {
  id: 'ORD-11',
  kind: 'physiological',
  subject: 'pump',
  levels: [
    { name: 'under', timing: ({ rules }) => rules['ORD-11'].levels.under, judge: givesLess },
    {
      name: 'over',
      timing: ({ rules }) => rules['ORD-11'].levels.over,
      judge: (scene, subject) =>
        givesMore(scene, subject, scene.limits.rules['ORD-11'].levels.over),
    },
    {
      name: 'far',
      timing: ({ rules }) => rules['ORD-11'].levels.far,
      judge: (scene, subject) => givesMore(scene, subject, scene.limits.rules['ORD-11'].levels.far),
    },
  ],
};

export const FREE_FLOW_MS = 60_000;

function freeFlow({ counted, spanMs, atMs }: Delivered, says: string): Judgement {
  const seconds = Math.max(1, Math.round(spanMs / 1_000));
  return present(atMs, {
    text: 'POSSIBLE FREE FLOW: CLAMP LINE',
    textShort: 'FREE FLOW? CLAMP LINE',
    detail: clip(`${volume(counted.least)} mL in ${seconds} s, ${says}. Look at the pump`, 70),
    value: counted.least,
    unit: 'mL',
    codes: DELIVERY_CODES,
  });
}

/** Far more than the rate; also without an order, since a line may run freely after it. */
function flowsFreely(scene: Scene, subject: DevicePicture | null): Judgement {
  const watch = subject === null ? undefined : scene.deliveries.get(subject.deviceId);
  if (watch === undefined) return undetermined('no-observation');
  const window = delivered(watch, FREE_FLOW_MS, scene.nowMs);
  if (window === null) return undetermined('stale');
  const { times, byMl } = scene.limits.rules['ORD-12'].levels.fast;
  const isFree = (countedMl: number, dueMl: number): boolean => countedMl > times * dueMl + byMl;
  const { counted, due, atMs } = window;
  if (isFree(counted.least, due.most)) {
    const { known } = watch.flow;
    return freeFlow(window, known === null ? 'rate not known' : `rate ${pumpRate(known)} mL/h`);
  }
  return isFree(counted.most, due.least) ? undetermined('stale') : absent(atMs);
}

/** The pump says that it stands, and its counter grows. */
function flowsAtRest(scene: Scene, subject: DevicePicture | null): Judgement {
  const watch = subject === null ? undefined : scene.deliveries.get(subject.deviceId);
  if (watch === undefined) return undetermined('no-observation');
  const { known } = watch.flow;
  if (known !== null && known > 0) return absent(watch.atMs);
  const window = deliveredAtRest(watch, scene.nowMs);
  if (window === null) return undetermined('stale');
  const { byMl } = scene.limits.rules['ORD-12'].levels.atRest;
  if (window.counted.least > byMl) return freeFlow(window, 'pump says stopped');
  return window.counted.most > byMl ? undetermined('stale') : absent(window.atMs);
}

export const ord12: Rule = {
  id: 'ORD-12',
  kind: 'physiological',
  subject: 'pump',
  levels: [
    { name: 'atRest', timing: ({ rules }) => rules['ORD-12'].levels.atRest, judge: flowsAtRest },
    { name: 'fast', timing: ({ rules }) => rules['ORD-12'].levels.fast, judge: flowsFreely },
  ],
};
