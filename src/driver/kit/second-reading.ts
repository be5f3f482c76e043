/**
 * What a line without a checksum said before of one quantity. A damaged digit can look like a good number, but
 * hardly twice in a row: a number that is far from what came before counts only when the next one is like it.
 */
export interface Said {
  /** In the last frame; `null` = no number there. */
  readonly last: number | null;
  /** The last one that was confirmed. */
  readonly confirmed: number | null;
}

export const NOTHING_SAID: Said = { last: null, confirmed: null };

/**
 * One frame further. A number is confirmed when it is within `stepMax` of the one in the frame before, or of the last
 * confirmed one; so the first number ever is not.
 */
export function nextSaid(
  before: Said,
  value: number | null,
  stepMax: number,
): { readonly said: Said; readonly isConfirmed: boolean } {
  const isNear = (other: number | null): boolean =>
    value !== null && other !== null && Math.abs(value - other) <= stepMax;
  const isConfirmed = isNear(before.last) || isNear(before.confirmed);
  return {
    said: { last: value, confirmed: isConfirmed ? value : before.confirmed },
    isConfirmed,
  };
}
