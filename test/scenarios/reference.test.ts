import { afterEach, describe, expect, test } from 'vitest';
import type { AlarmView } from '../../src/hub/wire/index.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { GOLDBERG, nurseA, shippedLibrary, VirtualWard } from '../pipeline/virtual-ward.ts';
import { DECISIONS, goldbergDay, ordered, R1_DATES } from './regimen-orders.ts';
import { CarefulNurse, raised } from './session-run.ts';

/** The reference scenarios of docs/alarms.md, each with whole gateway and simulated devices, in virtual time. */

type Options = ConstructorParameters<typeof VirtualWard>[0];

const wards: VirtualWard[] = [];
afterEach(() => {
  for (const ward of wards.splice(0)) {
    ward.stop();
    expect(ward.faults).toEqual([]);
  }
});
function bed(options: Options = {}): VirtualWard {
  const timeline = new VirtualTimeline(Date.parse(`${R1_DATES[0]}T08:00:00Z`));
  const ward = new VirtualWard({
    timeline,
    ...options,
    pump: { running: false, ...options?.pump },
  });
  wards.push(ward);
  return ward;
}

const standing = (ward: VirtualWard): readonly string[] =>
  ward.ward
    .alarms()
    .filter(({ phase }) => phase !== 'ended' && phase !== 'inhibited')
    .map(({ ruleId, priority }) => `${ruleId} ${priority}`)
    .sort();

/** Seconds until the rule is raised; throws when it is not within `most`. */
function secondsTo(ward: VirtualWard, ruleId: string, most: number): number {
  for (let second = 0; second <= most; second += 0.5) {
    if (ward.open(ruleId)?.present === true) return second;
    ward.run(0.5);
  }
  throw new Error(`${ruleId} was not raised within ${most} s: ${standing(ward).join(', ')}`);
}

const alarm = (ward: VirtualWard, ruleId: string): AlarmView => {
  const found = ward.open(ruleId);
  if (found === undefined) throw new Error(`no ${ruleId}; there is ${standing(ward).join(', ')}`);
  return found;
};

/** The titration of R2 with steps 25 min apart. */
const RISING = {
  ...ordered({
    ...DECISIONS.R2,
    bag: { drugMg: 500, volumeMl: 500 },
    answers: {
      ...DECISIONS.R2.answers,
      ...Object.fromEntries([1, 2, 3, 4].map((n) => [`steps[${n}].at`, `PT${n * 25}M`])),
      'limits.maxMgSession': undefined,
    },
  }),
};

/** Runs at 30 mg/h, 22 min before the step to 35; steps so far made on time. */
async function atThirty(): Promise<VirtualWard> {
  const ward = bed({ pump: { syringeMl: 10_000 } });
  const nurse = new CarefulNurse(ward, { document: RISING, pumpKind: 'alaris-asena' });
  await nurse.prepare();
  await nurse.start();
  await nurse.until(53 * 60);
  expect(ward.bed().infusion).toMatchObject({
    orderedMgPerH: 30,
    liveMgPerH: 30,
    state: 'on-order',
  });
  expect(raised(ward)).toEqual([]);
  return ward;
}

test('1: R1 day 1, 125 mL/h of 0.08 mg/mL: 4 h quiet, complete at 500 mL and 40.0 mg', async () => {
  const ward = bed({ pump: { vtbiMl: 500 } });
  const nurse = new CarefulNurse(ward, { document: goldbergDay(1), pumpKind: 'alaris-asena' });
  await nurse.prepare();
  await nurse.start();
  await nurse.untilEnd();
  ward.run(30);
  expect(raised(ward)).toEqual([]);
  const { infusion } = ward.bed();
  expect(infusion.volumeInfusedMl).toBeCloseTo(500, 1);
  expect(infusion.givenMg).toBeCloseTo(40, 1);
  expect(infusion.givenComplete).toBe(true);
  // The pump says that its volume is in until somebody answers it.
  ward.pump.command('alarm', { code: null });
  await nurse.finish();
  expect(raised(ward)).toEqual([]);
});

