import { describe, expect, test } from 'vitest';
import { intellivueQueries } from '../../drivers/philips-intellivue/queries.ts';
import { REPLIES } from '../../drivers/philips-intellivue/vectors.ts';
import {
  abortMessage,
  errorMessage,
  refuseMessage,
  releasedMessage,
} from '../../simulators/philips-intellivue/messages.ts';
import { alarmThing } from '../../simulators/philips-intellivue/things.ts';
import { vectorBytes } from '../../src/driver/proof.ts';
import {
  ACCEPT,
  alarmRound,
  alertsIn,
  frameOf,
  framesOf,
  HR,
  mdsCreate,
  metric,
  round,
  Talk,
  TICKS,
  toHex,
  verdictOf,
} from './philips-intellivue-kit.ts';

const VALUES = round([HR]);
const QUIET = alarmRound([alarmThing([], 0)]);
const REFUSE = frameOf(refuseMessage());
const ABORT = frameOf(abortMessage());
const RELEASED = frameOf(releasedMessage());
const WAVE = framesOf(vectorBytes(REPLIES[2] as (typeof REPLIES)[0]))[0] ?? ACCEPT;

/** Values and alarms every second, and every wake that is asked for. */
function quietly(talk: Talk, fromMs: number, untilMs: number): Talk {
  for (let atMs = fromMs; atMs <= untilMs; atMs += 1_000) {
    talk.wait(atMs);
    talk.hear(VALUES, atMs);
    talk.hear(QUIET, atMs);
  }
  return talk;
}

describe('association', () => {
  test('asked on opening and every 2 s; after five without an answer an old one is ended', () => {
    const talk = new Talk().open();
    talk.wait(14_000);
    expect(talk.sentSince(0)).toEqual([
      [0, 'associate'],
      [2_000, 'associate'],
      [4_000, 'associate'],
      [6_000, 'associate'],
      [8_000, 'associate'],
      [10_000, 'abort'],
      [10_000, 'release'],
      [12_000, 'associate'],
      [14_000, 'associate'],
    ]);
    expect(talk.events).toContainEqual({ kind: 'reply-missed', query: 'associate', atMs: 2_000 });
  });

  test('accepted, introduced, confirmed, polled: at once and in this order', () => {
    const talk = new Talk().open();
    expect(verdictOf(talk.hear(ACCEPT, 100))).toBe('accepted');
    expect(talk.hear(mdsCreate(), 200)).toEqual([
      {
        kind: 'identity',
        model: 'M8000',
        serial: 'DE12345678',
        firmware: 'H.10',
        atMs: 200,
      },
      { kind: 'frame-accepted', atMs: 200 },
    ]);
    expect(talk.sentSince(100)).toEqual([
      [200, 'mds-result'],
      [200, 'numerics'],
      [200, 'alarms'],
    ]);
  });

  test('the confirmation has the time and the numbers of the event', () => {
    const talk = new Talk().open();
    talk.hear(ACCEPT, 100);
    const { send } = talk.do({ kind: 'frame', atMs: 200, frame: mdsCreate() });
    const [result = new Uint8Array(0)] = send;
    expect(intellivueQueries.nameOf(result)).toBe('mds-result');
    expect(toHex(result)).toContain(`002100000000${TICKS.toString(16).padStart(8, '0')}0d060000`);
  });

  test('a simulator is known before its first value', () => {
    for (const told of [{ model: 'SIM M8000' }, { serial: 'SIM1' }]) {
      const talk = new Talk().open();
      talk.hear(ACCEPT, 100);
      expect(talk.hear(mdsCreate(told), 200)[0]).toMatchObject({ kind: 'identity', mode: 'demo' });
    }
    expect(new Talk().associate().events[1]).not.toHaveProperty('mode');
  });

  test('the word of acceptance was lost: the introduction is enough', () => {
    const talk = new Talk().open();
    expect(verdictOf(talk.hear(mdsCreate(), 200))).toBe('accepted');
    expect(talk.state.phase).toBe('associated');
  });

  test('our confirmation was lost: it is said again, and nothing is polled twice for it', () => {
    const talk = new Talk().associate();
    talk.hear(mdsCreate(), 300);
    expect(talk.sentSince(300)).toEqual([[300, 'mds-result']]);
  });

  test('no introduction within 5 s: given up and begun anew', () => {
    const talk = new Talk().open();
    talk.hear(ACCEPT, 100);
    talk.wait(8_000);
    expect(talk.sentSince(100)).toEqual([
      [5_100, 'abort'],
      [5_100, 'release'],
      [7_100, 'associate'],
    ]);
  });

  test('refused: no sign of life, asked again after 5 s', () => {
    const talk = new Talk().open();
    expect(verdictOf(talk.hear(REFUSE, 100))).toBe('unexpected');
    talk.wait(6_000);
    expect(talk.sentSince(100)).toEqual([[5_100, 'associate']]);
  });

  test('aborted: values are no longer taken, and asked again after 2 s', () => {
    const talk = quietly(new Talk().associate(), 1_000, 3_000);
    expect(verdictOf(talk.hear(ABORT, 3_100))).toBe('unexpected');
    expect(talk.hear(VALUES, 3_200).some(({ kind }) => kind === 'metric')).toBe(false);
    talk.wait(6_000);
    expect(talk.sentSince(3_100).at(-1)).toEqual([5_200, 'associate']);
  });

  test('values of an association that is not ours: refused, ended once, and ours after a pause', () => {
    const talk = new Talk().open();
    for (const atMs of [100, 200, 300, 1_300]) {
      const events = talk.hear(VALUES, atMs);
      expect(verdictOf(events)).toBe('unexpected');
      expect(events.filter(({ kind }) => kind === 'metric' || kind === 'alerts')).toEqual([]);
    }
    talk.wait(3_000);
    expect(talk.sentSince(100)).toEqual([
      [100, 'abort'],
      [100, 'release'],
      [2_100, 'associate'],
    ]);
  });

  test('in the next association nothing of the last one stands: handles mean other things', () => {
    const talk = quietly(new Talk().associate(), 1_000, 3_000);
    const alarm = { source: 1, code: 3_076, type: 0x0400, words: 'ASYSTOLE' };
    talk.hear(alarmRound([alarmThing([alarm], 0)]), 3_050);
    talk.hear(ABORT, 3_100);
    talk.wait(5_100);
    talk.hear(ACCEPT, 5_200);
    talk.hear(mdsCreate(), 5_300);
    expect(talk.state.readings.labels.size).toBe(0);
    expect(talk.state.readings.alertLists).toBeNull();
  });

  test('closing: released, and only then', () => {
    for (const [phase, talk] of [
      ['associated', new Talk().associate()],
      ['associating', new Talk().open()],
      ['closed', new Talk()],
    ] as const) {
      talk.do({ kind: 'closing', atMs: 500 });
      const left = phase === 'associated' ? [[500, 'release']] : [];
      expect(talk.sentSince(500), phase).toEqual(left);
      expect(talk.wakeAtMs).toBeUndefined();
      expect(verdictOf(talk.hear(VALUES, 600))).toBe('unexpected');
    }
  });

  test('reopened: from the beginning, and who it is is told again', () => {
    const talk = new Talk().associate();
    talk.do({ kind: 'closed', atMs: 500 });
    expect(talk.wake(1_000)).toEqual([]);
    talk.open(2_000);
    expect(talk.sentSince(2_000)).toEqual([[2_000, 'associate']]);
    talk.hear(ACCEPT, 2_100);
    expect(talk.hear(mdsCreate(), 2_200)[0]).toMatchObject({ kind: 'identity', model: 'M8000' });
  });

  test('a release that the monitor confirms late changes nothing', () => {
    const talk = new Talk().open();
    expect(verdictOf(talk.hear(RELEASED, 100))).toBe('unexpected');
    talk.wait(2_000);
    expect(talk.sentSince(100)).toEqual([[2_000, 'associate']]);
  });
});

