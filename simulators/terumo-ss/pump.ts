/**
 * The physics of a syringe pump: plunger, pressure, VTBI, bolus, alarms. Knows nothing about bytes and
 * has no clock; the result does not depend on how often {@link SyringePump.runTo} is called.
 */
export interface PumpSettings {
  readonly rateMlPerH: number;
  /** Volume to be infused; `null` = the function is off. */
  readonly vtbiMl: number | null;
  readonly running: boolean;
  /** What the syringe holds. */
  readonly syringeMl: number;
}

export type PumpState =
  | 'stop'
  | 'start'
  | 'standby'
  | 'purge'
  | 'hands-on-bolus'
  | 'hands-free-bolus';

const PURGE_ML_PER_H = 500;
const BOLUS_ML_PER_H = 200;
/** A closed line takes up so much until the pump calls it an occlusion. */
const OCCLUSION_ML = 0.25;
/** How fast a line that is free again lets all of its pressure go. */
const RELEASE_MS = 2_000;
const NEARLY_EMPTY_ML = 1;
const MS_PER_H = 3_600_000;
/** Below a picolitre there is nothing left: sums of small steps do not end exactly at 0. */
const NOTHING_ML = 1e-9;
const FAR_MS = 1e12;

/** Alarms with which the plunger stands still. */
const STOPPING: ReadonlySet<string> = new Set([
  'shutdown-notice',
  'completion',
  'occlusion',
  'syringe-displacement',
  'plunger-displacement',
  'slider-displacement',
  'barrel-detection',
  'power-failure',
]);

export class SyringePump {
  #nowMs: number;
  #rateMlPerH: number;
  #vtbiLeftMl: number | null;
  #syringeMl: number;
  #state: PumpState;
  #bolusLeftMl = 0;
  #afterBolus: 'stop' | 'start' = 'stop';
  #deliveredMl = 0;
  /** Of the occlusion limit, 0 to 1. */
  #pressure = 0;
  #isOccluded = false;
  #isStalled = false;
  #isSyringeIn = true;
  #isSounding = false;
  readonly #alarms = new Set<string>();

  constructor(settings: PumpSettings, nowMs: number) {
    this.#nowMs = nowMs;
    this.#rateMlPerH = settings.rateMlPerH;
    this.#vtbiLeftMl = settings.vtbiMl;
    this.#syringeMl = settings.syringeMl;
    this.#state = settings.running && settings.rateMlPerH > 0 ? 'start' : 'stop';
    this.#settle();
  }

  get state(): PumpState {
    return this.#state;
  }
  get rateMlPerH(): number {
    return this.#rateMlPerH;
  }
  get deliveredMl(): number {
    return this.#deliveredMl;
  }
  get vtbiLeftMl(): number | null {
    return this.#vtbiLeftMl;
  }
  get syringeMl(): number {
    return this.#syringeMl;
  }
  get pressure(): number {
    return this.#pressure;
  }
  get isSyringeIn(): boolean {
    return this.#isSyringeIn;
  }
  get isSounding(): boolean {
    return this.#isSounding;
  }
  get alarms(): ReadonlySet<string> {
    return this.#alarms;
  }

