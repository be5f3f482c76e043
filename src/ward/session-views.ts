import { concentrationSource } from '../check/concentration.ts';
import type { AlarmLimits } from '../check/limits.ts';
import { pumpCheck } from '../check/pump-check.ts';
import type { SessionView } from '../hub/wire/index.ts';
import { endsAtWallMs } from '../order/active-order.ts';
import { baselineInUse } from '../order/baseline.ts';
import { courseIdOf } from '../order/course-book.ts';
import { dueObservations, observedSession } from '../order/observation-plan.ts';
import type { OrderDocument } from '../order/order-schema.ts';

import type { Recovery } from '../order/recovery.ts';
import { runningPause, type SessionRecord } from '../order/session-record.ts';
import { sceneOf } from '../pipeline/bed-scene.ts';
import { baselineSeen } from '../pipeline/bed-seen.ts';
import type { BedState } from '../pipeline/bed-state.ts';
import { iso, type Moment } from '../pipeline/times.ts';
import { titrationView } from './titration-view.ts';

const isoOrNone = (wallMs: number | null): string | null => (wallMs === null ? null : iso(wallMs));

/** The session on a bed as clients see it; `null` when nobody is there. */
export function sessionView(
  state: BedState,
  moment: Moment,
  limits: AlarmLimits,
): SessionView | null {
  const { order, recovery } = state;
  const session = order?.session ?? recovery?.session;
  const orderId = order?.orderId ?? recovery?.orderId;
  if (session === undefined || orderId === undefined) return null;
  const scene = sceneOf(state, moment, limits);
  const pause = runningPause(session);
  return {
    orderId,
    phase: phaseOf(state, moment),
    plannedStartAt: plannedStartAt(order?.document ?? recovery?.document),
    startedAt: isoOrNone(order?.startedAtWallMs ?? recovery?.startedAtWallMs ?? null),
    endsAt: order === null ? null : isoOrNone(endsAtWallMs(order)),
    baseline: baselineView(session, state, moment),
    pause:
      pause === undefined
        ? null
        : {
            reason: pause.reason,
            by: pause.by,
            since: iso(pause.atWallMs),
            until: iso(pause.untilWallMs),
          },
    recovery:
      recovery === null
        ? null
        : {
            since: iso(recovery.sinceWallMs),
            until: iso(recovery.sinceWallMs + recovery.minimumMs),
          },
    ...careViews(session),
    observationDueAt: isoOrNone(observationDue(state)),
    concentration: {
      source: order === null ? 'none' : concentrationSource(scene, order),
      confirmedBy: session.concentrationConfirmedBy.map(({ by }) => by),
    },
    course: courseDayView(order ?? recovery),
    titration: order === null ? null : titrationView(order, state, moment),
    pumpCheck: [...pumpCheck(scene)],
  };
}

function phaseOf({ order, recovery }: BedState, { wallMs }: Moment): SessionView['phase'] {
  if (order === null) {
    const untilWallMs = (recovery?.sinceWallMs ?? 0) + (recovery?.minimumMs ?? 0);
    return wallMs < untilWallMs ? 'recovery' : 'recovered';
  }
  if (order.startedAtWallMs === null) return 'waiting';
  if (runningPause(order.session) !== undefined) return 'paused';
  const endsAt = endsAtWallMs(order);
  return endsAt !== null && wallMs >= endsAt ? 'ended' : 'infusing';
}

const plannedStartAt = (document: OrderDocument | undefined): string | null =>
  document?.plannedStart === undefined ? null : iso(Date.parse(document.plannedStart));

/** When the next observation is due; `null` = none is, or not yet. */
function observationDue(state: BedState): number | null {
  const observed = observedSession(state);
  return observed === null ? null : (dueObservations(observed)[0]?.dueAtWallMs ?? null);
}

function baselineView(
  session: SessionRecord,
  state: BedState,
  { nowMs }: Moment,
): SessionView['baseline'] {
  const { baseline } = session;
  const values = baselineInUse(session, baselineSeen(state, nowMs));
  const isSeen = Object.values(values).some((value) => value !== null);
  const word = isSeen ? 'provisional' : 'none';
  return {
    state: baseline === null ? word : 'confirmed',
    ...values,
    by: baseline?.by ?? null,
    at: isoOrNone(baseline?.atWallMs ?? null),
  };
}

/** Which day of its course this session is, as its order says. */
export function courseDayView(
  about: Pick<Recovery, 'orderId' | 'document'> | null,
): SessionView['course'] {
  if (about === null || about.document.course === undefined) return null;
  const { orderId, document } = about;
  const { day, sessions } = about.document.course;
  return {
    courseId: courseIdOf(orderId, document) ?? '',
    day,
    of: sessions.length,
    plannedMg: sessions.find((one) => one.day === day)?.plannedMg ?? null,
  };
}

const SHOWN = 50;

function careViews({
  observations,
  adjuncts,
}: SessionRecord): Pick<SessionView, 'observations' | 'adjuncts'> {
  return {
    observations: observations
      .slice(-SHOWN)
      .reverse()
      .map(({ scores, note, by, atWallMs }) => ({ ...scores, note, by, at: iso(atWallMs) })),
    adjuncts: adjuncts.slice(-SHOWN).map(({ drug, doseMg, route, givenAtWallMs, by }) => ({
      drug,
      doseMg,
      route,
      by,
      at: iso(givenAtWallMs),
    })),
  };
}
