/** Where an order begins: a template that proposes, or an empty form. Either way it is a draft at first. */
import { useState } from 'preact/hooks';
import { BLANK_ORDER, type FieldSpec } from '../entry/fields.ts';
import { type Plain, valueAt, withValue } from '../entry/plain.ts';
import { frameOf } from '../entry/proposals.ts';
import { EVIDENCE_WORDS } from '../entry/words.ts';
import { decimal } from '../format/index.ts';
import { listRegimens, proposeOrder, saveDraft } from '../link/order-api.ts';
import { useFetched } from '../parts/fetched.ts';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icons.tsx';
import { Keypad, usePad } from '../parts/keypad.tsx';
import { Said } from '../parts/text.tsx';
import { hrefOf } from '../state/route.ts';
import type { RegimenView } from '../wire.ts';

const ASKED: readonly FieldSpec[] = [
  { path: 'patient.id', label: 'Patient id', kind: 'text', hint: 'From the wristband' },
  { path: 'patient.weightKg', label: 'Weight', kind: 'number', unit: 'kg' },
];
const ASKED_OF_A_COURSE: readonly FieldSpec[] = [
  { path: 'session', label: 'Which day of the course', kind: 'number' },
  { path: 'firstDate', label: 'First day of the course', kind: 'date' },
];

export function NewOrderScreen() {
  const pad = usePad();
  const regimens = useFetched('regimens', listRegimens);
  const [chosen, setChosen] = useState<RegimenView | null>(null);
  const [answers, setAnswers] = useState<Plain>({});
  const [sentence, setSentence] = useState('');
  const [isPending, setPending] = useState(false);
  const isCourse = chosen?.calendar[0]?.every === 'P1D';
  const fields = isCourse ? [...ASKED, ...ASKED_OF_A_COURSE] : ASKED;
  const begin = async () => {
    setPending(true);
    setSentence('');
    const outcome = await beginDraft(chosen, answers, isCourse);
    setPending(false);
    if (typeof outcome === 'string') setSentence(outcome);
    else location.hash = hrefOf({ screen: 'draft', draftId: outcome.draftId });
  };
  return (
    <main class="page entry" {...pad.area}>
      <section class="panel form">
        <div class="headline">
          <a class="button" href={hrefOf({ screen: 'orders' })}>
            <Icon shape="back" />
            Orders
          </a>
          <h1>New order</h1>
        </div>
        <p class="outcome" role="status">
          {regimens.sentence}
        </p>
        <p class="muted">
          A template proposes and never decides: each dose has to be taken or typed by the
          prescriber.
        </p>
        <ul class="regimens">
          <li>
            <RegimenButton
              isOn={chosen === null}
              title="No template"
              small="Every field is filled by hand"
              onClick={() => setChosen(null)}
            />
          </li>
          {regimens.value?.regimens.map((regimen) => (
            <li key={regimen.id}>
              <RegimenButton
                isOn={chosen?.id === regimen.id}
                title={`${regimen.reference} ${regimen.title}`}
                small={`${doseText(regimen)}; ${EVIDENCE_WORDS[regimen.source.weight]}`}
                onClick={() => setChosen(regimen)}
              />
            </li>
          ))}
        </ul>
      </section>
      <section class="panel side">
        <h2>
          <b>{chosen === null ? 'No template' : <Said>{chosen.reference}</Said>}</b>
        </h2>
        <div class="fields">
          {fields.map((spec) => (
            <Field
              key={spec.path}
              spec={spec}
              value={valueAt(answers, spec.path)}
              onChange={(value) => setAnswers((before) => withValue(before, spec.path, value))}
            />
          ))}
        </div>
        <Keypad input={pad.input} />
        <p class="outcome" role="alert">
          {sentence}
        </p>
        <button
          class="big primary commit"
          type="button"
          disabled={isPending}
          onClick={() => void begin()}
        >
          {isPending ? 'Waiting for the gateway' : 'Begin the draft'}
        </button>
      </section>
    </main>
  );
}

function RegimenButton(input: {
  isOn: boolean;
  title: string;
  small: string;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      class={`regimen ${input.isOn ? 'on' : ''}`}
      aria-pressed={input.isOn}
      onClick={input.onClick}
    >
      <b>
        <Said>{input.title}</Said>
      </b>
      <small>
        <Said>{input.small}</Said>
      </small>
    </button>
  );
}

const DOSE_WORDS = {
  'mg-total-over': 'mg a session',
  'mg-per-h': 'mg/h',
  'mg-per-kg-per-h': 'mg/kg/h',
} as const;

function doseText({ dose, mode }: RegimenView): string {
  const span =
    dose.lowest === dose.highest
      ? decimal(dose.lowest, 2)
      : `${decimal(dose.lowest, 2)} to ${decimal(dose.highest, 2)}`;
  return `${span} ${DOSE_WORDS[mode]}`;
}

/** The draft at the gateway, or why there is none. */
async function beginDraft(
  regimen: RegimenView | null,
  answers: Plain,
  isCourse: boolean,
): Promise<{ readonly draftId: string } | string> {
  let document: Plain = BLANK_ORDER;
  const patient = valueAt(answers, 'patient');
  if (regimen !== null) {
    const proposed = await proposeOrder(regimen.id, proposalCall(answers, isCourse));
    if (proposed.kind !== 'done') return proposed.sentence;
    document = frameOf(proposed.value.document);
    const firstDate = valueAt(answers, 'firstDate');
    if (isCourse && firstDate !== undefined)
      document = withValue(document, 'course.sessions[0].date', firstDate);
  }
  if (patient !== undefined) document = withValue(document, 'patient', patient);
  const saved = await saveDraft({ document });
  return saved.kind === 'done' ? saved.value : saved.sentence;
}

function proposalCall(answers: Plain, isCourse: boolean): object {
  const patient = valueAt(answers, 'patient');
  const firstDate = valueAt(answers, 'firstDate');
  return {
    session: isCourse ? (valueAt(answers, 'session') ?? 1) : 1,
    ...(patient === undefined ? {} : { patient }),
    ...(isCourse && firstDate !== undefined ? { firstDate } : {}),
  };
}
