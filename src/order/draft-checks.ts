import type { CareArea } from './drug-library.ts';
import { doseLimits } from './drug-library.ts';
import { type DoseFields, exactRate, exactTotal } from './exact-plan.ts';
import type { OrderBook, OrderRecord } from './order-book.ts';
import { shapeContradictions } from './order-consistency.ts';
import { type Site, widestArea } from './order-decision.ts';
import { checkOrderDocument, type OrderProblem } from './order-document.ts';
import { type Doubled, doubled, predecessor } from './order-doubling.ts';
import { checkRules, softLimitComplaint } from './order-rules.ts';
import { OrderDocument } from './order-schema.ts';
import { softLimitOf } from './order-sign.ts';
import {
  compare,
  concentrationFrom,
  flowFrom,
  type Quantity,
  quantity,
  toNumber,
} from './quantity.ts';
import { type Path, type PlainText, valueAt } from './yaml-text.ts';

/** What can be said of an order while it is typed; `null` = not enough of it is filled in. */
export interface DraftChecks {
  readonly concentrationMgPerMl: number | null;
  readonly totalMg: number | null;
  readonly peakMgPerH: number | null;
  readonly peakMlPerH: number | null;
  /** Those whose rate is known. */
  readonly steps: readonly {
    readonly step: number;
    readonly atMs: number;
    readonly mgPerH: number;
    readonly mlPerH: number | null;
  }[];
  readonly hardMaxMgPerH: number | null;
  readonly softMaxMgPerH: number | null;
  /** One sentence: the signature needs a reason. */
  readonly softExceeded: string | null;
  /** Numbers that must be typed again at the signature. */
  readonly retype: readonly Doubled[];
}

export interface DraftJudged {
  /** Empty: it can be ordered. */
  readonly problems: readonly OrderProblem[];
  readonly note: string | null;
  readonly checks: DraftChecks;
}

/**
 * @param bedId where it is meant for; `null` = not said
 * @param amends the order of which it is to be the next version
 */
export function judgeDraft(
  { value, lineOf }: PlainText,
  book: OrderBook,
  site: Site,
  about: { readonly bedId: string | null; readonly amends: OrderRecord | undefined },
): DraftJudged {
  const parsed = checkOrderDocument(value, lineOf);
  const area = site.areas.get(about.bedId ?? '') ?? widestArea(site);
  const checks = numbersOf(value, site, area);
  if (!parsed.ok) return { problems: parsed.problems, note: null, checks };
  const { document } = parsed;
  const verdict = checkRules(document, site.library, area, site.shelf);
  const before = about.amends?.document ?? predecessor(book, document);
  const soft = about.bedId === null ? softLimitOf(document, site) : checks.softExceeded;
  const whole = {
    ...checks,
    softExceeded: soft ?? null,
    retype: before === undefined ? [] : doubled(document, before),
  };
  if (verdict.ok) return { problems: [], note: verdict.note ?? null, checks: whole };
  const { path, message } = verdict;
  return { problems: [{ path, message }], note: null, checks: whole };
}

/** Each number needs only its own fields: the others may be missing, or wrong. */
function numbersOf(written: unknown, { library }: Site, area: CareArea): DraftChecks {
  const strength = strengthOf(written);
  const mode = read(OrderDocument.shape.mode, written, ['mode']);
  const weightKg = read(OrderDocument.shape.patient.shape.weightKg, written, [
    'patient',
    'weightKg',
  ]);
  const patient: DoseFields['patient'] = {
    id: '',
    ...(weightKg === undefined ? {} : { weightKg }),
  };
  const list = valueAt(written, ['steps']);
  const all = (Array.isArray(list) ? list : []).map((_, index) =>
    read(OrderDocument.shape.steps.element, written, ['steps', index]),
  );
  const isTold = mode !== 'mg-per-kg-per-h' || weightKg !== undefined;
  const steps = all.filter(
    (step) => step !== undefined && isTold && (mode !== 'mg-total-over' || step.over !== undefined),
  ) as DoseFields['steps'];
  if (mode === undefined) return { ...NOTHING, concentrationMgPerMl: numberOf(strength) };
  const dose: DoseFields = { mode, patient, steps };
  const rated = steps.map((step) => ({ step, rate: exactRate(dose, step) }));
  const flowOf = (rate: Quantity<'mg/h'>): number | null =>
    strength === undefined ? null : toNumber(flowFrom(rate, strength));
  const isWhole = steps.length === all.length && steps.length > 0;
  const peak = isWhole ? rated.map(({ rate }) => rate).reduce(higher) : undefined;
  const limits = isTold ? doseLimits(library, dose, area) : undefined;
  return {
    concentrationMgPerMl: numberOf(strength),
    totalMg: isWhole ? totalOf(dose, written) : null,
    peakMgPerH: numberOf(peak),
    peakMlPerH: peak === undefined ? null : flowOf(peak),
    steps: rated.map(({ step, rate }) => ({
      step: step.step,
      atMs: step.at,
      mgPerH: toNumber(rate),
      mlPerH: flowOf(rate),
    })),
    hardMaxMgPerH: limits?.hardMaxMgPerH ?? null,
    softMaxMgPerH: limits?.softMaxMgPerH ?? null,
    softExceeded: (isWhole ? softLimitComplaint(dose, library, area) : undefined) ?? null,
    retype: [],
  };
}

const NOTHING: DraftChecks = {
  concentrationMgPerMl: null,
  totalMg: null,
  peakMgPerH: null,
  peakMlPerH: null,
  steps: [],
  hardMaxMgPerH: null,
  softMaxMgPerH: null,
  softExceeded: null,
  retype: [],
};

const numberOf = (value: Quantity<string> | undefined): number | null =>
  value === undefined ? null : toNumber(value);

const higher = (a: Quantity<'mg/h'>, b: Quantity<'mg/h'>): Quantity<'mg/h'> =>
  compare(a, b) >= 0 ? a : b;

function strengthOf(written: unknown): Quantity<'mg/mL'> | undefined {
  const { drugMg, volumeMl } = OrderDocument.shape.bag.shape;
  const mg = read(drugMg, written, ['bag', 'drugMg']);
  const mL = read(volumeMl, written, ['bag', 'volumeMl']);
  if (mg === undefined || mL === undefined) return undefined;
  return concentrationFrom(quantity(mg, 'mg'), quantity(mL, 'mL'));
}

/** A plan that contradicts itself gives no amount. */
function totalOf(dose: DoseFields, written: unknown): number | null {
  const end = read(OrderDocument.shape.end, written, ['end']);
  if (end === undefined || shapeContradictions({ ...dose, end }).length > 0) return null;
  return toNumber(exactTotal({ ...dose, end }));
}

interface Field<T> {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: T | undefined };
}

/** What is missing or wrong is not known. */
function read<T>(field: Field<T>, written: unknown, path: Path): T | undefined {
  const result = field.safeParse(valueAt(written, path));
  return result.success ? result.data : undefined;
}
