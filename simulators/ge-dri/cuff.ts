import { draw } from '../kit/random.ts';

/** A finished measurement, in whole mmHg as a monitor shows it. */
export interface CuffReading {
  readonly sys: number;
  readonly dia: number;
  readonly map: number;
  readonly atMs: number;
}

export type Pressure = Omit<CuffReading, 'atMs'>;

/** What stands in the NIBP group now: the last reading, also while the next one is being taken. */
export interface CuffFace {
  readonly reading: CuffReading | null;
  readonly isAutomatic: boolean;
  readonly isMeasuring: boolean;
  /** More than 60 s since the reading. */
  readonly isAged: boolean;
}

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'inflating'; readonly untilMs: number }
  | { readonly kind: 'emptying'; readonly untilMs: number };

const INFLATION_MS = 30_000;
const INFLATION_SPREAD_MS = 10_000;
/** As recorded: the new value comes 2 s before the measuring bit falls. */
const EMPTYING_MS = 2_000;
const AGED_MS = 60_000;

/** The cuff: when it runs and what it shows. Goes through every moment in order, however it is called. */
export class Cuff {
  readonly #measure: (atMs: number) => Pressure | null;
  #random: number;
  #phase: Phase = { kind: 'idle' };
  #intervalMs: number | null;
  #nextRunMs: number | null;
  #reading: CuffReading | null = null;
  #readings = 0;
  #failedRuns = 0;

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

  get readings(): number {
    return this.#readings;
  }

  get failedRuns(): number {
    return this.#failedRuns;
  }

  get intervalMin(): number {
    return (this.#intervalMs ?? 0) / 60_000;
  }

  runTo(nowMs: number): void {
    for (let dueMs = this.#dueMs(); dueMs !== null && dueMs <= nowMs; dueMs = this.#dueMs()) {
      this.#happen(dueMs);
    }
  }

  /** The nurse presses the key; while a run is going on the key does nothing. */
  start(nowMs: number): void {
    if (this.#phase.kind === 'idle') this.#inflate(nowMs);
  }

  /** 0 switches the automatic mode off. The next run is one interval from now. */
  setInterval(minutes: number, nowMs: number): void {
    this.#intervalMs = minutes === 0 ? null : minutes * 60_000;
    this.#nextRunMs = this.#intervalMs === null ? null : nowMs + this.#intervalMs;
  }

  face(nowMs: number): CuffFace {
    return {
      reading: this.#reading,
      isAutomatic: this.#intervalMs !== null,
      isMeasuring: this.#phase.kind !== 'idle',
      isAged: this.#reading !== null && nowMs - this.#reading.atMs > AGED_MS,
    };
  }

  #dueMs(): number | null {
    if (this.#phase.kind !== 'idle') return this.#phase.untilMs;
    return this.#nextRunMs;
  }

  #happen(atMs: number): void {
    switch (this.#phase.kind) {
      case 'idle':
        this.#inflate(atMs);
        break;
      case 'inflating':
        this.#read(atMs);
        this.#phase = { kind: 'emptying', untilMs: atMs + EMPTYING_MS };
        break;
      case 'emptying':
        this.#phase = { kind: 'idle' };
        break;
    }
  }

  #inflate(atMs: number): void {
    const { value, next } = draw(this.#random);
    this.#random = next;
    this.#phase = {
      kind: 'inflating',
      untilMs: atMs + INFLATION_MS + Math.round(value * INFLATION_SPREAD_MS),
    };
    if (this.#intervalMs !== null) this.#nextRunMs = atMs + this.#intervalMs;
  }

  #read(atMs: number): void {
    const found = this.#measure(atMs);
    if (found === null) {
      this.#failedRuns += 1;
      return;
    }
    this.#readings += 1;
    this.#reading = {
      sys: Math.round(found.sys),
      dia: Math.round(found.dia),
      map: Math.round(found.map),
      atMs,
    };
  }
}
