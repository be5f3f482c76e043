import { describe, expect, test } from 'vitest';
import { REQUESTS } from '../../drivers/philips-intellivue/vectors.ts';
import type { SimulatedDevice } from '../../simulators/kit/device.ts';
import { simulator } from '../../simulators/philips-intellivue/index.ts';
import { Ear } from '../../simulators/philips-intellivue/wire.ts';
import { vectorBytes } from '../../src/driver/proof.ts';

const wire = (name: string): Uint8Array => {
  const vector = REQUESTS.find((request) => request.name.includes(name));
  if (vector === undefined) throw new Error(`no request ${name}`);
  return vectorBytes(vector);
};
const ASSOCIATE = wire('association request');
const CONFIRM = wire('MDS create result');
const NUMERICS = wire('poll of numerics');
const ALARMS = wire('poll of alarms');
const WAVES = wire('poll of waves');
const RELEASE = wire('release');
const ABORT = wire('abort');
const SET = wire('set the wave');

const make = (options: Readonly<Record<string, unknown>> = {}): SimulatedDevice =>
  simulator.create(options, 0);

interface Said {
  readonly atMs: number;
  readonly data: Buffer;
}

/** User data of all frames up to a moment; the device is woken as its link does. */
function run(device: SimulatedDevice, fromMs: number, untilMs: number): readonly Said[] {
  const out: Said[] = [];
  const take = (frames: readonly Uint8Array[], atMs: number): void => {
    for (const frame of frames) {
      const [data] = new Ear().hear(frame);
      if (data === null || data === undefined) throw new Error('a frame that is none');
      out.push({ atMs, data });
    }
  };
  let step = device.advance(fromMs);
  take(step.send, fromMs);
  while (step.wakeAtMs !== undefined && step.wakeAtMs <= untilMs) {
    const atMs = Math.max(fromMs, step.wakeAtMs);
    step = device.advance(atMs);
    take(step.send, atMs);
  }
  device.advance(untilMs);
  return out;
}

/** Type of a data message, or the first byte of any other. */
const kindOf = ({ data }: Said): number =>
  data[0] === 0xe1 ? data.readUInt16BE(4) : (data[0] ?? 0);
const hexOf = (said: readonly Said[]): string =>
  said.map(({ atMs, data }) => `${atMs} ${data.toString('hex')}`).join('\n');

function associated(options: Readonly<Record<string, unknown>> = {}): SimulatedDevice {
  const device = make(options);
  device.receive(ASSOCIATE, 0);
  run(device, 0, 200);
  device.receive(CONFIRM, 200);
  return device;
}

