/** The next step of the order: its criteria, and a person who says that they are met, or holds it. */
import { useState } from 'preact/hooks';
import { stepToAct } from '../entry/bedside.ts';
import type { FieldSpec } from '../entry/fields.ts';
import { valueAt } from '../entry/plain.ts';
import { decimal, doseRate, NBSP, pumpRate } from '../format/index.ts';
import { changeOrder, readOrder } from '../link/order-api.ts';
import { moment } from '../state/store.ts';
import { countTo, whenText } from '../validity/when.ts';
import type { BedView, TitrationView } from '../wire.ts';
import { closeDialog, Modal } from './dialogs.tsx';
import { useFetched } from './fetched.ts';
import { Field } from './field.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { Said } from './text.tsx';

type Step = TitrationView['steps'][number];
type Action = 'confirm' | 'hold' | 'release';

const REASON: FieldSpec = {
  path: 'reason',
  label: 'Why it is held',
  kind: 'text',
  isRequired: true,
};
const MINUTES: FieldSpec = {
  path: 'minutes',
  label: 'For how long',
  kind: 'number',
  unit: 'min',
  hint: 'Empty: until somebody releases it',
};

export function StepDialog({ bed }: { bed: BedView }) {
  const step = bed.session === null ? undefined : stepToAct(bed.session);
  if (step === undefined || bed.order === null) {
    return (
      <Modal title={`Steps ${bed.bedId}`}>
        <p>No step is open on this bed.</p>
        <button class="wide big" type="button" onClick={closeDialog}>
          Close
        </button>
      </Modal>
    );
  }
  return <OpenStep key={step.step} bed={bed} step={step} orderId={bed.order.orderId} />;
}

function OpenStep({ bed, step, orderId }: { bed: BedView; step: Step; orderId: string }) {
  const isHeld = step.state === 'held';
  const [action, setAction] = useState<Action | null>(isHeld ? 'release' : null);
  const [answers, setAnswers] = useState<Readonly<Record<string, unknown>>>({});
  const set = (key: string) => (value: unknown) =>
    setAnswers((before) => ({ ...before, [key]: value }));
  const { reason, minutes } = answers;
  const choices: readonly (readonly [Action, string])[] = [
    ...(isHeld ? [['release', 'Release it'] as const] : []),
    ['confirm', 'Criteria are met'],
    ['hold', isHeld ? 'Hold it longer' : 'Hold it'],
  ];
  const why =
    action === null
      ? 'confirm or hold is not chosen'
      : action === 'hold' && !reason
        ? 'the reason is missing'
        : minutes !== undefined && typeof minutes !== 'number'
          ? 'the minutes cannot be read'
          : null;
  return (
    <PersonDialog
      title={`Step ${step.step} at ${bed.bedId}`}
      commit={
        action === 'hold'
          ? 'Hold the step'
          : action === 'release'
            ? 'Release the step'
            : 'Confirm the step'
      }
      why={why}
      send={(by) =>
        changeOrder(by, orderId, 'step', {
          step: step.step,
          action,
          ...(action === 'hold' ? { reason, ...(minutes === undefined ? {} : { minutes }) } : {}),
        })
      }
    >
      <p class="bigcount num plan">
        {doseRate(step.mgPerH)} mg/h = {pumpRate(step.mlPerH)} mL/h
      </p>
      <StepTimes step={step} />
      <Criteria step={step} orderId={orderId} />
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of form fields. */}
      <div class="choices" role="group" aria-label="What to do">
        {choices.map(([value, word]) => (
          <button
            key={value}
            type="button"
            class={`big ${action === value ? 'on' : ''}`}
            aria-pressed={action === value}
            onClick={() => setAction(value)}
          >
            {word}
          </button>
        ))}
      </div>
      {action === 'hold' && (
        <div class="fields">
          <Field spec={REASON} value={reason} onChange={set('reason')} />
          <Field spec={MINUTES} value={minutes} onChange={set('minutes')} />
        </div>
      )}
      {action === 'confirm' && (
        <p>The step counts as made when the pump runs at the new rate. Set it at the pump.</p>
      )}
    </PersonDialog>
  );
}

function StepTimes({ step }: { step: Step }) {
  const now = moment.value;
  const due = step.dueAt === null ? null : countTo(step.dueAt, now);
  return (
    <p>
      Due <b class="num">{whenText(step.dueAt, now)}</b>
      {due !== null && ` (${due.isLate ? due.text : `in ${due.text}`})`}, not before{' '}
      <b class="num">{whenText(step.earliestAt, now)}</b>, not after{' '}
      <b class="num">{whenText(step.latestAt, now)}</b>
    </p>
  );
}

const HOLDS = [
  ['holdIf.spo2Below', 'SpO2 below', '%'],
  ['holdIf.systolicAbove', 'systolic above', 'mmHg'],
  ['holdIf.sedationAbove', 'sedation above', ''],
] as const;

/** In the words of the order; what is measured stands on the bed screen and is judged by a person. */
function Criteria({ step, orderId }: { step: Step; orderId: string }) {
  const order = useFetched(orderId, () => readOrder(orderId));
  const holds = HOLDS.flatMap(([path, word, unit]) => {
    const value = valueAt(order.value?.document, path);
    return typeof value === 'number'
      ? [[word, decimal(value, 1), unit].filter(Boolean).join(NBSP)]
      : [];
  });
  const held =
    step.heldBy === null
      ? ''
      : `Held by ${step.heldBy}${step.holdReason === null ? '' : `: ${step.holdReason}`}${
          step.holdUntil === null ? '' : `, until ${whenText(step.holdUntil, moment.value)}`
        }.`;
  return (
    <>
      {step.condition !== null && (
        <p class="told">
          <b>Only if: </b>
          <Said>{step.condition}</Said>
        </p>
      )}
      {holds.length > 0 && (
        <p class="told">
          <b>Hold if: </b>
          <Said>{holds.join(', ')}</Said>
        </p>
      )}
      {order.sentence !== '' && <p>The criteria of the order cannot be read: {order.sentence}</p>}
      {held !== '' && (
        <p class="told">
          <Said>{held}</Said>
        </p>
      )}
      {step.confirmedBy !== null && (
        <p>
          <Said>{`Criteria confirmed by ${step.confirmedBy}.`}</Said>
        </p>
      )}
    </>
  );
}
