import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WATCHED_MS } from '../../src/check/delivery-watch.ts';
import type { Rule } from '../../src/check/rule.ts';
import { ord25 } from '../../src/check/rules/bolus.ts';
import { counterClearedLevel } from '../../src/check/rules/counter-cleared.ts';
import { ord11, ord12 } from '../../src/check/rules/delivery.ts';
import type { FactSeen } from '../../src/observation/device-event.ts';
import { nextDevicePicture } from '../../src/observation/device-picture.ts';
import { emptySession } from '../../src/order/session-record.ts';
import { WatchedPump } from './delivery-kit.ts';
import { answer, ask, expectFits, NOW, order, pump, scene, WALL } from './scene-kit.ts';

const pumpOf = (set: (it: WatchedPump) => void = () => undefined): WatchedPump => {
  const made = new WatchedPump();
  set(made);
  return made;
};
const says = (rule: Rule, level: string, it: WatchedPump, isStanding = false): string => {
  const about = it.scene();
  const judgement = ask(rule, about, { level, isStanding });
  expectFits(judgement);
  return answer(judgement);
};
const SIX_MIN = 360;

describe('ORD-11: the counter beside the rate over 5 min', () => {
  test.each([
    { factor: 1, under: 'absent', over: 'absent', far: 'absent' },
    { factor: 1.09, under: 'absent', over: 'absent', far: 'absent' },
    { factor: 1.11, under: 'absent', over: 'present', far: 'absent' },
    { factor: 1.19, under: 'absent', over: 'present', far: 'absent' },
    { factor: 1.21, under: 'absent', over: 'present', far: 'present' },
    { factor: 0.91, under: 'absent', over: 'absent', far: 'absent' },
    { factor: 0.89, under: 'present', over: 'absent', far: 'absent' },
    { factor: 0, under: 'present', over: 'absent', far: 'absent' },
  ])('$factor of the rate', ({ factor, ...levels }) => {
    const it = pumpOf((its) => {
      its.factor = factor;
    }).run(SIX_MIN);
    for (const [level, said] of Object.entries(levels))
      expect(says(ord11, level, it), level).toBe(said);
  });

  test('half of it at 5 mL/h is less than half a mL: nobody can tell', () => {
    const slow = (mlPerH: number, factor: number) =>
      pumpOf((it) => {
        it.mlPerH = mlPerH;
        it.factor = factor;
      }).run(SIX_MIN);
    expect(says(ord11, 'under', slow(5, 0.5))).toBe('absent');
    expect(says(ord11, 'under', slow(6.2, 0))).toBe('present');
    expect(says(ord11, 'under', slow(5.8, 0))).toBe('absent');
    expect(says(ord11, 'over', slow(5.8, 2))).toBe('absent');
    expect(says(ord11, 'over', slow(6.2, 2))).toBe('present');
  });

  test('before 5 min it cannot tell, at 5 min it can', () => {
    const it = pumpOf((its) => {
      its.factor = 1.5;
    }).run(WATCHED_MS / 1_000);
    expect(says(ord11, 'over', it)).toBe('no-observation');
    expect(says(ord11, 'over', it.run(1))).toBe('present');
  });

  test('a coarse counter that is asked every 5 s is not less honest', () => {
    const coarse = (factor: number) =>
      pumpOf((it) => {
        it.stepMl = 0.1;
        it.pollS = 5;
        it.factor = factor;
      }).run(SIX_MIN);
    expect(says(ord11, 'over', coarse(1.05))).toBe('absent');
    expect(says(ord11, 'under', coarse(0.95))).toBe('absent');
    expect(says(ord11, 'far', coarse(1.25))).toBe('present');
  });

  test('after a gap, and while its counter is not told, it cannot tell', () => {
    const it = pumpOf().run(SIX_MIN);
    it.isPlugged = false;
    it.run(11);
    expect(says(ord11, 'under', it)).toBe('stale');
    it.isPlugged = true;
    it.run(2);
    expect(says(ord11, 'over', it)).toBe('absent');
    it.factor = 0;
    it.run(200);
    expect(says(ord11, 'under', it)).toBe('present');
    it.isCounterTold = false;
    it.run(12);
    expect(says(ord11, 'under', it)).toBe('stale');
  });

  test('a counter at its end tells nothing; a rate that is not known neither', () => {
    const full = pumpOf((it) => {
      it.counterMl = 9_990;
      it.isWrapping = false;
    }).run(900);
    expect(says(ord11, 'under', full)).toBe('stale');
    const unknown = pumpOf((it) => {
      it.isRateKnown = false;
    }).run(SIX_MIN);
    expect(says(ord11, 'over', unknown)).toBe('stale');
    expect(says(ord11, 'under', unknown)).toBe('stale');
  });

  test('a rate that the driver doubts says "less", never "more"', () => {
    const doubted = (factor: number) =>
      pumpOf((it) => {
        it.isRateDoubted = true;
        it.factor = factor;
      }).run(SIX_MIN);
    expect(says(ord11, 'under', doubted(0))).toBe('present');
    expect(says(ord11, 'over', doubted(1.5))).toBe('stale');
  });

  test('less is nothing new before the first flow, in a pause, and of another drug or without an order', () => {
    const it = pumpOf((its) => {
      its.factor = 0;
    }).run(SIX_MIN);
    const under = (parts: Parameters<WatchedPump['scene']>[0]) =>
      answer(ask(ord11, it.scene(parts), { level: 'under' }));
    const pause = {
      by: 'nurse-a',
      atWallMs: WALL,
      reason: 'bag',
      isBagChange: true,
      untilWallMs: WALL + 1,
      endedAtWallMs: null,
      stoppedMs: 0,
    };
    expect(under({})).toBe('present');
    expect(under({ order: order({ sinceStartMs: null }) })).toBe('absent');
    expect(under({ order: { ...order(), session: { ...emptySession, pauses: [pause] } } })).toBe(
      'absent',
    );
    expect(under({ order: null })).toBe('no-order');
    const drug: FactSeen = {
      kind: 'fact',
      code: 'drug',
      text: 'NaCl 0.9 %',
      validity: 'valid',
      atMs: NOW,
    };
    const saline = nextDevicePicture(pump(125), drug);
    const about = it.scene({ pumps: [saline, pump(1, { id: 'other' })] });
    expect(answer(ask(ord11, about, { level: 'under', subject: saline }))).toBe('no-order');
  });
});

