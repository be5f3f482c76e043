import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBcc, destuffed, stuffed } from '../../drivers/bbraun-bcc/codec.ts';
import { proof } from '../../drivers/bbraun-bcc/conformance.ts';
import { bbraunBcc } from '../../drivers/bbraun-bcc/driver.ts';
import { bccQueries } from '../../drivers/bbraun-bcc/queries.ts';
import { addEscapes, block, takeEscapes, toBytes } from '../../simulators/bbraun-bcc/wire.ts';
import { vectorBytes } from '../../src/driver/proof.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { hex, said, wire } from './bbraun-bcc-kit.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const asText = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('latin1');
const query = (name: string): Uint8Array =>
  bccQueries.all.find((one) => one.name === name)?.bytes ?? new Uint8Array();

describe('the protocol page, byte by byte', () => {
  test.each([
    [
      'ADMIN:ALIVE',
      '01 30 30 30 33 31 02 31 2F 31 2F 31 3E 41 44 4D 49 4E 3A 41 4C 49 56 45 03 30 30 30 36 31 04',
    ],
    [
      'ADMIN:ALIVE stuffed',
      '01 30 30 30 33 31 02 31 2F 31 2F 31 3E 41 45 58 4D 49 4E 3A 41 4C 49 56 45 45 03 30 30 30 36 31 04',
    ],
    [
      'ADMIN:VERSION',
      '01 30 30 30 33 37 02 42 45 44 30 37 2F 31 2F 31 3E 41 44 4D 49 4E 3A 56 45 52 53 49 4F 4E 03 30 30 32 34 39 04',
    ],
    [
      'MEM:GET',
      '01 30 30 30 33 31 02 42 45 44 30 37 2F 31 2F 31 3E 4D 45 4D 3A 47 45 54 03 30 30 30 33 35 04',
    ],
    [
      'MEM:GET stuffed',
      '01 30 30 30 33 31 02 42 45 45 45 58 30 37 2F 31 2F 31 3E 4D 45 45 4D 3A 47 45 45 54 03 30 30 30 33 35 04',
    ],
    [
      'MEM:GETSLOT',
      '01 30 30 30 33 38 02 42 45 44 30 37 2F 31 2F 31 3E 4D 45 4D 3A 47 45 54 53 4C 4F 54 23 31 32 03 30 30 32 34 32 04',
    ],
    ['ACK', '06'],
    ['NAK', '15'],
  ])('question %s', (name, bytes) => {
    expect(Buffer.from(query(name)).toString('hex')).toBe(Buffer.from(hex(bytes)).toString('hex'));
    expect(bccQueries.nameOf(hex(bytes))).toBe(name);
  });

  test.each([
    [
      '01 30 30 30 34 30 02 42 45 44 30 37 2F 31 2F 31 3E 38 38 2C 35 30 31 30 30 2C 47 4E 41 43 4B 2C 30 03 30 30 31 36 38 04',
      [88, '50100', 'GNACK', '0'],
    ],
    [
      '01 30 30 30 33 38 02 42 45 44 30 37 2F 31 2F 31 3E 38 39 2C 35 30 31 30 30 2C 56 33 2E 33 36 03 30 30 30 31 36 04',
      [89, '50100', 'V3.36', null],
    ],
  ])('answer %#', (bytes, record) => {
    expect(proof.decode(hex(bytes))).toEqual({ bedId: 'BED07', isLast: true, records: [record] });
  });

  test('EEX is EX: one escape at a time from left to right', () => {
    expect(asText(destuffed(latin1('EEX')))).toBe('EX');
    expect(asText(destuffed(latin1('eex')))).toBe('ex');
    expect(asText(destuffed(latin1('EXEE')))).toBe('DE');
  });
});

describe('vectors', () => {
  test.each(proof.vectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const bytes = vectorBytes(vector);
    if (vector.from === 'host') expect(bccQueries.has(bytes)).toBe(vector.mayBeSent);
    else if ('refused' in vector) {
      const decoded = decodeBcc(bytes, 'auto');
      expect(decoded.ok ? 'taken' : 'why' in decoded.error ? decoded.error.why : 'checksum').toBe(
        vector.refused,
      );
    } else expect(proof.decode(bytes)).toEqual(vector.decodes);
  });

  test('every bit of every good frame turned over: refused, or it means the same', () => {
    for (const vector of proof.vectors) {
      if (vector.from === 'host' || 'refused' in vector) continue;
      const good = vectorBytes(vector);
      for (const form of [good, stuffed(good)]) {
        const meant = proof.decode(form);
        for (let bit = 0; bit < form.length * 8; bit += 1) {
          const bad = Uint8Array.from(form);
          bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const decoded = proof.decode(bad);
          if (decoded !== undefined) expect(decoded).toEqual(meant);
        }
      }
    }
  });
});

