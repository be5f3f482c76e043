import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import { NOTHING_SAID, nextSaid, type Said } from '../../src/driver/kit/second-reading.ts';
import type { DeviceEvent, FrameRejected } from '../../src/observation/device-event.ts';
import {
  decodeNonin,
  type NoninDisplayFrame,
  type NoninFormat,
  type NoninWaveFrame,
  SYNC,
} from './codec.ts';
import { valueEvents, waveOf } from './observe.ts';
import { FRAMES_PER_PACKET, type Packet, packetReading, packetsSince } from './packet.ts';
import { displayFlags, type Lasting, NOTHING_LASTING, nextLasting, packetFlags } from './status.ts';

export interface NoninOptions {
  /** `auto` takes formats 2 and 7, which have checksums; format 8 has none and is taken only when named. */
  readonly format: 'auto' | NoninFormat;
}

/** After so long without a frame the packet that had begun is not gone on with. */
const PAUSE_MS = 1_000;
/** Frames without a whole packet keep nothing alive for longer. */
const VALUES_MS = 2_000;
/** From one second to the next, in a format without a checksum. */
const SPO2_STEP_MAX = 10;
const RATE_STEP_MAX = 30;
/** Bits of the second status of format 8 that no device sets, all together: the mark of a simulator. */
const DISPLAY_MARK = 0x56;

interface ToldIdentity {
  readonly isSimulated: boolean;
  readonly firmware: string;
}

export interface NoninState {
  readonly isOpen: boolean;
  readonly packet: Packet | null;
  /** Arrival of the last frame of the packet. */
  readonly heardAtMs: number | null;
  /** Since when frames come without a pause. */
  readonly sinceMs: number;
  readonly valuesAtMs: number | null;
  /** `null` until one packet came whole: before, a simulator could be taken for a patient. */
  readonly told: ToldIdentity | null;
  readonly lasting: Lasting;
  /** The last packet of the waveform. */
  readonly wave: {
    readonly firstIndex: number;
    readonly timer: number | undefined;
    readonly atMs: number;
  } | null;
  /** Format 8 only. */
  readonly said: { readonly spo2: Said; readonly rate: Said };
}

const CLOSED: NoninState = {
  isOpen: false,
  packet: null,
  heardAtMs: null,
  sinceMs: 0,
  valuesAtMs: null,
  told: null,
  lasting: NOTHING_LASTING,
  wave: null,
  said: { spo2: NOTHING_SAID, rate: NOTHING_SAID },
};

/** It only listens: there is nothing to ask and nothing to wait for. */
export function noninSession({ format }: NoninOptions): Session<NoninState> {
  const isWanted = (found: NoninFormat): boolean =>
    format === 'auto' ? found !== 8 : found === format;

  function step(state: NoninState, input: SessionInput): Step<NoninState> {
    switch (input.kind) {
      case 'opened':
        return { state: { ...CLOSED, isOpen: true }, send: [], events: [] };
      case 'closing':
      case 'closed':
        return { state: CLOSED, send: [], events: [] };
      case 'wake':
        return { state, send: [], events: [] };
      case 'frame':
        return afterFrame(state, input.frame, input.atMs);
    }
  }

  function afterFrame(state: NoninState, bytes: Uint8Array, atMs: number): Step<NoninState> {
    const decoded = decodeNonin(bytes);
    if (!state.isOpen) return refused(state, 'unexpected', atMs);
    if (!decoded.ok) {
      const { kind } = decoded.error;
      return refused(kind === 'checksum' ? withFrame(state, null, atMs) : state, kind, atMs);
    }
    const frame = decoded.value;
    if (!isWanted(frame.format)) return refused(state, 'unexpected', atMs);
    return frame.format === 8 ? afterDisplay(state, frame, atMs) : afterWave(state, frame, atMs);
  }

  return { initial: CLOSED, step };
}

/** The next place of the packet that has begun; `null` = its frame was damaged. */
function withFrame(state: NoninState, frame: NoninWaveFrame | null, atMs: number): NoninState {
  const { packet } = state;
  if (packet === null || packet.length >= FRAMES_PER_PACKET) return { ...state, packet: null };
  if (frame !== null && frame.format !== packet[0]?.format) return { ...state, packet: null };
  return { ...state, packet: [...packet, frame], heardAtMs: atMs };
}

