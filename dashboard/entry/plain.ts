/** Order documents as they are typed: plain JSON, changed without ever changing the one before. */

export type Plain = Readonly<Record<string, unknown>>;
type Part = string | number;

/** `steps[0].dose` → `['steps', 0, 'dose']`. */
export function partsOf(path: string): readonly Part[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}

export function valueAt(document: unknown, path: string): unknown {
  return partsOf(path).reduce<unknown>((at, part) => childOf(at, part), document);
}

/** The same document with another value there; `undefined` takes the field out. Lists are made where needed. */
export function withValue(document: Plain, path: string, value: unknown): Plain {
  return put(document, partsOf(path), value) as Plain;
}

function put(at: unknown, parts: readonly Part[], value: unknown): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  const child = put(childOf(at, part), rest, value);
  if (typeof part === 'number') {
    const list = Array.isArray(at) ? [...at] : [];
    while (list.length < part) list.push({});
    list[part] = child ?? {};
    return list;
  }
  const { [part]: _, ...others } = isPlain(at) ? at : {};
  if (child === undefined) return others;
  // In place where it was: a document is read by people too.
  return isPlain(at) && part in at ? { ...at, [part]: child } : { ...others, [part]: child };
}

/** How many rows a list has; what is no list has none. */
export function rowsOf(document: unknown, path: string): number {
  const list = valueAt(document, path);
  return Array.isArray(list) ? list.length : 0;
}

export function withRow(document: Plain, path: string, row: unknown): Plain {
  const list = valueAt(document, path);
  return withValue(document, path, [...(Array.isArray(list) ? list : []), row]);
}

/** A list without rows is taken out: an empty one would be an order with a list of nothing. */
export function withoutRow(document: Plain, path: string, index: number): Plain {
  const list = valueAt(document, path);
  const left = Array.isArray(list) ? list.filter((_, at) => at !== index) : [];
  return withValue(document, path, left.length === 0 ? undefined : left);
}

function childOf(at: unknown, part: Part): unknown {
  if (typeof part === 'number') return Array.isArray(at) ? at[part] : undefined;
  return isPlain(at) ? at[part] : undefined;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
