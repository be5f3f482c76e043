import { draw } from '../kit/random.ts';
import type { Patient } from './patient.ts';

/** What the sensors find at one moment. */
export interface BodySample {
  /** uV. */
  readonly ecg: number;
  /** 1/100 per cent of modulation. */
  readonly pleth: number;
  /** 1/100 Ohm. */
  readonly resp: number;
  /** mmHg. */
  readonly co2: number;
}

/** What is done to the heart and to the sensors. */
export interface BodyState {
  readonly isAsystole: boolean;
  readonly isFibrillating: boolean;
  readonly isProbeOff: boolean;
}

/** All waves are made at the rate of the fastest; the others take every third or twelfth moment. */
export const MOMENTS_PER_S = 300;
/** Rates sway slowly: they are looked up so often. */
const RATES_EVERY = 30;

interface Bump {
  /** Where, from the top of the R wave: fixed seconds, or seconds that shorten with the beat. */
  readonly atS: number;
  readonly isStretched: boolean;
  readonly widthS: number;
  readonly uV: number;
}
/** P, Q, R, S and T of lead II of a healthy adult. The QRS keeps its width at any rate. */
const BUMPS: readonly Bump[] = [
  { atS: -0.17, isStretched: true, widthS: 0.022, uV: 130 },
  { atS: -0.026, isStretched: false, widthS: 0.009, uV: -110 },
  { atS: 0, isStretched: false, widthS: 0.011, uV: 1_150 },
  { atS: 0.028, isStretched: false, widthS: 0.01, uV: -260 },
  { atS: 0.27, isStretched: true, widthS: 0.05, uV: 310 },
];
/** Where in the beat the R wave stands. */
const R_PHASE = 0.35;
/** A pulse reaches the finger so long after the R wave, in parts of a beat. */
const PULSE_DELAY = 0.25;
const NOISE_UV = 6;

/**
 * Heart, lungs and blood as the sensors see them, moment by moment on a fixed grid: however often it
 * is asked, the story is the same. With no beat the ECG is flat; fibrillation is waves of 4 to 6 Hz that
 * never fall into step.
 */
export class Body {
  readonly #patient: Patient;
  readonly #noise: number;
  #random: number;
  #count = 0;
  #rates = { beatS: 1, breathsPerS: 0, etco2: 0 };
  #beat = 0;
  #breath = 0;

  constructor(patient: Patient, seed: number, variability: number) {
    this.#patient = patient;
    this.#random = seed;
    this.#noise = NOISE_UV * variability;
  }

  /** The next moment of the grid, which is at `atMs`. */
  next(atMs: number, state: BodyState): BodySample {
    if (this.#count % RATES_EVERY === 0) this.#lookUp(atMs);
    this.#count += 1;
    const { beatS, breathsPerS, etco2 } = this.#rates;
    const hasBeat = !state.isAsystole && !state.isFibrillating && Number.isFinite(beatS);
    if (hasBeat) this.#beat = (this.#beat + 1 / (beatS * MOMENTS_PER_S)) % 1;
    this.#breath = (this.#breath + breathsPerS / MOMENTS_PER_S) % 1;
    return {
      ecg: (state.isFibrillating ? fibrillation(atMs) : hasBeat ? this.#pqrst() : 0) + this.#hiss(),
      pleth: hasBeat && !state.isProbeOff ? pulse((this.#beat + 2 - R_PHASE - PULSE_DELAY) % 1) : 0,
      resp: breathsPerS === 0 ? 0 : 90 * Math.sin(2 * Math.PI * this.#breath),
      co2: breathsPerS === 0 ? 0 : etco2 * capnogram(this.#breath),
    };
  }

  #lookUp(atMs: number): void {
    const hr = this.#patient.sign('hr', atMs);
    const rr = this.#patient.sign('rr', atMs);
    this.#rates = {
      beatS: hr < 1 ? Number.POSITIVE_INFINITY : 60 / hr,
      breathsPerS: rr < 0.5 ? 0 : rr / 60,
      etco2: this.#patient.sign('etco2', atMs),
    };
  }

  #pqrst(): number {
    const { beatS } = this.#rates;
    const stretch = Math.sqrt(Math.min(beatS, 1.2));
    const sinceRS = (this.#beat - R_PHASE) * beatS;
    return BUMPS.reduce((sum, { atS, isStretched, widthS, uV }) => {
      const scale = isStretched ? stretch : 1;
      const off = (sinceRS - atS * scale) / (widthS * scale);
      return sum + uV * Math.exp((-off * off) / 2);
    }, 0);
  }

  #hiss(): number {
    if (this.#noise === 0) return 0;
    const { value, next } = draw(this.#random);
    this.#random = next;
    return this.#noise * (2 * value - 1);
  }
}

/** uV. */
function fibrillation(atMs: number): number {
  const s = atMs / 1_000;
  const size = 1 + 0.3 * Math.sin(2 * Math.PI * 0.31 * s);
  return size * (320 * Math.sin(2 * Math.PI * 4.7 * s) + 90 * Math.sin(2 * Math.PI * 5.3 * s + 1));
}

/** A fast rise, a slow fall and the dicrotic notch; as high as in the recordings. */
function pulse(phase: number): number {
  const bump = (at: number, width: number): number => {
    const off = (phase - at) / width;
    return Math.exp((-off * off) / 2);
  };
  return 420 * bump(0.16, 0.07) + 190 * bump(0.42, 0.12) - 160;
}

/** Nothing while breathing in, a plateau while breathing out. */
function capnogram(phase: number): number {
  if (phase < 0.4) return 0;
  if (phase < 0.48) return (0.9 * (phase - 0.4)) / 0.08;
  if (phase < 0.94) return 0.9 + (0.1 * (phase - 0.48)) / 0.46;
  return 1 - (phase - 0.94) / 0.06;
}
