import type { DrugNames } from './drug-names.ts';
import type { Mismatch } from './second-check.ts';
import { isSessionEvent, type SessionEvent } from './session-event.ts';

/**
 * What happened to orders; JSON-plain entries of the event log, with user, station and time around them.
 * `version` names the version of the order that it is about; entries of older programs have none.
 */
export type OrderEvent =
  | { readonly type: 'order-created'; readonly orderId: string; readonly source: unknown }
  /** A further version. Of an order that runs it waits until it is signed, verified and activated. */
  | {
      readonly type: 'order-amended';
      readonly orderId: string;
      readonly version: number;
      readonly source: unknown;
      readonly reason: string;
    }
  | (AboutVersion & {
      readonly type: 'order-signed';
      /** Why a soft limit of the drug library is exceeded. */
      readonly softLimitReason?: string;
      /** Numbers more than twice what they were, as typed again, by path. */
      readonly retyped?: Readonly<Record<string, number>>;
    })
  | (AboutVersion & {
      readonly type: 'order-check-failed';
      readonly mismatches: readonly Mismatch[];
    })
  | (AboutVersion & { readonly type: 'order-verified' })
  /** Whoever should check it could not, and gave it back to be signed anew. */
  | (AboutVersion & { readonly type: 'order-sent-back'; readonly reason: string })
  | (AboutVersion & { readonly type: 'order-amendment-withdrawn'; readonly reason: string })
  | (AboutVersion & {
      readonly type: 'order-activated';
      readonly bedId: string;
      /** As the drug library says now: a later library does not change an order that runs. */
      readonly hardMaxMgPerH: number;
      readonly softMaxMgPerH: number | null;
      /** Not in logs of former versions. */
      readonly drugNames?: DrugNames;
    })
  /** Flow was seen for the first time: the steps count from here. */
  | {
      readonly type: 'order-started';
      readonly orderId: string;
      readonly pumpId: string;
      readonly counterMl: number | null;
    }
  | { readonly type: 'order-completed'; readonly orderId: string }
  | { readonly type: 'order-discontinued'; readonly orderId: string; readonly reason: string }
  /** Its time of validity passed before it was activated; noted by the gateway. */
  | (AboutVersion & { readonly type: 'order-expired' });

interface AboutVersion {
  readonly orderId: string;
  readonly version?: number;
}

/** What happens to one version on its way to the bed. */
export type VersionEvent = Extract<
  OrderEvent,
  { type: 'order-signed' | 'order-check-failed' | 'order-verified' | 'order-sent-back' }
>;

const TYPES: ReadonlySet<string> = new Set<OrderEvent['type']>([
  'order-created',
  'order-amended',
  'order-signed',
  'order-check-failed',
  'order-verified',
  'order-sent-back',
  'order-amendment-withdrawn',
  'order-activated',
  'order-started',
  'order-completed',
  'order-discontinued',
  'order-expired',
]);

/** What the order book is folded from. */
export type OrderBookEvent = OrderEvent | SessionEvent;

/** The log holds other events too. */
export function isOrderBookEvent(event: { readonly type: string }): event is OrderBookEvent {
  return TYPES.has(event.type) || isSessionEvent(event);
}
