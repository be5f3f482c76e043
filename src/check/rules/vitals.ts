import { vital } from '../../observation/format.ts';
import type { MetricCode } from '../../observation/metrics.ts';
import { firstReading, HEART_RATE_CODES, reading } from '../readings.ts';
import { absent, clip, type Level, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

/**
 * Vital signs are judged whenever they are valid, also without an order: a monitor that is attached to
 * a bed has a patient. Only the cuff interval needs an order, because the order sets it.
 */

const SPO2: MetricCode = 'MDC_PULS_OXIM_SAT_O2';
const SPO2_CODES = [SPO2] as const;

export const vit01: Rule = {
  id: 'VIT-01',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'low',
      timing: ({ rules }) => rules['VIT-01'].levels.low,
      judge: (scene, _, isStanding) => {
        const { below, clearAt } = scene.limits.rules['VIT-01'].levels.low;
        const spo2 = reading(scene.monitors, SPO2, scene.nowMs);
        if (!spo2.ok) return undetermined(spo2.because);
        if (spo2.value >= (isStanding ? clearAt : below)) return absent(spo2.atMs);
        return present(spo2.atMs, {
          text: clip(`SpO2 ${vital(spo2.value, below)} %, limit ${below}`, 40),
          textShort: clip(`SpO2 ${vital(spo2.value, below)}, LIMIT ${below}`, 24),
          detail: `SpO2 ${vital(spo2.value, below)} %, limit ${below} %. Look at the patient`,
          value: spo2.value,
          limit: below,
          unit: '%',
          codes: SPO2_CODES,
        });
      },
    },
  ],
};

export const vit02: Rule = {
  id: 'VIT-02',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'severe',
      timing: ({ rules }) => rules['VIT-02'].levels.severe,
      judge: (scene) => {
        const { below } = scene.limits.rules['VIT-02'].levels.severe;
        const spo2 = reading(scene.monitors, SPO2, scene.nowMs);
        if (!spo2.ok) return undetermined(spo2.because);
        if (spo2.value >= below) return absent(spo2.atMs);
        return present(spo2.atMs, severeSpo2(spo2.value, below, `limit ${below} %`));
      },
    },
    {
      name: 'drop',
      timing: ({ rules }) => rules['VIT-02'].levels.drop,
      judge: (scene, _, isStanding) => {
        const { points, below } = scene.limits.rules['VIT-02'].levels.drop;
        const spo2 = reading(scene.monitors, SPO2, scene.nowMs);
        if (!spo2.ok) return undetermined(spo2.because);
        if (spo2.value >= below) return absent(spo2.atMs);
        const fallen = scene.recentSpo2Max === null ? 0 : scene.recentSpo2Max - spo2.value;
        // What fell and stays low is not well again when the minute has passed.
        if (fallen < points && !isStanding) return absent(spo2.atMs);
        return present(spo2.atMs, severeSpo2(spo2.value, below, `fell ${points} or more in 1 min`));
      },
    },
  ],
};

const severeSpo2 = (value: number, limit: number, why: string) => ({
  text: clip(`SpO2 SEVERE ${vital(value, limit)} %`, 40),
  textShort: clip(`SpO2 SEVERE ${vital(value, limit)}`, 24),
  detail: clip(`SpO2 ${vital(value, limit)} %, ${why}. Look at the patient now`, 70),
  value,
  limit,
  unit: '%',
  codes: SPO2_CODES,
});

const heartRate = (scene: Scene) => firstReading(scene.monitors, HEART_RATE_CODES, scene.nowMs);
const SHOWN_AS_HR: readonly MetricCode[] = ['MDC_ECG_HEART_RATE', 'MDCX_HEART_RATE_DISPLAYED'];

function aboveBaseline(scene: Scene, factor: number): Judgement {
  const bpm = heartRate(scene);
  if (!bpm.ok) return undetermined(bpm.because);
  const baseline = scene.baseline.heartRateBpm;
  if (baseline === null || baseline <= 0) return undetermined('no-observation');
  // Exactly 1.20 x baseline counts; 84 of 70 must not be lost to binary fractions.
  const limit = Math.round(baseline * factor * 1_000) / 1_000;
  if (bpm.value < limit) return absent(bpm.atMs);
  return present(bpm.atMs, {
    text: clip(`HR ${vital(bpm.value)} above baseline ${vital(baseline)}`, 40),
    textShort: clip(`HR ${vital(bpm.value)} (BASE ${vital(baseline)})`, 24),
    detail: clip(
      `HR ${vital(bpm.value)} bpm, limit ${vital(limit)} bpm from baseline ${vital(baseline)} bpm`,
      70,
    ),
    value: bpm.value,
    limit,
    unit: 'bpm',
    codes: SHOWN_AS_HR,
  });
}

const baselineLevel = (name: 'raised' | 'long' | 'far'): Level => ({
  name,
  timing: ({ rules }) => rules['VIT-03'].levels[name],
  judge: (scene, _, isStanding) => {
    const { factor, clearFactor } = scene.limits.rules['VIT-03'].levels[name];
    return aboveBaseline(scene, isStanding ? clearFactor : factor);
  },
});

export const vit03: Rule = {
  id: 'VIT-03',
  kind: 'physiological',
  subject: 'bed',
  levels: [baselineLevel('raised'), baselineLevel('long'), baselineLevel('far')],
};

const rateLevel = (name: 'limits' | 'severe'): Level => ({
  name,
  timing: ({ rules }) => rules['VIT-04'].levels[name],
  judge: (scene) => {
    const { high, low } = scene.limits.rules['VIT-04'].levels[name];
    const bpm = heartRate(scene);
    if (!bpm.ok) return undetermined(bpm.because);
    const limit = bpm.value > high ? high : bpm.value < low ? low : null;
    if (limit === null) return absent(bpm.atMs);
    const word = limit === high ? 'HIGH' : 'LOW';
    const shown = vital(bpm.value, limit);
    return present(bpm.atMs, {
      text: clip(`HR ${word} ${shown} bpm, limit ${limit}`, 40),
      textShort: clip(`HR ${word} ${shown}, LIMIT ${limit}`, 24),
      detail: clip(`HR ${shown} bpm, limit ${limit} bpm. Look at the patient`, 70),
      value: bpm.value,
      limit,
      unit: 'bpm',
      codes: SHOWN_AS_HR,
    });
  },
});

export const vit04: Rule = {
  id: 'VIT-04',
  kind: 'physiological',
  subject: 'bed',
  levels: [rateLevel('limits'), rateLevel('severe')],
  latchesFrom: 'high',
};
