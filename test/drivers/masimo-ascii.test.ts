import { describe, expect, test } from 'vitest';
import { decodeMasimo, masimoQueries } from '../../drivers/masimo-ascii/codec.ts';
import { masimoAscii } from '../../drivers/masimo-ascii/driver.ts';
import { alertsOf } from '../../drivers/masimo-ascii/exceptions.ts';
import { vectors } from '../../drivers/masimo-ascii/vectors.ts';
import { vectorBytes } from '../../src/driver/proof.ts';
import { framerFor } from '../../src/port/line-framer.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const LINE =
  '02/22/16 22:47:45 SN=0000012345 SPO2=098% BPM=097 PI=03.60% SPCO=--.-% ALARM=0000 EXC=000800';

describe('lines of masimo-ascii', () => {
  const good = vectors.filter((vector) => 'decodes' in vector);
  test.each(good)('$name ($source)', (vector) => {
    const framer = framerFor(masimoAscii.framing);
    const found = framer.feed(vectorBytes(vector)).map((frame) => {
      const decoded = decodeMasimo(frame);
      return decoded.ok ? decoded.value : decoded.error;
    });
    expect(found.length === 1 ? found[0] : found).toEqual(vector.decodes);
  });

  test.each(vectors.filter((vector) => 'refused' in vector))('refused: $name', (vector) => {
    const text = Buffer.from(vectorBytes(vector)).toString('latin1');
    expect(decodeMasimo(latin1(text.trim()))).toEqual({ ok: false, error: { kind: 'malformed' } });
  });

  test.each(['', '\r', '\r\r'])('an empty line (%j) is nothing bad', (text) => {
    expect(decodeMasimo(latin1(text))).toEqual({ ok: true, value: null });
  });

  test.each([
    ['LF CR', '\n\r'],
    ['CR LF', '\r\n'],
    ['LF', '\n'],
    ['LF CR twice', '\n\r\n\r'],
  ])('line end %s: no line is lost or glued', (_, end) => {
    const framer = framerFor(masimoAscii.framing);
    const frames = framer.feed(latin1(`${LINE}${end}${LINE}${end}${LINE}${end}`));
    const lines = frames.map(decodeMasimo).filter((one) => !one.ok || one.value !== null);
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatchObject({ ok: true, value: { spo2: 98 } });
  });

  test('opened in the middle of a line: the half line is refused, the next one is read', () => {
    const framer = framerFor(masimoAscii.framing);
    const frames = framer.feed(latin1(`7% PI=03.60% ALARM=0000 EXC=000800\n\r${LINE}\n\r`));
    expect(frames.map((frame) => decodeMasimo(frame).ok)).toEqual([false, true]);
  });

  test('the order of the words does not matter, nor how many blanks are between them', () => {
    const other =
      '02/22/16 22:47:45 EXC=000800  ALARM=0000 PI=03.60% BPM=097 SPO2=098% SN=0000012345';
    expect(decodeMasimo(latin1(other))).toEqual(decodeMasimo(latin1(LINE)));
  });

  test('every cut of a line is refused', () => {
    for (let length = 1; length < LINE.length; length += 1) {
      expect(decodeMasimo(latin1(LINE.slice(0, length))).ok, LINE.slice(0, length)).toBe(false);
    }
  });
});

describe('what the exceptions and the alarm word signal', () => {
  test.each([
    [0x001, 'NO_SENSOR', 'MON-04', 'medium'],
    [0x002, 'SENSOR_DEFECTIVE', 'MON-04', 'medium'],
    [0x004, 'LOW_PERFUSION', 'MON-04', 'low'],
    [0x008, 'PULSE_SEARCH', 'MON-04', 'medium'],
    [0x010, 'INTERFERENCE', 'MON-05', 'low'],
    [0x020, 'SENSOR_OFF', 'MON-04', 'medium'],
    [0x040, 'AMBIENT_LIGHT', 'MON-05', 'low'],
    [0x080, 'SENSOR_UNKNOWN', 'MON-04', 'medium'],
    [0x100, 'EXC 100', 'PMP-10', 'medium'],
    [0x200, 'EXC 200', 'PMP-10', 'medium'],
    [0x400, 'LOW_SIGNAL_IQ', 'MON-05', 'low'],
    [0x8000_0000, 'EXC 80000000', 'PMP-10', 'medium'],
  ])('exception %s', (bit, code, ruleId, priority) => {
    for (const running of [0, 0x800]) {
      expect(alertsOf('0000', (bit | running) >>> 0)).toMatchObject([{ code, ruleId, priority }]);
    }
  });

  test.each(['0001', '0010', '0038', '000020', '00A0', '000F', 'FFFF'])(
    'the alarm word %s is shown',
    (word) => {
      expect(alertsOf(word, 0x800)).toEqual([
        {
          code: 'ALARM',
          text: `Monitor alarm, word ${word}`,
          ruleId: 'PMP-10',
          priority: 'medium',
        },
      ]);
    },
  );

  test('none of them hides another', () => {
    expect(alertsOf('0012', 0xfff).map(({ code }) => code)).toEqual([
      'NO_SENSOR',
      'SENSOR_DEFECTIVE',
      'SENSOR_UNKNOWN',
      'SENSOR_OFF',
      'PULSE_SEARCH',
      'LOW_PERFUSION',
      'LOW_SIGNAL_IQ',
      'INTERFERENCE',
      'AMBIENT_LIGHT',
      'EXC 300',
      'ALARM',
    ]);
    expect(alertsOf('0000', 0x800)).toEqual([]);
    expect(alertsOf('0000', 0)).toEqual([]);
  });
});

test('nothing may be sent', () => {
  expect(masimoQueries.all).toEqual([]);
});
