import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceEvent, FrameRejected } from '../../src/observation/device-event.ts';
import { decodeGraseby, type GrasebyQuery, grasebyQueries } from './codec.ts';
import { type KnownPump, NOTHING_KNOWN, rateNotTold, readReply } from './observe.ts';

/** The open program that drove these pumps waits so long and asks three times. */
const REPLY_TIMEOUT_MS = 2_000;
const ATTEMPTS = 3;

/** How often each question is asked, in the order of urgency when several are due. */
const PERIOD_MS: Readonly<Record<GrasebyQuery, number>> = {
  CHCK: 1_000,
  GETR: 2_000,
  TOTL: 5_000,
};
const ORDER = Object.keys(PERIOD_MS) as GrasebyQuery[];
/** A question that this pump does not answer is asked ever more rarely, at most this many times its period apart. */
const BACK_OFF_MAX = 16;

interface Pending {
  readonly query: GrasebyQuery;
  readonly sentAtMs: number;
}

export interface GrasebyState {
  readonly isOpen: boolean;
  readonly pending: Pending | null;
  readonly dueAtMs: Readonly<Record<GrasebyQuery, number>>;
  /** Unanswered attempts in a row. */
  readonly attempts: Readonly<Record<GrasebyQuery, number>>;
  readonly known: KnownPump;
}

const CLOSED: GrasebyState = {
  isOpen: false,
  pending: null,
  dueAtMs: { CHCK: 0, GETR: 0, TOTL: 0 },
  attempts: { CHCK: 0, GETR: 0, TOTL: 0 },
  known: NOTHING_KNOWN,
};

export const grasebySession: Session<GrasebyState> = { initial: CLOSED, step };

function step(state: GrasebyState, input: SessionInput): Step<GrasebyState> {
  const { atMs } = input;
  switch (input.kind) {
    case 'opened':
      return proceed(
        { ...CLOSED, isOpen: true, dueAtMs: { CHCK: atMs, GETR: atMs, TOTL: atMs } },
        atMs,
        [],
      );
    case 'closing':
    case 'closed':
      return { state: CLOSED, send: [], events: [] };
    case 'wake':
      return state.isOpen ? proceed(state, atMs, []) : { state, send: [], events: [] };
    case 'frame':
      return state.isOpen
        ? afterFrame(state, input.frame, atMs)
        : { state, send: [], events: [rejected('unexpected', atMs)] };
  }
}

function afterFrame(state: GrasebyState, line: Uint8Array, atMs: number): Step<GrasebyState> {
  const decoded = decodeGraseby(line);
  if (!decoded.ok) return proceed(state, atMs, [rejected(decoded.error.kind, atMs)]);
  const reply = decoded.value;
  // A late reply or a duplicate belongs to a question that is no longer open.
  const query = state.pending?.query;
  if (query === undefined || reply.word !== query) {
    return proceed(state, atMs, [rejected('unexpected', atMs)]);
  }
  const { known, events } = readReply(state.known, reply, atMs);
  const attempts = { ...state.attempts, [query]: 0 };
  return proceed({ ...state, pending: null, known, attempts }, atMs, events);
}

/** Goes on from here: waits for the open question, gives it up, or asks the next one. */
function proceed(
  state: GrasebyState,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<GrasebyState> {
  const { pending } = state;
  if (pending === null) return askNext(state, atMs, events);
  const deadlineMs = pending.sentAtMs + REPLY_TIMEOUT_MS;
  if (atMs < deadlineMs) return { state, send: [], events, wakeAtMs: deadlineMs };
  return afterSilence({ ...state, pending: null }, pending.query, atMs, events);
}

/** The state is asked for again at once; the others let it go first, and wait ever longer. */
function afterSilence(
  state: GrasebyState,
  query: GrasebyQuery,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<GrasebyState> {
  const attempts = state.attempts[query] + 1;
  const rounds = Math.floor(attempts / ATTEMPTS);
  const isMissed = attempts % ATTEMPTS === 0;
  const waitMs =
    query === 'CHCK' || rounds === 0 ? 0 : PERIOD_MS[query] * Math.min(BACK_OFF_MAX, 2 ** rounds);
  const told =
    query === 'GETR' && isMissed
      ? rateNotTold(state.known, atMs)
      : { known: state.known, events: [] };
  const missed: readonly DeviceEvent[] = isMissed ? [{ kind: 'reply-missed', query, atMs }] : [];
  return askNext(
    {
      ...state,
      known: told.known,
      attempts: { ...state.attempts, [query]: attempts },
      dueAtMs: { ...state.dueAtMs, [query]: atMs + waitMs },
    },
    atMs,
    [...events, ...missed, ...told.events],
  );
}

/** Asks the most urgent question that is due and says when to come back. */
function askNext(
  state: GrasebyState,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<GrasebyState> {
  const query = ORDER.find((candidate) => state.dueAtMs[candidate] <= atMs);
  if (query === undefined) {
    const wakeAtMs = Math.min(...ORDER.map((waiting) => state.dueAtMs[waiting]));
    return { state, send: [], events, wakeAtMs };
  }
  return {
    state: {
      ...state,
      pending: { query, sentAtMs: atMs },
      dueAtMs: { ...state.dueAtMs, [query]: atMs + PERIOD_MS[query] },
    },
    send: [grasebyQueries.get(query)],
    events,
    wakeAtMs: atMs + REPLY_TIMEOUT_MS,
  };
}

const rejected = (reason: FrameRejected['reason'], atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});
