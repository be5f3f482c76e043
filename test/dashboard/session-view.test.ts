import { describe, expect, it } from 'vitest';
import type { Liveness } from '../../dashboard/link/liveness.ts';
import { factsOf, plannedMgUntil, planShape } from '../../dashboard/parts/plan-shape.ts';
import { STEP_WORDS, stepStateOf } from '../../dashboard/parts/plan-steps.ts';
import { scoreText } from '../../dashboard/parts/session-tables.tsx';
import { hrefOf, parseRoute } from '../../dashboard/state/route.ts';
import { mgRange, runningText, shownSession } from '../../dashboard/validity/session.ts';
import type { Moment } from '../../dashboard/validity/value.ts';
import { calendarDate, countTo, whenText } from '../../dashboard/validity/when.ts';
import type { BedView, SessionView } from '../../dashboard/wire.ts';
import { bedsWithSessions } from './session-fixtures.ts';
import { BASE, iso } from './ward-fixtures.ts';

const MINUTE = 60_000;
const LIVE: Liveness = { phase: 'live', silentMs: 300, valuesLost: false, inSync: true };
const NOW: Moment = { ...BASE, utcOffsetMin: 0, link: LIVE };
const LOST: Moment = { ...NOW, link: { ...LIVE, phase: 'lost' } };
const NBSP = '\u00A0';

const bedOf = (id: string): BedView & { session: SessionView } => {
  const bed = bedsWithSessions(BASE).find((one) => one.bedId === id);
  if (bed === undefined || bed.session === null) throw new Error(`no session on ${id}`);
  return { ...bed, session: bed.session };
};
const shapeOf = (bed: BedView) => {
  const shape = planShape({ bed, nowMs: BASE.wallMs, utcOffsetMin: 0, unknownSinceMs: null });
  if (shape === null) throw new Error('no shape');
  return shape;
};

describe('steps on the staircase', () => {
  it('have a word for each state, also for how they were made', () => {
    const words = [
      stepStateOf({ state: 'planned', how: null }),
      stepStateOf({ state: 'held', how: null }),
      stepStateOf({ state: 'made', how: 'made' }),
      stepStateOf({ state: 'made', how: 'early' }),
      stepStateOf({ state: 'made', how: 'late' }),
      stepStateOf({ state: 'skipped', how: 'skipped' }),
    ].map((state) => STEP_WORDS[state]);
    expect(words).toEqual(['planned', 'held', 'made', 'made early', 'made late', 'skipped']);
  });

  it('stand where they were made, with the window in which they might be', () => {
    const [first, second] = shapeOf(bedOf('B04')).steps;
    expect(first).toMatchObject({ step: 1, state: 'made' });
    expect(second?.state).toBe('made-late');
    expect(second?.window && second.atMs - second.window.toMs).toBe(3 * MINUTE);
  });

  it('a held step is marked, and until its hold ends the plan stays where it was', () => {
    const shape = shapeOf(bedOf('B04'));
    expect(shape.steps[2]?.state).toBe('held');
    expect(shape.halts).toMatchObject([{ word: 'held', toMs: BASE.wallMs + 30 * MINUTE }]);
    const level = shape.plan.find(
      ({ fromMs, toMs }) => fromMs <= BASE.wallMs && BASE.wallMs < toMs,
    );
    expect(level?.mgPerH).toBe(25);
  });

  it('a declared pause is a band of its own and no deviation', () => {
    const bed = bedOf('B05');
    const stopped = {
      ...bed,
      rateHistory: [...bed.rateHistory, { at: iso(BASE.wallMs - 4 * MINUTE), mgPerH: 0 }],
    };
    expect(shapeOf(stopped).halts).toMatchObject([{ word: 'paused' }]);
    expect(shapeOf(stopped).deviations).toEqual([]);
    const undeclared = { ...stopped, session: { ...bed.session, pause: null } };
    expect(shapeOf(undeclared).deviations).toHaveLength(1);
  });

  it('what is planned by now follows the due times', () => {
    const facts = factsOf(bedOf('B06'));
    if (facts === null) throw new Error('no order');
    expect(plannedMgUntil(facts, BASE.wallMs)).toBeCloseTo(3.01 * 68, 6);
    expect(plannedMgUntil(facts, BASE.wallMs + 24 * 60 * MINUTE)).toBeCloseTo(4 * 68, 6);
    expect(
      plannedMgUntil({ ...facts, order: { ...facts.order, startedAt: null } }, BASE.wallMs),
    ).toBeNull();
  });
});

