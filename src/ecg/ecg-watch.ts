import type { WaveSeen } from '../observation/wave.ts';
import { MISSING_SAMPLE, WAVES } from '../observation/wave.ts';
import { type FibrillationLook, fibrillationLook } from './fibrillation.ts';
import { type PulseLook, pulseLook } from './pulse.ts';
import { type QrsDetector, qrsDetector } from './qrs.ts';

/** What our own look at the waveforms of a bed says. All times are gateway monotonic ms. */
export interface EcgLook {
  /** Since when an ECG is read without a gap; `null` = none is, or leads are off. */
  readonly ecgSinceMs: number | null;
  /** Arrival of the newest ECG sample. */
  readonly ecgUntilMs: number | null;
  readonly lastQrsAtMs: number | null;
  /** From the beats of the last 30 s; `null` = fewer than three. */
  readonly heartRateBpm: number | null;
  /** For how long the shape of a fibrillation was there, s; `null` = cannot tell. */
  readonly fibrillationS: number | null;
  readonly plethSinceMs: number | null;
  readonly plethUntilMs: number | null;
  readonly lastPulseAtMs: number | null;
}

export const NO_ECG_LOOK: EcgLook = {
  ecgSinceMs: null,
  ecgUntilMs: null,
  lastQrsAtMs: null,
  heartRateBpm: null,
  fibrillationS: null,
  plethSinceMs: null,
  plethUntilMs: null,
  lastPulseAtMs: null,
};

const RATE_WINDOW_MS = 30_000;
const BEATS_MIN = 3;
/** A slope that no QRS of a surface lead stays under: 0.5 mV/s, mean over 80 ms. */
const FLOOR_MV_PER_S = 0.5;

interface EcgLead {
  readonly kind: 'ecg';
  readonly key: string;
  readonly samplesPerS: number;
  readonly qrs: QrsDetector;
  readonly fibrillation: FibrillationLook;
}

interface Pleth {
  readonly kind: 'pleth';
  readonly key: string;
  readonly samplesPerS: number;
  readonly pulse: PulseLook;
}

/**
 * Looks at the ECG and the plethysmogram of one bed, block by block. It watches one lead, the first that has a
 * scale in mV, and takes another only when that one is gone. Mutable inside and given the same blocks it says
 * the same, always.
 */
export class EcgWatch {
  #lead: EcgLead | null = null;
  #pleth: Pleth | null = null;
  #look: EcgLook = NO_ECG_LOOK;
  #nextIndex = new Map<string, number>();
  #beatsMs: number[] = [];

  /** One block further. */
  take(deviceId: string, block: WaveSeen): EcgLook {
    const { kind } = WAVES[block.code];
    const key = `${deviceId} ${block.code}`;
    if (kind === 'ecg' && block.scale !== null) this.#takeEcg(key, block);
    if (kind === 'pleth') this.#takePleth(key, block);
    this.#nextIndex.set(key, block.firstIndex + block.samples.length);
    return this.#look;
  }

  #takeEcg(key: string, block: WaveSeen): void {
    const lead = this.#leadFor(key, block);
    if (lead === null) return;
    const isBroken = block.firstIndex !== this.#nextIndex.get(key) || block.validity === 'invalid';
    if (isBroken) this.#breakEcg(lead);
    if (block.validity === 'invalid') {
      this.#look = { ...this.#look, ecgSinceMs: null, ecgUntilMs: null, fibrillationS: null };
      return;
    }
    const startMs = block.atMs - (block.samples.length / block.samplesPerS) * 1_000;
    const before = lead.qrs.count;
    const values = millivolts(block);
    lead.qrs.take(values);
    for (const value of values) lead.fibrillation.take(value);
    for (const at of lead.qrs.found()) {
      const atMs = startMs + ((at - before) / block.samplesPerS) * 1_000;
      this.#beatsMs.push(atMs);
    }
    this.#beatsMs = this.#beatsMs.filter((beatMs) => block.atMs - beatMs <= RATE_WINDOW_MS);
    this.#look = {
      ...this.#look,
      ecgSinceMs: isBroken ? startMs : (this.#look.ecgSinceMs ?? startMs),
      ecgUntilMs: block.atMs,
      lastQrsAtMs: this.#beatsMs.at(-1) ?? this.#look.lastQrsAtMs,
      heartRateBpm: rateOf(this.#beatsMs),
      fibrillationS: lead.fibrillation.seconds,
    };
  }

  /** The lead that is watched; another one only when no block of it came for a while. */
  #leadFor(key: string, block: WaveSeen): EcgLead | null {
    const lead = this.#lead;
    if (lead?.key === key && lead.samplesPerS === block.samplesPerS) return lead;
    const isGone =
      lead === null ||
      lead.key === key ||
      this.#look.ecgUntilMs === null ||
      block.atMs - this.#look.ecgUntilMs > 2_000;
    if (!isGone || block.validity === 'invalid') return null;
    this.#lead = {
      kind: 'ecg',
      key,
      samplesPerS: block.samplesPerS,
      qrs: qrsDetector(block.samplesPerS, FLOOR_MV_PER_S),
      fibrillation: fibrillationLook(block.samplesPerS),
    };
    this.#nextIndex.delete(key);
    return this.#lead;
  }

  #breakEcg(lead: EcgLead): void {
    lead.qrs.take([Number.NaN]);
    lead.fibrillation.take(Number.NaN);
    this.#beatsMs = [];
    this.#look = { ...this.#look, lastQrsAtMs: null, heartRateBpm: null };
  }

  #takePleth(key: string, block: WaveSeen): void {
    if (this.#pleth?.key !== key || this.#pleth.samplesPerS !== block.samplesPerS) {
      if (block.validity === 'invalid') return;
      const { samplesPerS } = block;
      this.#pleth = { kind: 'pleth', key, samplesPerS, pulse: pulseLook(samplesPerS) };
      this.#nextIndex.delete(key);
    }
    const { pulse } = this.#pleth;
    const isBroken = block.firstIndex !== this.#nextIndex.get(key) || block.validity === 'invalid';
    if (isBroken) {
      pulse.take(Number.NaN);
      this.#look = { ...this.#look, plethSinceMs: null, plethUntilMs: null, lastPulseAtMs: null };
    }
    if (block.validity === 'invalid') return;
    const startMs = block.atMs - (block.samples.length / block.samplesPerS) * 1_000;
    const before = pulse.lastPulseAt;
    const counted = pulse.count;
    for (const sample of block.samples) pulse.take(sample === MISSING_SAMPLE ? Number.NaN : sample);
    const last = pulse.lastPulseAt;
    const pulseMs =
      last === null || last === before
        ? this.#look.lastPulseAtMs
        : startMs + ((last - counted) / block.samplesPerS) * 1_000;
    this.#look = {
      ...this.#look,
      plethSinceMs: this.#look.plethSinceMs ?? startMs,
      plethUntilMs: block.atMs,
      lastPulseAtMs: last === null ? null : pulseMs,
    };
  }
}

function millivolts({ samples, scale, zero }: WaveSeen): Float64Array {
  return Float64Array.from(samples, (sample) =>
    sample === MISSING_SAMPLE || scale === null ? Number.NaN : (sample - zero) * scale,
  );
}

/** Mean rate over the intervals in the window, as a monitor's. */
function rateOf(beatsMs: readonly number[]): number | null {
  const first = beatsMs[0];
  const last = beatsMs.at(-1);
  if (beatsMs.length < BEATS_MIN || first === undefined || last === undefined || last <= first)
    return null;
  return (60_000 * (beatsMs.length - 1)) / (last - first);
}
