import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryVectors } from '../../drivers/alaris-asena/vectors.ts';
import { simulator } from '../../simulators/alaris-asena/index.ts';
import { asenaFrame } from '../../simulators/alaris-asena/wire.ts';

type Options = Readonly<Record<string, unknown>>;

const text = (frames: readonly Uint8Array[]) =>
  frames.map((frame) => Buffer.from(frame).toString('latin1'));
const bytes = (line: string) => Uint8Array.from(Buffer.from(line, 'latin1'));

/** A pump that answers at once, and what it says to a question. */
function make(options: Options = {}) {
  const device = simulator.create({ replyDelayMs: 0, ...options }, 0);
  let nowMs = 0;
  return {
    device,
    run: (ms: number) => {
      nowMs += ms;
      device.advance(nowMs);
    },
    command: (name: string, args: Options = {}) => device.command(name, args),
    truth: () => device.describe(),
    /** Fields of the reply, without checksum. */
    ask: (word: string) => {
      const reply = text(device.receive(asenaFrame([word]), nowMs))[0];
      return reply?.slice(1, reply.lastIndexOf('|')).split('^');
    },
    send: (line: string) => text(device.receive(bytes(line), nowMs)),
  };
}

describe('the wire', () => {
  test.each([
    {
      word: 'INF',
      reply: [
        'INF',
        'SIM1-00001',
        '-',
        'SET',
        '10.00',
        'ml/h',
        '',
        '0.000',
        'ml',
        '35.20',
        'mmHg',
        '05:00:00',
        'EVENT',
        '100231',
      ],
    },
    { word: 'INST_SERIALNO', reply: ['INST_SERIALNO', 'SIM1-00001'] },
    { word: 'COMMS_PROTOCOL', reply: ['COMMS_PROTOCOL', 'Asena Rev 2.1.5'] },
    { word: 'COMMS_RESPONSE_MAX', reply: ['COMMS_RESPONSE_MAX', '4000', 'ms'] },
    { word: 'INF_VTBI', reply: ['INF_VTBI', 'DEACT', '', '', ''] },
    { word: 'INF_VI', reply: ['INF_VI', '0.000', 'ml'] },
    { word: 'INF_RATE', reply: ['INF_RATE', '10.00', 'ml/h'] },
    { word: 'ALARM', reply: ['ALARM', 'AL_NOALM', ' ', ' '] },
    { word: 'SYRINGE_STATUS', reply: ['SYRINGE_STATUS', 'BD PLASTIPAK', ' 50', 'CONF'] },
    { word: 'INF_RATE_MAX_SYRINGE', reply: ['INF_RATE_MAX_SYRINGE', '1200.00', 'ml/h'] },
  ])('answers $word', ({ word, reply }) => {
    expect(make().ask(word)).toEqual(reply);
  });

  test('answers each of the ten questions of the vectors, in their bytes', () => {
    for (const { text = '' } of queryVectors) expect(make().send(text)).toHaveLength(1);
  });

  test('a question may come in any split', () => {
    const pump = make();
    expect(pump.send('noise!IN')).toEqual([]);
    expect(pump.send('F|4961')).toEqual([]);
    expect(pump.send('\r')).toHaveLength(1);
  });

  test('ESC cancels a question', () => {
    expect(make().send('!INF|4961\x1b\r')).toEqual([]);
  });

  test.each(['!INF|0000\r', '!inf|4961\r', '!INF4961\r'])(
    'stays silent on %j and counts it as garbled',
    (line) => {
      const pump = make();
      expect(pump.send(line)).toEqual([]);
      expect(pump.truth()).toMatchObject({ refusedCommands: 0, garbledFrames: 1 });
    },
  );

  test.each([
    'REMOTE_CTRL^ENABLED^7A48',
    'INF_RATE^9.00^ml/h',
    'INF_VTBI^',
    'INF_START',
    'INF_STOP',
    'INF_VI_CLEAR',
  ])('stays silent on the command %s, does nothing and notes it as forbidden', (command) => {
    const pump = make({ running: false });
    const before = pump.truth();
    expect(pump.ask(command)).toBeUndefined();
    expect(pump.truth()).toEqual({
      ...before,
      refusedCommands: 1,
      forbiddenCommands: 1,
      forbidden: [command],
    });
  });

  test('stays silent on an unknown word and counts it', () => {
    const pump = make();
    expect(pump.ask('HELLO')).toBeUndefined();
    expect(pump.truth()).toMatchObject({ refusedCommands: 1, forbidden: [] });
  });

  test('replies after the delay, once', () => {
    const device = simulator.create({ replyDelayMs: 300 }, 0);
    expect(device.receive(asenaFrame(['INF']), 1_000)).toEqual([]);
    expect(device.advance(1_000)).toMatchObject({ send: [], wakeAtMs: 1_300 });
    expect(device.advance(1_299).send).toEqual([]);
    expect(device.advance(1_300).send).toHaveLength(1);
    expect(device.advance(1_300)).toEqual({ send: [] });
  });

  test('noise without end does not grow it', () => {
    const pump = make();
    for (let round = 0; round < 200; round++) pump.send(`!${'A'.repeat(10_000)}`);
    expect(pump.send('\r!INF|4961\r')).toHaveLength(1);
  });

  test('mute-words silences these questions only', () => {
    const pump = make();
    pump.command('mute-words', { words: ['INF_VTBI'] });
    expect(pump.ask('INF_VTBI')).toBeUndefined();
    expect(pump.ask('INF')).toBeDefined();
    pump.command('mute-words', { words: [] });
    expect(pump.ask('INF_VTBI')).toBeDefined();
    expect(pump.truth()).toMatchObject({ refusedCommands: 0, asked: { INF_VTBI: 2, INF: 1 } });
  });
});

