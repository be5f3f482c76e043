/** A draft that came as text and cannot be read yet: mended as text, with the line of each fault. */
import type { OrderProblemView } from '../wire.ts';
import { Said } from './text.tsx';

export function DraftText(input: {
  text: string;
  problems: readonly OrderProblemView[];
  onChange: (text: string) => void;
}) {
  return (
    <>
      <label class="field textdraft">
        <span>Order document</span>
        <textarea
          spellcheck={false}
          rows={18}
          value={input.text}
          onInput={(event) => input.onChange(event.currentTarget.value)}
        />
      </label>
      <ul class="problems">
        {input.problems.map(({ path, line, message }) => (
          <li key={`${path} ${message}`}>
            <Said>{`${line === undefined ? '' : `Line ${line}: `}${message}`}</Said>
          </li>
        ))}
      </ul>
    </>
  );
}
