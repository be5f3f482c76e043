import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerVectors, hostVectors } from '../../drivers/ne1000/vectors.ts';
import { simulator } from '../../simulators/ne1000/index.ts';
import { basicAnswer, crc, number, safePacket } from '../../simulators/ne1000/wire.ts';
import { vectorBytes } from '../../src/driver/proof.ts';

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Pumps in the hand: time in steps, answers at once. */
function make(options: Readonly<Record<string, unknown>> = {}) {
  const line = simulator.create({ replyDelayMs: 0, ...options }, 0);
  let nowMs = 0;
  const send = (bytes: Uint8Array): readonly string[] => {
    const said = [...line.advance(nowMs).send, ...line.receive(bytes, nowMs)];
    return said.map((frame) => Buffer.from(frame).toString('latin1'));
  };
  return {
    send,
    /** A command in basic mode; what stands between STX and ETX of the answer. */
    ask(text: string): string | undefined {
      return send(latin1(`${text}\r`))[0]?.slice(1, -1);
    },
    /** The same as a packet. */
    askSafe(text: string): string | undefined {
      return send(safePacket(text))[0]?.slice(2, -3);
    },
    run(ms: number): readonly string[] {
      nowMs += ms;
      return line.advance(nowMs).send.map((frame) => Buffer.from(frame).toString('latin1'));
    },
    command: (name: string, args: Readonly<Record<string, unknown>> = {}) =>
      line.command(name, args),
    truth: (address = 0) =>
      (line.describe()['pumps'] as Record<string, Record<string, unknown>>)[address] ?? {},
  };
}

describe('the wire', () => {
  test('its CRC and packets are those of the vectors', () => {
    expect(crc([...latin1('123456789')])).toBe(0x31c3);
    expect(safePacket('SAF0')).toEqual(
      Uint8Array.from(Buffer.from('0208534146305543 03'.replace(' ', ''), 'hex')),
    );
    const packets = [...hostVectors, ...answerVectors]
      .filter((vector) => !('mayBeSent' in vector && !vector.mayBeSent))
      .map(vectorBytes)
      .filter((bytes) => bytes[0] === 2 && (bytes[1] ?? 0) < 0x30);
    expect(packets.length).toBeGreaterThan(12);
    for (const packet of packets) {
      const text = Buffer.from(packet.subarray(2, -3)).toString('latin1');
      expect(safePacket(text)).toEqual(packet);
    }
    expect(basicAnswer('00S')).toEqual(Uint8Array.of(2, 0x30, 0x30, 0x53, 3));
  });

  test.each([
    ['0', '00I'],
    ['', '00I'],
    ['0VER', '00INE1000SIMV3.928'],
    ['0SAF', '00I0'],
    ['0PHN', '00I1'],
    ['0RAT', '00I10.00MH'],
    ['0DIS', '00II0.000W0.000ML'],
    ['0VOL', '00I60.00ML'],
    ['0DIR', '00IINF'],
    ['0DIA', '00I26.59'],
    ['0 r a t', '00I10.00MH'],
    ['0HELLO', '00I?'],
  ])('%j is answered with %s', (command, answer) => {
    expect(make().ask(command)).toBe(answer);
  });

  test('answers each question of the vectors, in its mode', () => {
    for (const vector of hostVectors.filter((one) => 'mayBeSent' in one && one.mayBeSent)) {
      const safeSeconds = vector.name.startsWith('safe') ? 9 : 0;
      const line = make({ addresses: [0, 5, 42, 99], safeSeconds });
      expect(line.send(vectorBytes(vector)), vector.name).toHaveLength(1);
    }
  });

  test('a question may come in any split, a blank and a control character count for nothing', () => {
    const pump = make();
    expect(pump.send(latin1('\x020 R'))).toEqual([]);
    expect(pump.send(latin1('\x00AT'))).toEqual([]);
    expect(pump.send(latin1('\r'))).toEqual(['\x0200I10.00MH\x03']);
  });

  test('what was left without a CR stands before the next command', () => {
    const pump = make();
    pump.send(latin1('0RAT'));
    expect(pump.ask('0')).toBe('00I?NA');
    expect(pump.truth()).toMatchObject({ forbiddenCommands: 1, forbidden: ['RAT0'], rate: 10 });
  });

  test('in safe mode: packets only, a wrong CRC is ?COM, half a packet is dropped after 0.5 s', () => {
    const pump = make({ safeSeconds: 20 });
    expect(pump.ask('0')).toBeUndefined();
    expect(pump.askSafe('0RAT')).toBe('00I10.00MH');
    const bad = safePacket('0RAT');
    bad[6] = (bad[6] ?? 0) ^ 1;
    expect(pump.send(bad)[0]).toContain('?COM');
    expect(pump.truth()).toMatchObject({ garbledPackets: 1 });
    pump.send(safePacket('0RAT').subarray(0, 4));
    pump.run(499);
    expect(pump.askSafe('0')).toBe('00I?COM');
    pump.run(500);
    pump.send(safePacket('0RAT').subarray(0, 4));
    pump.run(500);
    expect(pump.askSafe('0')).toBe('00I');
  });

  test.each([
    'RAT5',
    'RAT 5',
    'VOL10',
    'DIRWDR',
    'DIA20',
    'PHN2',
    'SAF5',
    'SAF0',
    'RUN',
    'RUN2',
    'STP',
    'PUR',
    'CLDINF',
    'RAT5MH',
    '*ADR5',
    'BUZ1',
    'LOC1',
  ])('%s is noted as forbidden, and does nothing', (word) => {
    const pump = make();
    const before = pump.truth();
    expect(pump.ask(`0${word}`)).toBe('00I?NA');
    const forbidden = [word.replaceAll(' ', '')];
    expect(pump.truth()).toEqual({ ...before, forbiddenCommands: 1, forbidden });
  });

  test.each(['RAT0VER', 'VER1', 'DIS0', 'SAF5VER', 'HELLO', 'DIRX'])(
    '%s is not understood',
    (word) => {
      const pump = make();
      expect(pump.ask(`0${word}`)).toBe('00I?');
      expect(pump.truth()).toMatchObject({ unknownCommands: 1, forbidden: [] });
    },
  );

  test('each pump answers to its own address alone', () => {
    const line = make({ addresses: [0, 7, 42] });
    line.command('set-rate', { address: 7, rate: 3 });
    expect([line.ask('7RAT'), line.ask('42RAT'), line.ask('3RAT')]).toEqual([
      '07I3.000MH',
      '42I10.00MH',
      undefined,
    ]);
  });

  test('numbers have four digits and a point', () => {
    expect([0, 0.5, 9.9999, 12.3456, 999.99, 1_000, 9_999].map(number)).toEqual([
      '0.000',
      '0.500',
      '9.999',
      '12.34',
      '999.9',
      '1000.',
      '9999.',
    ]);
  });

  test('a thin syringe counts in microlitres', () => {
    const pump = make({ diameterMm: 4.78, targetMl: 0.5 });
    expect(pump.ask('0VOL')).toBe('00I500.0UL');
    expect(pump.ask('0DIS')).toBe('00II0.000W0.000UL');
  });

  test('noise without end does not grow it', () => {
    const pump = make();
    for (let round = 0; round < 200; round++) pump.send(latin1('A'.repeat(10_000)));
    pump.send(latin1('\r'));
    expect(pump.ask('0')).toBe('00I');
  });
});

