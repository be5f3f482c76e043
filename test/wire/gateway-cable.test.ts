import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MetricCode } from '../../src/hub/wire/index.ts';
import type { Client } from './gateway-client.ts';
import { monitor, ORDER, pump, type Rig, rig } from './gateway-kit.ts';

const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';
const SPO2 = 'MDC_PULS_OXIM_SAT_O2';
let ward: Rig;

/** One gateway, a bed for each story: they run at the same time and must not touch each other. */
beforeAll(async () => {
  ward = await rig({
    devices: [
      pump('B01-pump'),
      monitor('B01-mon'),
      pump('B02-pump', { serial: 'SIM1-00002' }),
      monitor('B02-mon'),
      pump('B03-pump', { serial: 'SIM1-00003' }),
      monitor('B03-mon'),
      pump('B04-pump', { serial: 'SIM1-00004' }),
      pump('X99-pump', { serial: 'SIM1-00099', rateMlPerH: 99 }),
    ],
    port: ', search: [DIR/usb-ID*]',
  });
  const { client, gateway } = ward;
  for (const bed of ['B01', 'B02', 'B03']) {
    await client.waitFor(`${bed} live`, () => isShown(client, `${bed}-pump`, FLOW));
    await client.waitFor(`${bed} live`, () => isShown(client, `${bed}-mon`, SPO2));
    await gateway.placeOrder({ ...ORDER, patient: { id: `P-${bed}`, weightKg: 64 } }, bed);
    await client.waitFor('on order', () => client.infusions.get(bed)?.state === 'on-order');
  }
});
afterAll(() => ward?.closers.close());

/** Valid, with a number, of a reading that is newer than `sinceMs` of the gateway's clock. */
const isShown = (client: Client, device: string, code: MetricCode, sinceMs = 0): boolean => {
  const one = client.numeric(device, code);
  return (
    one?.validity === 'valid' && one.value !== null && (one.observedAtMonotonicMs ?? 0) > sinceMs
  );
};
const idsOf = (client: Client, ruleId: string, device: string): string[] => [
  ...new Set(
    client
      .alarmFrames(ruleId)
      .filter(({ alarm }) => alarm.deviceId === device)
      .map(({ alarm }) => alarm.alarmId),
  ),
];

/** Pulls the cable and puts it back; what the screen showed meanwhile, in ms. */
async function replug(device: string, code: MetricCode, name: string | undefined, outMs: number) {
  const { client, simulators } = ward;
  const earlier = idsOf(client, 'MON-01', device);
  const pulledAt = performance.now();
  await simulators.unplug(device);
  const goneAt = await client.waitFor(
    'gone',
    () => client.numeric(device, code)?.value === null,
    2_000,
  );
  expect(client.numeric(device, code)?.validity).toBe('lost');
  const alarmAt = await client.waitFor(
    'MON-01',
    () => client.alarm('MON-01', device) !== undefined,
    3_000,
  );
  expect(client.alarm('MON-01', device)).toMatchObject({ phase: 'active', priority: 'medium' });
  await pass(Math.max(0, pulledAt + outMs - performance.now()));
  expect(client.numeric(device, code)).toMatchObject({ value: null, validity: 'lost' });

  const sinceMs = client.gatewayMs();
  const pluggedAt = performance.now();
  await simulators.plug(device, name);
  const backAt = await client.waitFor('back', () => isShown(client, device, code, sinceMs), 5_000);
  await client.waitFor('MON-01 over', () => client.alarm('MON-01', device) === undefined, 2_000);
  expect(idsOf(client, 'MON-01', device)).toHaveLength(earlier.length + 1);
  expect(idsOf(client, 'MON-02', device)).toEqual([]);
  return { gone: goneAt - pulledAt, alarm: alarmAt - pulledAt, back: backAt - pluggedAt };
}

type Times = Awaited<ReturnType<typeof replug>>;

function expectInTime({ gone, alarm, back }: Times): void {
  // A line that nobody writes to is looked at once a second.
  expect(gone).toBeLessThan(1_500);
  expect(alarm).toBeLessThan(3_000);
  expect(back).toBeLessThan(2_000);
}

