/**
 * The physics of one pump in the rack: container, pressure, VTBI, KVO, bolus, battery, alarms. Knows
 * nothing about bytes and has no clock; the result does not depend on how often {@link SpacePump.runTo}
 * is called.
 */
export interface PumpSettings {
  readonly kind: 'perfusor' | 'infusomat';
  readonly drug: string | null;
  readonly rateMlPerH: number;
  /** Volume to be infused; `null` = none set. */
  readonly vtbiMl: number | null;
  readonly vtbiEnd: 'stop' | 'kvo';
  readonly containerMl: number;
  readonly running: boolean;
  /** With a concentration the pump is in dose mode. */
  readonly mgPerMl: number | null;
  readonly weightKg: number | null;
  readonly batteryMin: number;
}

/** What the pump can signal; how it is coded is a matter of the wire. */
export type PumpAlarm =
  | 'pressure'
  | 'empty'
  | 'volume-done'
  | 'kvo-done'
  | 'air'
  | 'door'
  | 'drops'
  | 'syringe'
  | 'battery-empty'
  | 'standby-over';
export type PumpPreAlarm = 'nearly-empty' | 'battery-low' | 'kvo';

export const ALARMS: readonly PumpAlarm[] = [
  'pressure',
  'empty',
  'volume-done',
  'kvo-done',
  'air',
  'door',
  'drops',
  'syringe',
  'battery-empty',
  'standby-over',
];

const KVO_ML_PER_H = 1;
const BOLUS_ML_PER_H = 100;
const PURGE_ML_PER_H = 200;
const NEARLY_EMPTY_ML = 1;
/** An occluded line takes up what is pumped: this much to the alarm. */
const OCCLUSION_ML = 0.1;
const RESTING_PERCENT = 12;
export const BATTERY_FULL_MIN = 480;
const BATTERY_LOW_MIN = 30;
const MS_PER_H = 3_600_000;
const NOTHING = 1e-9;
const FAR_MS = 1e12;

type Doing = 'stopped' | 'infusing' | 'kvo' | 'bolus' | 'purge' | 'standby';

export class SpacePump {
  readonly kind: PumpSettings['kind'];
  #nowMs: number;
  #drug: string | null;
  #rateMlPerH: number;
  #vtbiLeftMl: number | null;
  readonly #vtbiEnd: PumpSettings['vtbiEnd'];
  #containerMl: number;
  #doing: Doing;
  #mgPerMl: number | null;
  readonly #weightKg: number | null;
  #bolusLeftMl = 0;
  #infusedMl = 0;
  #isOccluded = false;
  #pentUpMl = 0;
  #isOnMains = true;
  #batteryMin: number;
  readonly #alarms = new Set<PumpAlarm>();

  constructor(settings: PumpSettings, nowMs: number) {
    this.kind = settings.kind;
    this.#nowMs = nowMs;
    this.#drug = settings.drug;
    this.#rateMlPerH = settings.rateMlPerH;
    this.#vtbiLeftMl = settings.vtbiMl;
    this.#vtbiEnd = settings.vtbiEnd;
    this.#containerMl = settings.containerMl;
    this.#doing = settings.running ? 'infusing' : 'stopped';
    this.#mgPerMl = settings.mgPerMl;
    this.#weightKg = settings.weightKg;
    this.#batteryMin = settings.batteryMin;
  }

  get doing(): Doing {
    return this.#doing;
  }
  get drug(): string | null {
    return this.#drug;
  }
  get rateMlPerH(): number {
    return this.#rateMlPerH;
  }
  get vtbiLeftMl(): number | null {
    return this.#vtbiLeftMl;
  }
  get containerMl(): number {
    return this.#containerMl;
  }
  get infusedMl(): number {
    return this.#infusedMl;
  }
  get mgPerMl(): number | null {
    return this.#mgPerMl;
  }
  get weightKg(): number | null {
    return this.#weightKg;
  }
  get isOnMains(): boolean {
    return this.#isOnMains;
  }
  get batteryMin(): number {
    return this.#batteryMin;
  }
  get isOccluded(): boolean {
    return this.#isOccluded;
  }
  get alarms(): ReadonlySet<PumpAlarm> {
    return this.#alarms;
  }

  /** What leaves the pump, in mL/h. */
  get flowMlPerH(): number {
    switch (this.#doing) {
      case 'infusing':
        return this.#rateMlPerH;
      case 'kvo':
        return KVO_ML_PER_H;
      case 'bolus':
        return BOLUS_ML_PER_H;
      case 'purge':
        return PURGE_ML_PER_H;
      default:
        return 0;
    }
  }