describe('alarms', () => {
  test('an alarm is told once, in the answer to whatever is asked, and forgotten', () => {
    const pump = make();
    pump.command('alarm', { letter: 'S' });
    expect(pump.ask('0RAT')).toBe('00A?S');
    expect(pump.ask('0RAT')).toBe('00S10.00MH');
  });

  test('a command that is not understood does not take it away', () => {
    const pump = make();
    pump.command('alarm', { letter: 'S' });
    pump.ask('0HELLO');
    pump.ask('7');
    expect(pump.truth()).toMatchObject({ alarmNotTold: 'S' });
  });

  test('in safe mode it is also sent by itself, once, which does not clear it', () => {
    const pump = make({ safeSeconds: 60 });
    pump.command('alarm', { letter: 'S' });
    const [said] = pump.run(1);
    expect(said).toBe(Buffer.from(safePacket('00A?S')).toString('latin1'));
    expect(pump.run(10_000)).toEqual([]);
    expect(pump.askSafe('0')).toBe('00A?S');
    expect(pump.askSafe('0')).toBe('00S');
    pump.command('alarm', { letter: 'S' });
    expect(pump.run(1)).toHaveLength(1);
  });

  test('armed and unheard: it stops and alarms; heard in time it runs on', () => {
    const pump = make({ safeSeconds: 5 });
    for (let seconds = 0; seconds < 20; seconds += 4) {
      pump.run(4_000);
      expect(pump.askSafe('0')).toBe('00I');
    }
    pump.run(4_999);
    expect(pump.truth()).toMatchObject({ state: 'I' });
    expect(pump.run(1)).toHaveLength(1);
    expect(pump.truth()).toMatchObject({ state: 'S', alarmNotTold: 'T' });
    expect(pump.askSafe('0')).toBe('00A?T');
    expect(pump.askSafe('0')).toBe('00S');
  });

  test('a packet for another pump does not keep it running', () => {
    const line = make({ addresses: [0, 1], safeSeconds: 5 });
    line.run(4_000);
    line.askSafe('1');
    line.run(2_000);
    expect([line.truth(0)['state'], line.truth(1)['state']]).toEqual(['S', 'I']);
  });

  test('off: silent; on: stopped, and the first answer is A?R', () => {
    const pump = make();
    pump.run(3_600_000);
    pump.command('power', { on: false });
    expect(pump.ask('0')).toBeUndefined();
    pump.command('power', { on: true });
    expect([pump.ask('0VER'), pump.ask('0DIS')]).toEqual(['00A?R', '00SI0.000W0.000ML']);
  });
});

