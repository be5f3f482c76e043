import type { WaveSeen } from '../../src/observation/wave.ts';
import { MISSING_SAMPLE, type WaveCode } from '../../src/observation/wave.ts';

/** One curve of the board. */
export interface Curve {
  readonly code: WaveCode;
  readonly samplesPerS: number;
  readonly blockSamples: number;
  /** Bits of the wire's number that we leave away so that it fits into 16. */
  readonly shift: number;
  /** Ends of the converter's range, as on the wire; what is beyond them is no sample. */
  readonly rail: number;
}

/** A block that is being filled, and how long the curve has not moved. */
export interface Filling {
  readonly firstIndex: number;
  readonly samples: readonly number[];
  readonly isLeadsOff: boolean;
  readonly railed: number;
  readonly last: number | null;
  /** Samples in a row that were exactly the same. */
  readonly same: number;
  readonly atMs: number | null;
}

export const EMPTY: Filling = {
  firstIndex: 0,
  samples: [],
  isLeadsOff: false,
  railed: 0,
  last: null,
  same: 0,
  atMs: null,
};

/** Frames carry no number: a longer pause than USB makes is a gap, a shorter loss cannot be seen. */
const GAP_MS = 500;

/** Samples further; a full block comes out. */
export function filled(
  curve: Curve,
  before: Filling,
  wire: readonly number[],
  isLeadsOff: boolean,
  atMs: number,
): { readonly filling: Filling; readonly blocks: readonly WaveSeen[] } {
  let filling = afterGap(curve, before, atMs);
  const blocks: WaveSeen[] = [];
  for (const raw of wire) {
    filling = withSample(curve, filling, raw, isLeadsOff);
    if (filling.samples.length < curve.blockSamples) continue;
    blocks.push(blockOf(curve, filling, atMs));
    const firstIndex = filling.firstIndex + filling.samples.length;
    filling = { ...filling, firstIndex, samples: [], isLeadsOff: false, railed: 0 };
  }
  return { filling: { ...filling, atMs }, blocks };
}

function afterGap({ samplesPerS }: Curve, before: Filling, atMs: number): Filling {
  const sinceMs = before.atMs === null ? 0 : atMs - before.atMs;
  if (sinceMs <= GAP_MS) return before;
  const missing = Math.round((sinceMs * samplesPerS) / 1_000);
  return { ...EMPTY, firstIndex: before.firstIndex + before.samples.length + missing };
}

function withSample(
  { shift, rail }: Curve,
  filling: Filling,
  raw: number,
  isLeadsOff: boolean,
): Filling {
  const isThere = raw >= -rail - 1 && raw <= rail;
  const sample = isThere ? Math.max(-32_767, raw >> shift) : MISSING_SAMPLE;
  return {
    ...filling,
    samples: [...filling.samples, sample],
    isLeadsOff: filling.isLeadsOff || isLeadsOff,
    railed: filling.railed + (raw >= rail || raw <= -rail ? 1 : 0),
    last: raw,
    same: raw === filling.last ? filling.same + 1 : 1,
  };
}

function blockOf(curve: Curve, filling: Filling, atMs: number): WaveSeen {
  const reason = whyNoSignal(curve, filling);
  return {
    kind: 'wave',
    code: curve.code,
    firstIndex: filling.firstIndex,
    samplesPerS: curve.samplesPerS,
    samples: Int16Array.from(filling.samples),
    scale: null,
    zero: 0,
    validity: reason === undefined ? 'questionable' : 'invalid',
    reason: reason ?? 'open board, no checksum',
    atMs,
  };
}

/** The board's own lead-off bits may never rise, so the curve itself is looked at. */
export function whyNoSignal(curve: Curve, filling: Filling): string | undefined {
  if (filling.isLeadsOff) return 'leads off';
  if (filling.same >= curve.samplesPerS) return 'no signal: the curve does not move';
  return filling.railed * 2 >= curve.blockSamples
    ? 'no signal: at the end of its range'
    : undefined;
}
