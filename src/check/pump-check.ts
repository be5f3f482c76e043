import { type DevicePicture, freshnessOf } from '../observation/device-picture.ts';
import { amount, concentration, doseRate, pumpRate, weight } from '../observation/format.ts';
import type { MetricCode } from '../observation/metrics.ts';
import { type ActiveOrder, orderedNow } from '../order/active-order.ts';
import { givenDose } from '../order/dose-ledger.ts';
import { toMlPerHour } from '../order/ordered-rate.ts';
import { differs } from './concentration.ts';
import { liveFlow } from './live-rate.ts';
import { drugLabel, pumpsOfOrder } from './pump-drug.ts';
import { exceeds, lowerLimitMgPerH, roundingMgPerH, upperLimitMgPerH } from './rate-band.ts';
import { reading } from './readings.ts';
import type { Scene } from './scene.ts';

/** One thing of the pump's programme beside what the order says of it, in words (dashboard design 8.2). */
export interface PumpCheck {
  readonly what: 'drug' | 'concentration' | 'rate' | 'volume' | 'weight';
  /** `cannot-tell`: this pump never tells it. `unknown`: it could, and does not now or not for certain. */
  readonly state: 'same' | 'different' | 'unknown' | 'cannot-tell';
  /** `null` = nothing is known. */
  readonly pump: string | null;
  readonly order: string;
}

/** From the activation on, before anything flows: what a nurse compares at the pump. Empty without an order or pump. */
export function pumpCheck(scene: Scene): readonly PumpCheck[] {
  const { order } = scene;
  const pump = order === null ? undefined : pumpToCheck(scene, order);
  if (order === null || pump === undefined) return [];
  const about: About = { scene, order, pump };
  const lines = [drugLine(about), concentrationLine(about), rateLine(about), volumeLine(about)];
  const weightKg = order.document.patient.weightKg;
  return weightKg === undefined ? lines : [...lines, weightLine(about, weightKg)];
}

interface About {
  readonly scene: Scene;
  readonly order: ActiveOrder;
  readonly pump: DevicePicture;
}

/** With which the order began, else the one that flows, else the one that names the drug. */
function pumpToCheck({ pumps, nowMs }: Scene, order: ActiveOrder): DevicePicture | undefined {
  const counting = pumpsOfOrder(pumps, order);
  return (
    pumps.find(({ deviceId }) => deviceId === order.startPumpId) ??
    counting.find((pump) => liveFlow([pump], nowMs).mlPerH > 0) ??
    counting.find((pump) => drugLabel(pump, order).says === 'ordered') ??
    counting[0]
  );
}

function drugLine({ order, pump, scene }: About): PumpCheck {
  const { name, form } = order.document.drug;
  const line = { what: 'drug', order: `${name} ${form}` } as const;
  if (!pump.factsTold.includes('drug')) return { ...line, state: 'cannot-tell', pump: null };
  const label = drugLabel(pump, order);
  // A label is told seldom; what a pump said before it fell silent may be another one by now.
  const isHeard = freshnessOf(pump, scene.nowMs) === 'live';
  if (label.says === 'none' || !isHeard) return { ...line, state: 'unknown', pump: null };
  const state = { ordered: 'same', other: 'different', unclear: 'unknown' } as const;
  return { ...line, state: state[label.says], pump: label.text };
}

function concentrationLine(about: About): PumpCheck {
  const ordered = about.order.concentrationMgPerMl;
  const { aboveFraction } = about.scene.limits.rules['ORD-15'].levels.differs;
  const text = (mgPerMl: number): string => `${concentration(mgPerMl)} mg/mL`;
  return numberLine(about, 'concentration', 'MDC_CONC_DRUG', text, text(ordered), (told) =>
    differs(told, ordered, aboveFraction),
  );
}

