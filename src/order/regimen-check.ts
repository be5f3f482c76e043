import { decimal, doseRate } from '../observation/format.ts';
import type { CareArea } from './drug-library.ts';
import { exactTotal } from './exact-plan.ts';
import type { OrderDocument } from './order-schema.ts';
import { compare, plus, quantity, toNumber } from './quantity.ts';
import { highestRate, msOf, type Regimen } from './regimen.ts';

/** Why an order may not be given in a care area at all; `undefined` = it may. */
export function careAreaRefusal(
  order: OrderDocument,
  regimen: Regimen | undefined,
  area: CareArea,
): { readonly path: string; readonly message: string } | undefined {
  if (order.setting === 'icu-only' && area !== 'icu-coma') {
    const message = `The setting of this order is icu-only; it can be given on a bed of the care area icu-coma only, and this is ${area}.`;
    return { path: 'setting', message };
  }
  const { careAreas } = regimen ?? {};
  if (careAreas === undefined || careAreas.includes(area)) return undefined;
  const message = `Regimen ${regimen?.id} can be given in the care area ${careAreas.join(' or ')} only, and this is ${area}.`;
  return { path: 'regimen', message };
}

const UNIT = { 'mg-total-over': 'mg', 'mg-per-h': 'mg/h', 'mg-per-kg-per-h': 'mg/kg/h' } as const;

/**
 * Where an order differs from the regimen that it names: to be told, never to be refused. What the
 * template leaves open differs from nothing.
 */
export function deviations(order: OrderDocument, regimen: Regimen): readonly string[] {
  const { drug, bag, setting, mode, recovery, nibpInterval } = regimen;
  const found: string[] = [];
  const differs = (what: string, ordered: string | undefined, template: string | undefined) => {
    if (ordered === undefined || template === undefined || isSame(ordered, template)) return;
    found.push(`${what} ${ordered}, not ${template}`);
  };
  differs('drug', order.drug.name, drug.name);
  differs('form', order.drug.form, drug.form);
  differs('setting', order.setting, setting);
  differs('bag', `${order.bag.volumeMl} mL`, bag && `${bag.volumeMl} mL`);
  differs('diluent', order.bag.diluent, bag?.diluent);
  differs('mode', order.mode, mode);
  // A dose in another unit cannot be compared as a number.
  if (order.mode === mode) found.push(...doseDeviations(order, regimen));
  if (recovery !== undefined && (order.recovery ?? 0) < msOf(recovery))
    found.push(`recovery ${spanText(order.recovery ?? 0)}, not ${spanText(msOf(recovery))}`);
  const cuff = nibpInterval === undefined ? undefined : msOf(nibpInterval);
  if (cuff !== undefined && (order.nibpInterval ?? Number.POSITIVE_INFINITY) > cuff) {
    const own = order.nibpInterval === undefined ? 'not ordered' : spanText(order.nibpInterval);
    found.push(`blood pressure interval ${own}, not ${spanText(cuff)}`);
  }
  return [...found, ...adjunctDeviations(order, regimen), ...courseDeviations(order, regimen)];
}

const isSame = (a: string, b: string): boolean => a.trim().toLowerCase() === b.toLowerCase();

