import { parseDuration } from './iso-duration.ts';
import type { OrderDocument } from './order-schema.ts';
import { type Path, pathText, valueAt } from './yaml-text.ts';

/** One field that the second person entered differently. */
export interface Mismatch {
  /** `steps[0].dose` */
  readonly path: string;
  readonly entered: unknown;
  readonly ordered: unknown;
}

export interface SecondCheck {
  /** Critical fields that were not entered: then nothing was compared. */
  readonly missing: readonly string[];
  readonly mismatches: readonly Mismatch[];
}

/**
 * The independent double check: each critical field must have been entered again with the same
 * value. A whole order document may be entered; what is not critical in it (label, regimen, recovery,
 * cuff interval) is not compared.
 *
 * @param source the order as it was written
 * @param entered what the second person typed: shaped like an order document
 */
export function secondCheck(
  document: OrderDocument,
  source: unknown,
  entered: unknown,
): SecondCheck {
  const missing: string[] = [];
  const mismatches: Mismatch[] = [];
  const compare = (
    path: Path,
    isRequired: boolean,
    ordered: unknown = valueAt(source, path) ?? null,
  ): void => {
    const other = valueAt(entered, path) ?? null;
    if (other === null) {
      if (isRequired) missing.push(pathText(path));
    } else if (!isSame(path, ordered, other)) {
      mismatches.push({ path: pathText(path), entered: other, ordered });
    }
  };
  for (const path of ALWAYS) compare(path, true);
  compare(['patient', 'weightKg'], document.patient.weightKg !== undefined);
  document.steps.forEach((step, index) => {
    compare(['steps', index, 'dose'], true);
    compare(['steps', index, 'at'], true);
    compare(['steps', index, 'over'], step.over !== undefined);
    for (const field of ['step', 'earliest', 'latest', 'mlPerH'])
      compare(['steps', index, field], false);
  });
  const steps = valueAt(entered, ['steps']);
  if (Array.isArray(steps) && steps.length > document.steps.length) {
    compare(['steps', document.steps.length], false);
  }
  for (const path of WHEN_ENTERED) compare(path, false);
  // Left out in the order it means "not allowed".
  compare(['kvo', 'allowed'], false, document.kvo.allowed);
  return { missing, mismatches };
}

const ALWAYS: readonly Path[] = [
  ['patient', 'id'],
  ['drug', 'name'],
  ['drug', 'form'],
  ['bag', 'drugMg'],
  ['bag', 'volumeMl'],
  ['mode'],
  ['end'],
  ['limits', 'maxMgPerH'],
];

/** They bound the dose too, so when they are entered they must be the same. */
const WHEN_ENTERED: readonly Path[] = [
  ['limits', 'maxMgSession'],
  ['limits', 'maxMg24h'],
  ['limits', 'maxMgCourse'],
  ['limits', 'maxMlPerH'],
  ['kvo', 'maxMlPerH'],
  ['bolus'],
];

/** `PT4H` and `PT240M` are the same time; a name is the same in capitals; a number must be a number. */
function isSame(path: Path, ordered: unknown, entered: unknown): boolean {
  if (ordered === entered) return true;
  if (typeof ordered !== 'string' || typeof entered !== 'string') return false;
  if (path[0] === 'drug') return ordered.trim().toLowerCase() === entered.trim().toLowerCase();
  const ms = parseDuration(ordered);
  return ms !== undefined && path[0] !== 'patient' && ms === parseDuration(entered);
}
