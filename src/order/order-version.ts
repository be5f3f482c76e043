import { shapeContradictions } from './order-consistency.ts';
import type { VersionEvent } from './order-event.ts';
import { OrderDocument } from './order-schema.ts';
import type { Said } from './session-record.ts';

export type OrderStatus =
  | 'draft'
  | 'signed'
  | 'verified'
  | 'active'
  | 'completed'
  | 'discontinued'
  /** Its time of validity passed before it was activated. */
  | 'expired';

/** `replaced`: a later version holds; `withdrawn`: taken back, or left over when the order ended. */
export type VersionStatus = OrderStatus | 'replaced' | 'withdrawn';

/** One version of an order: what was written, and who did what with it. It is never edited. */
export interface OrderVersion {
  readonly version: number;
  readonly status: VersionStatus;
  /** As it was handed in. */
  readonly source: unknown;
  readonly document: OrderDocument;
  /** Why there is this version; `null` for the first one. */
  readonly reason: string | null;
  readonly createdBy: string;
  readonly createdAtWallMs: number;
  readonly signedBy: string | null;
  readonly signedAtWallMs: number | null;
  /** As said at the signature. */
  readonly softLimitReason: string | null;
  readonly verifiedBy: string | null;
  readonly verifiedAtWallMs: number | null;
  readonly failedChecks: number;
  /** The last time that it was given back unchecked. */
  readonly sentBack: (Said & { readonly reason: string }) | null;
  readonly activatedBy: string | null;
  readonly activatedAtWallMs: number | null;
}

/**
 * A draft. `undefined` when this program cannot read the document: written by another version of
 * it, what is not understood is not run.
 */
export function newVersion(
  version: number,
  source: unknown,
  reason: string | null,
  { by, atWallMs }: Said,
): OrderVersion | undefined {
  const parsed = OrderDocument.safeParse(source);
  if (!parsed.success || shapeContradictions(parsed.data).length > 0) return undefined;
  return {
    version,
    status: 'draft',
    source,
    document: parsed.data,
    reason,
    createdBy: by,
    createdAtWallMs: atWallMs,
    signedBy: null,
    signedAtWallMs: null,
    softLimitReason: null,
    verifiedBy: null,
    verifiedAtWallMs: null,
    failedChecks: 0,
    sentBack: null,
    activatedBy: null,
    activatedAtWallMs: null,
  };
}

/** Only what a version is, of an order that holds it. */
export function versionOf(order: OrderVersion): OrderVersion {
  const { version, status, source, document, reason, failedChecks, sentBack } = order;
  const { createdBy, createdAtWallMs, signedBy, signedAtWallMs, softLimitReason } = order;
  const { verifiedBy, verifiedAtWallMs, activatedBy, activatedAtWallMs } = order;
  return {
    ...{ version, status, source, document, reason, failedChecks, sentBack },
    ...{ createdBy, createdAtWallMs, signedBy, signedAtWallMs, softLimitReason },
    ...{ verifiedBy, verifiedAtWallMs, activatedBy, activatedAtWallMs },
  };
}

/** What an event changes in its version; `undefined` = it does not fit. */
export function changeOf(
  { status, failedChecks }: Pick<OrderVersion, 'status' | 'failedChecks'>,
  event: VersionEvent,
  { by, atWallMs }: Said,
): (Partial<OrderVersion> & { readonly status?: 'draft' | 'signed' | 'verified' }) | undefined {
  switch (event.type) {
    case 'order-signed': {
      if (status !== 'draft') return undefined;
      const softLimitReason = event.softLimitReason ?? null;
      return { status: 'signed', signedBy: by, signedAtWallMs: atWallMs, softLimitReason };
    }
    case 'order-check-failed':
      return { failedChecks: failedChecks + 1 };
    case 'order-verified':
      if (status !== 'signed') return undefined;
      return { status: 'verified', verifiedBy: by, verifiedAtWallMs: atWallMs };
    case 'order-sent-back':
      if (status !== 'signed') return undefined;
      return {
        status: 'draft',
        signedBy: null,
        signedAtWallMs: null,
        softLimitReason: null,
        // It is signed anew, so it is checked afresh.
        failedChecks: 0,
        sentBack: { by, atWallMs, reason: event.reason },
      };
  }
}
