import { afterEach, describe, expect, test } from 'vitest';
import type { BedsideVerb } from '../../src/order/session-life.ts';
import { GOLDBERG, nurseA, VirtualWard } from './virtual-ward.ts';

const wards: VirtualWard[] = [];
const start = (options?: ConstructorParameters<typeof VirtualWard>[0]): VirtualWard => {
  const ward = new VirtualWard({ pump: { running: false }, ...options });
  wards.push(ward);
  return ward;
};
afterEach(() => {
  for (const ward of wards.splice(0)) {
    ward.stop();
    expect(ward.faults).toEqual([]);
  }
});

/** 20 min at 10 mg/h, then 15 min of recovery: observations after 15 and 30 min. */
const SHORT = {
  ...GOLDBERG,
  regimen: 'none',
  mode: 'mg-per-h',
  steps: [{ step: 1, at: 'PT0S', dose: 10 }],
  end: 'PT20M',
  recovery: 'PT15M',
  adjuncts: [{ drug: 'clonidine', doseMg: 0.1, route: 'oral' }],
};
const WELL = { pain: 3, sedation: 1, dysphoria: 0 };

async function say(ward: VirtualWard, verb: BedsideVerb, body: unknown) {
  const done = await ward.ward.atBedside(nurseA, 'B01', verb, body);
  if (!done.ok) throw new Error(`${verb}: ${done.message}`);
  return done.value;
}

function session(ward: VirtualWard) {
  const view = ward.bed().session;
  if (view === null) throw new Error('there is no session');
  return view;
}

/** The log keeps whole milliseconds, and the virtual clock has fractions of them. */
const inSeconds = (view: unknown): unknown =>
  JSON.parse(JSON.stringify(view).replaceAll(/\.\d{3}Z/g, 'Z'));

/** Ids of the rules of the session that spoke at any time. */
const spoken = (ward: VirtualWard): readonly string[] =>
  [...new Set(ward.alarms.map(({ ruleId }) => ruleId))]
    .filter((id) => /^(ORD-2[789]|VIT-1[26])$/.test(id))
    .sort();

/** Until the end of the infusion, all as it should be. */
async function infused(ward: VirtualWard): Promise<string> {
  ward.run(6 * 60);
  const plannedStart = new Date(ward.timeline.wallMs() + 5 * 60_000).toISOString();
  const id = await ward.order({ ...SHORT, plannedStart });
  ward.run(60);
  expect(session(ward)).toMatchObject({ phase: 'waiting', plannedStartAt: plannedStart });
  const { baseline } = session(ward);
  expect(baseline).toMatchObject({ state: 'provisional', spo2Percent: 97 });
  await say(ward, 'baseline', {
    heartRateBpm: baseline.heartRateBpm,
    spo2Percent: baseline.spo2Percent,
    systolicMmHg: baseline.systolicMmHg,
    diastolicMmHg: baseline.diastolicMmHg,
  });
  await say(ward, 'adjunct', { drug: 'clonidine', doseMg: 0.1, route: 'oral' });
  ward.pump.command('start', {});
  ward.run(15 * 60);
  await say(ward, 'observation', WELL);
  ward.run(5 * 60);
  ward.pump.command('hold', {});
  ward.run(30);
  return id;
}

