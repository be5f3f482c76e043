import { type DevicePicture, metricFreshness } from '../../observation/device-picture.ts';
import { amount, doseRate, pumpRate } from '../../observation/format.ts';
import type { MetricCode } from '../../observation/metrics.ts';
import { type ActiveOrder, orderedNow } from '../../order/active-order.ts';
import { givenDose } from '../../order/dose-ledger.ts';
import { liveFlow } from '../live-rate.ts';
import { pumpGivesOrderedDrug, pumpsOfOrder } from '../pump-drug.ts';
import { exceeds } from '../rate-band.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { givenText, orderedSessionMg } from './dose-share.ts';

/** The drug runs on more pumps at a time than the order says. The sum of them is what every rate rule uses. */
function channels(scene: Scene): Judgement {
  const { order, nowMs } = scene;
  if (order === null) return undetermined('no-order');
  const pumps = pumpsOfOrder(scene.pumps, order);
  const flows = pumps.map((pump) => ({ pump, flow: liveFlow([pump], nowMs) }));
  const running = flows.filter(({ flow }) => flow.mlPerH > 0);
  const unknown = flows.filter(({ flow }) => !flow.isComplete);
  const permitted = order.document.channels ?? 1;
  const atMs = Math.max(...flows.map(({ flow }) => flow.atMs));
  if (running.length > permitted) {
    const mlPerH = running.reduce((sum, { flow }) => sum + flow.mlPerH, 0);
    const mgPerH = mlPerH * order.concentrationMgPerMl;
    const isTold = running.every(({ pump }) => pumpGivesOrderedDrug(pump, order) === 'yes');
    const what = isTold ? order.document.drug.name : 'drug not told by all';
    return present(atMs, {
      text: clip(`${running.length} PUMPS RUN, total ${doseRate(mgPerH)} mg/h`, 40),
      textShort: clip(`${running.length} PUMPS RUN`, 24),
      detail: clip(
        `${what}: ${pumpRate(mlPerH)} mL/h on ${running.length}, order: ${permitted}. Stop and check`,
        70,
      ),
      value: running.length,
      limit: permitted,
      unit: 'pumps',
      parts: running.map(({ pump }) => pump.deviceId).join(' '),
      codes: ['MDC_FLOW_FLUID_PUMP_CURRENT'],
    });
  }
  const mayBeMore = running.length + unknown.length > permitted;
  const isNothingSeen = unknown.length === flows.length;
  return mayBeMore || isNothingSeen
    ? undetermined(unknown[0]?.flow.because ?? 'stale')
    : absent(atMs);
}

export const ord20: Rule = {
  id: 'ORD-20',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    { name: 'channels', timing: ({ rules }) => rules['ORD-20'].levels.channels, judge: channels },
  ],
};

/** What a pump will still give by its volume limit, mL, at least and at most; `null` = it has none, or does not tell. */
function volumeLeft(
  pump: DevicePicture,
  nowMs: number,
): { readonly least: number; readonly most: number; readonly atMs: number } | null {
  const valid = (code: MetricCode) => {
    const metric = pump.metrics.get(code);
    if (metric === undefined || metricFreshness(pump, metric, nowMs) !== 'live') return null;
    return metric.validity === 'valid' && metric.value !== null
      ? { ml: metric.value, atMs: metric.atMs }
      : null;
  };
  const left = valid('MDC_VOL_FLUID_TBI_REMAIN');
  if (left !== null) return { least: left.ml, most: left.ml, atMs: left.atMs };
  const programmed = valid('MDC_VOL_FLUID_TBI');
  const infused = valid('MDC_VOL_FLUID_DELIV_TOTAL');
  if (programmed === null || infused === null) return null;
  // Its counter may have begun before the volume limit was set.
  return {
    least: Math.max(0, programmed.ml - infused.ml),
    most: programmed.ml,
    atMs: programmed.atMs,
  };
}

/** The pumps will give more than is left of the order before they stop by themselves. */
function volumeLimit(scene: Scene): Judgement {
  const { order, nowMs } = scene;
  if (order === null) return undetermined('no-order');
  if (orderedNow(order, scene.wallMs).phase === 'ended') return absent(nowMs);
  const dose = givenDose(scene.doses, nowMs);
  const pumps = pumpsOfOrder(scene.pumps, order);
  const told = pumps.flatMap((pump) => volumeLeft(pump, nowMs) ?? []);
  if (dose === null || told.length === 0) return undetermined('no-observation');
  const { aboveFraction } = scene.limits.rules['ORD-26'].levels.exceeds;
  const orderedMg = orderedSessionMg(order);
  const willGive = (end: 'least' | 'most'): number =>
    told.reduce((sum, left) => sum + left[end], 0) * order.concentrationMgPerMl;
  const leftMg = (givenMg: number): number => Math.max(0, orderedMg - givenMg);
  const marginMg = orderedMg * aboveFraction;
  const atMs = Math.max(...told.map((left) => left.atMs));
  if (exceeds(willGive('least'), leftMg(dose.session.atLeastMg) + marginMg)) {
    return present(atMs, messageOf(order, willGive('least'), dose.session));
  }
  const isAllTold = told.length === pumps.length;
  const fits = !exceeds(willGive('most'), leftMg(dose.session.atMostMg) + marginMg);
  return isAllTold && fits ? absent(atMs) : undetermined('no-observation');
}

function messageOf(order: ActiveOrder, willGiveMg: number, given: Parameters<typeof givenText>[0]) {
  const orderedMg = orderedSessionMg(order);
  const leftMg = Math.max(0, orderedMg - given.atLeastMg);
  return {
    text: clip(`VTBI gives ${amount(willGiveMg)} mg, left ${amount(leftMg)} mg`, 40),
    textShort: 'VTBI ABOVE ORDER',
    detail: clip(
      `${givenText(given)} of ${amount(orderedMg)} mg given. Check the volume limit of the pump`,
      70,
    ),
    value: willGiveMg,
    limit: leftMg,
    unit: 'mg',
    codes: ['MDC_VOL_FLUID_TBI'] as const,
  };
}

export const ord26: Rule = {
  id: 'ORD-26',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    { name: 'exceeds', timing: ({ rules }) => rules['ORD-26'].levels.exceeds, judge: volumeLimit },
  ],
};
