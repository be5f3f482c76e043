import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { drawInt } from '../kit/random.ts';
import { type Args, booleanArg, choiceArg, numberArg, onlyKnown, wholeArg } from './args.ts';
import { BenchPump } from './pump.ts';
import { PumpUnit, simulatedVersion } from './unit.ts';

const OPTIONS = [
  'addresses',
  'version',
  'rate',
  'unit',
  'targetMl',
  'diameterMm',
  'running',
  'safeSeconds',
  'replyDelayMs',
  'seed',
];

/**
 * New Era bench pumps on one line, each with its network address. The text of their version contains SIM:
 * that is the mark by which the gateway knows that they are simulated.
 */
export const simulator: SimulatorKind = {
  id: 'ne1000',
  line: { baudRate: 19_200, bitsPerByte: 10 },
  create: (options, nowMs) => new Ne1000Line(options, nowMs),
};

class Ne1000Line implements SimulatedDevice {
  readonly #units: readonly PumpUnit[];
  readonly #replyDelayMs: number;
  #nowMs: number;
  #waiting: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  /** One byte in so many is lost on its way to the pumps; 0 = none. */
  #loseOneIn = 0;
  #random: number;

  constructor(options: Args, nowMs: number) {
    const what = 'ne1000';
    onlyKnown(what, options, OPTIONS);
    this.#nowMs = nowMs;
    this.#replyDelayMs = numberArg(what, options, 'replyDelayMs', [0, 60_000], 20);
    this.#random = wholeArg(what, options, 'seed', [0, 2 ** 31], 1);
    const settings = {
      rate: numberArg(what, options, 'rate', [0, 9_999], 10),
      unit: choiceArg(what, options, 'unit', ['UM', 'MM', 'UH', 'MH'], 'MH'),
      // Real ones hold 60 mL; a larger target makes long runs possible without a nurse.
      targetMl: numberArg(what, options, 'targetMl', [0, 9_999], 60),
      running: booleanArg(what, options, 'running', true),
    };
    const face = {
      version: simulatedVersion(what, options['version'] ?? 'NE1000SIMV3.928'),
      diameterMm: numberArg(what, options, 'diameterMm', [0.1, 80], 26.59),
      safeSeconds: wholeArg(what, options, 'safeSeconds', [0, 255], 0),
    };
    this.#units = addressesOf(what, options).map(
      (address) => new PumpUnit(new BenchPump(settings, nowMs), { ...face, address }, nowMs),
    );
  }

  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    this.#nowMs = nowMs;
    for (const byte of bytes) {
      if (this.#isLost()) continue;
      for (const unit of this.#units) {
        unit.pump.runTo(nowMs);
        const frame = unit.hear(byte, nowMs);
        if (frame !== undefined) this.#waiting.push({ atMs: nowMs + this.#replyDelayMs, frame });
      }
    }
    return this.#replyDelayMs === 0 ? this.#due() : [];
  }

  advance(nowMs: number): Advance {
    this.#nowMs = nowMs;
    const alarms = this.#units.flatMap((unit) => unit.say(nowMs) ?? []);
    const send = [...this.#due(), ...alarms];
    const wakes = [
      ...this.#waiting.map(({ atMs }) => atMs),
      ...this.#units.flatMap(({ timeoutAtMs }) => timeoutAtMs ?? []),
    ];
    return wakes.length === 0 ? { send } : { send, wakeAtMs: Math.min(...wakes) };
  }

  command(name: string, { address, ...args }: Args): void {
    if (name === 'lose-bytes') {
      onlyKnown(name, args, ['oneIn']);
      this.#loseOneIn = wholeArg(name, args, 'oneIn', [0, 1_000_000]);
      return;
    }
    const unit =
      address === undefined
        ? this.#units[0]
        : this.#units.find((candidate) => candidate.address === address);
    if (unit === undefined) throw new Error(`${name}: there is no pump with this address`);
    unit.command(name, args, this.#nowMs);
  }

  describe(): Readonly<Record<string, unknown>> {
    const truths = this.#units.map((unit) => unit.truth());
    return { ...truths[0], pumps: Object.fromEntries(truths.map((one) => [one['address'], one])) };
  }

  #isLost(): boolean {
    if (this.#loseOneIn === 0) return false;
    const { value, next } = drawInt(this.#random, this.#loseOneIn);
    this.#random = next;
    return value === 0;
  }

  #due(): readonly Uint8Array[] {
    const send = this.#waiting.filter(({ atMs }) => atMs <= this.#nowMs).map(({ frame }) => frame);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > this.#nowMs);
    return send;
  }
}

function addressesOf(what: string, options: Args): readonly number[] {
  const addresses: unknown = options['addresses'] ?? [0];
  const isAddress = (one: unknown): one is number =>
    Number.isInteger(one) && Number(one) >= 0 && Number(one) <= 99;
  if (
    Array.isArray(addresses) &&
    addresses.length > 0 &&
    addresses.every(isAddress) &&
    new Set(addresses).size === addresses.length
  ) {
    return addresses;
  }
  throw new Error(`${what}: addresses must be a list of different numbers from 0 to 99`);
}
