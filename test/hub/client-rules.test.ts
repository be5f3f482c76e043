import { describe, expect, test } from 'vitest';
import { readClientFrame } from '../../src/hub/client-frames.ts';
import { FrameBudget } from '../../src/hub/frame-budget.ts';
import { FLUSH_GAP_MS_MAX, Pace } from '../../src/hub/pace.ts';
import { ReceiptBook } from '../../src/hub/receipt-book.ts';
import { UnconfirmedAlarms } from '../../src/hub/unconfirmed-alarms.ts';
import { zoneOffset } from '../../src/time/zone-offset.ts';
import { anAlarm } from './views.ts';

describe('frame budget', () => {
  test('20 frames in any second, the 21st is one too many', () => {
    const budget = new FrameBudget(20);
    for (let n = 0; n < 20; n += 1) expect(budget.spend('other', n * 10)).toBe(true);
    expect(budget.spend('other', 999)).toBe(false);
    expect(budget.spend('other', 1_000)).toBe(true);
    expect(budget.spend('other', 1_009)).toBe(false);
    expect(budget.spend('other', 1_010)).toBe(true);
  });

  test('a ward with many alarms does not lock its stations out: receipts are paid for', () => {
    const budget = new FrameBudget(20);
    for (let n = 0; n < 100; n += 1) budget.alarmSent();
    for (let n = 0; n < 200; n += 1) expect(budget.spend('receipt', 0)).toBe(true);
    for (let n = 0; n < 20; n += 1) expect(budget.spend('receipt', 0)).toBe(true);
    expect(budget.spend('receipt', 0)).toBe(false);
  });
});

describe('alarms without a receipt', () => {
  const sent = (unconfirmed: UnconfirmedAlarms, rev: number, atMs: number) =>
    unconfirmed.sent(anAlarm('A', rev), `body ${rev}`, atMs);

  test('are due once after 5 s', () => {
    const unconfirmed = new UnconfirmedAlarms();
    sent(unconfirmed, 1, 0);
    expect(unconfirmed.due(4_999, 5_000)).toEqual([]);
    expect(unconfirmed.due(5_000, 5_000)).toEqual(['body 1']);
    expect(unconfirmed.due(60_000, 5_000)).toEqual([]);
  });

  test('a newer revision takes the place of the older one', () => {
    const unconfirmed = new UnconfirmedAlarms();
    sent(unconfirmed, 1, 0);
    sent(unconfirmed, 2, 3_000);
    expect(unconfirmed.due(5_000, 5_000)).toEqual([]);
    expect(unconfirmed.due(8_000, 5_000)).toEqual(['body 2']);
  });

  test('a receipt for an older revision is no receipt for the newer one', () => {
    const unconfirmed = new UnconfirmedAlarms();
    sent(unconfirmed, 1, 0);
    sent(unconfirmed, 2, 0);
    expect(unconfirmed.confirm('A', 1)).toBe(true);
    expect(unconfirmed.due(5_000, 5_000)).toEqual(['body 2']);
  });

  test('a receipt ends the wait; one for a revision that was never sent counts for nothing', () => {
    const unconfirmed = new UnconfirmedAlarms();
    sent(unconfirmed, 1, 0);
    expect(unconfirmed.confirm('A', 2)).toBe(false);
    expect(unconfirmed.confirm('B', 1)).toBe(false);
    expect(unconfirmed.confirm('A', 1)).toBe(true);
    expect(unconfirmed.due(5_000, 5_000)).toEqual([]);
  });

  test('an ended alarm asks for none', () => {
    const unconfirmed = new UnconfirmedAlarms();
    sent(unconfirmed, 1, 0);
    unconfirmed.sent(anAlarm('A', 2, { phase: 'ended', present: false }), 'body 2', 1_000);
    expect(unconfirmed.due(60_000, 5_000)).toEqual([]);
  });
});

test('the receipt book keeps the newest revision, each station and stage once, and is bounded', () => {
  const book = new ReceiptBook();
  const note = (clientId: string, stage: 'received' | 'displayed') =>
    ({ clientId, user: 'n', stage, atMonotonicMs: 1 }) as const;
  book.note('A', 1, note('c1', 'received'));
  book.note('A', 1, note('c1', 'received'));
  book.note('A', 1, note('c1', 'displayed'));
  expect(book.of('A', 1)).toHaveLength(2);
  book.note('A', 2, note('c1', 'received'));
  book.note('A', 1, note('c2', 'received'));
  expect(book.of('A', 1)).toEqual([]);
  expect(book.of('A', 2)).toEqual([note('c1', 'received')]);
  for (let n = 0; n < 1_000; n += 1) book.note(`X${n}`, 1, note('c1', 'received'));
  expect(book.of('A', 2)).toEqual([]);
});

describe('pace', () => {
  /** Flushes one after another, each as soon as it may; answers the share of time spent on them. */
  function run(pace: Pace, costMs: number, flushes: number): { share: number; lastGapMs: number } {
    let nowMs = 0;
    let lastGapMs = 0;
    for (let n = 0; n < flushes; n += 1) {
      lastGapMs = pace.waitMs(nowMs);
      nowMs += lastGapMs;
      pace.flushed(nowMs, nowMs + costMs);
      nowMs += costMs;
    }
    return { share: (flushes * costMs) / nowMs, lastGapMs };
  }

  test('a cheap flush is followed by the next at once', () => {
    const pace = new Pace();
    for (let atMs = 0; atMs < 100; atMs += 0.6) {
      expect(pace.waitMs(atMs)).toBe(0);
      pace.flushed(atMs, atMs + 0.05);
    }
  });

  test.each([0.05, 0.5, 5])('flushes of %f ms take at most about a third of the time', (costMs) => {
    expect(run(new Pace(), costMs, 5_000).share).toBeLessThan(0.36);
  });

  test('and never leave more than 50 ms between them', () => {
    expect(run(new Pace(), 500, 100).lastGapMs).toBe(FLUSH_GAP_MS_MAX);
  });

  test('one that was interrupted does not slow down the next', () => {
    const pace = new Pace();
    run(pace, 0.05, 100);
    pace.flushed(1_000, 1_030);
    expect(pace.waitMs(1_030)).toBe(0);
  });
});

const badFrames = [
  { text: 'hello', says: /Not JSON/ },
  { text: '{"type":"wave"}', says: /Unknown frame type "wave".*beat, receipt, resync/ },
  { text: '{}', says: /Unknown frame type/ },
  { text: '[]', says: /./ },
  { text: 'null', says: /./ },
  { text: '{"type":"receipt","alarmId":"A","rev":"1","stage":"received"}', says: /receipt.*rev/ },
  { text: '{"type":"resync","now":true}', says: /resync.*now/ },
  { text: `{"type":"${'\u2028ä'.repeat(300)}"}`, says: /Unknown/ },
];

test.each(badFrames)('refused with a reason that fits a close frame: $text', ({ text, says }) => {
  const read = readClientFrame(text);
  if (read.ok) throw new Error('taken');
  expect(read.reason).toMatch(says);
  expect(Buffer.byteLength(read.reason)).toBeLessThanOrEqual(123);
});

test('minutes east of UTC, on both sides of a change of clocks', () => {
  const berlin = zoneOffset('Europe/Berlin');
  expect(berlin(Date.UTC(2026, 9, 25, 0, 59, 59))).toBe(120);
  expect(berlin(Date.UTC(2026, 9, 25, 1, 0, 0))).toBe(60);
  expect(zoneOffset('America/St_Johns')(Date.UTC(2026, 0, 5))).toBe(-210);
  expect(zoneOffset('UTC')(0)).toBe(0);
});
