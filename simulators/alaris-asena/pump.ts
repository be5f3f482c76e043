/**
 * The physics of a syringe pump: plunger, pressure, VTBI, alarms. Knows nothing about bytes and has
 * no clock; the result does not depend on how often {@link SyringePump.runTo} is called.
 */
export interface PumpSettings {
  readonly rateMlPerH: number;
  /** Volume to be infused; `null` = none set. */
  readonly vtbiMl: number | null;
  readonly vtbiEnd: 'stop' | 'kvo';
  readonly running: boolean;
  readonly syringeMl: number;
}

/** With an occlusion the line takes up what is pumped: 2 mmHg for each µL. */
const MMHG_PER_ML_OCCLUDED = 2_000;
const OCCLUSION_LIMIT_MMHG = 500;
const RESTING_MMHG = 35.2;
/** How fast a line that is free again lets the pressure go. */
const RELEASE_MMHG_PER_S = 200;
const KVO_ML_PER_H = 1;
const NEAR_END_ML = 1;
const MS_PER_H = 3_600_000;
/** Below a picolitre there is nothing left: sums of small steps do not end exactly at 0. */
const NOTHING_ML = 1e-9;
/** Infinity as a time to the next event is clipped so that no 0 * Infinity arises. */
const FAR_MS = 1e12;

/** Alarms with which the plunger stands still. */
const STOPPING: ReadonlySet<string> = new Set([
  'AL_OCCLU',
  'AL_VTBIS',
  'AL_EOIST',
  'AL_DRDIS',
  'AL_FAULT',
  'AL_EMBAT',
]);
const POWER_ALARMS: ReadonlySet<string> = new Set(['AL_ACDIS', 'AL_LWBAT', 'AL_LBTAC', 'AL_EMBAT']);

export type Battery = 'full' | 'low' | 'empty';

export class SyringePump {
  #nowMs: number;
  #rateMlPerH: number;
  #vtbiLeftMl: number | null;
  readonly #vtbiEnd: 'stop' | 'kvo';
  #syringeMl: number;
  #isRunning: boolean;
  #isKvo = false;
  #wasHeld = false;
  #isOccluded = false;
  #infusedMl = 0;
  #strayMlPerH = 0;
  #pressureMmHg = RESTING_MMHG;
  #alarm: string | null = null;
  #isOnMains = true;
  #battery: Battery = 'full';
  /** Newest entry of the event log; the number of a pump that has been in use. */
  #eventNumber = 100_231;

  constructor(settings: PumpSettings, nowMs: number) {
    this.#nowMs = nowMs;
    this.#rateMlPerH = settings.rateMlPerH;
    this.#vtbiLeftMl = settings.vtbiMl;
    this.#vtbiEnd = settings.vtbiEnd;
    this.#syringeMl = settings.syringeMl;
    this.#isRunning = settings.running;
  }

