/**
 * Acknowledging needs a person: the list is frozen when the dialog opens, and if any of its alarms
 * changes meanwhile it must be looked at again. The gateway refuses old revisions in any case.
 */
import { useRef, useState } from 'preact/hooks';
import { acknowledge, identify } from '../link/api.ts';
import { newCommandId } from '../link/call.ts';
import { moment, ward } from '../state/store.ts';
import { station } from '../station.ts';
import type { AlarmView } from '../wire.ts';
import { closeDialog, Modal } from './dialogs.tsx';
import { PrioritySymbol } from './icons.tsx';
import { type Identity, IdentityFields, isComplete } from './identity.tsx';
import { Said } from './text.tsx';

const CHANGED = 'An alarm changed while you looked. Look at the list again, then acknowledge.';

type Progress =
  | { readonly kind: 'asking' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'failed'; readonly sentence: string };

export function AcknowledgeDialog({ alarms }: { alarms: readonly AlarmView[] }) {
  const [listed, setListed] = useState(alarms);
  const [identity, setIdentity] = useState<Identity>({ user: '', pin: '' });
  const [progress, setProgress] = useState<Progress>({ kind: 'asking' });
  const commandId = useRef(newCommandId());
  const now = listed.map((alarm) => ward.value.alarms.get(alarm.alarmId));
  const isChanged = now.some((alarm, index) => alarm?.rev !== listed[index]?.rev);
  const isLost = moment.value.link.phase === 'lost';

  const lookAgain = () => {
    setListed(now.filter((alarm) => alarm !== undefined && alarm.phase !== 'ended') as AlarmView[]);
    commandId.current = newCommandId();
    setProgress({ kind: 'asking' });
  };
  const send = async () => {
    setProgress({ kind: 'pending' });
    const who = await identify(identity.user.trim(), identity.pin);
    setIdentity((before) => ({ ...before, pin: '' }));
    if (who.kind !== 'done') return setProgress({ kind: 'failed', sentence: who.sentence });
    const { token } = who.value;
    const answer = await acknowledge(token, commandId.current, station.current.name, listed);
    if (answer.kind === 'done') return closeDialog();
    const isOld = answer.kind === 'refused' && answer.status === 409;
    setProgress({ kind: 'failed', sentence: isOld ? CHANGED : answer.sentence });
    if (answer.kind === 'refused') commandId.current = newCommandId();
  };

  const why = isLost
    ? 'no connection to the gateway'
    : isChanged
      ? 'the list has changed'
      : isComplete(identity)
        ? null
        : 'name and PIN are missing';
  return (
    <Modal
      title={listed.length === 1 ? 'Acknowledge 1 alarm' : `Acknowledge ${listed.length} alarms`}
    >
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (why === null && progress.kind !== 'pending') void send();
        }}
      >
        <ul
          class="rows"
          aria-label="What is acknowledged"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, and must be reachable by keyboard.
          tabIndex={0}
        >
          {listed.map((alarm) => (
            <ListedAlarm key={alarm.alarmId} alarm={alarm} />
          ))}
        </ul>
        <p class="muted">
          Acknowledging stops the sound. The alarm stays on the screen while it stands.
        </p>
        <IdentityFields
          value={identity}
          onChange={setIdentity}
          isDisabled={progress.kind === 'pending'}
        />
        <p class="outcome" role="status">
          {isChanged ? CHANGED : progress.kind === 'failed' ? progress.sentence : ''}
        </p>
        <div class="acts">
          <button class="big" type="button" onClick={closeDialog}>
            Cancel
          </button>
          {isChanged ? (
            <button class="big primary" type="button" onClick={lookAgain}>
              Look again
            </button>
          ) : (
            <button
              class="big primary"
              type="submit"
              disabled={why !== null || progress.kind === 'pending'}
            >
              <span>
                {progress.kind === 'pending' ? 'Waiting for the gateway' : 'Acknowledge'}
                {why !== null && (
                  <>
                    <br />
                    <small>{why}</small>
                  </>
                )}
              </span>
            </button>
          )}
        </div>
      </form>
    </Modal>
  );
}

function ListedAlarm({ alarm }: { alarm: AlarmView }) {
  return (
    <li data-alarm={alarm.priority}>
      <span class="flag">
        <PrioritySymbol priority={alarm.priority} />
      </span>
      <div class="txt">
        <b>
          {alarm.bedId} <Said>{alarm.text}</Said>
        </b>
        <p>
          <Said>{alarm.detail ?? ''}</Said>
        </p>
      </div>
      <span />
    </li>
  );
}
