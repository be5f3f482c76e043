import * as z from 'zod/mini';
import type { BedsideVerb, RunningVerb } from '../order/session-life.ts';
import {
  actorOf,
  answer,
  type Call,
  type CallRequest,
  JSON_TYPE,
  readCommand,
  readJson,
  YAML_TYPES,
} from './call.ts';
import { done, refused } from './http-reply.ts';
import type { Actor, CommandResult, OrderDetail, Ward } from './ward.ts';
import {
  AdjunctCall,
  AmendCall,
  BagCall,
  BaselineCall,
  ConfirmConcentrationCall,
  DischargeCall,
  ObservationCall,
  OrderReply,
  PauseCall,
  ReasonCall,
  ResumeCall,
  SignCall,
  StepCall,
} from './wire/index.ts';

const Activate = z.looseObject({
  commandId: z.optional(z.uuid()),
  bedId: z.string(),
  bag: z.strictObject({ drugMg: z.number(), volumeMl: z.number() }),
});
const Discontinue = z.looseObject({
  commandId: z.optional(z.uuid()),
  reason: z.optional(z.string()),
});

/** What the decision reads by itself. */

type Step = (
  by: Actor,
  orderId: string,
  rest: Readonly<Record<string, unknown>>,
) => Promise<CommandResult<OrderDetail>>;

/** Done at a bed for the order that runs there, or for the patient who recovers there. */
const AT_BEDSIDE: readonly {
  readonly verb: BedsideVerb;
  readonly summary: string;
  /** For the OpenAPI page: the decision reads the body itself. */
  readonly body: NonNullable<Call['body']>;
}[] = [
  {
    verb: 'baseline',
    summary: 'Heart rate, SpO2 and blood pressure before the infusion, confirmed or corrected.',
    body: BaselineCall,
  },
  { verb: 'observation', summary: 'How the patient is: scores and a note.', body: ObservationCall },
  { verb: 'adjunct', summary: 'A drug given beside the infusion.', body: AdjunctCall },
  {
    verb: 'pause',
    summary: 'The infusion is about to be stopped for at most 10 min: bag, line or syringe.',
    body: PauseCall,
  },
  { verb: 'resume', summary: 'The declared pause is over.', body: ResumeCall },
  {
    verb: 'discharge',
    summary: 'The patient leaves the bed after the infusion.',
    body: DischargeCall,
  },
];

/** Done with an order that runs. */
const WHILE_RUNNING: readonly {
  readonly verb: RunningVerb;
  readonly summary: string;
  readonly who: Exclude<Call['who'], string>;
  readonly body: NonNullable<Call['body']>;
}[] = [
  {
    verb: 'step',
    summary: 'The criteria of a step are met; a step that raises the dose is held, or released.',
    who: ['nurse', 'prescriber'],
    body: StepCall,
  },
  {
    verb: 'bag',
    summary: 'Another bag hangs there: drugMg and volumeMl as on its label.',
    who: ['nurse'],
    body: BagCall,
  },
  {
    verb: 'confirm-concentration',
    summary: 'One of two people who looked at the bag.',
    who: ['nurse', 'pharmacist', 'prescriber'],
    body: ConfirmConcentrationCall,
  },
];

