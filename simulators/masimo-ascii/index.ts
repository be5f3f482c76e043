import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, numberArg, onlyKnown, onOff, runCommand } from '../kit/oximeter-args.ts';
import { FingerPatient, PATIENT_OPTIONS, WALL_AT_ZERO_MS } from '../kit/oximeter-patient.ts';
import { type Form, lineOf, type Shown } from './wire.ts';

const WHAT = 'masimo-ascii';
const EVERY_MS = 1_000;
/** The first line comes in the middle of a second. */
const FIRST_MS = 400;
const RUNNING = 0x800;

/** Bits of the exceptions by the name of the command that sets them. */
const BITS = {
  'no-sensor': 0x001,
  'sensor-defective': 0x002,
  'low-perfusion': 0x004,
  'pulse-search': 0x008,
  interference: 0x010,
  'sensor-off': 0x020,
  'ambient-light': 0x040,
  'sensor-unknown': 0x080,
  'low-signal-iq': 0x400,
} as const;
/** While one of these is set there is nothing to measure. */
const WITHOUT_VALUES =
  BITS['no-sensor'] | BITS['sensor-defective'] | BITS['sensor-off'] | BITS['sensor-unknown'];

/**
 * A Rad-8 (or Radical-7) that sends a line every second. A serial number that begins with SIM is the mark by which the
 * gateway knows that it is simulated.
 */
export const simulator: SimulatorKind = {
  id: WHAT,
  line: { baudRate: 9_600, bitsPerByte: 10 },
  create: (options, nowMs) => new MasimoOximeter(options, nowMs),
};

class MasimoOximeter implements SimulatedDevice {
  readonly #patient: FingerPatient;
  readonly #form: Form;
  readonly #serial: string;
  #clockAtZeroMs: number;
  #nowMs: number;
  #nextAtMs: number;
  #exceptions = 0;
  #alarm = 0;
  #keepsNumbers = false;
  #isFrozen = false;
  #last: Shown | null = null;
  #linesSent = 0;

  constructor(options: Args, nowMs: number) {
    onlyKnown(WHAT, options, [...PATIENT_OPTIONS, 'form', 'unit', 'wallAtStartMs']);
    this.#patient = new FingerPatient(WHAT, options, nowMs);
    this.#form = formArg(options);
    const unit = numberArg(WHAT, options, 'unit', [1, 9_999_999], 1);
    this.#serial = `SIM${String(Math.floor(unit)).padStart(7, '0')}`;
    const wallArg = [0, 4_000_000_000_000] as const;
    const wall = numberArg(WHAT, options, 'wallAtStartMs', wallArg, WALL_AT_ZERO_MS + nowMs);
    this.#clockAtZeroMs = wall - nowMs;
    this.#nowMs = nowMs;
    this.#nextAtMs = nowMs + FIRST_MS;
  }

  /** It cannot be asked anything. */
  receive(): readonly Uint8Array[] {
    return [];
  }

  advance(nowMs: number): Advance {
    const send: Uint8Array[] = [];
    while (this.#nextAtMs <= nowMs) {
      if (!this.#isFrozen || this.#last === null) this.#last = this.#shown(this.#nextAtMs);
      send.push(lineOf(this.#last, this.#form));
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
      perfusion: this.#patient.sign('perfusion', this.#nowMs),
      clockMs: this.#clockAtZeroMs + this.#nowMs,
      /** What the last line said; `null` before the first. */
      sent: this.#last,
      linesSent: this.#linesSent,
    };
  }

  #shown(atMs: number): Shown {
    const isMeasured = (this.#exceptions & WITHOUT_VALUES) === 0 || this.#keepsNumbers;
    const whole = (sign: 'spo2' | 'pulse'): number => Math.round(this.#patient.sign(sign, atMs));
    const hasSensor = (this.#exceptions & BITS['no-sensor']) === 0;
    return {
      wallMs: this.#clockAtZeroMs + atMs,
      serial: this.#serial,
      spo2: isMeasured ? whole('spo2') : null,
      pulse: isMeasured ? whole('pulse') : null,
      perfusion: isMeasured ? this.#patient.sign('perfusion', atMs) : null,
      alarm: this.#alarm,
      exceptions: this.#exceptions | (hasSensor ? RUNNING : 0),
    };
  }

  readonly #commands: Readonly<Record<string, (args: Args) => void>> = {
    ...Object.fromEntries(
      Object.entries(BITS).map(([name, bit]) => [
        name,
        (args: Args) => {
          this.#exceptions = onOff(name, args) ? this.#exceptions | bit : this.#exceptions & ~bit;
        },
      ]),
    ),
    set: (args) => this.#patient.set(args, this.#nowMs),
    /** A bit that nobody documents. */
    'exception-bits': (args) => {
      onlyKnown('exception-bits', args, ['bits']);
      this.#exceptions = numberArg('exception-bits', args, 'bits', [0, 0xffffff]);
    },
    alarm: (args) => {
      onlyKnown('alarm', args, ['word']);
      this.#alarm = numberArg('alarm', args, 'word', [0, 0xffff]);
    },
    /** The last numbers stay in the line while the sensor is off. */
    'keep-numbers': (args) => {
      this.#keepsNumbers = onOff('keep-numbers', args);
    },
    /** Says its last line again and again. */
    freeze: (args) => {
      this.#isFrozen = onOff('freeze', args);
    },
    'clock-step': (args) => {
      onlyKnown('clock-step', args, ['seconds']);
      const seconds = numberArg('clock-step', args, 'seconds', [-1_000_000_000, 1_000_000_000]);
      this.#clockAtZeroMs += seconds * 1_000;
    },
  };
}

function formArg(options: Args): Form {
  const form = options['form'] ?? 'rad-8';
  if (form === 'rad-8' || form === 'radical-7') return form;
  throw new Error(`${WHAT}: form must be rad-8 or radical-7`);
}
