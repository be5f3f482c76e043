/** A second-order section; its memory is four numbers in a plain array. */
export interface Biquad {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/** Second-order Butterworth low pass (bilinear transform). */
export function lowPass(cutoffHz: number, samplesPerS: number): Biquad {
  const { cos, alpha } = angleOf(cutoffHz, samplesPerS);
  const a0 = 1 + alpha;
  const b = (1 - cos) / a0;
  return { b0: b / 2, b1: b, b2: b / 2, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 };
}

/** Second-order Butterworth high pass (bilinear transform). */
export function highPass(cutoffHz: number, samplesPerS: number): Biquad {
  const { cos, alpha } = angleOf(cutoffHz, samplesPerS);
  const a0 = 1 + alpha;
  const b = (1 + cos) / a0;
  return { b0: b / 2, b1: -b, b2: b / 2, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 };
}

function angleOf(cutoffHz: number, samplesPerS: number): { cos: number; alpha: number } {
  const w = (2 * Math.PI * cutoffHz) / samplesPerS;
  return { cos: Math.cos(w), alpha: Math.sin(w) / Math.SQRT2 };
}

/** One sample further. `memory` holds two numbers from `at` on and is changed. */
export function step(filter: Biquad, memory: Float64Array, at: number, input: number): number {
  const output = filter.b0 * input + (memory[at] ?? 0);
  memory[at] = filter.b1 * input - filter.a1 * output + (memory[at + 1] ?? 0);
  memory[at + 1] = filter.b2 * input - filter.a2 * output;
  return output;
}