describe('stuffing', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  /** Mostly the characters that matter. */
  const escapes = fc
    .array(fc.constantFrom(...'DEXdexAB0\x01\x04'), { maxLength: 40 })
    .map((chars) => latin1(chars.join('')));

  test('whatever goes in comes out', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, escapes), (plain) => {
        expect(destuffed(stuffed(plain))).toEqual(plain);
      }),
    );
  });

  test('the two codecs, which never met, agree on any bytes, good and bad', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, escapes), (some) => {
        const text = Buffer.from(some).toString('latin1');
        expect(asText(stuffed(some))).toBe(addEscapes(text));
        expect(asText(destuffed(some))).toBe(takeEscapes(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['E', 'e', 'EA', 'ED', 'Ex', 'eX', 'eE', 'Ee', 'D', 'd', 'EXD', 'EEE'])(
    '%s is no stuffed text',
    (text) => {
      expect(destuffed(latin1(text))).toBeUndefined();
    },
  );

  test('control characters and digits are never touched', () => {
    const others = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => ![0x44, 0x45, 0x64, 0x65].includes(byte),
    );
    expect(stuffed(others)).toEqual(others);
  });

  test('a frame proves its setting, and is never good in both', () => {
    const records = fc.array(fc.constantFrom('A', 'D', 'E', 'X', 'e', 'd', '7'), { maxLength: 12 });
    fc.assert(
      fc.property(records, fc.boolean(), (chars, stuffing) => {
        const frame = said([`90,50112,INSOL,${chars.join('')}`], { bedId: 'W1', stuffing });
        const on = decodeBcc(frame, 'on');
        const off = decodeBcc(frame, 'off');
        const auto = decodeBcc(frame, 'auto');
        expect(auto.ok).toBe(true);
        if (!auto.ok) return;
        const { stuffing: proves, records: found } = auto.value;
        expect(found[0]?.value).toBe(chars.join(''));
        const hasAny = chars.some((char) => 'DEde'.includes(char));
        expect(proves).toBe(hasAny ? (stuffing ? 'on' : 'off') : null);
        if (hasAny) expect(on.ok !== off.ok).toBe(true);
      }),
    );
  });

  test('with the setting given the other form is refused', () => {
    const plain = said(['88,50100,GNACK,0']);
    const escaped = said(['88,50100,GNACK,0'], { stuffing: true });
    expect(decodeBcc(plain, 'on').ok).toBe(false);
    expect(decodeBcc(escaped, 'off').ok).toBe(false);
    expect(decodeBcc(plain, 'off').ok).toBe(true);
    expect(decodeBcc(escaped, 'on').ok).toBe(true);
  });
});

describe('records', () => {
  const only = (frame: Uint8Array) => {
    const decoded = decodeBcc(frame, 'off');
    return decoded.ok ? decoded.value.records : decoded.error;
  };

  test('only the first three commas separate', () => {
    expect(only(said(['90,50112,INSOL,Glucose 5 %, 0,9 %']))).toMatchObject([
      { parameter: 'INSOL', value: 'Glucose 5 %, 0,9 %' },
    ]);
  });

  test('a character of two bytes counts as two, in length and check', () => {
    const frame = said(['90,50112,INSOL,Kétamine']);
    expect(asText(frame.subarray(1, 6))).toBe(String(frame.length).padStart(5, '0'));
    expect(only(frame)).toMatchObject([{ value: 'Kétamine' }]);
    expect(only(said(['90,50112,INSOL,ケタミン']))).toMatchObject([{ value: 'ケタミン' }]);
  });

  test('bytes that are no UTF-8 spoil their own value and nothing else', () => {
    // The codec of the twin writes UTF-8 only, so the byte is put in by hand: Ã© cut in half.
    const good = Buffer.from(said(['90,50112,INSOL,K?t', '90,50112,INRT,4.00'])).toString('latin1');
    const head = good.slice(0, -6).replace('?', '\xe9');
    const sum = [...head].reduce((total, char) => (total + char.charCodeAt(0)) % 256, 0);
    const frame = toBytes(`${head}${String(sum).padStart(5, '0')}\x04`);
    expect(only(frame)).toMatchObject([{ value: 'K\ufffdt' }, { value: '4.00' }]);
  });

  test('CR at the end of a value is cut off, a separator after the last record is no record', () => {
    expect(only(said(['90,50112,GNMODEL,688L030007\r', '']))).toEqual([
      { timeS: 90, address: '50112', parameter: 'GNMODEL', value: '688L030007' },
    ]);
  });

  test.each([[['']], [['90']], [['90,50112']], [['x,50112,INRT,1']], [['90,501,INRT,1']]])(
    '%j is malformed',
    (records) => {
      expect(only(said(records))).toEqual({ kind: 'malformed', why: 'records', isLast: true });
    },
  );

  test.each(['B', 'SpaceCom9', 'a/b', 'ABCDEFGHIJKLMNO', '[\\]^_`'])('bed id %s', (bedId) => {
    const decoded = decodeBcc(said(['88,50100,GNACK,0'], { bedId }), 'auto');
    expect(decoded).toMatchObject({ ok: true, value: { bedId } });
    expect(bccQueries.nameOf(bccQueries.of('MEM:GET', bedId))).toBe('MEM:GET');
    expect(bccQueries.nameOf(bccQueries.of('MEM:GETSLOT stuffed', `${bedId}#3O`))).toBe(
      'MEM:GETSLOT stuffed',
    );
  });

  test.each(['', 'ABCDEFGHIJKLMNOP', 'A B', 'A-1', 'B:1', 'é'])('no bed id: %j', (bedId) => {
    expect(decodeBcc(said(['88,50100,GNACK,0'], { bedId }), 'auto').ok).toBe(false);
    expect(() => bccQueries.of('MEM:GET', bedId)).toThrow();
  });
});

