import type { BaselineValues } from './session-event.ts';
import type { SessionRecord } from './session-record.ts';

export const NO_BASELINE: BaselineValues = {
  heartRateBpm: null,
  spo2Percent: null,
  systolicMmHg: null,
  diastolicMmHg: null,
};

/**
 * What relative rules run on, number by number: what a nurse confirmed, else what was seen before the start.
 *
 * @param seen before the first flow: as it is seen now; afterwards the record knows it
 */
export function baselineInUse(
  { baseline, baselineSeen }: Pick<SessionRecord, 'baseline' | 'baselineSeen'>,
  seen: BaselineValues = baselineSeen ?? NO_BASELINE,
): BaselineValues {
  return {
    heartRateBpm: baseline?.heartRateBpm ?? seen.heartRateBpm,
    spo2Percent: baseline?.spo2Percent ?? seen.spo2Percent,
    systolicMmHg: baseline?.systolicMmHg ?? seen.systolicMmHg,
    diastolicMmHg: baseline?.diastolicMmHg ?? seen.diastolicMmHg,
  };
}
