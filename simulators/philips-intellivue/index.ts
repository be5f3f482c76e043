import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { alarmsOf } from './alarms.ts';
import { type Args, booleanArg, numberArg, onlyKnown, textArg } from './args.ts';
import { Cuff, type Pressure } from './cuff.ts';
import { DataExport } from './export.ts';
import { AT_REST, BOUNDS, meanPressure, Patient, SIGNS, type Signs } from './patient.ts';
import { type Alarm, alarmThing, numericThings, type Shown } from './things.ts';
import { Waves } from './waves.ts';

const WHAT = 'philips-intellivue';
const OPTIONS = [
  ...SIGNS,
  'seed',
  'variability',
  'nibpIntervalMin',
  'co2',
  'serial',
  'extended',
  'alarmList',
  'waves',
  'ticksAtStart',
  'wallAtStartMs',
];
/** Start of the virtual clock of tests: without another the monitor's clock agrees with it. */
const WALL_AT_ZERO_MS = Date.UTC(2026, 0, 5, 8, 0, 0);
/** The first automatic measurement; a nurse needs that long to put the cuff on. */
const FIRST_RUN_MS = 2_000;
const INTERVAL_MIN_MAX = 240;

/**
 * An IntelliVue monitor on its Data Export port: association, numerics, alarms, waves. Its model begins with
 * SIM, and so does its serial number: that is the mark by which the gateway knows that it is simulated.
 */
export const simulator: SimulatorKind = {
  id: WHAT,
  line: { baudRate: 115_200, bitsPerByte: 10 },
  create: (options, nowMs) => new IntellivueMonitor(options, nowMs),
};

class IntellivueMonitor implements SimulatedDevice {
  readonly #patient: Patient;
  readonly #cuff: Cuff;
  readonly #export: DataExport;
  readonly #waves = new Waves();
  readonly #hasCo2: boolean;
  readonly #ticksAtStart: number;
  #nowMs: number;
  readonly #startMs: number;
  /** Wall time of the monitor's own clock when `nowMs` is 0. */
  #clockAtZeroMs: number;
  #probeOff = false;
  #leadsOff = false;
  #asystole = false;
  #alarmsOff = false;
  #mark: 'none' | 'demo' | 'test' = 'none';
  #noBreathSinceMs: number | null = null;
  #sent: Shown | null = null;
  #alarmsSent: readonly string[] = [];

  constructor(options: Args, nowMs: number) {
    onlyKnown(WHAT, options, OPTIONS);
    const seed = numberArg(WHAT, options, 'seed', [-(2 ** 31), 2 ** 32], 1);
    const variability = numberArg(WHAT, options, 'variability', [0, 3], 1);
    this.#nowMs = nowMs;
    this.#startMs = nowMs;
    this.#patient = new Patient(signsOf(options), seed, variability, nowMs);
    const intervalMin = intervalArg(WHAT, options, 'nibpIntervalMin', 15);
    this.#cuff = new Cuff(
      (atMs) => this.#pressure(atMs),
      intervalMin,
      seed + 1,
      nowMs + FIRST_RUN_MS,
    );
    this.#hasCo2 = booleanArg(WHAT, options, 'co2', true);
    this.#ticksAtStart = numberArg(WHAT, options, 'ticksAtStart', [0, 2 ** 32 - 1], 15_000_000);
    const bounds = [0, 4_000_000_000_000] as const;
    const wall = numberArg(WHAT, options, 'wallAtStartMs', bounds, WALL_AT_ZERO_MS + nowMs);
    this.#clockAtZeroMs = wall - nowMs;
    const serial = textArg(WHAT, options, 'serial', /^SIM[\dA-Z]{1,9}$/, 'SIM00001');
    this.#export = new DataExport({
      introduction: (atMs) => ({
        model: 'SIM M8000',
        serial,
        firmware: 'S.01.00',
        wallMs: this.#wallMs(atMs),
        ticks: this.#ticks(atMs),
      }),
      ticks: (atMs) => this.#ticks(atMs),
      numerics: (atMs, isFirst) => numericThings(this.#shown(atMs), isFirst),
      alarms: (atMs) => [alarmThing(this.#alarms(atMs), this.#alarmState())],
      waves: (atMs, sequence) => this.#waves.things(this.#waveSource(), sequence, atMs),
    });
    this.#export.knowsExtended = booleanArg(WHAT, options, 'extended', true);
    this.#export.knowsAlarms = booleanArg(WHAT, options, 'alarmList', true);
    this.#export.knowsWaves = booleanArg(WHAT, options, 'waves', true);
  }

  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    this.#runTo(nowMs);
    const due = this.#export.runTo(nowMs);
    this.#export.hear(bytes, nowMs);
    return [...due, ...this.#export.runTo(nowMs)];
  }

