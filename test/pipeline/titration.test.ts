import { describe, expect, test } from 'vitest';
import { nurseA, VirtualWard } from './virtual-ward.ts';

const MIN = 60;

/** Steps in mg/h from a 1 mg/mL bag, 12 min each: mL/h and mg/h have the same number. */
const titration = (...mgPerH: readonly number[]) => ({
  patient: { id: 'P-0000002', label: 'Patient 02' },
  regimen: 'none',
  setting: 'inpatient-continuous',
  drug: { name: 'ketamine', form: 'racemic' },
  bag: { drugMg: 500, volumeMl: 500 },
  mode: 'mg-per-h',
  steps: mgPerH.map((dose, index) => ({ step: index + 1, at: `PT${index * 12}M`, dose })),
  end: `PT${mgPerH.length * 12}M`,
  limits: { maxMgPerH: 40 },
  bolus: 'none',
  kvo: { allowed: true, maxMlPerH: 3 },
  nibpInterval: 'PT12H',
});

/** An order that runs since a moment ago, with the pump at its first rate. */
async function running(document: Readonly<Record<string, unknown>>, mlPerH: number) {
  const ward = new VirtualWard({ pump: { rateMlPerH: mlPerH, running: false } });
  ward.run(10);
  const orderId = await ward.order(document);
  ward.pump.command('start', {});
  ward.run(2);
  const set = (rate: number): void => ward.pump.command('set-rate', { mlPerH: rate });
  return { ward, orderId, set };
}

const notes = (ward: VirtualWard, type: string) =>
  ward.log
    .all()
    .filter((entry) => entry.type === type)
    .map(({ payload }) => payload as Readonly<Record<string, unknown>>);

const made = (ward: VirtualWard) => notes(ward, 'step-made').map(({ step, how }) => [step, how]);

describe('what the pump does decides which step it is at', () => {
  test('made, early, late and skipped, and back again; what only passes by is none', async () => {
    const { ward, set } = await running(titration(20, 25, 30, 35, 40, 30), 20);
    ward.run(20);
    expect(notes(ward, 'step-made')).toEqual([
      expect.objectContaining({ step: 1, how: 'made', pumpId: 'B01-pump', mgPerH: 20, mlPerH: 20 }),
    ]);
    ward.run(12 * MIN);
    set(25);
    ward.run(8 * MIN);
    set(30);
    ward.run(20);
    expect(made(ward)).toEqual([
      [1, 'made'],
      [2, 'made'],
      [3, 'early'],
    ]);
    // Step 4 is due at 36 min.
    ward.run(21 * MIN);
    set(35);
    ward.run(30);
    // A finger on the wheel.
    set(40);
    ward.run(5);
    set(30);
    ward.run(30);
    set(35);
    ward.run(30);
    expect(made(ward).slice(3)).toEqual([
      [4, 'late'],
      [3, 'made'],
      [4, 'made'],
    ]);
    ward.stop();
    expect(ward.faults).toEqual([]);
  });

  test('a step that was left out', async () => {
    const { ward, set } = await running(titration(20, 25, 30), 20);
    ward.run(5 * MIN);
    set(30);
    ward.run(30);
    expect(made(ward)).toEqual([
      [1, 'made'],
      [3, 'skipped'],
    ]);
    ward.stop();
  });

  test('two steps of the same rate: the second is made when it is due, without anybody', async () => {
    const { ward } = await running(titration(20, 20), 20);
    ward.run(12 * MIN + 20);
    expect(made(ward)).toEqual([
      [1, 'made'],
      [2, 'made'],
    ]);
    ward.stop();
  });

  test('a clock that is set moves no step, also when something is noted afterwards', async () => {
    const { ward, set } = await running(titration(20, 25, 30), 20);
    ward.run(5 * MIN);
    ward.timeline.stepWallClock(20 * MIN * 1_000);
    ward.run(7 * MIN);
    set(25);
    ward.run(12 * MIN);
    set(30);
    ward.run(20);
    expect(made(ward).map(([, how]) => how)).toEqual(['made', 'made', 'made']);
    ward.stop();
  });
});

const session = (ward: VirtualWard) => {
  const view = ward.bed().session;
  if (view === null) throw new Error('nobody is on the bed');
  return view;
};