function weightLine(about: About, weightKg: number): PumpCheck {
  const { aboveFraction } = about.scene.limits.rules['ORD-17'].levels['weight-based'];
  const text = (kg: number): string => `${weight(kg)} kg`;
  return numberLine(about, 'weight', 'MDC_ATTR_PT_WEIGHT', text, text(weightKg), (told) =>
    exceeds(Math.abs(told - weightKg), weightKg * aboveFraction),
  );
}

/** The programmed rate, which a pump tells before it runs; when no flow is ordered, what flows. */
function rateLine(about: About): PumpCheck {
  const { order, scene } = about;
  const ordered = orderedNow(order, scene.wallMs);
  const conc = order.concentrationMgPerMl;
  const isFlowOrdered = ordered.phase === 'running' || ordered.phase === 'before';
  const code = isFlowOrdered ? 'MDC_FLOW_FLUID_PUMP' : 'MDC_FLOW_FLUID_PUMP_CURRENT';
  const { lowest, highest } = ordered.permitted;
  const band = {
    lowestMgPerH: ordered.phase === 'before' ? ordered.mgPerH : lowest,
    highestMgPerH: highest,
    toleranceMgPerH: roundingMgPerH(conc),
  };
  const text = (mlPerH: number): string =>
    `${pumpRate(mlPerH)} mL/h (${doseRate(mlPerH * conc)} mg/h)`;
  const wanted = isFlowOrdered ? text(toMlPerHour(ordered.mgPerH, conc)) : 'no flow ordered';
  return numberLine(about, 'rate', code, text, wanted, (mlPerH) => {
    const mgPerH = mlPerH * conc;
    return exceeds(mgPerH, upperLimitMgPerH(band, 0)) || exceeds(lowerLimitMgPerH(band, 0), mgPerH);
  });
}

/** Less than this is the lag between two polls. */
const VOLUME_TOLERANCE_ML = 1;
const VOLUME_FRACTION = 0.05;

/** What is left to be infused by the pump and by the order; of a pump that tells only its programme, the whole. */
function volumeLine(about: About): PumpCheck {
  const { order, scene, pump } = about;
  const text = (ml: number): string => `${amount(Math.abs(ml) < 10 ? ml : Math.round(ml))} mL`;
  const code = pump.reports.includes('MDC_VOL_FLUID_TBI_REMAIN')
    ? 'MDC_VOL_FLUID_TBI_REMAIN'
    : 'MDC_VOL_FLUID_TBI';
  const given = order.startedAtWallMs === null ? null : givenDose(scene.doses, scene.nowMs);
  const isWhole = code === 'MDC_VOL_FLUID_TBI' || order.startedAtWallMs === null;
  const givenMg = isWhole ? 0 : (given?.session.atLeastMg ?? null);
  if (givenMg === null)
    return { what: 'volume', state: 'unknown', pump: null, order: 'rest not known' };
  const ml = Math.max(0, order.plannedTotalMg - givenMg) / order.concentrationMgPerMl;
  const tolerance = Math.max(VOLUME_TOLERANCE_ML, ml * VOLUME_FRACTION);
  return numberLine(about, 'volume', code, text, text(ml), (told) =>
    exceeds(Math.abs(told - ml), tolerance),
  );
}

function numberLine(
  { scene, pump }: About,
  what: PumpCheck['what'],
  code: MetricCode,
  text: (value: number) => string,
  order: string,
  isDifferent: (value: number) => boolean,
): PumpCheck {
  const line = { what, order };
  if (!pump.reports.includes(code)) return { ...line, state: 'cannot-tell', pump: null };
  const told = reading([pump], code, scene.nowMs);
  if (!told.ok) return { ...line, state: 'unknown', pump: doubtful(pump, code, text) };
  return { ...line, state: isDifferent(told.value) ? 'different' : 'same', pump: text(told.value) };
}

/** A number that may not be relied on is shown for the eye, and judged by nobody. */
function doubtful(
  pump: DevicePicture,
  code: MetricCode,
  text: (value: number) => string,
): string | null {
  const seen = pump.metrics.get(code);
  return seen?.validity === 'questionable' && seen.value !== null ? text(seen.value) : null;
}
