/** Steps, observations and adjuncts of a session as tables. */
import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { decimal, doseRate, NBSP, pumpRate } from '../format/index.ts';
import type { Moment } from '../validity/value.ts';
import { countTo, whenText } from '../validity/when.ts';
import type { SessionView, TitrationView } from '../wire.ts';
import { StepGlyph } from './plan-marks.tsx';
import { STEP_WORDS, stepStateOf } from './plan-steps.ts';
import { Said } from './text.tsx';

type StepView = TitrationView['steps'][number];

/** Of many steps the last one that was made and the next ones stand in sight first. */
export function StepsTable({ titration, now }: { titration: TitrationView; now: Moment }) {
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => {
    const { current } = table;
    const row = current?.querySelector('[data-open]')?.previousElementSibling;
    const head = current?.tHead?.offsetHeight ?? 0;
    const box = current?.parentElement;
    if (row instanceof HTMLElement && box) box.scrollTop = row.offsetTop - head;
  }, [titration.steps.length]);
  return (
    <table class="log short" ref={table}>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Rate</th>
          <th scope="col">Due, window</th>
          <th scope="col">State</th>
          <th scope="col" class="wide">
            Made, read off the pump, who
          </th>
        </tr>
      </thead>
      <tbody>
        {titration.steps.map((step) => (
          <tr
            key={step.step}
            aria-current={step.step === titration.runningStep ? 'step' : undefined}
            data-open={step.state !== 'made' && step.state !== 'skipped' ? step.step : undefined}
          >
            <th scope="row" class="num">
              {step.step}
            </th>
            <td class="plan">
              <b>{`${doseRate(step.mgPerH)}${NBSP}mg/h`}</b>
              <small>{`${pumpRate(step.mlPerH)}${NBSP}mL/h`}</small>
            </td>
            <td>
              {whenText(step.dueAt, now)}
              <small>{windowText(step, now)}</small>
            </td>
            <td class="nowrap">
              <StepGlyph state={stepStateOf(step)} />
              <b>{stateText(step, now)}</b>
            </td>
            <td class="wide">
              <Said>{storyOf(step, now)}</Said>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The date once, where both ends are on the same day. */
function windowText({ earliestAt, latestAt }: StepView, now: Moment): string {
  if (earliestAt === null || latestAt === null) return '';
  const until = whenText(latestAt, now);
  const isSameDay = whenText(earliestAt, now).slice(0, -5) === until.slice(0, -5);
  return `${whenText(earliestAt, now)} to ${isSameDay ? until.slice(-5) : until}`;
}

/** `late 00:02:10` while it can be counted; else the word alone. */
function stateText(step: StepView, now: Moment): string {
  const state = stepStateOf(step);
  const late = state === 'late' && step.latestAt !== null ? countTo(step.latestAt, now) : null;
  return late?.isLate ? late.text : STEP_WORDS[state];
}

/** What happened to the step, or what it waits for. */
function storyOf(step: StepView, now: Moment): string {
  const read =
    step.readMgPerH === null ? '' : `, pump read ${doseRate(step.readMgPerH)}${NBSP}mg/h`;
  const until = step.holdUntil === null ? '' : ` until ${whenText(step.holdUntil, now)}`;
  const isOpen = step.state !== 'made' && step.state !== 'skipped';
  return [
    step.madeAt === null ? '' : `${whenText(step.madeAt, now)}${read}`,
    step.confirmedBy === null ? '' : `confirmed by ${step.confirmedBy}`,
    step.state === 'held' ? `held by ${step.heldBy ?? 'somebody'}${until}` : '',
    step.state === 'held' ? (step.holdReason ?? '') : '',
    isOpen && step.needsConfirmation && step.confirmedBy === null ? 'a person must confirm it' : '',
    isOpen ? (step.condition ?? '') : '',
    ...step.holdReasons.map((reason) => `reason to hold: ${reason}`),
  ]
    .filter((words) => words !== '')
    .join('; ');
}

export const SCORES = [
  ['pain', 'Pain', 'of 10'],
  ['affective', 'Affect', 'of 4'],
  ['sedation', 'Sedation', ''],
  ['dysphoria', 'Dysphoria', ''],
  ['hallucination', 'Halluc.', ''],
  ['nausea', 'Nausea', ''],
  ['headache', 'Headache', ''],
] as const;

type Observation = SessionView['observations'][number];

export function ObservationsTable(input: { observations: readonly Observation[]; now: Moment }) {
  if (input.observations.length === 0) return <p class="muted">None noted in this session.</p>;
  return (
    <table class="log short">
      <thead>
        <tr>
          <th scope="col">Time</th>
          {SCORES.map(([key, word, scale]) => (
            <th scope="col" key={key} class="right">
              {word}
              <small>{scale}</small>
            </th>
          ))}
          <th scope="col">By</th>
        </tr>
      </thead>
      <tbody>
        {input.observations.map((one) => (
          <Fragment key={`${one.at}${one.by}`}>
            <tr>
              <td>{whenText(one.at, input.now)}</td>
              {SCORES.map(([key]) => (
                <td class="right num" key={key}>
                  {scoreText(one[key])}
                </td>
              ))}
              <td class="wide">
                <Said>{one.by}</Said>
              </td>
            </tr>
            {one.note !== null && (
              <tr class="noted">
                <td />
                <td class="wide" colSpan={SCORES.length + 1}>
                  <Said>{one.note}</Said>
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

/** Not asked is an empty place; a zero was asked and answered. */
export function scoreText(score: number | null): string {
  return score === null ? '' : decimal(score, 1);
}

export function AdjunctsList(input: { adjuncts: SessionView['adjuncts']; now: Moment }) {
  if (input.adjuncts.length === 0) return <p class="muted">None given in this session.</p>;
  return (
    <ul class="adjuncts">
      {input.adjuncts.map((one) => (
        <li key={`${one.at}${one.drug}`}>
          {whenText(one.at, input.now)}{' '}
          <b>
            <Said>{one.drug}</Said> {`${decimal(one.doseMg, 3)}${NBSP}mg`}
          </b>{' '}
          <Said>{one.route}</Said>
          <span class="muted">
            , <Said>{one.by}</Said>
          </span>
        </li>
      ))}
    </ul>
  );
}
