import { type Args, booleanArg, choiceArg, numberArg, onlyKnown, wholeArg } from './args.ts';
import type { AlarmLetter, BenchPump, RateUnit } from './pump.ts';
import { basicAnswer, number, PumpEar, safePacket } from './wire.ts';

const UNITS = ['UM', 'MM', 'UH', 'MH'] as const satisfies readonly RateUnit[];
const ALARMS = ['R', 'S', 'T', 'E', 'O'] as const satisfies readonly AlarmLetter[];
/** What changes the pump, in the forms that it would act on. */
const ACTING =
  /^(?:RAT[CIM]?\d*\.?\d*(?:[UM][MH])?|VOL\d*\.?\d*(?:[UM]L)?|DIA\d*\.?\d*|DIR(?:INF|WDR|REV)|(?:PHN|SAF)\d+|(?:RUN|STP|FUN|CLD|CLM|PUR|BOL|TRG|OUT|ROM|LOC|BUZ|AL|PF|LN|BP|DIN|\*).*)$/;
/** How many forbidden commands are kept word for word; all are counted. */
const FORBIDDEN_KEPT = 100;

export interface UnitSettings {
  readonly address: number;
  readonly version: string;
  readonly diameterMm: number;
  /** 0 = basic mode; else safe mode with so many seconds. */
  readonly safeSeconds: number;
}

/** One pump on the line: what it hears, answers and says by itself. */
export class PumpUnit {
  readonly pump: BenchPump;
  readonly #address: number;
  readonly #diameterMm: number;
  readonly #ear = new PumpEar();
  #version: string;
  #safeSeconds: number;
  #isOn = true;
  #isTimed = true;
  #heardAtMs: number;
  #said = new Set<AlarmLetter>();
  readonly #asked = new Map<string, number>();
  #unknown = 0;
  #garbled = 0;
  #forbiddenCount = 0;
  readonly #forbidden: string[] = [];

  constructor(pump: BenchPump, settings: UnitSettings, nowMs: number) {
    this.pump = pump;
    this.#address = settings.address;
    this.#version = settings.version;
    this.#diameterMm = settings.diameterMm;
    this.#safeSeconds = settings.safeSeconds;
    this.#heardAtMs = nowMs;
  }

  get address(): number {
    return this.#address;
  }

