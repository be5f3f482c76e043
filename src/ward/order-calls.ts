import * as z from 'zod';
import type { OrderRefusal } from '../order/order-life.ts';
import { readSessionBody } from '../order/session-refusal.ts';

const Reason = z.string('write why').trim().min(1, 'write why').max(200);
const Name = z.string('write a text').trim().min(1).max(64);
/** An order document: an object, or a text in YAML. */
const Document = z.union(
  [z.string().max(200_000), z.record(z.string(), z.unknown())],
  'write the order document, as an object or as a text',
);

const Activation = z.object({
  bedId: z.string({ error: 'name the bed' }).min(1).max(64),
  bag: z.strictObject({
    drugMg: z.number({ error: 'write the mg of the bag that hangs there' }).positive(),
    volumeMl: z.number({ error: 'write the mL of the bag that hangs there' }).positive(),
  }),
});

const Signing = z.strictObject({
  softLimitReason: Reason.optional(),
  retyped: z.record(z.string(), z.number('type the number again, without its unit')).optional(),
});

const Amend = z.strictObject({ document: Document, reason: Reason, draftId: Name.optional() });
const Because = z.strictObject({ reason: Reason });

const SaveDraft = z.strictObject({
  draftId: Name.optional(),
  document: Document,
  bedId: Name.nullish(),
  amends: Name.nullish(),
});

const positive = (unit: string) => z.number(`write a number in ${unit}`).positive();
const RegimenDraft = z.strictObject({
  session: z.int('write a whole number').min(1).max(400).default(1),
  patient: z
    .strictObject({
      id: Name.optional(),
      label: Name.optional(),
      weightKg: positive('kg').optional(),
      weightMeasuredAt: z.iso.datetime('write date, time and zone').optional(),
    })
    .optional(),
  bag: z.strictObject({ drugMg: positive('mg'), volumeMl: positive('mL') }).optional(),
  firstDate: z.iso.date('write a date such as 2026-11-23').optional(),
});

type Read<T> = { readonly ok: true; readonly value: T } | OrderRefusal;

/** `{ bedId, bag: { drugMg, volumeMl } }`: where the order starts, and the bag as read off its label. */
export const readActivation = (body: unknown): Read<z.output<typeof Activation>> =>
  readSessionBody(Activation, body);
/** `{ softLimitReason?, retyped? }`. */
export const readSigning = (body: unknown): Read<z.output<typeof Signing>> =>
  readSessionBody(Signing, body);
/** `{ document, reason, draftId? }`. */
export const readAmend = (body: unknown): Read<z.output<typeof Amend>> =>
  readSessionBody(Amend, body);
/** `{ reason }`. */
export const readReason = (body: unknown): Read<z.output<typeof Because>> =>
  readSessionBody(Because, body);
/** `{ draftId?, document, bedId?, amends? }`. */
export const readDraft = (body: unknown): Read<z.output<typeof SaveDraft>> =>
  readSessionBody(SaveDraft, body);
/** `{ session?, patient?, bag?, firstDate? }`. */
export const readRegimenDraft = (body: unknown): Read<z.output<typeof RegimenDraft>> =>
  readSessionBody(RegimenDraft, body);
