import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import { type DriQuery, type DriRecord, decodeDri, driQueries } from './codec.ts';
import { type NibpLife, nextNibp } from './nibp.ts';
import { measures, type NumericRecord, numericRecord } from './numeric-record.ts';
import {
  type Basic,
  basicMetrics,
  co2Status,
  ecgLabel,
  ecgStatus,
  nibpMetrics,
  nibpSample,
} from './observe.ts';
import { statusAlerts } from './status-alerts.ts';

export interface GeDriOptions {
  /** Seconds between the displayed values that we ask for. */
  readonly interval: 1 | 5;
}

/** There is no reply but the data: so many intervals without data mean that nobody heard the question. */
const SILENT_INTERVALS = 3;
const INTERVAL_MS: Readonly<Record<DriQuery, number>> = {
  'numerics-1s': 1_000,
  'numerics-5s': 5_000,
};

export interface GeDriState {
  readonly isOpen: boolean;
  readonly query: DriQuery;
  readonly askedAtMs: number;
  /** Arrival of the last displayed values; `null` = none since the port was opened. */
  readonly valuesAtMs: number | null;
  readonly nibp: NibpLife | null;
  /** Arrhythmia bits of the last Ext1 part: a record without one takes nothing back. */
  readonly arrhythmia: number;
  /** What was said last about the monitor's identity. */
  readonly told: { readonly level: number; readonly isSimulated: boolean } | null;
}

const CLOSED: GeDriState = {
  isOpen: false,
  query: 'numerics-1s',
  askedAtMs: 0,
  valuesAtMs: null,
  nibp: null,
  arrhythmia: 0,
  told: null,
};

/** Asks once, listens, and asks again whenever the values stay away. */
export function geDriSession({ interval }: GeDriOptions): Session<GeDriState> {
  const preferred: DriQuery = interval === 1 ? 'numerics-1s' : 'numerics-5s';

  function step(state: GeDriState, input: SessionInput): Step<GeDriState> {
    const { atMs } = input;
    switch (input.kind) {
      case 'opened':
        return ask({ ...CLOSED, isOpen: true }, preferred, atMs, []);
      case 'closing':
      case 'closed':
        return { state: CLOSED, send: [], events: [] };
      case 'wake':
        return state.isOpen ? afterWake(state, atMs) : { state, send: [], events: [] };
      case 'frame':
        if (!state.isOpen) return { state, send: [], events: [rejected('unexpected', atMs)] };
        return waiting(afterFrame(state, input.frame, atMs), atMs);
    }
  }

  function afterWake(state: GeDriState, atMs: number): Step<GeDriState> {
    if (atMs < deadlineMs(state)) return waiting({ state, send: [], events: [] }, atMs);
    const missed: DeviceEvent = { kind: 'reply-missed', query: state.query, atMs };
    const isAnswered = state.valuesAtMs !== null && state.valuesAtMs >= state.askedAtMs;
    return ask(state, isAnswered ? preferred : other(state.query), atMs, [missed]);
  }

  /** Some monitors may know only the documented 5 s; one that was switched on late knows 1 s again. */
  const other = (query: DriQuery): DriQuery =>
    query === 'numerics-5s' ? preferred : 'numerics-5s';

  return { initial: CLOSED, step };
}

function ask(
  state: GeDriState,
  query: DriQuery,
  atMs: number,
  events: readonly DeviceEvent[],
): Step<GeDriState> {
  const next = { ...state, query, askedAtMs: atMs };
  return { state: next, send: [driQueries.get(query)], events, wakeAtMs: deadlineMs(next) };
}

/** At once when the deadline passed while frames kept coming. */
const waiting = (step: Step<GeDriState>, atMs: number): Step<GeDriState> => ({
  ...step,
  wakeAtMs: Math.max(atMs, deadlineMs(step.state)),
});

