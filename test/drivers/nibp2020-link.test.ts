import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { nibp2020 } from '../../drivers/nibp2020/driver.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { simulator } from '../../simulators/nibp2020/index.ts';
import type { Driver } from '../../src/driver/contract.ts';
import {
  type DevicePicture,
  freshnessOf,
  newDevicePicture,
  nextDevicePicture,
} from '../../src/observation/device-picture.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

let subscription: Subscription | undefined;
afterEach(() => subscription?.unsubscribe());

type Args = Readonly<Record<string, unknown>>;

interface Truth {
  readonly result: { readonly sys: number; readonly dia: number; readonly map: number } | null;
  readonly endedAtMs: number | null;
  readonly readings: number;
  readonly failedRuns: number;
  readonly asked: Readonly<Record<string, number>>;
}

/** The driver against its twin over a paced line, in virtual time. */
function bedside(simulated: Args = {}, options: Args = {}) {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: simulator, name: 'bench', timeline, options: simulated });
  const driver = nibp2020 as Driver;
  let picture: DevicePicture = newDevicePicture(
    {
      deviceId: 'cuff',
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
  /** Each confirmed reading once, and each failure once. */
  const readings = new Map<number, number | null>();
  const failures = new Map<number, string>();
  // The port says `real`, so that the mark must come from the module's own bytes.
  const port = guarded(memoryPort('bench', link, timeline, 'real'), driver.queries);
  subscription = deviceLink({
    driver,
    options: driver.options.parse(options),
    port,
    timeline,
  }).subscribe((batch) => {
    for (const event of batch) {
      picture = nextDevicePicture(picture, event);
      if (event.kind === 'cuff' && event.failed !== undefined) {
        failures.set(event.failed.atMs, event.failed.reason);
      }
      if (event.kind !== 'metric' || event.code !== 'MDC_PRESS_BLD_NONINV_SYS') continue;
      expect(picture.mode).toBe('demo');
      const { confirmed, measuredAtMs } = event.episode ?? {};
      if (confirmed && typeof measuredAtMs === 'number') readings.set(measuredAtMs, event.value);
    }
  });
  return {
    timeline,
    link,
    readings,
    failures,
    run: (seconds: number) => timeline.advance(seconds * 1_000),
    picture: () => picture,
    sys: () => picture.metrics.get('MDC_PRESS_BLD_NONINV_SYS'),
    freshness: () => freshnessOf(picture, timeline.monotonicMs()),
    truth: () => link.describe() as unknown as Truth,
  };
}

describe('driver and simulator, two codecs that never met', () => {
  test('within 2 s it is known what the module is and does', () => {
    const bed = bedside();
    bed.run(2);
    expect(bed.picture()).toMatchObject({ mode: 'demo', alerts: { list: [] } });
    expect(bed.picture().cuff).toMatchObject({ state: 'idle', cycleMs: 900_000 });
  });

  test('four hours: each measurement is a reading once, at its time, with its numbers', () => {
    const bed = bedside({ seed: 5 });
    let known = 0;
    for (let second = 0; second < 4 * 3_600; second += 1) {
      bed.run(1);
      if (bed.readings.size === known) continue;
      known = bed.readings.size;
      const { result, endedAtMs } = bed.truth();
      expect(bed.sys()?.value).toBe(result?.sys);
      expect(bed.picture().metrics.get('MDC_PRESS_BLD_NONINV_DIA')?.value).toBe(result?.dia);
      expect(bed.picture().metrics.get('MDC_PRESS_BLD_NONINV_MEAN')?.value).toBe(result?.map);
      const lateMs = ([...bed.readings.keys()].at(-1) ?? 0) - (endedAtMs ?? 0);
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(100);
    }
    expect(known).toBe(bed.truth().readings);
    expect(known).toBe(16);
    expect(bed.picture().counters).toMatchObject({
      framesRejected: 0,
      repliesMissed: 0,
      bytesDropped: 0,
      writesRefused: 0,
    });
    expect(bed.link.describe()).toMatchObject({ commands: 0, garbledMessages: 0 });
    expect(Object.keys(bed.truth().asked)).toEqual(['18']);
    expect(bed.freshness()).toBe('live');
  });

  test('live throughout a measurement, although nothing is asked', () => {
    const bed = bedside();
    for (let tenths = 0; tenths < 600; tenths += 1) {
      bed.timeline.advance(100);
      if (tenths > 5) expect(bed.freshness()).toBe('live');
    }
  });

  test.each([true, false])(
    'failed runs (blanks %s): told once each, the old reading stays old',
    (blanks) => {
      const bed = bedside({ blanks, sys: 130, dia: 80, map: 97, spread: 0 });
      bed.run(60);
      const [firstAtMs] = bed.readings.keys();
      bed.link.command('fail-next', { code: 7 });
      bed.link.command('measure');
      bed.run(60);
      bed.link.command('fail-next', { code: 11 });
      bed.link.command('measure');
      bed.run(60);
      expect([...bed.failures.values()]).toEqual(['air leak', 'movement']);
      expect(bed.readings.size).toBe(1);
      expect(bed.sys()).toMatchObject({ value: 130, episode: { measuredAtMs: firstAtMs } });
      bed.link.command('measure');
      bed.run(60);
      expect(bed.readings.size).toBe(2);
      expect(bed.picture().cuff).not.toHaveProperty('failed');
    },
  );

  test('a run that is stopped early and keeps the old numbers is no reading', () => {
    const bed = bedside({ spread: 0 });
    bed.run(60);
    bed.link.command('measure');
    bed.run(4);
    bed.link.command('stop');
    bed.run(20);
    expect(bed.readings.size).toBe(1);
    expect([...bed.failures.values()]).toEqual(['stopped before a reading']);
  });

  test('leak test and manometer: no reading and no failure', () => {
    const bed = bedside({ spread: 0 });
    bed.run(60);
    bed.link.command('leak-test');
    bed.run(10);
    expect(bed.picture().cuff?.state).toBe('unknown');
    bed.run(40);
    bed.link.command('manometer', { on: true });
    bed.run(30);
    bed.link.command('manometer', { on: false });
    bed.run(10);
    expect(bed.readings.size).toBe(1);
    expect(bed.failures.size).toBe(0);
    expect(bed.picture().cuff?.state).toBe('idle');
  });

  test.each(['no-pressures', 'no-end'])(
    'a module with %s: the reading is found all the same',
    (what) => {
      const bed = bedside();
      bed.link.command(what, { on: true });
      bed.run(60);
      expect(bed.readings.size).toBe(1);
      expect(bed.sys()).toMatchObject({ validity: 'valid', episode: { measuring: false } });
    },
  );

  test('a restart of the module in a run: failed, and no number is made up', () => {
    const bed = bedside();
    bed.run(15);
    bed.link.command('restart');
    bed.run(20);
    expect([...bed.failures.values()]).toEqual(['module restarted']);
    expect(bed.sys()).toMatchObject({ value: null, validity: 'not-available' });
    expect(bed.picture().cuff).toMatchObject({ cycleMs: null });
  });

  test('pulled and plugged in again: the reading does not become new', () => {
    const bed = bedside();
    bed.run(60);
    expect(bed.sys()?.episode?.confirmed).toBe(true);
    bed.link.unplug();
    bed.run(5);
    expect(bed.freshness()).toBe('lost');
    bed.link.plug();
    bed.run(10);
    expect(bed.freshness()).toBe('live');
    expect(bed.sys()?.episode).toEqual({ measuredAtMs: null, confirmed: false, measuring: false });
    expect(bed.readings.size).toBe(1);
  });

  test('pulled in the middle of a run and plugged in after it: age unknown', () => {
    const bed = bedside();
    bed.run(20);
    bed.link.unplug();
    bed.run(30);
    bed.link.plug();
    bed.run(10);
    expect(bed.readings.size).toBe(0);
    expect(bed.sys()).toMatchObject({ validity: 'valid', episode: { confirmed: false } });
  });

  test('the board with SpO2', () => {
    const bed = bedside({ combi: true }, { board: 'combi' });
    bed.run(60);
    expect(bed.readings.size).toBe(1);
    expect(bed.picture().counters.framesRejected).toBe(0);
  });

  test('flipped bits, cut and doubled frames, noise: no reading that was not measured', () => {
    const bed = bedside({ spread: 10, seed: 3 });
    const hits = { forMs: 4 * 3_600_000, probability: 0.15 };
    bed.link.fault({ kind: 'flip', bits: 1, ...hits });
    bed.link.fault({ kind: 'truncate', ...hits });
    bed.link.fault({ kind: 'noise', bytes: 5, ...hits });
    bed.link.fault({ kind: 'duplicate', ...hits });
    const true_ = new Set<number | null | undefined>();
    for (let second = 0; second < 4 * 3_600; second += 1) {
      bed.run(1);
      true_.add(bed.truth().result?.sys);
    }
    for (const value of bed.readings.values()) expect(true_).toContain(value);
    expect(bed.readings.size).toBeLessThanOrEqual(bed.truth().readings);
    expect(bed.readings.size).toBeGreaterThan(10);
    expect(bed.picture().counters.framesRejected).toBeGreaterThan(100);
  });
});

describe('asked to measure', () => {
  test.each([true, false])(
    'cycle, a module by hand that starts at once %s: set, and it measures',
    (atOnce) => {
      const bed = bedside({ cycleMin: 0, cycleStartsAtOnce: atOnce }, { measure: 'cycle' });
      bed.run(3_600);
      expect(bed.picture().cuff).toMatchObject({ cycleMs: 900_000 });
      expect(bed.truth().asked['10']).toBe(1);
      expect(bed.readings.size).toBeGreaterThanOrEqual(3);
      expect(bed.link.describe()).toMatchObject({ forbiddenCommands: 0, commands: 1 });
    },
  );

  test('timed: a reading every 15 min, started by the gateway', () => {
    const bed = bedside({ cycleMin: 0 }, { measure: 'timed' });
    bed.run(3_700);
    expect(bed.truth().asked['01']).toBe(4);
    expect(bed.readings.size).toBe(4);
  });

  test('a cuff that does not empty is let go after 3 min; what it shows is no reading', () => {
    const bed = bedside({ spread: 0 }, { measure: 'cycle' });
    bed.run(60);
    bed.link.command('stick', { on: true });
    bed.link.command('measure');
    bed.run(240);
    expect(bed.truth().asked['X']).toBe(1);
    expect([...bed.failures.values()]).toEqual(['took too long, stopped']);
    expect(bed.readings.size).toBe(1);
  });
});
