import { describe, expect, test } from 'vitest';
import { emptyOrderBook, nextOrderBook } from '../../src/order/order-book.ts';
import type { OrderBookEvent } from '../../src/order/order-event.ts';
import { NO_TRAIL } from '../../src/order/order-trail.ts';
import type { LogEntry } from '../../src/store/event-log.ts';
import type { TrendBucket } from '../../src/store/numerics.ts';
import { reportDoses } from '../../src/ward/report/doses.ts';
import { planRate, reportSteps, unseenSpans } from '../../src/ward/report/rates.ts';
import { sessionLog } from '../../src/ward/report/session-log.ts';
import {
  BEFORE_MS,
  MINUTE_MS,
  VITAL_CODES,
  type VitalMinutes,
  vitalGaps,
  vitalHours,
  vitalRows,
} from '../../src/ward/report/vitals.ts';
import { HOUR, TITRATION } from '../order/order-kit.ts';

const START = Date.UTC(2026, 0, 5, 8);
const ABOUT = { orderId: 'O000001', bedId: 'B01' };
const iso = (ms: number): string => new Date(ms).toISOString();

let seq = 0;
function entry(
  type: string,
  atMs: number,
  payload: Readonly<Record<string, unknown>> = {},
): LogEntry {
  seq += 1;
  return { seq, type, wallMs: START + atMs, hash: `h${seq}`, payload: payload as never };
}

describe('what the log holds of a session', () => {
  test('the gateway was away: unknown from the last entry on, until a rate is seen again', () => {
    const rate = (atMs: number, mgPerH: number | null) =>
      entry('rate-seen', atMs, { orderId: ABOUT.orderId, mgPerH });
    const { away, rates } = sessionLog(
      [rate(0, 10), entry('gateway-started', HOUR), rate(HOUR + 1_000, 10)],
      ABOUT,
    );
    expect(away).toEqual([{ fromWallMs: START, toWallMs: START + HOUR }]);
    expect(unseenSpans(rates, START, START + 2 * HOUR)).toEqual([
      { fromWallMs: START, toWallMs: START + HOUR + 1_000 },
    ]);
  });

  test('no rate was ever noted: nothing of the session was seen', () => {
    expect(unseenSpans([], START, START + HOUR)).toEqual([
      { fromWallMs: START, toWallMs: START + HOUR },
    ]);
  });

  test('a clock that was set back is told, rates of another order are not taken', () => {
    const log = sessionLog(
      [
        entry('rate-seen', HOUR, { orderId: 'O000009', mgPerH: 99 }),
        entry('dose-session', HOUR - 10_000, { orderId: ABOUT.orderId }),
      ],
      ABOUT,
    );
    expect(log.rates).toEqual([]);
    expect(log.clockNotes).toEqual([
      expect.stringMatching(
        /^The gateway's clock was set back by 10 s \(entry \d+ of the log\)\.$/,
      ),
    ]);
  });

  test('a row for each bag: what came from which, and in doubt at least and at most', () => {
    const counter = (
      atMs: number,
      drugUg: number,
      ul: readonly [number, number],
      ug: readonly [number, number],
    ) =>
      entry('dose-counted', atMs, {
        orderId: ABOUT.orderId,
        pumpId: 'B01-pump',
        bag: { drugUg, volumeUl: 500_000 },
        bagUl: { leastUl: ul[0], mostUl: ul[1] },
        former: { leastUg: ug[0], mostUg: ug[1] },
      });
    const log = sessionLog(
      [
        counter(0, 40_000, [0, 0], [0, 0]),
        counter(HOUR, 40_000, [125_000, 125_000], [0, 0]),
        counter(HOUR + 1_000, 80_000, [0, 0], [10_000, 10_000]),
        counter(2 * HOUR, 80_000, [100_000, 125_000], [10_000, 10_000]),
      ],
      ABOUT,
    );
    expect(reportDoses(log)).toMatchObject([
      { bagDrugMg: 40, atLeastMl: 125, atMostMl: 125, atLeastMg: 10, atMostMg: 10 },
      { bagDrugMg: 80, atLeastMl: 100, atMostMl: 125, atLeastMg: 16, atMostMg: 20 },
    ]);
    expect(reportDoses(log).map(({ how }) => how)).toEqual([
      'volume counter of the pump x 0.08 mg/mL',
      expect.stringContaining('at most: what can have flowed'),
    ]);
  });
});

/** A titration of 20, 30 and 10 mg/h, an hour each, with what was noted in its session. */
function running(...events: readonly (readonly [number, Omit<OrderBookEvent, 'orderId'>])[]) {
  const { orderId } = ABOUT;
  const limits = { hardMaxMgPerH: 60, softMaxMgPerH: null };
  let book = emptyOrderBook;
  const all: readonly (readonly [number, object])[] = [
    [0, { type: 'order-created', source: TITRATION }],
    [0, { type: 'order-signed' }],
    [0, { type: 'order-verified' }],
    [0, { type: 'order-activated', bedId: 'B01', ...limits }],
    [0, { type: 'order-started', pumpId: 'B01-pump', counterMl: 0 }],
    ...events,
  ];
  for (const [atMs, event] of all) {
    const at = { wallMs: START + atMs, user: 'nurse-a' };
    book = nextOrderBook(book, { orderId, ...event } as OrderBookEvent, at);
  }
  const order = book.orders.get(orderId);
  if (order === undefined) throw new Error('the order is not in its book');
  return order;
}
const made = (step: number, how: string) =>
  ({ type: 'step-made', step, how, pumpId: 'B01-pump', mgPerH: 20, mlPerH: 10 }) as never;
