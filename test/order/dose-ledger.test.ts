import { describe, expect, test } from 'vitest';
import { bagOf } from '../../src/order/dose-account.ts';
import {
  emptyDoseLedger,
  givenDose,
  withBag,
  withoutSession,
  withReading,
} from '../../src/order/dose-ledger.ts';
import { finalNotes } from '../../src/order/dose-note.ts';
import { GAP_MS, Gateway, HOUR, MINUTE, PUMP, SECOND, sessionOf } from './dose-kit.ts';

/** 125 mL/h of 0.08 mg/mL is 10 mg/h, a sixth of a mg a minute. */
const RATE = 125;
const MG_PER_MIN = 10 / 60;

/** A session with one pump whose counter stands at `counterMl` when it begins. */
function running(counterMl = 0): Gateway {
  const gateway = new Gateway();
  gateway.read(0, counterMl, RATE);
  gateway.begin(sessionOf(), 0);
  return gateway;
}

const session = (gateway: Gateway, atMs: number) => gateway.given(atMs).session;

test('a whole session is exact: 40 mg in 4 h', () => {
  const gateway = running(123.4);
  gateway.poll(0, 4 * HOUR, 123.4, RATE);
  expect(session(gateway, 4 * HOUR)).toEqual({ atLeastMg: 40, atMostMg: 40, isExact: true });
});

test('without an order, or before a counter was read, nothing is known', () => {
  expect(givenDose(emptyDoseLedger, 0)).toBeNull();
  const gateway = new Gateway();
  gateway.begin(sessionOf(), 0);
  gateway.read(SECOND, null, RATE);
  expect(givenDose(gateway.ledger, SECOND)).toBeNull();
});

interface Row {
  readonly what: string;
  /** mL on the counter when the session begins. */
  readonly startMl?: number;
  /** From minute 10 on, when 20.83 mL were counted. */
  readonly after: (gateway: Gateway, counterMl: number) => number;
  readonly atLeastMg: number;
  readonly atMostMg: number;
}

const TEN = 10 * MINUTE;
const TEN_MG = 10 * MG_PER_MIN;
const at = (seconds: number): number => TEN + seconds * SECOND;
/** What the order's maximum gives in so many seconds: 20 mg/h. */
const most = (seconds: number): number => (20 * seconds) / 3_600;
/** One more second, and one step of a counter of 0.001 mL. */
const SECOND_MG = 10 / 3_600;

