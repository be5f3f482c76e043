/** The session report as it is printed: black on white, its head on every page. */
import { concentration, decimal, NBSP, weight } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { PlanPlot } from '../parts/plan-plot.tsx';
import { Said } from '../parts/text.tsx';
import { stampText, whenText } from '../validity/when.ts';
import type { NibpReading, ReportView } from '../wire.ts';
import { CareTables } from './care.tsx';
import { DoseTables, StepTable } from './doses.tsx';
import { AlarmTable, RecordTables } from './record.tsx';
import { reportShape } from './shape.ts';
import { Printed } from './table.tsx';
import { VitalsTables } from './vitals.tsx';
import { completeness, dayOfReport, handOver, openActions } from './words.ts';

/** `lastCuff`: the newest reading at the bed, while this session still lies there. */
export function Paper(input: { report: ReportView; lastCuff: NibpReading | null }) {
  const { report } = input;
  return (
    <article class="paper" aria-label="Session report">
      {/* The head of a table is the one thing that every browser repeats on each page. */}
      <table role="presentation" class="pages">
        <thead>
          <tr>
            <td>
              <PageHead report={report} />
            </td>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>
              <HandOver report={report} lastCuff={input.lastCuff} />
              <Staircase report={report} />
              <StepTable report={report} />
              <DoseTables report={report} />
              <VitalsTables report={report} />
              <CareTables report={report} />
              <AlarmTable report={report} />
              <RecordTables report={report} />
            </td>
          </tr>
        </tbody>
      </table>
    </article>
  );
}

function PageHead({ report }: { report: ReportView }) {
  const { order, patient, bedId, course } = report;
  const kg = patient.weightKg === null ? '' : `, ${weight(patient.weightKg)} kg`;
  const day = course === null ? '' : `, day ${course.day} of ${course.of}`;
  const bag = `${decimal(order.bagDrugMg, 2)} mg in ${decimal(order.bagVolumeMl, 2)} mL`;
  return (
    <header class="pagehead">
      <p>
        <span>
          <b>
            <Said>{patient.label}</Said>
          </b>{' '}
          <Said>{`${patient.id}${kg}${bedId === null ? '' : `, bed ${bedId}`}${day}`}</Said>
        </span>
        <span>
          <Said>{`${report.site} ${report.unit}, gateway ${report.gatewayId}`}</Said>
        </span>
      </p>
      <p>
        <span>
          <Printed>
            {`Order ${order.orderId} version ${order.version}: ${order.drugName} (${order.drugForm}), ${bag} (${concentration(order.concentrationMgPerMl)}${NBSP}mg/mL)`}
          </Printed>
        </span>
        <span class="nowrap">{stampText(report.madeAt, report.utcOffsetMin)}</span>
      </p>
      <p class="complete">
        <b>
          <Printed>{completeness(report)}</Printed>
        </b>
        {report.simulated && <b>SIMULATED: not a patient</b>}
      </p>
    </header>
  );
}

function HandOver({ report, lastCuff }: { report: ReportView; lastCuff: NibpReading | null }) {
  return (
    <section class="part hand">
      <h2>Hand-over</h2>
      <dl>
        {handOver(report, lastCuff).map(({ label, text }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <Printed>{text}</Printed>
            </dd>
          </div>
        ))}
      </dl>
      <p class="open">
        <b>Open actions</b>
        {[...openActions(report), '', ''].map((words, index) => (
          <span key={index} class={words === '' ? 'line' : ''}>
            <i class="tick" />
            <Said>{words}</Said>
          </span>
        ))}
      </p>
      <div class="sign">
        <span>Outgoing nurse</span>
        <span>Incoming nurse</span>
      </div>
    </section>
  );
}

const PLOT = { width: 720, height: 250, font: 11 } as const;

function Staircase({ report }: { report: ReportView }) {
  const shape = reportShape(report);
  const day = dayOfReport(report);
  const gaps = shape?.unknown ?? [];
  return (
    <section class="part staircase">
      <h2>
        Plan and actual rate <small>mg/h; dashed: plan, solid: actual, hatched: unknown</small>
      </h2>
      {shape === null ? (
        <p>No flow was seen under this order.</p>
      ) : (
        <div class="plot">
          <PlanPlot
            shape={shape}
            {...PLOT}
            nowMs={report.ended === null ? parseWall(report.madeAt) : Number.NEGATIVE_INFINITY}
            nowLabel={`made ${whenText(report.madeAt, day)}`}
            utcOffsetMin={report.utcOffsetMin}
          />
        </div>
      )}
      {gaps.length > 0 && (
        <p>
          Rate unknown:{' '}
          {gaps
            .map(({ fromMs, toMs }) =>
              [fromMs, toMs].map((ms) => whenText(new Date(ms).toISOString(), day)).join(' to '),
            )
            .join(', ')}
        </p>
      )}
    </section>
  );
}
