import { afterEach, describe, expect, test } from 'vitest';
import { GOLDBERG, nurseA, nurseB, prescriber, VirtualWard } from './virtual-ward.ts';

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

/** A B. Braun pump tells drug, concentration and weight; its line is asked about every second. */
const telling = (pump: Readonly<Record<string, unknown>> = {}): VirtualWard =>
  start({ pumpKind: 'bbraun-bcc', pump });

/** Rules of alarms that stood at any time, but those about the bed's own devices and the cuff. */
const raised = (ward: VirtualWard): readonly string[] => [
  ...new Set(ward.alarms.map(({ ruleId }) => ruleId).filter((id) => id.startsWith('ORD'))),
];
const check = (ward: VirtualWard, what: string) =>
  ward.bed().session?.pumpCheck.find((line) => line.what === what);

/** Day 10 of R1: 80 mg over 4 h. The pump runs at 125 mL/h on every day; only the bag is another. */
const DAY_10 = {
  ...GOLDBERG,
  bag: { drugMg: 80, volumeMl: 500 },
  steps: [{ step: 1, at: 'PT0S', dose: 80, over: 'PT4H' }],
  limits: { maxMgPerH: 20, maxMgSession: 80, maxMg24h: 80 },
  course: {
    day: 10,
    sessions: Array.from({ length: 10 }, (_, index) => ({
      day: index + 1,
      // The tests' clock stands on 5 January, the tenth day.
      date: `${index < 6 ? '2025-12' : '2026-01'}-${['22', '23', '24', '26', '29', '30', '01', '02', '03', '05'][index]}`,
      plannedMg: index === 9 ? 80 : 40,
    })),
  },
};

describe('day 10 with the bag of day 1 (reference scenario 2)', () => {
  test('told by the pump: high at the start, and no rate alarm beside it', async () => {
    const ward = telling({ mgPerMl: 0.08, running: false });
    ward.run(10);
    await ward.order(DAY_10);
    ward.run(10);
    // Before anything flows it is in the pump check, and alarms nobody.
    expect(check(ward, 'concentration')).toEqual({
      what: 'concentration',
      state: 'different',
      pump: '0.08 mg/mL',
      order: '0.16 mg/mL',
    });
    expect(check(ward, 'drug')).toMatchObject({ state: 'same', pump: 'Ketamine' });
    expect(check(ward, 'rate')).toMatchObject({ state: 'same', pump: '125 mL/h (20 mg/h)' });
    expect(raised(ward)).toEqual([]);
    ward.pump.command('start');
    ward.run(6);
    expect(ward.open('ORD-15')).toMatchObject({
      priority: 'high',
      text: 'CONCENTRATION 0.08, order 0.16 mg/mL',
      detail: 'pump 0.08, order 0.16 mg/mL (day 10: 80 mg bag). Stop, check bag',
      latching: true,
    });
    ward.run(120);
    expect(raised(ward)).toEqual(['ORD-15']);
    // What is shown is the order's: nothing follows a number that may be wrong.
    expect(ward.bed().infusion).toMatchObject({ state: 'on-order', liveMgPerH: 20 });
    ward.pump.command('set-drug', { drug: 'Ketamine', mgPerMl: 0.16 });
    ward.run(10);
    expect(ward.open('ORD-15')).toMatchObject({ present: false, phase: 'latched' });
    expect(check(ward, 'concentration')?.state).toBe('same');
    expect(ward.bed().session?.concentration.source).toBe('pump');
  });

  test('read off the label at the activation: refused, and both are named', async () => {
    const ward = start();
    const created = await ward.ward.createOrder(prescriber, JSON.stringify(DAY_10));
    if (!created.ok) throw new Error(created.message);
    const id = created.value.view.orderId;
    await ward.ward.signOrder(prescriber, id);
    await ward.ward.verifyOrder(nurseB, id, DAY_10);
    const bag = { drugMg: 40, volumeMl: 500 };
    expect(await ward.ward.activateOrder(nurseA, id, { bedId: 'B01', bag })).toMatchObject({
      ok: false,
      status: 422,
      code: 'bag',
      path: 'bag',
      message:
        'The bag has 40 mg in 500 mL, the order says 80 mg in 500 mL; hang the bag that was ordered.',
    });
    expect(ward.bed().session).toBeNull();
  });

  test('read off the label later, with a pump that tells nothing: at once, kept, and through a restart', async () => {
    const ward = start();
    ward.run(5);
    const id = await ward.order();
    ward.run(30);
    expect(ward.bed().session?.concentration).toEqual({ source: 'label', confirmedBy: [] });
    const label = { drugMg: 80, volumeMl: 500 };
    const hung = await ward.ward.whileRunning(nurseA, id, 'bag', label);
    expect(hung).toMatchObject({
      ok: true,
      value: { note: expect.stringContaining('80 mg in 500 mL') },
    });
    ward.run(1);
    expect(ward.open('ORD-15')).toMatchObject({ priority: 'high', value: 0.16, limit: 0.08 });
    expect(ward.bed().infusion.liveMgPerH).toBe(10);
    expect(raised(ward)).toEqual(['ORD-15']);

    const history = ward.log.all().slice();
    const { pump, timeline } = ward;
    ward.ward.stop();
    const again = start({ history, timeline, line: pump });
    again.run(10);
    expect(again.open('ORD-15')).toMatchObject({ present: true, priority: 'high' });
    await again.ward.whileRunning(nurseA, id, 'bag', { drugMg: 40, volumeMl: 500 });
    again.run(2);
    expect(again.open('ORD-15')).toMatchObject({ present: false, phase: 'latched' });
  });
});

