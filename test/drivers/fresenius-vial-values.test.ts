import { describe, expect, test } from 'vitest';
import { base, but, type ModuleParts, Talk } from './fresenius-vial-talk.ts';

const RATE = 'MDC_FLOW_FLUID_PUMP';
const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';
const TOTAL = 'MDC_VOL_FLUID_DELIV_TOTAL';
const talkOf = (parts: (atMs: number) => ModuleParts): Talk => new Talk(base(parts)).open();

describe('rate, volume and flow', () => {
  test('the rate is told at once; the flow is believed when the volume grows as it says', () => {
    const talk = talkOf(() => ({})).run(2_500);
    expect(talk.last(RATE)).toMatchObject({ value: 36, validity: 'valid' });
    expect(talk.last(TOTAL)).toMatchObject({ validity: 'valid' });
    expect(talk.flow()).toEqual({
      value: 36,
      validity: 'questionable',
      reason: 'rate told, not yet confirmed by the volume',
    });
    talk.run(6_000);
    expect(talk.flow()).toMatchObject({ value: 36, validity: 'valid' });
    expect(talk.of('metric').findLast(({ code }) => code === FLOW)?.source).toBe(
      'rate and volume counter',
    );
  });

  test('the state is never known', () => {
    const talk = talkOf(() => ({ m: '7F' })).run(30_000);
    expect(new Set(talk.of('pump-status').map(({ status }) => status))).toEqual(
      new Set(['unknown']),
    );
    expect(talk.of('pump-status').at(-1)?.raw).toBe('m7F');
  });

  test('the volume stands still at a rate: doubted within 6 s; it grows again: believed again', () => {
    const talk = talkOf((atMs) => ({ flow: atMs > 20_000 && atMs < 60_000 ? 0 : 36 }));
    talk.run(20_000);
    expect(talk.flow().validity).toBe('valid');
    talk.run(7_500);
    expect(talk.flow()).toEqual({
      value: 36,
      validity: 'questionable',
      reason: 'rate told, but volume does not grow',
    });
    talk.run(45_000);
    expect(talk.flow().validity).toBe('valid');
  });

  test('a new rate is confirmed anew', () => {
    const talk = talkOf((atMs) => ({ rate: atMs < 20_000 ? 36 : 360 })).run(20_500);
    expect(talk.flow()).toMatchObject({ value: 360, validity: 'questionable' });
    talk.run(7_000);
    expect(talk.flow()).toMatchObject({ value: 360, validity: 'valid' });
  });

  test('a rate that is not what flows is never a flow', () => {
    const talk = talkOf(() => ({ rate: 36, flow: 360 })).run(600_000);
    const flows = talk.of('metric').filter(({ code }) => code === FLOW);
    expect(flows.map(({ validity }) => validity)).not.toContain('valid');
    expect(talk.flow().reason).toBe('volume does not grow as the rate says');
  });

  test('a rate of 0: no flow is said before the volume has stood still for 10 s', () => {
    const talk = talkOf(() => ({ rate: 0 })).run(9_000);
    expect(talk.flow()).toMatchObject({ value: 0, validity: 'questionable' });
    talk.run(4_000);
    expect(talk.flow()).toMatchObject({ value: 0, validity: 'valid' });
    const leaking = talkOf(() => ({ rate: 0, flow: 10 })).run(60_000);
    expect(leaking.flow()).toMatchObject({ value: 0, validity: 'questionable' });
  });

  test.each([
    ['no volume', '1C;d0168', { value: 36, validity: 'questionable', reason: 'volume not told' }],
    ['no rate', '1C;r00308E', { value: null, validity: 'invalid', reason: 'rate not understood' }],
    ['a rate that is no number', '1C;dxyz;r00308E', { value: null, validity: 'invalid' }],
  ])('%s', (_, reply, flow) => {
    const talk = new Talk(
      but(base(), (command) => (command === '1LE;amder' ? reply : 'usual')),
    ).open();
    talk.run(5_000);
    expect(talk.flow()).toMatchObject(flow);
    const [told] = [reply.includes('r00') ? RATE : TOTAL] as const;
    expect(talk.last(told)).toMatchObject({ value: null, validity: 'invalid' });
  });

  test('values that are refused do not stay', () => {
    const talk = new Talk(
      but(base(), (command, atMs) =>
        command === '1LE;amder' && atMs > 12_000 ? '1I;03' : 'usual',
      ),
    ).open();
    talk.run(12_000);
    expect(talk.flow().validity).toBe('valid');
    talk.from().run(2_000);
    expect(talk.flow()).toEqual({
      value: null,
      validity: 'invalid',
      reason: 'pump answers 03: not in this state',
    });
    expect(talk.last(RATE)).toMatchObject({ value: null, validity: 'invalid' });
    // It is the line that was heard, not the module: its values go stale.
    expect(talk.of('frame-accepted', '1')).toEqual([]);
    expect(talk.asked('1LE;amder').length).toBeGreaterThanOrEqual(2);
  });
});