describe('polls', () => {
  test('numerics are renewed every 4 s, alarms every 5 minutes: never 10 s without a word of ours', () => {
    const talk = quietly(new Talk().associate(), 1_000, 700_000);
    const times = (name: string) =>
      talk.sent.flatMap((one) => (one.name === name ? [one.atMs] : []));
    const numerics = times('numerics');
    expect(numerics.slice(0, 4)).toEqual([0, 4_000, 8_000, 12_000]);
    expect(numerics.every((at, index) => at - (numerics[index - 1] ?? 0) <= 4_000)).toBe(true);
    expect(times('alarms')).toEqual([0, 300_000, 600_000]);
    expect(talk.sent.some(({ name }) => name.endsWith('-once'))).toBe(false);
    expect(talk.events.some(({ kind }) => kind === 'reply-missed')).toBe(false);
  });

  test('3 s without numerics: asked in the other way, in turn, each second', () => {
    const talk = new Talk().associate();
    for (let atMs = 1_000; atMs <= 9_000; atMs += 1_000) {
      talk.wait(atMs);
      talk.hear(QUIET, atMs);
    }
    const numerics = talk.sentSince(1).filter(([, name]) => name.startsWith('numerics'));
    expect(numerics).toEqual([
      [3_000, 'numerics-once'],
      [4_000, 'numerics-once'],
      [5_000, 'numerics-once'],
      [6_000, 'numerics'],
      [9_000, 'numerics-once'],
    ]);
  });

  test('an answer to single polls keeps them going', () => {
    const talk = new Talk().associate();
    talk.wait(3_000);
    for (let atMs = 3_100; atMs <= 12_100; atMs += 1_000) {
      talk.wait(atMs);
      talk.hear(round([HR], { sequence: null }), atMs);
    }
    const later = talk.sentSince(4_000).filter(([, name]) => name.startsWith('numerics'));
    expect(new Set(later.map(([, name]) => name))).toEqual(new Set(['numerics-once']));
    expect(metric(talk.events, 'MDC_ECG_HEART_RATE').value).toBe(72);
  });

  test('15 s without numerics: the association is given up, although alarms go on', () => {
    const talk = new Talk().associate();
    for (let atMs = 1_000; atMs <= 18_000; atMs += 1_000) {
      talk.wait(atMs);
      talk.hear(QUIET, atMs);
    }
    const ends = talk.sentSince(1).filter(([, name]) => !/numerics|alarms/.test(name));
    // Its alarms go on for a moment: that association is ended once more.
    expect(ends.slice(0, 2)).toEqual([
      [15_000, 'abort'],
      [15_000, 'release'],
    ]);
    expect(talk.state.phase).toBe('associating');
  });

  test('what brings no values is life only while values come', () => {
    const talk = new Talk().associate();
    const others = [QUIET[0] ?? ACCEPT, WAVE, frameOf(errorMessage(1)), RELEASED];
    talk.hear(VALUES, 1_000);
    for (const one of others) expect(verdictOf(talk.hear(one, 6_000))).toBe('accepted');
    for (const one of others) expect(verdictOf(talk.hear(one, 6_001))).toBe('unexpected');
  });

  test('an alarm is passed on also when the values have stopped', () => {
    const talk = new Talk().associate();
    talk.hear(VALUES, 1_000);
    const alarm = { source: 1, code: 3_076, type: 0x0400, words: 'ASYSTOLE' };
    const events = talk.hear(alarmRound([alarmThing([alarm], 0)]), 8_000);
    expect(verdictOf(events)).toBe('unexpected');
    expect(alertsIn(events)).toMatchObject([{ code: '3076' }]);
  });

  test('no alarm list for 10 s: told beside what stands, once, and taken back by the next list', () => {
    const talk = new Talk().associate();
    const alarm = { source: 1, code: 3_076, type: 0x0400, words: 'ASYSTOLE' };
    talk.hear(alarmRound([alarmThing([alarm], 0)]), 1_000);
    const codes = () => alertsIn(talk.events)?.map(({ code }) => code);
    for (let atMs = 2_000; atMs <= 30_000; atMs += 1_000) {
      talk.wait(atMs);
      talk.hear(VALUES, atMs);
      expect(codes()).toEqual(atMs < 11_000 ? ['3076'] : ['3076', 'LIST_NOT_READ']);
    }
    expect(talk.events.filter(({ kind }) => kind === 'alerts')).toHaveLength(2);
    talk.hear(QUIET, 31_000);
    expect(codes()).toEqual([]);
  });

  test('a monitor that never tells a list: that is told after 10 s', () => {
    const talk = new Talk().associate();
    for (let atMs = 1_000; atMs <= 10_000; atMs += 1_000) {
      talk.wait(atMs);
      talk.hear(VALUES, atMs);
    }
    expect(alertsIn(talk.events)).toMatchObject([{ code: 'LIST_NOT_READ', ruleId: 'PMP-10' }]);
  });

  test('a frame after a deadline gets its wake-up now, not in the past', () => {
    const talk = new Talk().open();
    talk.hear(ACCEPT.slice(0, 20), 1_900);
    expect(talk.wakeAtMs).toBe(2_000);
    talk.hear(ACCEPT.slice(0, 20), 9_000);
    expect(talk.wakeAtMs).toBeGreaterThanOrEqual(9_000);
  });
});

