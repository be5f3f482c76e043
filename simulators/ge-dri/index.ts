import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, booleanArg, numberArg, onlyKnown } from './args.ts';
import { Cuff, type Pressure } from './cuff.ts';
import { AT_REST, BOUNDS, meanPressure, Patient, SIGNS, type Signs } from './patient.ts';
import { DriEar, numericFrame, type Request, type Shown } from './wire.ts';

const WHAT = 'ge-dri';
const OPTIONS = [
  ...SIGNS,
  'seed',
  'variability',
  'nibpIntervalMin',
  'minIntervalS',
  'co2',
  'wallAtStartMs',
];
/** Start of the virtual clock of tests: without another the monitor's clock agrees with it. */
const WALL_AT_ZERO_MS = Date.UTC(2026, 0, 5, 8, 0, 0);
/** The first automatic measurement; a nurse needs that long to put the cuff on. */
const FIRST_RUN_MS = 2_000;
/** A single request is ignored for so long after another (Computer Interface specification 12th ed.). */
const SINGLE_PAUSE_MS = 5_000;
const START_MS = 1_000;
const APNEA_MS = 20_000;
const INTERVAL_MIN_MAX = 240;

/**
 * A CARESCAPE monitor on its serial interface: numerics when asked, no waves and no alarm records yet.
 * `SIM1` in each record header is the mark by which the gateway knows that it is simulated.
 */
export const simulator: SimulatorKind = {
  id: WHAT,
  line: { baudRate: 19_200, bitsPerByte: 11 },
  create: (options, nowMs) => new GeMonitor(options, nowMs),
};

interface Stream {
  readonly everyMs: number;
  readonly classMask: number;
  readonly nextAtMs: number;
}

class GeMonitor implements SimulatedDevice {
  readonly #patient: Patient;
  readonly #cuff: Cuff;
  readonly #ear = new DriEar();
  readonly #minIntervalS: number;
  readonly #hasCo2: boolean;
  #nowMs: number;
  /** Wall time of the monitor's own clock when `nowMs` is 0. */
  #clockAtZeroMs: number;
  #stream: Stream | null = null;
  #singleAtMs: number | null = null;
  #singles: Uint8Array[] = [];
  #probeOff = false;
  #leadsOff = false;
  #asystole = false;
  #noBreathSinceMs: number | null = null;
  #last: Shown | null = null;
  #recordsSent = 0;
  readonly #asked = { numerics: 0, other: 0, garbled: 0 };