test('2: R1 day 10 with the bag of day 1: ORD-15 at the start and no alarm of the rate', async () => {
  const timeline = new VirtualTimeline(Date.parse(`${R1_DATES[9]}T08:00:00Z`));
  const ward = bed({ timeline, pumpKind: 'bbraun-bcc', pump: { mgPerMl: 0.08 } });
  const nurse = new CarefulNurse(ward, { document: goldbergDay(10), pumpKind: 'bbraun-bcc' });
  await nurse.prepare();
  await nurse.start();
  expect(secondsTo(ward, 'ORD-15', 5)).toBeLessThanOrEqual(5);
  expect(alarm(ward, 'ORD-15')).toMatchObject({ priority: 'high', latching: true });
  expect(`${alarm(ward, 'ORD-15').text} ${alarm(ward, 'ORD-15').detail}`).toMatch(
    /0\.08.*0\.16.*day 10.*80 mg/i,
  );
  await nurse.until(30 * 60);
  expect(raised(ward)).toEqual(['ORD-15 high']);
});

describe('3: 40 mg keyed as 40 mg/h, which is 500 mL/h', () => {
  async function keyed(options: Options = {}): Promise<VirtualWard> {
    const ward = bed(options);
    const nurse = new CarefulNurse(ward, { document: goldbergDay(1), pumpKind: 'alaris-asena' });
    await nurse.prepare();
    ward.pump.command('set-rate', { mlPerH: 500 });
    ward.pump.command('start', {});
    // From the first reading: the pump is asked once a second.
    for (let s = 0; ward.bed().infusion.liveMlPerH !== 500 && s < 5; s += 0.5) ward.run(0.5);
    return ward;
  }

  test('ORD-02 within 5 s, with the hint that it is four times as much', async () => {
    const ward = await keyed();
    expect(secondsTo(ward, 'ORD-02', 5)).toBeLessThanOrEqual(5);
    const told = alarm(ward, 'ORD-02');
    expect(told).toMatchObject({ priority: 'high', phase: 'active', value: 40, limit: 10 });
    expect(told.detail).toMatch(/\b4\b/);
    ward.run(60);
    // The hard limit of the example library is 50 mg/h.
    expect(ward.open('ORD-07')).toBeUndefined();
  });

  test('and ORD-07 where the hard limit of the library is lower than that', async () => {
    const outpatient = { softMgPerH: 20, hardMgPerH: 35 };
    const classes = { ...shippedLibrary.classes, 'outpatient-fixed': outpatient };
    const ward = await keyed({ drugLibrary: { ...shippedLibrary, classes } });
    secondsTo(ward, 'ORD-07', 5);
    expect(alarm(ward, 'ORD-07')).toMatchObject({ priority: 'high', phase: 'active', limit: 35 });
    ward.run(10);
    expect(standing(ward)).toEqual(expect.arrayContaining(['ORD-02 high', 'ORD-07 high']));
  });
});

describe('4: a titration from 30 mg/h', () => {
  test('to 35 on time, told as a stop and a start: nothing', async () => {
    const ward = await atThirty();
    ward.run(22 * 60);
    ward.pump.command('hold', {});
    ward.run(4);
    ward.pump.command('set-rate', { mlPerH: 35 });
    ward.pump.command('start', {});
    ward.run(10 * 60);
    expect(ward.bed().infusion).toMatchObject({ liveMgPerH: 35, orderedMgPerH: 35 });
    expect(raised(ward).filter((id) => !id.startsWith('VIT-16'))).toEqual([]);
  });

  test('to 35 twenty minutes early: ORD-05', async () => {
    const ward = await atThirty();
    ward.run(90);
    ward.pump.command('set-rate', { mlPerH: 35 });
    expect(secondsTo(ward, 'ORD-05', 15)).toBeGreaterThanOrEqual(9.5);
    expect(alarm(ward, 'ORD-05')).toMatchObject({ priority: 'medium', phase: 'active' });
    expect(alarm(ward, 'ORD-05').text).toMatch(/20 min/);
  });

  test('directly to 40: ORD-06', async () => {
    const ward = await atThirty();
    ward.run(90);
    ward.pump.command('set-rate', { mlPerH: 40 });
    secondsTo(ward, 'ORD-06', 15);
    expect(alarm(ward, 'ORD-06')).toMatchObject({ priority: 'high', latching: true });
    // A third more than ordered: one row, and the step that was skipped in it.
    expect(alarm(ward, 'ORD-02')).toMatchObject({ priority: 'high', phase: 'active' });
    expect(alarm(ward, 'ORD-06')).toMatchObject({ phase: 'inhibited' });
  });
});

