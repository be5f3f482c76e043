/**
 * Ordered steps and live rate as lines, bands and marks in time and mg/h; drawing them is another
 * file. Pure. Silence is an interval of its own here: a line is never carried across it.
 */
import { parseWall } from '../link/clock.ts';
import type { BedView, RatePoint } from '../wire.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}
export interface Level extends Span {
  readonly mgPerH: number;
}
export interface Deviation extends Level {
  readonly orderedMgPerH: number;
  readonly isNow: boolean;
}
export interface StepMark {
  readonly atMs: number;
  readonly step: number;
  readonly mgPerH: number;
  readonly state: 'planned' | 'done' | 'missed';
}

export interface PlanShape {
  readonly window: Span;
  readonly plan: readonly Level[];
  readonly actual: readonly Level[];
  readonly unknown: readonly Span[];
  readonly deviations: readonly Deviation[];
  readonly steps: readonly StepMark[];
  readonly maxMgPerH: number;
  readonly topMgPerH: number;
  readonly gridMgPerH: number;
  readonly ticksMs: readonly number[];
  /** 1-based day of how many, for orders longer than a session. */
  readonly day: { readonly now: number; readonly of: number } | null;
  readonly hasStarted: boolean;
}

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const SESSION_MS = 6 * HOUR_MS;
const HEADROOM = 1.25;
const LATE_STEP_MS = 15 * 60_000;
const GRID_LINES = 5;

export function planShape(input: {
  readonly bed: BedView;
  readonly nowMs: number;
  readonly utcOffsetMin: number;
  /** When the live rate was last known, if it is not known now. */
  readonly unknownSinceMs: number | null;
}): PlanShape | null {
  const { bed, nowMs } = input;
  const { order } = bed;
  if (order === null || order.steps.length === 0) return null;
  const startMs = order.startedAt === null ? nowMs : parseWall(order.startedAt);
  const plan = planLevels(order, startMs);
  const { window, day } = windowOf(startMs, order.durationMs, nowMs);
  const known = rateSpans(bed.rateHistory, nowMs, input.unknownSinceMs);
  const tolerance = bed.limits.rateTolerance;
  const largest = Math.max(...order.steps.map((step) => step.mgPerH), 0);
  const maxMgPerH = order.maxMgPerH ?? largest;
  const gridMgPerH = niceStep((Math.max(maxMgPerH, largest) * HEADROOM) / GRID_LINES);
  const actual = known.levels.flatMap((level) => clip(level, window));
  return {
    window,
    plan: plan.flatMap((level) => clip(level, window)),
    actual,
    unknown: known.unknown.flatMap((span) => clip(span, window)),
    deviations: deviationsOf(actual, plan, tolerance, nowMs),
    steps: stepMarks(plan, known.levels, tolerance, nowMs, order.startedAt !== null).filter(
      (mark) => mark.atMs >= window.fromMs && mark.atMs <= window.toMs,
    ),
    maxMgPerH,
    gridMgPerH,
    topMgPerH: Math.ceil((Math.max(maxMgPerH, largest) * HEADROOM) / gridMgPerH) * gridMgPerH,
    ticksMs: ticks(window, input.utcOffsetMin),
    day,
    hasStarted: order.startedAt !== null,
  };
}

function planLevels(order: NonNullable<BedView['order']>, startMs: number): readonly Level[] {
  return order.steps.map((step, index) => ({
    fromMs: startMs + step.offsetMs,
    toMs: startMs + (order.steps[index + 1]?.offsetMs ?? order.durationMs),
    mgPerH: step.mgPerH,
  }));
}

function windowOf(
  startMs: number,
  durationMs: number,
  nowMs: number,
): { window: Span; day: PlanShape['day'] } {
  if (durationMs <= SESSION_MS) {
    const toMs = Math.max(startMs + durationMs, nowMs);
    return { window: { fromMs: startMs, toMs: toMs + (toMs - startMs) / 40 }, day: null };
  }
  const of = Math.ceil(durationMs / DAY_MS);
  const index = Math.max(0, Math.floor((nowMs - startMs) / DAY_MS));
  const fromMs = startMs + index * DAY_MS;
  return {
    window: { fromMs, toMs: fromMs + DAY_MS },
    day: of > 1 ? { now: Math.min(index + 1, of), of } : null,
  };
}

