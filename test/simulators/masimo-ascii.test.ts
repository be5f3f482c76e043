import { describe, expect, test } from 'vitest';
import { simulator } from '../../simulators/masimo-ascii/index.ts';
import { lineOf } from '../../simulators/masimo-ascii/wire.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const oximeter = (options: Readonly<Record<string, unknown>> = {}) =>
  simulator.create(
    { variability: 0, wallAtStartMs: Date.UTC(2016, 1, 22, 22, 47, 45), ...options },
    0,
  );

/** What it says up to a moment. */
const said = (device: ReturnType<typeof oximeter>, nowMs: number): readonly string[] =>
  device.advance(nowMs).send.map(text);

describe('the wire', () => {
  test('a line of a Rad-8 looks as a real one, with LF CR behind it', () => {
    const shown = {
      wallMs: Date.UTC(2016, 1, 22, 22, 47, 45),
      serial: '0000012345',
      spo2: 98,
      pulse: 97,
      perfusion: 3.6,
      alarm: 0,
      exceptions: 0x800,
    };
    expect(text(lineOf(shown, 'rad-8'))).toBe(
      '02/22/16 22:47:45 SN=0000012345 SPO2=098% BPM=097 PI=03.60% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\n\r',
    );
    expect(
      text(lineOf({ ...shown, pulse: 123, perfusion: 0.55, exceptions: 0xc00 }, 'radical-7')),
    ).toBe(
      '02/22/16 22:47:45 SN=0000012345 SPO2=098% BPM=123 PI=00.55 SPCO=--% SPMET=--.-% SPHB=--.- SPOC=-- RESVD=--- DESAT=-- PIDELTA=+-- PVI=--- ALARM=000000 EXC=0000C00 EXC1=00000000\n\r',
    );
  });

  test('one line a second, each with the mark, and no option to leave it out', () => {
    const lines = said(oximeter(), 10_000);
    expect(lines).toHaveLength(10);
    for (const line of lines) expect(line).toContain('SN=SIM0000001 ');
    expect(() => oximeter({ serial: '0000000001' })).toThrow('unknown argument serial');
  });

  test('asking more often changes nothing', () => {
    const [often, once] = [oximeter({ variability: 1 }), oximeter({ variability: 1 })];
    const pieces: string[] = [];
    for (let ms = 0; ms <= 20_000; ms += 137) pieces.push(...said(often, ms));
    pieces.push(...said(often, 20_000));
    expect(pieces).toEqual(said(once, 20_000));
  });

  test('it cannot be asked anything', () => {
    expect(oximeter().receive(Uint8Array.of(13), 0)).toEqual([]);
  });
});

describe('the panel', () => {
  test.each([
    ['no-sensor', '000001'],
    ['sensor-defective', '000802'],
    ['low-perfusion', '000804'],
    ['pulse-search', '000808'],
    ['interference', '000810'],
    ['sensor-off', '000820'],
    ['ambient-light', '000840'],
    ['sensor-unknown', '000880'],
    ['low-signal-iq', '000C00'],
  ])('%s', (command, word) => {
    const device = oximeter();
    device.command(command, { on: true });
    expect(said(device, 1_000)[0]).toContain(`EXC=${word}`);
    device.command(command, { on: false });
    expect(said(device, 2_000)[0]).toContain('EXC=000800');
  });

  test('without a sensor there are dashes, or the last numbers', () => {
    const device = oximeter();
    device.command('sensor-off', { on: true });
    expect(said(device, 1_000)[0]).toContain('SPO2=---% BPM=--- PI=--.--%');
    device.command('keep-numbers', { on: true });
    expect(said(device, 2_000)[0]).toContain('SPO2=098% BPM=076 PI=03.60%');
  });

  test('values, alarm word, unknown bits, clock, frozen', () => {
    const device = oximeter();
    device.command('set', { spo2: 80, pulse: 130 });
    device.command('alarm', { word: 0x12 });
    device.command('exception-bits', { bits: 0x100 });
    device.command('clock-step', { seconds: 3_600 });
    const [line] = said(device, 1_000);
    expect(line).toContain('02/22/16 23:47:45');
    expect(line).toContain('SPO2=080% BPM=130');
    expect(line).toContain('ALARM=0012 EXC=000900');
    expect(device.describe()).toMatchObject({ spo2: 80, sent: { pulse: 130 }, linesSent: 1 });
    device.command('freeze', { on: true });
    expect(new Set(said(device, 4_000))).toEqual(new Set([line]));
  });

  test.each([
    ['dance', {}, 'does not know the command dance'],
    ['toString', {}, 'does not know the command toString'],
    ['set', { spo2: 120 }, 'spo2 must be a number from 1 to 100'],
    ['set', { hr: 80 }, 'unknown argument hr'],
    ['sensor-off', {}, 'on must be true or false'],
    ['alarm', { word: -1 }, 'word must be a number'],
  ])('%s %j: one clear sentence', (name, args, message) => {
    expect(() => oximeter().command(name, args)).toThrow(message);
  });

  test('unfit options are named', () => {
    expect(() => oximeter({ form: 'rad-9' })).toThrow('form must be rad-8 or radical-7');
    expect(() => oximeter({ pulse: 500 })).toThrow('pulse must be a number');
  });
});
