import { describe, expect, test } from 'vitest';
import { driQueries } from '../../drivers/ge-dri/codec.ts';
import { type AlarmFace, alarmFrame, QUIET } from '../../simulators/ge-dri/alarms.ts';
import { frame } from '../../simulators/ge-dri/wire.ts';
import type { DeviceAlert, DeviceEvent } from '../../src/observation/device-event.ts';
import { alertCodes, BASIC, plain, recordWith, Talk, toHex, verdictOf } from './ge-dri-kit.ts';

/** Nothing is wrong: CO2 is there and its apnea alarm is on. */
const CALM = { [BASIC + 132]: 0x0003 };
const RECORD = recordWith(CALM);
const STATUS = toHex(driQueries.get('alarm-status'));
const CHANGES = toHex(driQueries.get('alarm-changes'));

const face = (said: Partial<Omit<AlarmFace, 'lines'>> & { lines?: object } = {}): Uint8Array =>
  alarmFrame({ ...QUIET, ...said, lines: new Map(Object.entries(said.lines ?? {})) }, 1, 100).slice(
    1,
    -1,
  );
const alertsIn = (events: readonly DeviceEvent[]): readonly DeviceAlert[] => {
  const found = events.findLast((event) => event.kind === 'alerts');
  return found?.kind === 'alerts' ? found.alerts : [];
};
const live = (words: Readonly<Record<number, number>> = CALM): Talk => {
  const talk = new Talk({ alarms: true }).open();
  talk.hear(recordWith(words), 0);
  return talk;
};

describe('an alarm record', () => {
  test.each([
    { color: 'red', priority: 'high' },
    { color: 'yellow', priority: 'medium' },
    { color: 'white', priority: 'medium' },
  ] as const)('$color: $priority, its text as the monitor shows it', ({ color, priority }) => {
    const alerts = alertsIn(live().hear(face({ lines: { 'SpO2 niedrig': color } }), 500));
    expect(alerts).toEqual([
      { code: `${color}: SpO2 niedrig`, text: 'SpO2 niedrig', ruleId: 'PMP-10', priority },
    ]);
  });

  test('a colour that nobody knows is high, none is no alarm', () => {
    const bytes = Buffer.from(plain(face({ lines: { A: 'red', B: 'yellow' } }))).subarray(0, -1);
    bytes.writeInt16LE(9, 40 + 10 + 82);
    bytes.writeInt16LE(0, 40 + 10 + 98 + 82);
    const alerts = alertsIn(live().hear(frame(bytes).slice(1, -1), 500));
    expect(alerts).toEqual([{ code: '9: A', text: 'A', ruleId: 'PMP-10', priority: 'high' }]);
  });

  test('a coloured line without a text is an alarm all the same', () => {
    const bytes = Buffer.from(plain(face())).subarray(0, -1);
    bytes.writeInt16LE(3, 40 + 10 + 4 * 98 + 82);
    const alerts = alertsIn(live().hear(frame(bytes).slice(1, -1), 500));
    expect(alerts).toMatchObject([{ text: 'alarm without a text', priority: 'high' }]);
  });

  test('letters of western Europe, UTF-8, and no control characters', () => {
    const textOf = (text: Buffer): string | undefined => {
      const bytes = Buffer.from(plain(face({ lines: { A: 'red' } }))).subarray(0, -1);
      text.copy(bytes, 50);
      return alertsIn(live().hear(frame(bytes).slice(1, -1), 500))[0]?.text;
    };
    expect(textOf(Buffer.from('Fühler', 'latin1'))).toBe('Fühler');
    expect(textOf(Buffer.from('Датчик', 'utf8'))).toBe('Датчик');
    expect(textOf(Buffer.from('a\u001b[31mb\u0007', 'latin1'))).toBe('a [31mb');
    expect(textOf(Buffer.from('x'.repeat(80)))).toBe('x'.repeat(80));
  });

  test('stands until the next one, whatever values come in between', () => {
    const talk = live();
    talk.hear(face({ lines: { Apnoe: 'red' } }), 500);
    expect(alertCodes(talk.hear(RECORD, 1_000))).toEqual(['red: Apnoe']);
    expect(alertCodes(talk.hear(face(), 1_500))).toEqual([]);
    expect(alertCodes(talk.hear(RECORD, 2_000))).toEqual([]);
  });

  test('before any values it is not taken, and with them it is said', () => {
    const talk = new Talk({ alarms: true }).open();
    const events = talk.hear(face({ lines: { Apnoe: 'red' } }), 500);
    expect(verdictOf(events)).toBe('unexpected');
    expect(alertCodes(events)).toBeUndefined();
    expect(alertCodes(talk.hear(RECORD, 1_000))).toEqual(['red: Apnoe']);
  });

  test('reopened: what the last monitor signalled is forgotten', () => {
    const talk = live();
    talk.hear(face({ lines: { Apnoe: 'red' } }), 500);
    talk.close(600).open(700);
    expect(alertCodes(talk.hear(RECORD, 1_000))).toEqual([]);
  });

  test('cut short: malformed, and nothing is taken back', () => {
    const talk = live();
    talk.hear(face({ lines: { Apnoe: 'red' } }), 500);
    const bytes = Buffer.from(plain(face())).subarray(0, 400);
    bytes.writeInt16LE(400, 0);
    expect(verdictOf(talk.hear(frame(bytes).slice(1, -1), 600))).toBe('malformed');
    expect(alertCodes(talk.hear(RECORD, 1_000))).toEqual(['red: Apnoe']);
  });
});

