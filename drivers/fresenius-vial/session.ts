import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import type { ChannelEvent, FrameRejected } from '../../src/observation/device-event.ts';
import { decodeVial, type VialMessage } from './codec.ts';
import {
  afterMiss,
  BASE,
  missedEvent,
  openedState,
  proceed,
  type VialState,
  withModule,
} from './conversation.ts';
import { observeLetters } from './observe.ts';
import { vialQueries } from './queries.ts';
import { type Answer, readAnswer } from './replies.ts';
import { parseStatusLetters } from './values.ts';

/** @param channels places of the configured modules */
export function vialSession(channels: readonly string[]): Session<VialState> {
  const closed: VialState = {
    isOpen: false,
    isBaseOpen: false,
    baseDueAtMs: 0,
    quietUntilMs: 0,
    presentDueAtMs: 0,
    present: null,
    asked: null,
    misses: 0,
    isBaseMissed: false,
    modules: {},
  };
  return { initial: closed, step: (state, input) => step(channels, state, input) };
}

function step(channels: readonly string[], state: VialState, input: SessionInput): Step<VialState> {
  const { atMs } = input;
  switch (input.kind) {
    case 'opened':
      return proceed(openedState(state, channels, atMs), atMs, []);
    case 'closing':
      return { state: closedState(state), send: farewell(state), events: [] };
    case 'closed':
      return { state: closedState(state), send: [], events: [] };
    case 'wake':
      return state.isOpen ? proceed(state, atMs, []) : { state, send: [], events: [] };
    case 'frame':
      return state.isOpen
        ? afterFrame(channels, state, input.frame, atMs)
        : { state, send: [], events: [rejected('unexpected', atMs)] };
  }
}

const closedState = (state: VialState): VialState => ({
  ...state,
  isOpen: false,
  isBaseOpen: false,
  asked: null,
});

/**
 * Every session that is or may be open is closed, the base last: whether the base alarms when one is dropped
 * is not known.
 */
function farewell({ isOpen, isBaseOpen, asked, modules }: VialState): readonly QueryBytes[] {
  if (!isOpen) return [];
  const opening = asked?.word === 'DC' ? asked.to : undefined;
  if (!isBaseOpen && opening !== BASE) return [];
  const open = Object.keys(modules).filter(
    (place) => modules[place]?.isOpen === true || place === opening,
  );
  return [...open, BASE].map((place) => vialQueries.of('FC', place));
}

function afterFrame(
  channels: readonly string[],
  state: VialState,
  bytes: Uint8Array,
  atMs: number,
): Step<VialState> {
  const decoded = decodeVial(bytes);
  if (!decoded.ok) {
    const { kind, isWhole } = decoded.error;
    const send = bytes.length < 3 ? [] : [vialQueries.get(isWhole ? 'ACK' : 'NAK2')];
    return proceed(state, atMs, [rejected(kind, atMs)], send);
  }
  const accepted: ChannelEvent = { kind: 'frame-accepted', atMs };
  const frame = decoded.value;
  switch (frame.kind) {
    case 'enquiry':
      return proceed(state, atMs, [accepted], [vialQueries.get('DC4')]);
    case 'acknowledged':
      return proceed(state, atMs, [accepted]);
    case 'not-acknowledged': {
      const { asked } = state;
      if (asked === null) return proceed(state, atMs, [accepted]);
      const next = afterMiss(state, asked, atMs);
      return proceed(next, atMs, [accepted, missedEvent(asked, atMs)]);
    }
    case 'message':
      return afterMessage(channels, state, frame, atMs);
  }
}

function afterMessage(
  channels: readonly string[],
  state: VialState,
  message: VialMessage,
  atMs: number,
): Step<VialState> {
  const ack = vialQueries.get('ACK');
  if (message.status === 'E' || message.status === 'M') {
    const send = [ack, vialQueries.of(message.status, message.origin)];
    return toldUnasked(state, message, atMs, send);
  }
  const { asked } = state;
  const answer = asked === null ? undefined : readAnswer(channels, state, asked, message, atMs);
  if (answer === undefined) return proceed(state, atMs, [rejected('unexpected', atMs)], [ack]);
  return proceed(answered(answer), atMs, answer.events, [ack]);
}

const answered = ({ state }: Answer): VialState => ({
  ...state,
  asked: null,
  misses: 0,
  isBaseMissed: false,
});

/** Only alarm and error letters are of use: rate and volume are asked for every second anyway. */
function toldUnasked(
  state: VialState,
  { origin, status, data }: VialMessage,
  atMs: number,
  send: readonly QueryBytes[],
): Step<VialState> {
  const accepted: ChannelEvent = { kind: 'frame-accepted', atMs };
  const module = state.modules[origin];
  const letters = status === 'E' ? parseStatusLetters(data) : undefined;
  if (module === undefined || letters === undefined) return proceed(state, atMs, [accepted], send);
  const { known, events } = observeLetters(module.known, letters, atMs);
  return proceed(
    withModule(state, origin, { known }),
    atMs,
    [accepted, ...events.map((event) => ({ ...event, channel: origin }))],
    send,
  );
}

const rejected = (reason: FrameRejected['reason'], atMs: number): ChannelEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});
