import { duration } from '../../observation/format.ts';
import { absent, clip, type Level, present, type Rule, undetermined } from '../rule.ts';
import type { Scene } from '../scene.ts';

const CODES = ['MDC_PRESS_BLD_NONINV_SYS'] as const;

/** Only a confirmed new reading resets it; the silence of the monitor does not. */
const overdueLevel = (
  name: 'late' | 'overdue' | 'none',
  limitMs: (scene: Scene, intervalMs: number) => number,
): Level => ({
  name,
  timing: ({ rules }) => rules['VIT-07'].levels[name],
  judge: (scene, _, isStanding) => {
    const { intervalMs, lastReadingAtMs, supervisedSinceMs } = scene.nibp;
    if (scene.order === null || intervalMs === null || supervisedSinceMs === null)
      return undetermined('no-order');
    const isRead = lastReadingAtMs !== null && lastReadingAtMs >= supervisedSinceMs;
    const sinceMs = scene.nowMs - (isRead ? lastReadingAtMs : supervisedSinceMs);
    if (sinceMs < limitMs(scene, intervalMs)) {
      // Supervision that began anew (a restart of the gateway) is not the reading that is due.
      return isStanding && !isRead ? undetermined('no-observation') : absent(scene.nowMs);
    }
    return present(scene.nowMs, {
      text: clip(
        isRead
          ? `NIBP overdue, last ${duration(sinceMs)} ago`
          : `NIBP overdue, none for ${duration(sinceMs)}`,
        40,
      ),
      textShort: name === 'none' ? 'NO BLOOD PRESSURE' : 'NIBP OVERDUE',
      detail: clip(`ordered every ${duration(intervalMs)}. Start a measurement at the monitor`, 70),
      value: Math.round(sinceMs / 60_000),
      limit: Math.round(intervalMs / 60_000),
      unit: 'min',
      // The third level is no more urgent than the second, and still news.
      ...(name === 'none' ? { parts: 'none' } : {}),
      codes: CODES,
    });
  },
});

const lateBy =
  (name: 'late' | 'overdue') =>
  ({ limits }: Scene, intervalMs: number): number =>
    intervalMs + limits.rules['VIT-07'].levels[name].lateByS * 1_000;

export const vit07: Rule = {
  id: 'VIT-07',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    overdueLevel('late', lateBy('late')),
    overdueLevel('overdue', lateBy('overdue')),
    overdueLevel('none', (_, intervalMs) => 2 * intervalMs),
  ],
};

/** The cuff tried and gave no reading, again. Ends with the next good one. */
export const vit08: Rule = {
  id: 'VIT-08',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'failed',
      timing: ({ rules }) => rules['VIT-08'].levels.failed,
      judge: ({ nibp, nowMs, limits }, _, isStanding) => {
        const { failures, lastFailure, lastReadingAtMs } = nibp;
        const { inARow } = limits.rules['VIT-08'].levels.failed;
        if (failures < inARow || lastFailure === null) {
          // After a restart of the gateway only a reading says that the cuff works again.
          const isUnknown = isStanding && lastReadingAtMs === null;
          return isUnknown ? undetermined('no-observation') : absent(nowMs);
        }
        return present(lastFailure.atMs, {
          text: clip(`NIBP failed ${failures} times in a row`, 40),
          textShort: 'NIBP FAILED',
          detail: clip(`the monitor says: ${lastFailure.reason}. Check cuff and hose`, 70),
          value: failures,
          codes: CODES,
        });
      },
    },
  ],
};