describe('bits and record together', () => {
  const ASYSTOLE = { ...CALM, [BASIC]: 0x004f };

  test('the same words are one alarm, by the rule of the bit', () => {
    const alerts = alertsIn(live(ASYSTOLE).hear(face({ lines: { ASYSTOLE: 'red' } }), 500));
    expect(alerts).toMatchObject([{ code: 'ASYSTOLE', ruleId: 'VIT-13', priority: 'high' }]);
  });

  test('a lower colour lowers nothing, a higher one raises', () => {
    const low = alertsIn(live(ASYSTOLE).hear(face({ lines: { Asystole: 'white' } }), 500));
    expect(low).toMatchObject([{ code: 'ASYSTOLE', priority: 'high' }]);
    const off = { ...CALM, [BASIC]: 0x084b };
    const high = alertsIn(live(off).hear(face({ lines: { 'ECG leads off': 'red' } }), 500));
    expect(high).toMatchObject([{ code: 'ECG_LEADS_OFF', ruleId: 'MON-03', priority: 'high' }]);
  });

  test('other words are another alarm: none is hidden behind a bit', () => {
    const lines = { 'Asystolie!': 'red', 'VT > 150': 'yellow' };
    const codes = alertCodes(live(ASYSTOLE).hear(face({ lines }), 500));
    expect(codes).toEqual(['ASYSTOLE', 'red: Asystolie!', 'yellow: VT > 150']);
  });

  test('an empty record takes no bit back', () => {
    expect(alertCodes(live(ASYSTOLE).hear(face(), 500))).toEqual(['ASYSTOLE']);
  });
});

describe('alarms that are off there', () => {
  test.each([
    { silence: 0, codes: [] },
    { silence: 1, codes: ['APNEA_ALARM_OFF'] },
    { silence: 2, codes: ['ASYSTOLE_ALARM_OFF'] },
    { silence: 3, codes: ['APNEA_ALARM_OFF', 'ASYSTOLE_ALARM_OFF'] },
    { silence: 4, codes: ['ALARMS_SILENCED'] },
    { silence: 5, codes: ['ALARMS_PAUSED'] },
    { silence: 6, codes: ['ALARMS_PAUSED'] },
    { silence: 7, codes: ['ALARMS_PAUSED'] },
    { silence: 8, codes: ['ALARMS_SILENCED'] },
    { silence: -1, codes: ['ALARMS_SILENCED'] },
  ])('silence $silence: $codes', ({ silence, codes }) => {
    const alerts = alertsIn(live().hear(face({ silence }), 500));
    expect(alerts.map(({ code }) => code)).toEqual(codes);
    for (const { ruleId, priority } of alerts)
      expect([ruleId, priority]).toEqual(['MON-10', 'medium']);
  });

  test('the apnea alarm is off by bit and by record: one alarm', () => {
    const off = { [BASIC + 132]: 0x0103 };
    expect(alertCodes(live(off).hear(face({ silence: 1 }), 500))).toEqual(['APNEA_ALARM_OFF']);
  });

  test.each([
    { what: 'without an alarm', lines: {}, isMute: false },
    { what: 'with a white line', lines: { A: 'white' }, isMute: false },
    { what: 'with a yellow one', lines: { A: 'yellow' }, isMute: true },
    { what: 'with a red one', lines: { A: 'red' }, isMute: true },
  ])('no sound $what', ({ lines, isMute }) => {
    const codes = alertCodes(live().hear(face({ isSoundOn: false, lines }), 500)) ?? [];
    expect(codes.includes('SOUND_OFF')).toBe(isMute);
  });
});