  /** What comes out of the needle, in mL/h, or would if the line were free. */
  get flowMlPerH(): number {
    if (!this.#isRunning) return 0;
    return this.#isKvo ? KVO_ML_PER_H : this.#rateMlPerH;
  }

  get #reallyMlPerH(): number {
    return Math.max(0, this.flowMlPerH + this.#strayMlPerH);
  }

  get rateMlPerH(): number {
    return this.#rateMlPerH;
  }
  get isRunning(): boolean {
    return this.#isRunning;
  }
  get status(): 'infusing' | 'kvo' | 'stopped' {
    if (this.flowMlPerH === 0) return 'stopped';
    return this.#isKvo ? 'kvo' : 'infusing';
  }
  /** On hold by hand or by an alarm; a pump that was never started is not. */
  get isOnHold(): boolean {
    return this.#wasHeld;
  }
  get infusedMl(): number {
    return this.#infusedMl;
  }
  get vtbiLeftMl(): number | null {
    return this.#vtbiLeftMl;
  }
  get vtbiEnd(): 'stop' | 'kvo' {
    return this.#vtbiEnd;
  }
  get syringeMl(): number {
    return this.#syringeMl;
  }
  get pressureMmHg(): number {
    return this.#pressureMmHg;
  }
  get isOccluded(): boolean {
    return this.#isOccluded;
  }
  get alarm(): string | null {
    return this.#alarm;
  }
  get isOnMains(): boolean {
    return this.#isOnMains;
  }
  get battery(): Battery {
    return this.#battery;
  }
  get eventNumber(): number {
    return this.#eventNumber;
  }

  /** Seconds to the end of the VTBI, or of the syringe without one; `null` without a rate. */
  get remainingS(): number | null {
    const rate = this.#isKvo ? KVO_ML_PER_H : this.#rateMlPerH;
    if (rate === 0) return null;
    return (Math.min(this.#vtbiLeftMl ?? Infinity, this.#syringeMl) / rate) * 3_600;
  }

  /** Lets time pass, from one event (limit reached, VTBI done, syringe empty) to the next. */
  runTo(nowMs: number): void {
    while (this.#nowMs < nowMs) {
      const stepMs = Math.min(nowMs - this.#nowMs, this.#msToNextEvent());
      this.#move(stepMs);
      this.#nowMs += stepMs;
      this.#settle();
    }
    this.#nowMs = Math.max(this.#nowMs, nowMs);
  }

  setRate(mlPerH: number): void {
    this.#rateMlPerH = mlPerH;
    this.#log();
  }

  start(): void {
    if (this.#rateMlPerH === 0) throw new Error('start: set a rate first');
    if (this.#syringeMl === 0) throw new Error('start: the syringe is empty, replace it first');
    if (this.#vtbiLeftMl === 0) this.#vtbiLeftMl = null;
    this.#isRunning = true;
    this.#isKvo = false;
    this.#wasHeld = false;
    this.#alarm = null;
    this.#log();
    this.#settle();
  }

  hold(): void {
    this.#stop();
    this.#log();
  }

  /** A plunger that is not held, or slips: so much more, or less, than the rate; the pump counts it and says its rate. */
  stray(mlPerH: number): void {
    this.#strayMlPerH = mlPerH;
  }

  setVtbi(ml: number | null): void {
    this.#vtbiLeftMl = ml;
    this.#log();
  }

  occlude(on: boolean): void {
    this.#isOccluded = on;
  }

  /** Signals a code, or none, and stops where a pump stops; the cause itself is not simulated. */
  signal(code: string | null): void {
    if (code !== null && STOPPING.has(code)) this.#stop();
    this.#alarm = code;
    this.#log();
  }

  setPower(power: { readonly isOnMains?: boolean; readonly battery?: Battery }): void {
    this.#isOnMains = power.isOnMains ?? this.#isOnMains;
    this.#battery = power.battery ?? this.#battery;
    // The pump names one alarm: another one that stands stays, and its own are told anew.
    if (this.#alarm === null || POWER_ALARMS.has(this.#alarm)) this.signal(this.#powerAlarm());
    else this.#log();
  }

  #powerAlarm(): string | null {
    if (this.#isOnMains) return this.#battery === 'full' ? null : 'AL_LBTAC';
    if (this.#battery === 'empty') return 'AL_EMBAT';
    return this.#battery === 'low' ? 'AL_LWBAT' : 'AL_ACDIS';
  }

  clearVolume(): void {
    this.#infusedMl = 0;
    this.#log();
  }

  /** A full syringe of this volume; the pump is on hold until it is started. */
  replaceSyringe(ml: number): void {
    this.#stop();
    this.#syringeMl = ml;
    this.#alarm = null;
    this.#log();
  }

  #msToNextEvent(): number {
    const flow = this.#reallyMlPerH;
    if (flow === 0) return FAR_MS;
    const volumesMl = [this.#syringeMl];
    if (this.#syringeMl > NEAR_END_ML) volumesMl.push(this.#syringeMl - NEAR_END_ML);
    if (this.#vtbiLeftMl !== null && !this.#isKvo) volumesMl.push(this.#vtbiLeftMl);
    if (this.#isOccluded) {
      volumesMl.push((OCCLUSION_LIMIT_MMHG - this.#pressureMmHg) / MMHG_PER_ML_OCCLUDED);
    }
    // At least a nanosecond, so that rounding cannot make time stand still.
    return Math.max(1e-6, (Math.min(...volumesMl) / flow) * MS_PER_H);
  }

  #move(ms: number): void {
    const pumpedMl = Math.min(this.#syringeMl, (this.#reallyMlPerH * ms) / MS_PER_H);
    this.#infusedMl += pumpedMl;
    this.#syringeMl = down(this.#syringeMl, pumpedMl);
    if (this.#vtbiLeftMl !== null) this.#vtbiLeftMl = down(this.#vtbiLeftMl, pumpedMl);
    this.#pressureMmHg = this.#isOccluded
      ? this.#pressureMmHg + pumpedMl * MMHG_PER_ML_OCCLUDED
      : Math.max(RESTING_MMHG, this.#pressureMmHg - (ms / 1_000) * RELEASE_MMHG_PER_S);
  }

  /** What the pump does when a limit has been reached. */
  #settle(): void {
    if (this.flowMlPerH === 0) return;
    const isVtbiDone = this.#vtbiLeftMl === 0 && !this.#isKvo;
    if (this.#isOccluded && this.#pressureMmHg >= OCCLUSION_LIMIT_MMHG - 1e-6) {
      this.signal('AL_OCCLU');
    } else if (this.#syringeMl === 0) {
      this.signal('AL_EOIST');
    } else if (isVtbiDone && this.#vtbiEnd === 'stop') {
      this.signal('AL_VTBIS');
    } else if (isVtbiDone) {
      this.#isKvo = true;
      this.signal('AL_VTBIK');
    } else if (this.#syringeMl <= NEAR_END_ML + NOTHING_ML && this.#alarm === null) {
      this.signal('AL_NEOIN');
    }
  }

  #stop(): void {
    this.#isRunning = false;
    this.#isKvo = false;
    this.#wasHeld = true;
  }

  #log(): void {
    this.#eventNumber += 1;
  }
}

function down(fromMl: number, byMl: number): number {
  const left = fromMl - byMl;
  return left < NOTHING_ML ? 0 : left;
}
