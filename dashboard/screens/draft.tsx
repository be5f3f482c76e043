/** Order entry: a form that the gateway checks while it is typed and keeps whatever is in it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Autosave, createAutosave, type SaveState } from '../entry/autosave.ts';
import { type Plain, valueAt } from '../entry/plain.ts';
import { timeOfDay } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { proposeOrder, readDraft, saveDraft } from '../link/order-api.ts';
import { openDialog } from '../parts/dialogs.tsx';
import { DraftChecksPanel } from '../parts/draft-checks.tsx';
import { DraftForm } from '../parts/draft-form.tsx';
import { DraftText } from '../parts/draft-text.tsx';
import { useFetched } from '../parts/fetched.ts';
import { Icon } from '../parts/icons.tsx';
import { Keypad, usePad } from '../parts/keypad.tsx';
import { SignDialog } from '../parts/sign-dialog.tsx';
import { Said } from '../parts/text.tsx';
import { hrefOf } from '../state/route.ts';
import { moment } from '../state/store.ts';
import type { DraftView } from '../wire.ts';

export function DraftScreen({ draftId }: { draftId: string }) {
  const loaded = useFetched(draftId, () => readDraft(draftId));
  if (loaded.value === null) {
    return (
      <main class="page failed">
        <section class="panel">
          <h1>{loaded.sentence === '' ? 'Waiting for the draft' : 'No draft here'}</h1>
          <p role="status">
            <Said>{loaded.sentence}</Said>
          </p>
          <a class="button" href={hrefOf({ screen: 'orders' })}>
            <Icon shape="back" />
            Orders
          </a>
        </section>
      </main>
    );
  }
  return <DraftEditor loaded={loaded.value} />;
}

function DraftEditor({ loaded }: { loaded: DraftView }) {
  const { draftId, amends } = loaded;
  const pad = usePad();
  const [document, setDocument] = useState<unknown>(loaded.document);
  const [reply, setReply] = useState<DraftView>(loaded);
  const [state, setState] = useState<SaveState>({ kind: 'saved' });
  const autosave = useAutosave(loaded, setReply, setState);
  const proposed = useProposals(loaded);
  const change = (next: unknown) => {
    setDocument(next);
    autosave.current?.change(next);
  };
  const isFresh = state.kind === 'saved';
  const why = !isFresh
    ? 'the draft is being saved'
    : reply.problems.length > 0
      ? `${reply.problems.length} to fill or to mend`
      : null;
  const sign = () =>
    openDialog({
      kind: 'shown',
      show: () => <SignDialog draft={reply} />,
    });
  return (
    <main class="page entry" {...pad.area}>
      <section class="panel form">
        <div class="headline">
          <a class="button" href={hrefOf({ screen: 'orders' })}>
            <Icon shape="back" />
            Orders
          </a>
          <h1>
            <Said>{amends === null ? `Draft ${draftId}` : `Change of order ${amends}`}</Said>
          </h1>
          <SavedNote state={state} reply={reply} />
        </div>
        {isPlain(document) ? (
          <DraftForm document={document} proposed={proposed} reply={reply} onChange={change} />
        ) : (
          <DraftText text={String(document)} problems={reply.problems} onChange={change} />
        )}
      </section>
      <section class="panel side">
        <Side keys={<Keypad input={pad.input} />}>
          <DraftChecksPanel reply={reply} isFresh={isFresh} document={document} />
        </Side>
        <button class="big primary commit" type="button" disabled={why !== null} onClick={sign}>
          <span>
            {amends === null ? 'Sign the order' : 'Sign the change'}
            <br />
            <small>{why ?? 'the prescriber, with name and PIN'}</small>
          </span>
        </button>
      </section>
    </main>
  );
}

/** What the gateway says, or the keys: there is no room for both on a small screen. */
function Side(input: { keys: ComponentChildren; children: ComponentChildren }) {
  const [isKeys, setKeys] = useState(false);
  const tab = (wantsKeys: boolean, word: string) => (
    <button type="button" aria-pressed={isKeys === wantsKeys} onClick={() => setKeys(wantsKeys)}>
      {word}
    </button>
  );
  return (
    <>
      <div class="tabs">
        {tab(false, 'Checks')}
        {tab(true, 'Keys')}
      </div>
      {isKeys ? input.keys : input.children}
    </>
  );
}

function SavedNote({ state, reply }: { state: SaveState; reply: DraftView }) {
  const { utcOffsetMin } = moment.value;
  const words =
    state.kind === 'saving'
      ? 'Saving'
      : state.kind === 'unsaved'
        ? `NOT SAVED: ${state.sentence}`
        : `Draft saved at the gateway ${timeOfDay(parseWall(reply.savedAt), utcOffsetMin, true)}`;
  return (
    <span class={state.kind === 'unsaved' ? 'saved problem' : 'saved'} role="status">
      <Said>{words}</Said>
    </span>
  );
}

function useAutosave(
  { draftId, bedId, amends }: DraftView,
  onSaved: (reply: DraftView) => void,
  onState: (state: SaveState) => void,
) {
  const autosave = useRef<Autosave<unknown> | null>(null);
  useEffect(() => {
    const made = createAutosave({
      save: (document: unknown) => saveDraft({ draftId, document, bedId, amends }),
      onSaved,
      onState,
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    });
    autosave.current = made;
    return () => made.stop();
  }, [draftId]);
  return autosave;
}

/** The template's proposal once more: it follows from the template and from what the draft says already. */
function useProposals(loaded: DraftView): Plain | null {
  const [proposed, setProposed] = useState<Plain | null>(null);
  // Asked once for a draft, as it was opened.
  useEffect(() => {
    const { document, amends } = loaded;
    const regimen = valueAt(document, 'regimen');
    if (amends !== null || typeof regimen !== 'string' || regimen === 'none') return;
    const weightKg = valueAt(document, 'patient.weightKg');
    const firstDate = valueAt(document, 'course.sessions[0].date');
    const day = valueAt(document, 'course.day');
    void proposeOrder(regimen, {
      session: typeof day === 'number' ? day : 1,
      ...(typeof weightKg === 'number' ? { patient: { weightKg } } : {}),
      ...(typeof firstDate === 'string' ? { firstDate } : {}),
    }).then((answer) => {
      if (answer.kind === 'done') setProposed(answer.value.document);
    });
  }, [loaded.draftId]);
  return proposed;
}

function isPlain(document: unknown): document is Plain {
  return typeof document === 'object' && document !== null && !Array.isArray(document);
}
