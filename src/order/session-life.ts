import type { ActiveOrder } from './active-order.ts';
import type { OrderRefusal, Person } from './order-life.ts';
import type { Recovery } from './recovery.ts';
import { decideAdjunct } from './session-adjunct.ts';
import { decideBag, decideConfirmConcentration } from './session-bag.ts';
import { decideBaseline } from './session-baseline.ts';
import { decideDischarge } from './session-care.ts';
import type { BaselineValues, SessionEvent } from './session-event.ts';
import { decideObservation } from './session-observation.ts';
import { decidePause, decideResume } from './session-pause.ts';
import { decideStep } from './session-step.ts';

/** What can be done at the bedside; each is a call of docs/interfaces.md: `POST /api/beds/{bed}/...`. */
export const BEDSIDE_VERBS = [
  'baseline',
  'observation',
  'adjunct',
  'pause',
  'resume',
  'discharge',
] as const;
export type BedsideVerb = (typeof BEDSIDE_VERBS)[number];

/** What of an order can be changed while it runs: `POST /api/orders/{id}/...`. */
export const RUNNING_VERBS = ['step', 'bag', 'confirm-concentration'] as const;
export type RunningVerb = (typeof RUNNING_VERBS)[number];

/** A command on a session, and what the bed shows while it is given. */
export interface SessionCall {
  readonly order: ActiveOrder | null;
  readonly recovery: Recovery | null;
  readonly by: Person;
  readonly wallMs: number;
  /** As it came: each decision reads its own. */
  readonly body: unknown;
  readonly seen: BedSeen;
}

/** What the gateway knows of a bed when a person says something about it. */
export interface BedSeen {
  /** Median of what was seen; `null` where there is not enough. */
  readonly baseline: BaselineValues;
  /** What flows now over all pumps, mL/h; `null` = not known. */
  readonly flowMlPerH: number | null;
  /** For how long nothing flowed in the pause that runs, ms; 0 without one. */
  readonly pauseStoppedMs: number;
}

export type SessionDecision =
  | { readonly ok: true; readonly events: readonly SessionEvent[]; readonly note?: string }
  | OrderRefusal;

const AT_BEDSIDE: Readonly<Record<BedsideVerb, (call: SessionCall) => SessionDecision>> = {
  baseline: decideBaseline,
  observation: decideObservation,
  adjunct: decideAdjunct,
  pause: decidePause,
  resume: decideResume,
  discharge: decideDischarge,
};

const WHILE_RUNNING: Readonly<Record<RunningVerb, (call: SessionCall) => SessionDecision>> = {
  step: decideStep,
  bag: decideBag,
  'confirm-concentration': decideConfirmConcentration,
};

export function decideAtBedside(verb: BedsideVerb, call: SessionCall): SessionDecision {
  return AT_BEDSIDE[verb](call);
}

export function decideWhileRunning(verb: RunningVerb, call: SessionCall): SessionDecision {
  return WHILE_RUNNING[verb](call);
}
