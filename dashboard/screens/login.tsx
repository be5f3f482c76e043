import { useState } from 'preact/hooks';
import { logIn } from '../link/api.ts';
import { type Identity, IdentityFields, isComplete } from '../parts/identity.tsx';
import { station } from '../station.ts';

export function LoginScreen() {
  const [identity, setIdentity] = useState<Identity>({ user: '', pin: '' });
  const [isPending, setPending] = useState(false);
  const [sentence, setSentence] = useState('');
  const send = async () => {
    setPending(true);
    setSentence('');
    const answer = await logIn(identity.user.trim(), identity.pin);
    setPending(false);
    setIdentity((before) => ({ ...before, pin: '' }));
    if (answer.kind === 'done') station.current.onLoggedIn();
    else setSentence(answer.sentence);
  };
  return (
    <main class="login">
      <form
        class="panel dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete(identity) && !isPending) void send();
        }}
      >
        <h1>InfuseWatch</h1>
        <p class="notwatching">
          This station is not watching. It shows no bed and sounds no alarm.
        </p>
        <IdentityFields value={identity} onChange={setIdentity} isDisabled={isPending} />
        <p class="outcome" role="alert">
          {sentence}
        </p>
        <button class="big primary" type="submit" disabled={!isComplete(identity) || isPending}>
          {isPending ? 'Waiting for the gateway' : 'Log in and watch'}
        </button>
      </form>
    </main>
  );
}
