import { HOUR_MS } from './iso-duration.ts';
import type { OrderDocument } from './order-schema.ts';
import type { SessionRecord } from './session-record.ts';

/** The time of observation after an infusion, until the patient is discharged or another order begins. */
export interface Recovery {
  readonly orderId: string;
  readonly document: OrderDocument;
  /** When flow began. */
  readonly startedAtWallMs: number;
  /** When the order was completed or stopped. */
  readonly sinceWallMs: number;
  readonly minimumMs: number;
  readonly session: SessionRecord;
}

/** Where the order states none (clinical alarm rule ORD-29): a dose by weight is a high one (regimen R8). */
const defaultMs = ({ mode }: OrderDocument): number =>
  mode === 'mg-per-kg-per-h' ? 2 * HOUR_MS : HOUR_MS;

export function recoveryOf(
  order: {
    readonly orderId: string;
    readonly document: OrderDocument;
    readonly startedAtWallMs: number;
  },
  session: SessionRecord,
  sinceWallMs: number,
): Recovery {
  const { orderId, document, startedAtWallMs } = order;
  const minimumMs = document.recovery ?? defaultMs(document);
  return { orderId, document, startedAtWallMs, sinceWallMs, minimumMs, session };
}
