import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { COLORS } from './alarms.ts';
import { type Args, booleanArg, choiceArg, numberArg, onlyKnown, textArg } from './args.ts';
import { Body } from './body.ts';
import { Cuff, type Pressure } from './cuff.ts';
import { intervalArg, onOff, optionsOf, WHAT } from './options.ts';
import { BOUNDS, meanPressure, Patient, SIGNS } from './patient.ts';
import { SideStreams } from './side-streams.ts';
import { DriEar, numericFrame, type Request, type Shown } from './wire.ts';

/** The first automatic measurement; a nurse needs that long to put the cuff on. */
const FIRST_RUN_MS = 2_000;
/** A single request is ignored for so long after another (Computer Interface specification 12th ed.). */
const SINGLE_PAUSE_MS = 5_000;
const START_MS = 1_000;
const APNEA_MS = 20_000;
/** Waves stop when the line is behind by so much (Computer Interface specification 12th ed., handshake). */
const BEHIND_MAX_MS = 2_000;

/**
 * A CARESCAPE monitor on its serial interface: values, waves and alarms when asked.
 * `SIM1` in each record header is the mark by which the gateway knows that it is simulated.
 */
export const simulator: SimulatorKind = {
  id: WHAT,
  line: { baudRate: 19_200, bitsPerByte: 11 },
  create: (options, nowMs) => new GeMonitor(options, nowMs),
};
const MS_PER_BYTE = (1_000 * simulator.line.bitsPerByte) / simulator.line.baudRate;

interface Stream {
  readonly everyMs: number;
  readonly classMask: number;
  readonly nextAtMs: number;
}

class GeMonitor implements SimulatedDevice {
  readonly #patient: Patient;
  readonly #cuff: Cuff;
  readonly #side: SideStreams;
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
  #fibrillating = false;
  /** When the last byte that was given to the line leaves it. */
  #lineBusyUntilMs = 0;
  #noBreathSinceMs: number | null = null;
  #last: Shown | null = null;
  #recordsSent = 0;
  readonly #asked = { numerics: 0, waves: 0, alarms: 0, other: 0, garbled: 0 };

  constructor(args: Args, nowMs: number) {
    const options = optionsOf(args, nowMs);
    const { seed, variability } = options;
    this.#nowMs = nowMs;
    this.#patient = new Patient(options.signs, seed, variability, nowMs);
    this.#cuff = new Cuff(
      (atMs) => this.#pressure(atMs),
      options.nibpIntervalMin,
      seed + 1,
      nowMs + FIRST_RUN_MS,
    );
    this.#side = new SideStreams(new Body(this.#patient, seed + 2, variability), options);
    this.#minIntervalS = options.minIntervalS;
    this.#hasCo2 = options.hasCo2;
    this.#clockAtZeroMs = options.wallAtStartMs - nowMs;
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
    for (let atMs = this.#nextAtMs(); atMs <= nowMs; atMs = this.#nextAtMs()) {
      this.#runTo(atMs);
      send.push(...this.#due(atMs));
    }
    this.#runTo(nowMs);
    const wakeAtMs = this.#nextAtMs();
    return Number.isFinite(wakeAtMs) ? { send, wakeAtMs } : { send };
  }

  #nextAtMs(): number {
    const valuesMs = this.#stream?.nextAtMs ?? Number.POSITIVE_INFINITY;
    return Math.min(valuesMs, this.#side.nextAtMs(this.#nowMs));
  }

  #due(atMs: number): readonly Uint8Array[] {
    const send: Uint8Array[] = [];
    if (this.#stream !== null && this.#stream.nextAtMs <= atMs) {
      const { nextAtMs, everyMs, classMask } = this.#stream;
      send.push(this.#record(nextAtMs, classMask));
      this.#stream = { ...this.#stream, nextAtMs: nextAtMs + everyMs };
    }
    send.push(...this.#side.send(atMs, this.#clockS(atMs), this.#leadsOff));
    const bytes = send.reduce((sum, one) => sum + one.length, 0);
    this.#lineBusyUntilMs = Math.max(this.#lineBusyUntilMs, atMs) + bytes * MS_PER_BYTE;
    if (this.#lineBusyUntilMs - atMs > BEHIND_MAX_MS) this.#side.stopWaves();
    return send;
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
      vf: this.#fibrillating,
      ...this.#side.describe(),
      apnea: shown?.isApnea ?? false,
      clockMs: this.#clockAtZeroMs + this.#nowMs,
      intervalS: this.#stream === null ? null : this.#stream.everyMs / 1_000,
      recordsSent: this.#recordsSent,
      asked: { ...this.#asked },
    };
  }

  #runTo(nowMs: number): void {
    this.#cuff.runTo(nowMs);
    this.#side.runTo(nowMs, {
      isAsystole: this.#asystole,
      isFibrillating: this.#fibrillating,
      isProbeOff: this.#probeOff,
    });
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const isBreathing = this.#patient.sign('rr', nowMs) >= 0.5;
    this.#noBreathSinceMs = isBreathing ? null : (this.#noBreathSinceMs ?? nowMs);
  }

  #heed(request: Request, nowMs: number): void {
    this.#asked[request.kind] += 1;
    if (request.kind === 'waves') this.#side.startWaves(request.types, nowMs);
    if (request.kind === 'alarms') this.#side.heedAlarms(request.command);
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
    return numericFrame(this.#last, classMask, this.#recordsSent, this.#clockS(atMs));
  }

  readonly #clockS = (atMs: number): number => Math.floor((this.#clockAtZeroMs + atMs) / 1_000);

  /** What the monitor makes of the patient, its sensors and its own state. */
  #shown(atMs: number): Shown {
    const whole = (sign: (typeof SIGNS)[number]): number =>
      Math.round(this.#patient.sign(sign, atMs));
    const isFibrillating = this.#fibrillating && !this.#asystole;
    const rate = this.#asystole ? 0 : isFibrillating ? null : whole('hr');
    const isPulseSeen = !this.#probeOff && rate !== null && rate > 0;
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
      isFibrillating: isFibrillating && !this.#leadsOff,
      hasCo2: this.#hasCo2,
      isApnea: isApnea && this.#hasCo2,
    };
  }

  #pressure(atMs: number): Pressure | null {
    if (this.#asystole || this.#fibrillating) return null;
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
      vf: (args) => {
        this.#fibrillating = onOff('vf', args);
      },
      'lose-waves': (args) => {
        onlyKnown('lose-waves', args, ['records']);
        this.#side.loseRecords(Math.ceil(numberArg('lose-waves', args, 'records', [1, 600])));
      },
      alarm: (args) => {
        onlyKnown('alarm', args, ['text', 'color']);
        const lines = new Map(this.#side.face.lines);
        lines.set(textArg('alarm', args, 'text', 79), choiceArg('alarm', args, 'color', COLORS));
        this.#side.setFace({ ...this.#side.face, lines });
      },
      silence: (args) => {
        onlyKnown('silence', args, ['info']);
        const silence = numberArg('silence', args, 'info', [0, 7]);
        this.#side.setFace({ ...this.#side.face, silence });
      },
      sound: (args) => {
        onlyKnown('sound', args, ['on']);
        this.#side.setFace({ ...this.#side.face, isSoundOn: booleanArg('sound', args, 'on') });
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
