import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import { decodeNibp, type NibpStatus, nibpQueries, queryOf } from './codec.ts';
import { type Commanded, commandFor, type NibpOptions } from './commands.ts';
import {
  afterAbort,
  afterEnd,
  afterPressure,
  afterStatus,
  type CuffLife,
  isMeasurement,
  NOTHING_SEEN,
} from './nibp.ts';
import { cuffEvents, statusEvents } from './observe.ts';

const ASK_EVERY_MS = 2_000;
const ANSWER_MS = 1_000;
/** The first try and two more. */
const TRIES = 3;
/** Not asked while the cuff works and talks; when it has become quiet, its end may have been lost. */
const QUIET_MS = 3_000;
/** No adult cuff may stay filled longer (IEC 80601-2-30); then a run that was our doing is stopped. */
const RUN_MS_MAX = 180_000;

export interface NibpState {
  readonly isOpen: boolean;
  readonly openedAtMs: number;
  /** When the open question was sent; `null` = none is open. */
  readonly askedAtMs: number | null;
  readonly lastAskedAtMs: number;
  /** Questions in a row without an answer. */
  readonly misses: number;
  readonly nextAskAtMs: number;
  readonly life: CuffLife;
  /** The last one since the line was opened; before it nothing is said, for nobody knows who talks. */
  readonly status: NibpStatus | null;
  readonly commanded: Commanded;
}

const CLOSED: NibpState = {
  isOpen: false,
  openedAtMs: 0,
  askedAtMs: null,
  lastAskedAtMs: 0,
  misses: 0,
  nextAskAtMs: 0,
  life: NOTHING_SEEN,
  status: null,
  commanded: { atMs: null, cycles: 0 },
};

const isWorking = ({ life }: NibpState): boolean => life.run !== null;

