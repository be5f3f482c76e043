/** What a path of an order document is called on the screen. */
import {
  adjunctFields,
  COURSE_DAY,
  criteriaFields,
  DRUG,
  type FieldSpec,
  LIMITS,
  PATIENT,
  PLAN,
  sessionFields,
  stepFields,
  WATCH,
} from './fields.ts';

const SINGLE: ReadonlyMap<string, string> = new Map([
  ...[PATIENT, DRUG, LIMITS].map(({ id, title }) => [id, title] as const),
  ['bag', 'Bag'] as const,
  ['steps', 'Steps'] as const,
  ...[PATIENT, DRUG, PLAN, LIMITS, WATCH]
    .flatMap(({ fields }): readonly FieldSpec[] => fields)
    .concat(COURSE_DAY)
    .map(({ path, label }) => [path, label] as const),
]);

const LISTS: readonly (readonly [
  list: string,
  name: string,
  fields: (index: number) => readonly FieldSpec[],
])[] = [
  ['steps', 'Step', (index) => [...stepFields(index, 'mg-total-over'), ...criteriaFields(index)]],
  ['adjuncts', 'Adjunct', adjunctFields],
  ['course.sessions', 'Day', (index) => sessionFields(index).map(withoutNumber)],
];

/** `Step 2: Dose`; a path that no field has is named as it is. */
export function labelOf(path: string): string {
  const single = SINGLE.get(path);
  if (single !== undefined) return single;
  for (const [list, name, fields] of LISTS) {
    const index = path.startsWith(`${list}[`) ? /\[(\d+)\]/.exec(path)?.[1] : undefined;
    if (index === undefined) continue;
    const label = fields(Number(index)).find((field) => field.path === path)?.label;
    return `${name} ${Number(index) + 1}${label === undefined ? '' : `: ${label}`}`;
  }
  return path;
}

const withoutNumber = (field: FieldSpec): FieldSpec => ({
  ...field,
  label: field.label.replace(/^Day \d+ on$/, 'Date'),
});

/** `steps[0].dose`, `limits.maxMgSession`: how the gateway names a field in a sentence. */
const PATH = /\b[a-z][A-Za-z]*(?:\[\d+\])?(?:\.[a-z][A-Za-z]*(?:\[\d+\])?)+/g;

/** A sentence of the gateway about a field, for where the field stands beside it: without its own name. */
export function saidOf({ path, message }: { path: string; message: string }): string {
  const rest = message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
  return rest.replace(PATH, (other) => labelOf(other));
}
