import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeNe } from '../../drivers/ne1000/codec.ts';
import { ne1000 } from '../../drivers/ne1000/driver.ts';
import { neFraming } from '../../drivers/ne1000/framer.ts';
import { NE_WORDS, neQueries, neQuestion } from '../../drivers/ne1000/queries.ts';
import {
  nlToMl,
  readCount,
  readDiameter,
  readDirection,
  readDispensed,
  readRate,
  readVolume,
} from '../../drivers/ne1000/values.ts';
import { answerVectors, hostVectors, refusedVectors } from '../../drivers/ne1000/vectors.ts';
import { basicAnswer, safePacket } from '../../simulators/ne1000/wire.ts';
import { vectorBytes } from '../../src/driver/proof.ts';

const framesIn = (...chunks: readonly Uint8Array[]) => {
  let state = neFraming.initial;
  let droppedBytes = 0;
  const frames = chunks.flatMap((chunk) => {
    const step = neFraming.push(state, chunk);
    state = step.state;
    droppedBytes += step.droppedBytes;
    return [...step.frames];
  });
  return { frames, droppedBytes, held: state.length };
};
const decodeWire = (bytes: Uint8Array) =>
  framesIn(bytes).frames.map((frame) => {
    const result = decodeNe(frame);
    return result.ok ? result.value : result.error.kind;
  });
const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('golden vectors', () => {
  test.each(answerVectors)('$name ($source)', (vector) => {
    expect(decodeWire(vectorBytes(vector))).toHaveLength(1);
    expect('decodes' in vector && vector.decodes).toMatchObject(
      decodeWire(vectorBytes(vector))[0] as object,
    );
  });

  test.each(refusedVectors)('refused: $name', (vector) => {
    for (const said of decodeWire(vectorBytes(vector))) expect(said).toBeTypeOf('string');
  });

  test('the worked examples of the manual, from words to bytes', () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    expect(hex(neQuestion('status', 'basic', '0'))).toBe('300d');
    expect(hex(neQuestion('RAT', 'basic', '0'))).toBe('305241540d');
    expect(hex(neQuestion('status', 'safe', '0'))).toBe('020530365303');
    expect(hex(neQuestion('RAT', 'safe', '0'))).toBe('02083052415438cb03');
    expect(hex(neQueries.get('CR'))).toBe('0d');
  });
});

describe('numbers and units', () => {
  test.each([
    ['40.00MH', 40],
    ['8.000MH', 8],
    ['0.000MH', 0],
    ['.5MH', 0.5],
    ['1000.MH', 1_000],
    ['5MH', 5],
    ['12.5MM', 750],
    ['0.1MM', 6],
    ['0.1UM', 0.006],
    ['0.7UM', 0.042],
    ['33.33UM', 1.9998],
    ['1.1UH', 0.0011],
    ['9999UH', 9.999],
    ['0.001UH', 0.000_001],
  ])('%s is exactly %d mL/h', (text, mlPerHour) => {
    expect(readRate(text)).toBe(mlPerHour);
  });

  test('every number that a pump can say, in every unit, is the decimal number and nothing beside it', () => {
    const shapes = [1, 10, 100, 1_000];
    for (let digits = 0; digits <= 9_999; digits += 7) {
      for (const scale of shapes) {
        const text = (digits / scale).toFixed(Math.log10(scale));
        if (text.replace('.', '').length > 4) continue;
        const thousandths = (digits * 1_000) / scale;
        expect(readRate(`${text}MH`)).toBe(Number(text));
        expect(readRate(`${text}UM`)).toBe(Number(`${thousandths * 6}e-5`));
        expect(readRate(`${text}UH`)).toBe(Number(`${thousandths}e-6`));
        expect(readRate(`${text}MM`)).toBe(Number(`${thousandths * 60}e-3`));
      }
    }
  });

  test.each([
    '',
    'MH',
    '.MH',
    '40.00',
    '40.00mh',
    '40.00MG',
    '40,00MH',
    '-1.0MH',
    '1e3MH',
    '12345MH',
    '123.45MH',
    '1.2345MH',
    '4 0MH',
    '40.00MHX',
    '4.0.0MH',
  ])('%j is no rate', (text) => {
    expect(readRate(text)).toBeUndefined();
  });

  test.each([
    ['50.00ML', 50],
    ['500.0UL', 0.5],
    ['0.1UL', 0.000_1],
    ['0.0ML', 0],
  ])('%s is %d mL', (text, ml) => {
    expect(nlToMl(readVolume(text) ?? Number.NaN)).toBe(ml);
  });

  test.each(['50.00', '50.00MH', 'ML', '50.00MLX'])('%j is no volume', (text) => {
    expect(readVolume(text)).toBeUndefined();
  });

  test('volumes infused and withdrawn share their unit', () => {
    expect(readDispensed('I1.234W0.000ML')).toEqual({ infusedNl: 1_234_000, withdrawnNl: 0 });
    expect(readDispensed('I.5W1000.UL')).toEqual({ infusedNl: 500, withdrawnNl: 1_000_000 });
    for (const text of ['I1.234ML', 'I1.234W0.000', 'IW0.000ML', 'I1.234W0.000MH', 'W1I1ML']) {
      expect(readDispensed(text), text).toBeUndefined();
    }
  });

  test('diameter, counts, direction', () => {
    expect(readDiameter('26.59')).toBe(26.59);
    expect(readDiameter('26.59mm')).toBeUndefined();
    expect([readCount('1'), readCount('01'), readCount('255')]).toEqual([1, 1, 255]);
    for (const text of ['', '1.0', '1000', '-1']) expect(readCount(text)).toBeUndefined();
    expect([readDirection('INF'), readDirection('WDR')]).toEqual(['infuse', 'withdraw']);
    expect(readDirection('inf')).toBeUndefined();
  });
});

