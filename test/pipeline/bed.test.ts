import { afterEach, expect, test } from 'vitest';
import { GOLDBERG, nurseA, VirtualWard } from './virtual-ward.ts';

const wards: VirtualWard[] = [];
const start = (options?: ConstructorParameters<typeof VirtualWard>[0]): VirtualWard => {
  const ward = new VirtualWard(options);
  wards.push(ward);
  return ward;
};
afterEach(() => {
  for (const ward of wards.splice(0)) {
    ward.stop();
    expect(ward.faults).toEqual([]);
  }
});

test('a normal session: ordered and live side by side, and no alarm', async () => {
  const ward = start();
  ward.run(10);
  await ward.order();
  await ward.ward.atBedside(nurseA, 'B01', 'baseline', { heartRateBpm: 80 });
  ward.run(600);
  expect(ward.bed().infusion).toMatchObject({
    state: 'on-order',
    orderedMgPerH: 10,
    liveMgPerH: 10,
    liveMlPerH: 125,
    deviation: 0,
    givenComplete: true,
  });
  expect(ward.bed().infusion.givenMg).toBeCloseTo(10 / 6, 1);
  expect(ward.alarms).toEqual([]);
});

test('another patient on the bed sees nothing of the first one', async () => {
  const ward = start();
  ward.run(5);
  const first = await ward.order();
  ward.monitor.command('nibp-start', {});
  ward.run(60);
  expect(ward.bed().nibp.history).toHaveLength(1);
  const done = await ward.ward.discontinueOrder(nurseA, first, 'moved to another bed');
  expect(done.ok).toBe(true);
  expect(ward.bed().nibp.history, 'the same patient until another comes').toHaveLength(1);
  await ward.order({ ...GOLDBERG, patient: { id: 'P-0000002', weightKg: 64 } });
  expect(ward.bed()).toMatchObject({ numerics: [], nibp: { history: [] }, rateHistory: [] });
});

test('a step of the wall clock makes no step of the order early or late', async () => {
  const ward = start({ pump: { rateMlPerH: 10 } });
  ward.run(5);
  await ward.order({
    ...GOLDBERG,
    mode: 'mg-per-h',
    bag: { drugMg: 480, volumeMl: 240 },
    steps: [
      { step: 1, at: 'PT0S', dose: 20 },
      { step: 2, at: 'PT1H', dose: 25 },
    ],
    end: 'PT4H',
    limits: { maxMgPerH: 40 },
  });
  ward.run(10);
  ward.timeline.stepWallClock(3_600_000);
  ward.run(60);
  expect(ward.bed().infusion).toMatchObject({ step: 1, orderedMgPerH: 20, state: 'on-order' });
  ward.timeline.stepWallClock(-2 * 3_600_000);
  ward.run(3_600);
  expect(ward.bed().infusion).toMatchObject({ step: 2, orderedMgPerH: 25 });
});

test('after a restart the amount given, the start of the session and the alarms are the same', async () => {
  const ward = start({ pump: { rateMlPerH: 10 } });
  ward.run(5);
  await ward.order();
  ward.run(60);
  ward.pump.command('set-rate', { mlPerH: 1_000 });
  ward.run(30);
  const before = ward.bed();
  const alarm = ward.open('ORD-02');
  expect(alarm).toBeDefined();
  const acknowledged = await ward.ward.acknowledge(nurseA, [
    { alarmId: alarm?.alarmId ?? '', rev: alarm?.rev ?? 0 },
  ]);
  expect(acknowledged.ok).toBe(true);
  ward.ward.stop();

  const again = start({
    history: ward.log.all(),
    timeline: ward.timeline,
    pump: { rateMlPerH: 1_000 },
  });
  const [restored] = again.ward.alarms().filter(({ ruleId }) => ruleId === 'ORD-02');
  expect(restored).toMatchObject({
    alarmId: alarm?.alarmId,
    phase: 'acknowledged',
    acknowledgedBy: 'nurse-a',
    onsetAt: alarm?.onsetAt,
  });
  again.run(20);
  expect(again.open('ORD-02')).toMatchObject({ alarmId: alarm?.alarmId, rev: restored?.rev });
  expect(again.bed().order?.startedAt).toBe(before.order?.startedAt);
});

test('an acknowledgement that cannot be recorded does not hold', async () => {
  const ward = start();
  ward.run(5);
  await ward.order();
  ward.run(30);
  ward.pump.command('set-rate', { mlPerH: 1_000 });
  ward.run(10);
  const alarm = ward.open('ORD-02');
  ward.log.failWith('disk full');
  const answer = await ward.ward.acknowledge(nurseA, [
    { alarmId: alarm?.alarmId ?? '', rev: alarm?.rev ?? 0 },
  ]);
  expect(answer).toMatchObject({ ok: false, status: 503 });
  expect(ward.open('ORD-02')).toMatchObject({ phase: 'active' });
  expect(ward.ward.health().ok).toBe(false);
  ward.log.failWith(undefined);
  ward.faults.length = 0;
});

test('the same command twice is done once; the same id from another person is another command', async () => {
  const ward = start();
  ward.run(5);
  const by = { ...nurseA, commandId: '11111111-1111-4111-8111-111111111111' };
  const first = await ward.ward.pauseAudio(by, 'B01');
  ward.run(10);
  expect(await ward.ward.pauseAudio(by, 'B01')).toEqual(first);
  const other = await ward.ward.pauseAudio({ ...by, user: 'nurse-b' }, 'B01');
  expect(other).not.toEqual(first);
});
