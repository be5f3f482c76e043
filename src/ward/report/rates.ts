import type { ReportView } from '../../hub/wire/index.ts';
import { type OrderRecord, type OrderVersion, versionsOf } from '../../order/order-book.ts';
import type { OrderTrail } from '../../order/order-trail.ts';
import { concentrationOf, type PlanPiece, planOf } from '../../order/ordered-rate.ts';
import { planNow } from '../../order/plan-in-time.ts';
import { stepPiece, stepsOf } from '../../order/titration.ts';
import { iso } from '../../pipeline/times.ts';
import type { SessionLog } from './session-log.ts';

type Rates = SessionLog['rates'];

export interface Span {
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

/** The plan of one version as it was followed: pauses and holds counted in, ms since flow began. */
function planFollowed(
  { document }: OrderVersion,
  { session }: OrderRecord,
  startedAtWallMs: number,
): readonly PlanPiece[] {
  return planNow({ plan: planOf(document), document, session, startedAtWallMs });
}

/** Planned end, pauses counted in; `null` = flow never began. */
export function plannedEnd(order: OrderRecord, trail: OrderTrail): number | null {
  const { startedAtWallMs: start } = trail;
  if (start === null) return null;
  return start + (planFollowed(order, order, start).at(-1)?.toMs ?? order.document.end);
}

/** Change points of what was ordered: each version from its activation on, until the next one took over. */
export function planRate(order: OrderRecord, trail: OrderTrail): ReportView['planRate'] {
  const start = trail.startedAtWallMs;
  if (start === null) return [];
  const versions = versionsOf(order).filter(({ activatedAtWallMs }) => activatedAtWallMs !== null);
  const points: ReportView['planRate'] = [];
  for (const [index, version] of versions.entries()) {
    const fromMs = Math.max(start, version.activatedAtWallMs ?? start);
    const untilMs = versions[index + 1]?.activatedAtWallMs ?? Number.POSITIVE_INFINITY;
    const plan = planFollowed(version, order, start);
    for (const piece of plan) {
      const at = Math.max(fromMs, start + piece.fromMs);
      if (start + piece.toMs > at && at < untilMs)
        points.push({ at: iso(at), mgPerH: piece.mgPerH });
    }
    const endMs = start + (plan.at(-1)?.toMs ?? 0);
    if (endMs >= fromMs && endMs < untilMs) points.push({ at: iso(endMs), mgPerH: 0 });
  }
  return points;
}

/** Change points of what was seen to flow, from the activation to the end of the order. */
export function actualRate(rates: Rates, untilWallMs: number): ReportView['actualRate'] {
  const points: ReportView['actualRate'] = [];
  for (const { atWallMs, mgPerH } of inOrder(rates)) {
    if (atWallMs > untilWallMs) break;
    if (points.length === 0 ? mgPerH !== null : points.at(-1)?.mgPerH !== mgPerH)
      points.push({ at: iso(atWallMs), mgPerH });
  }
  return points;
}

/** Where what flows was not known, from the first flow to the end of the order. */
export function unseenSpans(rates: Rates, fromWallMs: number, toWallMs: number): readonly Span[] {
  const spans: Span[] = [];
  let since: number | null = fromWallMs;
  for (const { atWallMs, mgPerH } of [...inOrder(rates), { atWallMs: toWallMs, mgPerH: 0 }]) {
    const at = Math.min(toWallMs, Math.max(fromWallMs, atWallMs));
    if (mgPerH === null) since ??= at;
    else {
      if (since !== null && at > since) spans.push({ fromWallMs: since, toWallMs: at });
      since = null;
    }
  }
  return spans;
}

const inOrder = (rates: Rates): Rates => rates.toSorted((a, b) => a.atWallMs - b.atWallMs);

/** Each step of the version that ran last, and what became of it. */
export function reportSteps(
  order: OrderRecord,
  trail: OrderTrail,
  unseen: readonly Span[],
  nowWallMs: number,
): ReportView['steps'] {
  const { document, session } = order;
  const start = trail.startedAtWallMs;
  const followed = start === null ? [] : planFollowed(order, order, start);
  const concentration = concentrationOf(document.bag);
  const overMs = trail.endedAtWallMs ?? nowWallMs;
  const lastMade = Math.max(0, ...session.stepsMade.map(({ step }) => step));
  return stepsOf({ plan: planOf(document) }).map(({ step, mgPerH }) => {
    const piece = stepPiece(followed, step);
    const made = session.stepsMade.find((one) => one.step === step);
    const dueMs = start === null || piece === undefined ? null : start + piece.fromMs;
    const isUnseen =
      dueMs !== null &&
      dueMs < overMs &&
      (session.stepsMade.length === 0 || unseen.some(overlaps(dueMs, start, piece)));
    return {
      step,
      mgPerH,
      mlPerH: mgPerH / concentration,
      plannedAt: dueMs === null ? null : iso(dueMs),
      state: stateOf(made?.how, step < lastMade, isUnseen),
      madeAt: made === undefined ? null : iso(made.atWallMs),
      readMgPerH: made?.mgPerH ?? null,
      confirmedBy: session.confirmedSteps.find((one) => one.step === step)?.by ?? null,
    };
  });
}

const overlaps =
  (dueMs: number, start: number | null, piece: PlanPiece | undefined) =>
  ({ fromWallMs, toWallMs }: Span): boolean =>
    toWallMs > dueMs && fromWallMs < (start ?? 0) + (piece?.toMs ?? 0);

function stateOf(
  how: OrderRecord['session']['stepsMade'][number]['how'] | undefined,
  isPassed: boolean,
  isUnseen: boolean,
): ReportView['steps'][number]['state'] {
  // Made while the ones before it were left out.
  if (how !== undefined) return how === 'skipped' ? 'made' : how;
  if (isUnseen) return 'unknown';
  return isPassed ? 'skipped' : 'not-made';
}
