import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { ReportView } from '../../src/hub/wire/index.ts';
import { Client } from './gateway-client.ts';
import { cli, Gateway, monitor, ORDER, pump, type Rig, rig } from './gateway-kit.ts';

const rigs: Rig[] = [];
afterAll(() => Promise.all(rigs.map(({ closers }) => closers.close())));

/** A bed with a running order of 20 mg/h, on order. */
async function running(): Promise<Rig> {
  const made = await rig({ devices: [pump('B01-pump'), monitor('B01-mon')] });
  rigs.push(made);
  await made.client.waitFor('pump', () => made.client.infusions.get('B01')?.liveMlPerH === 10);
  await made.gateway.placeOrder(ORDER, 'B01');
  await made.client.waitFor(
    'on order',
    () => made.client.infusions.get('B01')?.state === 'on-order',
  );
  await made.client.waitFor('started', () => made.client.orders.get('B01')?.startedAt !== null);
  return made;
}

/** Keys ten times the rate; ms to the alarm on the socket, from the key and from the first wrong frame. */
async function tenfold({ client, simulators }: Rig) {
  const keyedAt = performance.now();
  await simulators.command('B01-pump', 'set-rate', { mlPerH: 100 });
  const wrongAt = await client.waitFor(
    'rate',
    () => client.infusions.get('B01')?.liveMlPerH === 100,
  );
  await client.waitFor('ORD-02', () => client.alarmFrames('ORD-02').length > 0);
  const alarmAt = client.alarmFrames('ORD-02')[0]?.atMs ?? Number.NaN;
  return { sinceKey: alarmAt - keyedAt, sinceFrame: alarmAt - wrongAt };
}

/** The pump is asked once a second, so a key may be that much older than its first frame. */
function expectInTime({ sinceKey, sinceFrame }: Awaited<ReturnType<typeof tenfold>>): void {
  expect(sinceFrame).toBeLessThan(5_000);
  expect(sinceKey).toBeLessThan(5_000 + 1_000);
}

async function killed({ gateway, config, closers }: Rig): Promise<Gateway> {
  await gateway.end('SIGKILL');
  return Gateway.start(config, closers);
}