const rows: readonly Row[] = [
  {
    what: 'a pump that is silent for 9 s is only late',
    after: () => at(9),
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG,
  },
  {
    what: 'a pump that is silent for a minute may have given up to the maximum of the order',
    after: () => at(60),
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + most(60),
  },
  {
    what: 'a rate above the order that was known last is the bound',
    after: (gateway, counterMl) => {
      gateway.read(at(1), counterMl + 0.139, 500);
      return at(61);
    },
    atLeastMg: TEN_MG + 0.139 * 0.08,
    atMostMg: TEN_MG + 0.139 * 0.08 + (500 * 0.08) / 60,
  },
  {
    what: 'where the flow was not known, the hard limit is the bound',
    after: (gateway, counterMl) => {
      gateway.read(at(1), counterMl, null);
      return at(61);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + 50 / 60,
  },
  {
    what: 'the counter closes a gap exactly, whatever was given in it',
    startMl: 100,
    after: (gateway, counterMl) => {
      gateway.read(at(300), counterMl + 15, RATE);
      return at(300);
    },
    atLeastMg: TEN_MG + 1.2,
    atMostMg: TEN_MG + 1.2,
  },
  {
    what: 'a counter so low that it may have been cleared in the gap leaves a range',
    after: (gateway, counterMl) => {
      gateway.read(at(600), counterMl + 10, RATE);
      return at(600);
    },
    atLeastMg: TEN_MG + 0.8,
    atMostMg: TEN_MG + most(600),
  },
  {
    what: 'but one that went on as the flow says was not cleared',
    after: (gateway, counterMl) => {
      gateway.read(at(600), counterMl + RATE / 6, RATE);
      return at(600);
    },
    atLeastMg: 2 * TEN_MG,
    atMostMg: 2 * TEN_MG,
  },
  {
    what: 'a pump that stands still before and after may have run and been cleared',
    after: (gateway, counterMl) => {
      gateway.read(at(1), counterMl, 0);
      gateway.read(at(601), counterMl, 0);
      return at(601);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + most(600),
  },
  {
    what: 'a cleared counter: what was before counts, it goes on from 0, a second is a range',
    after: (gateway) => {
      gateway.read(at(1), 0.02, RATE);
      gateway.poll(at(2), at(61), 0.02 + RATE / 3_600, RATE);
      return at(61);
    },
    atLeastMg: TEN_MG + 0.0016 + 60 * SECOND_MG,
    atMostMg: TEN_MG + 61 * SECOND_MG + 0.0001,
  },
  {
    what: 'a counter that begins again at its end is the same',
    startMl: 9_999.9 - RATE / 6,
    after: (gateway) => {
      gateway.read(at(1), 0.035, RATE);
      return at(1);
    },
    atLeastMg: TEN_MG + 0.0028,
    atMostMg: TEN_MG + 0.0028 + 0.0001,
  },
  {
    what: 'a counter that stays at its end knows nothing more',
    startMl: 9_999.9 - RATE / 6,
    after: (gateway) => {
      for (let s = 1; s <= 60; s += 1) gateway.read(at(s), 9_999.9, RATE);
      return at(60);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + MG_PER_MIN,
  },
  {
    what: 'and after it was cleared the range stays, and it counts on',
    startMl: 9_999.9 - RATE / 6,
    after: (gateway) => {
      for (let s = 1; s <= 60; s += 1) gateway.read(at(s), 9_999.9, RATE);
      gateway.read(at(61), 0, RATE);
      gateway.poll(at(62), at(121), RATE / 3_600, RATE);
      return at(121);
    },
    atLeastMg: TEN_MG + MG_PER_MIN,
    atMostMg: TEN_MG + 2 * MG_PER_MIN + SECOND_MG + 0.0001,
  },
  {
    what: 'it knows that at once, not only when it has stood for a while',
    startMl: 9_999.9 - RATE / 6,
    after: (gateway) => {
      for (let s = 1; s <= 2; s += 1) gateway.read(at(s), 9_999.9, RATE);
      return at(2);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + 2 * SECOND_MG,
  },
  {
    what: 'a rate that was raised and a counter that was cleared in one poll: the higher rate bounds',
    after: (gateway) => {
      gateway.read(at(1), 0.2, 1_000);
      return at(1);
    },
    atLeastMg: TEN_MG + 0.016,
    atMostMg: TEN_MG + (1_000 * 0.08) / 3_600,
  },
  {
    what: 'a rate above the order that is found after a gap bounds what flowed in it',
    after: (gateway) => {
      gateway.read(at(60), 1, 500);
      return at(60);
    },
    atLeastMg: TEN_MG + 0.08,
    atMostMg: TEN_MG + (500 * 0.08) / 60,
  },
  {
    what: 'nor does one at its end of which the flow is not told',
    startMl: 9_999.9 - RATE / 6,
    after: (gateway) => {
      for (let s = 1; s <= 60; s += 1) gateway.read(at(s), 9_999.9, null);
      return at(60);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + most(1) + (50 * 59) / 3_600,
  },
  {
    what: 'a counter that came to its end in a gap may hide the rest',
    startMl: 9_994.9 - RATE / 6,
    after: (gateway) => {
      gateway.read(at(300), 9_999.9, RATE);
      return at(300);
    },
    atLeastMg: TEN_MG + 0.4,
    atMostMg: TEN_MG + most(300),
  },
  {
    what: 'a counter that the driver does not believe is not taken, the known flow bounds',
    after: (gateway) => {
      for (let s = 1; s <= 60; s += 1) gateway.read(at(s), null, RATE);
      return at(60);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + MG_PER_MIN,
  },
  {
    what: 'a counter that stands while something flows is in doubt after some seconds',
    after: (gateway, counterMl) => {
      for (let s = 1; s <= 30; s += 1) gateway.read(at(s), counterMl, RATE);
      return at(30);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + MG_PER_MIN / 2,
  },
  {
    what: 'and no longer when it grows again',
    after: (gateway, counterMl) => {
      for (let s = 1; s <= 30; s += 1) gateway.read(at(s), counterMl, RATE);
      gateway.read(at(31), counterMl + 1, RATE);
      return at(31);
    },
    atLeastMg: TEN_MG + 0.08,
    atMostMg: TEN_MG + 0.08,
  },
  {
    what: 'a last digit that wavers is no cleared counter',
    after: (gateway, counterMl) => {
      gateway.read(at(1), counterMl - 0.001, 0);
      gateway.read(at(2), counterMl, 0);
      return at(2);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG,
  },
  {
    what: 'another pump after 2 min: its counter begins where it stands, the gap stays a range',
    after: (gateway) => {
      gateway.read(at(120), 77, RATE, 'SN2');
      gateway.poll(at(121), at(180), 77 + RATE / 3_600, RATE, 'SN2');
      return at(180);
    },
    atLeastMg: TEN_MG + MG_PER_MIN,
    atMostMg: TEN_MG + MG_PER_MIN + most(120),
  },
  {
    what: 'a counter that went back to more than can have flowed since is another pump',
    after: (gateway) => {
      gateway.read(at(1), 15, RATE, null);
      return at(1);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + SECOND_MG + 0.0001,
  },
  {
    what: 'a second pump with the same drug adds up; what it gave before it was heard is a range',
    after: (gateway, counterMl) => {
      gateway.read(at(0), 0.5, RATE, 'SN9', 'B01-pump2');
      gateway.read(at(60), 2.5, RATE, 'SN9', 'B01-pump2');
      gateway.read(at(60), counterMl + 2, RATE);
      return at(60);
    },
    atLeastMg: TEN_MG + 2 * 0.16,
    atMostMg: TEN_MG + 2 * 0.16 + 0.04,
  },
  {
    what: 'a second pump with much on its counter: no more than can have flowed since the session began',
    after: (gateway) => {
      gateway.read(at(0), 300, RATE, 'SN9', 'B01-pump2');
      return at(0);
    },
    atLeastMg: TEN_MG,
    atMostMg: TEN_MG + 50 / 6,
  },
  {
    what: 'a stronger bag that came and went while nobody looked may have given it all',
    startMl: 100,
    after: (gateway, counterMl) => {
      gateway.ledger = withBag(gateway.ledger, bagOf({ drugMg: 80, volumeMl: 500 }));
      gateway.ledger = withBag(gateway.ledger, bagOf({ drugMg: 20, volumeMl: 500 }));
      gateway.ledger = withBag(gateway.ledger, bagOf({ drugMg: 40, volumeMl: 500 }));
      expect(session(gateway, at(60)).atMostMg).toBeCloseTo(TEN_MG + (0.16 * 500) / 60, 2);
      gateway.read(at(60), counterMl + 10, RATE);
      return at(60);
    },
    atLeastMg: TEN_MG + 0.4,
    atMostMg: TEN_MG + 1.6,
  },
  {
    what: 'of which bag it was is open until the counter is told again',
    after: (gateway, counterMl) => {
      gateway.ledger = withBag(gateway.ledger, bagOf({ drugMg: 80, volumeMl: 500 }));
      gateway.read(at(1), null, RATE);
      gateway.read(at(2), counterMl + 0.05, RATE);
      return at(2);
    },
    atLeastMg: TEN_MG + 0.004,
    atMostMg: TEN_MG + 0.008,
  },
  {
    what: 'a stronger bag counts from when it was hung; the second between is of either',
    after: (gateway, counterMl) => {
      gateway.read(at(1), counterMl, 0);
      gateway.ledger = withBag(gateway.ledger, bagOf({ drugMg: 80, volumeMl: 500 }));
      gateway.read(at(2), counterMl + 0.01, RATE);
      gateway.poll(at(3), at(63), counterMl + 0.01, RATE);
      return at(63);
    },
    atLeastMg: TEN_MG + 0.0008 + 2 * MG_PER_MIN,
    atMostMg: TEN_MG + 0.0016 + 2 * MG_PER_MIN,
  },
];

describe('one disturbance after ten minutes of 10 mg/h', () => {
  test.each(rows)('$what', ({ startMl = 0, after, atLeastMg, atMostMg }) => {
    const gateway = running(startMl);
    const counterMl = gateway.poll(0, TEN, startMl, RATE);
    const end = after(gateway, Math.round(counterMl * 1_000) / 1_000);
    const given = session(gateway, end);
    const off = [given.atLeastMg - atLeastMg, given.atMostMg - atMostMg].map(Math.abs);
    // The whole ug of a sum or two.
    expect(Math.max(...off), JSON.stringify(given)).toBeLessThan(0.002);
    expect(given.isExact).toBe(given.atLeastMg === given.atMostMg);
  });
});

describe('killed in mid-session', () => {
  test.each([0, 5 * SECOND, 59 * SECOND, 61 * SECOND])(
    'the counter itself closes the gap, %d ms after a whole minute',
    (pastMs) => {
      const gateway = running(100);
      const killedAt = 20 * MINUTE + pastMs;
      gateway.poll(0, killedAt, 100, RATE);
      const backAt = killedAt + 90 * SECOND;
      gateway.restart(sessionOf(), backAt);
      expect(session(gateway, backAt).isExact).toBe(false);
      const ml = 100 + (RATE * backAt) / HOUR;
      gateway.read(backAt, Math.round(ml * 1_000) / 1_000, RATE);
      const given = session(gateway, backAt);
      expect(given.isExact).toBe(true);
      expect(given.atLeastMg).toBeCloseTo((10 * backAt) / HOUR, 2);
    },
  );

  test('silence goes on where it was: from the last reading, not from the last entry', () => {
    const gateway = running(100);
    gateway.poll(0, TEN, 100, RATE);
    gateway.read(at(1), 0, RATE);
    gateway.read(at(2), 0.034, RATE);
    gateway.read(at(3), 0, RATE);
    gateway.write(at(9));
    gateway.restart(sessionOf(), at(10));
    const { atLeastMg, atMostMg } = session(gateway, at(14));
    // 11 s at the maximum of the order, and what the two seconds with a cleared counter leave open.
    expect(atMostMg - atLeastMg).toBeGreaterThan(most(11));
    expect(atMostMg - atLeastMg).toBeLessThan(most(11) + 3 * SECOND_MG);
  });

  test('a counter that was cleared while the gateway was down leaves a range', () => {
    const gateway = running(100);
    gateway.poll(0, TEN, 100, RATE);
    gateway.restart(sessionOf(), TEN + MINUTE);
    gateway.read(TEN + MINUTE, 0.5, RATE);
    const given = session(gateway, TEN + MINUTE);
    expect(given.atLeastMg).toBeCloseTo(TEN_MG + 0.04, 2);
    expect(given.atMostMg).toBeCloseTo(TEN_MG + most(60), 2);
  });

  test('a bag that was changed while the gateway was down is of either strength', () => {
    const gateway = running(100);
    gateway.poll(0, TEN, 100, RATE);
    const strong = sessionOf({ bag: { drugMg: 80, volumeMl: 500 } });
    gateway.restart(strong, TEN + MINUTE);
    gateway.read(TEN + MINUTE, 130, RATE);
    const given = session(gateway, TEN + MINUTE);
    const sinceMl = 30 - RATE / 6;
    expect(given.atLeastMg).toBeCloseTo(TEN_MG + sinceMl * 0.08, 2);
    expect(given.atMostMg).toBeCloseTo(TEN_MG + sinceMl * 0.16, 2);
  });

  test('the log has one entry a minute, and few more for a counter that is cleared every second', () => {
    const gateway = running();
    gateway.poll(0, HOUR, 0, RATE);
    expect(gateway.log.length).toBeLessThanOrEqual(63);
    for (let s = 1; s <= 600; s += 1) gateway.read(HOUR + s * SECOND, (s % 2) / 100, RATE);
    expect(gateway.log.length).toBeLessThanOrEqual(63 + 122);
    const longest = Math.max(...gateway.log.map(({ note }) => JSON.stringify(note).length));
    expect(longest).toBeLessThan(500);
  });
});

describe('last 24 hours and course', () => {
  /** A session of 4 h that gives 40 mg, begun at a time. */
  function day(gateway: Gateway, orderId: string, atMs: number, regimen?: string): void {
    gateway.begin(sessionOf({ orderId, sinceMs: atMs, ...(regimen ? { regimen } : {}) }), atMs);
    for (let s = 0; s <= 4 * 3_600; s += 10)
      gateway.read(atMs + s * SECOND, (RATE * s) / 3_600, RATE);
    const endMs = atMs + 4 * HOUR;
    gateway.keep(finalNotes(gateway.ledger, endMs), endMs);
    gateway.ledger = withoutSession(gateway.ledger);
    gateway.read(endMs + SECOND, 0, 0);
  }

  test('the window rolls: at midnight nothing begins anew, after 24 h the first day is gone', () => {
    const gateway = new Gateway();
    gateway.read(0, 0, 0);
    day(gateway, 'O000001', 0);
    gateway.read(26 * HOUR - SECOND, 0, 0);
    gateway.begin(sessionOf({ orderId: 'O000002', sinceMs: 26 * HOUR }), 26 * HOUR);
    gateway.read(26 * HOUR, 0, 0);
    const { session: own, last24h, course } = gateway.given(26 * HOUR);
    expect(own).toEqual({ atLeastMg: 0, atMostMg: 0, isExact: true });
    // Half of the first session is 24 h ago, to the minute.
    expect(last24h.atLeastMg).toBeGreaterThan(20 - 2 * MG_PER_MIN);
    expect(last24h.atLeastMg).toBeLessThanOrEqual(20.001);
    expect(last24h.atMostMg).toBeGreaterThanOrEqual(19.999);
    expect(last24h.atMostMg).toBeLessThan(20 + 2 * MG_PER_MIN);
    expect(course).toEqual({ atLeastMg: 40, atMostMg: 40, isExact: true });
    gateway.restart(sessionOf({ orderId: 'O000002', sinceMs: 26 * HOUR }), 26 * HOUR + SECOND);
    gateway.read(26 * HOUR + SECOND, 0, 0);
    const again = gateway.given(26 * HOUR + SECOND).last24h.atLeastMg;
    expect(again).toBeGreaterThan(19);
    expect(again).toBeLessThan(20.01);
    expect(gateway.given(29 * HOUR).last24h.atLeastMg).toBe(0);
    expect(gateway.given(29 * HOUR).course.atLeastMg).toBe(40);
  });

  test('one session of more than 24 h', () => {
    const gateway = running();
    for (let s = 0; s <= 30 * 3_600; s += 10) gateway.read(s * SECOND, (RATE * s) / 3_600, RATE);
    const { session: own, last24h } = gateway.given(30 * HOUR);
    expect(own.atLeastMg).toBe(300);
    expect(last24h.atLeastMg).toBeGreaterThan(240 - 2 * MG_PER_MIN);
    expect(last24h.atLeastMg).toBeLessThanOrEqual(240);
    expect(last24h.atMostMg).toBeGreaterThanOrEqual(240);
    expect(last24h.atMostMg).toBeLessThan(240 + 2 * MG_PER_MIN);
  });

  test('a gap over the edge of the window is not promised to it', () => {
    const gateway = running(1_000);
    gateway.poll(0, TEN, 1_000, RATE);
    gateway.read(2 * HOUR, 1_200, RATE);
    gateway.read(2 * HOUR + SECOND, 1_200, 0);
    gateway.read(25 * HOUR, 1_200, 0);
    const { last24h } = gateway.given(25 * HOUR);
    expect(last24h.atLeastMg).toBe(0);
    expect(last24h.atMostMg).toBeGreaterThanOrEqual((200 - RATE / 6) * 0.08);
  });

  test('nor is what was open when an entry was written', () => {
    const gateway = running(1_000);
    gateway.poll(0, TEN, 1_000, RATE);
    // The counter is not to be believed, and a higher rate is written down meanwhile.
    gateway.read(25 * HOUR, null, RATE + 5);
    gateway.read(30 * HOUR, 4_000, RATE);
    const { last24h } = gateway.given(30 * HOUR);
    expect(last24h.atLeastMg).toBe(0);
    expect(last24h.atMostMg).toBeGreaterThan((3_000 - RATE / 6) * 0.08);
  });

  test('a course is one regimen of one patient, with no more than 31 days between its sessions', () => {
    const DAY = 24 * HOUR;
    const gateway = new Gateway();
    gateway.read(0, 0, 0);
    day(gateway, 'O000001', 0);
    day(gateway, 'O000002', 40 * DAY);
    day(gateway, 'O000003', 41 * DAY, 'another-regimen');
    day(gateway, 'O000004', 60 * DAY);
    gateway.read(61 * DAY - SECOND, 0, 0);
    const now = sessionOf({ orderId: 'O000005', sinceMs: 61 * DAY });
    gateway.begin(now, 61 * DAY);
    expect(gateway.given(61 * DAY).course.atLeastMg).toBe(80);
    gateway.restart(now, 61 * DAY + HOUR);
    gateway.read(61 * DAY + HOUR, 0, 0);
    expect(gateway.given(61 * DAY + HOUR).course.atLeastMg).toBe(80);
    gateway.begin(sessionOf({ orderId: 'O000006', patientId: 'P-0000002' }), 61 * DAY + HOUR);
    expect(gateway.given(61 * DAY + HOUR).course.atLeastMg).toBe(0);
  });

  test('each pause of a course counts from the session before it; no regimen and another form are none', () => {
    const DAY = 24 * HOUR;
    const gateway = new Gateway();
    gateway.read(0, 0, 0);
    day(gateway, 'O000001', 0);
    day(gateway, 'O000002', 25 * DAY);
    day(gateway, 'O000003', 50 * DAY, 'none');
    const courseOf = (about: Parameters<typeof sessionOf>[0]): number => {
      gateway.begin(sessionOf({ orderId: 'O000009', ...about }), 51 * DAY);
      gateway.read(51 * DAY, 0, 0);
      return gateway.given(51 * DAY).course.atLeastMg;
    };
    expect(courseOf({})).toBe(80);
    expect(courseOf({ regimen: 'none' })).toBe(0);
    expect(courseOf({ form: 'S' })).toBe(0);
  });

  test('what an order that is over left open stays open', () => {
    const gateway = running(100);
    gateway.poll(0, TEN, 100, RATE);
    const endMs = TEN + MINUTE;
    gateway.keep(finalNotes(gateway.ledger, endMs), endMs);
    gateway.ledger = withoutSession(gateway.ledger);
    gateway.begin(sessionOf({ orderId: 'O000002', sinceMs: endMs }), endMs);
    const { course, session: own } = gateway.given(endMs + 1);
    expect(course.atLeastMg).toBeCloseTo(TEN_MG, 2);
    expect(course.atMostMg).toBeCloseTo(TEN_MG + most(60), 1);
    expect(own.atLeastMg).toBe(0);
    // What the counter brings may be of the first order or of the second.
    gateway.read(endMs + 12 * SECOND, 140, RATE);
    const later = gateway.given(endMs + 12 * SECOND).session;
    expect(later.atLeastMg).toBe(0);
    expect(later.atMostMg).toBeCloseTo((50 * 12) / 3_600, 2);
  });
});

test('a pump without a serial number whose counter jumped in a gap may be another one', () => {
  const gateway = new Gateway();
  gateway.read(0, 100, RATE, null);
  gateway.begin(sessionOf(), 0);
  gateway.read(SECOND, 100.035, RATE, null);
  gateway.read(MINUTE, 200, RATE, null);
  const { atLeastMg, atMostMg } = session(gateway, MINUTE);
  expect(atLeastMg).toBe(0.002);
  expect(atMostMg).toBeGreaterThan(7.9);
  // While it is watched, a jump is delivered: a free flow is counted.
  gateway.read(MINUTE + SECOND, 210, RATE, null);
  expect(session(gateway, MINUTE + SECOND).atLeastMg).toBe(0.802);
});

test('an order that begins while a pump runs counts from its own beginning', () => {
  const gateway = new Gateway();
  gateway.poll(0, TEN, 0, RATE);
  gateway.begin(sessionOf({ sinceMs: TEN }), TEN);
  gateway.read(TEN + SECOND, RATE / 6 + 0.035, RATE);
  expect(session(gateway, TEN + SECOND)).toMatchObject({ atLeastMg: 0.002, isExact: true });
  expect(gateway.ledger.pumps.get(PUMP)?.counter.gapMs).toBe(GAP_MS);
});

describe('a pump that says that it gives another drug', () => {
  const reading = (atMs: number, counterMl: number, mlPerH = RATE) => ({
    atMs,
    serial: 'SN1',
    counterMl,
    mlPerH,
    gapMs: GAP_MS,
  });
  const given = (ledger: Gateway['ledger'], atMs: number) => givenDose(ledger, atMs)?.session;

  test('is followed and not counted, also through a gap in which it tells nothing', () => {
    const gateway = running(100);
    let { ledger } = gateway;
    ledger = withReading(ledger, 'saline', reading(0, 5), true);
    ledger = withReading(ledger, 'saline', reading(SECOND, 9), true);
    expect(given(ledger, 8 * SECOND)).toMatchObject({ atLeastMg: 0, atMostMg: 0 });
    expect(given(ledger, HOUR)?.atMostMg).toBeCloseTo(20, 1);
    ledger = withReading(ledger, 'saline', reading(HOUR, 99), null);
    ledger = withReading(ledger, PUMP, reading(HOUR, 100, 0), null);
    expect(given(ledger, HOUR)?.atLeastMg).toBe(0);
    ledger = withReading(ledger, 'saline', reading(HOUR + SECOND, 99.1), true);
    expect(ledger.pumps.get('saline')?.account.bagUl).toEqual({ leastUl: 0, mostUl: 0 });
  });

  test('counts from when it says the ordered one; the second between is a range', () => {
    let { ledger } = running(100);
    ledger = withReading(ledger, 'b', reading(0, 5), true);
    ledger = withReading(ledger, 'b', reading(SECOND, 6), false);
    ledger = withReading(ledger, 'b', reading(2 * SECOND, 8), false);
    expect(given(ledger, 2 * SECOND)).toMatchObject({ atLeastMg: 0.16, atMostMg: 0.24 });
    ledger = withReading(ledger, 'b', reading(3 * SECOND, 9), true);
    expect(given(ledger, 3 * SECOND)).toMatchObject({ atLeastMg: 0.16, atMostMg: 0.32 });
  });

  test('is still another one after a restart of the gateway', () => {
    const gateway = running(100);
    gateway.ledger = withReading(gateway.ledger, 'saline', reading(0, 5), true);
    gateway.write(0);
    gateway.restart(sessionOf(), MINUTE);
    expect(gateway.ledger.pumps.get('saline')?.isOther).toBe(true);
    expect(gateway.ledger.pumps.get(PUMP)?.isOther).toBeNull();
  });
});
