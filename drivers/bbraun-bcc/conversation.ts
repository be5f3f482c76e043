import type { Step } from '../../src/driver/contract.ts';
import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import type { ChannelEvent } from '../../src/observation/device-event.ts';
import type { Stuffing } from './codec.ts';
import { bccQueries } from './queries.ts';
import type { Rack } from './rack.ts';

export interface BccOptions {
  readonly stuffing: Stuffing | 'auto';
  /** `cyclic`: the ComDevice is set up to send by itself. */
  readonly mode: 'request' | 'cyclic';
}

/** What does not change while the line is in use. */
export interface Setup {
  readonly options: BccOptions;
  readonly channels: readonly string[];
  readonly closed: BccState;
}

/** The maker's pause before an ACK; a NAK waits as long. */
export const ACK_DELAY_MS = 100;
/** At least this long after an answer, before the next question. */
export const PAUSE_MS = 500;
/** To the next whole block. One of 1.2 kB takes 1.2 s at 9600 baud. */
export const REPLY_TIMEOUT_MS = 3_000;
/** Of a device whose block came after that: much is ticked and the line is slow. */
export const SLOW_TIMEOUT_MS = 6_000;
/** More than two of the cycles that the device leaves the factory with. */
const CYCLE_TIMEOUT_MS = 12_000;
/** ALIVE opens a session and is never a ping. */
const ALIVE_PAUSE_MS = 1_000;

type Question = 'ADMIN:ALIVE' | 'ADMIN:VERSION' | 'MEM:GET' | 'MEM:GETSLOT' | 'cycle';

interface Asked {
  readonly question: Question;
  readonly slot?: string;
  readonly deadlineMs: number;
  /** Slots whose blocks have come. */
  readonly heard: readonly string[];
}

/** An ACK or NAK that is still to be sent. */
export interface Receipt {
  readonly is: 'ACK' | 'NAK';
  readonly atMs: number;
  /** With it the answer is over. */
  readonly isEnd: boolean;
}

export interface BccState {
  readonly isOpen: boolean;
  /** ALIVE was answered and nothing has gone wrong since. */
  readonly isAlive: boolean;
  /** As ALIVE told it; kept while the line is open, so that a late block is known. */
  readonly bedId: string | null;
  /** How the next question is written. */
  readonly form: Stuffing;
  readonly isVersionAsked: boolean;
  readonly firmware: string | null;
  readonly asked: Asked | null;
  readonly receipt: Receipt | null;
  /** For one block. */
  readonly naks: number;
  readonly dueAtMs: number;
  readonly aliveDueAtMs: number;
  readonly timeoutMs: number;
  /** To be asked one by one, because a block before them cannot be read. */
  readonly slots: readonly string[];
  readonly rack: Rack;
}

/** Every good block gets one ACK. */
export function received(state: BccState, isEnd: boolean, atMs: number): BccState {
  const { receipt } = state;
  return {
    ...state,
    naks: 0,
    receipt: {
      is: 'ACK',
      atMs: receipt?.atMs ?? atMs + ACK_DELAY_MS,
      isEnd: isEnd || receipt?.isEnd === true,
    },
  };
}

/** Goes on from here: sends a receipt that is due, waits for an answer, gives it up, or asks. */
export function proceed(
  setup: Setup,
  state: BccState,
  atMs: number,
  events: readonly ChannelEvent[],
  send: readonly QueryBytes[] = [],
): Step<BccState> {
  const { receipt, asked } = state;
  if (receipt !== null) {
    if (atMs < receipt.atMs) return { state, send, events, wakeAtMs: receipt.atMs };
    const bytes = bccQueries.get(receipt.is);
    return proceed(setup, afterReceipt(state, receipt, atMs), atMs, events, [...send, bytes]);
  }
  if (asked !== null) {
    if (atMs < asked.deadlineMs) return { state, send, events, wakeAtMs: asked.deadlineMs };
    const missed: ChannelEvent = { kind: 'reply-missed', query: asked.question, atMs };
    return proceed(setup, afterSilence(setup, state, asked, atMs), atMs, [...events, missed], send);
  }
  const dueAtMs = state.isAlive ? state.dueAtMs : Math.max(state.dueAtMs, state.aliveDueAtMs);
  if (atMs < dueAtMs) return { state, send, events, wakeAtMs: dueAtMs };
  const { asked: question, change, bytes } = ask(setup, state, atMs);
  return {
    state: { ...state, ...change, asked: question },
    send: bytes === undefined ? send : [...send, bytes],
    events,
    wakeAtMs: question.deadlineMs,
  };
}

function afterReceipt(state: BccState, { isEnd }: Receipt, atMs: number): BccState {
  const { asked } = state;
  if (asked === null || isEnd) {
    return { ...state, receipt: null, asked: null, dueAtMs: atMs + PAUSE_MS };
  }
  const deadlineMs = atMs + timeoutOf(state, asked.question);
  return { ...state, receipt: null, asked: { ...asked, deadlineMs } };
}

const timeoutOf = ({ timeoutMs }: BccState, question: Question): number =>
  question === 'cycle' ? CYCLE_TIMEOUT_MS : timeoutMs;

/** After a silence the device may have forgotten us: ALIVE, with `auto` in the other form every other time. */
function afterSilence(setup: Setup, state: BccState, asked: Asked, atMs: number): BccState {
  const isOtherForm = asked.question === 'ADMIN:ALIVE' && setup.options.stuffing === 'auto';
  const other = state.form === 'on' ? 'off' : 'on';
  return {
    ...state,
    isAlive: false,
    asked: null,
    naks: 0,
    dueAtMs: atMs,
    form: isOtherForm ? other : state.form,
  };
}

function ask(
  { options }: Setup,
  state: BccState,
  atMs: number,
): {
  readonly asked: Asked;
  readonly change?: Partial<BccState>;
  readonly bytes?: QueryBytes;
} {
  const { bedId, form } = state;
  const open = (question: Question, slot?: string): Asked => ({
    question,
    deadlineMs: atMs + timeoutOf(state, question),
    heard: [],
    ...(slot === undefined ? {} : { slot }),
  });
  const word = <Word extends string>(name: Word) =>
    form === 'on' ? (`${name} stuffed` as const) : name;
  if (!state.isAlive || bedId === null) {
    return {
      asked: open('ADMIN:ALIVE'),
      change: { aliveDueAtMs: atMs + ALIVE_PAUSE_MS },
      bytes: bccQueries.get(word('ADMIN:ALIVE')),
    };
  }
  if (!state.isVersionAsked) {
    return {
      asked: open('ADMIN:VERSION'),
      change: { isVersionAsked: true },
      bytes: bccQueries.of(word('ADMIN:VERSION'), bedId),
    };
  }
  if (options.mode === 'cyclic') return { asked: open('cycle') };
  const [slot, ...slots] = state.slots;
  if (slot === undefined) {
    return { asked: open('MEM:GET'), bytes: bccQueries.of(word('MEM:GET'), bedId) };
  }
  return {
    asked: open('MEM:GETSLOT', slot),
    change: { slots },
    bytes: bccQueries.of(word('MEM:GETSLOT'), `${bedId}#${slot}`),
  };
}
