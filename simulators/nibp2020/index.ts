import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, booleanArg, numberArg, onlyKnown } from './args.ts';
import { Cuff, type Happening } from './cuff.ts';
import { endFrame, type Heard, NibpEar, pressureFrame, statusFrame } from './wire.ts';

const WHAT = 'nibp2020';
const SIGNS = ['sys', 'dia', 'map', 'pulse'] as const;
type Sign = (typeof SIGNS)[number];
const AT_REST: Readonly<Record<Sign, number>> = { sys: 122, dia: 77, map: 94, pulse: 75 };
const SIGN_RANGE = [0, 300] as const;
const CYCLES = [0, 1, 2, 3, 4, 5, 10, 15, 30, 60, 90];
/** Codes 04 to 13 set these cycles, in this order. */
const CYCLE_CODE_FROM = 4;
const FIRST_RUN_MS = 2_000;
const STANDBY = 1;
const ERROR = 2;
const INITIALISING = 5;
const CYCLE_WAIT = 6;
const INITIALISING_MS = 5_000;
/** How many forbidden commands are kept word for word; all are counted. */
const FORBIDDEN_KEPT = 100;

/** A PAR / Medlab cuff module: no keys, no screen, it does what the host says. */
export const simulator: SimulatorKind = {
  id: WHAT,
  line: { baudRate: 4_800, bitsPerByte: 10 },
  create: (options, nowMs) => new CuffModule(options, nowMs),
};

class CuffModule implements SimulatedDevice {
  readonly #cuff: Cuff;
  readonly #ear: NibpEar;
  readonly #isCombi: boolean;
  readonly #replyDelayMs: number;
  /** Whether a cycle command starts a run at once. Nobody knows. */
  readonly #cycleStartsAtOnce: boolean;
  readonly #patient: Record<Sign, number>;
  #nowMs: number;
  #isNeonatal = false;
  #isInError = false;
  #isWithoutPressures = false;
  #isWithoutEnd = false;
  #initialisingUntilMs: number | null = null;
  #waiting: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  readonly #asked = new Map<string, number>();
  #commands = 0;
  #garbled = 0;
  #forbiddenCount = 0;
  readonly #forbidden: string[] = [];

