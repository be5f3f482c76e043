import { type Args, numberArg, onlyKnown } from './oximeter-args.ts';
import { draw } from './random.ts';

/** What a finger sensor can measure: per cent, beats a minute, per cent. */
export const FINGER_SIGNS = ['spo2', 'pulse', 'perfusion'] as const;
export type FingerSign = (typeof FINGER_SIGNS)[number];

const AT_REST: Readonly<Record<FingerSign, number>> = { spo2: 98, pulse: 76, perfusion: 3.6 };
const BOUNDS: Readonly<Record<FingerSign, readonly [min: number, max: number]>> = {
  spo2: [1, 100],
  pulse: [20, 240],
  perfusion: [0.02, 20],
};
/** How far each sways around its course. */
const SWAY: Readonly<Record<FingerSign, number>> = { spo2: 0.4, pulse: 1.6, perfusion: 0.3 };
/** Periods of the two waves of the sway; they never fall into step. */
const SWAY_FAST_MS = 8_900;
const SWAY_SLOW_MS = 61_700;

interface Course {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly overMs: number;
}

/** Options that every simulated oximeter takes. */
export const PATIENT_OPTIONS = [...FINGER_SIGNS, 'seed', 'variability'];

/** A patient's finger as a function of time: asking does not change anything, so nobody can ask too often. */
export class FingerPatient {
  readonly #courses = new Map<FingerSign, Course>();
  readonly #phases = new Map<FingerSign, readonly [number, number]>();
  readonly #variability: number;

  /** Takes {@link PATIENT_OPTIONS}; throws one clear sentence for an unfit one. */
  constructor(what: string, options: Args, nowMs: number) {
    this.#variability = numberArg(what, options, 'variability', [0, 3], 1);
    let state = numberArg(what, options, 'seed', [-(2 ** 31), 2 ** 32], 1);
    for (const sign of FINGER_SIGNS) {
      const first = draw(state);
      const second = draw(first.next);
      state = second.next;
      this.#phases.set(sign, [first.value, second.value]);
      const start = numberArg(what, options, sign, BOUNDS[sign], AT_REST[sign]);
      this.#courses.set(sign, { from: start, to: start, startMs: nowMs, overMs: 0 });
    }
  }

  /** A straight line to each sign that is named, in `overSeconds` (0 at once). */
  set(args: Args, nowMs: number): void {
    onlyKnown('set', args, [...FINGER_SIGNS, 'overSeconds']);
    const overMs = numberArg('set', args, 'overSeconds', [0, 86_400], 0) * 1_000;
    const named = FINGER_SIGNS.filter((sign) => args[sign] !== undefined);
    const targets = named.map((sign) => numberArg('set', args, sign, BOUNDS[sign]));
    named.forEach((sign, index) => {
      const to = targets[index] ?? 0;
      this.#courses.set(sign, { from: this.#course(sign, nowMs), to, startMs: nowMs, overMs });
    });
  }

  /** As a perfect sensor would measure it. */
  sign(sign: FingerSign, atMs: number): number {
    const [fast, slow] = this.#phases.get(sign) ?? [0, 0];
    const sway =
      0.6 * Math.sin(2 * Math.PI * (atMs / SWAY_FAST_MS + fast)) +
      0.4 * Math.sin(2 * Math.PI * (atMs / SWAY_SLOW_MS + slow));
    const [min, max] = BOUNDS[sign];
    const value = this.#course(sign, atMs) + this.#variability * SWAY[sign] * sway;
    return Math.min(max, Math.max(min, value));
  }

  #course(sign: FingerSign, atMs: number): number {
    const course = this.#courses.get(sign);
    if (course === undefined) return 0;
    const { from, to, startMs, overMs } = course;
    const done = overMs <= 0 ? 1 : Math.min(1, Math.max(0, (atMs - startMs) / overMs));
    return from + (to - from) * done;
  }
}

/** Start of the virtual clock of tests: without another the clock of an oximeter agrees with it. */
export const WALL_AT_ZERO_MS = Date.UTC(2026, 0, 5, 8, 0, 0);
