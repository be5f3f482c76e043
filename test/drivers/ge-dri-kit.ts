import { readFileSync } from 'node:fs';
import { driFraming } from '../../drivers/ge-dri/framer.ts';
import { type GeDriOptions, geDriSession } from '../../drivers/ge-dri/session.ts';
import type { GeDriState } from '../../drivers/ge-dri/state.ts';
import { frame, record } from '../../simulators/ge-dri/wire.ts';
import type { SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceEvent, MetricSeen } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import type { WaveSeen } from '../../src/observation/wave.ts';

export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../fixtures/ge-dri/${name}`, import.meta.url)));
export const B450_SHORT = fixture('b450-short.raw');
export const B450_NIBP = fixture('b450-nibp-complete-14s.raw');

export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Everything between flags that could be a frame. */
export const framesOf = (stream: Uint8Array): readonly Uint8Array[] =>
  driFraming.push(driFraming.initial, stream).frames;
export const droppedOf = (stream: Uint8Array): number =>
  driFraming.push(driFraming.initial, stream).droppedBytes;

/** The session alone, fed by hand. */
export class Talk {
  readonly events: DeviceEvent[] = [];
  readonly sent: { readonly atMs: number; readonly hex: string }[] = [];
  wakeAtMs: number | undefined;
  readonly #session: ReturnType<typeof geDriSession>;
  #state: GeDriState;

  /** Only values are asked for, unless told otherwise. */
  constructor(options: Partial<GeDriOptions> = {}) {
    this.#session = geDriSession({ interval: 1, waves: [], alarms: false, ...options });
    this.#state = this.#session.initial;
  }

  get state(): GeDriState {
    return this.#state;
  }

  open(atMs = 0): this {
    this.#do({ kind: 'opened', atMs });
    return this;
  }

  close(atMs: number): this {
    this.#do({ kind: 'closed', atMs });
    return this;
  }

  wake(atMs: number): readonly DeviceEvent[] {
    return this.#do({ kind: 'wake', atMs }).events;
  }

  /** Wakes the session whenever it wants to be woken, up to a moment. */
  wait(untilMs: number): this {
    while (this.wakeAtMs !== undefined && this.wakeAtMs <= untilMs) this.wake(this.wakeAtMs);
    return this;
  }

  /** What one frame led to. */
  hear(one: Uint8Array, atMs: number): readonly DeviceEvent[] {
    return this.#do({ kind: 'frame', atMs, frame: one }).events;
  }

  #do(input: SessionInput): Step<GeDriState> {
    const step = this.#session.step(this.#state, input);
    this.#state = step.state;
    this.wakeAtMs = step.wakeAtMs;
    this.events.push(...step.events);
    for (const bytes of step.send) this.sent.push({ atMs: input.atMs, hex: toHex(bytes) });
    return step;
  }
}

/** The metric with that code; there must be exactly one. */
export function metric(events: readonly DeviceEvent[], code: MetricCode): MetricSeen {
  const found = events.filter(
    (event): event is MetricSeen => event.kind === 'metric' && event.code === code,
  );
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} times ${code}`);
  return first;
}

export const alertCodes = (events: readonly DeviceEvent[]): readonly string[] | undefined => {
  const found = events.findLast((event) => event.kind === 'alerts');
  return found?.kind === 'alerts' ? found.alerts.map(({ code }) => code) : undefined;
};

export const wavesOf = (events: readonly DeviceEvent[]): readonly WaveSeen[] =>
  events.filter((event) => event.kind === 'wave');

/** A wave record as a frame without its flags: for each wave its type on the wire, its status and its samples. */
export function waveFrame(
  about: { readonly number: number; readonly timeS: number },
  parts: readonly {
    readonly type: number;
    readonly status?: number;
    readonly samples: readonly number[];
  }[],
): Uint8Array {
  const bodies = parts.map(({ type, status = 0, samples }) => {
    const bytes = Buffer.alloc(6 + 2 * samples.length);
    bytes.writeInt16LE(samples.length, 0);
    // Reserved bits as recorded: they mean nothing.
    bytes.writeUInt16LE(0x0652 | status, 2);
    samples.forEach((sample, index) => {
      bytes.writeInt16LE(sample, 6 + 2 * index);
    });
    return { type, bytes };
  });
  const { number, timeS } = about;
  return record({ mainType: 1, number, clockS: timeS }, bodies).slice(1, -1);
}

export const verdictOf = (events: readonly DeviceEvent[]): string =>
  events
    .filter((event) => event.kind === 'frame-accepted' || event.kind === 'frame-rejected')
    .map((event) => (event.kind === 'frame-rejected' ? event.reason : 'accepted'))
    .join();

/** Positions in the un-escaped first numeric record of a recording: Basic values from 44, Ext1 from 322. */
export const BASIC = 44;
export const EXT1 = 44 + 278;

/**
 * The first numeric record of the short recording with some 16-bit words replaced: real bytes around
 * each field under test. The frame is made by the simulator's encoder.
 */
export function recordWith(words: Readonly<Record<number, number>>): Uint8Array {
  const record = Buffer.from(plain(framesOf(B450_SHORT)[0] ?? new Uint8Array(0))).subarray(0, -1);
  for (const [at, word] of Object.entries(words)) record.writeUInt16LE(word & 0xffff, Number(at));
  return frame(record).slice(1, -1);
}

/** Un-escaped by the shortest rule, apart from the driver's codec. */
export function plain(escaped: Uint8Array): Uint8Array {
  const out: number[] = [];
  let bit = 0;
  for (const byte of escaped) {
    if (byte === 0x7d) bit = 0x20;
    else {
      out.push(byte | bit);
      bit = 0;
    }
  }
  return Uint8Array.from(out);
}
