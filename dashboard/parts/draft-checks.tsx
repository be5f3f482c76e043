/** What the gateway makes of a draft: all of it is worked out there, with exact decimals. */
import { labelOf, saidOf } from '../entry/labels.ts';
import { valueAt } from '../entry/plain.ts';
import { amount, concentration, doseRate, NBSP, pumpRate } from '../format/index.ts';
import type { DraftChecks, DraftView, OrderProblemView } from '../wire.ts';
import { PlanPreview } from './plan-preview.tsx';
import { Said } from './text.tsx';

interface ChecksInput {
  readonly reply: DraftView;
  /** False: what is typed now was not judged yet. */
  readonly isFresh: boolean;
  readonly document: unknown;
}

export function DraftChecksPanel({ reply, isFresh, document }: ChecksInput) {
  const { checks, problems, note } = reply;
  const wrong = problems.filter(({ path }) => valueAt(document, path) !== undefined);
  const open = problems.filter((problem) => !wrong.includes(problem));
  return (
    <section
      class="checks"
      aria-busy={!isFresh}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard.
      tabIndex={0}
      aria-label="Checks"
    >
      <CheckFacts checks={checks} isFresh={isFresh} />
      <PlanPreview checks={checks} end={valueAt(document, 'end')} />
      {checks.softExceeded !== null && (
        <p class="told">
          <b>Needs a reason: </b>
          <Said>{checks.softExceeded}</Said>
        </p>
      )}
      {checks.retype.map(({ path, was, now }) => (
        <p class="told" key={path}>
          <b>More than twice: </b>
          <Said>{`${labelOf(path)} was ${amount(was)}, now ${amount(now)}; type it again when signing`}</Said>
        </p>
      ))}
      {note !== null && (
        <p class="told">
          <Said>{note}</Said>
        </p>
      )}
      <Problems title="To mend" problems={wrong} />
      <Problems title="Still needed" problems={open} isShort />
      {problems.length === 0 && isFresh && <p>Nothing is missing and nothing is wrong.</p>}
    </section>
  );
}

export function CheckFacts({ checks, isFresh }: { checks: DraftChecks; isFresh: boolean }) {
  return (
    <dl>
      {factsOf(checks).map(([what, value]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd class={isFresh ? 'num' : 'num stale'}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf(checks: DraftChecks): readonly (readonly [string, string])[] {
  const or = (value: number | null, text: (value: number) => string) =>
    value === null ? '--' : text(value);
  return [
    ['Concentration', or(checks.concentrationMgPerMl, (x) => `${concentration(x)}${NBSP}mg/mL`)],
    ['In all', or(checks.totalMg, (x) => `${amount(x)}${NBSP}mg`)],
    [
      'Highest rate',
      or(checks.peakMgPerH, (x) => `${doseRate(x, checks.hardMaxMgPerH)}${NBSP}mg/h`),
    ],
    ['On the pump', or(checks.peakMlPerH, (x) => `${pumpRate(x)}${NBSP}mL/h`)],
    ['Hard limit here', or(checks.hardMaxMgPerH, (x) => `${doseRate(x)}${NBSP}mg/h`)],
    ['Soft limit here', or(checks.softMaxMgPerH, (x) => `${doseRate(x)}${NBSP}mg/h`)],
  ];
}

function Problems(input: {
  title: string;
  problems: readonly OrderProblemView[];
  isShort?: boolean;
}) {
  if (input.problems.length === 0) return null;
  return (
    <>
      <h3>
        {input.title} {input.problems.length}
      </h3>
      <ul class="problems">
        {input.problems.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <button type="button" onClick={() => goTo(path)}>
              <Said>
                {input.isShort ? labelOf(path) : `${labelOf(path)}: ${saidOf({ path, message })}`}
              </Said>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The field that a problem is about. */
function goTo(path: string): void {
  const field = [...document.querySelectorAll<HTMLElement>('[data-path]')].find(
    (one) => one.dataset['path'] === path || one.dataset['path']?.startsWith(path),
  );
  field?.scrollIntoView({ block: 'center' });
  field?.focus();
}
