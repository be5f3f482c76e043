/** Plan and actual rate over time, with the same facts as a table for screen readers. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { doseRate, timeOfDay } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { shownRate } from '../validity/rate.ts';
import type { Moment } from '../validity/value.ts';
import type { AlarmView, BedView } from '../wire.ts';
import { PlanPlot } from './plan-plot.tsx';
import { type PlanShape, planShape } from './plan-shape.ts';
import { badCodes } from './tile.tsx';

export function PlanPanel(input: { bed: BedView; alarms: readonly AlarmView[]; now: Moment }) {
  const { bed, alarms, now } = input;
  const rate = shownRate(bed, now);
  const isUnknown =
    rate.state !== 'valid' && rate.state !== 'questionable' && rate.state !== 'stale';
  const observedAt = bed.infusion.liveObservedAt;
  const shape = planShape({
    bed,
    nowMs: now.wallMs,
    utcOffsetMin: now.utcOffsetMin,
    unknownSinceMs: isUnknown ? (observedAt === null ? now.wallMs : parseWall(observedAt)) : null,
  });
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
        <Measured shape={shape} now={now} />
      )}
      {shape?.day && <DayStrip day={shape.day} />}
      {shape && <StepTable shape={shape} now={now} />}
    </section>
  );
}

/** SVG text must not be stretched, so the plot is drawn for the size that the panel really has. */
function Measured({ shape, now }: { shape: PlanShape; now: Moment }) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() =>
      setSize({ width: current.clientWidth, height: current.clientHeight }),
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const label =
    now.link.phase === 'lost' ? 'not live' : `now ${timeOfDay(now.wallMs, now.utcOffsetMin)}`;
  return (
    <div class="plot" ref={box}>
      {size !== null && size.width > 0 && (
        <PlanPlot
          shape={shape}
          width={size.width}
          height={size.height}
          nowMs={now.wallMs}
          nowLabel={label}
          utcOffsetMin={now.utcOffsetMin}
        />
      )}
    </div>
  );
}

function Legend() {
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

function DayStrip({ day }: { day: NonNullable<PlanShape['day']> }) {
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

const STATE_WORDS = {
  planned: 'planned',
  done: 'reached by the pump',
  missed: 'not made',
} as const;

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
            <td>{STATE_WORDS[step.state]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
