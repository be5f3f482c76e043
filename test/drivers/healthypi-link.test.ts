import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { healthyPi } from '../../drivers/healthypi/driver.ts';
import { simulator } from '../../simulators/healthypi/index.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import type { Driver } from '../../src/driver/contract.ts';
import {
  type DevicePicture,
  freshnessOf,
  newDevicePicture,
  nextDevicePicture,
} from '../../src/observation/device-picture.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import type { WaveSeen } from '../../src/observation/wave.ts';
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
  const driver = healthyPi as Driver;
  let picture: DevicePicture = newDevicePicture(
    {
      deviceId: 'board',
      bedId: 'BENCH',
      role: driver.role,
      driverId: driver.id,
      freshness: driver.freshness,
      reports: driver.reports,
      factsTold: [],
      alertsDecoded: 'some',
      mode: 'real',
    },
    0,
  );
  const waves: WaveSeen[] = [];
  // The port says `real`, so that the mark must come from the board's own bytes.
  const port = guarded(memoryPort('bench', link, timeline, 'real'), driver.queries);
  subscription = deviceLink({ driver, options: {}, port, timeline }).subscribe((batch) => {
    for (const event of batch) {
      picture = nextDevicePicture(picture, event);
      if (event.kind === 'wave' || event.kind === 'metric') expect(picture.mode).toBe('demo');
      if (event.kind === 'wave') waves.push(event);
    }
  });
  return {
    timeline,
    link,
    waves: (code: string) => waves.filter((wave) => wave.code === code),
    run: (seconds: number) => timeline.advance(seconds * 1_000),
    picture: () => picture,
    metric: (code: MetricCode) => picture.metrics.get(code),
    freshness: () => freshnessOf(picture, timeline.monotonicMs()),
  };
}

describe('driver and simulator, two codecs that never met', () => {
  test('v4: curves without a gap, numbers that are never valid, nothing written', () => {
    const bed = bedside({ hr: 66 });
    bed.run(60);
    const blocks = bed.waves('MDC_ECG_ELEC_POTL');
    expect(blocks.length).toBe(Math.floor((60 * 125 - 1) / 25));
    blocks.forEach((block, at) => {
      expect(block.firstIndex).toBe(at * 25);
      expect(block.validity).toBe('questionable');
    });
    expect(Math.max(...blocks.flatMap(({ samples }) => [...samples]))).toBeGreaterThan(3_500);
    expect(bed.metric('MDC_ECG_HEART_RATE')).toMatchObject({
      value: 66,
      validity: 'questionable',
    });
    expect(bed.picture().counters).toMatchObject({ framesRejected: 0, bytesDropped: 0 });
    expect(bed.link.describe()).toMatchObject({ forbiddenBytes: 0 });
    expect(bed.link.overrunBytes()).toBe(0);
  });

  test.each([true, false])(
    'v4 leads off, noticed by its bits: %s; no rate stays either way',
    (notices) => {
      const bed = bedside({ noticesLeadsOff: notices });
      bed.run(5);
      bed.link.command('leads-off', { on: true });
      bed.run(3);
      expect(bed.metric('MDC_ECG_HEART_RATE')).toMatchObject({ value: null, validity: 'invalid' });
      expect(bed.waves('MDC_ECG_ELEC_POTL').at(-1)?.validity).toBe('invalid');
      expect(bed.picture().alerts?.list).toHaveLength(notices ? 1 : 0);
      bed.link.command('leads-off', { on: false });
      bed.run(3);
      expect(bed.metric('MDC_ECG_HEART_RATE')?.value).toBe(72);
      expect(bed.picture().alerts?.list).toEqual([]);
    },
  );

  test('v4 with a heart that stands still: the curve goes on and is not called leads off', () => {
    const bed = bedside();
    bed.run(5);
    bed.link.command('set', { hr: 0 });
    bed.run(5);
    expect(bed.waves('MDC_ECG_ELEC_POTL').at(-1)?.validity).toBe('questionable');
    expect(bed.metric('MDC_ECG_HEART_RATE')).toMatchObject({ value: null });
  });

  test('v5: curves; a saturation that the firmware would hide is not shown at all', () => {
    const bed = bedside({ firmware: 'v5' });
    bed.run(10);
    bed.link.command('set', { spo2: 70 });
    bed.link.command('leads-off', { on: true });
    bed.run(10);
    expect(bed.waves('MDC_PULS_OXIM_PLETH').length).toBeGreaterThan(100);
    expect(bed.waves('MDC_ECG_ELEC_POTL').at(-1)?.reason).toContain('no signal');
    for (const code of healthyPi.reports) {
      expect(bed.metric(code)).toMatchObject({ value: null, validity: 'invalid' });
    }
    expect(bed.picture().counters.framesRejected).toBe(0);
  });

  test('silence: lost after 10 s, and back', () => {
    const bed = bedside();
    bed.run(5);
    bed.link.fault({ kind: 'silence', forMs: 15_000 });
    bed.run(12);
    expect(bed.freshness()).toBe('lost');
    bed.run(6);
    expect(bed.freshness()).toBe('live');
    const indexes = bed.waves('MDC_ECG_ELEC_POTL').map(({ firstIndex }) => firstIndex);
    expect(indexes.at(-1)).toBeGreaterThan(20 * 125);
  });

  test('cut frames and noise: dropped or rejected, and in sync again within a second', () => {
    const bed = bedside();
    bed.run(2);
    for (let round = 0; round < 50; round += 1) {
      bed.link.fault({ kind: 'truncate', frames: 2 });
      bed.link.fault({ kind: 'noise', bytes: 30, frames: 1 });
      bed.run(1);
      expect(bed.freshness()).toBe('live');
    }
    expect(bed.picture().counters.bytesDropped).toBeGreaterThan(100);
    expect([72, null]).toContain(bed.metric('MDC_ECG_HEART_RATE')?.value);
  });
});
