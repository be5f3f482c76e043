/** Starts a checked order at a bed: the label of the bag is read and typed, never copied from the order. */
import { useState } from 'preact/hooks';
import type { FieldSpec } from '../entry/fields.ts';
import { changeOrder } from '../link/order-api.ts';
import { hrefOf } from '../state/route.ts';
import { ward } from '../state/store.ts';
import { closeDialog, openDialog } from './dialogs.tsx';
import { Field } from './field.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { PumpCheckDialog } from './pump-check.tsx';
import { Said } from './text.tsx';

export const BAG_LABEL: readonly FieldSpec[] = [
  { path: 'drugMg', label: 'Drug in the bag', kind: 'number', unit: 'mg', isRequired: true },
  { path: 'volumeMl', label: 'Final volume', kind: 'number', unit: 'mL', isRequired: true },
];

interface ActivateInput {
  readonly orderId: string;
  /** Where the order runs already: its next version begins to hold there and nowhere else. */
  readonly atBed?: string | null;
  readonly onDone: () => void;
}

export function ActivateDialog({ orderId, atBed = null, onDone }: ActivateInput) {
  const free = ward.value.beds.filter((bed) =>
    atBed === null ? bed.order === null : bed.bedId === atBed,
  );
  const [bedId, setBedId] = useState<string | null>(atBed);
  const [bag, setBag] = useState<Readonly<Record<string, unknown>>>({});
  const why =
    bedId === null ? 'no bed is chosen' : isBag(bag) ? null : 'the label of the bag is missing';
  return (
    <PersonDialog
      title={atBed === null ? `Start order ${orderId}` : `Next version of order ${orderId}`}
      commit={atBed === null ? 'Start' : 'It holds from now'}
      why={why}
      send={(by) => changeOrder(by, orderId, 'activate', { bedId, bag })}
      onDone={() => {
        closeDialog();
        onDone();
        if (bedId === null) return;
        location.hash = hrefOf({ screen: 'bed', bedId });
        openDialog({ kind: 'shown', show: () => <PumpCheckDialog bedId={bedId} /> });
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of form fields. */}
      <div class="field" role="group" aria-label="Bed">
        <span class="label">At which bed</span>
        <div class="choices">
          {free.map((bed) => (
            <button
              key={bed.bedId}
              type="button"
              class={bed.bedId === bedId ? 'on' : ''}
              aria-pressed={bed.bedId === bedId}
              onClick={() => setBedId(bed.bedId)}
            >
              <Said>{bed.bedId}</Said>
            </button>
          ))}
        </div>
        {free.length === 0 && <p class="fieldnote">Every bed has an order.</p>}
      </div>
      <p>Read the label of the bag that hangs there.</p>
      <BagFields bag={bag} onChange={setBag} />
    </PersonDialog>
  );
}

export function BagFields(input: {
  bag: Readonly<Record<string, unknown>>;
  onChange: (bag: Readonly<Record<string, unknown>>) => void;
}) {
  const { bag, onChange } = input;
  return (
    <div class="fields">
      {BAG_LABEL.map((spec) => (
        <Field
          key={spec.path}
          spec={spec}
          value={bag[spec.path]}
          onChange={(value) => onChange({ ...bag, [spec.path]: value })}
        />
      ))}
    </div>
  );
}

export const isBag = (bag: Readonly<Record<string, unknown>>): boolean =>
  BAG_LABEL.every(({ path }) => typeof bag[path] === 'number');
