import { afterEach, describe, expect, test } from 'vitest';
import { masimoAscii } from '../../drivers/masimo-ascii/driver.ts';
import { simulator } from '../../simulators/masimo-ascii/index.ts';
import { bedside, PERFUSION, RATE, SPO2 } from './oximeter-kit.ts';

let bed: ReturnType<typeof bedside> | undefined;
afterEach(() => bed?.stop());

const atBed = (options: Readonly<Record<string, unknown>> = {}) => {
  bed = bedside(masimoAscii, simulator, options);
  return bed;
};

describe('driver and simulator, two codecs that never met', () => {
  test.each(['rad-8', 'radical-7'])(
    '%s: within 3 s all is known, and that it is simulated',
    (form) => {
      const { timeline, picture, value, alarms, freshness } = atBed({ form, variability: 0 });
      timeline.advance(3_000);
      expect(picture()).toMatchObject({ mode: 'demo', identity: { serial: 'SIM0000001' } });
      expect(value(SPO2)).toMatchObject({ value: 98, validity: 'valid' });
      expect(value(RATE)).toMatchObject({ value: 76, validity: 'valid' });
      expect(value(PERFUSION)).toMatchObject({ value: 3.6, validity: 'valid' });
      expect(alarms()).toEqual([]);
      expect(freshness()).toBe('live');
    },
  );

  test('an hour: nothing is refused or doubted, and the values are those of the patient', () => {
    const { timeline, picture, value, link } = atBed({ seed: 7 });
    timeline.advance(3_600_000);
    expect(picture().counters).toMatchObject({ framesRejected: 0, bytesDropped: 0 });
    expect(value(SPO2)?.validity).toBe('valid');
    const truth = link.describe();
    expect(Math.abs((value(SPO2)?.value ?? 0) - Number(truth['spo2']))).toBeLessThan(1);
    expect(Math.abs((value(RATE)?.value ?? 0) - Number(truth['pulse']))).toBeLessThan(2);
  });

  test('sensor off, its numbers kept in the line: invalid within 2 s, and back', () => {
    const { timeline, value, alarms, link } = atBed();
    timeline.advance(5_000);
    link.command('keep-numbers', { on: true });
    link.command('sensor-off', { on: true });
    timeline.advance(2_000);
    expect(value(SPO2)).toMatchObject({ value: null, validity: 'invalid' });
    expect(alarms()).toEqual(['SENSOR_OFF']);
    link.command('sensor-off', { on: false });
    timeline.advance(2_000);
    expect(value(SPO2)?.validity).toBe('valid');
  });

  test('a fall of saturation is followed; a sudden one is valid 2 s later', () => {
    const { timeline, value, link } = atBed({ variability: 0 });
    timeline.advance(5_000);
    link.command('set', { spo2: 80, overSeconds: 30 });
    timeline.advance(32_000);
    expect(value(SPO2)).toMatchObject({ value: 80, validity: 'valid' });
    link.command('set', { spo2: 60 });
    timeline.advance(2_500);
    expect(value(SPO2)).toMatchObject({ value: 60, validity: 'valid' });
  });

  test('a sender that has frozen is lost, however lively its line', () => {
    const { timeline, freshness, link } = atBed();
    timeline.advance(5_000);
    link.command('freeze', { on: true });
    timeline.advance(15_000);
    expect(freshness()).toBe('lost');
    link.command('freeze', { on: false });
    timeline.advance(2_000);
    expect(freshness()).toBe('live');
  });

  test('silence: stale after 5 s, lost after 10 s, back within 2 s', () => {
    const { timeline, freshness, link } = atBed();
    timeline.advance(5_000);
    link.fault({ kind: 'silence', forMs: 12_000 });
    timeline.advance(6_500);
    expect(freshness()).toBe('stale');
    timeline.advance(5_000);
    expect(freshness()).toBe('lost');
    timeline.advance(2_500);
    expect(freshness()).toBe('live');
  });

  test('on a wire that flips, cuts and adds noise: never a wrong number as valid', () => {
    const { timeline, value, picture, link, always } = atBed({ variability: 0 });
    const hits = { forMs: 1_200_000, probability: 0.15 };
    link.fault({ kind: 'flip', bits: 1, ...hits });
    link.fault({ kind: 'noise', bytes: 5, ...hits });
    link.fault({ kind: 'truncate', ...hits });
    link.fault({ kind: 'duplicate', ...hits });
    const wrong: unknown[] = [];
    always(() => {
      const [spo2, rate] = [value(SPO2), value(RATE)];
      // A last digit that flips is within the step: the form alone cannot find it.
      if (spo2?.validity === 'valid' && Math.abs((spo2.value ?? 0) - 98) > 10) wrong.push(spo2);
      if (rate?.validity === 'valid' && Math.abs((rate.value ?? 0) - 76) > 30) wrong.push(rate);
    });
    timeline.advance(1_200_000);
    expect(wrong).toEqual([]);
    expect(picture().counters.framesRejected).toBeGreaterThan(100);
    expect(picture().identity.serial).toBe('SIM0000001');
  });

  test('the cable is pulled and plugged in: lost at once, back within 3 s', () => {
    const { timeline, freshness, link } = atBed();
    timeline.advance(5_000);
    link.unplug();
    timeline.advance(1_000);
    expect(freshness()).toBe('lost');
    link.plug();
    timeline.advance(6_000);
    expect(freshness()).toBe('live');
  });
});
