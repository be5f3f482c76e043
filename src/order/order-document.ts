import type * as z from 'zod';
import { contradictions } from './order-consistency.ts';
import { OrderDocument } from './order-schema.ts';
import { type Path, pathText, quoted, readText, type TextProblem, valueAt } from './yaml-text.ts';

export { OrderDocument, type OrderStep } from './order-schema.ts';

/** `message` is a sentence: which field has which value, and what to do. */
export type OrderProblem = TextProblem;

export type ParsedOrder =
  | {
      readonly ok: true;
      readonly document: OrderDocument;
      /** As it was written, for the log and for the second check. */
      readonly source: unknown;
    }
  | { readonly ok: false; readonly problems: readonly OrderProblem[] };

/** Text → order, or every problem with its line. Never throws. */
export function parseOrderDocument(text: string, format: 'yaml' | 'json' = 'yaml'): ParsedOrder {
  const read = readText(text, format);
  return read.ok ? checkOrderDocument(read.value.value, read.value.lineOf) : read;
}

/** Plain values → order, or every problem. */
export function checkOrderDocument(
  source: unknown,
  lineOf: (path: Path) => number | undefined = () => undefined,
): ParsedOrder {
  const result = OrderDocument.safeParse(source);
  const found = result.success
    ? contradictions(result.data)
    : result.error.issues.flatMap((issue) => complaints(issue, source));
  if (result.success && found.length === 0) return { ok: true, document: result.data, source };
  return {
    ok: false,
    problems: found.map(({ path, message }) => {
      const line = lineOf(path);
      const where = path.length === 0 ? 'The order' : pathText(path);
      return {
        path: pathText(path),
        ...(line === undefined ? {} : { line }),
        message: `${where} ${message}.`,
        ...valueThere(source, path),
      };
    }),
  };
}

/** Groups of fields are too long to be repeated, and what is missing has no value. */
function valueThere(source: unknown, path: Path): { readonly value?: unknown } {
  const value = path.length === 0 ? undefined : valueAt(source, path);
  return value === undefined || (typeof value === 'object' && value !== null) ? {} : { value };
}

interface Complaint {
  readonly path: Path;
  /** Begins after the field's name. */
  readonly message: string;
}

function complaints(issue: z.core.$ZodIssue, source: unknown): readonly Complaint[] {
  const { path } = issue;
  const value = valueAt(source, path);
  switch (issue.code) {
    case 'custom':
      return [{ path, message: issue.message }];
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: 'is not a field of an order; check its spelling or remove it',
      }));
    case 'invalid_type':
      if (path.length === 0) return [{ path, message: 'is empty or no list of fields; write it' }];
      if (value === undefined) return [{ path, message: 'is missing; write it' }];
      return [{ path, message: `is ${quoted(value)}; it ${wanted(issue)}` }];
    default:
      return [
        {
          path,
          message:
            value === undefined
              ? `is missing; it ${issue.message}`
              : `is ${quoted(value)}; it ${issue.message}`,
        },
      ];
  }
}

/** Messages of our own begin with `must`; those of zod for groups of fields are ours to say. */
function wanted(issue: z.core.$ZodIssueInvalidType): string {
  return issue.expected === 'object' ? 'must be a group of fields' : issue.message;
}
