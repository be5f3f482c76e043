import * as z from 'zod';
import type { SessionCall, SessionDecision } from './session-life.ts';
import { readSessionBody, refusedCall } from './session-refusal.ts';

const Discharge = z.strictObject({
  reason: z.string('write why').trim().min(1, 'write why').max(200).default('recovery complete'),
});

/** The patient leaves. Before the order is over it must be completed or discontinued first. */
export function decideDischarge({ order, recovery, body }: SessionCall): SessionDecision {
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
  const { orderId } = recovery;
  return { ok: true, events: [{ type: 'patient-discharged', orderId, reason: read.value.reason }] };
}
