/** The staircase of a session that is over, or as it stood when the report was made. Pure. */
import { parseWall } from '../link/clock.ts';
import { type Halt, type PlanShape, shapeOf } from '../parts/plan-shape.ts';
import { clip, rateSpans } from '../parts/plan-spans.ts';
import type { StepMark, StepState } from '../parts/plan-steps.ts';
import type { ReportView } from '../wire.ts';

/** As in the live plot: what is further from the plan than this is hatched. */
const TOLERANCE = 0.05;
const AHEAD_MS = 2 * 3600_000;

const STATES: Readonly<Record<ReportView['steps'][number]['state'], StepState>> = {
  made: 'made',
  early: 'made-early',
  late: 'made-late',
  skipped: 'skipped',
  'not-made': 'not-made',
  unknown: 'unknown',
};

/** `null` = flow never began, so there is nothing to draw. */
export function reportShape(report: ReportView): PlanShape | null {
  if (report.startedAt === null) return null;
  const fromMs = parseWall(report.startedAt);
  const madeMs = parseWall(report.madeAt);
  const seenToMs = Math.min(madeMs, parseWall(report.to ?? report.madeAt));
  const endMs = parseWall(report.endedAt ?? report.plannedEndAt ?? report.madeAt);
  // Of a long order that still runs, what was matters more than the days to come.
  const aheadMs = seenToMs + Math.max(AHEAD_MS, (seenToMs - fromMs) / 3);
  const toMs = Math.max(Math.min(endMs, aheadMs), seenToMs, fromMs + 60_000);
  const orderedUntil = { fromMs, toMs: report.ended === null ? Number.POSITIVE_INFINITY : endMs };
  const plan = rateSpans(report.planRate, endMs, null).levels.flatMap((level) =>
    clip(level, orderedUntil),
  );
  return shapeOf(
    {
      order: { ...report.order, startedAt: report.startedAt },
      rateHistory: report.actualRate,
      rateTolerance: TOLERANCE,
      titration: null,
      pauses: haltsOf(report, madeMs).filter(({ word }) => word === 'paused'),
      known: { plan, marks: marksOf(report), halts: haltsOf(report, madeMs) },
    },
    { nowMs: seenToMs, utcOffsetMin: report.utcOffsetMin, unknownSinceMs: null },
    { fromMs, toMs },
  );
}

export function reportStepState(
  step: ReportView['steps'][number],
  report: Pick<ReportView, 'madeAt' | 'ended'>,
): StepState {
  const isToCome =
    step.state === 'not-made' &&
    report.ended === null &&
    (step.plannedAt === null || parseWall(step.plannedAt) > parseWall(report.madeAt));
  return isToCome ? 'planned' : STATES[step.state];
}

function marksOf(report: ReportView): readonly StepMark[] {
  return report.steps.flatMap((step) => {
    const at = step.madeAt ?? step.plannedAt;
    if (at === null) return [];
    const state = reportStepState(step, report);
    return [{ atMs: parseWall(at), step: step.step, mgPerH: step.mgPerH, state, window: null }];
  });
}

function haltsOf({ pauses, holds }: ReportView, madeMs: number): readonly Halt[] {
  const end = (...at: readonly (string | null)[]) => {
    const known = at.find((one) => one !== null);
    return known ? Math.min(parseWall(known), madeMs) : madeMs;
  };
  return [
    ...pauses.map((pause) => ({
      word: 'paused' as const,
      fromMs: parseWall(pause.at),
      toMs: end(pause.endedAt, pause.until),
    })),
    ...holds.map((hold) => ({
      word: 'held' as const,
      fromMs: parseWall(hold.at),
      toMs: end(hold.releasedAt, hold.until),
    })),
  ].filter(({ fromMs, toMs }) => toMs > fromMs);
}
