import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NibpLife, type NibpSample, nextNibp } from '../../drivers/ge-dri/nibp.ts';
import { NIBP_LIFE } from '../../drivers/ge-dri/vectors.ts';
import { B450_NIBP, framesOf, metric, Talk } from './ge-dri-kit.ts';

const OLD = [93, 48, 69] as const;
const NEW = [101, 55, 74] as const;
const AUTO = 0x00b;
const MEASURING = 0x20;
const AGED = 0x100;
const NONE = -32_767;

type Triple = readonly [number, number, number];

function sample(atS: number, label: number, mmHg: Triple | null, nibpTimeS: number | null = null) {
  const [sys, dia, mean] = mmHg?.map((value) => value * 100) ?? [NONE, NONE, NONE];
  return {
    sys: sys ?? NONE,
    dia: dia ?? NONE,
    mean: mean ?? NONE,
    label,
    nibpTimeS,
    atMs: atS * 1_000,
  } satisfies NibpSample;
}

/** One record a second from each row to the next, as the monitor does; the episodes at each second. */
function live(rows: readonly ReturnType<typeof sample>[], everyMs = 1_000) {
  const seen = new Map<number, NibpLife['episode']>();
  let life: NibpLife | null = null;
  rows.forEach((row, index) => {
    const untilMs = rows[index + 1]?.atMs ?? row.atMs + everyMs;
    for (let atMs = row.atMs; atMs < untilMs; atMs += everyMs) {
      life = nextNibp(life, { ...row, atMs });
      seen.set(atMs / 1_000, life.episode);
    }
  });
  return seen;
}

const end = (rows: readonly ReturnType<typeof sample>[]) => [...live(rows).values()].at(-1);
/** Times (s) at which something became a confirmed reading. */
const arrivals = (seen: ReturnType<typeof live>): readonly number[] => [
  ...new Set(
    [...seen.values()].flatMap(({ measuredAtMs, confirmed }) =>
      confirmed && measuredAtMs !== null ? [measuredAtMs / 1_000] : [],
    ),
  ),
];

describe('as recorded', () => {
  test('two readings of the recording, at the moment they came and at no other', () => {
    const seen = live(NIBP_LIFE.map(({ atS, label, mmHg }) => sample(atS, label, mmHg)));
    expect(arrivals(seen)).toEqual(NIBP_LIFE.filter(({ isNew }) => isNew).map(({ atS }) => atS));
    expect(seen.get(7)).toEqual({ measuredAtMs: null, confirmed: false, measuring: true });
    expect(seen.get(8)).toEqual({ measuredAtMs: 8_000, confirmed: true, measuring: false });
    expect(seen.get(140)).toEqual({ measuredAtMs: 8_000, confirmed: true, measuring: true });
    expect(seen.get(159)).toEqual({ measuredAtMs: 159_000, confirmed: true, measuring: false });
  });

  test('b450-nibp-complete-14s: 87/61 (73) is old and stays old, 86/58 (71) is new once', () => {
    const talk = new Talk().open();
    const seen = framesOf(B450_NIBP).flatMap((one, index) => {
      const events = talk.hear(one, 500 * index);
      if (!events.some(({ kind }) => kind === 'metric')) return [];
      const sys = metric(events, 'MDC_PRESS_BLD_NONINV_SYS');
      return [{ sys: sys.value, ...sys.episode }];
    });
    expect(seen).toHaveLength(14);
    const old = { sys: 87, measuredAtMs: null, confirmed: false, measuring: true };
    const fresh = { sys: 86, measuredAtMs: 8_000, confirmed: true, measuring: false };
    expect(seen.slice(0, 8)).toEqual(seen.slice(0, 8).map(() => old));
    expect(seen.slice(8)).toEqual(seen.slice(8).map(() => fresh));
  });

  test('value and label change in one step', () => {
    const seen = live([
      sample(0, AUTO | MEASURING | AGED, OLD),
      sample(9, AUTO, NEW),
      sample(30, AUTO, NEW),
    ]);
    expect(arrivals(seen)).toEqual([9]);
  });

  test('a series of runs where the age bit never sets: only other numbers are a new reading', () => {
    const seen = live([
      sample(0, 0x01b, OLD),
      sample(10, 0x01b | MEASURING, OLD),
      sample(37, 0x01b | MEASURING, NEW),
      sample(39, 0x01b | MEASURING, NEW),
      sample(64, 0x01b | MEASURING, OLD),
      sample(66, 0x01b, OLD),
    ]);
    expect(arrivals(seen)).toEqual([37, 64]);
    expect(seen.get(50)).toMatchObject({ measuring: true, measuredAtMs: 37_000 });
  });
});

