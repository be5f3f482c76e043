import { intellivueFraming } from '../../drivers/philips-intellivue/framer.ts';
import { intellivueQueries } from '../../drivers/philips-intellivue/queries.ts';
import {
  type IntellivueOptions,
  type IntellivueState,
  intellivueSession,
} from '../../drivers/philips-intellivue/session.ts';
import {
  type Answer,
  acceptMessage,
  answerMessages,
  attribute,
  mdsCreateMessage,
  type PolledThing,
  u16,
  u32,
} from '../../simulators/philips-intellivue/messages.ts';
import { framed } from '../../simulators/philips-intellivue/wire.ts';
import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { ChannelEvent, DeviceAlert, MetricSeen } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';

export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Everything between flags that could be a frame. */
export const framesOf = (stream: Uint8Array): readonly Uint8Array[] =>
  intellivueFraming.push(intellivueFraming.initial, stream).frames;
export const droppedOf = (stream: Uint8Array): number =>
  intellivueFraming.push(intellivueFraming.initial, stream).droppedBytes;

/** User data as the framer hands it on; made by the simulator's encoder. */
export const frameOf = (userData: Uint8Array): Uint8Array => framed(userData).slice(1, -1);

/** 2026-01-05 08:00:00 on the monitor's clock. */
export const WALL_MS = Date.UTC(2026, 0, 5, 8, 0, 0);
export const TICKS = 8_000_000;
export const ACCEPT = frameOf(acceptMessage());

export const mdsCreate = (told: Partial<Parameters<typeof mdsCreateMessage>[0]> = {}): Uint8Array =>
  frameOf(
    mdsCreateMessage({
      model: 'M8000',
      serial: 'DE12345678',
      firmware: 'H.10',
      wallMs: WALL_MS,
      ticks: TICKS,
      ...told,
    }),
  );

export const [BPM, PER_CENT, MMHG, RPM] = [0x0aa0, 0x0220, 0x0f20, 0x0ae0];

/** A value as ten bytes: id, state, unit, FLOAT-Type. */
export const value = (id: number, state: number, unit: number, float: number): Buffer =>
  Buffer.concat([u16(id, state, unit), u32(float)]);

export const numeric = (
  handle: number,
  label: number | null,
  ...attributes: readonly Uint8Array[]
): PolledThing => ({
  handle,
  attributes: [...(label === null ? [] : [attribute(0x0924, u32(label))]), ...attributes],
});

/** An object with one value. */
export const single = (
  label: number,
  state: number,
  unit: number,
  float: number,
  id = label & 0xffff,
): PolledThing => numeric(label & 0xffff, label, attribute(0x0950, value(id, state, unit, float)));

export const cuff = (
  pressures: readonly [number, number, number],
  state: number,
  stamp: string | null,
): PolledThing => {
  const items = Buffer.concat(
    pressures.map((float, index) => value(0x4a05 + index, state, MMHG, float)),
  );
  return numeric(
    0x4a04,
    0x0002_4a04,
    attribute(0x094b, Buffer.concat([u16(3, items.length), items])),
    ...(stamp === null ? [] : [attribute(0x0990, hex(stamp))]),
  );
};

/** All frames of one round of numerics, or of alarms. */
export const round = (
  things: readonly PolledThing[],
  more: Partial<Answer> = {},
): readonly Uint8Array[] =>
  answerMessages({
    invokeId: 1,
    number: 1,
    objectClass: 6,
    group: 0,
    sequence: 1,
    ticks: TICKS,
    things,
    ...more,
  }).map(frameOf);

export const alarmRound = (things: readonly PolledThing[]): readonly Uint8Array[] =>
  round(things, { objectClass: 0x36, group: 0x0801, number: 4 });

export const HR = single(0x0002_4182, 0, BPM, 72);

/** The session alone, fed by hand. */
export class Talk {
  readonly events: ChannelEvent[] = [];
  readonly sent: { readonly atMs: number; readonly name: string }[] = [];
  wakeAtMs: number | undefined;
  readonly #session: Session<IntellivueState>;
  #state: IntellivueState;

  constructor(options: IntellivueOptions = { waves: false }) {
    this.#session = intellivueSession(options);
    this.#state = this.#session.initial;
  }

  get state(): IntellivueState {
    return this.#state;
  }

  open(atMs = 0): this {
    this.do({ kind: 'opened', atMs });
    return this;
  }

  /** Opened, agreed, introduced. */
  associate(atMs = 0, told: Parameters<typeof mdsCreate>[0] = {}): this {
    this.open(atMs);
    this.hear(ACCEPT, atMs);
    this.hear(mdsCreate(told), atMs);
    return this;
  }

  wake(atMs: number): readonly ChannelEvent[] {
    return this.do({ kind: 'wake', atMs }).events;
  }

  /** Wakes the session whenever it wants to be woken, up to a moment. */
  wait(untilMs: number): this {
    while (this.wakeAtMs !== undefined && this.wakeAtMs <= untilMs) this.wake(this.wakeAtMs);
    return this;
  }

  /** What one frame, or each of several, led to. */
  hear(frames: Uint8Array | readonly Uint8Array[], atMs: number): readonly ChannelEvent[] {
    const all = frames instanceof Uint8Array ? [frames] : frames;
    return all.flatMap((frame) => this.do({ kind: 'frame', atMs, frame }).events);
  }

  do(input: SessionInput): Step<IntellivueState> {
    const step = this.#session.step(this.#state, input);
    this.#state = step.state;
    this.wakeAtMs = step.wakeAtMs;
    this.events.push(...step.events);
    for (const bytes of step.send) {
      this.sent.push({ atMs: input.atMs, name: intellivueQueries.nameOf(bytes) ?? '' });
    }
    return step;
  }

  /** Names sent since a moment, each with its time. */
  sentSince(atMs: number): readonly (readonly [number, string])[] {
    return this.sent.filter((one) => one.atMs >= atMs).map((one) => [one.atMs, one.name]);
  }
}

/** The last metric with that code. */
export function metric(events: readonly ChannelEvent[], code: MetricCode): MetricSeen {
  const found = events.findLast((event) => event.kind === 'metric' && event.code === code);
  if (found?.kind !== 'metric') throw new Error(`no ${code}`);
  return found;
}

export const alertsIn = (events: readonly ChannelEvent[]): readonly DeviceAlert[] | undefined => {
  const found = events.findLast((event) => event.kind === 'alerts');
  return found?.kind === 'alerts' ? found.alerts : undefined;
};

export const verdictOf = (events: readonly ChannelEvent[]): string =>
  events
    .filter((event) => event.kind === 'frame-accepted' || event.kind === 'frame-rejected')
    .map((event) => (event.kind === 'frame-rejected' ? event.reason : 'accepted'))
    .join();
