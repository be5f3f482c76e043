import { describe, expect, test } from 'vitest';
import { pressureFrame, type Said, statusFrame } from '../../simulators/nibp2020/wire.ts';
import { SAID, Talk } from './nibp2020-kit.ts';

const SYS = 'MDC_PRESS_BLD_NONINV_SYS';
const MIN = 60_000;
const isCommand = ({ name }: { readonly name: string }): boolean => !name.startsWith('status');
const commandsOf = (talk: Talk) => talk.sent.filter(isCommand);

describe('asking', () => {
  test('at once, then every 2 s', () => {
    const talk = new Talk().open().run(9_000);
    expect(talk.sentAt('status')).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
    expect(talk.of('reply-missed')).toEqual([]);
  });

  test('without an answer: on at the same pace, one miss for three questions', () => {
    const talk = new Talk(() => undefined).open().run(12_500);
    expect(talk.sentAt('status')).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000]);
    expect(talk.of('reply-missed').map(({ atMs }) => atMs)).toEqual([5_000, 11_000]);
    expect(talk.of('metric')).toEqual([]);
  });

  test('not while the cuff works and talks; 3 s after it became quiet; at once after 999', () => {
    const talk = new Talk().open().run(3_000).from();
    talk.pressures(20_000);
    expect(talk.sent).toEqual([]);
    talk.run(3_100);
    expect(talk.sentAt('status')).toEqual([26_000]);
    talk.from().pressures(5_000).end().run(0);
    expect(talk.sentAt('status')).toEqual([talk.nowMs]);
  });

  test('a module that says nothing while it measures is asked every 3 s', () => {
    const talk = new Talk(() => ({ state: 3 }), {}, 0).open().run(10_000);
    expect(talk.sentAt('status')).toEqual([0, 3_000, 6_000, 9_000]);
  });

  test('an answer that comes late, before the timer has noticed: not taken', () => {
    const talk = new Talk(() => undefined).open();
    talk.nowMs = 1_001;
    const late = { ...SAID, result: { sys: 180, dia: 100, map: 120, pulse: 60 } };
    expect(talk.hear(statusFrame(late, false).slice(0, -1))).toMatchObject([
      { kind: 'frame-rejected', reason: 'unexpected' },
    ]);
  });

  test('a very short run does not make it ask more often than every 2 s', () => {
    const talk = new Talk().open().run(2_500).pressures(400).end().run(5_000);
    const asked = talk.sentAt('status');
    const gaps = asked.slice(1).map((atMs, at) => atMs - (asked[at] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
  });

  test('an answer after more than 1 s, a second one, one that nobody asked for: not taken', () => {
    const late = new Talk(() => ({}), {}, 1_300).open().run(10_000);
    expect(late.of('frame-accepted')).toEqual([]);
    expect(late.of('metric')).toEqual([]);
    const talk = new Talk().open().run(1_000).from();
    const said = { ...SAID, result: { sys: 180, dia: 100, map: 120, pulse: 60 } };
    expect(talk.hear(statusFrame(said, false).slice(0, -1))).toEqual([
      { kind: 'frame-rejected', reason: 'unexpected', atMs: 1_000 },
    ]);
    expect(talk.last(SYS)).toBeUndefined();
  });

  test('a board with SpO2 is asked in its own frames', () => {
    const talk = new Talk(() => ({}), { board: 'combi' }).open().run(5_000);
    expect(talk.sentAt('status-combi')).toHaveLength(3);
    expect(talk.sentAt('status')).toEqual([]);
    expect(talk.last(SYS)?.value).toBe(122);
  });

  test('closed: silent; opened again: a reading that was confirmed is of unknown age', () => {
    const talk = new Talk().open().run(1_000).pressures(20_000).end().run(3_000);
    expect(talk.last(SYS)).toMatchObject({ value: 122, episode: { confirmed: true } });
    talk.close().from();
    expect(talk.wakeAtMs).toBeUndefined();
    expect(talk.hear(pressureFrame(150, 3, false).slice(0, -1))).toMatchObject([
      { kind: 'frame-rejected', reason: 'unexpected' },
    ]);
    talk.from().open().run(5_000);
    expect(talk.last(SYS)).toMatchObject({
      value: 122,
      episode: { confirmed: false, measuredAtMs: null },
    });
  });
});

