import type { WaveFrame } from '../wire.ts';

/** How much of a waveform the page remembers: enough for a frozen picture. */
const KEPT_S = 60;
/** Blocks come with jitter; their times are followed slowly, so that the trace does not tremble. */
const FOLLOW = 0.05;
/** What a block may be late by. */
const JITTER_MS = 300;
/** Further apart than this the trace jumps: it never runs faster to catch up. */
const JUMP_MS = 1_000;

/**
 * The last minute of one waveform, by sample number, with `NaN` for what is missing. Sample numbers are tied
 * to gateway time here and nowhere else.
 */
export class WaveRing {
  readonly samplesPerS: number;
  readonly #values: Float32Array;
  /** Gateway monotonic time of sample 0, in ms. */
  #zeroMs = Number.NaN;
  #end = Number.NEGATIVE_INFINITY;
  #start = 0;
  #blockMs = 0;

  constructor(samplesPerS: number) {
    this.samplesPerS = samplesPerS;
    this.#values = new Float32Array(Math.ceil(samplesPerS * KEPT_S)).fill(Number.NaN);
  }

  /** Number after the last sample; `-Infinity` = nothing yet. */
  get end(): number {
    return this.#end;
  }

  put(frame: WaveFrame): void {
    const { firstIndex, samples } = frame;
    const isBackwards = firstIndex < this.#end;
    if (isBackwards || Number.isNaN(this.#zeroMs)) this.#beginAt(firstIndex);
    this.#tie(frame);
    // What is missing in between stays a gap, and so does what the ring held there a minute ago.
    const from = Math.max(this.#end, firstIndex - this.#values.length);
    for (let index = from; index < firstIndex; index++) this.#set(index, Number.NaN);
    const isDrawn = frame.validity !== 'invalid';
    for (let at = 0; at < samples.length; at++)
      this.#set(firstIndex + at, isDrawn ? scaledAt(frame, at) : Number.NaN);
    this.#end = firstIndex + samples.length;
    this.#blockMs = Math.max(this.#blockMs, (samples.length / this.samplesPerS) * 1_000);
    this.#start = Math.max(this.#start, this.#end - this.#values.length);
  }

  /**
   * The trace is drawn so much behind the gateway's clock that the next block is there in time: the length of
   * a block, and what its way may take.
   */
  get playoutDelayMs(): number {
    return this.#blockMs + JITTER_MS;
  }

  /** `NaN` for a gap and for what is not kept. */
  at(index: number): number {
    if (index < this.#start || index >= this.#end) return Number.NaN;
    return this.#values[index % this.#values.length] ?? Number.NaN;
  }

  /** Number of the first sample at or after a moment of gateway time. */
  indexAt(gatewayMs: number): number {
    return Math.ceil(((gatewayMs - this.#zeroMs) * this.samplesPerS) / 1_000);
  }

  /** Gateway time of a sample, ms. */
  timeOf(index: number): number {
    return this.#zeroMs + (index / this.samplesPerS) * 1_000;
  }

  #beginAt(firstIndex: number): void {
    this.#values.fill(Number.NaN);
    this.#zeroMs = Number.NaN;
    this.#start = firstIndex;
    this.#end = firstIndex;
  }

  #tie({ firstIndex, samples, endMonotonicMs }: WaveFrame): void {
    const zeroMs = endMonotonicMs - ((firstIndex + samples.length) / this.samplesPerS) * 1_000;
    const offMs = zeroMs - this.#zeroMs;
    if (Number.isNaN(offMs) || Math.abs(offMs) > JUMP_MS) this.#zeroMs = zeroMs;
    else this.#zeroMs += offMs * FOLLOW;
  }

  #set(index: number, value: number): void {
    this.#values[index % this.#values.length] = value;
  }
}

const MISSING = -32_768;

function scaledAt({ samples, scale, zero }: WaveFrame, at: number): number {
  const sample = samples[at] ?? MISSING;
  if (sample === MISSING) return Number.NaN;
  return scale === null ? sample : (sample - zero) * scale;
}
