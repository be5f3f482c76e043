import { expect, test } from 'vitest';
import { type NotedRate, rateToNote } from '../../src/order/rate-note.ts';

const noted = (mgPerH: number | null, orderId = 'O-1'): NotedRate => ({ orderId, mgPerH, atMs: 0 });

test.each([
  ['the first rate of an order', null, 10, 0, true],
  ['of another order', noted(10, 'O-2'), 10, 100, true],
  ['the same', noted(10), 10, 3_600_000, false],
  ['unknown by now', noted(10), null, 1_000, true],
  ['known again', noted(null), 10, 1_000, true],
  ['still unknown', noted(null), null, 60_000, false],
  ['a step', noted(10), 20, 1_000, true],
  ['stopped', noted(10), 0, 1_000, true],
  ['a step within a second', noted(10), 20, 900, false],
  ['it trembles', noted(10), 10.05, 30_000, false],
  ['it trembles for a minute', noted(10), 10.05, 60_000, true],
])('%s', (_, before, mgPerH, nowMs, isNoted) => {
  const now = rateToNote(before, 'O-1', mgPerH, nowMs);
  expect(now).toEqual(isNoted ? { orderId: 'O-1', mgPerH, atMs: nowMs } : undefined);
});
