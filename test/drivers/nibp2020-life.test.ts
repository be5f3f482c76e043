import { describe, expect, test } from 'vitest';
import type { NibpStatus } from '../../drivers/nibp2020/codec.ts';
import {
  afterAbort,
  afterEnd,
  afterPressure,
  afterStatus,
  type CuffLife,
  NOTHING_SEEN,
} from '../../drivers/nibp2020/nibp.ts';
import { OTHER_READING, READING, status } from './nibp2020-kit.ts';

/** What comes over the line: a pressure, the end, a status, our own stop. */
type Said = readonly [mmHg: number, state: number] | 'end' | 'abort' | Partial<NibpStatus>;

/** One thing after the other, 2 s apart. */
function lived(said: readonly Said[], from: CuffLife = NOTHING_SEEN, startMs = 0): CuffLife {
  return said.reduce<CuffLife>((life, one, index) => {
    const atMs = startMs + 2_000 * index;
    if (one === 'end') return afterEnd(life, atMs);
    if (one === 'abort') return afterAbort(life);
    if ('length' in one) {
      return afterPressure(
        life,
        { kind: 'pressure', mmHg: one[0], caution: 0, state: one[1] },
        atMs,
      );
    }
    return afterStatus(life, status(one), atMs);
  }, from);
}

const AT_REST: Said = { result: null, message: '00' };
const RUN: readonly Said[] = [
  [60, 8],
  [150, 8],
  [150, 3],
  [130, 3],
  [110, 3],
  [60, 3],
];
const confirmedAt = (measuredAtMs: number, result: object) => ({
  result,
  measuredAtMs,
  confirmed: true,
});

describe('a reading is new only when its measurement was seen', () => {
  test('seen from beginning to end: confirmed, at the time of 999', () => {
    const life = lived([AT_REST, ...RUN, 'end', {}]);
    expect(life.reading).toEqual(confirmedAt(14_000, READING));
    expect(life.failed).toBeNull();
  });

  test('after opening, without a run: the numbers, age unknown, however often they come', () => {
    expect(lived([{}, {}, {}]).reading).toEqual({
      result: READING,
      measuredAtMs: null,
      confirmed: false,
    });
  });

  test('999 lost: the status that says standby is the end', () => {
    expect(lived([AT_REST, ...RUN, {}]).reading).toEqual(confirmedAt(14_000, READING));
  });

  test('seen by statuses alone', () => {
    expect(lived([AT_REST, { state: 8 }, { state: 3 }, {}]).reading).toEqual(
      confirmedAt(6_000, READING),
    );
  });

  test('999 alone, heard when the line had just been opened: age unknown', () => {
    expect(lived(['end', {}]).reading).toMatchObject({ confirmed: false, measuredAtMs: null });
  });

  test('one pressure frame may be a damaged one: no run', () => {
    expect(lived([AT_REST, [150, 3], 'end', {}]).reading).toMatchObject({ confirmed: false });
  });

  test('joined while the cuff was full: confirmed; joined when it was nearly empty: age unknown', () => {
    expect(lived([...RUN, 'end', {}]).reading).toMatchObject({ confirmed: true });
    const late = lived([[70, 3], [60, 3], 'end', {}]);
    expect(late.reading).toMatchObject({ confirmed: false, measuredAtMs: null });
    expect(late.failed).toBeNull();
  });

  test('999 came and the module still says "measuring": its result is waited for', () => {
    const waiting = lived([AT_REST, ...RUN, 'end', { state: 3 }]);
    expect(waiting.ended).not.toBeNull();
    expect(waiting.reading).toBeNull();
    expect(lived([{}], waiting, 18_000).reading).toEqual(confirmedAt(14_000, READING));
  });

  test('still "measuring" long after 999: that is another run', () => {
    const waiting = lived([AT_REST, ...RUN, 'end']);
    expect(lived([{ state: 3 }], waiting, 30_000)).toMatchObject({
      ended: null,
      run: { firstAtMs: 30_000 },
    });
  });

  test('a second run before the first result was told: only the second counts', () => {
    const life = lived([AT_REST, ...RUN, 'end', ...RUN, 'end', {}]);
    expect(life.reading).toEqual(confirmedAt(28_000, READING));
  });

  test('the same when the second 999 is lost: not the time of the first', () => {
    const life = lived([AT_REST, ...RUN, 'end', ...RUN, {}]);
    expect(life.reading).toEqual(confirmedAt(28_000, READING));
  });

  test('a confirmed reading keeps its time while the status repeats it', () => {
    expect(lived([AT_REST, ...RUN, 'end', {}, {}, {}]).reading?.measuredAtMs).toBe(14_000);
  });

  test('other numbers than before without a run: age unknown, the old time does not stay', () => {
    const before = lived([AT_REST, ...RUN, 'end', {}]);
    expect(lived([{ result: OTHER_READING }], before, 60_000).reading).toEqual({
      result: OTHER_READING,
      measuredAtMs: null,
      confirmed: false,
    });
  });
});

