import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { philipsIntellivue } from '../../drivers/philips-intellivue/driver.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { simulator } from '../../simulators/philips-intellivue/index.ts';
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
  const driver = philipsIntellivue as Driver;
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
    truth: () => link.describe(),
  };
}

describe('driver and simulator, two codecs that never met', () => {
  test('within 3 s everything that the monitor can tell is known, and that it is simulated', () => {
    const bed = bedside();
    bed.run(3);
    expect(bed.picture()).toMatchObject({
      mode: 'demo',
      identity: { model: 'SIM M8000', serial: 'SIM00001', firmware: 'S.01.00' },
      alerts: { list: [] },
    });
    expect([...bed.picture().metrics.keys()].sort()).toEqual([...philipsIntellivue.reports].sort());
    expect([...bed.modes]).toEqual(['demo']);
  });

  test('ten minutes: what the gateway shows is what the monitor said', () => {
    const bed = bedside({ seed: 7 });
    let compared = 0;
    for (let second = 0; second < 600; second += 1) {
      bed.timeline.advance(800);
      // The line needs a moment for what the monitor said last.
      const said = bed.sent();
      bed.timeline.advance(200);
      if (second < 3 || JSON.stringify(bed.sent()) !== JSON.stringify(said)) continue;
      compared += 1;
      expect(bed.value('MDC_ECG_HEART_RATE')).toBe(said['hr']);
      expect(bed.value('MDC_PULS_OXIM_SAT_O2')).toBe(said['spo2']);
      expect(bed.value('MDC_PULS_OXIM_PULS_RATE')).toBe(said['pulse']);
      expect(bed.value('MDC_PULS_OXIM_PERF_REL')).toBe(said['perfusion']);
      expect(bed.value('MDC_RESP_RATE')).toBe(said['rr']);
      expect(bed.value('MDC_CO2_RESP_RATE')).toBe(said['awRr']);
      expect(bed.value('MDC_AWAY_CO2_ET')).toBe(said['etco2']);
      expect(bed.freshness()).toBe('live');
    }
    expect(compared).toBeGreaterThan(400);
    expect(bed.picture().counters).toMatchObject({
      framesRejected: 0,
      repliesMissed: 0,
      bytesDropped: 0,
      writesRefused: 0,
      impossibleValues: 0,
    });
    expect(bed.truth()).toMatchObject({ associations: 1, forbidden: 0, asked: { garbled: 0 } });
    expect(bed.link.overrunBytes()).toBe(0);
    expect(bed.faults).toEqual([]);
  });

  test('an hour of cuff readings: each is new once, at its own time, and no other ever is', () => {
    const bed = bedside({ nibpIntervalMin: 15 });
    const seen: { readonly measuredAtMs: number; readonly sys: number }[] = [];
    for (let second = 0; second < 3_660; second += 1) {
      bed.run(1);
      const sys = bed.metric('MDC_PRESS_BLD_NONINV_SYS');
      const episode = sys?.episode;
      if (!episode?.confirmed || episode.measuredAtMs === null) continue;
      if (seen.at(-1)?.measuredAtMs === episode.measuredAtMs) continue;
      seen.push({ measuredAtMs: episode.measuredAtMs, sys: Number(sys?.value) });
      const truth = bed.truth()['nibp'] as { readonly sys: number; readonly atMs: number };
      expect(sys?.value).toBe(truth.sys);
      // The stamp has whole seconds, and the clock of the session came over the line.
      expect(Math.abs(episode.measuredAtMs - truth.atMs)).toBeLessThanOrEqual(1_500);
    }
    expect(seen).toHaveLength(Number(bed.truth()['nibpReadings']));
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

  test('pulled and plugged in again: the cuff reading keeps its time to the millisecond', () => {
    const bed = bedside();
    bed.run(120);
    const before = bed.metric('MDC_PRESS_BLD_NONINV_SYS');
    bed.link.unplug();
    bed.run(5);
    expect(bed.freshness()).toBe('lost');
    bed.link.plug('other-name');
    bed.run(20);
    expect(bed.freshness()).toBe('live');
    const after = bed.metric('MDC_PRESS_BLD_NONINV_SYS');
    expect(after?.value).toBe(before?.value);
    expect(after?.episode).toEqual(before?.episode);
  });

  test("the monitor's ticks wrap: neither its clock nor a cuff reading jumps", () => {
    // 90 s before the wrap at 2^32.
    const bed = bedside({ ticksAtStart: 2 ** 32 - 90 * 8_000, nibpIntervalMin: 15 });
    bed.run(60);
    const before = bed.metric('MDC_PRESS_BLD_NONINV_SYS')?.episode;
    expect(before?.confirmed).toBe(true);
    for (let second = 60; second < 180; second += 1) {
      bed.run(1);
      const hr = bed.metric('MDC_ECG_HEART_RATE');
      const skewMs = (hr?.deviceWallMs ?? Number.NaN) - bed.timeline.wallMs();
      expect(Math.abs(skewMs)).toBeLessThan(2_500);
      expect(bed.metric('MDC_PRESS_BLD_NONINV_SYS')?.episode).toEqual(before);
    }
    expect(Number(bed.truth()['ticks'])).toBeLessThan(100 * 8_000);
  });
});

describe('what happens at the bedside', () => {
  test('asystole is known within 2 s and ends when the list no longer has it', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('asystole', { on: true });
    bed.run(2);
    expect(bed.picture().alerts?.list).toContainEqual({
      code: '3076',
      text: '***ASYSTOLE',
      ruleId: 'VIT-13',
      priority: 'high',
    });
    // The gateway shows no rate of 0 beside an asystole that is told; no older number either.
    expect(bed.value('MDC_ECG_HEART_RATE')).toBeNull();
    expect(bed.metric('MDC_PULS_OXIM_SAT_O2')).toMatchObject({ value: null, validity: 'invalid' });
    bed.link.command('asystole', { on: false });
    bed.run(2);
    expect(bed.alerts()).toEqual([]);
  });

  test('leads off: no heart rate, never 0, and the alarm', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('leads-off', { on: true });
    bed.run(2);
    expect(bed.alerts()).toEqual(['274']);
    expect(bed.metric('MDC_ECG_HEART_RATE')).toMatchObject({ value: null, validity: 'invalid' });
    expect(bed.metric('MDC_PULS_OXIM_PULS_RATE')?.validity).toBe('valid');
  });

  test('probe off: no SpO2 and no pulse, never 0; a code of low priority is raised to medium', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('probe-off', { on: true });
    bed.run(2);
    for (const code of ['MDC_PULS_OXIM_SAT_O2', 'MDC_PULS_OXIM_PULS_RATE'] as const) {
      expect(bed.metric(code)).toMatchObject({ value: null, validity: 'invalid' });
    }
    expect(bed.metric('MDC_ECG_HEART_RATE')?.validity).toBe('valid');
    expect(bed.picture().alerts?.list).toEqual([
      { code: '308/19384', text: 'SpO₂ NO SENSOR', ruleId: 'PMP-10', priority: 'medium' },
    ]);
  });

  test('20 s without a breath: apnea', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('set', { rr: 0 });
    bed.run(18);
    expect(bed.alerts()).toEqual([]);
    bed.run(4);
    expect(bed.picture().alerts?.list).toMatchObject([
      { code: '3072', ruleId: 'VIT-10', priority: 'high' },
    ]);
  });

  test('two limits with one code are two alarms', () => {
    const bed = bedside({ hr: 40, spo2: 80, variability: 0 });
    bed.run(5);
    expect(bed.alerts()).toEqual(['62/16770', '62/19384']);
  });

  test('alarms switched off at the monitor are told', () => {
    const bed = bedside();
    bed.run(5);
    bed.link.command('alarms-off', { on: true });
    bed.run(2);
    expect(bed.picture().alerts?.list).toMatchObject([{ code: '6144', ruleId: 'MON-10' }]);
  });

  test.each([
    { mark: 'demo', reason: 'demo data' },
    { mark: 'test', reason: 'test data' },
  ])('values with the mark of $mark feed no rule', ({ mark, reason }) => {
    const bed = bedside();
    bed.run(5);
    bed.link.command(mark, { on: true });
    bed.run(2);
    expect(bed.metric('MDC_ECG_HEART_RATE')).toMatchObject({ validity: 'questionable', reason });
  });

  test('without a CO2 module there is no CO2, and that is said', () => {
    const bed = bedside({ co2: false });
    bed.run(5);
    expect(bed.metric('MDC_AWAY_CO2_ET')).toMatchObject({
      value: null,
      validity: 'not-available',
    });
  });

  test("the monitor's clock is set while it runs: a new reading is not given a wrong age", () => {
    const bed = bedside({ nibpIntervalMin: 0 });
    bed.run(10);
    bed.link.command('clock-step', { seconds: 3_600 });
    bed.link.command('nibp-start');
    bed.run(60);
    expect(bed.metric('MDC_PRESS_BLD_NONINV_SYS')).toMatchObject({
      validity: 'valid',
      episode: { measuredAtMs: null, confirmed: false },
    });
  });
});

