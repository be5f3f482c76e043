import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';

/** One thing that is wrong in a text: where, and in words what to do. */
export interface TextProblem {
  /** `steps[0].dose` */
  readonly path: string;
  /** 1-based line of the text, when known. */
  readonly line?: number;
  readonly message: string;
  /** What stands there, where it is a single value. */
  readonly value?: unknown;
}

export type TextParsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

export type Path = readonly PropertyKey[];

/** Plain values of a YAML or JSON text, and the line of each of them. */
export interface PlainText {
  readonly value: unknown;
  readonly lineOf: (path: Path) => number | undefined;
}

/** No order and no limits file is near this long. */
const TEXT_MAX = 200_000;

/** Text → plain values. Doubled keys, anchors that explode and broken syntax are problems. */
export function readText(text: string, format: 'yaml' | 'json' = 'yaml'): TextParsed<PlainText> {
  if (text.length > TEXT_MAX) {
    return problems([{ path: '', message: `The text has more than ${TEXT_MAX} characters.` }]);
  }
  if (format === 'json') {
    try {
      JSON.parse(text);
    } catch {
      return problems([{ path: '', message: 'The text is not valid JSON; check its syntax.' }]);
    }
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    return problems(
      syntax.map((error) => ({
        path: '',
        line: lines.linePos(error.pos[0]).line,
        message: `This is not valid ${format.toUpperCase()}: ${error.message.split('\n')[0]}`,
      })),
    );
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20 });
    return { ok: true, value: { value, lineOf: (path) => lineAt(document, lines, path) } };
  } catch {
    return problems([{ path: '', message: 'The text repeats itself too often (YAML aliases).' }]);
  }
}

/** A problem at a path, with its line. */
export function problemAt(path: Path, message: string, { lineOf }: PlainText): TextProblem {
  const line = lineOf(path);
  return { path: pathText(path), message, ...(line === undefined ? {} : { line }) };
}

/** `steps[0].dose`; a key that is no plain word stands as it is: `rules.ORD-01.levels.over`. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

/** What stands at a path, to be quoted in a message. */
export function valueAt(value: unknown, path: Path): unknown {
  let found: unknown = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  return found;
}

/** A value as a person wrote it, cut short. */
export function quoted(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function problems(list: readonly TextProblem[]): {
  readonly ok: false;
  readonly problems: readonly TextProblem[];
} {
  return { ok: false, problems: list };
}

/** The line of the deepest part of the path that the text really has. */
function lineAt(document: Document, lines: LineCounter, path: Path): number | undefined {
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
