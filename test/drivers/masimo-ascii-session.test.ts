import { describe, expect, test } from 'vitest';
import { masimoSession } from '../../drivers/masimo-ascii/session.ts';
import { Listening, PERFUSION, RATE, SPO2, verdictOf } from './oximeter-kit.ts';

interface Parts {
  readonly second?: number;
  readonly serial?: string;
  readonly spo2?: string;
  readonly bpm?: string;
  readonly pi?: string;
  readonly alarm?: string;
  readonly exc?: string;
}

function line(parts: Parts = {}): string {
  const { second = 0, serial = '0000012345', spo2 = '098%', bpm = '072', pi = '03.60%' } = parts;
  const { alarm = '0000', exc = '000800' } = parts;
  const time = `22:${String(10 + Math.floor(second / 60))}:${String(second % 60).padStart(2, '0')}`;
  return `02/22/16 ${time} SN=${serial} SPO2=${spo2} BPM=${bpm} PI=${pi} SPCO=--.-% ALARM=${alarm} EXC=${exc}`;
}

/** Lines second by second, each with other parts. */
function heard(...lines: readonly Parts[]) {
  const talk = new Listening(masimoSession);
  const verdicts = lines.map((parts, second) => verdictOf(talk.hear(line({ second, ...parts }))));
  return { talk, verdicts };
}

const steady = (count: number): readonly Parts[] => Array.from({ length: count }, () => ({}));

describe('who it is comes before what it says', () => {
  test('the first line is only compared with: the second one brings identity, then values', () => {
    const talk = new Listening(masimoSession);
    expect(talk.hear(line()).map(({ kind }) => kind)).toEqual(['frame-accepted']);
    expect(talk.hear(line({ second: 1 })).map(({ kind }) => kind)).toEqual([
      'identity',
      'frame-accepted',
      'metric',
      'metric',
      'metric',
      'alerts',
    ]);
    expect(talk.of('identity')).toMatchObject([{ serial: '0000012345' }]);
    expect(talk.of('identity')[0]).not.toHaveProperty('mode');
    expect(talk.last(SPO2)).toEqual({ value: 98, validity: 'valid' });
    expect(talk.last(RATE)).toEqual({ value: 72, validity: 'valid' });
    expect(talk.last(PERFUSION)).toEqual({ value: 3.6, validity: 'valid' });
  });

  test('the mark of a simulator', () => {
    const { talk } = heard({ serial: 'SIM0000001' }, { serial: 'SIM0000001' });
    expect(talk.of('identity')).toMatchObject([{ serial: 'SIM0000001', mode: 'demo' }]);
  });

  test('a monitor that sends dashes for it is shown, without a number', () => {
    const { talk } = heard({ serial: '----------' }, { serial: '----------' });
    expect(talk.of('identity')).toEqual([{ kind: 'identity', atMs: talk.nowMs }]);
    expect(talk.last(SPO2)?.value).toBe(98);
  });

  test('one line with another number is refused, and what it says is not taken', () => {
    const { talk, verdicts } = heard({}, {}, { serial: '0000012346', spo2: '080%' }, {});
    expect(verdicts).toEqual(['accepted', 'accepted', 'unexpected', 'accepted']);
    expect(talk.of('identity')).toHaveLength(1);
    expect(talk.of('metric').map(({ value }) => value)).not.toContain(80);
  });

  test('two of them are another monitor', () => {
    const other = { serial: '0000099999', spo2: '091%' };
    const { talk, verdicts } = heard({}, {}, other, other);
    expect(verdicts).toEqual(['accepted', 'accepted', 'unexpected', 'accepted']);
    expect(talk.of('identity').map(({ serial }) => serial)).toEqual(['0000012345', '0000099999']);
    expect(talk.last(SPO2)).toEqual({ value: 91, validity: 'valid' });
  });

  test('another number in every line: nothing is shown', () => {
    const lines = Array.from({ length: 6 }, (_, index) => ({ serial: `000000000${index}` }));
    const { talk, verdicts } = heard(...lines);
    expect(verdicts.slice(1).every((verdict) => verdict === 'unexpected')).toBe(true);
    expect(talk.of('metric')).toEqual([]);
  });

  test('opened anew it begins anew', () => {
    const { talk } = heard({}, {});
    talk.close();
    expect(verdictOf(talk.hear(line({ second: 5 })))).toBe('unexpected');
    talk.open();
    expect(talk.hear(line({ second: 6 })).map(({ kind }) => kind)).toEqual(['frame-accepted']);
    expect(talk.hear(line({ second: 7 }))[0]).toMatchObject({ kind: 'identity' });
  });
});

