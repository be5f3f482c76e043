import { afterEach, expect, test } from 'vitest';
import { lastingHistory } from '../../src/assembly/lasting-history.ts';
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

const MG_PER_ML = GOLDBERG.bag.drugMg / GOLDBERG.bag.volumeMl;
/** What the pump itself has delivered, mg. */
const truth = (ward: VirtualWard): number => Number(ward.pump.describe()['infusedMl']) * MG_PER_ML;
/** One poll of the pump at 125 mL/h, and the whole ug. */
const POLL_MG = (125 * MG_PER_ML * 2) / 3_600 + 0.002;

test('killed in mid-session: the pump goes on, and its counter closes the gap', async () => {
  const ward = start();
  ward.run(5);
  const startMg = truth(ward);
  await ward.order();
  ward.run(20 * 60 + 17);
  // SIGKILL: nothing is said any more, nothing is written; what the log has is all that there is.
  const history = ward.log.all().slice();
  const { pump, timeline } = ward;
  ward.ward.stop();
  ward.run(90);

  const again = start({ history, timeline, line: pump });
  const before = again.bed().infusion;
  expect(before.givenComplete).toBe(false);
  expect(before.givenMg).toBeLessThan(truth(again) - startMg);
  expect(before.givenAtMostMg).toBeGreaterThan(truth(again) - startMg - POLL_MG);
  again.run(5);
  const { infusion } = again.bed();
  expect(infusion.givenComplete).toBe(true);
  expect(Math.abs((infusion.givenMg ?? 0) - (truth(again) - startMg))).toBeLessThan(POLL_MG);
  expect(infusion.givenAtMostMg).toBe(infusion.givenMg);
  expect(infusion.given24hMg).toBe(infusion.givenMg);
});

test('a pulled cable: a range that grows and is told, then the counter says what was given', async () => {
  const ward = start();
  ward.run(5);
  const startMg = truth(ward);
  await ward.order();
  ward.run(30 * 60);
  const told: (number | null)[] = [];
  ward.ward.changes.subscribe((change) => {
    if (change.kind === 'parts' && change.parts.infusion !== undefined)
      told.push(change.parts.infusion.givenAtMostMg);
  });
  ward.pump.unplug();
  ward.run(120);
  const { givenMg, givenAtMostMg, givenComplete } = ward.bed().infusion;
  expect(givenComplete).toBe(false);
  const delivered = truth(ward) - startMg;
  expect(givenMg).toBeLessThan(delivered);
  expect(givenAtMostMg).toBeGreaterThan(delivered);
  expect(new Set(told.map((mg) => mg?.toFixed(1))).size).toBeGreaterThan(3);
  ward.pump.plug();
  ward.run(10);
  const { infusion } = ward.bed();
  expect(infusion.givenComplete).toBe(true);
  expect(Math.abs((infusion.givenMg ?? 0) - (truth(ward) - startMg))).toBeLessThan(POLL_MG);
});

test('the counter is cleared in mid-session: what was given stays given (scenario 15)', async () => {
  const ward = start();
  ward.run(5);
  const startMg = truth(ward);
  await ward.order();
  ward.run(30 * 60);
  const beforeMg = truth(ward) - startMg;
  ward.pump.command('clear-volume');
  ward.run(30 * 60);
  const { givenMg, givenAtMostMg } = ward.bed().infusion;
  const delivered = beforeMg + truth(ward);
  expect(givenMg).toBeGreaterThan(delivered - 2 * POLL_MG);
  expect(givenMg).toBeLessThanOrEqual(delivered + 0.002);
  expect(givenAtMostMg).toBeGreaterThan(delivered - POLL_MG);
  expect((givenAtMostMg ?? 0) - (givenMg ?? 0)).toBeLessThan(2 * POLL_MG);
});

test('another pump that a nurse confirms: its counter does not count as given', async () => {
  const ward = start();
  ward.run(5);
  await ward.order();
  ward.run(10 * 60);
  const beforeMg = ward.bed().infusion.givenMg ?? 0;
  ward.pump.command('set-serial', { serial: 'SIM1-00002' });
  ward.run(60);
  expect(ward.bed().infusion.givenComplete).toBe(false);
  const done = await ward.ward.confirmDevice(nurseA, 'B01-pump', 'SIM1-00002');
  expect(done.ok).toBe(true);
  ward.run(10);
  const { infusion } = ward.bed();
  expect(infusion.givenMg).toBeLessThan(beforeMg + 0.1);
  expect((infusion.givenAtMostMg ?? 0) - (infusion.givenMg ?? 0)).toBeCloseTo((20 * 62) / 3_600, 1);
});

test('the second session of a course begins at 0, course and 24 h go on, also after a restart', async () => {
  const ward = start();
  ward.run(5);
  const first = await ward.order();
  // Not at a whole minute: the last entry of the session is its own.
  ward.run(30 * 60 + 50);
  await ward.ward.completeOrder(nurseA, first);
  const written = () => ward.log.all().filter(({ type }) => type.startsWith('dose-')).length;
  const wrote = written();
  ward.run(60);
  expect(written(), 'without an order nothing is counted').toBe(wrote);
  await ward.order();
  ward.run(6 * 60);
  const { infusion } = ward.bed();
  expect(infusion.givenMg).toBeCloseTo(1, 1);
  expect(infusion.givenCourseMg).toBeCloseTo(6.14, 1);
  expect(infusion.given24hMg).toBeCloseTo(6.14, 1);
  const history = ward.log.all().slice();
  const lasting = lastingHistory(history);
  const { timeline, pump } = ward;
  ward.ward.stop();
  const again = start({ history, timeline, line: pump });
  again.run(5);
  expect(again.bed().infusion.givenCourseMg).toBeCloseTo(6.14, 1);
  // What a recording takes along: the order that runs is O000001 there, and is not the one that is over.
  const ids = lasting.entries.map(({ payload }) => (payload as { orderId?: string }).orderId);
  expect(new Set(ids.filter((id) => id !== undefined))).toEqual(
    new Set(['O000001', `past-${first}`]),
  );
});

test('another patient has been given nothing', async () => {
  const ward = start();
  ward.run(5);
  const first = await ward.order();
  ward.run(10 * 60);
  await ward.ward.discontinueOrder(nurseA, first, 'test');
  await ward.order({ ...GOLDBERG, patient: { id: 'P-0000002', weightKg: 64 } });
  ward.run(5);
  const { infusion } = ward.bed();
  expect(infusion.givenComplete).toBe(true);
  expect(infusion.givenCourseMg).toBeLessThan(0.03);
  expect(infusion.given24hMg).toBe(infusion.givenMg);
});

test('a log of an older version, with the counter at the start only', async () => {
  const ward = start();
  ward.run(5);
  const startMg = truth(ward);
  await ward.order();
  ward.run(20 * 60);
  const all = ward.log.all();
  const history = all.filter(({ type }) => !type.startsWith('dose-'));
  expect(history.length).toBeLessThan(all.length);
  const { timeline, pump } = ward;
  ward.ward.stop();
  const again = start({ history, timeline, line: pump });
  again.run(5);
  const { givenMg, givenAtMostMg } = again.bed().infusion;
  expect(givenMg).toBeGreaterThan(truth(again) - startMg - 3 * POLL_MG);
  expect(givenAtMostMg).toBeGreaterThanOrEqual(givenMg ?? 0);
});
