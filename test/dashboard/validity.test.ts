import { describe, expect, it } from 'vitest';
import type { Liveness } from '../../dashboard/link/liveness.ts';
import { liveness } from '../../dashboard/link/liveness.ts';
import { cuffHistory, shownCuff } from '../../dashboard/validity/cuff.ts';
import { nextOnPlan } from '../../dashboard/validity/plan.ts';
import { shownRate } from '../../dashboard/validity/rate.ts';
import { type Moment, shownContinuous } from '../../dashboard/validity/value.ts';
import { SLOTS, shownVital } from '../../dashboard/validity/vital.ts';
import type { BedView, Validity } from '../../dashboard/wire.ts';
import { withValue } from './scenes.ts';
import { BASE, makeBeds } from './ward-fixtures.ts';

const LIVE: Liveness = { phase: 'live', silentMs: 300, valuesLost: false, inSync: true };
const moment = (laterMs = 0, link: Partial<Liveness> = {}): Moment => ({
  monotonicMs: BASE.monotonicMs + laterMs,
  wallMs: BASE.wallMs + laterMs,
  utcOffsetMin: 0,
  link: { ...LIVE, ...link },
});
const observed = (validity: Validity, ageMs: number | null, value: number | null = 82) => ({
  value,
  validity,
  observedAtMonotonicMs: ageMs === null ? null : BASE.monotonicMs - ageMs,
  reason: validity === 'invalid' ? 'LEADS OFF' : undefined,
});
const bed = (id: string): BedView => {
  const found = makeBeds(BASE).find((one) => one.bedId === id);
  if (found === undefined) throw new Error(`no fixture ${id}`);
  return found;
};

describe('a value never looks fresher than it is', () => {
  it.each<[Validity, number | null, Validity, number | null]>([
    ['valid', 0, 'valid', 82],
    ['valid', 5_000, 'valid', 82],
    ['valid', 5_001, 'stale', 82],
    ['valid', 10_000, 'stale', 82],
    ['valid', 10_001, 'lost', null],
    ['valid', null, 'lost', null],
    ['questionable', 1_000, 'questionable', 82],
    ['questionable', 6_000, 'stale', 82],
    ['questionable', 11_000, 'lost', null],
    ['stale', 100, 'stale', 82],
    ['stale', 10_001, 'lost', null],
    ['lost', 100, 'lost', null],
    ['invalid', 100, 'invalid', null],
    ['not-available', 100, 'not-available', null],
    ['never', null, 'never', null],
    ['unsupported', null, 'unsupported', null],
  ])('gateway says %s, age %s ms: shown %s', (said, ageMs, state, value) => {
    const shown = shownContinuous(observed(said, ageMs), moment());
    expect(shown.state).toBe(state);
    expect(shown.value).toBe(value);
  });

  it('ages by the page itself while nothing arrives', () => {
    const value = observed('valid', 400);
    expect(shownContinuous(value, moment(4_000)).state).toBe('valid');
    expect(shownContinuous(value, moment(5_000)).state).toBe('stale');
    expect(shownContinuous(value, moment(9_700)).value).toBeNull();
  });

  it('says valid without a number is lost, not zero', () => {
    expect(shownContinuous(observed('valid', 100, null), moment())).toMatchObject({
      state: 'lost',
      value: null,
    });
  });

  it('out of sync: at best stale; page lost: no number at all', () => {
    expect(shownContinuous(observed('valid', 100), moment(0, { inSync: false })).state).toBe(
      'stale',
    );
    expect(
      shownContinuous(observed('valid', 100), moment(0, { valuesLost: true })).value,
    ).toBeNull();
    expect(shownContinuous(observed('invalid', 100), moment(0, { valuesLost: true })).state).toBe(
      'lost',
    );
  });

  it('a time of observation in the future is not older than now, and not fresher', () => {
    expect(shownContinuous(observed('valid', -60_000), moment()).state).toBe('valid');
  });
});

