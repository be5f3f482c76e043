import type { Episode } from '../../src/observation/device-event.ts';
import { has, isSpecial } from './numeric-record.ts';

/**
 * The life of a cuff reading. The record repeats the last reading every second for hours, also while
 * the next one is being taken, so what makes a reading new has to be worked out from signs
 * (PROTOCOL.md, "NIBP", rules 1-7; DRI specification 12th ed., NIBP label).
 */
export interface NibpLife {
  /** The last of each pressure that was a measurement, as on the wire (1/100 mmHg). */
  readonly pressures: Pressures | null;
  /** Arrival of the last record. */
  readonly seenAtMs: number;
  readonly isMeasuring: boolean;
  readonly isAged: boolean;
  /** When the measuring bit fell last. */
  readonly endedAtMs: number | null;
  /** A sign of a new reading with the same pressures, not yet believed: when it came. */
  readonly signAtMs: number | null;
  /** When the last reading that we saw arrive arrived. */
  readonly resultAtMs: number | null;
  /** The run that is going on has brought its reading: the cuff only empties. */
  readonly hasResult: boolean;
  readonly nibpTimeS: number | null;
  /** What the wire says of the pressures that it shows now. */
  readonly episode: Episode;
}

export interface Pressures {
  readonly sys: number;
  readonly dia: number;
  readonly mean: number;
}

export interface NibpSample extends Pressures {
  readonly label: number;
  /** From the auxiliary part; `null` when not told. */
  readonly nibpTimeS: number | null;
  readonly atMs: number;
}

/** Signs of one reading come within this time of each other. */
const MERGE_MS = 5_000;
/** A cuff empties in 2 ... 8 s; a measuring bit that stays longer is the next run of a series. */
const EMPTYING_MS = 10_000;
/** Three records of the slowest interval: what was seen before a longer gap says nothing about a run now. */
const GAP_MS = 15_000;

/** One record further; `null` before the first record after opening. Pure. */
export function nextNibp(life: NibpLife | null, sample: NibpSample): NibpLife {
  const isMeasuring = has(sample.label, 5);
  const isAged = has(sample.label, 8);
  const isBlank = isSpecial(sample.sys) && isSpecial(sample.dia) && isSpecial(sample.mean);
  if (life === null) return firstSeen(sample, isMeasuring, isAged, isBlank);

  const { atMs } = sample;
  const isGap = atMs - life.seenAtMs > GAP_MS;
  const hasEnded = life.isMeasuring && !isMeasuring;
  const step: NibpLife = {
    ...life,
    pressures: kept(life.pressures, sample),
    seenAtMs: atMs,
    isMeasuring,
    isAged,
    endedAtMs: hasEnded ? atMs : life.endedAtMs,
    signAtMs: signOf(life, sample, isAged),
    hasResult: isMeasuring && life.isMeasuring && life.hasResult,
    nibpTimeS: sample.nibpTimeS ?? life.nibpTimeS,
  };
  if (!isSame(life.pressures, sample)) return changed(life, step, atMs, isGap);
  if (isMeasuring || isBlank) return told(step, life.episode, atMs);
  if (step.signAtMs === null) {
    // An equal repeat or a failed run: the reading keeps its time and loses its certainty.
    const isUndecided = hasEnded && !life.hasResult && !within(life.resultAtMs, atMs);
    return told(step, isUndecided ? { ...life.episode, confirmed: false } : life.episode, atMs);
  }
  // The run decides: what its start said about the age counts from its end on.
  const signAtMs = hasEnded ? atMs : step.signAtMs;
  if (atMs - signAtMs < MERGE_MS) return told({ ...step, signAtMs }, life.episode, atMs);
  return arrived(step, signAtMs, atMs);
}

/** Nothing is known of what was before: never a new reading. */
function firstSeen(
  sample: NibpSample,
  isMeasuring: boolean,
  isAged: boolean,
  isBlank: boolean,
): NibpLife {
  const isYoung = !isMeasuring && !isAged && !isBlank;
  return {
    pressures: kept(null, sample),
    seenAtMs: sample.atMs,
    isMeasuring,
    isAged,
    endedAtMs: null,
    signAtMs: null,
    resultAtMs: null,
    hasResult: false,
    nibpTimeS: sample.nibpTimeS,
    episode: {
      measuredAtMs: isYoung ? sample.atMs : null,
      confirmed: false,
      measuring: isMeasuring,
    },
  };
}

/** The age bit falls or the told time changes; not when that belongs to a reading that just arrived. */
function signOf(life: NibpLife, sample: NibpSample, isAged: boolean): number | null {
  const isOtherTime =
    sample.nibpTimeS !== null && life.nibpTimeS !== null && sample.nibpTimeS !== life.nibpTimeS;
  if ((life.isAged && !isAged) || isOtherTime) {
    return within(life.resultAtMs, sample.atMs) ? null : sample.atMs;
  }
  // Old again before it was believed: it was none.
  return isAged && !life.isAged ? null : life.signAtMs;
}

/** Other pressures than before are another reading; the question is only when it was taken. */
function changed(life: NibpLife, step: NibpLife, atMs: number, isGap: boolean): NibpLife {
  if (within(life.resultAtMs, atMs)) return told({ ...step, signAtMs: null }, life.episode, atMs);
  const isOfRun = !isGap && (step.isMeasuring || within(step.endedAtMs, atMs));
  if (!isOfRun && (step.isAged || step.isMeasuring)) {
    const ofUnknownAge = { measuredAtMs: null, confirmed: false, measuring: false };
    return told({ ...step, signAtMs: null }, ofUnknownAge, atMs);
  }
  const isRecentSign = !step.isMeasuring && within(step.signAtMs, atMs);
  return arrived(step, isRecentSign ? (step.signAtMs ?? atMs) : atMs, atMs);
}

function arrived(step: NibpLife, measuredAtMs: number, atMs: number): NibpLife {
  return told(
    { ...step, signAtMs: null, resultAtMs: atMs, hasResult: step.isMeasuring },
    { measuredAtMs, confirmed: true, measuring: false },
    atMs,
  );
}

/** While a run has not brought its reading, the pressures shown are the previous ones. */
function told(step: NibpLife, episode: Episode, atMs: number): NibpLife {
  const isEmptying = step.hasResult && atMs - (step.resultAtMs ?? atMs) <= EMPTYING_MS;
  const measuring = step.isMeasuring && !isEmptying;
  return { ...step, episode: { ...episode, measuring } };
}

const within = (sinceMs: number | null, atMs: number): boolean =>
  sinceMs !== null && atMs - sinceMs <= MERGE_MS;

/** A pressure that is missing now says nothing: some modules blank what they are about to measure. */
function isSame(before: Pressures | null, now: Pressures): boolean {
  const isKept = (old: number | undefined, raw: number): boolean => isSpecial(raw) || old === raw;
  return (
    isKept(before?.sys, now.sys) && isKept(before?.dia, now.dia) && isKept(before?.mean, now.mean)
  );
}

function kept(before: Pressures | null, { sys, dia, mean }: Pressures): Pressures | null {
  if (isSpecial(sys) && isSpecial(dia) && isSpecial(mean)) return before;
  return {
    sys: isSpecial(sys) ? (before?.sys ?? sys) : sys,
    dia: isSpecial(dia) ? (before?.dia ?? dia) : dia,
    mean: isSpecial(mean) ? (before?.mean ?? mean) : mean,
  };
}
