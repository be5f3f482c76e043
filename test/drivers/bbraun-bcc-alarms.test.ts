import { describe, expect, test } from 'vitest';
import { alertsOf, nextAlarmMemory } from '../../drivers/bbraun-bcc/alarms.ts';
import { observe } from '../../drivers/bbraun-bcc/observe.ts';
import type { DeviceAlert } from '../../src/observation/device-event.ts';

type Params = Readonly<Record<string, string>>;

const values = (params: Params) => new Map(Object.entries(params));
const alerts = (params: Params): readonly DeviceAlert[] =>
  alertsOf(nextAlarmMemory({}, values(params)), values(params));
const codes = (params: Params): readonly string[] => alerts(params).map(({ code }) => code);
const word = (...bits: readonly number[]): string =>
  `0x${bits
    .reduce((sum, bit) => sum + 2 ** bit, 0)
    .toString(16)
    .padStart(8, '0')}h`;

const NONE = '0x00000000h';
const WORDS: Params = { ALARM1: NONE, ALARM2: NONE, PREALARM: NONE };
const FLAGS: Params = Object.fromEntries(
  Array.from({ length: 16 }, (_, index) => [`INA${index + 1}`, '0']),
);

describe('nothing wrong, everything provided: the list is empty', () => {
  test.each([
    ['words', WORDS],
    ['flags', FLAGS],
    [
      'a syringe pump has no door, drops and air',
      { ...FLAGS, INA13: '_NV', INA14: '_NV', INA15: '_NV' },
    ],
    ['bit 0 is no alarm', { ALARM1: word(0), ALARM2: word(0), PREALARM: word(0) }],
  ])('%s', (_, params) => {
    expect(alerts(params)).toEqual([]);
  });
});

describe('flags', () => {
  test.each([
    ['INA1', 'PMP-07', 'high', 'Battery empty'],
    ['INA2', 'PMP-06', 'high', 'Syringe empty'],
    ['INA3', 'PMP-01', 'high', 'Pressure high (occlusion)'],
    ['INA5', 'PMP-06', 'high', 'Standby time over'],
    ['INA6', 'PMP-10', 'high', 'CC function alarm'],
    ['INA7', 'PMP-06', 'high', 'Volume infused'],
    ['INA8', 'PMP-06', 'high', 'Time over'],
    ['INA9', 'PMP-03', 'high', 'Syringe alarm'],
    ['INA11', 'PMP-07', 'medium', 'Battery nearly empty'],
    ['INA12', 'PMP-05', 'low', 'Syringe nearly empty'],
    ['INA13', 'PMP-03', 'high', 'Door open'],
    ['INA14', 'PMP-04', 'high', 'Drop alarm'],
    ['INA15', 'PMP-02', 'high', 'Air in line'],
    ['INA16', 'PMP-06', 'high', 'KVO finished'],
    // Unused and "always 0": shown as they are.
    ['INA4', 'PMP-10', 'high', 'INA4'],
    ['INA10', 'PMP-10', 'high', 'INA10'],
  ])('%s', (code, ruleId, priority, text) => {
    expect(alerts({ ...FLAGS, [code]: '1' })).toEqual([{ code, ruleId, priority, text }]);
  });
});

