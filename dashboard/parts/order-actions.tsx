/** What can be done with an order now, by whom, and what it leads to. */
import { useState } from 'preact/hooks';
import type { FieldSpec } from '../entry/fields.ts';
import { type By, changeOrder, saveDraft } from '../link/order-api.ts';
import { hrefOf } from '../state/route.ts';
import type { OrderDetail, OrderListItem } from '../wire.ts';
import { ActivateDialog } from './activate-dialog.tsx';
import { closeDialog, openDialog } from './dialogs.tsx';
import { Field } from './field.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { SignDialog } from './sign-dialog.tsx';

interface ActionsInput {
  readonly row: OrderListItem;
  readonly order: OrderDetail;
  readonly onDone: () => void;
}

export function OrderActions({ row, order, onDone }: ActionsInput) {
  const { orderId } = row;
  const waiting = row.pendingVersion?.status ?? row.status;
  const show = (dialog: () => ReturnType<typeof ReasonDialog>) => () =>
    openDialog({ kind: 'shown', show: dialog });
  const isOver =
    row.status === 'completed' || row.status === 'discontinued' || row.status === 'expired';
  return (
    <div class="actions-list">
      {waiting === 'draft' && (
        <button
          class="big primary"
          type="button"
          onClick={show(() => <SignDialog order={order} />)}
        >
          Sign
        </button>
      )}
      {waiting === 'signed' && (
        <a class="button big primary" href={hrefOf({ screen: 'check', orderId })}>
          Make the second check
        </a>
      )}
      {row.status === 'verified' && (
        <button
          class="big primary"
          type="button"
          onClick={show(() => <ActivateDialog orderId={orderId} onDone={onDone} />)}
        >
          Start at a bed
        </button>
      )}
      {row.status === 'active' && row.bedId !== null && (
        <a class="button big primary" href={hrefOf({ screen: 'bed', bedId: row.bedId })}>
          Open the bed
        </a>
      )}
      {row.status === 'active' && (
        <button
          class="big"
          type="button"
          onClick={show(() => <CompleteDialog orderId={orderId} onDone={onDone} />)}
        >
          Infusion is complete
        </button>
      )}
      {!isOver && <AmendButton order={order} />}
      {!isOver && (
        <button
          class="big"
          type="button"
          onClick={show(() => <ReasonDialog orderId={orderId} onDone={onDone} />)}
        >
          {row.status === 'active' ? 'Stop the order' : 'Withdraw the order'}
        </button>
      )}
      {(row.status === 'active' || isOver) && (
        <a class="button big" href={hrefOf({ screen: 'report', orderId })}>
          Report
        </a>
      )}
    </div>
  );
}

/** A change is a draft first, begun with all that the order says now. */
function AmendButton({ order }: { order: OrderDetail }) {
  const [sentence, setSentence] = useState('');
  const begin = async () => {
    setSentence('Asking the gateway');
    const saved = await saveDraft({ document: order.document, amends: order.orderId });
    if (saved.kind !== 'done') return setSentence(saved.sentence);
    location.hash = hrefOf({ screen: 'draft', draftId: saved.value.draftId });
  };
  return (
    <button class="big" type="button" onClick={() => void begin()}>
      <span>
        Change the order
        <br />
        <small>{sentence || 'a new version, signed and checked again'}</small>
      </span>
    </button>
  );
}

function CompleteDialog({ orderId, onDone }: { orderId: string; onDone: () => void }) {
  return (
    <PersonDialog
      title={`Order ${orderId}: the infusion is complete`}
      commit="Complete"
      why={null}
      send={(by: By) => changeOrder(by, orderId, 'complete', {})}
      onDone={() => finish(onDone)}
    >
      <p>The order was given to its end. The time of observation begins now.</p>
    </PersonDialog>
  );
}

const WHY: FieldSpec = { path: 'reason', label: 'Reason', kind: 'text', isWide: true };

function ReasonDialog({ orderId, onDone }: { orderId: string; onDone: () => void }) {
  const [reason, setReason] = useState<unknown>();
  return (
    <PersonDialog
      title={`Stop order ${orderId} before its end`}
      commit="Stop the order"
      why={reason ? null : 'the reason is missing'}
      send={(by) => changeOrder(by, orderId, 'discontinue', { reason })}
      onDone={() => finish(onDone)}
    >
      <p>This stops the watching of the order. The pump has to be stopped at the pump.</p>
      <Field spec={WHY} value={reason} onChange={setReason} />
    </PersonDialog>
  );
}

function finish(onDone: () => void): void {
  closeDialog();
  onDone();
}
