import { duration, vital } from '../../observation/format.ts';
import { dueObservations, observedSession } from '../../order/observation-plan.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

/** Nobody confirmed the heart rate before the infusion: the number that VIT-03 stands on. */
function noBaseline({ order, baseline, limits, nowMs, wallMs }: Scene): Judgement {
  if (order === null) return undetermined('no-order');
  const { startedAtWallMs, session } = order;
  const { afterStartS } = limits.rules['VIT-12'].levels.missing;
  const isConfirmed = session.baseline !== null && session.baseline.heartRateBpm !== null;
  if (isConfirmed || startedAtWallMs === null || wallMs < startedAtWallMs + afterStartS * 1_000)
    return absent(nowMs);
  const seen = baseline.heartRateBpm;
  return present(nowMs, {
    text: 'No confirmed baseline',
    textShort: 'NO CONFIRMED BASELINE',
    detail: clip(
      seen === null
        ? 'none was seen before the start: a raised heart rate is not told'
        : `heart rate ${vital(seen)} bpm is used until a nurse confirms or corrects it`,
      70,
    ),
  });
}

export const vit12: Rule = {
  id: 'VIT-12',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    { name: 'missing', timing: ({ rules }) => rules['VIT-12'].levels.missing, judge: noBaseline },
  ],
};

/** Pain, sedation or dysphoria should have been noted by now. */
function observationLate(scene: Scene): Judgement {
  const { order, recovery, limits, nowMs, wallMs } = scene;
  const observed = observedSession(scene);
  if (observed === null)
    return order === null && recovery === null ? undetermined('no-order') : absent(nowMs);
  const due = dueObservations(observed).filter(({ dueAtWallMs }) => dueAtWallMs <= wallMs);
  const [first] = due;
  const lateByMs = limits.rules['VIT-16'].levels.late.lateByS * 1_000;
  if (first === undefined || wallMs < first.dueAtWallMs + lateByMs) return absent(nowMs);
  const what = due.map(({ score }) => score).join(', ');
  return present(nowMs, {
    text: clip(`Observation overdue, ${duration(wallMs - first.dueAtWallMs)} late`, 40),
    textShort: 'OBSERVATION OVERDUE',
    detail: clip(`to be noted: ${what}. Look at the patient`, 70),
    value: Math.floor((wallMs - first.dueAtWallMs) / 60_000),
    unit: 'min',
  });
}

export const vit16: Rule = {
  id: 'VIT-16',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    { name: 'late', timing: ({ rules }) => rules['VIT-16'].levels.late, judge: observationLate },
  ],
};
