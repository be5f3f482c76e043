import * as z from 'zod/mini';
import { ClientFrame } from './wire/index.ts';

export type ReadFrame =
  | { readonly ok: true; readonly frame: ClientFrame }
  | { readonly ok: false; readonly reason: string };

const english = z.locales.en().localeError;

/** A close reason may have 123 bytes. */
const REASON_MAX = 120;

export function readClientFrame(text: string): ReadFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return no('Not JSON. Send one JSON object per text frame.');
  }
  const result = ClientFrame.safeParse(value, { error: english });
  if (result.success) return { ok: true, frame: result.data };
  const [issue] = result.error.issues;
  const type = (value as { type?: unknown } | null)?.type;
  if (issue?.path[0] === 'type')
    return no(
      `Unknown frame type ${JSON.stringify(type)?.slice(0, 30)}. Known: beat, receipt, resync.`,
    );
  const path = issue?.path.join('.') ?? '';
  return no(
    `Frame "${String(type)}": ${path === '' ? '' : `${path}: `}${issue?.message ?? 'bad shape'}`,
  );
}

function no(reason: string): ReadFrame {
  return { ok: false, reason: reason.replace(/[^\x20-\x7e]/g, '?').slice(0, REASON_MAX) };
}
