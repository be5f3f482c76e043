/** One field of a form: its unit stands fixed inside it, and what is wrong stands below it. */
import { useId, useState } from 'preact/hooks';
import type { Choice, FieldSpec } from '../entry/fields.ts';
import { type FieldKind, readTyped, typedText } from '../entry/typed.ts';
import { moment } from '../state/store.ts';
import { Icon } from './icons.tsx';
import { Said } from './text.tsx';

export interface FieldInput {
  readonly spec: FieldSpec;
  /** As it stands in the document; a text where a number should be is something half typed. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** What the gateway says of it. */
  readonly problem?: string | undefined;
  /** What a template proposes for an empty field. */
  readonly proposal?: unknown;
  /** What follows from it, as the gateway worked it out. */
  readonly derived?: string | undefined;
  readonly isDisabled?: boolean;
}

export function Field(input: FieldInput) {
  return input.spec.kind === 'choice' ? (
    <ChoiceField {...input} choices={input.spec.choices ?? []} />
  ) : (
    <TypedField {...input} kind={input.spec.kind} />
  );
}

const PADS: Readonly<Partial<Record<FieldKind, string>>> = {
  number: 'number',
  hours: 'hours',
  minutes: 'pin',
  'minutes-before': 'pin',
};

function TypedField(input: FieldInput & { readonly kind: FieldKind }) {
  const { spec, kind, value, onChange, isDisabled } = input;
  const { utcOffsetMin } = moment.value;
  const id = useId();
  // While one types the field holds exactly that: "1.0" may be on its way to "1.05".
  const [typing, setTyping] = useState<string | null>(null);
  const [pasted, setPasted] = useState<string | null>(null);
  const text = typing ?? typedText(kind, value, utcOffsetMin);
  const type = (typed: string) => {
    setTyping(typed);
    const read = readTyped(kind, typed, spec.unit, utcOffsetMin);
    onChange(read.ok ? read.value : typed);
  };
  const onPaste = (event: ClipboardEvent) => {
    if (kind === 'text') return;
    event.preventDefault();
    setPasted(event.clipboardData?.getData('text').trim().slice(0, 40) ?? '');
  };
  const unpaste = (isWanted: boolean) => {
    if (isWanted && pasted !== null) type(pasted);
    setTyping(null);
    setPasted(null);
  };
  const own = typing === null ? readTyped(kind, text, spec.unit, utcOffsetMin) : null;
  const problem = own?.ok === false ? own.problem : typing === null ? input.problem : undefined;
  const isNeeded = text === '' && (spec.isRequired || input.problem !== undefined);
  return (
    <div class={`field ${spec.isWide ? 'wide' : ''}`}>
      <label for={id}>
        <Said>{spec.label}</Said>
        {isNeeded && <span class="needed"> needed</span>}
      </label>
      <div class="box">
        <input
          id={id}
          type="text"
          class={kind === 'text' || kind === 'moment' || kind === 'date' ? 'words' : 'num'}
          autocomplete="off"
          spellcheck={false}
          inputMode={PADS[kind] === undefined ? 'text' : 'decimal'}
          maxLength={kind === 'text' ? 120 : 20}
          placeholder={PLACEHOLDERS[kind]}
          data-pad={PADS[kind]}
          data-name={spec.label}
          data-unit={spec.unit}
          data-path={spec.path}
          disabled={isDisabled}
          aria-invalid={problem !== undefined && text !== ''}
          aria-describedby={`${id}-note`}
          value={text}
          onInput={(event) => type(event.currentTarget.value)}
          onBlur={() => setTyping(null)}
          onPaste={onPaste}
        />
        {text === '' && input.proposal !== undefined && (
          <button class="proposal" type="button" onClick={() => onChange(input.proposal)}>
            take {typedText(kind, input.proposal, utcOffsetMin)}
          </button>
        )}
        {spec.unit && (
          <span class="unit">
            <Said>{spec.unit}</Said>
          </span>
        )}
      </div>
      <Note
        id={`${id}-note`}
        problem={text === '' ? undefined : problem}
        words={input.derived ?? spec.hint}
      />
      {pasted !== null && (
        <p class="pasted" role="status">
          Pasted <b>{pasted}</b>
          <button type="button" onClick={() => unpaste(true)}>
            Use it
          </button>
          <button type="button" onClick={() => unpaste(false)}>
            Drop it
          </button>
        </p>
      )}
    </div>
  );
}

const PLACEHOLDERS: Readonly<Partial<Record<FieldKind, string>>> = {
  moment: '2026-11-23 08:00',
  date: '2026-11-23',
};

function ChoiceField(input: FieldInput & { readonly choices: readonly Choice[] }) {
  const { spec, value, choices, onChange } = input;
  const id = useId();
  const isNeeded = value === undefined && (spec.isRequired || input.problem !== undefined);
  const proposed = choices.find((choice) => choice.value === input.proposal);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid cell here.
    <div
      class={`field ${widthOf(choices.length)}`}
      role="group"
      aria-labelledby={id}
      aria-describedby={`${id}-note`}
    >
      <span class="label" id={id}>
        <Said>{spec.label}</Said>
        {isNeeded && <span class="needed"> needed</span>}
      </span>
      <div class="choices">
        {choices.map((choice) => {
          const isOn = choice.value === value;
          const isProposed = value === undefined && choice === proposed;
          return (
            <button
              key={choice.word}
              type="button"
              class={isOn ? 'on' : isProposed ? 'proposal' : ''}
              aria-pressed={isOn}
              data-path={spec.path}
              disabled={input.isDisabled}
              onClick={() => onChange(isOn && !spec.isRequired ? undefined : choice.value)}
            >
              {isOn && <Icon shape="check" />}
              {choice.word}
            </button>
          );
        })}
      </div>
      <Note
        id={`${id}-note`}
        problem={value === undefined ? undefined : input.problem}
        words={input.derived ?? spec.hint}
      />
    </div>
  );
}

/** Words need room: more than two choices take more than one column. */
const widthOf = (choices: number): string => (choices > 3 ? 'wider' : choices > 2 ? 'wide' : '');

function Note(input: { id: string; problem: string | undefined; words: string | undefined }) {
  return (
    <p id={input.id} class={input.problem === undefined ? 'fieldnote' : 'fieldnote problem'}>
      <Said>{input.problem ?? input.words ?? ''}</Said>
    </p>
  );
}
