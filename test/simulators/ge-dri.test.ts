import { describe, expect, test } from 'vitest';
import { REQUESTS } from '../../drivers/ge-dri/vectors.ts';
import { simulator } from '../../simulators/ge-dri/index.ts';
import type { SimulatedDevice } from '../../simulators/kit/device.ts';

const wire = (name: string): Uint8Array => {
  const text = REQUESTS.find((request) => request.name.includes(name))?.wire ?? '';
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
};
const EVERY_SECOND = wire('Basic and Ext1');
const EVERY_10_S = wire('every 10 s');
const CANCEL = wire('cancel');
/** Interval -1; the sum is that of the cancel and two times FF. */
const ONCE = Uint8Array.from(
  Buffer.from(`7e3100${'00'.repeat(19)}ff${'00'.repeat(18)}01ffff${'00'.repeat(6)}2f7e`, 'hex'),
);

const make = (options: Readonly<Record<string, unknown>> = {}): SimulatedDevice =>
  simulator.create(options, 0);

/** Wakes the device as its link does; all bytes with their times. */
function run(device: SimulatedDevice, untilMs: number) {
  const out: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  let step = device.advance(0);
  while (step.wakeAtMs !== undefined && step.wakeAtMs <= untilMs) {
    const atMs = step.wakeAtMs;
    step = device.advance(atMs);
    for (const bytes of step.send) out.push({ atMs, bytes });
  }
  device.advance(untilMs);
  return out;
}

const hexOf = (out: ReturnType<typeof run>): string =>
  out.map(({ bytes }) => Buffer.from(bytes).toString('hex')).join('\n');

/** A record un-escaped, without its sum. */
function record(bytes: Uint8Array | undefined): Buffer {
  const out: number[] = [];
  let bit = 0;
  for (const byte of (bytes ?? new Uint8Array(2)).slice(1, -1)) {
    if (byte === 0x7d) bit = 0x20;
    else {
      out.push(byte | bit);
      bit = 0;
    }
  }
  return Buffer.from(out).subarray(0, -1);
}

