import { describe, expect, test } from 'vitest';
import { driQueries } from '../../drivers/ge-dri/codec.ts';
import { frame } from '../../simulators/ge-dri/wire.ts';
import {
  B450_SHORT,
  BASIC,
  framesOf,
  plain,
  recordWith,
  Talk,
  toHex,
  verdictOf,
} from './ge-dri-kit.ts';

const FAST = toHex(driQueries.get('numerics-1s'));
const SLOW = toHex(driQueries.get('numerics-5s'));
const RECORD = recordWith({});
const WAVE = framesOf(B450_SHORT).find((one) => plain(one)[14] === 1) ?? new Uint8Array(0);
const sent = (talk: Talk) => talk.sent.map(({ atMs, hex }) => [atMs, hex === FAST ? '1s' : '5s']);

describe('asking', () => {
  test('asks for every second as soon as the port is open', () => {
    const talk = new Talk().open(7);
    expect(talk.sent).toEqual([{ atMs: 7, hex: FAST }]);
    expect(talk.wakeAtMs).toBe(3_007);
  });

  test('nothing comes: 1 s and 5 s in turn, each given three intervals, for ever', () => {
    const talk = new Talk().open().wait(40_000);
    expect(sent(talk)).toEqual([
      [0, '1s'],
      [3_000, '5s'],
      [18_000, '1s'],
      [21_000, '5s'],
      [36_000, '1s'],
      [39_000, '5s'],
    ]);
    expect(talk.events.filter(({ kind }) => kind === 'reply-missed')).toHaveLength(5);
    expect(new Talk().open().wait(86_400_000).sent.at(-1)?.atMs).toBeGreaterThan(86_380_000);
  });

  test('with the option of 5 s it never asks for less', () => {
    const talk = new Talk({ interval: 5 }).open().wait(100_000);
    expect(new Set(talk.sent.map(({ hex }) => hex))).toEqual(new Set([SLOW]));
    expect(talk.sent.map(({ atMs }) => atMs)).toEqual([
      0, 15_000, 30_000, 45_000, 60_000, 75_000, 90_000,
    ]);
  });

  test('while values come nothing is asked', () => {
    const talk = new Talk().open();
    for (let atMs = 1_000; atMs <= 60_000; atMs += 1_000) talk.wait(atMs).hear(RECORD, atMs);
    expect(talk.sent).toHaveLength(1);
    expect(talk.wakeAtMs).toBe(63_000);
  });

  test('values stop: after three intervals it begins again with the preferred question', () => {
    const talk = new Talk().open();
    talk.hear(RECORD, 1_000);
    talk.wait(8_000);
    expect(sent(talk)).toEqual([
      [0, '1s'],
      [4_000, '1s'],
      [7_000, '5s'],
    ]);
  });

  test('a monitor that only knows 5 s is left at 5 s while it answers', () => {
    const talk = new Talk().open().wait(3_000);
    for (let atMs = 8_000; atMs <= 68_000; atMs += 5_000) talk.wait(atMs).hear(RECORD, atMs);
    expect(sent(talk)).toEqual([
      [0, '1s'],
      [3_000, '5s'],
    ]);
  });

  test('rejected frames and waves are no answer', () => {
    const talk = new Talk().open();
    talk.hear(RECORD.slice(0, 100), 1_000);
    talk.hear(WAVE, 2_000);
    talk.wait(3_000);
    expect(sent(talk).at(-1)).toEqual([3_000, '5s']);
  });

  test('a frame that comes after the deadline gets a wake-up now, not in the past', () => {
    const talk = new Talk().open();
    talk.hear(RECORD.slice(0, 100), 9_000);
    expect(talk.wakeAtMs).toBe(9_000);
  });
});