describe('a declared pause', () => {
  test('the plan waits while nothing flows, and the pause ends when the pump flows again', async () => {
    const { ward } = await running(titration(20, 25, 20), 20);
    ward.run(5 * MIN);
    const endsAt = Date.parse(session(ward).endsAt ?? '');
    const body = { reason: 'bag change', minutes: 5, bagChange: true };
    expect(await ward.ward.atBedside(nurseA, 'B01', 'pause', body)).toMatchObject({ ok: true });
    ward.run(30);
    // Declared and still flowing: no time is given away.
    expect(session(ward)).toMatchObject({ phase: 'paused', pause: { by: 'nurse-a' } });
    expect(Date.parse(session(ward).endsAt ?? '')).toBe(endsAt);
    ward.pump.command('hold', {});
    ward.run(2 * MIN);
    expect(Date.parse(session(ward).endsAt ?? '') - endsAt).toBe(115_000);
    ward.run(MIN);
    ward.pump.command('start', {});
    ward.run(10);
    const [resumed] = notes(ward, 'infusion-resumed');
    expect(Number(resumed?.['stoppedMs'])).toBeGreaterThan(178_000);
    expect(Number(resumed?.['stoppedMs'])).toBeLessThanOrEqual(182_000);
    const shiftMs = Number(resumed?.['stoppedMs']);
    expect(session(ward)).toMatchObject({ phase: 'infusing', pause: null });
    expect(Date.parse(session(ward).endsAt ?? '')).toBe(endsAt + shiftMs);
    expect(ward.bed().infusion.nextStepAt).toBe(session(ward).titration?.steps[1]?.dueAt);
    ward.stop();
    expect(ward.faults).toEqual([]);
  });

  test('in which the pump never stopped ends with its time and moves nothing', async () => {
    const { ward } = await running(titration(20, 25), 20);
    ward.run(MIN);
    await ward.ward.atBedside(nurseA, 'B01', 'pause', { reason: 'line', minutes: 2 });
    ward.run(119);
    expect(session(ward).phase).toBe('paused');
    ward.run(10);
    expect(session(ward).phase).toBe('infusing');
    expect(notes(ward, 'infusion-resumed')).toEqual([expect.objectContaining({ stoppedMs: 0 })]);
    ward.stop();
  });
});

describe('the steps on the screen', () => {
  test('planned, due, held, late, made: when and by whom', async () => {
    const { ward, set, orderId } = await running(
      {
        ...titration(20, 25, 30),
        steps: [
          { step: 1, at: 'PT0S', dose: 20 },
          { step: 2, at: 'PT12M', dose: 25, confirm: true, condition: 'awake, SpO2 above 94 %' },
          { step: 3, at: 'PT24M', dose: 30 },
        ],
      },
      20,
    );
    ward.run(20);
    const steps = () => session(ward).titration?.steps ?? [];
    const start = Date.parse(session(ward).startedAt ?? '');
    const inMin = (iso: string | null | undefined) => (Date.parse(iso ?? '') - start) / 60_000;
    expect(session(ward).titration?.runningStep).toBe(1);
    expect(steps().map(({ state, how }) => [state, how])).toEqual([
      ['made', 'made'],
      ['planned', null],
      ['planned', null],
    ]);
    expect(steps()[1]).toMatchObject({
      mgPerH: 25,
      mlPerH: 25,
      needsConfirmation: true,
      condition: 'awake, SpO2 above 94 %',
      confirmedBy: null,
    });
    expect([steps()[1]?.earliestAt, steps()[1]?.dueAt, steps()[1]?.latestAt].map(inMin)).toEqual([
      10, 12, 17,
    ]);
    const say = (body: unknown) => ward.ward.whileRunning(nurseA, orderId, 'step', body);
    await say({ step: 2, action: 'hold', reason: 'drowsy', minutes: 20 });
    ward.run(1);
    expect(steps()[1]).toMatchObject({ state: 'held', heldBy: 'nurse-a', holdReason: 'drowsy' });
    expect(inMin(steps()[1]?.dueAt)).toBeCloseTo(20.366, 3);
    expect(inMin(steps()[2]?.dueAt)).toBeCloseTo(32.366, 3);
    ward.run(20 * MIN);
    expect(steps()[1]).toMatchObject({ state: 'due', heldBy: null });
    ward.run(6 * MIN);
    expect(steps()[1]?.state).toBe('late');
    await say({ step: 2, action: 'confirm' });
    set(25);
    ward.run(20);
    expect(session(ward).titration?.runningStep).toBe(2);
    expect(steps()[1]).toMatchObject({
      state: 'made',
      how: 'late',
      readMgPerH: 25,
      confirmedBy: 'nurse-a',
    });
    ward.stop();
    expect(ward.faults).toEqual([]);
  });
});

/** Every alarm about the order that was raised, with its priorities as they came. */
const raised = (ward: VirtualWard): Readonly<Record<string, string>> => {
  const seen: Record<string, string> = {};
  for (const { ruleId, priority } of ward.alarms) {
    if (!ruleId.startsWith('ORD')) continue;
    const before = seen[ruleId];
    if (before?.split(' ').at(-1) !== priority)
      seen[ruleId] = before === undefined ? priority : `${before} ${priority}`;
  }
  return seen;
};

