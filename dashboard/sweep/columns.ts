import type { WaveRing } from './wave-ring.ts';

/** What one column of pixels shows of a waveform: all samples in it, and the one before it. */
export interface Column {
  readonly min: number;
  readonly max: number;
}

/**
 * The samples between two moments as one column, lowest to highest, so that no spike between two pixels is
 * lost. The sample before belongs to it, because the trace comes from there. `null` = a gap.
 */
export function columnBetween(ring: WaveRing, fromMs: number, toMs: number): Column | null {
  const first = ring.indexAt(fromMs);
  const end = ring.indexAt(toMs);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = first; index < end; index++) {
    const value = ring.at(index);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const before = ring.at(first - 1);
  if (min > max) return betweenSamples(before, ring.at(end), ring, fromMs);
  if (!Number.isNaN(before)) {
    min = Math.min(min, before);
    max = Math.max(max, before);
  }
  return { min, max };
}

/** Fewer samples than columns: the trace goes straight from one sample to the next. */
function betweenSamples(
  before: number,
  after: number,
  ring: WaveRing,
  fromMs: number,
): Column | null {
  if (Number.isNaN(before) || Number.isNaN(after)) return null;
  const stepMs = 1_000 / ring.samplesPerS;
  const index = ring.indexAt(fromMs) - 1;
  const part = (fromMs - ring.timeOf(index)) / stepMs;
  const value = before + (after - before) * Math.min(1, Math.max(0, part));
  return { min: value, max: value };
}
