import { orderedNow } from '../order/active-order.ts';
import { toMlPerHour } from '../order/ordered-rate.ts';
import { liveFlow } from './live-rate.ts';
import { pumpsOfOrder } from './pump-drug.ts';
import { exceeds, lowerLimitMgPerH, roundingMgPerH, upperLimitMgPerH } from './rate-band.ts';
import type { Scene } from './scene.ts';
import { unitHint } from './unit-hint.ts';

export type InfusionWord =
  | 'no-pump'
  | 'unknown'
  | 'no-order'
  | 'not-started'
  | 'on-order'
  | 'over'
  | 'under'
  | 'stopped'
  | 'kvo'
  | 'bolus'
  | 'ended';

/** Ordered and live side by side, in both units. `null` is unknown and never zero. */
export interface InfusionState {
  readonly word: InfusionWord;
  readonly orderedMgPerH: number | null;
  readonly orderedMlPerH: number | null;
  readonly liveMgPerH: number | null;
  readonly liveMlPerH: number | null;
  readonly liveAtMs: number | null;
  readonly deviation: number | null;
  readonly hint: string | null;
  readonly step: number | null;
  readonly of: number | null;
  /** ms from the start of the session. */
  readonly nextChange: {
    readonly atMs: number;
    readonly mgPerH: number;
    readonly isEnd: boolean;
  } | null;
}

export function infusionState(scene: Scene): InfusionState {
  const { order } = scene;
  const flow = liveFlow(pumpsOfOrder(scene.pumps, scene.order), scene.nowMs);
  const liveMlPerH = flow.isComplete ? flow.mlPerH : null;
  const liveAtMs = Number.isFinite(flow.atMs) ? flow.atMs : null;
  if (order === null) {
    const word =
      scene.pumps.length === 0 ? 'no-pump' : liveMlPerH === null ? 'unknown' : 'no-order';
    return {
      word,
      orderedMgPerH: null,
      orderedMlPerH: null,
      liveMgPerH: null,
      liveMlPerH,
      liveAtMs,
      deviation: null,
      hint: null,
      step: null,
      of: null,
      nextChange: null,
    };
  }
  const ordered = orderedNow(order, scene.wallMs);
  const conc = order.concentrationMgPerMl;
  const liveMgPerH = liveMlPerH === null ? null : liveMlPerH * conc;
  const deviation =
    liveMgPerH === null || ordered.mgPerH === 0
      ? null
      : (liveMgPerH - ordered.mgPerH) / ordered.mgPerH;
  return {
    word: wordOf(scene, liveMgPerH, flow.hasKvo, ordered),
    orderedMgPerH: ordered.mgPerH,
    orderedMlPerH: toMlPerHour(ordered.mgPerH, conc),
    liveMgPerH,
    liveMlPerH,
    liveAtMs,
    deviation,
    hint:
      liveMgPerH === null || liveMlPerH === null
        ? null
        : unitHint(liveMgPerH, ordered.mgPerH, liveMlPerH),
    step: ordered.step,
    of: ordered.of,
    nextChange: ordered.nextChange,
  };
}

/** The band is that of ORD-01 and ORD-03, so that the word and the alarm never disagree. */
function wordOf(
  scene: Scene,
  liveMgPerH: number | null,
  hasKvo: boolean,
  ordered: ReturnType<typeof orderedNow>,
): InfusionWord {
  if (scene.pumps.length === 0) return 'no-pump';
  if (liveMgPerH === null) return 'unknown';
  const giving = pumpsOfOrder(scene.pumps, scene.order);
  if (giving.some(({ pumpStatus }) => pumpStatus?.status === 'bolus')) return 'bolus';
  if (hasKvo) return 'kvo';
  const isStarted = scene.order?.startedAtWallMs !== null;
  if (liveMgPerH === 0) {
    if (ordered.phase === 'ended') return 'ended';
    return isStarted ? (ordered.mgPerH === 0 ? 'on-order' : 'stopped') : 'not-started';
  }
  const { limits, order } = scene;
  const band = {
    lowestMgPerH: ordered.permitted.lowest,
    highestMgPerH: ordered.permitted.highest,
    toleranceMgPerH: roundingMgPerH(order?.concentrationMgPerMl ?? 0),
  };
  const { aboveFraction } = limits.rules['ORD-01'].levels.over;
  const { belowFraction } = limits.rules['ORD-03'].levels.under;
  if (exceeds(liveMgPerH, upperLimitMgPerH(band, aboveFraction))) return 'over';
  return exceeds(lowerLimitMgPerH(band, belowFraction), liveMgPerH) ? 'under' : 'on-order';
}
