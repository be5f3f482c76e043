import type { MlPerHour } from '../observation/format.ts';

/**
 * The volume counter of one pump, followed through all that can happen to it (docs/dose-ledger.md).
 * Only the counter says what was delivered; time x rate only bounds what can have been delivered
 * where the counter does not say. Whole microlitres (nanolitres for the bound), so nothing drifts.
 */
export interface PumpCounter {
  /** `null` = the pump tells none; then the place at the bed is all that it is known by. */
  readonly serial: string | null;
  /** The last reading that was counted, uL; `null` = not read yet. */
  readonly counterUl: number | null;
  /** The finest step that its readings have shown, uL. */
  readonly stepUl: number;
  /** When the counter was last told (monotonic ms), be it unchanged. */
  readonly readAtMs: number;
  /** After so long without a reading there is a gap. */
  readonly gapMs: number;
  /** The most that can have flowed since the reading that was last counted, nL. */
  readonly openNl: number;
  /** Until when `openNl` reaches (monotonic ms). */
  readonly boundedToMs: number;
  /** Of it, the most that flowed before this session began, nL. */
  readonly beforeNl: number;
  /** Flow at `boundedToMs`; `null` = not known. */
  readonly mlPerH: MlPerHour | null;
}

/** What a pump says in one moment. */
export interface CounterReading {
  readonly atMs: number;
  readonly serial: string | null;
  /** `null` = not told now, or not to be believed (such as a counter at its end). */
  readonly counterMl: number | null;
  readonly mlPerH: MlPerHour | null;
  readonly gapMs: number;
}

/** The highest flow that is plausible while nobody looks. */
export interface Plausible {
  /** Somebody may have changed a known rate, at most to what the order allows. */
  readonly orderMlPerH: MlPerHour;
  /** Nothing is known of the flow: the hard limit of the drug library. */
  readonly hardMlPerH: MlPerHour;
}

/** Volume that a reading adds: at least and at most, uL. */
export interface Added {
  readonly leastUl: number;
  readonly mostUl: number;
}

/** `gap`: the counter was cleared, or may have been, while nobody looked. */
export type CounterNews = 'joined' | 'counted' | 'reset' | 'gap' | 'replaced';

export interface CounterStep {
  readonly counter: PumpCounter;
  readonly added: Added;
  /** `null`: nothing was counted. */
  readonly news: CounterNews | null;
}

export const NOTHING: Added = { leastUl: 0, mostUl: 0 };
/** The coarsest counter of a pump has 0.1 mL. */
const COARSEST_UL = 100;
/** Two readings and two arrival times may be so far apart from each other and still agree. */
const AGREES_MS = 3_000;
/** While something flows, a counter grows by its finest step, or at least so often. */
const STILL_MS = 5_000;

/** A pump of which nothing is known since a moment. */
export const unreadCounter = (sinceMs: number, gapMs: number): PumpCounter => ({
  serial: null,
  counterUl: null,
  stepUl: COARSEST_UL,
  readAtMs: sinceMs,
  gapMs,
  openNl: 0,
  boundedToMs: sinceMs,
  beforeNl: 0,
  mlPerH: null,
});

/** One reading further. Pure; readings come in order of time. */
export function nextCounter(
  before: PumpCounter,
  reading: CounterReading,
  plausible: Plausible,
): CounterStep {
  const { serial, counterMl, atMs, gapMs } = reading;
  const bounded = { ...boundedTo(before, atMs, reading.mlPerH, plausible), gapMs };
  if (serial !== null && before.serial !== null && serial !== before.serial)
    return replaced(bounded, reading);
  const counter = { ...bounded, serial: serial ?? before.serial };
  if (counterMl === null) return { counter, added: NOTHING, news: null };
  const readUl = Math.round(counterMl * 1_000);
  const read = { ...counter, stepUl: finerStep(counter.stepUl, readUl), readAtMs: atMs };
  return counter.counterUl === null
    ? joined(read, readUl)
    : counted(before, read, readUl, counter.counterUl);
}

/** Up to now the most that can have flowed, without a word from the pump. */
export function boundedTo(
  counter: PumpCounter,
  atMs: number,
  mlPerH: MlPerHour | null,
  { orderMlPerH, hardMlPerH }: Plausible,
): PumpCounter {
  const ms = Math.max(0, atMs - counter.boundedToMs);
  const was = counter.mlPerH;
  const isWatched = ms <= counter.gapMs && was !== null && mlPerH !== null;
  const highest = isWatched
    ? Math.max(was, mlPerH)
    : Math.max(was ?? hardMlPerH, mlPerH ?? 0, orderMlPerH);
  // mL/h x ms / 3.6 = nL
  const openNl = counter.openNl + Math.ceil((highest * ms) / 3.6);
  return { ...counter, openNl, boundedToMs: counter.boundedToMs + ms, mlPerH };
}

/** Not read for too long, or standing still although something flows: more may have been delivered than counted. */
export function isOpen(counter: PumpCounter, nowMs: number): boolean {
  if (nowMs - counter.readAtMs > counter.gapMs) return true;
  const { counterUl, openNl, stepUl, mlPerH } = counter;
  if (counterUl === null || isAtEnd(counterUl)) return openNl > 0;
  return openNl > 2_000 * stepUl + ((mlPerH ?? 0) * STILL_MS) / 3.6;
}

