import type { CommandResult } from '../hub/ward.ts';
import type { CheckForm, RegimenDraftReply } from '../hub/wire/index.ts';
import { refusal } from './command-runner.ts';
import { readRegimenDraft } from './order-calls.ts';
import type { OrderDesk } from './order-desk.ts';
import { checkFormView, regimenDraftView } from './order-desk-views.ts';

/** What a second check has to enter; refused when nothing waits for one. */
export function checkFormOf(desk: OrderDesk, orderId: string): CommandResult<CheckForm> {
  const order = desk.record(orderId);
  if (order === undefined) return refusal(404, 'no-such-order', `There is no order ${orderId}.`);
  const value = checkFormView(order);
  if (value !== undefined) return { ok: true, value };
  return refusal(409, 'wrong-status', `Order ${orderId} does not wait for a second check.`);
}

/** A proposal from a template; nothing is kept of it. */
export function regimenDraftOf(
  desk: OrderDesk,
  regimenId: string,
  call: unknown,
): CommandResult<RegimenDraftReply> {
  const regimen = desk.regimens().find(({ id }) => id === regimenId);
  if (regimen === undefined)
    return refusal(404, 'no-such-regimen', `There is no regimen ${regimenId}; look at the list.`);
  const read = readRegimenDraft(call);
  return read.ok ? { ok: true, value: regimenDraftView(regimen, read.value) } : read;
}
