import { describe, expect, test } from 'vitest';
import { simulator } from '../../simulators/bbraun-bcc/index.ts';
import { addEscapes, block, takeEscapes, toBytes } from '../../simulators/bbraun-bcc/wire.ts';

const ACK = Uint8Array.of(0x06);
const NAK = Uint8Array.of(0x15);

/** The twin at its wire: what is said to it, and what it says, as text. */
function bench(options: Readonly<Record<string, unknown>> = {}) {
  const device = simulator.create({ stuffing: false, replyDelayMs: 0, ...options }, 0);
  let nowMs = 0;
  const asText = (frames: readonly Uint8Array[]): readonly string[] =>
    frames.map((frame) => Buffer.from(frame).toString('latin1'));
  return {
    device,
    wait: (ms: number) => {
      nowMs += ms;
      return asText(device.advance(nowMs).send);
    },
    hear: (bytes: Uint8Array) => asText(device.receive(bytes, nowMs)),
    ask: (question: string, bedId = 'SIM01') =>
      asText(device.receive(toBytes(block(bedId, [question], true)), nowMs)),
    truth: (slot: string) =>
      (device.describe()['slots'] as Record<string, Record<string, unknown>>)[slot] ?? {},
  };
}

const alive = (options: Readonly<Record<string, unknown>> = {}) => {
  const twin = bench(options);
  twin.ask('ADMIN:ALIVE', '1');
  twin.hear(ACK);
  return twin;
};

const records = (wire = ''): readonly string[] =>
  wire.slice(wire.indexOf('>') + 1, -7).split('\x1e');
const value = (wire: string | undefined, parameter: string): string | undefined =>
  records(wire)
    .map((record) => record.split(','))
    .find(([, , name]) => name === parameter)?.[3];

describe('wire', () => {
  test('the frames that were worked out by hand', () => {
    expect(block('1', ['ADMIN:ALIVE'], true)).toBe('\x0100031\x021/1/1>ADMIN:ALIVE\x0300061\x04');
    expect(block('BED07', ['90,50112,GNERR,39'], true)).toBe(
      '\x0100041\x02BED07/1/1>90,50112,GNERR,39\x0300251\x04',
    );
  });

  test.each([
    ['D', 'EX'],
    ['E', 'EE'],
    ['d', 'ex'],
    ['e', 'ee'],
    ['EX', 'EEX'],
    ['BED07', 'BEEEX07'],
  ])('%s is sent as %s', (plain, wire) => {
    expect(addEscapes(plain)).toBe(wire);
    expect(takeEscapes(wire)).toBe(plain);
  });
});