  constructor(options: Args, nowMs: number) {
    const known = ['cycleMin', 'combi', 'blanks', 'cycleStartsAtOnce', 'spread', 'seed'];
    onlyKnown(WHAT, options, [...known, ...SIGNS, 'replyDelayMs']);
    this.#nowMs = nowMs;
    this.#patient = { ...AT_REST };
    this.#setSigns(WHAT, options);
    this.#isCombi = booleanArg(WHAT, options, 'combi', false);
    this.#ear = new NibpEar(this.#isCombi);
    this.#replyDelayMs = numberArg(WHAT, options, 'replyDelayMs', [0, 60_000], 30);
    this.#cycleStartsAtOnce = booleanArg(WHAT, options, 'cycleStartsAtOnce', false);
    this.#cuff = new Cuff(() => ({ ...this.#patient }), {
      blanks: booleanArg(WHAT, options, 'blanks', true),
      spread: numberArg(WHAT, options, 'spread', [0, 20], 3),
      seed: numberArg(WHAT, options, 'seed', [-(2 ** 31), 2 ** 32], 1),
    });
    this.#cuff.setCycle(cycleArg(WHAT, options, 'cycleMin', 15), nowMs + FIRST_RUN_MS);
  }

  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    const send = this.#runTo(nowMs);
    for (const heard of this.#ear.hear(bytes)) send.push(...this.#heed(heard, nowMs));
    return [...send, ...this.#due(nowMs)];
  }

  advance(nowMs: number): Advance {
    const send = [...this.#runTo(nowMs), ...this.#due(nowMs)];
    const times = [this.#cuff.dueMs(), this.#waiting[0]?.atMs, this.#initialisingUntilMs];
    const next = times.filter((atMs) => typeof atMs === 'number');
    return next.length === 0 ? { send } : { send, wakeAtMs: Math.min(...next) };
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
    const cuff = this.#cuff;
    return {
      patient: { ...this.#patient },
      /** What the next status would say. */
      result: cuff.result,
      message: cuff.message,
      state: this.#state(),
      cycleMin: cuff.cycleMin,
      readings: cuff.readings,
      failedRuns: cuff.failedRuns,
      endedAtMs: cuff.endedAtMs,
      asked: Object.fromEntries(this.#asked),
      commands: this.#commands,
      forbiddenCommands: this.#forbiddenCount,
      forbidden: [...this.#forbidden],
      garbledMessages: this.#garbled,
    };
  }

  #runTo(nowMs: number): Uint8Array[] {
    const happened = this.#cuff.runTo(nowMs);
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    if (this.#initialisingUntilMs !== null && nowMs >= this.#initialisingUntilMs) {
      this.#initialisingUntilMs = null;
    }
    return this.#frames(happened);
  }

  #frames(happened: readonly Happening[]): Uint8Array[] {
    return happened.flatMap((one) => {
      if (one.kind === 'end') return this.#isWithoutEnd ? [] : [endFrame(this.#isCombi)];
      return this.#isWithoutPressures ? [] : [pressureFrame(one.mmHg, one.state, this.#isCombi)];
    });
  }

  #heed(heard: Heard, nowMs: number): readonly Uint8Array[] {
    if ('garbled' in heard) {
      this.#garbled += 1;
      return [];
    }
    const code = 'isAbort' in heard ? 'X' : heard.code;
    this.#asked.set(code, (this.#asked.get(code) ?? 0) + 1);
    if (code === '18') {
      this.#answer(nowMs);
      return [];
    }
    this.#commands += 1;
    if (code === 'X') return this.#frames(this.#cuff.abort());
    if (code === '01') this.#cuff.start('measure', nowMs);
    else if (code === '10') {
      const firstMs = nowMs + (this.#cycleStartsAtOnce ? 0 : 15 * 60_000);
      this.#cuff.setCycle(CYCLES[Number(code) - CYCLE_CODE_FROM + 1] ?? 0, firstMs);
    } else this.#note(code);
    return [];
  }

  /** Obeyed by real ones, and never to be sent by us, so tests look here. */
  #note(code: string): void {
    this.#forbiddenCount += 1;
    if (this.#forbidden.length < FORBIDDEN_KEPT) this.#forbidden.push(code);
  }

  #answer(nowMs: number): void {
    const cuff = this.#cuff;
    const frame = statusFrame(
      {
        state: this.#state(),
        isNeonatal: this.#isNeonatal,
        cycleMin: cuff.cycleMin,
        message: cuff.message,
        result: cuff.result,
        seconds: cuff.secondsToNext(nowMs),
      },
      this.#isCombi,
    );
    this.#waiting.push({ atMs: nowMs + this.#replyDelayMs, frame });
  }

  #state(): number {
    if (this.#initialisingUntilMs !== null) return INITIALISING;
    const running = this.#cuff.stateAt(this.#nowMs);
    if (running !== null) return running;
    if (this.#isInError) return ERROR;
    return this.#cuff.cycleMin === 0 ? STANDBY : CYCLE_WAIT;
  }

  #due(nowMs: number): readonly Uint8Array[] {
    const send = this.#waiting.filter(({ atMs }) => atMs <= nowMs).map(({ frame }) => frame);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > nowMs);
    return send;
  }

  #setSigns(what: string, args: Args): void {
    for (const sign of SIGNS) {
      this.#patient[sign] = numberArg(what, args, sign, SIGN_RANGE, this.#patient[sign]);
    }
  }

  readonly #panel: ReadonlyMap<string, (args: Args) => void> = new Map(
    Object.entries<(args: Args) => void>({
      set: (args) => {
        onlyKnown('set', args, SIGNS);
        this.#setSigns('set', args);
      },
      /** As another host would start it: the module has no key. */
      measure: (args) => {
        onlyKnown('measure', args, []);
        this.#cuff.start('measure', this.#nowMs);
      },
      'set-cycle': (args) => {
        onlyKnown('set-cycle', args, ['minutes']);
        const minutes = cycleArg('set-cycle', args, 'minutes');
        this.#cuff.setCycle(minutes, this.#nowMs + minutes * 60_000);
      },
      'fail-next': (args) => {
        onlyKnown('fail-next', args, ['code']);
        const code = numberArg('fail-next', args, 'code', [0, 99]);
        this.#cuff.failNext = String(Math.floor(code)).padStart(2, '0');
      },
      'leak-test': (args) => {
        onlyKnown('leak-test', args, []);
        this.#cuff.start('leak-test', this.#nowMs);
      },
      manometer: (args) => {
        if (onOff('manometer', args)) this.#cuff.start('manometer', this.#nowMs);
        else if (this.#cuff.mode === 'manometer') this.#cuff.abort();
      },
      /** Somebody stops the run; the line hears nothing but that no more pressures come. */
      stop: (args) => {
        onlyKnown('stop', args, []);
        this.#cuff.abort();
      },
      stick: (args) => {
        this.#cuff.isStuck = onOff('stick', args);
      },
      error: (args) => {
        this.#isInError = onOff('error', args);
      },
      neonatal: (args) => {
        this.#isNeonatal = onOff('neonatal', args);
      },
      'no-pressures': (args) => {
        this.#isWithoutPressures = onOff('no-pressures', args);
      },
      'no-end': (args) => {
        this.#isWithoutEnd = onOff('no-end', args);
      },
      restart: (args) => {
        onlyKnown('restart', args, []);
        this.#cuff.restart();
        this.#initialisingUntilMs = this.#nowMs + INITIALISING_MS;
      },
    }),
  );
}

function cycleArg(what: string, args: Args, name: string, otherwise?: number): number {
  const minutes = numberArg(what, args, name, [0, 90], otherwise);
  if (CYCLES.includes(minutes)) return minutes;
  throw new Error(`${what}: ${name} must be one of ${CYCLES.join(', ')}`);
}

function onOff(what: string, args: Args): boolean {
  onlyKnown(what, args, ['on']);
  return booleanArg(what, args, 'on');
}
