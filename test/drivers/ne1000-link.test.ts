import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { ne1000 } from '../../drivers/ne1000/driver.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { simulator } from '../../simulators/ne1000/index.ts';
import type { Driver } from '../../src/driver/contract.ts';
import {
  type DevicePicture,
  freshnessOf,
  newDevicePicture,
  nextDevicePicture,
} from '../../src/observation/device-picture.ts';
import { sharedLine } from '../../src/pipeline/line.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

let subscriptions: Subscription[] = [];
afterEach(() => {
  for (const subscription of subscriptions) subscription.unsubscribe();
  subscriptions = [];
});

const SEED = Number(process.env['SEED'] ?? 20_260_105);

interface Setup {
  readonly framing?: 'basic' | 'safe' | 'auto';
  readonly channels?: readonly string[];
  readonly simulator?: Readonly<Record<string, unknown>>;
}

/** The driver against its twin over a paced line, in virtual time. */
function bench({ framing = 'auto', channels = ['0'], simulator: options = {} }: Setup = {}) {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: simulator, name: 'bench', timeline, options, seed: SEED });
  const driver = ne1000 as Driver;
  const faults: unknown[] = [];
  const line = sharedLine({
    driver,
    options: driver.options.parse({ framing }),
    channels,
    // The port says `real`, so that the mark must come from the pump's own bytes.
    port: guarded(memoryPort('bench', link, timeline, 'real'), driver.queries),
    timeline,
    onFault: (error) => faults.push(error),
  });
  const pictures = new Map<string, DevicePicture>();
  const modesOfValues = new Set<string>();
  for (const channel of channels) {
    pictures.set(
      channel,
      newDevicePicture(
        {
          deviceId: `pump-${channel}`,
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
      ),
    );
    subscriptions.push(
      line.eventsOf(channel).subscribe((batch) => {
        for (const event of batch) {
          const picture = nextDevicePicture(pictures.get(channel) as DevicePicture, event);
          pictures.set(channel, picture);
          if (event.kind === 'metric' && event.value !== null) modesOfValues.add(picture.mode);
        }
      }),
    );
  }
  const picture = (channel = channels[0] ?? '') => pictures.get(channel) as DevicePicture;
  return {
    timeline,
    link,
    faults,
    modesOfValues,
    picture,
    flow: (channel?: string) => picture(channel).metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT'),
    value: (code: Parameters<DevicePicture['metrics']['get']>[0], channel?: string) =>
      picture(channel).metrics.get(code)?.value,
    alarms: (channel?: string) => picture(channel).alerts?.list.map(({ code }) => code),
    freshness: (channel?: string) => freshnessOf(picture(channel), timeline.monotonicMs()),
  };
}

const SILENT_FAULTS = {
  framesRejected: 0,
  repliesMissed: 0,
  bytesDropped: 0,
  writesRefused: 0,
  impossibleValues: 0,
};

