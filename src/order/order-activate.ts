import { type ActiveOrder, endsAtWallMs } from './active-order.ts';
import { type CareArea, doseLimits } from './drug-library.ts';
import { drugNamesOf } from './drug-names.ts';
import { HOUR_MS } from './iso-duration.ts';
import {
  activeOn,
  type OrderBook,
  type OrderBookEvent,
  type OrderRecord,
  type OrderVersion,
  recoveringOn,
  waitingVersion,
} from './order-book.ts';
import {
  expiredRefusal,
  isExpired,
  type OrderDecision,
  type OrderRefusal,
  refuse,
  type Site,
  withOrder,
} from './order-decision.ts';
import { checkRules } from './order-rules.ts';
import type { BagLabel } from './session-event.ts';

/** Where it starts, and the bag as read off its label. */
export interface Activation {
  readonly bedId: string;
  readonly bag: BagLabel;
}

/** A verified order starts on a bed, or the verified change of an order takes over where that one runs. */
export function decideActivate(
  book: OrderBook,
  orderId: string,
  call: Activation,
  site: Site,
): OrderDecision {
  return withOrder(book, orderId, ['verified', 'active'], 'activated', (order) => {
    const version = waitingVersion(order);
    if (version.status !== 'verified') {
      const message =
        order.pending === null
          ? `Order ${orderId} is active on ${order.bedId} already.`
          : `Version ${version.version} of order ${orderId} is ${version.status}; it must be signed and verified first.`;
      return refuse(409, 'wrong-status', message);
    }
    const area = site.areas.get(call.bedId);
    if (area === undefined) {
      const message = `There is no bed ${call.bedId}; choose a bed of this gateway.`;
      return refuse(422, 'no-such-bed', message, 'bedId');
    }
    const refusal =
      placeRefusal(book, order, call) ??
      timeRefusal(order, version, site.wallMs) ??
      bagRefusal(version, call);
    return refusal ?? activation(book, order, version, call, area, site);
  });
}

function activation(
  book: OrderBook,
  { orderId, active, session }: OrderRecord,
  { version, document }: OrderVersion,
  { bedId, bag }: Activation,
  area: CareArea,
  { library, shelf }: Site,
): OrderDecision {
  const limits = checkRules(document, library, area, shelf);
  if (!limits.ok) return limits;
  const { hardMaxMgPerH, softMaxMgPerH } = doseLimits(library, document, area);
  const drugNames = drugNamesOf(library, document.drug);
  const before = active === null ? recoveringOn(book, bedId) : undefined;
  const hung = active === null ? bag : (session.bags.at(-1)?.bag ?? active.bag);
  const isOtherBag = hung.drugMg !== bag.drugMg || hung.volumeMl !== bag.volumeMl;
  return {
    ok: true,
    events: [
      ...(before === undefined ? [] : [leftFor(before.orderId, orderId)]),
      {
        ...{ type: 'order-activated', orderId, version, bedId },
        ...{ hardMaxMgPerH, softMaxMgPerH, drugNames },
      },
      ...(isOtherBag ? [{ type: 'bag-hung', orderId, bag } as const] : []),
    ],
    ...(limits.note === undefined ? {} : { note: limits.note }),
  };
}

/** The bed is needed: whoever recovered there is taken to be gone, which is in the log like a discharge. */
const leftFor = (orderId: string, next: string): OrderBookEvent => ({
  type: 'patient-discharged',
  orderId,
  reason: `order ${next} was started on the bed`,
});

/** One order on a bed, and one bed for a patient. */
function placeRefusal(
  book: OrderBook,
  { orderId, active, bedId, document: { patient } }: OrderRecord,
  call: Activation,
): OrderRefusal | undefined {
  if (active !== null) {
    if (call.bedId === bedId) return undefined;
    const message = `Order ${orderId} runs on ${bedId}; its next version is activated there, not on ${call.bedId}.`;
    return refuse(409, 'other-bed', message, 'bedId');
  }
  const other = activeOn(book, call.bedId);
  if (other !== undefined) {
    const message = `Order ${other.orderId} already runs on ${call.bedId}; complete or discontinue it first.`;
    return refuse(409, 'bed-taken', message);
  }
  for (const one of book.orders.values()) {
    if (one.active === null || one.document.patient.id !== patient.id) continue;
    const message = `Order ${one.orderId} runs for patient ${patient.id} on ${one.bedId}; complete or discontinue it first.`;
    return refuse(409, 'patient-elsewhere', message, 'bedId');
  }
  return undefined;
}

/** A bag may hang there so long before the planned start; earlier, it is the order of another day. */
const START_EARLY_MAX_MS = 2 * HOUR_MS;

function timeRefusal(
  { orderId, active }: OrderRecord,
  { document, version }: OrderVersion,
  wallMs: number,
): OrderRefusal | undefined {
  if (isExpired(document, wallMs)) return expiredRefusal(orderId, document);
  const { plannedStart, validUntil, end } = document;
  const startsAt = active?.startedAtWallMs ?? wallMs;
  const endsAt = startsAt + end + (active === null ? 0 : movedMs(active));
  if (endsAt <= wallMs) {
    const message = `Version ${version} of order ${orderId} counts from the start of the session and has ended by now; write a longer one, or complete the order.`;
    return refuse(409, 'plan-over', message, 'end');
  }
  if (validUntil !== undefined && endsAt > Date.parse(validUntil)) {
    const message = `Order ${orderId} would run longer than it is valid (until ${validUntil}); the prescriber must amend it.`;
    return refuse(409, 'valid-until', message, 'validUntil');
  }
  const isEarly =
    active === null &&
    plannedStart !== undefined &&
    wallMs < Date.parse(plannedStart) - START_EARLY_MAX_MS;
  if (!isEarly) return undefined;
  const message = `Order ${orderId} is planned for ${plannedStart}; activate it at most 2 h before, or amend it.`;
  return refuse(409, 'too-early', message, 'plannedStart');
}

/** By how much declared pauses moved the plan of an order that runs. */
function movedMs(active: ActiveOrder): number {
  const { startedAtWallMs, document } = active;
  const endsAt = endsAtWallMs(active);
  return startedAtWallMs === null || endsAt === null ? 0 : endsAt - startedAtWallMs - document.end;
}

function bagRefusal({ document }: OrderVersion, { bag }: Activation): OrderRefusal | undefined {
  const { drugMg, volumeMl } = document.bag;
  if (bag.drugMg === drugMg && bag.volumeMl === volumeMl) return undefined;
  const message = `The bag has ${bag.drugMg} mg in ${bag.volumeMl} mL, the order says ${drugMg} mg in ${volumeMl} mL; hang the bag that was ordered.`;
  return refuse(422, 'bag', message, 'bag');
}
