import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { ChannelEvent } from '../../src/observation/device-event.ts';
import { type BccFrame, decodeBcc } from './codec.ts';
import {
  ACK_DELAY_MS,
  type BccOptions,
  type BccState,
  PAUSE_MS,
  proceed,
  REPLY_TIMEOUT_MS,
  type Receipt,
  received,
  type Setup,
  SLOW_TIMEOUT_MS,
} from './conversation.ts';
import { afterAnswer, allGone, COM_DEVICE, errorOf, modeOf, newRack, readBlock } from './rack.ts';

/** Of one block. */
const NAKS_MAX = 3;

/** @param channels slots of the configured pumps */
export function bccSession(options: BccOptions, channels: readonly string[]): Session<BccState> {
  const closed: BccState = {
    isOpen: false,
    isAlive: false,
    bedId: null,
    form: options.stuffing === 'off' ? 'off' : 'on',
    isVersionAsked: false,
    firmware: null,
    asked: null,
    receipt: null,
    naks: 0,
    dueAtMs: 0,
    aliveDueAtMs: 0,
    timeoutMs: REPLY_TIMEOUT_MS,
    slots: [],
    rack: newRack(channels),
  };
  return {
    initial: closed,
    step: (state, input) => step({ options, channels, closed }, state, input),
  };
}

