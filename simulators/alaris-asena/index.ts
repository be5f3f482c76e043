import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, booleanArg, numberArg, onlyKnown, textArg } from './args.ts';
import { SyringePump } from './pump.ts';
import { ACTING_WORDS, AsenaEar, asenaFrame, type Face, reply } from './wire.ts';

const OPTIONS = [
  'serial',
  'software',
  'rateMlPerH',
  'vtbiMl',
  'vtbiEnd',
  'running',
  'syringeMl',
  'replyDelayMs',
  'idleShowsRate',
];
const RATE = { min: 0, max: 1_200 };
const VOLUME = { min: 0.001, max: 9_999 };
/** Real ones hold 50 mL; larger ones make long runs possible without a nurse. */
const SYRINGE = { min: 0.1, max: 10_000, otherwise: 50 };
/** How many forbidden commands are kept word for word; all are counted. */
const FORBIDDEN_KEPT = 100;

/**
 * An Asena syringe pump. Its serial number begins with SIM, in every INF reply: that is the mark by
 * which the gateway knows that it is simulated.
 */
export const simulator: SimulatorKind = {
  id: 'alaris-asena',
  line: { baudRate: 38_400, bitsPerByte: 10 },
  create: (options, nowMs) => new AlarisAsena(options, nowMs),
};

class AlarisAsena implements SimulatedDevice {
  readonly #pump: SyringePump;
  readonly #ear = new AsenaEar();
  readonly #replyDelayMs: number;
  #face: Face;
  #muted: ReadonlySet<string> = new Set();
  #waiting: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  #refused = 0;
  #garbled = 0;
  #forbiddenCount = 0;
  readonly #forbidden: string[] = [];
  readonly #asked = new Map<string, number>();

  constructor(options: Args, nowMs: number) {
    const what = 'alaris-asena';
    onlyKnown(what, options, OPTIONS);
    this.#face = {
      serial: simulatedSerial(what, textArg(what, options, 'serial', 'SIM1-00001')),
      software: textArg(what, options, 'software', 'Asena Rev 2.1.5'),
      idleShowsRate: booleanArg(what, options, 'idleShowsRate', false),
    };
    this.#replyDelayMs = numberArg(what, options, 'replyDelayMs', {
      min: 0,
      max: 60_000,
      otherwise: 20,
    });
    this.#pump = new SyringePump(
      {
        rateMlPerH: numberArg(what, options, 'rateMlPerH', { ...RATE, otherwise: 10 }),
        vtbiMl: volumeOrNone(what, options, 'vtbiMl'),
        vtbiEnd: endArg(what, options),
        running: booleanArg(what, options, 'running', true),
        syringeMl: numberArg(what, options, 'syringeMl', SYRINGE),
      },
      nowMs,
    );
  }

  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    this.#pump.runTo(nowMs);
    for (const heard of this.#ear.hear(bytes)) {
      if ('garbled' in heard) this.#garbled += 1;
      else this.#answer(heard.body, nowMs);
    }
    return this.#replyDelayMs === 0 ? this.#due(nowMs) : [];
  }

  advance(nowMs: number): Advance {
    this.#pump.runTo(nowMs);
    const send = this.#due(nowMs);
    const next = this.#waiting[0];
    return next === undefined ? { send } : { send, wakeAtMs: next.atMs };
  }

  command(name: string, args: Args): void {
    const run = PANEL.get(name);
    if (run !== undefined) run(this.#pump, args);
    else if (name === 'set-serial') this.#setSerial(args);
    else if (name === 'mute-words') this.#muteWords(args);
    else {
      const known = [...PANEL.keys(), 'set-serial', 'mute-words'].join(', ');
      throw new Error(`alaris-asena does not know the command ${name}; it knows ${known}`);
    }
  }

  describe(): Readonly<Record<string, unknown>> {
    const pump = this.#pump;
    return {
      serial: this.#face.serial,
      status: pump.status,
      running: pump.isRunning,
      rateMlPerH: pump.rateMlPerH,
      flowMlPerH: pump.flowMlPerH,
      infusedMl: pump.infusedMl,
      vtbiMl: pump.vtbiLeftMl,
      syringeMl: pump.syringeMl,
      pressureMmHg: pump.pressureMmHg,
      occluded: pump.isOccluded,
      alarm: pump.alarm,
      eventNumber: pump.eventNumber,
      asked: Object.fromEntries(this.#asked),
      refusedCommands: this.#refused,
      forbiddenCommands: this.#forbiddenCount,
      forbidden: [...this.#forbidden],
      garbledFrames: this.#garbled,
    };
  }

  #answer(body: string, nowMs: number): void {
    const parts = reply(body, this.#pump, this.#face);
    if (parts === undefined) {
      this.#refused += 1;
      if (body.includes('^') || ACTING_WORDS.has(body)) this.#note(body);
      return;
    }
    this.#asked.set(body, (this.#asked.get(body) ?? 0) + 1);
    if (this.#muted.has(body)) return;
    this.#waiting.push({ atMs: nowMs + this.#replyDelayMs, frame: asenaFrame(parts) });
  }

  /** A command that acts on the pump: no monitor may ever send one, so tests look here. */
  #note(body: string): void {
    this.#forbiddenCount += 1;
    if (this.#forbidden.length < FORBIDDEN_KEPT) this.#forbidden.push(body);
  }

  #due(nowMs: number): readonly Uint8Array[] {
    const send = this.#waiting.filter(({ atMs }) => atMs <= nowMs).map(({ frame }) => frame);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > nowMs);
    return send;
  }

  /** As if the cable went to another pump. */
  #setSerial(args: Args): void {
    onlyKnown('set-serial', args, ['serial']);
    const serial = simulatedSerial('set-serial', textArg('set-serial', args, 'serial'));
    this.#face = { ...this.#face, serial };
  }

  /** Stays silent on these questions from now on, and on these only. */
  #muteWords(args: Args): void {
    onlyKnown('mute-words', args, ['words']);
    const words = args['words'];
    if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
      throw new Error('mute-words: words must be a list of command words');
    }
    this.#muted = new Set(words);
  }
}

