import { describe, expect, test } from 'vitest';
import { simulator } from '../../simulators/healthypi/index.ts';
import { ecgFrameV5, frameV4, ppgFrameV5 } from '../../simulators/healthypi/wire.ts';

type Args = Readonly<Record<string, unknown>>;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const make = (options: Args = {}) => simulator.create(options, 0);
const run = (options: Args, untilMs: number) => make(options).advance(untilMs).send.map(hex);

describe('the wire', () => {
  test('v4, with SI where a real one has 80 and 120', () => {
    const frame = frameV4({
      ecg: 300,
      respiration: -10,
      infrared: 4_096,
      heartRate: 72,
      respirationRate: 16,
      spo2: 97,
      isLeadsOff: false,
    });
    expect(hex(frame)).toBe('0afa1400022c01f6ff0010000000100000740e106148534900000b');
  });

  test('v5', () => {
    expect(hex(ecgFrameV5([1, -1, 0, 0, 0, 0, 0, 256], 72, 16))).toBe(
      `0afa32000301000000ffffffff${'00'.repeat(20)}00010000${'00'.repeat(16)}4810000b`,
    );
    expect(hex(ppgFrameV5([1, -1, 0, 0, 0, 0, 0, 256], 97))).toBe(
      '0afa1300040100ffff0000000000000000000000016153 49000b'.replace(' ', ''),
    );
  });

  test('no option leaves the mark out', () => {
    expect(() => make({ mark: false })).toThrow('unknown argument mark');
    for (const frame of run({}, 1_000)) expect(frame.slice(44, 48)).toBe('5349');
  });
});

describe('the board', () => {
  test('v4 sends 125 frames a second, v5 15.6 and 12.5, however often it is called', () => {
    expect(run({}, 8_000)).toHaveLength(1_000);
    const v5 = run({ firmware: 'v5' }, 8_000);
    expect(v5.filter((frame) => frame.startsWith('0afa3200'))).toHaveLength(125);
    expect(v5.filter((frame) => frame.startsWith('0afa1300'))).toHaveLength(100);
    const often = make({ firmware: 'v5' });
    const frames: string[] = [];
    for (let ms = 0; ms <= 8_000; ms += 5) frames.push(...often.advance(ms).send.map(hex));
    expect(frames).toEqual(v5);
  });

  test('leads off: v4 says 0, v5 goes on with the old numbers', () => {
    const v4 = make();
    v4.command('leads-off', { on: true });
    const frame = hex(v4.advance(8).send[0] ?? new Uint8Array(0));
    expect(frame.slice(10, 14)).toBe('0000');
    expect(frame.slice(42, 44)).toBe('00');
    expect(frame.slice(48, 50)).toBe('1f');
    const v5 = make({ firmware: 'v5' });
    v5.advance(1_000);
    v5.command('leads-off', { on: true });
    v5.command('set', { hr: 0 });
    const last = v5
      .advance(2_000)
      .send.map(hex)
      .findLast((one) => one.startsWith('0afa3200'));
    expect(last?.slice(-8)).toBe('4810000b');
  });

  test('v5 does not believe a fast fall of SpO2', () => {
    const v5 = make({ firmware: 'v5' });
    v5.advance(1_000);
    v5.command('set', { spo2: 70 });
    const last = v5
      .advance(2_000)
      .send.map(hex)
      .findLast((one) => one.startsWith('0afa1300'));
    expect(last?.slice(42, 44)).toBe('61');
  });

  test('a heart that stands still is not a straight line', () => {
    const ecg = run({ hr: 0 }, 1_000).map((frame) => frame.slice(10, 14));
    expect(new Set(ecg).size).toBeGreaterThan(5);
  });

  test('whatever it hears is counted', () => {
    const device = make();
    expect(device.receive(Uint8Array.of(1, 2), 0)).toEqual([]);
    expect(device.describe()).toMatchObject({ forbiddenBytes: 2 });
  });

  test.each([
    ['dance', {}, 'does not know the command dance'],
    ['set', { hr: 900 }, 'hr must be a number'],
    ['set', { sys: 1 }, 'unknown argument sys'],
    ['leads-off', { on: 1 }, 'on must be true or false'],
  ] as const)('%s %j: one clear sentence', (name, args, message) => {
    expect(() => make().command(name, args)).toThrow(message);
  });

  test('unfit options are named', () => {
    expect(() => make({ firmware: 'v3' })).toThrow('firmware must be v4 or v5');
    expect(() => make({ hr: 300 })).toThrow('hr must be a number');
  });
});
