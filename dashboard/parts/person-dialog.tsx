/**
 * A dialog that ends with a person: name and PIN of whoever does it, not of the station. What is asked
 * stands on the left, who does it and the keys on the right.
 */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { identify } from '../link/api.ts';
import { type Answer, newCommandId } from '../link/call.ts';
import type { By } from '../link/order-api.ts';
import { moment } from '../state/store.ts';
import { station } from '../station.ts';
import { closeDialog, Modal } from './dialogs.tsx';
import { ordersChanged } from './fetched.ts';
import { type Identity, isComplete } from './identity.tsx';
import { Keypad, usePad } from './keypad.tsx';
import { Said } from './text.tsx';

interface PersonDialogInput {
  readonly title: string;
  readonly commit: string;
  /** Why it cannot be sent yet; `null` = it can. */
  readonly why: string | null;
  readonly send: (by: By) => Promise<Answer<unknown>>;
  /** Instead of closing, for what follows. */
  readonly onDone?: (by: By) => void;
  /** Says more of a refusal than its sentence. */
  readonly onRefused?: (answer: Extract<Answer<unknown>, { kind: 'refused' }>) => void;
  readonly children: ComponentChildren;
}

type Progress =
  | { readonly kind: 'asking' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'failed'; readonly sentence: string };

export function PersonDialog(input: PersonDialogInput) {
  const pad = usePad();
  const [identity, setIdentity] = useState<Identity>({ user: '', pin: '' });
  const [progress, setProgress] = useState<Progress>({ kind: 'asking' });
  // A retry after "not confirmed" is the same command, so that it is not done twice.
  const commandId = useRef<string | null>(null);
  const isPending = progress.kind === 'pending';
  const why =
    moment.value.link.phase === 'lost'
      ? 'no connection to the gateway'
      : (input.why ?? (isComplete(identity) ? null : 'name and PIN are missing'));

  const send = async () => {
    setProgress({ kind: 'pending' });
    const who = await identify(identity.user.trim(), identity.pin);
    setIdentity((before) => ({ ...before, pin: '' }));
    if (who.kind !== 'done') return setProgress({ kind: 'failed', sentence: who.sentence });
    commandId.current ??= newCommandId();
    const by = {
      token: who.value.token,
      commandId: commandId.current,
      station: station.current.name,
    };
    const answer = await input.send(by);
    if (answer.kind !== 'unconfirmed') commandId.current = null;
    if (answer.kind === 'refused') input.onRefused?.(answer);
    if (answer.kind !== 'done') return setProgress({ kind: 'failed', sentence: answer.sentence });
    ordersChanged.value += 1;
    if (input.onDone) input.onDone(by);
    else closeDialog();
  };

  return (
    <Modal title={input.title} isWide>
      <form
        class="person-dialog"
        {...pad.area}
        onSubmit={(event) => {
          event.preventDefault();
          if (why === null && !isPending) void send();
        }}
      >
        <div class="asked">{input.children}</div>
        <div class="who">
          <PersonFields value={identity} onChange={setIdentity} isDisabled={isPending} />
          <Keypad input={pad.input} />
        </div>
        <p class="outcome" role="alert">
          {progress.kind === 'failed' && <Said>{progress.sentence}</Said>}
        </p>
        <div class="acts">
          <button class="big" type="button" onClick={closeDialog}>
            Cancel
          </button>
          <button class="big primary" type="submit" disabled={why !== null || isPending}>
            <span>
              {isPending ? 'Waiting for the gateway' : input.commit}
              {why !== null && (
                <>
                  <br />
                  <small>{why}</small>
                </>
              )}
            </span>
          </button>
        </div>
      </form>
    </Modal>
  );
}

const PIN_MAX = 6;

export function PersonFields(input: {
  value: Identity;
  onChange: (value: Identity) => void;
  isDisabled: boolean;
}) {
  const { value, onChange } = input;
  return (
    <div class="person">
      <label class="field">
        <span>Your name</span>
        <span class="box">
          <input
            name="user"
            class="words"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxLength={64}
            disabled={input.isDisabled}
            value={value.user}
            onInput={(event) => onChange({ ...value, user: event.currentTarget.value })}
          />
        </span>
      </label>
      <label class="field">
        <span>Your PIN</span>
        <span class="box">
          <input
            name="pin"
            class="num"
            type="password"
            inputMode="numeric"
            autocomplete="off"
            data-pad="pin"
            data-name="Your PIN"
            maxLength={PIN_MAX}
            disabled={input.isDisabled}
            value={value.pin}
            onInput={(event) =>
              onChange({
                ...value,
                pin: event.currentTarget.value.replace(/\D/g, '').slice(0, PIN_MAX),
              })
            }
          />
        </span>
      </label>
    </div>
  );
}
