import type {
  CheckForm,
  OrderListItem,
  OrderVersionView,
  PendingVersion,
  RegimenDraftReply,
} from '../hub/wire/index.ts';
import { checkForm } from '../order/check-form.ts';
import { exactTotal } from '../order/exact-plan.ts';
import {
  CHECKS_MAX,
  type OrderRecord,
  type OrderVersion,
  versionsOf,
  waitingVersion,
} from '../order/order-life.ts';
import { toNumber } from '../order/quantity.ts';
import type { Regimen } from '../order/regimen.ts';
import { draftOrder } from '../order/regimen-draft.ts';
import { iso } from '../pipeline/times.ts';

export function orderListItem(order: OrderRecord): OrderListItem {
  const { orderId, version, status, bedId, document } = order;
  const { patient, drug, regimen, mode } = document;
  return {
    orderId,
    version,
    status,
    patientId: patient.id,
    patientLabel: patient.label ?? null,
    drug: drug.name,
    form: drug.form,
    regimen,
    mode,
    // Whoever makes the second check may look at this list.
    plannedMg: status === 'signed' ? null : toNumber(exactTotal(document)),
    bedId,
    createdBy: order.createdBy,
    createdAt: iso(order.createdAtWallMs),
    signedBy: order.signedBy,
    verifiedBy: order.verifiedBy,
    failedChecks: waitingVersion(order).failedChecks,
    pendingVersion: pendingView(order),
  };
}

function pendingView({ pending }: OrderRecord): PendingVersion | null {
  if (pending === null) return null;
  const { version, status } = pending;
  return status === 'draft' || status === 'signed' || status === 'verified'
    ? { version, status }
    : null;
}

export const versionViews = (order: OrderRecord): OrderVersionView[] =>
  versionsOf(order).map(versionView);

const isoOrNone = (wallMs: number | null): string | null => (wallMs === null ? null : iso(wallMs));

function versionView(version: OrderVersion): OrderVersionView {
  const { status, source, reason, softLimitReason, failedChecks, sentBack } = version;
  const { createdBy, signedBy, verifiedBy, activatedBy } = version;
  return {
    version: version.version,
    status,
    document: source,
    reason,
    createdBy,
    createdAt: iso(version.createdAtWallMs),
    signedBy,
    signedAt: isoOrNone(version.signedAtWallMs),
    softLimitReason,
    verifiedBy,
    verifiedAt: isoOrNone(version.verifiedAtWallMs),
    activatedBy,
    activatedAt: isoOrNone(version.activatedAtWallMs),
    failedChecks,
    sentBack: sentBack && { by: sentBack.by, at: iso(sentBack.atWallMs), reason: sentBack.reason },
  };
}

/** What the second person enters; `undefined` when nothing waits for a second check. */
export function checkFormView(order: OrderRecord): CheckForm | undefined {
  const { version, status, signedBy, document, failedChecks } = waitingVersion(order);
  if (status !== 'signed' || signedBy === null) return undefined;
  return {
    orderId: order.orderId,
    version,
    signedBy,
    attemptsLeft: Math.max(0, CHECKS_MAX - failedChecks),
    fields: checkForm(document).map(({ choices, ...field }) => ({
      ...field,
      ...(choices === undefined ? {} : { choices: [...choices] }),
    })),
  };
}

export function regimenDraftView(
  regimen: Regimen,
  call: Parameters<typeof draftOrder>[1],
): RegimenDraftReply {
  const { document, open } = draftOrder(regimen, call);
  return {
    document,
    open: open.map(({ path, why, isRequired }) => ({ path, message: why, isRequired })),
  };
}