describe('ORD-12: free flow', () => {
  test('3 times the rate and 1 mL in a minute, and no more than that', () => {
    const jumped = (ml: number) => {
      const it = pumpOf().run(120);
      it.counterMl += ml;
      return it.run(1);
    };
    // A minute gives 2.08 mL; 3 times that and 1 mL are 7.25.
    expect(says(ord12, 'fast', jumped(5.1))).toBe('absent');
    expect(says(ord12, 'fast', jumped(5.3))).toBe('present');
    expect(says(ord12, 'fast', jumped(5.3).run(61))).toBe('absent');
  });

  test('0.3 mL at rest; what came before the stop is not of it', () => {
    const it = pumpOf().run(120);
    it.mlPerH = 0;
    it.run(1);
    expect(says(ord12, 'atRest', it)).toBe('stale');
    it.run(1);
    expect(says(ord12, 'atRest', it)).toBe('absent');
    it.counterMl += 0.29;
    expect(says(ord12, 'atRest', it.run(1))).toBe('absent');
    it.counterMl += 0.02;
    expect(says(ord12, 'atRest', it.run(1))).toBe('present');
    it.mlPerH = 125;
    expect(says(ord12, 'atRest', it.run(2))).toBe('absent');
  });

  test('a slow leak at rest is found within 5 min; one that may be a cleared counter is not told', () => {
    const it = pumpOf((its) => {
      its.mlPerH = 0;
      its.strayMlPerH = 4;
    }).run(290);
    expect(says(ord12, 'atRest', it)).toBe('present');
    const gone = pumpOf((its) => {
      its.mlPerH = 0;
      its.counterMl = 3;
    }).run(60);
    gone.counterMl = 0;
    expect(says(ord12, 'atRest', gone.run(5))).toBe('absent');
  });

  test('it needs no order, and cannot tell of a pump that is not seen', () => {
    const it = pumpOf().run(60);
    it.counterMl += 20;
    it.run(1);
    expect(answer(ask(ord12, it.scene({ order: null }), { level: 'fast' }))).toBe('present');
    it.isPlugged = false;
    expect(says(ord12, 'fast', it.run(11))).toBe('stale');
    expect(says(ord12, 'atRest', it)).toBe('absent');
    expect(answer(ask(ord12, scene({ pumps: [pump(1)] }), { level: 'fast' }))).toBe(
      'no-observation',
    );
  });

  test('a volume in a gap is free flow only when no flow of the order explains it', () => {
    const jumped = (ml: number) => {
      const it = pumpOf().run(120);
      it.isPlugged = false;
      it.run(30);
      it.counterMl += ml;
      it.isPlugged = true;
      return it.run(1);
    };
    expect(says(ord12, 'fast', jumped(6))).toBe('stale');
    expect(says(ord12, 'fast', jumped(40))).toBe('present');
  });
});

