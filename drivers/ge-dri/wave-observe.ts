import { MISSING_SAMPLE, type WaveCode, type WaveSeen } from '../../src/observation/wave.ts';
import { WAVES_ON_WIRE, type WaveName } from './codec.ts';
import type { WavePart } from './wave-record.ts';

/** What only the values tell about the waves. */
export interface WaveFacts {
  /** Which lead ECG channel 1 is. */
  readonly lead: WaveCode;
  /** The values say that the electrodes of channel 1 are off. */
  readonly isChannelOff: boolean;
  /** mmHg of one step of the CO2 wave; `null` without an ambient pressure. */
  readonly co2Scale: number | null;
}

export const NO_WAVE_FACTS: WaveFacts = {
  lead: 'MDC_ECG_ELEC_POTL',
  isChannelOff: false,
  co2Scale: null,
};

/** Everything at or below this is a control code, not a sample (DRI specification 12th ed., waveform record). */
const CONTROL_MAX = -32_000;

/** ECG label, bits 8-11; the augmented and the chest leads have no code of their own here. */
const LEADS: Readonly<Record<number, WaveCode>> = {
  1: 'MDC_ECG_ELEC_POTL_I',
  2: 'MDC_ECG_ELEC_POTL_II',
  3: 'MDC_ECG_ELEC_POTL_III',
};

export const leadOf = (ecgLabel: number): WaveCode =>
  LEADS[(ecgLabel >> 8) & 15] ?? 'MDC_ECG_ELEC_POTL';

export function waveSeen(
  { name, isLeadOff, samples }: WavePart,
  firstIndex: number,
  facts: WaveFacts,
  atMs: number,
): WaveSeen {
  const isOff = isLeadOff || (name === 'ecg1' && facts.isChannelOff);
  return {
    kind: 'wave',
    code: codeOf(name, facts),
    firstIndex,
    samplesPerS: WAVES_ON_WIRE[name].samplesPerS,
    samples: samples.map((sample) => (sample <= CONTROL_MAX ? MISSING_SAMPLE : sample)),
    scale: scaleOf(name, facts),
    zero: 0,
    ...(isOff ? { validity: 'invalid', reason: OFF[name] } : { validity: 'valid' }),
    atMs,
  };
}

const OFF: Readonly<Record<WaveName, string>> = {
  ecg1: 'leads off',
  pleth: 'probe off',
  resp: 'leads off',
  co2: 'sensor off',
};

function codeOf(name: WaveName, { lead }: WaveFacts): WaveCode {
  switch (name) {
    case 'ecg1':
      return lead;
    case 'pleth':
      return 'MDC_PULS_OXIM_PLETH';
    case 'resp':
      return 'MDC_RESP';
    case 'co2':
      return 'MDC_AWAY_CO2';
  }
}

/** Wire steps: 1 uV, 1/100 % of modulation (no unit of ours), 1/100 Ohm, 1/100 % of the ambient pressure. */
function scaleOf(name: WaveName, { co2Scale }: WaveFacts): number | null {
  switch (name) {
    case 'ecg1':
      return 0.001;
    case 'pleth':
      return null;
    case 'resp':
      return 0.01;
    case 'co2':
      return co2Scale;
  }
}
