import type { ChannelEvent, DeviceEvent } from '../../src/observation/device-event.ts';
import type { VialMessage } from './codec.ts';
import {
  type Asked,
  BASE,
  BASE_QUIET_MS,
  baseLost,
  type ModuleTalk,
  newModule,
  TEXT_MISSED_MS,
  type VialState,
  withModule,
} from './conversation.ts';
import { ERROR, errorText } from './errors.ts';
import {
  drugEvents,
  NOTHING_KNOWN,
  observeAlarm,
  observeNumber,
  observeRefusal,
  observeValues,
  typeEvents,
} from './observe.ts';
import { parsePresent, parseValues } from './values.ts';

export interface Answer {
  readonly state: VialState;
  readonly events: readonly ChannelEvent[];
}

/** After a second refusal of the same kind, or of a module that cannot be reached. */
const LATER_MS = 5_000;

/**
 * What an answer says; `undefined` when it is not one to the question. Replies do not repeat what was asked, so
 * the form of the data must fit: values are never taken for a text, nor a text for values.
 */
export function readAnswer(
  channels: readonly string[],
  state: VialState,
  asked: Asked,
  { origin, status, data }: VialMessage,
  atMs: number,
): Answer | undefined {
  if (status === 'I') {
    // For a module that it cannot reach the base may speak itself.
    const isMine = origin === asked.to || origin === BASE;
    return isMine ? refused(state, asked, data, atMs) : undefined;
  }
  if (origin !== asked.to) return undefined;
  const line: ChannelEvent = { kind: 'frame-accepted', atMs };
  switch (asked.word) {
    case 'DC':
      return data === null ? { state: opened(state, asked.to, atMs), events: [line] } : undefined;
    case 'LE;b': {
      const present = parsePresent(data);
      if (present === undefined) return undefined;
      const told = withPresent(channels, state, present, atMs);
      return { state: told.state, events: [line, ...told.events] };
    }
    case 'LE;amder':
      return readValues(state, asked.to, data, atMs);
    default: {
      if (parseValues(data) !== undefined) return undefined;
      const told = readText(state, asked, data ?? '', atMs);
      return { state: told.state, events: [line, ...told.events] };
    }
  }
}

function opened(state: VialState, place: string, atMs: number): VialState {
  return place === BASE
    ? { ...state, isBaseOpen: true, quietUntilMs: atMs + BASE_QUIET_MS }
    : withModule(state, place, { isOpen: true, misses: 0 });
}

/** Of all frames only this one keeps the values of a module alive: it is its own. */
function readValues(
  state: VialState,
  place: string,
  data: string | null,
  atMs: number,
): Answer | undefined {
  const module = state.modules[place];
  const values = parseValues(data);
  if (module === undefined || values === undefined) return undefined;
  const { known, events } = observeValues(module.known, values, atMs);
  const changes = { known, misses: 0, isReopened: false, gone: null };
  return {
    state: withModule(state, place, changes),
    events: ofModule(place, [{ kind: 'frame-accepted', atMs }, ...events]),
  };
}

function readText(state: VialState, { word, to }: Asked, text: string, atMs: number): Answer {
  const module = state.modules[to];
  if (module === undefined) return { state, events: [] };
  if (word === 'LF;b') return { state, events: ofModule(to, typeEvents(text, atMs)) };
  if (word === 'LP') return { state, events: ofModule(to, drugEvents(text, atMs)) };
  const { known, events } = observeNumber(module.known, text, atMs);
  return { state: withModule(state, to, { known }), events: ofModule(to, events) };
}

/** Modules that came and went. Of those that nobody configured only this is told: they are not opened. */
function withPresent(
  channels: readonly string[],
  before: VialState,
  present: readonly string[],
  atMs: number,
): Answer {
  let state: VialState = { ...before, present };
  const events: ChannelEvent[] = [];
  const leave = (channel: string): void => {
    const reason = `No module in place ${channel}`;
    events.push({ kind: 'device-gone', reason, atMs, channel });
  };
  for (const place of channels) {
    const isAbsent = state.modules[place]?.gone === 'absent';
    if (present.includes(place) && isAbsent) {
      state = withModule(state, place, newModule(NOTHING_KNOWN, atMs));
    } else if (!present.includes(place) && !isAbsent) {
      state = withModule(state, place, { ...newModule(NOTHING_KNOWN, atMs), gone: 'absent' });
      leave(place);
    }
  }
  const were = before.present ?? [];
  for (const place of present) {
    if (channels.includes(place) || were.includes(place)) continue;
    events.push({ kind: 'identity', atMs, channel: place });
  }
  for (const place of were) {
    if (!channels.includes(place) && !present.includes(place)) leave(place);
  }
  return { state, events };
}

function refused(state: VialState, asked: Asked, code: string | null, atMs: number): Answer {
  const line: ChannelEvent = { kind: 'frame-accepted', atMs };
  if (code === ERROR.noBaseSession && asked.word !== 'DC') {
    return { state: baseLost(state), events: [line] };
  }
  const { to } = asked;
  const module = state.modules[to];
  if (to === BASE || module === undefined) {
    // A session that is open already is refused too: the next question shows which it was.
    const next = asked.word === 'DC' ? opened(state, to, atMs) : { ...state, present: null };
    return { state: next, events: [line] };
  }
  const told = refusedByModule(module, asked, code, atMs);
  return {
    state: withModule(state, to, told.changes),
    events: [line, ...ofModule(to, told.events)],
  };
}

interface Refusal {
  readonly changes: Partial<ModuleTalk>;
  readonly events: readonly DeviceEvent[];
}

function refusedByModule(
  module: ModuleTalk,
  { word, to }: Asked,
  code: string | null,
  atMs: number,
): Refusal {
  if (code === ERROR.unreachable) {
    const reason = `Base cannot reach the module in place ${to}`;
    const events: readonly DeviceEvent[] =
      module.gone === null ? [{ kind: 'device-gone', reason, atMs }] : [];
    return {
      changes: { isOpen: false, gone: 'unreachable', openDueAtMs: atMs + LATER_MS },
      events,
    };
  }
  if (code === ERROR.noModuleSession && word !== 'DC') {
    const openDueAtMs = module.isReopened ? atMs + LATER_MS : module.openDueAtMs;
    return { changes: { isOpen: false, isReopened: true, openDueAtMs }, events: [] };
  }
  const { known, events } =
    code === ERROR.alarmPresent
      ? observeAlarm(module.known, atMs)
      : { known: module.known, events: [] };
  if (word === 'LN' || word === 'LF;b' || word === 'LP') {
    const drug = word === 'LP' ? drugEvents(null, atMs) : [];
    const changes = { known, textDueAtMs: atMs + TEXT_MISSED_MS };
    return { changes, events: [...events, ...drug] };
  }
  // A session that is open already is refused too: the next question shows which it was.
  if (word === 'DC') return { changes: { known, isOpen: true, isReopened: true }, events };
  const told = observeRefusal(known, errorText(code), atMs);
  return { changes: { known: told.known, misses: 0 }, events: [...events, ...told.events] };
}

const ofModule = (place: string, events: readonly DeviceEvent[]): readonly ChannelEvent[] =>
  events.map((event) => ({ ...event, channel: place }));
