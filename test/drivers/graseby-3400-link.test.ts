import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { graseby3400 } from '../../drivers/graseby-3400/driver.ts';
import { simulator } from '../../simulators/graseby-3400/index.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
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

/** The driver against its twin over a paced line, in virtual time. */
function bedside(options: Readonly<Record<string, unknown>> = {}) {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: simulator, name: 'bench', timeline, options });
  const driver = graseby3400 as Driver;
  let picture: DevicePicture = newDevicePicture(
    {
      deviceId: 'pump',
      bedId: 'B01',
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
  // The port says `real`, so that the mark must come from the pump's own bytes.
  const port = guarded(memoryPort('bench', link, timeline, 'real'), driver.queries);
  subscription = deviceLink({ driver, options: {}, port, timeline }).subscribe((batch) => {
    for (const event of batch) picture = nextDevicePicture(picture, event);
  });
  return {
    timeline,
    link,
    picture: () => picture,
    flow: () => picture.metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT'),
    freshness: () => freshnessOf(picture, timeline.monotonicMs()),
  };
}

describe('driver and simulator, two codecs that never met', () => {
  test('within 2 s everything that the pump can tell is known, and that it is simulated', () => {
    const bed = bedside();
    bed.timeline.advance(2_000);
    expect(bed.picture()).toMatchObject({
      mode: 'demo',
      pumpStatus: { status: 'infusing', raw: 'INFS' },
      alerts: { list: [] },
    });
    expect([...bed.picture().metrics.keys()].sort()).toEqual([...graseby3400.reports].sort());
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'questionable' });
  });

  test('an hour: rate and total are those of the pump, and no command was ever sent', () => {
    const bed = bedside({ rateMlPerH: 12.5 });
    bed.timeline.advance(3_600_000);
    const truth = bed.link.describe();
    expect(bed.flow()).toMatchObject({ value: 12.5, validity: 'valid' });
    expect(bed.picture().metrics.get('MDC_VOL_FLUID_DELIV_TOTAL')?.value).toBeCloseTo(
      Number(truth['totalMl']),
      0,
    );
    expect(truth).toMatchObject({ forbiddenCommands: 0, garbledMessages: 0 });
    expect(bed.picture().counters).toMatchObject({
      framesRejected: 0,
      repliesMissed: 0,
      bytesDropped: 0,
      writesRefused: 0,
    });
  });

  test('START pressed at the pump: lost within 12 s, never "stopped"; STOP: back', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.command('press-start');
    bed.timeline.advance(12_000);
    expect(bed.freshness()).toBe('lost');
    expect(bed.picture().pumpStatus?.status).not.toBe('stopped');
    expect(bed.link.describe()['flowMlPerH']).toBe(10);
    bed.link.command('press-stop');
    bed.timeline.advance(3_000);
    expect(bed.freshness()).toBe('live');
    expect(bed.flow()).toMatchObject({ value: 0, validity: 'valid' });
  });

  test('an alarm is known within 2 s; which one is not', () => {
    const bed = bedside({ syringeMl: 0.5, rateMlPerH: 600 });
    bed.timeline.advance(6_000);
    expect(bed.picture().alerts?.list).toMatchObject([{ code: 'ALRM', ruleId: 'PMP-10' }]);
    expect(bed.flow()).toMatchObject({ value: null, validity: 'invalid' });
  });

  test.each([1, 100])('a pump that tells %s for 1 mL/h: its rate is never valid', (rateScale) => {
    const bed = bedside({ rateMlPerH: 30, rateScale });
    for (let minutes = 0; minutes < 60; minutes += 1) {
      bed.timeline.advance(60_000);
      expect(bed.flow()?.validity).toBe('questionable');
    }
  });

  test('refused by the pump: the state is unknown, and the pump is not lost', () => {
    const bed = bedside();
    bed.timeline.advance(5_000);
    bed.link.command('refuse-all', { on: true });
    bed.timeline.advance(20_000);
    expect(bed.freshness()).toBe('live');
    expect(bed.picture().pumpStatus).toMatchObject({ status: 'unknown', raw: 'CE INFS' });
    expect(bed.flow()).toMatchObject({ value: null, validity: 'invalid' });
    bed.link.command('refuse-all', { on: false });
    bed.timeline.advance(3_000);
    expect(bed.picture().pumpStatus?.status).toBe('infusing');
  });

  test('on a wire that flips bits, cuts and adds noise no wrong rate is ever shown', () => {
    const bed = bedside({ rateMlPerH: 12.5 });
    const hits = { forMs: 600_000, probability: 0.2 };
    bed.link.fault({ kind: 'flip', bits: 1, ...hits });
    bed.link.fault({ kind: 'noise', bytes: 5, ...hits });
    bed.link.fault({ kind: 'truncate', ...hits });
    bed.link.fault({ kind: 'duplicate', ...hits });
    bed.link.fault({ kind: 'late', delayMs: 2_700, ...hits });
    for (let tenths = 0; tenths < 6_000; tenths += 1) {
      bed.timeline.advance(100);
      expect([undefined, null, 12.5]).toContain(bed.flow()?.value);
      expect(bed.picture().alerts?.list ?? []).toEqual([]);
    }
    expect(bed.picture().counters.framesRejected).toBeGreaterThan(100);
    expect(bed.link.describe()['forbidden']).toEqual([]);
  });

  test('unplugged and plugged in again: lost at once, back within 2 s, the rate to be confirmed anew', () => {
    const bed = bedside({ rateMlPerH: 60 });
    bed.timeline.advance(120_000);
    expect(bed.flow()?.validity).toBe('valid');
    bed.link.unplug();
    bed.timeline.advance(20_000);
    expect(bed.freshness()).toBe('lost');
    bed.link.plug();
    bed.timeline.advance(2_000);
    expect(bed.freshness()).toBe('live');
    expect(bed.flow()?.validity).toBe('questionable');
  });
});
