/** What became of each ordered step: one word and one shape for each state, never a colour alone. Pure. */
import { parseWall } from '../link/clock.ts';
import type { TitrationView } from '../wire.ts';

export type StepState =
  | 'planned'
  | 'due'
  | 'late'
  | 'held'
  | 'made'
  | 'made-early'
  | 'made-late'
  | 'skipped'
  | 'reached'
  | 'not-made'
  | 'unknown';

export const STEP_WORDS: Readonly<Record<StepState, string>> = {
  planned: 'planned',
  due: 'due',
  late: 'late',
  held: 'held',
  made: 'made',
  'made-early': 'made early',
  'made-late': 'made late',
  skipped: 'skipped',
  reached: 'reached by the pump',
  'not-made': 'not made',
  unknown: 'not known',
};

export interface StepMark {
  /** Where it is drawn: when it was made, else when it is due. */
  readonly atMs: number;
  readonly step: number;
  readonly mgPerH: number;
  readonly state: StepState;
  /** Within which a person may make it; `null` = the order sets no window, or flow has not begun. */
  readonly window: { readonly fromMs: number; readonly toMs: number } | null;
}

type StepView = TitrationView['steps'][number];

export function stepStateOf(step: Pick<StepView, 'state' | 'how'>): StepState {
  if (step.state !== 'made') return step.state;
  if (step.how === 'early') return 'made-early';
  return step.how === 'late' ? 'made-late' : 'made';
}

/** Steps that have no time yet (flow has not begun) are left out: nobody knows where to draw them. */
export function titrationMarks(titration: TitrationView): readonly StepMark[] {
  return titration.steps.flatMap((step) => {
    const at = step.madeAt ?? step.dueAt;
    if (at === null) return [];
    const { earliestAt, latestAt } = step;
    const window =
      earliestAt === null || latestAt === null || latestAt <= earliestAt
        ? null
        : { fromMs: parseWall(earliestAt), toMs: parseWall(latestAt) };
    const state = stepStateOf(step);
    return [{ atMs: parseWall(at), step: step.step, mgPerH: step.mgPerH, state, window }];
  });
}

/** Until when a held step does not begin: the end of the hold or, without one, at least now. */
export function holdSpans(
  titration: TitrationView,
  nowMs: number,
): readonly { readonly step: number; readonly fromMs: number; readonly toMs: number }[] {
  return titration.steps.flatMap(({ step, state, dueAt, holdUntil }) => {
    if (state !== 'held' || dueAt === null) return [];
    const fromMs = parseWall(dueAt);
    const untilMs = holdUntil === null ? nowMs : parseWall(holdUntil);
    return untilMs > fromMs ? [{ step, fromMs, toMs: untilMs }] : [];
  });
}