const TRAIL = { ...NO_TRAIL, activatedAtWallMs: START, startedAtWallMs: START, bedId: 'B01' };
const ended = { ...TRAIL, endedAtWallMs: START + 3 * HOUR };

describe('what became of each step', () => {
  const states = (
    order: ReturnType<typeof running>,
    unseen: Parameters<typeof reportSteps>[2] = [],
  ) => reportSteps(order, ended, unseen, START + 4 * HOUR).map(({ state }) => state);

  test('made, late, and one that nobody made', () => {
    expect(states(running([0, made(1, 'made')], [HOUR, made(2, 'late')]))).toEqual([
      'made',
      'late',
      'not-made',
    ]);
  });

  test('one that was left out', () => {
    expect(states(running([0, made(1, 'made')], [HOUR, made(3, 'skipped')]))).toEqual([
      'made',
      'skipped',
      'made',
    ]);
  });

  test('where the pump was not seen, or no steps were noted, nobody knows', () => {
    const unseen = [{ fromWallMs: START + 2.5 * HOUR, toWallMs: START + 3 * HOUR }];
    expect(states(running([0, made(1, 'made')], [HOUR, made(2, 'made')]), unseen)).toEqual([
      'made',
      'made',
      'unknown',
    ]);
    expect(states(running())).toEqual(['unknown', 'unknown', 'unknown']);
  });

  test('the plan is that of each version from its activation on', () => {
    const amended = { ...TITRATION, steps: [{ step: 1, at: 'PT0S', dose: 5 }] };
    const limits = { hardMaxMgPerH: 60, softMaxMgPerH: null };
    const order = running(
      [
        1.5 * HOUR,
        { type: 'order-amended', version: 2, source: amended, reason: 'drowsy' } as never,
      ],
      [1.5 * HOUR, { type: 'order-signed', version: 2 } as never],
      [1.5 * HOUR, { type: 'order-verified', version: 2 } as never],
      [1.5 * HOUR, { type: 'order-activated', version: 2, bedId: 'B01', ...limits } as never],
    );
    expect(planRate(order, TRAIL)).toEqual([
      { at: iso(START), mgPerH: 20 },
      { at: iso(START + HOUR), mgPerH: 30 },
      { at: iso(START + 1.5 * HOUR), mgPerH: 5 },
      { at: iso(START + 3 * HOUR), mgPerH: 0 },
    ]);
  });
});

/** Minutes of a session in which each code has the value that a minute is given; `null` = none. */
function minutes(
  count: number,
  of: Partial<Record<(typeof VITAL_CODES)[number], (minute: number) => number | null>>,
): VitalMinutes {
  const buckets = (value: (minute: number) => number | null): TrendBucket[] =>
    Array.from({ length: count + 15 }, (_, index) => {
      const mean = value(index - 15);
      return { fromMs: START - BEFORE_MS + index * MINUTE_MS, min: mean, mean, max: mean };
    });
  const all = VITAL_CODES.map((code) => [code, buckets(of[code] ?? (() => null))]);
  return {
    fromMs: START,
    toMs: START + count * MINUTE_MS,
    of: Object.fromEntries(all) as VitalMinutes['of'],
  };
}

describe('vital signs', () => {
  test('a value is that of the minute before, and never carried over a gap', () => {
    const view = minutes(60, {
      MDC_ECG_HEART_RATE: (minute) => (minute < 20 ? 80 + minute : null),
      MDC_PULS_OXIM_PULS_RATE: (minute) => (minute >= 40 ? 70 : null),
      MDC_PULS_OXIM_SAT_O2: () => 96,
    });
    const rows = vitalRows(view, { observations: [] });
    expect(rows.map(({ heartRateBpm, heartRateFrom }) => [heartRateBpm, heartRateFrom])).toEqual([
      [79, 'ecg'],
      [94, 'ecg'],
      [null, null],
      [70, 'pulse'],
      [70, 'pulse'],
    ]);
    expect(vitalGaps(view)).toEqual([
      {
        from: iso(START + 20 * MINUTE_MS),
        to: iso(START + 40 * MINUTE_MS),
        what: 'heart-rate',
        text: 'No heart rate',
      },
    ]);
    expect(vitalHours(view)).toMatchObject([
      { heartRateBpm: { min: 70, max: 99 }, spo2Percent: { min: 96, max: 96 }, respPerMin: null },
    ]);
  });

  test('a cuff reading stands in the row of its quarter of an hour only, with its time', () => {
    const view = minutes(45, {
      MDC_PRESS_BLD_NONINV_SYS: (minute) => (minute === 3 ? 128 : null),
      MDC_PRESS_BLD_NONINV_DIA: (minute) => (minute === 3 ? 76 : null),
    });
    const pressures = vitalRows(view, { observations: [] }).map(({ pressure }) => pressure);
    expect(pressures).toEqual([
      null,
      { at: iso(START + 3 * MINUTE_MS), systolic: 128, diastolic: 76, mean: null },
      null,
      null,
    ]);
  });
});
