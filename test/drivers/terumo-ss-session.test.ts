import { describe, expect, test } from 'vitest';
import { bytesOf, DEVID, frame, pump, statusCommand, Talk } from './terumo-ss-talk.ts';

const OTHER = '000100700000001901000043';
const silent = { status: () => undefined };
const results = (result: string) => ({
  status: (sequence: number) => [sequence, 1, 0, 0, ...bytesOf(result)],
});
const verdicts = (talk: Talk) =>
  talk.events.flatMap((event) =>
    event.kind === 'frame-accepted'
      ? ['ok']
      : event.kind === 'frame-rejected'
        ? [event.reason]
        : [],
  );

describe('the conversation', () => {
  test('first who are you, then the status, every 2 s, each with the next number', () => {
    const talk = new Talk(pump()).open().runTo(6_100);
    expect(talk.sent).toEqual([
      { atMs: 0, devid: '', sequence: null },
      { atMs: 20, devid: DEVID, sequence: 0 },
      { atMs: 2_020, devid: DEVID, sequence: 1 },
      { atMs: 4_020, devid: DEVID, sequence: 2 },
      { atMs: 6_020, devid: DEVID, sequence: 3 },
    ]);
    expect(verdicts(talk)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  test('who it is comes before its values; the software version with them', () => {
    const talk = new Talk(pump()).open().runTo(5_000);
    expect(talk.of('identity')).toEqual([
      { kind: 'identity', serial: DEVID, atMs: 20 },
      { kind: 'identity', serial: DEVID, firmware: '04.03', atMs: 40 },
    ]);
    const kinds = talk.events.map(({ kind }) => kind);
    expect(kinds.indexOf('identity')).toBeLessThan(kinds.indexOf('metric'));
  });

  test('a DEVID that begins with SIM is a simulated pump, said before the first value', () => {
    const devid = () => 'SIM000000000000000000007';
    const talk = new Talk(pump({ devid })).open().runTo(100);
    expect(talk.of('identity')[0]).toMatchObject({ serial: devid(), mode: 'demo' });
    expect(new Talk(pump()).open().runTo(100).of('identity')[0]).not.toHaveProperty('mode');
  });

  test('after 7E comes 00: 7F and above are never used', () => {
    const talk = new Talk(pump()).open().runTo(2_000 * 300);
    const used = talk.sent.flatMap(({ sequence }) => sequence ?? []);
    expect(used.slice(125, 129)).toEqual([125, 126, 0, 1]);
    expect(Math.max(...used)).toBe(0x7e);
  });

  test('one question is open at a time: a slow pump is asked no faster', () => {
    const talk = new Talk(pump(), { replyMs: 1_900 }).open().runTo(20_000);
    const times = talk.sent.slice(1).map(({ atMs }) => atMs);
    for (const [index, time] of times.slice(1).entries()) {
      expect(time - (times[index] ?? 0)).toBe(2_000);
    }
    expect(talk.of('reply-missed')).toEqual([]);
  });
});

describe('no answer', () => {
  test('nobody there: who are you, every 2 s, for ever', () => {
    const talk = new Talk(pump({ devid: () => undefined })).open().runTo(9_000);
    expect(talk.sent.map(({ atMs, devid }) => [atMs, devid])).toEqual(
      [0, 2_000, 4_000, 6_000, 8_000].map((atMs) => [atMs, '']),
    );
    expect(talk.of('reply-missed')).toHaveLength(4);
    expect(talk.of('reply-missed')[0]).toMatchObject({ query: 'id', atMs: 2_000 });
  });

  test('the status unanswered three times: who are you, for another may have the address', () => {
    const talk = new Talk(pump(silent)).open().runTo(6_030);
    expect(talk.sent.map(({ sequence }) => sequence)).toEqual([null, 0, 1, 2, null]);
    expect(talk.of('reply-missed').map(({ query }) => query)).toEqual([
      'status',
      'status',
      'status',
    ]);
  });

  test('one lost answer: asked again after 2 s with the next number, and the count begins anew', () => {
    let lost = 0;
    const losing = pump({
      status: (sequence) => (lost++ % 3 === 2 ? statusCommand(sequence) : undefined),
    });
    const talk = new Talk(losing).open().runTo(60_000);
    expect(talk.sent.filter(({ sequence }) => sequence === null)).toHaveLength(1);
  });

  test('another pump at the address: its own number, its own values, nothing proven', () => {
    let devid = DEVID;
    const swapped = pump({
      devid: () => devid,
      status: (sequence, atMs) =>
        devid === DEVID || atMs > 66_000 ? pump().status(sequence, atMs) : undefined,
    });
    const talk = new Talk(swapped).open().runTo(59_000);
    expect(talk.flow().validity).toBe('valid');
    devid = OTHER;
    talk.from().run(12_000);
    expect(talk.of('identity')[0]).toMatchObject({ serial: OTHER });
    expect(talk.flow()).toMatchObject({ validity: 'questionable' });
  });
});

describe('an answer that is not one', () => {
  /** A pump that was asked with sequence 00 and has not answered. */
  const asked = () => new Talk(pump(silent)).open().runTo(100).from();

  test.each([
    { why: 'another sequence number', bytes: frame(DEVID, statusCommand(1)) },
    { why: 'another pump', bytes: frame(OTHER, statusCommand(0)) },
    { why: 'another command', bytes: frame(DEVID, [0, 2, ...statusCommand(0).slice(2)]) },
    { why: 'another subcommand', bytes: frame(DEVID, [0, 1, 0, 1, ...statusCommand(0).slice(4)]) },
    { why: 'subcommand 0100', bytes: frame(DEVID, [0, 1, 1, 0, ...statusCommand(0).slice(4)]) },
    { why: 'who it is, which was not asked', bytes: frame(DEVID) },
  ])('$why: unexpected, no value, and the answer is still awaited', ({ bytes }) => {
    const talk = asked();
    expect(talk.hear(bytes)).toEqual([{ kind: 'frame-rejected', reason: 'unexpected', atMs: 100 }]);
    expect(talk.sent).toEqual([]);
    expect(talk.hear(frame(DEVID, statusCommand(0)))).toContainEqual(
      expect.objectContaining({ kind: 'frame-accepted' }),
    );
  });

  test('the same answer twice: the second is unexpected', () => {
    const talk = asked();
    talk.hear(frame(DEVID, statusCommand(0)));
    talk.hear(frame(DEVID, statusCommand(0)));
    expect(verdicts(talk)).toEqual(['ok', 'unexpected']);
  });

  test('an answer that comes after its time is unexpected', () => {
    const talk = new Talk(pump(), { replyMs: 2_500 }).open().runTo(4_000);
    expect(verdicts(talk)[0]).toBe('ok');
    expect(talk.of('metric')).toEqual([]);
    talk.runTo(60_000);
    expect(talk.of('metric')).toEqual([]);
    expect(verdicts(talk)).toContain('unexpected');
  });

  test('a status while the question was who it is: unexpected', () => {
    const talk = new Talk(pump({ devid: () => undefined })).open();
    expect(talk.hear(frame(DEVID, statusCommand(0)))).toMatchObject([{ reason: 'unexpected' }]);
  });

  test('a damaged answer is rejected, and asked for again after 2 s', () => {
    const talk = asked();
    const bad = frame(DEVID, statusCommand(0));
    bad[70] = (bad[70] ?? 0) ^ 1;
    expect(talk.hear(bad)).toEqual([{ kind: 'frame-rejected', reason: 'checksum', atMs: 100 }]);
    expect(talk.runTo(2_100).sent).toMatchObject([{ atMs: 2_020, sequence: 1 }]);
  });

  test.each([
    { result: '11', data: '01 00 00', reason: 'pump answers 11: unknown command' },
    { result: '12', data: '01 00 00', reason: 'pump answers 12: cannot be executed' },
    { result: '13', data: '00 00 00', reason: 'pump answers 13: message too short' },
    { result: '14', data: '01 00 00', reason: 'pump answers 14: message too long' },
    { result: '15', data: '01 00 00', reason: 'pump answers 15: parameter out of range' },
    { result: '16', data: '', reason: 'pump answers 16: not known' },
    { result: '01', data: '', reason: 'pump answers 01: not known' },
  ])('result $result: no value of it, and neither the old state nor the old flow stays', (row) => {
    const talk = new Talk(pump(results(`${row.result} ${row.data}`))).open().runTo(100);
    expect(talk.flow()).toEqual({
      status: 'unknown',
      value: null,
      validity: 'invalid',
      reason: row.reason,
    });
    expect(verdicts(talk)).toEqual(['ok', 'unexpected']);
    expect(talk.of('metric')).toHaveLength(1);
    expect(talk.of('alerts')).toEqual([]);
    expect(talk.runTo(2_100).sent.at(-1)).toMatchObject({ atMs: 2_020, sequence: 1 });
  });

  test('a result that is not 00 with a whole status behind it is still no status', () => {
    const command = (sequence: number) => {
      const bytes = [...statusCommand(sequence)];
      bytes[4] = 0x12;
      return bytes;
    };
    const talk = new Talk(pump({ status: command })).open().runTo(100);
    expect(talk.flow()).toMatchObject({ value: null, validity: 'invalid' });
  });

  test('a status that is one byte too short: malformed, and nothing of it', () => {
    const short = (sequence: number) => statusCommand(sequence).slice(0, 33);
    const talk = new Talk(pump({ status: short })).open().runTo(100);
    expect(verdicts(talk)).toEqual(['ok', 'malformed']);
    expect(talk.flow()).toMatchObject({
      value: null,
      validity: 'invalid',
      reason: 'reply too short',
    });
    const whole = (sequence: number) => statusCommand(sequence).slice(0, 34);
    expect(verdicts(new Talk(pump({ status: whole })).open().runTo(100))).toEqual(['ok', 'ok']);
  });
});

describe('closed and opened', () => {
  test('closed: nothing is sent, heard or woken', () => {
    const talk = new Talk(pump()).open().runTo(3_000).close().from();
    expect(talk.wakeAtMs).toBeUndefined();
    expect(talk.hear(frame(DEVID, statusCommand(2)))).toMatchObject([{ reason: 'unexpected' }]);
    expect(talk.run(60_000).sent).toEqual([]);
  });

  test('opened again: who are you, whoever it was before', () => {
    const talk = new Talk(pump()).open().runTo(3_000).close().from().run(5_000).open();
    expect(talk.sent).toEqual([{ atMs: 8_000, devid: '', sequence: null }]);
  });
});