describe('conversation', () => {
  test('before ALIVE and with another bed id it says 68', () => {
    const twin = bench();
    expect(records(twin.ask('MEM:GET')[0])).toEqual(['90,50100,GNERR,68']);
    expect(records(twin.ask('ADMIN:ALIVE', '1')[0])).toEqual(['90,50100,GNACK,0']);
    expect(records(twin.ask('MEM:GET', 'SIM02')[0])).toEqual(['90,50100,GNERR,68']);
  });

  test('a block for each pump, the next one for an ACK, the same one for a NAK', () => {
    const twin = alive();
    const first = twin.ask('MEM:GET');
    expect(first[0]).toContain('50111,INRT,4.00');
    expect(first[0]?.at(-7)).toBe('\x17');
    expect(twin.wait(10_000)).toEqual([]);
    expect(twin.hear(NAK)).toEqual(first);
    const second = twin.hear(ACK);
    expect(second[0]).toContain('50112,INRT,20.00');
    expect(second[0]?.at(-7)).toBe('\x03');
    expect(twin.hear(ACK)).toEqual([]);
    expect(twin.ask('MEM:GET')[0]).toContain('50111,INRT');
  });

  test('a new question begins with the first block again', () => {
    const twin = alive();
    const [first] = twin.ask('MEM:GET');
    twin.hear(ACK);
    expect(twin.ask('MEM:GET')[0]).toBe(first);
    expect(twin.device.describe()).toMatchObject({ unfinishedAnswers: 1 });
  });

  test.each([
    ['MEM:GETSLOT#12', '90,50112,INRT,20.00'],
    ['MEM:GETSLOT#19', '90,50100,GNERR,11'],
    ['MEM:GETSLOT#4A', '90,50100,GNERR,811'],
    ['ADMIN:VERSION', '90,50100,V3.36'],
  ])('%s', (question, record) => {
    expect(records(alive().ask(question)[0])).toContain(record);
  });

  test('what is no question is refused, counted and kept', () => {
    const twin = alive();
    expect(records(twin.ask('MEM:SET#11')[0])).toEqual(['90,50100,GNERR,68']);
    expect(twin.device.describe()).toMatchObject({
      forbiddenCommands: 1,
      forbidden: ['MEM:SET#11'],
    });
    twin.hear(toBytes(block('SIM01', ['MEM:GET'], true).replace('GET', 'GOT')));
    expect(twin.device.describe()).toMatchObject({ garbledFrames: 1 });
  });

  test('a question that comes sooner than 0.5 s after the last is counted', () => {
    const twin = alive();
    twin.wait(1_000);
    twin.ask('MEM:GET');
    twin.hear(ACK);
    twin.hear(ACK);
    twin.wait(500);
    twin.ask('MEM:GET');
    expect(twin.device.describe()).toMatchObject({ fastPolls: 0 });
    twin.wait(499);
    twin.ask('MEM:GET');
    expect(twin.device.describe()).toMatchObject({ fastPolls: 1 });
  });

  test('with stuffing on it takes the stuffed form only, and answers in it', () => {
    const twin = bench({ stuffing: true });
    const plain = toBytes(block('1', ['ADMIN:ALIVE'], true));
    expect(twin.hear(plain)[0]).toContain('GNEERR,68');
    expect(twin.hear(toBytes(addEscapes(block('1', ['ADMIN:ALIVE'], true))))[0]).toContain('GNACK');
  });

  test('a question in single bytes, and an ACK inside noise', () => {
    const twin = alive();
    const question = toBytes(block('SIM01', ['MEM:GET'], true));
    const said = [...question].flatMap((byte) => twin.hear(Uint8Array.of(byte)));
    expect(said).toHaveLength(1);
    expect(twin.hear(Uint8Array.of(0xff, 0x06, 0x20))).toHaveLength(1);
  });

  test('spoilt blocks have a wrong check, as many as were ordered', () => {
    const twin = alive();
    const [good] = twin.ask('MEM:GET');
    twin.device.command('spoil', { blocks: 1 });
    const [bad] = twin.hear(NAK);
    expect(bad).not.toBe(good);
    expect(bad?.slice(0, -6)).toBe(good?.slice(0, -6));
    expect(twin.hear(NAK)).toEqual([good]);
  });

  test('cyclic: nothing before ALIVE, then a cycle every 5 s, and a stop without ACK', () => {
    const twin = bench({ mode: 'cyclic' });
    expect(twin.wait(20_000)).toEqual([]);
    twin.ask('ADMIN:ALIVE', '1');
    twin.hear(ACK);
    expect(twin.wait(1)).toHaveLength(1);
    expect(twin.hear(ACK)).toHaveLength(1);
    expect(twin.hear(ACK)).toEqual([]);
    expect(twin.wait(4_999)).toEqual([]);
    expect(twin.wait(1)).toHaveLength(1);
    expect(twin.wait(60_000)).toEqual([]);
    expect(twin.hear(ACK)).toHaveLength(1);
  });

  test('an extra advance changes nothing', () => {
    const once = alive({ mode: 'cyclic' });
    const often = alive({ mode: 'cyclic' });
    const said: string[] = [];
    for (let step = 0; step < 100; step += 1) said.push(...often.wait(60));
    expect(said).toHaveLength(1);
    expect(once.wait(6_000)).toHaveLength(1);
    const { slots: _, ...one } = once.device.describe();
    const { slots: __, ...other } = often.device.describe();
    expect(one).toEqual(other);
    expect(once.truth('11')['infusedMl']).toBeCloseTo(Number(often.truth('11')['infusedMl']), 9);
  });
});

describe('rack', () => {
  test('a pump that is taken out is told once; an empty rack has no data', () => {
    const twin = alive();
    twin.device.command('remove-pump', { slot: '11' });
    expect(records(twin.ask('MEM:GET')[0])).toEqual(['90,50111,GNERR,39']);
    expect(twin.hear(ACK)[0]).toContain('50112,INRT');
    expect(twin.ask('MEM:GET')[0]).not.toContain('GNERR');
    twin.device.command('remove-pump', { slot: '12' });
    twin.ask('MEM:GET');
    expect(records(twin.ask('MEM:GET')[0])).toEqual(['90,50100,GNERR,11']);
    twin.device.command('insert-pump', { slot: '3O', rateMlPerH: 2 });
    expect(twin.ask('MEM:GET')[0]).toContain('5013O,INRT,2.00');
  });

  test('unticked parameters and the other coding', () => {
    const twin = alive({ unticked: ['INRT'] });
    expect(value(twin.ask('MEM:GET')[0], 'INRT')).toBeUndefined();
    twin.device.command('tick', { parameters: ['INRT'] });
    twin.device.command('set-coding', { coding: 'words' });
    const [wire] = twin.ask('MEM:GET');
    expect(value(wire, 'INRT')).toBe('4.00');
    expect(value(wire, 'INA3')).toBeUndefined();
    expect(value(wire, 'ALARM1')).toBe('0x00000000h');
    expect(value(wire, 'STATUS1')).toBe('0x000080C3h');
    expect(value(wire, 'RUNSTATE')).toBe('0x00000002h');
  });

  test('a restart begins the seconds anew', () => {
    const twin = alive();
    twin.wait(5_000);
    expect(twin.device.describe()).toMatchObject({ timeS: 95 });
    twin.device.command('restart', {});
    expect(twin.device.describe()).toMatchObject({ timeS: 0 });
    expect(records(twin.ask('MEM:GET')[0])).toEqual(['0,50100,GNERR,68']);
  });
});

