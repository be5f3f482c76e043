import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, onlyKnown, onOff, runCommand } from '../kit/oximeter-args.ts';
import { FingerPatient, PATIENT_OPTIONS } from '../kit/oximeter-patient.ts';
import { displayFrame, type Measured, type Moment, waveFrame } from './wire.ts';

const WHAT = 'nonin';
const FRAMES_PER_S = 75;
const FRAMES_PER_PACKET = 25;
/** Its send buffer is emptied so many frames at a time. */
const FRAMES_PER_SENDING = 5;
/** A pulse is shown in colour for so many frames (160 ms). */
const COLOUR_FRAMES = 12;
/** The last number for a display is held so long. */
const HOLD_MS = 10_000;

type Format = 2 | 7 | 8;
type Flag =
  | 'fingerOut'
  | 'disconnected'
  | 'artifact'
  | 'outOfTrack'
  | 'lowPerfusion'
  | 'lowBattery';
const FLAGS: Readonly<Record<string, Flag>> = {
  'finger-out': 'fingerOut',
  disconnect: 'disconnected',
  artifact: 'artifact',
  'out-of-track': 'outOfTrack',
  'low-perfusion': 'lowPerfusion',
  'low-battery': 'lowBattery',
};

/**
 * A Nonin oximeter module in data format 2, 7 or 8. Letters in reserved places are the mark by which the gateway
 * knows that it is simulated.
 */
export const simulator: SimulatorKind = {
  id: WHAT,
  line: { baudRate: 9_600, bitsPerByte: 10 },
  create: (options, nowMs) => new NoninOximeter(options, nowMs),
};

class NoninOximeter implements SimulatedDevice {
  readonly #patient: FingerPatient;
  readonly #format: Format;
  readonly #startMs: number;
  readonly #flags = new Set<Flag>();
  #nowMs: number;
  /** How many frames (format 8: seconds) were said. */
  #frames = 0;
  /** Of the heart beat, in beats. */
  #beats = 0;
  #colourLeft = 0;
  #goneAtMs: number | null = null;
  #held: { readonly spo2: number; readonly rate: number } | null = null;
  #measured: Measured;

  constructor(options: Args, nowMs: number) {
    onlyKnown(WHAT, options, [...PATIENT_OPTIONS, 'format']);
    this.#patient = new FingerPatient(WHAT, options, nowMs);
    this.#format = formatArg(options);
    this.#startMs = nowMs;
    this.#nowMs = nowMs;
    this.#measured = this.#measure(nowMs);
  }

  /** Commands that change the format are not obeyed. */
  receive(): readonly Uint8Array[] {
    return [];
  }

  advance(nowMs: number): Advance {
    const send: Uint8Array[] = [];
    while (this.#nextAtMs() <= nowMs) send.push(this.#sending(this.#nextAtMs()));
    this.#nowMs = nowMs;
    return { send, wakeAtMs: this.#nextAtMs() };
  }

  command(name: string, args: Args): void {
    runCommand(WHAT, this.#commands, name, args);
  }

  describe(): Readonly<Record<string, unknown>> {
    return {
      spo2: this.#patient.sign('spo2', this.#nowMs),
      pulse: this.#patient.sign('pulse', this.#nowMs),
      format: this.#format,
      flags: [...this.#flags],
      /** What the last packet, or the last frame of format 8, said. */
      sent: this.#frames === 0 ? null : this.#measured,
      framesSent: this.#frames,
    };
  }

  #nextAtMs(): number {
    return this.#format === 8
      ? this.#startMs + (this.#frames + 1) * 1_000
      : this.#startMs + ((this.#frames + FRAMES_PER_SENDING) / FRAMES_PER_S) * 1_000;
  }

  #sending(atMs: number): Uint8Array {
    if (this.#format === 8) {
      this.#frames += 1;
      this.#measured = this.#measure(atMs);
      return displayFrame(this.#measured, this.#moment(atMs));
    }
    const frames = Array.from({ length: FRAMES_PER_SENDING }, () => this.#frame(this.#format));
    return Uint8Array.from(Buffer.concat(frames));
  }

  #frame(format: Format): Uint8Array {
    const atMs = this.#startMs + ((this.#frames + 1) / FRAMES_PER_S) * 1_000;
    const place = (this.#frames % FRAMES_PER_PACKET) + 1;
    if (place === 1) this.#measured = this.#measure(atMs);
    const moment = this.#moment(atMs);
    this.#frames += 1;
    return waveFrame(format === 7 ? 7 : 2, place, this.#measured, moment);
  }

  #isFingerIn(): boolean {
    return !this.#flags.has('fingerOut') && !this.#flags.has('disconnected');
  }

  #measure(atMs: number): Measured {
    const timer = Math.floor(this.#frames / FRAMES_PER_PACKET) % (1 << 14);
    const isBatteryLow = this.#flags.has('lowBattery');
    if (this.#isFingerIn()) {
      this.#goneAtMs = null;
      const spo2 = Math.round(this.#patient.sign('spo2', atMs));
      const rate = Math.round(this.#patient.sign('pulse', atMs));
      this.#held = { spo2, rate };
      return { spo2, rate, spo2Display: spo2, rateDisplay: rate, timer, isBatteryLow };
    }
    this.#goneAtMs ??= atMs;
    if (atMs - this.#goneAtMs >= HOLD_MS) this.#held = null;
    const [spo2Display, rateDisplay] = [this.#held?.spo2 ?? null, this.#held?.rate ?? null];
    return { spo2: null, rate: null, spo2Display, rateDisplay, timer, isBatteryLow };
  }

  /** One frame further in the heart beat. */
  #moment(atMs: number): Moment {
    const before = Math.floor(this.#beats);
    if (this.#isFingerIn()) this.#beats += this.#patient.sign('pulse', atMs) / 60 / FRAMES_PER_S;
    const isBeat = Math.floor(this.#beats) !== before;
    this.#colourLeft = isBeat ? COLOUR_FRAMES : Math.max(0, this.#colourLeft - 1);
    const colour = this.#flags.has('lowPerfusion') ? 'red' : 'green';
    // Format 8 shows no single pulse.
    const isColoured = this.#format === 8 || this.#colourLeft > 0;
    return {
      isDisconnected: this.#flags.has('disconnected'),
      isArtifact: this.#flags.has('artifact'),
      isOutOfTrack: this.#flags.has('outOfTrack'),
      isSensorAlarm: !this.#isFingerIn(),
      colour: isColoured && this.#isFingerIn() ? colour : 'none',
      pleth: this.#isFingerIn() ? plethAt(this.#beats - Math.floor(this.#beats)) : 0,
    };
  }

  readonly #commands: Readonly<Record<string, (args: Args) => void>> = {
    ...Object.fromEntries(
      Object.entries(FLAGS).map(([name, flag]) => [
        name,
        (args: Args) => {
          if (onOff(name, args)) this.#flags.add(flag);
          else this.#flags.delete(flag);
        },
      ]),
    ),
    set: (args) => this.#patient.set(args, this.#nowMs),
  };
}

/** A steep rise, a slow fall with the second small wave; 0 ... 65535. */
function plethAt(phase: number): number {
  const bump = (centre: number, width: number): number =>
    Math.exp(-(((phase - centre) / width) ** 2));
  return Math.round(12_000 + 36_000 * bump(0.22, 0.1) + 12_000 * bump(0.5, 0.12));
}

function formatArg(options: Args): Format {
  const format = options['format'] ?? 2;
  if (format === 2 || format === 7 || format === 8) return format;
  throw new Error(`${WHAT}: format must be 2, 7 or 8`);
}
