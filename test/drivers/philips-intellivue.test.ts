import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absoluteTimeMs,
  clockAt,
  clockFrom,
  wallMs,
} from '../../drivers/philips-intellivue/clock.ts';
import { decodeFrame, encodeFrame, fcs } from '../../drivers/philips-intellivue/codec.ts';
import { NO_CYCLE, nextCycle } from '../../drivers/philips-intellivue/cycle.ts';
import { philipsIntellivue } from '../../drivers/philips-intellivue/driver.ts';
import { floatReading } from '../../drivers/philips-intellivue/float.ts';
import { intellivueFraming } from '../../drivers/philips-intellivue/framer.ts';
import { nextNibp } from '../../drivers/philips-intellivue/nibp.ts';
import { decodeMessage } from '../../drivers/philips-intellivue/pdu.ts';
import { echoName, intellivueQueries } from '../../drivers/philips-intellivue/queries.ts';
import { REPLIES, REQUESTS } from '../../drivers/philips-intellivue/vectors.ts';
import { checkSequence, framed } from '../../simulators/philips-intellivue/wire.ts';
import { vectorBytes } from '../../src/driver/proof.ts';
import {
  droppedOf,
  framesOf,
  HR,
  hex,
  mdsCreate,
  round,
  toHex,
  WALL_MS,
} from './philips-intellivue-kit.ts';

const whole = [...REQUESTS, ...REPLIES.filter((vector) => 'decodes' in vector)];
const inner = (wire: Uint8Array): Uint8Array => wire.slice(1, -1);
const userData = (frame: Uint8Array): Uint8Array => {
  const decoded = decodeFrame(frame);
  if (!decoded.ok) throw new Error(decoded.error.kind);
  return decoded.value;
};

describe('golden vectors', () => {
  test.each(whole)('driver and simulator write: $name ($source)', (vector) => {
    const wire = vectorBytes(vector);
    expect(framesOf(wire)).toEqual([inner(wire)]);
    expect(toHex(encodeFrame(userData(inner(wire))))).toBe(toHex(wire));
    expect(toHex(framed(userData(inner(wire))))).toBe(toHex(wire));
  });

  test.each([
    { data: '3a 71', sum: 0x269b, wire: 'c0 3a 71 9b 26 c1' },
    { data: '3a 91', sum: 0xc195, wire: 'c0 3a 91 95 7d e1 c1' },
  ])('FCS of $data (OpenICE, TestFCSOutputStream)', ({ data, sum, wire }) => {
    expect(fcs(hex(data))).toBe(sum);
    expect(checkSequence(hex(data))).toBe(sum);
    expect(hex(wire).slice(3, -1)).toEqual(data === '3a 91' ? hex('95 7d e1') : hex('9b 26'));
  });

  test('check value of the FCS', () => {
    expect(fcs(Buffer.from('123456789'))).toBe(0x906e);
  });

  test('what may be sent is on the list under its own name, and a set or a get never is', () => {
    const names = REQUESTS.map((vector) => intellivueQueries.nameOf(vectorBytes(vector)));
    expect(names).toEqual([
      'associate',
      'mds-result',
      undefined,
      undefined,
      'numerics',
      'waves',
      'alarms',
      'release',
      'abort',
    ]);
  });

  test('a confirmation repeats the event and nothing else', () => {
    const echo = { invokeId: 0xc07d, context: 0xffff, handle: 1, time: 0x7dc0_c1ff };
    const bytes = intellivueQueries.of('mds-result', echoName(echo));
    expect(intellivueQueries.nameOf(bytes)).toBe('mds-result');
    const plain = userData(inner(bytes));
    expect(toHex(plain)).toBe('e100000200020014c07d0001000e0021ffff00017dc0c1ff0d060000');
    for (const [at, byte] of plain.entries()) {
      const changed = Uint8Array.from(plain);
      changed[at] = byte ^ 1;
      const isEcho = [8, 9].includes(at) || (at >= 16 && at < 24);
      expect(intellivueQueries.has(encodeFrame(changed)), `byte ${at}`).toBe(isEcho);
    }
    for (const wrong of ['', '1', 'x', '0001-0000-0000-0000000g']) {
      expect(() => intellivueQueries.of('mds-result', wrong)).toThrow();
    }
  });
});