describe('the port opens and closes', () => {
  test('closed: no wake-up, no question; a late frame is unexpected', () => {
    const talk = new Talk().open().close(500);
    expect(talk.wakeAtMs).toBeUndefined();
    expect(talk.wake(4_000)).toEqual([]);
    expect(verdictOf(talk.hear(RECORD, 5_000))).toBe('unexpected');
    expect(talk.sent).toHaveLength(1);
  });

  test('reopened: asks again and says again who it is, because it may be another monitor', () => {
    const talk = new Talk().open();
    talk.hear(RECORD, 1_000);
    talk.close(2_000).open(3_000);
    expect(sent(talk)).toEqual([
      [0, '1s'],
      [3_000, '1s'],
    ]);
    expect(talk.hear(RECORD, 4_000)[0]).toMatchObject({ kind: 'identity' });
  });

  test('opened again without having been closed: nothing of before is kept', () => {
    const talk = new Talk().open();
    const measuring = recordWith({ [BASIC + 76]: 0x02b });
    talk.hear(measuring, 1_000);
    talk.open(2_000);
    const other = talk.hear(recordWith({ [BASIC + 78]: 12_000 }), 3_000);
    for (const event of other.filter((one) => 'episode' in one)) {
      expect(event).toMatchObject({ episode: { confirmed: false } });
    }
  });

  test('reopened while the same cuff reading stands: it does not become a new one', () => {
    const talk = new Talk().open();
    talk.hear(RECORD, 1_000);
    talk.close(2_000).open(30_000);
    const again = talk.hear(RECORD, 31_000).filter((event) => 'episode' in event);
    expect(again).toHaveLength(3);
    for (const event of again) expect(event).toMatchObject({ episode: { confirmed: false } });
    talk.close(90_000).open(91_000);
    const aged = talk.hear(recordWith({ [BASIC + 76]: 0x10b }), 92_000);
    for (const event of aged.filter((one) => 'episode' in one)) {
      expect(event).toMatchObject({ episode: { measuredAtMs: null, confirmed: false } });
    }
  });
});

describe('one verdict for each frame', () => {
  const flipped = Uint8Array.from(RECORD);
  flipped[100] = (flipped[100] ?? 0) ^ 4;
  const outside = Buffer.from(plain(RECORD)).subarray(0, -1);
  outside.writeInt16LE(30_000, 16);
  test.each([
    { what: 'a numeric record', one: RECORD, verdict: 'accepted' },
    { what: 'a flipped bit', one: flipped, verdict: 'checksum' },
    { what: 'a cut record', one: RECORD.slice(0, 300), verdict: 'malformed' },
    {
      what: 'a part outside of the record',
      one: frame(outside).slice(1, -1),
      verdict: 'malformed',
    },
    { what: 'a wave before any values', one: WAVE, verdict: 'unexpected' },
    { what: 'nothing', one: new Uint8Array(0), verdict: 'malformed' },
  ])('$what: $verdict', ({ one, verdict }) => {
    const talk = new Talk().open();
    const events = talk.hear(one, 1_000);
    expect(verdictOf(events)).toBe(verdict);
    if (verdict !== 'accepted') {
      expect(events.filter(({ kind }) => kind === 'metric' || kind === 'alerts')).toEqual([]);
    }
  });

  test('waves count while values come, and no longer when only waves are left', () => {
    const talk = new Talk().open();
    talk.hear(RECORD, 1_000);
    expect(verdictOf(talk.hear(WAVE, 4_000))).toBe('accepted');
    expect(verdictOf(talk.hear(WAVE, 4_001))).toBe('unexpected');
  });

  test.each([2, 3])('trend values (type %s) are never taken for present ones', (type) => {
    const trend = Buffer.from(plain(RECORD)).subarray(0, -1);
    for (const index of [0, 1, 2, 3]) trend.writeUInt8(type, 18 + 3 * index);
    const events = new Talk().open().hear(frame(trend).slice(1, -1), 1_000);
    expect(events.filter(({ kind }) => kind === 'metric')).toEqual([]);
  });
});

describe('who it is', () => {
  test('the level is told once', () => {
    const talk = new Talk().open();
    expect(talk.hear(RECORD, 1_000)[0]).toEqual({
      kind: 'identity',
      firmware: 'DRI level 10',
      atMs: 1_000,
    });
    expect(talk.hear(RECORD, 2_000)[0]).toEqual({ kind: 'frame-accepted', atMs: 2_000 });
  });

  test('a simulator is known before its first value, in any record', () => {
    const mark = { 10: 0x4953, 12: 0x314d };
    const talk = new Talk().open();
    expect(talk.hear(recordWith(mark), 1_000)[0]).toMatchObject({ kind: 'identity', mode: 'demo' });
    const other = new Talk().open();
    other.hear(RECORD, 1_000);
    expect(other.hear(recordWith(mark), 2_000)[0]).toMatchObject({ mode: 'demo' });
    const wave = Buffer.from(plain(WAVE)).subarray(0, -1);
    wave.write('SIM1', 10, 'latin1');
    const events = new Talk().open().hear(frame(wave).slice(1, -1), 1_000);
    expect(events[0]).toMatchObject({ kind: 'identity', mode: 'demo' });
  });

  test('a real record is not called simulated', () => {
    expect(new Talk().open().hear(RECORD, 1_000)[0]).not.toHaveProperty('mode');
  });
});
