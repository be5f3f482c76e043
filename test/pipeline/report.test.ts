import { afterEach, expect, test } from 'vitest';
import { ReportView } from '../../src/hub/wire/index.ts';
import { MemoryNumerics } from '../store/memory-numerics.ts';
import { GOLDBERG, nurseA, nurseB, VirtualWard } from './virtual-ward.ts';

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

/** What the hub would send: it must fit the contract. */
async function report(ward: VirtualWard, orderId: string): Promise<ReportView> {
  const done = await ward.ward.report(orderId);
  if (!done.ok) throw new Error(done.message);
  return ReportView.parse(JSON.parse(JSON.stringify(done.value)));
}

const MINUTE = 60;
/** Whole minutes from one wall time to another. */
const minutes = (from: string | null, to: string | null): number =>
  Math.round((Date.parse(to ?? '') - Date.parse(from ?? '')) / 60_000);
const at = (view: ReportView, minute: number) =>
  view.vitals.find((row) => minutes(view.startedAt, row.at) === minute);

test('a session with gaps: what happened is in the report, what is missing is said, and a restart changes nothing', async () => {
  const store = new MemoryNumerics();
  const ward = start({ store });
  ward.run(6 * MINUTE);
  const orderId = await ward.order();
  ward.run(10 * MINUTE);
  await ward.ward.atBedside(nurseB, 'B01', 'observation', { pain: 6, sedation: 1 });
  ward.run(6 * MINUTE);
  ward.pump.unplug();
  ward.run(3 * MINUTE);
  const lost = ward.ward.alarms().find(({ ruleId }) => ruleId === 'MON-01');
  if (lost === undefined) throw new Error('nobody says that the pump is away');
  await ward.ward.acknowledge(nurseA, [lost]);
  ward.pump.plug();
  ward.run(5 * MINUTE);
  ward.monitor.unplug();
  ward.run(4 * MINUTE);
  ward.monitor.plug();
  ward.run(4 * MINUTE);
  await ward.ward.discontinueOrder(nurseA, orderId, 'patient asks to stop');
  ward.run(2 * MINUTE);
  await ward.ward.atBedside(nurseA, 'B01', 'discharge', { reason: 'moved to ward 5' });
  ward.run(MINUTE);

  const view = await report(ward, orderId);
  expect(view).toMatchObject({
    bedId: 'B01',
    simulated: true,
    patient: { id: 'P-0000001', label: 'Patient 01' },
    ended: 'discontinued',
    endReason: 'patient asks to stop',
    isComplete: false,
    plannedMg: 40,
    discharge: { by: 'nurse-a', reason: 'moved to ward 5' },
    baseline: { state: 'provisional' },
  });
  expect(minutes(view.startedAt, view.endedAt)).toBe(32);
  expect(minutes(view.startedAt, view.plannedEndAt)).toBe(240);
  expect(view.history.map(({ text, by }) => `${text} ${by}`)).toEqual([
    'written prescriber-a',
    expect.stringMatching(/^signed.* prescriber-a$/),
    expect.stringMatching(/^checked by a second person.* nurse-b$/),
    expect.stringMatching(/^activated.* nurse-a$/),
    'flow began null',
    'discontinued: patient asks to stop nurse-a',
  ]);
  expect(view.history.map(({ seq }) => seq)).not.toContain(null);
  expect(view.history[3]).toMatchObject({ station: 'Station 1' });
  expect(view.versions).toMatchObject([
    { version: 1, signedBy: 'prescriber-a', verifiedBy: 'nurse-b', activatedBy: 'nurse-a' },
  ]);

  // 32 min of 10 mg/h, counted by the pump over the gap.
  expect(view.givenMg).toBeCloseTo(32 / 6, 1);
  expect(view.givenAtMostMg).toBe(view.givenMg);
  expect(view.doses).toMatchObject([
    { pumpId: 'B01-pump', bagDrugMg: 40, how: 'volume counter of the pump x 0.08 mg/mL' },
  ]);
  expect(view.doses[0]?.atLeastMg).toBeCloseTo(view.givenMg ?? 0, 3);
  expect((view.doses[0]?.atLeastMl ?? 0) * 0.08).toBeCloseTo(view.givenMg ?? 0, 2);
  expect(view.planRate.map(({ mgPerH }) => mgPerH)).toEqual([10, 0]);
  expect(view.actualRate.map(({ mgPerH }) => mgPerH)).toEqual([10, null, 10]);

  const gaps = view.gaps.map((gap) => [gap.what, minutes(view.startedAt, gap.from)]);
  expect(gaps).toEqual([
    ['pump', 16],
    ['heart-rate', 24],
    ['spo2', 24],
  ]);
  const pumpGap = view.gaps[0];
  expect(minutes(pumpGap?.from ?? '', pumpGap?.to ?? '')).toBe(3);
  expect(at(view, 15)).toMatchObject({ spo2Percent: 97, pain: 6, sedation: 1 });
  expect(at(view, 15)?.heartRateBpm).toBeGreaterThan(70);
  // The monitor was away from 24 to 28 min: at 30 min it is there again, and 24 h later nobody claims more.
  expect(at(view, 30)).toMatchObject({ spo2Percent: 97, pain: null });
  expect(view.vitals).toHaveLength(3);
  expect(view.hours).toMatchObject([{ spo2Percent: { min: 97, max: 97 } }]);
  expect(view.observations).toMatchObject([{ by: 'nurse-b', pain: 6, sedation: 1, nausea: null }]);
  const alarm = view.alarms.find(({ ruleId }) => ruleId === 'MON-01');
  expect(alarm).toMatchObject({ acknowledgedBy: 'nurse-a', deviceId: 'B01-pump' });
  expect(minutes(view.startedAt, alarm?.endedAt ?? null)).toBe(19);
  expect(view.devices).toMatchObject([
    { deviceId: 'B01-pump', role: 'pump', serials: ['SIM1-00001'] },
    { deviceId: 'B01-mon', role: 'monitor' },
  ]);
  const entries = ward.log.all();
  const activated = entries.find(({ type }) => type === 'order-activated');
  expect(view.log).toMatchObject({ fromSeq: activated?.seq, fromHash: activated?.hash });

  const history = ward.log.all().slice();
  const { timeline } = ward;
  ward.stop();
  const again = start({ store, history, timeline });
  again.run(5);
  const later = await report(again, orderId);
  const same = ({ madeAt: _, devices: __, log: ___, ...rest }: ReportView) => rest;
  expect(same(later)).toEqual(same(view));
});

