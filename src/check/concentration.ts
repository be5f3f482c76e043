import type { DevicePicture } from '../observation/device-picture.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import { lastLabel } from '../order/session-bag.ts';
import { pumpsInUse } from './pump-drug.ts';
import { exceeds } from './rate-band.ts';
import { reading } from './readings.ts';
import type { Scene } from './scene.ts';

/**
 * What is known of the concentration of what hangs there, beside the order's own number. Amounts and rates
 * in mg are always made with the order's concentration, which two people have checked (alarm-rules 2.2: current
 * flow x verified concentration). A pump or a label that says something else raises ORD-15 and changes no
 * sum: which of the two is right only a person at the bed can see, and a rate that silently follows a
 * mistyped pump would hide or invent an over-infusion.
 */
export type ConcentrationSource = 'pump' | 'label' | 'two-people' | 'none';

/** A pump's own number, mg/mL, or why it is not known. */
export type PumpConcentration =
  | {
      readonly kind: 'told';
      readonly pumpId: string;
      readonly mgPerMl: number;
      readonly atMs: number;
    }
  /** It could be another one by now: ends nothing. */
  | { readonly kind: 'unseen' }
  | { readonly kind: 'untold' };

/** A number whose unit is a guess, or whose dose mode is off, is no number here. */
export function pumpConcentration(pump: DevicePicture, nowMs: number): PumpConcentration {
  const found = reading([pump], 'MDC_CONC_DRUG', nowMs);
  if (found.ok)
    return { kind: 'told', pumpId: pump.deviceId, mgPerMl: found.value, atMs: found.atMs };
  return found.because === 'stale' ? { kind: 'unseen' } : { kind: 'untold' };
}

/** Of the pumps in use: the one that is furthest from the order, or none. */
export function concentrationsTold(scene: Scene, order: ActiveOrder) {
  return pumpsInUse(scene.pumps, order, scene.nowMs).map((pump) =>
    pumpConcentration(pump, scene.nowMs),
  );
}

/** @param fraction such as 0.02; exactly so much is still the same */
export const differs = (mgPerMl: number, ordered: number, fraction: number): boolean =>
  exceeds(Math.abs(mgPerMl - ordered), ordered * fraction);

/** Who vouches for the concentration now. */
export function concentrationSource(scene: Scene, order: ActiveOrder): ConcentrationSource {
  const { aboveFraction } = scene.limits.rules['ORD-15'].levels.differs;
  const isTold = concentrationsTold(scene, order).some(
    (told) =>
      told.kind === 'told' && !differs(told.mgPerMl, order.concentrationMgPerMl, aboveFraction),
  );
  if (isTold) return 'pump';
  if (lastLabel(order) !== null) return 'label';
  const people = new Set(order.session.concentrationConfirmedBy.map(({ by }) => by));
  return people.size >= 2 ? 'two-people' : 'none';
}
