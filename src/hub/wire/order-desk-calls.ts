import * as z from 'zod/mini';

/** Bodies of the calls on orders; the gateway judges each field and says what is wrong in words. */
const head = {
  /** Made by the client: the same command sent twice is done once. */
  commandId: z.optional(z.uuid()),
  station: z.optional(z.string()),
};
const Reason = z.string().check(z.minLength(1), z.maxLength(200));
/** An object, or a text in YAML. */
const Document = z.union([z.string(), z.record(z.string(), z.unknown())]);
const Id = z.string().check(z.minLength(1), z.maxLength(64));

export const SignCall = z.strictObject({
  ...head,
  /** Why a soft limit is exceeded; without it such an order is refused (422, `soft-limit`). */
  softLimitReason: z.optional(Reason),
  /** By path, the numbers named by a refusal (422, `retype`). */
  retyped: z.optional(z.record(z.string(), z.number())),
});

export const ReasonCall = z.strictObject({ ...head, reason: Reason });

export const AmendCall = z.strictObject({
  ...head,
  document: Document,
  reason: Reason,
  /** The draft that it was: deleted when it is accepted. */
  draftId: z.optional(Id),
});

export const SaveDraftCall = z.strictObject({
  ...head,
  /** Takes the place of what was kept under it. */
  draftId: z.optional(Id),
  document: Document,
  bedId: z.optional(z.nullable(Id)),
  /** The order of which it is to be the next version. */
  amends: z.optional(z.nullable(Id)),
});

export const RegimenDraftCall = z.strictObject({
  ...head,
  /** Of the course, from 1 on. */
  session: z.optional(z.int()),
  patient: z.optional(
    z.strictObject({
      id: z.optional(Id),
      label: z.optional(Id),
      weightKg: z.optional(z.number()),
      weightMeasuredAt: z.optional(z.iso.datetime()),
    }),
  ),
  bag: z.optional(z.strictObject({ drugMg: z.number(), volumeMl: z.number() })),
  /** Of the first session. */
  firstDate: z.optional(z.iso.date()),
});
