/** What a nurse can do at a bed now, and what waits for one. Pure: the view of the bed in, facts out. */
import type { BedView, SessionView, TitrationView } from '../wire.ts';

export type BedsideAction =
  | 'pump-check'
  | 'step'
  | 'pause'
  | 'resume'
  | 'bag'
  | 'concentration'
  | 'baseline'
  | 'observation'
  | 'adjunct'
  | 'discharge';

export function actionsAt(bed: Pick<BedView, 'order' | 'session'>): readonly BedsideAction[] {
  const { session } = bed;
  if (session === null) return [];
  const care = ['baseline', 'observation', 'adjunct'] as const;
  if (session.phase === 'recovery' || session.phase === 'recovered')
    return ['observation', 'adjunct', 'discharge'];
  return [
    'pump-check',
    ...(stepToAct(session) === undefined ? [] : (['step'] as const)),
    ...pauseActions(session),
    'bag',
    'concentration',
    ...care,
  ];
}

/** Before the start and after the planned end there is nothing to pause. */
function pauseActions({ pause, phase }: SessionView): readonly BedsideAction[] {
  if (pause !== null) return ['resume'];
  return phase === 'infusing' ? ['pause'] : [];
}

type Step = TitrationView['steps'][number];

/** The step that somebody can decide on now: one that is held or in its window, else the one that comes. */
export function stepToAct({ titration }: Pick<SessionView, 'titration'>): Step | undefined {
  const open = (titration?.steps ?? []).filter(
    ({ state }) => state !== 'made' && state !== 'skipped',
  );
  return open.find(({ state }) => state !== 'planned') ?? open.find(({ dueAt }) => dueAt !== null);
}

/** What a bed asks for, the most pressing first; nothing while all goes by itself. */
export type Prompt =
  | { readonly kind: 'paused' }
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'pump-check'; readonly different: number; readonly unknown: number };

export function promptOf({ session }: Pick<BedView, 'session'>): Prompt | null {
  if (session === null) return null;
  if (session.pause !== null) return { kind: 'paused' };
  const step = stepToAct(session);
  if (step !== undefined && waitsForPerson(step)) return { kind: 'step', step };
  if (session.phase !== 'waiting' || session.pumpCheck.length === 0) return null;
  const count = (state: string) => session.pumpCheck.filter((line) => line.state === state).length;
  return { kind: 'pump-check', different: count('different'), unknown: count('unknown') };
}

/** A step that nobody has to confirm is made at the pump, and seen there. */
function waitsForPerson(step: Step): boolean {
  if (step.state === 'held') return true;
  const isDue = step.state === 'due' || step.state === 'late';
  return isDue && step.needsConfirmation && step.confirmedBy === null;
}
