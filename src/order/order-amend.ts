import { type OrderBook, type OrderRecord, versionsOf, waitingVersion } from './order-book.ts';
import { CHECKS_MAX } from './order-check.ts';
import {
  type OrderDecision,
  type OrderRefusal,
  type Person,
  refuse,
  type Site,
  widestArea,
  withOrder,
} from './order-decision.ts';
import { checkRules } from './order-rules.ts';
import type { OrderDocument } from './order-schema.ts';

/** The next version as it was written, and why it is needed. */
export interface Amendment {
  readonly document: OrderDocument;
  readonly source: unknown;
  readonly reason: string;
}

/**
 * A further version of an order. While the order runs it goes on by the version that was activated,
 * until the new one is signed, verified by another person and activated. Patient and drug stay:
 * another patient or drug is another order.
 */
export function decideAmend(
  book: OrderBook,
  orderId: string,
  by: Person,
  { document, source, reason }: Amendment,
  site: Site,
): OrderDecision {
  const from = ['draft', 'signed', 'verified', 'active', 'expired'] as const;
  return withOrder(book, orderId, from, 'amended', (order) => {
    const refusal = lockedRefusal(order, by) ?? otherRefusal(order, document);
    if (refusal !== undefined) return refusal;
    const limits = checkRules(document, site.library, widestArea(site), site.shelf);
    if (!limits.ok) return limits;
    const version = (versionsOf(order).at(-1)?.version ?? 0) + 1;
    const note = limits.note === undefined ? {} : { note: limits.note };
    return {
      ok: true,
      events: [{ type: 'order-amended', orderId, version, source, reason }],
      ...note,
    };
  });
}

/** The change of an order that runs is taken back before it holds. */
export function decideWithdraw(book: OrderBook, orderId: string, reason: string): OrderDecision {
  return withOrder(book, orderId, ['active'], 'relieved of a change', ({ pending }) => {
    if (pending === null)
      return refuse(
        409,
        'no-amendment',
        `No change of order ${orderId} waits; nothing is to withdraw.`,
      );
    const { version } = pending;
    return { ok: true, events: [{ type: 'order-amendment-withdrawn', orderId, version, reason }] };
  });
}

function lockedRefusal(order: OrderRecord, by: Person): OrderRefusal | undefined {
  const isLocked = waitingVersion(order).failedChecks >= CHECKS_MAX;
  if (!isLocked || by.roles.includes('prescriber')) return undefined;
  const message = `Order ${order.orderId} failed ${CHECKS_MAX} checks and is locked; only a prescriber writes its next version.`;
  return refuse(403, 'locked', message);
}

function otherRefusal(
  { orderId, document: before }: OrderRecord,
  { patient, drug }: OrderDocument,
): OrderRefusal | undefined {
  const instead = 'write an order of its own';
  if (patient.id !== before.patient.id) {
    const message = `Order ${orderId} is for patient ${before.patient.id}, not ${patient.id}; ${instead}.`;
    return refuse(422, 'other-patient', message, 'patient.id');
  }
  const isSameName = drug.name.trim().toLowerCase() === before.drug.name.trim().toLowerCase();
  if (isSameName && drug.form === before.drug.form) return undefined;
  const was = `${before.drug.name} (${before.drug.form})`;
  const message = `Order ${orderId} is for ${was}, not ${drug.name} (${drug.form}); ${instead}.`;
  return refuse(422, 'other-drug', message, isSameName ? 'drug.form' : 'drug.name');
}
