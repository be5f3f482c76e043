import { type GrasebyState, grasebySession } from '../../drivers/graseby-3400/session.ts';
import { message } from '../../simulators/graseby-3400/wire.ts';
import type { Step } from '../../src/driver/contract.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';

/** A line as the framer hands it on, made by the simulator's codec, not by the driver's. */
export const line = (text: string): Uint8Array => message(text).slice(0, -1);

/** What a pump says to a word; `undefined` = silence. */
export type Pump = (word: string, atMs: number) => string | undefined;

export interface PumpParts {
  readonly state?: string;
  /** As it stands in the reply. */
  readonly rate?: string;
  /** How fast the total grows. */
  readonly mlPerH?: number;
}

/** A pump that infuses 72 mL/h, 0.1 mL every 5 s; parts of it can be replaced from moment to moment. */
export function pump(parts: (atMs: number) => PumpParts = () => ({})): Pump {
  let totalMl = 12.4;
  let lastMs = 0;
  return (word, atMs) => {
    const { state = 'INFS', rate = '720', mlPerH = 72 } = parts(atMs);
    totalMl += (mlPerH * (atMs - lastMs)) / 3_600_000;
    lastMs = atMs;
    const data = { GETR: rate, TOTL: String(Math.floor(totalMl * 10 + 1e-9)) }[word] ?? '';
    return `OK${word}${state}${data}`;
  };
}

/** A conversation in virtual time: a pump as a function at one end, the session at the other. */
export class Talk {
  nowMs = 0;
  wakeAtMs: number | undefined;
  readonly sent: { readonly atMs: number; readonly word: string }[] = [];
  readonly events: DeviceEvent[] = [];
  #state: GrasebyState = grasebySession.initial;
  #replies: { readonly atMs: number; readonly line: Uint8Array }[] = [];
  readonly #pump: Pump;
  readonly #replyMs: number;

  constructor(answers: Pump, { replyMs = 20 } = {}) {
    this.#pump = answers;
    this.#replyMs = replyMs;
  }

  open(): this {
    this.#take(grasebySession.step(this.#state, { kind: 'opened', atMs: this.nowMs }));
    return this;
  }

  close(): this {
    this.#replies = [];
    this.#take(grasebySession.step(this.#state, { kind: 'closed', atMs: this.nowMs }));
    return this;
  }

  /** A line that comes now; what it led to. */
  hear(frame: Uint8Array): readonly DeviceEvent[] {
    const step = grasebySession.step(this.#state, { kind: 'frame', atMs: this.nowMs, frame });
    this.#take(step);
    return step.events;
  }

  /** Lets time pass: replies come, the session is woken. */
  run(durationMs: number): this {
    const untilMs = this.nowMs + durationMs;
    for (let turns = 0; turns < 1_000_000; turns++) {
      const reply = this.#replies[0];
      const nextMs = Math.min(reply?.atMs ?? Infinity, this.wakeAtMs ?? Infinity);
      if (nextMs > untilMs) {
        this.nowMs = untilMs;
        return this;
      }
      this.nowMs = Math.max(this.nowMs, nextMs);
      if (reply !== undefined && reply.atMs <= nextMs) {
        this.#replies.shift();
        this.hear(reply.line);
      } else this.#take(grasebySession.step(this.#state, { kind: 'wake', atMs: this.nowMs }));
    }
    throw new Error('the session does not let time pass');
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

  /** The last word on a metric. */
  last(code: MetricCode) {
    const { value, validity, reason, source } =
      this.of('metric').findLast((metric) => metric.code === code) ?? {};
    return { value, validity, reason, source };
  }

  /** The last word on flow and state. */
  flow() {
    return {
      status: this.of('pump-status').at(-1)?.status,
      ...this.last('MDC_FLOW_FLUID_PUMP_CURRENT'),
    };
  }

  alarms(): readonly string[] | undefined {
    return this.of('alerts')
      .at(-1)
      ?.alerts.map(({ code }) => code);
  }

  #take(step: Step<GrasebyState>): void {
    this.#state = step.state;
    this.wakeAtMs = step.wakeAtMs;
    this.events.push(...step.events);
    for (const bytes of step.send) {
      const word = Buffer.from(bytes).toString('latin1').slice(1, 5);
      this.sent.push({ atMs: this.nowMs, word });
      const reply = this.#pump(word, this.nowMs);
      if (reply !== undefined) {
        this.#replies.push({ atMs: this.nowMs + this.#replyMs, line: line(reply) });
      }
    }
  }
}
