import { describe, expect, test } from 'vitest';
import { basicFrame, infusing, type Line, safeFrame, Talk } from './ne1000-talk.ts';

/** A pump that tells an alarm once, in the answer to whatever is asked next, and then stands. */
function stalling(letter = 'S') {
  let state = 'I';
  let alarm: string | null = null;
  const pump = infusing({}, () => state);
  const line: Line = (asked) => {
    const said = pump(asked);
    if (alarm === null || said === undefined) return said;
    const told = `A?${alarm}`;
    alarm = null;
    return told;
  };
  return {
    line,
    stall: () => {
      alarm = letter;
      state = 'S';
    },
    start: () => {
      state = 'I';
    },
  };
}

describe('an alarm is told once and kept', () => {
  test('it is in the list at once, latches, and stays while the pump stands', () => {
    const pump = stalling();
    const talk = new Talk(pump.line).open().runTo(5_000).from();
    pump.stall();
    talk.run(1_100);
    const alert = talk.of('alerts').find(({ alerts }) => alerts.length > 0)?.alerts[0];
    expect(alert).toEqual({
      code: 'A?S',
      text: 'Motor stalled: occlusion?',
      ruleId: 'PMP-01',
      priority: 'high',
      latches: true,
    });
    talk.from().run(3_600_000);
    expect(talk.of('alerts').length).toBeGreaterThan(1_000);
    for (const { alerts } of talk.of('alerts')) expect(alerts).toHaveLength(1);
    expect(talk.flow()).toMatchObject({ status: 'stopped', value: 0, validity: 'valid' });
  });

  test('seen infusing again: it is taken back', () => {
    const pump = stalling();
    const talk = new Talk(pump.line).open().runTo(5_000);
    pump.stall();
    talk.run(2_000);
    expect(talk.alarms()).toEqual(['A?S']);
    pump.start();
    talk.run(1_100);
    expect(talk.alarms()).toEqual([]);
  });

  test('in the moment of the alarm neither state nor flow is known; half a second later they are', () => {
    const pump = stalling();
    const talk = new Talk(pump.line).open().runTo(5_000).from();
    pump.stall();
    while (talk.alarms()?.length !== 1) talk.run(1);
    expect(talk.flow()).toMatchObject({ status: 'unknown', value: null });
    expect(talk.of('pump-status').at(-1)?.raw).toBe('A?S');
    talk.run(600);
    expect(talk.flow()).toMatchObject({ status: 'stopped', value: 0 });
  });

  test('what was asked when the alarm came is asked again', () => {
    const pump = stalling();
    let isStalling = false;
    const talk = new Talk((asked) => {
      if (isStalling && asked.word === 'DIS') pump.stall();
      return pump.line(asked);
    });
    talk.open().runTo(5_000).from();
    isStalling = true;
    talk.until('DIS').from();
    isStalling = false;
    expect(talk.run(600).words()).toContain('DIS');
  });

  test.each([
    { letter: 'R', ruleId: 'PMP-11', priority: 'low' },
    { letter: 'S', ruleId: 'PMP-01', priority: 'high' },
    { letter: 'T', ruleId: 'PMP-04', priority: 'high' },
    { letter: 'E', ruleId: 'PMP-04', priority: 'high' },
    { letter: 'O', ruleId: 'PMP-04', priority: 'high' },
    { letter: 'Z', ruleId: 'PMP-10', priority: 'high' },
    { letter: '7', ruleId: 'PMP-10', priority: 'high' },
  ])('A?$letter: $ruleId, $priority, latching', ({ letter, ruleId, priority }) => {
    const pump = stalling(letter);
    const talk = new Talk(pump.line).open().runTo(5_000);
    pump.stall();
    talk.run(3_000);
    expect(talk.of('alerts').at(-1)?.alerts).toMatchObject([
      { code: `A?${letter}`, ruleId, priority, latches: true },
    ]);
  });

  test('the first answer after power-up, to whatever question: restarted', () => {
    const pump = stalling('R');
    pump.stall();
    const talk = new Talk(pump.line).open().runTo(3_000);
    expect(talk.of('alerts')[0]?.alerts).toMatchObject([{ code: 'A?R', ruleId: 'PMP-11' }]);
    expect(talk.flow()).toMatchObject({ status: 'stopped', value: 0 });
  });

  test('after a restart it says again who it is before there is a value', () => {
    const pump = stalling('R');
    const talk = new Talk(pump.line).open().runTo(5_000).from();
    pump.stall();
    while (talk.alarms()?.length !== 1) talk.run(1);
    talk.from().run(10_000);
    const identity = talk.events.findIndex(({ kind }) => kind === 'identity');
    const value = talk.events.findIndex((one) => one.kind === 'metric' && one.value !== null);
    expect(identity).toBeGreaterThanOrEqual(0);
    expect(value).toBeGreaterThan(identity);
  });

  test('two alarms are both kept, the same one twice is one', () => {
    const talk = new Talk(infusing({}, () => 'S')).open().runTo(5_000);
    for (const letter of ['S', 'E', 'S']) talk.hear(basicFrame(`00A?${letter}`));
    expect(talk.alarms()).toEqual(['A?E', 'A?S']);
  });

  test('letters without end do not fill memory', () => {
    const talk = new Talk(infusing({}, () => 'S')).open().runTo(5_000);
    for (let code = 0x21; code < 0x7f; code++) {
      talk.hear(basicFrame(`00A?${String.fromCharCode(code)}`));
    }
    expect(talk.alarms()).toHaveLength(20);
  });

  test('they outlast a pump that is gone for a while', () => {
    const pump = stalling();
    let isOn = true;
    const talk = new Talk((one) => (isOn ? pump.line(one) : undefined)).open().runTo(5_000);
    pump.stall();
    talk.run(2_000);
    isOn = false;
    talk.run(30_000);
    isOn = true;
    talk.from().run(5_000);
    expect(talk.alarms()).toEqual(['A?S']);
  });
});

