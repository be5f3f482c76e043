import type { ActiveOrder } from '../../order/active-order.ts';
import { orderedNow } from '../../order/active-order.ts';
import type { OrderedRate } from '../../order/ordered-rate.ts';
import { runningPause } from '../../order/session-record.ts';
import { type Standing, standingOf } from '../../order/titration.ts';
import { liveFlow } from '../live-rate.ts';
import { pumpsOfOrder } from '../pump-drug.ts';
import { absent, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

/** An infusion that has begun and flows at a rate that is known: what the rules about steps look at. */
export interface StepScene {
  readonly order: ActiveOrder;
  readonly ordered: OrderedRate;
  readonly liveMgPerH: number;
  readonly liveMlPerH: number;
  readonly atMs: number;
  readonly standing: Standing;
}

/** One look has eight levels of three rules that need the same. */
const looks = new WeakMap<Scene, StepScene | Judgement>();

/** Stopped and KVO are no steps: ORD-22 and ORD-24 tell them. */
export function withSteps(scene: Scene, judge: (it: StepScene) => Judgement): Judgement {
  const look = looks.get(scene) ?? stepScene(scene);
  looks.set(scene, look);
  return 'presence' in look ? look : judge(look);
}

function stepScene(scene: Scene): StepScene | Judgement {
  const { order, wallMs, nowMs } = scene;
  if (order === null) return undetermined('no-order');
  if (order.startedAtWallMs === null) return absent(nowMs);
  const flow = liveFlow(pumpsOfOrder(scene.pumps, order), nowMs);
  if (!flow.isComplete) return undetermined(flow.because);
  if (flow.mlPerH === 0 || flow.hasKvo) return absent(flow.atMs);
  const liveMgPerH = flow.mlPerH * order.concentrationMgPerMl;
  return {
    order,
    ordered: orderedNow(order, wallMs),
    liveMgPerH,
    liveMlPerH: flow.mlPerH,
    atMs: flow.atMs,
    standing: standingOf(order, liveMgPerH, wallMs),
  };
}

/** A declared pause that is not over yet: too little is expected then. */
export function isPausing({ order, wallMs }: Pick<Scene, 'order' | 'wallMs'>): boolean {
  const pause = order === null ? undefined : runningPause(order.session);
  return pause !== undefined && wallMs < pause.untilWallMs;
}

const MINUTE_MS = 60_000;

/** As one says it: `5 min`, `1 h 5 min`. Never negative. */
export function minutes(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / MINUTE_MS));
  const hours = Math.floor(whole / 60);
  return hours === 0 ? `${whole} min` : `${hours} h ${whole % 60} min`;
}