describe('a session from the baseline to the discharge', () => {
  test('with everything done in time is quiet', async () => {
    const ward = start();
    const id = await infused(ward);
    expect(session(ward)).toMatchObject({
      phase: 'ended',
      baseline: { state: 'confirmed', by: 'nurse-a' },
      adjuncts: [{ drug: 'clonidine', doseMg: 0.1, route: 'oral', by: 'nurse-a' }],
    });
    expect(session(ward).observations).toHaveLength(1);
    await ward.ward.completeOrder(nurseA, id);
    expect(session(ward).phase).toBe('recovery');
    const startedAt = Date.parse(session(ward).startedAt ?? '');
    expect(Date.parse(session(ward).observationDueAt ?? '')).toBe(startedAt + 30 * 60_000);
    ward.run(10 * 60);
    await say(ward, 'observation', WELL);
    ward.run(5 * 60);
    expect(session(ward)).toMatchObject({ phase: 'recovered', observationDueAt: null });
    ward.run(10 * 60);
    expect(await say(ward, 'discharge', {})).not.toHaveProperty('note');
    ward.run(5);
    expect(ward.bed().session).toBeNull();
    expect(spoken(ward)).toEqual([]);
  });

  test('probe off in recovery, and a discharge before its time, are told', async () => {
    const ward = start();
    await ward.ward.completeOrder(nurseA, await infused(ward));
    ward.run(5 * 60);
    ward.monitor.command('probe-off', { on: true });
    ward.run(40);
    expect(ward.open('ORD-29')).toMatchObject({
      priority: 'low',
      text: 'Recovery 5 of 15 min, no SpO2',
    });
    ward.monitor.command('probe-off', { on: false });
    ward.run(10);
    expect(ward.open('ORD-29')).toBeUndefined();

    const refused = await ward.ward.atBedside(nurseA, 'B01', 'discharge', {});
    expect(refused).toMatchObject({ ok: false, status: 422, path: 'reason' });
    const { note } = await say(ward, 'discharge', { reason: 'own wish' });
    expect(note).toContain('5 of 15 min');
    ward.run(3);
    expect(ward.open('ORD-29')).toMatchObject({ text: 'Discharged: recovery 5 of 15 min' });
    ward.run(62);
    expect(ward.open('ORD-29')).toBeUndefined();
    expect(spoken(ward)).toEqual(['ORD-29']);
  });

  test('another order for who recovers is no discharge; for somebody else it is one', async () => {
    const ward = start();
    const stopped = async (patient: { readonly id: string; readonly weightKg: number }) => {
      const id = await ward.order({ ...SHORT, patient });
      ward.pump.command('start', {});
      ward.run(60);
      ward.pump.command('hold', {});
      await ward.ward.discontinueOrder(nurseA, id, 'another bag');
      ward.run(30);
    };
    await stopped({ id: 'P-0000001', weightKg: 70.8 });
    await stopped({ id: 'P-0000001', weightKg: 70.8 });
    expect(spoken(ward)).toEqual([]);
    await ward.order({ ...SHORT, patient: { id: 'P-0000002', weightKg: 64 } });
    ward.run(3);
    expect(ward.open('ORD-29')?.text).toBe('Discharged: recovery 0 of 15 min');
  });

  test('nothing confirmed, nothing noted: VIT-12 after 5 min, VIT-16 after 20, until it is done', async () => {
    const ward = start();
    await ward.order(SHORT);
    ward.pump.command('start', {});
    ward.run(5 * 60 - 5);
    expect(ward.open('VIT-12')).toBeUndefined();
    ward.run(10);
    expect(ward.open('VIT-12')).toMatchObject({ priority: 'low' });
    // The baseline would have needed 5 min before the start.
    expect(session(ward).baseline).toMatchObject({ state: 'none', heartRateBpm: null });
    await say(ward, 'baseline', { heartRateBpm: 76 });
    ward.run(2);
    expect(ward.open('VIT-12')).toBeUndefined();

    ward.run(15 * 60 - 15);
    expect(ward.open('VIT-16')).toBeUndefined();
    ward.run(15);
    expect(ward.open('VIT-16')).toMatchObject({
      priority: 'low',
      detail: 'to be noted: pain, sedation, dysphoria. Look at the patient',
    });
    await say(ward, 'observation', { pain: 4 });
    ward.run(2);
    expect(ward.open('VIT-16')?.detail).toContain('sedation, dysphoria');
    await say(ward, 'observation', { sedation: 1, dysphoria: 1 });
    ward.run(2);
    expect(ward.open('VIT-16')).toBeUndefined();
  });

  test('planned, and nothing flows: ORD-27 after 15 min, until it does', async () => {
    const ward = start();
    ward.run(5);
    const plannedStart = new Date(ward.timeline.wallMs() + 60_000).toISOString();
    await ward.order({ ...SHORT, plannedStart });
    ward.run(16 * 60 - 5);
    expect(ward.open('ORD-27')).toBeUndefined();
    ward.run(10);
    expect(ward.open('ORD-27')).toMatchObject({ priority: 'low' });
    ward.pump.command('start', {});
    ward.run(5);
    expect(ward.open('ORD-27')).toBeUndefined();
  });
});

describe('reasons to hold the next step', () => {
  test('are told at it, with what is not known; they hold nothing and are no alarm', async () => {
    const ward = start();
    const steps = [
      { step: 1, at: 'PT0S', dose: 10 },
      { step: 2, at: 'PT10M', dose: 12 },
    ];
    const holdIf = { spo2Below: 95, systolicAbove: 180, sedationAbove: 2 };
    await ward.order({ ...SHORT, steps, holdIf });
    ward.pump.command('start', {});
    ward.run(60);
    const reasons = () => session(ward).titration?.steps.map((step) => step.holdReasons);
    expect(reasons()?.[0]).toEqual([]);
    expect(reasons()?.[1]).toContain('Sedation is not known, hold above 2 points');
    await say(ward, 'observation', { ...WELL, sedation: 3 });
    ward.monitor.command('set', { spo2: 94 });
    ward.run(20);
    const told = reasons()?.[1] ?? [];
    expect(told).toContain('Sedation 3 is above 2 points');
    expect(told.find((text) => text.startsWith('SpO2 94'))).toMatch(/is below 95 %$/);
    expect(ward.alarms.filter(({ ruleId }) => !ruleId.startsWith('MON'))).toEqual([]);
  });
});

describe('a gateway that is killed and starts again', () => {
  test('shows the same session, with the baseline seen before the start', async () => {
    const ward = start();
    ward.run(6 * 60);
    await ward.order(SHORT);
    ward.run(10);
    await say(ward, 'adjunct', { drug: 'midazolam', doseMg: 2, route: 'intravenous' });
    ward.pump.command('start', {});
    ward.run(14 * 60);
    await say(ward, 'observation', { ...WELL, note: 'dreams' });
    const before = session(ward);
    expect(before.baseline).toMatchObject({ state: 'provisional', spo2Percent: 97 });
    const history = ward.log.all().slice();
    const { pump: line, timeline } = ward;
    ward.ward.stop();
    timeline.advance(30_000);

    const again = start({ history, timeline, line });
    again.run(3);
    expect(inSeconds(session(again))).toEqual(inSeconds(before));
    // VIT-03 goes on with the baseline of before: 1.2 times it for a minute.
    again.monitor.command('set', { hr: 104 });
    again.run(80);
    expect(again.open('VIT-03')).toBeDefined();
    expect(again.open('VIT-12')).toBeDefined();
  });

  test('goes on with the recovery, and with what is to be noted in it', async () => {
    const ward = start();
    await ward.ward.completeOrder(nurseA, await infused(ward));
    ward.run(60);
    const before = session(ward);
    const history = ward.log.all().slice();
    const { pump: line, timeline } = ward;
    ward.ward.stop();

    const again = start({ history, timeline, line });
    again.run(3);
    expect(inSeconds(session(again))).toEqual(inSeconds(before));
    again.run(14 * 60);
    expect(again.open('VIT-16')).toBeDefined();
  });
});