describe('alarms that come by themselves', () => {
  const quiet = () => new Talk(infusing({}, () => 'S')).open().runTo(5_000).quiet().from();

  test('a packet is taken whenever it comes, and kept', () => {
    const talk = quiet();
    expect(talk.hear(safeFrame('00A?T')).map(({ kind }) => kind)).toContain('frame-accepted');
    expect(talk.run(60_000).alarms()).toContain('A?T');
  });

  test('while another pump of the line is asked: taken, and the answer still awaited', () => {
    const line: Line = ({ address, word }) => (address === '0' && word !== 'CR' ? 'S' : undefined);
    const talk = new Talk(line, { channels: ['0', '3'] }).open().runTo(2_000);
    while (talk.sent.at(-1)?.address !== '0') talk.run(1);
    talk.from();
    const events = talk.hear(safeFrame('03A?S'));
    expect(events.filter(({ kind }) => kind === 'frame-accepted')).toMatchObject([
      { channel: '3' },
    ]);
    expect(talk.alarms('3')).toContain('A?S');
    expect(talk.sent).toEqual([]);
    talk.hear(basicFrame('00S'));
    expect(talk.of('frame-accepted', '0')).toHaveLength(1);
  });

  test('an alarm that answers somebody else is taken all the same: the pump has forgotten it', () => {
    const talk = quiet();
    talk.hear(basicFrame('00A?S'));
    expect(talk.alarms()).toEqual(['A?S']);
    expect(talk.run(60_000).alarms()).toEqual(['A?S']);
  });

  test('of an address that nobody configured, without a checksum, it is not', () => {
    const talk = quiet();
    expect(talk.hear(basicFrame('42A?S'))).toMatchObject([{ reason: 'unexpected' }]);
  });
});

