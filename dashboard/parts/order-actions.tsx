/** What can be done with an order now, by whom, and what it leads to. */
import { useState } from 'preact/hooks';
import type { FieldSpec } from '../entry/fields.ts';
import { waitsForCheck } from '../entry/words.ts';
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
  const show = (dialog: () => ReturnType<typeof CompleteDialog>) => () =>
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
      {waitsForCheck(row) && (
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
      {row.status === 'active' && waiting === 'verified' && (
        <button
          class="big primary"
          type="button"
          onClick={show(() => (
            <ActivateDialog orderId={orderId} atBed={row.bedId} onDone={onDone} />
          ))}
        >
          Let version {row.pendingVersion?.version} hold
        </button>
      )}
      {row.status === 'active' && row.bedId !== null && (
        <a
          class={`button big ${row.pendingVersion === null ? 'primary' : ''}`}
          href={hrefOf({ screen: 'bed', bedId: row.bedId })}
        >
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
      {row.pendingVersion !== null && (
        <ReasonButton
          word="Take back the change"
          title={`Take back version ${row.pendingVersion.version} of order ${orderId}`}
          says="The version that runs goes on."
          send={(by, reason) => changeOrder(by, orderId, 'withdraw', { reason })}
          onDone={onDone}
        />
      )}
      {!isOver && (
        <ReasonButton
          word={row.status === 'active' ? 'Stop the order' : 'Withdraw the order'}
          title={`Order ${orderId} ends before it was given to its end`}
          says="The order is no longer watched. A pump that runs has to be stopped at the pump."
          send={(by, reason) => changeOrder(by, orderId, 'discontinue', { reason })}
          onDone={onDone}
        />
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
    const saved = await saveDraft({
      document: order.versions.at(-1)?.document ?? order.document,
      amends: order.orderId,
    });
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

interface ReasonInput {
  readonly word: string;
  readonly title: string;
  readonly says: string;
  readonly send: (by: By, reason: unknown) => ReturnType<typeof changeOrder>;
  readonly onDone: () => void;
}

function ReasonButton(input: ReasonInput) {
  const open = () => openDialog({ kind: 'shown', show: () => <ReasonDialog {...input} /> });
  return (
    <button class="big" type="button" onClick={open}>
      {input.word}
    </button>
  );
}

function ReasonDialog(input: ReasonInput) {
  const [reason, setReason] = useState<unknown>();
  return (
    <PersonDialog
      title={input.title}
      commit={input.word}
      why={reason ? null : 'the reason is missing'}
      send={(by) => input.send(by, reason)}
      onDone={() => finish(input.onDone)}
    >
      <p>{input.says}</p>
      <Field spec={WHY} value={reason} onChange={setReason} />
    </PersonDialog>
  );
}

function finish(onDone: () => void): void {
  closeDialog();
  onDone();
}