function doseDeviations(order: OrderDocument, regimen: Regimen): readonly string[] {
  const { mode, dose, length } = regimen;
  const unit = UNIT[mode];
  const found: string[] = [];
  const range = span(dose.lowest, dose.highest, unit);
  const doses =
    mode === 'mg-total-over'
      ? [{ what: 'session', dose: toNumber(exactTotal(order)) }]
      : order.steps.map((step) => ({ what: `step ${step.step}`, dose: step.dose }));
  for (const given of doses) {
    // An ordered pause is no dose.
    if (given.dose === 0 || (given.dose >= dose.lowest && given.dose <= dose.highest)) continue;
    found.push(`${given.what} ${decimal(given.dose, 3)} ${unit}, not ${range}`);
  }
  const total = doses[0]?.dose;
  if (mode === 'mg-total-over' && regimen.bag !== undefined && order.bag.drugMg !== total)
    found.push(`bag ${decimal(order.bag.drugMg, 3)} mg and session ${decimal(total ?? 0, 3)} mg`);
  const isFirst = mode !== 'mg-total-over' || order.course?.day === 1;
  const first = doses[0];
  if (isFirst && first !== undefined && dose.first !== undefined && first.dose !== dose.first)
    found.push(`first dose ${decimal(first.dose, 3)} ${unit}, not ${dose.first} ${unit}`);
  found.push(...incrementDeviations(order, regimen));
  if (length !== undefined) {
    const [shortest, longest] = [msOf(length.shortest), msOf(length.longest)];
    if (order.end < shortest || order.end > longest) {
      const wanted = shortest === longest ? '' : `${spanText(shortest)} to `;
      found.push(`length ${spanText(order.end)}, not ${wanted}${spanText(longest)}`);
    }
  }
  const highest = highestRate(regimen, order.patient.weightKg);
  const { maxMgPerH } = order.limits;
  if (highest !== undefined && compare(quantity(maxMgPerH, 'mg/h'), highest) > 0) {
    const mgPerH = toNumber(highest);
    found.push(
      `limits.maxMgPerH ${doseRate(maxMgPerH, mgPerH)} mg/h, above ${doseRate(mgPerH)} mg/h`,
    );
  }
  return found;
}

/** A smaller step is careful; a larger one is told. A pause is no step down. */
function incrementDeviations(order: OrderDocument, { mode, dose }: Regimen): readonly string[] {
  const { increment } = dose;
  if (increment === undefined) return [];
  const given = order.steps.filter((step) => step.dose > 0);
  return given.flatMap((step, index) => {
    const before = given[index - 1];
    if (before === undefined) return [];
    const most = plus(quantity(before.dose, 'dose'), quantity(increment, 'dose'));
    if (compare(quantity(step.dose, 'dose'), most) <= 0) return [];
    const rise = decimal(step.dose - before.dose, 3);
    return [`step ${step.step} rises by ${rise} ${UNIT[mode]}, not by ${increment} ${UNIT[mode]}`];
  });
}

function adjunctDeviations(order: OrderDocument, regimen: Regimen): readonly string[] {
  return (order.adjuncts ?? []).flatMap((given) => {
    const known = regimen.adjuncts.find(({ drug }) => isSame(given.drug, drug));
    if (known === undefined) return [`adjunct ${given.drug}, which it does not have`];
    const found: string[] = [];
    const { lowestMg = 0, highestMg = Number.POSITIVE_INFINITY, route } = known;
    if (given.doseMg < lowestMg || given.doseMg > highestMg)
      found.push(`${given.drug} ${given.doseMg} mg, not ${span(lowestMg, highestMg, 'mg')}`);
    if (route !== undefined && !isSame(given.route, route))
      found.push(`${given.drug} ${given.route}, not ${route}`);
    return found;
  });
}

function courseDeviations({ course }: OrderDocument, regimen: Regimen): readonly string[] {
  const { calendar, dose, mode } = regimen;
  const [phase] = calendar;
  if (course === undefined || phase === undefined || phase.every !== 'P1D') return [];
  const found: string[] = [];
  const days = course.sessions.length;
  if (phase.times !== undefined && days !== phase.times)
    found.push(`course of ${days} sessions, not ${phase.times}`);
  for (const { day, date, plannedMg } of course.sessions) {
    if (phase.weekends === 'left-out' && isWeekend(date)) found.push(`day ${day} on a weekend`);
    if (mode !== 'mg-total-over' || (plannedMg >= dose.lowest && plannedMg <= dose.highest))
      continue;
    found.push(`day ${day} ${plannedMg} mg, not ${span(dose.lowest, dose.highest, 'mg')}`);
  }
  return found;
}

/** @param date `2026-11-23` */
export function isWeekend(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day === 0 || day === 6;
}

const span = (lowest: number, highest: number, unit: string): string =>
  lowest === highest ? `${lowest} ${unit}` : `${lowest} to ${highest} ${unit}`;

/** `4 h`, `5 d`, `90 min`. */
function spanText(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes !== 0 && minutes % 1440 === 0) return `${minutes / 1440} d`;
  if (minutes !== 0 && minutes % 60 === 0) return `${minutes / 60} h`;
  return `${decimal(minutes, 1)} min`;
}
