import { describe, expect, test } from 'vitest';
import { decodeVial } from '../../drivers/fresenius-vial/codec.ts';
import { type CounterCheck, nextCounterCheck } from '../../drivers/fresenius-vial/counter-check.ts';
import { freseniusVial } from '../../drivers/fresenius-vial/driver.ts';
import { errorText } from '../../drivers/fresenius-vial/errors.ts';
import { vialFraming } from '../../drivers/fresenius-vial/framer.ts';
import { vialQueries } from '../../drivers/fresenius-vial/queries.ts';
import {
  parsePresent,
  parseStatusLetters,
  parseValues,
} from '../../drivers/fresenius-vial/values.ts';
import { vectors } from '../../drivers/fresenius-vial/vectors.ts';
import { message } from '../../simulators/fresenius-vial/wire.ts';
import { vectorBytes } from '../../src/driver/proof.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (frame: Uint8Array): string => Buffer.from(frame).toString('hex');
/** What the framer makes of a stream, and what it gave up. */
function cut(...chunks: readonly Uint8Array[]) {
  let state = vialFraming.initial;
  let dropped = 0;
  const frames: string[] = [];
  for (const chunk of chunks) {
    const step = vialFraming.push(state, chunk);
    state = step.state;
    dropped += step.droppedBytes;
    frames.push(...step.frames.map(hex));
  }
  return { frames, dropped };
}

describe('frames of fresenius-vial', () => {
  test.each(vectors.filter((vector) => 'decodes' in vector))('$name ($source)', (vector) => {
    const step = vialFraming.push(vialFraming.initial, vectorBytes(vector));
    const found = step.frames.map(decodeVial).map((one) => (one.ok ? one.value : undefined));
    expect(found.length === 1 ? found[0] : found).toMatchObject(strip(vector.decodes));
  });

  test.each([
    ['one bit of the rate turned over', '02 31 43 3B 64 30 30 34 30 32 37 03', 'checksum', false],
    ['lower-case digits', '02 31 49 3B 31 45 64 34 03', 'malformed', false],
    ['a control character', '02 31 43 3B 64 30 01 30 35 30 32 36 03', 'malformed', false],
    ['the eighth bit', '02 31 C3 3B 64 30 30 35 30 32 37 03', 'malformed', false],
    ['no end', '02 31 43 38 42', 'malformed', false],
    ['another status letter', '02 31 58 37 36 03', 'malformed', true],
    ['no place', '02 43 3B 64 30 30 35 30 35 38 03', 'malformed', true],
    ['a NAK without a reason', '15', 'malformed', true],
    ['a NAK with a reason that is none', '15 33 03', 'malformed', true],
    ['DC4, which only we say', '14', 'malformed', true],
    ['nothing', '', 'malformed', true],
  ] as const)('refused: %s', (_, frame, kind, isWhole) => {
    expect(decodeVial(bytes(frame))).toEqual({ ok: false, error: { kind, isWhole } });
  });

  test('every bit of every message turned over: never another message', () => {
    const good = vectors
      .filter((vector) => 'decodes' in vector)
      .map(vectorBytes)
      .filter((frame) => frame.length > 2);
    for (const frame of good) {
      const truth = messagesIn(frame);
      for (let bit = 0; bit < frame.length * 8; bit += 1) {
        const bad = Uint8Array.from(frame);
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        for (const found of messagesIn(bad)) expect(truth).toContainEqual(found);
      }
    }
  });
});

/** The vectors also say what the messages mean; here only what they are. */
const strip = (decodes: unknown): object =>
  JSON.parse(
    JSON.stringify(decodes, (key, value) =>
      key === 'values' || key === 'present' ? undefined : value,
    ),
  );

const messagesIn = (stream: Uint8Array): readonly unknown[] =>
  vialFraming
    .push(vialFraming.initial, stream)
    .frames.map(decodeVial)
    .flatMap((one) => (one.ok && one.value.kind === 'message' ? [one.value] : []));

