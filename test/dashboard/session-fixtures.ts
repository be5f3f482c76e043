/** Sessions for the beds of the fixtures: one that runs, one paused, one in recovery. */
import type { BedView, SessionView, TitrationView } from '../../dashboard/wire.ts';
import { type Instant, iso, makeBeds } from './ward-fixtures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Each step may be made from 5 min before to 15 min after it is due; the second was late, one is held. */
export function makeTitration(bed: BedView, at: Instant): TitrationView {
  const { order } = bed;
  if (order === null || order.startedAt === null) return { runningStep: null, steps: [] };
  const startMs = Date.parse(order.startedAt);
  const steps = order.steps.map((step, index): TitrationView['steps'][number] => {
    const dueMs = startMs + step.offsetMs;
    const latestMs = dueMs + 15 * MINUTE;
    const isMade = dueMs + 2 * MINUTE <= at.wallMs;
    return {
      step: step.step,
      mgPerH: step.mgPerH,
      mlPerH: step.mlPerH,
      dueAt: iso(dueMs),
      earliestAt: iso(dueMs - 5 * MINUTE),
      latestAt: iso(latestMs),
      state: isMade ? 'made' : dueMs <= at.wallMs ? 'due' : 'planned',
      how: isMade ? (index === 1 ? 'late' : 'made') : null,
      madeAt: isMade ? iso(dueMs + (index === 1 ? 18 : 2) * MINUTE) : null,
      readMgPerH: isMade ? step.mgPerH : null,
      needsConfirmation: index > 0,
      condition: index > 1 ? 'pain above 4 and sedation at most 2' : null,
      confirmedBy: isMade && index > 0 ? 'nurse-a' : null,
      heldBy: null,
      holdReason: null,
      holdUntil: null,
      holdReasons: [],
    };
  });
  return { runningStep: steps.filter(({ state }) => state === 'made').length || null, steps };
}

export function makeSession(bed: BedView, at: Instant): SessionView {
  const { order } = bed;
  const startedAt = order?.startedAt ?? null;
  return {
    orderId: order?.orderId ?? 'order-none',
    phase: startedAt === null ? 'waiting' : 'infusing',
    plannedStartAt:
      startedAt === null ? iso(at.wallMs + HOUR) : iso(Date.parse(startedAt) - 300_000),
    startedAt,
    endsAt: order?.endsAt ?? null,
    baseline: {
      state: 'confirmed',
      heartRateBpm: 76,
      spo2Percent: 98,
      systolicMmHg: 120,
      diastolicMmHg: 76,
      by: 'nurse-a',
      at: startedAt,
    },
    pause: null,
    recovery: null,
    observations: [0, 1, 2].map((back) => ({
      at: iso(at.wallMs - (20 + back * 60) * MINUTE),
      by: 'nurse-a',
      pain: 6 + back,
      affective: back,
      sedation: 1,
      dysphoria: back === 1 ? null : 0,
      hallucination: 0,
      nausea: back,
      headache: 0,
      note: back === 1 ? 'drowsy, wakes when spoken to' : null,
    })),
    observationDueAt: iso(at.wallMs + 40 * MINUTE),
    adjuncts: [
      {
        drug: 'clonidine',
        doseMg: 0.1,
        route: 'oral',
        at: iso(at.wallMs - 5 * HOUR),
        by: 'nurse-a',
      },
      { drug: 'midazolam', doseMg: 2, route: 'IV', at: iso(at.wallMs - 3 * HOUR), by: 'nurse-b' },
    ],
    concentration: { source: 'two-people', confirmedBy: ['nurse-a', 'nurse-b'] },
    course: { courseId: 'course-1', day: 3, of: 10, plannedMg: 60 },
    titration: order === null ? null : makeTitration(bed, at),
    pumpCheck: [],
  };
}

/** B04 runs with a held step, B05 is paused, B08 is in recovery; the others run as ordered. */
export function bedsWithSessions(at: Instant): BedView[] {
  return makeBeds(at).map((bed): BedView => {
    if (bed.order === null) return bed;
    const session = makeSession(bed, at);
    if (bed.bedId === 'B04') return { ...bed, session: withHold(session, at) };
    if (bed.bedId === 'B05') {
      const since = iso(at.wallMs - 4 * MINUTE);
      const until = iso(at.wallMs + 6 * MINUTE);
      const pause = { reason: 'bag change', by: 'nurse-a', since, until };
      return { ...bed, session: { ...session, phase: 'paused', pause } };
    }
    if (bed.bedId === 'B08') {
      const recovery = { since: iso(at.wallMs - 47 * MINUTE), until: iso(at.wallMs + 73 * MINUTE) };
      return {
        ...bed,
        order: null,
        session: { ...session, phase: 'recovery', recovery, endsAt: null, titration: null },
      };
    }
    return { ...bed, session };
  });
}

function withHold(session: SessionView, at: Instant): SessionView {
  const { titration } = session;
  if (titration === null) return session;
  const steps = titration.steps.map((step) =>
    step.step === 3
      ? {
          ...step,
          state: 'held' as const,
          how: null,
          madeAt: null,
          readMgPerH: null,
          confirmedBy: null,
          heldBy: 'nurse-b',
          holdReason: 'sedation 3',
          holdUntil: iso(at.wallMs + 30 * MINUTE),
        }
      : step,
  );
  return { ...session, titration: { runningStep: 2, steps } };
}