test('values that come again after a refusal are confirmed anew', () => {
  const talk = new Talk(
    but(base(), (command, atMs) =>
      command === '1LE;amder' && atMs > 12_000 && atMs < 13_500 ? '1I;03' : 'usual',
    ),
  ).open();
  talk.run(12_000);
  expect(talk.flow().validity).toBe('valid');
  talk.run(2_500);
  expect(talk.flow()).toMatchObject({ value: 36, validity: 'questionable' });
});

describe('alarms that are not decoded', () => {
  const CHANGED = {
    text: 'Status change, check pump (a 00 > 41)',
    code: 'a-changed',
    ruleId: 'PMP-10',
    priority: 'medium',
    latches: true,
  };

  test.each(['a', 'e'] as const)(
    'a change of the letter %s, until the first text is back',
    (letter) => {
      const talk = talkOf((atMs) => (atMs > 10_000 && atMs < 20_000 ? { [letter]: '41' } : {}));
      talk.run(10_000);
      expect(talk.alarms()).toEqual([]);
      talk.run(1_500);
      expect(talk.of('alerts').at(-1)?.alerts).toEqual([
        {
          ...CHANGED,
          code: `${letter}-changed`,
          text: `Status change, check pump (${letter} 00 > 41)`,
        },
      ]);
      talk.run(7_000);
      expect(talk.alarms()).toEqual([`${letter}-changed`]);
      talk.run(3_000);
      expect(talk.alarms()).toEqual([]);
    },
  );

  test('compared with the first text, not with the last: a second change does not end it', () => {
    const texts = ['00', '41', '42', '00'];
    const talk = talkOf((atMs) => ({ a: texts[Math.min(3, Math.floor(atMs / 5_000))] ?? '' }));
    talk.run(12_000);
    expect(talk.of('alerts').at(-1)?.alerts[0]?.text).toContain('(a 00 > 42)');
    talk.run(5_000);
    expect(talk.alarms()).toEqual([]);
  });

  test('told unasked: known at once, and it makes no value younger', () => {
    const talk = talkOf(() => ({}))
      .run(3_000)
      .from();
    const events = talk.hear('1E;a41');
    expect(events).toMatchObject([
      { kind: 'frame-accepted' },
      { kind: 'alerts', channel: '1', alerts: [CHANGED] },
    ]);
    expect(events[0]).not.toHaveProperty('channel');
    expect(talk.from().hear('1M;a42')).toEqual([{ kind: 'frame-accepted', atMs: 3_000 }]);
    expect(talk.hear('2E;a41')).toEqual([{ kind: 'frame-accepted', atMs: 3_000 }]);
  });

  test('a reply without the letter takes nothing back', () => {
    const talk = new Talk(
      but(
        base((atMs) => (atMs > 5_000 ? { a: '41' } : {})),
        (command, atMs) =>
          command === '1LE;amder' && atMs > 10_000 ? '1C;d0168;r00308E' : 'usual',
      ),
    ).open();
    talk.run(15_000);
    expect(talk.of('alerts').at(-1)?.alerts).toEqual([CHANGED]);
  });

  test('a cable that was pulled: an alarm that came meanwhile is seen', () => {
    const talk = talkOf((atMs) => (atMs > 8_000 ? { a: '41' } : {})).run(5_000);
    talk.end('closed');
    talk.nowMs = 60_000;
    talk.open().run(3_000);
    expect(talk.alarms()).toEqual(['a-changed']);
  });

  test('another number: another module, whose first text is its own', () => {
    const talk = talkOf((atMs) => (atMs > 8_000 ? { a: '41', number: '0815' } : {})).run(5_000);
    talk.end('closed');
    talk.nowMs = 60_000;
    talk.open().run(3_000);
    expect(talk.alarms()).toEqual([]);
    expect(talk.of('identity', '1').findLast(({ serial }) => serial !== undefined)?.serial).toBe(
      '0815',
    );
  });

  test.each(['1LE;amder', '1LP', '1LN', '1DC'])(
    'a refusal of %s because an alarm is present is an alarm',
    (word) => {
      const talk = new Talk(
        but(base(), (command) => (command === word ? '1I;12' : 'usual')),
      ).open();
      talk.run(1_500);
      const said = talk.of('alerts', '1').flatMap(({ alerts }) => alerts);
      expect(said).toContainEqual({
        code: 'refused-12',
        text: 'Alarm present, not told which',
        ruleId: 'PMP-10',
        priority: 'medium',
        latches: true,
      });
    },
  );

  test('over when values are told again', () => {
    const talk = new Talk(
      but(base(), (command, atMs) =>
        command === '1LE;amder' && atMs > 5_000 && atMs < 8_000 ? '1I;12' : 'usual',
      ),
    ).open();
    talk.run(7_500);
    expect(talk.alarms()).toEqual(['refused-12']);
    talk.run(3_000);
    expect(talk.alarms()).toEqual([]);
  });
});

