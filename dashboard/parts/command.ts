/** A button that sends a command and says what became of it. Never shows success before the gateway does. */
import { useRef, useState } from 'preact/hooks';
import { type Answer, newCommandId } from '../link/call.ts';

export type CommandState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'failed'; readonly sentence: string };

/** Faster taps on the same button are one tap. */
const REPEAT_MS = 300;

export function useCommand(send: (commandId: string) => Promise<Answer<unknown>>): {
  readonly state: CommandState;
  readonly run: () => void;
} {
  const [state, setState] = useState<CommandState>({ kind: 'idle' });
  const startedAtMs = useRef(Number.NEGATIVE_INFINITY);
  // A retry after "not confirmed" is the same command, so that it is not done twice.
  const commandId = useRef<string | null>(null);
  const run = () => {
    const nowMs = performance.now();
    if (state.kind === 'pending' || nowMs - startedAtMs.current < REPEAT_MS) return;
    startedAtMs.current = nowMs;
    commandId.current ??= newCommandId();
    setState({ kind: 'pending' });
    void send(commandId.current).then((answer) => {
      if (answer.kind !== 'unconfirmed') commandId.current = null;
      setState(
        answer.kind === 'done' ? { kind: 'idle' } : { kind: 'failed', sentence: answer.sentence },
      );
    });
  };
  return { state, run };
}
