import type { WaveView } from '../wire.ts';
import type { WaveRing } from './wave-ring.ts';

/** How values become heights: `y = middle - (value - centre) x pxPerUnit`. */
export interface Scale {
  readonly centre: number;
  readonly pxPerUnit: number;
  /** Only for an ECG: what is printed beside the trace. */
  readonly mmPerMv: number | null;
}

const PART_USED = 0.8;
const GAINS_MM_PER_MV = [20, 10, 5] as const;
/** CO2 is read off its height, so its scale does not move. */
const CO2_TOP_MMHG = 60;

/**
 * The scale for the next sweep, from the last seconds. An ECG keeps a gain that is printed: the largest of 20,
 * 10 and 5 mm/mV that fits. The others fill the lane.
 */
export function scaleFor(
  kind: WaveView['code'],
  ring: WaveRing,
  lane: { readonly heightPx: number; readonly pxPerMm: number; readonly untilMs: number },
): Scale {
  const usable = lane.heightPx * PART_USED;
  if (kind === 'MDC_AWAY_CO2') {
    return { centre: CO2_TOP_MMHG / 2, pxPerUnit: usable / CO2_TOP_MMHG, mmPerMv: null };
  }
  const { low, high, middle } = rangeOf(ring, lane.untilMs);
  if (!kind.startsWith('MDC_ECG')) {
    const span = high - low;
    return {
      centre: (low + high) / 2,
      pxPerUnit: span > 0 ? usable / span : 0,
      mmPerMv: null,
    };
  }
  const reach = 2 * Math.max(high - middle, middle - low);
  const gain =
    GAINS_MM_PER_MV.find((mmPerMv) => reach * mmPerMv * lane.pxPerMm <= usable) ??
    GAINS_MM_PER_MV[GAINS_MM_PER_MV.length - 1] ??
    10;
  return { centre: middle, pxPerUnit: gain * lane.pxPerMm, mmPerMv: gain };
}

const LOOK_BACK_MS = 4_000;

function rangeOf(ring: WaveRing, untilMs: number) {
  const values: number[] = [];
  for (let index = ring.indexAt(untilMs - LOOK_BACK_MS); index < ring.indexAt(untilMs); index++) {
    const value = ring.at(index);
    if (!Number.isNaN(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const middle = values[values.length >> 1] ?? 0;
  return { low: values[0] ?? middle, high: values[values.length - 1] ?? middle, middle };
}
