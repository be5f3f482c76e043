/**
 * One vital sign over the last half hour, for the provisional baseline. What counts is time, not samples: a
 * reading holds until the next one, at most as long as the device's values stay fresh, and not a moment
 * longer than a reading that is not valid. Pure value, bounded: one span for every 5 s. Times monotonic ms.
 */
export interface VitalTrack {
  /** Oldest first; the last one still grows. */
  readonly spans: readonly Span[];
  /** The newest valid reading, if nothing ended it. */
  readonly last: ValidReading | null;
}

export interface Span {
  readonly fromMs: number;
  /** How much of it valid readings hold. */
  readonly coveredMs: number;
  /** The last one in it. */
  readonly value: number;
}

interface ValidReading {
  readonly value: number;
  readonly atMs: number;
  /** How long it stays fresh. */
  readonly holdsMs: number;
}

export const emptyTrack: VitalTrack = { spans: [], last: null };

const SPAN_MS = 5_000;
/** Median of 5 min or more within 30 min before the start (clinical alarm rules, section 2.8). */
const WINDOW_MS = 30 * 60_000;
const ENOUGH_MS = 5 * 60_000;

/** @param reading what a rule would use now; `null` = nothing valid, which ends what held until `nowMs` */
export function withVital(
  track: VitalTrack,
  reading: ValidReading | null,
  nowMs: number,
): VitalTrack {
  const { last } = track;
  if (reading === null ? last === null : reading.atMs === last?.atMs) return track;
  const covered = withCover(track, reading?.atMs ?? nowMs);
  if (reading === null) return { spans: covered, last: null };
  const open = covered.at(-1);
  if (open !== undefined && reading.atMs - open.fromMs < SPAN_MS) {
    const grown = { ...open, value: reading.value };
    return { spans: [...covered.slice(0, -1), grown], last: reading };
  }
  const kept = covered.filter(({ fromMs }) => reading.atMs - fromMs <= WINDOW_MS);
  const fresh = { fromMs: reading.atMs, coveredMs: 0, value: reading.value };
  return { spans: [...kept, fresh], last: reading };
}

/** The last reading holds until then, or until it is no longer fresh. */
function withCover({ spans, last }: VitalTrack, untilMs: number): readonly Span[] {
  const open = spans.at(-1);
  if (last === null || open === undefined) return spans;
  const holdsMs = Math.max(0, Math.min(untilMs - last.atMs, last.holdsMs));
  return [...spans.slice(0, -1), { ...open, coveredMs: open.coveredMs + holdsMs }];
}

/** Median over the time with valid data; `null` = less than 5 min of it within the last 30 min. */
export function medianOf(track: VitalTrack, nowMs: number): number | null {
  const spans = withCover(track, nowMs).filter(
    ({ fromMs, coveredMs }) => nowMs - fromMs <= WINDOW_MS && coveredMs > 0,
  );
  const totalMs = spans.reduce((sum, { coveredMs }) => sum + coveredMs, 0);
  if (totalMs < ENOUGH_MS) return null;
  const sorted = spans.toSorted((a, b) => a.value - b.value);
  let belowMs = 0;
  for (const [index, { value, coveredMs }] of sorted.entries()) {
    belowMs += coveredMs;
    if (belowMs * 2 < totalMs) continue;
    const next = sorted[index + 1]?.value ?? value;
    return belowMs * 2 === totalMs ? (value + next) / 2 : value;
  }
  return null;
}
