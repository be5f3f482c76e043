import * as z from 'zod/mini';
import type { Call } from './call.ts';
import * as wire from './wire/index.ts';

/** Schemas that get a name of their own; the frames of the socket are here for who writes a client. */
const NAMED = {
  AlarmView: wire.AlarmView,
  BedView: wire.BedView,
  DeviceView: wire.DeviceView,
  InfusionView: wire.InfusionView,
  Nibp: wire.Nibp,
  Numeric: wire.Numeric,
  OrderView: wire.OrderView,
  ErrorReply: wire.ErrorReply,
  HelloFrame: wire.Hello,
  SnapshotFrame: wire.Snapshot,
  DeltaFrame: wire.Delta,
  AlarmFrame: wire.AlarmFrame,
  ServerBeat: wire.ServerBeat,
  ClientBeat: wire.ClientBeat,
  Receipt: wire.Receipt,
  Resync: wire.Resync,
} as const;

/** The OpenAPI 3.1 page, made from the same table and schemas that answer the calls. */
export function openApi(calls: readonly Call[], build: string): unknown {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const paths: Record<string, Record<string, unknown>> = {};
  for (const call of calls) {
    const known = paths[call.path] ?? {};
    paths[call.path] = { ...known, [call.method.toLowerCase()]: operation(call, registry) };
  }
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(registry, { uri });
  return {
    openapi: '3.1.0',
    info: {
      title: 'InfuseWatch gateway',
      version: build,
      description: 'Watches ketamine infusions; it never programs, starts or stops a pump.',
    },
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, one]) => [id, plain(one)])),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'infusewatch_session' },
      },
    },
  };
}

type Named = z.core.$ZodRegistry<{ id: string }>;

function operation(call: Call, registry: Named): unknown {
  const inPath = [...call.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter(name, 'path'));
  const inQuery = (call.query ?? []).map((name) => parameter(name, 'query'));
  const parameters = [...inPath, ...inQuery];
  return {
    summary: call.summary,
    ...(Array.isArray(call.who) && { 'x-roles': call.who }),
    security: call.who === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(call.accepts !== undefined && {
      requestBody: { content: content(call.accepts, schemaOf(call.body, registry)) },
    }),
    responses: {
      [String(call.replyStatus ?? 200)]: {
        description: call.summary,
        ...(call.reply && {
          content: content(['application/json'], schemaOf(call.reply, registry)),
        }),
      },
      default: {
        description: 'Refused, with one sentence for a person.',
        content: content(['application/json'], { $ref: '#/components/schemas/ErrorReply' }),
      },
    },
  };
}

function parameter(name: string | undefined, place: 'path' | 'query'): unknown {
  return { name, in: place, required: place === 'path', schema: { type: 'string' } };
}

function content(types: readonly string[], schema: unknown): unknown {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function schemaOf(schema: z.core.$ZodType | undefined, registry: Named): unknown {
  if (schema === undefined) return {};
  const named = registry.get(schema)?.id;
  return named === undefined
    ? plain(z.toJSONSchema(schema))
    : { $ref: `#/components/schemas/${named}` };
}

/** Inside an OpenAPI page a schema carries no address of its own. */
function plain(schema: object): unknown {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'),
  );
}
