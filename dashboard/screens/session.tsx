/** One session: where it stands, its staircase, and what was noted at the bedside. */
import type { ComponentChildren } from 'preact';
import { amount, NBSP, NEVER } from '../format/index.ts';
import { MeasuredPlot } from '../parts/measured-plot.tsx';
import { PatientLine } from '../parts/patient-line.tsx';
import { DayStrip, Legend, liveShape } from '../parts/plan-panel.tsx';
import { factsOf, plannedMgUntil } from '../parts/plan-shape.ts';
import { AdjunctsList, ObservationsTable, StepsTable } from '../parts/session-tables.tsx';
import { Said } from '../parts/text.tsx';
import { badCodes } from '../parts/tile.tsx';
import type { SortedAlarms } from '../state/alarm-order.ts';
import { moment, ward } from '../state/store.ts';
import { shownRate } from '../validity/rate.ts';
import { runningText, shownSession } from '../validity/session.ts';
import type { Moment } from '../validity/value.ts';
import type { AlarmView, BedView, SessionView } from '../wire.ts';
import { NoSuchBed } from './bed.tsx';

export function SessionScreen({ bedId, alarms }: { bedId: string; alarms: SortedAlarms }) {
  const now = moment.value;
  const bed = ward.value.beds.find((one) => one.bedId === bedId);
  if (bed === undefined)
    return <NoSuchBed bedId={bedId} isWaiting={now.link.phase === 'connecting'} />;
  const raised = now.link.phase === 'lost' ? undefined : rateAlarmOf(bedId, alarms);
  return (
    <main
      class={`page session ${bed.simulated ? 'simulated' : ''} ${bed.order === null ? 'over' : ''}`}
    >
      <PatientLine bed={bed} at="session" />
      {bed.session === null ? (
        <section class="panel whole">
          <h2>
            <b>No session on this bed.</b>
          </h2>
          <p class="muted">It begins when an order is started here.</p>
        </section>
      ) : (
        <Session bed={bed} session={bed.session} raised={raised} now={now} />
      )}
    </main>
  );
}

/** The alarm about the rate that stands on this bed: what deviates now takes its colour. */
function rateAlarmOf(bedId: string, alarms: SortedAlarms): AlarmView | undefined {
  return alarms.standing.find(
    (alarm) => alarm.bedId === bedId && badCodes([alarm])('MDC_FLOW_FLUID_PUMP_CURRENT'),
  );
}

function Session(input: {
  bed: BedView;
  session: SessionView;
  raised: AlarmView | undefined;
  now: Moment;
}) {
  const { bed, session, now } = input;
  const shape = liveShape(bed, now);
  return (
    <>
      {shape !== null && (
        <section
          class="panel stairs"
          aria-label="Plan and actual rate"
          data-alarm={input.raised?.priority}
        >
          <h2>
            <b>Plan and actual</b> mg/h
            <Legend />
          </h2>
          <MeasuredPlot shape={shape} now={now} />
          {shape.day && <DayStrip day={shape.day} />}
          <Given bed={bed} now={now} />
        </section>
      )}
      <Standing bed={bed} session={session} now={now} />
      {session.titration !== null && (
        <section class="panel steps" aria-label="Steps">
          <h2>
            <b>Steps</b>
            {runningText(bed, session.titration, now)}
          </h2>
          <Scroll label="Steps of the order">
            <StepsTable titration={session.titration} now={now} />
          </Scroll>
        </section>
      )}
      <section class="panel care" aria-label="Observations and adjuncts">
        <Scroll label="Observations and adjuncts">
          <h2>
            <b>Adjuncts given</b>
          </h2>
          <AdjunctsList adjuncts={session.adjuncts} now={now} />
          <h2>
            <b>Observations</b>
          </h2>
          <ObservationsTable observations={session.observations} now={now} />
        </Scroll>
      </section>
    </>
  );
}

function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}

/** Cumulative amounts side by side, given as a range wherever a counter was silent. */
function Given({ bed, now }: { bed: BedView; now: Moment }) {
  const facts = factsOf(bed);
  const planned = facts === null ? null : plannedMgUntil(facts, now.wallMs);
  const total = bed.infusion.orderedTotalMg;
  return (
    <p class="cumulative">
      <span class="muted">Given</span> <b class="num">{shownRate(bed, now).given}</b>
      <span class="muted">Planned by now</span>{' '}
      <b class="num plan">{planned === null ? NEVER : `${amount(planned)}${NBSP}mg`}</b>
      <span class="muted">Planned in all</span>{' '}
      <b class="num plan">{total === null ? NEVER : `${amount(total)}${NBSP}mg`}</b>
    </p>
  );
}

function Standing({ bed, session, now }: { bed: BedView; session: SessionView; now: Moment }) {
  const shown = shownSession(bed, session, now);
  return (
    <section class="panel standing" aria-label="Where the session stands">
      <p class="phase">
        <b>{shown.phase}</b>
        <span class="muted">
          <Said>{shown.note}</Said>
        </span>
      </p>
      {shown.count && (
        <p class="phase">
          <span class="muted">{shown.count.label}</span>
          <span class={`num count ${now.link.phase === 'lost' ? 'stale' : ''}`}>
            {shown.count.text}
          </span>
        </p>
      )}
      <dl>
        {shown.facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>
              <b>
                <Said>{fact.text}</Said>
              </b>
              {fact.note !== '' && (
                <small>
                  <Said>{fact.note}</Said>
                </small>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
