import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import { alarmUnanswered } from './alarm-replies.ts';
import { ASENA_QUERIES, type AsenaQuery, asenaQueries, decodeAsena } from './codec.ts';
import { isFlagged, type KnownPump, NOTHING_KNOWN } from './known-pump.ts';
import {
  ALARM_PERIOD_WHILE_FLAGGED_MS,
  backOffMs,
  isVital,
  nextSlowestMs,
  otherWaitMs,
  PERIOD_MS,
  spacingMs,
  vitalWaitMs,
} from './pace.ts';
import { readReply } from './replies.ts';
import { nextQuestion, type Turn } from './turns.ts';

/** One question at a time; it is open until it is answered or has waited long enough. */
interface Pending {
  readonly query: AsenaQuery;
  readonly sentAtMs: number;
  /** Of the first of two sendings. */
  readonly askedAtMs: number;
  readonly isRetry: boolean;
}

/** A question that was given up, or asked twice: one more reply may still come. */
interface Overdue {
  readonly query: AsenaQuery;
  readonly askedAtMs: number;
  /** How long the pump took for it, once that is known. */
  readonly tookMs: number | null;
}

export interface AsenaState extends Turn {
  readonly isOpen: boolean;
  readonly pending: Pending | null;
  readonly overdue: Overdue | null;
  /** When each question was sent last. */
  readonly sentAtMs: Readonly<Partial<Record<AsenaQuery, number>>>;
  /** Misses in a row of the questions that are not vital. */
  readonly misses: Readonly<Partial<Record<AsenaQuery, number>>>;
  readonly slowestMs: number;
  readonly known: KnownPump;
}

const CLOSED: AsenaState = {
  isOpen: false,
  pending: null,
  overdue: null,
  lastAsked: null,
  passedOver: 0,
  dueAtMs: allAt(0),
  sentAtMs: {},
  misses: {},
  slowestMs: 0,
  known: NOTHING_KNOWN,
};

function allAt(atMs: number): Readonly<Record<AsenaQuery, number>> {
  return Object.fromEntries(ASENA_QUERIES.map((query) => [query, atMs])) as Record<
    AsenaQuery,
    number
  >;
}

export const asenaSession: Session<AsenaState> = { initial: CLOSED, step };

function step(state: AsenaState, input: SessionInput): Step<AsenaState> {
  const { atMs } = input;
  switch (input.kind) {
    case 'opened':
      return proceed({ ...CLOSED, isOpen: true, dueAtMs: allAt(atMs) }, atMs, []);
    case 'closing':
    case 'closed':
      return { state: CLOSED, send: [], events: [] };
    case 'wake':
      return state.isOpen ? proceed(state, atMs, []) : { state, send: [], events: [] };
    case 'frame':
      return state.isOpen
        ? afterFrame(state, input.frame, atMs)
        : { state, send: [], events: [unexpected(atMs)] };
  }
}

function afterFrame(state: AsenaState, line: Uint8Array, atMs: number): Step<AsenaState> {
  const decoded = decodeAsena(line);
  if (!decoded.ok) {
    return proceed(state, atMs, [{ kind: 'frame-rejected', reason: decoded.error.kind, atMs }]);
  }
  const frame = decoded.value;
  const { pending } = state;
  // A late reply or a duplicate belongs to a question that is no longer open. A bare word is a
  // question, ours, come back from a cable that echoes: the reply is still to come.
  if (frame.name !== pending?.query || frame.fields.length === 0) {
    return proceed(afterLateReply(state, frame.name, atMs), atMs, [unexpected(atMs)]);
  }
  const { known, events, askNow, isSwapped } = readReply(state.known, frame, atMs);
  const next: AsenaState = {
    ...state,
    pending: null,
    overdue: pending.isRetry ? { ...pending, tookMs: atMs - pending.askedAtMs } : state.overdue,
    slowestMs: nextSlowestMs(state.slowestMs, atMs - pending.sentAtMs),
    known,
    misses: isSwapped ? {} : { ...state.misses, [frame.name]: 0 },
  };
  return proceed(dueSoon(next, askNow, atMs), atMs, events);
}

