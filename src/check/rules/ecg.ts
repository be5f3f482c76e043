import { duration, vital } from '../../observation/format.ts';
import { firstReading, reading } from '../readings.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

/**
 * Our own look at waveforms (src/ecg). It adds to what the monitor says and never takes away: its alarms say
 * "unconfirmed", and the monitor's own (VIT-10, VIT-13) stand beside them.
 */

/** Older samples say nothing about now. */
const FRESH_MS = 3_000;
/** The detector learns for 8 s; a lead that never showed a beat must be silent for so long. */
const LEARNED_MS = 12_000;

/** No QRS, and no pulse in the plethysmogram either: one of them alone is a loose electrode or a cold finger. */
function asystole({ ecg, nowMs, limits }: Scene): Judgement {
  const { withoutBeatS } = limits.rules['VIT-14'].levels.asystole;
  const { ecgSinceMs, ecgUntilMs, lastQrsAtMs, plethSinceMs, plethUntilMs, lastPulseAtMs } = ecg;
  if (ecgSinceMs === null || ecgUntilMs === null) return undetermined('no-observation');
  if (nowMs - ecgUntilMs > FRESH_MS) return undetermined('stale');
  const withoutQrsMs = ecgUntilMs - (lastQrsAtMs ?? ecgSinceMs);
  const neededMs = lastQrsAtMs === null ? LEARNED_MS : withoutBeatS * 1_000;
  if (withoutQrsMs < neededMs)
    return lastQrsAtMs === null ? undetermined('no-observation') : absent(ecgUntilMs);
  if (plethSinceMs === null || plethUntilMs === null) return undetermined('no-observation');
  if (nowMs - plethUntilMs > FRESH_MS) return undetermined('stale');
  const withoutPulseMs = plethUntilMs - (lastPulseAtMs ?? plethSinceMs);
  if (withoutPulseMs < withoutBeatS * 1_000) return absent(plethUntilMs);
  return present(Math.min(ecgUntilMs, plethUntilMs), {
    text: 'NO BEAT in ECG and pulse (unconfirmed)',
    textShort: 'NO BEAT, unconfirmed',
    detail: clip(
      `own look at the waveforms: none for ${duration(withoutQrsMs)}. Look at the patient`,
      70,
    ),
    value: Math.floor(withoutQrsMs / 1_000),
    limit: withoutBeatS,
    unit: 's',
    codes: ['MDCX_HEART_RATE_DISPLAYED', 'MDC_ECG_HEART_RATE'],
  });
}

function fibrillation({ ecg, nowMs, limits }: Scene): Judgement {
  const { seconds } = limits.rules['VIT-14'].levels.fibrillation;
  const { ecgUntilMs, fibrillationS } = ecg;
  if (fibrillationS === null || ecgUntilMs === null) return undetermined('no-observation');
  if (nowMs - ecgUntilMs > FRESH_MS) return undetermined('stale');
  if (fibrillationS < seconds) return absent(ecgUntilMs);
  return present(ecgUntilMs, {
    text: 'ECG looks like VF or VT (unconfirmed)',
    textShort: 'VF/VT SHAPE, unconfirmed',
    detail: 'own look at the waveform. Look at the patient and at the monitor now',
    codes: ['MDCX_HEART_RATE_DISPLAYED', 'MDC_ECG_HEART_RATE'],
  });
}

export const vit14: Rule = {
  id: 'VIT-14',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'asystole',
      timing: ({ rules }) => rules['VIT-14'].levels.asystole,
      judge: asystole,
    },
    {
      name: 'fibrillation',
      timing: ({ rules }) => rules['VIT-14'].levels.fibrillation,
      judge: fibrillation,
    },
  ],
};

/** Heart and pulse are counted by two sensors: when they disagree, one of them is wrong. */
export const vit15: Rule = {
  id: 'VIT-15',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'differ',
      timing: ({ rules }) => rules['VIT-15'].levels.differ,
      judge: ({ monitors, nowMs, limits }) => {
        const { by } = limits.rules['VIT-15'].levels.differ;
        const heart = firstReading(monitors, ['MDC_ECG_HEART_RATE'], nowMs);
        const pulse = reading(monitors, 'MDC_PULS_OXIM_PULS_RATE', nowMs);
        if (!heart.ok) return undetermined(heart.because);
        if (!pulse.ok) return undetermined(pulse.because);
        const differenceBpm = Math.abs(heart.value - pulse.value);
        const atMs = Math.min(heart.atMs, pulse.atMs);
        if (differenceBpm <= by) return absent(atMs);
        return present(atMs, {
          text: clip(`HR ${vital(heart.value)} and pulse ${vital(pulse.value)} differ`, 40),
          textShort: 'HR AND PULSE DIFFER',
          detail: clip(`by more than ${by} bpm: check electrodes and SpO2 probe`, 70),
          value: differenceBpm,
          limit: by,
          unit: 'bpm',
          codes: ['MDC_ECG_HEART_RATE', 'MDC_PULS_OXIM_PULS_RATE'],
        });
      },
    },
  ],
};