describe('driver and simulator, two codecs that never met', () => {
  test('within 2 s everything that the pump can tell is known, and that it is simulated', () => {
    const { timeline, picture, modesOfValues } = bench();
    timeline.advance(2_000);
    expect(picture()).toMatchObject({
      mode: 'demo',
      identity: { model: 'NE1000SIMV3.928' },
      pumpStatus: { status: 'infusing', raw: 'I' },
      alerts: { list: [] },
    });
    expect([...picture().metrics.keys()].sort()).toEqual([...ne1000.reports].sort());
    expect([...picture().facts.keys()].sort()).toEqual([...ne1000.facts].sort());
    expect([...modesOfValues]).toEqual(['demo']);
  });

  test.each([
    { framing: 'basic', safeSeconds: 0 },
    { framing: 'auto', safeSeconds: 0 },
    { framing: 'auto', safeSeconds: 30 },
    { framing: 'safe', safeSeconds: 30 },
  ] as const)(
    'an hour, framing $framing, safe mode $safeSeconds s: what is known is what the pump did',
    (row) => {
      const { safeSeconds, framing } = row;
      const bed = bench({ framing, simulator: { rate: 0.21, unit: 'MM', safeSeconds } });
      bed.timeline.advance(3_600_000);
      const truth = bed.link.describe();
      expect(bed.value('MDC_VOL_FLUID_DELIV_TOTAL')).toBeCloseTo(Number(truth['infusedMl']), 1);
      expect(bed.value('MDC_VOL_FLUID_TBI')).toBe(60);
      expect(bed.value('MDC_VOL_FLUID_TBI_REMAIN')).toBeCloseTo(60 - Number(truth['infusedMl']), 1);
      expect(bed.flow()).toMatchObject({ value: 12.6, validity: 'valid' });
      expect(bed.value('MDC_FLOW_FLUID_PUMP')).toBe(12.6);
      expect(truth).toMatchObject({ forbidden: [], unknownCommands: 0, garbledPackets: 0 });
      expect(truth).toMatchObject({ safeSeconds, alarmNotTold: null, state: 'I' });
      expect(bed.alarms()).toEqual(safeSeconds === 0 ? [] : ['SAF']);
      const isFound = framing === 'auto' && safeSeconds > 0;
      expect(bed.picture().counters).toMatchObject({
        ...SILENT_FAULTS,
        repliesMissed: isFound ? 2 : 0,
      });
      expect(bed.faults).toEqual([]);
    },
  );

  test('the motor stalls: known within 1.1 s, though the pump forgets it at once', () => {
    const bed = bench();
    bed.timeline.advance(60_000);
    bed.link.command('block', { on: true });
    for (let tenths = 0; bed.link.describe()['state'] === 'I' && tenths < 3_000; tenths++) {
      bed.timeline.advance(100);
    }
    bed.timeline.advance(1_100);
    expect(bed.link.describe()).toMatchObject({ alarmNotTold: null, state: 'S' });
    expect(bed.picture().alerts?.list).toMatchObject([
      { code: 'A?S', ruleId: 'PMP-01', priority: 'high', latches: true },
    ]);
    bed.timeline.advance(600_000);
    expect(bed.alarms()).toEqual(['A?S']);
    expect(bed.flow()).toMatchObject({ value: 0, validity: 'valid' });

    bed.link.command('block', { on: false });
    bed.link.command('start');
    bed.timeline.advance(1_600);
    expect(bed.alarms()).toEqual([]);
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('in safe mode the alarm comes by itself, and is told again when asked', () => {
    const bed = bench({ framing: 'safe', simulator: { safeSeconds: 60 } });
    bed.timeline.advance(10_000);
    bed.link.command('alarm', { letter: 'E' });
    bed.timeline.advance(15);
    expect(bed.alarms()).toEqual(['A?E', 'SAF']);
    bed.timeline.advance(30_000);
    expect(bed.alarms()).toEqual(['A?E', 'SAF']);
    expect(bed.link.describe()).toMatchObject({ alarmNotTold: null });
    expect(bed.picture().counters.framesRejected).toBe(0);
  });

  test('armed safe mode: our questions keep the pump running; a pulled cable stops it, and that is known after', () => {
    const bed = bench({ simulator: { safeSeconds: 5 } });
    bed.timeline.advance(120_000);
    expect(bed.link.describe()).toMatchObject({ state: 'I', safeSeconds: 5 });
    expect(bed.alarms()).toEqual(['SAF']);
    bed.link.unplug();
    bed.timeline.advance(20_000);
    expect(bed.link.describe()).toMatchObject({ state: 'S', alarmNotTold: 'T' });
    bed.link.plug();
    bed.timeline.advance(8_000);
    expect(bed.alarms()).toEqual(['A?T', 'SAF']);
    expect(bed.picture().pumpStatus?.status).toBe('stopped');
  });

  test('power off and on: restarted, its version again, stopped', () => {
    const bed = bench();
    bed.timeline.advance(30_000);
    bed.link.command('power', { on: false });
    bed.timeline.advance(6_000);
    expect(bed.freshness()).toBe('stale');
    bed.timeline.advance(6_000);
    expect(bed.freshness()).toBe('lost');
    bed.link.command('power', { on: true });
    bed.timeline.advance(4_000);
    expect(bed.freshness()).toBe('live');
    expect(bed.alarms()).toContain('A?R');
    expect(bed.flow()).toMatchObject({ value: 0, validity: 'valid' });
  });

  test('a phase with another rate: never the old rate for the new phase for longer than 2.6 s', () => {
    const bed = bench();
    bed.timeline.advance(30_000);
    bed.link.command('next-phase', { rate: 250, unit: 'UM' });
    bed.timeline.advance(2_600);
    expect(bed.flow()).toMatchObject({ value: 15, validity: 'valid' });
    expect(bed.picture().facts.get('mode')?.text).toBe('phase 2');
  });

  test.each([
    { letter: 'P', status: 'paused', flow: 0 },
    { letter: 'T', status: 'paused', flow: 0 },
    { letter: 'U', status: 'paused', flow: 0 },
    { letter: 'X', status: 'purge', flow: null },
  ])('$letter is $status within 1.1 s', ({ letter, status, flow }) => {
    const bed = bench();
    bed.timeline.advance(10_000);
    bed.link.command('become', { letter });
    bed.timeline.advance(1_100);
    expect(bed.picture().pumpStatus).toMatchObject({ status, raw: letter });
    expect(bed.flow()?.value).toBe(flow);
  });

  test('withdrawing: an alarm, and no flow', () => {
    const bed = bench();
    bed.timeline.advance(10_000);
    bed.link.command('set-direction', { direction: 'WDR' });
    bed.timeline.advance(11_000);
    expect(bed.alarms()).toEqual(['W', 'WDR']);
    expect(bed.flow()).toMatchObject({ value: null, validity: 'invalid' });
    expect(bed.picture().facts.get('direction')?.text).toBe('withdraw');
  });

  test('unplugged and plugged in again: lost at once, back within 3 s', () => {
    const bed = bench();
    bed.timeline.advance(60_000);
    bed.link.unplug();
    bed.timeline.advance(20_000);
    expect(bed.freshness()).toBe('lost');
    bed.link.plug();
    bed.timeline.advance(3_000);
    expect(bed.freshness()).toBe('live');
    expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
  });

  test('the mode is switched at the pump, there and back: found each time within 8 s, with no forbidden word', () => {
    const bed = bench();
    bed.timeline.advance(10_000);
    for (const seconds of [60, 0, 60, 0]) {
      bed.link.command('set-safe', { seconds });
      bed.timeline.advance(8_000);
      expect(bed.freshness()).toBe('live');
      expect(bed.flow()).toMatchObject({ value: 10, validity: 'valid' });
      expect(bed.alarms()?.includes('SAF')).toBe(seconds > 0);
    }
    expect(bed.link.describe()).toMatchObject({ forbidden: [] });
  });
});

describe('several pumps on the line', () => {
  const eight = ['0', '1', '2', '3', '10', '42', '98', '99'];

  test('eight at 19200 baud: all live, each with its own values', () => {
    const bed = bench({
      channels: eight,
      simulator: { addresses: eight.map(Number) },
    });
    for (const channel of eight) {
      bed.link.command('set-rate', { address: Number(channel), rate: Number(channel) + 1 });
    }
    bed.timeline.advance(30_000);
    for (let seconds = 0; seconds < 60; seconds++) {
      bed.timeline.advance(1_000);
      for (const channel of eight) {
        expect(bed.freshness(channel)).toBe('live');
        expect(bed.flow(channel)).toMatchObject({ value: Number(channel) + 1, validity: 'valid' });
      }
    }
    expect(bed.picture().counters).toMatchObject(SILENT_FAULTS);
  });

  test('a stalled motor is the alarm of that pump alone', () => {
    const bed = bench({ channels: ['0', '7'], simulator: { addresses: [0, 7] } });
    bed.timeline.advance(10_000);
    bed.link.command('alarm', { address: 7, letter: 'S' });
    bed.timeline.advance(2_000);
    expect([bed.alarms('0'), bed.alarms('7')]).toEqual([[], ['A?S']]);
  });

  test('one switched off: it is lost, the other stays live throughout', () => {
    const bed = bench({ channels: ['0', '7'], simulator: { addresses: [0, 7] } });
    bed.timeline.advance(10_000);
    bed.link.command('power', { address: 7, on: false });
    for (let seconds = 0; seconds < 120; seconds++) {
      bed.timeline.advance(1_000);
      expect(bed.freshness('0')).toBe('live');
      expect(bed.flow('0')).toMatchObject({ value: 10, validity: 'valid' });
    }
    expect(bed.freshness('7')).toBe('lost');
    bed.link.command('power', { address: 7, on: true });
    bed.timeline.advance(9_000);
    expect(bed.freshness('7')).toBe('live');
    expect(bed.alarms('7')).toContain('A?R');
  });
});

describe(`bytes that are lost on their way to the pump (seed ${SEED})`, () => {
  test.each([
    { oneIn: 20, safeSeconds: 0, framing: 'basic' },
    { oneIn: 100, safeSeconds: 0, framing: 'basic' },
    { oneIn: 20, safeSeconds: 0, framing: 'auto' },
    { oneIn: 100, safeSeconds: 0, framing: 'auto' },
    { oneIn: 20, safeSeconds: 200, framing: 'auto' },
  ] as const)(
    'one in $oneIn, $framing, safe mode $safeSeconds: never a word with anything behind it',
    (row) => {
      const { oneIn, safeSeconds, framing } = row;
      const channels = ['0', '5', '12'];
      const bed = bench({
        framing,
        channels,
        simulator: { addresses: [0, 5, 12], seed: SEED, safeSeconds },
      });
      bed.timeline.advance(10_000);
      bed.link.command('lose-bytes', { oneIn });
      bed.timeline.advance(3_600_000);
      const { pumps } = bed.link.describe() as { pumps: Record<string, Record<string, unknown>> };
      for (const address of channels) {
        expect(pumps[address]).toMatchObject({ forbidden: [], safeSeconds });
      }
      expect(bed.picture().counters.repliesMissed).toBeGreaterThan(50);
      bed.link.command('lose-bytes', { oneIn: 0 });
      bed.timeline.advance(20_000);
      expect(bed.flow('0')).toMatchObject({ value: 10, validity: 'valid' });
    },
  );
});