test.concurrent('ten times the rate, acknowledged, SIGKILL, latched, seen, in the history', async () => {
  const bed = await running();
  const { client, simulators, token, dir, closers } = bed;
  expectInTime(await tenfold(bed));
  const raised = client.alarm('ORD-02');
  if (raised === undefined) throw new Error('no ORD-02');
  expect(raised).toMatchObject({
    priority: 'high',
    kind: 'physiological',
    phase: 'active',
    present: true,
    value: 200,
    limit: 20,
    unit: 'mg/h',
  });
  expect(raised.detail).toMatch(/10/);
  // Above the hard limit of the library (60 mg/h) as well.
  await client.waitFor('ORD-07', () => client.alarm('ORD-07') !== undefined, 3_000);
  expect(client.alarm('ORD-07')).toMatchObject({ priority: 'high', limit: 60, value: 200 });

  const { alarmId, rev } = client.alarm('ORD-02') ?? raised;
  const acknowledge = (revision: number, to = bed.gateway) =>
    to.call('POST', '/api/alarms/acknowledge', { alarms: [{ alarmId, rev: revision }] }, token);
  expect((await acknowledge(rev - 1)).status).toBe(409);
  expect(client.alarms.get(alarmId)?.phase).not.toBe('acknowledged');
  expect((await acknowledge(rev)).status).toBe(200);
  await client.waitFor('acknowledged', () => client.alarms.get(alarmId)?.phase === 'acknowledged');
  const acknowledged = client.alarms.get(alarmId);
  expect(acknowledged).toMatchObject({ acknowledgedBy: 'nurse-a', present: true });
  expect(acknowledged?.rev).toBeGreaterThan(rev);
  expect((await acknowledge(rev)).status).toBe(409);
  const order = client.orders.get('B01');

  const again = await killed(bed);
  // The token of before the kill.
  const second = await Client.join(again, token, closers);
  expect(second.alarms.get(alarmId)).toMatchObject({
    alarmId,
    rev: acknowledged?.rev,
    phase: 'acknowledged',
    acknowledgedBy: 'nurse-a',
    onsetAt: raised.onsetAt,
  });
  expect(second.orders.get('B01')).toMatchObject({
    orderId: order?.orderId,
    status: 'active',
    startedAt: order?.startedAt,
  });
  await second.waitFor('pump', () => second.infusions.get('B01')?.liveMgPerH === 200);
  expect(second.alarmFrames('ORD-02').filter(({ alarm }) => alarm.alarmId !== alarmId)).toEqual([]);

  await simulators.command('B01-pump', 'set-rate', { mlPerH: 10 });
  await second.waitFor('latched', () => second.alarms.get(alarmId)?.phase === 'latched', 15_000);
  const latched = second.alarms.get(alarmId);
  expect(latched).toMatchObject({ present: false, acknowledgedBy: 'nurse-a' });
  const seen = { alarms: [{ alarmId, rev: latched?.rev }] };
  expect((await again.call('POST', '/api/alarms/seen', seen, token)).status).toBe(200);
  await second.waitFor('seen', () => second.alarms.get(alarmId)?.phase === 'ended');
  const { json } = await again.call('GET', '/api/alarms?bed=B01', undefined, token);
  const history = json['alarms'] as { alarmId: string }[];
  expect(history.find((one) => one.alarmId === alarmId)).toMatchObject({
    ruleId: 'ORD-02',
    phase: 'ended',
    acknowledgedBy: 'nurse-a',
    seenBy: 'nurse-a',
  });
  expect([...client.faults, ...second.faults]).toEqual([]);

  // What the report of this session tells of it, from both lives of the gateway.
  const report = await reportOf(
    again,
    order?.orderId,
    token,
    ({ actualRate }) => actualRate.length > 4,
  );
  expect(report.actualRate.map(({ mgPerH }) => mgPerH)).toEqual([20, 200, null, 200, 20]);
  expect(report.gaps.map(({ what }) => what)).toContain('gateway');
  expect(report.alarms.find((one) => one.alarmId === alarmId)).toMatchObject({
    ruleId: 'ORD-02',
    worst: 200,
    acknowledgedBy: 'nurse-a',
  });
  expect(report.hours[0]?.spo2Percent).not.toBeNull();
  expect(report).toMatchObject({ isComplete: false, endedAt: null, startedAt: order?.startedAt });

  // SIGTERM: clean, at once; and what the kill left behind is whole.
  const askedAt = performance.now();
  expect(await again.end('SIGTERM')).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(2_000);
  const verdict = await cli(['verify-log', '--data', join(dir, 'data')]);
  expect(verdict).toMatchObject({ code: 0, stderr: '' });
  expect(verdict.stdout).toMatch(/^The chain is whole: \d+ entries/);
});

/** A rate that changes twice within a second is noted when the second is over. */
async function reportOf(
  gateway: Gateway,
  orderId: string | undefined,
  token: string,
  isThere: (report: ReportView) => boolean,
): Promise<ReportView> {
  for (let tries = 0; ; tries += 1) {
    const { json } = await gateway.call('GET', `/api/orders/${orderId}/report`, undefined, token);
    const report = ReportView.parse(json);
    if (isThere(report) || tries === 50) return report;
    await pass(100);
  }
}

/** An alarm does not wait for the disk; a gateway says when it has caught up. */
async function written({ gateway }: Rig): Promise<void> {
  for (;;) {
    const { json } = await gateway.call('GET', '/healthz');
    const { pending } = json['log'] as { pending: number };
    if (pending === 0) return;
    await pass(20);
  }
}

test.concurrent('killed while an alarm is not acknowledged: it is there again, as it was', async () => {
  const bed = await running();
  const { client, token, closers } = bed;
  expectInTime(await tenfold(bed));
  const raised = client.alarm('ORD-02');
  await written(bed);
  const again = await killed(bed);
  const second = await Client.join(again, token, closers);
  const restored = second.alarms.get(raised?.alarmId ?? '');
  expect(restored).toMatchObject({
    ruleId: 'ORD-02',
    phase: 'active',
    priority: 'high',
    onsetAt: raised?.onsetAt,
  });
  expect(restored?.rev).toBeGreaterThanOrEqual(raised?.rev ?? Number.NaN);
  await second.waitFor('pump', () => second.infusions.get('B01')?.liveMgPerH === 200);
  const ids = new Set(second.alarmFrames('ORD-02').map(({ alarm }) => alarm.alarmId));
  ids.delete(raised?.alarmId ?? '');
  expect([...ids]).toEqual([]);
  expect([...client.faults, ...second.faults]).toEqual([]);
});
