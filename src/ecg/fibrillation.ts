import { type Biquad, highPass, lowPass, step } from './biquad.ts';

/**
 * Whether the last seconds of one lead look like ventricular fibrillation or a fast ventricular tachycardia: a
 * wave so close to a sine that shifting it by half of its mean period nearly cancels it. The measure ("VF
 * filter leakage") and its threshold are those of S. Kuo and R. Dillman, "Computer detection of ventricular
 * fibrillation", Computers in Cardiology 1978, as compared by A. Amann et al., BioMedical Engineering OnLine 2005.
 */
export interface FibrillationLook {
  /** Takes one sample in mV; `NaN` = missing, everything begins anew. */
  take(mv: number): void;
  /** For how many seconds in a row the shape was there; `null` = cannot tell (too little data). */
  readonly seconds: number | null;
}

const WINDOW_S = 4;
const LEAKAGE_MAX = 0.406;
/** Below this it is the noise of a flat line, mV root mean square. */
const RMS_MIN_MV = 0.05;

export function fibrillationLook(samplesPerS: number): FibrillationLook {
  return new Look(samplesPerS);
}

class Look implements FibrillationLook {
  readonly #samplesPerS: number;
  readonly #high: Biquad;
  readonly #low: Biquad;
  readonly #memory = new Float64Array(4);
  readonly #ring: Float64Array;
  #count = 0;
  #seconds: number | null = null;

  constructor(samplesPerS: number) {
    this.#samplesPerS = Math.round(samplesPerS);
    this.#high = highPass(1, samplesPerS);
    this.#low = lowPass(30, samplesPerS);
    this.#ring = new Float64Array(WINDOW_S * this.#samplesPerS);
  }

  get seconds(): number | null {
    return this.#seconds;
  }

  take(mv: number): void {
    if (Number.isNaN(mv)) {
      this.#memory.fill(0);
      this.#count = 0;
      this.#seconds = null;
      return;
    }
    if (this.#count === 0) for (let n = 0; n < 3 * this.#samplesPerS; n++) this.#filtered(mv);
    this.#ring[this.#count % this.#ring.length] = this.#filtered(mv);
    this.#count += 1;
    if (this.#count % this.#samplesPerS !== 0 || this.#count < this.#ring.length) return;
    this.#seconds = this.#isFibrillating() ? (this.#seconds ?? 0) + 1 : 0;
  }

  #filtered(mv: number): number {
    return step(this.#low, this.#memory, 2, step(this.#high, this.#memory, 0, mv));
  }

  #isFibrillating(): boolean {
    const { length } = this.#ring;
    const at = (n: number): number => this.#ring[(this.#count + n) % length] ?? 0;
    let size = 0;
    let change = 0;
    let power = 0;
    for (let n = 1; n < length; n++) {
      const value = at(n);
      size += Math.abs(value);
      change += Math.abs(value - at(n - 1));
      power += value * value;
    }
    if (Math.sqrt(power / length) < RMS_MIN_MV || change === 0) return false;
    const halfPeriod = Math.max(1, Math.round((Math.PI * size) / change));
    let left = 0;
    let whole = 0;
    for (let n = halfPeriod; n < length; n++) {
      left += Math.abs(at(n) + at(n - halfPeriod));
      whole += Math.abs(at(n)) + Math.abs(at(n - halfPeriod));
    }
    return whole > 0 && left / whole < LEAKAGE_MAX;
  }
}
