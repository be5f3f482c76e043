/** The blind second entry: fields without a value, and what was typed into them. Pure. */
import type { CheckField } from '../wire.ts';
import { type Choice, DOSE_UNITS, DRUG, type FieldSpec, PLAN, YES_NO } from './fields.ts';
import { type Plain, valueAt, withValue } from './plain.ts';
import { type FieldKind, readTyped, typedText } from './typed.ts';

export const GROUP_WORDS: Readonly<Record<CheckField['group'], string>> = {
  patient: 'Patient',
  drug: 'Drug',
  bag: 'Bag',
  plan: 'Plan',
  limits: 'Limits',
};

/**
 * As the field is asked on the screen; its words are those of order entry. What a dose means is entered
 * too, so the unit of a dose is the one that this person chose.
 */
export function specOf(field: CheckField, entered: Plain = {}): FieldSpec {
  const { path, label } = field;
  if (field.kind === 'choice') return { path, label, kind: 'choice', choices: choicesOf(field) };
  const kind = kindOf(field);
  const unit = unitOf(field, kind, entered);
  return { path, label, kind, ...(unit === undefined ? {} : { unit }) };
}

function unitOf(field: CheckField, kind: FieldKind, entered: Plain): string | undefined {
  if (kind === 'hours') return 'h:min';
  if (isMinutes(kind)) return 'min';
  if (field.path.endsWith('.dose')) return DOSE_UNITS[String(entered['mode'])];
  return field.unit ?? undefined;
}

const isMinutes = (kind: FieldKind): boolean => kind === 'minutes' || kind === 'minutes-before';

function kindOf({ kind, path }: CheckField): FieldKind {
  if (kind !== 'duration') return kind === 'number' ? 'number' : 'text';
  if (path.endsWith('.earliest')) return 'minutes-before';
  return path.endsWith('.latest') || path === 'pauseAllowance' ? 'minutes' : 'hours';
}

const WORDS: ReadonlyMap<unknown, string> = new Map(
  [...DRUG.fields, ...PLAN.fields]
    .flatMap(({ choices }) => choices ?? [])
    .map(({ value, word }) => [value, word]),
);

function choicesOf({ choices }: CheckField): readonly Choice[] {
  if (choices === undefined) return YES_NO;
  return choices.map((value) => ({ value, word: WORDS.get(value) ?? value }));
}

/** Fields that are empty, or hold something that cannot be read. */
export function openFields(fields: readonly CheckField[], entered: Plain): readonly CheckField[] {
  return fields.filter((field) => {
    const value = valueAt(entered, field.path);
    if (value === undefined) return true;
    const { kind, unit } = specOf(field);
    return kind !== 'choice' && !readTyped(kind, typedText(kind, value), unit).ok;
  });
}

export interface Difference {
  readonly path: string;
  readonly entered: unknown;
  readonly ordered: unknown;
}

/** The fields that differ, out of a refusal; nothing where it says something else. */
export function differencesOf(detail: unknown): readonly Difference[] {
  if (!Array.isArray(detail)) return [];
  return detail.filter(
    (one): one is Difference => typeof one === 'object' && one !== null && 'path' in one,
  );
}

/** The next pass begins with these fields empty: they are read from the source anew. */
export function withoutDifferences(entered: Plain, differences: readonly Difference[]): Plain {
  return differences.reduce((at, { path }) => withValue(at, path, undefined), entered);
}

/** A value as the screen says it, with its unit; nothing stands for "left out". */
export function shownValue(
  fields: readonly CheckField[],
  path: string,
  value: unknown,
  entered: Plain = {},
): string {
  if (value === null || value === undefined) return 'nothing';
  const field = fields.find((one) => one.path === path);
  if (field === undefined) return typedText('text', value);
  const { kind, unit } = specOf(field, entered);
  const text = kind === 'choice' ? (WORDS.get(value) ?? String(value)) : typedText(kind, value);
  return unit === undefined || unit === '' ? text : `${text} ${unit}`;
}
