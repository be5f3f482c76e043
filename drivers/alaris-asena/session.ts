import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import { type AsenaQuery, asenaQueries, decodeAsena } from './codec.ts';
import { alarmUnanswered, isFlagged, type KnownPump, NOTHING_KNOWN, readReply } from './replies.ts';

/**
 * One question at a time. The pump declares up to 4 s for an answer, but programs that wait 0.5 s
 * work with real pumps.
 */
const REPLY_TIMEOUT_MS = 1_000;

/** How often each question is asked, in the order of urgency when several are due. */
const PERIOD_MS: Readonly<Record<AsenaQuery, number>> = {
  INF: 1_000,
  ALARM: 5_000,
  INF_VTBI: 5_000,
  INST_SERIALNO: 60_000,
  COMMS_PROTOCOL: 3_600_000,
};
const ALARM_PERIOD_WHILE_FLAGGED_MS = 1_000;
const ORDER = Object.keys(PERIOD_MS) as AsenaQuery[];

/** These carry the infusion and are asked again at once; the others must never hold them up. */
const VITAL: ReadonlySet<AsenaQuery> = new Set<AsenaQuery>(['INF', 'ALARM']);
/** A question that this pump does not answer is asked ever more rarely, at most this many times its period apart. */
const BACK_OFF_MAX = 64;

interface Pending {
  readonly query: AsenaQuery;
  readonly sentAtMs: number;
  readonly isRetry: boolean;
}

export interface AsenaState {
  readonly isOpen: boolean;
  readonly pending: Pending | null;
  readonly dueAtMs: Readonly<Record<AsenaQuery, number>>;
  /** Misses in a row of the questions that are not vital. */
  readonly misses: Readonly<Partial<Record<AsenaQuery, number>>>;
  readonly known: KnownPump;
}

const CLOSED: AsenaState = {
  isOpen: false,
  pending: null,
  dueAtMs: { INF: 0, ALARM: 0, INF_VTBI: 0, INST_SERIALNO: 0, COMMS_PROTOCOL: 0 },
  misses: {},
  known: NOTHING_KNOWN,
};

export const asenaSession: Session<AsenaState> = { initial: CLOSED, step };

function step(state: AsenaState, input: SessionInput): Step<AsenaState> {
  const { atMs } = input;
  switch (input.kind) {
    case 'opened':
      return proceed(due({ ...CLOSED, isOpen: true }, ORDER, atMs), atMs, []);
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
  // A late reply or a duplicate belongs to a question that is no longer open. A bare word is a
  // question, ours, come back from a cable that echoes: the reply is still to come.
  if (frame.name !== state.pending?.query || frame.fields.length === 0) {
    return proceed(state, atMs, [unexpected(atMs)]);
  }
  const { known, events, askNow, isSwapped } = readReply(state.known, frame, atMs);
  const misses = isSwapped ? {} : { ...state.misses, [frame.name]: 0 };
  return proceed(due({ ...state, pending: null, known, misses }, askNow, atMs), atMs, events);
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
  const deadlineMs = pending.sentAtMs + REPLY_TIMEOUT_MS;
  if (atMs < deadlineMs) return { state, send: [], events, wakeAtMs: deadlineMs };
  return afterNoReply(state, pending, atMs, events);
}

function afterNoReply(
  state: AsenaState,
  { query, isRetry }: Pending,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<AsenaState> {
  const told = query === 'ALARM' ? alarmUnanswered(state.known, atMs) : undefined;
  const next = { ...state, pending: null, known: told?.known ?? state.known };
  const soFar = [...events, ...(told?.events ?? [])];
  if (VITAL.has(query) && !isRetry) return send(next, query, atMs, soFar, true);
  const missed: DeviceEvent = { kind: 'reply-missed', query, atMs };
  return askNext(backOff(next, query, atMs), atMs, [...soFar, missed], query);
}

function backOff(state: AsenaState, query: AsenaQuery, atMs: number): AsenaState {
  if (VITAL.has(query)) return state;
  const misses = (state.misses[query] ?? 0) + 1;
  const factor = Math.min(BACK_OFF_MAX, 2 ** misses);
  return {
    ...state,
    misses: { ...state.misses, [query]: misses },
    dueAtMs: { ...state.dueAtMs, [query]: atMs + factor * PERIOD_MS[query] },
  };
}

/**
 * Asks the most urgent question that is due and says when to come back.
 * @param justMissed gives way to the others once: a pump that does not answer INF is still asked for its alarm
 */
function askNext(
  state: AsenaState,
  atMs: number,
  events: readonly DeviceEvent[],
  justMissed?: AsenaQuery,
): Step<AsenaState> {
  const dueNow = ORDER.filter((query) => state.dueAtMs[query] <= atMs);
  const query = dueNow.find((candidate) => candidate !== justMissed) ?? dueNow[0];
  if (query !== undefined) return send(state, query, atMs, events, false);
  const wakeAtMs = Math.min(...ORDER.map((waiting) => state.dueAtMs[waiting]));
  return { state, send: [], events, wakeAtMs };
}

function send(
  state: AsenaState,
  query: AsenaQuery,
  atMs: number,
  events: readonly DeviceEvent[],
  isRetry: boolean,
): Step<AsenaState> {
  const isUrgent = query === 'ALARM' && isFlagged(state.known);
  const periodMs = isUrgent ? ALARM_PERIOD_WHILE_FLAGGED_MS : PERIOD_MS[query];
  return {
    state: {
      ...due(state, [query], atMs + periodMs),
      pending: { query, sentAtMs: atMs, isRetry },
    },
    send: [asenaQueries.get(query)],
    events,
    wakeAtMs: atMs + REPLY_TIMEOUT_MS,
  };
}

/** Makes questions due at a moment. */
function due(state: AsenaState, queries: readonly AsenaQuery[], atMs: number): AsenaState {
  const dueAtMs = { ...state.dueAtMs };
  for (const query of queries) dueAtMs[query] = atMs;
  return { ...state, dueAtMs };
}

const unexpected = (atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason: 'unexpected',
  atMs,
});
