import type { VialState } from '../../drivers/fresenius-vial/conversation.ts';
import { vialSession } from '../../drivers/fresenius-vial/session.ts';
import { message } from '../../simulators/fresenius-vial/wire.ts';
import type { Step } from '../../src/driver/contract.ts';
import type { ChannelEvent } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';

export const ENQ = Uint8Array.of(0x05);
export const ACK = Uint8Array.of(0x06);
export const nak = (code: string): Uint8Array => Uint8Array.of(0x15, code.charCodeAt(0));

/** What the base says to a command, such as `1LE;amder`: the text of a message, or bytes; `undefined` = silence. */
export type Base = (command: string, atMs: number) => string | Uint8Array | undefined;

export interface ModuleParts {
  readonly a?: string;
  readonly e?: string;
  readonly m?: string;
  /** As told, mL/h. */
  readonly rate?: number;
  /** How fast the counter really grows, mL/h. */
  readonly flow?: number;
  readonly drug?: string;
  readonly number?: string;
}

const hex = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0');

/** A base with a module in each of these places that infuses 36 mL/h; answers can be replaced. */
export function base(
  parts: (atMs: number, place: string) => ModuleParts = () => ({}),
  places: readonly string[] = ['1'],
): Base {
  const counters = new Map<string, { readonly ml: number; readonly atMs: number }>();
  return (command, atMs) => {
    const place = command.slice(0, 1);
    if (command === '0LE;b') {
      return `0C;b${hex(
        places.reduce((map, one) => map | (1 << (Number(one) - 1)), 0),
        2,
      )}`;
    }
    if (command.endsWith('DC') || command.endsWith('FC')) return `${place}C`;
    const { a = '00', e = '00', m = '1', rate = 36, ...told } = parts(atMs, place);
    if (command.endsWith('LN')) return `${place}C;${told.number ?? '4711'}`;
    if (command.endsWith('LF;b')) return `${place}C;DPS`;
    if (command.endsWith('LP')) return `${place}C;${told.drug ?? 'Ketamine'}`;
    const last = counters.get(place) ?? { ml: 12.43, atMs };
    const ml = last.ml + ((told.flow ?? rate) * (atMs - last.atMs)) / 3_600_000;
    counters.set(place, { ml, atMs });
    const volume = hex(Math.floor(ml * 1_000 + 1e-6), 6);
    return `${place}C;a${a};m${m};d${hex(Math.round(rate * 10), 4)};e${e};r${volume}`;
  };
}

/** The same, with some commands answered otherwise. */
export const but =
  (usual: Base, other: (command: string, atMs: number) => ReturnType<Base> | 'usual'): Base =>
  (command, atMs) => {
    const answer = other(command, atMs);
    return answer === 'usual' ? usual(command, atMs) : answer;
  };

/** A conversation in virtual time: a base as a function at one end, the session at the other. */
export class Talk {
  nowMs = 0;
  wakeAtMs: number | undefined;
  /** Commands as their text, single bytes by name. */
  readonly sent: { readonly atMs: number; readonly text: string }[] = [];
  readonly events: ChannelEvent[] = [];
  readonly #session: ReturnType<typeof vialSession>;
  #state: VialState;
  #replies: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  readonly #base: Base;
  readonly #replyMs: number;

  constructor(answers: Base, channels: readonly string[] = ['1'], { replyMs = 20 } = {}) {
    this.#base = answers;
    this.#replyMs = replyMs;
    this.#session = vialSession(channels);
    this.#state = this.#session.initial;
  }

  get state(): VialState {
    return this.#state;
  }

  open(): this {
    this.#take(this.#session.step(this.#state, { kind: 'opened', atMs: this.nowMs }));
    return this;
  }

  end(kind: 'closing' | 'closed'): this {
    this.#replies = [];
    this.#take(this.#session.step(this.#state, { kind, atMs: this.nowMs }));
    return this;
  }

  /** A frame that comes now: bytes as the framer hands them on, or the text of a message. */
  hear(said: string | Uint8Array): readonly ChannelEvent[] {
    const frame = typeof said === 'string' ? message(said) : said;
    const step = this.#session.step(this.#state, { kind: 'frame', atMs: this.nowMs, frame });
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
        this.hear(reply.frame);
      } else this.#take(this.#session.step(this.#state, { kind: 'wake', atMs: this.nowMs }));
    }
    throw new Error('the session does not let time pass');
  }

  /** Forgets what was sent and said so far. */
  from(): this {
    this.sent.length = 0;
    this.events.length = 0;
    return this;
  }

  asked(text: string): readonly number[] {
    return this.sent.filter((one) => one.text === text).map((one) => one.atMs);
  }

  of<K extends ChannelEvent['kind']>(kind: K, channel?: string) {
    return this.events.filter(
      (event): event is Extract<ChannelEvent, { kind: K }> =>
        event.kind === kind && (channel === undefined || event.channel === channel),
    );
  }

  /** The last word on a metric. */
  last(code: MetricCode, channel = '1') {
    const { value, validity, reason } =
      this.of('metric', channel).findLast((metric) => metric.code === code) ?? {};
    return { value, validity, reason };
  }

  flow(channel = '1') {
    return this.last('MDC_FLOW_FLUID_PUMP_CURRENT', channel);
  }

  alarms(channel = '1'): readonly string[] | undefined {
    return this.of('alerts', channel)
      .at(-1)
      ?.alerts.map(({ code }) => code);
  }

  #take(step: Step<VialState>): void {
    this.#state = step.state;
    this.wakeAtMs = step.wakeAtMs;
    this.events.push(...step.events);
    for (const bytes of step.send) {
      const text = textOf(bytes);
      this.sent.push({ atMs: this.nowMs, text });
      if (bytes[0] !== 0x02) continue;
      const reply = this.#base(text, this.nowMs);
      if (reply === undefined) continue;
      const frame = typeof reply === 'string' ? message(reply) : reply;
      this.#replies.push({ atMs: this.nowMs + this.#replyMs, frame });
    }
  }
}

function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x02) return Buffer.from(bytes.slice(1, -3)).toString('latin1');
  const names: Readonly<Record<string, string>> = { '06': 'ACK', '14': 'DC4', '1532': 'NAK2' };
  const found = Buffer.from(bytes).toString('hex');
  return names[found] ?? found;
}