  constructor(options: Args, nowMs: number) {
    onlyKnown(WHAT, options, OPTIONS);
    const seed = numberArg(WHAT, options, 'seed', [-(2 ** 31), 2 ** 32], 1);
    this.#nowMs = nowMs;
    this.#patient = new Patient(
      signsOf(options),
      seed,
      numberArg(WHAT, options, 'variability', [0, 3], 1),
      nowMs,
    );
    this.#cuff = new Cuff(
      (atMs) => this.#pressure(atMs),
      intervalArg(WHAT, options, 'nibpIntervalMin', 15),
      seed + 1,
      nowMs + FIRST_RUN_MS,
    );
    this.#minIntervalS = numberArg(WHAT, options, 'minIntervalS', [1, 60], 1);
    this.#hasCo2 = booleanArg(WHAT, options, 'co2', true);
    const wallAtStartMs = numberArg(
      WHAT,
      options,
      'wallAtStartMs',
      [0, 4_000_000_000_000],
      WALL_AT_ZERO_MS + nowMs,
    );
    this.#clockAtZeroMs = wallAtStartMs - nowMs;
  }

  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    this.#runTo(nowMs);
    for (const request of this.#ear.hear(bytes)) this.#heed(request, nowMs);
    const send = this.#singles;
    this.#singles = [];
    return send;
  }

  advance(nowMs: number): Advance {
    const send: Uint8Array[] = [];
    for (let next = this.#stream; next !== null && next.nextAtMs <= nowMs; next = this.#stream) {
      this.#runTo(next.nextAtMs);
      send.push(this.#record(next.nextAtMs, next.classMask));
      this.#stream = { ...next, nextAtMs: next.nextAtMs + next.everyMs };
    }
    this.#runTo(nowMs);
    return this.#stream === null ? { send } : { send, wakeAtMs: this.#stream.nextAtMs };
  }

  command(name: string, args: Args): void {
    const run = this.#panel.get(name);
    if (run === undefined) {
      const known = [...this.#panel.keys()].join(', ');
      throw new Error(`${WHAT} does not know the command ${name}; it knows ${known}`);
    }
    run(args);
  }

  describe(): Readonly<Record<string, unknown>> {
    const { reading, isMeasuring } = this.#cuff.face(this.#nowMs);
    const shown = this.#last;
    return {
      patient: Object.fromEntries(
        SIGNS.map((sign) => [sign, this.#patient.sign(sign, this.#nowMs)]),
      ),
      /** What the last record said; `null` before the first. */
      sent: shown === null ? null : { ...shown.numerics, hrSource: shown.hrSource },
      nibp:
        reading === null ? null : { ...reading, sinceMs: Math.max(0, this.#nowMs - reading.atMs) },
      nibpMeasuring: isMeasuring,
      nibpReadings: this.#cuff.readings,
      nibpFailedRuns: this.#cuff.failedRuns,
      nibpIntervalMin: this.#cuff.intervalMin,
      probeOff: this.#probeOff,
      leadsOff: this.#leadsOff,
      asystole: this.#asystole,
      apnea: shown?.isApnea ?? false,
      clockMs: this.#clockAtZeroMs + this.#nowMs,
      intervalS: this.#stream === null ? null : this.#stream.everyMs / 1_000,
      recordsSent: this.#recordsSent,
      asked: { ...this.#asked },
    };
  }

  #runTo(nowMs: number): void {
    this.#cuff.runTo(nowMs);
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const isBreathing = this.#patient.sign('rr', nowMs) >= 0.5;
    this.#noBreathSinceMs = isBreathing ? null : (this.#noBreathSinceMs ?? nowMs);
  }

  #heed(request: Request, nowMs: number): void {
    this.#asked[request.kind] += 1;
    if (request.kind !== 'numerics') return;
    const { intervalS, classMask } = request;
    if (intervalS === 0) this.#stream = null;
    else if (intervalS === -1) {
      if (this.#singleAtMs !== null && nowMs - this.#singleAtMs < SINGLE_PAUSE_MS) return;
      this.#singleAtMs = nowMs;
      this.#singles.push(this.#record(nowMs, classMask));
    } else if (intervalS >= this.#minIntervalS) {
      this.#stream = { everyMs: intervalS * 1_000, classMask, nextAtMs: nowMs + START_MS };
    }
  }

  #record(atMs: number, classMask: number): Uint8Array {
    this.#last = this.#shown(atMs);
    this.#recordsSent += 1;
    const clockS = Math.floor((this.#clockAtZeroMs + atMs) / 1_000);
    return numericFrame(this.#last, classMask, this.#recordsSent, clockS);
  }

  /** What the monitor makes of the patient, its sensors and its own state. */
  #shown(atMs: number): Shown {
    const whole = (sign: (typeof SIGNS)[number]): number =>
      Math.round(this.#patient.sign(sign, atMs));
    const rate = this.#asystole ? 0 : whole('hr');
    const isPulseSeen = !this.#probeOff && rate > 0;
    const pulse = isPulseSeen ? rate : null;
    const isApnea = this.#noBreathSinceMs !== null && atMs - this.#noBreathSinceMs >= APNEA_MS;
    const { reading, isAutomatic, isMeasuring, isAged } = this.#cuff.face(atMs);
    return {
      numerics: {
        hr: this.#leadsOff ? pulse : rate,
        hrEcg: this.#leadsOff ? null : rate,
        impRr: this.#leadsOff ? null : whole('rr'),
        spo2: isPulseSeen ? Math.round(this.#patient.sign('spo2', atMs) * 100) / 100 : null,
        pulse,
        modulation: isPulseSeen ? 3.77 : null,
        rr: whole('rr'),
        etco2MmHg: whole('rr') > 0 ? this.#patient.sign('etco2', atMs) : null,
      },
      nibp: {
        sys: reading?.sys ?? null,
        dia: reading?.dia ?? null,
        map: reading?.map ?? null,
        isAutomatic,
        isMeasuring,
        isAged,
      },
      hrSource: this.#leadsOff ? (isPulseSeen ? 'pleth' : 'none') : 'ecg',
      isLeadsOff: this.#leadsOff,
      isAsystole: this.#asystole && !this.#leadsOff,
      hasCo2: this.#hasCo2,
      isApnea: isApnea && this.#hasCo2,
    };
  }

  #pressure(atMs: number): Pressure | null {
    if (this.#asystole) return null;
    const { sys, dia, map } = {
      sys: this.#patient.sign('sys', atMs),
      dia: this.#patient.sign('dia', atMs),
      map: this.#patient.sign('map', atMs),
    };
    return { sys, dia, map };
  }

  #set(args: Args): void {
    onlyKnown('set', args, [...SIGNS, 'overSeconds']);
    const overMs = numberArg('set', args, 'overSeconds', [0, 86_400], 0) * 1_000;
    const targets = new Map(
      SIGNS.filter((sign) => args[sign] !== undefined).map((sign) => [
        sign,
        numberArg('set', args, sign, BOUNDS[sign]),
      ]),
    );
    if (!targets.has('map') && (targets.has('sys') || targets.has('dia'))) {
      const sys = targets.get('sys') ?? this.#patient.course('sys', this.#nowMs);
      const dia = targets.get('dia') ?? this.#patient.course('dia', this.#nowMs);
      targets.set('map', meanPressure(sys, dia));
    }
    for (const [sign, to] of targets) this.#patient.set(sign, to, overMs, this.#nowMs);
  }

  readonly #panel: ReadonlyMap<string, (args: Args) => void> = new Map(
    Object.entries<(args: Args) => void>({
      set: (args) => this.#set(args),
      'probe-off': (args) => {
        this.#probeOff = onOff('probe-off', args);
      },
      'leads-off': (args) => {
        this.#leadsOff = onOff('leads-off', args);
      },
      asystole: (args) => {
        this.#asystole = onOff('asystole', args);
      },
      'nibp-start': (args) => {
        onlyKnown('nibp-start', args, []);
        this.#cuff.start(this.#nowMs);
      },
      'nibp-interval': (args) => {
        onlyKnown('nibp-interval', args, ['minutes']);
        this.#cuff.setInterval(intervalArg('nibp-interval', args, 'minutes'), this.#nowMs);
      },
      'clock-step': (args) => {
        onlyKnown('clock-step', args, ['seconds']);
        const seconds = numberArg('clock-step', args, 'seconds', [-1_000_000_000, 1_000_000_000]);
        this.#clockAtZeroMs += seconds * 1_000;
      },
    }),
  );
}

/** 0 is "no automatic measurements"; a run takes most of a minute. */
function intervalArg(what: string, args: Args, name: string, otherwise?: number): number {
  const minutes = numberArg(what, args, name, [0, INTERVAL_MIN_MAX], otherwise);
  if (minutes === 0 || minutes >= 1) return minutes;
  throw new Error(`${what}: ${name} must be 0 or a number from 1 to ${INTERVAL_MIN_MAX}`);
}

function onOff(what: string, args: Args): boolean {
  onlyKnown(what, args, ['on']);
  return booleanArg(what, args, 'on');
}

function signsOf(options: Args): Signs {
  const signs = { ...AT_REST };
  for (const sign of SIGNS) {
    signs[sign] = numberArg(WHAT, options, sign, BOUNDS[sign], AT_REST[sign]);
  }
  const isMeanLeftOut = options['map'] === undefined;
  const isPressureGiven = options['sys'] !== undefined || options['dia'] !== undefined;
  return isMeanLeftOut && isPressureGiven
    ? { ...signs, map: meanPressure(signs.sys, signs.dia) }
    : signs;
}