describe('rejects', () => {
  const good = inner(vectorBytes(REPLIES[0] as (typeof REPLIES)[0]));
  const with1 = (at: number, byte: number): Uint8Array => {
    const bad = Uint8Array.from(good);
    bad[at] = byte;
    return bad;
  };
  test.each([
    { why: 'empty', frame: new Uint8Array(0), kind: 'malformed' },
    { why: 'header only', frame: good.slice(0, 4), kind: 'malformed' },
    { why: 'cut off', frame: good.slice(0, -10), kind: 'malformed' },
    { why: 'one byte too long', frame: Uint8Array.from([...good, 0]), kind: 'malformed' },
    { why: 'another protocol', frame: with1(0, 0x10), kind: 'malformed' },
    { why: 'one bit of a value', frame: with1(30, (good[30] ?? 0) ^ 1), kind: 'checksum' },
    { why: 'wrong FCS', frame: with1(good.length - 1, 0x55), kind: 'checksum' },
    {
      why: 'FCS in the wrong order',
      frame: with1(good.length - 1, good.at(-2) ?? 0),
      kind: 'checksum',
    },
    { why: 'an escape at the end', frame: Uint8Array.from([...good, 0x7d]), kind: 'malformed' },
    { why: 'an escape of another byte', frame: with1(20, 0x7d), kind: 'malformed' },
  ])('$why', ({ frame, kind }) => {
    expect(decodeFrame(frame)).toMatchObject({ ok: false, error: { kind } });
  });

  test('an ordinary byte that is escaped all the same is refused, although its FCS is right', () => {
    const [first = 0, ...rest] = good;
    const escaped = Uint8Array.from([0x7d, first ^ 0x20, ...rest]);
    expect(decodeFrame(escaped)).toEqual({
      ok: false,
      error: { kind: 'malformed', why: 'escape' },
    });
  });

  test('lengths within a message that do not agree make it malformed, whatever the FCS says', () => {
    const things = [HR, HR, HR];
    for (const [frame] of [round(things), [mdsCreate()]]) {
      const plain = userData(frame ?? new Uint8Array(0));
      expect(decodeMessage(frame ?? plain).ok).toBe(true);
      const cut = inner(encodeFrame(plain.slice(0, -1)));
      expect(decodeMessage(cut)).toEqual({
        ok: false,
        error: { kind: 'malformed', why: 'message' },
      });
    }
  });

  test('each length field of a poll reply, one more and one less', () => {
    const plain = userData(round([HR])[0] ?? new Uint8Array(0));
    const lengths = [6, 12, 22, 48, 54, 60];
    for (const at of lengths) {
      for (const by of [1, -1]) {
        const bad = Buffer.from(plain);
        bad.writeUInt16BE(bad.readUInt16BE(at) + by, at);
        const decoded = decodeMessage(inner(encodeFrame(bad)));
        expect(decoded.ok, `length at ${at} by ${by}`).toBe(false);
      }
    }
  });

  test('a list that holds more than its count says is not taken for an empty one', () => {
    const plain = Buffer.from(userData(round([HR])[0] ?? new Uint8Array(0)));
    plain.writeUInt16BE(0, 46);
    expect(decodeMessage(inner(encodeFrame(plain))).ok).toBe(false);
  });

  test('arbitrary bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeMessage(bytes);
        decodeMessage(inner(encodeFrame(bytes)));
        decodeMessage(inner(encodeFrame(Uint8Array.from([...hex('e1000002'), ...bytes]))));
      }),
    );
  });
});

