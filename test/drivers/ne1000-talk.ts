import type { NeOptions, NeState } from '../../drivers/ne1000/conversation.ts';
import { type NeWord, neQueries } from '../../drivers/ne1000/queries.ts';
import { neSession } from '../../drivers/ne1000/session.ts';
import { basicAnswer, safePacket } from '../../simulators/ne1000/wire.ts';
import type { Session, Step } from '../../src/driver/contract.ts';
import type { ChannelEvent } from '../../src/observation/device-event.ts';

export interface Asked {
  readonly atMs: number;
  readonly address: string;
  /** `CR` for a CR alone. */
  readonly word: NeWord | 'CR';
  readonly framing: 'basic' | 'safe';
}

/** Letter and data behind the address (`I40.00MH`); a frame's bytes; `undefined` = silence. */
type Answer = string | Uint8Array | undefined;
export type Line = (asked: Asked) => Answer;

/** Answers by word; the letter of the state stands before each but an alarm. */
export type Answers = Readonly<Partial<Record<NeWord | 'CR', string | (() => string | undefined)>>>;

/** A pump at address 0 in basic mode that infuses 40 mL/h, but for what is said. */
export function infusing(answers: Answers = {}, letter: () => string = () => 'I'): Line {
  return ({ address, word, framing }) => {
    if (address !== '0' || framing === 'safe') return undefined;
    const said = word in answers ? answers[word] : USUAL[word];
    const data = typeof said === 'function' ? said() : said;
    if (data === undefined) return undefined;
    return data.startsWith('A?') ? data : `${letter()}${data}`;
  };
}

const USUAL: Readonly<Record<NeWord | 'CR', string>> = {
  CR: '',
  status: '',
  VER: 'NE1000V3.928',
  SAF: '0',
  PHN: '1',
  RAT: '40.00MH',
  DIS: 'I1.234W0.000ML',
  VOL: '50.00ML',
  DIR: 'INF',
  DIA: '26.59',
};

/** A frame as the framer hands it on, made by the simulator's codec, not by the driver's. */
export const basicFrame = (text: string): Uint8Array => basicAnswer(text).slice(1, -1);
export const safeFrame = (text: string): Uint8Array => safePacket(text).slice(1, -1);

/** A conversation in virtual time: pumps as a function at one end, the session at the other. */
export class Talk {
  nowMs = 0;
  wakeAtMs: number | undefined;
  readonly sent: Asked[] = [];
  readonly events: ChannelEvent[] = [];
  readonly #session: Session<NeState>;
  #state: NeState;
  #replies: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  readonly #line: Line;
  readonly #replyMs: number;

  constructor(
    line: Line,
    {
      framing = 'auto' as NeOptions['framing'],
      channels = ['0'] as readonly string[],
      replyMs = 20,
    } = {},
  ) {
    this.#line = line;
    this.#replyMs = replyMs;
    this.#session = neSession({ framing }, channels);
    this.#state = this.#session.initial;
  }

  open(): this {
    return this.#take(this.#session.step(this.#state, { kind: 'opened', atMs: this.nowMs }));
  }

  close(): this {
    this.#replies = [];
    return this.#take(this.#session.step(this.#state, { kind: 'closed', atMs: this.nowMs }));
  }

  /** A frame that comes now; what it led to. */
  hear(frame: Uint8Array): readonly ChannelEvent[] {
    const step = this.#session.step(this.#state, { kind: 'frame', atMs: this.nowMs, frame });
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
        this.#take(this.#session.step(this.#state, { kind: 'wake', atMs: this.nowMs }));
      }
    }
    throw new Error('the session does not let time pass');
  }

  run(durationMs: number): this {
    return this.runTo(this.nowMs + durationMs);
  }

  /** Runs until the question with this word has been sent, and not a moment longer. */
  until(word: Asked['word']): this {
    const count = this.sent.filter((one) => one.word === word).length;
    for (let step = 0; step < 100_000; step++) {
      if (this.sent.filter((one) => one.word === word).length > count) return this;
      this.run(1);
    }
    throw new Error(`${word} is never asked`);
  }

  /** Runs on until no answer is awaited and nothing will be sent for a while. */
  quiet(): this {
    for (let step = 0; step < 100_000; step++) {
      const sinceMs = this.nowMs - (this.sent.at(-1)?.atMs ?? this.nowMs);
      if (sinceMs > 2 * this.#replyMs && (this.wakeAtMs ?? 0) - this.nowMs > 100) return this;
      this.run(1);
    }
    throw new Error('it is never quiet');
  }

  /** Forgets what was sent and said so far. */
  from(): this {
    this.sent.length = 0;
    this.events.length = 0;
    return this;
  }

  words(): readonly string[] {
    return this.sent.map(({ word, framing }) => (framing === 'safe' ? `safe ${word}` : word));
  }

  of<K extends ChannelEvent['kind']>(
    kind: K,
    channel?: string,
  ): readonly Extract<ChannelEvent, { kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<ChannelEvent, { kind: K }> =>
        event.kind === kind && (channel === undefined || event.channel === channel),
    );
  }

  metric(code: string, channel?: string) {
    const seen = this.of('metric', channel).findLast((event) => event.code === code);
    return seen && { value: seen.value, validity: seen.validity, reason: seen.reason };
  }

  flow(channel?: string) {
    return {
      status: this.of('pump-status', channel).at(-1)?.status,
      ...this.metric('MDC_FLOW_FLUID_PUMP_CURRENT', channel),
    };
  }

  /** Codes of the last list of alarms. */
  alarms(channel?: string): readonly string[] | undefined {
    return this.of('alerts', channel)
      .at(-1)
      ?.alerts.map(({ code }) => code);
  }

  #take(step: Step<NeState>): this {
    this.#state = step.state;
    this.wakeAtMs = step.wakeAtMs;
    this.events.push(...step.events);
    for (const bytes of step.send) {
      const asked = { atMs: this.nowMs, ...understood(bytes) };
      this.sent.push(asked);
      const answer = this.#line(asked);
      if (answer !== undefined) {
        this.#replies.push({ atMs: this.nowMs + this.#replyMs, frame: framed(asked, answer) });
      }
    }
    return this;
  }
}

function framed({ address, framing }: Asked, answer: string | Uint8Array): Uint8Array {
  if (typeof answer !== 'string') return answer;
  const text = address.padStart(2, '0') + answer;
  return framing === 'basic' ? basicFrame(text) : safeFrame(text);
}

/** Read apart from the driver's own list of queries, which has to agree. */
function understood(bytes: Uint8Array): Omit<Asked, 'atMs'> {
  if (!neQueries.has(bytes)) throw new Error('sends what is not on the list');
  const isSafe = bytes[0] === 2;
  const text = Buffer.from(isSafe ? bytes.subarray(2, -3) : bytes.subarray(0, -1)).toString(
    'latin1',
  );
  const [, address = '', word = ''] = /^(\d*)([A-Z]*)$/.exec(text) ?? [];
  return {
    address: address === '' ? '0' : address,
    word: address === '' ? 'CR' : word === '' ? 'status' : (word as NeWord),
    framing: isSafe ? 'safe' : 'basic',
  };
}