/** Asks for the state every 2 s; while the cuff works it only listens. */
export function nibpSession(options: NibpOptions): Session<NibpState> {
  const { measure, board } = options;
  const isHostTimed = measure === 'timed';

  function step(state: NibpState, input: SessionInput): Step<NibpState> {
    const { atMs } = input;
    switch (input.kind) {
      case 'opened':
        return asked({ ...CLOSED, isOpen: true, openedAtMs: atMs }, atMs, []);
      case 'closing':
      case 'closed':
        return { state: CLOSED, send: [], events: [] };
      case 'wake':
        return state.isOpen ? woken(state, atMs) : { state, send: [], events: [] };
      case 'frame':
        if (!state.isOpen) return { state, send: [], events: [rejected('unexpected', atMs)] };
        return framed(state, input.frame, atMs);
    }
  }

  function asked(before: NibpState, atMs: number, events: readonly DeviceEvent[]): Step<NibpState> {
    const state = {
      ...before,
      askedAtMs: atMs,
      lastAskedAtMs: atMs,
      nextAskAtMs: atMs + ASK_EVERY_MS,
    };
    return waiting(state, [nibpQueries.get(queryOf('status', board))], events, atMs);
  }

  function woken(before: NibpState, atMs: number): Step<NibpState> {
    const { state, events } = withMiss(before, atMs);
    if (mustStop(state, atMs)) {
      const stopped = { ...state, life: afterAbort(state.life) };
      return waiting(stopped, [nibpQueries.get('abort')], events, atMs);
    }
    if (state.askedAtMs === null && atMs >= state.nextAskAtMs) return asked(state, atMs, events);
    return waiting(state, [], events, atMs);
  }

  /** Only a run of a module that was told to measure; letting air out is the safe direction. */
  function mustStop({ life: { run } }: NibpState, atMs: number): boolean {
    const isOurs = measure !== 'off' && run !== null && !run.isAborted;
    return isOurs && isMeasurement(run) && atMs - run.firstAtMs >= RUN_MS_MAX;
  }

  function framed(before: NibpState, frame: Uint8Array, atMs: number): Step<NibpState> {
    const decoded = decodeNibp(frame);
    if (!decoded.ok) return waiting(before, [], [rejected(decoded.error.kind, atMs)], atMs);
    const { value } = decoded;
    const accepted: DeviceEvent = { kind: 'frame-accepted', atMs };
    switch (value.kind) {
      case 'pressure': {
        const life = afterPressure(before.life, value, atMs);
        const state = { ...before, life, nextAskAtMs: atMs + QUIET_MS };
        return waiting(state, [], [accepted, ...news(before, state, atMs)], atMs);
      }
      case 'end': {
        const life = afterEnd(before.life, atMs);
        const state = { ...before, life, nextAskAtMs: soonest(before, atMs) };
        return waiting(state, [], [accepted, ...news(before, state, atMs)], atMs);
      }
      case 'status':
        return answered(before, value, atMs);
    }
  }

  function answered(before: NibpState, status: NibpStatus, atMs: number): Step<NibpState> {
    const { askedAtMs } = before;
    if (askedAtMs === null || atMs - askedAtMs > ANSWER_MS) {
      return waiting(before, [], [rejected('unexpected', atMs)], atMs);
    }
    const life = afterStatus(before.life, status, atMs);
    const heard: NibpState = { ...before, askedAtMs: null, misses: 0, life, status };
    const word = commandFor(options, status, life, heard.commanded, { ...heard, atMs });
    const { cycles } = heard.commanded;
    const state: NibpState = {
      ...heard,
      nextAskAtMs: isWorking(heard) ? atMs + QUIET_MS : soonest(heard, atMs),
      commanded:
        word === undefined
          ? heard.commanded
          : { atMs, cycles: cycles + (word === 'cycle-15' ? 1 : 0) },
    };
    const isNew = before.status?.isSimulated !== status.isSimulated;
    const events: readonly DeviceEvent[] = [
      // Before the values: nothing of a simulator may be shown as real, not even once.
      ...(isNew && status.isSimulated ? [{ kind: 'identity', mode: 'demo', atMs } as const] : []),
      { kind: 'frame-accepted', atMs },
      ...statusEvents(status, atMs),
      ...cuffEvents(life, status, isHostTimed, atMs),
    ];
    const send = word === undefined ? [] : [nibpQueries.get(queryOf(word, board))];
    return waiting(state, send, events, atMs);
  }

  /** Of a run: that it began, that it is a measurement. The frames in between say nothing new. */
  function news({ life }: NibpState, after: NibpState, atMs: number): readonly DeviceEvent[] {
    if (after.status === null || phaseOf(life) === phaseOf(after.life)) return [];
    return cuffEvents(after.life, after.status, isHostTimed, atMs);
  }

  function waiting(
    state: NibpState,
    send: readonly QueryBytes[],
    events: readonly DeviceEvent[],
    atMs: number,
  ): Step<NibpState> {
    const { askedAtMs, nextAskAtMs, life } = state;
    const talkAtMs = askedAtMs === null ? nextAskAtMs : askedAtMs + ANSWER_MS;
    const isTimed = measure !== 'off' && life.run !== null && !life.run.isAborted;
    const stopAtMs = isTimed ? life.run.firstAtMs + RUN_MS_MAX : talkAtMs;
    // A run whose nature is not clear at its limit is looked at again with the next question.
    const wakeAtMs = stopAtMs > atMs ? Math.min(talkAtMs, stopAtMs) : talkAtMs;
    return { state, send, events, wakeAtMs: Math.max(atMs, wakeAtMs) };
  }

  return { initial: CLOSED, step };
}

/** Not more often than the module is to be asked. */
const soonest = ({ lastAskedAtMs }: NibpState, atMs: number): number =>
  Math.max(atMs, lastAskedAtMs + ASK_EVERY_MS);

function withMiss(
  state: NibpState,
  atMs: number,
): { readonly state: NibpState; readonly events: readonly DeviceEvent[] } {
  const { askedAtMs } = state;
  if (askedAtMs === null || atMs < askedAtMs + ANSWER_MS) return { state, events: [] };
  const misses = state.misses + 1;
  return misses < TRIES
    ? { state: { ...state, askedAtMs: null, misses }, events: [] }
    : {
        state: { ...state, askedAtMs: null, misses: 0 },
        events: [{ kind: 'reply-missed', query: 'status', atMs }],
      };
}

function phaseOf({ run, ended }: CuffLife): string {
  const begun = run ?? ended?.run;
  return begun === undefined ? 'resting' : `${isMeasurement(begun)}`;
}

const rejected = (reason: 'checksum' | 'malformed' | 'unexpected', atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});