describe('the physics', () => {
  test('the volume grows at the rate and the syringe and the VTBI shrink by it', () => {
    const pump = make({ rateMlPerH: 12, vtbiMl: 20 });
    pump.run(3_600_000);
    const { infusedMl, vtbiMl, syringeMl } = pump.truth();
    expect(infusedMl).toBeCloseTo(12, 9);
    expect(vtbiMl).toBeCloseTo(8, 9);
    expect(syringeMl).toBeCloseTo(38, 9);
    expect(pump.ask('INF')?.[11]).toBe('00:40:00');
    expect(pump.ask('INF_VTBI')).toEqual(['INF_VTBI', 'ACTIV', '8.000', 'ml', 'STOP']);
  });

  test('at the end of the VTBI it stops and says so', () => {
    const pump = make({ rateMlPerH: 12, vtbiMl: 1 });
    pump.run(299_000);
    expect(pump.truth()).toMatchObject({ running: true, alarm: null });
    pump.run(2_000);
    expect(pump.truth()).toMatchObject({ running: false, alarm: 'AL_VTBIS', vtbiMl: 0 });
    expect(pump.ask('INF')?.slice(2, 5)).toEqual(['A', 'HLD', '0.00']);
    pump.run(60_000);
    expect(pump.truth()['infusedMl']).toBeCloseTo(1, 9);
  });

  test('or keeps the vein open at 1 mL/h', () => {
    const pump = make({ rateMlPerH: 12, vtbiMl: 1, vtbiEnd: 'kvo' });
    pump.run(300_000 + 3_600_000);
    expect(pump.truth()).toMatchObject({ status: 'kvo', flowMlPerH: 1, alarm: 'AL_VTBIK' });
    expect(pump.truth()['infusedMl']).toBeCloseTo(2, 6);
  });

  test('an occlusion builds up pressure, then alarms, holds and shows rate 0', () => {
    const pump = make({ rateMlPerH: 10 });
    pump.command('occlude', { on: true });
    pump.run(30_000);
    expect(pump.truth()).toMatchObject({ running: true, alarm: null });
    expect(pump.truth()['pressureMmHg']).toBeGreaterThan(150);
    pump.run(60_000);
    expect(pump.truth()).toMatchObject({ running: false, alarm: 'AL_OCCLU', flowMlPerH: 0 });
    expect(pump.ask('ALARM')).toEqual(['ALARM', 'AL_OCCLU', '', '']);
    expect(pump.ask('INF')?.slice(2, 5)).toEqual(['A', 'HLD', '0.00']);

    pump.command('start');
    expect(pump.truth()).toMatchObject({ running: false, alarm: 'AL_OCCLU' });
    pump.command('occlude', { on: false });
    pump.run(5_000);
    pump.command('start');
    pump.run(1_000);
    expect(pump.truth()).toMatchObject({ running: true, alarm: null, pressureMmHg: 35.2 });
  });

  test('the syringe runs empty: near end, then end', () => {
    const pump = make({ rateMlPerH: 60, syringeMl: 3 });
    pump.run(121_000);
    expect(pump.truth()).toMatchObject({ running: true, alarm: 'AL_NEOIN' });
    pump.run(60_000);
    expect(pump.truth()).toMatchObject({ running: false, alarm: 'AL_EOIST', syringeMl: 0 });
    expect(() => pump.command('start')).toThrow('start: the syringe is empty');
    pump.command('replace-syringe');
    pump.command('start');
    expect(pump.truth()).toMatchObject({ running: true, alarm: null, syringeMl: 50 });
  });

  test('hold, set-rate, set-vtbi, clear-volume, set-serial, alarm', () => {
    const pump = make();
    pump.run(60_000);
    pump.command('hold');
    expect(pump.ask('INF')?.slice(3, 5)).toEqual(['HLD', '0.00']);
    pump.command('set-rate', { mlPerH: 25 });
    pump.command('set-vtbi', { ml: 5 });
    pump.command('clear-volume');
    pump.command('set-serial', { serial: 'SIM1-00002' });
    pump.command('start');
    expect(pump.ask('INF')?.slice(1, 8)).toEqual([
      'SIM1-00002',
      '-',
      'SET',
      '25.00',
      'ml/h',
      '',
      '0.000',
    ]);
    pump.command('alarm', { code: 'AL_LWBAT' });
    expect(pump.ask('INF')?.slice(2, 5)).toEqual(['A', 'SET', '25.00']);
    pump.command('alarm', { code: 'AL_OCCLU' });
    expect(pump.ask('INF')?.slice(2, 5)).toEqual(['A', 'HLD', '0.00']);
    pump.command('alarm', { code: null });
    expect(pump.ask('INF')?.[2]).toBe('-');
    expect(pump.truth()['eventNumber']).toBeGreaterThan(100_231);
  });

  test('idleShowsRate: an idle pump may show SET and its programmed rate', () => {
    const pump = make({ running: false, idleShowsRate: true });
    pump.run(60_000);
    expect(pump.ask('INF')?.slice(3, 8)).toEqual(['SET', '10.00', 'ml/h', '', '0.000']);
    expect(pump.truth()).toMatchObject({ status: 'stopped', flowMlPerH: 0 });
  });

  test('the result does not depend on how often time is let pass', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.double({ min: 0.1, max: 400, noNaN: true }), (ms, rateMlPerH) => {
        const options = { rateMlPerH, vtbiMl: 0.4, vtbiEnd: 'kvo', syringeMl: 0.9 };
        const often = make(options);
        const once = make(options);
        for (const step of ms) often.run(step);
        once.run(ms.reduce((sum, step) => sum + step, 0));
        const { alarm, running, infusedMl, syringeMl } = often.truth();
        expect(once.truth()).toMatchObject({ alarm, running });
        expect(once.truth()['infusedMl']).toBeCloseTo(Number(infusedMl), 6);
        expect(once.truth()['syringeMl']).toBeCloseTo(Number(syringeMl), 6);
      }),
    );
  });
});