describe('answers like a monitor', () => {
  test('says nothing until asked', () => {
    expect(run(make(), 60_000)).toEqual([]);
  });

  test('every second when asked for it, in any split of the request', () => {
    const device = make();
    for (const byte of EVERY_SECOND) device.receive(Uint8Array.of(byte), 0);
    const out = run(device, 10_000);
    expect(out.map(({ atMs }) => atMs)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((s) => s * 1_000),
    );
    expect(out.map(({ bytes }) => record(bytes).length)).toEqual(out.map(() => 596));
    expect(out.map(({ bytes }) => record(bytes)[2])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('the class mask chooses the parts, and their class words say which they are', () => {
    const device = make();
    device.receive(EVERY_10_S, 0);
    const one = record(run(device, 1_000)[0]?.bytes);
    expect(one.length).toBe(40 + 4 * 278);
    expect([0, 1, 2, 3].map((index) => one.readUInt16LE(40 + 278 * index + 276))).toEqual([
      0x00a1, 0x01a1, 0x02a1, 0x03a1,
    ]);
    expect(one.readUInt8(18 + 3 * 4)).toBe(0xff);
  });

  test('cancel stops it', () => {
    const device = make();
    device.receive(EVERY_SECOND, 0);
    expect(run(device, 5_000)).toHaveLength(5);
    device.receive(CANCEL, 5_500);
    expect(device.advance(60_000).send).toEqual([]);
  });

  test('a single one at once, but not twice within 5 s', () => {
    const device = make();
    expect(device.receive(ONCE, 1_000)).toHaveLength(1);
    expect(device.receive(ONCE, 3_000)).toHaveLength(0);
    expect(device.receive(ONCE, 6_000)).toHaveLength(1);
  });

  test.each([
    { what: 'a flipped bit', at: 45, bit: 1 },
    { what: 'a wrong sum', at: 50, bit: 1 },
  ])('does not heed a request with $what', ({ at, bit }) => {
    const device = make();
    const bad = Uint8Array.from(EVERY_SECOND);
    bad[at] = (bad[at] ?? 0) ^ bit;
    device.receive(bad, 0);
    expect(run(device, 10_000)).toEqual([]);
    expect(device.describe()).toMatchObject({ asked: { numerics: 0, garbled: 1 } });
  });

  test('an older monitor ignores intervals below its own', () => {
    const device = make({ minIntervalS: 5 });
    device.receive(EVERY_SECOND, 0);
    expect(run(device, 30_000)).toEqual([]);
  });

  test('every record is marked as simulated', () => {
    const device = make();
    device.receive(EVERY_SECOND, 0);
    for (const { bytes } of run(device, 20_000)) {
      expect(record(bytes).subarray(10, 14).toString('latin1')).toBe('SIM1');
    }
  });
});

describe('is repeatable', () => {
  const story = (seed: number, extraCalls: boolean): string => {
    const device = make({ seed });
    device.receive(EVERY_SECOND, 0);
    const out = [...run(device, 30_000)];
    device.command('set', { hr: 130, overSeconds: 10 });
    for (let atMs = 30_001; atMs <= 120_000; atMs += extraCalls ? 137 : 1_000) {
      for (const bytes of device.advance(atMs).send) out.push({ atMs, bytes });
      if (extraCalls) device.describe();
    }
    for (const bytes of device.advance(120_000).send) out.push({ atMs: 120_000, bytes });
    return hexOf(out);
  };

  test('the same seed gives the same bytes, however often it is called', () => {
    expect(story(5, false)).toBe(story(5, false));
    expect(story(5, true)).toBe(story(5, false));
  });

  test('another seed gives other bytes', () => {
    expect(story(5, false)).not.toBe(story(6, false));
  });
});

describe('the patient', () => {
  const signs = (device: SimulatedDevice) =>
    device.describe()['patient'] as Readonly<Record<string, number>>;

  test('sways a little and stays near what was set', () => {
    const device = make({ hr: 82, spo2: 97, seed: 1 });
    const rates = new Set<number>();
    for (let atMs = 0; atMs < 600_000; atMs += 1_000) {
      device.advance(atMs);
      const { hr, spo2 } = signs(device);
      expect(Math.abs((hr ?? 0) - 82)).toBeLessThanOrEqual(1.5);
      expect(Math.abs((spo2 ?? 0) - 97)).toBeLessThanOrEqual(0.3);
      rates.add(Math.round(hr ?? 0));
    }
    expect(rates.size).toBeGreaterThan(2);
  });

  test('goes to a new value on a straight line', () => {
    const device = make({ hr: 80, variability: 0 });
    device.advance(10_000);
    device.command('set', { hr: 120, overSeconds: 20 });
    device.advance(20_000);
    expect(signs(device)['hr']).toBe(100);
    device.advance(40_000);
    expect(signs(device)['hr']).toBe(120);
  });

  test('the mean pressure follows unless it is set', () => {
    const device = make({ variability: 0 });
    device.command('set', { sys: 180, dia: 120 });
    device.advance(1);
    expect(signs(device)['map']).toBe(140);
    device.command('set', { sys: 90, dia: 60, map: 65 });
    device.advance(2);
    expect(signs(device)['map']).toBe(65);
  });
});

describe('the cuff', () => {
  /** NIBP label and systolic pressure of each second. */
  function cuffLife(options: Readonly<Record<string, unknown>>, seconds: number) {
    const device = make(options);
    device.receive(EVERY_SECOND, 0);
    return run(device, seconds * 1_000).map(({ bytes }) => ({
      label: record(bytes).readUInt16LE(44 + 76),
      sys: record(bytes).readInt16LE(44 + 78),
    }));
  }

  test('one reading lives as recorded from a real monitor', () => {
    const life = cuffLife({ seed: 1, variability: 0, sys: 120 }, 1_000);
    const labels = life.map(({ label }) => label).filter((label, at, all) => label !== all[at - 1]);
    expect(labels.map((label) => label.toString(16))).toEqual([
      'b', // the cuff is being put on
      '2b', // first run, no value yet
      'b',
      '10b',
      '12b', // next run: the old value is still shown
      '2b', // new value, the cuff empties
      'b',
      '10b',
    ]);
    const first = life.findIndex(({ sys }) => sys === 12_000);
    expect(life[first]?.label).toBe(0x02b);
    const inflation = life.filter(({ label }) => label === 0x12b).length;
    expect(inflation).toBeGreaterThanOrEqual(30);
    expect(inflation).toBeLessThanOrEqual(40);
  });

  test('measures at the interval that is set; 0 switches the automatic mode off', () => {
    const device = make({ nibpIntervalMin: 5 });
    device.advance(31 * 60_000);
    expect(device.describe()).toMatchObject({ nibpReadings: 7 });
    device.command('nibp-interval', { minutes: 0 });
    device.advance(90 * 60_000);
    expect(device.describe()).toMatchObject({ nibpReadings: 7, nibpIntervalMin: 0 });
    device.command('nibp-start', {});
    device.advance(91 * 60_000);
    expect(device.describe()).toMatchObject({ nibpReadings: 8 });
  });

  test('without a pulse the run fails and the old value stays', () => {
    const device = make();
    device.advance(60_000);
    const before = device.describe()['nibp'] as { readonly atMs: number };
    device.command('asystole', { on: true });
    device.command('nibp-start', {});
    device.advance(120_000);
    expect(device.describe()).toMatchObject({
      nibp: { atMs: before.atMs },
      nibpReadings: 1,
      nibpFailedRuns: 1,
      nibpMeasuring: false,
    });
  });
});

describe('unfit options and commands are named in one sentence', () => {
  test.each([
    { options: { hr: -1 }, says: 'ge-dri: hr must be a number from 0 to 300' },
    { options: { heartRate: 80 }, says: 'ge-dri: unknown argument heartRate' },
    { options: { co2: 'yes' }, says: 'ge-dri: co2 must be true or false' },
    { options: { ecgSamples: [0.5] }, says: 'ecgSamples must be whole numbers of microvolts' },
    { options: { ecgSamples: [] }, says: 'ecgSamples must be whole numbers of microvolts' },
    { options: { nibpIntervalMin: 0.5 }, says: 'nibpIntervalMin must be 0 or a number from 1' },
  ])('$says', ({ options, says }) => {
    expect(() => make(options)).toThrow(says);
  });

  test.each([
    { name: 'dance', args: {}, says: 'ge-dri does not know the command dance; it knows set' },
    { name: 'set', args: { spo2: 101 }, says: 'set: spo2 must be a number from 0 to 100' },
    { name: 'set', args: { sp02: 90 }, says: 'set: unknown argument sp02' },
    { name: 'asystole', args: {}, says: 'asystole: on must be true or false' },
    { name: 'vf', args: {}, says: 'vf: on must be true or false' },
    { name: 'lose-waves', args: { records: 0 }, says: 'lose-waves: records must be a number' },
    { name: 'silence', args: { info: 8 }, says: 'silence: info must be a number from 0 to 7' },
    { name: 'alarm', args: { color: 'red' }, says: 'alarm: text must be a text' },
    { name: 'alarm', args: { text: 'A', color: 'blue' }, says: 'color must be one of none, white' },
    { name: 'nibp-start', args: { now: true }, says: 'nibp-start: unknown argument now' },
    { name: 'clock-step', args: {}, says: 'clock-step: seconds must be a number' },
  ])('$name: $says', ({ name, args, says }) => {
    expect(() => make().command(name, args)).toThrow(says);
  });
});
