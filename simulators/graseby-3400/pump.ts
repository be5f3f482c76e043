/**
 * The physics of a syringe pump, and its total. Knows nothing about bytes and has no clock; the result does
 * not depend on how often {@link SyringePump.runTo} is called.
 */
export type Doing = 'standby' | 'infusing' | 'alarm';

const MS_PER_H = 3_600_000;

export class SyringePump {
  #nowMs: number;
  #doing: Doing;
  #rateMlPerH: number;
  #syringeMl: number;
  #totalMl = 0;

  constructor(
    settings: {
      readonly rateMlPerH: number;
      readonly running: boolean;
      readonly syringeMl: number;
    },
    nowMs: number,
  ) {
    this.#nowMs = nowMs;
    this.#rateMlPerH = settings.rateMlPerH;
    this.#syringeMl = settings.syringeMl;
    this.#doing = settings.running ? 'infusing' : 'standby';
  }

  get doing(): Doing {
    return this.#doing;
  }
  get rateMlPerH(): number {
    return this.#rateMlPerH;
  }
  get flowMlPerH(): number {
    return this.#doing === 'infusing' ? this.#rateMlPerH : 0;
  }
  get syringeMl(): number {
    return this.#syringeMl;
  }
  get totalMl(): number {
    return this.#totalMl;
  }

  /** Lets time pass; an empty syringe is an alarm. */
  runTo(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#nowMs);
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const wantedMl = (this.flowMlPerH * elapsedMs) / MS_PER_H;
    const pumpedMl = Math.min(this.#syringeMl, wantedMl);
    this.#totalMl += pumpedMl;
    this.#syringeMl -= pumpedMl;
    if (pumpedMl < wantedMl) this.#doing = 'alarm';
  }

  setRate(mlPerH: number): void {
    this.#rateMlPerH = mlPerH;
  }

  start(): void {
    if (this.#rateMlPerH === 0) throw new Error('start: set a rate first');
    if (this.#syringeMl === 0) throw new Error('start: the syringe is empty');
    this.#doing = 'infusing';
  }

  stop(): void {
    this.#doing = 'standby';
  }

  alarm(): void {
    this.#doing = 'alarm';
  }

  clearTotal(): void {
    this.#totalMl = 0;
  }
}
