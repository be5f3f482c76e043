import type { Cancel, Timeline } from '../../src/time/timeline.ts';
import type { SimulatedDevice, SimulatorKind } from './device.ts';
import { pacedWire } from './paced-wire.ts';
import {
  addFault,
  type FaultState,
  noFaults,
  passFrame,
  type WireFault,
  type WireOutput,
} from './wire-faults.ts';

/** The gateway's end of the line. */
export interface LinkEnd {
  readonly onBytes: (chunk: Uint8Array) => void;
  readonly onUnplugged: () => void;
}

export interface LinkAttachment {
  /** Bytes from the gateway towards the device. */
  readonly send: (bytes: Uint8Array) => void;
  readonly detach: () => void;
}

/** A simulated device, its faults and its line, joined on a timeline; in memory or behind a pty. */
export interface SimulatedLink {
  /** The name under which it is plugged in, or was last. */
  readonly name: string;
  readonly plugged: boolean;
  /** One end at a time, as with a real port; `undefined` while unplugged or in use. */
  attach(end: LinkEnd): LinkAttachment | undefined;
  /** Physics and front panel; throws one clear sentence for what the device does not know. */
  command(name: string, args?: Readonly<Record<string, unknown>>): void;
  fault(fault: WireFault): void;
  /** Pulls the cable: bytes under way are lost, the device goes on by itself. */
  unplug(): void;
  /** Plugs it in again, under the same name or another. */
  plug(name?: string): void;
  /** The device's own truth, up to date. */
  describe(): Readonly<Record<string, unknown>>;
  /** Bytes given up because the device says more than its line can carry. */
  overrunBytes(): number;
  /** Switches the device off: no timer is left. */
  stop(): void;
}

export interface LinkOptions {
  readonly kind: SimulatorKind;
  readonly name: string;
  readonly timeline: Timeline;
  /** For the device (see its kind). */
  readonly options?: Readonly<Record<string, unknown>>;
  /** For the faults. */
  readonly seed?: number;
}

/** A device that asks to be woken now, again and again, must not stop the clock. */
const WAKE_MIN_MS = 1;

export function simulatedLink(options: LinkOptions): SimulatedLink {
  return new Link(options);
}

class Link implements SimulatedLink {
  readonly #timeline: Timeline;
  readonly #device: SimulatedDevice;
  readonly #toGateway: ReturnType<typeof pacedWire>;
  readonly #toDevice: ReturnType<typeof pacedWire>;
  readonly #late = new Set<Cancel>();
  #name: string;
  #faults: FaultState;
  #end: LinkEnd | undefined;
  #plugged = true;
  #stopped = false;
  #cancelWake: Cancel | undefined;

  constructor({ kind, name, timeline, options = {}, seed = 1 }: LinkOptions) {
    this.#timeline = timeline;
    this.#name = name;
    this.#faults = noFaults(seed);
    this.#device = kind.create(options, timeline.monotonicMs());
    this.#toGateway = pacedWire(kind.line, timeline, (chunk) => this.#end?.onBytes(chunk));
    this.#toDevice = pacedWire(kind.line, timeline, (chunk) => this.#receive(chunk));
    this.#advance();
  }

  get name(): string {
    return this.#name;
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  attach(end: LinkEnd): LinkAttachment | undefined {
    if (!this.#plugged || this.#stopped || this.#end !== undefined) return undefined;
    this.#end = end;
    return {
      send: (bytes) => {
        if (this.#end === end && this.#plugged) this.#toDevice.send(bytes);
      },
      detach: () => {
        if (this.#end === end) this.#end = undefined;
      },
    };
  }

  command(name: string, args: Readonly<Record<string, unknown>> = {}): void {
    this.#advance();
    this.#device.command(name, args);
    this.#advance();
  }

  fault(fault: WireFault): void {
    this.#advance();
    const { state, out } = addFault(this.#faults, fault, this.#timeline.monotonicMs());
    this.#faults = state;
    this.#put(out);
  }

  unplug(): void {
    if (!this.#plugged) return;
    this.#plugged = false;
    this.#toGateway.clear();
    this.#toDevice.clear();
    this.#forgetLate();
    const end = this.#end;
    this.#end = undefined;
    end?.onUnplugged();
  }

  plug(name?: string): void {
    this.#name = name ?? this.#name;
    this.#plugged = true;
  }

  describe(): Readonly<Record<string, unknown>> {
    this.#advance();
    return this.#device.describe();
  }

  overrunBytes(): number {
    return this.#toGateway.overrunBytes();
  }

  stop(): void {
    this.unplug();
    this.#stopped = true;
    this.#cancelWake?.();
  }

  #receive(bytes: Uint8Array): void {
    this.#advance();
    this.#say(this.#device.receive(bytes, this.#timeline.monotonicMs()));
    this.#advance();
  }

  /** Brings the device up to now and notes when it wants to be woken. */
  #advance(): void {
    if (this.#stopped) return;
    const nowMs = this.#timeline.monotonicMs();
    const { send, wakeAtMs } = this.#device.advance(nowMs);
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    if (wakeAtMs !== undefined) {
      const delayMs = wakeAtMs > nowMs ? wakeAtMs - nowMs : WAKE_MIN_MS;
      this.#cancelWake = this.#timeline.after(delayMs, () => this.#advance());
    }
    this.#say(send);
  }

  #say(frames: readonly Uint8Array[]): void {
    for (const frame of frames) {
      const { state, out } = passFrame(this.#faults, frame, this.#timeline.monotonicMs());
      this.#faults = state;
      this.#put(out);
    }
  }

  #put(out: readonly WireOutput[]): void {
    for (const { bytes, delayMs } of out) {
      if (!this.#plugged) return;
      if (delayMs <= 0) {
        this.#toGateway.send(bytes);
        continue;
      }
      const cancel = this.#timeline.after(delayMs, () => {
        this.#late.delete(cancel);
        this.#toGateway.send(bytes);
      });
      this.#late.add(cancel);
    }
  }

  #forgetLate(): void {
    for (const cancel of this.#late) cancel();
    this.#late.clear();
  }
}
