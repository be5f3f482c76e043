import type { AlarmLimits } from '../check/limits.ts';
import { limitsWithOrder, type OrderLimitProblem } from '../check/order-limits.ts';
import { checkOrderDocument, type OrderProblem } from '../order/order-document.ts';
import type { OrderRefusal } from '../order/order-life.ts';
import type { OrderDocument } from '../order/order-schema.ts';
import {
  type PlainText,
  pathText,
  problemAt,
  readText,
  type TextParsed,
} from '../order/yaml-text.ts';

export interface ReadOrder {
  readonly ok: true;
  readonly document: OrderDocument;
  readonly source: unknown;
}

/** Refused with all that is wrong in it. */
export type DeskRefusal = OrderRefusal & { readonly problems: readonly OrderProblem[] };

export const NO_LINES: PlainText = { value: undefined, lineOf: () => undefined };

/** A text is YAML, of which JSON is a part; an object is as it is. */
export const plainOf = (document: unknown): TextParsed<PlainText> =>
  typeof document === 'string'
    ? readText(document)
    : { ok: true, value: { ...NO_LINES, value: document } };

/** An order as it was written, with the alarm limits that it sets; or every fault of it. */
export function readOrder(
  read: TextParsed<PlainText>,
  limits: AlarmLimits | undefined,
): ReadOrder | DeskRefusal {
  const parsed = read.ok ? checkOrderDocument(read.value.value, read.value.lineOf) : read;
  if (!parsed.ok) return documentRefusal(parsed.problems);
  const wrong = wrongLimits(parsed.document, limits);
  if (wrong.length === 0) return parsed;
  const problems = wrong.map(({ path, message }) =>
    problemAt(path, `${pathText(path)} ${message}.`, read.ok ? read.value : NO_LINES),
  );
  const refusal = documentRefusal(problems);
  return wrong.some(({ kind }) => kind === 'unknown')
    ? refusal
    : { ...refusal, status: 422, code: 'alarm-limit' };
}

/** @param limits those of the site; `undefined` = none are checked */
export function wrongLimits(
  { alarmLimits }: OrderDocument,
  limits: AlarmLimits | undefined,
): readonly OrderLimitProblem[] {
  if (limits === undefined) return [];
  return limitsWithOrder(limits, alarmLimits).problems.map((problem) => ({
    ...problem,
    path: ['alarmLimits', ...problem.path],
  }));
}

function documentRefusal(problems: readonly OrderProblem[]): DeskRefusal {
  const [first] = problems;
  const line = first?.line === undefined ? '' : `line ${first.line}: `;
  const more = problems.length > 1 ? ` There are ${problems.length} problems in all.` : '';
  return {
    ok: false,
    status: 400,
    code: 'order-document',
    message: `${line}${first?.message ?? 'This is no order document.'}${more}`,
    ...(first === undefined ? {} : { path: first.path }),
    problems,
  };
}
