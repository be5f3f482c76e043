/** Vital signs every 15 minutes, and the lowest and highest of each hour. What was not known is `-?-`. */
import { NBSP } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { scoreText } from '../parts/session-tables.tsx';
import { whenText } from '../validity/when.ts';
import type { ReportView } from '../wire.ts';
import { PaperTable } from './table.tsx';
import { cuffText, dayOfReport, known, knownSaturation, rangeText } from './words.ts';

const QUARTER_MS = 15 * 60_000;
const right = (head: string) => ({ head, isRight: true });

export function VitalsTables({ report }: { report: ReportView }) {
  const day = dayOfReport(report);
  return (
    <>
      <PaperTable
        title="Vital signs every 15 min"
        note="heart rate and SpO2: mean of the minute before; NIBP: last of the 15 min before"
        columns={[
          'Time',
          right('HR bpm'),
          right('SpO2 %'),
          right('RR /min'),
          right('NIBP mmHg'),
          right('Pain'),
          right('Sedation'),
          'Note',
        ]}
        none="None were seen."
        rows={report.vitals.map((row) => [
          whenText(row.at, day),
          row.heartRateFrom === 'pulse'
            ? `${known(row.heartRateBpm)}${NBSP}(pulse)`
            : known(row.heartRateBpm),
          knownSaturation(row.spo2Percent),
          known(row.respPerMin),
          cuffText(row.pressure),
          scoreText(row.pain),
          scoreText(row.sedation),
          notesBefore(report, row.at),
        ])}
      />
      <PaperTable
        title="Lowest and highest of each hour"
        columns={[
          'Hour',
          right('HR bpm'),
          right('SpO2 %'),
          right('RR /min'),
          right('SYS mmHg'),
          right('DIA mmHg'),
        ]}
        none="None were seen."
        rows={report.hours.map((hour) => [
          `${whenText(hour.from, day)} to ${whenText(hour.to, day)}`,
          rangeText(hour.heartRateBpm),
          rangeText(hour.spo2Percent),
          rangeText(hour.respPerMin),
          rangeText(hour.systolicMmHg),
          rangeText(hour.diastolicMmHg),
        ])}
      />
    </>
  );
}

/** What a nurse wrote in the quarter of an hour before. */
function notesBefore({ observations }: ReportView, at: string): string {
  const endMs = parseWall(at);
  return observations
    .filter((one) => parseWall(one.at) <= endMs && parseWall(one.at) > endMs - QUARTER_MS)
    .flatMap(({ note }) => (note === null ? [] : [note]))
    .join('; ');
}
