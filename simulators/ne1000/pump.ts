/**
 * The physics of a bench syringe pump: motor, target volume, counters, stall, alarms. Knows nothing about
 * bytes and has no clock; the result does not depend on how often {@link BenchPump.runTo} is called.
 */
export type RateUnit = 'UM' | 'MM' | 'UH' | 'MH';
export type PumpLetter = 'I' | 'W' | 'S' | 'P' | 'T' | 'U' | 'X';
export type AlarmLetter = 'R' | 'S' | 'T' | 'E' | 'O';

export interface PumpSettings {
  readonly rate: number;
  readonly unit: RateUnit;
  /** Of the phase; 0 = it runs on. */
  readonly targetMl: number;
  readonly running: boolean;
}

const ML_PER_H: Readonly<Record<RateUnit, number>> = { UM: 0.06, MM: 60, UH: 0.001, MH: 1 };
const PURGE_ML_PER_H = 900;
/** A closed line takes up so much until the motor stalls. */
const STALL_ML = 0.2;
const MS_PER_H = 3_600_000;
/** Below a picolitre there is nothing left: sums of small steps do not end exactly at 0. */
const NOTHING_ML = 1e-9;
const FAR_MS = 1e12;

export class BenchPump {
  #nowMs: number;
  #rate: number;
  #unit: RateUnit;
  #targetMl: number;
  /** Of the target, what is left in this phase. */
  #leftMl: number;
  #letter: PumpLetter;
  #phase = 1;
  #direction: 'INF' | 'WDR' = 'INF';
  #infusedMl = 0;
  #withdrawnMl = 0;
  #isBlocked = false;
  #pressedMl = 0;
  #alarm: AlarmLetter | null = null;

  constructor(settings: PumpSettings, nowMs: number) {
    this.#nowMs = nowMs;
    this.#rate = settings.rate;
    this.#unit = settings.unit;
    this.#targetMl = settings.targetMl;
    this.#leftMl = settings.targetMl;
    this.#letter = settings.running ? 'I' : 'S';
  }

  get letter(): PumpLetter {
    return this.#letter;
  }
  get rate(): number {
    return this.#rate;
  }
  get unit(): RateUnit {
    return this.#unit;
  }
  get targetMl(): number {
    return this.#targetMl;
  }
  get phase(): number {
    return this.#phase;
  }
  get direction(): 'INF' | 'WDR' {
    return this.#direction;
  }
  get infusedMl(): number {
    return this.#infusedMl;
  }
  get withdrawnMl(): number {
    return this.#withdrawnMl;
  }
  /** Not told yet. */
  get alarm(): AlarmLetter | null {
    return this.#alarm;
  }
  /** Out of the syringe, in mL/h; less than 0 while it withdraws. */
  get flowMlPerH(): number {
    if (this.#letter === 'X') return PURGE_ML_PER_H;
    const rate = this.#rate * ML_PER_H[this.#unit];
    if (this.#letter === 'I') return rate;
    return this.#letter === 'W' ? -rate : 0;
  }

  /** Lets time pass, from one event (target reached, motor stalled) to the next. */
  runTo(nowMs: number): void {
    while (this.#nowMs < nowMs) {
      const stepMs = Math.min(nowMs - this.#nowMs, this.#msToNextEvent());
      this.#move(stepMs);
      this.#nowMs += stepMs;
      this.#settle();
    }
    this.#nowMs = Math.max(this.#nowMs, nowMs);
  }

  setRate(rate: number, unit: RateUnit): void {
    this.#rate = rate;
    this.#unit = unit;
  }

  setTarget(ml: number): void {
    this.#targetMl = ml;
    this.#leftMl = ml;
  }

  setDirection(direction: 'INF' | 'WDR'): void {
    this.#direction = direction;
    if (this.#letter === 'I' || this.#letter === 'W') this.start();
  }

  start(): void {
    if (this.#targetMl > 0 && this.#leftMl === 0) this.#leftMl = this.#targetMl;
    this.#letter = this.#direction === 'INF' ? 'I' : 'W';
  }

  /** Any state without a motor, or the purge. */
  become(letter: 'S' | 'P' | 'T' | 'U' | 'X'): void {
    this.#letter = letter;
  }

  /** The program goes on with the next phase; the motor does not stop. */
  nextPhase(rate: number, unit: RateUnit): void {
    this.#phase += 1;
    this.setRate(rate, unit);
    this.#leftMl = this.#targetMl;
  }

  block(on: boolean): void {
    this.#isBlocked = on;
    this.#pressedMl = 0;
  }

  /** Stands still and keeps the alarm until it is told. */
  signal(alarm: AlarmLetter): void {
    this.#letter = 'S';
    this.#alarm = alarm;
  }

  /** Mains off and on. */
  restart(): void {
    this.#phase = 1;
    this.#leftMl = this.#targetMl;
    this.#infusedMl = 0;
    this.#withdrawnMl = 0;
    this.signal('R');
  }

  /** The alarm was told in an answer: that is all it takes for the pump to forget it. */
  acknowledge(): void {
    this.#alarm = null;
  }

  #msToNextEvent(): number {
    const flow = Math.abs(this.flowMlPerH);
    if (flow === 0) return FAR_MS;
    const volumesMl: number[] = [];
    if (this.#targetMl > 0 && this.#letter !== 'X') volumesMl.push(this.#leftMl);
    if (this.#isBlocked) volumesMl.push(STALL_ML - this.#pressedMl);
    if (volumesMl.length === 0) return FAR_MS;
    // At least a nanosecond, so that rounding cannot make time stand still.
    return Math.max(1e-6, (Math.min(...volumesMl) / flow) * MS_PER_H);
  }

  #move(ms: number): void {
    const movedMl = (this.flowMlPerH * ms) / MS_PER_H;
    if (movedMl >= 0) this.#infusedMl += movedMl;
    else this.#withdrawnMl -= movedMl;
    if (this.#letter !== 'X') this.#leftMl = Math.max(0, this.#leftMl - Math.abs(movedMl));
    if (this.#isBlocked) this.#pressedMl += Math.abs(movedMl);
  }

  #settle(): void {
    if (this.#leftMl < NOTHING_ML) this.#leftMl = 0;
    const isMoving = this.flowMlPerH !== 0;
    if (isMoving && this.#isBlocked && this.#pressedMl > STALL_ML - NOTHING_ML) {
      this.#pressedMl = 0;
      this.signal('S');
    } else if (isMoving && this.#targetMl > 0 && this.#leftMl === 0 && this.#letter !== 'X') {
      this.#letter = 'S';
    }
  }
}
