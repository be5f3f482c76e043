import type { LevelTiming } from './limits.ts';

/** How far one level of one rule is between absent and present. JSON-plain. */
export interface LevelState {
  readonly isPresent: boolean;
  /** Time for which the change has been held so far, ms: towards present, or towards absent. */
  readonly heldMs: number;
  /** When it was last held (monotonic ms); `null` = not held now, the clock is frozen or at zero. */
  readonly heldAtMs: number | null;
  /** New readings that agreed while it was pending. */
  readonly samples: number;
  readonly lastSampleAtMs: number;
}

export const absentLevel: LevelState = {
  isPresent: false,
  heldMs: 0,
  heldAtMs: null,
  samples: 0,
  lastSampleAtMs: Number.NEGATIVE_INFINITY,
};
export const presentLevel: LevelState = { ...absentLevel, isPresent: true };

/** Between two looks at data that are further apart than this, nothing is known to have held. */
const GAP_MS = 5_000;

export type Presence = 'absent' | 'undetermined' | 'present';

/**
 * Alarm condition delay and hysteresis. Missing data freeze what is pending and never end what is
 * present; the opposite answer starts the count anew.
 *
 * @param sampleAtMs arrival of the newest reading behind the answer; several looks at one reading
 *   count as one sample
 */
export function nextLevel(
  state: LevelState,
  presence: Presence,
  sampleAtMs: number,
  nowMs: number,
  timing: LevelTiming,
): LevelState {
  if (presence === 'undetermined') {
    return state.heldAtMs === null ? state : { ...state, heldAtMs: null };
  }
  const isSteady = (presence === 'present') === state.isPresent;
  if (isSteady) {
    const isClean = state.heldAtMs === null && state.heldMs === 0 && state.samples === 0;
    return isClean
      ? state
      : { ...(state.isPresent ? presentLevel : absentLevel), lastSampleAtMs: state.lastSampleAtMs };
  }
  const heldMs = state.heldMs + heldSince(state.heldAtMs, nowMs);
  const isNew = sampleAtMs > state.lastSampleAtMs;
  const samples = state.samples + (isNew ? 1 : 0);
  const next: LevelState = {
    isPresent: state.isPresent,
    heldMs,
    heldAtMs: nowMs,
    samples,
    lastSampleAtMs: Math.max(sampleAtMs, state.lastSampleAtMs),
  };
  const isDone = state.isPresent
    ? heldMs >= timing.offDelayS * 1_000
    : heldMs >= timing.onDelayS * 1_000 && samples >= timing.minSamples;
  return isDone
    ? { ...(state.isPresent ? absentLevel : presentLevel), lastSampleAtMs: next.lastSampleAtMs }
    : next;
}

function heldSince(heldAtMs: number | null, nowMs: number): number {
  if (heldAtMs === null) return 0;
  const elapsedMs = nowMs - heldAtMs;
  return elapsedMs > GAP_MS ? 0 : elapsedMs;
}
