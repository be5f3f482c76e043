import type { TitrationView } from '../hub/wire/index.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import { type PlanPiece, toMlPerHour } from '../order/ordered-rate.ts';
import { planNow, standingHold } from '../order/plan-in-time.ts';
import { lastMade, stepAtRate, stepPiece, stepsOf } from '../order/titration.ts';
import { scheduleWallMs } from '../pipeline/bed-scene.ts';
import { bedSeen } from '../pipeline/bed-seen.ts';
import type { BedState } from '../pipeline/bed-state.ts';
import { iso, type Moment } from '../pipeline/times.ts';
import { holdReasons } from './hold-reasons.ts';

type StepView = TitrationView['steps'][number];

/** Each step of the order: when it is to be made, with pauses and holds counted in, and what became of it. */
export function titrationView(order: ActiveOrder, state: BedState, moment: Moment): TitrationView {
  const wallMs = scheduleWallMs(state, moment);
  const { flowMlPerH } = bedSeen(state, moment);
  const liveMgPerH = flowMlPerH === null ? null : flowMlPerH * order.concentrationMgPerMl;
  const isFlowing = liveMgPerH !== null && liveMgPerH > 0 && order.startedAtWallMs !== null;
  return {
    runningStep: isFlowing ? stepAtRate(order, liveMgPerH, wallMs) : null,
    steps: withHoldReasons(
      stepsOf(order).map((piece) => stepView(order, piece, wallMs)),
      holdReasons(order, state, moment.nowMs),
    ),
  };
}

/** They are about the step that comes next. */
function withHoldReasons(steps: StepView[], reasons: string[]): StepView[] {
  const next = steps.findIndex(({ state, step }) => step > 1 && isOpen(state));
  return steps.map((step, index) => (index === next ? { ...step, holdReasons: reasons } : step));
}

const isOpen = (state: StepView['state']): boolean => state !== 'made' && state !== 'skipped';

function stepView(order: ActiveOrder, { step, mgPerH }: PlanPiece, wallMs: number): StepView {
  const { session, document, concentrationMgPerMl } = order;
  const made = session.stepsMade.findLast((one) => one.step === step);
  const hold = standingHold(session, step, wallMs);
  const ordered = document.steps[step - 1];
  const isPassed = made === undefined && step < (lastMade(order) ?? 0);
  const window = windowOf(order, step);
  return {
    step,
    mgPerH,
    mlPerH: toMlPerHour(mgPerH, concentrationMgPerMl),
    ...inWords(window),
    state:
      made !== undefined
        ? 'made'
        : isPassed
          ? 'skipped'
          : hold === undefined
            ? stateAt(window, wallMs)
            : 'held',
    how: made?.how ?? (isPassed ? 'skipped' : null),
    madeAt: made === undefined ? null : iso(made.atWallMs),
    readMgPerH: made?.mgPerH ?? null,
    needsConfirmation: ordered?.confirm ?? false,
    condition: ordered?.condition ?? null,
    confirmedBy: session.confirmedSteps.findLast((one) => one.step === step)?.by ?? null,
    heldBy: hold?.by ?? null,
    holdReason: hold?.reason ?? null,
    holdUntil: hold === undefined || hold.untilWallMs === null ? null : iso(hold.untilWallMs),
    holdReasons: [],
  };
}

interface Window {
  readonly dueMs: number;
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Wall ms; `null` = nobody knows yet. */
function windowOf(order: ActiveOrder, step: number): Window | null {
  const { startedAtWallMs } = order;
  const piece = stepPiece(planNow(order), step);
  if (startedAtWallMs === null || piece === undefined) return null;
  const dueMs = startedAtWallMs + piece.fromMs;
  return { dueMs, earliestMs: dueMs + piece.earliestMs, latestMs: dueMs + piece.latestMs };
}

const inWords = (window: Window | null): Pick<StepView, 'dueAt' | 'earliestAt' | 'latestAt'> =>
  window === null
    ? { dueAt: null, earliestAt: null, latestAt: null }
    : {
        dueAt: iso(window.dueMs),
        earliestAt: iso(window.earliestMs),
        latestAt: iso(window.latestMs),
      };

function stateAt(window: Window | null, wallMs: number): StepView['state'] {
  if (window === null || wallMs < window.earliestMs) return 'planned';
  return wallMs <= window.latestMs ? 'due' : 'late';
}