function afterWave(before: NoninState, frame: NoninWaveFrame, atMs: number): Step<NoninState> {
  const isPaused = before.heardAtMs === null || atMs - before.heardAtMs > PAUSE_MS;
  const state = isPaused ? { ...before, packet: null, sinceMs: atMs } : before;
  if ((frame.status & SYNC) === 0) return within(state, frame, atMs);
  // Just 25 frames since the last one: only now it is sure that every byte stood in its place.
  const { packet, heardAtMs } = state;
  const isComplete = packet?.length === FRAMES_PER_PACKET && packet[0]?.format === frame.format;
  const told =
    isComplete && heardAtMs !== null
      ? afterPacket(state, packet, heardAtMs)
      : { state, events: [] };
  const next = { ...told.state, packet: [frame], heardAtMs: atMs };
  return { state: next, send: [], events: withVerdict(next, told.events, atMs) };
}

function within(state: NoninState, frame: NoninWaveFrame, atMs: number): Step<NoninState> {
  const next = withFrame(state, frame, atMs);
  if (next.packet === null) return refused({ ...next, heardAtMs: atMs }, 'unexpected', atMs);
  return { state: next, send: [], events: withVerdict(next, [], atMs) };
}

/** A frame is accepted only while whole packets come, too; who it is stands before all else. */
function withVerdict(
  { sinceMs, valuesAtMs }: NoninState,
  events: readonly DeviceEvent[],
  atMs: number,
): readonly DeviceEvent[] {
  const isLive = atMs - Math.max(sinceMs, valuesAtMs ?? sinceMs) <= VALUES_MS;
  const verdict: DeviceEvent = isLive
    ? { kind: 'frame-accepted', atMs }
    : rejected('unexpected', atMs);
  return [verdict, ...events];
}

function afterPacket(
  state: NoninState,
  packet: Packet,
  atMs: number,
): { readonly state: NoninState; readonly events: readonly DeviceEvent[] } {
  const reading = packetReading(packet);
  const { isWhole, isSimulated, firmware, timer, rate, spo2 } = reading;
  const found = {
    isSimulated,
    firmware: `format ${packet[0]?.format}, revision ${firmware}`,
  };
  const [told, identity] = isWhole ? identify(state.told, found, atMs) : [state.told, []];
  if (told === null) return { state, events: [] };
  const lasting = nextLasting(state.lasting, reading);
  const flags = packetFlags(reading, lasting);
  const { wave } = state;
  const firstIndex =
    wave === null ? 0 : wave.firstIndex + FRAMES_PER_PACKET * packetsSince(wave, { timer, atMs });
  const values = valueEvents(
    { value: spo2, isConfirmed: true },
    { value: rate, isConfirmed: true },
    flags,
    atMs,
  );
  return {
    state: { ...state, told, lasting, valuesAtMs: atMs, wave: { firstIndex, timer, atMs } },
    events: [...identity, ...values, waveOf(packet, firstIndex, flags, atMs)],
  };
}

/** Format 8: no checksum, so a number that jumps waits for a second one. */
function afterDisplay(state: NoninState, frame: NoninDisplayFrame, atMs: number): Step<NoninState> {
  const found = {
    isSimulated: (frame.status2 & DISPLAY_MARK) === DISPLAY_MARK,
    firmware: 'format 8',
  };
  const [told, identity] = identify(state.told, found, atMs);
  const spo2 = frame.spo2 === 127 ? null : frame.spo2;
  const rate = frame.rate === 511 ? null : frame.rate;
  const spo2Step = nextSaid(state.said.spo2, spo2, SPO2_STEP_MAX);
  const rateStep = nextSaid(state.said.rate, rate, RATE_STEP_MAX);
  const values = valueEvents(
    { value: spo2, isConfirmed: spo2Step.isConfirmed },
    { value: rate, isConfirmed: rateStep.isConfirmed },
    displayFlags(frame),
    atMs,
  );
  return {
    state: { ...state, told, said: { spo2: spo2Step.said, rate: rateStep.said } },
    send: [],
    events: [...identity, { kind: 'frame-accepted', atMs }, ...values],
  };
}

function identify(
  before: ToldIdentity | null,
  now: ToldIdentity,
  atMs: number,
): readonly [ToldIdentity, readonly DeviceEvent[]] {
  const { isSimulated, firmware } = now;
  if (before?.isSimulated === isSimulated && before.firmware === firmware) return [before, []];
  const mode = isSimulated ? { mode: 'demo' as const } : {};
  return [now, [{ kind: 'identity', firmware, ...mode, atMs }]];
}

const refused = (
  state: NoninState,
  reason: FrameRejected['reason'],
  atMs: number,
): Step<NoninState> => ({ state, send: [], events: [rejected(reason, atMs)] });

const rejected = (reason: FrameRejected['reason'], atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});