describe('an old value never looks new', () => {
  test.each([
    { what: 'aged', label: AUTO | AGED, measuredAtMs: null },
    { what: 'while the next is taken', label: AUTO | AGED | MEASURING, measuredAtMs: null },
    { what: 'young, but in a run', label: AUTO | MEASURING, measuredAtMs: null },
    { what: 'at most 60 s old', label: AUTO, measuredAtMs: 5_000 },
  ])('at connection, $what: unconfirmed', ({ label, measuredAtMs }) => {
    expect(end([sample(5, label, OLD)])).toMatchObject({ measuredAtMs, confirmed: false });
  });

  test('a run begins and goes on: the time of the reading stays', () => {
    const seen = live([
      sample(0, AUTO | MEASURING | AGED, OLD),
      sample(3, AUTO, NEW),
      sample(70, AUTO | AGED, NEW),
      sample(900, AUTO | AGED | MEASURING, NEW),
      sample(935, AUTO | AGED | MEASURING, NEW),
    ]);
    expect(arrivals(seen)).toEqual([3]);
    expect(seen.get(935)).toEqual({ measuredAtMs: 3_000, confirmed: true, measuring: true });
  });

  test('a module that clears the age bit when the cuff fills: the old value is not published', () => {
    const seen = live([
      sample(0, AUTO | AGED, OLD),
      sample(10, AUTO | MEASURING, OLD),
      sample(45, AUTO | MEASURING, NEW),
      sample(47, AUTO, NEW),
    ]);
    expect(arrivals(seen)).toEqual([45]);
  });

  test('such a module, and the run fails: the age bit comes back, nothing was new', () => {
    const seen = live([
      sample(0, AUTO | AGED, OLD),
      sample(10, AUTO | MEASURING, OLD),
      sample(45, AUTO, OLD),
      sample(47, AUTO | AGED, OLD),
      sample(60, AUTO | AGED, OLD),
    ]);
    expect(arrivals(seen)).toEqual([]);
  });

  test('a module that blanks the numbers during the run, and the run fails', () => {
    const seen = live([
      sample(0, AUTO | AGED, OLD),
      sample(10, AUTO | AGED | MEASURING, null),
      sample(45, AUTO | AGED, OLD),
      sample(60, AUTO | AGED, OLD),
    ]);
    expect(arrivals(seen)).toEqual([]);
  });

  test('a gap of ten minutes in which a whole run was missed: of unknown age', () => {
    const before = nextNibp(null, sample(0, AUTO | AGED | MEASURING, OLD));
    expect(nextNibp(before, sample(600, AUTO | AGED, NEW)).episode).toEqual({
      measuredAtMs: null,
      confirmed: false,
      measuring: false,
    });
    expect(nextNibp(before, sample(600, AUTO | AGED | MEASURING, NEW)).episode).toMatchObject({
      measuredAtMs: null,
      confirmed: false,
    });
    expect(nextNibp(before, sample(600, AUTO, NEW)).episode).toMatchObject({
      measuredAtMs: 600_000,
      confirmed: true,
    });
  });
});