describe('answers like a monitor', () => {
  test('says nothing until asked', () => {
    expect(run(make(), 0, 60_000)).toEqual([]);
  });

  test('accepts and introduces itself, in any split of the request', () => {
    const device = make();
    for (const byte of ASSOCIATE) device.receive(Uint8Array.of(byte), 0);
    const said = run(device, 0, 1_000);
    expect(said.map(kindOf)).toEqual([0x0e, 1]);
    const text = said[1]?.data.toString('latin1') ?? '';
    expect(text).toContain('SIM M8000');
    expect(text).toContain('SIM00001');
  });

  test('polls before the confirmation are not answered', () => {
    const device = make();
    device.receive(ASSOCIATE, 0);
    run(device, 0, 200);
    device.receive(NUMERICS, 300);
    expect(run(device, 300, 5_000)).toEqual([]);
  });

  test('numerics in three linked parts and an empty end, every 1.024 s, for 30 s', () => {
    const device = associated();
    device.receive(NUMERICS, 200);
    const said: Said[] = [];
    for (let atMs = 200; atMs < 40_000; atMs += 5_000) {
      // Anything of the host keeps the association.
      device.receive(CONFIRM, atMs);
      said.push(...run(device, atMs, atMs + 4_999));
    }
    expect(said.slice(0, 4).map(kindOf)).toEqual([5, 5, 5, 2]);
    expect(said.slice(0, 3).map(({ data }) => [data[8], data[9]])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(said).toHaveLength(4 * 30);
    const sequences = said
      .filter((one) => kindOf(one) === 2)
      .map(({ data }) => data.readUInt16BE(26));
    expect(sequences).toEqual(sequences.map((_, index) => index));
  });

  test('the first reply of an association has no values', () => {
    const device = associated();
    device.receive(NUMERICS, 200);
    const isValued = ({ data }: Said): boolean => data.includes(Buffer.from('0950000a', 'hex'));
    const said = run(device, 200, 2_000);
    expect(said.slice(0, 4).some(isValued)).toBe(false);
    expect(said.slice(4, 8).some(isValued)).toBe(true);
  });

  test('a host that is silent for 10 s is left', () => {
    const device = associated();
    device.receive(NUMERICS, 200);
    const said = run(device, 200, 60_000);
    expect(said.at(-1)).toMatchObject({ atMs: 10_200 });
    expect(said.map(kindOf).at(-1)).toBe(0x19);
    expect(device.describe()).toMatchObject({ association: 'idle' });
  });

  test('a second request within an association is not heard; abort and release end it', () => {
    for (const [end, answer] of [
      [ABORT, []],
      [RELEASE, [0x0a]],
    ] as const) {
      const device = associated();
      device.receive(ASSOCIATE, 300);
      expect(run(device, 300, 1_000)).toEqual([]);
      device.receive(end, 1_000);
      expect(run(device, 1_000, 2_000).map(kindOf)).toEqual(answer);
      device.receive(ASSOCIATE, 2_000);
      expect(run(device, 2_000, 3_000).map(kindOf)).toEqual([0x0e, 1]);
    }
  });

  test('refuses, and is mute, when told', () => {
    const device = make();
    device.command('refuse', { on: true });
    device.receive(ASSOCIATE, 0);
    expect(run(device, 0, 1_000).map(kindOf)).toEqual([0x0c]);
    device.command('refuse', { on: false });
    device.command('mute', { on: true });
    device.receive(ASSOCIATE, 1_000);
    expect(run(device, 1_000, 2_000)).toEqual([]);
  });

  test('a spoilt request is counted and not heeded; a set is a thing that nobody may send', () => {
    const device = associated();
    const bad = Uint8Array.from(NUMERICS);
    bad[30] = (bad[30] ?? 0) ^ 1;
    device.receive(bad, 300);
    device.receive(SET, 400);
    expect(run(device, 400, 3_000)).toEqual([]);
    expect(device.describe()).toMatchObject({ forbidden: 1, asked: { garbled: 1, polls: 0 } });
  });

  test('without extended polls it answers with an error', () => {
    const device = associated({ extended: false });
    device.receive(NUMERICS, 200);
    expect(run(device, 200, 3_000).map(kindOf)).toEqual([3]);
  });
});

describe('waves', () => {
  const polled = (options: Readonly<Record<string, unknown>> = {}): readonly Said[] => {
    const device = associated(options);
    device.receive(WAVES, 200);
    return run(device, 200, 5_000);
  };
  const has = ({ data }: Said, id: string): boolean => data.includes(Buffer.from(id, 'hex'));
  const [PERIOD, ECG_BLOCKS, PLETH_BLOCK] = ['098d0004', '0967019600030192', '096e0046'];

  test('every 256 ms, +1 in number and +2048 in time, the first one without samples', () => {
    const said = polled();
    expect(said).toHaveLength(19);
    expect(said.map(({ data }) => data.readUInt16BE(26))).toEqual(said.map((_, n) => n));
    const ticks = said.map(({ data }) => data.readUInt32BE(28));
    expect(ticks).toEqual(ticks.map((_, n) => (ticks[0] ?? 0) + 2_048 * n));
    expect(said.map((one) => has(one, PLETH_BLOCK))).toEqual(said.map((_, n) => n > 0));
  });

  test('three leads of 64 samples, a pleth of 32; static attributes four replies apart', () => {
    const said = polled();
    expect(said.slice(1).every((one) => has(one, ECG_BLOCKS))).toBe(true);
    const telling = said.flatMap((one, n) => (has(one, PERIOD) ? [n] : []));
    expect(telling).toEqual([0, 4, 8, 12, 16]);
  });

  test('a monitor without waves answers with an error', () => {
    expect(polled({ waves: false }).map(kindOf)).toEqual([3]);
  });
});

describe('the patient and the alarms', () => {
  const words = (device: SimulatedDevice): unknown => device.describe()['alarmsSent'];

  test('asystole, leads off, probe off, apnea and limits are in the lists', () => {
    const device = associated({ variability: 0 });
    device.receive(ALARMS, 200);
    run(device, 200, 2_000);
    expect(words(device)).toEqual([]);
    device.command('asystole', { on: true });
    run(device, 2_001, 4_000);
    expect(words(device)).toEqual(['***ASYSTOLE']);
    device.command('asystole', { on: false });
    device.command('leads-off', { on: true });
    device.command('probe-off', { on: true });
    run(device, 4_001, 6_000);
    expect(words(device)).toEqual(['!!ECG LEADS OFF', 'SpO₂ NO SENSOR']);
    device.command('leads-off', { on: false });
    device.command('set', { hr: 150 });
    run(device, 6_001, 8_000);
    expect(words(device)).toEqual(['SpO₂ NO SENSOR', '**HR HIGH']);
  });

  test('a cuff without a pulse finds nothing, and that is an alarm; the old reading stays', () => {
    const device = make({ nibpIntervalMin: 0 });
    device.command('nibp-start', {});
    device.advance(60_000);
    const before = device.describe()['nibp'];
    expect(before).not.toBeNull();
    device.command('asystole', { on: true });
    device.command('nibp-start', {});
    device.advance(120_000);
    expect(device.describe()).toMatchObject({ nibp: before, nibpReadings: 1, nibpFailedRuns: 1 });
  });

  test('ticks wrap at 2^32', () => {
    const device = make({ ticksAtStart: 2 ** 32 - 8 });
    device.advance(2);
    expect(device.describe()['ticks']).toBe(8);
  });

  test.each([
    ['no-such', {}],
    ['set', { hr: -1 }],
    ['set', { heart: 1 }],
    ['probe-off', {}],
    ['nibp-interval', { minutes: 0.5 }],
  ])('command %s %j is refused in one sentence', (name, args) => {
    expect(() => make().command(name, args)).toThrow(/.+/);
  });

  test.each([{ serial: 'DE1' }, { serial: '' }, { colour: 1 }, { ticksAtStart: 2 ** 32 }])(
    'option %j is refused: the mark cannot be left out',
    (options) => {
      expect(() => make(options)).toThrow(/.+/);
    },
  );
});

describe('is repeatable', () => {
  const story = (seed: number, extraCalls: boolean): string => {
    const device = associated({ seed });
    const out: Said[] = [];
    for (let atMs = 200; atMs < 60_000; atMs += 4_000) {
      device.receive(NUMERICS, atMs);
      for (let at = atMs; extraCalls && at < atMs + 4_000; at += 137) {
        out.push(...run(device, at, at));
        device.describe();
      }
      out.push(...run(device, atMs + 3_999, atMs + 3_999));
    }
    return hexOf(out.map(({ data }) => ({ atMs: 0, data })));
  };

  test('the same seed gives the same bytes, however often it is called', () => {
    expect(story(5, false)).toBe(story(5, false));
    expect(story(5, true)).toBe(story(5, false));
  });

  test('another seed gives other bytes', () => {
    expect(story(5, false)).not.toBe(story(6, false));
  });
});
