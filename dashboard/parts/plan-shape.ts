/**
 * Ordered steps and live rate as lines, bands and marks in time and mg/h; drawing them is another
 * file. Pure. Silence is an interval of its own here: a line is never carried across it.
 */
import { parseWall } from '../link/clock.ts';
import type { BedView, OrderView, RatePoint, TitrationView } from '../wire.ts';
import { niceStep, ticks } from './plan-axes.ts';
import { clip, type Level, outside, rateSpans, type Span } from './plan-spans.ts';
import { holdSpans, type StepMark, titrationMarks } from './plan-steps.ts';

export interface Deviation extends Level {
  readonly orderedMgPerH: number;
  readonly isNow: boolean;
}
/** A declared pause, or a step that is held: the plan stands still and nobody deviates from it. */
export interface Halt extends Span {
  readonly word: 'paused' | 'held';
}

export interface PlanShape {
  readonly window: Span;
  readonly plan: readonly Level[];
  readonly actual: readonly Level[];
  readonly unknown: readonly Span[];
  readonly deviations: readonly Deviation[];
  readonly halts: readonly Halt[];
  readonly steps: readonly StepMark[];
  readonly maxMgPerH: number;
  readonly topMgPerH: number;
  readonly gridMgPerH: number;
  readonly ticksMs: readonly number[];
  /** 1-based day of how many, for orders longer than a session. */
  readonly day: { readonly now: number; readonly of: number } | null;
  readonly hasStarted: boolean;
}

/** What the shape is made of: a bed as it is now, or a session that is over. */
export interface PlanFacts {
  readonly order: Pick<OrderView, 'steps' | 'durationMs' | 'maxMgPerH' | 'startedAt'> & {
    readonly endsAt?: string | null;
  };
  readonly rateHistory: readonly RatePoint[];
  readonly rateTolerance: number;
  readonly titration: TitrationView | null;
  readonly pauses: readonly Span[];
  /** Where another source knows better than the order and its steps: a report of what was. */
  readonly known?: {
    readonly plan: readonly Level[];
    readonly marks: readonly StepMark[];
    readonly halts: readonly Halt[];
  };
}

interface Reading {
  readonly nowMs: number;
  readonly utcOffsetMin: number;
  /** When the live rate was last known, if it is not known now. */
  readonly unknownSinceMs: number | null;
}

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** Shorter orders are shown whole: a plan of eight hours in a window of a day is a small corner of it. */
const SESSION_MS = DAY_MS;
const HEADROOM = 1.25;
const LATE_STEP_MS = 15 * 60_000;
const GRID_LINES = 5;

export function planShape(input: Reading & { readonly bed: BedView }): PlanShape | null {
  const facts = factsOf(input.bed);
  return facts === null ? null : shapeOf(facts, input);
}

/** `null` without an order: then there is no plan to draw. */
export function factsOf(bed: BedView): PlanFacts | null {
  const { order, session } = bed;
  if (order === null) return null;
  const pause = session?.pause ?? null;
  return {
    order: { ...order, endsAt: session?.endsAt ?? order.endsAt },
    rateHistory: bed.rateHistory,
    rateTolerance: bed.limits.rateTolerance,
    titration: session?.orderId === order.orderId ? session.titration : null,
    pauses:
      pause === null ? [] : [{ fromMs: parseWall(pause.since), toMs: parseWall(pause.until) }],
  };
}

