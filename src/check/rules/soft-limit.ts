import { doseRate } from '../../observation/format.ts';
import { liveFlow } from '../live-rate.ts';
import { pumpsOfOrder } from '../pump-drug.ts';
import { exceeds, roundingMgPerH } from '../rate-band.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

/** Whoever signed the order may say why the soft limit is exceeded; then it is exceeded on purpose. */
function aboveSoft(scene: Scene): Judgement {
  const { order } = scene;
  if (order === null) return undetermined('no-order');
  const flow = liveFlow(pumpsOfOrder(scene.pumps, order), scene.nowMs);
  const { softMaxMgPerH, softLimitReason, concentrationMgPerMl } = order;
  if (softMaxMgPerH === null || softLimitReason !== null) return absent(scene.nowMs);
  const liveMgPerH = flow.mlPerH * concentrationMgPerMl;
  if (!exceeds(liveMgPerH, softMaxMgPerH + roundingMgPerH(concentrationMgPerMl)))
    return flow.isComplete ? absent(flow.atMs) : undetermined(flow.because);
  return present(flow.atMs, {
    text: clip(`Above soft limit ${doseRate(softMaxMgPerH)} mg/h, no reason`, 40),
    textShort: clip(`ABOVE SOFT ${doseRate(softMaxMgPerH)} mg/h`, 24),
    detail: clip(
      `live ${doseRate(liveMgPerH, softMaxMgPerH)} mg/h, and the order gives no reason. Ask`,
      70,
    ),
    value: liveMgPerH,
    limit: softMaxMgPerH,
    unit: 'mg/h',
    codes: ['MDC_FLOW_FLUID_PUMP_CURRENT'],
  });
}

export const ord08: Rule = {
  id: 'ORD-08',
  kind: 'physiological',
  subject: 'bed',
  levels: [{ name: 'soft', timing: ({ rules }) => rules['ORD-08'].levels.soft, judge: aboveSoft }],
};