export function orderCalls(ward: Ward): readonly Call[] {
  const step = (run: Step) => async (request: CallRequest) => {
    const call = readCommand(request);
    if (!call.ok) return call.reply;
    const { by, rest } = call.value;
    return answer(
      await run(by, request.params['id'] ?? request.params['bed'] ?? '', rest),
      orderJson,
    );
  };
  const path = (verb: string) => `/api/orders/{id}/${verb}`;
  const order = { method: 'POST', accepts: [JSON_TYPE], reply: OrderReply } as const;
  return [
    {
      ...order,
      path: '/api/orders',
      who: ['prescriber', 'nurse'],
      summary: 'New draft from an order document, JSON or YAML.',
      accepts: [JSON_TYPE, ...YAML_TYPES],
      query: ['draft'],
      body: z.looseObject({ commandId: z.optional(z.uuid()) }),
      replyStatus: 201,
      handle: (request) => createOrder(ward, request),
    },
    {
      method: 'GET',
      path: '/api/orders/{id}',
      who: ['prescriber', 'nurse', 'pharmacist'],
      summary: 'One order with its document.',
      reply: OrderReply,
      handle: ({ params }) => {
        const detail = ward.order(params['id'] ?? '');
        return detail === undefined
          ? refused(
              404,
              'no-such-order',
              `There is no order "${params['id']}"; check the order id.`,
            )
          : done(orderJson(detail));
      },
    },
    {
      ...order,
      path: path('sign'),
      who: ['prescriber'],
      summary:
        'The prescriber signs the draft, or the draft of its next version; with the reason for a soft limit and doubled numbers typed again.',
      body: SignCall,
      handle: step((by, id, signing) => ward.signOrder(by, id, signing)),
    },
    {
      ...order,
      path: path('send-back'),
      who: ['prescriber', 'pharmacist', 'nurse'],
      summary: 'The second person cannot check it: it is a draft again.',
      body: ReasonCall,
      handle: step((by, id, call) => ward.sendBackOrder(by, id, call)),
    },
    {
      ...order,
      path: path('amend'),
      who: ['prescriber', 'nurse'],
      summary: 'Next version of an order; what runs goes on until that one is activated.',
      body: AmendCall,
      handle: step((by, id, call) => ward.amendOrder(by, id, call)),
    },
    {
      ...order,
      path: path('withdraw'),
      who: ['prescriber', 'nurse'],
      summary: 'Take back the next version of an order that runs, before it holds.',
      body: ReasonCall,
      handle: step((by, id, call) => ward.withdrawAmendment(by, id, call)),
    },
    {
      ...order,
      path: path('verify'),
      who: ['prescriber', 'pharmacist', 'nurse'],
      summary: 'Another user re-enters the critical fields; all must match.',
      body: z.looseObject({ commandId: z.optional(z.uuid()) }),
      handle: step((by, id, entered) => ward.verifyOrder(by, id, entered)),
    },
    {
      ...order,
      path: path('activate'),
      who: ['nurse'],
      summary:
        'Start the order at a bed with the bag that hangs there, or let its verified next version take over.',
      body: Activate,
      handle: step((by, id, call) => ward.activateOrder(by, id, call)),
    },
    {
      ...order,
      path: path('complete'),
      who: ['nurse'],
      summary: 'The order was given to its end.',
      handle: step((by, id) => ward.completeOrder(by, id)),
    },
    {
      ...order,
      path: path('discontinue'),
      who: ['nurse'],
      summary: 'The order is stopped before its end.',
      body: Discontinue,
      handle: step((by, id, { reason }) =>
        ward.discontinueOrder(by, id, typeof reason === 'string' ? reason : 'no reason given'),
      ),
    },
    ...WHILE_RUNNING.map(
      ({ verb, summary, who, body: shape }): Call => ({
        ...order,
        path: path(verb),
        who,
        summary,
        body: shape,
        handle: step((by, id, body) => ward.whileRunning(by, id, verb, body)),
      }),
    ),
    ...AT_BEDSIDE.map(
      ({ verb, summary, body }): Call => ({
        ...order,
        path: `/api/beds/{bed}/${verb}`,
        who: ['nurse'],
        summary,
        body,
        handle: step((by, id, rest) => ward.atBedside(by, id, verb, rest)),
      }),
    ),
  ];
}

/**
 * The ward reads the document itself, so that its faults keep their line numbers; a `commandId` inside
 * a JSON document is the hub's and taken out. YAML has the header for it. What is no JSON goes there
 * too: it is refused and kept, and nobody types it again.
 */
async function createOrder(ward: Ward, request: CallRequest) {
  const { body, query } = request;
  if (body === undefined)
    return refused(400, 'shape', 'The body is empty; send the order document as JSON or YAML.');
  const draftId = query.get('draft') ?? undefined;
  const isJson = body.type === JSON_TYPE;
  if (!isJson || !readJson(request).ok) {
    const by = actorOf(request, {});
    if (!by.ok) return by.reply;
    const format = isJson ? 'json' : 'yaml';
    return answer(await ward.createOrder(by.value, body.text, format, draftId), orderJson, 201);
  }
  const command = readCommand(request);
  if (!command.ok) return command.reply;
  const { by, rest } = command.value;
  const written = JSON.parse(body.text) as object;
  const hasHead = Object.keys(rest).length < Object.keys(written).length;
  const text = hasHead ? JSON.stringify(rest) : body.text;
  return answer(await ward.createOrder(by, text, 'json', draftId), orderJson, 201);
}

function orderJson(detail: OrderDetail): unknown {
  const { view, document, bedId, versions, note } = detail;
  return { ...view, bedId, document, versions, ...(note !== undefined && { note }) };
}