describe('physics', () => {
  test('volume grows with the rate, however often one looks', () => {
    const twin = bench({ pumps: [{ slot: '11', rateMlPerH: 12 }] });
    for (let minute = 0; minute < 60; minute += 1) twin.wait(60_000);
    expect(twin.truth('11')['infusedMl']).toBeCloseTo(12, 6);
    expect(twin.truth('11')['containerMl']).toBeCloseTo(38, 6);
  });

  test.each([
    ['stop', 'volume-done', 'stopped'],
    ['kvo', undefined, 'kvo'],
  ])('VTBI, then %s', (vtbiEnd, alarm, doing) => {
    const twin = bench({ pumps: [{ slot: '11', rateMlPerH: 60, vtbiMl: 1, vtbiEnd }] });
    twin.wait(61_000);
    expect(twin.truth('11')).toMatchObject({ doing, alarms: alarm === undefined ? [] : [alarm] });
  });

  test('occlusion: the set rate stays, the flow does not', () => {
    const twin = alive({ pumps: [{ slot: '11', rateMlPerH: 60 }] });
    twin.device.command('occlude', { on: true });
    twin.wait(3_000);
    expect(Number(twin.truth('11')['pressurePercent'])).toBeGreaterThan(50);
    twin.wait(4_000);
    expect(twin.truth('11')).toMatchObject({ alarms: ['pressure'], flowMlPerH: 0, rateMlPerH: 60 });
    const [wire] = twin.ask('MEM:GET');
    expect([value(wire, 'INA3'), value(wire, 'INM3'), value(wire, 'INRT')]).toEqual([
      '1',
      '0',
      '60.00',
    ]);
  });

  test('a bolus comes on top and ends by itself; an empty syringe stops', () => {
    const twin = bench({ pumps: [{ slot: '11', rateMlPerH: 10, containerMl: 3 }] });
    twin.device.command('bolus', { ml: 2 });
    expect(twin.truth('11')).toMatchObject({ doing: 'bolus', flowMlPerH: 100 });
    twin.wait(73_000);
    expect(twin.truth('11')).toMatchObject({ doing: 'infusing', flowMlPerH: 10 });
    twin.wait(3_600_000);
    expect(twin.truth('11')).toMatchObject({ doing: 'stopped', alarms: ['empty'] });
    expect(() => twin.device.command('start', {})).toThrow('container is empty');
    twin.device.command('replace-container', { ml: 50 });
    twin.device.command('start', {});
    expect(twin.truth('11')).toMatchObject({ doing: 'infusing', alarms: [] });
  });
});

describe('arguments', () => {
  test.each([
    [{ bedId: 'BED07' }, 'must begin with SIM'],
    [{ bedId: 'SIM-1' }, 'must begin with SIM'],
    [{ pump: [] }, 'unknown argument pump'],
    [{ pumps: {} }, 'pumps must be a list'],
    [{ pumps: [{ slot: '41' }] }, 'slot must be'],
    [{ pumps: [{ slot: '11' }, { slot: '11' }] }, 'slot 11 is taken'],
    [{ pumps: [{ slot: '11', rateMlPerH: -1 }] }, 'rateMlPerH must be'],
    [{ coding: 'both' }, 'coding must be'],
    [{ mode: 'push' }, 'mode must be'],
    [{ stuffing: 'on' }, 'stuffing must be'],
  ])('%j', (options, message) => {
    expect(() => simulator.create(options, 0)).toThrow(message);
  });

  test.each([
    ['explode', {}, 'does not know the command explode'],
    ['set-rate', { slot: '19', mlPerH: 1 }, 'no pump in slot 19'],
    ['set-rate', { mlPerH: 9_999 }, 'mlPerH must be'],
    ['set-rate', { mlPerH: 1, fast: true }, 'unknown argument fast'],
    ['alarm', { alarm: 'fire' }, 'alarm must be'],
    ['set-bed-id', { bedId: 'W1' }, 'must begin with SIM'],
    ['slot-error', { slot: '11', code: 'x' }, 'code must be'],
  ])('%s %j', (name, args, message) => {
    expect(() => bench().device.command(name, args)).toThrow(message);
  });
});
