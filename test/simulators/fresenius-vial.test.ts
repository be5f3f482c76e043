import { describe, expect, test } from 'vitest';
import { simulator } from '../../simulators/fresenius-vial/index.ts';
import { message } from '../../simulators/fresenius-vial/wire.ts';

type Device = ReturnType<typeof simulator.create>;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const DC4 = Uint8Array.of(0x14);

/** Single bytes by their hex, messages as their text. */
const said = (frames: readonly Uint8Array[]): readonly string[] =>
  frames.map((frame) =>
    frame.length < 3 ? hex(frame) : Buffer.from(frame.slice(1, -3)).toString('latin1'),
  );

/** What the base says to a command at a moment, the delay of its answer included. */
function ask(device: Device, command: string, nowMs: number): readonly string[] {
  return [
    ...said(device.receive(message(command), nowMs)),
    ...said(device.advance(nowMs + 1).send),
  ];
}

const baseOf = (options: Readonly<Record<string, unknown>> = {}): Device =>
  simulator.create({ replyDelayMs: 1, enqEveryMs: 3_600_000, ...options }, 0);

function opened(options: Readonly<Record<string, unknown>> = {}): Device {
  const device = baseOf(options);
  ask(device, '0DC', 0);
  ask(device, '1DC', 2);
  return device;
}

describe('the wire', () => {
  test.each([
    ['0DC', '02304443343803'],
    ['1LE;amder', '02314c453b616d646572463903'],
    ['1C;d0050;r00308E', '0231433b64303035303b723030333038453341' + '03'],
    ['1I;1E', '0231493b3145443403'],
    ['1E', '023145383903'],
  ])('%s', (text, bytes) => {
    expect(hex(message(text))).toBe(bytes);
  });

  test('a good message gets an ACK at once and its answer later, a bad one a NAK 2', () => {
    const device = baseOf();
    expect(said(device.receive(message('0DC'), 10))).toEqual(['06']);
    expect(said(device.advance(11).send)).toEqual(['0C']);
    const bad = message('0DC');
    bad[1] = 0x31;
    expect(said(device.receive(bad, 20))).toEqual(['1532']);
    expect(device.describe()).toMatchObject({ garbledMessages: 1 });
  });

  test('a message in pieces, with a DC4 in it', () => {
    const device = baseOf();
    const bytes = message('0DC');
    expect(device.receive(bytes.slice(0, 3), 0)).toEqual([]);
    device.receive(DC4, 0);
    expect(said(device.receive(bytes.slice(3), 0))).toEqual(['06']);
  });
});

describe('sessions', () => {
  test('nothing without the base, then nothing without the module', () => {
    const device = baseOf();
    expect(ask(device, '1LE;d', 0)).toEqual(['06', '1I;0D']);
    expect(ask(device, '0LE;b', 10)).toEqual(['06', '0I;0D']);
    expect(ask(device, '0DC', 20)).toEqual(['06', '0C']);
    expect(ask(device, '1LE;d', 30)).toEqual(['06', '1I;1E']);
    expect(ask(device, '0LE;b', 40)).toEqual(['06', '0C;b03']);
    expect(ask(device, '1DC', 50)).toEqual(['06', '1C']);
    expect(ask(device, '1LE;d', 60)).toEqual(['06', '1C;d0064']);
    expect(ask(device, '7DC', 70)).toEqual(['06', '7I;0E']);
    expect(device.describe()['sessions']).toEqual(['0', '1']);
    expect(ask(device, '1FC', 80)).toEqual(['06', '1C']);
    expect(ask(device, '0FC', 90)).toEqual(['06', '0C']);
    expect(device.describe()['sessions']).toEqual([]);
  });

  test('an ENQ that is answered in time, and one that is not', () => {
    const device = opened({ enqEveryMs: 1_000, enqPatienceMs: 200 });
    expect(said(device.advance(1_000).send)).toEqual(['05']);
    device.receive(DC4, 1_150);
    expect(said(device.advance(2_000).send)).toEqual(['05']);
    expect(device.describe()).toMatchObject({ linkDrops: 0, sessions: ['0', '1'] });
    device.advance(2_200);
    expect(device.describe()).toMatchObject({ linkDrops: 1, sessions: [], enquiries: 2 });
    expect(ask(device, '1LE;d', 2_300)).toEqual(['06', '1I;0D']);
    expect(device.advance(60_000)).toEqual({ send: [] });
  });

  test('an ENQ in the middle of a frame', () => {
    const device = opened();
    device.command('enq-inside', { on: true });
    device.receive(message('0LE;b'), 100);
    const [frame] = device.advance(101).send;
    const text = hex(frame ?? new Uint8Array(0));
    expect(text.slice(2, -2)).toContain('05');
    expect(text.replace('05', '')).toBe(hex(message('0C;b03')));
    device.receive(DC4, 102);
    expect(device.describe()['linkDrops']).toBe(0);
  });

  test('a base that refuses what is open already', () => {
    expect(ask(opened({ refusesSecondOpen: true }), '0DC', 10)).toEqual(['06', '0I;06']);
  });
});