describe('what a pump may be', () => {
  test.each([
    { model: 'GH', serial: 'SIM8002-00001' },
    { model: 'CC', serial: 'SIM8003-00001' },
    { model: 'TIVA', serial: 'SIM8004-00001' },
    { model: 'PK', serial: 'SIM8005-00001' },
  ])('$model has the serial number $serial', ({ model, serial }) => {
    expect(make({ model }).ask('INST_SERIALNO')).toEqual(['INST_SERIALNO', serial]);
    expect(make({ model, serial: 'SIM9' }).ask('INST_SERIALNO')).toEqual(['INST_SERIALNO', 'SIM9']);
  });

  test('without a pressure disc both fields are empty', () => {
    const inf = make({ tellsPressure: false }).ask('INF');
    expect(inf).toHaveLength(14);
    expect(inf?.slice(9, 11)).toEqual(['', '']);
  });

  test.each([
    { sizeMl: 5, size: '  5', rate: '150.00' },
    { sizeMl: 10, size: ' 10', rate: '300.00' },
    { sizeMl: 20, size: ' 20', rate: '600.00' },
    { sizeMl: 30, size: ' 30', rate: '900.00' },
    { sizeMl: 50, size: ' 50', rate: '1200.00' },
  ])('a syringe of $sizeMl mL: up to $rate mL/h', ({ sizeMl, size, rate }) => {
    const pump = make({ syringeMake: 'TERUMO', syringeSizeMl: sizeMl });
    expect(pump.ask('SYRINGE_STATUS')).toEqual(['SYRINGE_STATUS', 'TERUMO', size, 'CONF']);
    expect(pump.ask('INF_RATE_MAX_SYRINGE')).toEqual(['INF_RATE_MAX_SYRINGE', rate, 'ml/h']);
  });

  test('another syringe, and one that nobody has confirmed', () => {
    const pump = make();
    pump.command('replace-syringe', { ml: 18, make: 'TERUMO', sizeMl: 20 });
    expect(pump.ask('SYRINGE_STATUS')?.slice(1)).toEqual(['TERUMO', ' 20', 'CONF']);
    expect(pump.truth()).toMatchObject({ syringeMl: 18, running: false });
    pump.command('confirm-syringe', { on: false });
    expect(pump.ask('SYRINGE_STATUS')?.slice(1)).toEqual(['TERUMO', ' 20', '']);
    pump.command('replace-syringe');
    expect(pump.ask('SYRINGE_STATUS')?.slice(1)).toEqual(['TERUMO', ' 20', 'CONF']);
  });

  test('INF_RATE is what was set, also on hold', () => {
    const pump = make();
    pump.command('hold');
    expect(pump.ask('INF')?.[4]).toBe('0.00');
    expect(pump.ask('INF_RATE')).toEqual(['INF_RATE', '10.00', 'ml/h']);
  });

  test('mains and battery: one alarm, and another one that stands stays', () => {
    const pump = make();
    const alarms = [
      ['mains', { on: false }, 'AL_ACDIS'],
      ['battery', { charge: 'low' }, 'AL_LWBAT'],
      ['mains', { on: true }, 'AL_LBTAC'],
      ['battery', { charge: 'full' }, 'AL_NOALM'],
    ] as const;
    for (const [command, args, code] of alarms) {
      pump.command(command, args);
      expect(pump.ask('ALARM')?.[1]).toBe(code);
    }
    pump.command('alarm', { code: 'AL_OCCLU' });
    pump.command('mains', { on: false });
    expect(pump.ask('ALARM')?.[1]).toBe('AL_OCCLU');
    pump.command('alarm', { code: null });
    pump.command('start');
    pump.command('battery', { charge: 'empty' });
    expect(pump.ask('ALARM')?.[1]).toBe('AL_EMBAT');
    expect(pump.truth()).toMatchObject({ running: false, onMains: false, battery: 'empty' });
  });

  test('the slowest reply that it declares, and how slow it is, are two things', () => {
    const device = simulator.create({ responseMaxMs: 800, replyDelayMs: 0 }, 0);
    const [declared] = text(device.receive(asenaFrame(['COMMS_RESPONSE_MAX']), 0));
    expect(declared).toContain('^800^ms|');
    device.command('set-reply-delay', { ms: 3_000 });
    expect(device.receive(asenaFrame(['INF']), 0)).toEqual([]);
    device.command('set-reply-delay', { ms: 100 });
    device.receive(asenaFrame(['ALARM']), 10);
    expect(device.advance(10)).toMatchObject({ send: [], wakeAtMs: 110 });
    expect(device.describe()).toMatchObject({ overlappingQuestions: 1 });
  });
});

