import { type Biquad, highPass, lowPass, step } from './biquad.ts';

/**
 * Finds QRS complexes in one lead, sample by sample and causally, after P. S. Hamilton, "Open source ECG
 * analysis", Computers in Cardiology 2002: slope energy in the band of the QRS, peaks of it, thresholds from
 * the medians of the last peaks, and a search back where a beat is missing.
 *
 * A floor in mV/s keeps the noise of a flat line from being taken for beats once the thresholds have sunk.
 */
export interface QrsDetector {
  /** Takes the next samples in mV (`NaN` = missing: everything begins anew after it). */
  take(samples: ArrayLike<number>): void;
  /** Numbers of the samples at which a QRS was found since the last call, oldest first. */
  found(): number[];
  /** How many samples were taken. */
  readonly count: number;
}

const BAND_HZ = [8, 16] as const;
const SLOPE_S = 0.01;
const ENERGY_S = 0.08;
/** Two QRS are at least so far apart; of several peaks within it the highest counts. */
const REFRACTORY_S = 0.2;
/** So soon after a QRS a peak of less than half its slope is a T wave. */
const T_WAVE_S = 0.36;
const THRESHOLD_PART = 0.3125;
const SEARCH_BACK_RR = 1.5;
const LEARN_S = 8;
const MEDIAN_OF = 8;
/** From the middle of the QRS to the peak of its energy: band filter, slope and mean together. */
const DELAY_S = 0.065;

interface Peak {
  readonly at: number;
  readonly height: number;
}

export function qrsDetector(samplesPerS: number, floorMvPerS: number): QrsDetector {
  return new HamiltonDetector(samplesPerS, floorMvPerS);
}

class HamiltonDetector implements QrsDetector {
  readonly #samplesPerS: number;
  readonly #floor: number;
  readonly #filters: readonly Biquad[];
  readonly #memory: Float64Array;
  readonly #slopes: Float64Array;
  readonly #energies: Float64Array;
  #count = 0;
  /** Samples since the last missing one. */
  #since = 0;
  #sum = 0;
  #found: number[] = [];

  #peak: Peak | null = null;
  #last: Peak | null = null;
  readonly #qrsHeights: number[] = [];
  readonly #noiseHeights: number[] = [];
  readonly #intervals: number[] = [];
  /** The highest peak since the last QRS that was not taken for one. */
  #missed: Peak | null = null;
  #learning: number[] = [];
  #secondMax = 0;

  constructor(samplesPerS: number, floorMvPerS: number) {
    this.#samplesPerS = samplesPerS;
    this.#floor = floorMvPerS;
    this.#filters = [highPass(BAND_HZ[0], samplesPerS), lowPass(BAND_HZ[1], samplesPerS)];
    this.#memory = new Float64Array(2 * this.#filters.length);
    this.#slopes = new Float64Array(Math.max(1, Math.round(SLOPE_S * samplesPerS)));
    this.#energies = new Float64Array(Math.round(ENERGY_S * samplesPerS));
  }

  get count(): number {
    return this.#count;
  }

