import type { DeviceEvent } from '../../src/observation/device-event.ts';
import type { AsenaQuery } from './codec.ts';
import type { VolumeWatch } from './inf.ts';
import { VOLUME_UNCHECKED, type VolumeCheck } from './volume-check.ts';

/** What is known of the pump at the other end. All of it belongs to one serial number. */
export interface KnownPump {
  readonly serial: string | null;
  /** The alarm letter of the last INF reply; `-` is none. */
  readonly notice: string;
  /** Number of the newest entry of the pump's log. */
  readonly logEntry: string | null;
  /** Replies "no alarm" in a row although INF shows one. */
  readonly contradictions: number;
  /** The alarm that the pump named last, while it stands. */
  readonly alarmCode: string | null;
  /** The last list of alerts that was told is not empty. */
  readonly isAlerting: boolean;
  readonly volume: VolumeWatch | null;
  readonly volumeCheck: VolumeCheck;
  readonly syringe: string | null;
  /** Highest rate with this syringe in mL/h. */
  readonly rateMaxMlPerHour: number | null;
  /** Slowest reply that the pump declares, in ms. */
  readonly responseMaxMs: number | null;
}

export const NOTHING_KNOWN: KnownPump = {
  serial: null,
  notice: '-',
  logEntry: null,
  contradictions: 0,
  alarmCode: null,
  isAlerting: false,
  volume: null,
  volumeCheck: VOLUME_UNCHECKED,
  syringe: null,
  rateMaxMlPerHour: null,
  responseMaxMs: null,
};

/** The pump shows an alarm, or a letter that we do not know and therefore treat as one. */
export const isFlagged = ({ notice }: KnownPump): boolean => notice !== '-';

/** What a reply led to. */
export interface Outcome {
  readonly known: KnownPump;
  readonly events: readonly DeviceEvent[];
  /** Questions that became urgent by this reply. */
  readonly askNow: readonly AsenaQuery[];
  /** Another pump answers: nothing that was learnt of the old one's habits holds. */
  readonly isSwapped?: boolean;
}
