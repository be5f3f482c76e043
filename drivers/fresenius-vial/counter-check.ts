/**
 * Does the volume counter grow as the rate says? The module tells a rate, and nothing public says whether it
 * delivers it now. The counter, in thousandths of a mL, is the only witness.
 */
export interface CounterCheck {
  readonly mlPerHour: number;
  /** `still`: it stands at a rate. `differs`: it moves, and not as it should. `open` before the first judgement. */
  readonly verdict: 'open' | 'agrees' | 'still' | 'differs';
  readonly startedAtMs: number;
  readonly startMl: number;
  readonly lastAtMs: number;
  readonly lastMl: number;
  /** When the counter moved last. */
  readonly movedAtMs: number;
}

const STEP_ML = 0.001;
/** Ten steps tell a rate from half of it. */
const PROOF_ML = 0.01;
/** A counter that should have moved by more than this and has not stands still. */
const STILL_ML = 0.012;
/** Readings are a second apart: a shorter window measures the conversation. */
const AGREES_MS = 5_000;
const STILL_MS = 5_000;
/** Disagreement is believed later than agreement. */
const DIFFERS_MS = 10_000;
/** At a rate of 0 the counter must have stood so long. */
const ZERO_MS = 10_000;
const TOLERANCE = 0.2;
/** At each end of a window the counter may be as much older than the reading. */
const READ_EVERY_MS = 1_000;
/** Of a longer gap between two readings nobody knows what the pump did. */
const GAP_MS_MAX = 5_000;
/** Thousandths are not exact in floating point. */
const HAIR_ML = 1e-6;

/** One reading of rate and counter further. */
export function nextCounterCheck(
  check: CounterCheck | null,
  { mlPerHour, volumeMl }: { readonly mlPerHour: number; readonly volumeMl: number },
  atMs: number,
): CounterCheck {
  const from = (verdict: CounterCheck['verdict'], movedAtMs: number): CounterCheck => ({
    mlPerHour,
    verdict,
    startedAtMs: atMs,
    startMl: volumeMl,
    lastAtMs: atMs,
    lastMl: volumeMl,
    movedAtMs,
  });
  if (check === null || check.mlPerHour !== mlPerHour) return from('open', atMs);
  // Cleared at the pump, another syringe, or not watched.
  if (volumeMl < check.lastMl || atMs - check.lastAtMs > GAP_MS_MAX) return from('open', atMs);
  const isMoved = volumeMl !== check.lastMl;
  const movedAtMs = isMoved ? atMs : check.movedAtMs;
  if (isMoved && check.verdict === 'still') return from('open', movedAtMs);
  const seen: CounterCheck = { ...check, lastAtMs: atMs, lastMl: volumeMl, movedAtMs };
  const verdict = mlPerHour === 0 ? judgeZero(seen) : judgeRate(seen);
  return verdict === undefined ? seen : from(verdict, movedAtMs);
}

/** `undefined`: too early to say. */
function judgeRate(seen: CounterCheck): CounterCheck['verdict'] | undefined {
  const { lastAtMs, startedAtMs, movedAtMs } = seen;
  const mlIn = (ms: number): number => (seen.mlPerHour * ms) / 3_600_000;
  const stoodMs = lastAtMs - movedAtMs;
  if (stoodMs >= STILL_MS && mlIn(stoodMs) > STILL_ML) return 'still';
  const watchedMs = lastAtMs - startedAtMs;
  const expectedMl = mlIn(watchedMs);
  const grownMl = seen.lastMl - seen.startMl;
  const toleranceMl = 2 * STEP_ML + TOLERANCE * expectedMl + mlIn(READ_EVERY_MS);
  const isAsExpected = Math.abs(grownMl - expectedMl) <= toleranceMl + HAIR_ML;
  if (isAsExpected) {
    return watchedMs >= AGREES_MS && grownMl >= PROOF_ML - HAIR_ML ? 'agrees' : undefined;
  }
  const isSure = watchedMs >= DIFFERS_MS && Math.max(grownMl, expectedMl) >= PROOF_ML - HAIR_ML;
  return isSure ? 'differs' : undefined;
}

function judgeZero({
  startMl,
  lastMl,
  lastAtMs,
  movedAtMs,
}: CounterCheck): CounterCheck['verdict'] | undefined {
  // The last step may be what came before the rate was 0.
  if (lastMl - startMl > STEP_ML + HAIR_ML) return 'differs';
  return lastAtMs - movedAtMs >= ZERO_MS ? 'agrees' : undefined;
}
