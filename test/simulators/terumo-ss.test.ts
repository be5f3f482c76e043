import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostVectors, replyVectors } from '../../drivers/terumo-ss/vectors.ts';
import { simulator } from '../../simulators/terumo-ss/index.ts';
import { ALARM_BITS, packet, packetChecksum } from '../../simulators/terumo-ss/wire.ts';
import { vectorBytes } from '../../src/driver/proof.ts';

const DEVID = 'SIM000000000000000000001';
const xml = (inner: string): string => `<?xml version="1.0"?>${inner}`;
const request = (command: readonly number[], devid = DEVID): Uint8Array =>
  packet(
    xml(`<REQ><DEVID>${devid}</DEVID><CMD>${Buffer.from(command).toString('base64')}</CMD></REQ>`),
  );
const STATUS = [5, 1, 0, 0];
const WHO = packet(xml('<REQ><DEVID></DEVID></REQ>'));

/** A pump in the hand: time in steps, answers at once. */
function make(options: Readonly<Record<string, unknown>> = {}) {
  const pump = simulator.create({ replyDelayMs: 0, ...options }, 0);
  let nowMs = 0;
  const send = (bytes: Uint8Array): string | undefined => {
    pump.advance(nowMs);
    const said = [...pump.receive(bytes, nowMs)];
    expect(said.length).toBeLessThanOrEqual(1);
    return said[0] === undefined ? undefined : Buffer.from(said[0]).toString('latin1');
  };
  return {
    send,
    receive: (bytes: Uint8Array) => pump.receive(bytes, nowMs),
    /** The binary command of the reply. */
    ask(command: readonly number[] = STATUS): readonly number[] | undefined {
      const base64 = /<CMD>(.*)<\/CMD>/.exec(send(request(command)) ?? '')?.[1];
      return base64 === undefined ? undefined : [...Buffer.from(base64, 'base64')];
    },
    run(ms: number): void {
      nowMs += ms;
      pump.advance(nowMs);
    },
    command: (name: string, args: Readonly<Record<string, unknown>> = {}) =>
      pump.command(name, args),
    truth: () => pump.describe(),
  };
}

const u24 = (bytes: readonly number[] | undefined, at: number): number =>
  ((bytes?.[at] ?? 0) << 16) | ((bytes?.[at + 1] ?? 0) << 8) | (bytes?.[at + 2] ?? 0);