/** `window`: what is shown; without it a session whole, or the day of a longer order that is now. */
export function shapeOf(facts: PlanFacts, reading: Reading, shown?: Span): PlanShape | null {
  const { order, rateTolerance } = facts;
  const { nowMs } = reading;
  if (order.steps.length === 0) return null;
  const startMs = order.startedAt === null ? nowMs : parseWall(order.startedAt);
  const plan = facts.known?.plan ?? planLevels(facts, startMs, nowMs);
  const endMs = plan.at(-1)?.toMs ?? startMs + order.durationMs;
  const { window, day } =
    shown === undefined ? windowOf(startMs, endMs, nowMs) : { window: shown, day: null };
  const known = rateSpans(facts.rateHistory, nowMs, reading.unknownSinceMs);
  const largest = Math.max(...order.steps.map((step) => step.mgPerH), 0);
  const maxMgPerH = order.maxMgPerH ?? largest;
  const top = Math.max(maxMgPerH, largest) * HEADROOM;
  const gridMgPerH = niceStep(top / GRID_LINES);
  const actual = known.levels.flatMap((level) => clip(level, window));
  const halts = facts.known?.halts ?? haltsOf(facts, nowMs);
  const seen = () => stepMarks(plan, known.levels, rateTolerance, nowMs, order.startedAt !== null);
  const marks = facts.known?.marks ?? (facts.titration ? titrationMarks(facts.titration) : seen());
  return {
    window,
    plan: plan.flatMap((level) => clip(level, window)),
    actual,
    unknown: known.unknown.flatMap((span) => clip(span, window)),
    deviations: deviationsOf(actual, plan, rateTolerance, nowMs).flatMap((part) =>
      outside(part, facts.pauses),
    ),
    halts: halts.flatMap((halt) => clip(halt, window)),
    steps: marks.filter((mark) => mark.atMs >= window.fromMs && mark.atMs <= window.toMs),
    maxMgPerH,
    gridMgPerH,
    topMgPerH: Math.ceil(top / gridMgPerH) * gridMgPerH,
    ticksMs: ticks(window, reading.utcOffsetMin),
    day,
    hasStarted: order.startedAt !== null,
  };
}

/** mg of the plan up to a time, with the steps as they are due now; `null` before flow began. */
export function plannedMgUntil(facts: PlanFacts, nowMs: number): number | null {
  if (facts.order.startedAt === null) return null;
  const plan = planLevels(facts, parseWall(facts.order.startedAt), nowMs);
  return plan.reduce(
    (sum, level) =>
      sum + (Math.max(0, Math.min(level.toMs, nowMs) - level.fromMs) / HOUR_MS) * level.mgPerH,
    0,
  );
}

/** As the gateway counts it: due times move with pauses and holds, and the end moves with them. */
function planLevels(facts: PlanFacts, startMs: number, nowMs: number): readonly Level[] {
  const { order, titration } = facts;
  const held = new Map(
    (titration === null ? [] : holdSpans(titration, nowMs)).map((hold) => [hold.step, hold.toMs]),
  );
  let fromMs: readonly number[] = [];
  for (const step of order.steps) {
    const dueAt = titration?.steps.find((one) => one.step === step.step)?.dueAt ?? null;
    const atMs = held.get(step.step) ?? (dueAt ? parseWall(dueAt) : startMs + step.offsetMs);
    fromMs = [...fromMs, Math.max(atMs, fromMs.at(-1) ?? atMs)];
  }
  const planned = startMs + order.durationMs;
  const endMs = order.endsAt ? Math.max(parseWall(order.endsAt), startMs) : planned;
  return order.steps.flatMap((step, index) => {
    const from = fromMs[index] ?? startMs;
    const to = Math.min(fromMs[index + 1] ?? endMs, endMs);
    return to > from ? [{ fromMs: from, toMs: to, mgPerH: step.mgPerH }] : [];
  });
}

function haltsOf(facts: PlanFacts, nowMs: number): readonly Halt[] {
  const holds = facts.titration === null ? [] : holdSpans(facts.titration, nowMs);
  return [
    ...facts.pauses.map(({ fromMs, toMs }) => ({ fromMs, toMs, word: 'paused' as const })),
    ...holds.map(({ fromMs, toMs }) => ({ fromMs, toMs, word: 'held' as const })),
  ];
}

function windowOf(
  startMs: number,
  endMs: number,
  nowMs: number,
): { window: Span; day: PlanShape['day'] } {
  if (endMs - startMs <= SESSION_MS) {
    const toMs = Math.max(endMs, nowMs);
    return { window: { fromMs: startMs, toMs: toMs + (toMs - startMs) / 40 }, day: null };
  }
  const of = Math.ceil((endMs - startMs) / DAY_MS);
  const index = Math.max(0, Math.floor((nowMs - startMs) / DAY_MS));
  const fromMs = startMs + index * DAY_MS;
  return {
    window: { fromMs, toMs: fromMs + DAY_MS },
    day: of > 1 ? { now: Math.min(index + 1, of), of } : null,
  };
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

/** Without the gateway's word on the steps: what the rates tell. */
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
          ? 'reached'
          : level.toMs <= nowMs
            ? 'not-made'
            : 'planned';
    return { atMs: level.fromMs, step: index + 1, mgPerH: level.mgPerH, state, window: null };
  });
}

function isWithin(live: number, ordered: number, tolerance: number): boolean {
  return Math.abs(live - ordered) <= ordered * tolerance + 1e-9;
}