describe('the session in words', () => {
  const factOf = (bed: BedView & { session: SessionView }, label: string) =>
    shownSession(bed, bed.session, NOW).facts.find((fact) => fact.label === label);

  it('a pause counts down, and counts up once it is over', () => {
    const bed = bedOf('B05');
    expect(shownSession(bed, bed.session, NOW)).toMatchObject({
      phase: 'Paused',
      note: 'bag change, by nurse-a',
      count: { label: 'resume in', text: '00:06:00', isLate: false },
    });
    const later = { ...NOW, wallMs: NOW.wallMs + 8 * MINUTE };
    expect(shownSession(bed, bed.session, later).count?.text).toBe('late 00:02:00');
  });

  it('a page that is not live counts nothing down', () => {
    const bed = bedOf('B08');
    expect(shownSession(bed, bed.session, NOW)).toMatchObject({
      phase: 'Recovery',
      count: { label: 'observe for', text: '01:13:00' },
    });
    expect(shownSession(bed, bed.session, LOST).count?.text).toBe('--:--:--');
  });

  it('a baseline that no nurse confirmed says so, and one that is missing has no number', () => {
    const bed = bedOf('B06');
    const of = (state: SessionView['baseline']['state'], spo2Percent: number | null) =>
      factOf(
        {
          ...bed,
          session: {
            ...bed.session,
            baseline: { ...bed.session.baseline, state, spo2Percent, by: null, at: null },
          },
        },
        'Baseline',
      );
    expect(of('provisional', null)).toMatchObject({
      text: 'HR 76, SpO2 --, 120/76',
      note: 'provisional: no nurse confirmed it',
    });
    expect(of('none', 98)).toMatchObject({ text: '--', note: 'nobody has taken it' });
  });

  it('day k of n, who vouches for the concentration, and the next observation', () => {
    const bed = bedOf('B06');
    expect(factOf(bed, 'Course')).toMatchObject({ text: 'day 3 of 10' });
    expect(factOf(bed, 'Bag')).toMatchObject({
      text: `480${NBSP}mg in 480${NBSP}mL (1${NBSP}mg/mL)`,
      note: 'read by two people: nurse-a, nurse-b',
    });
    const order = bed.order && { ...bed.order, mode: 'mg-total-over' as const };
    expect(factOf({ ...bed, order }, 'Bag')?.note).toContain('check the bag');
    expect(factOf(bed, 'Observation')?.text).toBe('due in 00:40:00');
  });

  it('says at which step the pump runs only while it is seen', () => {
    const bed = bedOf('B04');
    const { titration } = bed.session;
    if (titration === null) throw new Error('no titration');
    const at = (change: Partial<BedView['infusion']>, moment = NOW, step: number | null = null) =>
      runningText(
        { ...bed, infusion: { ...bed.infusion, ...change } },
        { ...titration, runningStep: step },
        moment,
      );
    expect(at({}, NOW, 2)).toBe('the pump runs at step 2 of 5');
    expect(at({})).toBe('the pump runs at the rate of no step');
    expect(at({ liveMgPerH: 0, liveMlPerH: 0 })).toBe('the pump gives nothing');
    expect(at({ liveValidity: 'lost', liveMgPerH: null, liveMlPerH: null })).toBe(
      'it is not known at which the pump runs',
    );
    expect(at({}, LOST, 2)).toBe('as last known');
    expect(shownSession(bed, bed.session, LOST)).toMatchObject({ note: 'as last known' });
    expect(shownSession(bed, bed.session, LOST).facts.at(-1)?.text).toMatch(/^at least /);
  });

  it('an amount that is not known is a range, a lower bound or nothing, never zero', () => {
    expect(mgRange(61.2, 64)).toBe(`61.2 to 64${NBSP}mg`);
    expect(mgRange(61.2, null)).toBe(`at least 61.2${NBSP}mg`);
    expect(mgRange(61.2, 61.2)).toBe(`61.2${NBSP}mg`);
    expect(mgRange(null, null)).toBe('--');
    const silent = bedOf('B06');
    const infusion = { ...silent.infusion, given24hMg: null, given24hAtMostMg: null };
    expect(factOf({ ...silent, infusion }, 'Last 24 h')?.text).toBe('-?-');
    expect(factOf({ ...silent, infusion, order: null }, 'Last 24 h')).toBeUndefined();
    expect(scoreText(0)).toBe('0');
    expect(scoreText(null)).toBe('');
  });
});

describe('times of a session', () => {
  it('carry the date on another day', () => {
    expect(whenText(iso(BASE.wallMs), NOW)).toBe('14:05');
    expect(whenText(iso(BASE.wallMs - 15 * 60 * MINUTE), NOW)).toBe('20 Nov 23:05');
    expect(whenText(null, NOW)).toBe('--');
    expect(countTo(iso(BASE.wallMs - 1000), NOW)).toEqual({ text: 'late 00:00:01', isLate: true });
    expect(calendarDate('2026-11-23')).toBe('Mon 23 Nov');
  });

  it('screens of a bed and of its order keep their address', () => {
    for (const route of [{ screen: 'session', bedId: 'B 4' }] as const)
      expect(parseRoute(hrefOf(route))).toEqual(route);
    expect(parseRoute('#/beds/B04')).toEqual({ screen: 'bed', bedId: 'B04' });
  });
});
