import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MISSING_SAMPLE } from '../../src/observation/wave.ts';
import { packSamples, unpackSamples } from '../../src/store/wave-pack.ts';
import { WaveGatherer, type WaveRow, type WaveRun } from '../../src/store/waves.ts';

const sample = fc.integer({ min: -32_768, max: 32_767 });

describe('packing', () => {
  test('any samples come back as they were', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 3_000 }), (list) => {
        const samples = Int16Array.from(list);
        expect(unpackSamples(packSamples(samples), samples.length)).toEqual(samples);
      }),
    );
  });

  test('a count that is not that of the run is refused, and so are cut bytes', () => {
    const packed = packSamples(Int16Array.of(1, 200, -3_000, 4));
    expect(() => unpackSamples(packed, 3)).toThrow();
    expect(() => unpackSamples(packed, 5)).toThrow();
    expect(() => unpackSamples(packed.subarray(0, packed.length - 2), 4)).toThrow();
  });
});

function row(firstIndex: number, samples: readonly number[], more: object = {}): WaveRow {
  const block = {
    code: 'MDC_ECG_ELEC_POTL_II',
    firstIndex,
    samplesPerS: 100,
    samples: Int16Array.from(samples),
    scale: 0.005,
    zero: 0,
    validity: 'valid',
    ...more,
  } as const;
  return { bedId: 'B01', deviceId: 'mon', endMs: (firstIndex + samples.length) * 10, block };
}

const shown = (runs: readonly WaveRun[]) =>
  runs.map(({ startMs, firstIndex, samples }) => [startMs, firstIndex, [...samples]]);

describe('gathering', () => {
  test('blocks that follow each other are one run', () => {
    const gatherer = new WaveGatherer();
    expect(gatherer.add(row(0, [1, 2]))).toEqual([]);
    expect(gatherer.add(row(2, [3]))).toEqual([]);
    expect(shown(gatherer.takeAll())).toEqual([[0, 0, [1, 2, 3]]]);
  });

  test.each([
    ['a gap', row(5, [9])],
    ['a new beginning', row(0, [9])],
    ['another scale', row(2, [9], { scale: 0.01 })],
    ['another zero line', row(2, [9], { zero: 1 })],
    ['another rate', row(2, [9], { samplesPerS: 50 })],
    ['leads off', row(2, [9], { validity: 'invalid' })],
  ])('%s begins a new run', (_, next) => {
    const gatherer = new WaveGatherer();
    gatherer.add(row(0, [1, 2]));
    expect(gatherer.add(next).map(({ samples }) => [...samples])).toEqual([[1, 2]]);
    expect(gatherer.takeAll().map(({ samples }) => [...samples])).toEqual([[9]]);
  });

  test('a missing sample is a gap of its own, never a value', () => {
    const gatherer = new WaveGatherer();
    const m = MISSING_SAMPLE;
    const done = gatherer.add(row(0, [m, 1, 2, m, m, 5, m]));
    expect(shown(done)).toEqual([[10, 1, [1, 2]]]);
    expect(shown(gatherer.takeAll())).toEqual([[50, 5, [5]]]);
    expect(gatherer.add(row(7, [m, m]))).toEqual([]);
    expect(gatherer.takeAll()).toEqual([]);
  });

  test('a run is written after 5 s, and after 1 s without a block', () => {
    const gatherer = new WaveGatherer();
    for (let at = 0; at < 400; at += 100)
      expect(gatherer.add(row(at, new Array<number>(100).fill(at)))).toEqual([]);
    expect(gatherer.add(row(400, new Array<number>(100).fill(4)))).toHaveLength(1);
    gatherer.add(row(500, [1]));
    expect(gatherer.idle(5_010 + 999)).toEqual([]);
    expect(shown(gatherer.idle(5_010 + 1_000))).toEqual([[5_000, 500, [1]]]);
    expect(gatherer.takeAll()).toEqual([]);
  });

  test('a wall clock that was set back leaves no run open', () => {
    const gatherer = new WaveGatherer();
    gatherer.add(row(500, [1]));
    expect(gatherer.idle(0)).toHaveLength(1);
  });

  test('whatever comes, every sample that is there comes back once, at its number', () => {
    const blocks = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.array(sample, { maxLength: 40 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(blocks, (list) => {
        const gatherer = new WaveGatherer();
        const expected: [number, number][] = [];
        const runs: WaveRun[] = [];
        let index = 0;
        for (const [gap, samples] of list) {
          index += gap;
          for (const [at, value] of samples.entries())
            if (value !== MISSING_SAMPLE) expected.push([index + at, value]);
          runs.push(...gatherer.add(row(index, samples)));
          index += samples.length;
        }
        runs.push(...gatherer.takeAll());
        const found = runs.flatMap(({ firstIndex, samples }) =>
          [...samples].map((value, at): [number, number] => [firstIndex + at, value]),
        );
        expect(found).toEqual(expected);
      }),
    );
  });
});
