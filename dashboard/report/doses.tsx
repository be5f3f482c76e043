/** What was ordered, what became of each step, and what was given from which bag. */
import { amount, decimal, doseRate, NBSP, NEVER, pumpRate } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { StepGlyph } from '../parts/plan-marks.tsx';
import { STEP_WORDS } from '../parts/plan-steps.ts';
import { mgRange } from '../validity/session.ts';
import { whenText } from '../validity/when.ts';
import type { ReportView } from '../wire.ts';
import { reportStepState } from './shape.ts';
import { PaperTable } from './table.tsx';
import { dayOfReport } from './words.ts';

type Step = ReportView['steps'][number];

export function StepTable({ report }: { report: ReportView }) {
  const day = dayOfReport(report);
  return (
    <PaperTable
      title="Steps"
      columns={['Step', 'Plan', 'Ordered', 'State', 'Pump read', 'Difference', 'Confirmed by']}
      none="The order has no steps."
      rows={report.steps.map((step) => [
        String(step.step),
        whenText(step.plannedAt, day),
        `${doseRate(step.mgPerH)}${NBSP}mg/h = ${pumpRate(step.mlPerH)}${NBSP}mL/h`,
        <span key="state" class="nowrap">
          <StepGlyph state={reportStepState(step, report)} />
          {STEP_WORDS[reportStepState(step, report)]}
        </span>,
        readText(step, day),
        differenceText(step),
        step.confirmedBy ?? '',
      ])}
    />
  );
}

function readText(step: Step, day: Parameters<typeof whenText>[1]): string {
  if (step.madeAt === null) return '';
  const read = step.readMgPerH === null ? NEVER : `${doseRate(step.readMgPerH)}${NBSP}mg/h`;
  return `${read} at ${whenText(step.madeAt, day)}`;
}

/** Minutes that the step was made after it was planned, with its sign. */
function differenceText({ plannedAt, madeAt }: Step): string {
  if (plannedAt === null || madeAt === null) return '';
  const minutes = Math.round((parseWall(madeAt) - parseWall(plannedAt)) / 60_000);
  if (minutes === 0) return `0${NBSP}min`;
  return `${minutes > 0 ? '+' : ''}${decimal(minutes, 0)}${NBSP}min`;
}

/** While it runs, the sum is newer than the rows: these are what the log had last. */
function ledgerNote({ givenMg, givenAtMostMg, plannedMg, ended }: ReportView): string {
  const sum = `given ${mgRange(givenMg, givenAtMostMg)} of ${amount(plannedMg)}${NBSP}mg planned`;
  return ended === null ? `${sum}; the rows as last written to the log` : sum;
}

export function DoseTables({ report }: { report: ReportView }) {
  const day = dayOfReport(report);
  return (
    <>
      <PaperTable
        title="Dose ledger"
        note={ledgerNote(report)}
        columns={['Bag', 'Pump', 'From', 'To', 'Volume', 'Dose', 'How derived']}
        none={report.startedAt === null ? 'No flow was seen.' : 'It is not known what was given.'}
        rows={report.doses.map((dose) => [
          `${decimal(dose.bagDrugMg, 2)}${NBSP}mg in ${decimal(dose.bagVolumeMl, 2)}${NBSP}mL`,
          dose.pumpId,
          whenText(dose.from, day),
          whenText(dose.to, day),
          mlRange(dose.atLeastMl, dose.atMostMl),
          mgRange(dose.atLeastMg, dose.atMostMg),
          dose.how,
        ])}
      />
      {report.bags.length > 0 && (
        <PaperTable
          title="Bag labels read"
          columns={['Time', 'Label', 'As ordered', 'By']}
          none=""
          rows={report.bags.map((bag) => [
            whenText(bag.at, day),
            `${decimal(bag.drugMg, 2)}${NBSP}mg in ${decimal(bag.volumeMl, 2)}${NBSP}mL`,
            bag.isAsOrdered ? 'yes' : 'NO',
            bag.by,
          ])}
        />
      )}
    </>
  );
}

function mlRange(atLeast: number, atMost: number): string {
  const text = `${amount(atLeast)}${NBSP}mL`;
  return amount(atLeast) === amount(atMost)
    ? text
    : `${amount(atLeast)} to ${amount(atMost)}${NBSP}mL`;
}
