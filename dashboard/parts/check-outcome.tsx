/** How a pass of the second check ends: with the fields that differ, or with the order sent back. */
import { useState } from 'preact/hooks';
import { type Difference, shownValue } from '../entry/check-entry.ts';
import type { Plain } from '../entry/plain.ts';
import { type By, changeOrder } from '../link/order-api.ts';
import type { CheckFormView } from '../wire.ts';
import { Field } from './field.tsx';
import { Said } from './text.tsx';

export function Mismatches(input: {
  form: CheckFormView;
  differences: readonly Difference[];
  entered: Plain;
  isLocked: boolean;
  onAgain: () => void;
}) {
  const { fields } = input.form;
  return (
    <div class="mismatches" role="alert">
      <h2>
        <b>{input.isLocked ? 'The order is locked' : 'The two entries differ'}</b>
      </h2>
      {input.differences.length > 0 && (
        <table class="log">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">You entered</th>
              <th scope="col">First entry</th>
            </tr>
          </thead>
          <tbody>
            {input.differences.map(({ path, entered, ordered }) => (
              <tr key={path}>
                <th scope="row">
                  <Said>{fields.find((field) => field.path === path)?.label ?? path}</Said>
                </th>
                <td class="num">
                  <Said>{shownValue(fields, path, entered, input.entered)}</Said>
                </td>
                <td class="num">
                  <Said>{shownValue(fields, path, ordered, input.entered)}</Said>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {input.isLocked && (
        <p>
          Three second checks differed. Only a prescriber writes the next version of this order.
        </p>
      )}
      {!input.isLocked && (
        <>
          <p>Both people look at the source document. If the first entry is wrong, send it back.</p>
          <button class="big" type="button" onClick={input.onAgain}>
            Enter these fields again
          </button>
        </>
      )}
    </div>
  );
}

const WHY = { path: 'reason', label: 'Why it goes back', kind: 'text', isWide: true } as const;

export function SendBack(input: { by: By; orderId: string; onDone: (sentence: string) => void }) {
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState<unknown>();
  const [sentence, setSentence] = useState('');
  const send = async () => {
    const answer = await changeOrder(input.by, input.orderId, 'send-back', { reason });
    if (answer.kind === 'done') input.onDone('The order went back to the prescriber.');
    else setSentence(answer.sentence);
  };
  if (!isAsking) {
    return (
      <button class="big" type="button" onClick={() => setAsking(true)}>
        Cannot read it: send back
      </button>
    );
  }
  return (
    <div class="sendback">
      <Field spec={WHY} value={reason} onChange={setReason} />
      <p class="outcome" role="alert">
        <Said>{sentence}</Said>
      </p>
      <div class="acts">
        <button class="big" type="button" onClick={() => setAsking(false)}>
          Go on checking
        </button>
        <button class="big primary" type="button" disabled={!reason} onClick={() => void send()}>
          Send back
        </button>
      </div>
    </div>
  );
}