describe('words', () => {
  const rows: readonly (readonly [string, number, string, string])[] = [
    ...[1, 3, 4, 15, 16, 22, 23, 24, 25, 26, 27, 31].map(
      (bit) => ['ALARM1', bit, 'PMP-04', 'high'] as const,
    ),
    ...[2, 5, 6, 7, 8].map((bit) => ['ALARM1', bit, 'PMP-07', 'high'] as const),
    ...[9, 12, 13, 14, 19].map((bit) => ['ALARM1', bit, 'PMP-06', 'high'] as const),
    ...[10, 11, 20].map((bit) => ['ALARM1', bit, 'PMP-01', 'high'] as const),
    ...[17, 18].map((bit) => ['ALARM1', bit, 'PMP-03', 'high'] as const),
    ...[28, 29, 30].map((bit) => ['ALARM1', bit, 'PMP-02', 'high'] as const),
    ['ALARM1', 21, 'PMP-10', 'high'],
    ...[1, 2, 3, 8, 15, 28].map((bit) => ['ALARM2', bit, 'PMP-10', 'high'] as const),
    ['ALARM2', 4, 'PMP-06', 'high'],
    ...[5, 6, 7, 29].map((bit) => ['ALARM2', bit, 'PMP-04', 'high'] as const),
    ...[30, 31].map((bit) => ['ALARM2', bit, 'PMP-03', 'high'] as const),
    ['PREALARM', 1, 'PMP-03', 'medium'],
    ...[2, 3, 13].map((bit) => ['PREALARM', bit, 'PMP-05', 'low'] as const),
    ...[4, 15].map((bit) => ['PREALARM', bit, 'PMP-07', 'medium'] as const),
    ...[5, 8].map((bit) => ['PREALARM', bit, 'PMP-06', 'medium'] as const),
    ...[6, 7, 9, 11, 12, 16, 31].map((bit) => ['PREALARM', bit, 'PMP-10', 'medium'] as const),
    ['PREALARM', 10, 'PMP-01', 'high'],
    ['PREALARM', 14, 'PMP-04', 'medium'],
  ];
  test.each(rows)('%s bit %i', (name, bit, ruleId, priority) => {
    expect(alerts({ ...WORDS, [name]: word(bit) })).toMatchObject([
      { code: `${name}-${bit}`, ruleId, priority },
    ]);
  });

  test.each([
    ['pressure', 10, 'INA3'],
    ['syringe empty', 9, 'INA2'],
    ['air', 28, 'INA15'],
    ['drops', 22, 'INA14'],
    ['KVO end', 19, 'INA16'],
  ])('%s has the same words in both codings', (_, bit, flag) => {
    const [byWord] = alerts({ ...WORDS, ALARM1: word(bit) });
    const [byFlag] = alerts({ ...FLAGS, [flag]: '1' });
    expect(byWord).toEqual({ ...byFlag, code: `ALARM1-${bit}` });
  });

  test('several at once, each once; "any air" and "any drops" only without their kind', () => {
    expect(codes({ ...WORDS, ALARM1: word(10, 17, 22, 24, 28, 29), ALARM2: word(31) })).toEqual([
      'ALARM1-10',
      'ALARM1-17',
      'ALARM1-24',
      'ALARM1-29',
      'ALARM2-31',
    ]);
  });

  test('the same alarm in both codings is one alert', () => {
    const memory = { ALARM1: 2 ** 10, INA3: 1 };
    expect(alertsOf(memory, values(WORDS)).map(({ code }) => code)).toEqual(['ALARM1-10']);
  });

  test.each([
    ['0x00000400h', ['ALARM1-10']],
    ['0X00000400H', ['ALARM1-10']],
    ['0x400', ['ALARM1-10']],
    ['400h', ['ALARM1-10']],
    ['00000400', ['ALARM1-10']],
    ['0x8000000Ah', ['ALARM1-1', 'ALARM1-3', 'ALARM1-31']],
    ['0', []],
    ['2', ['ALARM1-1']],
  ])('%s is read', (text, expected) => {
    expect(codes({ ...WORDS, ALARM1: text })).toEqual(expected);
  });

  test.each(['1024', '400', '0x', 'h', '0x123456789h', '-1', '0x00000400 ', 'xyz', '', '1.0'])(
    '%j cannot be read for certain: no alarm is made of it, and that is an alarm',
    (text) => {
      expect(alerts({ ...WORDS, ALARM1: text })).toMatchObject([
        { code: 'ALARMS-NOT-READABLE', ruleId: 'PMP-10', priority: 'medium' },
      ]);
    },
  );
});

