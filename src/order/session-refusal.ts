import type * as z from 'zod';
import type { OrderRefusal } from './order-life.ts';

export const refusedCall = (
  status: OrderRefusal['status'],
  code: string,
  message: string,
  path?: string,
): OrderRefusal => ({ ok: false, status, code, message, ...(path === undefined ? {} : { path }) });

/** The body of a command, or the first thing that is wrong in it: which field, and what to do. */
export function readSessionBody<T>(
  schema: z.ZodType<T>,
  body: unknown,
): { readonly ok: true; readonly value: T } | OrderRefusal {
  const result = schema.safeParse(body ?? {});
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const path = [...(issue?.path ?? []), ...keys].map(String).join('.');
  const what = keys.length > 0 ? 'is not known here' : (issue?.message ?? 'is not understood');
  return refusedCall(400, 'shape', `${path === '' ? 'The body' : path}: ${what}.`, path);
}
