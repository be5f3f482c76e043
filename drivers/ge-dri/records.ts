import type { DeviceEvent } from '../../src/observation/device-event.ts';
import { alarmRecord } from './alarm-record.ts';
import { type DriRecord, decodeDri, MAIN_TYPE, type WaveName } from './codec.ts';
import { nextNibp } from './nibp.ts';
import {
  arrhythmiaBits,
  exists,
  has,
  measures,
  type NumericRecord,
  numericRecord,
} from './numeric-record.ts';
import {
  type Basic,
  basicMetrics,
  co2Status,
  co2StepMmHg,
  cuffSeen,
  ecgLabel,
  ecgStatus,
  nibpMetrics,
  nibpSample,
} from './observe.ts';
import { alertsOf, type GeDriState, liveUntilMs } from './state.ts';
import { leadOf, waveSeen } from './wave-observe.ts';
import { type WavePart, waveRecord } from './wave-record.ts';
import { placeWaves } from './wave-stream.ts';

/** What one frame makes of the state, and what is said of it. */
export interface Heard {
  readonly state: GeDriState;
  readonly events: readonly DeviceEvent[];
}

/** An ECG block keeps saying "electrodes off" for so long; then the values alone tell. */
const WAVE_SILENCE_MS = 3_000;

/** @param waves those that are wanted; others of a record are passed over */
export function hear(
  state: GeDriState,
  frame: Uint8Array,
  waves: readonly WaveName[],
  atMs: number,
): Heard {
  const decoded = decodeDri(frame);
  if (!decoded.ok) return refused(state, decoded.error.kind, atMs);
  const record = decoded.value;
  switch (record.mainType) {
    case MAIN_TYPE.numerics: {
      const numeric = numericRecord(record);
      if (numeric === undefined) return refused(state, 'malformed', atMs);
      const isEmpty = numeric.basicAt === null && numeric.ext1At === null;
      return isEmpty ? hearOther(state, record, atMs) : hearValues(state, record, numeric, atMs);
    }
    case MAIN_TYPE.waves: {
      const parts = waveRecord(record);
      if (parts === undefined) return refused(state, 'malformed', atMs);
      const wanted = parts.filter(({ name }) => waves.includes(name));
      return hearWaves(state, record, wanted, atMs);
    }
    case MAIN_TYPE.alarms: {
      const alarms = alarmRecord(record);
      if (alarms === undefined) return refused(state, 'malformed', atMs);
      if (alarms === null) return hearOther(state, record, atMs);
      // Kept even when it is not taken now: the first values say it, too.
      return hearOther({ ...state, alarms, isAlarmDoubtful: false }, record, atMs, sayAlerts);
    }
    default:
      return hearOther(state, record, atMs);
  }
}

/** A frame that came damaged may have been the only one that told of an alarm. */
function refused(state: GeDriState, reason: 'checksum' | 'malformed', atMs: number): Heard {
  return {
    state: { ...state, isAlarmDoubtful: true },
    events: [{ kind: 'frame-rejected', reason, atMs }],
  };
}

type Further = (state: GeDriState, atMs: number) => Heard;

const sayAlerts: Further = (state, atMs) => ({
  state,
  events: [{ kind: 'alerts', alerts: alertsOf(state), atMs }],
});

/** Waves, alarms, trends: good, but they must not make a monitor look alive that gives no values. */
function hearOther(state: GeDriState, record: DriRecord, atMs: number, further?: Further): Heard {
  const [told, identity] = identify(state, record, atMs);
  const next = { ...state, told };
  if (atMs > liveUntilMs(state)) {
    return {
      state: next,
      events: [...identity, { kind: 'frame-rejected', reason: 'unexpected', atMs }],
    };
  }
  const accepted: DeviceEvent = { kind: 'frame-accepted', atMs };
  const more = further?.(next, atMs) ?? { state: next, events: [] };
  return { state: more.state, events: [...identity, accepted, ...more.events] };
}

function hearWaves(
  state: GeDriState,
  record: DriRecord,
  parts: readonly WavePart[],
  atMs: number,
): Heard {
  return hearOther(state, record, atMs, (known) => {
    if (parts.length === 0) return { state: known, events: [] };
    const placed = placeWaves(known.waveStream, record, parts, atMs);
    if (placed === undefined) return { state: known, events: [] };
    const events: DeviceEvent[] = parts.map((part, index) =>
      waveSeen(part, placed.firstIndexes[index] ?? 0, known.waveFacts, atMs),
    );
    const ecg = parts.find(({ name }) => name === 'ecg1');
    const next: GeDriState = {
      ...known,
      wavesAtMs: atMs,
      waveStream: placed.stream,
      ecgOffAtMs: ecg === undefined ? known.ecgOffAtMs : ecg.isLeadOff ? atMs : null,
    };
    const isWaveOff = isEcgOff(next, atMs);
    if (isWaveOff === known.bits.isWaveOff) return { state: next, events };
    const changed = { ...next, bits: { ...next.bits, isWaveOff } };
    return { state: changed, events: [...events, ...sayAlerts(changed, atMs).events] };
  });
}

const isEcgOff = ({ ecgOffAtMs }: GeDriState, atMs: number): boolean =>
  ecgOffAtMs !== null && atMs - ecgOffAtMs <= WAVE_SILENCE_MS;

function hearValues(
  state: GeDriState,
  record: DriRecord,
  numeric: NumericRecord,
  atMs: number,
): Heard {
  // Before the values: nothing of a simulator may be shown as real, not even once.
  const [told, identity] = identify(state, record, atMs);
  const events: DeviceEvent[] = [...identity, { kind: 'frame-accepted', atMs }];
  const arrhythmia = numeric.ext1At === null ? state.bits.arrhythmia : arrhythmiaBits(numeric);
  const known = { ...state, told, bits: { ...state.bits, arrhythmia } };
  if (numeric.basicAt === null) return { state: known, events };

  const basic: Basic = {
    view: numeric.view,
    at: numeric.basicAt,
    atMs,
    ...(record.timeS === 0 ? {} : { deviceWallMs: record.timeS * 1_000 }),
  };
  const sample = nibpSample(basic, numeric.nibpTimeS);
  const next: GeDriState = {
    ...known,
    valuesAtMs: atMs,
    // A cuff module that went and came back may be another one.
    nibp: sample === null ? null : nextNibp(state.nibp, sample),
    waveFacts: waveFacts(known, basic),
    bits: {
      ecgStatus: ecgStatus(basic),
      ecgLabel: ecgLabel(basic),
      co2Status: co2Status(basic),
      arrhythmia,
      isWaveOff: isEcgOff(known, atMs),
    },
  };
  events.push(
    ...basicMetrics(basic),
    ...nibpMetrics(basic, sample, next.nibp?.episode),
    cuffSeen(sample, atMs),
    ...sayAlerts(next, atMs).events,
  );
  return { state: next, events };
}

/** While the ECG does not measure its label says nothing: the lead stays what it was. */
function waveFacts({ waveFacts: known }: GeDriState, basic: Basic): GeDriState['waveFacts'] {
  const status = ecgStatus(basic);
  return {
    lead: measures(status) ? leadOf(ecgLabel(basic)) : known.lead,
    isChannelOff: exists(status) && has(status, 11),
    co2Scale: co2StepMmHg(basic),
  };
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
