import { readFileSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WardDevice } from '../../simulators/host/ward.ts';
import type { AlarmView } from '../../src/hub/wire/index.ts';
import { type Person, pump, type Rig, rig } from './gateway-kit.ts';

/**
 * Reference scenarios of docs/alarms.md in real time: simulators in a process of their own, pseudo-terminals, the
 * gateway as it is installed, a client on its socket. In virtual time, with the shipped times, they are in
 * test/scenarios. Here a step that is not made and an end that is overrun are waited for in seconds.
 */
const LIMITS = readFileSync('config/alarm-limits.yaml', 'utf8')
  .replace(/moreS: \d+/, 'moreS: 10')
  .replaceAll(/afterEndS: \d+/g, 'afterEndS: 5');

/** Tells drug, concentration and weight; its nurse typed these. */
const rack = (id: string, own: Readonly<Record<string, unknown>>): WardDevice => ({
  id,
  simulator: 'bbraun-bcc',
  options: {
    pumps: [
      { slot: '11', kind: 'infusomat', drug: 'Ketamine', running: false, containerMl: 900, ...own },
    ],
  },
});
const plain = (id: string, rateMlPerH: number): WardDevice =>
  pump(id, { serial: `SIM-${id.slice(0, 3)}`, rateMlPerH, running: false });

const DEVICES = [
  rack('B02-pump', { mgPerMl: 0.08, rateMlPerH: 125 }),
  plain('B03-pump', 500),
  plain('B41-pump', 30),
  plain('B42-pump', 30),
  plain('B43-pump', 30),
  plain('B05-pump', 40),
  plain('B06-pump', 40),
  rack('B08-pump', { mgPerMl: 1, rateMlPerH: 156, weightKg: 156 }),
];

const order = (bed: string, own: Readonly<Record<string, unknown>>) => ({
  patient: { id: `P-${bed}`, weightKg: 70.8, weightMeasuredAt: '2026-11-20T08:00:00Z' },
  regimen: 'none',
  drug: { name: 'ketamine', form: 'racemic' },
  bag: { drugMg: 250, volumeMl: 250 },
  mode: 'mg-per-h',
  end: 'PT4H',
  limits: { maxMgPerH: 40 },
  bolus: 'none',
  kvo: { allowed: true, maxMlPerH: 3 },
  ...own,
});
/** `[at, mg/h]`, to be made within 2 s before and 5 s after. */
const steps = (...list: readonly (readonly [string, number])[]) => ({
  steps: list.map(([at, dose], index) =>
    index === 0
      ? { step: 1, at, dose }
      : { step: index + 1, at, dose, earliest: '-PT2S', latest: 'PT5S' },
  ),
});
const over4h = (doseMg: number) => ({
  mode: 'mg-total-over',
  bag: { drugMg: doseMg, volumeMl: 500 },
  steps: [{ step: 1, at: 'PT0S', dose: doseMg, over: 'PT4H' }],
  limits: { maxMgPerH: 20 },
});

let at: Rig;
const tokens = new Map<Person, string>();
beforeAll(async () => {
  at = await rig({ devices: DEVICES, limits: LIMITS });
  for (const person of ['prescriber-a', 'nurse-a', 'nurse-b'] as const)
    tokens.set(person, await at.gateway.login(person));
});
afterAll(() => at.closers.close());

/** Written, signed, checked by another person, started on the bed; then its pump is started. */
async function started(
  bed: string,
  document: Readonly<Record<string, unknown>>,
): Promise<{ readonly atMs: number }> {
  const { gateway, client, simulators } = at;
  const by = (person: Person): string => tokens.get(person) ?? '';
  const { orderId } = await gateway.must('/api/orders', document, by('prescriber-a'));
  const path = `/api/orders/${String(orderId)}`;
  const { bag } = document;
  await gateway.must(`${path}/sign`, {}, by('prescriber-a'));
  await gateway.must(`${path}/verify`, document, by('nurse-b'));
  await gateway.must(`${path}/activate`, { bedId: bed, bag }, by('nurse-a'));
  await simulators.command(`${bed}-pump`, 'start', bed === 'B02' || bed === 'B08' ? SLOT : {});
  await client.waitFor(`${bed} started`, () => client.orders.get(bed)?.startedAt != null);
  return { atMs: performance.now() };
}
const SLOT = { slot: '11' };

const framesOn = (bed: string): readonly { readonly atMs: number; readonly alarm: AlarmView }[] =>
  at.client.heard.flatMap(({ atMs, frame }) =>
    frame.type === 'alarm' && frame.alarm.bedId === bed ? [{ atMs, alarm: frame.alarm }] : [],
  );
/** `ORD-02 high` of everything that was ever told of a bed, but not what its pump tells of itself. */
const toldOf = (bed: string): readonly string[] => [
  ...new Set(framesOn(bed).map(({ alarm }) => `${alarm.ruleId} ${alarm.priority}`)),
];
async function told(bed: string, ruleId: string, priority: string, withinMs: number) {
  const find = () =>
    framesOn(bed).find(({ alarm }) => alarm.ruleId === ruleId && alarm.priority === priority);
  await at.client.waitFor(`${ruleId} ${priority} on ${bed}`, () => find() !== undefined, withinMs);
  const found = find();
  if (found === undefined) throw new Error(`${ruleId} on ${bed} went away`);
  return found;
}