const steps = (...list: readonly (readonly [min: number, mgPerH: number])[]) => ({
  steps: list.map(([min, dose], index) => ({ step: index + 1, at: `PT${min}M`, dose })),
});

describe('reference scenarios', () => {
  test('4: 35 twenty minutes early, 40 directly from 30, and a step as stop and start', async () => {
    const plan = { ...titration(20), ...steps([0, 20], [5, 30], [30, 35], [40, 40]), end: 'PT50M' };
    const { ward, set } = await running(plan, 20);
    ward.run(5 * MIN);
    set(30);
    ward.run(5 * MIN);
    expect(raised(ward)).toEqual({});
    set(35);
    ward.run(15);
    expect(ward.open('ORD-05')).toMatchObject({ priority: 'medium', phase: 'active' });
    expect(ward.open('ORD-05')?.text).toBe('Step 3 running 19 min early');
    expect(ward.open('ORD-01')).toMatchObject({ phase: 'inhibited' });
    set(30);
    ward.run(15);
    expect(ward.open('ORD-05')).toBeUndefined();
    set(40);
    ward.run(15);
    expect(ward.open('ORD-02')).toMatchObject({ priority: 'high', phase: 'active' });
    expect(ward.open('ORD-06')).toMatchObject({ priority: 'high', phase: 'inhibited' });
    set(30);
    ward.run(15);
    const before = raised(ward);
    expect(before).toEqual({
      'ORD-01': 'medium',
      'ORD-02': 'high',
      'ORD-05': 'medium',
      'ORD-06': 'high',
    });
    ward.run(19 * MIN);
    ward.pump.command('hold', {});
    ward.run(4);
    set(35);
    ward.pump.command('start', {});
    ward.run(5 * MIN);
    expect(raised(ward)).toEqual(before);
    expect(made(ward).at(-1)).toEqual([3, 'made']);
    ward.stop();
    expect(ward.faults).toEqual([]);
  });

  test('5 and 6: 40 to 20 not made, then KVO of 3 mL/h at 1 mg/mL after the end', async () => {
    const plan = { ...titration(40), ...steps([0, 40], [5, 20]), end: 'PT12M' };
    const { ward, set } = await running(plan, 40);
    ward.run(5 * MIN + 58);
    expect(raised(ward)).toEqual({});
    ward.run(5);
    expect(ward.open('ORD-04')).toMatchObject({ priority: 'medium' });
    ward.run(5);
    // One row, the more urgent one.
    expect(ward.open('ORD-02')).toMatchObject({ priority: 'high', phase: 'active' });
    expect(ward.open('ORD-04')).toMatchObject({ priority: 'medium', phase: 'inhibited' });
    ward.run(4 * MIN - 12);
    expect(ward.open('ORD-04')?.priority).toBe('medium');
    ward.run(6);
    expect(ward.open('ORD-04')).toMatchObject({
      priority: 'high',
      text: 'Step 2 not made, 5 min late',
    });
    set(20);
    ward.run(10);
    expect(ward.open('ORD-04')).toBeUndefined();
    ward.run(MIN + 50);
    set(3);
    ward.run(MIN + 50);
    expect(ward.open('ORD-21')).toBeUndefined();
    ward.run(20);
    expect(ward.open('ORD-21')).toMatchObject({ priority: 'medium' });
    expect(ward.open('ORD-21')?.detail).toContain('3 mg/h');
    expect(raised(ward)).not.toHaveProperty('ORD-24');
    ward.stop();
    expect(ward.faults).toEqual([]);
  });

  test('7: a bag change in a declared pause: 4 min nothing, 11 min ORD-23', async () => {
    const { ward } = await running({ ...titration(20), end: 'PT1H' }, 20);
    ward.run(MIN);
    const change = async (minutes: number, lasts: number): Promise<void> => {
      await ward.ward.atBedside(nurseA, 'B01', 'pause', { reason: 'bag change', minutes });
      ward.pump.command('hold', {});
      ward.run(lasts);
      ward.pump.command('start', {});
      ward.run(5);
    };
    await change(4, 4 * MIN);
    expect(raised(ward)).toEqual({});
    await change(10, 10 * MIN);
    expect(raised(ward)).toEqual({});
    ward.run(MIN);
    await change(10, 11 * MIN);
    expect(raised(ward)).toEqual({ 'ORD-23': 'medium' });
    expect(ward.open('ORD-23')).toBeUndefined();
    expect(notes(ward, 'infusion-resumed')).toHaveLength(3);
    ward.stop();
    expect(ward.faults).toEqual([]);
  });
});
