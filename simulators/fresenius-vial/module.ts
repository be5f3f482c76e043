/**
 * The physics of a syringe module. Knows nothing about bytes and has no clock; the result does not depend on how
 * often {@link SyringeModule.runTo} is called.
 */
export interface ModuleSettings {
  readonly rateMlPerH: number;
  readonly running: boolean;
  readonly syringeMl: number;
  readonly drug: string;
  /** Begins with SIM. */
  readonly number: string;
}

const MS_PER_H = 3_600_000;
/** Texts of an alarm and of none; real ones are not public. */
const NONE = '00';
const EMPTY = '41';

export class SyringeModule {
  rateMlPerH: number;
  drug: string;
  number: string;
  /** As told under the letters a and e. */
  alarm = NONE;
  error = NONE;
  /** The plunger is held: it says that it delivers, and nothing moves. */
  isStuck = false;
  #nowMs: number;
  #isRunning: boolean;
  #syringeMl: number;
  #volumeMl = 0;

  constructor(settings: ModuleSettings, nowMs: number) {
    this.rateMlPerH = settings.rateMlPerH;
    this.drug = settings.drug;
    this.number = settings.number;
    this.#isRunning = settings.running;
    this.#syringeMl = settings.syringeMl;
    this.#nowMs = nowMs;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }
  get flowMlPerH(): number {
    return this.#isRunning && !this.isStuck ? this.rateMlPerH : 0;
  }
  get volumeMl(): number {
    return this.#volumeMl;
  }
  get syringeMl(): number {
    return this.#syringeMl;
  }

  /** Lets time pass; an empty syringe stops it with an alarm. */
  runTo(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#nowMs);
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const wantedMl = (this.flowMlPerH * elapsedMs) / MS_PER_H;
    const pumpedMl = Math.min(this.#syringeMl, wantedMl);
    this.#volumeMl += pumpedMl;
    this.#syringeMl -= pumpedMl;
    if (pumpedMl < wantedMl) this.signal(EMPTY);
  }

  start(): void {
    if (this.#syringeMl === 0) throw new Error('start: the syringe is empty');
    this.#isRunning = true;
    this.alarm = NONE;
  }

  stop(): void {
    this.#isRunning = false;
  }

  /** An alarm stops the module; without a code it is over. */
  signal(code: string | null): void {
    this.alarm = code ?? NONE;
    if (code !== null) this.stop();
  }

  clearVolume(): void {
    this.#volumeMl = 0;
  }
}
