/** The dialogs about this station: sound test, log-out, keys. */
import { useState } from 'preact/hooks';
import { logOut } from '../link/api.ts';
import { soundHealthNow } from '../state/store.ts';
import { station } from '../station.ts';
import { AcknowledgeDialog } from './acknowledge-dialog.tsx';
import { closeDialog, dialog, Modal } from './dialogs.tsx';

export function OpenDialog() {
  const request = dialog.value;
  if (request === null) return null;
  switch (request.kind) {
    case 'acknowledge':
      return <AcknowledgeDialog alarms={request.alarms} />;
    case 'sound-test':
      return <SoundTestDialog />;
    case 'log-out':
      return <LogOutDialog />;
    case 'keys':
      return <KeysDialog />;
    case 'shown':
      return request.show();
  }
}

function SoundTestDialog() {
  const health = soundHealthNow.value;
  const confirm = () => {
    station.current.sound?.confirmHeard();
    closeDialog();
  };
  return (
    <Modal title="Sound test">
      <p>You should hear three sounds: low, medium and high.</p>
      <p class="muted">
        This page cannot know whether the loudspeaker is turned down or unplugged. Only your ears
        can.
      </p>
      <p class="outcome" role="status">
        {health === 'blocked' && 'The browser has not allowed sound yet. Touch "Play again".'}
        {health === 'faulty' && 'The sound device does not run. Call the technician.'}
      </p>
      <div class="acts">
        <button class="big" type="button" onClick={() => station.current.sound?.enable()}>
          Play again
        </button>
        <button
          class="big primary"
          type="button"
          disabled={health === 'blocked' || health === 'faulty'}
          onClick={confirm}
        >
          I heard it
        </button>
      </div>
      <button class="wide" type="button" onClick={closeDialog}>
        Close without confirming
      </button>
    </Modal>
  );
}

function LogOutDialog() {
  const [sentence, setSentence] = useState('');
  const leave = () => {
    void logOut().then((answer) => {
      if (answer.kind === 'done' || (answer.kind === 'refused' && answer.status === 401)) {
        closeDialog();
        station.current.onLoggedOut();
      } else setSentence(answer.sentence);
    });
  };
  return (
    <Modal title="Log out">
      <p>This station then shows no bed and sounds no alarm until somebody logs in.</p>
      <p class="outcome" role="status">
        {sentence}
      </p>
      <div class="acts">
        <button class="big" type="button" onClick={closeDialog}>
          Keep watching
        </button>
        <button class="big primary" type="button" onClick={leave}>
          Log out
        </button>
      </div>
    </Modal>
  );
}

const KEYS = [
  ['F2', 'pause sound of this bed'],
  ['F3', 'alarm list'],
  ['F4', 'acknowledge'],
  ['1 to 9', 'open bed by its row in the attention list'],
  ['O', 'overview'],
  ['D', 'devices'],
  ['Esc', 'back, or close; never confirms'],
  ['?', 'this list'],
] as const;

function KeysDialog() {
  return (
    <Modal title="Keys">
      <table class="keys">
        <tbody>
          {KEYS.map(([key, does]) => (
            <tr key={key}>
              <th scope="row" class="num">
                {key}
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button class="wide" type="button" onClick={closeDialog}>
        Close
      </button>
    </Modal>
  );
}