  /** What the plunger pushes out, in mL/h. */
  get flowMlPerH(): number {
    if (this.#isStalled) return 0;
    switch (this.#state) {
      case 'start':
        return this.#rateMlPerH;
      case 'purge':
        return PURGE_ML_PER_H;
      case 'hands-on-bolus':
      case 'hands-free-bolus':
        return BOLUS_ML_PER_H;
      default:
        return 0;
    }
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
  }

  start(): void {
    if (this.#rateMlPerH === 0) throw new Error('start: set a rate first');
    if (!this.#isSyringeIn || this.#syringeMl === 0) {
      throw new Error('start: the syringe is out or empty, replace it first');
    }
    if (this.#vtbiLeftMl === 0) this.#vtbiLeftMl = null;
    this.#quit();
    this.#state = 'start';
    this.#settle();
  }

  stop(): void {
    this.#state = 'stop';
  }

  standby(): void {
    this.#state = 'standby';
  }

  /** As long as the button is held: until {@link stop}. */
  purge(): void {
    this.#state = 'purge';
  }

  /** Hands-free gives a volume and goes on as before; hands-on lasts as long as the button is held. */
  bolus(handsFreeMl: number | null): void {
    this.#afterBolus = this.#state === 'start' ? 'start' : 'stop';
    this.#bolusLeftMl = handsFreeMl ?? 0;
    this.#state = handsFreeMl === null ? 'hands-on-bolus' : 'hands-free-bolus';
  }

  setVtbi(ml: number | null): void {
    this.#vtbiLeftMl = ml;
  }

  occlude(on: boolean): void {
    this.#isOccluded = on;
  }

  /** The pump says that it runs and its plunger stands still. */
  stall(on: boolean): void {
    this.#isStalled = on;
  }

  /** Sets an alarm, or ends it; the cause itself is not simulated. */
  signal(name: string, on: boolean): void {
    if (on) {
      this.#alarms.add(name);
      this.#isSounding = true;
      if (STOPPING.has(name)) this.#state = 'stop';
    } else this.#alarms.delete(name);
    if (this.#alarms.size === 0) this.#isSounding = false;
  }

  /** The sound alone; with no alarm it is one that the pump does not name. */
  sound(on: boolean): void {
    this.#isSounding = on;
  }

  clearVolume(): void {
    this.#deliveredMl = 0;
  }

  removeSyringe(): void {
    this.#state = 'stop';
    this.#isSyringeIn = false;
  }

  replaceSyringe(ml: number): void {
    this.#state = 'stop';
    this.#isSyringeIn = true;
    this.#syringeMl = ml;
    this.#quit();
  }

  #quit(): void {
    this.#alarms.clear();
    this.#isSounding = false;
  }

  #msToNextEvent(): number {
    const flow = this.flowMlPerH;
    if (flow === 0) return FAR_MS;
    const volumesMl = [this.#syringeMl];
    if (this.#syringeMl > NEARLY_EMPTY_ML) volumesMl.push(this.#syringeMl - NEARLY_EMPTY_ML);
    if (this.#state === 'start' && this.#vtbiLeftMl !== null) volumesMl.push(this.#vtbiLeftMl);
    if (this.#state === 'hands-free-bolus') volumesMl.push(this.#bolusLeftMl);
    if (this.#isOccluded) volumesMl.push((1 - this.#pressure) * OCCLUSION_ML);
    // At least a nanosecond, so that rounding cannot make time stand still.
    return Math.max(1e-6, (Math.min(...volumesMl) / flow) * MS_PER_H);
  }

  #move(ms: number): void {
    const pushedMl = Math.min(this.#syringeMl, (this.flowMlPerH * ms) / MS_PER_H);
    this.#syringeMl = down(this.#syringeMl, pushedMl);
    // What is purged goes into the air and not into the patient.
    if (this.#state !== 'purge') this.#deliveredMl += pushedMl;
    if (this.#state === 'hands-free-bolus') this.#bolusLeftMl = down(this.#bolusLeftMl, pushedMl);
    if (this.#state === 'start' && this.#vtbiLeftMl !== null) {
      this.#vtbiLeftMl = down(this.#vtbiLeftMl, pushedMl);
    }
    this.#pressure = this.#isOccluded
      ? Math.min(1, this.#pressure + pushedMl / OCCLUSION_ML)
      : Math.max(0, this.#pressure - ms / RELEASE_MS);
  }

  /** What the pump does when a limit has been reached. */
  #settle(): void {
    if (this.flowMlPerH === 0) return;
    if (this.#isOccluded && this.#pressure >= 1 - 1e-6) this.signal('occlusion', true);
    else if (this.#syringeMl === 0) this.signal('completion', true);
    else if (this.#state === 'start' && this.#vtbiLeftMl === 0) this.signal('completion', true);
    else if (this.#state === 'hands-free-bolus' && this.#bolusLeftMl === 0) {
      this.#state = this.#afterBolus;
    }
    const isNearlyEmpty = this.#syringeMl <= NEARLY_EMPTY_ML + NOTHING_ML;
    if (isNearlyEmpty && !this.#alarms.has('nearly-empty')) this.signal('nearly-empty', true);
  }
}

function down(fromMl: number, byMl: number): number {
  const left = fromMl - byMl;
  return left < NOTHING_ML ? 0 : left;
}
