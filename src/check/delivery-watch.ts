import type { MlPerHour } from '../observation/format.ts';
import {
  type CounterStep,
  isAtEnd,
  nextCounter,
  openUl,
  type PumpCounter,
  unreadCounter,
} from '../order/pump-counter.ts';

/**
 * Does a pump's own volume counter grow as its rate says? Both are followed as ranges, at least and at most,
 * so that a cleared counter, a gap or an unknown rate widens the range and never makes a difference of its own.
 * Bounded: the readings of the last 5 min, no closer than 2 s. All times monotonic ms, volumes mL.
 */
export interface DeliveryWatch {
  readonly counter: PumpCounter;
  readonly flow: ToldFlow;
  /** Until when the sums reach. */
  readonly atMs: number;
  readonly counted: Range;
  readonly due: Range;
  readonly told: Range;
  /** Where the sums stood at readings of the counter, oldest first. The last one is the newest reading. */
  readonly points: readonly DeliveryPoint[];
  /** When the counter was last seen to be set back; `null` = never. */
  readonly cleared: {
    readonly atMs: number;
    readonly fromMl: number;
    readonly toMl: number;
  } | null;
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

export interface DeliveryPoint {
  readonly atMs: number;
  /** By the counter. */
  readonly counted: Range;
  /** By the rate that may be relied on. */
  readonly due: Range;
  /** By the rate as the pump tells it, be it in doubt. */
  readonly told: Range;
}

/** Rates of one moment, mL/h; `null` = not known. */
export interface ToldFlow {
  /** What flows, as the rules take it. */
  readonly known: MlPerHour | null;
  /** What the pump says, also where its driver doubts it. */
  readonly told: MlPerHour | null;
}

/** What a pump says in one moment. */
export interface DeliveryReading extends ToldFlow {
  readonly atMs: number;
  readonly serial: string | null;
  /** mL; `null` = not told now, or not to be believed. */
  readonly counterMl: number | null;
  /** After so long without a word there is a gap. */
  readonly gapMs: number;
  /** The most that may flow while nothing is known of the rate. */
  readonly unknownMlPerH: MlPerHour;
}

export const WATCHED_MS = 5 * 60_000;
const POINT_EVERY_MS = 2_000;
/** Rate and counter may be asked for so far apart: for so long a change of the rate is of either. */
const CHANGE_MS = 3_000;
const MS_PER_H = 3_600_000;
const ZERO: Range = { least: 0, most: 0 };
/** Less than this is the last digit of a counter that wavers. */
const FALL_ML = 0.05;

/** One reading further; `undefined` = the pump was not watched. Pure. */
export function nextDelivery(
  watch: DeliveryWatch | undefined,
  reading: DeliveryReading,
): DeliveryWatch {
  const before = watch ?? newWatch(reading);
  const { atMs, serial, counterMl, known, gapMs, unknownMlPerH } = reading;
  const advanced = advancedTo(before, reading);
  const step = nextCounter(
    before.counter,
    { atMs, serial, counterMl, mlPerH: known, gapMs },
    { orderMlPerH: unknownMlPerH, hardMlPerH: unknownMlPerH },
  );
  const cleared = clearedBy(before, step, reading) ?? before.cleared;
  const isAnother = step.news === 'joined' || step.news === 'replaced';
  const counted = isAnother ? ZERO : plus(advanced.counted, inMl(step));
  const next = { ...advanced, counter: step.counter, counted, cleared };
  if (isAnother) return { ...next, points: [pointOf(next)] };
  if (counterMl === null) return next;
  return { ...next, points: withPoint(before.points, pointOf(next)) };
}

function newWatch({ atMs, gapMs }: DeliveryReading): DeliveryWatch {
  return {
    counter: unreadCounter(atMs, gapMs),
    flow: { known: null, told: null },
    atMs,
    counted: ZERO,
    due: ZERO,
    told: ZERO,
    points: [],
    cleared: null,
  };
}

/** What should have come since the last word, by both rates. */
function advancedTo(watch: DeliveryWatch, reading: DeliveryReading): DeliveryWatch {
  const { atMs, known, told, gapMs, unknownMlPerH } = reading;
  const ms = Math.max(0, atMs - watch.atMs);
  const isGap = ms > gapMs;
  const grown = (from: MlPerHour | null, to: MlPerHour | null): Range =>
    isGap || from === null || to === null
      ? { least: 0, most: (Math.max(from ?? 0, to ?? 0, unknownMlPerH) * ms) / MS_PER_H }
      : between(from, to, ms);
  return {
    ...watch,
    flow: { known, told },
    atMs: watch.atMs + ms,
    due: plus(watch.due, grown(watch.flow.known, known)),
    told: plus(watch.told, grown(watch.flow.told, told)),
  };
}

function between(from: MlPerHour, to: MlPerHour, ms: number): Range {
  const changeMl = (Math.abs(to - from) * CHANGE_MS) / MS_PER_H;
  const least = (Math.min(from, to) * ms) / MS_PER_H - changeMl;
  return { least, most: (Math.max(from, to) * ms) / MS_PER_H + changeMl };
}

const plus = (a: Range, b: Range): Range => ({ least: a.least + b.least, most: a.most + b.most });
const minus = (a: Range, b: Range): Range => ({ least: a.least - b.least, most: a.most - b.most });

const inMl = ({ added }: CounterStep): Range => ({
  least: added.leastUl / 1_000,
  most: added.mostUl / 1_000,
});

/** A counter that stays at its end may hide all that flows. */
function pointOf({ atMs, counter, counted, due, told }: DeliveryWatch): DeliveryPoint {
  const isFull = counter.counterUl !== null && isAtEnd(counter.counterUl);
  const most = counted.most + (isFull ? openUl(counter) / 1_000 : 0);
  return { atMs, counted: { least: counted.least, most }, due, told };
}

function withPoint(
  points: readonly DeliveryPoint[],
  point: DeliveryPoint,
): readonly DeliveryPoint[] {
  const last = points.at(-1);
  const before = points.at(-2);
  const isClose =
    last !== undefined && before !== undefined && last.atMs - before.atMs < POINT_EVERY_MS;
  const kept = isClose ? points.slice(0, -1) : points;
  const first = kept.findLastIndex(({ atMs }) => atMs <= point.atMs - WATCHED_MS);
  return [...(first > 0 ? kept.slice(first) : kept), point];
}

/** Set back by hand or by a restart of the pump; not a counter that began again at its end. */
function clearedBy(
  { counter: was }: DeliveryWatch,
  { counter, news }: CounterStep,
  { atMs, counterMl, known }: DeliveryReading,
): DeliveryWatch['cleared'] {
  if (counterMl === null || was.counterUl === null) return null;
  if (news !== 'reset' && news !== 'replaced') return null;
  if (was.serial !== null && was.serial !== counter.serial) return null;
  const fromMl = was.counterUl / 1_000;
  if (fromMl - counterMl < FALL_ML) return null;
  const canHaveFlowedMl =
    (Math.max(was.mlPerH ?? 0, known ?? 0) * (atMs - was.readAtMs)) / MS_PER_H;
  const endMl = 10 ** Math.ceil(Math.log10(fromMl + FALL_ML));
  const hasWrapped = endMl >= 100 && fromMl + canHaveFlowedMl + 2 * FALL_ML >= endMl;
  return hasWrapped ? null : { atMs, fromMl, toMl: counterMl };
}

/** Counter and rate over a stretch of time up to the newest reading of the counter. */
export interface Delivered {
  readonly atMs: number;
  readonly spanMs: number;
  readonly counted: Range;
  readonly due: Range;
  readonly told: Range;
}

/**
 * The last `windowMs`, or less when the pump is watched for less.
 *
 * @returns `null` when there are no two readings in it, or the newest one is older than the gap
 */
export function delivered(watch: DeliveryWatch, windowMs: number, nowMs: number): Delivered | null {
  const last = watch.points.at(-1);
  if (last === undefined || nowMs - last.atMs > watch.counter.gapMs) return null;
  const fromMs = last.atMs - windowMs;
  const base = watch.points.findLast(({ atMs }) => atMs <= fromMs) ?? watch.points[0];
  return base === undefined || base === last ? null : difference(base, last);
}

/** From when on the pump is known to stand, up to the newest reading; `null` = it does not stand. */
export function deliveredAtRest(watch: DeliveryWatch, nowMs: number): Delivered | null {
  const last = watch.points.at(-1);
  if (last === undefined || nowMs - last.atMs > watch.counter.gapMs) return null;
  if (watch.flow.known !== 0) return null;
  const base = watch.points.find(({ due }) => due.most === last.due.most);
  return base === undefined || base === last ? null : difference(base, last);
}

const difference = (from: DeliveryPoint, to: DeliveryPoint): Delivered => ({
  atMs: to.atMs,
  spanMs: to.atMs - from.atMs,
  counted: minus(to.counted, from.counted),
  due: minus(to.due, from.due),
  told: minus(to.told, from.told),
});
