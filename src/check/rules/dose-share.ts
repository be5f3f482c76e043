import { amount, decimal } from '../../observation/format.ts';
import type { ActiveOrder } from '../../order/active-order.ts';
import { type GivenAmount, givenDose } from '../../order/dose-ledger.ts';
import type { Scene } from '../scene.ts';

/** One sum of what was given beside what is ordered for it. */
export interface Share {
  readonly scope: 'session' | '24 h' | 'course';
  readonly given: GivenAmount;
  readonly orderedMg: number;
}

/** What the whole session gives by the plan as signed: a pause adds nothing to it, a hold only takes from it. */
export const orderedSessionMg = ({ plannedTotalMg }: ActiveOrder): number => plannedTotalMg;

/** `null` before any counter was read. A limit that the order does not set for 24 h or the course is not judged. */
export function sharesOf(scene: Scene, order: ActiveOrder): readonly Share[] | null {
  const dose = givenDose(scene.doses, scene.nowMs);
  if (dose === null) return null;
  const { maxMg24h, maxMgCourse } = order.document.limits;
  const shares: Share[] = [
    { scope: 'session', given: dose.session, orderedMg: orderedSessionMg(order) },
  ];
  if (maxMg24h !== undefined)
    shares.push({ scope: '24 h', given: dose.last24h, orderedMg: maxMg24h });
  if (maxMgCourse !== undefined)
    shares.push({ scope: 'course', given: dose.course, orderedMg: maxMgCourse });
  return shares;
}

/**
 * The ordered dose has gone in, to within the margin of ORD-09, or a nurse said that the infusion is over:
 * what ends now does not end too early.
 */
export function isSessionGiven(scene: Scene): boolean {
  const { order, recovery, limits } = scene;
  if (order === null) return recovery !== null;
  const given = givenDose(scene.doses, scene.nowMs)?.session;
  if (given === undefined) return false;
  const orderedMg = orderedSessionMg(order);
  const { aboveFraction, aboveMl } = limits.rules['ORD-09'].levels.over;
  const marginMg = Math.max(orderedMg * aboveFraction, aboveMl * order.concentrationMgPerMl);
  return given.atLeastMg >= orderedMg - marginMg;
}

/** Arrival of the newest reading of a counter (monotonic ms). */
export const readAtMs = ({ doses }: Scene): number =>
  Math.max(...[...doses.pumps.values()].map(({ counter }) => counter.readAtMs));

/** Both ends of a range where they read differently; more digits where rounding would hide a limit. */
export function givenText({ atLeastMg, atMostMg }: GivenAmount, ...limits: number[]): string {
  const [least, most] = [doseAmount(atLeastMg, limits), doseAmount(atMostMg, limits)];
  return least === most ? least : `${least} to ${most}`;
}

function doseAmount(mg: number, limits: readonly number[]): string {
  const shown = amount(mg);
  const isHidden = limits.some((limit) => mg !== limit && shown === amount(limit));
  return isHidden ? decimal(mg, 2) : shown;
}
