import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceEvent, FrameRejected } from '../../src/observation/device-event.ts';
import { decodeNellcor, type NellcorLine, type NellcorValues } from './codec.ts';
import { NOTHING_BEFORE, readValues, type SaidBefore } from './observe.ts';

/** The same line again and again, its clock too: nothing is measured any more, however lively the line is. */
const FROZEN_MS = 5_000;
/** Headings are nothing bad while values come, one line every 2 s. */
const VALUES_MS = 6_000;

export interface NellcorState {
  readonly isOpen: boolean;
  readonly openedAtMs: number;
  /** Whether the mark of a simulator was told. */
  readonly isToldSimulated: boolean;
  readonly said: SaidBefore;
  readonly valuesAtMs: number | null;
  readonly lastLine: { readonly text: string; readonly sinceMs: number } | null;
}

const CLOSED: NellcorState = {
  isOpen: false,
  openedAtMs: 0,
  isToldSimulated: false,
  said: NOTHING_BEFORE,
  valuesAtMs: null,
  lastLine: null,
};

/** It only listens: there is nothing to ask and nothing to wait for. */
export const nellcorSession: Session<NellcorState> = { initial: CLOSED, step };

function step(state: NellcorState, input: SessionInput): Step<NellcorState> {
  const { atMs } = input;
  switch (input.kind) {
    case 'opened':
      return { state: { ...CLOSED, isOpen: true, openedAtMs: atMs }, send: [], events: [] };
    case 'closing':
    case 'closed':
      return { state: CLOSED, send: [], events: [] };
    case 'wake':
      return { state, send: [], events: [] };
    case 'frame': {
      if (!state.isOpen) return { state, send: [], events: [rejected('unexpected', atMs)] };
      const decoded = decodeNellcor(input.frame);
      if (!decoded.ok) return { state, send: [], events: [rejected(decoded.error.kind, atMs)] };
      return decoded.value.kind === 'values'
        ? afterValues(state, decoded.value, atMs)
        : afterOther(state, decoded.value, atMs);
    }
  }
}

/** Headings: good, but they must not make an oximeter look alive that gives no values. */
function afterOther(
  state: NellcorState,
  line: Exclude<NellcorLine, NellcorValues>,
  atMs: number,
): Step<NellcorState> {
  const isLive = atMs - (state.valuesAtMs ?? state.openedAtMs) <= VALUES_MS;
  if (!isLive) return { state, send: [], events: [rejected('unexpected', atMs)] };
  const identity: readonly DeviceEvent[] =
    line.kind === 'model'
      ? [{ kind: 'identity', model: line.model, firmware: line.version, atMs }]
      : [];
  return { state, send: [], events: [...identity, { kind: 'frame-accepted', atMs }] };
}

function afterValues(before: NellcorState, line: NellcorValues, atMs: number): Step<NellcorState> {
  const text = JSON.stringify(line);
  const lastLine = before.lastLine?.text === text ? before.lastLine : { text, sinceMs: atMs };
  const state = { ...before, lastLine };
  if (atMs - lastLine.sinceMs > FROZEN_MS) {
    return { state, send: [], events: [rejected('unexpected', atMs)] };
  }
  const { said, events } = readValues(state.said, line, atMs);
  const isNews = line.isSimulated && !state.isToldSimulated;
  const identity: readonly DeviceEvent[] = isNews ? [{ kind: 'identity', mode: 'demo', atMs }] : [];
  return {
    state: {
      ...state,
      said,
      valuesAtMs: atMs,
      isToldSimulated: state.isToldSimulated || line.isSimulated,
    },
    send: [],
    events: [...identity, { kind: 'frame-accepted', atMs }, ...events],
  };
}

const rejected = (reason: FrameRejected['reason'], atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});