describe('the modules', () => {
  test('values carry the mark, in the order that was asked', () => {
    const device = opened({ modules: [{ place: 1, rateMlPerH: 36 }] });
    expect(ask(device, '1LE;amder', 10_000)).toEqual(['06', '1C;a00;mSIM1;d0168;e00;r000064']);
    expect(ask(device, '1LE;x', 10_010)).toEqual(['06', '1I;0A']);
    expect(ask(device, '1LN', 10_020)).toEqual(['06', '1C;SIM-1']);
    expect(ask(device, '1LP', 10_030)).toEqual(['06', '1C;Ketamine']);
    expect(ask(device, '1LF;b', 10_040)).toEqual(['06', '1C;DPS simulated']);
  });

  test('the mark cannot be left out', () => {
    expect(() => baseOf({ modules: [{ place: 1, number: '4711' }] })).toThrow('begin with SIM');
    expect(() => opened().command('set-number', { number: '4711' })).toThrow('begin with SIM');
  });

  test('the volume does not depend on how often it is asked', () => {
    const [often, once] = [opened(), opened()];
    for (let ms = 10; ms <= 360_000; ms += 137) often.advance(ms);
    expect(ask(often, '1LE;r', 360_000)).toEqual(ask(once, '1LE;r', 360_000));
    expect(ask(once, '1LE;r', 360_010)).toEqual(['06', '1C;r0003E8']);
  });

  test('an empty syringe stops it with an alarm; stopped it tells its rate, or 0 with tellsFlow', () => {
    const modules = [{ place: 1, rateMlPerH: 360, syringeMl: 1 }];
    for (const [tellsFlow, rate] of [
      [false, '0E10'],
      [true, '0000'],
    ] as const) {
      const device = opened({ modules, tellsFlow });
      expect(ask(device, '1LE;amdr', 11_000)).toEqual(['06', `1C;a41;mSIM0;d${rate};r0003E8`]);
      expect(() => device.command('start', {})).toThrow('syringe is empty');
    }
  });

  test('taken out, put in, out of reach', () => {
    const device = opened();
    device.command('remove-module', { place: 1 });
    expect(ask(device, '0LE;b', 10)).toEqual(['06', '0C;b02']);
    expect(ask(device, '1LE;d', 20)).toEqual(['06', '1I;0E']);
    device.command('insert-module', { place: 1, rateMlPerH: 5 });
    expect(ask(device, '1LE;d', 30)).toEqual(['06', '1I;1E']);
    ask(device, '1DC', 40);
    device.command('unreachable', { place: 1, on: true });
    expect(ask(device, '1LE;d', 50)).toEqual(['06', '1I;0E']);
    device.command('unreachable', { place: 1, on: false });
    expect(ask(device, '1DC', 60)).toEqual(['06', '1C']);
  });

  test('told unasked: the letter is waited for', () => {
    const device = opened();
    device.command('tell', { place: 1, status: 'E', data: 'a41' });
    expect(said(device.advance(100).send)).toEqual(['1E;a41']);
    expect(device.describe()['answersDue']).toBe(1);
    expect(ask(device, '1E', 110)).toEqual(['06']);
    expect(device.describe()['answersDue']).toBe(0);
  });

  test('front and bench: rate, stop, stuck, drug, alarm, error, volume, refusals, deaf words', () => {
    const device = opened();
    device.command('set-rate', { place: 1, mlPerH: 100 });
    device.command('set-drug', { place: 1, drug: '' });
    device.command('alarm', { place: 1, code: '22' });
    device.command('error', { place: 1, code: '05' });
    expect(ask(device, '1LE;amde', 10)).toEqual(['06', '1C;a22;mSIM0;d03E8;e05']);
    expect(ask(device, '1LP', 20)).toEqual(['06', '1C']);
    device.command('alarm', { place: 1, code: null });
    device.command('start', { place: 1 });
    device.command('stick', { place: 1, on: true });
    expect(ask(device, '1LE;mr', 36_000)).toEqual(['06', '1C;mSIM1;r000000']);
    device.command('stick', { place: 1, on: false });
    device.advance(72_000);
    device.command('clear-volume', { place: 1 });
    device.command('stop', { place: 1 });
    expect(ask(device, '1LE;mr', 72_000)).toEqual(['06', '1C;mSIM0;r000000']);
    device.command('refuse', { whom: '1 LE', code: '03' });
    expect(ask(device, '1LE;d', 73_000)).toEqual(['06', '1I;03']);
    device.command('refuse', { whom: '1 LE', code: null });
    device.command('mute-words', { words: ['1LE'] });
    expect(ask(device, '1LE;d', 74_000)).toEqual(['06']);
    device.command('close-session', { place: 1 });
    device.command('drop-link', {});
    expect(device.describe()).toMatchObject({ sessions: [], linkDrops: 1 });
  });

  test.each([
    '1PR;d0050',
    '1MO;1',
    '1OF',
    '1SI',
    '1RZ',
    '1PO',
    '1PB',
    '1PF',
    '1PV',
    '1RV',
    '1PP',
    '1PS',
    '1EP;1',
    '1AP',
    '1EN;1',
    '1DM',
    '1AM',
    'nonsense',
  ])('%s is refused, counted, and changes nothing', (command) => {
    const device = opened();
    const before = device.describe()['modules'];
    expect(ask(device, command, 10)[1]).toMatch(/^\dI;20$/);
    expect(device.describe()).toMatchObject({ forbiddenCommands: 1, forbidden: [command] });
    expect(device.describe()['modules']).toMatchObject(
      JSON.parse(JSON.stringify(before, (key, value) => (/Ml$/.test(key) ? undefined : value))),
    );
  });

  test.each([
    ['dance', {}, 'does not know the command dance'],
    ['set-rate', { mlPerH: -1 }, 'mlPerH must be a number'],
    ['set-rate', { place: 0, mlPerH: 1 }, 'place must be 1 to 9'],
    ['stop', { place: 5 }, 'no module in place 5'],
    ['stop', { now: true }, 'unknown argument now'],
    ['insert-module', { place: 1 }, 'place 1 is taken'],
    ['tell', { place: 1, status: 'C', data: '' }, 'status must be E or M'],
    ['tell', { place: 1, status: 'E' }, 'data must be a text'],
    ['set-drug', { drug: 'a;b' }, 'plain characters'],
    ['mute-words', { words: 'LE' }, 'words must be a list'],
    ['enq-inside', { on: 1 }, 'on must be true or false'],
  ] as const)('%s %j: one clear sentence', (name, args, sentence) => {
    expect(() => opened().command(name, args)).toThrow(sentence);
  });

  test('unfit options are named', () => {
    expect(() => baseOf({ modules: 'two' })).toThrow('modules must be a list');
    expect(() => baseOf({ enqEveryMs: 1 })).toThrow('enqEveryMs');
    expect(() => baseOf({ speed: 1 })).toThrow('unknown argument speed');
  });
});