describe('unfit arguments are refused in one sentence', () => {
  test.each([
    { options: { serial: '8003-20417' }, why: 'serial must begin with SIM' },
    { options: { rateMlPerH: -1 }, why: 'rateMlPerH must be a number from 0 to 1200' },
    { options: { rate: 5 }, why: 'unknown argument rate' },
    { options: { vtbiMl: 'much' }, why: 'vtbiMl must be a number' },
    { options: { running: 1 }, why: 'running must be true or false' },
    { options: { software: 'a^b' }, why: 'without ! ^ |' },
    { options: { model: 'GP' }, why: 'model must be GH or CC or TIVA or PK' },
    { options: { vtbiEnd: 'later' }, why: 'vtbiEnd must be stop or kvo' },
  ])('$options', ({ options, why }) => {
    expect(() => make(options)).toThrow(why);
  });

  test.each([
    { name: 'explode', args: {}, why: 'does not know the command explode; it knows set-rate' },
    { name: 'set-rate', args: {}, why: 'mlPerH must be a number' },
    { name: 'set-rate', args: { mlPerH: Number.NaN }, why: 'mlPerH must be a number' },
    { name: 'battery', args: { charge: 'half' }, why: 'charge must be full or low or empty' },
    { name: 'mains', args: {}, why: 'on must be true or false' },
    { name: 'set-reply-delay', args: { ms: -1 }, why: 'ms must be a number from 0 to 60000' },
    { name: 'replace-syringe', args: { make: 'a^b' }, why: 'without ! ^ |' },
    { name: 'start', args: { now: true }, why: 'unknown argument now; it takes none' },
    { name: 'set-serial', args: { serial: '8003-20417' }, why: 'must begin with SIM' },
    { name: 'mute-words', args: { words: 'INF' }, why: 'must be a list' },
    { name: 'alarm', args: { code: 'A|B' }, why: 'without ! ^ |' },
  ])('$name $args', ({ name, args, why }) => {
    expect(() => make().command(name, args)).toThrow(why);
  });
});