describe('questions', () => {
  test.each(['00', '10', '41', '1P', '1a', '111', '1', ''])('no slot: %j', (slot) => {
    expect(() => bccQueries.of('MEM:GETSLOT', `BED07#${slot}`)).toThrow();
    expect(bccQueries.has(toBytes(block('BED07', [`MEM:GETSLOT#${slot}`], true)))).toBe(false);
  });

  test('every one-word variation of a question is not on the list', () => {
    for (const { bytes } of bccQueries.all) {
      if (bytes.length === 1) continue;
      const text = Buffer.from(bytes).toString('latin1');
      for (const other of [`${text}\x06`, `\x06${text}`, text.slice(1), text.toLowerCase()]) {
        expect(bccQueries.has(toBytes(other))).toBe(false);
      }
    }
    for (const word of ['MEM:PUT', 'ADMIN:RESET', 'MEM:GET ', 'MEM:GETALL', 'ADMIN:ALIVE']) {
      expect(bccQueries.has(toBytes(block('BED07', [word], true)))).toBe(false);
    }
    for (let byte = 0; byte < 256; byte += 1) {
      expect(bccQueries.has(Uint8Array.of(byte))).toBe(byte === 0x06 || byte === 0x15);
    }
  });
});

describe('framer', () => {
  const framer = () => framerFor(bbraunBcc.framing);
  const good = said(['90,50112,GNERR,39']);

  test('ACK, NAK and noise between frames are dropped and counted', () => {
    const one = framer();
    expect(one.feed(Uint8Array.from([6, 0x15, 0xff, 4, ...good, 6, ...good, 3]))).toEqual([
      good,
      good,
    ]);
    expect(one.droppedBytes()).toBe(6);
  });

  test('a SOH inside a frame begins a new one', () => {
    const one = framer();
    expect(one.feed(Uint8Array.from([...good.subarray(0, 20), ...good]))).toEqual([good]);
    expect(one.droppedBytes()).toBe(20);
  });

  test('what is too short or too long is no frame', () => {
    const one = framer();
    expect(one.feed(Uint8Array.of(1, 0x30, 4))).toEqual([]);
    const long = said([`90,50112,INSOL,${'A'.repeat(9_000)}`]);
    expect(one.feed(long)).toEqual([]);
    expect(one.feed(good)).toEqual([good]);
    expect(one.droppedBytes()).toBe(3 + long.length);
  });

  test('a SOH without an end does not hold more than one frame', () => {
    let state = bbraunBcc.framing.kind === 'binary' ? bbraunBcc.framing.initial : undefined;
    for (let round = 0; round < 100; round += 1) {
      if (bbraunBcc.framing.kind !== 'binary') throw new Error('binary');
      const chunk = new Uint8Array(1_000).fill(round === 0 ? 1 : 0x41);
      ({ state } = bbraunBcc.framing.push(state, chunk));
      const { pending } = state as { readonly pending: Uint8Array | null };
      expect(pending?.length ?? 0).toBeLessThanOrEqual(8_192);
    }
  });

  test('the end of a stuffed frame is found before destuffing', () => {
    const frame = said(['90,50112,INSOL,DEdeEXEE'], { stuffing: true });
    expect(framer().feed(frame)).toEqual([frame]);
  });
});

describe('options', () => {
  test('defaults, and a slot that YAML reads as a number', () => {
    expect(bbraunBcc.options.parse({})).toEqual({ slot: '11', stuffing: 'auto', mode: 'request' });
    expect(bbraunBcc.options.parse({ slot: 12, stuffing: 'off' })).toMatchObject({ slot: '12' });
    expect(bbraunBcc.options.parse({ slot: '3O' })).toMatchObject({ slot: '3O' });
  });

  test.each([{ slot: '41' }, { slot: 10 }, { stuffing: true }, { mode: 'poll' }, { pollMs: 5 }])(
    '%j is refused',
    (options) => {
      expect(() => bbraunBcc.options.parse(options)).toThrow();
    },
  );
});

test('the page prints what the vectors say', () => {
  expect(proof.decode(wire('<SOH>00041<STX>BED07/1/1>90,50112,GNERR,39<ETX>00251<EOT>'))).toEqual({
    bedId: 'BED07',
    isLast: true,
    records: [[90, '50112', 'GNERR', '39']],
  });
});