  /** @returns the answer, if this byte ended a command for this pump */
  hear(byte: number, nowMs: number): Uint8Array | undefined {
    if (!this.#isOn) return undefined;
    const heard =
      this.#safeSeconds === 0 ? this.#ear.hearBasic(byte) : this.#ear.hearSafe(byte, nowMs);
    if (heard === undefined) return undefined;
    if (heard === 'garbled') {
      this.#garbled += 1;
      return this.#framed('?COM');
    }
    const [, address = '', word = ''] = /^(\d{0,2})(.*)$/.exec(heard.command) ?? [];
    if (Number(address) !== this.#address) return undefined;
    this.#heardAtMs = nowMs;
    this.#isTimed = true;
    return this.#answer(word);
  }

  /** What it says without being asked: in safe mode each alarm, once, which does not clear it. */
  say(nowMs: number): Uint8Array | undefined {
    if (!this.#isOn) return undefined;
    this.pump.runTo(nowMs);
    const timeoutAtMs = this.timeoutAtMs;
    if (timeoutAtMs !== undefined && nowMs >= timeoutAtMs) {
      this.#isTimed = false;
      this.pump.signal('T');
    }
    const { alarm } = this.pump;
    if (alarm === null) this.#said.clear();
    if (alarm === null || this.#said.has(alarm) || this.#safeSeconds === 0) return undefined;
    this.#said.add(alarm);
    return this.#framed(`A?${alarm}`, '');
  }

  /** When the armed safe mode stops the pump, unless it hears something before. */
  get timeoutAtMs(): number | undefined {
    const isArmed = this.#isOn && this.#isTimed && this.#safeSeconds > 0;
    return isArmed ? this.#heardAtMs + this.#safeSeconds * 1_000 : undefined;
  }

  command(name: string, args: Args, nowMs: number): void {
    const { pump } = this;
    const only = (...known: readonly string[]): void => onlyKnown(name, args, known);
    switch (name) {
      case 'set-rate':
      case 'next-phase': {
        only('rate', 'unit');
        const rate = numberArg(name, args, 'rate', [0, 9_999]);
        const unit = choiceArg(name, args, 'unit', UNITS, 'MH');
        if (name === 'set-rate') pump.setRate(rate, unit);
        else pump.nextPhase(rate, unit);
        return;
      }
      case 'set-target':
        only('ml');
        pump.setTarget(numberArg(name, args, 'ml', [0, 9_999]));
        return;
      case 'set-direction':
        only('direction');
        pump.setDirection(choiceArg(name, args, 'direction', ['INF', 'WDR']));
        return;
      case 'start':
        only();
        pump.start();
        return;
      case 'become':
        only('letter');
        pump.become(choiceArg(name, args, 'letter', ['S', 'P', 'T', 'U', 'X']));
        return;
      case 'block':
        only('on');
        pump.block(booleanArg(name, args, 'on'));
        return;
      case 'alarm':
        only('letter');
        pump.signal(choiceArg(name, args, 'letter', ALARMS));
        return;
      case 'set-safe':
        only('seconds');
        this.#safeSeconds = wholeArg(name, args, 'seconds', [0, 255]);
        this.#restartEar(nowMs);
        return;
      case 'set-version':
        only('version');
        this.#version = simulatedVersion(name, args['version']);
        return;
      case 'power':
        only('on');
        this.#power(booleanArg(name, args, 'on'), nowMs);
        return;
      default:
        throw new Error(
          `ne1000 does not know the command ${name}; it knows ${COMMANDS.join(', ')}`,
        );
    }
  }

  truth(): Readonly<Record<string, unknown>> {
    const { pump } = this;
    return {
      address: this.#address,
      on: this.#isOn,
      version: this.#version,
      state: pump.letter,
      rate: pump.rate,
      unit: pump.unit,
      flowMlPerH: pump.flowMlPerH,
      infusedMl: pump.infusedMl,
      withdrawnMl: pump.withdrawnMl,
      targetMl: pump.targetMl,
      phase: pump.phase,
      direction: pump.direction,
      alarmNotTold: pump.alarm,
      safeSeconds: this.#safeSeconds,
      asked: Object.fromEntries(this.#asked),
      unknownCommands: this.#unknown,
      garbledPackets: this.#garbled,
      forbiddenCommands: this.#forbiddenCount,
      forbidden: [...this.#forbidden],
    };
  }

  #answer(word: string): Uint8Array {
    const { alarm, letter } = this.pump;
    const data = this.#dataOf(word);
    if (data === undefined) return this.#refuse(word);
    this.#asked.set(word, (this.#asked.get(word) ?? 0) + 1);
    if (alarm === null) return this.#framed(data, letter);
    this.pump.acknowledge();
    return this.#framed(`A?${alarm}`, '');
  }

  #dataOf(word: string): string | undefined {
    const { pump } = this;
    // The unit of volumes follows from the syringe.
    const [unit, perMl] = this.#diameterMm > 14 ? ['ML', 1] : ['UL', 1_000];
    switch (word) {
      case '':
        return '';
      case 'VER':
        return this.#version;
      case 'DIA':
        return number(this.#diameterMm);
      case 'RAT':
        return number(pump.rate) + pump.unit;
      case 'VOL':
        return number(pump.targetMl * perMl) + unit;
      case 'DIR':
        return pump.direction;
      case 'DIS':
        return `I${number(pump.infusedMl * perMl)}W${number(pump.withdrawnMl * perMl)}${unit}`;
      case 'PHN':
        return String(pump.phase);
      case 'SAF':
        return String(this.#safeSeconds);
      default:
        return undefined;
    }
  }

  /** A command that acts on the pump: no monitor may ever send one, so tests look here. It does nothing. */
  #refuse(word: string): Uint8Array {
    if (!ACTING.test(word)) {
      this.#unknown += 1;
      return this.#framed('?');
    }
    this.#forbiddenCount += 1;
    if (this.#forbidden.length < FORBIDDEN_KEPT) this.#forbidden.push(word);
    return this.#framed('?NA');
  }

  #framed(data: string, letter: string = this.pump.letter): Uint8Array {
    const text = `${String(this.#address).padStart(2, '0')}${letter}${data}`;
    return this.#safeSeconds === 0 ? basicAnswer(text) : safePacket(text);
  }

  #power(on: boolean, nowMs: number): void {
    if (on && !this.#isOn) this.pump.restart();
    if (!on) this.pump.become('S');
    this.#isOn = on;
    this.#restartEar(nowMs);
  }

  #restartEar(nowMs: number): void {
    this.#ear.forget();
    this.#said.clear();
    this.#heardAtMs = nowMs;
    this.#isTimed = true;
  }
}

export const COMMANDS = [
  'set-rate',
  'next-phase',
  'set-target',
  'set-direction',
  'start',
  'become',
  'block',
  'alarm',
  'set-safe',
  'set-version',
  'power',
  'lose-bytes',
];

/** A simulator that passes for a real pump is a hazard, so there is no option to make one. */
export function simulatedVersion(what: string, version: unknown): string {
  if (typeof version === 'string' && /^[!-~]{1,30}$/.test(version) && version.includes('SIM')) {
    return version;
  }
  throw new Error(`${what}: version must contain SIM, the mark of a simulated pump`);
}
