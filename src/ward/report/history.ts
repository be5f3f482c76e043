import type { ReportView } from '../../hub/wire/index.ts';
import { type OrderRecord, versionsOf } from '../../order/order-book.ts';
import type { LifeEntry, OrderTrail } from '../../order/order-trail.ts';
import { iso } from '../../pipeline/times.ts';
import { lifeKey, type SessionLog } from './session-log.ts';

const TEXTS: Readonly<Record<string, string>> = {
  'order-created': 'written',
  'order-amended': 'amended',
  'order-signed': 'signed',
  'order-check-failed': 'second check did not match',
  'order-verified': 'checked by a second person',
  'order-sent-back': 'sent back by the second person',
  'order-amendment-withdrawn': 'amendment withdrawn',
  'order-activated': 'activated',
  'order-started': 'flow began',
  'order-completed': 'completed',
  'order-discontinued': 'discontinued',
  'order-expired': 'expired',
};

/** What was done with the order, oldest first. */
export const reportHistory = (
  { life }: OrderTrail,
  { lifeSeqs }: Pick<SessionLog, 'lifeSeqs'>,
): ReportView['history'] =>
  life.map((entry) => ({
    seq: entry.seq ?? lifeSeqs.get(lifeKey(entry)) ?? null,
    at: iso(entry.wallMs),
    text: textOf(entry),
    by: entry.by,
    station: entry.station,
  }));

function textOf({ type, version, reason }: LifeEntry): string {
  const text = TEXTS[type] ?? type.replace(/^order-/, '').replaceAll('-', ' ');
  const which = version === null ? '' : ` (version ${version})`;
  return `${text}${which}${reason === null ? '' : `: ${reason}`}`;
}

const isoOrNone = (wallMs: number | null): string | null => (wallMs === null ? null : iso(wallMs));

export const reportVersions = (order: OrderRecord): ReportView['versions'] =>
  versionsOf(order).map((one) => ({
    version: one.version,
    status: one.status,
    createdBy: one.createdBy,
    createdAt: iso(one.createdAtWallMs),
    signedBy: one.signedBy,
    signedAt: isoOrNone(one.signedAtWallMs),
    softLimitReason: one.softLimitReason,
    verifiedBy: one.verifiedBy,
    verifiedAt: isoOrNone(one.verifiedAtWallMs),
    activatedBy: one.activatedBy,
    activatedAt: isoOrNone(one.activatedAtWallMs),
    reason: one.reason,
  }));
