/** All orders and drafts: who has to do what next. */
import { useState } from 'preact/hooks';
import { SECTIONS, type SectionId, sectionsOf, statusText, waitsForCheck } from '../entry/words.ts';
import { amount } from '../format/index.ts';
import { dropDraft, listDrafts, listOrders } from '../link/order-api.ts';
import { useCommand } from '../parts/command.ts';
import { useFetched } from '../parts/fetched.ts';
import { Said } from '../parts/text.tsx';
import { hrefOf } from '../state/route.ts';
import { moment } from '../state/store.ts';
import { whenText } from '../validity/when.ts';
import type { DraftListReply, OrderListItem } from '../wire.ts';

const ASK_EVERY_MS = 5_000;

export function OrdersScreen() {
  const [section, setSection] = useState<SectionId>('open');
  const orders = useFetched('orders', listOrders, ASK_EVERY_MS);
  const drafts = useFetched('drafts', listDrafts, ASK_EVERY_MS);
  const all = orders.value?.orders ?? [];
  const inSection = (id: SectionId) => all.filter((order) => sectionsOf(order).includes(id));
  const rows = inSection(section);
  return (
    <main class="page orders">
      <h1 class="unseen">Orders</h1>
      <div class="tabs">
        <div class="tabs" role="tablist" aria-label="Which orders">
          {SECTIONS.map(({ id, word }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`tab-${id}`}
              aria-controls="order-list"
              aria-selected={section === id}
              onClick={() => setSection(id)}
            >
              {word} {inSection(id).length}
            </button>
          ))}
        </div>
        <span class="spacer" />
        <a class="button primary" href={hrefOf({ screen: 'new-order' })}>
          New order
        </a>
      </div>
      <section
        class="panel list"
        role="tabpanel"
        id="order-list"
        aria-labelledby={`tab-${section}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list must be reachable by keyboard.
        tabIndex={0}
      >
        <p class="outcome" role="status">
          {orders.sentence || drafts.sentence}
        </p>
        {section === 'open' && <Drafts drafts={drafts.value?.drafts ?? []} again={drafts.again} />}
        {orders.value !== null && rows.length === 0 ? (
          <p class="nothing">No order here.</p>
        ) : (
          <OrderTable rows={rows} />
        )}
      </section>
    </main>
  );
}

function OrderTable({ rows }: { rows: readonly OrderListItem[] }) {
  return (
    <table class="log">
      <caption class="unseen">Orders</caption>
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Patient</th>
          <th scope="col">What</th>
          <th scope="col">State</th>
          <th scope="col">Bed</th>
          <th scope="col">Written</th>
          <th scope="col">
            <span class="unseen">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((order) => (
          <OrderRow key={order.orderId} order={order} />
        ))}
      </tbody>
    </table>
  );
}

function OrderRow({ order }: { order: OrderListItem }) {
  const isBlind = waitsForCheck(order);
  const people = [
    order.signedBy && `signed by ${order.signedBy}`,
    order.verifiedBy && `checked by ${order.verifiedBy}`,
    order.failedChecks > 0 && `failed checks: ${order.failedChecks}`,
  ];
  return (
    <tr>
      <td class="num">
        <a class="button" href={hrefOf({ screen: 'order', orderId: order.orderId })}>
          <Said>{`${order.orderId} v${order.version}`}</Said>
        </a>
      </td>
      <td class="wide tell">
        <b>
          <Said>{order.patientLabel ?? order.patientId}</Said>
        </b>
        {order.patientLabel !== null && (
          <small>
            <Said>{order.patientId}</Said>
          </small>
        )}
      </td>
      <td class="wide">
        <Said>{`${order.drug} (${order.form})`}</Said>
        <small>
          <Said>{order.regimen === 'none' ? 'no template' : order.regimen}</Said>
          {/* Whoever makes the second check may look at this list. */}
          {!isBlind && order.plannedMg !== null && `, ${amount(order.plannedMg)} mg`}
        </small>
      </td>
      <td class="wide">
        <b>{statusText(order)}</b>
        <small>
          <Said>{people.filter(Boolean).join(', ')}</Said>
        </small>
      </td>
      <td class="num">{order.bedId === null ? '' : <Said>{order.bedId}</Said>}</td>
      <td class="wide tell">
        {whenText(order.createdAt, moment.value)}
        <small>
          <Said>{order.createdBy}</Said>
        </small>
      </td>
      <td class="right">
        {isBlind && (
          <a class="button" href={hrefOf({ screen: 'check', orderId: order.orderId })}>
            Second check
          </a>
        )}
      </td>
    </tr>
  );
}

type Draft = DraftListReply['drafts'][number];

function Drafts({ drafts, again }: { drafts: readonly Draft[]; again: () => void }) {
  if (drafts.length === 0) return null;
  return (
    <table class="log">
      <caption class="unseen">Drafts</caption>
      <thead>
        <tr>
          <th scope="col">Draft</th>
          <th scope="col">Patient</th>
          <th scope="col">Template</th>
          <th scope="col">Open</th>
          <th scope="col">Saved</th>
          <th scope="col">
            <span class="unseen">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {drafts.map((draft) => (
          <DraftRow key={draft.draftId} draft={draft} again={again} />
        ))}
      </tbody>
    </table>
  );
}

function DraftRow({ draft, again }: { draft: Draft; again: () => void }) {
  const { state, run } = useCommand(async () => {
    const answer = await dropDraft(draft.draftId);
    if (answer.kind === 'done') again();
    return answer;
  });
  const [isSure, setSure] = useState(false);
  return (
    <tr>
      <td class="num">
        <a class="button" href={hrefOf({ screen: 'draft', draftId: draft.draftId })}>
          <Said>{draft.amends === null ? draft.draftId : `Change of ${draft.amends}`}</Said>
        </a>
      </td>
      <td>{draft.patientId === null ? 'none yet' : <Said>{draft.patientId}</Said>}</td>
      <td>
        <Said>{draft.regimen ?? 'none'}</Said>
      </td>
      <td>
        {draft.problems === 0 ? 'complete, to be signed' : `${draft.problems} to fill or mend`}
      </td>
      <td class="wide">
        {whenText(draft.savedAt, moment.value)}
        <small>
          <Said>{draft.by}</Said>
        </small>
      </td>
      <td class="right">
        <button type="button" onClick={isSure ? run : () => setSure(true)}>
          {state.kind === 'pending' ? 'Deleting' : isSure ? 'Really delete?' : 'Delete'}
        </button>
        {state.kind === 'failed' && <small>{state.sentence}</small>}
      </td>
    </tr>
  );
}
