import { type AsenaState, asenaSession } from '../../drivers/alaris-asena/session.ts';
import { asenaFrame } from '../../simulators/alaris-asena/wire.ts';
import type { Step } from '../../src/driver/contract.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';

export const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** A line as the framer hands it on, made by the simulator's codec, not by the driver's. */
export const line = (...parts: readonly string[]): Uint8Array => asenaFrame(parts).slice(0, -1);

export interface InfParts {
  readonly serial?: string;
  readonly notice?: string;
  readonly mode?: string;
  readonly rate?: string;
  readonly rateUnit?: string;
  readonly volume?: string;
  readonly volumeUnit?: string;
  readonly pressure?: string;
  readonly pressureUnit?: string;
  readonly remaining?: string;
  readonly logEntry?: string;
}

/** An INF reply; what is not said is that of a pump that infuses 8 mL/h. */
export const inf = (parts: InfParts = {}): readonly string[] => [
  'INF',
  parts.serial ?? '8003-20417',
  parts.notice ?? '-',
  parts.mode ?? 'SET',
  parts.rate ?? '8.00',
  parts.rateUnit ?? 'ml/h',
  '',
  parts.volume ?? '12.430',
  parts.volumeUnit ?? 'ml',
  parts.pressure ?? '35.20',
  parts.pressureUnit ?? 'mmHg',
  parts.remaining ?? '05:11:40',
  'EVENT',
  parts.logEntry ?? '100231',
];

export const noAlarm = ['ALARM', 'AL_NOALM', ' ', ' '];

/** What a pump says to a question; `undefined` = silence. */
export type Pump = (word: string, atMs: number) => readonly string[] | undefined;

export interface Sent {
  readonly atMs: number;
  readonly word: string;
}

/**
 * A conversation in virtual time: a pump as a function at one end, the session at the other. A pump
 * answers one question after another, `replyMs` after each.
 */
export class Talk {
  nowMs: number;
  wakeAtMs: number | undefined;
  readonly sent: Sent[] = [];
  readonly events: DeviceEvent[] = [];
  #state: AsenaState = asenaSession.initial;
  #replies: { readonly atMs: number; readonly line: Uint8Array }[] = [];
  readonly #pump: Pump;
  readonly #replyMs: number;

  constructor(pump: Pump, { replyMs = 20, startMs = 0 } = {}) {
    this.#pump = pump;
    this.#replyMs = replyMs;
    this.nowMs = startMs;
  }

  get state(): AsenaState {
    return this.#state;
  }

  open(): this {
    this.#take(asenaSession.step(this.#state, { kind: 'opened', atMs: this.nowMs }));
    return this;
  }

  close(): this {
    this.#replies = [];
    this.#take(asenaSession.step(this.#state, { kind: 'closed', atMs: this.nowMs }));
    return this;
  }

  /** A line that comes now; what it led to. */
  hear(...parts: readonly string[]): readonly DeviceEvent[] {
    return this.hearBytes(line(...parts));
  }

  hearBytes(frame: Uint8Array): readonly DeviceEvent[] {
    const step = asenaSession.step(this.#state, { kind: 'frame', atMs: this.nowMs, frame });
    this.#take(step);
    return step.events;
  }

  /** Lets time pass: replies come, the session is woken. */
  runTo(untilMs: number): this {
    for (let turns = 0; turns < 1_000_000; turns++) {
      const reply = this.#replies[0];
      const nextMs = Math.min(reply?.atMs ?? Infinity, this.wakeAtMs ?? Infinity);
      if (nextMs > untilMs) {
        this.nowMs = Math.max(this.nowMs, untilMs);
        return this;
      }
      this.nowMs = Math.max(this.nowMs, nextMs);
      if (reply !== undefined && reply.atMs <= nextMs) {
        this.#replies.shift();
        this.hearBytes(reply.line);
      } else {
        this.#take(asenaSession.step(this.#state, { kind: 'wake', atMs: this.nowMs }));
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

  asked(word: string): readonly number[] {
    return this.sent.filter((one) => one.word === word).map((one) => one.atMs);
  }

  of<K extends DeviceEvent['kind']>(kind: K): readonly Extract<DeviceEvent, { kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<DeviceEvent, { kind: K }> => event.kind === kind,
    );
  }

  #take(step: Step<AsenaState>): void {
    this.#state = step.state;
    this.wakeAtMs = step.wakeAtMs;
    this.events.push(...step.events);
    for (const bytes of step.send) {
      const word = Buffer.from(bytes).toString('latin1').slice(1).split('|')[0] ?? '';
      this.sent.push({ atMs: this.nowMs, word });
      const reply = this.#pump(word, this.nowMs);
      if (reply !== undefined) {
        const fromMs = Math.max(this.nowMs, this.#replies.at(-1)?.atMs ?? 0);
        this.#replies.push({ atMs: fromMs + this.#replyMs, line: line(...reply) });
      }
    }
  }
}

/** A pump that knows all ten questions; parts of it can be replaced. */
export function pump(answers: Readonly<Record<string, Pump>> = {}): Pump {
  const usual: Readonly<Record<string, Pump>> = {
    // 8 mL/h grow by 2.22 µL a second; the counter has 1 µL.
    INF: (_, atMs) => inf({ volume: (12.43 + (8 * atMs) / 3_600_000).toFixed(3) }),
    ALARM: () => noAlarm,
    INF_VTBI: () => ['INF_VTBI', 'ACTIV', '37.570', 'ml', 'STOP'],
    INST_SERIALNO: () => ['INST_SERIALNO', '8003-20417'],
    COMMS_PROTOCOL: () => ['COMMS_PROTOCOL', 'Asena Rev 2.1.5'],
    COMMS_RESPONSE_MAX: () => ['COMMS_RESPONSE_MAX', '4000', 'ms'],
    INF_RATE: () => ['INF_RATE', '8.00', 'ml/h'],
    INF_RATE_MAX_SYRINGE: () => ['INF_RATE_MAX_SYRINGE', '1200.00', 'ml/h'],
    INF_VI: (word, atMs) => [word, (12.43 + (8 * atMs) / 3_600_000).toFixed(3), 'ml'],
    SYRINGE_STATUS: () => ['SYRINGE_STATUS', 'BD PLASTIPAK', ' 50', 'CONF'],
  };
  return (word, atMs) => ({ ...usual, ...answers })[word]?.(word, atMs);
}

/** Questions beside INF and ALARM, in the order in which they are asked first. */
export const OTHERS = [
  'INF_RATE',
  'INF_VTBI',
  'SYRINGE_STATUS',
  'COMMS_RESPONSE_MAX',
  'COMMS_PROTOCOL',
  'INF_RATE_MAX_SYRINGE',
  'INF_VI',
  'INST_SERIALNO',
] as const;

/** Longest time between two of these moments. */
export function longestGapMs(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}

export const silent: Pump = () => undefined;
