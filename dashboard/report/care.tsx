/** What people did and saw at the bedside. */
import { decimal, duration, NBSP, NEVER } from '../format/index.ts';
import { SCORES, scoreText } from '../parts/session-tables.tsx';
import { whenText } from '../validity/when.ts';
import type { ReportView } from '../wire.ts';
import { PaperTable } from './table.tsx';
import { dayOfReport } from './words.ts';

export function CareTables({ report }: { report: ReportView }) {
  const day = dayOfReport(report);
  return (
    <>
      <PaperTable
        title="Observations"
        note="pain 0 to 10, affective 0 to 4; empty: not asked"
        columns={['Time', ...SCORES.map(([, head]) => ({ head, isRight: true })), 'Note', 'By']}
        none="None were noted."
        rows={report.observations.map((one) => [
          whenText(one.at, day),
          ...SCORES.map(([key]) => scoreText(one[key])),
          one.note ?? '',
          one.by,
        ])}
      />
      <PaperTable
        title="Adjuncts given"
        columns={['Time', 'Drug', 'Dose', 'Route', 'By']}
        none="None were given."
        rows={report.adjuncts.map((one) => [
          whenText(one.at, day),
          one.drug,
          `${decimal(one.doseMg, 3)}${NBSP}mg`,
          one.route,
          one.by,
        ])}
      />
      <PaperTable
        title="Pauses and holds"
        columns={['From', 'To', 'What', 'Reason', 'Nothing flowed', 'By']}
        none="None."
        rows={[
          ...report.pauses.map((pause) => [
            whenText(pause.at, day),
            pause.endedAt === null ? 'not resumed' : whenText(pause.endedAt, day),
            pause.isBagChange ? 'pause, bag change' : 'pause',
            pause.reason,
            duration(pause.stoppedS * 1000),
            pause.by,
          ]),
          ...report.holds.map((hold) => [
            whenText(hold.at, day),
            holdEnd(hold, day),
            `step ${hold.step} held`,
            hold.reason,
            NEVER,
            hold.by,
          ]),
        ]}
      />
    </>
  );
}

function holdEnd(
  { releasedAt, until }: ReportView['holds'][number],
  day: Parameters<typeof whenText>[1],
): string {
  if (releasedAt !== null) return whenText(releasedAt, day);
  return until === null ? 'not released' : `until ${whenText(until, day)}`;
}
