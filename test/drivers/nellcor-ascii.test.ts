import { describe, expect, test } from 'vitest';
import { decodeNellcor, nellcorQueries } from '../../drivers/nellcor-ascii/codec.ts';
import { nellcorAscii } from '../../drivers/nellcor-ascii/driver.ts';
import { nellcorSession } from '../../drivers/nellcor-ascii/session.ts';
import { vectors } from '../../drivers/nellcor-ascii/vectors.ts';
import { vectorBytes } from '../../src/driver/proof.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { Listening, RATE, SPO2, verdictOf } from './oximeter-kit.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const MODEL = 'N-560    VERSION 1.56.00    CRC:XXXX  SpO2 Limit: 90-100%    PR Limit: 60-170BPM';

/** A line of values `n` seconds after the hour. */
function line(rest: string, n = 0): string {
  const time = `14:${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`;
  return `12-NOV-98 ${time}   ${rest}`;
}

/** Lines every 2 s. */
function heard(...lines: readonly string[]) {
  const talk = new Listening(nellcorSession);
  const verdicts = lines.map((rest, index) => verdictOf(talk.hear(line(rest, 2 * index), 2_000)));
  return { talk, verdicts };
}

/** What the third line says, after two good ones. */
const third = (rest: string) => heard('97 72 45', '97 72 45', rest).talk;

describe('lines of nellcor-ascii', () => {
  test.each(vectors.filter((vector) => 'decodes' in vector))('$name ($source)', (vector) => {
    const frames = framerFor(nellcorAscii.framing).feed(vectorBytes(vector));
    expect(frames.map(decodeNellcor)).toEqual([{ ok: true, value: vector.decodes }]);
  });

  test.each(vectors.filter((vector) => 'refused' in vector))('refused: $name', (vector) => {
    expect(decodeNellcor(vectorBytes(vector))).toEqual({ ok: false, error: { kind: 'malformed' } });
  });

  test('the asterisk may stand apart, and blanks as many as there are', () => {
    const one = decodeNellcor(latin1('12-NOV-98 14:00:07   84*  72   40      SL'));
    expect(decodeNellcor(latin1('12-NOV-98 14:00:07 84 * 72 40 SL'))).toEqual(one);
  });

  test.each(['\r\n', '\n', '\n\r'])('line end %j: no line is lost or glued', (end) => {
    const text = [line('97 72 45'), line('98 72 45', 2), line('99 72 45', 4), ''].join(end);
    const found = framerFor(nellcorAscii.framing).feed(latin1(text)).map(decodeNellcor);
    expect(found).toHaveLength(3);
    for (const one of found) expect(one).toMatchObject({ ok: true, value: { kind: 'values' } });
  });

  test('nothing may be sent', () => {
    expect(nellcorQueries.all).toEqual([]);
  });
});

describe('every code of a line counts', () => {
  test.each([
    ['SD', 'MON-04', 'medium', 'invalid', 'spo2 sensor disconnected'],
    ['SO', 'MON-04', 'medium', 'invalid', 'spo2 sensor off'],
    ['LP', 'MON-04', 'high', 'invalid', 'loss of pulse'],
    ['LM', 'MON-04', 'high', 'invalid', 'loss of pulse, interference'],
    ['PS', 'MON-04', 'medium', 'questionable', 'searching for a pulse'],
    ['MO', 'MON-05', 'low', 'questionable', 'interference'],
    ['XY', 'PMP-10', 'medium', 'questionable', 'code XY unknown'],
    ['SL', 'PMP-10', 'medium', 'valid', undefined],
    ['SH', 'PMP-10', 'medium', 'valid', undefined],
    ['PL', 'PMP-10', 'medium', 'valid', undefined],
    ['PH', 'PMP-10', 'medium', 'valid', undefined],
    ['AO', 'MON-10', 'medium', 'valid', undefined],
    ['AS', 'MON-10', 'medium', 'valid', undefined],
    ['LB', 'PMP-10', 'medium', 'valid', undefined],
  ] as const)('%s', (code, ruleId, priority, validity, reason) => {
    const why = reason === undefined ? {} : { reason };
    for (const codes of [code, `${code} ${code}`]) {
      const talk = third(`97 72 45 ${codes}`);
      expect(talk.of('alerts').at(-1)?.alerts).toMatchObject([{ code, ruleId, priority }]);
      const isGone = validity === 'invalid';
      expect(talk.last(SPO2)).toEqual({ value: isGone ? null : 97, validity, ...why });
      expect(talk.last(RATE)).toEqual({ value: isGone ? null : 72, validity, ...why });
    }
  });

  test.each([
    ['97 72 45 MO SL       AS', ['MO', 'SL', 'AS'], 'interference'],
    ['97 72 45 AS SO', ['AS', 'SO'], 'spo2 sensor off'],
    ['97 72 45 SO AS', ['SO', 'AS'], 'spo2 sensor off'],
    ['97 72 45 MO SD', ['MO', 'SD'], 'spo2 sensor disconnected'],
    ['97 72 45 XY MO', ['XY', 'MO'], 'interference'],
  ] as const)('"%s": %j', (rest, codes, reason) => {
    const talk = third(rest);
    expect(talk.alarms()).toEqual(codes);
    expect(talk.last(SPO2)?.reason).toBe(reason);
  });

  test.each([
    ['84* 72 45 SL', ['SL']],
    ['97* 72 45 SH', ['SH']],
    ['84* 72 45', ['SPO2*']],
    ['97 172* 45 PH', ['PH']],
    ['97 30* 45', ['BPM*']],
    ['84* 172* 45 SL', ['SL', 'BPM*']],
    ['84* 172* 45 MO', ['MO', 'SPO2*', 'BPM*']],
  ] as const)('an asterisk is an alarm, too: "%s"', (rest, codes) => {
    expect(third(rest).alarms()).toEqual(codes);
  });

  test('alarms are the complete list of each line', () => {
    const { talk } = heard('97 72 45', '97 72 45 SO AS', '97 72 45');
    expect(talk.of('alerts').map(({ alerts }) => alerts.length)).toEqual([0, 2, 0]);
  });
});

