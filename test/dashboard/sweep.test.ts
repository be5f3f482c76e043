import { describe, expect, test } from 'vitest';
import { columnBetween } from '../../dashboard/sweep/columns.ts';
import { scaleFor } from '../../dashboard/sweep/scale.ts';
import { WaveRing } from '../../dashboard/sweep/wave-ring.ts';
import type { WaveFrame } from '../../src/hub/wire/index.ts';

const RATE = 250;

function block(
  firstIndex: number,
  samples: readonly number[],
  more: Partial<WaveFrame> = {},
): WaveFrame {
  return {
    stream: 1,
    validity: 'valid',
    firstIndex,
    endMonotonicMs: 10_000 + ((firstIndex + samples.length) / RATE) * 1_000,
    samplesPerS: RATE,
    scale: 1,
    zero: 0,
    samples: Int16Array.from(samples),
    ...more,
  };
}
const ringOf = (...blocks: readonly WaveFrame[]): WaveRing => {
  const ring = new WaveRing(RATE);
  for (const one of blocks) ring.put(one);
  return ring;
};
const read = (ring: WaveRing, from: number, end: number): number[] =>
  Array.from({ length: end - from }, (_, at) => ring.at(from + at));

describe('the ring', () => {
  test('blocks in a row are one trace, scaled by what the frame says', () => {
    const ring = ringOf(block(0, [1, 2]), block(2, [3], { scale: 0.5, zero: 1 }));
    expect(read(ring, -1, 4)).toEqual([Number.NaN, 1, 2, 1, Number.NaN]);
  });

  test('what is missing stays a gap: between blocks, as a marked sample, and with leads off', () => {
    const ring = ringOf(
      block(0, [1, 2]),
      block(4, [-32_768, 6]),
      block(6, [7, 8], { validity: 'invalid' }),
    );
    const gap = Number.NaN;
    expect(read(ring, 0, 8)).toEqual([1, 2, gap, gap, gap, 6, gap, gap]);
  });

  test('a minute later the old samples are gone, and do not come back in a gap', () => {
    const ring = ringOf(block(0, [1, 2, 3]));
    ring.put(block(60 * RATE + 2, [9]));
    expect(ring.at(0)).toBeNaN();
    expect(ring.at(60 * RATE)).toBeNaN();
    expect(ring.at(60 * RATE + 2)).toBe(9);
  });

  test('a device that begins anew begins a new trace', () => {
    const ring = ringOf(block(500, [1, 2]), block(0, [7]));
    expect(ring.at(500)).toBeNaN();
    expect(ring.at(0)).toBe(7);
  });

  test('a sample is shown at its time: jitter of blocks moves it by a twentieth, a jump at once', () => {
    const ring = ringOf(block(0, new Array<number>(250).fill(1)));
    expect(ring.timeOf(0)).toBe(10_000);
    ring.put(block(250, [1], { endMonotonicMs: 11_004 + 100 }));
    expect(ring.timeOf(0)).toBeCloseTo(10_005, 6);
    ring.put(block(251, [1], { endMonotonicMs: 11_008 + 5_000 }));
    expect(ring.timeOf(0)).toBeCloseTo(15_000, 6);
  });

  test('ten minutes of jitter leave the trace where it belongs', () => {
    const ring = new WaveRing(RATE);
    let worst = 0;
    for (let n = 0; n < 6_000; n += 1) {
      const late = ((n * 7_919) % 101) - 50;
      const first = n * 25;
      ring.put(
        block(first, new Array<number>(25).fill(0), {
          endMonotonicMs: 10_000 + (n + 1) * 100 + late,
        }),
      );
      if (n > 100) worst = Math.max(worst, Math.abs(ring.timeOf(first) - (10_000 + n * 100)));
    }
    expect(worst).toBeLessThan(25);
  });
});

describe('a column of pixels', () => {
  const ring = ringOf(block(0, [0, 0, 0, 100, 0, 0, 0, 0]));
  test('keeps the highest and the lowest sample, however narrow the spike', () => {
    expect(columnBetween(ring, 10_001, 10_032)).toEqual({ min: 0, max: 100 });
  });

  test('between two samples the trace goes straight', () => {
    const column = columnBetween(ring, 10_009, 10_010);
    expect(column?.min).toBeCloseTo(25, 6);
    expect(column?.max).toBeCloseTo(25, 6);
  });

  test('a gap is no column, also at its edges', () => {
    const gapped = ringOf(block(0, [1, 1]), block(50, [1, 1]));
    expect(columnBetween(gapped, 10_050, 10_060)).toBeNull();
    expect(columnBetween(gapped, 10_005, 10_007)).toBeNull();
    expect(columnBetween(gapped, 9_000, 9_010)).toBeNull();
  });
});

describe('the scale', () => {
  const lane = { heightPx: 120, pxPerMm: 3.78, untilMs: 14_000 };
  const ecg = (peak: number): WaveRing =>
    ringOf(
      block(
        0,
        Array.from({ length: 1_000 }, (_, at) => (at % 200 === 0 ? peak * 1_000 : 0)),
        {
          scale: 0.001,
        },
      ),
    );

  test.each([
    [0.4, 20],
    [1.2, 10],
    [2.4, 5],
    [9, 5],
  ])('an ECG of %s mV is drawn with %s mm/mV, the largest gain that fits', (peak, gain) => {
    const scale = scaleFor('MDC_ECG_ELEC_POTL_II', ecg(peak), lane);
    expect(scale.mmPerMv).toBe(gain);
    expect(scale.pxPerUnit).toBeCloseTo(gain * 3.78, 6);
  });

  test('a plethysmogram fills the lane and has no gain; a flat one is a line, not noise', () => {
    const ring = ringOf(
      block(
        0,
        Array.from({ length: 1_000 }, (_, at) => at % 100),
        { scale: null },
      ),
    );
    const scale = scaleFor('MDC_PULS_OXIM_PLETH', ring, lane);
    expect(scale).toMatchObject({ mmPerMv: null, centre: 49.5 });
    expect(scale.pxPerUnit * 99).toBeCloseTo(96, 6);
    const flat = ringOf(block(0, new Array<number>(1_000).fill(7)));
    expect(scaleFor('MDC_PULS_OXIM_PLETH', flat, lane).pxPerUnit).toBe(0);
  });

  test('CO2 keeps its scale', () => {
    expect(scaleFor('MDC_AWAY_CO2', ecg(1), lane)).toMatchObject({ centre: 30, pxPerUnit: 1.6 });
  });
});
