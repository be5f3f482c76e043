/** One dialog at a time; the browser's own modal keeps the focus inside and gives it back. */
import { signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { AlarmView } from '../wire.ts';

export type DialogRequest =
  | { readonly kind: 'acknowledge'; readonly alarms: readonly AlarmView[] }
  | { readonly kind: 'sound-test' }
  | { readonly kind: 'log-out' }
  | { readonly kind: 'keys' }
  /** One that a screen brings along. */
  | { readonly kind: 'shown'; readonly show: () => JSX.Element };

export const dialog = signal<DialogRequest | null>(null);

export function openDialog(request: DialogRequest): void {
  dialog.value = request;
}

export function closeDialog(): void {
  dialog.value = null;
}

/** Stands below the alarm banner, so that a new alarm is seen while somebody types. */
export function Modal(input: { title: string; isWide?: boolean; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  // A dialog that gives way to the next one closes too, but must not take the next one with it.
  const isGone = useRef(false);
  useEffect(() => {
    const { current } = element;
    if (current !== null && !current.open) {
      current.showModal();
      // A long list of alarms can scroll, and would take the focus first.
      current.querySelector<HTMLElement>('input, button')?.focus();
    }
    return () => {
      isGone.current = true;
      current?.close();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={`modal ${input.isWide ? 'broad' : ''}`}
      aria-labelledby="dialog-title"
      onClose={() => isGone.current || closeDialog()}
    >
      <h2 id="dialog-title">{input.title}</h2>
      {input.children}
    </dialog>
  );
}
