/** The calls about orders: lists, drafts, and each step of an order's life by the person who does it. */
import type * as z from 'zod/mini';
import {
  CheckForm,
  DraftList,
  DraftReply,
  OrderListReply,
  OrderReply,
  RegimenDraftReply,
  RegimensReply,
} from '../wire.ts';
import { type Answer, call, readNothing } from './call.ts';

/** Who does it, and the id under which the gateway does it once. */
export interface By {
  /** Left out: whoever is logged in at the station. */
  readonly token?: string;
  readonly commandId: string;
  readonly station: string;
}

const reader =
  <T>(schema: z.ZodMiniType<T>) =>
  (body: unknown): { readonly value: T } | null => {
    const parsed = schema.safeParse(body);
    return parsed.success ? { value: parsed.data } : null;
  };

const id = encodeURIComponent;

const as = ({ token }: By) => (token === undefined ? {} : { token });

const command = ({ commandId, station }: By, body: object): object => ({
  ...body,
  commandId,
  ...(station === '' ? {} : { station }),
});

export const listOrders = (): Promise<Answer<OrderListReply>> =>
  call('GET', 'api/orders', { read: reader(OrderListReply) });

export const readOrder = (orderId: string): Promise<Answer<OrderReply>> =>
  call('GET', `api/orders/${id(orderId)}`, { read: reader(OrderReply) });

export const listDrafts = (): Promise<Answer<DraftList>> =>
  call('GET', 'api/drafts', { read: reader(DraftList) });

export const readDraft = (draftId: string): Promise<Answer<DraftReply>> =>
  call('GET', `api/drafts/${id(draftId)}`, { read: reader(DraftReply) });

/** Kept as it is, with all that is wrong in it; the answer says what, and what follows from it. */
export const saveDraft = (draft: {
  readonly draftId?: string;
  readonly document: unknown;
  readonly bedId?: string | null;
  /** The order of which it is to be the next version. */
  readonly amends?: string | null;
}): Promise<Answer<DraftReply>> =>
  call('POST', 'api/drafts', { body: draft, read: reader(DraftReply) });

export const dropDraft = (draftId: string): Promise<Answer<null>> =>
  call('DELETE', `api/drafts/${id(draftId)}`, { read: readNothing });

export const listRegimens = (): Promise<Answer<RegimensReply>> =>
  call('GET', 'api/regimens', { read: reader(RegimensReply) });

export const proposeOrder = (
  regimen: string,
  answers: object,
): Promise<Answer<RegimenDraftReply>> =>
  call('POST', `api/regimens/${id(regimen)}/draft`, {
    body: answers,
    read: reader(RegimenDraftReply),
  });

/** What is to be entered in the second check, without one value of the order. */
export const readCheckForm = (orderId: string, token: string): Promise<Answer<CheckForm>> =>
  call('GET', `api/orders/${id(orderId)}/check-form`, { read: reader(CheckForm), token });

export const createOrder = (by: By, document: object): Promise<Answer<OrderReply>> =>
  call('POST', 'api/orders', {
    body: command(by, document),
    read: reader(OrderReply),
    ...as(by),
  });

/** `sign`, `verify`, `send-back`, `activate`, `amend`, `complete`, `discontinue`, and those of a running order. */
export const changeOrder = (
  by: By,
  orderId: string,
  verb: string,
  body: object,
): Promise<Answer<OrderReply>> =>
  call('POST', `api/orders/${id(orderId)}/${verb}`, {
    body: command(by, body),
    read: reader(OrderReply),
    ...as(by),
  });

/** `pause`, `resume`, `baseline`, `observation`, `adjunct`, `discharge`. */
export const atBedside = (
  by: By,
  bedId: string,
  verb: string,
  body: object,
): Promise<Answer<null>> =>
  call('POST', `api/beds/${id(bedId)}/${verb}`, {
    body: command(by, body),
    read: readNothing,
    ...as(by),
  });