describe('framing', () => {
  const good = vectorBytes(REPLIES[0] as (typeof REPLIES)[0]);

  test('a C0 begins anew: a frame that lost its end does not swallow the next', () => {
    const stream = Uint8Array.from([...good.slice(0, 30), ...good]);
    expect(framesOf(stream)).toEqual([inner(good)]);
    expect(droppedOf(stream)).toBe(29);
  });

  test('the half frame in which the port opens is dropped and counted', () => {
    const stream = Uint8Array.from([...good.slice(20), ...good]);
    expect(framesOf(stream)).toEqual([inner(good)]);
    expect(droppedOf(stream)).toBe(good.length - 21);
  });

  test('what stands between two ends is no frame', () => {
    const stream = Uint8Array.from([...good, ...good.slice(1), ...good]);
    expect(framesOf(stream)).toEqual([inner(good), inner(good)]);
    expect(droppedOf(stream)).toBe(good.length - 2);
  });

  test('7D C1 makes a frame void', () => {
    const stream = Uint8Array.from([...good.slice(0, -1), 0x7d, 0xc1, ...good]);
    expect(framesOf(stream)).toEqual([inner(good)]);
  });

  test('a frame that never ends is dropped up to the next C0', () => {
    const endless = Uint8Array.from([0xc0, ...new Uint8Array(5_121).fill(1), 0xc1, ...good]);
    expect(framesOf(endless)).toEqual([inner(good)]);
    const { state, droppedBytes } = intellivueFraming.push(
      intellivueFraming.initial,
      endless.slice(0, 5_122),
    );
    expect(state).toEqual({ pending: null });
    expect(droppedBytes).toBe(5_121);
  });

  test('any data comes through the line, whatever has to be escaped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), (data) => {
        const [frame = new Uint8Array(0)] = framesOf(framed(data));
        expect(userData(frame)).toEqual(data);
        expect(toHex(encodeFrame(data))).toBe(toHex(framed(data)));
      }),
    );
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(userData(framesOf(framed(all))[0] ?? all)).toEqual(all);
  });
});

describe('numbers', () => {
  test.each([
    { word: 0x0000_003c, value: 60 },
    { word: 0xff00_03d1, value: 97.7 },
    { word: 0xfe00_0e39, value: 36.41 },
    { word: 0xfdff_fffd, value: -0.003 },
    { word: 0x0200_0003, value: 300 },
    { word: 0x00ff_ffff, value: -1 },
    { word: 0xff7f_fffc, value: 838_860.4 },
    { word: 0xfd00_9ffb, value: 40.955 },
    { word: 0xfeff_f000, value: -40.96 },
    { word: 0x0000_0000, value: 0 },
  ])('FLOAT-Type $word is $value', ({ word, value }) => {
    expect(floatReading(word)).toEqual({ value, validity: 'valid' });
  });

  test.each([
    { mantissa: 0x7fffff, reason: 'no valid value' },
    { mantissa: 0x800000, reason: 'not at this resolution' },
    { mantissa: 0x7ffffe, reason: 'above range' },
    { mantissa: 0x800002, reason: 'below range' },
    { mantissa: 0x800001, reason: 'reserved value' },
  ])('$reason is no number with any exponent', ({ mantissa, reason }) => {
    for (const exponent of [0, 1, -1, -3, 127, -128]) {
      const word = (((exponent & 0xff) << 24) | mantissa) >>> 0;
      expect(floatReading(word)).toEqual({ value: null, validity: 'invalid', reason });
    }
  });
});

describe('the clock of the monitor', () => {
  test('BCD time', () => {
    expect(absoluteTimeMs(hex('20 21 04 22 11 47 26 00'))).toBe(Date.UTC(2021, 3, 22, 11, 47, 26));
    expect(absoluteTimeMs(hex('20 21 04 22 11 47 26 25'))).toBe(
      Date.UTC(2021, 3, 22, 11, 47, 26, 250),
    );
    for (const wrong of [
      'ff ff ff ff ff ff ff ff',
      '20 21 13 22 11 47 26 00',
      '20 21 02 30 11 47 26 00',
      '20 21 04 22 24 00 00 00',
      '20 21 04 22 11 60 26 00',
      '20 21 04 22 11 47 60 00',
      '20 2a 04 22 11 47 26 00',
      '00 00 00 00 00 00 00 00',
      '20 21 04 22 11 47 26',
    ]) {
      expect(absoluteTimeMs(hex(wrong)), wrong).toBeNull();
    }
  });

  test('ticks wrap after 6.2 days, and ten days are ten days', () => {
    const wall = hex('20 26 01 05 08 00 00 00');
    let clock = clockFrom(wall, 0xffff_f000);
    for (let second = 1; second <= 864_000; second += 1) {
      clock = clockAt(clock, (0xffff_f000 + second * 8_000) % 2 ** 32);
    }
    expect(wallMs(clock)).toBe(WALL_MS + 864_000_000);
  });

  test('a small step back is one, not six days forward', () => {
    const clock = clockAt(clockFrom(hex('20 26 01 05 08 00 00 00'), 1_000_000), 1_000_000 - 1_024);
    expect(wallMs(clock)).toBe(WALL_MS - 128);
    expect(wallMs(clockAt(clockFrom(undefined, 0), 8))).toBeNull();
  });
});

