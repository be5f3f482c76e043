/** A declared pause with its end, and what may follow it: resume, another bag, two people who read its label. */
import { useState } from 'preact/hooks';
import type { FieldSpec } from '../entry/fields.ts';
import { concentration, decimal } from '../format/index.ts';
import { atBedside, changeOrder } from '../link/order-api.ts';
import { moment } from '../state/store.ts';
import { countTo } from '../validity/when.ts';
import type { BedView } from '../wire.ts';
import { BagFields, isBag } from './activate-dialog.tsx';
import { Field } from './field.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { Said } from './text.tsx';

/** The gateway allows a pause of at most 10 min (clinical alarm rule ORD-23). */
const MINUTES: FieldSpec = {
  path: 'minutes',
  label: 'For how long, at most 10 min',
  kind: 'number',
  unit: 'min',
  isRequired: true,
};
const REASON: FieldSpec = { path: 'reason', label: 'Reason', kind: 'text', isRequired: true };
const KIND: FieldSpec = {
  path: 'bagChange',
  label: 'The bag is changed in this pause',
  kind: 'choice',
  choices: [
    { value: true, word: 'yes' },
    { value: false, word: 'no' },
  ],
  isRequired: true,
};

export function PauseDialog({ bed }: { bed: BedView }) {
  const [answers, setAnswers] = useState<Readonly<Record<string, unknown>>>({});
  const set = (key: string) => (value: unknown) =>
    setAnswers((before) => ({ ...before, [key]: value }));
  const { minutes, reason, bagChange } = answers;
  const why =
    typeof minutes !== 'number'
      ? 'the minutes are missing'
      : !reason
        ? 'the reason is missing'
        : typeof bagChange !== 'boolean'
          ? 'say whether the bag is changed'
          : null;
  return (
    <PersonDialog
      title={`Pause the infusion ${bed.bedId}`}
      commit="Declare the pause"
      why={why}
      send={(by) => atBedside(by, bed.bedId, 'pause', { reason, minutes, bagChange })}
    >
      <p>
        Stop the pump at the pump. The pause moves the rest of the plan; after it the alarm for a
        stopped infusion comes back.
      </p>
      <Field spec={REASON} value={reason} onChange={set('reason')} />
      <Field spec={MINUTES} value={minutes} onChange={set('minutes')} />
      <Field spec={KIND} value={bagChange} onChange={set('bagChange')} />
    </PersonDialog>
  );
}

export function ResumeDialog({ bed }: { bed: BedView }) {
  const pause = bed.session?.pause ?? null;
  const left = pause === null ? null : countTo(pause.until, moment.value);
  return (
    <PersonDialog
      title={`End the pause ${bed.bedId}`}
      commit="End the pause"
      why={pause === null ? 'there is no pause any more' : null}
      send={(by) => atBedside(by, bed.bedId, 'resume', {})}
    >
      <p>
        <Said>
          {pause === null ? 'The pause is over.' : `Paused by ${pause.by}: ${pause.reason}.`}
        </Said>
      </p>
      {left !== null && <p class="bigcount num">{left.isLate ? left.text : `${left.text} left`}</p>}
      <p>Start the pump at the pump. When it flows, the pause ends by itself too.</p>
    </PersonDialog>
  );
}

export function BagDialog({ bed }: { bed: BedView }) {
  const [bag, setBag] = useState<Readonly<Record<string, unknown>>>({});
  const orderId = bed.order?.orderId ?? '';
  return (
    <PersonDialog
      title={`Another bag hangs at ${bed.bedId}`}
      commit="This bag hangs there"
      why={isBag(bag) ? null : 'the label of the bag is missing'}
      send={(by) => changeOrder(by, orderId, 'bag', bag)}
    >
      <p>Read the label of the bag that hangs there now, and type what it says.</p>
      <BagFields bag={bag} onChange={setBag} />
    </PersonDialog>
  );
}

export function ConcentrationDialog({ bed }: { bed: BedView }) {
  const { order } = bed;
  const confirmed = bed.session?.concentration.confirmedBy ?? [];
  return (
    <PersonDialog
      title={`Confirm the concentration ${bed.bedId}`}
      commit="It is what the order says"
      why={order === null ? 'no order runs here' : null}
      send={(by) => changeOrder(by, order?.orderId ?? '', 'confirm-concentration', {})}
    >
      {order !== null && (
        <>
          <p>The order says:</p>
          <p class="bigcount num plan">
            {decimal(order.bagDrugMg, 4)} mg in {decimal(order.bagVolumeMl, 4)} mL
          </p>
          <p class="bigcount num plan">{concentration(order.concentrationMgPerMl)} mg/mL</p>
        </>
      )}
      <p>
        Two people read the label of the bag that hangs there and confirm it, one after the other.
      </p>
      <p>
        <b>
          <Said>
            {confirmed.length === 0
              ? 'Nobody has confirmed it yet.'
              : `Confirmed by ${confirmed.join(' and ')}.`}
          </Said>
        </b>
      </p>
    </PersonDialog>
  );
}