type Command = (pump: SyringePump, args: Args) => void;

/** Physics and front panel. */
const PANEL: ReadonlyMap<string, Command> = new Map(
  Object.entries<Command>({
    'set-rate': (pump, args) => {
      onlyKnown('set-rate', args, ['mlPerH']);
      pump.setRate(numberArg('set-rate', args, 'mlPerH', RATE));
    },
    start: (pump, args) => {
      onlyKnown('start', args, []);
      pump.start();
    },
    hold: (pump, args) => {
      onlyKnown('hold', args, []);
      pump.hold();
    },
    'set-vtbi': (pump, args) => {
      onlyKnown('set-vtbi', args, ['ml']);
      pump.setVtbi(volumeOrNone('set-vtbi', args, 'ml'));
    },
    occlude: (pump, args) => {
      onlyKnown('occlude', args, ['on']);
      pump.occlude(booleanArg('occlude', args, 'on'));
    },
    alarm: (pump, args) => {
      onlyKnown('alarm', args, ['code']);
      pump.signal(args['code'] === null ? null : textArg('alarm', args, 'code'));
    },
    'clear-volume': (pump, args) => {
      onlyKnown('clear-volume', args, []);
      pump.clearVolume();
    },
    'replace-syringe': (pump, args) => {
      onlyKnown('replace-syringe', args, ['ml']);
      pump.replaceSyringe(numberArg('replace-syringe', args, 'ml', SYRINGE));
    },
  }),
);

/** A simulator that passes for a real pump is a hazard, so there is no option to make one. */
function simulatedSerial(what: string, serial: string): string {
  if (serial.startsWith('SIM')) return serial;
  throw new Error(`${what}: serial must begin with SIM, the mark of a simulated pump`);
}

function volumeOrNone(what: string, args: Args, name: string): number | null {
  return args[name] === undefined || args[name] === null
    ? null
    : numberArg(what, args, name, VOLUME);
}

function endArg(what: string, args: Args): 'stop' | 'kvo' {
  const end = args['vtbiEnd'] ?? 'stop';
  if (end === 'stop' || end === 'kvo') return end;
  throw new Error(`${what}: vtbiEnd must be stop or kvo`);
}
