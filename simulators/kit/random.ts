/**
 * Repeatable randomness as a value (mulberry32): the same seed gives the same faults, always, and a
 * state can be kept, compared and printed.
 */
export interface Draw {
  /** In [0, 1). */
  readonly value: number;
  readonly next: number;
}

export function draw(state: number): Draw {
  const next = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(next ^ (next >>> 15), next | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return { value: ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296, next };
}

/** A whole number in [0, below). */
export function drawInt(state: number, below: number): Draw {
  const { value, next } = draw(state);
  return { value: Math.floor(value * below), next };
}

export function drawBytes(
  state: number,
  count: number,
): { readonly bytes: Uint8Array; readonly next: number } {
  const bytes = new Uint8Array(count);
  let next = state;
  for (let index = 0; index < count; index += 1) {
    const drawn = drawInt(next, 256);
    bytes[index] = drawn.value;
    next = drawn.next;
  }
  return { bytes, next };
}
