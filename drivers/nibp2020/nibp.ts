import type { CuffSeen, Episode } from '../../src/observation/device-event.ts';
import type { CuffPressure, NibpResult, NibpStatus } from './codec.ts';

/**
 * The life of a cuff reading. The status repeats the last result for ever, without time or number, so a
 * reading counts only when its measurement was seen to run (PROTOCOL.md, "When a reading is new").
 */
export interface CuffLife {
  /** What the cuff is doing now; `null` = nothing that we know of. */
  readonly run: Run | null;
  /** A run that is over and whose result has not been told yet. */
  readonly ended: { readonly run: Run; readonly atMs: number } | null;
  readonly reading: Reading | null;
  readonly failed: NonNullable<CuffSeen['failed']> | null;
  /** An idle module was seen: what begins from here on was seen to begin. */
  readonly wasIdle: boolean;
  /** When the last run was first seen. */
  readonly lastRunAtMs: number | null;
}

export interface Run {
  readonly firstAtMs: number;
  readonly isFromStart: boolean;
  /** How often it looked like a measurement, and how often like a leak test or something else. */
  readonly signs: number;
  readonly others: number;
  readonly lastMmHg: number | null;
  /** Highest pressure that two frames in a row reached; `null` before the second frame. */
  readonly peakMmHg: number | null;
  /** We have asked the module to stop. */
  readonly isAborted: boolean;
}

export interface Reading {
  readonly result: NibpResult;
  readonly measuredAtMs: Episode['measuredAtMs'];
  readonly confirmed: boolean;
}

export const NOTHING_SEEN: CuffLife = {
  run: null,
  ended: null,
  reading: null,
  failed: null,
  wasIdle: false,
  lastRunAtMs: null,
};

/** Digits of the state: 1 standby, 2 error, 6 cycle wait. */
const RESTING: ReadonlySet<number> = new Set([1, 2, 6]);
/** 3 measuring, 8 inflating. 9 (holding) says neither this nor that. */
const MEASURING: ReadonlySet<number> = new Set([3, 8]);
/** 0 self test, 4 manometer, 5 initialising, 7 leak test. */
const OTHER: ReadonlySet<number> = new Set([0, 4, 5, 7]);
const RESTARTED: ReadonlySet<number> = new Set([0, 5]);
/** One pressure frame may be a damaged one: nothing protects them. A status counts for two. */
const SURE = 2;
/** A module that still says "measuring" so long after the end of a run is in the next one. */
const RESULT_MS = 10_000;
/** No cuff fills, measures and empties faster (ours). */
const SHORTEST_RUN_MS = 10_000;

/** What the message behind M says of a measurement without a reading; 00 and 03 are none. */
const FAILURES: ReadonlyMap<string, string> = new Map([
  ['02', 'module was reset'],
  ['06', 'cuff loose or not connected'],
  ['07', 'air leak'],
  ['08', 'pneumatic fault'],
  ['09', 'took too long or weak pulse'],
  ['10', 'out of range'],
  ['11', 'movement'],
  ['12', 'over-pressure'],
  ['13', 'signal saturated'],
  ['14', 'leak test failed'],
  ['15', 'system error'],
]);
const FINE: ReadonlySet<string> = new Set(['00', '03']);

export const isResting = ({ state }: NibpStatus): boolean => RESTING.has(state);

/** A measurement as far as can be seen; a leak test or the manometer is none. */
export const isMeasurement = ({ signs, others }: Run): boolean => signs >= SURE && others < SURE;

/** A pressure frame further. */
export function afterPressure(life: CuffLife, frame: CuffPressure, atMs: number): CuffLife {
  const run = life.run ?? newRun(life, atMs);
  const pair = run.lastMmHg === null ? null : Math.min(run.lastMmHg, frame.mmHg);
  return {
    ...life,
    run: {
      ...withState(run, frame.state, 1),
      lastMmHg: frame.mmHg,
      peakMmHg: pair === null ? null : Math.max(run.peakMmHg ?? 0, pair),
    },
    // A new run before the result of the last one was told: that one is lost.
    ended: null,
    lastRunAtMs: run.firstAtMs,
  };
}

/** `999`: the run is over, its result can be asked for. */
export function afterEnd(life: CuffLife, atMs: number): CuffLife {
  return life.run === null ? life : { ...life, run: null, ended: { run: life.run, atMs } };
}

