import { type Biquad, highPass, lowPass, step } from './biquad.ts';

/**
 * Pulses in a plethysmogram: upward swings of the slow band, at least a third as high as the last ones. A
 * plethysmogram has no unit, so "no pulse" means none in proportion to what was there before.
 */
export interface PulseLook {
  take(sample: number): void;
  /** Number of the sample at the top of the last pulse; `null` = none since the last gap. */
  readonly lastPulseAt: number | null;
  /** How many samples were taken. */
  readonly count: number;
}

const BAND_HZ = [0.6, 5] as const;
const PART_OF_USUAL = 0.3;
const MEDIAN_OF = 8;
const REFRACTORY_S = 0.25;

export function pulseLook(samplesPerS: number): PulseLook {
  return new Look(samplesPerS);
}

class Look implements PulseLook {
  readonly #samplesPerS: number;
  readonly #high: Biquad;
  readonly #low: Biquad;
  readonly #memory = new Float64Array(4);
  readonly #swings: number[] = [];
  #count = 0;
  #since = 0;
  #before = 0;
  #valley = 0;
  #isRising = false;
  #last: number | null = null;

  constructor(samplesPerS: number) {
    this.#samplesPerS = samplesPerS;
    this.#high = highPass(BAND_HZ[0], samplesPerS);
    this.#low = lowPass(BAND_HZ[1], samplesPerS);
  }

  get count(): number {
    return this.#count;
  }

  get lastPulseAt(): number | null {
    return this.#last;
  }

  take(sample: number): void {
    this.#count += 1;
    if (Number.isNaN(sample)) {
      this.#since = 0;
      this.#memory.fill(0);
      this.#last = null;
      return;
    }
    if (this.#since === 0)
      for (let n = 0; n < 3 * this.#samplesPerS; n++) this.#before = this.#filtered(sample);
    this.#since += 1;
    const value = this.#filtered(sample);
    const isRising = value > this.#before;
    if (isRising && !this.#isRising) this.#valley = this.#before;
    if (!isRising && this.#isRising) this.#top(this.#before - this.#valley);
    this.#isRising = isRising;
    this.#before = value;
  }

  #top(swing: number): void {
    const isEarly =
      this.#last !== null && this.#count - this.#last < REFRACTORY_S * this.#samplesPerS;
    if (isEarly || swing <= 0) return;
    const usual = median(this.#swings);
    // What is far too small is no pulse and must not make the usual smaller, or noise becomes one.
    if (this.#swings.length >= MEDIAN_OF && swing < PART_OF_USUAL * usual) return;
    this.#swings.push(swing);
    if (this.#swings.length > MEDIAN_OF) this.#swings.shift();
    this.#last = this.#count - 1;
  }

  #filtered(sample: number): number {
    return step(this.#low, this.#memory, 2, step(this.#high, this.#memory, 0, sample));
  }
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;
}
