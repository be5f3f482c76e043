import * as z from 'zod';
import { endsAtWallMs } from './active-order.ts';
import { PAUSE_MAX_MIN } from './session-event.ts';
import type { SessionCall, SessionDecision } from './session-life.ts';
import { runningPause } from './session-record.ts';
import { readSessionBody, refusedCall } from './session-refusal.ts';

const WHY = 'write why, in 1 to 200 characters';
const MINUTES = `write how many minutes, a whole number from 1 to ${PAUSE_MAX_MIN}`;

const PauseCall = z.strictObject({
  reason: z.string(WHY).trim().min(1, WHY).max(200, WHY),
  minutes: z.int(MINUTES).min(1, MINUTES),
  bagChange: z.boolean('write true or false').default(false),
});
const ResumeCall = z.strictObject({});

/**
 * A nurse says that the infusion is about to be stopped for a moment: bag, line or syringe. It turns "stopped" into a
 * countdown and nothing else. At most 10 min (clinical alarm rules 2.5).
 */
export function decidePause({ order, body, wallMs }: SessionCall): SessionDecision {
  const read = readSessionBody(PauseCall, body);
  if (!read.ok) return read;
  const { reason, minutes, bagChange } = read.value;
  if (minutes > PAUSE_MAX_MIN) {
    const message = `A pause is declared for at most ${PAUSE_MAX_MIN} min, not ${minutes}; stop the order if it takes longer.`;
    return refusedCall(422, 'pause-limit', message, 'minutes');
  }
  if (order === null) return nothingRuns;
  const { orderId, startedAtWallMs } = order;
  if (startedAtWallMs === null) {
    const message = `Order ${orderId} has not begun: nothing flowed yet, so there is nothing to pause.`;
    return refusedCall(409, 'not-started', message);
  }
  if (wallMs >= (endsAtWallMs(order) ?? Number.POSITIVE_INFINITY)) {
    const message = `Order ${orderId} is past its planned end; stop the pump, then complete the order.`;
    return refusedCall(409, 'past-end', message);
  }
  const running = runningPause(order.session);
  if (running !== undefined) {
    const message = `${running.by} has paused it already (${running.reason}); resume first, then declare another pause.`;
    return refusedCall(409, 'paused', message);
  }
  const pause = { reason, isBagChange: bagChange, minutes };
  return { ok: true, events: [{ type: 'infusion-paused', orderId, ...pause }] };
}

/** By hand. The pause ends by itself when the pump flows again. */
export function decideResume({ order, body, seen }: SessionCall): SessionDecision {
  const read = readSessionBody(ResumeCall, body);
  if (!read.ok) return read;
  if (order === null) return nothingRuns;
  const { orderId } = order;
  if (runningPause(order.session) === undefined)
    return refusedCall(409, 'not-paused', `Order ${orderId} is not paused.`);
  return {
    ok: true,
    events: [{ type: 'infusion-resumed', orderId, stoppedMs: seen.pauseStoppedMs }],
    ...(seen.flowMlPerH === 0 ? { note: 'Nothing flows yet: start the pump.' } : {}),
  };
}

const nothingRuns = refusedCall(409, 'no-order', 'No order runs on this bed.');