describe('ORD-25: a bolus that is not ordered', () => {
  test('twice the rate within 30 s, and 0.3 mL beyond it', () => {
    const jumped = (ml: number, mlPerH = 125) => {
      const it = pumpOf((its) => {
        its.mlPerH = mlPerH;
      }).run(120);
      it.counterMl += ml;
      return it.run(1);
    };
    // Half a minute gives 1.04 mL at 125 mL/h.
    expect(says(ord25, 'jump', jumped(1.0))).toBe('absent');
    expect(says(ord25, 'jump', jumped(1.1))).toBe('present');
    expect(says(ord25, 'jump', jumped(0.29, 2))).toBe('absent');
    expect(says(ord25, 'jump', jumped(0.31, 2))).toBe('present');
  });

  test('a rate that is told 2 s after the counter is no bolus', () => {
    const it = pumpOf((its) => {
      its.mlPerH = 10;
    }).run(60);
    it.strayMlPerH = 990;
    it.run(2);
    it.mlPerH = 1_000;
    it.strayMlPerH = 0;
    for (let s = 0; s < 60; s += 1) expect(says(ord25, 'jump', it.run(1))).not.toBe('present');
  });

  test('once it stands, until 5 min of counter and rate agree', () => {
    const it = pumpOf().run(320);
    it.counterMl += 2;
    it.run(40);
    expect(says(ord25, 'jump', it)).toBe('absent');
    expect(says(ord25, 'jump', it, true)).toBe('present');
    expect(says(ord25, 'jump', it.run(265), true)).toBe('absent');
  });

  const told = (parts: {
    status: 'infusing' | 'bolus' | 'purge' | 'unknown';
    mode?: string;
    validity?: FactSeen['validity'];
    sinceStartMs?: number | null;
    statusAgeMs?: number;
  }) => {
    const { status, statusAgeMs = 0, mode, validity = 'valid' } = parts;
    const bare = pump(125, { status, statusAgeMs });
    const one =
      mode === undefined
        ? bare
        : nextDevicePicture(bare, { kind: 'fact', code: 'mode', text: mode, validity, atMs: NOW });
    const { sinceStartMs = 60_000 } = parts;
    const judgement = ask(ord25, scene({ order: order({ sinceStartMs }), pumps: [one] }), {
      level: 'told',
    });
    expectFits(judgement);
    return answer(judgement);
  };

  test.each([
    [{ status: 'infusing' }, 'absent'],
    [{ status: 'bolus' }, 'present'],
    [{ status: 'bolus', sinceStartMs: null }, 'present'],
    [{ status: 'bolus', statusAgeMs: 5_001 }, 'stale'],
    [{ status: 'purge' }, 'present'],
    [{ status: 'purge', sinceStartMs: null }, 'absent'],
    [{ status: 'unknown' }, 'absent'],
    [{ status: 'infusing', mode: 'PCA' }, 'present'],
    [{ status: 'infusing', mode: 'interval bolus' }, 'present'],
    [{ status: 'infusing', mode: 'continuous' }, 'absent'],
    [{ status: 'infusing', mode: 'PCA', validity: 'questionable' }, 'absent'],
  ] as const)('the pump says %j: %s', (parts, said) => {
    expect(told(parts)).toBe(said);
  });
});

