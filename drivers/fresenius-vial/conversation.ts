import type { Step } from '../../src/driver/contract.ts';
import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import type { ChannelEvent } from '../../src/observation/device-event.ts';
import { type KnownModule, NOTHING_KNOWN } from './observe.ts';
import { type VialWord, vialQueries } from './queries.ts';

/** From a question to its answer; the open program waits so long. */
export const REPLY_TIMEOUT_MS = 1_000;
/** Between two openings of one session, and between two questions for values of one module. */
const PERIOD_MS = 1_000;
/** Which modules are there. */
const PRESENT_PERIOD_MS = 2_000;
/** Number, type and drug in turn, once each has been asked. */
const TEXT_PERIOD_MS = 10_000;
/** A late text could be taken for the answer to the next question for one. */
export const TEXT_MISSED_MS = 5_000;
/** The open program waits so long after it opened the base. */
export const BASE_QUIET_MS = 1_000;
/** So many misses in a row, one of them of the base: it has dropped us. */
const MISSES_MAX = 3;
/** So many misses of one module in a row: its session is opened anew. */
const MODULE_MISSES_MAX = 2;
const BACK_OFF_MAX_MS = 8_000;

export const BASE = '0';
const TEXTS = ['LN', 'LF;b', 'LP'] as const;
export type Question = Exclude<VialWord, 'FC'>;

export interface Asked {
  readonly word: Question;
  readonly to: string;
  readonly sentAtMs: number;
}

/** How far the conversation with one module is. */
export interface ModuleTalk {
  readonly isOpen: boolean;
  /** The session was opened a second time and not one value has come since. */
  readonly isReopened: boolean;
  readonly openDueAtMs: number;
  readonly valuesDueAtMs: number;
  readonly textDueAtMs: number;
  /** Texts asked so far. */
  readonly texts: number;
  readonly misses: number;
  /** `absent`: the base says that its place is empty. `unreachable`: it cannot talk to it. */
  readonly gone: 'absent' | 'unreachable' | null;
  readonly known: KnownModule;
}

export interface VialState {
  readonly isOpen: boolean;
  readonly isBaseOpen: boolean;
  readonly baseDueAtMs: number;
  /** After the base was opened nothing is asked until then. */
  readonly quietUntilMs: number;
  readonly presentDueAtMs: number;
  /** Places that are taken; `null` = the base has not said. */
  readonly present: readonly string[] | null;
  readonly asked: Asked | null;
  /** Of any question, in a row. */
  readonly misses: number;
  /** One of these was of the base itself: silent modules alone do not mean that the line is dead. */
  readonly isBaseMissed: boolean;
  /** By place; the configured ones. */
  readonly modules: Readonly<Record<string, ModuleTalk>>;
}

export function newModule(known: KnownModule, atMs: number): ModuleTalk {
  return {
    isOpen: false,
    isReopened: false,
    openDueAtMs: atMs,
    valuesDueAtMs: atMs,
    textDueAtMs: atMs,
    texts: 0,
    misses: 0,
    gone: null,
    known,
  };
}

/** What a line that is opened begins with: what the modules' letters were first is kept, all else is asked anew. */
export function openedState(
  before: VialState,
  channels: readonly string[],
  atMs: number,
): VialState {
  const modules = channels.map((channel) => {
    const kept = before.modules[channel]?.known ?? NOTHING_KNOWN;
    return [channel, newModule({ ...kept, check: null, isAlarmPresent: false }, atMs)] as const;
  });
  return {
    ...before,
    isOpen: true,
    isBaseOpen: false,
    baseDueAtMs: atMs,
    quietUntilMs: atMs,
    presentDueAtMs: atMs,
    present: null,
    asked: null,
    misses: 0,
    isBaseMissed: false,
    modules: Object.fromEntries(modules),
  };
}

export const withModule = (
  state: VialState,
  place: string,
  changes: Partial<ModuleTalk>,
): VialState => {
  const module = state.modules[place];
  return module === undefined
    ? state
    : { ...state, modules: { ...state.modules, [place]: { ...module, ...changes } } };
};

/** The base has dropped us, and every session with a module with it. */
export function baseLost(state: VialState): VialState {
  const modules = Object.entries(state.modules).map(
    ([place, module]) => [place, { ...module, isOpen: false }] as const,
  );
  return {
    ...state,
    isBaseOpen: false,
    misses: 0,
    isBaseMissed: false,
    modules: Object.fromEntries(modules),
  };
}

