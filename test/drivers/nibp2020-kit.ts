import type { NibpStatus } from '../../drivers/nibp2020/codec.ts';
import { nibpQueries } from '../../drivers/nibp2020/codec.ts';
import type { NibpOptions } from '../../drivers/nibp2020/commands.ts';
import { type NibpState, nibpSession } from '../../drivers/nibp2020/session.ts';
import { endFrame, pressureFrame, type Said, statusFrame } from '../../simulators/nibp2020/wire.ts';
import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';

export const READING = { sys: 122, dia: 77, mean: 94, pulse: 75 } as const;
export const OTHER_READING = { sys: 141, dia: 88, mean: 105, pulse: 80 } as const;

/** A decoded status at rest, parts of it replaced. */
export const status = (parts: Partial<NibpStatus> = {}): NibpStatus => ({
  kind: 'status',
  state: 6,
  patient: 0,
  cycleMin: 15,
  message: '03',
  result: READING,
  isSimulated: false,
  ...parts,
});

/** What a module at rest says. */
export const SAID: Said = {
  state: 6,
  isNeonatal: false,
  cycleMin: 15,
  message: '03',
  result: { sys: 122, dia: 77, map: 94, pulse: 75 },
  seconds: null,
};

/** The session alone in virtual time; the other end is a function of time, made by the simulator's codec. */
export class Talk {
  nowMs = 0;
  wakeAtMs: number | undefined;
  readonly sent: { readonly atMs: number; readonly name: string }[] = [];
  readonly events: DeviceEvent[] = [];
  readonly #session: Session<NibpState>;
  #state: NibpState;
  readonly #says: (atMs: number) => Partial<Said> | undefined;
  #answers: { readonly atMs: number; readonly frame: Uint8Array }[] = [];
  readonly #answerMs: number;

  /** @param says what is different from a module at rest; `undefined` = silence */
  constructor(
    says: (atMs: number) => Partial<Said> | undefined = () => ({}),
    options: Partial<NibpOptions> = {},
    answerMs = 130,
  ) {
    this.#session = nibpSession({ measure: 'off', board: 'nibp', ...options });
    this.#state = this.#session.initial;
    this.#says = says;
    this.#answerMs = answerMs;
  }

  open(): this {
    this.#do({ kind: 'opened', atMs: this.nowMs });
    return this;
  }

  close(): this {
    this.#answers = [];
    this.#do({ kind: 'closed', atMs: this.nowMs });
    return this;
  }

  /** Pressures five times a second while time passes. */
  pressures(forMs: number, mmHg = 150, state = 3): this {
    const untilMs = this.nowMs + forMs;
    while (this.nowMs + 200 <= untilMs) {
      this.run(200);
      this.hear(pressureFrame(mmHg, state, false).slice(0, -1));
    }
    return this;
  }

  end(): this {
    this.hear(endFrame(false).slice(0, -1));
    return this;
  }

  /** A line that comes now; what it led to. */
  hear(frame: Uint8Array): readonly DeviceEvent[] {
    return this.#do({ kind: 'frame', atMs: this.nowMs, frame }).events;
  }

  run(forMs: number): this {
    const untilMs = this.nowMs + forMs;
    for (let turns = 0; turns < 100_000; turns += 1) {
      const [answer] = this.#answers;
      const nextMs = Math.min(answer?.atMs ?? Infinity, this.wakeAtMs ?? Infinity);
      if (nextMs > untilMs) {
        this.nowMs = untilMs;
        return this;
      }
      this.nowMs = Math.max(this.nowMs, nextMs);
      if (answer !== undefined && answer.atMs <= nextMs) {
        this.#answers.shift();
        this.hear(answer.frame);
      } else this.#do({ kind: 'wake', atMs: this.nowMs });
    }
    throw new Error('the session does not let time pass');
  }

  /** Forgets what was sent and said so far. */
  from(): this {
    this.sent.length = 0;
    this.events.length = 0;
    return this;
  }

  sentAt(name: string): readonly number[] {
    return this.sent.filter((one) => one.name === name).map(({ atMs }) => atMs);
  }

  of<K extends DeviceEvent['kind']>(kind: K): readonly Extract<DeviceEvent, { kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<DeviceEvent, { kind: K }> => event.kind === kind,
    );
  }

  last(code: MetricCode) {
    return this.of('metric').findLast((metric) => metric.code === code);
  }

  cuff() {
    return this.of('cuff').at(-1);
  }

  #do(input: SessionInput): Step<NibpState> {
    const step = this.#session.step(this.#state, input);
    this.#state = step.state;
    this.wakeAtMs = step.wakeAtMs;
    this.events.push(...step.events);
    for (const bytes of step.send) {
      const name = nibpQueries.nameOf(bytes) ?? 'unlisted';
      this.sent.push({ atMs: this.nowMs, name });
      if (!name.startsWith('status')) continue;
      const said = this.#says(this.nowMs);
      if (said === undefined) continue;
      const frame = statusFrame({ ...SAID, ...said }, name.endsWith('combi')).slice(0, -1);
      this.#answers.push({ atMs: this.nowMs + this.#answerMs, frame });
    }
    return step;
  }
}