describe('the wire', () => {
  test('its checksum is the one of the printed packets', () => {
    for (const vector of [...hostVectors, ...replyVectors]) {
      const text = Buffer.from(vectorBytes(vector)).toString('latin1');
      expect(packetChecksum(text.slice(1, -5))).toBe(text.slice(-5, -1));
    }
    expect(packetChecksum('123456789')).toBe('31C3');
  });

  test('who are you: DEVID alone', () => {
    expect(make().send(WHO)?.slice(1, -5)).toBe(xml(`<REP><DEVID>${DEVID}</DEVID></REP>`));
  });

  test('status: header echoed, result 00, 34 bytes at least', () => {
    const bytes = make({ rateMlPerH: 8, vtbiMl: 37.6 }).ask();
    expect(bytes?.slice(0, 8)).toEqual([5, 1, 0, 0, 0, 4, 3, 0x10]);
    expect(bytes).toHaveLength(34);
    expect([u24(bytes, 16), u24(bytes, 19), u24(bytes, 22)]).toEqual([800, 0, 376]);
    expect(bytes?.slice(13, 16)).toEqual([0x55, 0, 6]);
    expect(bytes?.slice(25)).toEqual([0, 0, 0, 0, 0xff, 0xff, 0, 0, 0]);
  });

  test('options: dose, weight, dilution, VTBI off and infinite, model', () => {
    const dose = { doseMode: 'ug/kg/min', doseRate: 2.5, weightKg: 70.5, dilution: 10 };
    const bytes = make(dose).ask();
    expect([u24(bytes, 22), u24(bytes, 25), bytes?.[28]]).toEqual([0xeeeeee, 250, 4]);
    expect(bytes?.slice(29)).toEqual([0x02, 0xc1, 0, 0x03, 0xe8]);
    expect(u24(make({ infiniteVtbi: true }).ask(), 22)).toBe(0xffffff);
    expect(make({ doseMode: 'mg/kg/h' }).ask()?.[28]).toBe(8);
    const tci = make({ model: 'TE-SS830P' }).ask();
    expect([tci?.length, tci?.[8]]).toEqual([87, 0x10]);
    expect(make({ model: 'TE-SS730' }).ask()?.[14]).toBe(0x40);
    expect(make({ stateInLowNibble: true }).ask()?.[7]).toBe(0x01);
  });

  test('a request in two pieces, and two in one', () => {
    const pump = make();
    expect(pump.receive(WHO.slice(0, 20))).toEqual([]);
    expect(pump.receive(WHO.slice(20))).toHaveLength(1);
    expect(pump.receive(Uint8Array.from([...WHO, ...WHO]))).toHaveLength(2);
  });

  test.each([
    { why: 'a wrong checksum', bytes: Uint8Array.from([...WHO.slice(0, -2), 0x30, 3]) },
    { why: 'no STX', bytes: WHO.slice(1) },
    { why: 'no ETX', bytes: WHO.slice(0, -1) },
    { why: 'an empty packet', bytes: Uint8Array.of(2, 3) },
    { why: 'noise', bytes: Uint8Array.from(Buffer.from('hello')) },
    { why: 'the DEVID of another pump', bytes: request(STATUS, 'SIM000000000000000000002') },
    { why: 'a command without a DEVID', bytes: request(STATUS, '') },
    { why: 'a DEVID without a command', bytes: packet(xml(`<REQ><DEVID>${DEVID}</DEVID></REQ>`)) },
    { why: 'no declaration', bytes: packet('<REQ><DEVID></DEVID></REQ>') },
    { why: 'a reply', bytes: packet(xml(`<REP><DEVID>${DEVID}</DEVID></REP>`)) },
  ])('$why: silence, and the next good request is answered', ({ bytes }) => {
    const pump = make();
    expect(pump.send(bytes)).toBeUndefined();
    expect(pump.send(WHO)).toBeDefined();
  });

  test.each([
    { what: 'another command', command: [5, 2, 0, 0], result: [0x11, 2, 0, 0] },
    { what: 'another subcommand', command: [5, 1, 0, 1], result: [0x11, 1, 0, 1] },
    { what: 'too short', command: [5, 1, 0], result: [0x13, 0, 0, 0] },
    { what: 'too long', command: [5, 1, 0, 0, 9], result: [0x14, 1, 0, 0] },
  ])('$what: an execution result, and it is noted', ({ command, result }) => {
    const pump = make();
    expect(pump.ask(command)?.slice(4)).toEqual(result);
    expect(pump.truth()).toMatchObject({ forbiddenRequests: 1, askedForStatus: 0 });
  });

  test('set-result: an execution result instead of the status', () => {
    const pump = make();
    pump.command('set-result', { result: 0x12 });
    expect(pump.ask()).toEqual([5, 1, 0, 0, 0x12, 1, 0, 0]);
    pump.command('set-result', { result: null });
    expect(pump.ask()).toHaveLength(34);
  });

  test('docked: silent, and what was under way is lost', () => {
    const pump = make();
    pump.command('dock', { on: true });
    expect(pump.send(WHO)).toBeUndefined();
    pump.command('dock', { on: false });
    expect(pump.send(WHO)).toBeDefined();
  });

  test('with a delay the answer comes after it', () => {
    const pump = simulator.create({ replyDelayMs: 500 }, 0);
    expect(pump.receive(WHO, 100)).toEqual([]);
    expect(pump.advance(599)).toEqual({ send: [], wakeAtMs: 600 });
    expect(pump.advance(600).send).toHaveLength(1);
  });

  test.each(Object.entries(ALARM_BITS))('alarm %s is bit %i and sounds', (name, bit) => {
    const pump = make();
    pump.command('alarm', { name });
    const bytes = pump.ask();
    expect(u24(bytes, 10)).toBe(2 ** bit);
    expect((bytes?.[14] ?? 0) & 8).toBe(8);
    pump.command('alarm', { name, on: false });
    expect(u24(pump.ask(), 10)).toBe(0);
  });

  test('power, reserved bits, sound, syringe out', () => {
    const pump = make();
    pump.command('power', { mains: false, bars: 2, subBatteryOk: false });
    expect(pump.ask()?.[13]).toBe(0x82);
    pump.command('reserved-bits', { bits: [9, 14] });
    expect(u24(pump.ask(), 10)).toBe(0x4200);
    pump.command('sound', { on: true });
    expect(pump.ask()?.[14]).toBe(0x08);
    pump.command('remove-syringe');
    expect(pump.ask()?.slice(14, 16)).toEqual([0x28, 0]);
  });
});