describe('what is told', () => {
  test('nothing is said of a cuff before the module has said who it is', () => {
    const talk = new Talk(() => undefined).open().pressures(5_000);
    expect(new Set(talk.events.map(({ kind }) => kind))).toEqual(new Set(['frame-accepted']));
  });

  test('simulated: said before the first value, and again after the line was opened', () => {
    const talk = new Talk().open().run(1_000);
    expect(talk.events[0]).toEqual({ kind: 'identity', mode: 'demo', atMs: 130 });
    talk.close().from().open().run(1_000);
    expect(talk.events[0]).toMatchObject({ kind: 'identity', mode: 'demo' });
  });

  test('standing, measuring, done: state of the cuff, cycle, and the old reading marked while it works', () => {
    let result = { sys: 122, dia: 77, map: 94, pulse: 75 };
    const talk = new Talk(() => ({ result })).open().run(1_000);
    expect(talk.cuff()).toMatchObject({ state: 'idle', cycleMs: 15 * MIN });
    talk.pressures(20_000);
    expect(talk.cuff()?.state).toBe('measuring');
    expect(talk.last(SYS)).toMatchObject({
      value: 122,
      episode: { measuring: true, confirmed: false },
    });
    result = { sys: 141, dia: 88, map: 105, pulse: 80 };
    const endedAtMs = talk.nowMs;
    talk.end().run(3_000);
    expect(talk.cuff()?.state).toBe('idle');
    expect(talk.last(SYS)).toMatchObject({
      value: 141,
      episode: { measuring: false, confirmed: true, measuredAtMs: endedAtMs },
    });
    expect(talk.last('MDC_PRESS_BLD_NONINV_DIA')?.value).toBe(88);
    expect(talk.last('MDC_PRESS_BLD_NONINV_MEAN')?.value).toBe(105);
  });

  test('a failed measurement is told with its own time, and told on', () => {
    let message = '03';
    const talk = new Talk(() => ({ message })).open().run(1_000);
    talk.pressures(15_000);
    message = '07';
    const failed = { atMs: talk.nowMs, reason: 'air leak' };
    talk.end().run(2_000);
    expect(talk.cuff()).toMatchObject({ state: 'idle', failed });
    talk.run(10_000);
    expect(talk.cuff()?.failed).toEqual(failed);
    expect(talk.of('alerts').at(-1)?.alerts).toEqual([]);
  });

  test('a leak test is not "measuring"', () => {
    const talk = new Talk().open().run(1_000).pressures(5_000, 150, 7);
    expect(talk.cuff()?.state).toBe('unknown');
    expect(talk.last(SYS)?.episode?.measuring).toBe(false);
  });

  test.each([
    [0, null],
    [10, 10 * MIN],
    [15, 15 * MIN],
  ])('a module set to %s min says so', (cycleMin, cycleMs) => {
    const talk = new Talk(() => ({ cycleMin })).open().run(1_000);
    expect(talk.cuff()).toHaveProperty('cycleMs', cycleMs);
  });

  test.each([
    [1, 'idle'],
    [6, 'idle'],
    [2, 'unknown'],
    [4, 'unknown'],
    [9, 'unknown'],
    [3, 'measuring'],
  ])('state %s: %s', (state, word) => {
    expect(new Talk(() => ({ state })).open().run(1_000).cuff()?.state).toBe(word);
  });

  test('error and over-pressure are alarms as long as they are said', () => {
    let said: Partial<Said> = { state: 2, message: '12' };
    const talk = new Talk(() => said).open().run(1_000);
    expect(
      talk
        .of('alerts')
        .at(-1)
        ?.alerts.map(({ code }) => code),
    ).toEqual(['S2', 'M12']);
    said = {};
    talk.run(2_000);
    expect(talk.of('alerts').at(-1)?.alerts).toEqual([]);
  });

  test('dashes are no number, never 0', () => {
    const talk = new Talk(() => ({ result: null })).open().run(1_000);
    expect(talk.last(SYS)).toMatchObject({ value: null, validity: 'not-available' });
  });

  test('adult and neonatal', () => {
    expect(new Talk().open().run(1_000).of('fact').at(-1)?.text).toBe('adult');
    const neonatal = new Talk(() => ({ isNeonatal: true })).open().run(1_000);
    expect(neonatal.of('fact').at(-1)?.text).toBe('neonatal');
  });
});

describe('measure: off', () => {
  test.each([0, 1, 15, 60])(
    'a module set to %s min is asked and never told, for hours',
    (cycleMin) => {
      const talk = new Talk(() => ({ cycleMin, state: 1 })).open().run(3 * 60 * MIN);
      expect(commandsOf(talk)).toEqual([]);
    },
  );

  test('a run without end is not stopped', () => {
    const talk = new Talk().open().run(1_000).pressures(400_000);
    expect(commandsOf(talk)).toEqual([]);
    expect(commandsOf(new Talk(() => ({ state: 3 })).open().run(400_000))).toEqual([]);
  });
});

