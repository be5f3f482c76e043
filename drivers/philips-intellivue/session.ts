import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import { clockOf, identityOf } from './mds.ts';
import { decodeMessage, type MdsCreate, type Pdu, type PollReply } from './pdu.ts';
import { answered, asked, begun, dueAtMs, NEVER_ASKED, type Poll, type Subject } from './polls.ts';
import { echoName, intellivueQueries } from './queries.ts';
import {
  heardAlarms,
  heardNumerics,
  noReadings,
  type Readings,
  withoutAlarms,
} from './readings.ts';
import { accepted, missed, rejected } from './verdicts.ts';
import { heardWaves } from './wave-observe.ts';

export interface IntellivueOptions {
  /** Ask for waves, too. */
  readonly waves: boolean;
}

/** `introducing`: the monitor agreed and has yet to say who it is. */
export type Phase = 'closed' | 'associating' | 'introducing' | 'associated';

export interface IntellivueState {
  readonly phase: Phase;
  /** Since when it is so. */
  readonly sinceMs: number;
  /** When to ask for an association next. */
  readonly retryAtMs: number;
  /** How often an association was asked for, and nothing came back. */
  readonly tries: number;
  /** When we last took leave of an association that was not ours. */
  readonly leftAtMs: number;
  readonly areWavesAsked: boolean;
  /** Waves came while numerics stayed away: they are not asked for until the line is opened anew. */
  readonly areWavesTooMuch: boolean;
  readonly polls: Readonly<Record<Subject, Poll>>;
  readonly readings: Readings;
}

const CLOSED: IntellivueState = {
  phase: 'closed',
  sinceMs: 0,
  retryAtMs: 0,
  tries: 0,
  leftAtMs: Number.NEGATIVE_INFINITY,
  areWavesAsked: false,
  areWavesTooMuch: false,
  polls: { numerics: NEVER_ASKED, alarms: NEVER_ASKED, waves: NEVER_ASKED },
  readings: noReadings(null, null),
};

/** Also the pause before the next association after one was lost or left. */
const RETRY_MS = 2_000;
const REFUSED_MS = 5_000;
const TRIES_MAX = 5;
const INTRODUCTION_MS = 5_000;
/** Longer than the values live, so that a monitor that only ever associates is told as silent. */
const SILENT_MS = 15_000;
/** Replies without values count as life while values came so lately. */
const LIVE_MS = 5_000;
const ALARMS_LOST_MS = 10_000;
const NUMERIC_CLASS = 6;
const WAVE_CLASS = 9;
const ALARM_CLASS = 0x36;

/** Associates, asks for numerics, alarms and waves, keeps them going, and begins anew when numerics stay away. */
export function intellivueSession({ waves }: IntellivueOptions): Session<IntellivueState> {
  return { initial: { ...CLOSED, areWavesAsked: waves }, step };
}

function step(state: IntellivueState, input: SessionInput): Step<IntellivueState> {
  const { atMs } = input;
  switch (input.kind) {
    case 'opened':
      return waiting(afterOpened(state, atMs), atMs);
    case 'closing':
      return { state: closed(state), send: leave(state), events: [] };
    case 'closed':
      return { state: closed(state), send: [], events: [] };
    case 'wake':
      return waiting(due({ state, send: [], events: [] }, atMs), atMs);
    case 'frame':
      if (state.phase === 'closed') {
        return { state, send: [], events: [rejected('unexpected', atMs)] };
      }
      return waiting(due(afterFrame(state, input.frame, atMs), atMs), atMs);
  }
}

/** The cuff reading is known again by its stamp; of all else nothing is kept. */
const closed = ({ areWavesAsked, readings }: IntellivueState): IntellivueState => ({
  ...CLOSED,
  areWavesAsked,
  readings: noReadings(null, readings.nibp),
});

const leave = ({ phase }: IntellivueState): readonly QueryBytes[] =>
  phase === 'introducing' || phase === 'associated' ? [intellivueQueries.get('release')] : [];

const afterOpened = (state: IntellivueState, atMs: number): Step<IntellivueState> =>
  due({ state: { ...closed(state), ...associating(atMs, 0) }, send: [], events: [] }, atMs);

const associating = (atMs: number, pauseMs: number) => ({
  phase: 'associating' as const,
  sinceMs: atMs,
  retryAtMs: atMs + pauseMs,
  tries: 0,
});

