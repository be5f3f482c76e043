import type { DeviceAlert } from '../../src/observation/device-event.ts';
import type { NeFramingMode } from './queries.ts';
import { NEW_SCHEDULE, type Schedule } from './schedule.ts';
import type { Direction } from './values.ts';

/** What is known of one pump on the line. */
export interface Pump {
  /** It answers; all values are forgotten when it no longer does. */
  readonly isHere: boolean;
  /** Answers missed in a row. */
  readonly misses: number;
  readonly schedule: Schedule;
  /**
   * What may be left in the buffer of the pump, in basic mode. `unsure`: a word whose CR was lost; `flushed`:
   * a CR alone was sent since; `clean`: it has answered since.
   */
  readonly buffer: 'unsure' | 'flushed' | 'clean';
  readonly framing: NeFramingMode;
  /** When it last answered in safe framing; `null` = not since it is here. */
  readonly safeAtMs: number | null;
  /** As last told, and as told twice or with a checksum. Without one there are no values. */
  readonly toldVersion: string | null;
  readonly version: string | null;
  /** Letter of the state; `null` = not known. */
  readonly state: string | null;
  readonly phase: number | null;
  /** Read since the state and the phase last changed. */
  readonly rate: { readonly mlPerHour: number; readonly atMs: number } | null;
  readonly targetNl: number | null;
  readonly infusedNl: number | null;
  readonly direction: Direction | null;
  /** `null` = not read since its framing changed. */
  readonly safeSeconds: number | null;
  /** Told and forgotten by the pump; kept until it is seen infusing. */
  readonly latched: readonly DeviceAlert[];
  /** It was infusing, and an answer was lost or damaged since the last good one. */
  readonly isAlarmMissed: boolean;
}

export const NEW_PUMP: Pump = {
  isHere: false,
  misses: 0,
  schedule: NEW_SCHEDULE,
  buffer: 'unsure',
  framing: 'basic',
  safeAtMs: null,
  toldVersion: null,
  version: null,
  state: null,
  phase: null,
  rate: null,
  targetNl: null,
  infusedNl: null,
  direction: null,
  safeSeconds: null,
  latched: [],
  isAlarmMissed: false,
};

/** Instead of a version: the pump answers, and does not know the word. */
export const NO_VERSION = '?';
