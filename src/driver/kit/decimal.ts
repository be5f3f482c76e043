const DECIMAL = /^ *(-?\d{1,7}(?:\.\d{1,6})?) *$/;

/**
 * A decimal field as it stands on the wire; `undefined` when it is not one. `Number('')` is 0 and
 * `parseFloat('12x')` is 12: neither may ever become an infusion rate. Pads of blanks are allowed
 * because devices pad. `-0.00` is 0.
 */
export function wireDecimal(text: string | undefined): number | undefined {
  const match = text === undefined ? null : DECIMAL.exec(text);
  return match === null ? undefined : Number(match[1]) + 0;
}
