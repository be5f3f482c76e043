import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { geDri } from '../../drivers/ge-dri/driver.ts';
import { simulator } from '../../simulators/ge-dri/index.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import type { Driver } from '../../src/driver/contract.ts';
import {
  type DevicePicture,
  freshnessOf,
  newDevicePicture,
  nextDevicePicture,
} from '../../src/observation/device-picture.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

let subscription: Subscription | undefined;
afterEach(() => subscription?.unsubscribe());

/** The driver against its twin over a paced line, in virtual time. */
function bedside(options: Readonly<Record<string, unknown>> = {}) {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: simulator, name: 'bench', timeline, options });
  const driver = geDri as Driver;
  let picture: DevicePicture = newDevicePicture(
    {
      deviceId: 'monitor',
      bedId: 'B01',
      role: driver.role,
      driverId: driver.id,
      freshness: driver.freshness,
      reports: driver.reports,
      factsTold: [],
      alertsDecoded: 'all',
      mode: 'real',
    },
    0,
  );
  // The port says `real`, so that the mark must come from the monitor's own bytes.
  const port = guarded(memoryPort('bench', link, timeline, 'real'), driver.queries);
  const faults: unknown[] = [];
  const modes = new Set<string>();
  subscription = deviceLink({
    driver,
    options: driver.options.parse({}),
    port,
    timeline,
    onFault: (error) => faults.push(error),
  }).subscribe((batch) => {
    for (const event of batch) {
      picture = nextDevicePicture(picture, event);
      if (event.kind === 'metric') modes.add(picture.mode);
    }
  });
  return {
    timeline,
    link,
    faults,
    modes,
    run: (seconds: number) => timeline.advance(seconds * 1_000),
    picture: () => picture,
    metric: (code: MetricCode) => picture.metrics.get(code),
    value: (code: MetricCode) => picture.metrics.get(code)?.value,
    alerts: () => picture.alerts?.list.map(({ code }) => code),
    freshness: () => freshnessOf(picture, timeline.monotonicMs()),
    sent: () => link.describe()['sent'] as Readonly<Record<string, number>>,
  };
}

