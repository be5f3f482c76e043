import type { AlarmMessage } from '../../alarm/condition.ts';
import { amount, doseRate, duration, pumpRate } from '../../observation/format.ts';
import { endsAtWallMs, orderedNow } from '../../order/active-order.ts';
import { runningPause } from '../../order/session-record.ts';
import { liveFlow } from '../live-rate.ts';
import { pumpsOfOrder } from '../pump-drug.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

const CODES = ['MDC_FLOW_FLUID_PUMP_CURRENT'] as const;

/** Something flows and nobody ordered it. */
export const ord18: Rule = {
  id: 'ORD-18',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'running',
      timing: ({ rules }) => rules['ORD-18'].levels.running,
      judge: (scene) => {
        const flow = liveFlow(scene.pumps, scene.nowMs);
        if (scene.order !== null) return absent(scene.nowMs);
        if (flow.mlPerH > 0) {
          return present(flow.atMs, {
            text: 'PUMP RUNNING WITHOUT ORDER',
            textShort: 'RUNNING WITHOUT ORDER',
            detail: clip(
              `flow ${pumpRate(flow.mlPerH)} mL/h, no order on this bed. Check the order`,
              70,
            ),
            value: flow.mlPerH,
            unit: 'mL/h',
            codes: CODES,
          });
        }
        return flow.isComplete ? absent(flow.atMs) : undetermined(flow.because);
      },
    },
  ],
};

/** Infusing after the planned end; KVO is flow too, and told apart. */
function afterEnd(scene: Scene, afterEndS: number, wantsKvo: boolean): Judgement {
  const { order } = scene;
  if (order === null) return undetermined('no-order');
  const endsAt = endsAtWallMs(order);
  const flow = liveFlow(pumpsOfOrder(scene.pumps, scene.order), scene.nowMs);
  if (endsAt === null || scene.wallMs < endsAt + afterEndS * 1_000) return absent(flow.atMs);
  const { kvo } = order.document;
  const isKvo =
    flow.hasKvo || (kvo.allowed && kvo.maxMlPerH !== undefined && flow.mlPerH <= kvo.maxMlPerH);
  if (flow.mlPerH > 0 && isKvo === wantsKvo) {
    const since = duration(scene.wallMs - endsAt);
    const mgPerH = flow.mlPerH * order.concentrationMgPerMl;
    const message: AlarmMessage = {
      text: clip(`${isKvo ? 'KVO' : 'Still infusing'} ${since} after the end`, 40),
      textShort: isKvo ? 'KVO AFTER END' : 'INFUSING AFTER END',
      detail: clip(
        `${doseRate(mgPerH)} mg/h (${pumpRate(flow.mlPerH)} mL/h) flows. Stop, or complete the order`,
        70,
      ),
      value: mgPerH,
      limit: 0,
      unit: 'mg/h',
      codes: CODES,
    };
    return present(flow.atMs, message);
  }
  if (wantsKvo && flow.untoldKvoAtMs !== null) {
    return present(flow.untoldKvoAtMs, {
      text: clip(`KVO ${duration(scene.wallMs - endsAt)} after the end`, 40),
      textShort: 'KVO AFTER END',
      detail: clip('The pump does not tell its KVO rate. Stop, or complete the order', 70),
      codes: CODES,
    });
  }
  return flow.isComplete ? absent(flow.atMs) : undetermined(flow.because);
}

export const ord21: Rule = {
  id: 'ORD-21',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'infusing',
      timing: ({ rules }) => rules['ORD-21'].levels.infusing,
      judge: (scene) =>
        afterEnd(scene, scene.limits.rules['ORD-21'].levels.infusing.afterEndS, false),
    },
    {
      name: 'kvo',
      timing: ({ rules }) => rules['ORD-21'].levels.kvo,
      judge: (scene) => afterEnd(scene, scene.limits.rules['ORD-21'].levels.kvo.afterEndS, true),
    },
  ],
};

/**
 * Stopped although the order says that it runs, and nobody declared a pause: that is ORD-23's, also when it is over.
 * Only once it had begun.
 */
function stopped(scene: Scene): Judgement {
  const { order } = scene;
  if (order === null) return undetermined('no-order');
  const flow = liveFlow(pumpsOfOrder(scene.pumps, scene.order), scene.nowMs);
  const ordered = orderedNow(order, scene.wallMs);
  const isOrdered = ordered.phase === 'running' && ordered.permitted.lowest > 0;
  const mustRun = isOrdered && runningPause(order.session) === undefined;
  if (!mustRun || flow.mlPerH > 0) return absent(flow.atMs);
  if (!flow.isComplete) return undetermined(flow.because);
  const reason = scene.pumps.flatMap((pump) => pump.alerts?.list ?? [])[0]?.text;
  return present(flow.atMs, {
    text: clip(`Infusion stopped${reason === undefined ? '' : `: ${reason}`}`, 40),
    textShort: 'INFUSION STOPPED',
    detail: clip(
      `order ${doseRate(ordered.mgPerH)} mg/h, live ${amount(0)} mg/h. Check pump and line`,
      70,
    ),
    value: 0,
    limit: ordered.mgPerH,
    unit: 'mg/h',
    codes: CODES,
  });
}

export const ord22: Rule = {
  id: 'ORD-22',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    { name: 'stopped', timing: ({ rules }) => rules['ORD-22'].levels.stopped, judge: stopped },
    { name: 'long', timing: ({ rules }) => rules['ORD-22'].levels.long, judge: stopped },
  ],
};
