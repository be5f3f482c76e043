import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { freseniusVial } from '../../drivers/fresenius-vial/driver.ts';
import { simulator } from '../../simulators/fresenius-vial/index.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import type { Driver } from '../../src/driver/contract.ts';
import {
  type DevicePicture,
  freshnessOf,
  newDevicePicture,
  nextDevicePicture,
} from '../../src/observation/device-picture.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import { sharedLine } from '../../src/pipeline/line.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

const driver = freseniusVial as Driver;
let subscriptions: Subscription[] = [];
afterEach(() => {
  for (const subscription of subscriptions) subscription.unsubscribe();
  subscriptions = [];
});

const newPicture = (module: string): DevicePicture =>
  newDevicePicture(
    {
      deviceId: `module-${module}`,
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

/** The driver against its twin over a paced line, in virtual time, as a gateway with these modules sees it. */
function bedside(
  modules: readonly string[] = ['1'],
  options: Readonly<Record<string, unknown>> = {},
) {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: simulator, name: 'bench', timeline, options });
  const faults: unknown[] = [];
  const line = sharedLine({
    driver,
    options: driver.options.parse({}),
    channels: modules,
    // The port says `real`, so that the mark must come from the bytes.
    port: guarded(memoryPort('bench', link, timeline, 'real'), driver.queries),
    timeline,
    onFault: (error) => faults.push(error),
  });
  const pictures = new Map(modules.map((module) => [module, newPicture(module)]));
  for (const module of modules) {
    subscriptions.push(
      line.eventsOf(module).subscribe((batch) => {
        for (const event of batch) {
          pictures.set(
            module,
            nextDevicePicture(pictures.get(module) ?? newPicture(module), event),
          );
        }
      }),
    );
  }
  const picture = (module = '1'): DevicePicture => pictures.get(module) ?? newPicture(module);
  return {
    timeline,
    link,
    faults,
    picture,
    metric: (code: MetricCode, module?: string) => picture(module).metrics.get(code),
    flow: (module?: string) => picture(module).metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT'),
    freshness: (module?: string) => freshnessOf(picture(module), timeline.monotonicMs()),
    truth: () => link.describe(),
    moduleTruth: (module = '1') =>
      (link.describe()['modules'] as Record<string, Record<string, number>>)[module] ?? {},
  };
}