describe('an alarm whose only answer is lost', () => {
  const losing = (spoil: (said: string) => string | Uint8Array | undefined) => {
    let isLost = false;
    const pump = stalling();
    const talk = new Talk((asked) => {
      const said = pump.line(asked);
      if (!isLost || typeof said !== 'string' || !said.startsWith('A')) return said;
      return spoil(said);
    });
    talk.open().runTo(5_000);
    isLost = true;
    pump.stall();
    talk.from().run(5_000);
    return { talk, pump };
  };

  test.each([
    { what: 'lost', spoil: () => undefined },
    { what: 'with one bit turned over', spoil: () => basicFrame('00I?S') },
    { what: 'cut short', spoil: () => basicFrame('00A') },
  ])('$what: the pump stands, and that its alarm may be lost is an alarm', ({ spoil }) => {
    const { talk, pump } = losing(spoil);
    expect(talk.flow()).toMatchObject({ status: 'stopped', value: 0 });
    expect(talk.of('alerts').at(-1)?.alerts).toMatchObject([
      { code: 'LOST-ANSWER', ruleId: 'PMP-10', priority: 'high', latches: true },
    ]);
    pump.start();
    expect(talk.run(1_100).alarms()).toEqual([]);
  });

  test('gone for a minute while infusing, and then stopped: the same', () => {
    let state = 'I';
    let isOn = true;
    const line = infusing({}, () => state);
    const talk = new Talk((one) => (isOn ? line(one) : undefined)).open().runTo(5_000);
    isOn = false;
    talk.run(60_000);
    isOn = true;
    state = 'S';
    expect(talk.run(6_000).alarms()).toEqual(['LOST-ANSWER']);
  });

  test('stopped by hand with every answer heard, or infusing on after a loss: no such alarm', () => {
    let state = 'I';
    let isOn = true;
    const line = infusing({}, () => state);
    const talk = new Talk((one) => (isOn ? line(one) : undefined)).open().runTo(5_000);
    isOn = false;
    talk.run(1_200);
    isOn = true;
    talk.run(5_000);
    expect(talk.alarms()).toEqual([]);
    state = 'S';
    expect(talk.run(5_000).alarms()).toEqual([]);
  });
});

describe('states that are an alarm', () => {
  const alarmsOf = (answers: Parameters<typeof infusing>[0], letter = 'I') =>
    new Talk(infusing(answers, () => letter)).open().runTo(5_000).of('alerts').at(-1)?.alerts;

  test('withdrawing is high', () => {
    expect(alarmsOf({}, 'W')).toMatchObject([{ code: 'W', priority: 'high', ruleId: 'PMP-10' }]);
  });

  test('set to withdraw is medium, also while it stands', () => {
    expect(alarmsOf({ DIR: 'WDR' }, 'S')).toMatchObject([{ code: 'WDR', priority: 'medium' }]);
  });

  test('armed safe mode is medium; SAF 0 in packets is none', () => {
    const safe = (SAF: string): Line => {
      const line = infusing({ SAF });
      return (one) => (one.framing === 'safe' ? line({ ...one, framing: 'basic' }) : undefined);
    };
    const last = (SAF: string) =>
      new Talk(safe(SAF)).open().runTo(6_000).of('alerts').at(-1)?.alerts;
    expect(last('5')).toMatchObject([{ code: 'SAF', priority: 'medium', ruleId: 'PMP-10' }]);
    expect(last('0')).toEqual([]);
    const first = new Talk(safe('5')).open().runTo(6_000).of('alerts')[0]?.alerts;
    expect(first).toMatchObject([{ code: 'SAF' }]);
  });

  test('SAF 0 was told, and then a packet comes: armed at once, until SAF is read anew', () => {
    let isSafe = false;
    const line = infusing({ SAF: () => (isSafe ? '9' : '0') });
    const talk = new Talk((one) =>
      isSafe === (one.framing === 'safe') ? line({ ...one, framing: 'basic' }) : undefined,
    );
    talk.open().runTo(5_000);
    expect(talk.alarms()).toEqual([]);
    isSafe = true;
    talk.from();
    while (talk.of('alerts').length === 0) talk.run(1);
    expect(talk.alarms()).toContain('SAF');
  });

  test('a packet while it is here: armed in that answer', () => {
    const talk = new Talk(infusing({}, () => 'S')).open().runTo(5_000).until('RAT').from();
    talk.hear(safeFrame('00S40.00MH'));
    expect(talk.alarms()).toEqual(['SAF']);
  });

  test('SAF above 0 told in basic mode is armed too', () => {
    expect(alarmsOf({ SAF: '30' })).toMatchObject([{ code: 'SAF' }]);
  });
});