test('5: a step down from 40 to 20 that is not made: ORD-04 medium at 1 min, high at 5 min', async () => {
  const ward = bed({ pump: { syringeMl: 10_000 } });
  const document = {
    ...GOLDBERG,
    regimen: 'none',
    mode: 'mg-per-h',
    bag: { drugMg: 500, volumeMl: 500 },
    steps: [
      { step: 1, at: 'PT0S', dose: 40 },
      { step: 2, at: 'PT1H', dose: 20 },
    ],
    end: 'PT8H',
    limits: { maxMgPerH: 40, maxMgSession: 200 },
  };
  const nurse = new CarefulNurse(ward, { document, pumpKind: 'alaris-asena' });
  await nurse.prepare();
  await nurse.start();
  await nurse.until(3_600 - 10);
  expect(raised(ward)).toEqual([]);
  ward.run(10);
  const mediumAfter = secondsTo(ward, 'ORD-04', 70);
  expect(mediumAfter).toBeGreaterThan(55);
  expect(mediumAfter).toBeLessThan(66);
  expect(alarm(ward, 'ORD-04').priority).toBe('medium');
  ward.run(5 * 60 - mediumAfter - 10);
  expect(alarm(ward, 'ORD-04').priority).toBe('medium');
  ward.run(20);
  expect(alarm(ward, 'ORD-04').priority).toBe('high');
  // One row at the higher priority: twice the ordered rate.
  expect(standing(ward).filter((one) => /ORD-0[1246]/.test(one))).toHaveLength(1);
});

describe('6: the volume ends in KVO, at 1 mg/mL', () => {
  /** R8 cut to ten minutes, so that there is no other hour to wait for. */
  const document = {
    ...ordered(DECISIONS.R8),
    regimen: 'none',
    end: 'PT10M',
    limits: { maxMgPerH: 70.8 },
    kvo: { allowed: true, maxMlPerH: 3 },
  };

  /** At its planned end; nothing has been told so far. */
  async function atItsEnd(pumpKind: string, pump: object = {}): Promise<VirtualWard> {
    const ward = bed({ pumpKind, pump: { vtbiEnd: 'kvo', ...pump } });
    const nurse = new CarefulNurse(ward, { document, pumpKind });
    await nurse.prepare();
    await nurse.start();
    await nurse.untilEnd();
    expect(raised(ward).filter((one) => !one.startsWith('PMP-06'))).toEqual([]);
    return ward;
  }

  test('of 3 mL/h: ORD-21 "3 mg/h" medium', async () => {
    const ward = await atItsEnd('alaris-asena');
    ward.pump.command('set-rate', { mlPerH: 3 });
    ward.run(110);
    expect(raised(ward)).toEqual([]);
    ward.run(20);
    expect(standing(ward)).toEqual(['ORD-21 medium']);
    expect(alarm(ward, 'ORD-21')).toMatchObject({ value: 3, unit: 'mg/h' });
    expect(alarm(ward, 'ORD-21').detail).toMatch(/\b3 mg\/h/);
  });

  test('of a rate that the pump does not tell: ORD-21 all the same, without a number', async () => {
    const ward = await atItsEnd('bbraun-bcc', { mgPerMl: 1, weightKg: 70.8, vtbiMl: 11.8 });
    ward.run(130);
    expect(standing(ward)).toEqual(['ORD-21 medium']);
    expect(alarm(ward, 'ORD-21').value).toBeUndefined();
    expect(alarm(ward, 'ORD-21').detail).toMatch(/does not tell/);
  });

  test('that only an alarm of the pump tells: that alarm, although the dose is in', async () => {
    const ward = await atItsEnd('alaris-asena', { vtbiMl: 11.8 });
    ward.run(130);
    expect(standing(ward)).toEqual(['PMP-06 medium']);
    expect(alarm(ward, 'PMP-06').text).toMatch(/KVO/);
  });
});