describe('what happens to the association', () => {
  test('refused: asked again, and nothing is shown meanwhile', () => {
    const bed = bedside();
    bed.link.command('refuse', { on: true });
    bed.run(60);
    expect(bed.freshness()).toBe('never');
    bed.link.command('refuse', { on: false });
    bed.run(10);
    expect(bed.freshness()).toBe('live');
  });

  test('aborted by the monitor: a new one within 5 s', () => {
    const bed = bedside();
    bed.run(30);
    bed.link.command('abort');
    bed.run(5);
    expect(bed.freshness()).toBe('live');
    expect(bed.truth()).toMatchObject({ associations: 2 });
  });

  test('mute: stale, lost, and live again when it speaks', () => {
    const bed = bedside();
    bed.run(30);
    bed.link.command('mute', { on: true });
    bed.run(8);
    expect(bed.freshness()).toBe('stale');
    bed.run(4);
    expect(bed.freshness()).toBe('lost');
    bed.run(60);
    bed.link.command('mute', { on: false });
    bed.run(20);
    expect(bed.freshness()).toBe('live');
    expect(bed.picture().counters.repliesMissed).toBeGreaterThan(1);
  });

  test('a monitor without extended polls is asked every second', () => {
    const bed = bedside({ extended: false });
    bed.run(20);
    const states = new Set<string>();
    for (let tenths = 0; tenths < 3_000; tenths += 1) {
      bed.timeline.advance(100);
      states.add(bed.freshness());
    }
    expect([...states]).toEqual(['live']);
    expect(bed.alerts()).toEqual([]);
  });

  test('the alarm lists stop while values go on: what stood stands, and that is told', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('asystole', { on: true });
    bed.run(3);
    bed.link.command('alarm-list', { on: false });
    bed.run(15);
    expect(bed.freshness()).toBe('live');
    expect(bed.alerts()).toEqual(['3076', 'LIST_NOT_READ']);
    bed.link.command('asystole', { on: false });
    bed.link.command('alarm-list', { on: true });
    bed.run(10);
    expect(bed.alerts()).toEqual([]);
  });

  test('when we leave, the monitor is released', () => {
    const bed = bedside();
    bed.run(10);
    subscription?.unsubscribe();
    subscription = undefined;
    bed.run(1);
    expect(bed.truth()).toMatchObject({ association: 'idle', asked: { release: 1 } });
  });

  test('an old association is alive when the port opens: it is ended, and ours begins', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.unplug();
    bed.run(1);
    bed.link.plug();
    bed.run(8);
    expect(bed.freshness()).toBe('live');
    expect(bed.truth()).toMatchObject({ associations: 2, asked: { abort: 1 } });
  });
});

