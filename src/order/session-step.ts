import * as z from 'zod';
import { doseRate } from '../observation/format.ts';
import { type ActiveOrder, orderedNow } from './active-order.ts';
import { MINUTE_MS } from './iso-duration.ts';
import { standingHold } from './plan-in-time.ts';
import type { SessionCall, SessionDecision } from './session-life.ts';
import { readSessionBody, refusedCall } from './session-refusal.ts';
import { lastMade, stepsOf, wasMade } from './titration.ts';

const HOLD_MAX_MIN = 24 * 60;
const STEP = 'write the number of the step, such as 2';
const WHY = 'write why, in 1 to 200 characters';
const MINUTES = `write a whole number of minutes from 1 to ${HOLD_MAX_MIN}, or leave it out`;

const StepCall = z.strictObject({
  step: z.int(STEP).min(1, STEP),
  action: z.enum(['confirm', 'hold', 'release'], 'write confirm, hold or release'),
  reason: z.string(WHY).trim().min(1, WHY).max(200, WHY).optional(),
  minutes: z.int(MINUTES).min(1, MINUTES).max(HOLD_MAX_MIN, MINUTES).optional(),
});
type StepCall = z.output<typeof StepCall>;

/** A person about a step that is still to be made: its criteria are met, it has to wait, it need not wait any more. */
export function decideStep({ order, body, wallMs }: SessionCall): SessionDecision {
  const read = readSessionBody(StepCall, body);
  if (!read.ok) return read;
  const call = read.value;
  if (order === null) return refusedCall(409, 'no-order', 'No order runs on this bed.');
  const steps = order.document.steps.length;
  if (call.step > steps) {
    const message = `Order ${order.orderId} has ${steps} ${steps === 1 ? 'step' : 'steps'}; there is no step ${call.step}.`;
    return refusedCall(422, 'no-such-step', message, 'step');
  }
  if (call.action === 'release') return release(order, call, wallMs);
  const passed = passedBy(order, call.step);
  if (passed !== undefined) return refusedCall(409, 'step-made', passed, 'step');
  return call.action === 'hold' ? hold(order, call, wallMs) : confirm(order, call, wallMs);
}

function passedBy(order: ActiveOrder, step: number): string | undefined {
  if (wasMade(order, step)) return `Step ${step} is made: the pump was seen to run at its rate.`;
  const last = lastMade(order);
  return last !== null && last > step
    ? `The pump runs at step ${last}; step ${step} was left out.`
    : undefined;
}

function confirm(order: ActiveOrder, { step }: StepCall, wallMs: number): SessionDecision {
  const { orderId, session } = order;
  const held = standingHold(session, step, wallMs);
  if (held !== undefined) {
    const message = `${held.by} holds step ${step} (${held.reason}); release it first.`;
    return refusedCall(409, 'held', message, 'step');
  }
  const now = orderedNow(order, wallMs).step ?? step;
  if (step > now + 1) {
    const message = `Step ${step} is not the next one; whether its criteria are met is said when it is.`;
    return refusedCall(409, 'not-next', message, 'step');
  }
  return { ok: true, events: [{ type: 'step-confirmed', orderId, step }] };
}

function hold(order: ActiveOrder, call: StepCall, wallMs: number): SessionDecision {
  const { step, reason, minutes } = call;
  const { orderId, session, plan } = order;
  if (reason === undefined)
    return refusedCall(400, 'shape', `reason: ${WHY}; a hold needs one.`, 'reason');
  const piece = stepsOf(order).find((one) => one.step === step);
  const before = piece === undefined ? undefined : plan[plan.indexOf(piece) - 1];
  if (piece === undefined || before === undefined)
    return refusedCall(422, 'first-step', 'The first step cannot be held; stop the pump.', 'step');
  if (piece.mgPerH <= before.mgPerH) {
    const rates = `${doseRate(before.mgPerH)} to ${doseRate(piece.mgPerH)} mg/h`;
    const message = `Step ${step} does not raise the dose (${rates}); a decrease is never held. Amend or stop the order.`;
    return refusedCall(422, 'no-increase', message, 'step');
  }
  const held = standingHold(session, step, wallMs);
  if (held !== undefined) {
    const message = `${held.by} holds step ${step} already (${held.reason}); release it first.`;
    return refusedCall(409, 'held', message, 'step');
  }
  const untilWallMs = minutes === undefined ? null : wallMs + minutes * MINUTE_MS;
  return { ok: true, events: [{ type: 'step-held', orderId, step, reason, untilWallMs }] };
}

function release(order: ActiveOrder, { step }: StepCall, wallMs: number): SessionDecision {
  const { orderId, session } = order;
  return standingHold(session, step, wallMs) === undefined
    ? refusedCall(409, 'not-held', `Step ${step} is not held.`, 'step')
    : { ok: true, events: [{ type: 'step-released', orderId, step }] };
}
