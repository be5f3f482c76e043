import { draw, drawBytes, drawInt } from './random.ts';

/**
 * What goes wrong between a device and the gateway. All of it works on whole frames that the device
 * sends, is pure, and repeats from a seed. By default a fault hits the next frame; `frames` is how
 * many, `forMs` how long instead, and `probability` (default 1) whether a frame is hit at all.
 */
export type WireFault =
  /** The device says nothing. */
  | { readonly kind: 'silence'; readonly forMs: number }
  /** Random bytes on the wire at once, whether the device speaks or not. */
  | { readonly kind: 'burst'; readonly bytes: number }
  /** Random bytes somewhere inside the frame, before it or after it. */
  | ({ readonly kind: 'noise'; readonly bytes: number } & Hits)
  /** So many different bits turned over. */
  | ({ readonly kind: 'flip'; readonly bits: number } & Hits)
  /** Only the first `keep` bytes; by default a random part of the frame, never all of it. */
  | ({ readonly kind: 'truncate'; readonly keep?: number } & Hits)
  | ({ readonly kind: 'duplicate' } & Hits)
  /** The frame comes so much later; later frames may overtake it. */
  | ({ readonly kind: 'late'; readonly delayMs: number } & Hits)
  /** Ends every fault. */
  | { readonly kind: 'clear' };

export interface Hits {
  readonly frames?: number;
  readonly forMs?: number;
  readonly probability?: number;
}

type FrameFault = Exclude<WireFault, { readonly kind: 'burst' | 'clear' | 'silence' }>;

interface ActiveFault {
  readonly fault: FrameFault;
  readonly framesLeft: number;
  readonly untilMs: number;
}

export interface FaultState {
  readonly random: number;
  readonly silentUntilMs: number;
  readonly active: readonly ActiveFault[];
}

/** Bytes to put on the wire, `delayMs` from now. */
export interface WireOutput {
  readonly bytes: Uint8Array;
  readonly delayMs: number;
}

export interface FaultStep {
  readonly state: FaultState;
  readonly out: readonly WireOutput[];
}

export function noFaults(seed: number): FaultState {
  return { random: seed | 0, silentUntilMs: Number.NEGATIVE_INFINITY, active: [] };
}

/** Begins a fault. Faults add up, in the order in which they were begun. */
export function addFault(state: FaultState, fault: WireFault, nowMs: number): FaultStep {
  switch (fault.kind) {
    case 'clear':
      return { state: { ...noFaults(0), random: state.random }, out: [] };
    case 'silence':
      return { state: { ...state, silentUntilMs: nowMs + fault.forMs }, out: [] };
    case 'burst': {
      const { bytes, next } = drawBytes(state.random, fault.bytes);
      return { state: { ...state, random: next }, out: [{ bytes, delayMs: 0 }] };
    }
    default: {
      const active: ActiveFault = {
        fault,
        framesLeft: fault.frames ?? (fault.forMs === undefined ? 1 : Number.POSITIVE_INFINITY),
        untilMs: fault.forMs === undefined ? Number.POSITIVE_INFINITY : nowMs + fault.forMs,
      };
      return { state: { ...state, active: [...state.active, active] }, out: [] };
    }
  }
}

/** What becomes of one frame that the device sends at `nowMs`. */
export function passFrame(state: FaultState, frame: Uint8Array, nowMs: number): FaultStep {
  if (nowMs < state.silentUntilMs) return { state, out: [] };
  let random = state.random;
  let out: readonly WireOutput[] = [{ bytes: frame, delayMs: 0 }];
  const active: ActiveFault[] = [];
  for (const entry of state.active) {
    if (nowMs >= entry.untilMs) continue;
    const chance = draw(random);
    random = chance.next;
    if (chance.value >= (entry.fault.probability ?? 1)) {
      active.push(entry);
      continue;
    }
    const hit = apply(entry.fault, out, random);
    ({ out, random } = hit);
    if (entry.framesLeft > 1) active.push({ ...entry, framesLeft: entry.framesLeft - 1 });
  }
  return { state: { ...state, random, active }, out };
}

interface Hit {
  readonly out: readonly WireOutput[];
  readonly random: number;
}

function apply(fault: FrameFault, out: readonly WireOutput[], random: number): Hit {
  if (fault.kind === 'duplicate') return { out: [...out, ...out], random };
  if (fault.kind === 'late') {
    return { out: out.map((one) => ({ ...one, delayMs: one.delayMs + fault.delayMs })), random };
  }
  let next = random;
  const changed = out.map((one) => {
    const spoilt = spoil(fault, one.bytes, next);
    next = spoilt.next;
    return { ...one, bytes: spoilt.bytes };
  });
  return { out: changed, random: next };
}

interface Spoilt {
  readonly bytes: Uint8Array;
  readonly next: number;
}

type SpoilingFault = Exclude<FrameFault, { readonly kind: 'duplicate' | 'late' }>;

function spoil(fault: SpoilingFault, bytes: Uint8Array, random: number): Spoilt {
  switch (fault.kind) {
    case 'noise': {
      const noise = drawBytes(random, fault.bytes);
      const at = drawInt(noise.next, bytes.length + 1);
      return {
        bytes: Uint8Array.of(
          ...bytes.subarray(0, at.value),
          ...noise.bytes,
          ...bytes.subarray(at.value),
        ),
        next: at.next,
      };
    }
    case 'truncate': {
      const keep = drawInt(random, Math.max(1, bytes.length));
      return { bytes: bytes.slice(0, fault.keep ?? keep.value), next: keep.next };
    }
    case 'flip':
      return flipBits(bytes, fault.bits, random);
  }
}

/** Never the same bit twice: two flips of one bit would be no fault. */
function flipBits(bytes: Uint8Array, bits: number, random: number): Spoilt {
  const flipped = Uint8Array.from(bytes);
  const done = new Set<number>();
  let next = random;
  while (done.size < Math.min(bits, bytes.length * 8)) {
    const bit = drawInt(next, bytes.length * 8);
    next = bit.next;
    if (done.has(bit.value)) continue;
    done.add(bit.value);
    const index = bit.value >>> 3;
    flipped[index] = (flipped[index] ?? 0) ^ (1 << (bit.value & 7));
  }
  return { bytes: flipped, next };
}
