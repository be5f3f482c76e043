import { afterEach, expect, test } from 'vitest';
import { GOLDBERG, nurseA, nurseB, prescriber, VirtualWard } from './virtual-ward.ts';

let made: VirtualWard[] = [];
afterEach(() => {
  for (const ward of made) ward.stop();
  made = [];
});

function start(...options: ConstructorParameters<typeof VirtualWard>): VirtualWard {
  const ward = new VirtualWard(...options);
  made.push(ward);
  return ward;
}

/** 6 instead of 10 mg/h: the pump at 125 mL/h of 0.08 mg/mL must be set to 75 mL/h. */
const LESS = {
  ...GOLDBERG,
  steps: [{ step: 1, at: 'PT0S', dose: 24, over: 'PT4H' }],
  alarmLimits: [
    {
      ...{ rule: 'VIT-04', level: 'limits', setting: 'high', value: 135 },
      ...{ reason: 'fast heart as always', author: 'dr.c' },
    },
  ],
};

test('amended while it runs: ORD-28 until it is checked, then it takes over without a false alarm', async () => {
  const ward = start({ monitor: { hr: 128 } });
  const id = await ward.order();
  ward.run(120);
  expect(ward.open('VIT-04')).toMatchObject({ priority: 'medium', limit: 120 });
  const given = ward.bed().infusion.givenMg ?? 0;
  expect(given).toBeGreaterThan(0.3);
  const reason = 'drowsy';
  expect(await ward.ward.amendOrder(nurseA, id, { document: LESS, reason })).toMatchObject({
    ok: true,
    value: { view: { version: 1 }, versions: [{ status: 'active' }, { status: 'draft', reason }] },
  });
  ward.run(20);
  expect(ward.open('ORD-28')).toMatchObject({ priority: 'medium' });
  await ward.ward.signOrder(prescriber, id);
  await ward.ward.verifyOrder(nurseB, id, LESS);
  ward.run(20);
  expect([ward.open('ORD-28'), ward.bed().infusion.orderedMgPerH]).toEqual([undefined, 10]);
  const activation = { bedId: 'B01', bag: LESS.bag };
  expect(await ward.ward.activateOrder(nurseA, id, activation)).toMatchObject({ ok: true });
  ward.run(20);
  const { order, infusion, limits } = ward.bed();
  expect([order?.version, infusion.orderedMgPerH, limits.hrHigh]).toEqual([2, 6, 135]);
  expect(ward.open('VIT-04')).toBeUndefined();
  expect(infusion.givenMg).toBeGreaterThan(given);
  // The nurse has a minute to set the pump; after it the old rate is far above the order.
  expect(ward.open('ORD-02')).toBeUndefined();
  ward.run(70);
  expect(ward.open('ORD-02')).toBeDefined();
});

test('a restart in the middle of an amendment knows both versions, and what expired meanwhile', async () => {
  const first = start();
  const id = await first.order();
  first.run(20);
  const validUntil = new Date(first.timeline.wallMs() + 60_000).toISOString();
  const short = { ...LESS, validUntil };
  await first.ward.amendOrder(nurseA, id, { document: short, reason: 'drowsy' });
  await first.ward.signOrder(prescriber, id);
  const draft = await first.ward.saveDraft(nurseA, { document: 'end: PT4H', bedId: 'B01' });
  const known = ({ ward }: VirtualWard) =>
    ward
      .order(id)
      ?.versions.map(({ version, status, signedBy, document }) => [
        version,
        status,
        signedBy,
        document,
      ]);
  const before = known(first);
  const { timeline } = first;
  first.ward.stop();
  const second = start({ history: first.log.all(), timeline, line: first.pump });
  expect(known(second)).toEqual(before);
  expect(second.ward.orders({ status: ['active'] })).toMatchObject([
    { orderId: id, pendingVersion: { version: 2, status: 'signed' } },
  ]);
  expect(draft.ok && second.ward.draft(draft.value.draftId)).toEqual(draft.ok && draft.value);
  second.run(65);
  expect(second.ward.order(id)?.versions).toMatchObject([
    { version: 1, status: 'active' },
    { version: 2, status: 'expired' },
  ]);
  const noted = second.log.all().filter(({ type }) => type === 'order-expired');
  expect(noted).toMatchObject([{ payload: { orderId: id, version: 2 } }]);
  // A third start tells the same from the log alone.
  expect(known(start({ history: second.log.all(), timeline }))).toEqual(known(second));
});

test('the second check sees fields and no values, and a draft tells what follows from it', async () => {
  const ward = start();
  const made = await ward.ward.createOrder(nurseA, JSON.stringify(GOLDBERG), 'json');
  const id = made.ok ? made.value.view.orderId : '';
  expect(ward.ward.checkForm(id)).toMatchObject({ ok: false, status: 409 });
  await ward.ward.signOrder(prescriber, id);
  const form = ward.ward.checkForm(id);
  const fields = form.ok ? form.value.fields : [];
  expect(form).toMatchObject({ value: { version: 1, attemptsLeft: 3, signedBy: 'prescriber-a' } });
  const paths = fields.map(({ path }) => path);
  for (const path of ['patient.weightKg', 'bag.drugMg', 'steps[0].dose', 'steps[0].over', 'end'])
    expect(paths).toContain(path);
  expect(ward.ward.orders({})).toMatchObject([{ status: 'signed', plannedMg: null }]);
  expect(JSON.stringify(form)).not.toMatch(/P-0000001|70\.8|PT4H|"40"|:40\b|500/);
  // What the form asks for is what the check wants, no more and no less.
  const entered: Record<string, unknown> = {};
  expect(await ward.ward.verifyOrder(nurseB, id, entered)).toMatchObject({
    code: 'incomplete',
    message: expect.stringContaining(paths.toSorted()[0] ?? ''),
  });
  const lacks = await ward.ward.verifyOrder(nurseB, id, {});
  for (const path of paths) expect(!lacks.ok && lacks.message).toContain(path);

  const { patient: _, ...open } = {
    ...GOLDBERG,
    steps: [{ step: 1, at: 'PT0S', dose: 90, over: 'PT2H' }],
  };
  const draft = await ward.ward.saveDraft(nurseA, { document: open });
  expect(draft).toMatchObject({
    ok: true,
    value: {
      draftId: 'D000001',
      problems: [{ path: 'patient' }],
      checks: {
        concentrationMgPerMl: 0.08,
        totalMg: 90,
        peakMgPerH: 45,
        peakMlPerH: 562.5,
        steps: [{ step: 1, atMs: 0, mgPerH: 45, mlPerH: 562.5 }],
        hardMaxMgPerH: 50,
        softMaxMgPerH: 30,
        softExceeded: expect.stringContaining('soft limit of 30 mg/h'),
        retype: [],
      },
    },
  });
  const empty = await ward.ward.saveDraft(nurseA, { draftId: 'D000001', document: 'mode: [' });
  expect(empty).toMatchObject({
    value: { draftId: 'D000001', checks: { totalMg: null, concentrationMgPerMl: null, steps: [] } },
  });
  expect(empty.ok && empty.value.problems.length).toBeGreaterThan(0);
  const ordered = await ward.ward.createOrder(nurseA, JSON.stringify(GOLDBERG), 'json', 'D000001');
  expect(ordered.ok && ward.ward.drafts()).toEqual([]);
  expect(await ward.ward.deleteDraft(nurseA, 'D000001')).toMatchObject({ status: 404 });
});
