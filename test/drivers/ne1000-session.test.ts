import { describe, expect, test } from 'vitest';
import { basicFrame, infusing, type Line, safeFrame, Talk } from './ne1000-talk.ts';

const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';
const silent: Line = () => undefined;
/** The same pump, but in safe mode: it hears packets only. */
const inSafeMode =
  (line: Line): Line =>
  (asked) =>
    asked.framing === 'safe' ? line({ ...asked, framing: 'basic' }) : undefined;
const verdicts = (talk: Talk) =>
  talk.events.flatMap((event) =>
    event.kind === 'frame-accepted' ? 'ok' : event.kind === 'frame-rejected' ? event.reason : [],
  );

describe('the conversation', () => {
  test('opened: a CR alone, 0.6 s later who it is, twice, then the values', () => {
    const talk = new Talk(infusing({ CR: () => undefined })).open().runTo(2_000);
    expect(talk.sent[0]).toMatchObject({ atMs: 0, word: 'CR' });
    expect(talk.sent[1]).toMatchObject({ atMs: 600, word: 'VER', address: '0' });
    expect(talk.words().slice(2, 4)).toEqual(['SAF', 'VER']);
    expect(new Set(talk.words().slice(4, 10))).toEqual(
      new Set(['PHN', 'RAT', 'DIS', 'VOL', 'DIR', 'DIA']),
    );
    expect(talk.flow()).toMatchObject({ status: 'infusing', value: 40, validity: 'valid' });
  });

  test('one question at a time, and no word twice within 0.5 s', () => {
    const talk = new Talk(infusing(), { replyMs: 400 });
    talk.open().runTo(30_000);
    for (const [index, { atMs }] of talk.sent.entries()) {
      const next = talk.sent[index + 1];
      if (next !== undefined) expect(next.atMs - atMs).toBeGreaterThanOrEqual(400);
    }
  });

  test('an hour: RAT, DIS and PHN every 2 s, the others rarely, the state alone hardly ever', () => {
    const talk = new Talk(infusing()).open().runTo(60_000).from().run(60_000);
    const count = (word: string) => talk.sent.filter((one) => one.word === word).length;
    expect([count('RAT'), count('DIS'), count('PHN')]).toEqual([30, 30, 30]);
    expect([count('VOL'), count('DIR'), count('DIA'), count('VER'), count('SAF')]).toEqual([
      15, 6, 1, 1, 1,
    ]);
    expect(count('CR')).toBe(0);
    expect(talk.of('frame-rejected')).toEqual([]);
    expect(talk.of('reply-missed')).toEqual([]);
    const heard = talk.of('frame-accepted').map(({ atMs }) => atMs);
    const gaps = heard.slice(1).map((atMs, index) => atMs - (heard[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1_100);
  });

  test('everything that it says', () => {
    const talk = new Talk(infusing()).open().runTo(3_000);
    expect(talk.of('identity')).toMatchObject([
      { model: 'NE1000', firmware: 'V3.928', channel: '0' },
    ]);
    expect(talk.metric('MDC_FLOW_FLUID_PUMP')).toMatchObject({ value: 40, validity: 'valid' });
    expect(talk.metric('MDC_VOL_FLUID_DELIV_TOTAL')).toMatchObject({ value: 1.234 });
    expect(talk.metric('MDC_VOL_FLUID_TBI')).toMatchObject({ value: 50, validity: 'valid' });
    expect(talk.metric('MDC_VOL_FLUID_TBI_REMAIN')).toEqual({
      value: 48.766,
      validity: 'questionable',
      reason: 'computed: target less infused volume',
    });
    expect(
      talk
        .of('fact')
        .map(({ code, text }) => `${code} ${text}`)
        .sort(),
    ).toEqual(expect.arrayContaining(['direction infuse', 'mode phase 1', 'syringe 26.59 mm']));
    expect(talk.alarms()).toEqual([]);
    for (const event of talk.events) expect(event.channel).toBe('0');
  });

  test('closed: nothing is sent, heard or woken; opened: from the beginning', () => {
    const talk = new Talk(infusing()).open().runTo(3_000).close().from();
    expect(talk.wakeAtMs).toBeUndefined();
    expect(talk.hear(basicFrame('00I40.00MH'))).toMatchObject([{ reason: 'unexpected' }]);
    expect(talk.run(60_000).sent).toEqual([]);
    talk.from().open().run(1_000);
    expect(talk.words().slice(0, 2)).toEqual(['CR', 'VER']);
    expect(talk.of('metric').filter(({ value }) => value !== null)).toEqual([]);
  });
});

describe('states', () => {
  test.each([
    { letter: 'I', status: 'infusing', value: 40, validity: 'valid' },
    { letter: 'S', status: 'stopped', value: 0, validity: 'valid' },
    { letter: 'P', status: 'paused', value: 0, validity: 'valid' },
    { letter: 'T', status: 'paused', value: 0, validity: 'valid' },
    { letter: 'U', status: 'paused', value: 0, validity: 'valid' },
    { letter: 'X', status: 'purge', value: null, validity: 'not-available' },
    { letter: 'W', status: 'unknown', value: null, validity: 'invalid' },
    { letter: 'Q', status: 'unknown', value: null, validity: 'invalid' },
  ])('$letter: $status, flow $value $validity', ({ letter, status, value, validity }) => {
    const talk = new Talk(infusing({}, () => letter)).open().runTo(3_000);
    expect(talk.flow()).toMatchObject({ status, value, validity });
    expect(talk.of('pump-status').at(-1)?.raw).toBe(letter);
    expect(talk.metric('MDC_FLOW_FLUID_PUMP')).toMatchObject({ value: 40 });
  });

  test('every flow says that it is derived', () => {
    const talk = new Talk(infusing()).open().runTo(3_000);
    for (const metric of talk.of('metric').filter(({ code }) => code === FLOW)) {
      expect(metric.source).toBe('derived from state and set rate');
    }
  });

  test('started: no flow until the rate was read since, then the rate', () => {
    let letter = 'S';
    let rate = '40.00MH';
    const talk = new Talk(infusing({ RAT: () => rate }, () => letter)).open().runTo(5_000).from();
    letter = 'I';
    rate = '8.000MH';
    while (talk.flow().status !== 'infusing') talk.run(1);
    const isRead = talk.sent.at(-1)?.word === 'RAT';
    if (!isRead) expect(talk.flow()).toMatchObject({ value: null, validity: 'not-available' });
    talk.run(600);
    expect(talk.flow()).toMatchObject({ value: 8, validity: 'valid' });
    expect(talk.of('metric').some(({ code, value }) => code === FLOW && value === 40)).toBe(false);
  });

  test('another state in the very answer to RAT: that rate is of it', () => {
    let letter = 'S';
    const talk = new Talk(infusing({}, () => letter)).open().runTo(5_000).until('RAT').from();
    letter = 'S';
    talk.hear(basicFrame('00I12.00MH'));
    expect(talk.flow()).toMatchObject({ status: 'infusing', value: 12, validity: 'valid' });
    letter = 'I';
  });

  test('another phase: the rate of the old one is no flow any more', () => {
    let phase = '1';
    let isDeaf = false;
    const rate = () => (isDeaf ? undefined : '40.00MH');
    const talk = new Talk(infusing({ PHN: () => phase, RAT: rate })).open().runTo(5_000).from();
    phase = '2';
    isDeaf = true;
    talk.until('PHN').run(30);
    expect(talk.flow()).toEqual({
      status: 'infusing',
      value: null,
      validity: 'not-available',
      reason: 'rate not read since state or phase changed',
    });
    isDeaf = false;
    talk.run(5_000);
    expect(talk.flow()).toMatchObject({ value: 40, validity: 'valid' });
  });

  test('RAT is no longer answered: the flow ends after 5 s, though the state goes on', () => {
    let rate: string | undefined = '40.00MH';
    const talk = new Talk(infusing({ RAT: () => rate })).open().runTo(10_000);
    rate = undefined;
    talk.run(12_000);
    expect(talk.flow()).toMatchObject({ value: null, reason: 'rate not read for 5 s' });
    expect(talk.of('metric').at(-1)?.atMs).toBeGreaterThan(20_000);
    const late = talk.of('metric').filter(({ atMs, code }) => atMs > 15_100 && code === FLOW);
    expect(late.every(({ value }) => value === null)).toBe(true);
  });

  test.each(['?', '?NA', '?OOR', '?COM', '?IGN'])(
    'RAT answered with %s: no rate, no flow',
    (data) => {
      const talk = new Talk(infusing({ RAT: data })).open().runTo(5_000);
      expect(talk.flow()).toMatchObject({ status: 'infusing', value: null });
      expect(talk.metric('MDC_FLOW_FLUID_PUMP')).toMatchObject({
        value: null,
        validity: 'not-available',
      });
      expect(talk.of('frame-rejected')).toEqual([]);
    },
  );
});

describe('volumes', () => {
  const remain = (answers: Parameters<typeof infusing>[0]) => {
    const talk = new Talk(infusing(answers)).open().runTo(4_000);
    return [talk.metric('MDC_VOL_FLUID_TBI'), talk.metric('MDC_VOL_FLUID_TBI_REMAIN')];
  };

  test.each(['0.0ML', '0.000UL', '0ML'])('VOL %s is continuous, never 0 mL', (VOL) => {
    const without = { value: null, validity: 'not-available' };
    expect(remain({ VOL })).toMatchObject([without, without]);
  });

  test('in different units, without dust', () => {
    expect(remain({ VOL: '700.1UL', DIS: 'I0.4W0.000ML' })).toMatchObject([
      { value: 0.7001 },
      { value: 0.3001, validity: 'questionable' },
    ]);
  });

  test('more infused than the target: not available, never below 0', () => {
    expect(remain({ VOL: '1.000ML' })[1]).toMatchObject({ value: null, validity: 'not-available' });
  });

  test('a volume that was not read is not available', () => {
    const [target, left] = remain({ VOL: '?' });
    expect(target).toMatchObject({ value: null, validity: 'not-available' });
    expect(left).toMatchObject({ value: null, validity: 'not-available' });
  });

  test('a word that this pump does not know is asked ever more rarely; RAT and DIS are not', () => {
    const talk = new Talk(infusing({ PHN: '?', DIS: '?' })).open().runTo(600_000);
    const count = (word: string) => talk.sent.filter((one) => one.word === word).length;
    expect(count('PHN')).toBeLessThan(15);
    expect(count('DIS')).toBeGreaterThan(250);
    expect(talk.flow()).toMatchObject({ value: 40, validity: 'valid' });
  });
});

describe('who it is, before any value', () => {
  const numbers = (talk: Talk) => talk.of('metric').filter(({ value }) => value !== null);

  test('a simulated pump is known as one before the first value', () => {
    const talk = new Talk(infusing({ VER: 'NE1000SIMV3.928' })).open().runTo(5_000);
    const identity = talk.events.findIndex(({ kind }) => kind === 'identity');
    expect(talk.events[identity]).toMatchObject({ mode: 'demo', model: 'NE1000SIMV3.928' });
    const first = talk.events.findIndex((one) => one.kind === 'metric' && one.value !== null);
    expect(first).toBeGreaterThan(identity);
  });

  test('a version that never comes: the state is shown, and no value ever', () => {
    const talk = new Talk(infusing({ VER: () => undefined })).open().runTo(60_000);
    expect(talk.flow()).toMatchObject({ status: 'infusing', value: null });
    expect(numbers(talk)).toEqual([]);
  });

  test('in basic mode it has to be told twice alike', () => {
    const said = ['NE1000SIMV3.928', 'NE1000SIMV3.928'];
    const talk = new Talk(infusing({ VER: () => said.shift() ?? 'NE1000SHMV3.928' })).open();
    talk.runTo(5_000);
    expect(talk.of('identity')).toMatchObject([{ mode: 'demo' }]);

    const flipped = ['NE1000SHMV3.928', 'NE1000SIMV3.928', 'NE1000SIMV3.928'];
    const other = new Talk(infusing({ VER: () => flipped.shift() ?? '' })).open().runTo(900);
    expect(numbers(other)).toEqual([]);
    expect(other.runTo(5_000).of('identity')).toMatchObject([{ mode: 'demo' }]);
  });

  test('in safe mode once is enough', () => {
    const talk = new Talk(inSafeMode(infusing()), { framing: 'safe' }).open().runTo(400);
    expect(talk.of('identity')).toHaveLength(1);
    expect(talk.sent.filter(({ word }) => word === 'VER')).toHaveLength(1);
  });

  test('a pump that does not know VER has values and no model', () => {
    const talk = new Talk(infusing({ VER: '?' })).open().runTo(3_000);
    expect(talk.of('identity')).toEqual([
      { kind: 'identity', atMs: expect.any(Number), channel: '0' },
    ]);
    expect(talk.flow()).toMatchObject({ value: 40 });
  });

  test.each(['AL1000V1.0', 'NE4000X2V3.923', 'BS-9000'])('%s: any text is taken', (VER) => {
    const [identity] = new Talk(infusing({ VER })).open().runTo(3_000).of('identity');
    expect(VER).toContain(identity?.model);
    expect(identity?.mode).toBeUndefined();
  });

  test('another pump at the address: its version twice, then everything anew', () => {
    let version = 'NE1000V3.928';
    let rate: string | undefined = '40.00MH';
    const talk = new Talk(infusing({ VER: () => version, RAT: () => rate })).open();
    talk.runTo(59_000).from();
    version = 'NE500V3.1';
    rate = undefined;
    talk.until('VER').run(3_000);
    expect(talk.of('identity')).toMatchObject([{ model: 'NE500' }]);
    expect(talk.flow()).toMatchObject({ value: null, validity: 'not-available' });
  });

  test('in the very answer that tells another pump nothing of the old one is left', () => {
    let version = 'NE1000V3.928';
    const talk = new Talk(infusing({ VER: () => version, DIR: 'WDR' })).open();
    talk.runTo(59_000);
    talk.hear(basicFrame('00A?E'));
    talk.run(600);
    expect(talk.alarms()).toEqual(['WDR']);
    version = 'NE500V3.1';
    talk.from();
    while (talk.of('identity').length === 0) talk.run(1);
    expect(talk.flow()).toMatchObject({ status: 'infusing', value: null });
    expect(talk.alarms()).toEqual([]);
  });
});

describe('answers that are not one', () => {
  /** A pump that was asked for its rate, and has not answered. */
  const asked = () => {
    let isDeaf = false;
    const line = infusing();
    const talk = new Talk((one) => (isDeaf ? undefined : line(one))).open().runTo(5_000);
    while (talk.sent.at(-1)?.word !== 'RAT') {
      isDeaf = true;
      talk.run(1);
      if (talk.sent.at(-1)?.word === 'RAT') break;
      isDeaf = false;
      talk.run(25);
    }
    return talk.from();
  };

  test.each([
    { why: 'another address', frame: basicFrame('07I40.00MH'), reason: 'unexpected' },
    { why: 'another address, packet', frame: safeFrame('07I40.00MH'), reason: 'unexpected' },
    { why: 'the answer to DIS', frame: basicFrame('00II1.0W0.0ML'), reason: 'malformed' },
    { why: 'the state alone', frame: basicFrame('00I'), reason: 'malformed' },
    { why: 'half a unit', frame: basicFrame('00I40.00M'), reason: 'malformed' },
    { why: 'too many digits', frame: basicFrame('00I400.00MH'), reason: 'malformed' },
    { why: 'an error that nobody knows', frame: basicFrame('00I?S'), reason: 'malformed' },
    { why: 'our own packet', frame: Uint8Array.of(5, 0x30, 0x36, 0x53), reason: 'malformed' },
    { why: 'nothing', frame: new Uint8Array(0), reason: 'malformed' },
  ])('$why: $reason, no value, and the answer is still awaited', ({ frame, reason }) => {
    const talk = asked();
    const events = talk.hear(frame);
    expect(events.map(({ kind }) => kind)).toEqual(['frame-rejected']);
    expect(events[0]).toMatchObject({ reason });
    expect(talk.sent).toEqual([]);
    talk.hear(basicFrame('00I12.00MH'));
    expect(talk.flow()).toMatchObject({ value: 12, validity: 'valid' });
  });

  test('a packet with a wrong CRC is a wrong checksum', () => {
    const frame = safeFrame('00I12.00MH');
    frame[4] = (frame[4] ?? 0) ^ 1;
    expect(asked().hear(frame)).toMatchObject([{ reason: 'checksum' }]);
  });

  test('an answer nobody asked for is unexpected, and so is the second of a double', () => {
    const talk = new Talk(infusing()).open().runTo(5_000).quiet().from();
    talk.hear(basicFrame('00I99.00MH'));
    expect(verdicts(talk)).toEqual(['unexpected']);
    const twice = asked();
    twice.hear(basicFrame('00I12.00MH'));
    twice.hear(basicFrame('00I12.00MH'));
    expect(verdicts(twice)[0]).toBe('ok');
    expect(verdicts(twice)).toHaveLength(2);
    expect(verdicts(twice)[1]).not.toBe('ok');
  });

  test('of a pump that nobody configured, a packet says that it is there; text without a checksum does not', () => {
    expect(asked().hear(safeFrame('07I'))[0]?.channel).toBe('7');
    expect(asked().hear(basicFrame('07I'))[0]?.channel).toBeUndefined();
    expect(asked().hear(safeFrame('07A?S'))).toMatchObject([
      { kind: 'frame-accepted', channel: '7' },
    ]);
  });

  test('option safe: nothing without a CRC is believed', () => {
    const talk = new Talk(inSafeMode(infusing()), { framing: 'safe' }).open().runTo(5_000).from();
    expect(talk.hear(basicFrame('00A?S'))).toMatchObject([{ reason: 'unexpected' }]);
    const basicOnly = new Talk(({ word }) => (word === 'status' ? basicFrame('00I') : undefined), {
      framing: 'safe',
    });
    expect(basicOnly.open().runTo(20_000).of('frame-accepted')).toEqual([]);
  });
});

describe('missed answers', () => {
  test('a word in basic mode: a CR alone, 0.6 s of quiet, then its version', () => {
    let rate: string | undefined = '40.00MH';
    const talk = new Talk(infusing({ RAT: () => rate, CR: () => undefined })).open();
    talk.runTo(5_000).from();
    rate = undefined;
    talk.until('RAT').run(999);
    rate = '40.00MH';
    talk.run(2_500);
    const at = talk.sent.findIndex(({ word }) => word === 'RAT');
    const [asked, cr, version] = talk.sent.slice(at);
    expect([cr?.word, version?.word]).toEqual(['CR', 'VER']);
    expect([
      Number(cr?.atMs) - Number(asked?.atMs),
      Number(version?.atMs) - Number(cr?.atMs),
    ]).toEqual([1_000, 600]);
    expect(talk.of('reply-missed')).toMatchObject([{ query: 'RAT', channel: '0' }]);
    expect(talk.flow()).toMatchObject({ value: 40, validity: 'valid' });
  });

  test('after the CR only heads are taken: a late rate is no answer to the next question', () => {
    let volumes: string | undefined = 'I1.234W0.000ML';
    const answers = { DIS: () => volumes, CR: () => undefined };
    const talk = new Talk(infusing(answers)).open().runTo(5_000).from();
    volumes = undefined;
    talk.until('DIS').run(1_010);
    expect(talk.sent.at(-1)?.word).toBe('CR');
    const events = talk.hear(basicFrame('00I99.00MH'));
    expect(events.map(({ kind }) => kind)).toContain('frame-accepted');
    expect(talk.flow()).toMatchObject({ status: 'infusing', value: 40 });
  });

  test('after the CR no head of another pump is taken', () => {
    let rate: string | undefined = '40.00MH';
    const one = infusing({ RAT: () => rate, CR: () => undefined });
    const both: Line = (asked) =>
      asked.address === '3' ? one({ ...asked, address: '0' }) : one(asked);
    const talk = new Talk(both, { channels: ['0', '3'] }).open().runTo(5_000).from();
    rate = undefined;
    while (talk.sent.at(-1)?.word !== 'CR') talk.run(1);
    const lost = talk.sent.at(-2)?.address;
    const other = lost === '3' ? '0' : '3';
    const isTaken = (address: string) =>
      talk.hear(basicFrame(`0${address}I`)).some(({ kind }) => kind === 'frame-accepted');
    expect(isTaken(lost ?? '')).toBe(true);
    // Address 0 answers to a CR alone; 3 does not.
    expect(isTaken(other)).toBe(other === '0');
    expect(isTaken('7')).toBe(false);
  });

  test('a pump that is gone is asked on, and found again within 2 s', () => {
    let isOn = true;
    const line = infusing();
    const talk = new Talk((one) => (isOn ? line(one) : undefined)).open().runTo(10_000);
    isOn = false;
    talk.run(60_000).from().run(10_000);
    expect(talk.of('frame-accepted')).toEqual([]);
    expect(talk.sent.length).toBeGreaterThanOrEqual(9);
    expect(new Set(talk.words())).toEqual(new Set(['VER', 'safe status']));
    isOn = true;
    talk.from().run(2_500);
    expect(talk.of('frame-accepted').length).toBeGreaterThan(0);
    expect(talk.of('identity')).toHaveLength(1);
    expect(talk.flow()).toMatchObject({ value: 40, validity: 'valid' });
  });

  test('with answers that take 0.9 s everything still comes', () => {
    const talk = new Talk(infusing(), { replyMs: 900 }).open().runTo(60_000);
    expect(talk.of('reply-missed')).toEqual([]);
    expect(talk.flow()).toMatchObject({ value: 40 });
  });

  test('with answers that take longer than is waited for, nothing is ever taken for another', () => {
    const talk = new Talk(infusing(), { replyMs: 1_300 }).open().runTo(120_000);
    const values = talk.of('metric').filter(({ value }) => value !== null);
    for (const { code, value } of values) {
      const right = { [FLOW]: 40, MDC_FLOW_FLUID_PUMP: 40, MDC_VOL_FLUID_DELIV_TOTAL: 1.234 };
      expect(right).toMatchObject({ [code]: value });
    }
  });
});

describe('the two framings', () => {
  test('auto finds a pump in safe mode: two tries in basic mode, then a packet of the address alone', () => {
    const talk = new Talk(inSafeMode(infusing())).open().runTo(6_000);
    const words = talk.words();
    const first = words.indexOf('safe status');
    expect(words.slice(0, first)).toEqual(['CR', 'VER', 'CR', 'VER', 'CR']);
    expect(new Set(words.slice(first).map((word) => word.split(' ')[0]))).toEqual(
      new Set(['safe']),
    );
    expect(talk.flow()).toMatchObject({ value: 40, validity: 'valid' });
  });

  test('auto finds a pump in basic mode whose buffer holds what is left of a packet', () => {
    let rest = '';
    const line = infusing();
    const talk = new Talk((asked) => {
      if (asked.framing === 'safe') {
        rest += `${asked.address}6S`;
        return undefined;
      }
      const isGarbled = rest !== '';
      rest = '';
      return asked.atMs < 30_000 || isGarbled ? undefined : line(asked);
    });
    expect(talk.open().runTo(36_000).flow()).toMatchObject({ value: 40 });
  });

  test('basic never sends a packet, safe nothing else, auto no word as a try', () => {
    const sent = (framing: 'basic' | 'safe' | 'auto') =>
      new Set(new Talk(silent, { framing, channels: ['0', '5'] }).open().runTo(60_000).words());
    expect(sent('basic')).toEqual(new Set(['CR', 'VER']));
    expect(sent('safe')).toEqual(new Set(['safe status']));
    expect(sent('auto')).toEqual(new Set(['CR', 'VER', 'safe status']));
  });

  test('while a pump answers in basic mode, the absent ones are not tried with packets', () => {
    const talk = new Talk(infusing(), { channels: ['0', '1', '2'] }).open().runTo(120_000);
    expect(talk.words().some((word) => word.startsWith('safe'))).toBe(false);
  });

  test('a word as a packet only within 1 s after this pump has answered in one', () => {
    let isDeaf = false;
    const line = inSafeMode(infusing());
    const talk = new Talk((one) => (isDeaf ? undefined : line(one)), { framing: 'safe' });
    talk.open();
    for (let round = 0; round < 400; round++) {
      isDeaf = round % 7 === 3 || round % 11 === 5;
      talk.run(137);
    }
    const answeredAt = talk.of('frame-accepted').map(({ atMs }) => atMs);
    const words = talk.sent.filter(({ word }) => word !== 'status');
    expect(words.length).toBeGreaterThan(20);
    for (const { atMs } of words) {
      const last = answeredAt.filter((time) => time <= atMs).at(-1) ?? -Infinity;
      expect(atMs - last).toBeLessThanOrEqual(1_000);
    }
  });

  test('a pump that goes from safe to basic mode is found there', () => {
    let isSafe = true;
    const line = infusing();
    const talk = new Talk((one) => (isSafe ? inSafeMode(line)(one) : line(one))).open();
    talk.runTo(10_000);
    expect(talk.flow()).toMatchObject({ value: 40 });
    isSafe = false;
    talk.run(8_000).from().run(2_000);
    expect(talk.flow()).toMatchObject({ value: 40, validity: 'valid' });
    expect(new Set(talk.sent.map(({ framing }) => framing))).toEqual(new Set(['basic']));
  });

  test('option basic, and the pump answers in packets: they are taken, and it is asked so', () => {
    const line = infusing();
    const talk = new Talk(
      (one) => {
        const said = line({ ...one, framing: 'basic' });
        return typeof said === 'string' ? safeFrame(`00${said}`) : said;
      },
      { framing: 'basic' },
    );
    talk.open().runTo(5_000);
    expect(talk.flow()).toMatchObject({ value: 40 });
    expect(talk.alarms()).toEqual([]);
    expect(talk.words().at(-1)).toContain('safe');
  });
});

describe('several pumps on one line', () => {
  const rates: Readonly<Record<string, string>> = {
    '0': '1.000MH',
    '5': '5.000MH',
    '12': '12.00MH',
  };
  const three: Line = (asked) => {
    const rate = rates[asked.address];
    if (rate === undefined || (asked.word === 'CR' && asked.address !== '0')) return undefined;
    return infusing({ RAT: rate })({ ...asked, address: '0' });
  };
  const channels = ['0', '5', '12'];

  test('each is asked in turn, and each has its own values', () => {
    const talk = new Talk(three, { channels }).open().runTo(10_000);
    expect(channels.map((channel) => talk.flow(channel).value)).toEqual([1, 5, 12]);
    const turns = talk.sent.slice(-9).map(({ address }) => address);
    expect(new Set(turns).size).toBe(3);
    for (const [index, address] of turns.entries()) {
      if (index > 0) expect(address).not.toBe(turns[index - 1]);
    }
  });

  test('one that is gone holds the others up by 1.6 s, every 5 s', () => {
    const talk = new Talk((one) => (one.address === '5' ? undefined : three(one)), { channels });
    talk.open().runTo(10_000).from().run(60_000);
    expect(talk.flow('12')).toMatchObject({ value: 12, validity: 'valid' });
    for (const channel of ['0', '12']) {
      const heard = talk.of('frame-accepted', channel).map(({ atMs }) => atMs);
      const gaps = heard.slice(1).map((atMs, index) => atMs - (heard[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThan(2_700);
    }
    const asked = talk.sent.filter(({ address }) => address === '5');
    expect(asked.length).toBeGreaterThanOrEqual(11);
    expect(asked.length).toBeLessThanOrEqual(13);
    expect(talk.events.filter(({ channel }) => channel === '5').map(({ kind }) => kind)).toEqual(
      asked.map(() => 'reply-missed'),
    );
  });

  test('four that are gone are asked one by one, and the fifth stays live', () => {
    const talk = new Talk(infusing(), { channels: ['0', '1', '2', '3', '4'] }).open();
    talk.runTo(120_000);
    const heard = talk.of('frame-accepted', '0').map(({ atMs }) => atMs);
    const gaps = heard.slice(1).map((atMs, index) => atMs - (heard[index] ?? 0));
    expect(Math.max(...gaps.slice(5))).toBeLessThan(2_700);
    expect(
      new Set(
        talk
          .from()
          .run(21_000)
          .sent.map(({ address }) => address),
      ).size,
    ).toBe(5);
  });

  test('a pump at address 0 that nobody configured is told by its answer to the CR', () => {
    const talk = new Talk(three, { channels: ['5'] }).open().runTo(1_000);
    expect(talk.of('frame-accepted')[0]).toMatchObject({ channel: '0' });
    expect(talk.of('metric', '0')).toEqual([]);
  });
});
