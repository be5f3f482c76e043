import { describe, expect, test } from 'vitest';
import { simulator } from '../../simulators/graseby-3400/index.ts';
import { message } from '../../simulators/graseby-3400/wire.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** What the pump answers to a word at a moment. */
function ask(device: ReturnType<typeof simulator.create>, word: string, nowMs: number): string {
  return device.receive(message(word), nowMs).map(text).join('');
}

const pump = (options: Readonly<Record<string, unknown>> = {}) =>
  simulator.create({ replyDelayMs: 0, ...options }, 0);

describe('the wire', () => {
  test.each([
    ['CHCK', '<CHCK>93\r'],
    ['GETR', '<GETR>AC\r'],
    ['OKGETRINFS80', '<OKGETRINFS80>DE\r'],
    ['OKTOTLINFS124', '<OKTOTLINFS124>1E\r'],
    ['CECHCKINFS', '<CECHCKINFS>4B\r'],
  ])('%s', (word, wire) => {
    expect(text(message(word))).toBe(wire);
  });

  test('every reply carries the mark, and there is no option to leave it out', () => {
    const device = pump({ rateMlPerH: 8 });
    for (const word of ['CHCK', 'GETR', 'TOTL', 'STRT']) {
      expect(ask(device, word, 0)).toMatch(/SIM>[0-9A-F]{2}\r$/);
    }
    expect(() => pump({ mark: false })).toThrow('unknown argument mark');
  });

  test('a question in two pieces, noise and a damaged one', () => {
    const device = pump();
    const bytes = message('CHCK');
    expect(device.receive(bytes.slice(0, 4), 0)).toEqual([]);
    expect(device.receive(bytes.slice(4), 0).map(text)).toEqual([text(message('OKCHCKINFSSIM'))]);
    expect(device.receive(Uint8Array.from(Buffer.from('xx<CHCK>92\r')), 0)).toEqual([]);
    expect(device.describe()).toMatchObject({ garbledMessages: 1, asked: { CHCK: 1 } });
  });

  test('the reply comes after its delay', () => {
    const device = simulator.create({ replyDelayMs: 50 }, 0);
    expect(device.receive(message('CHCK'), 10)).toEqual([]);
    expect(device.advance(20)).toEqual({ send: [], wakeAtMs: 60 });
    expect(device.advance(60).send).toHaveLength(1);
  });
});

describe('the pump', () => {
  test('delivers its rate, however often it is asked', () => {
    const [often, once] = [pump({ rateMlPerH: 36 }), pump({ rateMlPerH: 36 })];
    for (let ms = 0; ms <= 100_000; ms += 137) often.advance(ms);
    expect(ask(often, 'TOTL', 100_000)).toBe(text(message('OKTOTLINFS10SIM')));
    expect(ask(once, 'TOTL', 100_000)).toBe(text(message('OKTOTLINFS10SIM')));
    expect(ask(once, 'GETR', 100_000)).toBe(text(message('OKGETRINFS360SIM')));
  });

  test('an empty syringe is an alarm, and nothing flows', () => {
    const device = pump({ rateMlPerH: 360, syringeMl: 1 });
    expect(ask(device, 'CHCK', 11_000)).toContain('ALRM');
    expect(device.describe()).toMatchObject({ flowMlPerH: 0, totalMl: 1 });
  });

  test('START at the panel: it infuses and says nothing more; STOP: it answers again', () => {
    const device = pump({ running: false });
    expect(ask(device, 'CHCK', 0)).toContain('STBY');
    device.command('press-start', {});
    expect(ask(device, 'CHCK', 1_000)).toBe('');
    expect(device.describe()).toMatchObject({ flowMlPerH: 10, lineOn: false });
    device.command('press-stop', {});
    expect(ask(device, 'CHCK', 2_000)).toContain('OKCHCKSTBY');
  });

  test.each(['STRT', 'STOP', 'CHGR80', 'ZTOT', 'CHKR80', 'CHKR'])(
    '%s is refused, counted, and changes nothing',
    (word) => {
      const device = pump({ rateMlPerH: 8 });
      expect(ask(device, word, 0)).toMatch(/^<CE/);
      expect(device.describe()).toMatchObject({
        forbiddenCommands: 1,
        forbidden: [word],
        rateMlPerH: 8,
        doing: 'infusing',
      });
    },
  );

  test('panel and bench: rate, start, alarm, total, refusal, an unknown state, deaf words', () => {
    const device = pump({ running: false });
    device.command('set-rate', { mlPerH: 100 });
    device.command('start', {});
    expect(ask(device, 'GETR', 3_600)).toContain('INFS1000');
    expect(ask(device, 'TOTL', 3_600)).toContain('INFS1SIM');
    device.command('clear-total', {});
    expect(ask(device, 'TOTL', 3_600)).toContain('INFS0SIM');
    device.command('refuse-all', { on: true });
    expect(ask(device, 'CHCK', 3_600)).toContain('<CECHCKINFSSIM>');
    device.command('refuse-all', { on: false });
    device.command('say-state', { word: 'PURG' });
    expect(ask(device, 'CHCK', 3_600)).toContain('OKCHCKPURG');
    device.command('say-state', { word: null });
    device.command('mute-words', { words: ['GETR'] });
    expect(ask(device, 'GETR', 3_600)).toBe('');
    device.command('alarm', {});
    expect(ask(device, 'CHCK', 3_600)).toContain('ALRM');
  });

  test.each([
    ['dance', {}, 'does not know the command dance'],
    ['set-rate', { mlPerH: -1 }, 'mlPerH must be a number'],
    ['set-rate', {}, 'mlPerH must be a number'],
    ['press-start', { now: true }, 'unknown argument now'],
    ['refuse-all', { on: 1 }, 'on must be true or false'],
    ['say-state', { word: 'a' }, 'four capitals'],
    ['mute-words', { words: 'GETR' }, 'a list of command words'],
  ] as const)('%s %j: one clear sentence', (name, args, message) => {
    expect(() => pump().command(name, args)).toThrow(message);
  });

  test('unfit options are named', () => {
    expect(() => pump({ rateMlPerH: 5_000 })).toThrow('rateMlPerH');
    expect(() => pump({ running: 'yes' })).toThrow('running must be true or false');
  });

  test('it cannot be started without a rate or with an empty syringe', () => {
    expect(() => pump({ rateMlPerH: 0, running: false }).command('start', {})).toThrow('rate');
    const empty = pump({ rateMlPerH: 360, syringeMl: 0.1 });
    empty.advance(10_000);
    expect(() => empty.command('press-start', {})).toThrow('syringe is empty');
  });
});