describe('a run without a reading is a failed measurement, and the old reading stays old', () => {
  const before = lived([AT_REST, ...RUN, 'end', {}]);
  const again = (result: Partial<NibpStatus>, run: readonly Said[] = RUN) =>
    lived([...run, 'end', result], before, 900_000);

  test.each([
    ['02', 'module was reset'],
    ['06', 'cuff loose or not connected'],
    ['07', 'air leak'],
    ['08', 'pneumatic fault'],
    ['09', 'took too long or weak pulse'],
    ['10', 'out of range'],
    ['11', 'movement'],
    ['12', 'over-pressure'],
    ['13', 'signal saturated'],
    ['14', 'leak test failed'],
    ['15', 'system error'],
    ['04', 'code 04'],
    ['99', 'code 99'],
  ])('M%s, with the old numbers or blanks: %s', (message, reason) => {
    for (const result of [READING, OTHER_READING, null]) {
      const life = again({ message, result });
      expect(life.failed).toEqual({ atMs: 912_000, reason });
      expect(life.reading).toEqual(before.reading);
    }
  });

  test.each(['00', '03'])('M%s with dashes', (message) => {
    expect(again({ message, result: null }).failed?.reason).toBe('no reading');
  });

  test.each([
    { ...READING, dia: 122, sys: 77 },
    { ...READING, mean: 70 },
    { ...READING, mean: 130 },
    { ...READING, dia: 0 },
    { sys: 94, dia: 94, mean: 94, pulse: 75 },
  ])('pressures that cannot be: %j', (result) => {
    const life = again({ result });
    expect(life.failed?.reason).toBe('pressures contradict each other');
    expect(life.reading).toEqual(before.reading);
    expect(lived([{ result }], before, 60_000).reading).toEqual(before.reading);
  });

  test('the cuff was never filled to the mean pressure: the old numbers are not new', () => {
    const early: readonly Said[] = [
      [20, 8],
      [40, 8],
      [60, 8],
      [80, 8],
      [80, 3],
      [70, 3],
    ];
    const life = again({}, early);
    expect(life.failed).toEqual({ atMs: 912_000, reason: 'stopped before a reading' });
    expect(life.reading).toEqual(before.reading);
  });

  test('one damaged pressure frame is not the mean pressure', () => {
    const life = again({}, [
      [20, 8],
      [40, 8],
      [860, 8],
      [80, 8],
      [80, 3],
      [70, 3],
    ]);
    expect(life.failed?.reason).toBe('stopped before a reading');
  });

  test('the same four numbers after less than 10 s: stopped early; others are a reading', () => {
    const short: readonly Said[] = [
      [150, 3],
      [150, 3],
      [100, 3],
    ];
    expect(again({}, short).failed?.reason).toBe('stopped before a reading');
    expect(again({ result: OTHER_READING }, short).reading).toMatchObject({ confirmed: true });
  });

  test('stopped by us: no reading, whatever the module shows then', () => {
    const life = again({ result: OTHER_READING }, [...RUN, 'abort']);
    expect(life.failed?.reason).toBe('took too long, stopped');
    expect(life.reading).toEqual(before.reading);
  });

  test.each([0, 5])('the module starts anew in the middle (S%s)', (state) => {
    const life = lived([...RUN, { state, result: null }], before, 900_000);
    expect(life.failed?.reason).toBe('module restarted');
    expect(lived([{ result: READING }], life, 920_000).reading).toEqual(before.reading);
  });

  test('a failure is told until a reading comes, and only as often as it happened', () => {
    const life = again({ message: '07', result: null });
    const later = lived([{ message: '07', result: null }, AT_REST], life, 930_000);
    expect(later.failed).toEqual(life.failed);
    expect(lived([...RUN, 'end', {}], later, 960_000).failed).toBeNull();
  });

  test('M07 seen after opening is of no known time: not told as failed, and brings no numbers', () => {
    expect(lived([{ message: '07' }])).toMatchObject({ failed: null, reading: null });
  });
});

describe('what is no measurement', () => {
  test.each([4, 7])(
    'pressures in state %s, then the old numbers: age unknown, no failure',
    (state) => {
      const life = lived([AT_REST, [150, state], [150, state], [150, state], 'end', {}]);
      expect(life).toMatchObject({ failed: null, reading: { confirmed: false } });
    },
  );

  test.each([4, 7])('a status with S%s in a run: what comes is not its reading', (state) => {
    const life = lived([AT_REST, ...RUN, { state }, 'end', {}]);
    expect(life.reading).toMatchObject({ confirmed: false });
  });

  test('one damaged state digit does not spoil a run', () => {
    const life = lived([AT_REST, ...RUN.slice(0, 3), [140, 7], ...RUN.slice(3), 'end', {}]);
    expect(life.reading).toMatchObject({ confirmed: true });
  });

  test('holding (S9) says neither', () => {
    expect(lived([AT_REST, { state: 9 }, { state: 9 }, {}]).reading).toMatchObject({
      confirmed: false,
    });
    expect(lived([AT_REST, ...RUN, { state: 9 }, {}]).reading).toMatchObject({ confirmed: true });
  });
});
