/**
 * The prescriber signs: with a reason above a soft limit, and with each number typed again that is more
 * than twice what it was. Writing and signing are two events of the order; both are done here.
 */
import { useRef, useState } from 'preact/hooks';
import type { FieldSpec } from '../entry/fields.ts';
import { labelOf } from '../entry/labels.ts';
import { valueAt } from '../entry/plain.ts';
import { typedText } from '../entry/typed.ts';
import { amount } from '../format/index.ts';
import type { Answer } from '../link/call.ts';
import { newCommandId } from '../link/call.ts';
import { type By, changeOrder, createOrder, dropDraft } from '../link/order-api.ts';
import { hrefOf } from '../state/route.ts';
import type { DraftView, OrderDetail, RetypeItem } from '../wire.ts';
import { CheckFacts } from './draft-checks.tsx';
import { Field } from './field.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { Said } from './text.tsx';

const REASON: FieldSpec = { path: 'softLimitReason', label: 'Reason', kind: 'text', isWide: true };
const AMEND_REASON: FieldSpec = {
  path: 'reason',
  label: 'Why the order is changed',
  kind: 'text',
  isWide: true,
};

interface SignInput {
  /** A draft becomes the order first; without one an order that is written already is signed. */
  readonly draft?: DraftView;
  readonly order?: Pick<OrderDetail, 'orderId'>;
}

export function SignDialog({ draft, order }: SignInput) {
  const amends = draft?.amends ?? null;
  const [answers, setAnswers] = useState<Readonly<Record<string, unknown>>>({});
  const [softExceeded, setSoft] = useState(draft?.checks.softExceeded ?? null);
  const [retype, setRetype] = useState<readonly RetypeItem[]>(draft?.checks.retype ?? []);
  // Written already in an attempt whose signature was refused: it is not written twice.
  const written = useRef<string | null>(order?.orderId ?? null);
  const writeId = useRef(newCommandId());
  const answer = (key: string) => answers[key];
  const set = (key: string) => (value: unknown) =>
    setAnswers((before) => ({ ...before, [key]: value }));
  const missing =
    (amends !== null && !answer('reason')) ||
    (softExceeded !== null && !answer('softLimitReason')) ||
    retype.some(({ path }) => typeof answer(path) !== 'number');

  const write = async (by: By): Promise<Answer<OrderDetail> | null> => {
    if (written.current !== null || draft === undefined) return null;
    const { document } = draft;
    // Written by whoever is logged in where it was typed: that person must not be its second checker.
    const author = { commandId: writeId.current, station: by.station };
    const change = { document, reason: answer('reason'), draftId: draft.draftId };
    let made =
      amends === null
        ? await createOrder(author, document as object)
        : await changeOrder(author, amends, 'amend', change);
    // After three failed checks only a prescriber writes the next version.
    if (amends !== null && made.kind === 'refused' && made.code === 'locked')
      made = await changeOrder({ ...by, commandId: newCommandId() }, amends, 'amend', change);
    if (made.kind === 'refused') writeId.current = newCommandId();
    if (made.kind === 'done') {
      written.current = made.value.orderId;
      void dropDraft(draft.draftId);
      // The draft is an order now, also when the signature is refused: it goes on there.
      location.hash = hrefOf({ screen: 'order', orderId: made.value.orderId });
    }
    return made;
  };
  const send = async (by: By): Promise<Answer<unknown>> => {
    const made = await write(by);
    if (made !== null && made.kind !== 'done') return made;
    return changeOrder(by, written.current ?? '', 'sign', {
      ...(softExceeded === null ? {} : { softLimitReason: answer('softLimitReason') }),
      ...(retype.length === 0
        ? {}
        : { retyped: Object.fromEntries(retype.map(({ path }) => [path, answer(path)])) }),
    });
  };
  return (
    <PersonDialog
      title={amends === null ? 'Sign the order' : `Sign the change of order ${amends}`}
      commit="Sign"
      why={missing ? 'a field on the left is empty' : null}
      send={send}
      onRefused={({ code, detail, sentence }) => {
        if (code === 'soft-limit') setSoft(sentence);
        if (code === 'retype' && Array.isArray(detail)) setRetype(detail as RetypeItem[]);
      }}
    >
      <p>
        Only a prescriber signs. After that another person makes the second check without seeing
        this entry.
      </p>
      {draft !== undefined && <Summary draft={draft} />}
      {amends !== null && (
        <Field spec={AMEND_REASON} value={answer('reason')} onChange={set('reason')} />
      )}
      {softExceeded !== null && (
        <>
          <p class="told">
            <Said>{softExceeded}</Said>
          </p>
          <Field
            spec={REASON}
            value={answer('softLimitReason')}
            onChange={set('softLimitReason')}
          />
        </>
      )}
      {retype.map(({ path, was }) => (
        <Field
          key={path}
          spec={{
            path,
            label: `Type again: ${labelOf(path)}`,
            kind: 'number',
            hint: `Was ${amount(was)}`,
          }}
          value={answer(path)}
          onChange={set(path)}
        />
      ))}
    </PersonDialog>
  );
}

/** What is about to be signed, in the numbers that follow from it. */
function Summary({ draft }: { draft: DraftView }) {
  const { document, checks } = draft;
  const text = (path: string) => typedText('text', valueAt(document, path));
  const what = `${text('drug.name')} (${text('drug.form')}) for ${text('patient.id')}`;
  const bag = `${text('bag.drugMg')} mg in ${text('bag.volumeMl')} mL`;
  return (
    <div class="checks">
      <p>
        <b>
          <Said>{`${what}, ${bag}`}</Said>
        </b>
      </p>
      <CheckFacts checks={checks} isFresh />
    </div>
  );
}
