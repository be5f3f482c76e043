/**
 * The gateway's clock as this page knows it. Browser time is only a stopwatch (`performance.now()`);
 * every shown time and age is the gateway's. Pure: the stopwatch reading is always an argument.
 */

/** One answered beat. */
interface RoundTrip {
  readonly rttMs: number;
  /** gateway monotonic minus stopwatch. */
  readonly offsetMs: number;
}

export interface GatewayClock {
  readonly trips: readonly RoundTrip[];
  /** Offset that is shown now, on its way to the best measured one. */
  readonly shownOffsetMs: number;
  readonly shownAtMs: number;
  readonly targetOffsetMs: number;
  /** Wall time minus gateway monotonic time. */
  readonly wallMinusMonotonicMs: number;
  readonly utcOffsetMin: number;
}

const TRIPS_KEPT = 8;
const SLEW_PER_MS = 50 / 1000;
const STEP_MS = 1000;

interface Stamp {
  readonly wallTime: string;
  readonly monotonicMs: number;
  readonly utcOffsetMin: number;
}

/** A hello may come from a restarted gateway, whose monotonic clock began anew: forget the old one. */
export function startClock(stamp: Stamp, stopwatchMs: number): GatewayClock {
  const offsetMs = stamp.monotonicMs - stopwatchMs;
  return {
    trips: [],
    shownOffsetMs: offsetMs,
    shownAtMs: stopwatchMs,
    targetOffsetMs: offsetMs,
    wallMinusMonotonicMs: wallMinusMonotonic(stamp),
    utcOffsetMin: stamp.utcOffsetMin,
  };
}

/** Learns from a server beat; only a beat with `echo` measures the round trip. */
export function learnFromBeat(
  clock: GatewayClock,
  beat: Stamp & { readonly echo?: number | undefined },
  stopwatchMs: number,
): GatewayClock {
  const labels = {
    wallMinusMonotonicMs: wallMinusMonotonic(beat),
    utcOffsetMin: beat.utcOffsetMin,
  };
  if (beat.echo === undefined || beat.echo > stopwatchMs) return { ...clock, ...labels };
  const rttMs = stopwatchMs - beat.echo;
  const offsetMs = beat.monotonicMs - (beat.echo + rttMs / 2);
  const trips = [...clock.trips, { rttMs, offsetMs }].slice(-TRIPS_KEPT);
  const best = trips.reduce((a, b) => (b.rttMs <= a.rttMs ? b : a));
  const shown = offsetAt(clock, stopwatchMs);
  const isStep = Math.abs(best.offsetMs - shown) > STEP_MS || clock.trips.length === 0;
  return {
    trips,
    shownOffsetMs: isStep ? best.offsetMs : shown,
    shownAtMs: stopwatchMs,
    targetOffsetMs: best.offsetMs,
    ...labels,
  };
}

/** Moves towards the measured offset by at most 50 ms each second, so that no countdown jumps. */
export function offsetAt(clock: GatewayClock, stopwatchMs: number): number {
  const missing = clock.targetOffsetMs - clock.shownOffsetMs;
  const allowed = Math.max(0, stopwatchMs - clock.shownAtMs) * SLEW_PER_MS;
  return clock.shownOffsetMs + Math.sign(missing) * Math.min(Math.abs(missing), allowed);
}

export function monotonicAt(clock: GatewayClock, stopwatchMs: number): number {
  return stopwatchMs + offsetAt(clock, stopwatchMs);
}

export function wallAt(clock: GatewayClock, stopwatchMs: number): number {
  return monotonicAt(clock, stopwatchMs) + clock.wallMinusMonotonicMs;
}

function wallMinusMonotonic(stamp: Stamp): number {
  return parseWall(stamp.wallTime) - stamp.monotonicMs;
}

/** ISO text of the gateway to milliseconds; this reads a label, it does not ask the browser for the time. */
export function parseWall(iso: string): number {
  return Date.parse(iso);
}