describe('driver and simulator, two codecs that never met', () => {
  test('within 2 s everything that the monitor can tell is known, and that it is simulated', () => {
    const bed = bedside();
    bed.run(2);
    expect(bed.picture()).toMatchObject({
      mode: 'demo',
      identity: { firmware: 'DRI level 10' },
      alerts: { list: [] },
    });
    expect([...bed.picture().metrics.keys()].sort()).toEqual([...geDri.reports].sort());
    expect([...bed.modes]).toEqual(['demo']);
  });

  test('ten minutes: what the gateway shows is what the monitor said, every second', () => {
    const bed = bedside({ seed: 7 });
    for (let second = 0; second < 600; second += 1) {
      bed.run(1);
      if (second < 2) continue;
      const said = bed.sent();
      expect(bed.value('MDC_ECG_HEART_RATE')).toBe(said['hrEcg']);
      expect(bed.value('MDCX_HEART_RATE_DISPLAYED')).toBe(said['hr']);
      expect(bed.value('MDC_PULS_OXIM_SAT_O2')).toBeCloseTo(said['spo2'] ?? NaN, 2);
      expect(bed.value('MDC_PULS_OXIM_PULS_RATE')).toBe(said['pulse']);
      expect(bed.value('MDC_RESP_RATE')).toBe(said['impRr']);
      expect(bed.value('MDC_CO2_RESP_RATE')).toBe(said['rr']);
      // 1/100 per cent of the ambient pressure are 0.08 mmHg.
      expect(
        Math.abs(Number(bed.value('MDC_AWAY_CO2_ET')) - (said['etco2MmHg'] ?? NaN)),
      ).toBeLessThan(0.04);
    }
    expect(bed.picture().counters).toMatchObject({
      framesRejected: 0,
      repliesMissed: 0,
      bytesDropped: 0,
      writesRefused: 0,
      impossibleValues: 0,
    });
    expect(bed.link.describe()).toMatchObject({ asked: { numerics: 1, other: 0, garbled: 0 } });
    expect(bed.link.overrunBytes()).toBe(0);
    expect(bed.faults).toEqual([]);
  });

  test('an hour of cuff readings: each is new once, within 2 s, and no other ever is', () => {
    const bed = bedside({ nibpIntervalMin: 15 });
    const seen: { readonly measuredAtMs: number; readonly sys: number }[] = [];
    for (let second = 0; second < 3_660; second += 1) {
      bed.run(1);
      const sys = bed.metric('MDC_PRESS_BLD_NONINV_SYS');
      const episode = sys?.episode;
      if (!episode?.confirmed || episode.measuredAtMs === null) continue;
      if (seen.at(-1)?.measuredAtMs === episode.measuredAtMs) continue;
      seen.push({ measuredAtMs: episode.measuredAtMs, sys: Number(sys?.value) });
      const truth = bed.link.describe()['nibp'] as { readonly sys: number; readonly atMs: number };
      expect(sys?.value).toBe(truth.sys);
      expect(episode.measuredAtMs - truth.atMs).toBeLessThanOrEqual(2_000);
    }
    expect(seen).toHaveLength(Number(bed.link.describe()['nibpReadings']));
    expect(seen.length).toBeGreaterThanOrEqual(4);
  });

  test('during an inflation the old pressures are marked as such', () => {
    const bed = bedside({ sys: 120, dia: 70, variability: 0 });
    bed.run(60);
    bed.link.command('set', { sys: 180, dia: 110 });
    bed.run(60);
    bed.link.command('nibp-start');
    bed.run(10);
    const before = bed.metric('MDC_PRESS_BLD_NONINV_SYS');
    expect(before).toMatchObject({ value: 120, episode: { confirmed: true, measuring: true } });
    expect(before?.episode?.measuredAtMs).toBeLessThan(60_000);
    bed.run(40);
    const after = bed.metric('MDC_PRESS_BLD_NONINV_SYS');
    expect(after).toMatchObject({ value: 180, episode: { confirmed: true, measuring: false } });
    expect(after?.episode?.measuredAtMs).toBeGreaterThan(140_000);
  });

  test('pulled and plugged in again: the cuff reading does not become new', () => {
    const bed = bedside();
    bed.run(120);
    bed.link.unplug();
    bed.run(5);
    expect(bed.freshness()).toBe('lost');
    bed.link.plug('other-name');
    bed.run(15);
    expect(bed.freshness()).toBe('live');
    expect(bed.metric('MDC_PRESS_BLD_NONINV_SYS')?.episode).toEqual({
      measuredAtMs: null,
      confirmed: false,
      measuring: false,
    });
  });
});

