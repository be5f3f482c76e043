import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../../simulators/kit/device.ts';
import { simulator } from '../../simulators/nibp2020/index.ts';
import { endFrame, pressureFrame, type Said, statusFrame } from '../../simulators/nibp2020/wire.ts';

type Args = Readonly<Record<string, unknown>>;
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const make = (options: Args = {}): SimulatedDevice =>
  simulator.create({ replyDelayMs: 0, spread: 0, ...options }, 0);

const STATUS = latin1('\x0218;;DF\x03');
const START = latin1('\x0201;;D7\x03');
const CYCLE_15 = latin1('\x0210;;D7\x03');
const ask = (device: SimulatedDevice, nowMs: number): string =>
  device.receive(STATUS, nowMs).map(text).join('');

/** Wakes the device as its link does; all it says up to a moment. */
function heard(device: SimulatedDevice, untilMs: number, extraMs = 0): readonly string[] {
  const out: string[] = [];
  let step = device.advance(0);
  let nowMs = 0;
  for (;;) {
    out.push(...step.send.map(text));
    const wakeMs = step.wakeAtMs ?? Number.POSITIVE_INFINITY;
    const nextMs = extraMs > 0 ? Math.min(wakeMs, nowMs + extraMs) : wakeMs;
    if (nextMs > untilMs) return out;
    nowMs = nextMs;
    step = device.advance(nowMs);
  }
}

const AT_REST: Said = {
  state: 1,
  isNeonatal: false,
  cycleMin: 15,
  message: '03',
  result: { sys: 122, dia: 77, map: 94, pulse: 75 },
  seconds: 900,
};

describe('the wire', () => {
  test.each([
    [AT_REST, 'S1;A0;C15;M03;P122077094;R075;T0900;SIM;3A'],
    [
      {
        ...AT_REST,
        state: 2,
        isNeonatal: true,
        cycleMin: 0,
        message: '07',
        result: null,
        seconds: null,
      },
      'S2;A1;C00;M07;P---------;R---;T    ;SIM;A1',
    ],
  ])('a status %#, its checksum worked out apart', (said, expected) => {
    expect(text(statusFrame(said, false))).toBe(`\x02${expected}\x03\r`);
    expect(text(statusFrame(said, true))).toBe(`\xfd${expected}\xfe\r`);
  });

  test('pressure and end', () => {
    expect(text(pressureFrame(35, 3, false))).toBe('\x02035C0S3\x03\r');
    expect(text(endFrame(false))).toBe('\x02999\x03\r');
    expect(text(endFrame(true))).toBe('\xfd999\xfe\r');
  });

  test('every status carries the mark, and there is no option to leave it out', () => {
    const device = make({ cycleMin: 0 });
    expect(ask(device, 0)).toContain(';SIM;');
    device.receive(START, 1_000);
    expect(ask(device, 5_000)).toContain(';SIM;');
    expect(() => make({ mark: false })).toThrow('unknown argument mark');
  });

  test('a question in two pieces, a damaged one, a CR behind it, one for the other board', () => {
    const device = make({ cycleMin: 0 });
    expect(device.receive(STATUS.slice(0, 3), 0)).toEqual([]);
    expect(device.receive(STATUS.slice(3), 0)).toHaveLength(1);
    expect(device.receive(latin1('\x0218;;D0\x03'), 0)).toEqual([]);
    expect(device.receive(latin1('\x0218;;DF\x03\r'), 0)).toHaveLength(1);
    expect(device.receive(latin1('\xfd18;;DF\xfe\r'), 0)).toEqual([]);
    expect(device.describe()).toMatchObject({ garbledMessages: 1, asked: { '18': 2 } });
  });

  test('the answer comes after its delay', () => {
    const device = simulator.create({ replyDelayMs: 50, cycleMin: 0 }, 0);
    expect(device.receive(STATUS, 10)).toEqual([]);
    expect(device.advance(20)).toEqual({ send: [], wakeAtMs: 60 });
    expect(device.advance(60).send).toHaveLength(1);
  });
});