function step(setup: Setup, state: BccState, input: SessionInput): Step<BccState> {
  const { atMs } = input;
  switch (input.kind) {
    case 'opened':
      return proceed(setup, { ...setup.closed, isOpen: true, dueAtMs: atMs }, atMs, []);
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

function afterFrame(setup: Setup, state: BccState, wire: Uint8Array, atMs: number): Step<BccState> {
  const decoded = decodeBcc(wire, setup.options.stuffing);
  if (!decoded.ok) {
    const { error } = decoded;
    const events = [rejected(error.kind, atMs)];
    // The block came as it was sent: once more would be no better, and the next ones are wanted.
    if (error.kind === 'malformed' && error.why === 'records') {
      return proceed(setup, received(state, error.isLast, atMs), atMs, events);
    }
    return afterBadBlock(setup, state, events, atMs);
  }
  const frame = decoded.value;
  const { records } = frame;
  const isAliveAsked = state.asked?.question === 'ADMIN:ALIVE';
  if (records.some(({ parameter }) => parameter === 'GNACK')) {
    return isAliveAsked
      ? afterAlive(setup, state, frame, atMs)
      : proceed(setup, state, atMs, [rejected('unexpected', atMs)]);
  }
  const error = errorOf(records, COM_DEVICE);
  if (isAliveAsked && error !== undefined) return afterRefusal(setup, state, frame, atMs);
  if (frame.bedId !== state.bedId) return afterForeign(setup, state, atMs);
  return error === '68'
    ? afterRefusal(setup, state, frame, atMs)
    : afterBlock(setup, state, frame, atMs);
}

function afterAlive(setup: Setup, state: BccState, frame: BccFrame, atMs: number): Step<BccState> {
  const { bedId } = frame;
  const isOk = frame.records.some(({ parameter, value }) => parameter === 'GNACK' && value === '0');
  if (!isOk) return afterRefusal(setup, state, frame, atMs);
  // Another ComDevice at the other end, or another name: what was said before is not of these pumps.
  const isAnother = state.bedId !== null && state.bedId !== bedId;
  const left = isAnother
    ? allGone(state.rack, `ComDevice is ${bedId} now, it was ${state.bedId ?? ''}`, atMs)
    : { rack: state.rack, events: [] };
  const rack = isAnother ? newRack(setup.channels) : left.rack;
  const next: BccState = {
    ...state,
    isAlive: true,
    bedId,
    form: frame.stuffing ?? state.form,
    isVersionAsked: state.isVersionAsked && !isAnother,
    rack,
  };
  const identity: ChannelEvent = { kind: 'identity', ...modeOf(bedId), atMs };
  const events = [accepted(atMs), ...left.events, identity];
  return proceed(setup, received(next, true, atMs), atMs, events);
}

/** The device did not understand a question, or does not know us any more: ALIVE comes first again. */
function afterRefusal(
  setup: Setup,
  state: BccState,
  frame: BccFrame,
  atMs: number,
): Step<BccState> {
  const query = state.asked?.question ?? 'MEM:GET';
  const next = {
    ...state,
    isAlive: false,
    form: setup.options.stuffing === 'auto' ? (frame.stuffing ?? state.form) : state.form,
  };
  const events: readonly ChannelEvent[] = [accepted(atMs), { kind: 'reply-missed', query, atMs }];
  return proceed(setup, received(next, true, atMs), atMs, events);
}

/** Somebody else's block: nothing of it is taken, and who is there is asked again. */
function afterForeign(setup: Setup, state: BccState, atMs: number): Step<BccState> {
  const next = state.isAlive
    ? { ...state, isAlive: false, asked: null, receipt: null, dueAtMs: atMs }
    : state;
  return proceed(setup, next, atMs, [rejected('unexpected', atMs)]);
}

/** Values, errors or the version: taken also when late or unasked, because it is true all the same. */
function afterBlock(setup: Setup, state: BccState, frame: BccFrame, atMs: number): Step<BccState> {
  const { asked } = state;
  // The answer to a question that was given up while it was still on its way.
  const timeoutMs = asked?.question === 'ADMIN:ALIVE' ? SLOW_TIMEOUT_MS : state.timeoutMs;
  const version = frame.records.find(
    ({ value, parameter }) => value === null && VERSION.test(parameter),
  );
  if (version !== undefined) {
    const firmware = `BCC ${version.parameter}`;
    const next = { ...state, firmware, timeoutMs };
    const isEnd = asked?.question === 'ADMIN:VERSION';
    const identity: ChannelEvent = { kind: 'identity', firmware, ...modeOf(frame.bedId), atMs };
    return proceed(setup, received(next, isEnd, atMs), atMs, [accepted(atMs), identity]);
  }
  const read = readBlock(state.rack, frame, state.firmware, asked?.slot, atMs);
  const isAnswer = asked?.question === 'MEM:GET' || asked?.question === 'MEM:GETSLOT';
  const isEnd = frame.isLast && isAnswer;
  const heard = [...(asked?.heard ?? []), ...(read.heard === undefined ? [] : [read.heard])];
  // The same last block twice is one answer.
  const isComplete = isEnd && asked.question === 'MEM:GET' && state.receipt?.isEnd !== true;
  const after = isComplete ? afterAnswer(read.rack, heard, atMs) : { rack: read.rack, events: [] };
  const next: BccState = {
    ...state,
    timeoutMs,
    asked: asked === null ? null : { ...asked, heard: [...new Set(heard)] },
    rack: after.rack,
  };
  return proceed(setup, received(next, isEnd, atMs), atMs, [...read.events, ...after.events]);
}

const VERSION = /^V\d{1,3}\.\d{1,4}$/;

/** The same block once more, or, when it never gets better, the other pumps without it. */
function afterBadBlock(
  setup: Setup,
  state: BccState,
  events: readonly ChannelEvent[],
  atMs: number,
): Step<BccState> {
  const { asked } = state;
  if (asked === null || state.receipt !== null) return proceed(setup, state, atMs, events);
  if (state.naks < NAKS_MAX) {
    const receipt: Receipt = { is: 'NAK', atMs: atMs + ACK_DELAY_MS, isEnd: false };
    return proceed(setup, { ...state, naks: state.naks + 1, receipt }, atMs, events);
  }
  const isOfAll = asked.question === 'MEM:GET';
  const next: BccState = {
    ...state,
    naks: 0,
    asked: null,
    dueAtMs: atMs + PAUSE_MS,
    slots: isOfAll ? setup.channels.filter((slot) => !asked.heard.includes(slot)) : state.slots,
  };
  const missed: ChannelEvent = { kind: 'reply-missed', query: asked.question, atMs };
  return proceed(setup, next, atMs, [...events, missed]);
}

const accepted = (atMs: number): ChannelEvent => ({ kind: 'frame-accepted', atMs });
const rejected = (reason: 'checksum' | 'malformed' | 'unexpected', atMs: number): ChannelEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});