describe('what is not told is never "no alarm"', () => {
  test.each([
    ['nothing at all', {}],
    ['states only, as flags', { INM3: '1', INM8: '1' }],
    ['states only, as words', { STATUS1: word(0, 7), RUNSTATE: word(1) }],
  ])('%s', (_, params) => {
    expect(alerts(params)).toEqual([
      {
        code: 'ALARMS-NOT-PROVIDED',
        text: 'Alarms are not provided by this ComDevice',
        ruleId: 'PMP-10',
        priority: 'medium',
      },
    ]);
  });

  test.each(['ALARM1', 'ALARM2', 'PREALARM'])('words without %s', (name) => {
    const { [name]: _, ...rest } = WORDS;
    const [alert] = alerts(rest);
    expect(alert).toMatchObject({ code: 'ALARMS-NOT-PROVIDED' });
    expect(alert?.text).toContain(name);
  });

  test.each([
    'INA1',
    'INA2',
    'INA3',
    'INA7',
    'INA8',
    'INA9',
    'INA11',
    'INA12',
    'INA13',
    'INA14',
    'INA15',
    'INA16',
  ])('flags without %s', (name) => {
    const { [name]: _, ...rest } = FLAGS;
    expect(alerts(rest)).toMatchObject([
      { code: 'ALARMS-NOT-PROVIDED', text: `Not provided by ComDevice: ${name}` },
    ]);
  });

  test.each([
    ['INA3', '_NV'],
    ['INA3', '_NA'],
    ['INA3', '2'],
    ['INA3', ''],
    ['INA15', '_NA'],
  ])('%s=%s', (name, text) => {
    expect(codes({ ...FLAGS, [name]: text })).toEqual(['ALARMS-NOT-READABLE']);
  });

  test.each([
    ['ALARM1', '_NV'],
    ['ALARM2', '_NA'],
    ['STATUS1', '131'],
    ['RUNSTATE', '10'],
  ])('%s=%s', (name, text) => {
    expect(codes({ ...WORDS, [name]: text })).toEqual(['ALARMS-NOT-READABLE']);
  });

  test('RUNSTATE with an alarm that nothing names', () => {
    expect(alerts({ ...WORDS, RUNSTATE: word(0, 2) })).toMatchObject([
      { code: 'RUNSTATE-2', priority: 'high' },
    ]);
    expect(codes({ ...WORDS, PREALARM: word(2), RUNSTATE: word(0, 2) })).toContain('RUNSTATE-2');
    expect(codes({ ...WORDS, ALARM1: word(10), RUNSTATE: word(0, 2) })).toEqual(['ALARM1-10']);
    expect(codes({ ...WORDS, RUNSTATE: word(1, 5) })).toEqual(['RUNSTATE-5']);
    expect(codes({ ...WORDS, PREALARM: word(2), RUNSTATE: word(1, 5) })).toEqual(['PREALARM-2']);
  });
});

describe('a block takes back only what it carries', () => {
  const codesAfter = (...blocks: readonly Params[]): readonly string[] => {
    let memory = {};
    for (const params of blocks) memory = nextAlarmMemory(memory, values(params));
    return alertsOf(memory, values(blocks.at(-1) ?? {})).map(({ code }) => code);
  };
  const raised = { ...FLAGS, INA3: '1' };
  const { INA3: _, ...without } = FLAGS;

  test.each([
    ['missing', without, ['INA3', 'ALARMS-NOT-PROVIDED']],
    ['not now', { ...FLAGS, INA3: '_NA' }, ['INA3', 'ALARMS-NOT-READABLE']],
    ['without a value', { ...FLAGS, INA3: '_NV' }, ['INA3', 'ALARMS-NOT-READABLE']],
    ['not understood', { ...FLAGS, INA3: 'x' }, ['INA3', 'ALARMS-NOT-READABLE']],
    ['said to be over', FLAGS, []],
    ['the site changed to words', WORDS, []],
  ])('%s', (_, second, expected) => {
    expect(codesAfter(raised, second)).toEqual(expected);
  });

  test('and the other way round', () => {
    const words = { ...WORDS, ALARM1: word(10) };
    const { ALARM1: __, ...other } = WORDS;
    expect(codesAfter(words, other)).toEqual(['ALARM1-10', 'ALARMS-NOT-PROVIDED']);
    expect(codesAfter(words, FLAGS)).toEqual([]);
    expect(codesAfter(words, {})).toEqual(['ALARM1-10', 'ALARMS-NOT-PROVIDED']);
  });
});

test('a unit that nobody knows is an alarm, in dose mode only', () => {
  const params = { ...FLAGS, INDORT: '40', INDORTU: '99', INDCON: '5', INDCONU: '31' };
  const told = (extra: Params) => {
    const { events } = observe(values({ ...params, ...extra }), {}, [], 0);
    return events.flatMap((event) => (event.kind === 'alerts' ? event.alerts : []));
  };
  expect(told({ INDOCAL: '1' })).toMatchObject([
    { code: 'UNIT-UNKNOWN', ruleId: 'PMP-10', priority: 'medium' },
  ]);
  expect(told({ INDOCAL: '0' })).toEqual([]);
  expect(told({})).toEqual([]);
  expect(told({ INDOCAL: '1', INDORTU: '48' })).toEqual([]);
  expect(told({ INDOCAL: '1', INDORTU: '48', INDCONU: '200' })).toHaveLength(1);
  expect(told({ INDOCAL: '1', INDORTU: 'mg' })).toHaveLength(1);
});