/** We have sent the stop: whatever the module shows then is no reading of this run. */
export const afterAbort = (life: CuffLife): CuffLife =>
  life.run === null ? life : { ...life, run: { ...life.run, isAborted: true } };

/** A status further. */
export function afterStatus(life: CuffLife, status: NibpStatus, atMs: number): CuffLife {
  const { state } = status;
  if (RESTARTED.has(state)) return restarted(life, atMs);
  if (!RESTING.has(state)) return busy(life, state, atMs);
  const ended = life.ended ?? (life.run === null ? null : { run: life.run, atMs });
  const rested: CuffLife = { ...life, run: null, ended: null, wasIdle: true };
  if (ended === null || !isMeasurement(ended.run)) return withUnseen(rested, status);
  const reason = whyNoReading(life, ended.run, ended.atMs, status);
  if (reason !== undefined) return failed(rested, ended.atMs, reason);
  if (!isOfRun(ended.run, status.result)) {
    // Of a run that we joined when it was nearly over, nobody can tell whose result this is.
    return ended.run.isFromStart
      ? failed(rested, ended.atMs, STOPPED_EARLY)
      : withUnseen(rested, status);
  }
  return status.result === null
    ? rested
    : {
        ...rested,
        reading: { result: status.result, measuredAtMs: ended.atMs, confirmed: true },
        failed: null,
      };
}

const STOPPED_EARLY = 'stopped before a reading';

const newRun = (life: CuffLife, atMs: number): Run => ({
  firstAtMs: atMs,
  isFromStart: life.wasIdle,
  signs: 0,
  others: 0,
  lastMmHg: null,
  peakMmHg: null,
  isAborted: false,
});

const withState = (run: Run, state: number, weight: number): Run => ({
  ...run,
  signs: run.signs + (MEASURING.has(state) ? weight : 0),
  others: run.others + (OTHER.has(state) ? weight : 0),
});

function restarted(life: CuffLife, atMs: number): CuffLife {
  const begun = life.run ?? life.ended?.run;
  const next: CuffLife = { ...life, run: null, ended: null };
  return begun !== undefined && isMeasurement(begun)
    ? failed(next, atMs, 'module restarted')
    : next;
}

/** The cuff works, or is held; `999` may have come just before. */
function busy(life: CuffLife, state: number, atMs: number): CuffLife {
  if (life.ended !== null && atMs - life.ended.atMs <= RESULT_MS) return life;
  const run = withState(life.run ?? newRun(life, atMs), state, SURE);
  return { ...life, run, ended: null, lastRunAtMs: run.firstAtMs };
}

const failed = (life: CuffLife, atMs: number, reason: string): CuffLife => ({
  ...life,
  failed: { atMs, reason },
});

function whyNoReading(
  { reading }: CuffLife,
  run: Run,
  endedAtMs: number,
  { message, result }: NibpStatus,
): string | undefined {
  if (run.isAborted) return 'took too long, stopped';
  if (!FINE.has(message)) return FAILURES.get(message) ?? `code ${message}`;
  if (result === null) return 'no reading';
  if (!isPossible(result)) return 'pressures contradict each other';
  const isShort = run.isFromStart && endedAtMs - run.firstAtMs < SHORTEST_RUN_MS;
  return isShort && isSame(reading, result) ? STOPPED_EARLY : undefined;
}

/** A cuff finds no mean pressure that it was not filled to. Without pressure frames there is no telling. */
const isOfRun = ({ lastMmHg, peakMmHg }: Run, result: NibpResult | null): boolean =>
  lastMmHg === null || (result !== null && peakMmHg !== null && peakMmHg >= result.mean);

/** A result that nobody saw being measured: the one that we know, or one of unknown age. */
function withUnseen(life: CuffLife, { message, result }: NibpStatus): CuffLife {
  if (result === null || !FINE.has(message) || !isPossible(result)) return life;
  if (isSame(life.reading, result)) return life;
  return { ...life, reading: { result, measuredAtMs: null, confirmed: false } };
}

/** The checksum does not notice digits that changed places; the order of the pressures often does. */
const isPossible = ({ sys, dia, mean }: NibpResult): boolean =>
  dia > 0 && dia <= mean && mean <= sys && dia < sys;

const isSame = (reading: Reading | null, { sys, dia, mean, pulse }: NibpResult): boolean =>
  reading !== null &&
  reading.result.sys === sys &&
  reading.result.dia === dia &&
  reading.result.mean === mean &&
  reading.result.pulse === pulse;
