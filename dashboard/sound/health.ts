/**
 * Whether this station can be heard, as far as a page can know: it cannot see the volume knob or a
 * pulled cable, so only a person who heard the test tone makes it `running`.
 */
export type SoundHealth = 'blocked' | 'running' | 'faulty' | 'unverified';

/** Audio that says it runs while its clock stands still makes no sound. */
const STUCK_MS = 1_000;

export interface SoundFacts {
  readonly contextState: 'none' | 'suspended' | 'running' | 'closed' | 'interrupted';
  /** Audio clock, and the stopwatch when it last moved. */
  readonly audioMs: number;
  readonly movedAtMs: number;
  readonly heardAtMs: number | null;
}

export const NO_SOUND: SoundFacts = {
  contextState: 'none',
  audioMs: 0,
  movedAtMs: 0,
  heardAtMs: null,
};

export function observeAudio(
  before: SoundFacts,
  contextState: SoundFacts['contextState'],
  audioMs: number,
  nowMs: number,
): SoundFacts {
  const hasMoved = audioMs !== before.audioMs || before.contextState !== contextState;
  return { ...before, contextState, audioMs, movedAtMs: hasMoved ? nowMs : before.movedAtMs };
}

export function soundHealth(facts: SoundFacts, nowMs: number): SoundHealth {
  if (facts.contextState === 'closed') return 'faulty';
  if (facts.contextState !== 'running') return 'blocked';
  if (nowMs - facts.movedAtMs > STUCK_MS) return 'faulty';
  return facts.heardAtMs === null ? 'unverified' : 'running';
}
