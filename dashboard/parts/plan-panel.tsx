/** Plan and actual rate over time, with the same facts as a table for screen readers. */
import { doseRate, timeOfDay } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { shownRate } from '../validity/rate.ts';
import type { Moment } from '../validity/value.ts';
import type { AlarmView, BedView } from '../wire.ts';
import { MeasuredPlot } from './measured-plot.tsx';
import { type PlanShape, planShape } from './plan-shape.ts';
import { STEP_WORDS } from './plan-steps.ts';
import { badCodes } from './tile.tsx';

export function PlanPanel(input: { bed: BedView; alarms: readonly AlarmView[]; now: Moment }) {
  const { bed, alarms, now } = input;
  const shape = liveShape(bed, now);
  const raised = alarms.find((alarm) => badCodes([alarm])('MDC_FLOW_FLUID_PUMP_CURRENT'));
  return (
    <section
      class="panel third plan-panel"
      aria-label="Plan and actual rate"
      data-alarm={raised?.priority}
    >
      <h2>
        <b>Plan and actual</b> mg/h
        <Legend />
      </h2>
      {shape === null ? (
        <p class="muted">No order, so there is no plan to show.</p>
      ) : (
        <MeasuredPlot shape={shape} now={now} />
      )}
      {shape?.day && <DayStrip day={shape.day} />}
      {shape && <StepTable shape={shape} now={now} />}
    </section>
  );
}

/** A live rate that may not be shown as a number may not be drawn as a line either. */
export function liveShape(bed: BedView, now: Moment): PlanShape | null {
  const { state } = shownRate(bed, now);
  const isUnknown = state !== 'valid' && state !== 'questionable' && state !== 'stale';
  const observedAt = bed.infusion.liveObservedAt;
  return planShape({
    bed,
    nowMs: now.wallMs,
    utcOffsetMin: now.utcOffsetMin,
    unknownSinceMs: isUnknown ? (observedAt === null ? now.wallMs : parseWall(observedAt)) : null,
  });
}

export function Legend() {
  return (
    <span class="legend" aria-hidden="true">
      <span>
        <svg viewBox="0 0 28 12" aria-hidden="true">
          <path class="plan-line" d="M0 6h28" />
        </svg>
        plan
      </span>
      <span>
        <svg viewBox="0 0 28 12" aria-hidden="true">
          <path class="actual-line" d="M0 6h28" />
        </svg>
        actual
      </span>
      <span>
        <svg viewBox="0 0 28 12" aria-hidden="true">
          <path class="unknown-line" d="M2 12 12 0M10 12 20 0M18 12 28 0" />
        </svg>
        unknown
      </span>
    </span>
  );
}

export function DayStrip({ day }: { day: NonNullable<PlanShape['day']> }) {
  return (
    <ol class="daystrip" aria-label={`Day ${day.now} of ${day.of}`}>
      {Array.from({ length: day.of }, (_, index) => (
        <li key={index} class={index + 1 === day.now ? 'now' : ''}>
          {index + 1 === day.now ? `day ${index + 1}` : index + 1}
        </li>
      ))}
    </ol>
  );
}

function StepTable({ shape, now }: { shape: PlanShape; now: Moment }) {
  return (
    <table class="unseen">
      <caption>Steps of the order in this window</caption>
      <tbody>
        {shape.steps.map((step) => (
          <tr key={step.step}>
            <th scope="row">Step {step.step}</th>
            <td>{timeOfDay(step.atMs, now.utcOffsetMin)}</td>
            <td>{doseRate(step.mgPerH)} mg/h</td>
            <td>{STEP_WORDS[step.state]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