/** Goes on from here: waits for the answer, gives it up, or asks what has been due for longest. */
export function proceed(
  state: VialState,
  atMs: number,
  events: readonly ChannelEvent[],
  send: readonly QueryBytes[] = [],
): Step<VialState> {
  const { asked } = state;
  if (asked !== null) {
    const deadlineMs = asked.sentAtMs + REPLY_TIMEOUT_MS;
    if (atMs < deadlineMs) return { state, send, events, wakeAtMs: deadlineMs };
    const missed = missedEvent(asked, atMs);
    return proceed(afterMiss(state, asked, atMs), atMs, [...events, missed], send);
  }
  let next = duesOf(state)[0];
  for (const due of duesOf(state)) if (next !== undefined && due.atMs < next.atMs) next = due;
  if (next === undefined) return { state, send, events };
  if (next.atMs > atMs) return { state, send, events, wakeAtMs: next.atMs };
  const { word, to } = next;
  const bytes = word === 'LE;b' ? vialQueries.get(word) : vialQueries.of(word, to);
  return {
    state: { ...afterAsking(state, word, to, atMs), asked: { word, to, sentAtMs: atMs } },
    send: [...send, bytes],
    events,
    wakeAtMs: atMs + REPLY_TIMEOUT_MS,
  };
}

interface Due {
  readonly word: Question;
  readonly to: string;
  readonly atMs: number;
}

/** What may be asked, each with its moment; of equals the first goes first. */
function duesOf(state: VialState): readonly Due[] {
  if (!state.isBaseOpen) return [{ word: 'DC', to: BASE, atMs: state.baseDueAtMs }];
  const due = (word: Question, to: string, atMs: number): Due => ({
    word,
    to,
    atMs: Math.max(atMs, state.quietUntilMs),
  });
  const ofModules = Object.entries(state.modules).flatMap(([place, module]) => {
    if (module.gone === 'absent') return [];
    if (!module.isOpen) return [due('DC', place, module.openDueAtMs)];
    const text = TEXTS[module.texts % TEXTS.length] ?? 'LN';
    return [due(text, place, module.textDueAtMs), due('LE;amder', place, module.valuesDueAtMs)];
  });
  return [due('LE;b', BASE, state.presentDueAtMs), ...ofModules];
}

function afterAsking(state: VialState, word: Question, to: string, atMs: number): VialState {
  switch (word) {
    case 'DC':
      return to === BASE
        ? { ...state, baseDueAtMs: atMs + PERIOD_MS }
        : withModule(state, to, { openDueAtMs: atMs + PERIOD_MS });
    case 'LE;b':
      return { ...state, presentDueAtMs: atMs + PRESENT_PERIOD_MS };
    case 'LE;amder':
      return withModule(state, to, { valuesDueAtMs: atMs + PERIOD_MS });
    default: {
      const texts = (state.modules[to]?.texts ?? 0) + 1;
      const textDueAtMs = texts < TEXTS.length ? atMs : atMs + TEXT_PERIOD_MS;
      return withModule(state, to, { texts, textDueAtMs });
    }
  }
}

/** No answer, or a NAK: the question comes again in its turn, which is at once for values after a time-out. */
export function afterMiss(before: VialState, { word, to }: Asked, atMs: number): VialState {
  const isBaseMissed = before.isBaseMissed || to === BASE;
  const state = { ...before, asked: null, misses: before.misses + 1, isBaseMissed };
  if (state.misses >= MISSES_MAX && isBaseMissed) return baseLost(state);
  const module = state.modules[to];
  if (module === undefined) return state;
  if (word === 'LN' || word === 'LF;b' || word === 'LP') {
    return withModule(state, to, { textDueAtMs: atMs + TEXT_MISSED_MS });
  }
  const misses = module.misses + 1;
  if (word === 'DC') {
    const waitMs = Math.min(BACK_OFF_MAX_MS, PERIOD_MS * 2 ** misses);
    return withModule(state, to, { misses, openDueAtMs: atMs + waitMs });
  }
  return withModule(state, to, { misses, isOpen: module.isOpen && misses < MODULE_MISSES_MAX });
}

export const missedEvent = ({ word, to }: Asked, atMs: number): ChannelEvent => ({
  kind: 'reply-missed',
  query: `${to}${word}`,
  atMs,
  ...(to === BASE ? {} : { channel: to }),
});