/** R8: 1 mg/kg/h for 4 h from 1 mg/mL, patient of 70.8 kg. */
const R8 = {
  ...GOLDBERG,
  regimen: 'weight-based-4-hour',
  bag: { drugMg: 500, volumeMl: 500 },
  mode: 'mg-per-kg-per-h',
  steps: [{ step: 1, at: 'PT0S', dose: 1 }],
  end: 'PT4H',
  limits: { maxMgPerH: 75 },
  kvo: { allowed: false },
  recovery: 'PT2H',
};

describe('weight 156 typed as kg for a patient of 70.8 kg (reference scenario 8)', () => {
  test('typed into the pump: the weight with its hint, and the rate; neither hides the other', async () => {
    const ward = telling({ mgPerMl: 1, weightKg: 156, rateMlPerH: 156, running: false });
    ward.run(10);
    await ward.order(R8);
    ward.run(5);
    expect(check(ward, 'weight')).toMatchObject({ state: 'different', pump: '156 kg' });
    expect(check(ward, 'rate')).toMatchObject({
      state: 'different',
      order: '70.8 mL/h (70.8 mg/h)',
    });
    ward.pump.command('start');
    ward.run(12);
    expect(ward.open('ORD-17')).toMatchObject({
      priority: 'high',
      text: 'Weight: pump 156 kg, order 70.8 kg',
      detail: 'Lb typed as kg in the pump? pump 156 kg, order 70.8 kg',
      deviceId: 'B01-pump',
    });
    expect(ward.open('ORD-02')).toMatchObject({
      priority: 'high',
      phase: 'active',
      detail: 'live 156 mg/h, order 70.8 mg/h. Check weight: kg or lb?',
    });
    expect(ward.bed().infusion.hint).toBe('Check weight: kg or lb?');
  });

  test('with the right weight and rate nothing is said', async () => {
    const ward = telling({
      mgPerMl: 1,
      weightKg: 70.8,
      rateMlPerH: 70.8,
      vtbiMl: 283.2,
      running: false,
    });
    ward.run(10);
    await ward.order(R8);
    ward.pump.command('start');
    ward.run(300);
    expect(raised(ward)).toEqual([]);
    const states = ward.bed().session?.pumpCheck.map(({ what, state }) => `${what} ${state}`);
    expect(states).toEqual([
      'drug same',
      'concentration same',
      'rate same',
      'volume same',
      'weight same',
    ]);
  });
});