const silenceMs = ({ query }: GeDriState): number => SILENT_INTERVALS * INTERVAL_MS[query];
const deadlineMs = (state: GeDriState): number =>
  Math.max(state.askedAtMs, state.valuesAtMs ?? state.askedAtMs) + silenceMs(state);

function afterFrame(state: GeDriState, frame: Uint8Array, atMs: number): Step<GeDriState> {
  const decoded = decodeDri(frame);
  if (!decoded.ok) return { state, send: [], events: [rejected(decoded.error.kind, atMs)] };
  const record = decoded.value;
  const numeric = record.mainType === 0 ? numericRecord(record) : null;
  if (numeric === undefined) return { state, send: [], events: [rejected('malformed', atMs)] };
  if (numeric === null || (numeric.basicAt === null && numeric.ext1At === null)) {
    return afterOther(state, record, atMs);
  }
  return afterValues(state, record, numeric, atMs);
}

/** Waves, alarms, trends: good, but they must not make a monitor look alive that gives no values. */
function afterOther(state: GeDriState, record: DriRecord, atMs: number): Step<GeDriState> {
  const isLive = state.valuesAtMs !== null && atMs - state.valuesAtMs <= silenceMs(state);
  const [told, identity] = identify(state, record, atMs);
  const verdict: DeviceEvent = isLive
    ? { kind: 'frame-accepted', atMs }
    : rejected('unexpected', atMs);
  return { state: { ...state, told }, send: [], events: [...identity, verdict] };
}

function afterValues(
  state: GeDriState,
  record: DriRecord,
  numeric: NumericRecord,
  atMs: number,
): Step<GeDriState> {
  // Before the values: nothing of a simulator may be shown as real, not even once.
  const [told, identity] = identify(state, record, atMs);
  const events: DeviceEvent[] = [...identity, { kind: 'frame-accepted', atMs }];
  const arrhythmia = numeric.ext1At === null ? state.arrhythmia : arrhythmiaBits(numeric);
  const next = { ...state, told, arrhythmia };
  if (numeric.basicAt === null) return { state: next, send: [], events };

  const basic: Basic = {
    view: numeric.view,
    at: numeric.basicAt,
    atMs,
    ...(record.timeS === 0 ? {} : { deviceWallMs: record.timeS * 1_000 }),
  };
  const sample = nibpSample(basic, numeric.nibpTimeS);
  // A cuff module that went and came back may be another one.
  const nibp = sample === null ? null : nextNibp(state.nibp, sample);
  events.push(...basicMetrics(basic), ...nibpMetrics(basic, sample, nibp?.episode), {
    kind: 'alerts',
    alerts: statusAlerts({
      ecgStatus: ecgStatus(basic),
      ecgLabel: ecgLabel(basic),
      co2Status: co2Status(basic),
      arrhythmia,
    }),
    atMs,
  });
  return { state: { ...next, valuesAtMs: atMs, nibp }, send: [], events };
}

/** Ext1, arrhythmia group: status at 0, bits at 12 (DRI specification 12th ed.). */
function arrhythmiaBits({ view, ext1At }: NumericRecord): number {
  if (ext1At === null || !measures(view.getUint32(ext1At, true))) return 0;
  return view.getUint32(ext1At + 12, true);
}

/** There is no serial number on this interface; its level and the simulator's mark are all there is. */
function identify(
  { told }: GeDriState,
  { level, isSimulated }: DriRecord,
  atMs: number,
): readonly [GeDriState['told'], readonly DeviceEvent[]] {
  if (told !== null && told.level === level && told.isSimulated === isSimulated) return [told, []];
  const identity: DeviceEvent = {
    kind: 'identity',
    firmware: `DRI level ${level}`,
    ...(isSimulated ? { mode: 'demo' as const } : {}),
    atMs,
  };
  return [{ level, isSimulated }, [identity]];
}

const rejected = (reason: 'checksum' | 'malformed' | 'unexpected', atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});
