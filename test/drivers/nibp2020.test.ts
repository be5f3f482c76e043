import { describe, expect, test } from 'vitest';
import { decodeNibp, nibpQueries } from '../../drivers/nibp2020/codec.ts';
import { nibp2020 } from '../../drivers/nibp2020/driver.ts';
import { alertsOf, KNOWN_ALERTS } from '../../drivers/nibp2020/observe.ts';
import { vectors } from '../../drivers/nibp2020/vectors.ts';
import { vectorBytes } from '../../src/driver/proof.ts';
import { status } from './nibp2020-kit.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const GOOD = 'S1;A0;C15;M03;P122077094;R075;T0900;;51';

const good = vectors.filter((vector) => 'decodes' in vector);
const lineOf = (vector: (typeof vectors)[number]): Uint8Array => vectorBytes(vector).slice(0, -1);

describe('frames of nibp2020', () => {
  test.each(good)('$name ($source)', (vector) => {
    expect(decodeNibp(lineOf(vector))).toEqual({ ok: true, value: vector.decodes });
  });

  test.each([
    ['one digit of a pressure changed', `\x02${GOOD.replace('122', '123')}\x03`, 'checksum'],
    ['wrong checksum', `\x02${GOOD.slice(0, -1)}2\x03`, 'checksum'],
    ['checksum in lower case', `\x02${GOOD.slice(0, -2)}f3\x03`, 'malformed'],
    ['cut at the end', `\x02${GOOD}`, 'malformed'],
    ['cut at the start', `${GOOD}\x03`, 'malformed'],
    ['something behind the end', `\x02${GOOD}\x030`, 'malformed'],
    ['pressures of two digits', '\x02S1;A0;C15;M03;P22077094;R075;T0900;;20\x03', 'malformed'],
    ['another text where the mark stands', `\x02${GOOD.replace(';;', ';ABC;')}\x03`, 'malformed'],
    ['a cuff pressure of four digits', '\x020035C0S3\x03', 'malformed'],
    ['998', '\x02998\x03', 'malformed'],
    ['a command, not an answer', '\x0201;;D7\x03', 'malformed'],
    ['empty', '', 'malformed'],
    ['empty between start and end', '\x02\x03', 'malformed'],
  ] as const)('refused: %s', (_, text, kind) => {
    expect(decodeNibp(latin1(text))).toEqual({ ok: false, error: { kind } });
  });

  test('two frames of which the first lost its end: the second counts', () => {
    expect(decodeNibp(latin1('\x02S1;A0;C15;M03;P12\x02999\x03'))).toEqual({
      ok: true,
      value: { kind: 'end' },
    });
  });

  test('a part of a reading is none', () => {
    const text = 'S1;A0;C15;M03;P122---094;R---;T0900;;';
    const sum = latin1(text).reduce((total, byte) => (total + byte) % 256, 0);
    const line = latin1(`\x02${text}${sum.toString(16).toUpperCase()}\x03`);
    expect(decodeNibp(line)).toMatchObject({ ok: true, value: { result: null } });
  });

  test('every bit of every good status turned over: never another meaning', () => {
    let tried = 0;
    for (const vector of good) {
      const line = lineOf(vector);
      const truth = decodeNibp(line);
      if (!truth.ok || truth.value.kind !== 'status') continue;
      for (let bit = 0; bit < line.length * 8; bit += 1) {
        const bad = Uint8Array.from(line);
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const found = decodeNibp(bad);
        if (found.ok) expect(found).toEqual(truth);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(1_000);
  });

  test('no bit of a cuff pressure turned over makes a status or an end of it', () => {
    const line = latin1('\x02035C0S3\x03');
    for (let bit = 0; bit < line.length * 8; bit += 1) {
      const bad = Uint8Array.from(line);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const found = decodeNibp(bad);
      if (found.ok) expect(found.value.kind).toBe('pressure');
    }
  });
});

describe('what may be sent', () => {
  test('the question, the start, the cycle of 15 minutes, for both boards, and the stop; nothing else', () => {
    const all = nibpQueries.all.map(({ name, bytes }) => [
      name,
      Buffer.from(bytes).toString('hex'),
    ]);
    expect(Object.fromEntries(all)).toEqual({
      status: '0231383b3b444603',
      start: '0230313b3b443703',
      'cycle-15': '0231303b3b443703',
      'status-combi': 'fd31383b3b4446fe0d',
      'start-combi': 'fd30313b3b4437fe0d',
      'cycle-15-combi': 'fd31303b3b4437fe0d',
      abort: '58',
    });
  });

  test('no other code of the module, on either board', () => {
    for (let code = 0; code < 100; code += 1) {
      const text = `${String(code).padStart(2, '0')};;`;
      const sum = latin1(text).reduce((total, byte) => (total + byte) % 256, 0);
      const body = `${text}${sum.toString(16).toUpperCase().padStart(2, '0')}`;
      const isListed = [1, 10, 18].includes(code);
      expect(nibpQueries.has(latin1(`\x02${body}\x03`))).toBe(isListed);
      expect(nibpQueries.has(latin1(`\xfd${body}\xfe\r`))).toBe(isListed);
    }
  });

  test('measuring is off unless the site says so', () => {
    expect(nibp2020.options.parse({})).toEqual({ measure: 'off', board: 'nibp' });
    expect(() => nibp2020.options.parse({ measure: 'on' })).toThrow();
    expect(() => nibp2020.options.parse({ interval: 5 })).toThrow();
  });
});

describe('what the module says of itself', () => {
  test.each([
    ['00', 1, []],
    ['03', 6, []],
    ['07', 1, []],
    ['11', 1, []],
    ['07', 2, ['S2']],
    ['12', 1, ['M12']],
    ['15', 2, ['S2', 'M15']],
    ['04', 1, ['M04']],
    ['99', 1, ['M99']],
  ] as const)('M%s in state %s: %j', (message, state, codes) => {
    const found = alertsOf(status({ message, state }));
    expect(found.map(({ code }) => code)).toEqual(codes);
    for (const alert of found) {
      expect(alert.ruleId).toBe('PMP-10');
      if (!KNOWN_ALERTS.includes(alert)) expect(alert.priority).toBe('medium');
    }
  });
});

test('without leave to measure the port lets nothing but the question for the status out', () => {
  const off = nibp2020.queriesWith?.(nibp2020.options.parse({}));
  const cycle = nibp2020.queriesWith?.(nibp2020.options.parse({ measure: 'cycle' }));
  expect(off?.all.map(({ name }) => name)).toEqual(['status', 'status-combi']);
  for (const { name, bytes } of nibp2020.queries.all) {
    expect(off?.has(bytes), name).toBe(name.startsWith('status'));
    expect(cycle?.has(bytes), name).toBe(true);
  }
});
