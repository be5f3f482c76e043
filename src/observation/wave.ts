import * as z from 'zod/mini';

/**
 * Waveforms that InfuseWatch knows: reference id and code of ISO/IEEE 11073-10101 and the unit of a
 * scaled sample. A plethysmogram has no unit of its own: only its shape means something.
 */
export const WAVES = {
  /** A lead that the device does not name. */
  MDC_ECG_ELEC_POTL: { mdc: 131328, unit: 'mV', kind: 'ecg', title: 'ECG' },
  MDC_ECG_ELEC_POTL_I: { mdc: 131329, unit: 'mV', kind: 'ecg', title: 'ECG I' },
  MDC_ECG_ELEC_POTL_II: { mdc: 131330, unit: 'mV', kind: 'ecg', title: 'ECG II' },
  MDC_ECG_ELEC_POTL_III: { mdc: 131389, unit: 'mV', kind: 'ecg', title: 'ECG III' },
  MDC_PULS_OXIM_PLETH: { mdc: 150452, unit: '', kind: 'pleth', title: 'PLETH' },
  /** By impedance of the chest; scaled to Ohm where the device gives a scale. */
  MDC_RESP: { mdc: 151552, unit: 'Ohm', kind: 'resp', title: 'RESP' },
  MDC_AWAY_CO2: { mdc: 151724, unit: 'mmHg', kind: 'co2', title: 'CO2' },
} as const;

export type WaveCode = keyof typeof WAVES;
export const WAVE_CODES = Object.keys(WAVES) as WaveCode[];
export const WaveCode = z.enum(WAVE_CODES as [WaveCode, ...WaveCode[]]);

/**
 * In place of a sample that is not there (a control code of the device, a lost piece inside of a block).
 * It is drawn, stored and judged as a gap, never as a voltage.
 */
export const MISSING_SAMPLE = -32_768;

/** One block of samples of one waveform, 100 ms to 1 s long. */
export interface WaveSeen {
  readonly kind: 'wave';
  readonly code: WaveCode;
  /**
   * Running number of the first sample since the session began. The next block goes on where this one ends; a
   * greater number means that so many samples are missing in between (a gap), a smaller one that the
   * device began anew.
   */
  readonly firstIndex: number;
  readonly samplesPerS: number;
  /** As on the wire, -32767 to 32767, or {@link MISSING_SAMPLE}. */
  readonly samples: Int16Array;
  /** value = (sample - zero) x scale, in the unit of the code; `null` = the device gives no absolute scale. */
  readonly scale: number | null;
  readonly zero: number;
  /** `invalid` keeps the samples off the screen and out of every judgement: leads or probe off. */
  readonly validity: 'valid' | 'questionable' | 'invalid';
  /** Why it is not valid, in the nurse's words: `leads off`. */
  readonly reason?: string;
  /** Arrival (monotonic ms) of the last byte of the block. */
  readonly atMs: number;
}

/** What is known of one waveform besides its samples, for freshness and for the screen. */
export type WaveState = Pick<
  WaveSeen,
  'code' | 'samplesPerS' | 'scale' | 'zero' | 'validity' | 'reason' | 'atMs'
>;

/** A waveform without a block for so long has no signal (rule MON-02). */
export const WAVE_LOST_MS = 4_000;
