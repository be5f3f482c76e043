import { terumoSession } from '../../drivers/terumo-ss/session.ts';
import { parseStatus, type TerumoStatus } from '../../drivers/terumo-ss/status.ts';
import { parseRequest, reply } from '../../simulators/terumo-ss/wire.ts';
import type { Step } from '../../src/driver/contract.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';

export const DEVID = '000100700000001901000042';

/** Data after the result byte, as in the example of a pump that infuses 8.00 mL/h. */
const INFUSING =
  '04 03 10 00 00 00 00 00 55 01 06 00 03 20 00 04 DB 00 01 78 00 00 00 00 FF FF 00 00 00';

export const bytesOf = (hex: string): readonly number[] => [
  ...Buffer.from(hex.replaceAll(' ', ''), 'hex'),
];

/** Bytes at positions of the whole binary command, as the manual counts them. */
export type Changes = Readonly<Record<number, string>>;

/** The binary command of a status reply; what is not said is that of a pump that infuses 8.00 mL/h. */
export function statusCommand(sequence: number, changes: Changes = {}): readonly number[] {
  const command = [sequence, 1, 0, 0, 0, ...bytesOf(INFUSING)];
  for (const [at, hex] of Object.entries(changes)) {
    const put = bytesOf(hex);
    command.splice(Number(at), put.length, ...put);
  }
  return command;
}

export function status(changes: Changes = {}): TerumoStatus {
  const found = parseStatus(Uint8Array.from(statusCommand(0, changes)));
  if (found === undefined) throw new Error('not a status');
  return found;
}

/** Volume delivered in mL as it stands in the reply. */
export const volume = (ml: number): string =>
  Math.floor(ml * 100 + 1e-6)
    .toString(16)
    .padStart(6, '0');

/** A frame as the framer hands it on, made by the simulator's codec, not by the driver's. */
export const frame = (devid: string, command?: readonly number[]): Uint8Array =>
  reply(devid, command).slice(1, -1);

/** What a pump answers: who it is, and the command to a status question; `undefined` = silence. */
export interface Pump {
  readonly devid: () => string | undefined;
  readonly status: (sequence: number, atMs: number) => readonly number[] | undefined;
}

export function pump(parts: Partial<Pump> = {}): Pump {
  return {
    devid: () => DEVID,
    status: (sequence, atMs) =>
      statusCommand(sequence, { 19: volume(12.43 + (8 * atMs) / 3_600_000) }),
    ...parts,
  };
}

export interface Sent {
  readonly atMs: number;
  /** Empty for the question who it is. */
  readonly devid: string;
  readonly sequence: number | null;
}

/** A conversation in virtual time: a pump as a function at one end, the session at the other. */
export class Talk {
  nowMs: number;
  wakeAtMs: number | undefined;
  readonly sent: Sent[] = [];
  readonly events: DeviceEvent[] = [];
  #state = terumoSession.initial;
  #replies: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  readonly #pump: Pump;
  readonly #replyMs: number;

  constructor(pump: Pump, { replyMs = 20, startMs = 0 } = {}) {
    this.#pump = pump;
    this.#replyMs = replyMs;
    this.nowMs = startMs;
  }

  open(): this {
    this.#take(terumoSession.step(this.#state, { kind: 'opened', atMs: this.nowMs }));
    return this;
  }

  close(): this {
    this.#replies = [];
    this.#take(terumoSession.step(this.#state, { kind: 'closed', atMs: this.nowMs }));
    return this;
  }

  /** A frame that comes now; what it led to. */
  hear(bytes: Uint8Array): readonly DeviceEvent[] {
    const step = terumoSession.step(this.#state, {
      kind: 'frame',
      atMs: this.nowMs,
      frame: bytes,
    });
    this.#take(step);
    return step.events;
  }

  /** Lets time pass: replies come, the session is woken. */
  runTo(untilMs: number): this {
    for (let turns = 0; turns < 1_000_000; turns++) {
      const next = this.#replies[0];
      const nextMs = Math.min(next?.atMs ?? Infinity, this.wakeAtMs ?? Infinity);
      if (nextMs > untilMs) {
        this.nowMs = Math.max(this.nowMs, untilMs);
        return this;
      }
      this.nowMs = Math.max(this.nowMs, nextMs);
      if (next !== undefined && next.atMs <= nextMs) {
        this.#replies.shift();
        this.hear(next.frame);
      } else {
        this.#take(terumoSession.step(this.#state, { kind: 'wake', atMs: this.nowMs }));
      }
    }
    throw new Error('the session does not let time pass');
  }

  run(durationMs: number): this {
    return this.runTo(this.nowMs + durationMs);
  }

  /** Forgets what was sent and said so far. */
  from(): this {
    this.sent.length = 0;
    this.events.length = 0;
    return this;
  }

  of<K extends DeviceEvent['kind']>(kind: K): readonly Extract<DeviceEvent, { kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<DeviceEvent, { kind: K }> => event.kind === kind,
    );
  }

  /** The last word on the flow and on the state. */
  flow() {
    const flow = this.of('metric').findLast(({ code }) => code === 'MDC_FLOW_FLUID_PUMP_CURRENT');
    return {
      status: this.of('pump-status').at(-1)?.status,
      value: flow?.value,
      validity: flow?.validity,
      reason: flow?.reason,
    };
  }

  #take(step: Step<typeof terumoSession.initial>): void {
    this.#state = step.state;
    this.wakeAtMs = step.wakeAtMs;
    this.events.push(...step.events);
    for (const bytes of step.send) {
      const xml = Buffer.from(bytes).toString('latin1').slice(1, -5);
      const request = parseRequest(xml);
      if (request === undefined) throw new Error(`no request: ${xml}`);
      const sequence = request.command?.[0] ?? null;
      this.sent.push({ atMs: this.nowMs, devid: request.devid, sequence });
      this.#reply(sequence);
    }
  }

  #reply(sequence: number | null): void {
    const devid = this.#pump.devid();
    if (devid === undefined) return;
    const atMs = this.nowMs + this.#replyMs;
    if (sequence === null) {
      this.#replies.push({ atMs, frame: frame(devid) });
      return;
    }
    const command = this.#pump.status(sequence, this.nowMs);
    if (command !== undefined) this.#replies.push({ atMs, frame: frame(devid, command) });
  }
}
