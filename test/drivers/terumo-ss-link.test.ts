import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { terumoSs } from '../../drivers/terumo-ss/driver.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { simulator } from '../../simulators/terumo-ss/index.ts';
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

const SEED = Number(process.env['SEED'] ?? 20_260_105);

/** The driver against its twin over a paced line, in virtual time. */
function bedside(options: Readonly<Record<string, unknown>> = {}) {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: simulator, name: 'bench', timeline, options, seed: SEED });
  const driver = terumoSs as Driver;
  let picture: DevicePicture = newDevicePicture(
    {
      deviceId: 'pump',
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
  // The port says `real`, so that the mark must come from the pump's own bytes.
  const port = guarded(memoryPort('bench', link, timeline, 'real'), driver.queries);
  const faults: unknown[] = [];
  subscription = deviceLink({
    driver,
    options: {},
    port,
    timeline,
    onFault: (error) => faults.push(error),
  }).subscribe((batch) => {
    for (const event of batch) picture = nextDevicePicture(picture, event);
  });
  return {
    timeline,
    link,
    faults,
    picture: () => picture,
    flow: () => picture.metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT'),
    value: (code: Parameters<DevicePicture['metrics']['get']>[0]) =>
      picture.metrics.get(code)?.value,
    fact: (code: Parameters<DevicePicture['facts']['get']>[0]) => picture.facts.get(code)?.text,
    alarms: () => picture.alerts?.list.map(({ code }) => code),
    freshness: () => freshnessOf(picture, timeline.monotonicMs()),
  };
}

describe('driver and simulator, two codecs that never met', () => {
  test('within 2 s everything that the pump can tell is known, and that it is simulated', () => {
    const bed = bedside({
      rateMlPerH: 12.5,
      vtbiMl: 40,
      doseMode: 'mg/kg/h',
      doseRate: 0.36,
      weightKg: 70,
      dilution: 2,
    });
    bed.timeline.advance(2_000);
    expect(bed.picture()).toMatchObject({
      mode: 'demo',
      identity: { serial: 'SIM000000000000000000001', firmware: '04.03' },
      pumpStatus: { status: 'infusing', raw: 'start 10' },
      alerts: { list: [] },
    });
    expect([...bed.picture().metrics.keys()].sort()).toEqual([...terumoSs.reports].sort());
    expect([...bed.picture().facts.keys()].sort()).toEqual([...terumoSs.facts].sort());
    expect(bed.value('MDC_FLOW_FLUID_PUMP')).toBe(12.5);
    expect(bed.value('MDCX_RATE_DOSE_WEIGHT')).toBe(0.36);
    expect(bed.value('MDC_ATTR_PT_WEIGHT')).toBe(70);
    expect(bed.value('MDC_CONC_DRUG')).toBe(2);
    expect(bed.fact('power')).toBe('mains');
    expect(bed.fact('battery')).toBe('5 of 5 bars');
    expect(bed.fact('syringe')).toBe('50/60 mL');
  });

  test.each(['TE-SS730', 'TE-SS830', 'TE-SS830P'])(
    'an hour with a %s: what the gateway knows is what the pump did, and nothing else was asked',
    (model) => {
      const bed = bedside({ model, rateMlPerH: 12.5, vtbiMl: 40 });
      bed.timeline.advance(3_600_000);
      const truth = bed.link.describe();
      expect(bed.value('MDC_VOL_FLUID_DELIV_TOTAL')).toBeCloseTo(Number(truth['deliveredMl']), 1);
      expect(bed.value('MDC_VOL_FLUID_TBI')).toBeCloseTo(Number(truth['vtbiMl']), 0);
      expect(bed.flow()).toMatchObject({ value: 12.5, validity: 'valid' });
      expect(truth).toMatchObject({ askedForId: 1, forbidden: [], garbledPackets: 0 });
      expect(bed.picture().counters).toMatchObject({
        framesRejected: 0,
        repliesMissed: 0,
        bytesDropped: 0,
        writesRefused: 0,
        impossibleValues: 0,
      });
      expect(bed.faults).toEqual([]);
    },
  );

  test('an occlusion is known within 2.1 s of the pump raising it, and its end', () => {
    const bed = bedside();
    bed.timeline.advance(60_000);
    bed.link.command('occlude', { on: true });
    for (let tenths = 0; !bed.link.describe()['sounding'] && tenths < 3_000; tenths++) {
      bed.timeline.advance(100);
    }
    expect(bed.value('MDCX_PRESS_INFUS_OF_LIMIT')).toBe(75);
    bed.timeline.advance(2_100);
    expect(bed.picture().alerts?.list).toMatchObject([{ code: 'occlusion', priority: 'high' }]);
    expect(bed.picture().pumpStatus?.status).toBe('stopped');
    expect(bed.flow()).toMatchObject({ value: 0, validity: 'valid' });

    bed.link.command('occlude', { on: false });
    bed.timeline.advance(5_000);
    bed.link.command('start');
    bed.timeline.advance(2_100);
    expect(bed.alarms()).toEqual([]);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('bolus, purge and standby: each is told, and the set rate is not their flow', () => {
    const bed = bedside();
    bed.timeline.advance(60_000);
    const state = () => bed.picture().pumpStatus?.status;
    bed.link.command('bolus', { ml: 2 });
    bed.timeline.advance(2_100);
    expect(state()).toBe('bolus');
    expect(bed.flow()).toMatchObject({ value: null, validity: 'not-available' });
    bed.timeline.advance(60_000);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
    bed.link.command('purge');
    bed.timeline.advance(2_100);
    expect(state()).toBe('purge');
    bed.link.command('standby');
    bed.timeline.advance(2_100);
    expect(state()).toBe('standby');
    expect(bed.flow()).toMatchObject({ value: 0, validity: 'valid' });
  });

  test('VTBI done: completion, stopped', () => {
    const bed = bedside({ rateMlPerH: 120, vtbiMl: 2 });
    bed.timeline.advance(63_000);
    expect(bed.alarms()).toEqual(['completion']);
    expect(bed.picture().pumpStatus?.status).toBe('stopped');
  });

  test('mains pulled, the battery goes down', () => {
    const bed = bedside();
    bed.link.command('power', { mains: false, bars: 2 });
    bed.link.command('alarm', { name: 'battery' });
    bed.timeline.advance(3_000);
    expect([bed.fact('power'), bed.fact('battery')]).toEqual(['battery', '2 of 5 bars']);
    expect(bed.alarms()).toEqual(['battery']);
  });

  test('a pump that writes its state in the other half of the byte is never shown as stopped', () => {
    const bed = bedside({ stateInLowNibble: true });
    for (let seconds = 0; seconds < 300; seconds++) {
      bed.timeline.advance(1_000);
      expect(bed.picture().pumpStatus?.status ?? 'unknown').toBe('unknown');
      expect(bed.flow()?.value ?? null).toBeNull();
    }
  });

  test('a plunger that stands still while the pump says start is found out', () => {
    const bed = bedside();
    bed.timeline.advance(60_000);
    bed.link.command('stall', { on: true });
    bed.timeline.advance(60_000);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'questionable' });
    bed.link.command('stall', { on: false });
    bed.timeline.advance(60_000);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('docked in the rack: stale, then lost; undocked: live within 5 s, the flow at once', () => {
    const bed = bedside();
    bed.timeline.advance(60_000);
    bed.link.command('dock', { on: true });
    bed.timeline.advance(7_500);
    expect(bed.freshness()).toBe('stale');
    bed.timeline.advance(5_000);
    expect(bed.freshness()).toBe('lost');
    bed.timeline.advance(600_000);
    bed.link.command('dock', { on: false });
    bed.timeline.advance(4_200);
    expect(bed.freshness()).toBe('live');
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('unplugged and plugged in again: lost at once, back within 2 s', () => {
    const bed = bedside();
    bed.timeline.advance(60_000);
    bed.link.unplug();
    bed.timeline.advance(20_000);
    expect(bed.freshness()).toBe('lost');
    bed.link.plug();
    bed.timeline.advance(2_000);
    expect(bed.freshness()).toBe('live');
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('another pump at the address is another serial number, within 9 s', () => {
    const bed = bedside();
    bed.timeline.advance(5_000);
    bed.link.command('set-devid', { devid: 'SIM000000000000000000777' });
    bed.timeline.advance(9_000);
    expect(bed.picture().identity.serial).toBe('SIM000000000000000000777');
  });

  test('a pump that refuses: its old flow does not stay, and it is not live', () => {
    const bed = bedside();
    bed.timeline.advance(60_000);
    bed.link.command('set-result', { result: 0x12 });
    bed.timeline.advance(2_100);
    expect(bed.flow()).toMatchObject({ value: null, validity: 'invalid' });
    expect(bed.picture().pumpStatus?.status).toBe('unknown');
    bed.timeline.advance(12_000);
    expect(bed.freshness()).toBe('lost');
  });

  test(`on a wire that flips bits, cuts and adds noise no wrong value is ever shown (seed ${SEED})`, () => {
    const bed = bedside({ rateMlPerH: 12.5, vtbiMl: 40 });
    bed.timeline.advance(60_000);
    const hits = { forMs: 1_200_000, probability: 0.2 };
    bed.link.fault({ kind: 'flip', bits: 1, ...hits });
    bed.link.fault({ kind: 'noise', bytes: 5, ...hits });
    bed.link.fault({ kind: 'truncate', ...hits });
    bed.link.fault({ kind: 'duplicate', ...hits });
    bed.link.fault({ kind: 'late', delayMs: 1_700, ...hits });
    for (let tenths = 0; tenths < 12_000; tenths++) {
      bed.timeline.advance(100);
      expect(bed.flow()).toMatchObject({ value: 12.5 });
      expect(bed.flow()?.validity).not.toBe('invalid');
      expect(bed.alarms()).toEqual([]);
      const missing = Number(bed.link.describe()['deliveredMl']) - (bed.value(DELIVERED) ?? 0);
      expect(missing).toBeGreaterThan(-0.011);
    }
    expect(bed.picture().counters.framesRejected).toBeGreaterThan(50);
    expect(bed.link.describe()).toMatchObject({ forbidden: [], garbledPackets: 0 });
  });
});

const DELIVERED = 'MDC_VOL_FLUID_DELIV_TOTAL';