describe('the physics', () => {
  test('the volume grows at the rate until the target, then it stops', () => {
    const pump = make({ rate: 0.5, unit: 'MM', targetMl: 20 });
    pump.run(1_800_000);
    expect(pump.truth()['infusedMl']).toBeCloseTo(15, 9);
    expect(pump.ask('0DIS')).toBe('00II15.00W0.000ML');
    pump.run(900_000);
    expect(pump.truth()).toMatchObject({ state: 'S', flowMlPerH: 0 });
    expect(pump.truth()['infusedMl']).toBeCloseTo(20, 9);
  });

  test('without a target it runs on', () => {
    const pump = make({ targetMl: 0 });
    pump.run(36_000_000);
    expect(pump.truth()['infusedMl']).toBeCloseTo(100, 6);
    expect(pump.ask('0VOL')).toBe('00I0.000ML');
  });

  test('a closed line stalls the motor after 0.2 mL', () => {
    const pump = make();
    pump.command('block', { on: true });
    pump.run(71_000);
    expect(pump.truth()).toMatchObject({ state: 'I', alarmNotTold: null });
    pump.run(2_000);
    expect(pump.truth()).toMatchObject({ state: 'S', alarmNotTold: 'S' });
  });

  test('withdrawing counts apart', () => {
    const pump = make();
    pump.command('set-direction', { direction: 'WDR' });
    pump.run(3_600_000);
    expect(pump.ask('0DIS')).toBe('00WI0.000W10.00ML');
    expect(pump.ask('0DIR')).toBe('00WWDR');
  });

  test('purge, pause, next phase', () => {
    const pump = make();
    pump.command('become', { letter: 'X' });
    expect(pump.truth()).toMatchObject({ state: 'X', flowMlPerH: 900 });
    pump.command('become', { letter: 'P' });
    expect(pump.truth()).toMatchObject({ state: 'P', flowMlPerH: 0 });
    pump.command('start');
    pump.command('next-phase', { rate: 250, unit: 'UM' });
    expect([pump.ask('0PHN'), pump.ask('0RAT')]).toEqual(['00I2', '00I250.0UM']);
    expect(pump.truth()['flowMlPerH']).toBeCloseTo(15, 9);
  });

  test('the result does not depend on how often time is let pass', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.double({ min: 0.1, max: 400, noNaN: true }), (ms, rate) => {
        const options = { rate, targetMl: 0.9 };
        const often = make(options);
        const once = make(options);
        for (const pump of [often, once]) pump.command('block', { on: rate > 200 });
        for (const step of ms) often.run(step);
        once.run(ms.reduce((sum, step) => sum + step, 0));
        const { state, alarmNotTold, infusedMl } = often.truth();
        expect(once.truth()).toMatchObject({ state, alarmNotTold });
        expect(once.truth()['infusedMl']).toBeCloseTo(Number(infusedMl), 6);
      }),
    );
  });
});

describe('unfit arguments are refused in one sentence', () => {
  test.each([
    { options: { version: 'NE1000V3.928' }, why: 'version must contain SIM' },
    { options: { rate: -1 }, why: 'rate must be a number from 0 to 9999' },
    { options: { unit: 'ML' }, why: 'unit must be one of UM, MM, UH, MH' },
    { options: { speed: 5 }, why: 'unknown argument speed' },
    { options: { addresses: [0, 100] }, why: 'addresses must be a list' },
    { options: { addresses: [1, 1] }, why: 'addresses must be a list' },
    { options: { addresses: [] }, why: 'addresses must be a list' },
    { options: { safeSeconds: 1.5 }, why: 'safeSeconds must be a whole number' },
    { options: { running: 1 }, why: 'running must be true or false' },
  ])('$options', ({ options, why }) => {
    expect(() => make(options)).toThrow(why);
  });

  test.each([
    { name: 'explode', args: {}, why: 'does not know the command explode; it knows set-rate' },
    { name: 'set-rate', args: {}, why: 'rate must be a number' },
    { name: 'set-rate', args: { address: 9, rate: 1 }, why: 'no pump with this address' },
    { name: 'alarm', args: { letter: 'Z' }, why: 'letter must be one of R, S, T, E, O' },
    { name: 'start', args: { now: true }, why: 'unknown argument now; it takes none' },
    { name: 'set-version', args: { version: 'NE1000V3.928' }, why: 'version must contain SIM' },
    { name: 'lose-bytes', args: { oneIn: 0.5 }, why: 'oneIn must be a whole number' },
  ])('$name $args', ({ name, args, why }) => {
    expect(() => make().command(name, args)).toThrow(why);
  });
});