describe('what a value is worth', () => {
  test('dashes are no value', () => {
    expect(third('--- --- ---').last(SPO2)).toEqual({ value: null, validity: 'not-available' });
    expect(third('--- --- --- PS').last(RATE)).toEqual({
      value: null,
      validity: 'not-available',
      reason: 'searching for a pulse',
    });
  });

  test.each([
    ['0 0 --- PS', SPO2, 'searching for a pulse'],
    ['0 0 --- PS', RATE, 'searching for a pulse'],
    ['0 72 45', SPO2, '0 is no value'],
    ['97 0 45', RATE, '0 is no value'],
    ['101 72 45', SPO2, '101 is no value'],
    ['97 251 45', RATE, '251 is no value'],
  ] as const)('"%s": %s is invalid and null', (rest, code, reason) => {
    expect(heard(rest, rest, rest).talk.last(code)).toEqual({
      value: null,
      validity: 'invalid',
      reason,
    });
  });

  test.each([
    ['100 250 45', 100, 250],
    ['1 1 45', 1, 1],
  ] as const)('"%s" is valid', (rest, spo2, rate) => {
    const { talk } = heard(rest, rest);
    expect(talk.last(SPO2)).toEqual({ value: spo2, validity: 'valid' });
    expect(talk.last(RATE)).toEqual({ value: rate, validity: 'valid' });
  });

  test('the first line, a damaged digit and a sudden change wait for a second line', () => {
    const { talk } = heard('97 72 45', '97 72 45', '47 72 45', '97 172 45', '97 172 45');
    const of = (code: string) =>
      talk.of('metric').flatMap((metric) => (metric.code === code ? [metric.validity] : []));
    expect(of(SPO2)).toEqual(['questionable', 'valid', 'questionable', 'valid', 'valid']);
    expect(of(RATE)).toEqual(['questionable', 'valid', 'valid', 'questionable', 'valid']);
  });

  test('the clock of the oximeter is only handed on', () => {
    const { talk } = heard('97 72 45', '97 72 45');
    expect(talk.of('metric').at(-1)).toMatchObject({
      atMs: talk.nowMs,
      deviceWallMs: Date.UTC(1998, 10, 12, 14, 0, 2),
    });
  });

  test.each([
    ['17', 2017],
    ['69', 2069],
    ['70', 1970],
    ['98', 1998],
  ])('the year %s is %s', (year, full) => {
    const decoded = decodeNellcor(latin1(line('97 72 45').replace('98 ', `${year} `)));
    expect(decoded).toMatchObject({ value: { deviceWallMs: Date.UTC(full, 10, 12, 14) } });
  });
});

describe('headings', () => {
  test('tell model and firmware', () => {
    const talk = new Listening(nellcorSession);
    expect(talk.hear(MODEL)).toMatchObject([
      { kind: 'identity', model: 'N-560', firmware: '1.56.00' },
      { kind: 'frame-accepted' },
    ]);
    expect(talk.of('identity')[0]).not.toHaveProperty('mode');
  });

  test('are accepted only while values come', () => {
    const talk = new Listening(nellcorSession);
    expect(verdictOf(talk.hear(MODEL, 6_000))).toBe('accepted');
    expect(verdictOf(talk.hear(MODEL, 1))).toBe('unexpected');
    talk.hear(line('97 72 45'));
    expect(verdictOf(talk.hear('', 6_000))).toBe('accepted');
    expect(verdictOf(talk.hear('TIME   %SPO2   BPM     PA     Status', 1))).toBe('unexpected');
  });
});

describe('simulated, frozen, closed', () => {
  test('the mark comes before the values, once', () => {
    const talk = new Listening(nellcorSession);
    expect(talk.hear(line('97 72 45 SL SIM'))[0]).toMatchObject({ kind: 'identity', mode: 'demo' });
    expect(talk.hear(line('97 72 45 SIM', 2))[0]?.kind).toBe('frame-accepted');
    expect(talk.alarms()).toEqual([]);
  });

  test('the same line for more than 5 s is refused', () => {
    const talk = new Listening(nellcorSession);
    const same = Array.from({ length: 5 }, () => verdictOf(talk.hear(line('97 72 45'), 2_000)));
    expect(same).toEqual(['accepted', 'accepted', 'accepted', 'unexpected', 'unexpected']);
    expect(verdictOf(talk.hear(line('97 72 45', 2), 2_000))).toBe('accepted');
  });

  test('closed: nothing is taken; opened: from the beginning', () => {
    const { talk } = heard('97 72 45 SIM', '97 72 45 SIM');
    talk.close();
    expect(verdictOf(talk.hear(line('97 72 45')))).toBe('unexpected');
    talk.open();
    expect(talk.hear(line('97 72 45 SIM', 8))[0]).toMatchObject({ mode: 'demo' });
    expect(talk.last(SPO2)?.validity).toBe('questionable');
  });
});
