import type { DeviceAlert } from '../../src/observation/device-event.ts';
import { type AlarmRecord, merged, recordAlerts } from './alarm-record.ts';
import type { NumericsQuery } from './codec.ts';
import type { NibpLife } from './nibp.ts';
import { type StatusBits, statusAlerts } from './status-alerts.ts';
import { NO_WAVE_FACTS, type WaveFacts } from './wave-observe.ts';
import type { WaveStream } from './wave-stream.ts';

/** What a session knows since its port was opened. Plain data of bounded size. */
export interface GeDriState {
  readonly isOpen: boolean;
  readonly query: NumericsQuery;
  readonly askedAtMs: number;
  /** Arrival of the last displayed values; `null` = none since the port was opened. */
  readonly valuesAtMs: number | null;
  readonly nibp: NibpLife | null;
  /** Status bits of the last records that had them; a record without some takes nothing back. */
  readonly bits: StatusBits;
  readonly wavesAskedAtMs: number | null;
  /** Arrival of the last wave record. */
  readonly wavesAtMs: number | null;
  readonly waveFacts: WaveFacts;
  readonly waveStream: WaveStream | null;
  /** Arrival of the last ECG block, where it said that the electrodes are off. */
  readonly ecgOffAtMs: number | null;
  readonly alarmsAskedAtMs: number | null;
  /** A record may have been lost or the monitor may have begun anew: the alarms are asked for sooner. */
  readonly isAlarmDoubtful: boolean;
  readonly alarms: AlarmRecord | null;
  /** What was said last about the monitor's identity. */
  readonly told: { readonly level: number; readonly isSimulated: boolean } | null;
}

const NO_BITS: StatusBits = {
  ecgStatus: 0,
  ecgLabel: 0,
  co2Status: 0,
  arrhythmia: 0,
  isWaveOff: false,
};

export const CLOSED: GeDriState = {
  isOpen: false,
  query: 'numerics-1s',
  askedAtMs: 0,
  valuesAtMs: null,
  nibp: null,
  bits: NO_BITS,
  wavesAskedAtMs: null,
  wavesAtMs: null,
  waveFacts: NO_WAVE_FACTS,
  waveStream: null,
  ecgOffAtMs: null,
  alarmsAskedAtMs: null,
  isAlarmDoubtful: false,
  alarms: null,
  told: null,
};

/** There is no reply but the data: so many intervals without data mean that nobody heard the question. */
const SILENT_INTERVALS = 3;
const INTERVAL_MS: Readonly<Record<NumericsQuery, number>> = {
  'numerics-1s': 1_000,
  'numerics-5s': 5_000,
};

export const silenceMs = ({ query }: GeDriState): number => SILENT_INTERVALS * INTERVAL_MS[query];

/** Until when what is no value counts as said by a monitor that works. */
export const liveUntilMs = (state: GeDriState): number =>
  state.valuesAtMs === null ? Number.NEGATIVE_INFINITY : state.valuesAtMs + silenceMs(state);

/** Values came since they were asked for last: the monitor hears us and answers. */
export const isAnswered = ({ valuesAtMs, askedAtMs }: GeDriState): boolean =>
  valuesAtMs !== null && valuesAtMs >= askedAtMs;

/** Everything that the monitor signals now, by bits, waves and alarm record. */
export function alertsOf({ bits, alarms }: GeDriState): readonly DeviceAlert[] {
  return merged(statusAlerts(bits), alarms === null ? [] : recordAlerts(alarms));
}
