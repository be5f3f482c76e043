import type { ReportView } from '../../hub/wire/index.ts';
import { baselineInUse } from '../../order/baseline.ts';
import type { SessionRecord } from '../../order/session-record.ts';
import { iso } from '../../pipeline/times.ts';

type Care = Pick<
  ReportView,
  | 'baseline'
  | 'observations'
  | 'adjuncts'
  | 'pauses'
  | 'holds'
  | 'bags'
  | 'concentrationConfirmed'
  | 'discharge'
>;

const isoOrNone = (wallMs: number | null): string | null => (wallMs === null ? null : iso(wallMs));

/** What people said and did at the bed, oldest first. */
export function reportCare(session: SessionRecord): Care {
  const { discharged } = session;
  return {
    baseline: baselineOf(session),
    observations: session.observations.map(({ scores, note, by, atWallMs }) => ({
      ...scores,
      note,
      by,
      at: iso(atWallMs),
    })),
    adjuncts: session.adjuncts.map(({ drug, doseMg, route, givenAtWallMs, by }) => ({
      drug,
      doseMg,
      route,
      by,
      at: iso(givenAtWallMs),
    })),
    pauses: session.pauses.map((pause) => ({
      by: pause.by,
      at: iso(pause.atWallMs),
      reason: pause.reason,
      isBagChange: pause.isBagChange,
      until: iso(pause.untilWallMs),
      endedAt: isoOrNone(pause.endedAtWallMs),
      stoppedS: Math.round(pause.stoppedMs / 1_000),
    })),
    holds: session.holds.map((hold) => ({
      by: hold.by,
      at: iso(hold.atWallMs),
      step: hold.step,
      reason: hold.reason,
      until: isoOrNone(hold.untilWallMs),
      releasedAt: isoOrNone(hold.releasedAtWallMs),
    })),
    bags: session.bags.map(({ by, atWallMs, bag, isAsOrdered }) => ({
      by,
      at: iso(atWallMs),
      drugMg: bag.drugMg,
      volumeMl: bag.volumeMl,
      isAsOrdered,
    })),
    concentrationConfirmed: session.concentrationConfirmedBy.map(({ by, atWallMs }) => ({
      by,
      at: iso(atWallMs),
    })),
    discharge: discharged && {
      by: discharged.by,
      at: iso(discharged.atWallMs),
      reason: discharged.reason,
    },
  };
}

function baselineOf(session: SessionRecord): ReportView['baseline'] {
  const values = baselineInUse(session);
  const isSeen = Object.values(values).some((value) => value !== null);
  const { baseline } = session;
  return {
    state: baseline !== null ? 'confirmed' : isSeen ? 'provisional' : 'none',
    ...values,
    by: baseline?.by ?? null,
    at: isoOrNone(baseline?.atWallMs ?? null),
  };
}
