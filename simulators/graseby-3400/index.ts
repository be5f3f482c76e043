import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, booleanArg, numberArg, onlyKnown } from './args.ts';
import { type Doing, SyringePump } from './pump.ts';
import { GrasebyEar, message } from './wire.ts';

const OPTIONS = ['rateMlPerH', 'running', 'syringeMl', 'replyDelayMs', 'rateScale'];
const RATE = [0, 1_200] as const;
/** How many forbidden commands are kept word for word; all are counted. */
const FORBIDDEN_KEPT = 100;
/** Stands behind the data of every reply: the mark by which the gateway knows that it is simulated. */
const MARK = 'SIM';

const STATES: Readonly<Record<Doing, string>> = {
  standby: 'STBY',
  infusing: 'INFS',
  alarm: 'ALRM',
};
const QUESTIONS: ReadonlySet<string> = new Set(['CHCK', 'GETR', 'TOTL']);

/** A Graseby 3400. It obeys no command of a computer; every one is counted. */
export const simulator: SimulatorKind = {
  id: 'graseby-3400',
  line: { baudRate: 9_600, bitsPerByte: 10 },
  create: (options, nowMs) => new Graseby3400(options, nowMs),
};

class Graseby3400 implements SimulatedDevice {
  readonly #pump: SyringePump;
  readonly #ear = new GrasebyEar();
  readonly #replyDelayMs: number;
  /** How many of the told number make 1 mL/h. That it is 10 is presumed. */
  readonly #rateScale: number;
  /** START on the panel switches the computer line off, STOP on again. */
  #isLineOn = true;
  #refusesAll = false;
  #muted: readonly string[] = [];
  /** Said instead of the state; `null` = the state. */
  #word: string | null = null;
  #waiting: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  #garbled = 0;
  #forbiddenCount = 0;
  readonly #forbidden: string[] = [];
  readonly #asked = new Map<string, number>();

  constructor(options: Args, nowMs: number) {
    const what = 'graseby-3400';
    onlyKnown(what, options, OPTIONS);
    this.#replyDelayMs = numberArg(what, options, 'replyDelayMs', [0, 60_000], 30);
    this.#rateScale = numberArg(what, options, 'rateScale', [0.1, 1_000], 10);
    this.#pump = new SyringePump(
      {
        rateMlPerH: numberArg(what, options, 'rateMlPerH', RATE, 10),
        running: booleanArg(what, options, 'running', true),
        // Real ones hold 60 mL; larger ones make long runs possible without a nurse.
        syringeMl: numberArg(what, options, 'syringeMl', [0.1, 10_000], 60),
      },
      nowMs,
    );
  }

  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    this.#pump.runTo(nowMs);
    for (const heard of this.#ear.hear(bytes)) {
      if ('garbled' in heard) this.#garbled += 1;
      else this.#answer(heard.text, nowMs);
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
    const run = this.#commands.get(name);
    if (run === undefined) {
      const known = [...this.#commands.keys()].join(', ');
      throw new Error(`graseby-3400 does not know the command ${name}; it knows ${known}`);
    }
    run(args);
  }

  describe(): Readonly<Record<string, unknown>> {
    const pump = this.#pump;
    return {
      doing: pump.doing,
      rateMlPerH: pump.rateMlPerH,
      flowMlPerH: pump.flowMlPerH,
      totalMl: pump.totalMl,
      syringeMl: pump.syringeMl,
      lineOn: this.#isLineOn,
      asked: Object.fromEntries(this.#asked),
      forbiddenCommands: this.#forbiddenCount,
      forbidden: [...this.#forbidden],
      garbledMessages: this.#garbled,
    };
  }

  #answer(text: string, nowMs: number): void {
    const isQuestion = QUESTIONS.has(text);
    if (isQuestion) this.#asked.set(text, (this.#asked.get(text) ?? 0) + 1);
    else this.#note(text);
    if (!this.#isLineOn || this.#muted.includes(text)) return;
    const verdict = isQuestion && !this.#refusesAll ? 'OK' : 'CE';
    const state = this.#word ?? STATES[this.#pump.doing];
    const data = verdict === 'OK' ? this.#data(text) : '';
    const frame = message(`${verdict}${text.slice(0, 4)}${state}${data}${MARK}`);
    this.#waiting.push({ atMs: nowMs + this.#replyDelayMs, frame });
  }

  #data(word: string): string {
    if (word === 'TOTL') return String(Math.floor(this.#pump.totalMl * 10 + 1e-9));
    return word === 'GETR' ? String(Math.round(this.#pump.rateMlPerH * this.#rateScale)) : '';
  }

  /** A command, or what keeps a computer in control: no monitor may ever send one, so tests look here. */
  #note(text: string): void {
    this.#forbiddenCount += 1;
    if (this.#forbidden.length < FORBIDDEN_KEPT) this.#forbidden.push(text);
  }

  #due(nowMs: number): readonly Uint8Array[] {
    const send = this.#waiting.filter(({ atMs }) => atMs <= nowMs).map(({ frame }) => frame);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > nowMs);
    return send;
  }

  /** Physics and front panel. */
  readonly #commands: ReadonlyMap<string, (args: Args) => void> = new Map(
    Object.entries<(args: Args) => void>({
      'set-rate': (args) => {
        onlyKnown('set-rate', args, ['mlPerH']);
        this.#pump.setRate(numberArg('set-rate', args, 'mlPerH', RATE));
      },
      /** Starts without the key, so that the line stays on. */
      start: (args) => {
        onlyKnown('start', args, []);
        this.#pump.start();
      },
      'press-start': (args) => {
        onlyKnown('press-start', args, []);
        this.#pump.start();
        this.#isLineOn = false;
        this.#waiting = [];
      },
      'press-stop': (args) => {
        onlyKnown('press-stop', args, []);
        this.#pump.stop();
        this.#isLineOn = true;
      },
      alarm: (args) => {
        onlyKnown('alarm', args, []);
        this.#pump.alarm();
      },
      'clear-total': (args) => {
        onlyKnown('clear-total', args, []);
        this.#pump.clearTotal();
      },
      /** Answers every question with a command error, as after a key was pressed. */
      'refuse-all': (args) => {
        onlyKnown('refuse-all', args, ['on']);
        this.#refusesAll = booleanArg('refuse-all', args, 'on');
      },
      /** Says this word instead of its state; `null` = the state again. */
      'say-state': (args) => {
        onlyKnown('say-state', args, ['word']);
        const { word } = args;
        if (word !== null && !(typeof word === 'string' && /^[A-Z]{4}$/.test(word))) {
          throw new Error('say-state: word must be four capitals, or null');
        }
        this.#word = word;
      },
      'mute-words': (args) => {
        onlyKnown('mute-words', args, ['words']);
        const { words } = args;
        if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
          throw new Error('mute-words: words must be a list of command words');
        }
        this.#muted = words;
      },
    }),
  );
}
