import { describe, expect, test } from 'vitest';
import { simulator } from '../../simulators/nonin/index.ts';
import {
  displayFrame,
  type Measured,
  type Moment,
  waveFrame,
} from '../../simulators/nonin/wire.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const oximeter = (options: Readonly<Record<string, unknown>> = {}) =>
  simulator.create({ variability: 0, ...options }, 0);
const said = (device: ReturnType<typeof oximeter>, nowMs: number): Buffer =>
  Buffer.concat(device.advance(nowMs).send);

const MEASURED: Measured = {
  spo2: 97,
  rate: 130,
  spo2Display: 97,
  rateDisplay: 130,
  timer: 0,
  isBatteryLow: false,
};
const QUIET: Moment = {
  isDisconnected: false,
  isArtifact: false,
  isOutOfTrack: false,
  isSensorAlarm: false,
  colour: 'none',
  pleth: 0x4900,
};
const GONE: Measured = { ...MEASURED, spo2: null, rate: null };

describe('the wire', () => {
  test('frames of the manufacturer', () => {
    expect(hex(waveFrame(2, 1, MEASURED, QUIET))).toBe('01814901cc');
    expect(hex(waveFrame(2, 2, MEASURED, { ...QUIET, pleth: 0x4600 }))).toBe('01804602c9');
    expect(hex(waveFrame(2, 3, MEASURED, { ...QUIET, pleth: 0x4400 }))).toBe('0180446126');
    expect(hex(waveFrame(7, 1, MEASURED, { ...QUIET, pleth: 40_000 }))).toBe('819c40015e');
    const off = { ...QUIET, isSensorAlarm: true, pleth: 0 };
    expect(hex(waveFrame(2, 1, GONE, off))).toBe('018900038d');
    expect(hex(waveFrame(2, 2, GONE, off))).toBe('0188007f08');
  });

  test('format 8: the values, and the bits of the mark', () => {
    expect(hex(displayFrame(MEASURED, QUIET))).toBe('81026156');
    const held = { ...GONE, spo2Display: 88, rateDisplay: 72 };
    expect(hex(displayFrame(held, { ...QUIET, isSensorAlarm: true }))).toBe('8048585e');
  });

  test.each([2, 7])(
    'format %s: 75 frames a second, SYNC in every 25th, the mark in each packet',
    (format) => {
      const bytes = said(oximeter({ format }), 2_000);
      expect(bytes.length).toBe(150 * 5);
      const status = format === 2 ? 1 : 0;
      for (let frame = 0; frame < 150; frame += 1) {
        const isSync = ((bytes[frame * 5 + status] ?? 0) & 1) === 1;
        expect(isSync).toBe(frame % 25 === 0);
      }
      for (let packet = 0; packet < 6; packet += 1) {
        const letters = [12, 13, 18, 19, 24, 25].map(
          (place) => bytes[(packet * 25 + place) * 5 - 2],
        );
        expect(String.fromCharCode(...letters.map(Number))).toBe('IW-SIM');
      }
      expect(() => oximeter({ mark: false })).toThrow('unknown argument mark');
    },
  );

  test('format 8: once a second', () => {
    expect(said(oximeter({ format: 8 }), 10_000).length).toBe(40);
  });

  test('asking more often changes nothing', () => {
    const [often, once] = [oximeter({ variability: 1 }), oximeter({ variability: 1 })];
    const pieces: Buffer[] = [];
    for (let ms = 0; ms <= 5_000; ms += 7.3) pieces.push(said(often, ms));
    pieces.push(said(often, 5_000));
    expect(Buffer.concat(pieces).equals(said(once, 5_000))).toBe(true);
    expect(once.receive(Uint8Array.of(2, 0x70, 2, 2, 8, 3), 5_000)).toEqual([]);
  });
});

describe('the finger', () => {
  test('out: the numbers are gone at once, those for a display after 10 s', () => {
    const device = oximeter();
    said(device, 5_000);
    device.command('finger-out', { on: true });
    said(device, 6_000);
    expect(device.describe()['sent']).toMatchObject({
      ...{ spo2: null, rate: null, spo2Display: 98, rateDisplay: 76 },
    });
    said(device, 15_000);
    expect(device.describe()['sent']).toMatchObject({ spo2Display: 98 });
    said(device, 16_000);
    expect(device.describe()['sent']).toMatchObject({ spo2Display: null, rateDisplay: null });
    device.command('finger-out', { on: false });
    said(device, 17_000);
    expect(device.describe()['sent']).toMatchObject({ spo2: 98, spo2Display: 98 });
  });

  test.each([
    ['disconnect', 0x48],
    ['artifact', 0x20],
    ['out-of-track', 0x10],
    ['finger-out', 0x08],
  ])('%s is in the status of every frame', (command, bits) => {
    const device = oximeter();
    device.command(command, { on: true });
    const bytes = said(device, 1_000);
    for (let at = 1; at < bytes.length; at += 5) expect((bytes[at] ?? 0) & 0x78).toBe(bits);
  });

  test('a pulse is in colour for 12 frames: green, or red with low perfusion', () => {
    const device = oximeter({ pulse: 60 });
    const coloursOf = (bytes: Buffer): readonly number[] =>
      Array.from({ length: bytes.length / 5 }, (_, frame) => (bytes[frame * 5 + 1] ?? 0) & 6);
    const green = coloursOf(said(device, 10_000)).filter((bits) => bits === 2);
    expect(Math.abs(green.length - 9 * 12)).toBeLessThanOrEqual(12);
    device.command('low-perfusion', { on: true });
    expect(new Set(coloursOf(said(device, 20_000)))).toEqual(new Set([0, 4]));
  });

  test.each([
    ['dance', {}, 'does not know the command dance'],
    ['set', { pulse: 10 }, 'pulse must be a number from 20 to 240'],
    ['artifact', {}, 'on must be true or false'],
  ])('%s %j: one clear sentence', (name, args, message) => {
    expect(() => oximeter().command(name, args)).toThrow(message);
  });

  test('unfit options are named', () => {
    expect(() => oximeter({ format: 13 })).toThrow('format must be 2, 7 or 8');
  });
});