describe('vital signs', () => {
  const spo2 = (change: Parameters<typeof withValue>[2], at = moment()) =>
    shownVital(withValue(bed('B01'), 'MDC_PULS_OXIM_SAT_O2', change), SLOTS.spo2, at);

  it.each([
    [{ validity: 'valid' as const }, '97'],
    [{ validity: 'questionable' as const }, '97?'],
    [{ validity: 'stale' as const }, '97?'],
    [{ validity: 'lost' as const, value: null }, '-?-'],
    [{ validity: 'invalid' as const, value: null }, '-?-'],
    [{ validity: 'never' as const, value: null }, '--'],
    [{ validity: 'unsupported' as const, value: null }, ''],
    [{ value: 92.6 }, '92.6'],
  ])('%o reads "%s"', (change, text) => {
    expect(spo2(change).text).toBe(text);
  });

  it('nothing measures it: the slot says off and shows nothing', () => {
    expect(shownVital(bed('B03'), SLOTS.hr, moment())).toMatchObject({ state: 'off', text: '' });
  });

  it('prefers the source that can be trusted', () => {
    const lost = withValue(bed('B01'), 'MDCX_HEART_RATE_DISPLAYED', {
      validity: 'lost',
      value: null,
    });
    const two = {
      ...lost,
      numerics: [
        ...lost.numerics,
        {
          ...lost.numerics[0],
          code: 'MDC_ECG_HEART_RATE',
          value: 81,
          validity: 'valid',
        } as BedView['numerics'][number],
      ],
    };
    expect(shownVital(two, SLOTS.hr, moment()).text).toBe('81');
  });
});

describe('cuff pressures', () => {
  it('is shown with its time and age, minutes after it was taken', () => {
    expect(shownCuff(bed('B01'), moment())).toMatchObject({
      state: 'valid',
      systolic: 118,
      diastolic: 74,
      time: '14:00',
    });
  });

  it.each([
    [12 * 60_000 - 1, 'valid'],
    [12 * 60_000 + 1, 'stale'],
    [55 * 60_000 - 1, 'stale'],
    [55 * 60_000, 'lost'],
  ])('%d ms later (interval 15 min, 5 min old) it is %s', (laterMs, state) => {
    expect(shownCuff(bed('B01'), moment(laterMs)).state).toBe(state);
  });

  it('after an hour the number is gone', () => {
    expect(shownCuff(bed('B01'), moment(56 * 60_000)).systolic).toBeNull();
  });

  it('is gone with the link as well', () => {
    expect(shownCuff(bed('B01'), moment(0, { valuesLost: true })).systolic).toBeNull();
  });

  it('says that it measures', () => {
    const measuring = withValue(bed('B01'), 'MDC_PRESS_BLD_NONINV_SYS', { measuring: true });
    expect(shownCuff(measuring, moment()).isMeasuring).toBe(true);
  });

  it('keeps the history with its times', () => {
    expect(
      cuffHistory(bed('B01'), moment())
        .map((row) => row.time)
        .slice(0, 2),
    ).toEqual(['14:00', '13:45']);
  });
});