describe('what happens at the bedside', () => {
  test('asystole is known within 2 s', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('asystole', { on: true });
    bed.run(2);
    expect(bed.alerts()).toEqual(['ASYSTOLE']);
    // The alarm tells it: a rate of 0 is what a monitor writes where it measures nothing.
    expect(bed.metric('MDC_ECG_HEART_RATE')).toMatchObject({ value: null });
    expect(bed.metric('MDC_PULS_OXIM_SAT_O2')).toMatchObject({ value: null, validity: 'invalid' });
    bed.link.command('asystole', { on: false });
    bed.run(2);
    expect(bed.alerts()).toEqual([]);
  });

  test('leads off: the rate comes from the pleth and says so, the ECG has none', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('leads-off', { on: true });
    bed.run(2);
    expect(bed.alerts()).toEqual(['ECG_LEADS_OFF']);
    expect(bed.metric('MDCX_HEART_RATE_DISPLAYED')).toMatchObject({
      validity: 'valid',
      source: 'pleth',
    });
    expect(bed.metric('MDC_ECG_HEART_RATE')).toMatchObject({
      value: null,
      reason: 'ECG leads off',
    });
    bed.link.command('probe-off', { on: true });
    bed.run(2);
    expect(bed.metric('MDCX_HEART_RATE_DISPLAYED')).toMatchObject({ value: null, source: 'none' });
  });

  test('probe off: no SpO2 and no pulse, never 0', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('probe-off', { on: true });
    bed.run(2);
    for (const code of ['MDC_PULS_OXIM_SAT_O2', 'MDC_PULS_OXIM_PULS_RATE'] as const) {
      expect(bed.metric(code)).toMatchObject({ value: null, validity: 'invalid' });
    }
    expect(bed.metric('MDC_ECG_HEART_RATE')?.validity).toBe('valid');
  });

  test('20 s without a breath: apnea', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('set', { rr: 0 });
    bed.run(19);
    expect(bed.alerts()).toEqual([]);
    bed.run(3);
    expect(bed.alerts()).toEqual(['APNEA_CO2']);
  });

  test('a falling saturation arrives as it falls', () => {
    const bed = bedside({ spo2: 98, variability: 0 });
    bed.run(10);
    bed.link.command('set', { spo2: 86, overSeconds: 12 });
    bed.run(6);
    expect(bed.value('MDC_PULS_OXIM_SAT_O2')).toBeGreaterThan(91);
    expect(bed.value('MDC_PULS_OXIM_SAT_O2')).toBeLessThan(95);
    bed.run(10);
    expect(bed.value('MDC_PULS_OXIM_SAT_O2')).toBe(86);
  });

  test("the monitor's clock is kept beside: a step of it changes no order and no freshness", () => {
    const bed = bedside();
    bed.run(10);
    const skew = () =>
      (bed.metric('MDC_ECG_HEART_RATE')?.deviceWallMs ?? NaN) - bed.timeline.wallMs();
    expect(Math.abs(skew())).toBeLessThan(2_500);
    bed.link.command('clock-step', { seconds: -3_600 });
    bed.run(2);
    expect(skew()).toBeLessThan(-3_500_000);
    expect(bed.freshness()).toBe('live');
  });
});

describe('what happens on the wire', () => {
  test('silence: stale, lost, asked again, live', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.fault({ kind: 'silence', forMs: 20_000 });
    bed.run(8);
    expect(bed.freshness()).toBe('stale');
    bed.run(5);
    expect(bed.freshness()).toBe('lost');
    bed.run(15);
    expect(bed.freshness()).toBe('live');
    expect(bed.picture().counters.repliesMissed).toBeGreaterThan(1);
  });

  test('a monitor that knows only 5 s is found out and stays live', () => {
    const bed = bedside({ minIntervalS: 5 });
    const states = new Set<string>();
    for (let tenths = 0; tenths < 6_000; tenths += 1) {
      bed.timeline.advance(100);
      if (tenths > 100) states.add(bed.freshness());
    }
    expect(bed.link.describe()).toMatchObject({ intervalS: 5, asked: { numerics: 2 } });
    expect([...states]).toEqual(['live']);
  });

  test('noise, flipped bits, cut and doubled frames: counted, and no wrong value is believed', () => {
    const bed = bedside({ hr: 76, spo2: 98, seed: 3 });
    bed.run(10);
    for (let round = 0; round < 40; round += 1) {
      bed.link.fault({ kind: 'flip', bits: 1, frames: 1 });
      bed.run(2);
      bed.link.fault({ kind: 'truncate', frames: 1 });
      bed.run(2);
      bed.link.fault({ kind: 'burst', bytes: 300 });
      bed.run(2);
      bed.link.fault({ kind: 'duplicate', frames: 1 });
      bed.run(4);
      expect(bed.value('MDC_ECG_HEART_RATE')).toBeGreaterThan(70);
      expect(bed.value('MDC_ECG_HEART_RATE')).toBeLessThan(82);
      expect(bed.value('MDC_PULS_OXIM_SAT_O2')).toBeGreaterThan(97);
      expect(bed.freshness()).toBe('live');
    }
    expect(bed.picture().counters.framesRejected).toBeGreaterThan(20);
    expect(bed.faults).toEqual([]);
  });
});
