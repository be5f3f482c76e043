import { firstReading, HEART_RATE_CODES, type Reading } from '../check/readings.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import type { MetricCode } from '../observation/metrics.ts';
import type { BaselineValues } from '../order/session-event.ts';
import type { CuffReading } from './bed-history.ts';
import { emptyTrack, medianOf, type VitalTrack, withVital } from './vital-track.ts';

/** What the provisional baseline of the next infusion is made of. */
export interface BaselineTracks {
  readonly heartRate: VitalTrack;
  readonly spo2: VitalTrack;
}

export const emptyTracks: BaselineTracks = { heartRate: emptyTrack, spo2: emptyTrack };

const SPO2_CODES: readonly MetricCode[] = ['MDC_PULS_OXIM_SAT_O2'];
/** A cuff reading older than this is none of before the start. */
const CUFF_AGE_MS = 30 * 60_000;

/**
 * A monitor said something: the value that a rule would use now counts, and only that.
 *
 * @param holdsMs how long its values stay fresh
 */
export function withMonitorSeen(
  tracks: BaselineTracks,
  monitors: readonly DevicePicture[],
  holdsMs: number,
  nowMs: number,
): BaselineTracks {
  const seen = (codes: readonly MetricCode[]) =>
    valid(firstReading(monitors, codes, nowMs), holdsMs);
  const heartRate = withVital(tracks.heartRate, seen(HEART_RATE_CODES), nowMs);
  const spo2 = withVital(tracks.spo2, seen(SPO2_CODES), nowMs);
  const isSame = heartRate === tracks.heartRate && spo2 === tracks.spo2;
  return isSame ? tracks : { heartRate, spo2 };
}

const valid = (reading: Reading, holdsMs: number) =>
  reading.ok ? { value: reading.value, atMs: reading.atMs, holdsMs } : null;

/** Medians of 5 min or more, and the last complete cuff reading, all of the last 30 min. */
export function provisionalBaseline(
  { heartRate, spo2 }: BaselineTracks,
  nibp: readonly CuffReading[],
  nowMs: number,
): BaselineValues {
  const cuff = nibp.find(
    ({ systolic, diastolic, atMs }) =>
      systolic !== null && diastolic !== null && nowMs - atMs <= CUFF_AGE_MS,
  );
  return {
    heartRateBpm: whole(medianOf(heartRate, nowMs)),
    spo2Percent: whole(medianOf(spo2, nowMs)),
    systolicMmHg: whole(cuff?.systolic),
    diastolicMmHg: whole(cuff?.diastolic),
  };
}

/** As it is read and confirmed; some monitors tell hundredths. */
const whole = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Math.round(value);
