import * as z from 'zod/mini';
import { actorOf, answer, type Call, type CallRequest, JSON_TYPE, readBodyAs } from './call.ts';
import { done, type Reply, refused } from './http-reply.ts';
import type { Actor, AlarmRevision, CommandResult, Ward } from './ward.ts';
import { AcknowledgeCall, AlarmView, AudioPauseCall, SeenCall } from './wire/index.ts';

/** `next`: give it as `before` for the page that follows; absent on the last one. */
const HistoryReply = z.strictObject({
  alarms: z.array(AlarmView),
  next: z.optional(z.iso.datetime()),
});

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 200;

export function alarmCalls(ward: Ward): readonly Call[] {
  return [
    {
      method: 'GET',
      path: '/api/alarms',
      who: 'any',
      summary: 'History of alarms, newest first, in pages.',
      query: ['bed', 'limit', 'before'],
      reply: HistoryReply,
      handle: (request) => history(ward, request.query),
    },
    {
      method: 'POST',
      path: '/api/alarms/acknowledge',
      who: ['nurse'],
      summary: 'Acknowledge alarms as they were seen; an old revision is refused with 409.',
      accepts: [JSON_TYPE],
      body: AcknowledgeCall,
      handle: (request) => mark(request, (by, alarms) => ward.acknowledge(by, alarms)),
    },
    {
      method: 'POST',
      path: '/api/alarms/seen',
      who: ['nurse'],
      summary: 'Take ended alarms that are still shown off the screen.',
      accepts: [JSON_TYPE],
      body: SeenCall,
      handle: (request) => mark(request, (by, alarms) => ward.seen(by, alarms)),
    },
    {
      method: 'POST',
      path: '/api/beds/{bed}/audio-pause',
      who: ['nurse'],
      summary: 'Pause the alarm sound of one bed; a new or escalated alarm breaks it.',
      accepts: [JSON_TYPE],
      body: AudioPauseCall,
      handle: async (request) => {
        const call = readBodyAs(request, AudioPauseCall);
        if (!call.ok) return call.reply;
        const by = actorOf(request, call.value);
        if (!by.ok) return by.reply;
        return answer(
          await ward.pauseAudio(by.value, request.params['bed'] ?? ''),
          (value) => value,
        );
      },
    },
  ];
}

async function mark(
  request: CallRequest,
  run: (by: Actor, alarms: readonly AlarmRevision[]) => Promise<CommandResult>,
): Promise<Reply> {
  const call = readBodyAs(request, AcknowledgeCall);
  if (!call.ok) return call.reply;
  const by = actorOf(request, call.value);
  if (!by.ok) return by.reply;
  return answer(await run(by.value, call.value.alarms), (value) => value);
}

function history(ward: Ward, query: URLSearchParams): Reply {
  const unknown = [...query.keys()].find((key) => !['bed', 'limit', 'before'].includes(key));
  if (unknown !== undefined)
    return refused(400, 'shape', `There is no filter "${unknown}"; use bed, limit and before.`, {
      path: unknown,
    });
  const limit = Number(query.get('limit') ?? LIMIT_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
    return refused(400, 'shape', `limit must be a whole number from 1 to ${LIMIT_MAX}.`, {
      path: 'limit',
    });
  const before = query.get('before');
  const beforeWallMs = before === null ? undefined : wallMsOf(before);
  if (Number.isNaN(beforeWallMs))
    return refused(400, 'shape', 'before must be a time such as 2026-11-21T08:00:00Z.', {
      path: 'before',
    });
  const bedId = query.get('bed');
  if (bedId !== null && !ward.beds().some((bed) => bed.bedId === bedId))
    return refused(404, 'no-such-bed', `There is no bed "${bedId}"; see GET /api/beds.`, {
      path: 'bed',
    });

  const found = ward.alarmHistory({
    ...(bedId !== null && { bedId }),
    limit: limit + 1,
    ...(beforeWallMs !== undefined && { beforeWallMs }),
  });
  return done(page(found, limit));
}

/** Milliseconds since 1970, or ISO 8601 with its zone: without one it would mean another hour elsewhere. */
function wallMsOf(text: string): number {
  if (/^\d{1,14}$/.test(text)) return Number(text);
  return /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
}

/**
 * The next page begins before a time, so alarms with the same onset must not be split by a page's end:
 * those at the end that may have brothers on the next page are left to it.
 */
function page(found: readonly AlarmView[], limit: number): z.infer<typeof HistoryReply> {
  const beyond = found[limit];
  if (beyond === undefined) return { alarms: [...found] };
  const shown = found.slice(0, limit);
  const whole = shown.filter((alarm) => alarm.onsetAt !== beyond.onsetAt);
  const alarms = whole.length > 0 ? whole : shown;
  const last = alarms.at(-1);
  return { alarms, ...(last !== undefined && { next: last.onsetAt }) };
}
