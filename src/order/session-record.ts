import type { Recovery } from './recovery.ts';
import type {
  AdjunctGiven,
  BagLabel,
  BaselineValues,
  ObservationScores,
  SessionEvent,
  StepHeld,
  StepMade,
} from './session-event.ts';

/** All that was noted in the session of one order, folded from its events. Times are wall ms. */
export interface SessionRecord {
  /** Median of what the monitors showed before the first flow; `null` while nothing flowed. */
  readonly baselineSeen: BaselineValues | null;
  readonly baseline: (BaselineValues & Said) | null;
  readonly pauses: readonly Pause[];
  readonly holds: readonly Hold[];
  /** Steps whose criteria a person confirmed. */
  readonly confirmedSteps: readonly (Said & { readonly step: number })[];
  /** What the pump was seen to do, in the order of time. */
  readonly stepsMade: readonly (Pick<StepMade, 'step' | 'how' | 'pumpId' | 'mgPerH' | 'mlPerH'> & {
    readonly atWallMs: number;
  })[];
  /** Labels as they were read, the newest last; the one of the activation is not in it. */
  readonly bags: readonly (Said & { readonly bag: BagLabel; readonly isAsOrdered: boolean })[];
  /** Who confirmed the concentration since the bag was last changed without a label being read. */
  readonly concentrationConfirmedBy: readonly Said[];
  readonly adjuncts: readonly (Said &
    Pick<AdjunctGiven, 'drug' | 'doseMg' | 'route' | 'givenAtWallMs'>)[];
  readonly observations: readonly (Said & {
    readonly scores: ObservationScores;
    readonly note: string | null;
  })[];
  readonly discharged: Discharge | null;
}

/** `null`: the session ended without a recovery. */
export interface Discharge extends Said {
  readonly reason: string;
  /** How long the patient recovered, and how long it was ordered, ms: less is too early (ORD-29). */
  readonly recoveredMs: number | null;
  readonly minimumMs: number | null;
}

/** Who said it, and when. */
export interface Said {
  readonly by: string;
  readonly atWallMs: number;
}

export interface Pause extends Said {
  readonly reason: string;
  readonly isBagChange: boolean;
  readonly untilWallMs: number;
  /** `null` = it runs. */
  readonly endedAtWallMs: number | null;
  /** For how long nothing flowed in it; 0 while it runs. */
  readonly stoppedMs: number;
}

export interface Hold extends Said {
  readonly step: number;
  readonly reason: string;
  readonly untilWallMs: number | null;
  /** When a person released it; `null` = not (it may have run out). */
  readonly releasedAtWallMs: number | null;
}

export const emptySession: SessionRecord = {
  baselineSeen: null,
  baseline: null,
  pauses: [],
  holds: [],
  confirmedSteps: [],
  stepsMade: [],
  bags: [],
  concentrationConfirmedBy: [],
  adjuncts: [],
  observations: [],
  discharged: null,
};

/** The pause that runs. */
export const runningPause = ({ pauses }: Pick<SessionRecord, 'pauses'>): Pause | undefined =>
  pauses.find(({ endedAtWallMs }) => endedAtWallMs === null);

/** One event further. Pure and total: what does not fit changes nothing. */
export function nextSession(
  session: SessionRecord,
  event: SessionEvent,
  said: Said,
  recovery: Pick<Recovery, 'sinceWallMs' | 'minimumMs'> | null = null,
): SessionRecord {
  switch (event.type) {
    case 'baseline-seen':
      return session.baselineSeen === null ? { ...session, baselineSeen: event.values } : session;
    case 'baseline-confirmed':
      return { ...session, baseline: { ...event.values, ...said } };
    case 'infusion-paused':
      if (runningPause(session) !== undefined) return session;
      return {
        ...session,
        pauses: [...session.pauses, newPause(event, said)],
        // Whatever hangs there afterwards, nobody has looked at it yet.
        concentrationConfirmedBy: event.isBagChange ? [] : session.concentrationConfirmedBy,
      };
    case 'infusion-resumed':
      return {
        ...session,
        pauses: session.pauses.map((pause) =>
          pause.endedAtWallMs === null
            ? { ...pause, endedAtWallMs: said.atWallMs, stoppedMs: event.stoppedMs }
            : pause,
        ),
      };
    case 'step-held':
      return { ...session, holds: [...session.holds, newHold(event, said)] };
    case 'step-released':
      return {
        ...session,
        holds: session.holds.map((hold) =>
          hold.step === event.step && hold.releasedAtWallMs === null
            ? { ...hold, releasedAtWallMs: said.atWallMs }
            : hold,
        ),
      };
    case 'step-confirmed':
      return {
        ...session,
        confirmedSteps: [...session.confirmedSteps, { step: event.step, ...said }],
      };
    case 'step-made': {
      const { step, how, pumpId, mgPerH, mlPerH } = event;
      const made = { step, how, pumpId, mgPerH, mlPerH, atWallMs: said.atWallMs };
      return { ...session, stepsMade: [...session.stepsMade, made] };
    }
    case 'bag-hung':
    case 'bag-differs': {
      const label = { bag: event.bag, isAsOrdered: event.type === 'bag-hung', ...said };
      return { ...session, bags: [...session.bags, label], concentrationConfirmedBy: [] };
    }
    case 'concentration-confirmed':
      return { ...session, concentrationConfirmedBy: [...session.concentrationConfirmedBy, said] };
    case 'adjunct-given': {
      const { drug, doseMg, route, givenAtWallMs } = event;
      return {
        ...session,
        adjuncts: [...session.adjuncts, { drug, doseMg, route, givenAtWallMs, ...said }],
      };
    }
    case 'observation-noted': {
      const { scores, note } = event;
      return { ...session, observations: [...session.observations, { scores, note, ...said }] };
    }
    case 'patient-discharged':
      return session.discharged === null
        ? { ...session, discharged: discharge(event.reason, said, recovery) }
        : session;
  }
}

function discharge(
  reason: string,
  said: Said,
  recovery: Pick<Recovery, 'sinceWallMs' | 'minimumMs'> | null,
): Discharge {
  if (recovery === null) return { ...said, reason, recoveredMs: null, minimumMs: null };
  const recoveredMs = Math.max(0, said.atWallMs - recovery.sinceWallMs);
  return { ...said, reason, recoveredMs, minimumMs: recovery.minimumMs };
}

function newPause(event: Extract<SessionEvent, { type: 'infusion-paused' }>, said: Said): Pause {
  const untilWallMs = said.atWallMs + event.minutes * 60_000;
  const { reason, isBagChange } = event;
  return { ...said, reason, isBagChange, untilWallMs, endedAtWallMs: null, stoppedMs: 0 };
}

function newHold({ step, reason, untilWallMs }: StepHeld, said: Said): Hold {
  return { ...said, step, reason, untilWallMs, releasedAtWallMs: null };
}