describe('asking for alarms', () => {
  const asked = (talk: Talk, wanted: string) =>
    talk.sent.filter(({ hex }) => hex === wanted).map(({ atMs }) => atMs);
  const minutes = (talk: Talk, fromS: number, toS: number, record = RECORD) => {
    for (let s = fromS; s < toS; s += 1) talk.wait(s * 1_000).hear(record, s * 1_000);
    return talk.wait(toS * 1_000 - 1);
  };

  test('behind the first values, state and changes, and again each minute', () => {
    const talk = minutes(new Talk({ alarms: true }).open(), 2, 200);
    expect(asked(talk, STATUS)).toEqual([2_000, 62_000, 122_000, 182_000]);
    expect(asked(talk, CHANGES)).toEqual(asked(talk, STATUS));
    const order = talk.sent
      .map(({ hex }) => hex)
      .filter((hex) => hex === STATUS || hex === CHANGES);
    expect(order.slice(0, 2)).toEqual([STATUS, CHANGES]);
  });

  test('a damaged frame may have told of an alarm: 10 s after the last question', () => {
    const talk = minutes(new Talk({ alarms: true }).open(), 2, 5);
    talk.hear(RECORD.slice(0, 200), 5_100);
    minutes(talk, 6, 15);
    expect(asked(talk, STATUS)).toEqual([2_000, 12_000]);
    talk.hear(face(), 15_100);
    minutes(talk, 16, 60);
    expect(asked(talk, STATUS)).toEqual([2_000, 12_000]);
  });

  test('values stayed away: the monitor may have begun anew', () => {
    const talk = minutes(new Talk({ alarms: true }).open(), 2, 5);
    talk.wait(30_000);
    expect(asked(talk, STATUS)).toEqual([2_000]);
    talk.hear(RECORD, 30_500);
    minutes(talk, 31, 40);
    expect(asked(talk, STATUS)).toEqual([2_000, 30_500]);
  });

  test('not an older monitor, and not with the option off', () => {
    const old = Buffer.from(plain(RECORD)).subarray(0, -1);
    old.writeUInt8(9, 3);
    const older = minutes(new Talk({ alarms: true }).open(), 2, 70, frame(old).slice(1, -1));
    expect(asked(older, STATUS)).toEqual([]);
    expect(asked(minutes(new Talk({ alarms: false }).open(), 2, 70), STATUS)).toEqual([]);
  });
});

describe('the cuff', () => {
  const cuff = (words: Readonly<Record<number, number>>) =>
    live(words).events.find(({ kind }) => kind === 'cuff');

  test.each([
    { label: 0x00b, state: 'idle' },
    { label: 0x10b, state: 'idle' },
    { label: 0x02b, state: 'measuring' },
    { label: 0x003, state: 'idle' },
  ])('label $label: $state, its cycle untold', ({ label, state }) => {
    expect(cuff({ [BASIC + 76]: label })).toEqual({ kind: 'cuff', state, atMs: 0 });
  });

  test('no cuff module: unknown', () => {
    expect(cuff({ [BASIC + 72]: 0 })).toMatchObject({ state: 'unknown' });
  });
});
