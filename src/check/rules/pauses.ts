import { doseRate, pumpRate } from '../../observation/format.ts';
import { orderedNow } from '../../order/active-order.ts';
import { runningPause } from '../../order/session-record.ts';
import { liveFlow } from '../live-rate.ts';
import { pumpsOfOrder } from '../pump-drug.ts';
import { exceeds, lowerLimitMgPerH, roundingMgPerH } from '../rate-band.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { isPausing, minutes } from './step-scene.ts';

/** Needs no device: a pause stands until the pump is seen to flow again, or a person ends it. */
function overran({ order, wallMs, nowMs }: Scene): Judgement {
  if (order === null) return undetermined('no-order');
  const pause = runningPause(order.session);
  if (pause === undefined || wallMs <= pause.untilWallMs) return absent(nowMs);
  const declaredMs = pause.untilWallMs - pause.atWallMs;
  return present(nowMs, {
    text: clip(`Pause over by ${minutes(wallMs - pause.untilWallMs)}`, 40),
    textShort: 'PAUSE IS OVER',
    detail: clip(`${minutes(declaredMs)} for: ${pause.reason}`, 50).concat('. Start the pump'),
  });
}

export const ord23: Rule = {
  id: 'ORD-23',
  kind: 'physiological',
  subject: 'bed',
  levels: [{ name: 'over', timing: ({ rules }) => rules['ORD-23'].levels.over, judge: overran }],
};

/**
 * The pump keeps the vein open where it is to infuse: it says so, or it runs below the order at no more than the KVO
 * that the order allows. In the last minutes the bag may be empty; after the end ORD-21 speaks.
 */
function keepsOpen(scene: Scene): Judgement {
  const { order, wallMs, nowMs } = scene;
  if (order === null) return undetermined('no-order');
  const { phase, mgPerH, permitted } = orderedNow(order, wallMs);
  if (phase !== 'running' || permitted.lowest === 0 || isPausing(scene)) return absent(nowMs);
  const flow = liveFlow(pumpsOfOrder(scene.pumps, order), nowMs);
  if (flow.untoldKvoAtMs !== null)
    return present(flow.untoldKvoAtMs, {
      text: 'KVO during the order',
      textShort: 'KVO DURING ORDER',
      detail: clip(
        `The pump does not tell its KVO rate, order ${doseRate(mgPerH)} mg/h. Check volume limit`,
        70,
      ),
      codes: ['MDC_FLOW_FLUID_PUMP_CURRENT'],
    });
  if (!flow.isComplete) return undetermined(flow.because);
  const { kvo } = order.document;
  const conc = order.concentrationMgPerMl;
  const liveMgPerH = flow.mlPerH * conc;
  const band = {
    lowestMgPerH: permitted.lowest,
    highestMgPerH: permitted.highest,
    toleranceMgPerH: roundingMgPerH(conc),
  };
  const { belowFraction } = scene.limits.rules['ORD-03'].levels.under;
  const isAtKvo =
    kvo.allowed &&
    kvo.maxMlPerH !== undefined &&
    flow.mlPerH <= kvo.maxMlPerH &&
    exceeds(lowerLimitMgPerH(band, belowFraction), liveMgPerH);
  if (flow.mlPerH === 0 || !(flow.hasKvo || isAtKvo)) return absent(flow.atMs);
  return present(flow.atMs, {
    text: clip(`KVO at ${pumpRate(flow.mlPerH)} mL/h during the order`, 40),
    textShort: 'KVO DURING ORDER',
    detail: clip(
      `KVO gives ${doseRate(liveMgPerH)} mg/h, order ${doseRate(mgPerH)} mg/h. Check volume limit`,
      70,
    ),
    value: liveMgPerH,
    limit: mgPerH,
    unit: 'mg/h',
    codes: ['MDC_FLOW_FLUID_PUMP_CURRENT'],
  });
}

export const ord24: Rule = {
  id: 'ORD-24',
  kind: 'physiological',
  subject: 'bed',
  levels: [{ name: 'kvo', timing: ({ rules }) => rules['ORD-24'].levels.kvo, judge: keepsOpen }],
};
