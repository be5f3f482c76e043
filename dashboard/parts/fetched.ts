/** What a screen asks the gateway for: what came last, and why nothing newer came. */
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Answer } from '../link/call.ts';

export interface Fetched<T> {
  /** `null` = nothing came yet. An answer stays until a newer one comes. */
  readonly value: T | null;
  /** Why it could not be fetched; empty while all is well. */
  readonly sentence: string;
  readonly again: () => void;
}

/** Counts what was done with orders from this page: then lists are asked for at once. */
export const ordersChanged = signal(0);

/** @param key what it is about: another key forgets what came before. @param everyMs 0 = once */
export function useFetched<T>(
  key: string,
  load: () => Promise<Answer<T>>,
  everyMs = 0,
): Fetched<T> {
  const [turn, setTurn] = useState(0);
  const changed = ordersChanged.value;
  const [held, setHeld] = useState<{ key: string; value: T | null; sentence: string }>({
    key,
    value: null,
    sentence: '',
  });
  // `load` is made anew with each drawing; the key says what it loads.
  useEffect(() => {
    let isOver = false;
    const ask = () =>
      void load().then((answer) => {
        if (isOver) return;
        setHeld((before) =>
          answer.kind === 'done'
            ? { key, value: answer.value, sentence: '' }
            : { key, value: before.key === key ? before.value : null, sentence: answer.sentence },
        );
      });
    ask();
    const timer = everyMs === 0 ? undefined : setInterval(ask, everyMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [key, turn, changed, everyMs]);
  const again = () => setTurn((before) => before + 1);
  return held.key === key ? { ...held, again } : { value: null, sentence: '', again };
}