/** Too late to be believed, and how late says how long to wait for the next one. */
function afterLateReply(state: AsenaState, word: string, atMs: number): AsenaState {
  const { overdue } = state;
  if (overdue === null || overdue.query !== word) return state;
  const tookMs = overdue.tookMs ?? atMs - overdue.askedAtMs;
  return { ...state, overdue: null, slowestMs: nextSlowestMs(state.slowestMs, tookMs) };
}

/** Goes on from here: waits for the open question, gives it up, or asks the next one. */
function proceed(
  state: AsenaState,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<AsenaState> {
  const { pending } = state;
  if (pending === null) return askNext(state, atMs, events);
  // The same sum as the wake-up time that was asked for: a difference of the two numbers could be
  // 999.999... and wake the session at one moment for ever.
  const deadlineMs = pending.sentAtMs + waitMs(state, pending.query);
  if (atMs < deadlineMs) return { state, send: [], events, wakeAtMs: deadlineMs };
  return afterNoReply(state, pending, atMs, events);
}

function waitMs({ slowestMs, known }: AsenaState, query: AsenaQuery): number {
  const wait = isVital(query) ? vitalWaitMs : otherWaitMs;
  return wait(slowestMs, known.responseMaxMs);
}

function afterNoReply(
  state: AsenaState,
  { query, askedAtMs, isRetry }: Pending,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<AsenaState> {
  const told = query === 'ALARM' ? alarmUnanswered(state.known, atMs) : undefined;
  const next = { ...state, pending: null, known: told?.known ?? state.known };
  const soFar = [...events, ...(told?.events ?? [])];
  if (isVital(query) && !isRetry) {
    const again = { query, sentAtMs: atMs, askedAtMs, isRetry: true };
    return send(next, again, atMs, soFar);
  }
  const missed: DeviceEvent = { kind: 'reply-missed', query, atMs };
  const overdue = { query, askedAtMs, tookMs: null };
  return askNext({ ...backOff(next, query, atMs), overdue }, atMs, [...soFar, missed]);
}

function backOff(state: AsenaState, query: AsenaQuery, atMs: number): AsenaState {
  if (isVital(query)) return state;
  const misses = (state.misses[query] ?? 0) + 1;
  return {
    ...state,
    misses: { ...state.misses, [query]: misses },
    dueAtMs: { ...state.dueAtMs, [query]: atMs + backOffMs(misses) },
  };
}

function askNext(
  state: AsenaState,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<AsenaState> {
  const otherMs = otherWaitMs(state.slowestMs, state.known.responseMaxMs);
  const next = nextQuestion(state, otherMs, atMs);
  if (next.query === null) return { state, send: [], events, wakeAtMs: next.wakeAtMs };
  const pending = { query: next.query, sentAtMs: atMs, askedAtMs: atMs, isRetry: false };
  return send({ ...state, passedOver: next.passedOver }, pending, atMs, events);
}

function send(
  state: AsenaState,
  pending: Pending,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<AsenaState> {
  const { query } = pending;
  const isUrgent = query === 'ALARM' && isFlagged(state.known);
  const periodMs = isUrgent ? ALARM_PERIOD_WHILE_FLAGGED_MS : PERIOD_MS[query];
  return {
    state: {
      ...state,
      pending,
      lastAsked: query,
      dueAtMs: { ...state.dueAtMs, [query]: atMs + periodMs },
      sentAtMs: { ...state.sentAtMs, [query]: atMs },
    },
    send: [asenaQueries.get(query)],
    events,
    wakeAtMs: atMs + waitMs(state, query),
  };
}

/** Makes questions due, each not before its spacing since it was sent last. */
function dueSoon(state: AsenaState, queries: readonly AsenaQuery[], atMs: number): AsenaState {
  if (queries.length === 0) return state;
  const dueAtMs = { ...state.dueAtMs };
  for (const query of queries) {
    const sentAtMs = state.sentAtMs[query] ?? Number.NEGATIVE_INFINITY;
    dueAtMs[query] = Math.max(atMs, sentAtMs + spacingMs(query));
  }
  return { ...state, dueAtMs };
}

const unexpected = (atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason: 'unexpected',
  atMs,
});
