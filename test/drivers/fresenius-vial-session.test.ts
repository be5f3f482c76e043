import { describe, expect, test } from 'vitest';
import { message } from '../../simulators/fresenius-vial/wire.ts';
import { ACK, base, but, ENQ, nak, Talk } from './fresenius-vial-talk.ts';

const commands = (talk: Talk): readonly string[] =>
  talk.sent.map(({ text }) => text).filter((text) => text !== 'ACK');
const running = (): Talk => new Talk(base()).open().run(3_000).from();

describe('the link', () => {
  test('an ENQ is answered at once, whatever is going on', () => {
    const talk = new Talk(() => undefined).open();
    expect(talk.from().hear(ENQ)).toEqual([{ kind: 'frame-accepted', atMs: 0 }]);
    expect(talk.sent).toEqual([{ atMs: 0, text: 'DC4' }]);
    const quiet = running();
    quiet.hear(ENQ);
    expect(quiet.sent[0]).toEqual({ atMs: 3_000, text: 'DC4' });
  });

  test('every good message gets an ACK first, also one that nobody asked for', () => {
    const talk = running();
    expect(talk.hear('3C;d0050')).toMatchObject([{ kind: 'frame-rejected', reason: 'unexpected' }]);
    expect(talk.sent.map(({ text }) => text)).toEqual(['ACK']);
    expect(talk.of('metric')).toEqual([]);
  });

  test('a wrong checksum: NAK 2, and the answer that comes again is taken', () => {
    const talk = new Talk(() => undefined).open().from();
    const bad = message('0C');
    bad[1] = 0x31;
    expect(talk.hear(bad)).toEqual([{ kind: 'frame-rejected', reason: 'checksum', atMs: 0 }]);
    expect(talk.sent).toEqual([{ atMs: 0, text: 'NAK2' }]);
    expect(talk.hear('0C')).toMatchObject([{ kind: 'frame-accepted' }]);
    expect(talk.state.isBaseOpen).toBe(true);
  });

  test('a character that is none: NAK 2; whole and no message: ACK', () => {
    const talk = running();
    talk.hear(Uint8Array.of(0x02, 0x31, 0x01, 0x43, 0x38, 0x42, 0x03));
    talk.hear('1X');
    expect(talk.sent.map(({ text }) => text)).toEqual(['NAK2', 'ACK']);
    expect(talk.of('frame-rejected').map(({ reason }) => reason)).toEqual([
      'malformed',
      'malformed',
    ]);
  });

  test('a NAK that is none is answered with nothing', () => {
    const talk = running();
    expect(talk.hear(nak('9'))).toMatchObject([{ kind: 'frame-rejected', reason: 'malformed' }]);
    expect(talk.sent).toEqual([]);
  });

  test.each(['E', 'M'] as const)('%s: an ACK, then the letter back to the same place', (letter) => {
    const talk = running();
    const events = talk.hear(`1${letter};r00308E`);
    expect(talk.sent.map(({ text }) => text)).toEqual(['ACK', `1${letter}`]);
    // It makes nothing of the module younger.
    expect(events).toEqual([{ kind: 'frame-accepted', atMs: 3_000 }]);
    talk.hear(`0${letter}`);
    expect(talk.sent.at(-1)?.text).toBe(`0${letter}`);
  });

  test('a NAK is a miss: the question comes again in its turn, not at once', () => {
    const talk = new Talk(
      but(base(), (command, atMs) =>
        command === '1LE;amder' && atMs > 5_000 && atMs < 6_000 ? nak('6') : 'usual',
      ),
    ).open();
    talk.run(9_000);
    const gaps = talk.asked('1LE;amder').slice(1);
    expect(gaps.map((atMs, index) => atMs - (talk.asked('1LE;amder')[index] ?? 0))).toEqual(
      gaps.map(() => 1_000),
    );
    const asked = talk.asked('1LE;amder').find((atMs) => atMs > 5_000) ?? 0;
    expect(talk.of('reply-missed')).toMatchObject([
      { query: '1LE;amder', channel: '1', atMs: asked + 20 },
    ]);
  });

  test('an ACK and an ENQ between question and answer disturb neither', () => {
    const talk = new Talk(() => undefined).open();
    talk.hear(ACK);
    talk.hear(ENQ);
    expect(talk.hear('0C')).toMatchObject([{ kind: 'frame-accepted' }]);
    expect(talk.state.isBaseOpen).toBe(true);
  });
});