describe('the framer', () => {
  const answers = [
    basicAnswer('00S'),
    safePacket('00I40.00MH'),
    basicAnswer('00II1.234W0.000ML'),
    safePacket('00A?S'),
  ];

  test('cuts both framings out of one stream', () => {
    const stream = Uint8Array.from(answers.flatMap((answer) => [...answer]));
    const whole = framesIn(stream);
    expect(whole.frames).toEqual(answers.map((answer) => answer.slice(1, -1)));
    expect(whole).toMatchObject({ droppedBytes: 0, held: 0 });
    for (let at = 0; at <= stream.length; at++) {
      expect(framesIn(stream.subarray(0, at), stream.subarray(at))).toEqual(whole);
    }
  });

  test('a CRC that holds 02 and 03 ends no packet and begins none', () => {
    const found = new Set<number>();
    for (let digits = 0; digits < 100_000 && found.size < 4; digits++) {
      const packet = safePacket(`00S${digits}`);
      const [high = 0, low = 0] = packet.slice(-3);
      const isOdd = [2, 3].includes(high) || [2, 3].includes(low);
      if (!isOdd) continue;
      found.add([2, 3].includes(high) ? high : low + 10);
      const stream = Uint8Array.from([...packet, ...basicAnswer('00S')]);
      expect(framesIn(stream).frames).toEqual([packet.slice(1, -1), latin1('00S')]);
    }
    expect(found.size).toBe(4);
  });

  test.each([
    { why: 'noise before', before: 'noise\xff\x00', dropped: 7 },
    { why: 'half a basic answer', before: '\x0200I40.', dropped: 7 },
    { why: 'half a packet', before: '\x02\x0e00I40.0', dropped: 9 },
    { why: 'a basic answer that never ends', before: `\x0200S${'9'.repeat(60)}`, dropped: 64 },
    { why: 'a length of fantasy', before: '\x02\xff00S', dropped: 5 },
    { why: 'an answer without a state', before: '\x0200\x03', dropped: 4 },
    { why: 'STX after STX', before: '\x02\x02\x02', dropped: 3 },
  ])('$why: the next answer is found, in either framing', ({ before, dropped }) => {
    for (const answer of answers) {
      const { frames, droppedBytes } = framesIn(latin1(before), answer);
      expect(frames).toEqual([answer.slice(1, -1)]);
      expect(droppedBytes).toBe(dropped);
    }
  });

  test('a length that became longer does not hold up the next answer', () => {
    const longer = safePacket('00I40.00MH');
    longer[1] = 0x2e;
    expect(framesIn(longer, safePacket('00S')).frames).toEqual([safePacket('00S').slice(1, -1)]);
  });

  test('whatever comes, it holds at most one frame', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 500 }), { maxLength: 10 }), (chunks) => {
        expect(framesIn(latin1('\x02'), ...chunks).held).toBeLessThan(50);
      }),
    );
  });
});

