/** What a log entry may carry: plain JSON, and nothing that JSON would drop or change silently. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * One text for one value, so that a hash over it means something (in the manner of RFC 8785): keys
 * sorted by UTF-16 code unit, no blanks, numbers and strings as `JSON.stringify` writes them (which
 * escapes lone surrogates and control characters).
 *
 * A property that is `undefined` is left out, as everywhere in JSON. Everything else that JSON
 * cannot carry (NaN, infinity, functions, `undefined` in a list, Date, Map) throws: writing `null`
 * for a number into an audit trail would be a lie.
 */
export function canonicalJson(value: JsonValue): string {
  return written(value, '$');
}

function written(value: unknown, path: string): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (Number.isFinite(value)) return JSON.stringify(value);
      throw new TypeError(`The log cannot carry ${value} (at ${path}).`);
    case 'object':
      break;
    default:
      throw new TypeError(`The log cannot carry a ${typeof value} (at ${path}).`);
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => written(item, `${path}[${index}]`)).join(',')}]`;
  }
  if (!isPlain(value)) throw new TypeError(`The log carries plain objects only (at ${path}).`);
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${written(value[key], `${path}.${key}`)}`);
  return `{${fields.join(',')}}`;
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
