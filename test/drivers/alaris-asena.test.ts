import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asenaAlert, KNOWN_ALARM_CODES } from '../../drivers/alaris-asena/alarm-codes.ts';
import { asenaQueries, decodeAsena } from '../../drivers/alaris-asena/codec.ts';
import { modelOf } from '../../drivers/alaris-asena/model.ts';
import {
  commandVectors,
  queryVectors,
  refusedVectors,
  replyVectors,
} from '../../drivers/alaris-asena/vectors.ts';
import { asenaChecksum, asenaFrame } from '../../simulators/alaris-asena/wire.ts';
import { crc16CcittFalse } from '../../src/driver/kit/crc16.ts';
import { latin1, line } from './alaris-asena-talk.ts';

/** Lines of the vectors without CR and without what ESC cancelled, cut by hand. */
const vectors = [...queryVectors, ...replyVectors].map(({ source, text = '' }) => {
  const wire = text.slice(text.lastIndexOf('\x1b') + 1, -1);
  const [name = '', ...fields] = wire.slice(1, wire.lastIndexOf('|')).split('^');
  return { source, wire, name, fields };
});

describe('golden vectors', () => {
  test.each(vectors)('the driver reads $wire ($source)', ({ wire, name, fields }) => {
    expect(decodeAsena(latin1(wire))).toEqual({ ok: true, value: { name, fields } });
  });

  test.each(vectors)('the simulator writes $wire ($source)', ({ wire, name, fields }) => {
    expect(Buffer.from(asenaFrame([name, ...fields])).toString('latin1')).toBe(`${wire}\r`);
  });

  test.each(asenaQueries.all)('the driver asks $name with the bytes of a vector', (query) => {
    const vector = queryVectors.find(({ name }) => name === query.name);
    expect(Buffer.from(query.bytes).toString('latin1')).toBe(vector?.text);
  });

  test('the query and the first reply, byte by byte', () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
    expect(hex(asenaQueries.get('INF'))).toBe('21494E467C343936310D');
    expect(hex(asenaFrame(['INST_SERIALNO', '8003-20417']))).toBe(
      '21494E53545F53455249414C4E4F5E383030332D32303431377C374134380D',
    );
  });

  test('the check value of the CRC is 29B1, in the driver and in the simulator', () => {
    expect(crc16CcittFalse(latin1('123456789'))).toBe(0x29b1);
    expect(asenaChecksum('123456789')).toBe('29B1');
  });

  test('the two implementations of the CRC agree on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        expect(asenaChecksum(text)).toBe(
          crc16CcittFalse(bytes).toString(16).toUpperCase().padStart(4, '0'),
        );
      }),
    );
  });
});

describe('rejects', () => {
  const kinds = { 'wrong checksum': 'checksum', malformed: 'malformed' } as const;
  const lines = refusedVectors.flatMap((vector) => {
    const kind =
      'refused' in vector
        ? Object.entries(kinds).find(([why]) => why === vector.refused)
        : undefined;
    return kind === undefined
      ? []
      : [{ name: vector.name, text: vector.text ?? '', kind: kind[1] }];
  });
  test.each(lines)('$name: $text', ({ text, kind }) => {
    expect(decodeAsena(latin1(text.slice(0, -1)))).toMatchObject({ ok: false, error: { kind } });
  });

  test.each(vectors)(
    '$wire: no flipped bit gives an accepted wrong frame',
    ({ wire, name, fields }) => {
      const good = latin1(wire);
      for (let bit = 0; bit < good.length * 8; bit++) {
        const bad = Uint8Array.from(good);
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const decoded = decodeAsena(bad);
        // The only thing that may still be read is the very same frame.
        if (decoded.ok) expect({ bit, ...decoded.value }).toEqual({ bit, name, fields });
      }
    },
  );

  test.each(vectors)('$wire: cut anywhere, it is not a frame', ({ wire }) => {
    for (let length = 0; length < wire.length; length++) {
      expect(decodeAsena(latin1(wire.slice(0, length)))).toMatchObject({ ok: false });
    }
  });

  test('whatever comes, the decoder does not throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(decodeAsena(bytes)).toBeTypeOf('object');
      }),
    );
  });
});

describe('what a line may carry beside its frame', () => {
  const status = { ok: true, value: { name: 'INF', fields: [] } };
  test.each([
    { what: 'noise before `!`', text: 'x\x00\xff~!INF|4961' },
    { what: 'a line feed of a pump that says CR LF', text: '\n!INF|4961' },
    { what: 'a frame that was begun anew', text: '!INST_SER!INF|4961' },
    { what: 'a frame that ESC cancelled', text: '!INST_SERIALNO|457D\x1b!INF|4961' },
  ])('$what is skipped', ({ text }) => {
    expect(decodeAsena(latin1(text))).toEqual(status);
  });

  test('the checksum stands after the last `|`', () => {
    expect(decodeAsena(line('ALARM', 'AL_NEW', 'a|b', ''))).toEqual({
      ok: true,
      value: { name: 'ALARM', fields: ['AL_NEW', 'a|b', ''] },
    });
  });
});

