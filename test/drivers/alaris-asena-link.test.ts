import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { asenaQueries } from '../../drivers/alaris-asena/codec.ts';
import { alarisAsena } from '../../drivers/alaris-asena/driver.ts';
import { simulator } from '../../simulators/alaris-asena/index.ts';
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
  const driver = alarisAsena as Driver;
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
    freshness: () => freshnessOf(picture, timeline.monotonicMs()),
  };
}

const VITAL: readonly string[] = ['INF', 'ALARM'];

describe('driver and simulator, two codecs that never met', () => {
  test('within 2 s everything that the pump can tell is known, and that it is simulated', () => {
    const bed = bedside({ rateMlPerH: 12.5, vtbiMl: 40 });
    bed.timeline.advance(2_000);
    expect(bed.picture()).toMatchObject({
      mode: 'demo',
      identity: { serial: 'SIM1-00001', firmware: 'Asena Rev 2.1.5' },
      pumpStatus: { status: 'infusing', raw: 'SET' },
      alerts: { list: [] },
    });
    expect(bed.flow()).toMatchObject({ value: 12.5, validity: 'valid' });
    expect([...bed.picture().metrics.keys()].sort()).toEqual([...alarisAsena.reports].sort());
  });

  test('an hour: what the gateway knows is what the pump did, and no command was ever sent', () => {
    const bed = bedside({ rateMlPerH: 12.5, vtbiMl: 40 });
    bed.timeline.advance(3_600_000);
    const truth = bed.link.describe();
    expect(bed.value('MDC_VOL_FLUID_DELIV_TOTAL')).toBeCloseTo(Number(truth['infusedMl']), 1);
    expect(bed.value('MDC_VOL_FLUID_TBI')).toBeCloseTo(Number(truth['vtbiMl']), 1);
    expect(truth).toMatchObject({
      refusedCommands: 0,
      forbidden: [],
      garbledFrames: 0,
      overlappingQuestions: 0,
    });
    expect(bed.picture().counters).toMatchObject({
      framesRejected: 0,
      repliesMissed: 0,
      bytesDropped: 0,
      writesRefused: 0,
      impossibleValues: 0,
    });
    expect(bed.faults).toEqual([]);
  });

  test('an occlusion alarm is known within 2 s of the pump raising it', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.command('occlude', { on: true });
    for (let tenths = 0; bed.link.describe()['alarm'] === null && tenths < 3_000; tenths++) {
      bed.timeline.advance(100);
    }
    bed.timeline.advance(2_000);
    expect(bed.picture().alerts?.list).toMatchObject([{ code: 'AL_OCCLU', priority: 'high' }]);
    expect(bed.picture().pumpStatus).toMatchObject({ status: 'stopped', raw: 'HLD' });
    expect(bed.flow()).toMatchObject({ value: 0, validity: 'valid' });

    bed.link.command('occlude', { on: false });
    bed.timeline.advance(5_000);
    bed.link.command('start');
    bed.timeline.advance(2_000);
    expect(bed.picture().alerts?.list).toEqual([]);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('an idle pump that shows its programmed rate is found out within 65 s', () => {
    const bed = bedside({ running: false, idleShowsRate: true });
    bed.timeline.advance(65_000);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'questionable' });
    bed.link.command('start');
    bed.timeline.advance(2_000);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('KVO: the flow is shown and not trusted', () => {
    const bed = bedside({ rateMlPerH: 60, vtbiMl: 0.5, vtbiEnd: 'kvo' });
    bed.timeline.advance(40_000);
    expect(bed.picture().alerts?.list).toMatchObject([{ code: 'AL_VTBIK' }]);
    expect(bed.flow()).toMatchObject({ validity: 'questionable' });
  });

  test('a pump that only answers INF and ALARM stays live', () => {
    const bed = bedside();
    bed.link.command('mute-words', {
      words: asenaQueries.all.map(({ name }) => name).filter((name) => !VITAL.includes(name)),
    });
    for (let second = 0; second < 600; second++) {
      bed.timeline.advance(1_000);
      expect(bed.timeline.monotonicMs() - (bed.flow()?.atMs ?? 0)).toBeLessThanOrEqual(1_100);
    }
  });

  test('on a wire that flips bits, cuts and adds noise no wrong value is ever valid', () => {
    const bed = bedside({ rateMlPerH: 12.5, vtbiMl: 40 });
    const hits = { forMs: 600_000, probability: 0.2 };
    bed.link.fault({ kind: 'flip', bits: 1, ...hits });
    bed.link.fault({ kind: 'noise', bytes: 5, ...hits });
    bed.link.fault({ kind: 'truncate', ...hits });
    bed.link.fault({ kind: 'duplicate', ...hits });
    bed.link.fault({ kind: 'late', delayMs: 1_700, ...hits });
    for (let tenths = 0; tenths < 6_000; tenths++) {
      bed.timeline.advance(100);
      const flow = bed.flow();
      if (flow !== undefined) expect(flow).toMatchObject({ value: 12.5, validity: 'valid' });
      expect(bed.picture().alerts?.list ?? []).toEqual([]);
    }
    expect(bed.picture().counters.framesRejected).toBeGreaterThan(100);
    expect(bed.link.describe()).toMatchObject({ refusedCommands: 0, forbidden: [] });
  });

  test('unplugged and plugged in again: lost at once, back within 2 s', () => {
    const bed = bedside();
    bed.timeline.advance(5_000);
    bed.link.unplug();
    bed.timeline.advance(20_000);
    expect(bed.freshness()).toBe('lost');
    bed.link.plug();
    bed.timeline.advance(2_000);
    expect(bed.freshness()).toBe('live');
  });

  test('another pump on the cable is another serial number', () => {
    const bed = bedside();
    bed.timeline.advance(5_000);
    bed.link.command('set-serial', { serial: 'SIM1-00777' });
    bed.timeline.advance(1_500);
    expect(bed.picture().identity.serial).toBe('SIM1-00777');
  });

  test.each([
    { model: 'GH', said: 'GH (by serial number)' },
    { model: 'CC', said: 'CC (by serial number)' },
    { model: 'TIVA', said: 'TIVA (by serial number)' },
    { model: 'PK', said: 'PK (by serial number)' },
  ])('a $model is known as one, and as simulated', ({ model, said }) => {
    const bed = bedside({ model });
    bed.timeline.advance(2_000);
    expect(bed.picture()).toMatchObject({ mode: 'demo', identity: { model: said } });
  });

  test('a pump without a pressure disc: no pressure, and all else', () => {
    const bed = bedside({ tellsPressure: false });
    bed.timeline.advance(2_000);
    expect(bed.picture().metrics.get('MDCX_PRESS_INFUS_LINE')).toMatchObject({
      value: null,
      validity: 'not-available',
    });
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('another syringe is known within 2 s, and not confirmed is said', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    expect(bed.picture().facts.get('syringe')).toMatchObject({ text: 'BD PLASTIPAK 50' });
    bed.link.command('replace-syringe', { ml: 20, make: 'BBRAUN OMNIFIX', sizeMl: 20 });
    bed.timeline.advance(2_000);
    expect(bed.picture().facts.get('syringe')).toMatchObject({
      text: 'BBRAUN OMNIFIX 20',
      validity: 'valid',
    });
    bed.link.command('confirm-syringe', { on: false });
    bed.timeline.advance(11_000);
    expect(bed.picture().facts.get('syringe')).toMatchObject({ validity: 'questionable' });
  });

  test('a new rate on hold: the programmed rate follows within 2 s, the flow stays 0', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.command('hold');
    bed.link.command('set-rate', { mlPerH: 25 });
    bed.timeline.advance(2_000);
    expect(bed.value('MDC_FLOW_FLUID_PUMP')).toBe(25);
    expect(bed.flow()).toMatchObject({ value: 0, validity: 'valid' });
  });

  test('mains and battery by the alarms', () => {
    const bed = bedside();
    const power = () => bed.picture().facts.get('power')?.text;
    bed.link.command('mains', { on: false });
    bed.timeline.advance(2_000);
    expect(bed.picture().alerts?.list).toMatchObject([{ code: 'AL_ACDIS', ruleId: 'PMP-08' }]);
    expect(power()).toBe('battery');
    bed.link.command('battery', { charge: 'low' });
    bed.timeline.advance(2_000);
    expect(bed.picture().alerts?.list).toMatchObject([{ code: 'AL_LWBAT', ruleId: 'PMP-07' }]);
    bed.link.command('mains', { on: true });
    bed.timeline.advance(2_000);
    expect(power()).toBe('mains');
    bed.link.command('battery', { charge: 'full' });
    bed.timeline.advance(2_000);
    expect(bed.picture().alerts?.list).toEqual([]);
    expect(power()).toBeNull();
  });

  test('a pump that becomes slow and quick again is read all the time', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.command('set-reply-delay', { ms: 1_500 });
    for (let second = 0; second < 300; second++) {
      bed.timeline.advance(1_000);
      expect(bed.timeline.monotonicMs() - (bed.flow()?.atMs ?? 0)).toBeLessThanOrEqual(5_000);
    }
    bed.link.command('set-reply-delay', { ms: 20 });
    bed.timeline.advance(30_000);
    const before = bed.picture().counters;
    bed.timeline.advance(60_000);
    const after = bed.picture().counters;
    expect(after.repliesMissed).toBe(before.repliesMissed);
    expect(after.framesRejected).toBe(before.framesRejected);
    expect(after.framesAccepted - before.framesAccepted).toBeGreaterThan(100);
  });

  test('a cleared counter starts again at 0 and is believed', () => {
    const bed = bedside();
    bed.timeline.advance(600_000);
    bed.link.command('clear-volume');
    bed.timeline.advance(60_000);
    const volume = bed.picture().metrics.get('MDC_VOL_FLUID_DELIV_TOTAL');
    expect(volume?.validity).toBe('valid');
    expect(volume?.value).toBeCloseTo(10 / 60, 2);
  });
});
