import { afterEach, describe, expect, test } from 'vitest';
import { nellcorAscii } from '../../drivers/nellcor-ascii/driver.ts';
import { simulator } from '../../simulators/nellcor-ascii/index.ts';
import { bedside, RATE, SPO2 } from './oximeter-kit.ts';

let bed: ReturnType<typeof bedside> | undefined;
afterEach(() => bed?.stop());

const atBed = (options: Readonly<Record<string, unknown>> = {}) => {
  bed = bedside(nellcorAscii, simulator, options);
  return bed;
};

describe('driver and simulator, two codecs that never met', () => {
  test('within 5 s all is known, and that it is simulated', () => {
    const { timeline, picture, value, alarms } = atBed({ variability: 0 });
    timeline.advance(5_000);
    expect(picture()).toMatchObject({
      mode: 'demo',
      identity: { model: 'N-595', firmware: '2.00.00' },
    });
    expect(value(SPO2)).toMatchObject({ value: 98, validity: 'valid' });
    expect(value(RATE)).toMatchObject({ value: 76, validity: 'valid' });
    expect(alarms()).toEqual([]);
  });

  test('an hour: nothing is refused, and the values are those of the patient', () => {
    const { timeline, picture, value, link } = atBed({ seed: 3 });
    timeline.advance(3_600_000);
    expect(picture().counters).toMatchObject({ framesRejected: 0, bytesDropped: 0 });
    const truth = link.describe();
    expect(Math.abs((value(SPO2)?.value ?? 0) - Number(truth['spo2']))).toBeLessThan(1.5);
    expect(Math.abs((value(RATE)?.value ?? 0) - Number(truth['pulse']))).toBeLessThan(3);
  });

  test('sensor off and alarms silenced: both are told', () => {
    const { timeline, value, alarms, link } = atBed();
    timeline.advance(6_000);
    link.command('sensor-off', { on: true });
    link.command('alarm-silenced', { on: true });
    timeline.advance(3_000);
    expect(alarms()).toEqual(['SO', 'AS']);
    expect(value(SPO2)).toMatchObject({ value: null, validity: 'invalid' });
  });

  test('searching: zeros are never values', () => {
    const { timeline, value, alarms, link } = atBed();
    timeline.advance(6_000);
    link.command('pulse-search', { on: true });
    timeline.advance(20_000);
    expect(value(SPO2)).toMatchObject({ value: null, validity: 'invalid' });
    expect(value(RATE)).toMatchObject({ value: null, validity: 'invalid' });
    expect(alarms()).toEqual(['PS']);
  });

  test('below the limit of the oximeter: its alarm is passed on, its number stays valid', () => {
    const { timeline, value, alarms, link } = atBed({ variability: 0 });
    timeline.advance(6_000);
    link.command('set', { spo2: 82, overSeconds: 20 });
    timeline.advance(30_000);
    expect(alarms()).toEqual(['SL']);
    expect(value(SPO2)).toMatchObject({ value: 82, validity: 'valid' });
    link.command('limits', { spo2Low: 80 });
    timeline.advance(3_000);
    expect(alarms()).toEqual([]);
  });

  test('a sender that has frozen is lost, and back', () => {
    const { timeline, freshness, link } = atBed();
    timeline.advance(6_000);
    link.command('freeze', { on: true });
    timeline.advance(20_000);
    expect(freshness()).toBe('lost');
    link.command('freeze', { on: false });
    timeline.advance(3_000);
    expect(freshness()).toBe('live');
  });

  test('silence: one lost line is not yet stale, then stale, then lost', () => {
    const { timeline, freshness, link } = atBed();
    timeline.advance(5_500);
    link.fault({ kind: 'silence', forMs: 14_000 });
    timeline.advance(4_000);
    expect(freshness()).toBe('live');
    timeline.advance(2_000);
    expect(freshness()).toBe('stale');
    timeline.advance(5_000);
    expect(freshness()).toBe('lost');
    timeline.advance(6_000);
    expect(freshness()).toBe('live');
  });

  test('on a wire that flips, cuts and adds noise: never a wrong number as valid', () => {
    const { timeline, value, picture, link, always } = atBed({ variability: 0 });
    const hits = { forMs: 2_400_000, probability: 0.15 };
    link.fault({ kind: 'flip', bits: 1, ...hits });
    link.fault({ kind: 'noise', bytes: 5, ...hits });
    link.fault({ kind: 'truncate', ...hits });
    link.fault({ kind: 'duplicate', ...hits });
    const wrong: unknown[] = [];
    always(() => {
      const [spo2, rate] = [value(SPO2), value(RATE)];
      if (spo2?.validity === 'valid' && Math.abs((spo2.value ?? 0) - 98) > 10) wrong.push(spo2);
      if (rate?.validity === 'valid' && Math.abs((rate.value ?? 0) - 76) > 30) wrong.push(rate);
    });
    timeline.advance(2_400_000);
    expect(wrong).toEqual([]);
    expect(picture().counters.framesRejected).toBeGreaterThan(100);
  });
});
