import type { Timeline } from '../time/timeline.ts';

/** A timer of a gateway is not later than this, short of a fault. */
const LATE_MS = 250;

/**
 * A timeline for one replayed line. When it was recorded, each timer came a little late, and the next
 * question counts from there: without that a replayed session would run ahead of its recording, a second
 * in some minutes, and take replies for late. So what is due shortly before a recorded sending happens
 * with that sending.
 * @param sentAtMs when something was sent (monotonic ms of this timeline), in order
 */
export function pacedBySent(timeline: Timeline, sentAtMs: readonly number[]): Timeline {
  return {
    monotonicMs: () => timeline.monotonicMs(),
    wallMs: () => timeline.wallMs(),
    scheduler: timeline.scheduler,
    after(delayMs, task) {
      const delay = Math.max(0, delayMs);
      const dueMs = timeline.monotonicMs() + delay;
      const lateMs = (firstFrom(sentAtMs, dueMs) ?? Number.POSITIVE_INFINITY) - dueMs;
      return timeline.after(lateMs <= LATE_MS ? delay + lateMs : delay, task);
    },
  };
}

/** The first of the times that is not before `fromMs`. */
function firstFrom(times: readonly number[], fromMs: number): number | undefined {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return times[low];
}