  found(): number[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  take(samples: ArrayLike<number>): void {
    for (let at = 0; at < samples.length; at++) this.#one(samples[at] ?? Number.NaN);
  }

  #one(mv: number): void {
    this.#count += 1;
    if (Number.isNaN(mv)) {
      this.#restart();
      return;
    }
    // The step from nothing to the first sample is no slope of the heart.
    if (this.#since === 0) this.#settle(mv);
    this.#since += 1;
    const energy = this.#energyOf(mv);
    if (this.#learning.length < LEARN_S) this.#learn(energy);
    this.#follow(energy);
    this.#searchBack();
  }

  #energyOf(mv: number): number {
    let value = mv;
    for (let f = 0; f < this.#filters.length; f++)
      value = step(this.#filters[f] as Biquad, this.#memory, 2 * f, value);
    const slopeAt = this.#since % this.#slopes.length;
    const slope = Math.abs(value - (this.#slopes[slopeAt] ?? 0)) / SLOPE_S;
    this.#slopes[slopeAt] = value;
    const energyAt = this.#since % this.#energies.length;
    this.#sum += slope - (this.#energies[energyAt] ?? 0);
    this.#energies[energyAt] = slope;
    return Math.max(0, this.#sum / this.#energies.length);
  }

  /** The first seconds: what is high in each of them is taken for a QRS. */
  #learn(energy: number): void {
    this.#secondMax = Math.max(this.#secondMax, energy);
    if (this.#since % this.#samplesPerS !== 0) return;
    this.#learning.push(this.#secondMax);
    this.#secondMax = 0;
    keep(this.#qrsHeights, this.#learning[this.#learning.length - 1] ?? 0);
  }

  /** A peak is over when the energy has fallen to half, or nothing higher came for a while. */
  #follow(energy: number): void {
    const peak = this.#peak;
    if (peak === null || energy > peak.height) {
      if (peak !== null || energy > 0) this.#peak = { at: this.#count - 1, height: energy };
      return;
    }
    if (this.#count - 1 - peak.at < REFRACTORY_S * this.#samplesPerS) return;
    this.#peak = { at: this.#count - 1, height: energy };
    this.#judge(peak);
  }

  #judge(peak: Peak): void {
    if (this.#learning.length === 0) return;
    const last = this.#last;
    const sinceS =
      last === null ? Number.POSITIVE_INFINITY : (peak.at - last.at) / this.#samplesPerS;
    if (sinceS < REFRACTORY_S) return;
    const isTWave = last !== null && sinceS < T_WAVE_S && peak.height < last.height / 2;
    if (!isTWave && peak.height > this.#threshold()) {
      this.#accept(peak);
      return;
    }
    keep(this.#noiseHeights, peak.height);
    if (!isTWave && peak.height > (this.#missed?.height ?? 0)) this.#missed = peak;
  }

  #threshold(): number {
    const noise = median(this.#noiseHeights);
    const threshold = noise + THRESHOLD_PART * (median(this.#qrsHeights) - noise);
    return Math.max(threshold, this.#floor);
  }

  #accept(peak: Peak): void {
    if (this.#last !== null) keep(this.#intervals, peak.at - this.#last.at);
    this.#last = peak;
    this.#missed = null;
    keep(this.#qrsHeights, peak.height);
    this.#found.push(Math.max(0, peak.at - Math.round(DELAY_S * this.#samplesPerS)));
  }

  /** A beat is missing: the highest of what was taken for noise, if it is at least half high enough. */
  #searchBack(): void {
    const { at } = this.#last ?? { at: Number.NaN };
    const missed = this.#missed;
    if (missed === null || this.#intervals.length === 0) return;
    if (this.#count - at < SEARCH_BACK_RR * median(this.#intervals)) return;
    const isLateEnough = missed.at - at > T_WAVE_S * this.#samplesPerS;
    if (isLateEnough && missed.height > Math.max(this.#threshold() / 2, this.#floor))
      this.#accept(missed);
  }

  #settle(mv: number): void {
    // Constant input for a second brings the filters to rest on the level of the signal.
    for (let n = 0; n < this.#samplesPerS; n++) {
      let value = mv;
      for (let f = 0; f < this.#filters.length; f++)
        value = step(this.#filters[f] as Biquad, this.#memory, 2 * f, value);
      this.#slopes[n % this.#slopes.length] = value;
    }
  }

  #restart(): void {
    if (this.#since === 0) return;
    this.#since = 0;
    this.#sum = 0;
    this.#memory.fill(0);
    this.#slopes.fill(0);
    this.#energies.fill(0);
    this.#peak = null;
    this.#last = null;
    this.#missed = null;
    this.#intervals.length = 0;
  }
}

function keep(list: number[], value: number): void {
  list.push(value);
  if (list.length > MEDIAN_OF) list.shift();
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? 0;
  return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
