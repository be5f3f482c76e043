import { exactRate, exactTotal } from './exact-plan.ts';
import type { OrderBook, OrderRecord } from './order-book.ts';
import type { OrderDocument } from './order-schema.ts';
import { compare, plus, type Quantity, quantity, toNumber } from './quantity.ts';

/** A number that is more than twice what it was; it must be typed again at the signature. */
export interface Doubled {
  /** `steps[0].dose` as it is written; `steps[0].mgPerH` and `totalMg` as they follow from the order. */
  readonly path: string;
  readonly was: number;
  readonly now: number;
}

/**
 * Doses, rates, amounts and maxima that are more than twice those of another order. A dose in another
 * unit cannot be compared, its rate can; so a weight in lb shows as a rate.
 */
export function doubled(document: OrderDocument, before: OrderDocument): readonly Doubled[] {
  const found: Doubled[] = [];
  const look = <U extends string>(path: string, was: Quantity<U>, now: Quantity<U>): boolean => {
    const isDoubled = was.numerator > 0n && compare(now, plus(was, was)) > 0;
    if (isDoubled) found.push({ path, was: toNumber(was), now: toNumber(now) });
    return isDoubled;
  };
  const isSameMode = document.mode === before.mode;
  document.steps.forEach((step, index) => {
    const other = stepLike(before, index);
    const isTyped =
      isSameMode &&
      look(`steps[${index}].dose`, quantity(other.dose, 'dose'), quantity(step.dose, 'dose'));
    // One number of a step is enough: the other follows from it.
    if (!isTyped)
      look(`steps[${index}].mgPerH`, exactRate(before, other), exactRate(document, step));
  });
  const total = toNumber(exactTotal(document));
  if (!found.some(({ now }) => now === total))
    look('totalMg', exactTotal(before), exactTotal(document));
  for (const field of ['maxMgPerH', 'maxMgSession', 'maxMg24h', 'maxMgCourse'] as const) {
    const [was, now] = [before.limits[field], document.limits[field]];
    if (was === undefined || now === undefined) continue;
    look(`limits.${field}`, quantity(was, 'limit'), quantity(now, 'limit'));
  }
  return found;
}

/** The same step of the other order; where that has none, or a pause, its highest one. */
function stepLike(before: OrderDocument, index: number): OrderDocument['steps'][number] {
  const same = before.steps[index];
  if (same !== undefined && same.dose > 0) return same;
  return before.steps.reduce((most, step) =>
    compare(exactRate(before, step), exactRate(before, most)) > 0 ? step : most,
  );
}

/**
 * What an order is compared with: the version that it follows, else the last session of this patient
 * with this drug in the same course or by the same regimen. `undefined` = there is none.
 *
 * @param order of which the document is a version; left out, one that is not written yet
 */
export function predecessor(
  book: OrderBook,
  document: OrderDocument,
  order?: OrderRecord,
): OrderDocument | undefined {
  if (order?.pending != null) return order.document;
  const former = order?.former.at(-1);
  if (former !== undefined) return former.document;
  let last: OrderRecord | undefined;
  for (const other of book.orders.values()) {
    if (other.orderId === order?.orderId || other.activatedAtWallMs === null) continue;
    if (!isOfSameCourse(document, other)) continue;
    if (other.activatedAtWallMs >= (last?.activatedAtWallMs ?? 0)) last = other;
  }
  return last?.document;
}

function isOfSameCourse(document: OrderDocument, other: OrderRecord): boolean {
  const { patient, drug, regimen, course } = other.document;
  const isSameDrug = drug.name.toLowerCase() === document.drug.name.toLowerCase();
  if (patient.id !== document.patient.id || !isSameDrug || drug.form !== document.drug.form)
    return false;
  const courseId = document.course?.id;
  const isSameCourse =
    courseId !== undefined && (courseId === course?.id || courseId === other.orderId);
  return isSameCourse || (regimen !== 'none' && regimen === document.regimen);
}