describe('ordered and live rate', () => {
  it('shows both, in both units', () => {
    expect(shownRate(bed('B09'), moment())).toMatchObject({
      ordered: { mgPerH: '12.5', mlPerH: '125' },
      live: { mgPerH: '12.5', mlPerH: '125' },
      word: '= on order',
    });
  });

  it('a lost live rate keeps the order, has no word of its own and makes the dose a lower bound', () => {
    const shown = shownRate(bed('B01'), moment(11_000));
    expect(shown.live).toEqual({ mgPerH: '-?-', mlPerH: '-?-' });
    expect(shown.ordered.mgPerH).toBe('20');
    expect(shown.word).toBe('unknown');
    expect(shown.unknownSince).toBe('since 14:05');
    expect(shown.given).toMatch(/^at least /);
    expect(shown.givenPart).toBeNull();
  });

  it('on a page that is not live no word vouches for the rate, even while its number still stands', () => {
    const shown = shownRate(bed('B01'), moment(6_500, { phase: 'lost' }));
    expect(shown.live.mgPerH).toBe('20?');
    expect(shown.word).toBe('unknown');
    expect(shown.given).toMatch(/^at least /);
  });

  it.each([
    { known: [61.2, 61.2, true], given: /^61.2 of / },
    { known: [61.2, 64, false], given: /^61.2 to 64.mg$/ },
    // Both ends read the same: there is nothing to tell.
    { known: [61.21, 61.23, false], given: /^61.2 of / },
    { known: [61.2, null, false], given: /^at least 61.2.mg$/ },
  ] as const)('$known.0 to $known.1 mg given reads $given', ({ known, given }) => {
    const [givenMg, givenAtMostMg, givenComplete] = known;
    const infusion = { ...bed('B01').infusion, givenMg, givenAtMostMg, givenComplete };
    const shown = shownRate({ ...bed('B01'), infusion }, moment());
    expect(shown.given).toMatch(given);
    expect(shown.givenPart === null).toBe(!/ of /.test(shown.given));
  });

  it('a range is not claimed when the link is lost: its upper end grows', () => {
    const infusion = {
      ...bed('B01').infusion,
      givenMg: 61.2,
      givenAtMostMg: 64,
      givenComplete: false,
    };
    const shown = shownRate({ ...bed('B01'), infusion }, moment(6_500, { phase: 'lost' }));
    expect(shown.given).toMatch(/^at least 61.2/);
  });

  it('a rate of 4.17 mL/h stays 4.17', () => {
    const known = bed('B01');
    const slow = { ...known, infusion: { ...known.infusion, liveMlPerH: 4.17 } };
    expect(shownRate(slow, moment()).live.mlPerH).toBe('4.17');
  });

  it('without an order there is no dose rate, but still a flow', () => {
    const known = bed('B01');
    const loose: BedView = {
      ...known,
      order: null,
      infusion: {
        ...known.infusion,
        state: 'no-order',
        orderedMgPerH: null,
        orderedMlPerH: null,
        liveMgPerH: null,
        givenMg: null,
      },
    };
    expect(shownRate(loose, moment())).toMatchObject({
      ordered: { mgPerH: '--' },
      live: { mgPerH: '--', mlPerH: '10' },
      word: 'no order',
      given: '',
    });
  });
});

describe('the next thing on the plan', () => {
  it('counts down, then counts late, never negative', () => {
    expect(nextOnPlan(bed('B01'), moment())).toMatchObject({ count: '00:41:24', isLate: false });
    expect(nextOnPlan(bed('B01'), moment(42 * 60_000)).count).toBe('late 00:00:36');
  });

  it('freezes when the link is lost', () => {
    expect(nextOnPlan(bed('B01'), moment(0, { phase: 'lost' })).count).toBe('--:--:--');
  });

  it('says what is missing before the start', () => {
    expect(nextOnPlan(bed('B12'), moment()).what).toBe('Second check open');
    expect(nextOnPlan(bed('B03'), moment()).what).toBe('No order');
  });
});

describe('silence on the link', () => {
  const silentFor = (silentMs: number, outOfSyncMs: number | null = null) =>
    liveness({
      nowMs: 100_000,
      lastFrameAtMs: 100_000 - silentMs,
      openedAtMs: 0,
      hasSnapshot: true,
      outOfSyncSinceMs: outOfSyncMs === null ? null : 100_000 - outOfSyncMs,
    });

  it.each([
    [300, 'live', false],
    [4_000, 'live', false],
    [4_001, 'delayed', false],
    [6_000, 'delayed', false],
    [6_001, 'lost', false],
    [10_000, 'lost', false],
    [10_001, 'lost', true],
  ])('%d ms: %s, values lost %s', (silentMs, phase, valuesLost) => {
    expect(silentFor(silentMs)).toMatchObject({ phase, valuesLost });
  });

  it('beats without a snapshot do not keep values alive', () => {
    expect(silentFor(100, 9_000).valuesLost).toBe(false);
    expect(silentFor(100, 10_001).valuesLost).toBe(true);
    expect(silentFor(100, 1).inSync).toBe(false);
  });

  it('a page that never got a snapshot is connecting, then lost', () => {
    const start = {
      lastFrameAtMs: null,
      openedAtMs: 0,
      hasSnapshot: false,
      outOfSyncSinceMs: null,
    };
    expect(liveness({ ...start, nowMs: 5_000 }).phase).toBe('connecting');
    expect(liveness({ ...start, nowMs: 7_000 })).toMatchObject({ phase: 'lost', valuesLost: true });
  });
});
