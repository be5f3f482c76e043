import {
  type OrderBook,
  type OrderRecord,
  type OrderVersion,
  waitingVersion,
} from './order-book.ts';
import {
  expiredRefusal,
  isExpired,
  type OrderDecision,
  type OrderRefusal,
  type Person,
  refuse,
  withOrder,
} from './order-decision.ts';
import { secondCheck } from './second-check.ts';

/** After this many failed second checks a version is locked; the prescriber must write a new one. */
export const CHECKS_MAX = 3;

const CHECKERS: ReadonlySet<string> = new Set(['nurse', 'pharmacist', 'prescriber']);

/** The second check: another person enters the critical fields without seeing the first entry. */
export function decideVerify(
  book: OrderBook,
  orderId: string,
  by: Person,
  entered: unknown,
  wallMs: number,
): OrderDecision {
  return withSigned(book, orderId, by, 'verified', (_, waiting) => {
    const { version, document, source, failedChecks } = waiting;
    if (isExpired(document, wallMs)) return expiredRefusal(orderId, document);
    const { missing, mismatches } = secondCheck(document, source, entered);
    const [first] = missing;
    if (first !== undefined) {
      // Nothing was compared, so it tells nothing about the order and counts as no attempt.
      const message = `The second entry lacks: ${missing.join(', ')}. Enter every critical field again.`;
      return refuse(422, 'incomplete', message, first);
    }
    if (mismatches.length === 0)
      return { ok: true, events: [{ type: 'order-verified', orderId, version }] };
    const fields = mismatches.map(({ path }) => path).join(', ');
    const isLast = failedChecks + 1 >= CHECKS_MAX;
    const what = isLast
      ? 'It is locked now; the prescriber must write a new version.'
      : 'Both people look at the source again.';
    return {
      ...refuse(422, 'mismatch', `The second entry differs from the order in: ${fields}. ${what}`),
      mismatches,
      events: [{ type: 'order-check-failed', orderId, version, mismatches }],
    };
  });
}

/** Whoever should check it cannot, and gives it back: the prescriber signs it anew, or amends it. */
export function decideSendBack(
  book: OrderBook,
  orderId: string,
  by: Person,
  reason: string,
): OrderDecision {
  return withSigned(book, orderId, by, 'sent back', (_, { version }) => ({
    ok: true,
    events: [{ type: 'order-sent-back', orderId, version, reason }],
  }));
}

/** What waits for its second check, seen by somebody who may make it. */
function withSigned(
  book: OrderBook,
  orderId: string,
  by: Person,
  what: string,
  decide: (order: OrderRecord, waiting: OrderVersion) => OrderDecision,
): OrderDecision {
  return withOrder(book, orderId, ['signed', 'active'], what, (order) => {
    const waiting = waitingVersion(order);
    if (waiting.status !== 'signed') {
      const message = `Order ${orderId} is ${waiting.status}, and no signed change of it waits for its check.`;
      return refuse(409, 'wrong-status', message);
    }
    return checkerRefusal(waiting, by) ?? decide(order, waiting);
  });
}

function checkerRefusal(waiting: OrderVersion, by: Person): OrderRefusal | undefined {
  if (!by.roles.some((role) => CHECKERS.has(role))) {
    const message = `A nurse, pharmacist or prescriber makes the second check; ${by.user} is ${by.roles.join(', ')}.`;
    return refuse(403, 'role', message);
  }
  if (by.user === waiting.signedBy || by.user === waiting.createdBy) {
    const message = `${by.user} wrote or signed this order; another person must check it.`;
    return refuse(403, 'same-person', message);
  }
  if (waiting.failedChecks < CHECKS_MAX) return undefined;
  const message = `This order failed ${CHECKS_MAX} checks and is locked; the prescriber must write a new version (amend).`;
  return refuse(409, 'locked', message);
}
