import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';

/** One thing that is wrong in a file: where, and in words what to do. */
export interface ConfigProblem {
  /** `beds[0].devices[1].port.kind` */
  readonly path: string;
  /** 1-based line in the file, when known. */
  readonly line?: number;
  readonly message: string;
}

export type Parsed<T> =
  | {
      readonly ok: true;
      readonly value: T;
      readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** YAML text → value of the schema, or every problem with its line. Never throws. */
export function parseYaml<S extends z.ZodType>(text: string, schema: S): Parsed<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    return {
      ok: false,
      problems: syntax.map((error) => ({
        path: '',
        line: lines.linePos(error.pos[0]).line,
        message: `This is not valid YAML: ${error.message.split('\n')[0]}`,
      })),
    };
  }
  const lineOf = (path: readonly PropertyKey[]): number | undefined =>
    lineAt(document, lines, path);
  const result = schema.safeParse(document.toJS({ maxAliasCount: 20 }));
  if (result.success) return { ok: true, value: result.data, lineOf };
  return {
    ok: false,
    problems: result.error.issues.flatMap((issue) => problemsOf(issue, lineOf)),
  };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  lineOf: (path: readonly PropertyKey[]) => number | undefined,
): readonly ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return problem(
        path,
        lineOf(path),
        `There is no setting "${key}" here; check its spelling or remove it.`,
      );
    });
  }
  return [problem(issue.path, lineOf(issue.path), sentence(issue.message))];
}

function problem(
  path: readonly PropertyKey[],
  line: number | undefined,
  message: string,
): ConfigProblem {
  return { path: pathText(path), message, ...(line === undefined ? {} : { line }) };
}

/** `beds[0].devices[1].port` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${part}]`
        : text === ''
          ? String(part)
          : `${text}.${String(part)}`,
    '',
  );
}

/** The line of the deepest part of the path that the file really has. */
function lineAt(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const part = path.slice(0, length) as (string | number)[];
    const parent = length === 0 ? undefined : document.getIn(part.slice(0, -1), true);
    const key = part.at(-1);
    const pair = isMap(parent)
      ? parent.items.find((item) => String(item.key) === String(key))
      : undefined;
    const node = pair?.key ?? document.getIn(part, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);