describe('what happens on the wire', () => {
  test('noise, flipped bits, cut and doubled frames: counted, and no wrong value is believed', () => {
    const bed = bedside({ hr: 76, spo2: 98, variability: 0, seed: 3 });
    bed.run(10);
    for (let again = 0; again < 40; again += 1) {
      bed.link.fault({ kind: 'noise', bytes: 40, frames: 2 });
      bed.run(2);
      bed.link.fault({ kind: 'flip', bits: 3, frames: 3 });
      bed.run(2);
      bed.link.fault({ kind: 'truncate', frames: 2 });
      bed.run(2);
      bed.link.fault({ kind: 'duplicate', frames: 3 });
      bed.run(2);
      for (const [code, wanted] of [
        ['MDC_ECG_HEART_RATE', 76],
        ['MDC_PULS_OXIM_SAT_O2', 98],
      ] as const) {
        const value = bed.value(code);
        expect(value === null || value === wanted, `${code} ${value}`).toBe(true);
      }
      // Lost parts of a round may not end an alarm, nor may they invent one.
      expect(bed.alerts()).toEqual([]);
    }
    expect(bed.picture().counters.framesRejected).toBeGreaterThan(0);
    bed.run(10);
    expect(bed.freshness()).toBe('live');
    expect(bed.faults).toEqual([]);
  });
});