describe('the cuff', () => {
  test('started: fills, empties, says 999 once, and then tells what it found', () => {
    const device = make({ cycleMin: 0, sys: 130, dia: 80, map: 97, pulse: 66 });
    device.receive(START, 0);
    expect(ask(device, 1_000)).toContain('S8;');
    const said = heard(device, 60_000);
    expect(said.filter((one) => one.includes('999'))).toHaveLength(1);
    expect(said.at(-1)).toBe('\x02999\x03\r');
    expect(said.length).toBeGreaterThan(100);
    expect(ask(device, 60_000)).toContain('S1;A0;C00;M03;P130080097;R066;');
    expect(device.describe()).toMatchObject({ readings: 1, commands: 1, forbiddenCommands: 0 });
  });

  test('by itself in its cycle; calling more often changes nothing', () => {
    const once = heard(make({ spread: 5, seed: 9 }), 2_000_000);
    const often = heard(make({ spread: 5, seed: 9 }), 2_000_000, 137);
    expect(often).toEqual(once);
    expect(once.filter((one) => one.includes('999'))).toHaveLength(3);
  });

  test.each([true, false])('a cycle of 15 min is taken; the first run at once: %s', (atOnce) => {
    const device = make({ cycleMin: 0, cycleStartsAtOnce: atOnce });
    device.receive(CYCLE_15, 0);
    heard(device, 60_000);
    expect(device.describe()).toMatchObject({ cycleMin: 15, readings: atOnce ? 1 : 0 });
    heard(device, 950_000);
    expect(device.describe()).toMatchObject({ readings: atOnce ? 2 : 1 });
  });

  test.each([true, false])('a failed run tells its code and blanks the result: %s', (blanks) => {
    const device = make({ blanks });
    heard(device, 60_000);
    device.command('fail-next', { code: 7 });
    device.command('measure', {});
    heard(device, 120_000);
    const answer = ask(device, 120_000);
    expect(answer).toContain('M07;');
    expect(answer).toContain(blanks ? 'P---------;' : 'P122077094;');
    expect(device.describe()).toMatchObject({ failedRuns: 1, readings: 1 });
  });

  test('X lets the air out and says 999; message and result stay', () => {
    const device = make();
    heard(device, 60_000);
    device.receive(START, 60_000);
    device.advance(70_000);
    expect(device.receive(latin1('X'), 70_000).map(text)).toEqual(['\x02999\x03\r']);
    expect(ask(device, 71_000)).toContain('S6;A0;C15;M03;P122077094;');
  });

  test.each(['03', '04', '09', '11', '14', '16', '17', '23', '24', '25'])(
    'code %s is counted as forbidden and changes nothing',
    (code) => {
      const device = make();
      const sum = [...`${code};;`].reduce((total, char) => total + char.charCodeAt(0), 0) % 256;
      const hex = sum.toString(16).toUpperCase().padStart(2, '0');
      expect(device.receive(latin1(`\x02${code};;${hex}\x03`), 0)).toEqual([]);
      expect(device.describe()).toMatchObject({
        forbiddenCommands: 1,
        forbidden: [code],
        cycleMin: 15,
      });
    },
  );

  test('bench: leak test, manometer, error, neonatal, restart, a lost end, no pressures, a stuck valve', () => {
    const device = make({ cycleMin: 0 });
    device.command('leak-test', {});
    expect(ask(device, 1_000)).toContain('S7;');
    heard(device, 30_000);
    device.command('manometer', { on: true });
    expect(ask(device, 31_000)).toContain('S4;');
    device.command('manometer', { on: false });
    device.command('error', { on: true });
    device.command('neonatal', { on: true });
    expect(ask(device, 32_000)).toContain('S2;A1;');
    device.command('error', { on: false });
    device.command('restart', {});
    expect(ask(device, 33_000)).toContain('S5;');
    expect(ask(device, 39_000)).toContain('S1;');
    device.command('no-end', { on: true });
    device.command('no-pressures', { on: true });
    device.command('measure', {});
    expect(heard(device, 90_000)).toEqual([]);
    expect(device.describe()).toMatchObject({ readings: 1 });
    device.command('stick', { on: true });
    device.command('measure', {});
    heard(device, 900_000);
    expect(ask(device, 900_000)).toContain('S3;');
    device.command('stop', {});
    device.command('set', { sys: 150 });
    device.command('set-cycle', { minutes: 5 });
    expect(device.describe()).toMatchObject({ cycleMin: 5, patient: { sys: 150 } });
  });

  test.each([
    ['dance', {}, 'does not know the command dance'],
    ['set', { sys: 900 }, 'sys must be a number'],
    ['set-cycle', { minutes: 7 }, 'minutes must be one of'],
    ['measure', { now: true }, 'unknown argument now'],
    ['error', { on: 1 }, 'on must be true or false'],
    ['fail-next', {}, 'code must be a number'],
  ] as const)('%s %j: one clear sentence', (name, args, message) => {
    expect(() => make().command(name, args)).toThrow(message);
  });

  test('unfit options are named', () => {
    expect(() => make({ cycleMin: 7 })).toThrow('cycleMin must be one of');
    expect(() => make({ blanks: 'no' })).toThrow('blanks must be true or false');
  });
});