test('a gateway that was killed: the time without it is a gap, and its values are unknown', async () => {
  const store = new MemoryNumerics();
  const ward = start({ store });
  ward.run(5);
  const orderId = await ward.order();
  ward.run(20 * MINUTE);
  const history = ward.log.all().slice();
  const { pump, timeline } = ward;
  ward.ward.stop();
  timeline.advance(10 * 60_000);
  const again = start({ store, history, timeline, line: pump });
  again.run(10 * MINUTE);
  const view = await report(again, orderId);
  expect(view).toMatchObject({ ended: null, isComplete: false, discharge: null });
  const [gateway] = view.gaps.filter(({ what }) => what === 'gateway');
  expect(minutes(gateway?.from ?? '', gateway?.to ?? '')).toBeGreaterThanOrEqual(10);
  expect(view.actualRate.map(({ mgPerH }) => mgPerH)).toEqual([10, null, 10]);
  expect(view.gaps.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['gateway', 'pump', 'heart-rate', 'spo2']),
  );
  // At 30 min the gateway was away; the values of 20 min are not carried on.
  expect(at(view, 30)).toMatchObject({ heartRateBpm: null, spo2Percent: null });
  // Counted over the gap.
  expect(view.givenMg).toBeCloseTo(40 / 6, 1);
});

test('an order that was never activated, one that is not there, a log that cannot be read', async () => {
  const ward = start();
  ward.run(5);
  const created = await ward.ward.createOrder(nurseA, JSON.stringify(GOLDBERG));
  if (!created.ok) throw new Error(created.message);
  const view = await report(ward, created.value.view.orderId);
  expect(view).toMatchObject({
    activatedAt: null,
    givenMg: null,
    log: null,
    gaps: [],
    isComplete: false,
    steps: [{ step: 1, state: 'not-made', plannedAt: null }],
  });
  expect(await ward.ward.report('O999999')).toMatchObject({ ok: false, status: 404 });
  const orderId = await ward.order();
  ward.log.read = () => Promise.reject(new Error('disk I/O error'));
  expect(await ward.ward.report(orderId)).toMatchObject({
    ok: false,
    status: 503,
    message: expect.stringContaining('disk I/O error'),
  });
});

test('without a store of numerics every vital sign is missing, and said so', async () => {
  const ward = start();
  ward.run(5);
  const orderId = await ward.order();
  ward.run(16 * MINUTE);
  const view = await report(ward, orderId);
  expect(view.vitals).toMatchObject([{ spo2Percent: null }, { spo2Percent: null }]);
  expect(view.gaps.map(({ what }) => what)).toEqual(['heart-rate', 'spo2']);
});
