import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { Client } from './gateway-client.ts';
import { monitor, ORDER, pump, type Rig, rig } from './gateway-kit.ts';

const rigs: Rig[] = [];
afterAll(() => Promise.all(rigs.map(({ closers }) => closers.close())));

async function bed(): Promise<Rig> {
  const made = await rig({ devices: [pump('B01-pump'), monitor('B01-mon')] });
  rigs.push(made);
  return made;
}

test.concurrent('log in, hello, snapshot, live values, an order through its life, 15 quiet seconds', async () => {
  const { client, gateway, simulators } = await bed();
  const [hello, snapshot] = client.heard.map(({ frame }) => frame);
  expect(hello).toMatchObject({ type: 'hello', protocol: 1, user: 'nurse-a', roles: ['nurse'] });
  expect(snapshot).toMatchObject({ type: 'snapshot', beds: [{ bedId: 'B01', order: null }] });

  await client.waitFor('both devices live', () => {
    const flow = client.numeric('B01-pump', 'MDC_FLOW_FLUID_PUMP_CURRENT');
    const spo2 = client.numeric('B01-mon', 'MDC_PULS_OXIM_SAT_O2');
    return flow?.value === 10 && spo2?.validity === 'valid' && spo2.value !== null;
  });
  expect(client.infusions.get('B01')).toMatchObject({ state: 'no-order', liveMgPerH: null });
  expect(client.infusions.get('B01')?.liveMlPerH).toBe(10);

  const orderId = await gateway.placeOrder(ORDER, 'B01');
  await client.waitFor('on order', () => client.infusions.get('B01')?.state === 'on-order');
  expect(client.infusions.get('B01')).toMatchObject({
    orderedMgPerH: 20,
    orderedMlPerH: 10,
    liveMgPerH: 20,
    liveMlPerH: 10,
    liveValidity: 'valid',
  });
  expect(client.orders.get('B01')).toMatchObject({
    orderId,
    status: 'active',
    signedBy: 'prescriber-a',
    verifiedBy: 'nurse-b',
  });
  // The one wait that must last: quiet is what is measured.
  await pass(15_000);
  expect([...client.alarms.values()]).toEqual([]);
  expect(client.heard.filter(({ frame }) => frame.type === 'alarm')).toEqual([]);
  expect(client.faults).toEqual([]);
  const { asked, forbiddenCommands, garbledFrames } = await simulators.describe('B01-pump');
  expect({ forbiddenCommands, garbledFrames }).toEqual({ forbiddenCommands: 0, garbledFrames: 0 });
  expect(Number((asked as Record<string, unknown>)['INF'])).toBeGreaterThan(14);
});

const alertCode = (client: Client): string | undefined =>
  client.devices.get('B01-pump')?.alerts[0]?.code;

test.concurrent('alarms of the pump: an occlusion at high priority, an unknown code as it came', async () => {
  const { client, simulators } = await bed();
  await client.waitFor('pump', () => client.infusions.get('B01')?.liveMlPerH === 10);
  await simulators.command('B01-pump', 'alarm', { code: 'AL_OCCLU' });
  await client.waitFor('PMP-01', () => client.alarm('PMP-01') !== undefined);
  const occlusion = client.alarm('PMP-01');
  expect(occlusion).toMatchObject({
    priority: 'high',
    phase: 'active',
    deviceId: 'B01-pump',
    text: 'Pump: Occlusion',
  });
  await client.waitFor('alert', () => alertCode(client) === 'AL_OCCLU', 1_500);
  await client.waitFor('held', () => client.infusions.get('B01')?.liveMlPerH === 0);

  await simulators.command('B01-pump', 'alarm', { code: null });
  await simulators.command('B01-pump', 'start');
  await client.waitFor('over', () => client.alarm('PMP-01') === undefined);

  await simulators.command('B01-pump', 'alarm', { code: 'AL_XYZZY' });
  await client.waitFor('PMP-10', () => client.alarm('PMP-10') !== undefined);
  expect(client.alarm('PMP-10')).toMatchObject({ priority: 'high', text: 'Pump: AL_XYZZY' });
  await client.waitFor('alert', () => alertCode(client) === 'AL_XYZZY', 1_500);
  expect(client.infusions.get('B01')?.liveMlPerH).toBe(10);
  expect(client.faults).toEqual([]);
});

test.concurrent('desaturation: VIT-02 high and latched until seen, VIT-01 not', async () => {
  const { client, gateway, token, simulators } = await bed();
  const spo2 = (): number | null | undefined =>
    client.numeric('B01-mon', 'MDC_PULS_OXIM_SAT_O2')?.value;
  await client.waitFor('monitor', () => (spo2() ?? 0) > 95);
  await simulators.command('B01-mon', 'set', { spo2: 86 });
  const lowAt = await client.waitFor('value', () => (spo2() ?? 100) < 88);
  const highAt = await client.waitFor('VIT-02', () => client.alarm('VIT-02') !== undefined);
  expect(client.alarm('VIT-02')).toMatchObject({ priority: 'high', kind: 'physiological' });
  expect(highAt - lowAt).toBeGreaterThan(3_500);
  expect(highAt - lowAt).toBeLessThan(7_500);
  const mediumAt = await client.waitFor('VIT-01', () => client.alarm('VIT-01') !== undefined);
  expect(mediumAt - lowAt).toBeGreaterThan(8_500);
  expect(client.alarm('VIT-01')).toMatchObject({ priority: 'medium', latching: false });

  await simulators.command('B01-mon', 'set', { spo2: 97 });
  await client.waitFor('latched', () => client.alarm('VIT-02')?.phase === 'latched');
  await client.waitFor('VIT-01 over', () => client.alarm('VIT-01') === undefined, 15_000);
  const latched = client.alarm('VIT-02');
  expect(latched).toMatchObject({ phase: 'latched', present: false, latching: true });
  await gateway.must(
    '/api/alarms/seen',
    { alarms: [{ alarmId: latched?.alarmId, rev: latched?.rev }] },
    token,
  );
  await client.waitFor('seen', () => client.alarm('VIT-02') === undefined);
  expect(client.faults).toEqual([]);
});