describe('only questions', () => {
  test.each([
    'REMOTE_CTRL^ENABLED^7A48',
    'REMOTE_CTRL^DISABLED',
    'REMOTE_CFG^1',
    'REMQUERY^DEACT',
    'INF_START',
    'INF_STOP',
    'INF_RATE^9.00^ml/h',
    'INF_RATE_MAX_SYRINGE^9.00^ml/h',
    'INF_VTBI^10.000^ml^STOP',
    'INF_VTBI^',
    'INF_VI^0',
    'INF_BOLUS^1.0^ml',
    'INF_VI_CLEAR',
    'SYRINGE_STATUS^CONF',
    'INF^',
  ])('%s is not on the list', (command) => {
    expect(asenaQueries.has(asenaFrame(command.split('^')))).toBe(false);
  });

  test.each(commandVectors)('$text is not on the list: $name ($source)', ({ text = '' }) => {
    expect(asenaQueries.has(latin1(text))).toBe(false);
  });

  test('every question on the list is a bare word of the read-only ten', () => {
    const readOnly = queryVectors.map(({ name }) => name);
    expect(readOnly).toHaveLength(10);
    expect(asenaQueries.all).toHaveLength(10);
    for (const { name, bytes } of asenaQueries.all) {
      expect(readOnly).toContain(name);
      expect(Buffer.from(bytes).toString('latin1')).not.toContain('^');
    }
  });
});

describe('alarm codes', () => {
  test('there are 23', () => {
    expect(new Set(KNOWN_ALARM_CODES).size).toBe(23);
  });

  test.each([
    ['AL_OCCLU', 'PMP-01', 'high'],
    ['AL_VTBIS', 'PMP-06', 'medium'],
    ['AL_VTBIC', 'PMP-06', 'medium'],
    ['AL_VTBIK', 'PMP-06', 'medium'],
    ['AL_NEOIN', 'PMP-05', 'low'],
    ['AL_EOIKV', 'PMP-06', 'medium'],
    ['AL_EOIST', 'PMP-06', 'medium'],
    ['AL_LWBAT', 'PMP-07', 'medium'],
    ['AL_EMBAT', 'PMP-07', 'high'],
    ['AL_LBTAC', 'PMP-07', 'medium'],
    ['AL_ACDIS', 'PMP-08', 'low'],
    ['AL_DRDIS', 'PMP-03', 'high'],
    ['AL_SYRCO', 'PMP-03', 'high'],
    ['AL_PRDSC', 'PMP-04', 'high'],
    ['AL_RHIGH', 'PMP-04', 'high'],
    ['AL_COMTO', 'PMP-04', 'medium'],
    ['AL_CALLB', 'PMP-06', 'medium'],
    ['AL_LDSCN', 'PMP-11', 'medium'],
    ['AL_FAULT', 'PMP-04', 'high'],
    ['AL_TCITG', 'PMP-11', 'medium'],
    ['AL_TITCA', 'PMP-11', 'medium'],
    ['AL_TITNC', 'PMP-11', 'medium'],
  ])('%s is %s, %s', (code, ruleId, priority) => {
    expect(KNOWN_ALARM_CODES).toContain(code);
    expect(asenaAlert(code)).toMatchObject({ code, ruleId, priority });
  });

  test('AL_NOALM is none', () => {
    expect(asenaAlert('AL_NOALM')).toBeUndefined();
  });

  test('AL_DRDIS is also known with the blank of one public list', () => {
    expect(asenaAlert('AL DRDIS')).toMatchObject({ code: 'AL_DRDIS', ruleId: 'PMP-03' });
  });

  test.each(['AL_XXXXX', 'AL NOALM', 'al_noalm', 'AL_NOALMX', 'constructor', '__proto__'])(
    'the unknown code %s is an alarm of high priority and shown as received',
    (code) => {
      expect(asenaAlert(code)).toEqual({ code, text: code, ruleId: 'PMP-10', priority: 'high' });
    },
  );

  test('the texts of an unknown code are shown too', () => {
    expect(asenaAlert('AL_NEW', [' ', 'Syringe barrel '])).toMatchObject({
      code: 'AL_NEW',
      text: 'AL_NEW Syringe barrel',
    });
  });
});

describe('which model it is, by the serial number', () => {
  test.each([
    ['8002-51740', 'GH (by serial number)'],
    ['8003-20417', 'CC (by serial number)'],
    ['8004-00001', 'TIVA (by serial number)'],
    ['8005-00001', 'PK (by serial number)'],
    ['SIM8003-00001', 'CC (by serial number)'],
    ['8015-00001', undefined],
    ['80020-0001', undefined],
    ['SIM1-00001', undefined],
    ['', undefined],
  ])('%s: %s', (serial, model) => {
    expect(modelOf(serial)).toBe(model);
  });
});
