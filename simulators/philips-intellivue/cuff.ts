import { draw } from '../kit/random.ts';

export interface Pressure {
  readonly sys: number;
  readonly dia: number;
  readonly map: number;
}

/** A finished measurement, in whole mmHg as a monitor shows it. */
export interface CuffReading extends Pressure {
  readonly atMs: number;
}

const INFLATION_MS = 30_000;
const INFLATION_SPREAD_MS = 10_000;

/** The cuff: when it runs and what it found last. Goes through every moment in order, however it is called. */
export class Cuff {
  reading: CuffReading | null = null;
  readings = 0;
  failedRuns = 0;
  /** The last run found nothing. */
  isFailed = false;
  readonly #measure: (atMs: number) => Pressure | null;
  #random: number;
  #readyAtMs: number | null = null;
  #intervalMs: number | null;
  #nextRunMs: number | null;

  /** @param measure what an ideal cuff finds; `null` without a pulse: the run fails, the old value stays */
  constructor(
    measure: (atMs: number) => Pressure | null,
    intervalMin: number,
    seed: number,
    firstRunMs: number,
  ) {
    this.#measure = measure;
    this.#random = seed;
    this.#intervalMs = intervalMin === 0 ? null : intervalMin * 60_000;
    this.#nextRunMs = this.#intervalMs === null ? null : firstRunMs;
  }

  get isMeasuring(): boolean {
    return this.#readyAtMs !== null;
  }

  get intervalMin(): number {
    return (this.#intervalMs ?? 0) / 60_000;
  }

  runTo(nowMs: number): void {
    for (let dueMs = this.#dueMs(); dueMs !== null && dueMs <= nowMs; dueMs = this.#dueMs()) {
      if (this.#readyAtMs === null) this.start(dueMs);
      else this.#read(dueMs);
    }
  }

  /** By hand or by the clock; while a run is going on the key does nothing. */
  start(atMs: number): void {
    if (this.#readyAtMs !== null) return;
    const { value, next } = draw(this.#random);
    this.#random = next;
    this.#readyAtMs = atMs + INFLATION_MS + Math.round(value * INFLATION_SPREAD_MS);
    if (this.#intervalMs !== null) this.#nextRunMs = atMs + this.#intervalMs;
  }

  /** 0 switches the automatic mode off. The next run is one interval from now. */
  setInterval(minutes: number, nowMs: number): void {
    this.#intervalMs = minutes === 0 ? null : minutes * 60_000;
    this.#nextRunMs = this.#intervalMs === null ? null : nowMs + this.#intervalMs;
  }

  #dueMs(): number | null {
    return this.#readyAtMs ?? this.#nextRunMs;
  }

  #read(atMs: number): void {
    this.#readyAtMs = null;
    const found = this.#measure(atMs);
    this.isFailed = found === null;
    if (found === null) {
      this.failedRuns += 1;
      return;
    }
    this.readings += 1;
    const { sys, dia, map } = found;
    this.reading = { sys: Math.round(sys), dia: Math.round(dia), map: Math.round(map), atMs };
  }
}
