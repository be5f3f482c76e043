import type { Step } from '../../src/driver/contract.ts';
import type { ChannelEvent } from '../../src/observation/device-event.ts';
import type { Pump } from './known.ts';
import { withLostAnswer } from './pump.ts';
import { NE_WORDS, type NeFramingMode, type NeWord, neQueries, neQuestion } from './queries.ts';
import { answered, asked, nextDue } from './schedule.ts';

export interface NeOptions {
  readonly framing: NeFramingMode | 'auto';
}

/** What does not change while the line is in use. */
export interface Setup {
  readonly options: NeOptions;
  readonly channels: readonly string[];
  readonly closed: NeState;
}

/**
 * At every speed: the longest exchange takes 0.8 s at 300 baud, and in basic mode nothing but the time binds
 * an answer to its question.
 */
export const ANSWER_TIMEOUT_MS = 1_000;
/** Of a word without an answer, what comes late must not be taken for the answer to the next one. */
export const FLUSH_MS = 600;
/** A pump in safe mode that answered so lately is still in it; a restart takes longer. */
const SAFE_SURE_MS = 1_000;
/** While others answer, the pumps that do not are asked one by one, so often. */
const ABSENT_EVERY_MS = 5_000;
/** So many unanswered questions in a row, and the pump is no longer there. */
const MISSES_MAX = 2;

export interface Question {
  readonly kind: 'question';
  readonly address: string;
  readonly word: NeWord;
  readonly framing: NeFramingMode;
  readonly deadlineMs: number;
}

/** After a CR alone: heads of answers are taken, no data. */
export interface Settling {
  readonly kind: 'settle';
  /** Who is asked next, and whose answer may still come. */
  readonly address: string;
  readonly deadlineMs: number;
}

export interface NeState {
  readonly isOpen: boolean;
  readonly pending: Question | Settling | null;
  /** In which the line last answered. */
  readonly framing: NeFramingMode;
  /** Unanswered questions in a row, of all pumps. */
  readonly silentTries: number;
  /** Of those that answer, and of those that do not: each has its own turn. */
  readonly lastHere: string | null;
  readonly lastAbsent: string | null;
  readonly absentDueAtMs: number;
  readonly pumps: Readonly<Record<string, Pump>>;
}

export const withPump = (state: NeState, address: string, pump: Pump): NeState => ({
  ...state,
  pumps: { ...state.pumps, [address]: pump },
});

/** Before the version is known, only what leads to it. */
const MEETING: readonly NeWord[] = ['status', 'VER', 'SAF'];

/** All of them, beginning behind the last one. */
function inTurn(channels: readonly string[], last: string | null): readonly string[] {
  const first = last === null ? 0 : channels.indexOf(last) + 1;
  return [...channels.slice(first), ...channels.slice(0, first)];
}

interface Turn {
  readonly address: string;
  readonly word: NeWord;
}

/**
 * Which pump is asked next: one that has just missed an answer, then an absent one when its time has
 * come, then the others in turn. The first two are asked for their version: should its address come to
 * stand behind a word that has lost its CR, the letters behind it spoil the number.
 * @returns without an address: nothing is due before that moment
 */
function choose(
  { channels }: Setup,
  state: NeState,
  atMs: number,
): Turn | { readonly address: null; readonly dueAtMs: number } {
  const here = inTurn(channels, state.lastHere).flatMap((address) => {
    const pump = state.pumps[address];
    return pump?.isHere === true ? [{ address, pump }] : [];
  });
  const missed = here.find(({ pump }) => pump.misses > 0);
  if (missed !== undefined) return { address: missed.address, word: 'VER' };
  const absent = inTurn(channels, state.lastAbsent).filter(
    (address) => state.pumps[address]?.isHere === false,
  );
  const untried = absent.find((address) => state.pumps[address]?.misses === 0);
  const isTime = here.length === 0 || state.absentDueAtMs <= atMs;
  const tried = untried ?? (isTime ? absent[0] : undefined);
  if (tried !== undefined) return { address: tried, word: 'VER' };
  const next = here.map(({ address, pump }) => ({
    address,
    ...nextDue(pump.schedule, pump.version === null ? MEETING : NE_WORDS),
  }));
  const found = next.find(({ dueAtMs }) => dueAtMs <= atMs);
  if (found !== undefined) return found;
  const absentDueAtMs = absent.length === 0 ? Infinity : state.absentDueAtMs;
  return { address: null, dueAtMs: Math.min(absentDueAtMs, ...next.map((one) => one.dueAtMs)) };
}

