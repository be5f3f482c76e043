import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, booleanArg, numberArg, onlyKnown } from './args.ts';
import { AT_REST, breathCounts, ecgCounts, pulseCounts } from './person.ts';
import { ecgFrameV5, frameV4, ppgFrameV5 } from './wire.ts';

const WHAT = 'healthypi';
const SIGNS = ['hr', 'rr', 'spo2'] as const;
/** What one byte can say of each. */
const RANGES = { hr: [0, 250], rr: [0, 100], spo2: [0, 100] } as const;
const SAMPLE_MS = 8;
const PPG_SAMPLE_MS = 10;
const FRAME_SAMPLES = 8;

/** A HealthyPi board. It sends by itself and hears nothing. */
export const simulator: SimulatorKind = {
  id: WHAT,
  line: { baudRate: 115_200, bitsPerByte: 10 },
  create: (options, nowMs) => new Board(options, nowMs),
};

interface Stream {
  readonly everyMs: number;
  readonly frameAt: (atMs: number) => Uint8Array;
  nextAtMs: number;
}

class Board implements SimulatedDevice {
  readonly #signs: Record<(typeof SIGNS)[number], number> = { ...AT_REST };
  readonly #streams: readonly Stream[];
  readonly #firmware: 'v4' | 'v5';
  /** Whether the front end notices that the leads are off. Real ones perhaps never do. */
  readonly #noticesLeadsOff: boolean;
  #isLeadsOff = false;
  /** v5 goes on saying what it said last. */
  #said = { ...AT_REST };
  #framesSent = 0;
  #bytesHeard = 0;

  constructor(options: Args, nowMs: number) {
    onlyKnown(WHAT, options, ['firmware', 'noticesLeadsOff', ...SIGNS]);
    const firmware = options['firmware'] ?? 'v4';
    if (firmware !== 'v4' && firmware !== 'v5')
      throw new Error(`${WHAT}: firmware must be v4 or v5`);
    this.#firmware = firmware;
    this.#noticesLeadsOff = booleanArg(WHAT, options, 'noticesLeadsOff', true);
    this.#set(WHAT, options);
    const stream = (everyMs: number, frameAt: Stream['frameAt']): Stream => ({
      everyMs,
      frameAt,
      nextAtMs: nowMs + everyMs,
    });
    this.#streams =
      firmware === 'v4'
        ? [stream(SAMPLE_MS, (atMs) => this.#v4(atMs))]
        : [
            stream(SAMPLE_MS * FRAME_SAMPLES, (atMs) => this.#ecgV5(atMs)),
            stream(PPG_SAMPLE_MS * FRAME_SAMPLES, (atMs) => this.#ppgV5(atMs)),
          ];
  }

  receive(bytes: Uint8Array): readonly Uint8Array[] {
    this.#bytesHeard += bytes.length;
    return [];
  }

  advance(nowMs: number): Advance {
    const send: Uint8Array[] = [];
    for (let due = this.#next(); due.nextAtMs <= nowMs; due = this.#next()) {
      send.push(due.frameAt(due.nextAtMs));
      due.nextAtMs += due.everyMs;
      this.#framesSent += 1;
    }
    return { send, wakeAtMs: this.#next().nextAtMs };
  }

  command(name: string, args: Args): void {
    switch (name) {
      case 'set':
        this.#set('set', args);
        break;
      case 'leads-off':
        onlyKnown('leads-off', args, ['on']);
        this.#isLeadsOff = booleanArg('leads-off', args, 'on');
        break;
      default:
        throw new Error(`${WHAT} does not know the command ${name}; it knows set, leads-off`);
    }
  }

  describe(): Readonly<Record<string, unknown>> {
    return {
      ...this.#signs,
      firmware: this.#firmware,
      leadsOff: this.#isLeadsOff,
      framesSent: this.#framesSent,
      forbiddenBytes: this.#bytesHeard,
    };
  }

  #next(): Stream {
    return this.#streams.reduce((first, one) => (one.nextAtMs < first.nextAtMs ? one : first));
  }

  #v4(atMs: number): Uint8Array {
    const isOff = this.#isLeadsOff;
    const signs = this.#signs;
    return frameV4({
      ecg: isOff ? 0 : ecgCounts(signs, atMs),
      respiration: isOff ? 0 : breathCounts(signs, atMs),
      infrared: 200_000 - pulseCounts(signs, atMs),
      heartRate: isOff ? 0 : Math.round(signs.hr),
      respirationRate: isOff ? 0 : Math.round(signs.rr),
      spo2: Math.round(signs.spo2),
      isLeadsOff: isOff && this.#noticesLeadsOff,
    });
  }

  #ecgV5(atMs: number): Uint8Array {
    if (!this.#isLeadsOff) this.#said = { ...this.#said, hr: this.#signs.hr, rr: this.#signs.rr };
    const ecg = this.#samples(atMs, SAMPLE_MS, (sampleMs) =>
      this.#isLeadsOff ? 0 : 4 * ecgCounts(this.#signs, sampleMs),
    );
    return ecgFrameV5(ecg, Math.round(this.#said.hr), Math.round(this.#said.rr));
  }

  #ppgV5(atMs: number): Uint8Array {
    // As the firmware does: a fall of more than 5 points is not believed.
    const { spo2 } = this.#signs;
    if (this.#said.spo2 - spo2 <= 5) this.#said = { ...this.#said, spo2 };
    const ppg = this.#samples(atMs, PPG_SAMPLE_MS, (sampleMs) =>
      pulseCounts(this.#signs, sampleMs),
    );
    return ppgFrameV5(ppg, Math.round(this.#said.spo2));
  }

  /** The eight samples that end at a moment. */
  #samples(atMs: number, everyMs: number, at: (sampleMs: number) => number): readonly number[] {
    return Array.from({ length: FRAME_SAMPLES }, (_, index) =>
      at(atMs - (FRAME_SAMPLES - 1 - index) * everyMs),
    );
  }

  #set(what: string, args: Args): void {
    if (what === 'set') onlyKnown(what, args, SIGNS);
    for (const sign of SIGNS) {
      this.#signs[sign] = numberArg(what, args, sign, RANGES[sign], this.#signs[sign]);
    }
  }
}
