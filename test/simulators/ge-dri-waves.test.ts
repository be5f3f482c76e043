import { describe, expect, test } from 'vitest';
import { REQUESTS } from '../../drivers/ge-dri/vectors.ts';
import { simulator } from '../../simulators/ge-dri/index.ts';
import { frame } from '../../simulators/ge-dri/wire.ts';
import type { SimulatedDevice } from '../../simulators/kit/device.ts';

const wire = (name: string): Uint8Array => {
  const text = REQUESTS.find((request) => request.name === name)?.wire ?? '';
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
};
const DEFAULT = wire('waves ECG1, PLETH, RESP');
const ALL = wire('waves ECG1, PLETH, RESP, CO2');
const STATUS = wire('alarms, present state');
const CHANGES = wire('alarms, differential mode');

/** A request for any types. */
function request(...types: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(72);
  bytes.writeInt16LE(72, 0);
  bytes.writeInt16LE(1, 14);
  bytes[21] = 0xff;
  bytes.set([...types, 0xff], 44);
  return frame(bytes);
}

const make = (options: Readonly<Record<string, unknown>> = {}): SimulatedDevice =>
  simulator.create(options, 0);

interface Sent {
  readonly atMs: number;
  readonly mainType: number;
  readonly number: number;
  readonly mark: string;
  readonly parts: readonly { type: number; status: number; samples: readonly number[] }[];
}

/** Wakes the device as its link does; all records with their times. */
function run(device: SimulatedDevice, untilMs: number): readonly Sent[] {
  let step = device.advance(0);
  const out = step.send.map((bytes) => read(bytes, 0));
  while (step.wakeAtMs !== undefined && step.wakeAtMs <= untilMs) {
    const atMs = step.wakeAtMs;
    step = device.advance(atMs);
    for (const bytes of step.send) out.push(read(bytes, atMs));
  }
  device.advance(untilMs);
  return out;
}

function read(bytes: Uint8Array, atMs: number): Sent {
  const plain: number[] = [];
  let bit = 0;
  for (const byte of bytes.slice(1, -1)) {
    if (byte === 0x7d) bit = 0x20;
    else {
      plain.push(byte | bit);
      bit = 0;
    }
  }
  const record = Buffer.from(plain).subarray(0, -1);
  const mainType = record.readInt16LE(14);
  const parts: Sent['parts'][number][] = [];
  for (let index = 0; mainType === 1 && record[18 + 3 * index] !== 0xff; index += 1) {
    const at = 40 + record.readInt16LE(16 + 3 * index);
    const count = record.readInt16LE(at);
    parts.push({
      type: record.readUInt8(18 + 3 * index),
      status: record.readUInt16LE(at + 2),
      samples: [...new Array(count).keys()].map((n) => record.readInt16LE(at + 6 + 2 * n)),
    });
  }
  const mark = record.subarray(10, 14).toString('latin1');
  return { atMs, mainType, number: record.readUInt8(2), mark, parts };
}

const shape = ({ parts }: Sent) => parts.map(({ type, samples }) => [type, samples.length]);