describe('the physics', () => {
  test('10 mL/h for an hour are 10 mL, and VTBI and syringe go down', () => {
    const pump = make({ vtbiMl: 40 });
    pump.run(3_600_000);
    expect(pump.truth()['deliveredMl']).toBeCloseTo(10, 9);
    expect(pump.truth()['vtbiMl']).toBeCloseTo(30, 9);
    expect(pump.truth()['syringeMl']).toBeCloseTo(40, 9);
    expect(u24(pump.ask(), 19)).toBe(1_000);
  });

  test('VTBI done: completion, stopped', () => {
    const pump = make({ rateMlPerH: 60, vtbiMl: 1 });
    pump.run(59_000);
    expect(pump.truth()).toMatchObject({ state: 'start', alarms: [] });
    pump.run(10_000);
    expect(pump.truth()).toMatchObject({ state: 'stop', alarms: ['completion'], vtbiMl: 0 });
    expect(pump.truth()['deliveredMl']).toBeCloseTo(1, 9);
  });

  test('the syringe runs empty: nearly empty, then completion', () => {
    const pump = make({ rateMlPerH: 60, syringeMl: 2 });
    pump.run(61_000);
    expect(pump.truth()).toMatchObject({ state: 'start', alarms: ['nearly-empty'] });
    pump.run(60_000);
    expect(pump.truth()).toMatchObject({ state: 'stop', syringeMl: 0 });
    expect(() => pump.command('start')).toThrow('start: the syringe is out or empty');
    pump.command('replace-syringe');
    pump.command('start');
    expect(pump.truth()).toMatchObject({ state: 'start', alarms: [], syringeMl: 50 });
  });

  test('an occlusion builds up pressure in quarters, then alarms and stops', () => {
    const pump = make({ rateMlPerH: 9 });
    pump.command('occlude', { on: true });
    const levels: number[] = [];
    for (let quarter = 0; quarter < 4; quarter++) {
      pump.run(24_000);
      levels.push((pump.ask()?.[14] ?? 0) & 3);
    }
    expect(levels).toEqual([0, 1, 2, 3]);
    pump.run(10_000);
    expect(pump.truth()).toMatchObject({ state: 'stop', alarms: ['occlusion'], sounding: true });
    pump.command('start');
    expect(pump.truth()).toMatchObject({ state: 'stop', alarms: ['occlusion'] });
    pump.command('occlude', { on: false });
    pump.run(5_000);
    pump.command('start');
    expect(pump.truth()).toMatchObject({ state: 'start', alarms: [], pressure: 0 });
  });

  test('a hands-free bolus gives its volume and goes on; a hands-on one lasts until it is stopped', () => {
    const pump = make();
    pump.command('bolus', { ml: 1 });
    expect(pump.ask()?.[7]).toBe(0x50);
    pump.run(18_000);
    expect(pump.truth()).toMatchObject({ state: 'start' });
    expect(pump.truth()['deliveredMl']).toBeCloseTo(1, 6);
    pump.command('bolus', { kind: 'hands-on' });
    pump.run(60_000);
    expect(pump.ask()?.[7]).toBe(0x40);
    pump.command('stop');
    expect(pump.ask()?.[7]).toBe(0);
  });

  test('a purge is not counted as delivered', () => {
    const pump = make({ running: false });
    pump.command('purge');
    pump.run(10_000);
    expect(pump.ask()?.[7]).toBe(0x30);
    expect(pump.truth()).toMatchObject({ deliveredMl: 0 });
    expect(pump.truth()['syringeMl']).toBeLessThan(49);
  });

  test('standby, set-rate, set-vtbi, clear-volume, stall', () => {
    const pump = make();
    pump.run(60_000);
    pump.command('standby');
    expect(pump.ask()?.[7]).toBe(0x20);
    pump.command('clear-volume');
    pump.command('set-rate', { mlPerH: 25 });
    pump.command('set-vtbi', { ml: 5 });
    pump.command('start');
    pump.command('stall', { on: true });
    pump.run(60_000);
    const bytes = pump.ask();
    expect([bytes?.[7], u24(bytes, 16), u24(bytes, 19), u24(bytes, 22)]).toEqual([
      0x10, 2_500, 0, 50,
    ]);
  });

  test('the result does not depend on how often time is let pass', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.double({ min: 0.1, max: 400, noNaN: true }), (ms, rateMlPerH) => {
        const options = { rateMlPerH, vtbiMl: 0.4, syringeMl: 0.9 };
        const often = make(options);
        const once = make(options);
        for (const step of ms) often.run(step);
        once.run(ms.reduce((sum, step) => sum + step, 0));
        const { alarms, state, deliveredMl, syringeMl } = often.truth();
        expect(once.truth()).toMatchObject({ alarms, state });
        expect(once.truth()['deliveredMl']).toBeCloseTo(Number(deliveredMl), 6);
        expect(once.truth()['syringeMl']).toBeCloseTo(Number(syringeMl), 6);
      }),
    );
  });
});

