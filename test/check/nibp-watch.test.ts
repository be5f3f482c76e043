import { describe, expect, test } from 'vitest';
import { nibpWatch } from '../../src/check/nibp-watch.ts';
import { vit07, vit08 } from '../../src/check/rules/nibp.ts';
import type { NibpHistory } from '../../src/check/scene.ts';
import { answer, ask, NO_NIBP, NOW, order, scene } from './scene-kit.ts';

const MIN = 60_000;
const LATE = { lateByMs: 2 * MIN, overdueByMs: 5 * MIN };
const read = (agoMs: number, more: Partial<NibpHistory> = {}): NibpHistory => ({
  ...NO_NIBP,
  intervalMs: 15 * MIN,
  supervisedSinceMs: NOW - 60 * MIN,
  lastReadingAtMs: NOW - agoMs,
  ...more,
});

describe('where the cuff is', () => {
  test.each<[string, NibpHistory, string]>([
    ['nothing is ordered', { ...read(0), intervalMs: null }, 'off'],
    ['nothing is supervised', { ...read(0), supervisedSinceMs: null }, 'off'],
    ['just read', read(0), 'done'],
    ['a minute and more before its time', read(14 * MIN - 1), 'done'],
    ['the last minute', read(14 * MIN), 'due'],
    ['its time', read(15 * MIN), 'due'],
    ['just not late', read(17 * MIN - 1), 'due'],
    ['late', read(17 * MIN), 'late'],
    ['overdue', read(20 * MIN), 'overdue'],
    ['measuring', read(15 * MIN, { isMeasuring: true }), 'measuring'],
    ['measuring although overdue', read(30 * MIN, { isMeasuring: true }), 'measuring'],
    ['failed once', read(15 * MIN, { failures: 1 }), 'failed'],
    ['failed and overdue', read(30 * MIN, { failures: 3 }), 'overdue'],
    ['never read', read(0, { lastReadingAtMs: null }), 'overdue'],
    [
      'a reading from before supervision counts from its beginning',
      read(60 * MIN, { supervisedSinceMs: NOW - MIN }),
      'done',
    ],
  ])('%s', (_, nibp, expected) => {
    expect(nibpWatch(nibp, NOW, LATE).state).toBe(expected);
  });

  test.each<[string, number | null | undefined, object]>([
    ['not told', undefined, { dueAtMs: NOW + 10 * MIN, dueBy: 'order', cycleDiffers: false }],
    [
      'the ordered one',
      15 * MIN,
      { dueAtMs: NOW + 10 * MIN, dueBy: 'device', cycleDiffers: false },
    ],
    ['another', 30 * MIN, { dueAtMs: NOW + 25 * MIN, dueBy: 'device', cycleDiffers: true }],
    ['by hand', null, { dueAtMs: NOW + 10 * MIN, dueBy: 'order', cycleDiffers: true }],
  ])("the monitor's cycle: %s", (_, cycleMs, expected) => {
    expect(nibpWatch(read(5 * MIN, { cycleMs }), NOW, LATE)).toMatchObject(expected);
  });

  test('a longer cycle of the monitor makes nothing late that the order says is', () => {
    expect(nibpWatch(read(17 * MIN, { cycleMs: 60 * MIN }), NOW, LATE).state).toBe('late');
  });
});

describe('VIT-07, third level', () => {
  const at = (agoMs: number) =>
    ask(vit07, scene({ order: order(), nibp: read(agoMs) }), { level: 'none' });
  test('no reading for twice the interval is news of its own', () => {
    expect(answer(at(30 * MIN - 1))).toBe('absent');
    expect(at(30 * MIN)).toMatchObject({
      presence: 'present',
      message: { textShort: 'NO BLOOD PRESSURE', parts: 'none' },
    });
  });
});

describe('VIT-08', () => {
  const failed = (failures: number) =>
    ask(
      vit08,
      scene({
        nibp: { ...NO_NIBP, failures, lastFailure: { atMs: NOW - MIN, reason: 'air leak' } },
      }),
    );
  test('one failed measurement is tried again by the monitor, two are an alarm', () => {
    expect(answer(failed(0))).toBe('absent');
    expect(answer(failed(1))).toBe('absent');
    expect(failed(2)).toMatchObject({
      presence: 'present',
      message: { textShort: 'NIBP FAILED', detail: expect.stringContaining('air leak') },
    });
  });
});
