import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, numberArg, onlyKnown, onOff, runCommand } from '../kit/oximeter-args.ts';
import { FingerPatient, PATIENT_OPTIONS, WALL_AT_ZERO_MS } from '../kit/oximeter-patient.ts';
import { headingLines, type Limits, type Shown, valuesLine } from './wire.ts';

const WHAT = 'nellcor-ascii';
const EVERY_MS = 2_000;
const LINES_PER_HEADING = 25;

/** Codes by the name of the command that sets them. */
const CODES = {
  'sensor-disconnected': 'SD',
  'sensor-off': 'SO',
  'loss-of-pulse': 'LP',
  'loss-of-pulse-interference': 'LM',
  'pulse-search': 'PS',
  interference: 'MO',
  'alarm-off': 'AO',
  'alarm-silenced': 'AS',
  'low-battery': 'LB',
} as const;
const WITHOUT_SENSOR: readonly string[] = ['SD', 'SO'];

/** A Nellcor N-595 in its real-time output: a line every 2 s, headings now and then. */
export const simulator: SimulatorKind = {
  id: WHAT,
  line: { baudRate: 9_600, bitsPerByte: 10 },
  create: (options, nowMs) => new NellcorOximeter(options, nowMs),
};

class NellcorOximeter implements SimulatedDevice {
  readonly #patient: FingerPatient;
  #limits: Limits = { spo2: [85, 100], pulse: [40, 170] };
  readonly #codes = new Set<string>();
  #clockAtZeroMs: number;
  #nowMs: number;
  #nextAtMs: number;
  #sinceHeading = LINES_PER_HEADING;
  #isFrozen = false;
  #last: Shown | null = null;
  #linesSent = 0;

  constructor(options: Args, nowMs: number) {
    onlyKnown(WHAT, options, [...PATIENT_OPTIONS, 'wallAtStartMs']);
    this.#patient = new FingerPatient(WHAT, options, nowMs);
    const wallArg = [0, 4_000_000_000_000] as const;
    const wall = numberArg(WHAT, options, 'wallAtStartMs', wallArg, WALL_AT_ZERO_MS + nowMs);
    this.#clockAtZeroMs = wall - nowMs;
    this.#nowMs = nowMs;
    this.#nextAtMs = nowMs + EVERY_MS / 2;
  }

  /** It is never asked anything. */
  receive(): readonly Uint8Array[] {
    return [];
  }

  advance(nowMs: number): Advance {
    const send: Uint8Array[] = [];
    while (this.#nextAtMs <= nowMs) {
      if (this.#sinceHeading >= LINES_PER_HEADING) {
        send.push(...headingLines(this.#limits));
        this.#sinceHeading = 0;
      }
      if (!this.#isFrozen || this.#last === null) this.#last = this.#shown(this.#nextAtMs);
      send.push(valuesLine(this.#last));
      this.#sinceHeading += 1;
      this.#linesSent += 1;
      this.#nextAtMs += EVERY_MS;
    }
    this.#nowMs = nowMs;
    return { send, wakeAtMs: this.#nextAtMs };
  }

  command(name: string, args: Args): void {
    runCommand(WHAT, this.#commands, name, args);
  }

  describe(): Readonly<Record<string, unknown>> {
    return {
      spo2: this.#patient.sign('spo2', this.#nowMs),
      pulse: this.#patient.sign('pulse', this.#nowMs),
      clockMs: this.#clockAtZeroMs + this.#nowMs,
      limits: this.#limits,
      /** What the last line of values said; `null` before the first. */
      sent: this.#last,
      linesSent: this.#linesSent,
    };
  }

  #shown(atMs: number): Shown {
    const codes = [...this.#codes];
    const isOff = codes.some((code) => WITHOUT_SENSOR.includes(code));
    // As a real one does: 0 while it looks for a pulse.
    const isSearching = codes.includes('PS');
    const number = (sign: 'spo2' | 'pulse'): number | null => {
      if (isOff) return null;
      return isSearching ? 0 : Math.round(this.#patient.sign(sign, atMs));
    };
    const [spo2, pulse] = [number('spo2'), number('pulse')];
    const limits = isSearching ? [] : limitCodes(this.#limits, spo2, pulse);
    return {
      wallMs: this.#clockAtZeroMs + atMs,
      spo2,
      pulse,
      amplitude:
        isOff || isSearching ? null : Math.round(10 * this.#patient.sign('perfusion', atMs)),
      isSpo2Outside: limits.some((code) => code.startsWith('S')),
      isPulseOutside: limits.some((code) => code.startsWith('P')),
      codes: [...limits, ...codes],
    };
  }

  readonly #commands: Readonly<Record<string, (args: Args) => void>> = {
    ...Object.fromEntries(
      Object.entries(CODES).map(([name, code]) => [
        name,
        (args: Args) => {
          if (onOff(name, args)) this.#codes.add(code);
          else this.#codes.delete(code);
        },
      ]),
    ),
    set: (args) => this.#patient.set(args, this.#nowMs),
    /** Also writes the heading anew, as a real one does. */
    limits: (args) => {
      onlyKnown('limits', args, ['spo2Low', 'spo2High', 'pulseLow', 'pulseHigh']);
      const { spo2, pulse } = this.#limits;
      const limit = (name: string, most: number, otherwise: number): number =>
        numberArg('limits', args, name, [20, most], otherwise);
      this.#limits = {
        spo2: [limit('spo2Low', 100, spo2[0]), limit('spo2High', 100, spo2[1])],
        pulse: [limit('pulseLow', 250, pulse[0]), limit('pulseHigh', 250, pulse[1])],
      };
      this.#sinceHeading = LINES_PER_HEADING;
    },
    /** Says its last line again and again. */
    freeze: (args) => {
      this.#isFrozen = onOff('freeze', args);
    },
  };
}

function limitCodes(limits: Limits, spo2: number | null, pulse: number | null): readonly string[] {
  const codes: string[] = [];
  if (spo2 !== null && spo2 < limits.spo2[0]) codes.push('SL');
  if (spo2 !== null && spo2 > limits.spo2[1]) codes.push('SH');
  if (pulse !== null && pulse < limits.pulse[0]) codes.push('PL');
  if (pulse !== null && pulse > limits.pulse[1]) codes.push('PH');
  return codes;
}