/** Does what the time asks for, whatever woke us. */
function due(given: Step<IntellivueState>, atMs: number): Step<IntellivueState> {
  const { state } = given;
  switch (state.phase) {
    case 'closed':
      return given;
    case 'associating':
      return atMs < state.retryAtMs ? given : associate(given, atMs);
    case 'introducing':
      return atMs < state.sinceMs + INTRODUCTION_MS ? given : givenUp(given, atMs);
    case 'associated':
      return atMs < silentAtMs(state) ? polled(given, atMs) : givenUp(given, atMs);
  }
}

function associate(given: Step<IntellivueState>, atMs: number): Step<IntellivueState> {
  const { state } = given;
  // Its word of acceptance may have been lost, and it waits for us within that association.
  if (state.tries >= TRIES_MAX) return givenUp(given, atMs);
  return {
    state: { ...state, tries: state.tries + 1, retryAtMs: atMs + RETRY_MS },
    send: [...given.send, intellivueQueries.get('associate')],
    events: state.tries > 0 ? [...given.events, missed('associate', atMs)] : given.events,
  };
}

/** The monitor may hold an association that we no longer have: both ways out of it are said. */
function givenUp(given: Step<IntellivueState>, atMs: number): Step<IntellivueState> {
  const { state } = given;
  const query = state.phase === 'associated' ? 'numerics' : 'associate';
  return {
    state: {
      ...state,
      ...associating(atMs, RETRY_MS),
      leftAtMs: atMs,
      areWavesTooMuch: state.areWavesTooMuch || areWavesTooMuch(state),
    },
    send: [...given.send, intellivueQueries.get('abort'), intellivueQueries.get('release')],
    events: [...given.events, missed(query, atMs)],
  };
}

/** A line that brings waves and no numerics has no room for both: numerics come first. */
function areWavesTooMuch(state: IntellivueState): boolean {
  const wavesAtMs = state.polls.waves.seenAtMs;
  return (
    state.phase === 'associated' && wavesAtMs !== null && wavesAtMs > valuesAtMs(state) + LIVE_MS
  );
}

const subjectsOf = ({ areWavesAsked, areWavesTooMuch }: IntellivueState): readonly Subject[] =>
  areWavesAsked && !areWavesTooMuch ? ['numerics', 'alarms', 'waves'] : ['numerics', 'alarms'];

function polled(given: Step<IntellivueState>, atMs: number): Step<IntellivueState> {
  let { polls, readings } = given.state;
  const send = [...given.send];
  const events = [...given.events];
  for (const subject of subjectsOf(given.state)) {
    const ask = asked(subject, polls[subject], atMs);
    polls = { ...polls, [subject]: ask.poll };
    send.push(...ask.send);
    if (ask.missed !== null) events.push(missed(ask.missed, atMs));
  }
  const alarmsAtMs = readings.listedAtMs ?? given.state.sinceMs;
  if (!readings.isToldNotRead && atMs >= alarmsAtMs + ALARMS_LOST_MS) {
    const heard = withoutAlarms(readings, atMs);
    readings = heard.readings;
    events.push(...heard.events);
  }
  return { state: { ...given.state, polls, readings }, send, events };
}

const valuesAtMs = ({ polls, sinceMs }: IntellivueState): number =>
  polls.numerics.seenAtMs ?? sinceMs;
const silentAtMs = (state: IntellivueState): number => valuesAtMs(state) + SILENT_MS;

function afterFrame(
  state: IntellivueState,
  frame: Uint8Array,
  atMs: number,
): Step<IntellivueState> {
  const decoded = decodeMessage(frame);
  if (!decoded.ok) return { state, send: [], events: [rejected(decoded.error.kind, atMs)] };
  const pdu = decoded.value;
  switch (pdu.kind) {
    case 'accept':
      if (state.phase !== 'associating') return unread(state, atMs);
      return {
        state: { ...state, phase: 'introducing', sinceMs: atMs },
        send: [],
        events: [accepted(atMs)],
      };
    case 'mds-create':
      return introduced(state, pdu, atMs);
    case 'poll':
      return state.phase === 'associated' ? afterPoll(state, pdu, atMs) : stray(state, atMs);
    default:
      return afterOther(state, pdu, atMs);
  }
}

/** Refusals and farewells bring no values: they are no life. */
function afterOther(state: IntellivueState, pdu: Pdu, atMs: number): Step<IntellivueState> {
  switch (pdu.kind) {
    case 'refuse':
      if (state.phase !== 'associating') return unread(state, atMs);
      return {
        state: { ...state, ...associating(atMs, REFUSED_MS) },
        send: [],
        events: [rejected('unexpected', atMs)],
      };
    case 'abort':
    case 'release-request':
      return {
        state: { ...state, ...associating(atMs, RETRY_MS) },
        send: [],
        events: [rejected('unexpected', atMs)],
      };
    default:
      return unread(state, atMs);
  }
}