  advance(nowMs: number): Advance {
    const send: Uint8Array[] = [];
    // Step by step, so that a late call finds the patient as he was at each moment.
    for (;;) {
      const nextAtMs = this.#export.wakeAtMs;
      if (nextAtMs === undefined || nextAtMs > nowMs) break;
      this.#runTo(nextAtMs);
      send.push(...this.#export.runTo(nextAtMs));
    }
    this.#runTo(nowMs);
    const { wakeAtMs } = this.#export;
    return wakeAtMs === undefined ? { send } : { send, wakeAtMs };
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
    const { reading } = this.#cuff;
    return {
      patient: Object.fromEntries(
        SIGNS.map((sign) => [sign, this.#patient.sign(sign, this.#nowMs)]),
      ),
      /** What the last reply said; `null` before the first. */
      sent: this.#sent,
      alarmsSent: [...this.#alarmsSent],
      nibp: reading === null ? null : { ...reading },
      nibpMeasuring: this.#cuff.isMeasuring,
      nibpReadings: this.#cuff.readings,
      nibpFailedRuns: this.#cuff.failedRuns,
      nibpIntervalMin: this.#cuff.intervalMin,
      probeOff: this.#probeOff,
      leadsOff: this.#leadsOff,
      asystole: this.#asystole,
      clockMs: this.#wallMs(this.#nowMs),
      ticks: this.#ticks(this.#nowMs),
      association: this.#export.state,
      associations: this.#export.associations,
      asked: { ...this.#export.asked },
      forbidden: this.#export.forbidden,
    };
  }

  #runTo(nowMs: number): void {
    this.#cuff.runTo(nowMs);
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const isBreathing = this.#patient.sign('rr', nowMs) >= 0.5;
    this.#noBreathSinceMs = isBreathing ? null : (this.#noBreathSinceMs ?? nowMs);
  }

  #wallMs(atMs: number): number {
    return this.#clockAtZeroMs + atMs;
  }

  /** 1/8 ms, 32 bits: it wraps after 6 days 5 h 7 min. */
  #ticks(atMs: number): number {
    return (this.#ticksAtStart + Math.round((atMs - this.#startMs) * 8)) % 2 ** 32;
  }

  /** What the monitor makes of the patient, its sensors and its own state. */
  #shown(atMs: number): Shown {
    const whole = (sign: (typeof SIGNS)[number]): number =>
      Math.round(this.#patient.sign(sign, atMs));
    const rate = this.#asystole ? 0 : whole('hr');
    const isPulseSeen = !this.#probeOff && rate > 0;
    const { reading } = this.#cuff;
    const shown: Shown = {
      hr: this.#leadsOff ? null : rate,
      spo2: isPulseSeen ? Math.round(this.#patient.sign('spo2', atMs) * 10) / 10 : null,
      pulse: isPulseSeen ? rate : null,
      perfusion: isPulseSeen ? 3.7 : null,
      rr: this.#leadsOff ? null : whole('rr'),
      awRr: this.#hasCo2 ? whole('rr') : null,
      etco2: this.#hasCo2 && whole('rr') > 0 ? whole('etco2') : null,
      hasCo2: this.#hasCo2,
      nibp:
        reading === null
          ? null
          : {
              sys: reading.sys,
              dia: reading.dia,
              map: reading.map,
              takenWallMs: Math.floor(this.#wallMs(reading.atMs) / 1_000) * 1_000,
            },
      isMeasuring: this.#cuff.isMeasuring,
      mark: this.#valueState(),
    };
    this.#sent = shown;
    return shown;
  }

  /** Bits of every value and every block. */
  #valueState(): number {
    return { none: 0, demo: 0x0400, test: 0x0800 }[this.#mark];
  }

  #waveSource() {
    return {
      rate: (atMs: number): number => (this.#asystole ? 0 : this.#patient.sign('hr', atMs)),
      isLeadsOff: this.#leadsOff,
      isProbeOff: this.#probeOff,
      mark: this.#valueState(),
    };
  }

  #alarmState(): number {
    return { none: 0, demo: 0x0100, test: 0x0400 }[this.#mark];
  }

  #alarms(atMs: number): readonly Alarm[] {
    const alarms = alarmsOf({
      rate: this.#patient.sign('hr', atMs),
      saturation: this.#patient.sign('spo2', atMs),
      breathlessMs: this.#noBreathSinceMs === null ? 0 : atMs - this.#noBreathSinceMs,
      isAsystole: this.#asystole,
      isLeadsOff: this.#leadsOff,
      isProbeOff: this.#probeOff,
      isCuffFailed: this.#cuff.isFailed,
      isAlarmsOff: this.#alarmsOff,
    });
    this.#alarmsSent = alarms.map(({ words }) => words);
    return alarms;
  }

  #pressure(atMs: number): Pressure | null {
    if (this.#asystole) return null;
    return {
      sys: this.#patient.sign('sys', atMs),
      dia: this.#patient.sign('dia', atMs),
      map: this.#patient.sign('map', atMs),
    };
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
      'alarms-off': (args) => {
        this.#alarmsOff = onOff('alarms-off', args);
      },
      demo: (args) => {
        this.#mark = onOff('demo', args) ? 'demo' : 'none';
      },
      test: (args) => {
        this.#mark = onOff('test', args) ? 'test' : 'none';
      },
      refuse: (args) => {
        this.#export.isRefusing = onOff('refuse', args);
      },
      mute: (args) => {
        this.#export.isMute = onOff('mute', args);
      },
      'alarm-list': (args) => {
        this.#export.knowsAlarms = onOff('alarm-list', args);
      },
      'lose-waves': (args) => {
        onlyKnown('lose-waves', args, ['replies']);
        this.#export.wavesToLose = numberArg('lose-waves', args, 'replies', [0, 1_000]);
      },
      abort: (args) => {
        onlyKnown('abort', args, []);
        this.#export.abort(this.#nowMs);
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
