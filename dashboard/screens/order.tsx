/** One order: where it stands in its life, what it says, and what its reader may do with it. */
import { useState } from 'preact/hooks';
import { statusText, waitsForCheck } from '../entry/words.ts';
import { listOrders, readOrder } from '../link/order-api.ts';
import { useFetched } from '../parts/fetched.ts';
import { Icon } from '../parts/icons.tsx';
import { OrderActions } from '../parts/order-actions.tsx';
import { OrderSheet } from '../parts/order-sheet.tsx';
import { OrderTrack } from '../parts/order-track.tsx';
import { Said } from '../parts/text.tsx';
import { hrefOf } from '../state/route.ts';
import { moment } from '../state/store.ts';
import { whenText } from '../validity/when.ts';
import type { OrderListItem } from '../wire.ts';

const ASK_EVERY_MS = 5_000;

export function OrderScreen({ orderId }: { orderId: string }) {
  const list = useFetched('orders', listOrders, ASK_EVERY_MS);
  const row = list.value?.orders.find((order) => order.orderId === orderId);
  if (row === undefined) {
    return (
      <main class="page failed">
        <section class="panel">
          <h1>{list.value === null ? 'Waiting for the order' : 'Order not found'}</h1>
          <p role="status">
            <Said>
              {list.sentence || (list.value === null ? '' : `There is no order ${orderId}.`)}
            </Said>
          </p>
          <a class="button" href={hrefOf({ screen: 'orders' })}>
            <Icon shape="back" />
            Orders
          </a>
        </section>
      </main>
    );
  }
  return (
    <main class="page order">
      <section class="patient" aria-label="Order">
        <a class="button" href={hrefOf({ screen: 'orders' })}>
          <Icon shape="back" />
          Orders
        </a>
        <h1 class="id">
          <Said>{`${row.orderId} v${row.version}`}</Said>
        </h1>
        <span class="name">
          <Said>{row.patientLabel ?? row.patientId}</Said>
        </span>
        <span>
          <Said>{`${row.drug} (${row.form})`}</Said>
        </span>
        <span class="spacer" />
        {row.bedId !== null && (
          <a class="button" href={hrefOf({ screen: 'bed', bedId: row.bedId })}>
            <Said>{`Bed ${row.bedId}`}</Said>
          </a>
        )}
        <b>{statusText(row)}</b>
      </section>
      <OrderTrack row={row} />
      {waitsForCheck(row) ? (
        <Covered row={row} again={list.again} />
      ) : (
        <Open row={row} again={list.again} />
      )}
    </main>
  );
}

/** Whoever makes the second check must not have seen the first entry. */
function Covered({ row, again }: { row: OrderListItem; again: () => void }) {
  const [isShown, setShown] = useState(false);
  if (isShown) return <Open row={row} again={again} />;
  return (
    <section class="panel covered">
      <h2>
        <b>Waits for the second check</b> since {whenText(row.createdAt, moment.value)}
      </h2>
      <p>
        Another person than {row.signedBy ?? 'the one who signed'} enters the critical fields from
        the source document, without seeing what was entered first.
      </p>
      <div class="acts">
        <button class="big" type="button" onClick={() => setShown(true)}>
          <span>
            Show the order
            <br />
            <small>not for the person who will check it</small>
          </span>
        </button>
        <a class="button big primary" href={hrefOf({ screen: 'check', orderId: row.orderId })}>
          Make the second check
        </a>
      </div>
    </section>
  );
}

function Open({ row, again }: { row: OrderListItem; again: () => void }) {
  const key = `${row.orderId} ${row.version} ${row.status} ${row.pendingVersion?.status ?? ''}`;
  const detail = useFetched(key, () => readOrder(row.orderId));
  return (
    <div class="formside">
      <section class="panel form">
        <p class="outcome" role="status">
          <Said>{detail.sentence}</Said>
        </p>
        {detail.value !== null && <OrderSheet order={detail.value} />}
      </section>
      <section class="panel side">
        {detail.value?.note !== undefined && (
          <p class="told">
            <Said>{detail.value.note}</Said>
          </p>
        )}
        {detail.value !== null && <OrderActions row={row} order={detail.value} onDone={again} />}
      </section>
    </div>
  );
}