describe('modules that come and go', () => {
  const withPlaces = (placesAt: (atMs: number) => readonly string[]): Talk =>
    new Talk((command, atMs) => base(undefined, placesAt(atMs))(command, atMs)).open();

  test('a place that is empty from the start', () => {
    const talk = withPlaces(() => ['2']).run(10_000);
    expect(talk.of('device-gone', '1')).toEqual([
      { kind: 'device-gone', reason: 'No module in place 1', atMs: 1_040, channel: '1' },
    ]);
    expect(talk.asked('1DC')).toEqual([]);
  });

  test('taken out: gone within 3 s and not asked; put back: opened and live', () => {
    const talk = withPlaces((atMs) => (atMs > 10_000 && atMs < 20_000 ? [] : ['1'])).run(13_100);
    expect(talk.of('device-gone', '1')).toHaveLength(1);
    talk.from().run(6_000);
    expect(talk.sent.filter(({ text }) => text.startsWith('1'))).toEqual([]);
    talk.run(6_000);
    expect(talk.asked('1DC')).toHaveLength(1);
    expect(talk.of('frame-accepted', '1').length).toBeGreaterThan(0);
    expect(talk.of('device-gone')).toEqual([]);
  });

  test('one that nobody configured leaves: that is told too', () => {
    const talk = withPlaces((atMs) => (atMs < 10_000 ? ['1', '2'] : ['1'])).run(15_000);
    expect(talk.of('identity', '2')).toHaveLength(1);
    expect(talk.of('device-gone', '2')).toHaveLength(1);
  });

  test('a module that the base cannot reach: gone once, looked for every 5 s, back with its first value', () => {
    const isOut = (atMs: number): boolean => atMs > 10_000 && atMs < 27_000;
    const talk = new Talk(
      but(base(), (command, atMs) => (command.startsWith('1') && isOut(atMs) ? '0I;0E' : 'usual')),
    ).open();
    talk.run(26_000);
    expect(talk.of('device-gone', '1')).toMatchObject([
      { reason: 'Base cannot reach the module in place 1' },
    ]);
    const asked = talk.asked('1DC').slice(1);
    expect(asked.slice(1).map((atMs, index) => atMs - (asked[index] ?? 0))).toEqual(
      asked.slice(1).map(() => 5_020),
    );
    talk.from().run(6_000);
    expect(talk.of('frame-accepted', '1').length).toBeGreaterThan(0);
    expect(talk.of('device-gone')).toEqual([]);
  });
});

describe('words of the module', () => {
  test.each([
    ['  Propofol ', 'Propofol', 'questionable'],
    ['', null, 'not-available'],
    ['x'.repeat(70), 'x'.repeat(60), 'questionable'],
    ['morphine', 'morphine', 'questionable'],
  ])('the drug "%s"', (drug, text, validity) => {
    const talk = talkOf(() => ({ drug })).run(2_000);
    expect(talk.of('fact', '1').at(-1)).toMatchObject({ code: 'drug', text, validity });
  });

  test('a drug that is refused is not available; without any data too', () => {
    for (const reply of ['1I;0A', '1C']) {
      const talk = new Talk(but(base(), (command) => (command === '1LP' ? reply : 'usual'))).open();
      talk.run(2_000);
      expect(talk.of('fact', '1').at(-1)).toMatchObject({ text: null, validity: 'not-available' });
    }
  });

  test('no number and no type: nothing is said of them', () => {
    const talk = talkOf(() => ({ number: ' ' })).run(2_000);
    expect(talk.of('identity', '1')).toMatchObject([{ model: 'DPS' }]);
  });

  test('simulated: said before the first value, by the mode or by the number', () => {
    const byMode = talkOf(() => ({ m: 'SIM1' })).run(3_000);
    const kinds = byMode.events.filter(
      (event) => event.kind === 'metric' || (event.kind === 'identity' && event.mode === 'demo'),
    );
    expect(kinds[0]?.kind).toBe('identity');
    const byNumber = talkOf(() => ({ number: 'SIM-1' })).run(2_000);
    expect(byNumber.of('identity', '1')[0]).toMatchObject({ mode: 'demo' });
    const real = talkOf(() => ({ m: '1SIM' })).run(3_000);
    expect(real.of('identity').filter(({ mode }) => mode !== undefined)).toEqual([]);
  });
});
