import * as z from 'zod/mini';
import type { Timeline } from '../time/timeline.ts';
import type { Call } from './call.ts';
import { done, refused } from './http-reply.ts';
import type { HubMetrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import type { Ward } from './ward.ts';
import { BedView } from './wire/index.ts';

/** The times say how old the ages in the views are. */
const BedsReply = z.strictObject({
  wallTime: z.iso.datetime(),
  monotonicMs: z.number(),
  beds: z.array(BedView),
});

export interface WardCallDeps {
  readonly ward: Ward;
  readonly timeline: Timeline;
  readonly metrics: HubMetrics;
  readonly clients: () => number;
  readonly isFeedBroken: () => boolean;
}

export function wardCalls(deps: WardCallDeps): readonly Call[] {
  const { ward, timeline } = deps;
  const isWell = (): boolean => ward.health().ok && !deps.isFeedBroken();
  return [
    {
      method: 'GET',
      path: '/api/beds',
      who: 'any',
      summary: 'All beds, the same views as on the socket.',
      reply: BedsReply,
      handle: () =>
        done({
          wallTime: new Date(timeline.wallMs()).toISOString(),
          monotonicMs: timeline.monotonicMs(),
          beds: ward.beds(),
        }),
    },
    {
      method: 'GET',
      path: '/api/beds/{bed}',
      who: 'any',
      summary: 'One bed, the same view as on the socket.',
      reply: BedView,
      handle: ({ params }) => {
        const bed = ward.beds().find((one) => one.bedId === params['bed']);
        return bed === undefined
          ? refused(404, 'no-such-bed', `There is no bed "${params['bed']}"; see GET /api/beds.`)
          : done(bed);
      },
    },
    {
      method: 'GET',
      path: '/healthz',
      who: 'public',
      summary: 'Liveness: 200 when all is well, else 503.',
      handle: () => ({
        status: isWell() ? 200 : 503,
        json: {
          ok: isWell(),
          ...(deps.isFeedBroken() && { feed: 'ended' }),
          ...ward.health().detail,
        },
      }),
    },
    {
      method: 'GET',
      path: '/metrics',
      who: 'public',
      summary: 'Counters as Prometheus text.',
      handle: () => ({
        status: 200,
        text: {
          type: 'text/plain; version=0.0.4; charset=utf-8',
          content: deps.metrics.text(deps.clients(), ward.devices(), isWell()),
        },
      }),
    },
  ];
}

/** Of all calls, this one included. */
export function openApiCall(calls: readonly Call[], build: string): Call {
  let page: unknown;
  const call: Call = {
    method: 'GET',
    path: '/api/openapi.json',
    who: 'public',
    summary: 'This page.',
    handle: () => {
      page ??= openApi([...calls, call], build);
      return done(page);
    },
  };
  return call;
}
