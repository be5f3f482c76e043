/**
 * Keeps a draft at the gateway while it is typed. One save at a time, always with the newest text; what
 * could not be saved is tried again until it is. Pure of the screen: timers come from outside.
 */
import type { Answer } from '../link/call.ts';

export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving' }
  /** Nothing is lost while the page stays open. */
  | { readonly kind: 'unsaved'; readonly sentence: string };

export interface Autosave<D> {
  readonly change: (document: D) => void;
  /** At once, as when the screen is left. */
  readonly flush: () => void;
  readonly stop: () => void;
}

const PAUSE_MS = 400;
const AGAIN_MS = 2_000;

export function createAutosave<D, T>(deps: {
  readonly save: (document: D) => Promise<Answer<T>>;
  readonly onSaved: (value: T) => void;
  readonly onState: (state: SaveState) => void;
  readonly after: (ms: number, run: () => void) => () => void;
}): Autosave<D> {
  let waiting: { readonly document: D } | null = null;
  let isSaving = false;
  let isStopped = false;
  let cancel = () => {};

  const later = (ms: number) => {
    cancel();
    cancel = deps.after(ms, send);
  };

  function send(): void {
    if (isSaving || waiting === null) return;
    const sent = waiting;
    waiting = null;
    isSaving = true;
    void deps.save(sent.document).then((answer) => {
      isSaving = false;
      if (answer.kind === 'done') {
        // An answer to an older text says nothing of the one that is on the screen now.
        if (waiting === null && !isStopped) {
          deps.onSaved(answer.value);
          deps.onState({ kind: 'saved' });
        }
      } else {
        waiting ??= sent;
        deps.onState({ kind: 'unsaved', sentence: answer.sentence });
      }
      if (waiting !== null) later(answer.kind === 'done' ? 0 : AGAIN_MS);
    });
  }

  return {
    change: (document) => {
      waiting = { document };
      deps.onState({ kind: 'saving' });
      if (!isSaving) later(PAUSE_MS);
    },
    flush: () => {
      cancel();
      send();
    },
    stop: () => {
      isStopped = true;
      cancel();
      send();
    },
  };
}
