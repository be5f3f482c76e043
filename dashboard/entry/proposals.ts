/**
 * What a template proposes. It stands beside the empty field and becomes part of the order only when a
 * person takes it; what fixes the frame of the order (regimen, mode, how many steps) is there at once.
 */
import { type Plain, rowsOf, valueAt, withValue } from './plain.ts';

/** No doses and no times: what the template is about, or what every order of it has. */
const FRAME = ['regimen', 'setting', 'mode', 'drug.name', 'bolus', 'kvo'] as const;
const LISTS = ['steps', 'adjuncts', 'course.sessions'] as const;

/** The draft that a template begins: its frame and its rows, without one dose in it. */
export function frameOf(proposed: Plain): Plain {
  // Empty groups, so that the gateway names each field that is missing in them.
  let draft: Plain = { regimen: proposed['regimen'], patient: {}, drug: {}, bag: {}, limits: {} };
  const patient = valueAt(proposed, 'patient');
  if (patient !== undefined) draft = withValue(draft, 'patient', patient);
  for (const path of FRAME) draft = withValue(draft, path, valueAt(proposed, path));
  const rows = (list: string, key: string) =>
    Array.from({ length: rowsOf(proposed, list) }, (_, index) => ({
      [key]: valueAt(proposed, `${list}[${index}].${key}`),
    }));
  draft = withValue(draft, 'steps', stepRows(proposed));
  if (rowsOf(proposed, 'adjuncts') > 0)
    draft = withValue(draft, 'adjuncts', rows('adjuncts', 'drug'));
  if (rowsOf(proposed, 'course.sessions') > 0) {
    draft = withValue(draft, 'course.day', valueAt(proposed, 'course.day'));
    draft = withValue(draft, 'course.sessions', rows('course.sessions', 'day'));
  }
  return draft;
}

/** The first step begins with the infusion, whatever is given. */
function stepRows(proposed: Plain): readonly Plain[] {
  return Array.from({ length: rowsOf(proposed, 'steps') }, (_, index) =>
    index === 0 ? { step: 1, at: 'PT0S' } : { step: index + 1 },
  );
}

/** The value that may be taken into an empty field; `undefined` = nothing is proposed there. */
export function proposalAt(proposed: Plain | null, draft: Plain, path: string): unknown {
  if (proposed === null || valueAt(draft, path) !== undefined) return undefined;
  const list = LISTS.find((one) => path.startsWith(`${one}[`));
  // Rows were added or taken away since: the third step is no longer the third of the template.
  if (list !== undefined && rowsOf(draft, list) !== rowsOf(proposed, list)) return undefined;
  return valueAt(proposed, path);
}
