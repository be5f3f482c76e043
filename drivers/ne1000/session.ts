import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { ChannelEvent, FrameRejected } from '../../src/observation/device-event.ts';
import { decodeNe, type NeFrame } from './codec.ts';
import {
  afterNoAnswer,
  askNext,
  type NeOptions,
  type NeState,
  type Setup,
  withPump,
} from './conversation.ts';
import { NEW_PUMP } from './known.ts';
import { heard, isAnswerTo } from './pump.ts';
import type { NeWord } from './queries.ts';
import { answered, askSoon } from './schedule.ts';

/** @param channels addresses of the configured pumps */
export function neSession(options: NeOptions, channels: readonly string[]): Session<NeState> {
  const closed: NeState = {
    isOpen: false,
    pending: null,
    framing: options.framing === 'safe' ? 'safe' : 'basic',
    silentTries: 0,
    lastHere: null,
    lastAbsent: null,
    absentDueAtMs: 0,
    pumps: Object.fromEntries(channels.map((channel) => [channel, NEW_PUMP])),
  };
  const setup: Setup = { options, channels, closed };
  return { initial: closed, step: (state, input) => step(setup, state, input) };
}

function step(setup: Setup, state: NeState, input: SessionInput): Step<NeState> {
  const { atMs } = input;
  switch (input.kind) {
    case 'opened':
      return proceed(setup, { ...setup.closed, isOpen: true, absentDueAtMs: atMs }, atMs, []);
    case 'closing':
    case 'closed':
      return { state: setup.closed, send: [], events: [] };
    case 'wake':
      return state.isOpen ? proceed(setup, state, atMs, []) : { state, send: [], events: [] };
    case 'frame':
      return state.isOpen
        ? afterFrame(setup, state, input.frame, atMs)
        : { state, send: [], events: [rejected('unexpected', atMs)] };
  }
}

function afterFrame(setup: Setup, state: NeState, bytes: Uint8Array, atMs: number): Step<NeState> {
  const decoded = decodeNe(bytes);
  if (!decoded.ok) return proceed(setup, state, atMs, [rejected(decoded.error.kind, atMs)]);
  const frame = decoded.value;
  const isUnprotected = setup.options.framing === 'safe' && frame.framing === 'basic';
  const word = isUnprotected ? undefined : expected(state, frame);
  if (word === undefined) return proceed(setup, state, atMs, [unexpected(frame, atMs)]);
  if (word !== null && !isAnswerTo(word, frame)) {
    return proceed(setup, state, atMs, [rejected('malformed', atMs)]);
  }
  return taken(setup, state, frame, word, atMs);
}

/**
 * What was asked and is answered by this frame; `null` when only its head may be taken: what comes after
 * a CR alone, and an alarm that comes by itself. `undefined` for what nobody asked for.
 */
function expected({ pending, pumps }: NeState, frame: NeFrame): NeWord | null | undefined {
  const { address, alarm, framing } = frame;
  const isMine = pumps[address] !== undefined;
  if (pending?.kind === 'question' && pending.address === address) return pending.word;
  if (alarm !== null) return isMine || framing === 'safe' ? null : undefined;
  if (pending?.kind !== 'settle') return undefined;
  return address === '0' || address === pending.address ? null : undefined;
}

function taken(
  setup: Setup,
  state: NeState,
  frame: NeFrame,
  word: NeWord | null,
  atMs: number,
): Step<NeState> {
  const { address, framing } = frame;
  const pump = state.pumps[address];
  // Nobody has configured it; the gateway shows that it is there.
  if (pump === undefined) {
    const events: readonly ChannelEvent[] = [{ kind: 'frame-accepted', atMs, channel: address }];
    return proceed(setup, state, atMs, events);
  }
  const seen = heard(pump, frame, word, atMs);
  if (word === null) {
    return proceed(setup, withPump(state, address, seen.pump), atMs, seen.events);
  }
  const { schedule: before } = seen.pump;
  const schedule =
    frame.alarm === null
      ? answered(before, word, frame.error === null || word === 'VER', atMs)
      : askSoon(before, [word], atMs);
  const next = withPump(state, address, { ...seen.pump, schedule });
  return proceed(setup, { ...next, pending: null, framing, silentTries: 0 }, atMs, seen.events);
}

/** Goes on from here: waits, gives a question up, or asks the next one. */
function proceed(
  setup: Setup,
  state: NeState,
  atMs: number,
  events: readonly ChannelEvent[],
): Step<NeState> {
  const { pending } = state;
  if (pending === null) return askNext(setup, state, atMs, events);
  const { deadlineMs } = pending;
  if (atMs < deadlineMs) return { state, send: [], events, wakeAtMs: deadlineMs };
  if (pending.kind === 'settle') {
    return askNext(setup, { ...state, pending: null }, atMs, events);
  }
  return afterNoAnswer(setup, state, pending, atMs, events);
}

const rejected = (reason: FrameRejected['reason'], atMs: number): ChannelEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});

/** Of whom, only where a checksum vouches for the address. */
const unexpected = ({ framing, address }: NeFrame, atMs: number): ChannelEvent => ({
  ...rejected('unexpected', atMs),
  ...(framing === 'safe' ? { channel: address } : {}),
});