describe('PMP-11: a counter that was cleared', () => {
  const cleared = (it: WatchedPump, parts: Parameters<WatchedPump['scene']>[0] = {}) => {
    const about = it.scene(parts);
    const judgement = counterClearedLevel.judge(about, about.pumps[0] ?? null, false);
    expectFits(judgement);
    return judgement;
  };

  test('is told for a minute and stays until seen; not before the first flow nor without an order', () => {
    const it = pumpOf().run(120);
    expect(answer(cleared(it))).toBe('absent');
    it.counterMl = 0;
    it.run(1);
    expect(cleared(it)).toMatchObject({ presence: 'present', latches: true });
    expect(answer(cleared(it, { order: order({ sinceStartMs: null }) }))).toBe('absent');
    expect(answer(cleared(it, { order: null }))).toBe('absent');
    expect(answer(cleared(it.run(60)))).toBe('present');
    expect(answer(cleared(it.run(1)))).toBe('absent');
  });

  test.each([
    [
      'one that begins again at its end',
      (it: WatchedPump) => {
        it.endMl = 999.9;
        it.counterMl = 999.8;
        it.run(20);
      },
    ],
    [
      'a last digit that wavers',
      (it: WatchedPump) => {
        it.counterMl -= 0.04;
        it.mlPerH = 0;
        it.run(1);
      },
    ],
    [
      'another pump',
      (it: WatchedPump) => {
        it.serial = 'SN2';
        it.counterMl = 0;
        it.run(1);
      },
    ],
  ])('%s was not cleared', (_, happens) => {
    const it = pumpOf((its) => {
      its.counterMl = 300;
    }).run(60);
    happens(it);
    expect(answer(cleared(it))).toBe('absent');
  });

  test('after a gap too', () => {
    const it = pumpOf().run(300);
    it.isPlugged = false;
    it.run(60);
    it.counterMl = 0.1;
    it.isPlugged = true;
    expect(answer(cleared(it.run(1)))).toBe('present');
  });
});

/** What may happen to a pump that gives exactly what it says. */
const happening = fc.record({
  kind: fc.constantFrom(
    'rate',
    'stop',
    'clear',
    'unplug',
    'plug',
    'swap',
    'silent',
    'told',
    'doubt',
    'sure',
  ),
  forS: fc.integer({ min: 1, max: 150 }),
  mlPerH: fc.integer({ min: 1, max: 625 }),
});

test('a pump that gives what it says raises nothing, whatever happens to its line and its counter', () => {
  fc.assert(
    fc.property(
      fc.record({
        stepMl: fc.constantFrom(0.001, 0.01, 0.1),
        pollS: fc.constantFrom(1, 2, 5),
        endMl: fc.constantFrom(99.9, 999.9, 9_999.9),
        isWrapping: fc.boolean(),
        counterMl: fc.integer({ min: 0, max: 99 }),
        happenings: fc.array(happening, { minLength: 3, maxLength: 12 }),
      }),
      ({ happenings, ...how }) => {
        const it = pumpOf((its) => Object.assign(its, how));
        for (const { kind, forS, mlPerH } of happenings) {
          if (kind === 'rate') it.mlPerH = mlPerH;
          else if (kind === 'stop') it.mlPerH = 0;
          else if (kind === 'clear') it.counterMl = 0;
          else if (kind === 'unplug' || kind === 'plug') it.isPlugged = kind === 'plug';
          else if (kind === 'swap') {
            it.serial = `SN${mlPerH}`;
            it.counterMl = mlPerH / 10;
          } else if (kind === 'silent' || kind === 'told') it.isCounterTold = kind === 'told';
          else it.isRateDoubted = kind === 'doubt';
          for (let s = 0; s < forS; s += 5) {
            it.run(5);
            for (const [rule, level] of HONEST) {
              const said = says(rule, level, it);
              if (said === 'present')
                expect.fail(`${rule.id} ${level} after ${kind} ${JSON.stringify(how)}`);
            }
          }
        }
      },
    ),
    { numRuns: 150, seed: 20_261_121 },
  );
});
const HONEST: readonly (readonly [Rule, string])[] = [
  ...(['under', 'over', 'far'] as const).map((level) => [ord11, level] as const),
  [ord12, 'fast'],
  [ord12, 'atRest'],
  [ord25, 'jump'],
];

test('what it holds is bounded: 5 min of readings, no closer than 2 s', () => {
  const it = pumpOf().run(3_600);
  expect(it.watch?.points.length).toBeLessThanOrEqual(153);
  const [first] = it.watch?.points ?? [];
  expect(it.nowMs - (first?.atMs ?? 0)).toBeLessThanOrEqual(WATCHED_MS + 2_000);
});
