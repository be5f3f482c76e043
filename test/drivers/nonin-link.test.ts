import { afterEach, describe, expect, test } from 'vitest';
import { nonin } from '../../drivers/nonin/driver.ts';
import { simulator } from '../../simulators/nonin/index.ts';
import { MISSING_SAMPLE } from '../../src/observation/wave.ts';
import { bedside, RATE, SPO2 } from './oximeter-kit.ts';

let bed: ReturnType<typeof bedside> | undefined;
afterEach(() => bed?.stop());

const atBed = (
  simulated: Readonly<Record<string, unknown>> = {},
  options: Readonly<Record<string, unknown>> = {},
) => {
  bed = bedside(nonin, simulator, simulated, options);
  return bed;
};

describe('driver and simulator, two codecs that never met', () => {
  test.each([
    [2, {}],
    [7, {}],
    [8, { format: 8 }],
  ])('format %s: within 3 s all is known, and that it is simulated', (format, options) => {
    const { timeline, picture, value, alarms } = atBed({ format, variability: 0 }, options);
    timeline.advance(3_100);
    expect(picture()).toMatchObject({ mode: 'demo', counters: { framesRejected: 0 } });
    expect(value(SPO2)).toMatchObject({ value: 98, validity: 'valid' });
    expect(value(RATE)).toMatchObject({ value: 76, validity: 'valid' });
    expect(alarms()).toEqual([]);
  });

  test('ten minutes: rates above 127 are right, and the pleth has no gap', () => {
    const { timeline, picture, value, waves } = atBed({ pulse: 150, variability: 0 });
    timeline.advance(600_000);
    expect(value(RATE)).toMatchObject({ value: 150, validity: 'valid' });
    expect(picture().counters).toMatchObject({ framesRejected: 0, bytesDropped: 0 });
    expect(waves.length).toBeGreaterThan(1_790);
    waves.forEach((block, index) => {
      expect(block.firstIndex).toBe(25 * index);
      expect(block.samples).toHaveLength(25);
    });
  });

  test.each([2, 7])('format %s: the pulses in the pleth are those of the patient', (format) => {
    const { timeline, waves } = atBed({ format, pulse: 60, variability: 0 });
    timeline.advance(60_000);
    const samples = waves.flatMap((block) => [...block.samples]);
    const middle = (Math.max(...samples) + Math.min(...samples)) / 2;
    const rises = samples.filter(
      (sample, at) => sample > middle && (samples[at - 1] ?? sample) <= middle,
    );
    expect(Math.abs(rises.length - 60)).toBeLessThanOrEqual(1);
  });

  test.each([
    [2, {}],
    [8, { format: 8 }],
  ])(
    'format %s: the finger is out: no number within 2 s, though the display holds it',
    (format, options) => {
      const { timeline, value, alarms, link } = atBed({ format, variability: 0 }, options);
      timeline.advance(5_000);
      link.command('finger-out', { on: true });
      timeline.advance(2_000);
      expect(link.describe()['sent']).toMatchObject({ spo2Display: 98, rateDisplay: 76 });
      expect(value(SPO2)).toMatchObject({ value: null, validity: 'invalid' });
      expect(value(RATE)).toMatchObject({ value: null, validity: 'invalid' });
      expect(alarms()).toEqual(['SENSOR_ALARM']);
      link.command('finger-out', { on: false });
      timeline.advance(2_500);
      expect(value(SPO2)).toMatchObject({ value: 98, validity: 'valid' });
      expect(alarms()).toEqual([]);
    },
  );

  test.each([
    ['disconnect', ['SENSOR_DISCONNECTED', 'SENSOR_ALARM'], 'invalid'],
    ['out-of-track', ['OUT_OF_TRACK'], 'questionable'],
    ['artifact', ['ARTIFACT'], 'questionable'],
    ['low-perfusion', ['LOW_PERFUSION'], 'questionable'],
    ['low-battery', ['LOW_BATTERY'], 'valid'],
  ])('%s', (command, codes, validity) => {
    const { timeline, value, alarms, link } = atBed();
    timeline.advance(3_000);
    link.command(command, { on: true });
    timeline.advance(3_000);
    expect(alarms()).toEqual(codes);
    expect(value(SPO2)?.validity).toBe(validity);
    link.command(command, { on: false });
    timeline.advance(3_000);
    expect(alarms()).toEqual([]);
    expect(value(SPO2)?.validity).toBe('valid');
  });

  test('format 8 that was not named: nothing is taken', () => {
    const { timeline, picture, freshness } = atBed({ format: 8 });
    timeline.advance(30_000);
    expect(freshness()).toBe('never');
    expect(picture().metrics.size).toBe(0);
    expect(picture().counters.framesRejected).toBeGreaterThan(20);
  });

  test('4 s of silence: the index jumps by just what was lost', () => {
    const { timeline, waves, link } = atBed();
    timeline.advance(10_000);
    link.fault({ kind: 'silence', forMs: 4_000 });
    timeline.advance(10_000);
    const steps = waves
      .slice(1)
      .map((block, at) => block.firstIndex - (waves[at]?.firstIndex ?? 0));
    const jumps = steps.filter((step) => step !== 25);
    expect(jumps).toHaveLength(1);
    expect((jumps[0] ?? 0) % 25).toBe(0);
    expect(Math.abs((jumps[0] ?? 0) / 75 - 4.3)).toBeLessThan(0.5);
    const last = waves.at(-1);
    const first = waves[0];
    const span = ((last?.firstIndex ?? 0) - (first?.firstIndex ?? 0)) / 75;
    expect(span).toBeCloseTo(((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1_000, 1);
  });

  test('on a wire that flips, cuts, adds noise and holds back: no wrong number, no wrong sample', () => {
    const { timeline, value, picture, waves, link, always } = atBed({ variability: 0 });
    // Long enough for every height that the curve has.
    timeline.advance(300_000);
    const seen = new Set(waves.flatMap((block) => [...block.samples]));
    seen.add(MISSING_SAMPLE);
    const hits = { forMs: 120_000, probability: 0.03 };
    link.fault({ kind: 'flip', bits: 1, ...hits });
    link.fault({ kind: 'noise', bytes: 5, ...hits });
    link.fault({ kind: 'truncate', ...hits });
    link.fault({ kind: 'duplicate', ...hits });
    link.fault({ kind: 'late', delayMs: 400, ...hits });
    const wrong: unknown[] = [];
    always(() => {
      const [spo2, rate] = [value(SPO2), value(RATE)];
      if (![undefined, null, 98].includes(spo2?.value)) wrong.push(spo2);
      if (![undefined, null, 76].includes(rate?.value)) wrong.push(rate);
    });
    timeline.advance(120_000);
    expect(wrong).toEqual([]);
    const strange = waves.flatMap((block) => [...block.samples]).filter((one) => !seen.has(one));
    expect(new Set(strange)).toEqual(new Set());
    expect(picture().counters.framesRejected).toBeGreaterThan(50);
    let before = -1;
    for (const { firstIndex } of waves) {
      expect(firstIndex).toBeGreaterThan(before);
      before = firstIndex;
    }
  });

  test('silence and a pulled cable: stale, lost, and back within 2 s', () => {
    const { timeline, freshness, link } = atBed();
    timeline.advance(3_000);
    link.fault({ kind: 'silence', forMs: 12_000 });
    timeline.advance(6_000);
    expect(freshness()).toBe('stale');
    timeline.advance(5_500);
    expect(freshness()).toBe('lost');
    timeline.advance(2_500);
    expect(freshness()).toBe('live');
    link.unplug();
    timeline.advance(1_000);
    expect(freshness()).toBe('lost');
    link.plug();
    timeline.advance(6_000);
    expect(freshness()).toBe('live');
  });
});