/** Good, and nothing in it that we read. */
function unread(state: IntellivueState, atMs: number): Step<IntellivueState> {
  const verdict = isLive(state, atMs) ? accepted(atMs) : rejected('unexpected', atMs);
  return { state, send: [], events: [verdict] };
}

const isLive = (state: IntellivueState, atMs: number): boolean =>
  state.phase === 'associated' && atMs - valuesAtMs(state) <= LIVE_MS;

/** Answers to somebody before us: that association is ended, and ours begins after a pause. */
function stray(state: IntellivueState, atMs: number): Step<IntellivueState> {
  const events = [rejected('unexpected', atMs)];
  const isJustLeft = atMs - state.leftAtMs < RETRY_MS;
  if (state.phase !== 'associating' || isJustLeft) return { state, send: [], events };
  return {
    state: { ...state, ...associating(atMs, RETRY_MS), leftAtMs: atMs },
    send: [intellivueQueries.get('abort'), intellivueQueries.get('release')],
    events,
  };
}

/** Also when the word of acceptance was lost, and again when our confirmation was. */
function introduced(state: IntellivueState, event: MdsCreate, atMs: number): Step<IntellivueState> {
  const { polls, readings } = state;
  const isNew = state.phase !== 'associated';
  const clock = clockOf(event);
  const numerics = begun(polls.numerics, atMs);
  const alarms = begun(polls.alarms, atMs);
  const waves = begun(polls.waves, atMs);
  const next: IntellivueState = isNew
    ? {
        ...state,
        phase: 'associated',
        sinceMs: atMs,
        polls: { numerics, alarms, waves },
        readings: noReadings(clock, readings.nibp),
      }
    : { ...state, readings: { ...readings, clock } };
  return {
    state: next,
    send: [intellivueQueries.of('mds-result', echoName(event.echo))],
    events: [{ kind: 'identity', ...identityOf(event), atMs }, accepted(atMs)],
  };
}

function afterPoll(state: IntellivueState, reply: PollReply, atMs: number): Step<IntellivueState> {
  const { polls, readings } = state;
  if (reply.objectClass === NUMERIC_CLASS) {
    const heard = heardNumerics(readings, reply, atMs);
    return {
      state: {
        ...state,
        polls: { ...polls, numerics: answered(polls.numerics, atMs) },
        readings: heard.readings,
      },
      send: [],
      events: [...heard.identity, accepted(atMs), ...heard.events],
    };
  }
  const { events: verdict } = unread(state, atMs);
  switch (reply.objectClass) {
    case ALARM_CLASS: {
      const heard = heardAlarms(readings, reply, atMs);
      const alarms = answered(polls.alarms, atMs);
      const events = [...heard.identity, ...verdict, ...heard.events];
      return {
        state: { ...state, polls: { ...polls, alarms }, readings: heard.readings },
        send: [],
        events,
      };
    }
    case WAVE_CLASS:
      return afterWaves(state, reply, atMs);
    default:
      return unread(state, atMs);
  }
}

/** Without numerics the line counts as silent, and then nothing that it brings is shown. */
function afterWaves(state: IntellivueState, reply: PollReply, atMs: number): Step<IntellivueState> {
  const polls = { ...state.polls, waves: answered(state.polls.waves, atMs) };
  if (!isLive(state, atMs) || !state.areWavesAsked) return unread({ ...state, polls }, atMs);
  const { readings, identity, events } = heardWaves(state.readings, reply, atMs);
  return {
    state: { ...state, polls, readings },
    send: [],
    events: [...identity, accepted(atMs), ...events],
  };
}

/** At once when a deadline passed while frames kept coming. */
function waiting(given: Step<IntellivueState>, atMs: number): Step<IntellivueState> {
  const wakeAtMs = wakeOf(given.state);
  return wakeAtMs === undefined ? given : { ...given, wakeAtMs: Math.max(atMs, wakeAtMs) };
}

function wakeOf(state: IntellivueState): number | undefined {
  switch (state.phase) {
    case 'closed':
      return undefined;
    case 'associating':
      return state.retryAtMs;
    case 'introducing':
      return state.sinceMs + INTRODUCTION_MS;
    case 'associated':
      return Math.min(
        silentAtMs(state),
        ...subjectsOf(state).map((subject) => dueAtMs(subject, state.polls[subject])),
      );
  }
}