describe('cuff readings', () => {
  const STAMP = '2026010507550000';
  const first = nextNibp(null, STAMP, WALL_MS, 60_000);

  test('the age is the difference of the two wall times', () => {
    expect(first).toEqual({ stamp: STAMP, measuredAtMs: 60_000 - 300_000 });
  });

  test('the same stamp later is the same reading, to the millisecond', () => {
    expect(nextNibp(first, STAMP, WALL_MS + 1_024, 61_031)).toBe(first);
    expect(nextNibp(first, STAMP, WALL_MS + 900_100, 960_000)).toBe(first);
  });

  test('another stamp is another reading', () => {
    expect(nextNibp(first, '2026010507580000', WALL_MS + 1_000, 61_000)).toEqual({
      stamp: '2026010507580000',
      measuredAtMs: 60_000 - 120_000,
    });
  });

  test('a stamp of two seconds later is not the same reading either', () => {
    expect(nextNibp(first, '2026010507550200', WALL_MS, 60_000)?.stamp).toBe('2026010507550200');
  });

  test('the same stamp by a clock that was set is not the same age', () => {
    expect(nextNibp(first, STAMP, WALL_MS + 600_000, 61_000)?.measuredAtMs).toBe(61_000 - 900_000);
  });

  test.each([
    { what: 'no stamp', stamp: null, wall: WALL_MS },
    { what: 'no wall clock', stamp: STAMP, wall: null },
    { what: 'no date', stamp: 'ffffffffffffffff', wall: WALL_MS },
    { what: 'a stamp of the future', stamp: '2026010508000300', wall: WALL_MS },
  ])('$what: of unknown age', ({ stamp, wall }) => {
    expect(nextNibp(first, stamp, wall, 60_000)).toBeNull();
  });

  test('a stamp ahead by less than 2 s is now', () => {
    expect(nextNibp(null, '2026010508000100', WALL_MS, 60_000)?.measuredAtMs).toBe(60_000);
  });
});

describe('rounds of a poll', () => {
  const part = (number: number, isLast = false) => ({ number, isLast });
  const live = (
    steps: readonly (readonly [ReturnType<typeof part> | null, string[], boolean])[],
  ) => {
    let cycle = NO_CYCLE;
    return steps.map(([linked, seen, isEmpty]) => {
      const step = nextCycle(cycle, linked, seen, isEmpty);
      cycle = step.cycle;
      return step.whole;
    });
  };
  test.each([
    { what: 'one reply', steps: [[null, ['a'], false]], whole: [['a']] },
    { what: 'an empty end alone', steps: [[null, [], true]], whole: [null] },
    {
      what: 'three parts and an empty end',
      steps: [
        [part(1), ['a'], false],
        [part(2), ['b'], false],
        [part(3, true), ['c'], false],
        [null, [], true],
      ],
      whole: [null, null, null, ['a', 'b', 'c']],
    },
    {
      what: 'the middle is lost',
      steps: [
        [part(1), ['a'], false],
        [part(3, true), ['c'], false],
        [null, [], true],
      ],
      whole: [null, null, null],
    },
    {
      what: 'the last is lost',
      steps: [
        [part(1), ['a'], false],
        [part(2), ['b'], false],
        [null, [], true],
      ],
      whole: [null, null, null],
    },
    {
      what: 'the first is lost, and the next round is whole',
      steps: [
        [part(2), ['b'], false],
        [part(3, true), ['c'], false],
        [null, [], true],
        [part(1), ['a'], false],
        [part(2, true), ['b'], false],
        [null, [], true],
      ],
      whole: [null, null, null, null, null, ['a', 'b']],
    },
    {
      what: 'the end is lost',
      steps: [
        [part(1), ['a'], false],
        [part(2, true), ['b'], false],
        [part(1), ['c'], false],
        [part(2, true), ['d'], false],
        [null, [], true],
      ],
      whole: [null, null, null, null, ['c', 'd']],
    },
  ] as const)('$what', ({ steps, whole }) => {
    expect(live(steps as unknown as Parameters<typeof live>[0])).toEqual(whole);
  });
});

test('options: waves, on unless it is said otherwise', () => {
  expect(philipsIntellivue.options.parse({})).toEqual({ waves: true });
  expect(philipsIntellivue.options.safeParse({ waves: 'ecg' }).success).toBe(false);
  expect(philipsIntellivue.options.safeParse({ interval: 1 }).success).toBe(false);
});
