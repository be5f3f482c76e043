/**
 * Cuff pressures are single measurements: old ones are normal, so each is shown with its time, greyed
 * when the next one is overdue and removed after an hour.
 */
import { age, timeOfDay } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import type { BedView, NibpReading, Numeric, Validity } from '../wire.ts';
import { byLink, type Moment } from './value.ts';

const OVERDUE_GRACE_MS = 2 * 60_000;
const REMOVED_AFTER_MS = 60 * 60_000;

export interface ShownCuff {
  readonly state: Validity;
  readonly systolic: number | null;
  readonly diastolic: number | null;
  readonly mean: number | null;
  /** `14:00`, of the measurement. */
  readonly time: string;
  /** `5 min ago`. */
  readonly ago: string;
  readonly isMeasuring: boolean;
  /** No device of this bed measures it. */
  readonly isAbsent: boolean;
}

const CUFF_CODES = [
  'MDC_PRESS_BLD_NONINV_SYS',
  'MDC_PRESS_BLD_NONINV_DIA',
  'MDC_PRESS_BLD_NONINV_MEAN',
] as const;

export function shownCuff(bed: BedView, moment: Moment): ShownCuff {
  const [systolic, diastolic, mean] = CUFF_CODES.map((code) =>
    bed.numerics.find((numeric) => numeric.code === code),
  );
  const isMeasuring = [systolic, diastolic, mean].some((one) => one?.measuring === true);
  const last = systolic ?? mean;
  if (last === undefined) return nothing('never', isMeasuring, bed.nibp.history.length === 0);
  const observedMs = last.observedAtMonotonicMs;
  if (observedMs === null || last.value === null) {
    return nothing(withoutNumber(last), isMeasuring, false);
  }
  const ageMs = Math.max(0, moment.monotonicMs - observedMs);
  const linked = byLink(moment.link);
  if (ageMs >= REMOVED_AFTER_MS || linked === 'lost') return nothing('lost', isMeasuring, false);
  const intervalMs = bed.nibp.intervalMin === null ? null : bed.nibp.intervalMin * 60_000;
  const isOverdue = intervalMs !== null && ageMs > intervalMs + OVERDUE_GRACE_MS;
  const isStale = isOverdue || linked === 'stale' || last.validity === 'stale';
  return {
    state: isStale ? 'stale' : last.validity === 'questionable' ? 'questionable' : 'valid',
    systolic: last === systolic ? last.value : null,
    diastolic: diastolic?.value ?? null,
    mean: mean?.value ?? null,
    time: timeOfDay(moment.wallMs - ageMs, moment.utcOffsetMin),
    ago: ageMs < 60_000 ? 'just now' : `${age(ageMs)} ago`,
    isMeasuring,
    isAbsent: false,
  };
}

/** The history rows that may still stand beside the current value: older readings are history, not live. */
export function cuffHistory(
  bed: BedView,
  moment: Moment,
): readonly (NibpReading & { readonly time: string })[] {
  return bed.nibp.history.map((reading) => ({
    ...reading,
    time: timeOfDay(parseWall(reading.at), moment.utcOffsetMin),
  }));
}

function withoutNumber(last: Numeric): Validity {
  const hasNumber = last.validity === 'valid' || last.validity === 'questionable';
  return hasNumber || last.validity === 'stale' ? 'lost' : last.validity;
}

function nothing(state: Validity, isMeasuring: boolean, isAbsent: boolean): ShownCuff {
  return {
    state,
    systolic: null,
    diastolic: null,
    mean: null,
    time: '',
    ago: '',
    isMeasuring,
    isAbsent,
  };
}