describe('unfit arguments are refused in one sentence', () => {
  test.each([
    { options: { devid: '000100700000001901000042' }, why: 'devid must be SIM' },
    { options: { devid: 'SIM1' }, why: 'and 21 digits' },
    { options: { rateMlPerH: -1 }, why: 'rateMlPerH must be a number from 0 to 1200' },
    { options: { rate: 5 }, why: 'unknown argument rate' },
    { options: { model: 'TE-LF630N' }, why: 'model must be one of TE-SS730, TE-SS830, TE-SS830P' },
    { options: { software: '403' }, why: 'software must be four hex digits' },
    { options: { doseMode: 'mg/h' }, why: 'doseMode must be one of' },
    { options: { running: 1 }, why: 'running must be true or false' },
  ])('$options', ({ options, why }) => {
    expect(() => make(options)).toThrow(why);
  });

  test.each([
    { name: 'explode', args: {}, why: 'does not know the command explode; it knows set-rate' },
    { name: 'set-rate', args: {}, why: 'mlPerH must be a number' },
    { name: 'start', args: { now: true }, why: 'unknown argument now; it takes none' },
    { name: 'set-devid', args: { devid: '000100700000001901000042' }, why: 'must be SIM' },
    { name: 'alarm', args: { name: 'b9' }, why: 'name must be one of' },
    { name: 'reserved-bits', args: { bits: [3] }, why: '9, 10, 11, 12, 14' },
    { name: 'dock', args: {}, why: 'on must be true or false' },
    { name: 'power', args: { bars: 16 }, why: 'bars must be a number from 0 to 15' },
  ])('$name $args', ({ name, args, why }) => {
    expect(() => make().command(name, args)).toThrow(why);
  });
});
