import type { AlarmLimits } from '../check/limits.ts';
import type { Scene } from '../check/scene.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import { baselineInUse, NO_BASELINE } from '../order/baseline.ts';
import { recentSpo2Max } from './bed-history.ts';
import type { BedState } from './bed-state.ts';
import type { Moment } from './times.ts';

/** What the rules see of a bed. */
export function sceneOf(state: BedState, moment: Moment, limits: AlarmLimits): Scene {
  const { history, order } = state;
  const session = order?.session ?? state.recovery?.session;
  const pumps: DevicePicture[] = [];
  const monitors: DevicePicture[] = [];
  for (const picture of state.pictures.values())
    (picture.role === 'pump' ? pumps : monitors).push(picture);
  return {
    nowMs: moment.nowMs,
    wallMs: scheduleWallMs(state, moment),
    bedId: state.bedId,
    bedMode: state.bedMode,
    order,
    recovery: state.recovery,
    leftEarly: state.leftEarly,
    doses: history.doses,
    deliveries: history.deliveries,
    pumps,
    monitors,
    baseline: session === undefined ? NO_BASELINE : baselineInUse(session),
    recentSpo2Max: recentSpo2Max(history, moment.nowMs),
    nibp: {
      lastReadingAtMs: history.nibp[0]?.atMs ?? null,
      supervisedSinceMs: history.nibpSupervisedSinceMs,
      intervalMs: order?.nibpIntervalMs ?? null,
      cycleMs: monitors.find(({ cuff }) => cuff?.cycleMs !== undefined)?.cuff?.cycleMs,
      isMeasuring: monitors.some(isMeasuring),
      failures: history.cuffFailures.count,
      lastFailure: history.cuffFailures.last,
    },
    ecg: state.ecg,
    limits: state.ownLimits ?? limits,
  };
}

/** Wall time for the order's schedule: a step of the wall clock must make none of its steps early or late. */
export const scheduleWallMs = ({ anchor }: BedState, { nowMs, wallMs }: Moment): number =>
  anchor === null ? wallMs : anchor.wallMs + (nowMs - anchor.nowMs);

/** Some say it of the cuff, some with the reading that still stands. */
function isMeasuring({ cuff, metrics }: DevicePicture): boolean {
  return (
    cuff?.state === 'measuring' ||
    metrics.get('MDC_PRESS_BLD_NONINV_SYS')?.episode?.measuring === true
  );
}
