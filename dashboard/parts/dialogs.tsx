/** One dialog at a time; the browser's own modal keeps the focus inside and gives it back. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { AlarmView } from '../wire.ts';

export type DialogRequest =
  | { readonly kind: 'acknowledge'; readonly alarms: readonly AlarmView[] }
  | { readonly kind: 'sound-test' }
  | { readonly kind: 'log-out' }
  | { readonly kind: 'keys' };

export const dialog = signal<DialogRequest | null>(null);

export function openDialog(request: DialogRequest): void {
  dialog.value = request;
}

export function closeDialog(): void {
  dialog.value = null;
}

/** Stands below the alarm banner, so that a new alarm is seen while somebody types. */
export function Modal({ title, children }: { title: string; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = element;
    if (current !== null && !current.open) {
      current.showModal();
      // A long list of alarms can scroll, and would take the focus first.
      current.querySelector<HTMLElement>('input, button')?.focus();
    }
    return () => current?.close();
  }, []);
  return (
    <dialog ref={element} class="modal" aria-labelledby="dialog-title" onClose={closeDialog}>
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}
