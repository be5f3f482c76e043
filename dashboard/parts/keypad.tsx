/**
 * Keys on the screen for stations without a keyboard. They type into the field that was touched last; a
 * real keyboard works all the same.
 */
import { useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

export interface Pad {
  readonly input: HTMLInputElement | null;
  /** For the element around fields and keys. */
  readonly area: { readonly 'data-pad-area': ''; readonly onFocusIn: (event: Event) => void };
}

/** Fields with `data-pad` take keys: `number` has a point, `hours` a colon, `pin` neither. */
export function usePad(): Pad {
  const [input, setInput] = useState<HTMLInputElement | null>(null);
  const onFocusIn = ({ target }: Event) => {
    if (target instanceof HTMLInputElement && target.dataset['pad']) setInput(target);
  };
  return { input, area: { 'data-pad-area': '', onFocusIn } };
}

const DIGITS = ['7', '8', '9', '4', '5', '6', '1', '2', '3'] as const;

export function Keypad({ input }: { input: HTMLInputElement | null }) {
  const kind = input?.dataset['pad'];
  const mark = kind === 'hours' ? ':' : kind === 'number' ? '.' : null;
  const isOff = input === null || input.disabled || !input.isConnected;
  const key = (text: string, name: string) => (
    <button
      key={text}
      class={name}
      type="button"
      disabled={isOff}
      onPointerDown={keepFocus}
      onClick={() => input && type(input, input.value + text)}
    >
      {text}
    </button>
  );
  return (
    <section class="padbox" aria-label="Keys">
      <h2>
        {isOff ? (
          'Touch a field, then type here'
        ) : (
          <>
            <b>{input.dataset['name']}</b> {input.dataset['unit']}
          </>
        )}
      </h2>
      <div class="keypad">
        {DIGITS.slice(0, 3).map((digit) => key(digit, ''))}
        <button
          class="tall"
          type="button"
          aria-label="Delete last digit"
          disabled={isOff}
          onPointerDown={keepFocus}
          onClick={() => input && type(input, input.value.slice(0, -1))}
        >
          <Icon shape="back" />
        </button>
        {DIGITS.slice(3).map((digit) => key(digit, ''))}
        <button
          class="tall next"
          type="button"
          disabled={isOff}
          onPointerDown={keepFocus}
          onClick={() => input && goOn(input)}
        >
          Next
        </button>
        {key('0', mark === null ? 'three' : 'two')}
        {mark !== null && key(mark, '')}
      </div>
    </section>
  );
}

/** The field keeps its caret while keys are touched. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

/** As if it had been typed: the field reads it by its own rules. */
function type(input: HTMLInputElement, text: string): void {
  input.focus();
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** To the next field or choice, never onto a button that does something. */
function goOn(input: HTMLInputElement): void {
  const area = input.closest('[data-pad-area]') ?? document;
  const stops = [
    ...area.querySelectorAll<HTMLElement>('input:not(:disabled), [aria-pressed]:not(:disabled)'),
  ];
  stops[stops.indexOf(input) + 1]?.focus();
}
