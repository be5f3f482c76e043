/**
 * How far the page may be believed, from the silence on the link alone. A half-open connection never
 * closes by itself, so closing is not asked: only missing frames count.
 */
import { LINK_LOST_MS } from '../wire.ts';

export const DELAYED_MS = 4_000;
export const VALUES_LOST_MS = 10_000;

export interface Liveness {
  readonly phase: 'connecting' | 'live' | 'delayed' | 'lost';
  /** Since the last frame from the gateway; `null` before the first one. */
  readonly silentMs: number | null;
  /** Every live value is `-?-`, whatever its own age. */
  readonly valuesLost: boolean;
  /** What is painted has no gap; false keeps every value at `stale` or worse until a snapshot. */
  readonly inSync: boolean;
}

export function liveness(input: {
  readonly nowMs: number;
  readonly lastFrameAtMs: number | null;
  readonly openedAtMs: number;
  readonly hasSnapshot: boolean;
  readonly outOfSyncSinceMs: number | null;
}): Liveness {
  const { nowMs, lastFrameAtMs, outOfSyncSinceMs } = input;
  const inSync = outOfSyncSinceMs === null;
  const outOfSyncMs = inSync ? 0 : nowMs - outOfSyncSinceMs;
  if (lastFrameAtMs === null || !input.hasSnapshot) {
    const waitedMs = nowMs - (lastFrameAtMs ?? input.openedAtMs);
    return {
      phase: waitedMs > LINK_LOST_MS ? 'lost' : 'connecting',
      silentMs: lastFrameAtMs === null ? null : nowMs - lastFrameAtMs,
      valuesLost: true,
      inSync: false,
    };
  }
  const silentMs = Math.max(0, nowMs - lastFrameAtMs);
  return {
    phase: silentMs > LINK_LOST_MS ? 'lost' : silentMs > DELAYED_MS ? 'delayed' : 'live',
    silentMs,
    valuesLost: silentMs > VALUES_LOST_MS || outOfSyncMs > VALUES_LOST_MS,
    inSync,
  };
}