describe('driver and simulator, two codecs that never met', () => {
  test('within 3 s everything that a module can tell is known, and that it is simulated', () => {
    const bed = bedside();
    bed.timeline.advance(3_000);
    expect(bed.picture()).toMatchObject({
      mode: 'demo',
      identity: { serial: 'SIM-1', model: 'DPS simulated' },
      pumpStatus: { status: 'unknown', raw: 'mSIM1' },
      alerts: { list: [] },
      unassigned: ['2'],
    });
    expect(bed.picture().facts.get('drug')).toMatchObject({ text: 'Ketamine' });
    expect([...bed.picture().metrics.keys()].sort()).toEqual([...freseniusVial.reports].sort());
  });

  test('an hour of two modules: what the gateway knows is what they did, and nothing else was sent', () => {
    const bed = bedside(['1', '2']);
    bed.timeline.advance(3_600_000);
    for (const module of ['1', '2']) {
      expect(bed.flow(module)).toMatchObject({
        value: bed.moduleTruth(module)['flowMlPerH'],
        validity: 'valid',
      });
      expect(bed.metric('MDC_VOL_FLUID_DELIV_TOTAL', module)?.value).toBeCloseTo(
        bed.moduleTruth(module)['volumeMl'] ?? 0,
        1,
      );
    }
    expect(bed.truth()).toMatchObject({
      forbiddenCommands: 0,
      garbledMessages: 0,
      linkDrops: 0,
      naks: 0,
    });
    expect(bed.truth()['enquiries']).toBeGreaterThan(1_700);
    expect(bed.picture().counters).toMatchObject({
      framesRejected: 0,
      repliesMissed: 0,
      bytesDropped: 0,
      writesRefused: 0,
    });
    expect(bed.faults).toEqual([]);
  });

  test('an ENQ in the middle of every frame: the base never drops us', () => {
    const bed = bedside();
    bed.link.command('enq-inside', { on: true });
    bed.timeline.advance(120_000);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
    expect(bed.truth()).toMatchObject({ linkDrops: 0, naks: 0 });
    expect(bed.picture().counters.framesRejected).toBe(0);
  });

  test('a base that waits 20 ms for its keep-alive is answered in time', () => {
    const bed = bedside(['1', '2'], { enqEveryMs: 100, enqPatienceMs: 20 });
    bed.timeline.advance(120_000);
    expect(bed.truth()['linkDrops']).toBe(0);
    expect(bed.flow('2')).toMatchObject({ value: 20, validity: 'valid' });
  });

  test('the base drops us: everything is opened anew within 4 s', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.command('drop-link');
    bed.timeline.advance(4_000);
    expect(bed.truth()['sessions']).toEqual(['0', '1']);
    expect(bed.freshness()).toBe('live');
  });

  test('the module forgets its session: opened again, at most one reading is lost', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.command('close-session', { place: 1 });
    bed.timeline.advance(2_500);
    expect(bed.truth()['sessions']).toEqual(['0', '1']);
    expect(bed.timeline.monotonicMs() - (bed.flow()?.atMs ?? 0)).toBeLessThan(1_500);
  });

  test('a module that is stopped and still tells its rate: no flow is shown as valid after 8 s', () => {
    const bed = bedside();
    bed.timeline.advance(30_000);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
    bed.link.command('stop', { place: 1 });
    bed.timeline.advance(8_000);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'questionable' });
    expect(bed.picture().pumpStatus?.status).toBe('unknown');
    bed.link.command('start', { place: 1 });
    bed.timeline.advance(12_000);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('a module that tells 0 when stopped: 0 after 10 s', () => {
    const bed = bedside(['1'], { tellsFlow: true });
    bed.timeline.advance(30_000);
    bed.link.command('stop', { place: 1 });
    bed.timeline.advance(14_000);
    expect(bed.flow()).toMatchObject({ value: 0, validity: 'valid' });
  });

  test('an alarm of the pump: something changed, within 2 s; what, nobody can tell', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.command('alarm', { place: 1, code: '22' });
    bed.timeline.advance(2_000);
    expect(bed.picture().alerts?.list).toMatchObject([
      { code: 'a-changed', ruleId: 'PMP-10', priority: 'medium', latches: true },
    ]);
    bed.link.command('alarm', { place: 1, code: null });
    bed.timeline.advance(2_000);
    expect(bed.picture().alerts?.list).toEqual([]);
  });

  test('told unasked, with the letter answered: values and alarms of the other module stay', () => {
    const bed = bedside(['1', '2']);
    bed.timeline.advance(10_000);
    bed.link.command('alarm', { place: 1, code: '22' });
    bed.link.command('tell', { place: 1, status: 'E', data: 'a22' });
    bed.link.command('tell', { place: 2, status: 'M', data: 'p1' });
    bed.timeline.advance(1_000);
    expect(bed.picture('1').alerts?.list).toMatchObject([{ code: 'a-changed' }]);
    expect(bed.picture('2').alerts?.list).toEqual([]);
    expect(bed.truth()['answersDue']).toBe(0);
  });

  test('taken out: gone within 3 s, its neighbour live; put back: live within 4 s', () => {
    const bed = bedside(['1', '2']);
    bed.timeline.advance(10_000);
    bed.link.command('remove-module', { place: 1 });
    bed.timeline.advance(3_000);
    expect(bed.picture('1').port).toMatchObject({
      state: 'closed',
      reason: 'No module in place 1',
    });
    expect(bed.freshness('1')).toBe('lost');
    expect(bed.freshness('2')).toBe('live');
    bed.link.command('insert-module', { place: 1, rateMlPerH: 5 });
    bed.timeline.advance(4_000);
    expect(bed.freshness('1')).toBe('live');
    expect(bed.metric('MDC_FLOW_FLUID_PUMP', '1')?.value).toBe(5);
  });

  test('unplugged and plugged in again: lost at once, back within 4 s', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.unplug();
    bed.timeline.advance(20_000);
    expect(bed.freshness()).toBe('lost');
    bed.link.plug();
    bed.timeline.advance(4_000);
    expect(bed.freshness()).toBe('live');
  });

  test('a base on which our old session is still open', () => {
    const bed = bedside(['1'], { refusesSecondOpen: true, enqPatienceMs: 60_000 });
    bed.timeline.advance(10_000);
    bed.link.unplug();
    bed.timeline.advance(5_000);
    bed.link.plug();
    bed.timeline.advance(5_000);
    expect(bed.freshness()).toBe('live');
  });

  test('the gateway stops: the sessions are closed at the base', () => {
    const bed = bedside(['1', '2']);
    bed.timeline.advance(10_000);
    expect(bed.truth()['sessions']).toEqual(['0', '1', '2']);
    for (const subscription of subscriptions) subscription.unsubscribe();
    bed.timeline.advance(1_000);
    expect(bed.truth()).toMatchObject({ sessions: [], linkDrops: 0, forbidden: [] });
  });

  test('on a wire that flips bits, cuts and adds noise no wrong rate is ever shown', () => {
    const bed = bedside();
    bed.timeline.advance(5_000);
    const hits = { forMs: 600_000, probability: 0.15 };
    bed.link.fault({ kind: 'flip', bits: 1, ...hits });
    bed.link.fault({ kind: 'noise', bytes: 4, ...hits });
    bed.link.fault({ kind: 'truncate', ...hits });
    bed.link.fault({ kind: 'duplicate', ...hits });
    bed.link.fault({ kind: 'late', delayMs: 1_300, ...hits });
    for (let tenths = 0; tenths < 6_000; tenths += 1) {
      bed.timeline.advance(100);
      expect([undefined, null, 10]).toContain(bed.flow()?.value);
      expect(bed.picture().alerts?.list ?? []).toEqual([]);
      expect([undefined, 'SIM-1']).toContain(bed.picture().identity.serial);
    }
    expect(bed.picture().counters.framesRejected).toBeGreaterThan(100);
    expect(bed.truth()).toMatchObject({ forbidden: [] });
    expect(bed.faults).toEqual([]);
  });
});