describe('safe mode: the CRC finds every flipped bit', () => {
  const packets = [
    ...answerVectors.map(vectorBytes).filter((bytes) => (bytes[1] ?? 0) < 0x30),
    safePacket('00II1.234W0.000ML'),
    safePacket('07SNE1000SIMV3.928'),
    safePacket('99A?T'),
  ];

  test('of every packet, one bit and every pair of neighbouring bits', () => {
    expect(packets.length).toBeGreaterThan(8);
    for (const packet of packets) {
      const truth = decodeWire(packet);
      for (let bit = 0; bit < packet.length * 8; bit++) {
        for (const width of [1, 2]) {
          const spoilt = Uint8Array.from(packet);
          for (let at = bit; at < Math.min(bit + width, packet.length * 8); at++) {
            spoilt[at >> 3] = (spoilt[at >> 3] ?? 0) ^ (1 << (at & 7));
          }
          for (const said of decodeWire(spoilt)) {
            if (typeof said !== 'string') expect(said).toEqual(truth[0]);
          }
        }
      }
    }
  });
});

describe('what may be sent', () => {
  const addresses = Array.from({ length: 100 }, (_, address) => String(address));

  test('nine words to a hundred addresses in two framings, and a CR alone', () => {
    for (const address of addresses) {
      for (const word of NE_WORDS) {
        for (const framing of ['basic', 'safe'] as const) {
          const bytes = neQuestion(word, framing, address);
          expect(neQueries.nameOf(bytes)).toBe(framing === 'basic' ? word : `safe ${word}`);
        }
      }
    }
    expect(neQueries.all.map(({ name }) => name).sort()).toEqual(
      ['CR', ...NE_WORDS, ...NE_WORDS.map((word) => `safe ${word}`)].sort(),
    );
  });

  test.each(['', '100', '-1', '00', '07', '1.5', '5RUN', '5\r5RUN', ' 5', 'x'])(
    '%j is no address',
    (address) => {
      for (const word of NE_WORDS) {
        expect(() => neQuestion(word, 'basic', address)).toThrow('is no address');
        expect(() => neQuestion(word, 'safe', address)).toThrow('is no address');
      }
    },
  );

  const anyTail = fc.stringMatching(/^[ -~]{1,8}$/);

  test('a word with anything behind it never, in neither framing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...addresses),
        fc.constantFrom(...NE_WORDS),
        anyTail,
        (to, word, tail) => {
          const text = `${to}${word === 'status' ? '' : word}${tail}`;
          fc.pre(!/^\d{1,2}(?:VER|SAF|PHN|RAT|DIS|VOL|DIR|DIA)?$/.test(text));
          expect(neQueries.has(latin1(`${text}\r`))).toBe(false);
          expect(neQueries.has(safePacket(text))).toBe(false);
        },
      ),
    );
  });

  test('every bit of every question turned over: never anything but a question', () => {
    for (const vector of hostVectors.filter((one) => 'mayBeSent' in one && one.mayBeSent)) {
      const bytes = vectorBytes(vector);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        if (!neQueries.has(flipped)) continue;
        expect(Buffer.from(flipped).toString('latin1')).toMatch(/^\d{1,2}[A-Z]*\r$/);
      }
    }
  });

  test('a try as a packet leaves no word in the buffer of a pump that takes it for text', () => {
    const TWO_LETTER_WORDS = ['AL', 'PF', 'LN', 'BP'];
    for (const address of addresses) {
      const crc = [...neQuestion('status', 'safe', address).slice(-3, -1)];
      const kept = crc.map((byte) => String.fromCharCode(byte & 0x7f).toUpperCase()).join('');
      expect(TWO_LETTER_WORDS).not.toContain(kept);
    }
  });
});

describe('the declaration', () => {
  test('a bench device, with addresses, whose reading clears alarms and which tells no serial number', () => {
    expect(ne1000).toMatchObject({
      benchOnly: true,
      tellsSerial: false,
      notice: 'Bench device: not for use on patients.',
      channels: { option: 'address' },
    });
    expect(ne1000.readingEffect).toContain('cleared');
  });

  test('no pressure, drug, dose, battery, air or door', () => {
    expect(ne1000.reports.filter((code) => /PRESS|DRUG|DOSE|BATT|CONC/.test(code))).toEqual([]);
    expect(ne1000.facts.filter((code) => ['drug', 'power', 'battery'].includes(code))).toEqual([]);
    for (const rule of ['PMP-02', 'PMP-03', 'PMP-07', 'PMP-08']) {
      expect(ne1000.signals).not.toContain(rule);
    }
  });

  test('options: address 0, auto, not on a live bed', () => {
    expect(ne1000.options.parse({})).toEqual({
      address: 0,
      framing: 'auto',
      allowOnLiveBed: false,
    });
    for (const address of [-1, 100, 1.5, '1']) {
      expect(ne1000.options.safeParse({ address }).success).toBe(false);
    }
  });
});
