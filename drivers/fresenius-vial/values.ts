/** What a reply to `LE;amder` says; `undefined` is a letter that is not in it, or not understood. */
export interface VialValues {
  /** Raw texts; what they mean is not public. */
  readonly a: string | undefined;
  readonly e: string | undefined;
  readonly m: string | undefined;
  readonly rateMlPerHour: number | undefined;
  readonly volumeMl: number | undefined;
}

/** Up to 1677721.5 mL/h; what no pump can is found out by the limits of the metric. */
const RATE = /^[0-9A-F]{1,6}$/;
const VOLUME = /^[0-9A-F]{1,8}$/;
const MAP = /^[0-9A-F]{1,8}$/;
const PLACES = 9;

/**
 * Values by their letters. `undefined`: not a reply to that question, but another letter, one twice, or neither a
 * rate nor a volume. A name of a drug is never taken for values, because it is no hex number.
 */
export function parseValues(data: string | null): VialValues | undefined {
  const items = itemsOf(data);
  if (items === undefined || [...items.keys()].some((letter) => !'amder'.includes(letter))) {
    return undefined;
  }
  const rate = hexOf(items.get('d'), RATE);
  const volume = hexOf(items.get('r'), VOLUME);
  if (rate === undefined && volume === undefined) return undefined;
  return {
    a: items.get('a'),
    e: items.get('e'),
    m: items.get('m'),
    rateMlPerHour: rate === undefined ? undefined : rate / 10,
    volumeMl: volume === undefined ? undefined : volume / 1_000,
  };
}

/** Alarm and error letters of something told unasked; what else is in it is asked for anyway. */
export function parseStatusLetters(data: string | null): Pick<VialValues, 'a' | 'e'> | undefined {
  const items = itemsOf(data);
  return items === undefined ? undefined : { a: items.get('a'), e: items.get('e') };
}

/** Places that are taken, from the hex bit map; `undefined` when it is not one, or of a larger base. */
export function parsePresent(data: string | null): readonly string[] | undefined {
  const items = itemsOf(data);
  const bits = items?.size === 1 ? hexOf(items.get('b'), MAP) : undefined;
  if (bits === undefined || bits >= 2 ** PLACES) return undefined;
  return Array.from({ length: PLACES }, (_, bit) => bit)
    .filter((bit) => ((bits >> bit) & 1) === 1)
    .map((bit) => String(bit + 1));
}

/** One letter and its value, separated by semicolons; `undefined` when a letter comes twice or is none. */
function itemsOf(data: string | null): ReadonlyMap<string, string> | undefined {
  const items = new Map<string, string>();
  for (const item of (data ?? '').split(';')) {
    const letter = item.slice(0, 1);
    if (!/^[a-z]$/.test(letter) || items.has(letter)) return undefined;
    items.set(letter, item.slice(1));
  }
  return items;
}

const hexOf = (text: string | undefined, form: RegExp): number | undefined =>
  text !== undefined && form.test(text) ? Number.parseInt(text, 16) : undefined;
