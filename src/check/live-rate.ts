import type { Undetermined } from '../alarm/condition.ts';
import { type DevicePicture, freshnessOf, metricFreshness } from '../observation/device-picture.ts';

/** What really flows into the patient, over all pumps of the bed. */
export interface LiveFlow {
  /** Sum of what is known, mL/h. */
  readonly mlPerH: number;
  /** False: at least one pump's flow is not known, so the sum is "at least". */
  readonly isComplete: boolean;
  /** Why it is not complete. */
  readonly because: Undetermined;
  /** Arrival of the newest reading in it. */
  readonly atMs: number;
  /** All that flows is KVO: one pump that infuses beside it makes it an infusion. */
  readonly hasKvo: boolean;
  /**
   * When a pump last said that it keeps the vein open without telling at what rate (Alaris), monotonic ms; `null` = none
   * says so. The sum is not complete then.
   */
  readonly untoldKvoAtMs: number | null;
}

const NONE: LiveFlow = {
  mlPerH: 0,
  isComplete: false,
  because: 'no-observation',
  atMs: Number.NEGATIVE_INFINITY,
  hasKvo: false,
  untoldKvoAtMs: null,
};

/** Current flow, never the programmed rate; a pump that says it is stopped flows 0. */
export function liveFlow(pumps: readonly DevicePicture[], nowMs: number): LiveFlow {
  if (pumps.length === 0) return NONE;
  let mlPerH = 0;
  let atMs = Number.NEGATIVE_INFINITY;
  let missing: Undetermined | undefined;
  let kvoPumps = 0;
  let infusingPumps = 0;
  let untoldKvoAtMs: number | null = null;
  for (const pump of pumps) {
    const flow = flowOf(pump, nowMs);
    if (typeof flow === 'string') {
      missing = flow;
      if (isKvo(pump, nowMs))
        untoldKvoAtMs = Math.max(untoldKvoAtMs ?? 0, pump.pumpStatus?.atMs ?? 0);
    } else {
      mlPerH += flow.mlPerH;
      atMs = Math.max(atMs, flow.atMs);
      if (flow.mlPerH > 0 && isKvo(pump, nowMs)) kvoPumps += 1;
      else if (flow.mlPerH > 0) infusingPumps += 1;
    }
  }
  return {
    mlPerH,
    isComplete: missing === undefined,
    because: missing ?? 'no-observation',
    atMs,
    hasKvo: kvoPumps > 0 && infusingPumps === 0,
    untoldKvoAtMs,
  };
}

function flowOf(
  pump: DevicePicture,
  nowMs: number,
): { readonly mlPerH: number; readonly atMs: number } | Undetermined {
  const freshness = freshnessOf(pump, nowMs);
  if (freshness === 'never') return 'no-observation';
  if (freshness !== 'live') return 'stale';
  const metric = pump.metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT');
  const isFresh = metric !== undefined && metricFreshness(pump, metric, nowMs) === 'live';
  const stoppedAtMs = stoppedSince(pump, nowMs);
  // The newer word counts: after a restart the old "stopped" must not hide what flows.
  if (stoppedAtMs !== null && !(isFresh && metric.atMs > stoppedAtMs))
    return { mlPerH: 0, atMs: stoppedAtMs };
  if (metric === undefined) return 'no-observation';
  if (!isFresh) return 'stale';
  if (metric.validity !== 'valid' || metric.value === null || Number.isNaN(metric.value))
    return 'invalid';
  return { mlPerH: metric.value, atMs: metric.atMs };
}

/** When the pump said last that it is stopped (monotonic ms); `null` when it does not say so now. */
function stoppedSince({ pumpStatus, freshness }: DevicePicture, nowMs: number): number | null {
  if (pumpStatus === null || nowMs - pumpStatus.atMs > freshness.staleMs) return null;
  const isStopped = pumpStatus.status === 'stopped' || pumpStatus.status === 'standby';
  return isStopped ? pumpStatus.atMs : null;
}

/** A pump whose last fresh word is that it only keeps the vein open. */
const isKvo = ({ pumpStatus, freshness }: DevicePicture, nowMs: number): boolean =>
  pumpStatus?.status === 'kvo' && nowMs - pumpStatus.atMs <= freshness.staleMs;