function rateSpans(
  history: readonly RatePoint[],
  nowMs: number,
  unknownSinceMs: number | null,
): { levels: readonly Level[]; unknown: readonly Span[] } {
  const levels: Level[] = [];
  const unknown: Span[] = [];
  const endMs = unknownSinceMs === null ? nowMs : Math.min(unknownSinceMs, nowMs);
  for (const [index, point] of history.entries()) {
    const fromMs = parseWall(point.at);
    const next = history[index + 1];
    const toMs = next ? parseWall(next.at) : endMs;
    if (toMs <= fromMs) continue;
    if (point.mgPerH === null) unknown.push({ fromMs, toMs });
    else levels.push({ fromMs, toMs, mgPerH: point.mgPerH });
  }
  if (unknownSinceMs !== null && nowMs > endMs) unknown.push({ fromMs: endMs, toMs: nowMs });
  return { levels, unknown };
}

function clip<T extends Span>(span: T, window: Span): T[] {
  const fromMs = Math.max(span.fromMs, window.fromMs);
  const toMs = Math.min(span.toMs, window.toMs);
  return toMs > fromMs ? [{ ...span, fromMs, toMs }] : [];
}

function deviationsOf(
  actual: readonly Level[],
  plan: readonly Level[],
  tolerance: number,
  nowMs: number,
): readonly Deviation[] {
  return actual.flatMap((level) =>
    plan.flatMap((ordered, index) => {
      if (isWithin(level.mgPerH, ordered.mgPerH, tolerance)) return [];
      const before = plan[index - 1];
      return clip(level, ordered)
        .map((part) => ({ ...part, orderedMgPerH: ordered.mgPerH, isNow: part.toMs >= nowMs }))
        .filter((part) => part.isNow || !isLateStep(part, ordered, before, tolerance));
    }),
  );
}

/** The old rate for some minutes after a step was due is a late hand on the pump, drawn by the line itself. */
function isLateStep(
  part: Level,
  ordered: Level,
  before: Level | undefined,
  tolerance: number,
): boolean {
  if (before === undefined || !isWithin(part.mgPerH, before.mgPerH, tolerance)) return false;
  return part.fromMs === ordered.fromMs && part.toMs - ordered.fromMs <= LATE_STEP_MS;
}

function stepMarks(
  plan: readonly Level[],
  actual: readonly Level[],
  tolerance: number,
  nowMs: number,
  hasStarted: boolean,
): readonly StepMark[] {
  return plan.map((level, index) => {
    const isReached = actual.some(
      (live) =>
        live.toMs > level.fromMs &&
        live.fromMs < level.toMs &&
        isWithin(live.mgPerH, level.mgPerH, tolerance),
    );
    const state =
      !hasStarted || nowMs < level.fromMs
        ? 'planned'
        : isReached
          ? 'done'
          : level.toMs <= nowMs
            ? 'missed'
            : 'planned';
    return { atMs: level.fromMs, step: index + 1, mgPerH: level.mgPerH, state };
  });
}

function isWithin(live: number, ordered: number, tolerance: number): boolean {
  return Math.abs(live - ordered) <= ordered * tolerance + 1e-9;
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}

function ticks(window: Span, utcOffsetMin: number): readonly number[] {
  const spanMs = window.toMs - window.fromMs;
  const steps = [10 / 60, 0.5, 1, 2, 4].map((hours) => hours * HOUR_MS);
  const step = steps.find((one) => spanMs / one <= 7) ?? 4 * HOUR_MS;
  const offset = utcOffsetMin * 60_000;
  const first = Math.ceil((window.fromMs + offset) / step) * step - offset;
  const count = Math.floor((window.toMs - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}
