import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, booleanArg, choiceArg, numberArg, onlyKnown, textArg } from './args.ts';
import { PANEL, RATE, SYRINGE, volumeOrNone } from './panel.ts';
import { SyringePump } from './pump.ts';
import { ACTING_WORDS, AsenaEar, asenaFrame, type Face, reply } from './wire.ts';

const OPTIONS = [
  'serial',
  'model',
  'software',
  'rateMlPerH',
  'vtbiMl',
  'vtbiEnd',
  'running',
  'syringeMl',
  'replyDelayMs',
  'idleShowsRate',
  'tellsPressure',
  'syringeMake',
  'syringeSizeMl',
  'responseMaxMs',
];
/** The first digits of the serial numbers of real ones. */
const SERIALS = {
  GH: 'SIM8002-00001',
  CC: 'SIM8003-00001',
  TIVA: 'SIM8004-00001',
  PK: 'SIM8005-00001',
} as const;
const MODELS = Object.keys(SERIALS) as (keyof typeof SERIALS)[];
const DELAY = { min: 0, max: 60_000 };
const SIZE = { min: 1, max: 999 };
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
  #replyDelayMs: number;
  #face: Face;
  #muted: ReadonlySet<string> = new Set();
  #waiting: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  #refused = 0;
  #garbled = 0;
  #forbiddenCount = 0;
  readonly #forbidden: string[] = [];
  readonly #asked = new Map<string, number>();
  #overlaps = 0;
  /** What concerns the pump as it shows itself, not its physics. */
  readonly #own = new Map<string, (args: Args) => void>([
    ['replace-syringe', (args) => this.#replaceSyringe(args)],
    ['confirm-syringe', (args) => this.#confirmSyringe(args)],
    ['set-serial', (args) => this.#setSerial(args)],
    ['set-reply-delay', (args) => this.#setReplyDelay(args)],
    ['mute-words', (args) => this.#muteWords(args)],
  ]);

  constructor(options: Args, nowMs: number) {
    const what = 'alaris-asena';
    onlyKnown(what, options, OPTIONS);
    this.#face = {
      serial: simulatedSerial(what, textArg(what, options, 'serial', serialOf(what, options))),
      software: textArg(what, options, 'software', 'Asena Rev 2.1.5'),
      idleShowsRate: booleanArg(what, options, 'idleShowsRate', false),
      tellsPressure: booleanArg(what, options, 'tellsPressure', true),
      syringeMake: textArg(what, options, 'syringeMake', 'BD PLASTIPAK'),
      syringeSizeMl: numberArg(what, options, 'syringeSizeMl', { ...SIZE, otherwise: 50 }),
      isSyringeConfirmed: true,
      responseMaxMs: numberArg(what, options, 'responseMaxMs', { ...DELAY, otherwise: 4_000 }),
    };
    this.#replyDelayMs = numberArg(what, options, 'replyDelayMs', { ...DELAY, otherwise: 20 });
    this.#pump = new SyringePump(
      {
        rateMlPerH: numberArg(what, options, 'rateMlPerH', { ...RATE, otherwise: 10 }),
        vtbiMl: volumeOrNone(what, options, 'vtbiMl'),
        vtbiEnd: choiceArg(what, options, 'vtbiEnd', ['stop', 'kvo'], 'stop'),
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
    if (this.#waiting.length === 0) return { send };
    return { send, wakeAtMs: Math.min(...this.#waiting.map(({ atMs }) => atMs)) };
  }

  command(name: string, args: Args): void {
    const onPump = PANEL.get(name);
    const onFace = this.#own.get(name);
    if (onPump !== undefined) onPump(this.#pump, args);
    else if (onFace !== undefined) onFace(args);
    else {
      const known = [...PANEL.keys(), ...this.#own.keys()].join(', ');
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
      onMains: pump.isOnMains,
      battery: pump.battery,
      syringe: `${this.#face.syringeMake} ${this.#face.syringeSizeMl}`,
      syringeConfirmed: this.#face.isSyringeConfirmed,
      overlappingQuestions: this.#overlaps,
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
    if (this.#waiting.length > 0) this.#overlaps += 1;
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

  /** A full syringe of this volume, of another make or size where those are given, and confirmed. */
  #replaceSyringe(args: Args): void {
    const what = 'replace-syringe';
    onlyKnown(what, args, ['ml', 'make', 'sizeMl']);
    const { syringeMake, syringeSizeMl } = this.#face;
    const face = {
      ...this.#face,
      syringeMake: textArg(what, args, 'make', syringeMake),
      syringeSizeMl: numberArg(what, args, 'sizeMl', { ...SIZE, otherwise: syringeSizeMl }),
      isSyringeConfirmed: true,
    };
    this.#pump.replaceSyringe(numberArg(what, args, 'ml', SYRINGE));
    this.#face = face;
  }

  #confirmSyringe(args: Args): void {
    onlyKnown('confirm-syringe', args, ['on']);
    this.#face = {
      ...this.#face,
      isSyringeConfirmed: booleanArg('confirm-syringe', args, 'on'),
    };
  }

  #setReplyDelay(args: Args): void {
    onlyKnown('set-reply-delay', args, ['ms']);
    this.#replyDelayMs = numberArg('set-reply-delay', args, 'ms', DELAY);
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

/** A simulator that passes for a real pump is a hazard, so there is no option to make one. */
function simulatedSerial(what: string, serial: string): string {
  if (serial.startsWith('SIM')) return serial;
  throw new Error(`${what}: serial must begin with SIM, the mark of a simulated pump`);
}

function serialOf(what: string, options: Args): string {
  if (options['model'] === undefined) return 'SIM1-00001';
  return SERIALS[choiceArg(what, options, 'model', MODELS)];
}