describe('7: the bag is changed in a declared pause', () => {
  async function pausedFor(minutes: number): Promise<VirtualWard> {
    const ward = bed();
    const nurse = new CarefulNurse(ward, {
      document: { ...goldbergDay(1), pauseAllowance: 'PT20M' },
      pumpKind: 'alaris-asena',
    });
    await nurse.prepare();
    await nurse.start();
    await nurse.until(35 * 60);
    const pause = { reason: 'next bag', minutes: 10, bagChange: true };
    const paused = await ward.ward.atBedside(nurseA, 'B01', 'pause', pause);
    if (!paused.ok) throw new Error(paused.message);
    ward.pump.command('hold', {});
    ward.run(60);
    await ward.ward.whileRunning(nurseA, nurse.orderId, 'bag', { drugMg: 40, volumeMl: 500 });
    ward.run(minutes * 60 - 60);
    return ward;
  }

  test('of 4 min: no ORD-22', async () => {
    const ward = await pausedFor(4);
    ward.pump.command('start', {});
    ward.run(10 * 60);
    expect(raised(ward)).toEqual([]);
    expect(ward.bed().session?.phase).toBe('infusing');
  });

  test('of 11 min: ORD-23', async () => {
    const ward = await pausedFor(9.9);
    expect(raised(ward)).toEqual([]);
    ward.run(1.1 * 60);
    expect(alarm(ward, 'ORD-23')).toMatchObject({ priority: 'medium', present: true });
    expect(raised(ward).some((id) => id.startsWith('ORD-22'))).toBe(false);
  });
});

test('8: R8 for 70.8 kg on a pump told 156 kg: ORD-17 with the hint of pounds, and ORD-02', async () => {
  const document = ordered({ ...DECISIONS.R8, bag: { drugMg: 500, volumeMl: 500 } });
  const ward = bed({
    pumpKind: 'bbraun-bcc',
    pump: { mgPerMl: 1, weightKg: 156, rateMlPerH: 156 },
  });
  const nurse = new CarefulNurse(ward, { document, pumpKind: 'bbraun-bcc' });
  await nurse.prepare();
  ward.pump.command('start', { slot: '11' });
  ward.run(15);
  expect(alarm(ward, 'ORD-17')).toMatchObject({ priority: 'high', latching: true });
  expect(`${alarm(ward, 'ORD-17').text} ${alarm(ward, 'ORD-17').detail}`).toMatch(/lb|pound/i);
  expect(alarm(ward, 'ORD-02')).toMatchObject({ priority: 'high', value: 156 });
});

test('15: the volume counter is cleared in mid session: the dose goes on, PMP-11', async () => {
  const ward = bed();
  const nurse = new CarefulNurse(ward, { document: goldbergDay(1), pumpKind: 'alaris-asena' });
  await nurse.prepare();
  await nurse.start();
  await nurse.until(30 * 60);
  const before = ward.bed().infusion.givenMg ?? Number.NaN;
  expect(before).toBeCloseTo(5, 1);
  ward.pump.command('clear-volume', {});
  ward.run(60);
  expect(ward.bed().infusion.givenMg).toBeCloseTo(before + 10 / 60, 1);
  expect(ward.bed().infusion.volumeInfusedMl).toBeLessThan(3);
  expect(raised(ward)).toEqual(['PMP-11 low']);
  await nurse.until(3_600);
  expect(ward.bed().infusion.givenMg).toBeCloseTo(10, 1);
  expect(raised(ward)).toEqual(['PMP-11 low']);
});