describe('waves', () => {
  test('two records a second, all parts over the same time, marked as simulated', () => {
    const device = make();
    device.receive(DEFAULT, 0);
    const out = run(device, 3_000);
    expect(out.map(({ atMs }) => atMs)).toEqual([800, 1_300, 1_800, 2_300, 2_800]);
    expect(out.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
    expect(out.map(({ mainType, mark }) => [mainType, mark])).toEqual(out.map(() => [1, 'SIM1']));
    expect(out.slice(0, 2).map(shape)).toEqual([
      [
        [1, 150],
        [8, 50],
        [15, 13],
      ],
      [
        [1, 150],
        [8, 50],
        [15, 12],
      ],
    ]);
    expect(out.map(({ parts }) => (parts[0]?.status ?? 0) & 0x000d)).toEqual([1, 0, 0, 0, 0]);
  });

  test('few samples come once a second', () => {
    const device = make();
    device.receive(request(8), 0);
    expect(run(device, 3_500).map(({ atMs }) => atMs)).toEqual([1_300, 2_300, 3_300]);
  });

  test('what goes beyond 600 samples/s is left out, in the order of the list', () => {
    const device = make();
    device.receive(request(1, 2, 8, 15), 0);
    expect(shape(run(device, 1_000)[0] as Sent).map(([type]) => type)).toEqual([1, 2]);
    device.receive(request(1, 8, 2, 15), 1_000);
    expect(device.describe()['waves']).toEqual(['ecg1', 'pleth', 'resp']);
  });

  test('a wave without a module is left out; what nobody knows, too', () => {
    const device = make({ co2: false });
    device.receive(ALL, 0);
    expect(device.describe()['waves']).toEqual(['ecg1', 'pleth', 'resp']);
    device.receive(request(32), 0);
    expect(device.describe()['waves']).toEqual([]);
  });

  test('a new request replaces the old one, a stop ends it', () => {
    const device = make();
    device.receive(DEFAULT, 0);
    device.receive(request(8), 0);
    expect(device.describe()['waves']).toEqual(['pleth']);
    device.receive(wire('waves, stop'), 0);
    expect(run(device, 5_000)).toEqual([]);
  });

  test('the line is behind by more than 2 s: the waves stop, the values go on', () => {
    const device = make();
    device.receive(wire('displayed values every second, all classes'), 0);
    device.receive(ALL, 0);
    const out = run(device, 60_000);
    const lastWave = out.findLast(({ mainType }) => mainType === 1)?.atMs ?? 0;
    expect(lastWave).toBeGreaterThan(3_000);
    expect(lastWave).toBeLessThan(15_000);
    expect(out.filter(({ mainType }) => mainType === 0)).toHaveLength(60);
  });

  test('the same seed gives the same samples, however often it is called', () => {
    const story = (extraCalls: boolean): string => {
      const device = make({ seed: 4 });
      device.receive(DEFAULT, 0);
      const out: Uint8Array[] = [];
      for (let atMs = 1; atMs <= 20_000; atMs += extraCalls ? 1 : 100) {
        out.push(...device.advance(atMs).send);
        if (atMs === 5_001) device.command('asystole', { on: true });
        if (atMs === 10_001) device.command('asystole', { on: false });
      }
      return Buffer.concat(out).toString('hex');
    };
    expect(story(true)).toBe(story(false));
  });

  test('an ECG that is given is played in place of the own one, again and again', () => {
    const device = make({ ecgSamples: [1, -2, 3] });
    device.receive(request(1), 0);
    const samples = run(device, 3_000).flatMap(({ parts }) => parts[0]?.samples ?? []);
    expect(samples.slice(0, 7)).toEqual([1, -2, 3, 1, -2, 3, 1]);
    expect(samples.at(-1)).toBe([1, -2, 3][(samples.length - 1) % 3]);
  });
});

describe('alarm records', () => {
  const kinds = (out: readonly Sent[]) => out.map(({ atMs, mainType }) => [atMs, mainType]);

  test('once when asked for the state, and not sooner than 2 s after the last', () => {
    const device = make();
    device.receive(STATUS, 0);
    expect(kinds(run(device, 500))).toEqual([[0, 4]]);
    device.receive(STATUS, 500);
    expect(kinds(run(device, 10_000))).toEqual([[2_000, 4]]);
  });

  test('with each change when asked for changes, and no longer when told so', () => {
    const device = make();
    device.command('alarm', { text: 'A', color: 'red' });
    expect(run(device, 1_000)).toEqual([]);
    device.receive(CHANGES, 1_000);
    expect(run(device, 2_000)).toEqual([]);
    device.command('sound', { on: false });
    expect(run(device, 3_000)).toHaveLength(1);
    device.receive(wire('alarms, out of differential mode'), 3_000);
    device.command('sound', { on: true });
    expect(run(device, 9_000)).toEqual([]);
  });

  test('a monitor that is no CARESCAPE has none', () => {
    const device = make({ alarms: false });
    device.receive(STATUS, 0);
    device.receive(CHANGES, 0);
    device.command('alarm', { text: 'A', color: 'red' });
    expect(run(device, 9_000)).toEqual([]);
  });
});
