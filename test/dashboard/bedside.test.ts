import { describe, expect, it } from 'vitest';
import { actionsAt, promptOf, stepToAct } from '../../dashboard/entry/bedside.ts';
import { nextOnPlan } from '../../dashboard/validity/plan.ts';
import type { Moment } from '../../dashboard/validity/value.ts';
import type { BedView, SessionView } from '../../dashboard/wire.ts';
import { bedsWithSessions } from './session-fixtures.ts';
import { BASE, iso } from './ward-fixtures.ts';

const now: Moment = {
  wallMs: BASE.wallMs,
  monotonicMs: BASE.monotonicMs,
  utcOffsetMin: 0,
  link: { phase: 'live', silentMs: 300, valuesLost: false, inSync: true },
};

function runningBed(change: Partial<SessionView> = {}): BedView & { session: SessionView } {
  const bed = bedsWithSessions(BASE).find(
    (one) => one.session?.phase === 'infusing' && (one.session.titration?.steps.length ?? 0) > 2,
  );
  if (!bed?.session) throw new Error('the fixtures have no running titration');
  return { ...bed, session: { ...bed.session, ...change } };
}

type Step = NonNullable<SessionView['titration']>['steps'][number];

/** The third step is the one that comes; the two before it are made. */
function withStep(change: Partial<Step>): BedView & { session: SessionView } {
  const bed = runningBed();
  const steps = (bed.session.titration?.steps ?? []).map((step): Step => {
    if (step.step < 3) return { ...step, state: 'made' };
    return step.step === 3
      ? { ...step, state: 'planned', ...change }
      : { ...step, state: 'planned' };
  });
  return runningBed({ titration: { runningStep: 2, steps } });
}

const pause = {
  reason: 'bag change',
  by: 'nurse-a',
  since: iso(BASE.wallMs - 60_000),
  until: iso(BASE.wallMs + 250_000),
};

describe('what can be done at a bed', () => {
  it('nothing, where nobody is', () => {
    expect(actionsAt({ order: null, session: null })).toEqual([]);
  });

  it('a pause is declared or ended, never both', () => {
    expect(actionsAt(runningBed())).toContain('pause');
    expect(actionsAt(runningBed())).not.toContain('resume');
    expect(actionsAt(runningBed({ pause }))).toContain('resume');
    expect(actionsAt(runningBed({ pause }))).not.toContain('pause');
  });

  it('before the start there is nothing to pause', () => {
    expect(actionsAt(runningBed({ phase: 'waiting' }))).not.toContain('pause');
  });

  it('in recovery the patient is watched and leaves; no pump is touched', () => {
    const recovering = runningBed({ phase: 'recovery', titration: null });
    expect(actionsAt(recovering)).toEqual(['observation', 'adjunct', 'discharge']);
  });
});

describe('what a bed asks for', () => {
  it('a pause first', () => {
    expect(promptOf(runningBed({ pause }))?.kind).toBe('paused');
  });

  it('a person, for a step that is due and wants one', () => {
    const due = { state: 'due', needsConfirmation: true, confirmedBy: null } as const;
    expect(promptOf(withStep(due))).toMatchObject({ kind: 'step', step: { step: 3 } });
    expect(promptOf(withStep({ ...due, confirmedBy: 'nurse-a' }))).toBeNull();
    expect(promptOf(withStep({ ...due, needsConfirmation: false }))).toBeNull();
    expect(promptOf(withStep({ state: 'held' }))).toMatchObject({ kind: 'step' });
  });

  it('the step to decide on is the held or due one, else the next', () => {
    expect(stepToAct(withStep({ state: 'planned' }).session)?.step).toBe(3);
    const later = withStep({ state: 'made' });
    const steps = later.session.titration?.steps ?? [];
    const held = steps.map((step) =>
      step.step === 4 ? { ...step, state: 'held' as const } : step,
    );
    expect(stepToAct({ titration: { runningStep: 3, steps: held } })?.step).toBe(4);
    expect(stepToAct({ titration: null })).toBeUndefined();
  });

  it('the pump program is looked at before the start, with what differs counted', () => {
    const line = {
      what: 'rate',
      state: 'different',
      pump: '12.5 mL/h',
      order: '125 mL/h',
    } as const;
    const waiting = runningBed({ phase: 'waiting', titration: null, pumpCheck: [line] });
    expect(promptOf(waiting)).toEqual({ kind: 'pump-check', different: 1, unknown: 0 });
  });
});

describe('a pause on the plan', () => {
  it('counts down to its end on tile and bed, and counts up when it is over', () => {
    expect(nextOnPlan(runningBed({ pause }), now)).toEqual({
      what: 'Paused',
      count: '00:04:10',
      isLate: false,
    });
    const over = { ...pause, until: iso(BASE.wallMs - 5_000) };
    expect(nextOnPlan(runningBed({ pause: over }), now)).toMatchObject({
      what: 'Pause over',
      count: 'late 00:00:05',
    });
  });

  it('is not counted on a page that is not live', () => {
    const lost = { ...now, link: { ...now.link, phase: 'lost' as const } };
    expect(nextOnPlan(runningBed({ pause }), lost).count).toBe('--:--:--');
  });
});
