import * as z from 'zod';
import { MINUTE_MS } from './iso-duration.ts';
import type { SessionCall, SessionDecision } from './session-life.ts';
import { readSessionBody, refusedCall } from './session-refusal.ts';

const Discharge = z.strictObject({
  reason: z.string('write why').trim().min(1, 'write why').max(200).optional(),
});

/**
 * The patient leaves. Before the order is over it must be completed or discontinued first; before the ordered
 * recovery is over it needs a reason, and the record says how long it was (ORD-29).
 */
export function decideDischarge({ order, recovery, body, wallMs }: SessionCall): SessionDecision {
  const read = readSessionBody(Discharge, body);
  if (!read.ok) return read;
  if (order !== null) {
    return refusedCall(
      409,
      'order-runs',
      `Order ${order.orderId} is still active here; complete or discontinue it first.`,
    );
  }
  if (recovery === null)
    return refusedCall(
      409,
      'nobody-here',
      'Nobody recovers on this bed; there is no one to discharge.',
    );
  const { orderId, minimumMs, sinceWallMs } = recovery;
  const { reason } = read.value;
  const lastedMs = wallMs - sinceWallMs;
  const isEarly = lastedMs < minimumMs;
  const lasted = `${Math.max(0, Math.floor(lastedMs / MINUTE_MS))} of ${minimumMs / MINUTE_MS} min`;
  if (isEarly && reason === undefined) {
    const message = `Recovery has lasted ${lasted}; wait, or write the reason of the early discharge.`;
    return refusedCall(422, 'recovery-short', message, 'reason');
  }
  return {
    ok: true,
    events: [{ type: 'patient-discharged', orderId, reason: reason ?? 'recovery complete' }],
    ...(isEarly
      ? { note: `Discharged early, after ${lasted} of recovery; the record says so.` }
      : {}),
  };
}
