import type { AlarmMessage } from '../../alarm/condition.ts';
import { deviation, doseRate } from '../../observation/format.ts';
import { orderedNow } from '../../order/active-order.ts';
import { liveFlow } from '../live-rate.ts';
import { pumpsOfOrder } from '../pump-drug.ts';
import { exceeds, lowerLimitMgPerH, roundingMgPerH, upperLimitMgPerH } from '../rate-band.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { unitHint } from '../unit-hint.ts';
import { isPausing } from './step-scene.ts';

const CODES = ['MDC_FLOW_FLUID_PUMP_CURRENT'] as const;

interface RateScene {
  readonly liveMgPerH: number;
  readonly liveMlPerH: number;
  readonly isComplete: boolean;
  readonly atMs: number;
  readonly lowestMgPerH: number;
  readonly highestMgPerH: number;
  readonly orderedMgPerH: number;
  readonly toleranceMgPerH: number;
  readonly because: Judgement;
  readonly isStarted: boolean;
  readonly isEnded: boolean;
}

/** Live and ordered rate in the one unit in which they may meet, mg/h; `null` without an order. */
function rates(scene: Scene): RateScene | null {
  const { order } = scene;
  if (order === null) return null;
  const flow = liveFlow(pumpsOfOrder(scene.pumps, scene.order), scene.nowMs);
  const ordered = orderedNow(order, scene.wallMs);
  const conc = order.concentrationMgPerMl;
  return {
    liveMgPerH: flow.mlPerH * conc,
    liveMlPerH: flow.mlPerH,
    isComplete: flow.isComplete,
    atMs: flow.atMs,
    lowestMgPerH: ordered.permitted.lowest,
    highestMgPerH: ordered.permitted.highest,
    orderedMgPerH: ordered.mgPerH,
    toleranceMgPerH: roundingMgPerH(conc),
    because: undetermined(flow.because),
    isStarted: order.startedAtWallMs !== null,
    isEnded: ordered.phase === 'ended',
  };
}

/** Over-rate beyond a fraction. What is known may already be too much while another pump is unknown. */
function over(
  scene: Scene,
  fraction: number,
  message: (it: RateScene) => AlarmMessage,
  alsoAboveMgPerH?: number,
): Judgement {
  const it = rates(scene);
  if (it === null) return undetermined('no-order');
  const isAboveMax =
    alsoAboveMgPerH !== undefined && exceeds(it.liveMgPerH, alsoAboveMgPerH + it.toleranceMgPerH);
  // After the end ORD-21 speaks, with its own time; but the order's maximum holds until then too.
  const isAbove = !it.isEnded && exceeds(it.liveMgPerH, upperLimitMgPerH(it, fraction));
  if (isAbove || isAboveMax) return present(it.atMs, message(it));
  return it.isComplete ? absent(it.atMs) : it.because;
}

const numbers = (it: RateScene): Pick<AlarmMessage, 'value' | 'limit' | 'unit' | 'codes'> => ({
  value: it.liveMgPerH,
  limit: it.orderedMgPerH,
  unit: 'mg/h',
  codes: CODES,
});

const versus = (it: RateScene): string =>
  `live ${doseRate(it.liveMgPerH, it.orderedMgPerH)} mg/h, order ${doseRate(it.orderedMgPerH)} mg/h`;

const deviationText = (it: RateScene): string =>
  it.orderedMgPerH > 0 ? deviation((it.liveMgPerH - it.orderedMgPerH) / it.orderedMgPerH) : '';

export const ord01: Rule = {
  id: 'ORD-01',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'over',
      timing: ({ rules }) => rules['ORD-01'].levels.over,
      judge: (scene, _, isStanding) => {
        const { aboveFraction, clearFraction } = scene.limits.rules['ORD-01'].levels.over;
        return over(scene, isStanding ? clearFraction : aboveFraction, (it) => ({
          text: clip(`Rate above order ${deviationText(it)}`, 40),
          textShort: clip(`RATE HIGH ${deviationText(it)}`, 24),
          detail: clip(`${versus(it)}. Check pump`, 70),
          ...numbers(it),
        }));
      },
    },
  ],
};

export const ord02: Rule = {
  id: 'ORD-02',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'severe',
      timing: ({ rules }) => rules['ORD-02'].levels.severe,
      judge: (scene, _, isStanding) => {
        const { aboveFraction, clearFraction } = scene.limits.rules['ORD-02'].levels.severe;
        const message = (it: RateScene): AlarmMessage => {
          const hint = unitHint(it.liveMgPerH, it.orderedMgPerH, it.liveMlPerH);
          return {
            text: clip(`RATE FAR ABOVE ORDER ${deviationText(it)}`, 40),
            textShort: clip(`RATE FAR ABOVE ${deviationText(it)}`, 24),
            detail: clip(`${versus(it)}. ${hint ?? 'Stop and check'}`, 70),
            ...numbers(it),
          };
        };
        return over(
          scene,
          isStanding ? clearFraction : aboveFraction,
          message,
          scene.order?.document.limits.maxMgPerH,
        );
      },
    },
  ],
};

/** Judges only while something flows: a stop is ORD-22's. In a declared pause too little is expected. */
function under(scene: Scene, fraction: number): Judgement {
  const it = rates(scene);
  if (it === null) return undetermined('no-order');
  if (!it.isStarted || it.isEnded || isPausing(scene)) return absent(it.atMs);
  if (!it.isComplete) return it.because;
  if (it.liveMgPerH === 0 || !exceeds(lowerLimitMgPerH(it, fraction), it.liveMgPerH))
    return absent(it.atMs);
  const hint = unitHint(it.liveMgPerH, it.orderedMgPerH, it.liveMlPerH);
  return present(it.atMs, {
    text: clip(`Rate below order ${deviationText(it)}`, 40),
    textShort: clip(`RATE BELOW ${deviationText(it)}`, 24),
    detail: clip(`${versus(it)}. ${hint ?? 'Check pump and step'}`, 70),
    ...numbers(it),
  });
}

export const ord03: Rule = {
  id: 'ORD-03',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'under',
      timing: ({ rules }) => rules['ORD-03'].levels.under,
      judge: (scene, _, isStanding) => {
        const { belowFraction, clearFraction } = scene.limits.rules['ORD-03'].levels.under;
        return under(scene, isStanding ? clearFraction : belowFraction);
      },
    },
    {
      name: 'long',
      timing: ({ rules }) => rules['ORD-03'].levels.long,
      judge: (scene, _, isStanding) => {
        const { belowFraction, clearFraction } = scene.limits.rules['ORD-03'].levels.long;
        return under(scene, isStanding ? clearFraction : belowFraction);
      },
    },
  ],
};

export const ord07: Rule = {
  id: 'ORD-07',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'hard',
      timing: ({ rules }) => rules['ORD-07'].levels.hard,
      judge: (scene) => {
        const it = rates(scene);
        if (it === null || scene.order === null) return undetermined('no-order');
        const { hardMaxMgPerH } = scene.order;
        if (!exceeds(it.liveMgPerH, hardMaxMgPerH))
          return it.isComplete ? absent(it.atMs) : it.because;
        return present(it.atMs, {
          text: clip(`ABOVE HARD LIMIT ${doseRate(hardMaxMgPerH)} mg/h`, 40),
          textShort: clip(`ABOVE LIMIT ${doseRate(hardMaxMgPerH)} mg/h`, 24),
          detail: clip(`live ${doseRate(it.liveMgPerH, hardMaxMgPerH)} mg/h. Stop and check`, 70),
          ...numbers(it),
          limit: hardMaxMgPerH,
        });
      },
    },
  ],
};
