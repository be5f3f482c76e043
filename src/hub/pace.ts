/** No delta waits longer than this while its client keeps up. */
export const FLUSH_GAP_MS_MAX = 50;

/** After a flush that took 1 ms, 2 ms belong to the rest of the gateway. */
const REST_PER_WORK = 2;
/** Timers are no finer: a shorter rest is put on the next one's account. */
const TIMER_MS = 1;
const SMOOTHING = 0.2;

/**
 * When the next flush of deltas may begin. With few clients a flush costs microseconds and every
 * change goes out at once; with hundreds it costs milliseconds, and changes are gathered (and
 * conflated) so that sending takes at most a third of the time. There is nothing to configure.
 */
export class Pace {
  #costMs = 0;
  #restedAtMs = Number.NEGATIVE_INFINITY;

  /** 0: now. */
  waitMs(nowMs: number): number {
    const restMs = this.#restedAtMs - nowMs;
    return restMs < TIMER_MS ? 0 : restMs;
  }

  flushed(beganAtMs: number, endedAtMs: number): void {
    // One flush that another process or the collector interrupted says nothing about the next ones,
    // so a sample may not be much larger than what was known; lasting load is followed all the same.
    const costMs = Math.min(endedAtMs - beganAtMs, 2 * this.#costMs + 0.1);
    this.#costMs += SMOOTHING * (costMs - this.#costMs);
    const shareMs = (1 + REST_PER_WORK) * this.#costMs;
    const restedAtMs = Math.max(this.#restedAtMs, beganAtMs) + shareMs;
    this.#restedAtMs = Math.min(endedAtMs + FLUSH_GAP_MS_MAX, restedAtMs);
  }
}