describe('cutting', () => {
  const frame = message('1C;d0050');

  test('an ENQ anywhere in a frame comes at once, and the frame is whole', () => {
    for (let at = 0; at <= frame.length; at += 1) {
      const [head, tail] = [frame.slice(0, at), frame.slice(at)];
      const found = cut(head, Uint8Array.of(0x05), tail);
      expect(found.frames.toSorted()).toEqual(['05', hex(frame)].toSorted());
      expect(found.dropped).toBe(0);
      expect(found.frames.indexOf('05')).toBe(at === frame.length ? 1 : 0);
    }
  });

  test('an ENQ between a NAK and its reason', () => {
    expect(cut(bytes('15 05 36'))).toEqual({ frames: ['05', '1536'], dropped: 0 });
  });

  test('a NAK without a reason before a frame, and two NAKs', () => {
    expect(cut(bytes('15'), frame)).toEqual({ frames: [hex(frame)], dropped: 1 });
    expect(cut(bytes('15 15 32'))).toEqual({ frames: ['1532'], dropped: 1 });
  });

  test('an ACK in a frame breaks nothing; a NAK in it stays in it', () => {
    const inside = Uint8Array.of(...frame.slice(0, 4), 0x06, ...frame.slice(4));
    expect(cut(inside).frames).toEqual(['06', hex(frame)]);
    const broken = Uint8Array.of(...frame.slice(0, 4), 0x15, ...frame.slice(4));
    expect(cut(broken).frames).toEqual([hex(broken)]);
  });

  test('an STX begins anew; what is too short, too long or outside is dropped', () => {
    expect(cut(frame.slice(0, 5), frame)).toEqual({ frames: [hex(frame)], dropped: 5 });
    expect(cut(bytes('02 31 38 03'))).toEqual({ frames: [], dropped: 4 });
    expect(cut(bytes('31 43 38 42 03'), frame)).toEqual({ frames: [hex(frame)], dropped: 5 });
    const long = Uint8Array.of(0x02, ...new Uint8Array(200).fill(0x41), 0x03);
    expect(cut(long, frame)).toEqual({ frames: [hex(frame)], dropped: long.length });
  });

  test('a message of 80 characters is not too long, one of 81 is', () => {
    const longest = message(`1C;${'x'.repeat(77)}`);
    expect(cut(longest).frames).toEqual([hex(longest)]);
    expect(cut(message(`1C;${'x'.repeat(78)}`)).frames).toEqual([]);
  });
});

describe('what may be sent', () => {
  test.each(vectors.filter((vector) => vector.from === 'host'))('$name: $mayBeSent', (vector) => {
    expect(vialQueries.has(vectorBytes(vector))).toBe(vector.mayBeSent);
  });

  const ALLOWED = /^\d(DC|FC|LN|LF;b|LP|LE;amder|E|M)$|^0LE;b$/;
  test('of every command of two letters to every place only those that are meant', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const words = letters.flatMap((first) => letters.map((second) => first + second));
    const tails = ['', ';b', ';d', ';amder', ';d0050', ';1', ';i', ';edram'];
    for (const place of '0123456789') {
      for (const word of [...words, 'E', 'M']) {
        for (const tail of tails) {
          const text = place + word + tail;
          if (!vialQueries.has(message(text))) continue;
          expect(text).toMatch(ALLOWED);
          expect(['0LN', '0LP', '0LF;b', '0LE;amder']).not.toContain(text);
        }
      }
    }
  });

  test.each(['', 'A', '10', '1;d', '-'])('no question for the place "%s"', (place) => {
    expect(() => vialQueries.of('DC', place)).toThrow('not a place');
  });

  test('values are asked of modules, not of the base', () => {
    expect(() => vialQueries.of('LE;amder', '0')).toThrow('not a place');
  });
});

describe('values', () => {
  const none = { a: undefined, e: undefined, m: undefined };
  test.each([
    ['d0050;r00308E', { ...none, rateMlPerHour: 8, volumeMl: 12.43 }],
    ['d0050', { ...none, rateMlPerHour: 8, volumeMl: undefined }],
    ['r0', { ...none, rateMlPerHour: undefined, volumeMl: 0 }],
    ['d0000;rx', { ...none, rateMlPerHour: 0, volumeMl: undefined }],
    ['d005g;r000001', { ...none, rateMlPerHour: undefined, volumeMl: 0.001 }],
    ['d;r000001', { ...none, rateMlPerHour: undefined, volumeMl: 0.001 }],
    ['dFFFF;r1', { ...none, rateMlPerHour: 6553.5, volumeMl: 0.001 }],
    ['a;e;m;d1;r1', { a: '', e: '', m: '', rateMlPerHour: 0.1, volumeMl: 0.001 }],
  ])('%s', (data, values) => {
    expect(parseValues(data)).toEqual(values);
  });

  test.each([
    null,
    '',
    'd0050;d0051',
    'd0050;k0001',
    'a00;e00;m1',
    'd0050;',
    'd0x50',
    'd-50',
    'd00500000',
    'D0050',
    'morphine',
    'dobutamine',
    'remifentanil',
    'd005a',
  ])('%s is none', (data) => {
    expect(parseValues(data)).toBeUndefined();
  });

  test.each([
    ['b00', []],
    ['b01', ['1']],
    ['b13', ['1', '2', '5']],
    ['b1FF', ['1', '2', '3', '4', '5', '6', '7', '8', '9']],
    ['b200', undefined],
    ['b', undefined],
    ['bxy', undefined],
    ['i03', undefined],
    ['b03;i02', undefined],
    [null, undefined],
  ])('places of %s', (data, places) => {
    expect(parsePresent(data)).toEqual(places);
  });

  test('alarm and error letters among others', () => {
    expect(parseStatusLetters('r00308E;a41')).toEqual({ a: '41', e: undefined });
    expect(parseStatusLetters('a41;a42')).toBeUndefined();
    expect(parseStatusLetters(null)).toBeUndefined();
  });

  test('refusals in words, unknown ones as they came', () => {
    expect(errorText('20')).toBe('pump answers 20: not on this port');
    expect(errorText('7F')).toBe('pump answers 7F: not known');
    expect(errorText(null)).toBe('pump answers no code: not known');
  });
});

