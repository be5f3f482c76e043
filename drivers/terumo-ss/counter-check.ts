/**
 * Does the pump do what its state says? The state and the rate that is set are all that the reply tells of
 * the flow, and how the state is written has never been seen on a running pump. The volume counter is
 * independent of both: it must grow at that rate while the pump delivers, and stand still while it is stopped.
 */
export interface CounterCheck {
  /** What should come; 0 while the pump says that it is stopped. */
  readonly mlPerHour: number;
  /** The judgement of the last window; `open` before the first. */
  readonly verdict: 'open' | 'agrees' | 'disagrees';
  readonly startedAtMs: number;
  readonly startMl: number;
  readonly lastAtMs: number;
  readonly lastMl: number;
  /** When the counter moved last. */
  readonly movedAtMs: number;
}

/** The counter has steps of 0.01 mL: five of them are enough to tell a rate from half of it. */
const PROOF_ML = 0.05;
/** Polls come 2 s apart and answers up to 2 s late: a shorter window measures the network. */
const WINDOW_MS = 10_000;
/** Agreement is believed sooner than disagreement, which takes the flow away from the rules. */
const DISAGREES_MS = 30_000;
/** A tenfold rate or a state that is not one is found; small errors are not the matter here. */
const TOLERANCE = 0.2;
const STEP_ML = 0.01;
/** Of a longer gap between two readings nobody knows what the pump did. */
const GAP_MS_MAX = 10_000;
/** A counter that stood so long has stopped. */
const STANDS_MS = 60_000;

/**
 * One reading further.
 * @param mlPerHour what flows by the pump's own word, 0 when stopped; `null` = it does not say (bolus)
 */
export function nextCounterCheck(
  check: CounterCheck | null,
  { mlPerHour, volumeMl }: { readonly mlPerHour: number | null; readonly volumeMl: number },
  atMs: number,
): CounterCheck | null {
  if (mlPerHour === null) return null;
  const from = (verdict: CounterCheck['verdict']): CounterCheck => ({
    mlPerHour,
    verdict,
    startedAtMs: atMs,
    startMl: volumeMl,
    lastAtMs: atMs,
    lastMl: volumeMl,
    movedAtMs: atMs,
  });
  if (check === null || (check.mlPerHour === 0) !== (mlPerHour === 0)) return from('open');
  if (check.mlPerHour !== mlPerHour) return from(check.verdict);
  // Cleared at the pump, or not watched: what was found stays until there is something newer.
  if (volumeMl < check.lastMl || atMs - check.lastAtMs > GAP_MS_MAX) return from(check.verdict);
  const seen: CounterCheck = {
    ...check,
    lastAtMs: atMs,
    lastMl: volumeMl,
    movedAtMs: volumeMl > check.lastMl ? atMs : check.movedAtMs,
  };
  const verdict = mlPerHour === 0 ? judgeStill(seen, atMs) : judgeDelivery(seen, atMs);
  return verdict === undefined ? seen : from(verdict);
}

/** `undefined`: too early to say. */
function judgeDelivery(seen: CounterCheck, atMs: number): CounterCheck['verdict'] | undefined {
  const watchedMs = atMs - seen.startedAtMs;
  const expectedMl = (seen.mlPerHour * watchedMs) / 3_600_000;
  const grownMl = seen.lastMl - seen.startMl;
  const isAsExpected = Math.abs(grownMl - expectedMl) <= STEP_ML + TOLERANCE * expectedMl;
  // A hair of tolerance: hundredths are not exact in floating point.
  if (isAsExpected && watchedMs >= WINDOW_MS && grownMl > PROOF_ML - 1e-6) return 'agrees';
  const movedMl = Math.max(expectedMl, grownMl);
  const isSure = !isAsExpected && watchedMs >= DISAGREES_MS && movedMl > PROOF_ML;
  return isSure ? 'disagrees' : undefined;
}

function judgeStill(seen: CounterCheck, atMs: number): CounterCheck['verdict'] | undefined {
  if (seen.lastMl - seen.startMl > PROOF_ML - 1e-6) return 'disagrees';
  return atMs - seen.movedAtMs >= STANDS_MS ? 'agrees' : undefined;
}
