import { describe, expect, test } from 'vitest';
import { ecgRecords } from '../../bench/ecg/records.ts';
import { beatScore, watchScore } from '../../bench/ecg/score.ts';

const records = ecgRecords('test/fixtures/ecg');
const record = (name: string) => {
  const found = records.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no record ${name}`);
  return found;
};

describe('the reader', () => {
  test('record 100 begins as its header and its annotations say', () => {
    const { samplesPerS, ecg, beats = [] } = record('100');
    expect(samplesPerS).toBe(360);
    expect(ecg).toHaveLength(650_000);
    expect([...ecg.subarray(0, 2)]).toEqual([(995 - 1024) / 200, (995 - 1024) / 200]);
    expect(beats.slice(0, 4)).toEqual([77, 370, 662, 946]);
    expect(beats).toHaveLength(2_273);
  });

  test.each([
    ['103', 2_084],
    ['119', 1_987],
    ['202', 2_136],
  ])('record %s has %i beats', (name, beats) => {
    expect(record(name).beats).toHaveLength(beats);
  });

  test('the first row of a103l is that of its header', () => {
    const { ecg, pleth } = record('a103l');
    expect(ecg[0]).toBe(-171 / 7_247);
    expect(pleth?.[0]).toBe(6_042 / 12_530);
  });
});

describe('what is found', () => {
  test.each(['100', '103', '119', '202'])(
    '%s: 99.7 %% of the beats, 99.7 %% of what is found, the rate within 1 bpm, no pause that is none',
    (name) => {
      const beats = beatScore(record(name));
      expect(beats?.sensitivity).toBeGreaterThanOrEqual(0.997);
      expect(beats?.predictivity).toBeGreaterThanOrEqual(0.997);
      const watch = watchScore(record(name));
      expect(watch.rateErrorBpm).toBeLessThan(1);
      expect(watch).toMatchObject({ pausesPerHour: 0, fibrillationAtS: null });
    },
  );

  test('no false asystole where a monitor gave one (a103l)', () => {
    expect(watchScore(record('a103l'))).toMatchObject({
      asystolesPerHour: 0,
      fibrillationAtS: null,
    });
  });

  test('a fibrillation is seen within 10 s of its onset (cu01), and not before', () => {
    const { fibrillationAtS } = watchScore(record('cu01m'));
    expect(fibrillationAtS).toBeGreaterThan(209);
    expect(fibrillationAtS).toBeLessThan(224);
  });

  test.each(['118e12', '118e24'])(
    'the motion of electrodes is neither a pause nor VF (%s)',
    (name) => {
      expect(watchScore(record(name))).toMatchObject({ pausesPerHour: 0, fibrillationAtS: null });
      expect(beatScore(record(name))?.sensitivity).toBeGreaterThan(0.99);
    },
  );
});
