import type { NibpHistory } from './scene.ts';

/**
 * Where the cuff is in its interval. `off`: the order asks for none, or nothing is supervised yet.
 * `failed` and `measuring` speak before the times do.
 */
export type NibpState = 'off' | 'done' | 'due' | 'measuring' | 'late' | 'overdue' | 'failed';

export interface NibpWatch {
  readonly state: NibpState;
  /** When the next reading is due (monotonic ms); `null` = none is. */
  readonly dueAtMs: number | null;
  /** By the device's own cycle, or last reading + ordered interval. */
  readonly dueBy: 'device' | 'order';
  /** The device's cycle is not the ordered interval: it is said, and the order counts. */
  readonly cycleDiffers: boolean;
}

/** A reading counts as due shortly before its time, so that the nurse sees it come. */
const DUE_BEFORE_MS = 60_000;
/** Devices and orders write minutes. */
const SAME_MS = 1_000;

/** @param lateByMs from the alarm limits (VIT-07) */
export function nibpWatch(
  nibp: NibpHistory,
  nowMs: number,
  { lateByMs, overdueByMs }: { readonly lateByMs: number; readonly overdueByMs: number },
): NibpWatch {
  const { intervalMs, supervisedSinceMs, lastReadingAtMs, cycleMs } = nibp;
  const cycleDiffers = intervalMs !== null && cycleMs !== undefined && !isSame(cycleMs, intervalMs);
  if (intervalMs === null || supervisedSinceMs === null)
    return { state: 'off', dueAtMs: null, dueBy: 'order', cycleDiffers };
  const sinceMs = Math.max(lastReadingAtMs ?? supervisedSinceMs, supervisedSinceMs);
  const byDevice = cycleMs !== null && cycleMs !== undefined && lastReadingAtMs !== null;
  const dueAtMs = byDevice ? lastReadingAtMs + cycleMs : sinceMs + intervalMs;
  return {
    state: stateOf(nibp, nowMs - (sinceMs + intervalMs), lateByMs, overdueByMs),
    dueAtMs,
    dueBy: byDevice ? 'device' : 'order',
    cycleDiffers,
  };
}

function stateOf(
  { failures, isMeasuring }: NibpHistory,
  lateMs: number,
  lateByMs: number,
  overdueByMs: number,
): NibpState {
  if (isMeasuring) return 'measuring';
  if (lateMs >= overdueByMs) return 'overdue';
  if (failures > 0) return 'failed';
  if (lateMs >= lateByMs) return 'late';
  return lateMs >= -DUE_BEFORE_MS ? 'due' : 'done';
}

const isSame = (cycleMs: number | null, intervalMs: number): boolean =>
  cycleMs !== null && Math.abs(cycleMs - intervalMs) < SAME_MS;
