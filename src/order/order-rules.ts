import { doseRate } from '../observation/format.ts';
import { type CareArea, type DrugLibrary, doseLimits, drugComplaint } from './drug-library.ts';
import { type DoseFields, highestExactRate } from './exact-plan.ts';
import type { OrderDocument } from './order-schema.ts';
import { compare, quantity, toNumber } from './quantity.ts';
import { type Regimen, type RegimenShelf, regimenOf } from './regimen.ts';
import { careAreaRefusal, deviations } from './regimen-check.ts';

/** What drug library and regimen say of an order: why it cannot be given, or what is to be told. */
export type RulesVerdict =
  | { readonly ok: true; readonly note?: string }
  | {
      readonly ok: false;
      readonly status: 422;
      readonly code: string;
      readonly message: string;
      readonly path: string;
    };

/**
 * Hard limits, the drug and the care area of a regimen refuse; a soft limit and a regimen that is not
 * kept are told.
 */
export function checkRules(
  document: OrderDocument,
  library: DrugLibrary,
  area: CareArea,
  shelf: RegimenShelf,
): RulesVerdict {
  const regimen = regimenOf(shelf, document);
  const complaint = careAreaRefusal(document, regimen, area);
  if (complaint !== undefined) return refuse('care-area', complaint.message, complaint.path);
  const limits = checkLibrary(document, library, area);
  if (!limits.ok) return limits;
  const notes = [limits.note, regimenNote(document, regimen)].filter((note) => note !== undefined);
  return { ok: true, ...(notes.length === 0 ? {} : { note: notes.join(' ') }) };
}

function regimenNote(document: OrderDocument, regimen: Regimen | undefined): string | undefined {
  const name = document.regimen;
  if (regimen === undefined) {
    return name === 'none' ? undefined : `There is no template ${name} to compare this order with.`;
  }
  const found = deviations(document, regimen);
  return found.length === 0 ? undefined : `Differs from regimen ${name}: ${found.join('; ')}.`;
}

function checkLibrary(document: OrderDocument, library: DrugLibrary, area: CareArea): RulesVerdict {
  const complaint = drugComplaint(library, document.drug);
  if (complaint !== undefined) return refuse('drug', complaint, 'drug');
  const { className, hardMaxMgPerH } = doseLimits(library, document, area);
  const exact = highestExactRate(document);
  const highest = toNumber(exact);
  const exceeds = (limit: number): boolean => compare(exact, quantity(limit, 'mg/h')) > 0;
  if (exceeds(hardMaxMgPerH)) {
    return refuse(
      'hard-limit',
      `${doseRate(highest, hardMaxMgPerH)} mg/h is above the hard limit of ${doseRate(hardMaxMgPerH)} mg/h (drug library, ${className}); it cannot be given here.`,
      'steps',
    );
  }
  const note = softLimitComplaint(document, library, area);
  return note === undefined ? { ok: true } : { ok: true, note };
}

/** One sentence when an order is above the soft limit of a care area; `undefined` = it is not. */
export function softLimitComplaint(
  document: DoseFields,
  library: DrugLibrary,
  area: CareArea,
): string | undefined {
  const { className, softMaxMgPerH } = doseLimits(library, document, area);
  const exact = highestExactRate(document);
  if (softMaxMgPerH === null || compare(exact, quantity(softMaxMgPerH, 'mg/h')) <= 0)
    return undefined;
  return `${doseRate(toNumber(exact), softMaxMgPerH)} mg/h is above the soft limit of ${doseRate(softMaxMgPerH)} mg/h (drug library, ${className}).`;
}

const refuse = (code: string, message: string, path: string): RulesVerdict => ({
  ok: false,
  status: 422,
  code,
  message,
  path,
});
