import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceEvent, FrameRejected } from '../../src/observation/device-event.ts';
import {
  decodeTerumo,
  isSimulated,
  SEQUENCE_MAX,
  STATUS_COMMAND,
  STATUS_SUBCOMMAND,
  statusName,
  type TerumoCommand,
  type TerumoQuery,
  type TerumoReply,
  terumoQueries,
} from './codec.ts';
import { type Insight, NO_INSIGHT, nextInsight, noStatus, statusEvents } from './observe.ts';
import { parseStatus } from './status.ts';

/** From one question to the next, and how long an answer is waited for: one question is open at a time. */
const PERIOD_MS = 2_000;
/** After so many unanswered status questions in a row another pump may have this address: who are you? */
const MISSES_MAX = 3;

export interface TerumoState {
  readonly isOpen: boolean;
  readonly pending: { readonly query: TerumoQuery; readonly sequence: number } | null;
  /** Of the last question. */
  readonly sentAtMs: number;
  readonly sequence: number;
  readonly misses: number;
  readonly devid: string | null;
  readonly software: string | null;
  /** Whose {@link Insight.isProven} was shown; kept while the wireless link comes and goes. */
  readonly provenDevid: string | null;
  readonly insight: Insight;
}

const CLOSED: TerumoState = {
  isOpen: false,
  pending: null,
  sentAtMs: 0,
  sequence: 0,
  misses: 0,
  devid: null,
  software: null,
  provenDevid: null,
  insight: NO_INSIGHT,
};

export const terumoSession: Session<TerumoState> = { initial: CLOSED, step };

function step(state: TerumoState, input: SessionInput): Step<TerumoState> {
  const { atMs } = input;
  const closed = { ...CLOSED, provenDevid: state.provenDevid };
  switch (input.kind) {
    case 'opened':
      return ask({ ...closed, isOpen: true }, atMs, []);
    case 'closing':
    case 'closed':
      return { state: closed, send: [], events: [] };
    case 'wake':
      return state.isOpen ? proceed(state, atMs, []) : { state, send: [], events: [] };
    case 'frame':
      return state.isOpen
        ? afterFrame(state, input.frame, atMs)
        : { state, send: [], events: [rejected('unexpected', atMs)] };
  }
}

function afterFrame(state: TerumoState, frame: Uint8Array, atMs: number): Step<TerumoState> {
  const decoded = decodeTerumo(frame);
  if (!decoded.ok) return proceed(state, atMs, [rejected(decoded.error.kind, atMs)]);
  const { devid, command } = decoded.value;
  if (isAnswer(state, decoded.value)) {
    return command === null ? identified(state, devid, atMs) : answered(state, command, atMs);
  }
  return proceed(state, atMs, [rejected('unexpected', atMs)]);
}

/** To the open question, from the pump that was asked. A late or doubled reply is not. */
function isAnswer({ pending, devid }: TerumoState, { devid: from, command }: TerumoReply): boolean {
  if (pending?.query === 'id') return command === null;
  return (
    pending !== null &&
    from === devid &&
    command !== null &&
    command.sequence === pending.sequence &&
    command.command === STATUS_COMMAND &&
    command.subcommand === STATUS_SUBCOMMAND
  );
}

/** The pump has said who it is: now its status can be asked for. */
function identified(state: TerumoState, devid: string, atMs: number): Step<TerumoState> {
  const isProven = state.provenDevid === devid;
  return ask({ ...state, devid, software: null, insight: { check: null, isProven } }, atMs, [
    {
      kind: 'identity',
      serial: devid,
      ...(isSimulated(devid) ? { mode: 'demo' } : {}),
      atMs,
    },
    { kind: 'frame-accepted', atMs },
  ]);
}

function answered(state: TerumoState, command: TerumoCommand, atMs: number): Step<TerumoState> {
  const next = { ...state, pending: null, misses: 0 };
  if (command.result !== 0) {
    const events = noStatus(resultText(command.result), atMs);
    return proceed(next, atMs, [rejected('unexpected', atMs), ...events]);
  }
  const status = parseStatus(command.bytes);
  if (status === undefined) {
    const events = noStatus('reply too short', atMs);
    return proceed(next, atMs, [rejected('malformed', atMs), ...events]);
  }
  const insight = nextInsight(state.insight, status, atMs);
  const { software } = status;
  const firmware: readonly DeviceEvent[] =
    software === state.software || state.devid === null
      ? []
      : [{ kind: 'identity', serial: state.devid, firmware: software, atMs }];
  const provenDevid = insight.isProven ? state.devid : state.provenDevid;
  return proceed({ ...next, software, insight, provenDevid }, atMs, [
    ...firmware,
    { kind: 'frame-accepted', atMs },
    ...statusEvents(status, insight, atMs),
  ]);
}

const RESULTS: ReadonlyMap<number, string> = new Map([
  [0x11, 'unknown command'],
  [0x12, 'cannot be executed'],
  [0x13, 'message too short'],
  [0x14, 'message too long'],
  [0x15, 'parameter out of range'],
]);

const resultText = (result: number): string =>
  `pump answers ${result.toString(16).toUpperCase().padStart(2, '0')}: ${RESULTS.get(result) ?? 'not known'}`;

/** Goes on from here: waits for the open question, gives it up, or asks the next one when it is due. */
function proceed(
  state: TerumoState,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<TerumoState> {
  const dueAtMs = state.sentAtMs + PERIOD_MS;
  if (atMs < dueAtMs) return { state, send: [], events, wakeAtMs: dueAtMs };
  if (state.pending === null) return ask(state, atMs, events);
  const missed: DeviceEvent = { kind: 'reply-missed', query: state.pending.query, atMs };
  const misses = state.misses + 1;
  const devid = misses < MISSES_MAX ? state.devid : null;
  return ask({ ...state, misses, devid }, atMs, [...events, missed]);
}

/** Who are you, until that is known; then the status. */
function ask(state: TerumoState, atMs: number, events: readonly DeviceEvent[]): Step<TerumoState> {
  const { devid, sequence } = state;
  const query: TerumoQuery = devid === null ? 'id' : 'status';
  return {
    state: {
      ...state,
      pending: { query, sequence },
      sequence: query === 'id' ? sequence : (sequence + 1) % (SEQUENCE_MAX + 1),
      sentAtMs: atMs,
    },
    send: [
      devid === null
        ? terumoQueries.get('id')
        : terumoQueries.of('status', statusName(devid, sequence)),
    ],
    events,
    wakeAtMs: atMs + PERIOD_MS,
  };
}

const rejected = (reason: FrameRejected['reason'], atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});