describe('time', () => {
  test('values carry the time of the monitor over the wrap of its ticks', () => {
    const ticks = 2 ** 32 - 8_000;
    const talk = new Talk().associate(0, { ticks });
    const wall: number[] = [];
    for (let second = 0; second <= 3; second += 1) {
      const frames = round([HR], { ticks: (ticks + second * 8_000) % 2 ** 32 });
      const seen = metric(talk.hear(frames, 500 + second * 1_000), 'MDC_ECG_HEART_RATE');
      wall.push(seen.deviceWallMs ?? Number.NaN);
    }
    const start = Date.UTC(2026, 0, 5, 8, 0, 0);
    expect(wall).toEqual([start, start + 1_000, start + 2_000, start + 3_000]);
  });
});

describe('one verdict for each frame', () => {
  const [values = ACCEPT] = VALUES;
  const flipped = Uint8Array.from(values);
  flipped[60] = (flipped[60] ?? 0) ^ 4;
  test.each([
    { what: 'numerics', one: values, verdict: 'accepted' },
    { what: 'a flipped bit', one: flipped, verdict: 'checksum' },
    { what: 'a cut frame', one: values.slice(0, 40), verdict: 'malformed' },
    {
      what: 'a message of an unknown kind',
      one: frameOf(Uint8Array.of(0x77, 1, 2)),
      verdict: 'malformed',
    },
    { what: 'nothing', one: new Uint8Array(0), verdict: 'malformed' },
  ])('$what: $verdict', ({ one, verdict }) => {
    const events = new Talk().associate().hear(one, 1_000);
    expect(verdictOf(events)).toBe(verdict);
    if (verdict !== 'accepted') {
      expect(events.filter(({ kind }) => kind === 'metric' || kind === 'alerts')).toEqual([]);
    }
  });
});
