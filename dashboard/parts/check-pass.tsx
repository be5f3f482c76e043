/** One pass of the second check: enter, compare, and see at the end only what differs. */
import { useState } from 'preact/hooks';
import {
  type Difference,
  differencesOf,
  GROUP_WORDS,
  openFields,
  specOf,
  withoutDifferences,
} from '../entry/check-entry.ts';
import { type Plain, valueAt, withValue } from '../entry/plain.ts';
import { newCommandId } from '../link/call.ts';
import { changeOrder, readCheckForm } from '../link/order-api.ts';
import { moment } from '../state/store.ts';
import { station } from '../station.ts';
import type { CheckField, CheckFormView } from '../wire.ts';
import { Mismatches, SendBack } from './check-outcome.tsx';
import { Field } from './field.tsx';
import { Keypad, usePad } from './keypad.tsx';
import { Said } from './text.tsx';

interface PassInput {
  readonly form: CheckFormView;
  readonly token: string;
  /** It is decided: checked, or given back. */
  readonly onDone: (sentence: string) => void;
  /** After a pass that differed. */
  readonly onAgain: (form: CheckFormView) => void;
}

export function CheckPass({ form, token, onDone, onAgain }: PassInput) {
  const pad = usePad();
  const [entered, setEntered] = useState<Plain>({});
  const [differences, setDifferences] = useState<readonly Difference[]>([]);
  const [sentence, setSentence] = useState('');
  const [isPending, setPending] = useState(false);
  const [commandId, setCommandId] = useState(newCommandId);
  const open = openFields(form.fields, entered);
  const isLocked = form.attemptsLeft <= 0;
  const by = { token, commandId, station: station.current.name };

  const compare = async () => {
    setPending(true);
    setSentence('');
    const answer = await changeOrder(by, form.orderId, 'verify', entered);
    if (answer.kind !== 'unconfirmed') setCommandId(newCommandId());
    if (answer.kind === 'done')
      return onDone('All fields match: the order is checked and may be started.');
    setSentence(answer.sentence);
    const found = answer.kind === 'refused' ? differencesOf(answer.detail) : [];
    setDifferences(found);
    if (found.length > 0) {
      const again = await readCheckForm(form.orderId, token);
      onAgain(
        again.kind === 'done' ? again.value : { ...form, attemptsLeft: form.attemptsLeft - 1 },
      );
    }
    setPending(false);
  };
  const enterAgain = () => {
    setEntered(withoutDifferences(entered, differences));
    setDifferences([]);
    setSentence('');
  };

  const why =
    moment.value.link.phase === 'lost'
      ? 'no connection to the gateway'
      : open.length === 0
        ? null
        : open.length === 1
          ? 'disabled because 1 field is empty or unreadable'
          : `disabled because ${open.length} fields are empty or unreadable`;
  return (
    <div class="formside" {...pad.area}>
      <section class="panel form">
        {differences.length > 0 || isLocked ? (
          <Mismatches
            form={form}
            differences={differences}
            entered={entered}
            isLocked={isLocked}
            onAgain={enterAgain}
          />
        ) : (
          <>
            <h2>
              <b>Enter from the source document</b> {form.fields.length - open.length} of{' '}
              {form.fields.length} fields. The first entry stays hidden
            </h2>
            <Groups
              fields={form.fields}
              entered={entered}
              onChange={(path, value) => setEntered((before) => withValue(before, path, value))}
            />
          </>
        )}
      </section>
      <section class="panel side">
        {differences.length === 0 && !isLocked && <Keypad input={pad.input} />}
        <p class="outcome" role="alert">
          <Said>{differences.length > 0 ? '' : sentence}</Said>
        </p>
        {!isLocked && (
          <p class="muted">
            {form.attemptsLeft === 1
              ? '1 attempt left, then the order is locked'
              : `${form.attemptsLeft} attempts left, then the order is locked`}
          </p>
        )}
        {differences.length === 0 && !isLocked && (
          <button
            class="big primary"
            type="button"
            disabled={why !== null || isPending}
            onClick={() => void compare()}
          >
            <span>
              {isPending ? 'Comparing' : 'Compare with the first entry'}
              {why !== null && (
                <>
                  <br />
                  <small>{why}</small>
                </>
              )}
            </span>
          </button>
        )}
        {!isLocked && <SendBack by={by} orderId={form.orderId} onDone={onDone} />}
      </section>
    </div>
  );
}

function Groups(input: {
  fields: readonly CheckField[];
  entered: Plain;
  onChange: (path: string, value: unknown) => void;
}) {
  const groups = [...new Set(input.fields.map(({ group }) => group))];
  return (
    <div class="draft">
      {groups.map((group) => (
        <section
          key={group}
          class={input.fields.filter((field) => field.group === group).length > 2 ? '' : 'half'}
          aria-labelledby={`group-${group}`}
        >
          <h2 id={`group-${group}`}>{GROUP_WORDS[group]}</h2>
          <div class="fields">
            {input.fields
              .filter((field) => field.group === group)
              .map((field) => (
                <Field
                  key={field.path}
                  spec={specOf(field, input.entered)}
                  value={valueAt(input.entered, field.path)}
                  onChange={(value) => input.onChange(field.path, value)}
                />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}
