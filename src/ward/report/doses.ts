import type { ReportView } from '../../hub/wire/index.ts';
import { concentration } from '../../observation/format.ts';
import { counted, emptyAccount } from '../../order/dose-account.ts';
import { iso } from '../../pipeline/times.ts';
import type { CountedBag, SessionLog } from './session-log.ts';

/** What each pump gave from each bag: a row ends where another bag was hung. */
export function reportDoses(log: Pick<SessionLog, 'counted'>): ReportView['doses'] {
  return [...log.counted].flatMap(([pumpId, bags]) =>
    bags.map((bag, index) => reportDose(pumpId, bag, bags[index - 1])),
  );
}

function reportDose(
  pumpId: string,
  bag: CountedBag,
  before: CountedBag | undefined,
): ReportView['doses'][number] {
  const { drugUg, volumeUl } = bag.last.bag;
  const { bagUl } = bag.last;
  const now = totalOf(bag);
  const then = before === undefined ? { leastUg: 0, mostUg: 0 } : totalOf(before);
  const strength = `${concentration(drugUg / volumeUl)} mg/mL`;
  const leastUg = now.leastUg - then.leastUg;
  const mostUg = now.mostUg - then.mostUg;
  return {
    pumpId,
    bagDrugMg: drugUg / 1_000,
    bagVolumeMl: volumeUl / 1_000,
    from: iso(bag.fromWallMs),
    to: iso(bag.toWallMs),
    atLeastMl: bagUl.leastUl / 1_000,
    atMostMl: bagUl.mostUl / 1_000,
    atLeastMg: leastUg / 1_000,
    atMostMg: mostUg / 1_000,
    how: howKnown(bag, leastUg === mostUg, strength),
  };
}

const totalOf = ({ last: { bagUl, former, bag } }: CountedBag) =>
  counted({ ...emptyAccount, bagUl, former }, bag);

function howKnown({ last }: CountedBag, isExact: boolean, strength: string): string {
  if (last.isOther === true) return 'this pump told another drug; it is not counted';
  const counter = `volume counter of the pump x ${strength}`;
  return isExact
    ? counter
    : `${counter}; at most: what can have flowed where the counter does not tell all`;
}