describe('a new value is found', () => {
  test('the same numbers again: the age bit says so, 5 s after the run', () => {
    const seen = live([
      sample(0, AUTO | MEASURING | AGED, OLD),
      sample(3, AUTO, NEW),
      sample(70, AUTO | AGED, NEW),
      sample(900, AUTO | AGED | MEASURING, NEW),
      sample(935, AUTO | MEASURING, NEW),
      sample(937, AUTO, NEW),
      sample(950, AUTO, NEW),
    ]);
    expect(arrivals(seen)).toEqual([3, 937]);
    expect(seen.get(941)).toMatchObject({ measuredAtMs: 3_000 });
    expect(seen.get(942)).toMatchObject({ measuredAtMs: 937_000, confirmed: true });
  });

  test('the age bit falls first, the numbers change 3 s later: one reading, of the first sign', () => {
    const seen = live([
      sample(0, AUTO | AGED, OLD),
      sample(20, AUTO, OLD),
      sample(23, AUTO, NEW),
      sample(40, AUTO, NEW),
    ]);
    expect(arrivals(seen)).toEqual([20]);
    expect(seen.get(22)).toMatchObject({ confirmed: false });
  });

  test('the run ends, the numbers change 4 s later', () => {
    const seen = live([
      sample(0, AUTO | AGED, OLD),
      sample(10, AUTO | AGED | MEASURING, OLD),
      sample(45, AUTO | AGED, OLD),
      sample(49, AUTO, NEW),
      sample(60, AUTO, NEW),
    ]);
    expect(arrivals(seen)).toEqual([49]);
  });

  test('the numbers come one after the other within 5 s: one reading', () => {
    const seen = live([
      sample(0, AUTO | AGED | MEASURING, OLD),
      sample(10, AUTO | MEASURING, [101, 48, 69]),
      sample(12, AUTO | MEASURING, NEW),
      sample(14, AUTO, NEW),
      sample(40, AUTO, NEW),
    ]);
    expect(arrivals(seen)).toEqual([10]);
  });

  test('PDM module: the value comes with the age bit set already, which never falls', () => {
    const seen = live([
      sample(0, AUTO | AGED, OLD),
      sample(100, AUTO | AGED | MEASURING, OLD),
      sample(165, AUTO | AGED | MEASURING, NEW),
      sample(168, AUTO | AGED, NEW),
      sample(300, AUTO | AGED, NEW),
    ]);
    expect(arrivals(seen)).toEqual([165]);
  });

  test('PDM module: the age bit rises 30 s after the result and means nothing new', () => {
    const seen = live([
      sample(0, AUTO | AGED | MEASURING, OLD),
      sample(30, AUTO | MEASURING, NEW),
      sample(33, AUTO, NEW),
      sample(60, AUTO | AGED, NEW),
      sample(90, AUTO | AGED, NEW),
    ]);
    expect(arrivals(seen)).toEqual([30]);
  });

  test('the very first reading of a module that had none', () => {
    const seen = live([
      sample(0, AUTO, null),
      sample(10, AUTO | MEASURING, null),
      sample(40, AUTO | MEASURING, NEW),
      sample(42, AUTO, NEW),
    ]);
    expect(arrivals(seen)).toEqual([40]);
    expect(seen.get(5)).toEqual({ measuredAtMs: null, confirmed: false, measuring: false });
  });

  test('records every 5 s only', () => {
    const rows = [
      sample(0, AUTO | AGED, OLD),
      sample(10, AUTO | AGED | MEASURING, OLD),
      sample(45, AUTO, NEW),
      sample(120, AUTO | AGED, NEW),
    ];
    expect(arrivals(live(rows, 5_000))).toEqual([45]);
  });

  test('the time of the measurement changes in the auxiliary part, the numbers do not', () => {
    const seen = live([
      sample(0, AUTO, OLD, 1_000),
      sample(20, AUTO, OLD, 1_060),
      sample(40, AUTO, OLD, 1_060),
    ]);
    expect(arrivals(seen)).toEqual([20]);
  });
});

test('a repeat within 60 s that nobody can tell: the reading keeps its time and is unconfirmed', () => {
  const seen = live([
    sample(0, AUTO | AGED | MEASURING, OLD),
    sample(3, AUTO, NEW),
    sample(20, AUTO | MEASURING, NEW),
    sample(50, AUTO, NEW),
    sample(60, AUTO, NEW),
  ]);
  expect(seen.get(49)).toEqual({ measuredAtMs: 3_000, confirmed: true, measuring: true });
  expect(seen.get(60)).toEqual({ measuredAtMs: 3_000, confirmed: false, measuring: false });
});

test('whatever labels and numbers come, a reading is never younger than a sign for it', () => {
  const row = fc.record({
    laterS: fc.integer({ min: 1, max: 40 }),
    label: fc.nat({ max: 0x1ff }),
    mmHg: fc.constantFrom(OLD, NEW, null),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
      let life: NibpLife | null = null;
      let atS = 0;
      let shown: Triple | null = null;
      let wasAged = false;
      let signS = -1;
      for (const { laterS, label, mmHg } of rows) {
        atS += laterS;
        const before: NibpLife | null = life;
        const after = nextNibp(life, sample(atS, label, mmHg));
        const isAged = (label & AGED) !== 0;
        if (before !== null && (mmHg !== shown || (wasAged && !isAged))) signS = atS;
        if (mmHg !== null) shown = mmHg;
        wasAged = isAged;
        const { measuredAtMs, confirmed } = after.episode;
        if (measuredAtMs !== null) {
          expect(measuredAtMs).toBeLessThanOrEqual(atS * 1_000);
          expect(measuredAtMs).toBeGreaterThanOrEqual(before?.episode.measuredAtMs ?? 0);
        }
        if (confirmed && measuredAtMs !== before?.episode.measuredAtMs) {
          expect(signS).toBeGreaterThanOrEqual(0);
        }
        life = after;
      }
    }),
  );
});
