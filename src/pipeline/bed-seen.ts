import { liveFlow } from '../check/live-rate.ts';
import { pumpsOfOrder } from '../check/pump-drug.ts';
import { NO_BASELINE } from '../order/baseline.ts';
import type { BaselineValues } from '../order/session-event.ts';
import type { BedSeen } from '../order/session-life.ts';
import type { BedState } from './bed.ts';
import { provisionalBaseline } from './bed-baseline.ts';

/** What a person at the bed sees when saying something about it. */
export function bedSeen(state: BedState, nowMs: number): BedSeen {
  const pumps = [...state.pictures.values()].filter(({ role }) => role === 'pump');
  const flow = liveFlow(pumpsOfOrder(pumps, state.order), nowMs);
  return {
    baseline: baselineSeen(state, nowMs),
    flowMlPerH: flow.isComplete ? flow.mlPerH : null,
  };
}

/** Before the first flow as it is seen now; from then on what was seen until then. */
export function baselineSeen(
  { order, recovery, history }: BedState,
  nowMs: number,
): BaselineValues {
  const isBefore = order !== null && order.startedAtWallMs === null;
  if (isBefore) return provisionalBaseline(history.baseline, history.nibp, nowMs);
  return (order ?? recovery)?.session.baselineSeen ?? NO_BASELINE;
}