describe('measure: cycle', () => {
  const options = { measure: 'cycle' } as const;

  test('set once, 2 min after the line was opened, and read back', () => {
    let cycleMin = 0;
    const talk: Talk = new Talk(() => ({ cycleMin, state: 1 }), options).open().run(2 * MIN - 1);
    expect(commandsOf(talk)).toEqual([]);
    talk.run(4_000);
    expect(talk.sentAt('cycle-15')).toHaveLength(1);
    cycleMin = 15;
    talk.run(60 * MIN);
    expect(commandsOf(talk)).toHaveLength(1);
  });

  test('a module that has it already is not told', () => {
    expect(commandsOf(new Talk(() => ({}), options).open().run(60 * MIN))).toEqual([]);
  });

  test('a module that does not take it: twice, 2 min apart, then no more', () => {
    const talk = new Talk(() => ({ cycleMin: 0, state: 1 }), options).open().run(180 * MIN);
    const [first = 0, second = 0, ...more] = talk.sentAt('cycle-15');
    expect(more).toEqual([]);
    expect(second - first).toBeGreaterThanOrEqual(2 * MIN);
    expect(commandsOf(talk)).toHaveLength(2);
  });

  test('a loose plug: never two commands within 2 min, none within 2 min of opening', () => {
    const talk = new Talk(() => ({ cycleMin: 0, state: 1 }), options);
    const openedAt: number[] = [];
    for (const openMs of [130_000, 50_000, 90_000, 125_000, 119_000, 10_000, 140_000]) {
      openedAt.push(talk.nowMs);
      talk.open().run(openMs).close().run(1_000);
    }
    const told = commandsOf(talk).map(({ atMs }) => atMs);
    expect(told.length).toBeGreaterThan(1);
    told.forEach((atMs, at) => {
      expect(atMs - (told[at - 1] ?? -Infinity)).toBeGreaterThanOrEqual(2 * MIN);
      const sinceOpen = Math.min(...openedAt.filter((it) => it <= atMs).map((it) => atMs - it));
      expect(sinceOpen).toBeGreaterThanOrEqual(2 * MIN);
    });
  });

  test.each([
    { state: 2 },
    { state: 3 },
    { state: 4 },
    { state: 7 },
    { message: '08' },
    { message: '12' },
    { message: '15' },
  ])('not told while %j', (parts) => {
    const talk = new Talk(() => ({ cycleMin: 0, state: 1, ...parts }), options).open();
    expect(commandsOf(talk.run(20 * MIN))).not.toContainEqual(
      expect.objectContaining({ name: 'cycle-15' }),
    );
  });

  test('a run of more than 180 s is stopped, once', () => {
    const talk = new Talk(() => ({ message: '00' }), options).open().run(1_000);
    talk.pressures(400_000);
    expect(talk.sentAt('abort')).toEqual([181_200]);
    talk.end().run(3_000);
    expect(talk.cuff()?.failed?.reason).toBe('took too long, stopped');
    expect(talk.last(SYS)?.episode?.confirmed).toBe(false);
  });

  test('a run of 179 s is not', () => {
    const talk = new Talk(() => ({}), options).open().run(1_000).pressures(179_000).end();
    expect(commandsOf(talk.run(10_000))).toEqual([]);
  });
});

describe('measure: timed', () => {
  const options = { measure: 'timed' } as const;
  const byHand = () => ({ cycleMin: 0, state: 1 });

  test('a start every 15 min, the first 15 min after the line was opened', () => {
    const talk = new Talk(byHand, options).open().run(46 * MIN);
    const started = talk.sentAt('start');
    expect(started).toHaveLength(3);
    started.forEach((atMs, at) => {
      const dueMs = 15 * MIN + (started[at - 1] ?? 0);
      expect(atMs).toBeGreaterThanOrEqual(dueMs);
      expect(atMs).toBeLessThan(dueMs + 3_000);
    });
    expect(commandsOf(talk)).toHaveLength(3);
  });

  test('opened again and again: no start', () => {
    const talk = new Talk(byHand, options);
    for (let round = 0; round < 10; round += 1)
      talk
        .open()
        .run(14 * MIN)
        .close()
        .run(1_000);
    expect(commandsOf(talk)).toEqual([]);
  });

  test('a run that was seen puts it off', () => {
    const talk = new Talk(byHand, options)
      .open()
      .run(10 * MIN)
      .pressures(20_000)
      .end();
    talk.run(14 * MIN);
    expect(commandsOf(talk)).toEqual([]);
    talk.run(MIN);
    expect(talk.sentAt('start')).toHaveLength(1);
  });

  test('a module with a cycle of its own is left to it', () => {
    const talk = new Talk(() => ({ cycleMin: 5, state: 6 }), options).open().run(60 * MIN);
    expect(commandsOf(talk)).toEqual([]);
    expect(talk.cuff()).toMatchObject({ cycleMs: 5 * MIN });
  });

  test('"by hand" is not told as the interval, because the gateway keeps the time', () => {
    expect(new Talk(byHand, options).open().run(1_000).cuff()).not.toHaveProperty('cycleMs');
  });
});