export function askNext(
  setup: Setup,
  state: NeState,
  atMs: number,
  events: readonly ChannelEvent[],
): Step<NeState> {
  const next = choose(setup, state, atMs);
  if (next.address === null) {
    const { dueAtMs } = next;
    return { state, send: [], events, ...(Number.isFinite(dueAtMs) ? { wakeAtMs: dueAtMs } : {}) };
  }
  return ask(setup, state, next, atMs, events);
}

function ask(
  setup: Setup,
  state: NeState,
  next: Turn,
  atMs: number,
  events: readonly ChannelEvent[],
): Step<NeState> {
  const { address } = next;
  const pump = state.pumps[address];
  if (pump === undefined) return { state, send: [], events };
  const framing = framingFor(setup, state);
  const isMaybeBasic = framing === 'basic' || !isSurelySafe(pump, atMs);
  if (setup.options.framing !== 'safe' && isMaybeBasic && pump.buffer === 'unsure') {
    return flush(state, address, atMs, events);
  }
  const word = framing === 'safe' && isMaybeBasic ? 'status' : next.word;
  const deadlineMs = atMs + ANSWER_TIMEOUT_MS;
  const asking = withPump(state, address, { ...pump, schedule: asked(pump.schedule, word, atMs) });
  return {
    state: {
      ...asking,
      pending: { kind: 'question', address, word, framing, deadlineMs },
      ...(pump.isHere
        ? { lastHere: address }
        : { lastAbsent: address, absentDueAtMs: atMs + ABSENT_EVERY_MS }),
    },
    send: [neQuestion(word, framing, address)],
    events,
    wakeAtMs: deadlineMs,
  };
}

/**
 * Ends what pumps still hold as the question that it is: a word whose CR was lost would be joined by the
 * address of the next question, RAT and 0, VOL and 5.
 */
function flush(
  state: NeState,
  address: string,
  atMs: number,
  events: readonly ChannelEvent[],
): Step<NeState> {
  const deadlineMs = atMs + FLUSH_MS;
  const pumps = Object.entries(state.pumps).map(([name, pump]): [string, Pump] => [
    name,
    pump.buffer === 'unsure' ? { ...pump, buffer: 'flushed' } : pump,
  ]);
  return {
    state: {
      ...state,
      pumps: Object.fromEntries(pumps),
      pending: { kind: 'settle', address, deadlineMs },
    },
    send: [neQueries.get('CR')],
    events,
    wakeAtMs: deadlineMs,
  };
}

/**
 * A packet that a pump in basic mode does not understand might stay in its buffer without an end, and the
 * next question would stand behind it: `RAT`, the CRC, digits. So words go out as packets only where a
 * packet has just been answered; before that there is only the question that is an address alone.
 */
const isSurelySafe = ({ safeAtMs }: Pump, atMs: number): boolean =>
  safeAtMs !== null && atMs - safeAtMs <= SAFE_SURE_MS;

/** While nobody answers, every third: the first basic question after a packet may be lost with it. */
const TRIES = 3;

function framingFor({ options }: Setup, { framing, silentTries, pumps }: NeState): NeFramingMode {
  if (options.framing === 'safe') return 'safe';
  // A pump that answers in packets is in safe mode, whatever was configured.
  if (Object.values(pumps).some(({ isHere }) => isHere)) return framing;
  const isTry = options.framing === 'auto' && silentTries % TRIES === TRIES - 1;
  return isTry ? 'safe' : 'basic';
}

/** Whose loss leaves nothing in the buffer that digits would turn into a command. */
const HARMLESS: ReadonlySet<NeWord> = new Set<NeWord>(['status', 'VER']);

/** The next question to this pump is one that every pump answers; a word waits its turn again. */
export function afterNoAnswer(
  setup: Setup,
  state: NeState,
  { address, word, framing }: Question,
  atMs: number,
  events: readonly ChannelEvent[],
): Step<NeState> {
  const pump = state.pumps[address];
  if (pump === undefined) return { state, send: [], events };
  const misses = pump.misses + 1;
  const isWordLost = framing === 'basic' && !HARMLESS.has(word);
  const missed: Pump = {
    ...withLostAnswer(pump),
    misses,
    isHere: pump.isHere && misses < MISSES_MAX,
    buffer: isWordLost || pump.buffer === 'flushed' ? 'unsure' : pump.buffer,
    schedule: answered(pump.schedule, word, false, atMs),
  };
  const next: NeState = {
    ...withPump(state, address, missed),
    pending: null,
    silentTries: state.silentTries + 1,
  };
  return askNext(setup, next, atMs, [
    ...events,
    { kind: 'reply-missed', query: word, atMs, channel: address },
  ]);
}