describe('opening and asking', () => {
  test('base, a second of quiet, which modules, module, number, values', () => {
    const talk = new Talk(base()).open().run(1_300);
    expect(commands(talk).slice(0, 7)).toEqual([
      '0DC',
      '0LE;b',
      '1DC',
      '1LN',
      '1LE;amder',
      '1LF;b',
      '1LP',
    ]);
    expect(talk.sent.find(({ text }) => text === '0LE;b')?.atMs).toBe(1_020);
    expect(talk.of('identity', '1')).toMatchObject([{ serial: '4711' }, { model: 'DPS' }]);
    expect(talk.of('fact', '1')).toMatchObject([{ text: 'Ketamine', validity: 'questionable' }]);
  });

  test('values every second, modules every 2 s, texts in turn every 10 s', () => {
    const talk = new Talk(base()).open().run(61_000);
    expect(talk.asked('1LE;amder').length).toBeGreaterThanOrEqual(59);
    expect(talk.asked('0LE;b')).toHaveLength(30);
    expect(talk.asked('1LP').map((atMs) => Math.round(atMs / 1_000))).toEqual([1, 31]);
    expect(talk.asked('0DC')).toHaveLength(1);
    expect(talk.asked('1DC')).toHaveLength(1);
    expect(talk.of('reply-missed')).toEqual([]);
    expect(talk.of('frame-rejected')).toEqual([]);
  });

  test('several modules, each its own', () => {
    const two = base((_, place) => ({ rate: place === '1' ? 10 : 20 }), ['1', '3']);
    const talk = new Talk(two, ['1', '3']).open().run(10_000);
    expect(talk.flow('1')).toMatchObject({ value: 10, validity: 'valid' });
    expect(talk.flow('3')).toMatchObject({ value: 20, validity: 'valid' });
    for (const { channel } of [...talk.of('metric'), ...talk.of('alerts')]) {
      expect(['1', '3']).toContain(channel);
    }
  });

  test('modules that nobody configured are told and never opened', () => {
    const talk = new Talk(base(undefined, ['1', '2', '5'])).open().run(10_000);
    expect(talk.of('identity', '2')).toEqual([{ kind: 'identity', atMs: 1_040, channel: '2' }]);
    expect(talk.of('identity', '5')).toHaveLength(1);
    expect(commands(talk).filter((text) => /^[2-9]/.test(text))).toEqual([]);
  });

  test('a silent base is asked again every second, and nothing else', () => {
    const talk = new Talk(() => undefined).open().run(10_000);
    expect(new Set(commands(talk))).toEqual(new Set(['0DC']));
    expect(talk.asked('0DC')).toHaveLength(11);
    expect(talk.of('reply-missed').length).toBe(10);
    expect(talk.events.every(({ kind }) => kind === 'reply-missed')).toBe(true);
  });

  test('a silent module: asked ever more rarely, its neighbour every second or two', () => {
    const talk = new Talk(
      but(base(undefined, ['1', '2']), (command) =>
        command.startsWith('2') ? undefined : 'usual',
      ),
      ['1', '2'],
    ).open();
    talk.run(120_000);
    expect(talk.asked('2DC').length).toBeLessThan(20);
    const asked = talk.asked('1LE;amder');
    const gaps = asked.slice(1).map((atMs, index) => atMs - (asked[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2_100);
  });

  test('a module that stops answering is opened anew; one that answers again is live', () => {
    const isMute = (atMs: number): boolean => atMs > 10_000 && atMs < 20_000;
    const talk = new Talk(
      but(base(), (command, atMs) =>
        command.startsWith('1') && isMute(atMs) ? undefined : 'usual',
      ),
    ).open();
    talk.run(19_000);
    expect(talk.asked('1DC').length).toBeGreaterThan(1);
    // The base answers: it is not opened anew.
    expect(talk.asked('0DC')).toHaveLength(1);
    talk.from().run(12_000);
    expect(talk.of('metric', '1').length).toBeGreaterThan(0);
  });

  test('the base drops us: opened anew, and values come again', () => {
    let isDropped = false;
    const talk = new Talk(
      but(base(), (command) => {
        if (command === '0DC') isDropped = false;
        return isDropped ? `${command.slice(0, 1)}I;0D` : 'usual';
      }),
    ).open();
    talk.run(5_000);
    isDropped = true;
    talk.from().run(4_000);
    expect(commands(talk)).toContain('0DC');
    expect(commands(talk)).toContain('1DC');
    expect(talk.of('metric', '1').length).toBeGreaterThan(0);
  });

  test('the base forgets us and says nothing: opened anew', () => {
    let isDeaf = false;
    const talk = new Talk(
      but(base(), (command) => {
        if (command === '0DC') isDeaf = false;
        return isDeaf ? undefined : 'usual';
      }),
    ).open();
    talk.run(5_000);
    isDeaf = true;
    talk.from().run(8_000);
    expect(talk.asked('0DC')).toHaveLength(1);
    expect(talk.of('metric', '1').length).toBeGreaterThan(0);
  });

  test('three silent modules are not a dead line: the fourth goes on', () => {
    const talk = new Talk(
      but(base(undefined, ['1', '2', '3', '4']), (command) =>
        /^[123]/.test(command) ? undefined : 'usual',
      ),
      ['1', '2', '3', '4'],
    ).open();
    talk.run(60_000);
    expect(talk.asked('0DC')).toHaveLength(1);
    const asked = talk.asked('4LE;amder');
    const gaps = asked.slice(1).map((atMs, index) => atMs - (asked[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_000);
  });

  test('no session with the module: opened once at once, then every 5 s', () => {
    const talk = new Talk(
      but(base(), (command) => (command === '1LE;amder' ? '1I;1E' : 'usual')),
    ).open();
    talk.run(22_000);
    const asked = talk.asked('1DC').map((atMs) => Math.round(atMs / 1_000));
    expect(asked.slice(0, 2)).toEqual([1, 2]);
    expect(asked.length).toBeLessThanOrEqual(6);
    const once = new Talk(
      but(base(), (command, atMs) =>
        command === '1LE;amder' && atMs > 9_500 && atMs < 10_500 ? '1I;1E' : 'usual',
      ),
    ).open();
    once.run(20_000);
    expect(once.asked('1DC')).toHaveLength(2);
    expect(once.asked('1LE;amder').filter((atMs) => atMs > 10_000).length).toBeGreaterThan(8);
  });

  test('sessions that are lost one after another, with values in between: each opened at once', () => {
    const isLost = (atMs: number): boolean => atMs % 10_000 > 9_000;
    const talk = new Talk(
      but(base(), (command, atMs) => (command === '1LE;amder' && isLost(atMs) ? '1I;1E' : 'usual')),
    ).open();
    talk.run(35_000);
    expect(talk.asked('1DC')).toHaveLength(4);
    const asked = talk.asked('1LE;amder');
    const gaps = asked.slice(1).map((atMs, index) => atMs - (asked[index] ?? 0));
    expect(Math.max(...gaps)).toBe(1_000);
  });

  test('a base that says "open already" is asked on', () => {
    const talk = new Talk(
      but(base(), (command) => (command.endsWith('DC') ? `${command.slice(0, 1)}I;06` : 'usual')),
    ).open();
    talk.run(10_000);
    expect(talk.flow()).toMatchObject({ value: 36, validity: 'valid' });
  });

  test('a base that does not tell its modules: the configured ones are asked all the same', () => {
    for (const other of ['0I;0A', '0C;b3FFF', undefined]) {
      const talk = new Talk(but(base(), (command) => (command === '0LE;b' ? other : 'usual')));
      talk.open().run(12_000);
      expect(talk.flow()).toMatchObject({ value: 36, validity: 'valid' });
      expect(talk.of('device-gone')).toEqual([]);
    }
  });
});

describe('taking leave', () => {
  test('on closing every open session is closed, the base last; after that nothing is sent', () => {
    const two = base(undefined, ['1', '3']);
    const talk = new Talk(two, ['1', '3', '4']).open().run(3_000).from();
    talk.end('closing');
    expect(talk.sent.map(({ text }) => text)).toEqual(['1FC', '3FC', '0FC']);
    expect(talk.wakeAtMs).toBeUndefined();
    talk.from().end('closed');
    expect(talk.hear(ENQ)).toMatchObject([{ kind: 'frame-rejected', reason: 'unexpected' }]);
    expect(talk.sent).toEqual([]);
  });

  test('also a session that is being opened; none when none is open', () => {
    const opening = new Talk(() => undefined).open().from().end('closing');
    expect(opening.sent.map(({ text }) => text)).toEqual(['0FC']);
    const module = new Talk(
      but(base(), (command) => (command === '1DC' ? undefined : 'usual')),
    ).open();
    module.run(1_100).from().end('closing');
    expect(module.sent.map(({ text }) => text)).toEqual(['1FC', '0FC']);
    expect(new Talk(base()).end('closing').sent).toEqual([]);
    expect(running().end('closed').sent).toEqual([]);
  });

  test('opened again: from the beginning', () => {
    const talk = new Talk(base()).open().run(10_000);
    expect(talk.flow()).toMatchObject({ value: 36, validity: 'valid' });
    talk.end('closed').from().open();
    expect(commands(talk)).toEqual(['0DC']);
    talk.run(2_000);
    expect(talk.flow()).toMatchObject({ value: 36, validity: 'questionable' });
  });
});

describe('which answer is whose', () => {
  /** A talk at the moment when `word` is open. */
  const waitingFor = (word: string): Talk => {
    const talk = new Talk(but(base(), (command) => (command === word ? undefined : 'usual')));
    talk.open();
    for (let turns = 0; talk.state.asked?.word !== word.slice(1) && turns < 500; turns += 1) {
      talk.run(10);
    }
    return talk.from();
  };

  test.each([
    ['0DC', '1C'],
    ['0DC', '0C;b01'],
    ['1LN', '1C;a00;m1;d0050;e00;r00308E'],
    ['1LP', '1C;d0050'],
    ['1LE;amder', '1C'],
    ['1LE;amder', '1C;Ketamine'],
    ['1LE;amder', '1C;morphine'],
    ['1LE;amder', '2C;d0050;r00308E'],
    ['1LE;amder', '1C;d0050;d0051;r00308E'],
    ['1LE;amder', '1C;d0050;k0001'],
    ['1LE;amder', '2I;1E'],
  ])('%s is not answered by %s', (word, reply) => {
    const talk = waitingFor(word);
    expect(talk.hear(reply)).toMatchObject([{ kind: 'frame-rejected', reason: 'unexpected' }]);
    expect(talk.state.asked?.word).toBe(word.slice(1));
    expect(talk.of('metric')).toEqual([]);
  });

  test('a doubled answer counts once', () => {
    const talk = waitingFor('1LE;amder');
    expect(talk.hear('1C;d0050;r00308E')[0]).toMatchObject({ kind: 'frame-accepted' });
    talk.from();
    expect(talk.hear('1C;d0050;r00308E')).toMatchObject([{ kind: 'frame-rejected' }]);
    expect(talk.of('metric')).toEqual([]);
  });

  test('after a text that did not come none is asked for 5 s: a late one would be taken for the other', () => {
    const talk = new Talk(
      but(base(), (command) => (command === '1LN' ? undefined : 'usual')),
    ).open();
    talk.run(30_000);
    for (const atMs of talk.asked('1LN')) {
      const next = talk.sent.find(
        (one) => one.atMs > atMs && /^1(LN|LF;b|LP)$/.test(one.text),
      )?.atMs;
      if (next !== undefined) expect(next - atMs).toBeGreaterThanOrEqual(6_000);
    }
    expect(talk.of('fact', '1').length).toBeGreaterThan(0);
  });
});