describe('what a value is worth', () => {
  const third = (parts: Parts) => heard({}, {}, parts).talk;

  test.each([
    ['000001', 'no spo2 sensor'],
    ['000802', 'spo2 sensor defective'],
    ['000820', 'spo2 sensor off'],
    ['000880', 'spo2 sensor not recognised'],
    ['000824', 'spo2 sensor off'],
    ['000821', 'no spo2 sensor'],
  ])('EXC=%s: invalid without a number, although one stands there', (exc, reason) => {
    const talk = third({ exc });
    for (const code of [SPO2, RATE, PERFUSION] as const) {
      expect(talk.last(code)).toEqual({ value: null, validity: 'invalid', reason });
    }
  });

  test.each([
    ['000804', 'low perfusion'],
    ['000808', 'searching for a pulse'],
    ['000810', 'interference'],
    ['000840', 'too much ambient light'],
    ['000C00', 'low signal quality'],
    ['000900', 'exception 100 unknown'],
    ['0000C00', 'low signal quality'],
  ])('EXC=%s: questionable', (exc, reason) => {
    const talk = third({ exc });
    expect(talk.last(SPO2)).toEqual({ value: 98, validity: 'questionable', reason });
    expect(talk.last(RATE)).toEqual({ value: 72, validity: 'questionable', reason });
  });

  test('dashes are no value, and the reason is told if there is one', () => {
    expect(third({ spo2: '---%', bpm: '---', pi: '--.--%' }).last(SPO2)).toEqual({
      value: null,
      validity: 'not-available',
    });
    const searching = third({ spo2: '---%', bpm: '---%', pi: '--.--%', exc: '000808' });
    expect(searching.last(RATE)).toEqual({
      value: null,
      validity: 'not-available',
      reason: 'searching for a pulse',
    });
  });

  test.each([
    [SPO2, { spo2: '000%' }, '0 is no value'],
    [SPO2, { spo2: '101%' }, '101 is no value'],
    [RATE, { bpm: '000' }, '0 is no value'],
    [RATE, { bpm: '241' }, '241 is no value'],
    [PERFUSION, { pi: '00.00%' }, '0 is no value'],
    [PERFUSION, { pi: '20.01%' }, '20.01 is no value'],
  ] as const)('%s of %j is invalid and null', (code, parts, reason) => {
    const talk = heard(parts, parts, parts).talk;
    expect(talk.last(code)).toEqual({ value: null, validity: 'invalid', reason });
  });

  test.each([
    [SPO2, { spo2: '100%' }, 100],
    [SPO2, { spo2: '001%' }, 1],
    [RATE, { bpm: '240' }, 240],
    [RATE, { bpm: '001' }, 1],
    [PERFUSION, { pi: '00.01%' }, 0.01],
    [PERFUSION, { pi: '20.00%' }, 20],
  ] as const)('%s of %j is valid', (code, parts, value) => {
    expect(heard(parts, parts).talk.last(code)).toEqual({ value, validity: 'valid' });
  });

  test('a damaged digit is questionable, and the next line is valid at once', () => {
    const { talk } = heard({}, {}, { spo2: '018%' });
    expect(talk.last(SPO2)).toEqual({
      value: 18,
      validity: 'questionable',
      reason: 'sudden change, not yet confirmed',
    });
    talk.hear(line({ second: 3 }));
    expect(talk.last(SPO2)).toEqual({ value: 98, validity: 'valid' });
  });

  test('a real fall is valid from its second line on', () => {
    const { talk } = heard({}, {}, { spo2: '070%', bpm: '150' }, { spo2: '069%', bpm: '152' });
    expect(talk.last(SPO2)).toEqual({ value: 69, validity: 'valid' });
    expect(talk.last(RATE)).toEqual({ value: 152, validity: 'valid' });
  });

  test('the clock of the monitor is only handed on', () => {
    const { talk } = heard({}, {});
    const metric = talk.of('metric')[0];
    expect(metric).toMatchObject({
      atMs: talk.nowMs,
      deviceWallMs: Date.UTC(2016, 1, 22, 22, 10, 1),
    });
  });
});

describe('a sender that has frozen', () => {
  test('the same line for more than 3 s is refused, until another one comes', () => {
    const talk = new Listening(masimoSession);
    talk.hear(line({ second: 1 }));
    const verdicts = Array.from({ length: 8 }, () => verdictOf(talk.hear(line({ second: 2 }))));
    expect(verdicts).toEqual([
      ...Array.from({ length: 4 }, () => 'accepted'),
      ...Array.from({ length: 4 }, () => 'unexpected'),
    ]);
    expect(verdictOf(talk.hear(line({ second: 3 })))).toBe('accepted');
  });

  test('a clock that stands still while the values change is none', () => {
    const talk = new Listening(masimoSession);
    const verdicts = Array.from({ length: 8 }, (_, index) =>
      verdictOf(talk.hear(line({ pi: `03.6${index}%` }))),
    );
    expect(new Set(verdicts)).toEqual(new Set(['accepted']));
  });

  test('a clock that is set back or forward is none', () => {
    const { verdicts } = heard({}, {}, { second: 50 }, { second: 0 }, { second: 1 });
    expect(new Set(verdicts)).toEqual(new Set(['accepted']));
  });
});

describe('lines that bring nothing', () => {
  test('empty ones are accepted only while values come', () => {
    const talk = new Listening(masimoSession);
    expect(verdictOf(talk.hear('\r'))).toBe('unexpected');
    for (const [second] of steady(3).entries()) talk.hear(line({ second }));
    expect(verdictOf(talk.hear('\r', 500))).toBe('accepted');
    expect(verdictOf(talk.hear('\r', 2_500))).toBe('accepted');
    expect(verdictOf(talk.hear('\r', 1))).toBe('unexpected');
  });

  test('damaged ones change nothing', () => {
    const { talk } = heard({}, {});
    const before = talk.last(SPO2);
    expect(verdictOf(talk.hear('22:47:46 SN=0000012345 SPO2=050%'))).toBe('malformed');
    expect(talk.last(SPO2)).toEqual(before);
  });
});

test('alarms are the complete list of each line', () => {
  const talk = heard({}, {}, { alarm: '0012', exc: '000824' }).talk;
  expect(talk.alarms()).toEqual(['SENSOR_OFF', 'LOW_PERFUSION', 'ALARM']);
  talk.hear(line({ second: 3 }));
  expect(talk.alarms()).toEqual([]);
});
