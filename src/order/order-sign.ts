import { type OrderBook, waitingVersion } from './order-book.ts';
import {
  expiredRefusal,
  isExpired,
  type OrderDecision,
  type OrderRefusal,
  type Person,
  refuse,
  type Site,
  widestArea,
  withOrder,
} from './order-decision.ts';
import { type Doubled, doubled, predecessor } from './order-doubling.ts';
import { checkRules, softLimitComplaint } from './order-rules.ts';
import type { OrderDocument } from './order-schema.ts';

/** What a prescriber says with the signature. */
export interface Signing {
  /** Why a soft limit of the drug library is exceeded. */
  readonly softLimitReason?: string | undefined;
  /** Numbers that are more than twice what they were, typed again, by path. */
  readonly retyped?: Readonly<Record<string, number>> | undefined;
}

/**
 * Signs a draft, or the draft of a further version. Hard limits refuse, a soft limit needs a reason, and
 * what is more than doubled must be typed again.
 */
export function decideSign(
  book: OrderBook,
  orderId: string,
  by: Person,
  signing: Signing,
  site: Site,
): OrderDecision {
  return withOrder(book, orderId, ['draft', 'active'], 'signed', (order) => {
    const { status, version, document } = waitingVersion(order);
    if (status !== 'draft') {
      const message = `Order ${orderId} is ${status}, and no change of it waits to be signed.`;
      return refuse(409, 'wrong-status', message);
    }
    if (!by.roles.includes('prescriber')) {
      const message = `Only a prescriber signs an order; ${by.user} is ${by.roles.join(', ')}.`;
      return refuse(403, 'role', message);
    }
    if (isExpired(document, site.wallMs)) return expiredRefusal(orderId, document);
    const limits = checkRules(document, site.library, widestArea(site), site.shelf);
    if (!limits.ok) return limits;
    const soft = softLimitOf(document, site);
    const { softLimitReason, retyped = {} } = signing;
    if (soft !== undefined && softLimitReason === undefined) {
      const message = `${soft} Write the reason in softLimitReason, or lower the dose.`;
      return refuse(422, 'soft-limit', message, 'softLimitReason');
    }
    const before = predecessor(book, document, order);
    const again = before === undefined ? [] : doubled(document, before);
    const open = again.filter(({ path, now }) => retyped[path] !== now);
    if (open.length > 0) return retypeRefusal(open);
    return {
      ok: true,
      events: [
        {
          type: 'order-signed',
          orderId,
          version,
          ...(softLimitReason === undefined ? {} : { softLimitReason }),
          ...(again.length === 0 ? {} : { retyped: typedAgain(again) }),
        },
      ],
      ...(limits.note === undefined ? {} : { note: limits.note }),
    };
  });
}

/**
 * The soft limit that an order exceeds on any bed of this gateway where it may be given at all: at the
 * signature nobody knows the bed. `undefined` = none.
 */
export function softLimitOf(
  document: OrderDocument,
  { library, areas, shelf }: Pick<Site, 'library' | 'areas' | 'shelf'>,
): string | undefined {
  for (const area of new Set(areas.values())) {
    if (!checkRules(document, library, area, shelf).ok) continue;
    const complaint = softLimitComplaint(document, library, area);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

function retypeRefusal(open: readonly Doubled[]): OrderRefusal {
  const list = open.map(({ path, was, now }) => `${path} is ${now} and was ${was}`).join('; ');
  const message = `More than double of what it was: ${list}. Type each number again in "retyped", or correct the order.`;
  return { ...refuse(422, 'retype', message, 'retyped'), detail: open };
}

const typedAgain = (numbers: readonly Doubled[]): Readonly<Record<string, number>> =>
  Object.fromEntries(numbers.map(({ path, now }) => [path, now]));
