import type { Advance, SimulatedDevice, SimulatorKind } from './device.ts';

/**
 * The smallest simulated device, for tests of ports and as an example: says `TICK n value\r\n` every
 * `everyMs`, answers each line that it hears with `ECHO line\r\n`, and counts both.
 */
class Ticker implements SimulatedDevice {
  readonly #everyMs: number;
  #nextAtMs: number;
  #value = 0;
  #ticks = 0;
  #heard = '';
  #echoes = 0;

  constructor(everyMs: number, nowMs: number) {
    this.#everyMs = everyMs;
    this.#nextAtMs = nowMs + everyMs;
  }

  receive(bytes: Uint8Array): readonly Uint8Array[] {
    const lines = (this.#heard + Buffer.from(bytes).toString('latin1')).split('\r\n');
    this.#heard = (lines.pop() ?? '').slice(-HEARD_MAX);
    this.#echoes += lines.length;
    return lines.map((line) => latin1(`ECHO ${line}\r\n`));
  }

  advance(nowMs: number): Advance {
    const send: Uint8Array[] = [];
    while (this.#nextAtMs <= nowMs) {
      this.#ticks += 1;
      this.#nextAtMs += this.#everyMs;
      send.push(latin1(`TICK ${this.#ticks} ${this.#value}\r\n`));
    }
    return { send, wakeAtMs: this.#nextAtMs };
  }

  command(name: string, args: Readonly<Record<string, unknown>>): void {
    if (name !== 'set-value')
      throw new Error(`the ticker does not know the command ${name}: it knows set-value`);
    if (typeof args['value'] !== 'number') throw new Error('set-value needs value, a number');
    this.#value = args['value'];
  }

  describe(): Readonly<Record<string, unknown>> {
    return { ticks: this.#ticks, echoes: this.#echoes, value: this.#value };
  }
}

/** Longer lines lose their beginning. */
const HEARD_MAX = 1_000;

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

export const simulator: SimulatorKind = {
  id: 'ticker',
  line: { baudRate: 9_600, bitsPerByte: 10 },
  create(options, nowMs) {
    const everyMs = options['everyMs'] ?? 100;
    if (typeof everyMs !== 'number' || !(everyMs >= 1))
      throw new Error('everyMs must be a number from 1 up');
    return new Ticker(everyMs, nowMs);
  },
};
