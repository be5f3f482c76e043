/** The fields of an order. What the template proposes stands in the field and is taken by a touch, one by one. */
import {
  adjunctFields,
  COURSE_DAY,
  criteriaFields,
  DRUG,
  type FieldGroup,
  type FieldSpec,
  LIMITS,
  PATIENT,
  PLAN,
  sessionFields,
  stepFields,
  WATCH,
} from '../entry/fields.ts';
import { saidOf } from '../entry/labels.ts';
import { type Plain, rowsOf, valueAt, withoutRow, withRow, withValue } from '../entry/plain.ts';
import { proposalAt } from '../entry/proposals.ts';
import { daysOf } from '../entry/typed.ts';
import { amount, concentration, doseRate, NBSP, pumpRate } from '../format/index.ts';
import type { DraftView } from '../wire.ts';
import { Field } from './field.tsx';

interface DraftFormInput {
  readonly document: Plain;
  readonly proposed: Plain | null;
  readonly reply: DraftView;
  readonly onChange: (document: Plain) => void;
}

export function DraftForm(input: DraftFormInput) {
  return (
    <div class="draft">
      <Group {...input} group={PATIENT} />
      <Group {...input} group={DRUG} />
      <Group {...input} group={PLAN} />
      <Steps {...input} />
      <Group {...input} group={LIMITS} />
      <Group {...input} group={WATCH} />
      <Adjuncts {...input} />
      <Course {...input} />
    </div>
  );
}

function Group(input: DraftFormInput & { group: FieldGroup }) {
  const { group } = input;
  return (
    <section aria-labelledby={`group-${group.id}`}>
      <h2 id={`group-${group.id}`}>{group.title}</h2>
      <div class="fields">
        <Fields {...input} specs={group.fields} />
      </div>
    </section>
  );
}

function Fields(input: DraftFormInput & { specs: readonly FieldSpec[] }) {
  const { document, proposed, reply, onChange } = input;
  return (
    <>
      {input.specs.map((spec) => (
        <Field
          key={spec.path}
          spec={spec}
          value={valueAt(document, spec.path)}
          problem={problemAt(reply, spec.path)}
          proposal={proposalAt(proposed, document, spec.path)}
          derived={derivedFor(spec.path, input)}
          onChange={(value) => onChange(withValue(document, spec.path, value))}
        />
      ))}
    </>
  );
}

function problemAt({ problems }: DraftView, path: string): string | undefined {
  const problem = problems.find((one) => one.path === path);
  return problem && saidOf(problem);
}

/** What the gateway worked out from it: never worked out here. */
function derivedFor(path: string, { document, reply }: DraftFormInput): string | undefined {
  const { checks } = reply;
  if (path === 'bag.volumeMl' && checks.concentrationMgPerMl !== null)
    return `= ${concentration(checks.concentrationMgPerMl)}${NBSP}mg/mL`;
  const index = /^steps\[(\d+)\]\.dose$/.exec(path)?.[1];
  if (index !== undefined) return stepText(checks.steps[Number(index)]);
  const days = daysOf(valueAt(document, path));
  return days === '' ? undefined : `= ${days}`;
}

function stepText(step: DraftView['checks']['steps'][number] | undefined): string | undefined {
  if (step === undefined) return undefined;
  const ml = step.mlPerH === null ? '' : ` = ${pumpRate(step.mlPerH)}${NBSP}mL/h`;
  return `= ${doseRate(step.mgPerH)}${NBSP}mg/h${ml}`;
}

function Steps(input: DraftFormInput) {
  const { document, onChange } = input;
  const count = rowsOf(document, 'steps');
  const renumbered = (changed: Plain): Plain =>
    Array.from({ length: rowsOf(changed, 'steps') }).reduce<Plain>(
      (at, _, index) => withValue(at, `steps[${index}].step`, index + 1),
      changed,
    );
  return (
    <section aria-labelledby="group-steps">
      <h2 id="group-steps">Steps</h2>
      {Array.from({ length: count }, (_, index) => (
        <fieldset class="row" key={index}>
          <legend>Step {index + 1}</legend>
          <div>
            <div class="fields tight">
              <Fields {...input} specs={stepFields(index, document['mode'])} />
            </div>
            {index > 0 && (
              <div class="fields criteria">
                <Fields {...input} specs={criteriaFields(index)} />
              </div>
            )}
          </div>
          {count > 1 && (
            <button
              type="button"
              aria-label={`Take step ${index + 1} out`}
              onClick={() => onChange(renumbered(withoutRow(document, 'steps', index)))}
            >
              Take out
            </button>
          )}
        </fieldset>
      ))}
      <button
        type="button"
        onClick={() => onChange(withRow(document, 'steps', { step: count + 1 }))}
      >
        Add a step
      </button>
    </section>
  );
}

function Adjuncts(input: DraftFormInput) {
  const { document, onChange } = input;
  return (
    <section aria-labelledby="group-adjuncts">
      <h2 id="group-adjuncts">Given beside the infusion; recorded, not watched</h2>
      {Array.from({ length: rowsOf(document, 'adjuncts') }, (_, index) => (
        <fieldset class="row" key={index}>
          <legend>Adjunct {index + 1}</legend>
          <div class="fields tight">
            <Fields {...input} specs={adjunctFields(index)} />
          </div>
          <button
            type="button"
            aria-label={`Take adjunct ${index + 1} out`}
            onClick={() => onChange(withoutRow(document, 'adjuncts', index))}
          >
            Take out
          </button>
        </fieldset>
      ))}
      <button type="button" onClick={() => onChange(withRow(document, 'adjuncts', {}))}>
        Add an adjunct
      </button>
    </section>
  );
}

function Course(input: DraftFormInput) {
  const { document, onChange, reply } = input;
  const count = rowsOf(document, 'course.sessions');
  const total = reply.checks.totalMg;
  const add = () => {
    const begun = count === 0 ? withValue(document, 'course.day', 1) : document;
    onChange(withRow(begun, 'course.sessions', { day: count + 1 }));
  };
  const drop = () => {
    const left = withoutRow(document, 'course.sessions', count - 1);
    onChange(count === 1 ? withValue(left, 'course', undefined) : left);
  };
  return (
    <section aria-labelledby="group-course">
      <h2 id="group-course">Course: this and the other days</h2>
      {count > 0 && (
        <div class="fields tight">
          <Fields {...input} specs={[COURSE_DAY]} />
          {total !== null && (
            <p class="fieldnote">The steps of this order give {amount(total)} mg.</p>
          )}
        </div>
      )}
      <div class="fields pairs">
        {Array.from({ length: count }, (_, index) => (
          <Fields key={index} {...input} specs={sessionFields(index)} />
        ))}
      </div>
      <button type="button" onClick={add}>
        Add a day
      </button>
      {count > 0 && (
        <>
          <button type="button" onClick={drop}>
            Take the last day out
          </button>
          <button type="button" onClick={() => onChange(withValue(document, 'course', undefined))}>
            No course
          </button>
        </>
      )}
    </section>
  );
}
