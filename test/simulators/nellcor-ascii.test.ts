import { describe, expect, test } from 'vitest';
import { simulator } from '../../simulators/nellcor-ascii/index.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const oximeter = (options: Readonly<Record<string, unknown>> = {}) =>
  simulator.create(
    { variability: 0, wallAtStartMs: Date.UTC(2017, 11, 29, 7, 18, 42), ...options },
    0,
  );
const said = (device: ReturnType<typeof oximeter>, nowMs: number): readonly string[] =>
  device.advance(nowMs).send.map(text);

describe('the wire', () => {
  test('headings first, then a line every 2 s, each with the mark', () => {
    expect(said(oximeter(), 4_000)).toEqual([
      'N-595    VERSION 2.00.00    CRC:XXXX  SpO2 Limit: 85-100%    PR Limit: 40-170BPM\r\n',
      '                             ADULT            0SAT-S   SPO2 RESP MODE: NORMAL\r\n',
      'TIME                 %SpO2   BPM     PA     Status\r\n',
      '29-DEC-17 07:18:43    98     76     36    SIM\r\n',
      '29-DEC-17 07:18:45    98     76     36    SIM\r\n',
    ]);
    expect(() => oximeter({ mark: false })).toThrow('unknown argument mark');
  });

  test('headings again after 25 lines, and when the limits are changed', () => {
    const device = oximeter();
    const titles = (lines: readonly string[]) => lines.filter((line) => line.startsWith('TIME'));
    expect(titles(said(device, 50_000))).toHaveLength(1);
    expect(titles(said(device, 52_000))).toHaveLength(1);
    device.command('limits', { spo2Low: 90 });
    expect(said(device, 54_000)[0]).toContain('SpO2 Limit: 90-100%');
  });

  test('asking more often changes nothing', () => {
    const [often, once] = [oximeter({ variability: 1 }), oximeter({ variability: 1 })];
    const pieces: string[] = [];
    for (let ms = 0; ms <= 20_000; ms += 137) pieces.push(...said(often, ms));
    pieces.push(...said(often, 20_000));
    expect(pieces).toEqual(said(once, 20_000));
    expect(once.receive(Uint8Array.of(3, 3), 0)).toEqual([]);
  });
});

describe('the panel', () => {
  const nextLine = (device: ReturnType<typeof oximeter>) => said(device, 2_000).at(-1);

  test.each([
    ['sensor-disconnected', '---    ---    ---    SD   SIM'],
    ['sensor-off', '---    ---    ---    SO   SIM'],
    ['pulse-search', '  0      0    ---    PS   SIM'],
    ['loss-of-pulse', ' 98     76     36    LP   SIM'],
    ['loss-of-pulse-interference', ' 98     76     36    LM   SIM'],
    ['interference', ' 98     76     36    MO   SIM'],
    ['alarm-off', ' 98     76     36    AO   SIM'],
    ['alarm-silenced', ' 98     76     36    AS   SIM'],
    ['low-battery', ' 98     76     36    LB   SIM'],
  ])('%s', (command, rest) => {
    const device = oximeter();
    device.command(command, { on: true });
    expect(nextLine(device)).toContain(rest);
    device.command(command, { on: false });
    expect(said(device, 4_000)[0]).not.toMatch(/ [A-Z]{2} /);
  });

  test.each([
    [{ spo2: 80 }, ' 80*    76     36    SL   SIM'],
    [{ pulse: 180 }, ' 98    180*    36    PH   SIM'],
    [{ pulse: 30 }, ' 98     30*    36    PL   SIM'],
    [{ spo2: 80, pulse: 180 }, ' 80*   180*    36    SL   PH   SIM'],
  ])('outside of its limits: %j', (signs, rest) => {
    const device = oximeter();
    device.command('set', signs);
    expect(nextLine(device)).toContain(rest);
    expect(device.describe()).toMatchObject(signs);
  });

  test('above the upper limit of saturation; frozen', () => {
    const device = oximeter();
    device.command('limits', { spo2High: 95 });
    const line = nextLine(device) ?? '';
    expect(line).toContain('98*    76     36    SH   SIM');
    device.command('freeze', { on: true });
    expect(new Set(said(device, 8_000))).toEqual(new Set([line]));
  });

  test.each([
    ['dance', {}, 'does not know the command dance'],
    ['set', { spo2: 0 }, 'spo2 must be a number from 1 to 100'],
    ['limits', { spo2Low: 5 }, 'spo2Low must be a number'],
    ['sensor-off', { on: 1 }, 'on must be true or false'],
  ])('%s %j: one clear sentence', (name, args, message) => {
    expect(() => oximeter().command(name, args)).toThrow(message);
  });
});
