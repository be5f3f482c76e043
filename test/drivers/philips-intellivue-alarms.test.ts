import { describe, expect, test } from 'vitest';
import { attribute, u16, u32 } from '../../simulators/philips-intellivue/messages.ts';
import { alarmThing, PATIENT, TECHNICAL } from '../../simulators/philips-intellivue/things.ts';
import { alarmRound, alertsIn, Talk } from './philips-intellivue-kit.ts';

const listOf = (id: number, entries: readonly Uint8Array[], count = entries.length): Buffer => {
  const all = Buffer.concat(entries);
  return attribute(id, Buffer.concat([u16(count, all.length), all]));
};
const entry = (
  [source, code, type, state = 0]: readonly [number, number, number, number?],
  form = 0x0201,
  info = Buffer.concat([u16(1), u32(code), u16(0, 0)]),
): Buffer => Buffer.concat([u16(source, code, type, state, 0x21, 0, 0, form, info.length), info]);
const monitor = (...attributes: readonly Uint8Array[]) => ({ handle: 0x36, attributes });

describe('alarms', () => {
  const alertsFrom = (...attributes: readonly Uint8Array[]) =>
    alertsIn(new Talk().associate().hear(alarmRound([monitor(...attributes)]), 1_000));

  test.each([
    [3_072, 'VIT-10'],
    [3_076, 'VIT-13'],
    [61_444, 'VIT-13'],
    [3_224, 'VIT-13'],
    [3_086, 'VIT-13'],
    [3_122, 'VIT-13'],
  ])('code %s goes to %s, high, whatever the monitor makes of it', (code, ruleId) => {
    for (const type of [0x0400, 0x0200, 0x0100, 0]) {
      expect(alertsFrom(listOf(0x0902, [entry([0x4182, code, type])]))).toMatchObject([
        { code: String(code), ruleId, priority: 'high' },
      ]);
    }
  });

  test.each([
    { type: 0x0400, priority: 'high' },
    { type: 0x0004, priority: 'high' },
    { type: 0x0200, priority: 'medium' },
    { type: 0x0002, priority: 'medium' },
    { type: 0x0100, priority: 'medium' },
    { type: 0x0001, priority: 'medium' },
    { type: 0x0000, priority: 'medium' },
    { type: 0x1000, priority: 'high' },
  ])('a code without a rule, type $type: PMP-10, $priority', ({ type, priority }) => {
    expect(alertsFrom(listOf(0x0904, [entry([7, 9_999, type])]))).toEqual([
      { code: '9999/7', text: '9999/7', ruleId: 'PMP-10', priority },
    ]);
  });

  test('a priority above ours is kept', () => {
    expect(alertsFrom(listOf(0x0902, [entry([1, 3_108, 0x0400])]))).toMatchObject([
      { code: '3108', priority: 'high' },
    ]);
  });

  test('no state hides an alarm: inhibited, suspended, latched, silenced', () => {
    const entries = [0x8000, 0x4000, 0x2000, 0x1000, 0x0008].map((state, index) =>
      entry([index, 50, TECHNICAL.low, state]),
    );
    expect(alertsFrom(listOf(0x0904, entries))).toHaveLength(5);
  });

  test('forms of words that we do not know are skipped by their length', () => {
    const list = listOf(0x0902, [
      entry([1, 50, 0x0200], 0x7777, Buffer.from('0102030405', 'hex')),
      entry([2, 51, 0x0200], 0x0204, Buffer.from('00', 'hex')),
      entry([3, 52, 0x0200], 0x0201, Buffer.alloc(0)),
    ]);
    expect(alertsFrom(list)?.map(({ code }) => code)).toEqual(['50/1', '51/2', '52/3']);
  });

  test.each([
    { what: 'a count above what is there', list: listOf(0x0902, [entry([1, 50, 0x0200])], 2) },
    { what: 'no list at all', list: attribute(0x0902, Buffer.alloc(1)) },
  ])('$what: what can be read, and that there may be more', ({ list }) => {
    const alerts = alertsFrom(list);
    expect(alerts?.at(-1)).toMatchObject({ code: 'LIST_NOT_READ', priority: 'medium' });
  });

  test('an alarm ends with the next list that does not have it, and with nothing less', () => {
    const talk = new Talk().associate();
    const asystole = listOf(0x0902, [entry([0x4182, 3_076, 0x0400])]);
    const codes = (things: Parameters<typeof alarmRound>[0], atMs: number) =>
      alertsIn(talk.hear(alarmRound(things), atMs))?.map(({ code }) => code);
    expect(codes([monitor(asystole)], 1_000)).toEqual(['3076']);
    // A list that is not told, an empty end.
    expect(codes([monitor(attribute(0x0916, u16(0, 1, 0x0400, 0, 0)))], 2_000)).toEqual(['3076']);
    expect(codes([monitor(listOf(0x0904, []))], 3_000)).toEqual(['3076']);
    expect(codes([], 4_000)).toEqual(['3076']);
    expect(codes([monitor(listOf(0x0902, []))], 5_000)).toEqual([]);
  });

  test('a list that is left out is empty when the summary says so', () => {
    const talk = new Talk().associate();
    const asystole = listOf(0x0902, [entry([0x4182, 3_076, 0x0400])]);
    talk.hear(alarmRound([monitor(asystole)]), 1_000);
    const summary = monitor(attribute(0x0916, u16(0, 2, 0, 0, 0)));
    expect(alertsIn(talk.hear(alarmRound([summary]), 2_000))).toEqual([]);
  });

  test('lists of two objects are one; an object that is gone takes its alarms along', () => {
    const talk = new Talk().associate();
    const other = { handle: 0x37, attributes: [listOf(0x0904, [entry([9, 77, 1])])] };
    const first = monitor(listOf(0x0902, [entry([0x4182, 3_076, 0x0400])]));
    const codes = (things: Parameters<typeof alarmRound>[0], atMs: number) =>
      alertsIn(talk.hear(alarmRound(things), atMs))?.map(({ code }) => code);
    expect(codes([first, other], 1_000)).toEqual(['3076', '77/9']);
    expect(codes([first], 2_000)).toEqual(['3076']);
  });

  test("the monitor's own words are shown, without what fills them up", () => {
    const alarm = { source: 1, code: 3_076, type: PATIENT.high, words: ' ***ASYSTOLE ' };
    const talk = new Talk().associate();
    const events = talk.hear(alarmRound([alarmThing([alarm], 0)]), 1_000);
    expect(alertsIn(events)?.[0]?.text).toBe('***ASYSTOLE');
  });
});
