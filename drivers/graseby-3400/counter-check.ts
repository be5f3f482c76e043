/**
 * Does the volume counter agree with the rate that the pump tells? That the rate is in tenths of mL/h is
 * presumed; the scale of the counter is known. A counter that grows as the rate says confirms both.
 */
export interface CounterCheck {
  /** What should come; 0 while the pump says that it is stopped. */
  readonly mlPerHour: number;
  /** The judgement of the last window; `open` before the first. */
  readonly verdict: 'open' | 'agrees' | 'disagrees';
  readonly startedAtMs: number;
  readonly startMl: number;
  /** The window began when the counter moved, so that no part of a step is lost. */
  readonly isFromStep: boolean;
  readonly lastAtMs: number;
  readonly lastMl: number;
  /** When the counter moved last. */
  readonly movedAtMs: number;
}

/** Of the counter. */
const STEP_ML = 0.1;
/** Three steps tell a rate from half of it. */
const PROOF_ML = 0.3;
const WINDOW_MS = 30_000;
/** A tenfold rate is found; small errors are not the matter here. */
const TOLERANCE = 0.2;
/** The counter is read so often: at each end of a window it may be as much older. */
const READ_EVERY_MS = 5_000;
/** Of a longer gap between two readings nobody knows what the pump did. */
const GAP_MS_MAX = 15_000;
/** A counter that stood so long has stopped. */
const STANDS_MS = 60_000;
/** Tenths are not exact in floating point. */
const HAIR_ML = 1e-6;

/**
 * One reading of the counter further.
 * @param mlPerHour what flows by the pump's own word, 0 when stopped; `null` = it does not say (alarm)
 */
export function nextCounterCheck(
  check: CounterCheck | null,
  { mlPerHour, volumeMl }: { readonly mlPerHour: number | null; readonly volumeMl: number },
  atMs: number,
): CounterCheck | null {
  if (mlPerHour === null) return null;
  const isMoved = check !== null && volumeMl !== check.lastMl;
  const from = (verdict: CounterCheck['verdict'], movedAtMs = atMs): CounterCheck => ({
    mlPerHour,
    verdict,
    startedAtMs: atMs,
    startMl: volumeMl,
    isFromStep: isMoved,
    lastAtMs: atMs,
    lastMl: volumeMl,
    movedAtMs,
  });
  if (check === null || check.mlPerHour !== mlPerHour)
    return { ...from('open'), isFromStep: false };
  // Cleared at the pump, or not watched.
  if (volumeMl < check.lastMl || atMs - check.lastAtMs > GAP_MS_MAX) return from('open');
  const movedAtMs = isMoved ? atMs : check.movedAtMs;
  const seen: CounterCheck = { ...check, lastAtMs: atMs, lastMl: volumeMl, movedAtMs };
  if (mlPerHour === 0) {
    const verdict = judgeStill(seen);
    return verdict === undefined ? seen : from(verdict, movedAtMs);
  }
  const verdict = judgeDelivery(seen);
  if (verdict !== undefined) return from(verdict, movedAtMs);
  return isMoved && !check.isFromStep ? from(check.verdict, movedAtMs) : seen;
}

/** `undefined`: too early to say. */
function judgeDelivery(seen: CounterCheck): CounterCheck['verdict'] | undefined {
  const mlIn = (ms: number): number => (seen.mlPerHour * ms) / 3_600_000;
  const watchedMs = seen.lastAtMs - seen.startedAtMs;
  if (watchedMs < WINDOW_MS) return undefined;
  const expectedMl = mlIn(watchedMs);
  const grownMl = seen.lastMl - seen.startMl;
  const offMl = Math.abs(grownMl - expectedMl);
  const toleranceMl = TOLERANCE * expectedMl + mlIn(READ_EVERY_MS) + HAIR_ML;
  // From one step to another nothing of a step is left over.
  const isFromStepToStep = seen.isFromStep && seen.movedAtMs === seen.lastAtMs;
  if (isFromStepToStep && grownMl >= PROOF_ML - HAIR_ML && offMl <= toleranceMl) return 'agrees';
  const isSure = Math.max(grownMl, expectedMl) >= PROOF_ML - HAIR_ML;
  return isSure && offMl > toleranceMl + 2 * STEP_ML ? 'disagrees' : undefined;
}

function judgeStill({
  startMl,
  lastMl,
  lastAtMs,
  movedAtMs,
}: CounterCheck): CounterCheck['verdict'] | undefined {
  // One step may be what came before the pump was stopped.
  if (lastMl - startMl > STEP_ML + HAIR_ML) return 'disagrees';
  return lastAtMs - movedAtMs >= STANDS_MS ? 'agrees' : undefined;
}
