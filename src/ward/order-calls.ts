import * as z from 'zod';
import type { CommandRefusal } from '../hub/ward.ts';

const Activation = z.object({
  bedId: z.string({ error: 'name the bed' }).min(1).max(64),
  bag: z.strictObject({
    drugMg: z.number({ error: 'write the mg of the bag that hangs there' }).positive(),
    volumeMl: z.number({ error: 'write the mL of the bag that hangs there' }).positive(),
  }),
});

/** `{ bedId, bag: { drugMg, volumeMl } }`: where the order starts, and the bag as read off its label. */
export function readActivation(
  call: unknown,
): { readonly ok: true; readonly value: z.output<typeof Activation> } | CommandRefusal {
  const result = Activation.safeParse(call);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') ?? '';
  return {
    ok: false,
    status: 400,
    code: 'shape',
    message: `${path}: ${issue?.message ?? 'not understood'}.`,
    path,
  };
}