describe.concurrent('reference scenarios over pseudo-terminals', () => {
  // The longest first: five run at a time.
  test('6: KVO of 3 mL/h at 1 mg/mL after the end: ORD-21 "3 mg/h" medium', async () => {
    const { atMs } = await started(
      'B06',
      order('B06', { ...steps(['PT0S', 40]), end: 'PT1M', nibpInterval: 'PT15M' }),
    );
    await pass(atMs + 60_000 - performance.now());
    await at.simulators.command('B06-pump', 'set-rate', { mlPerH: 3 });
    const { alarm } = await told('B06', 'ORD-21', 'medium', 20_000);
    expect(alarm).toMatchObject({ value: 3, unit: 'mg/h' });
    expect(alarm.detail).toMatch(/\b3 mg\/h/);
    expect(toldOf('B06')).toEqual(['ORD-21 medium']);
  }, 120_000);

  test('2: R1 day 10 with the bag of day 1: ORD-15, no alarm of the rate', async () => {
    await started('B02', order('B02', over4h(80)));
    const { alarm } = await told('B02', 'ORD-15', 'high', 10_000);
    expect(`${alarm.text} ${alarm.detail}`).toMatch(/0\.08.*0\.16/);
    await pass(15_000);
    expect(toldOf('B02')).toEqual(['ORD-15 high']);
  });

  test('3: 40 mg over 4 h keyed as 40 mg/h: ORD-02 within 5 s, with the hint', async () => {
    const { atMs } = await started('B03', order('B03', over4h(40)));
    const found = await told('B03', 'ORD-02', 'high', 10_000);
    expect(found.atMs - atMs).toBeLessThan(5_000);
    expect(found.alarm).toMatchObject({ value: 40, limit: 10, unit: 'mg/h' });
    expect(found.alarm.detail).toMatch(/\b4\b/);
  });

  test('4: 30 to 35 mg/h on time, as a stop and a start: nothing', async () => {
    const plan = steps(['PT0S', 30], ['PT20S', 35], ['PT2H', 40]);
    const { atMs } = await started('B41', order('B41', plan));
    await pass(atMs + 20_000 - performance.now());
    await at.simulators.command('B41-pump', 'hold', {});
    await pass(2_000);
    await at.simulators.command('B41-pump', 'set-rate', { mlPerH: 35 });
    await at.simulators.command('B41-pump', 'start', {});
    await pass(20_000);
    expect(toldOf('B41')).toEqual([]);
    expect(at.client.infusions.get('B41')).toMatchObject({ step: 2, liveMgPerH: 35 });
  });

  test('4: 35 mg/h twenty minutes early: ORD-05', async () => {
    const plan = steps(['PT0S', 30], ['PT20M', 35], ['PT2H', 40]);
    await started('B42', order('B42', plan));
    await at.simulators.command('B42-pump', 'set-rate', { mlPerH: 35 });
    const { alarm } = await told('B42', 'ORD-05', 'medium', 20_000);
    expect(alarm.text).toMatch(/Step 2 running (19|20) min early/);
  });

  test('4: 40 mg/h directly from 30: ORD-06', async () => {
    const plan = steps(['PT0S', 30], ['PT20M', 35], ['PT2H', 40]);
    await started('B43', order('B43', plan));
    await at.simulators.command('B43-pump', 'set-rate', { mlPerH: 40 });
    await told('B43', 'ORD-06', 'high', 20_000);
    expect(toldOf('B43')).toContain('ORD-02 high');
  });

  test('5: a step down from 40 to 20 that is not made: ORD-04 medium, then high', async () => {
    const { atMs } = await started('B05', order('B05', steps(['PT0S', 40], ['PT10S', 20])));
    const medium = await told('B05', 'ORD-04', 'medium', 25_000);
    expect(medium.atMs - atMs).toBeGreaterThan(14_000);
    const high = await told('B05', 'ORD-04', 'high', 20_000);
    expect(high.atMs - medium.atMs).toBeGreaterThan(8_000);
  });

  test('8: a pump told 156 kg for a patient of 70.8 kg: ORD-17 with the hint of pounds, ORD-02', async () => {
    const document = order('B08', {
      mode: 'mg-per-kg-per-h',
      bag: { drugMg: 500, volumeMl: 500 },
      steps: [{ step: 1, at: 'PT0S', dose: 1 }],
      limits: { maxMgPerH: 70.8 },
    });
    await started('B08', document);
    const { alarm } = await told('B08', 'ORD-17', 'high', 10_000);
    expect(`${alarm.text} ${alarm.detail}`).toMatch(/\blb typed as kg/i);
    const rate = await told('B08', 'ORD-02', 'high', 10_000);
    expect(rate.alarm).toMatchObject({ value: 156, limit: 70.8 });
  });
});
