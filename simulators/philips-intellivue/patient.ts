import { draw } from '../kit/random.ts';

/** What a nurse would call the vital signs; mmHg, per cent, beats and breaths a minute. */
export const SIGNS = ['hr', 'spo2', 'rr', 'etco2', 'sys', 'dia', 'map'] as const;
export type Sign = (typeof SIGNS)[number];
export type Signs = Readonly<Record<Sign, number>>;

/** A healthy adult at rest. */
export const AT_REST: Signs = { hr: 76, spo2: 98, rr: 14, etco2: 37, sys: 122, dia: 76, map: 91 };

/** What a body can do, and what the wire can carry. */
export const BOUNDS: Readonly<Record<Sign, readonly [min: number, max: number]>> = {
  hr: [0, 300],
  spo2: [0, 100],
  rr: [0, 120],
  etco2: [0, 150],
  sys: [0, 300],
  dia: [0, 300],
  map: [0, 300],
};

/** How far each sign sways around its course; small, so that a limit is crossed on purpose only. */
const SWAY: Signs = { hr: 1.5, spo2: 0.3, rr: 0.7, etco2: 0.6, sys: 3, dia: 2, map: 2 };
/** Periods of the two waves of the sway; they never fall into step. */
const SWAY_FAST_MS = 8_900;
const SWAY_SLOW_MS = 61_700;

interface Course {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly overMs: number;
}

/** The patient as a function of time: asking does not change anything, so nobody can ask too often. */
export class Patient {
  readonly #courses = new Map<Sign, Course>();
  readonly #phases = new Map<Sign, readonly [number, number]>();
  readonly #variability: number;

  /** @param variability 1 is natural, 0 makes every sign exactly what was set */
  constructor(signs: Signs, seed: number, variability: number, nowMs: number) {
    this.#variability = variability;
    let state = seed;
    for (const sign of SIGNS) {
      const first = draw(state);
      const second = draw(first.next);
      state = second.next;
      this.#phases.set(sign, [first.value, second.value]);
      this.#courses.set(sign, { from: signs[sign], to: signs[sign], startMs: nowMs, overMs: 0 });
    }
  }

  /** A straight line from where the sign is to where it shall be. */
  set(sign: Sign, to: number, overMs: number, nowMs: number): void {
    this.#courses.set(sign, { from: this.course(sign, nowMs), to, startMs: nowMs, overMs });
  }

  /** Without the sway: what was set, on its way. */
  course(sign: Sign, atMs: number): number {
    const course = this.#courses.get(sign);
    if (course === undefined) return 0;
    const { from, to, startMs, overMs } = course;
    const done = overMs <= 0 ? 1 : Math.min(1, Math.max(0, (atMs - startMs) / overMs));
    return from + (to - from) * done;
  }

  /** As a perfect sensor would measure it. A sign that was set to 0 is 0: no heart beat has no rhythm. */
  sign(sign: Sign, atMs: number): number {
    const course = this.course(sign, atMs);
    if (course === 0) return 0;
    const [fast, slow] = this.#phases.get(sign) ?? [0, 0];
    const sway =
      0.6 * Math.sin(2 * Math.PI * (atMs / SWAY_FAST_MS + fast)) +
      0.4 * Math.sin(2 * Math.PI * (atMs / SWAY_SLOW_MS + slow));
    const [min, max] = BOUNDS[sign];
    return Math.min(max, Math.max(min, course + this.#variability * SWAY[sign] * sway));
  }
}

/** The mean pressure that goes with two others when nobody says another. */
export const meanPressure = (sys: number, dia: number): number => dia + (sys - dia) / 3;
