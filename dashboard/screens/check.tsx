/**
 * The blind second check. This screen asks the gateway for the names of the fields and for nothing else: no
 * value of the first entry reaches the page before all fields are entered and compared.
 */
import { useState } from 'preact/hooks';
import { identify } from '../link/api.ts';
import { readCheckForm } from '../link/order-api.ts';
import { CheckPass } from '../parts/check-pass.tsx';
import { Icon } from '../parts/icons.tsx';
import { type Identity, isComplete } from '../parts/identity.tsx';
import { Keypad, usePad } from '../parts/keypad.tsx';
import { PersonFields } from '../parts/person-dialog.tsx';
import { Said } from '../parts/text.tsx';
import { hrefOf } from '../state/route.ts';
import { moment } from '../state/store.ts';
import type { CheckFormView } from '../wire.ts';

interface Checker {
  readonly user: string;
  readonly token: string;
  readonly form: CheckFormView;
}

export function CheckScreen({ orderId }: { orderId: string }) {
  const [checker, setChecker] = useState<Checker | null>(null);
  const [done, setDone] = useState<string | null>(null);
  return (
    <main class="page check">
      <section class="patient" aria-label="Order">
        <a class="button" href={hrefOf({ screen: 'orders' })}>
          <Icon shape="back" />
          Orders
        </a>
        <h1 class="id">
          <Said>{`Second check of order ${orderId}`}</Said>
        </h1>
        <span class="spacer" />
        {checker !== null && (
          <>
            <span class="muted">
              <Said>{`version ${checker.form.version}, signed by ${checker.form.signedBy}`}</Said>
            </span>
            <b>
              <Said>{checker.user}</Said>
            </b>
          </>
        )}
      </section>
      {done !== null ? (
        <Outcome orderId={orderId} sentence={done} />
      ) : checker === null ? (
        <WhoChecks orderId={orderId} onKnown={setChecker} />
      ) : (
        <CheckPass
          form={checker.form}
          token={checker.token}
          onDone={setDone}
          onAgain={(form) => setChecker({ ...checker, form })}
        />
      )}
    </main>
  );
}

function WhoChecks(input: { orderId: string; onKnown: (checker: Checker) => void }) {
  const pad = usePad();
  const [identity, setIdentity] = useState<Identity>({ user: '', pin: '' });
  const [sentence, setSentence] = useState('');
  const [isPending, setPending] = useState(false);
  const isLost = moment.value.link.phase === 'lost';
  const begin = async () => {
    setPending(true);
    setSentence('');
    const who = await identify(identity.user.trim(), identity.pin);
    setIdentity((before) => ({ ...before, pin: '' }));
    const form = who.kind === 'done' ? await readCheckForm(input.orderId, who.value.token) : who;
    setPending(false);
    if (form.kind !== 'done' || who.kind !== 'done')
      return setSentence(form.kind === 'done' ? '' : form.sentence);
    input.onKnown({ user: who.value.user, token: who.value.token, form: form.value });
  };
  return (
    <form
      class="panel whochecks"
      {...pad.area}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete(identity) && !isPending && !isLost) void begin();
      }}
    >
      <div class="asked">
        <h2>
          <b>Who makes the second check?</b>
        </h2>
        <p>
          Another person than the one who wrote or signed the order. Have the source document at
          hand, and read the patient's id from the wristband.
        </p>
        <p>
          You enter every critical field yourself. Nothing of the first entry is shown, and no field
          says right or wrong before all of them are compared.
        </p>
        <p class="outcome" role="alert">
          <Said>{sentence}</Said>
        </p>
        <button
          class="big primary"
          type="submit"
          disabled={!isComplete(identity) || isPending || isLost}
        >
          {isPending ? 'Waiting for the gateway' : 'Begin'}
        </button>
      </div>
      <div class="who">
        <PersonFields value={identity} onChange={setIdentity} isDisabled={isPending} />
        <Keypad input={pad.input} />
      </div>
    </form>
  );
}

function Outcome({ orderId, sentence }: { orderId: string; sentence: string }) {
  return (
    <section class="panel covered">
      <h2>Second check</h2>
      <p role="status">
        <b>
          <Said>{sentence}</Said>
        </b>
      </p>
      <div class="acts">
        <a class="button big" href={hrefOf({ screen: 'orders' })}>
          All orders
        </a>
        <a class="button big primary" href={hrefOf({ screen: 'order', orderId })}>
          Open the order
        </a>
      </div>
    </section>
  );
}