describe('the drug', () => {
  test('the S form on the pump for a racemic order is another drug, and is named', async () => {
    const ward = telling({ drug: 'Esketamine' });
    ward.run(10);
    await ward.order();
    ward.run(5);
    expect(ward.open('ORD-13')).toMatchObject({
      priority: 'high',
      text: 'WRONG DRUG: pump says Esketamine',
      detail: 'pump Esketamine, order ketamine racemic. Stop and check',
      latching: true,
    });
    // Both forms count as the drug: the rate is still judged.
    expect(ward.bed().infusion.liveMgPerH).toBe(10);
    ward.pump.command('set-drug', { drug: 'Ketamine', mgPerMl: 0.08 });
    ward.run(6);
    expect(ward.open('ORD-13')).toMatchObject({ present: false, phase: 'latched' });
  });

  test('library passed over: medium after 30 s', async () => {
    const ward = telling({ drug: null });
    ward.run(10);
    await ward.order();
    ward.run(25);
    expect(ward.open('ORD-14')).toBeUndefined();
    ward.run(20);
    expect(ward.open('ORD-14')).toMatchObject({ priority: 'medium', deviceId: 'B01-pump' });
  });

  test.each(['alaris-asena', 'graseby-3400', 'terumo-ss', 'ne1000', 'fresenius-vial'])(
    'a %s in the right session: nothing is said of drug, bag or weight, and nothing is said to be the same that it cannot tell',
    async (pumpKind) => {
      const ward = start({ pumpKind });
      ward.run(30);
      await ward.order();
      ward.run(60);
      expect(raised(ward).filter((id) => /^ORD-1[3-79]$/.test(id))).toEqual([]);
      const drug = pumpKind === 'fresenius-vial' ? 'same' : 'cannot-tell';
      expect(check(ward, 'drug')?.state).toBe(drug);
      expect(check(ward, 'concentration')?.state).not.toBe('same');
      expect(ward.bed().session?.concentration.source).toBe('label');
    },
  );
});

describe('a bag is changed in a declared pause', () => {
  const changed = async (ward: VirtualWard): Promise<string> => {
    ward.run(10);
    const id = await ward.order();
    ward.run(30);
    const pause = { reason: 'bag empty', minutes: 5, bagChange: true };
    expect(await ward.ward.atBedside(nurseA, 'B01', 'pause', pause)).toMatchObject({ ok: true });
    ward.pump.command('hold');
    ward.run(60);
    expect(ward.bed().session?.concentration).toEqual({ source: 'none', confirmedBy: [] });
    return id;
  };

  test('nobody reads the label: after 60 s of flow two people must confirm, each for themselves', async () => {
    const ward = start();
    const id = await changed(ward);
    ward.pump.command('start');
    ward.run(55);
    expect(ward.open('ORD-16')).toBeUndefined();
    ward.run(20);
    expect(ward.open('ORD-16')).toMatchObject({
      priority: 'medium',
      text: 'Confirm concentration (2 people)',
    });
    const confirm = (by: typeof nurseA) =>
      ward.ward.whileRunning(by, id, 'confirm-concentration', {});
    expect(await confirm(nurseA)).toMatchObject({ ok: true });
    expect(await confirm(nurseA)).toMatchObject({ ok: false, code: 'same-person' });
    ward.run(2);
    expect(ward.open('ORD-16')).toMatchObject({ present: true });
    expect(await confirm(nurseB)).toMatchObject({ ok: true });
    ward.run(2);
    expect(ward.open('ORD-16')).toBeUndefined();
    expect(ward.bed().session?.concentration).toEqual({
      source: 'two-people',
      confirmedBy: ['nurse-a', 'nurse-b'],
    });
  });

  test('the label is read in the pause: nothing is asked', async () => {
    const ward = start();
    const id = await changed(ward);
    await ward.ward.whileRunning(nurseA, id, 'bag', { drugMg: 20, volumeMl: 250 });
    ward.pump.command('start');
    ward.run(90);
    expect(raised(ward)).toEqual([]);
    expect(ward.bed().session?.concentration.source).toBe('label');
  });
});