test.concurrent('pump: pulled, back under the same name, pulled, back under another', async () => {
  const { client } = ward;
  const live = () => client.infusions.get('B01');
  const first = replug('B01-pump', FLOW, undefined, 3_000);
  await client.waitFor('live rate gone', () => live()?.liveMgPerH === null, 1_000);
  expect(live()).toMatchObject({ liveMlPerH: null, liveValidity: 'lost', state: 'unknown' });
  expectInTime(await first);
  await client.waitFor('on order again', () => live()?.state === 'on-order');
  expectInTime(await replug('B01-pump', FLOW, 'usb-B01-pump-2', 3_000));
  await client.waitFor('on order again', () => live()?.state === 'on-order');
});

test.concurrent('pump: out for longer than a silence may last, and still one alarm only', async () => {
  expectInTime(await replug('B02-pump', FLOW, 'usb-B02-pump-2', 12_000));
});

test.concurrent('monitor: pulled, back under the same name, pulled, back under another', async () => {
  expectInTime(await replug('B02-mon', SPO2, undefined, 3_000));
  expectInTime(await replug('B02-mon', SPO2, 'usb-B02-mon-2', 3_000));
});

test.concurrent.for([
  { device: 'B03-pump', code: FLOW, staleMs: 5_000 },
  { device: 'B03-mon', code: SPO2, staleMs: 6_000 },
] as const)(
  '$device falls silent: stale, lost, MON-02, and back',
  async ({ device, code, staleMs }) => {
    const { client, simulators } = ward;
    await simulators.fault(device, { kind: 'silence', forMs: 13_000 });
    const stale = () => client.numeric(device, code)?.validity === 'stale';
    await client.waitFor('stale', stale, staleMs + 2_000);
    const lastMs = client.numeric(device, code)?.observedAtMonotonicMs ?? Number.NaN;
    expect(client.numeric(device, code)?.value).not.toBeNull();
    await client.waitFor('lost', () => client.numeric(device, code)?.validity === 'lost', 6_000);
    expect(client.numeric(device, code)?.value).toBeNull();
    expect(client.gatewayMs() - lastMs).toBeLessThan(10_600);
    await client.waitFor('MON-02', () => client.alarm('MON-02', device) !== undefined, 2_000);
    // The alarm goes out at once, the page of the device with the next delta.
    const advice = () => client.devices.get(device)?.advice ?? '';
    await client.waitFor('advice', () => /silent|check/i.test(advice()), 1_000);
    await client.waitFor('back', () => isShown(client, device, code), 8_000);
    await client.waitFor('MON-02 over', () => client.alarm('MON-02', device) === undefined, 2_000);
    expect(idsOf(client, 'MON-01', device)).toEqual([]);
    expect(idsOf(client, 'MON-02', device)).toHaveLength(1);
  },
);

test.concurrent('a search that finds the pump of another bed shows nothing of it', async () => {
  const { client, simulators } = ward;
  const live = () => client.infusions.get('B04');
  await client.waitFor('live', () => live()?.liveMlPerH === 10);
  await simulators.unplug('B04-pump');
  await simulators.unplug('X99-pump');
  await simulators.plug('X99-pump', 'usb-B04-pump-1');
  // Seen by the other pump: the gateway has asked it.
  const asked = async () => ((await simulators.describe('X99-pump'))['asked'] as object) ?? {};
  while (!('INF' in (await asked()))) await pass(50);
  await pass(1_500);
  expect(live()).toMatchObject({ liveMlPerH: null, liveMgPerH: null, state: 'unknown' });
  expect(live()?.liveValidity).not.toBe('valid');
  await simulators.plug('B04-pump', 'usb-B04-pump-2');
  await client.waitFor('its own pump', () => live()?.liveMlPerH === 10, 5_000);
  const shown = client.told('B04-pump', FLOW).map(({ numeric }) => numeric.value);
  expect([...new Set(shown)].filter((value) => value !== null)).toEqual([10]);
  expect(client.devices.get('B04-pump')?.serial).toBe('SIM1-00004');
});

test('a value from before the loss is never shown as valid again', () => {
  expect(ward.client.revived).toEqual([]);
});

test('and all the time: whole frames, no gap in the sequence, nothing older than it looked', () => {
  const { client, gateway } = ward;
  expect(client.faults).toEqual([]);
  const rules = new Set(
    client.heard.flatMap(({ frame }) => (frame.type === 'alarm' ? [frame.alarm.ruleId] : [])),
  );
  expect([...rules].sort()).toEqual(['MON-01', 'MON-02']);
  expect(gateway.stderr()).not.toMatch(/^ {4}at /m);
});
