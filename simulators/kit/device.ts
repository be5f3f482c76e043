/**
 * The contract of a simulated device: physics plus its own codec, apart from each other and both
 * without clock, timer or port. Time is passed in, so a ten-day infusion runs in seconds in virtual
 * time and in real time behind a pseudo-terminal with the same code.
 *
 * A simulator never imports a driver: a shared codec could not find a codec fault.
 */
export interface SimulatedDevice {
  /**
   * Bytes that arrived on the device's receive line, in any split (a query may come in two calls).
   * Returns frames to send at once; each is put on the wire as one unit that faults can hit.
   */
  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[];
  /**
   * Lets time pass up to `nowMs` (monotonic, never going back). Called at `wakeAtMs`, and also at
   * any other moment: before `receive`, `command` and `describe`. It must send what is due and no
   * more, so an extra call does no harm.
   */
  advance(nowMs: number): Advance;
  /**
   * Physics and front panel: `set-rate`, `occlude`, `stop` ... Throws an `Error` with one clear
   * sentence for an unknown command or unfit arguments. What it makes the device say comes out of
   * the next `advance`, which the link calls directly after.
   */
  command(name: string, args: Readonly<Record<string, unknown>>): void;
  /** The truth (JSON values), for oracles: what the gateway should have found out. */
  describe(): Readonly<Record<string, unknown>>;
}

export interface Advance {
  readonly send: readonly Uint8Array[];
  /** When to call again without being asked (monotonic ms). Absent: only after the next input. */
  readonly wakeAtMs?: number;
}

/** What the pacer needs to know of the line: 9600 8N1 is `{ baudRate: 9600, bitsPerByte: 10 }`. */
export interface SimulatedLine {
  readonly baudRate: number;
  /** Start bit + data bits + parity bit + stop bits. */
  readonly bitsPerByte: number;
}

/** One kind of simulated device, listed in `simulators/index.ts`. */
export interface SimulatorKind {
  /** The id of the driver that it is the twin of: `alaris-asena`. */
  readonly id: string;
  readonly line: SimulatedLine;
  /** @param options from the ward file; unfit ones throw an `Error` with one clear sentence */
  create(options: Readonly<Record<string, unknown>>, nowMs: number): SimulatedDevice;
}

/** Kinds by id. */
export type SimulatorRegistry = ReadonlyMap<string, SimulatorKind>;

/** Makes the registry; two simulators under one id are a programming error. */
export function simulatorRegistry(kinds: readonly SimulatorKind[]): SimulatorRegistry {
  const byId = new Map<string, SimulatorKind>();
  for (const kind of kinds) {
    if (byId.has(kind.id)) throw new Error(`two simulators have the id ${kind.id}`);
    byId.set(kind.id, kind);
  }
  return byId;
}
