import * as z from 'zod/mini';
import { OrderStatus, OrderView } from './views.ts';

/** Lists, forms and replies of the order desk (docs/interfaces.md). `null` is "not known" or "not yet". */
const IsoTime = z.iso.datetime();

/** A change of an order that is written and does not hold yet. */
export const PendingVersion = z.strictObject({
  version: z.int(),
  status: z.enum(['draft', 'signed', 'verified']),
});
export type PendingVersion = z.infer<typeof PendingVersion>;

export const OrderListItem = z.strictObject({
  orderId: z.string(),
  version: z.int(),
  status: OrderStatus,
  patientId: z.string(),
  patientLabel: z.nullable(z.string()),
  drug: z.string(),
  form: z.string(),
  regimen: z.string(),
  mode: z.string(),
  /** What the steps give in all; `null` while the second check is waited for, which is blind. */
  plannedMg: z.nullable(z.number()),
  bedId: z.nullable(z.string()),
  createdBy: z.string(),
  createdAt: IsoTime,
  signedBy: z.nullable(z.string()),
  verifiedBy: z.nullable(z.string()),
  /** Of the version that waits for its check. */
  failedChecks: z.int(),
  pendingVersion: z.nullable(PendingVersion),
});
export type OrderListItem = z.infer<typeof OrderListItem>;

/** `GET /api/orders?status=draft,signed&bed=B01`: newest first. */
export const OrderListReply = z.strictObject({ orders: z.array(OrderListItem) });
export type OrderListReply = z.infer<typeof OrderListReply>;

/** One field of the second check. Never a value: the check is blind. */
export const CheckField = z.strictObject({
  /** `steps[0].dose` */
  path: z.string(),
  label: z.string(),
  unit: z.nullable(z.string()),
  kind: z.enum(['text', 'number', 'duration', 'choice']),
  choices: z.optional(z.array(z.string())),
  group: z.enum(['patient', 'drug', 'bag', 'plan', 'limits']),
});
export type CheckField = z.infer<typeof CheckField>;

/** `GET /api/orders/{id}/check-form`: what the second person has to enter. */
export const CheckForm = z.strictObject({
  orderId: z.string(),
  version: z.int(),
  signedBy: z.string(),
  attemptsLeft: z.int(),
  fields: z.array(CheckField),
});
export type CheckForm = z.infer<typeof CheckForm>;

/** A number that is more than twice what it was and must be typed again at signing. */
export const RetypeItem = z.strictObject({
  /** `steps[0].dose`, `steps[0].mgPerH`, `totalMg`, `limits.maxMgPerH` ... */
  path: z.string(),
  was: z.number(),
  now: z.number(),
});
export type RetypeItem = z.infer<typeof RetypeItem>;

/** One version of an order: who did what with it and when. */
export const OrderVersionView = z.strictObject({
  version: z.int(),
  /** `replaced`: a later version holds; `withdrawn`: taken back before it held. */
  status: z.enum([
    'draft',
    'signed',
    'verified',
    'active',
    'completed',
    'discontinued',
    'expired',
    'replaced',
    'withdrawn',
  ]),
  document: z.unknown(),
  /** Why there is this version; `null` for the first one. */
  reason: z.nullable(z.string()),
  createdBy: z.string(),
  createdAt: IsoTime,
  signedBy: z.nullable(z.string()),
  signedAt: z.nullable(IsoTime),
  softLimitReason: z.nullable(z.string()),
  verifiedBy: z.nullable(z.string()),
  verifiedAt: z.nullable(IsoTime),
  activatedBy: z.nullable(z.string()),
  activatedAt: z.nullable(IsoTime),
  failedChecks: z.int(),
  /** The second person could not check it and gave it back. */
  sentBack: z.nullable(z.strictObject({ by: z.string(), at: IsoTime, reason: z.string() })),
});
export type OrderVersionView = z.infer<typeof OrderVersionView>;

/** `GET /api/orders/{id}` and the answer to every command on an order. */
export const OrderReply = z.extend(OrderView, {
  bedId: z.nullable(z.string()),
  /** As it was written; of the version in `version`. */
  document: z.unknown(),
  note: z.optional(z.string()),
  /** Oldest first, with the pending one. */
  versions: z.array(OrderVersionView),
});
export type OrderReply = z.infer<typeof OrderReply>;

export const OrderProblemView = z.strictObject({
  path: z.string(),
  message: z.string(),
  /** 1-based, of a text. */
  line: z.optional(z.int()),
  /** What stands there. */
  value: z.optional(z.unknown()),
});
export type OrderProblemView = z.infer<typeof OrderProblemView>;

/** What can be said of a draft while it is typed; `null` = not enough is filled in. */
export const DraftChecks = z.strictObject({
  concentrationMgPerMl: z.nullable(z.number()),
  totalMg: z.nullable(z.number()),
  peakMgPerH: z.nullable(z.number()),
  peakMlPerH: z.nullable(z.number()),
  steps: z.array(
    z.strictObject({
      step: z.int(),
      atMs: z.number(),
      mgPerH: z.number(),
      mlPerH: z.nullable(z.number()),
    }),
  ),
  hardMaxMgPerH: z.nullable(z.number()),
  softMaxMgPerH: z.nullable(z.number()),
  /** One sentence: signing needs a reason. */
  softExceeded: z.nullable(z.string()),
  retype: z.array(RetypeItem),
});
export type DraftChecks = z.infer<typeof DraftChecks>;

/** `POST /api/drafts`, `GET /api/drafts/{id}`. */
export const DraftReply = z.strictObject({
  draftId: z.string(),
  savedAt: IsoTime,
  by: z.string(),
  bedId: z.nullable(z.string()),
  /** Of which order it is to be the next version. */
  amends: z.nullable(z.string()),
  /** As it was sent: an object, or a text. */
  document: z.unknown(),
  /** Empty: it can be ordered. */
  problems: z.array(OrderProblemView),
  note: z.nullable(z.string()),
  checks: DraftChecks,
});
export type DraftReply = z.infer<typeof DraftReply>;

/** `GET /api/drafts`: newest first. */
export const DraftList = z.strictObject({
  drafts: z.array(
    z.strictObject({
      draftId: z.string(),
      savedAt: IsoTime,
      by: z.string(),
      bedId: z.nullable(z.string()),
      amends: z.nullable(z.string()),
      patientId: z.nullable(z.string()),
      regimen: z.nullable(z.string()),
      problems: z.int(),
    }),
  ),
});
export type DraftList = z.infer<typeof DraftList>;

/** `POST /api/regimens/{id}/draft`: a proposal; `open` is what its source does not state. */
export const RegimenDraftReply = z.strictObject({
  document: z.record(z.string(), z.unknown()),
  open: z.array(
    z.strictObject({
      path: z.string(),
      message: z.string(),
      /** Without it the order is refused; the others may stay empty. */
      isRequired: z.boolean(),
    }),
  ),
});
export type RegimenDraftReply = z.infer<typeof RegimenDraftReply>;