  /** Of the pressure at which the pump stops. */
  get pressurePercent(): number {
    const risen = (this.#pentUpMl / OCCLUSION_ML) * (100 - RESTING_PERCENT);
    return Math.min(100, RESTING_PERCENT + risen);
  }

  get preAlarms(): ReadonlySet<PumpPreAlarm> {
    const early = new Set<PumpPreAlarm>();
    const isNearlyEmpty = this.#containerMl <= NEARLY_EMPTY_ML + NOTHING;
    if (isNearlyEmpty && !this.#alarms.has('empty')) early.add('nearly-empty');
    if (!this.#isOnMains && this.#batteryMin <= BATTERY_LOW_MIN) early.add('battery-low');
    if (this.#doing === 'kvo') early.add('kvo');
    return early;
  }

  /** Seconds to the end of VTBI or container; `null` while nothing flows. */
  get remainingS(): number | null {
    if (this.flowMlPerH === 0) return null;
    const ml = Math.min(this.#vtbiLeftMl ?? Infinity, this.#containerMl);
    return (ml / this.flowMlPerH) * 3_600;
  }

  /** Lets time pass, from one event to the next. */
  runTo(nowMs: number): void {
    while (this.#nowMs < nowMs) {
      const stepMs = Math.min(nowMs - this.#nowMs, this.#msToNextEvent());
      this.#move(stepMs);
      this.#nowMs += stepMs;
      this.#settle();
    }
  }

  setRate(mlPerH: number): void {
    this.#rateMlPerH = mlPerH;
  }

  setDrug(drug: string | null, mgPerMl: number | null): void {
    this.#drug = drug;
    this.#mgPerMl = mgPerMl;
  }

  setVtbi(ml: number | null): void {
    this.#vtbiLeftMl = ml;
  }

  start(): void {
    if (this.#rateMlPerH === 0) throw new Error('start: set a rate first');
    if (this.#containerMl === 0) throw new Error('start: the container is empty, replace it first');
    if (this.#vtbiLeftMl === 0) this.#vtbiLeftMl = null;
    this.#alarms.clear();
    this.#doing = 'infusing';
  }

  stop(): void {
    this.#doing = 'stopped';
  }

  standby(): void {
    this.#doing = 'standby';
  }

  kvo(): void {
    this.#doing = 'kvo';
  }

  purge(): void {
    this.#doing = 'purge';
  }

  /** Given at once on top; the pump goes on infusing afterwards. */
  bolus(ml: number): void {
    this.#bolusLeftMl = ml;
    this.#doing = 'bolus';
  }

  occlude(on: boolean): void {
    this.#isOccluded = on;
    if (!on) this.#pentUpMl = 0;
  }

  mains(on: boolean): void {
    this.#isOnMains = on;
  }

  /** Signals and stops; the cause itself is not simulated. */
  signal(alarm: PumpAlarm | null): void {
    if (alarm === null) {
      this.#alarms.clear();
      return;
    }
    this.#alarms.add(alarm);
    this.stop();
  }

  clearVolume(): void {
    this.#infusedMl = 0;
  }

  replaceContainer(ml: number): void {
    this.stop();
    this.#containerMl = ml;
    this.#alarms.delete('empty');
  }

  #msToNextEvent(): number {
    const flow = this.flowMlPerH;
    const batteryMs =
      this.#isOnMains || this.#batteryMin === 0 ? FAR_MS : this.#batteryMin * 60_000;
    if (flow === 0) return Math.max(1e-6, batteryMs);
    const volumesMl = [this.#containerMl];
    if (this.#doing === 'bolus') volumesMl.push(this.#bolusLeftMl);
    if (this.#doing === 'infusing' && this.#vtbiLeftMl !== null) volumesMl.push(this.#vtbiLeftMl);
    if (this.#isOccluded) volumesMl.push(OCCLUSION_ML - this.#pentUpMl);
    // At least a nanosecond, so that rounding cannot make time stand still.
    return Math.max(1e-6, Math.min(batteryMs, (Math.min(...volumesMl) / flow) * MS_PER_H));
  }

  #move(ms: number): void {
    const pumpedMl = Math.min(this.#containerMl, (this.flowMlPerH * ms) / MS_PER_H);
    // What is pumped while purging goes into the line and not into the patient.
    if (this.#doing !== 'purge') this.#infusedMl += pumpedMl;
    this.#containerMl = down(this.#containerMl, pumpedMl);
    if (this.#doing === 'infusing' && this.#vtbiLeftMl !== null) {
      this.#vtbiLeftMl = down(this.#vtbiLeftMl, pumpedMl);
    }
    this.#bolusLeftMl = down(this.#bolusLeftMl, this.#doing === 'bolus' ? pumpedMl : 0);
    if (this.#isOccluded) this.#pentUpMl += pumpedMl;
    this.#batteryMin = this.#isOnMains
      ? Math.min(BATTERY_FULL_MIN, this.#batteryMin + ms / 60_000)
      : down(this.#batteryMin, ms / 60_000);
  }

  #settle(): void {
    if (!this.#isOnMains && this.#batteryMin === 0) this.signal('battery-empty');
    if (this.flowMlPerH === 0) return;
    if (this.#isOccluded && this.#pentUpMl >= OCCLUSION_ML - NOTHING) this.signal('pressure');
    else if (this.#containerMl === 0) this.signal('empty');
    else if (this.#doing === 'bolus' && this.#bolusLeftMl === 0) this.#doing = 'infusing';
    else if (this.#doing === 'infusing' && this.#vtbiLeftMl === 0) {
      if (this.#vtbiEnd === 'stop') this.signal('volume-done');
      else this.#doing = 'kvo';
    }
  }
}

function down(from: number, by: number): number {
  const left = from - by;
  return left < NOTHING ? 0 : left;
}
