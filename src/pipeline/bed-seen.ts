import { liveFlow } from '../check/live-rate.ts';
import { pumpsOfOrder } from '../check/pump-drug.ts';
import { NO_BASELINE } from '../order/baseline.ts';
import type { BaselineValues } from '../order/session-event.ts';
import type { BedSeen } from '../order/session-life.ts';
import { runningPause } from '../order/session-record.ts';
import { provisionalBaseline } from './bed-baseline.ts';
import type { BedState } from './bed-state.ts';
import { pauseBeganMs, stoppedMs } from './bed-titration.ts';
import type { Moment } from './times.ts';

/** What a person at the bed sees when saying something about it. */
export function bedSeen(state: BedState, moment: Moment): BedSeen {
  const { nowMs } = moment;
  const pumps = [...state.pictures.values()].filter(({ role }) => role === 'pump');
  const flow = liveFlow(pumpsOfOrder(pumps, state.order), nowMs);
  return {
    baseline: baselineSeen(state, nowMs),
    flowMlPerH: flow.isComplete ? flow.mlPerH : null,
    pauseStoppedMs: pauseStoppedMs(state, moment),
  };
}

function pauseStoppedMs({ order, history }: BedState, moment: Moment): number {
  const pause = order === null ? undefined : runningPause(order.session);
  if (pause === undefined) return 0;
  return stoppedMs(history.rate, pauseBeganMs(pause, moment), moment.nowMs);
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
