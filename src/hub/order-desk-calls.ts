import * as z from 'zod/mini';
import { answer, type Call, JSON_TYPE, readCommand, readShape } from './call.ts';
import { done, refused } from './http-reply.ts';
import type { Ward } from './ward.ts';
import {
  CheckForm,
  DraftList,
  DraftReply,
  OrderListReply,
  OrderStatus,
  RegimenDraftCall,
  RegimenDraftReply,
  SaveDraftCall,
} from './wire/index.ts';

const WRITERS = ['prescriber', 'nurse'] as const;
const READERS = ['prescriber', 'nurse', 'pharmacist'] as const;

const Statuses = z.optional(z.array(OrderStatus));

/** Lists and forms around orders: nothing here changes what runs. */
export function orderDeskCalls(ward: Ward): readonly Call[] {
  return [
    {
      method: 'GET',
      path: '/api/orders',
      who: READERS,
      summary: 'Orders, newest first, at most 200; status: one or more, with commas between them.',
      query: ['status', 'bed'],
      reply: OrderListReply,
      handle: ({ query }) => {
        const asked = query.get('status')?.split(',') ?? undefined;
        const status = readShape(Statuses, asked, 'query');
        if (!status.ok) return status.reply;
        const bedId = query.get('bed');
        return done({
          orders: ward.orders({
            ...(status.value !== undefined && { status: status.value }),
            ...(bedId !== null && { bedId }),
          }),
        });
      },
    },
    {
      method: 'GET',
      path: '/api/orders/{id}/check-form',
      who: READERS,
      summary: 'The fields that a second check enters, without any value.',
      reply: CheckForm,
      handle: ({ params }) => answer(ward.checkForm(params['id'] ?? ''), (form) => form),
    },
    {
      method: 'GET',
      path: '/api/drafts',
      who: READERS,
      summary: 'Orders that are being written, and those that were refused; newest first.',
      reply: DraftList,
      handle: () => done({ drafts: ward.drafts() }),
    },
    {
      method: 'GET',
      path: '/api/drafts/{id}',
      who: READERS,
      summary: 'One draft with its faults and the numbers that follow from it.',
      reply: DraftReply,
      handle: ({ params }) => {
        const draft = ward.draft(params['id'] ?? '');
        const message = `There is no draft "${params['id']}"; look at the list of drafts.`;
        return draft === undefined ? refused(404, 'no-such-draft', message) : done(draft);
      },
    },
    {
      method: 'POST',
      path: '/api/drafts',
      who: WRITERS,
      summary: 'Keep an order that is being written, and check it; any state of it is accepted.',
      accepts: [JSON_TYPE],
      body: SaveDraftCall,
      reply: DraftReply,
      handle: async (request) => {
        const call = readCommand(request);
        if (!call.ok) return call.reply;
        return answer(await ward.saveDraft(call.value.by, call.value.rest), (draft) => draft);
      },
    },
    {
      method: 'DELETE',
      path: '/api/drafts/{id}',
      who: WRITERS,
      summary: 'Throw a draft away.',
      reply: z.strictObject({ draftId: z.string() }),
      handle: async (request) => {
        const call = readCommand(request);
        if (!call.ok) return call.reply;
        const { by } = call.value;
        return answer(await ward.deleteDraft(by, request.params['id'] ?? ''), (gone) => gone);
      },
    },
    {
      method: 'POST',
      path: '/api/regimens/{id}/draft',
      who: WRITERS,
      summary: 'An order document begun from a template; what its source does not state is open.',
      accepts: [JSON_TYPE],
      body: RegimenDraftCall,
      reply: RegimenDraftReply,
      handle: (request) => {
        const call = readCommand(request);
        if (!call.ok) return call.reply;
        const { rest } = call.value;
        return answer(ward.regimenDraft(request.params['id'] ?? '', rest), (draft) => draft);
      },
    },
  ];
}