describe('the counter against the rate', () => {
  /** One reading a second, `real` mL/h flowing, as a counter of thousandths. */
  function watch(seconds: number, told: number, real: (second: number) => number) {
    let check: CounterCheck | null = null;
    let volumeMl = 5;
    const verdicts: CounterCheck['verdict'][] = [];
    for (let second = 0; second <= seconds; second += 1) {
      if (second > 0) volumeMl += real(second) / 3_600;
      const counted = Math.floor(volumeMl * 1_000 + 1e-6) / 1_000;
      check = nextCounterCheck(check, { mlPerHour: told, volumeMl: counted }, second * 1_000);
      verdicts.push(check.verdict);
    }
    return verdicts;
  }

  test.each([0.1, 0.5, 1, 3, 8, 60, 400, 1_200])('at %s mL/h it agrees, and stays so', (rate) => {
    const verdicts = watch(1_800, rate, () => rate);
    const at = verdicts.indexOf('agrees');
    expect(at).toBeGreaterThanOrEqual(5);
    expect(at).toBeLessThanOrEqual(Math.max(6, 45 / rate + 10));
    expect(new Set(verdicts.slice(at))).toEqual(new Set(['agrees']));
  });

  test.each([
    [10, 1],
    [10, 100],
    [10, 5],
    [10, 20],
    [1, 0.1],
    [1, 2],
  ])('told %s, %s flows: never agrees', (told, real) => {
    const verdicts = watch(3_600, told, () => real);
    expect(verdicts).not.toContain('agrees');
    expect(verdicts).toContain('differs');
  });

  test.each([
    [8, 6],
    [1, 45],
    [100, 6],
  ])('at %s mL/h a counter that stops is found out within %s s', (rate, seconds) => {
    const verdicts = watch(400, rate, (second) => (second <= 200 ? rate : 0));
    expect(verdicts[200]).toBe('agrees');
    expect(verdicts.slice(200 + seconds + 2)).toEqual(
      verdicts.slice(200 + seconds + 2).map(() => 'still'),
    );
  });

  test('a rate of 0: after 10 s without a step it is believed, with steps it is not', () => {
    expect(watch(9, 0, () => 0)).not.toContain('agrees');
    expect(watch(11, 0, () => 0).at(-1)).toBe('agrees');
    expect(watch(30, 0, () => 8).at(-1)).toBe('differs');
    expect(watch(60, 0, (second) => (second < 20 ? 8 : 0)).at(-1)).toBe('agrees');
  });

  test('a counter that moves again is no longer still, and not yet believed', () => {
    const verdicts = watch(60, 36, (second) => (second > 10 && second <= 30 ? 0 : 36));
    expect(verdicts[30]).toBe('still');
    expect(verdicts.slice(31, 35)).toEqual(['open', 'open', 'open', 'open']);
    expect(verdicts[40]).toBe('agrees');
  });

  test('cleared, another rate, or a gap: from the beginning', () => {
    const agreed: CounterCheck = {
      mlPerHour: 8,
      verdict: 'agrees',
      startedAtMs: 0,
      startMl: 1,
      lastAtMs: 1_000,
      lastMl: 1.002,
      movedAtMs: 1_000,
    };
    const next = (mlPerHour: number, volumeMl: number, atMs: number) =>
      nextCounterCheck(agreed, { mlPerHour, volumeMl }, atMs).verdict;
    expect(next(8, 1.004, 2_000)).toBe('agrees');
    expect(next(8, 0, 2_000)).toBe('open');
    expect(next(9, 1.004, 2_000)).toBe('open');
    expect(next(8, 1.02, 7_000)).toBe('open');
  });
});

describe('the declaration', () => {
  test('the module is a number from 1 to 9, 1 when left out', () => {
    expect(freseniusVial.options.parse({})).toEqual({ module: 1 });
    expect(freseniusVial.options.parse({ module: 9 })).toEqual({ module: 9 });
    for (const module of [0, 10, 1.5, '1', null]) {
      expect(() => freseniusVial.options.parse({ module })).toThrow();
    }
  });

  test('it does not claim to decode the alarms, nor the state', () => {
    expect(freseniusVial.alerts).toBe('partly-decoded');
    expect(freseniusVial.statuses).toEqual(['unknown']);
    expect(freseniusVial.notice).toContain('look at the pump');
  });
});