export const openUl = ({ openNl }: PumpCounter): number => Math.ceil(openNl / 1_000);

/** A new session: what is counted from here on is its own. What a gap holds may be of either. */
export function atBoundary(counter: PumpCounter, nowMs: number, plausible: Plausible): PumpCounter {
  if (!isOpen(counter, nowMs)) return { ...counter, openNl: 0, beforeNl: 0, boundedToMs: nowMs };
  const bounded = boundedTo(counter, nowMs, null, plausible);
  return { ...bounded, beforeNl: bounded.openNl };
}

/** First reading of a pump: since it came it cannot have delivered more than its counter has. */
function joined(read: PumpCounter, readUl: number): CounterStep {
  const added = ownPart({ leastUl: 0, mostUl: Math.min(readUl, openUl(read)) }, read);
  return { counter: closed(read, readUl), added, news: 'joined' };
}

/** Another pump in the same place: nobody will learn from a counter what flowed since the last reading of the old one. */
function replaced(bounded: PumpCounter, { serial, counterMl, atMs }: CounterReading): CounterStep {
  const added = ownPart({ leastUl: 0, mostUl: openUl(bounded) }, bounded);
  const fresh: PumpCounter = {
    ...unreadCounter(atMs, bounded.gapMs),
    serial,
    mlPerH: bounded.mlPerH,
  };
  if (counterMl === null) return { counter: fresh, added, news: 'replaced' };
  const readUl = Math.round(counterMl * 1_000);
  const counter = closed({ ...fresh, stepUl: finerStep(COARSEST_UL, readUl) }, readUl);
  return { counter, added, news: 'replaced' };
}

function counted(
  before: PumpCounter,
  read: PumpCounter,
  readUl: number,
  lastUl: number,
): CounterStep {
  const grownUl = readUl - lastUl;
  const mostUl = openUl(read);
  const isGap = read.readAtMs - before.readAtMs > read.gapMs;
  const added = (leastUl: number, upToUl: number): Added =>
    ownPart({ leastUl, mostUl: Math.max(leastUl, upToUl) }, read);
  // More on it than can have flowed since: neither a cleared counter nor, unseen, the same pump.
  const isTooMuch = readUl > mostUl + read.stepUl;
  if (grownUl < 0) {
    // The last digit of some counters wavers.
    if (grownUl >= -2 * read.stepUl && isTooMuch)
      return { counter: read, added: NOTHING, news: null };
    if (isTooMuch)
      return {
        counter: closed(read, readUl),
        added: added(0, mostUl + read.stepUl),
        news: 'replaced',
      };
    return {
      counter: closed(read, readUl),
      added: added(readUl, mostUl + read.stepUl),
      news: 'reset',
    };
  }
  if (isGap && !isTooMuch && !agrees(before, read, grownUl))
    return { counter: closed(read, readUl), added: added(grownUl, mostUl), news: 'gap' };
  if (isGap && read.serial === null && grownUl > mostUl + read.stepUl)
    return { counter: closed(read, readUl), added: added(0, grownUl), news: 'replaced' };
  if (isAtEnd(readUl)) {
    const openNl = Math.max(0, read.openNl - grownUl * 1_000);
    const counter = { ...read, counterUl: readUl, openNl };
    return { counter, added: added(grownUl, grownUl), news: grownUl > 0 ? 'counted' : null };
  }
  // Still and flowing: slow, stuck or at its end. Only the next growth tells.
  if (grownUl === 0 && (read.mlPerH ?? 0) > 0) return { counter: read, added: NOTHING, news: null };
  return {
    counter: closed(read, readUl),
    added: added(grownUl, grownUl),
    news: grownUl > 0 ? 'counted' : null,
  };
}

const closed = (counter: PumpCounter, counterUl: number): PumpCounter => ({
  ...counter,
  counterUl,
  openNl: 0,
  beforeNl: 0,
});

/** What flowed before the session began is not of it. */
function ownPart(added: Added, { openNl, beforeNl, stepUl }: PumpCounter): Added {
  if (beforeNl === 0) return added;
  const leastUl = Math.max(0, added.leastUl - Math.ceil(beforeNl / 1_000));
  const sinceUl = Math.ceil((openNl - beforeNl) / 1_000) + stepUl;
  return { leastUl, mostUl: Math.max(leastUl, Math.min(added.mostUl, sinceUl)) };
}

/**
 * The counter went on as the flow before and after the gap says: it was not cleared in between. A pump
 * that stands before and after proves nothing, it may have run and been cleared.
 */
function agrees(before: PumpCounter, read: PumpCounter, grownUl: number): boolean {
  const { mlPerH } = read;
  if (mlPerH === null || mlPerH === 0 || mlPerH !== before.mlPerH) return false;
  const expectedUl = (mlPerH * (read.readAtMs - before.readAtMs)) / 3_600;
  const toleranceUl = 2 * read.stepUl + (mlPerH * AGREES_MS) / 3_600;
  return Math.abs(grownUl - expectedUl) <= toleranceUl;
}

/** 999.9, 9999, 9999.9: where a counter ends, it stays there or begins again. */
export const isAtEnd = (counterUl: number): boolean => /^9{3,}0{0,3}$/.test(String(counterUl));

function finerStep(stepUl: number, readUl: number): number {
  if (readUl % 10 !== 0) return 1;
  return readUl % 100 === 0 ? stepUl : Math.min(stepUl, 10);
}
