import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { RegimenView } from '../../src/hub/wire/index.ts';
import { Client } from './gateway-client.ts';
import { cli, ORDER, pump, type Rig, rig } from './gateway-kit.ts';

const RegimenList = z.object({ regimens: z.array(RegimenView) });

let ward: Rig;
beforeAll(async () => {
  ward = await rig({ devices: [pump('B01-pump')], port: ', search: [DIR/usb-ID*]' });
  await ward.client.waitFor('pump', () => ward.client.infusions.get('B01')?.liveMlPerH === 10);
});
afterAll(() => ward?.closers.close());

const join2 = (token: string | undefined, options = {}): Client => {
  const client = new Client(ward.gateway.url, token, options);
  ward.closers.add(() => client.socket.terminate());
  return client;
};
const closed = (client: Client) => client.waitFor('closed', () => client.closeCode !== undefined);

test.concurrent('10 MB on the socket: that one is closed with 1009, the others go on', async () => {
  const big = join2(ward.token);
  await big.waitFor('hello', () => big.heard.length > 0);
  big.socket.send(`{"type":"beat","x":"${'x'.repeat(10_000_000)}"}`);
  await closed(big);
  expect(big.closeCode).toBe(1009);
  const before = ward.client.told('B01-pump', 'MDC_FLOW_FLUID_PUMP_CURRENT').length;
  await ward.client.waitFor(
    'values go on',
    () => ward.client.told('B01-pump', 'MDC_FLOW_FLUID_PUMP_CURRENT').length > before + 1,
  );
  expect(ward.client.closeCode).toBeUndefined();
});

test.concurrent('no session 4401, unknown frame 4400, wrong origin 403 before the upgrade', async () => {
  for (const token of [undefined, 'not-a-token', `${ward.token}x`]) {
    const stranger = join2(token);
    await closed(stranger);
    expect(stranger.closeCode).toBe(4401);
    expect(stranger.heard).toEqual([]);
  }
  for (const text of ['{"type":"order"}', 'nonsense', '[]', '{"type":"beat","visible":1}']) {
    const odd = join2(ward.token);
    await odd.waitFor('hello', () => odd.heard.length > 0);
    odd.socket.send(text);
    await closed(odd);
    expect({ text, code: odd.closeCode }).toEqual({ text, code: 4400 });
  }
  const status = await new Promise((resolve) => {
    const foreign = join2(ward.token, { origin: 'https://elsewhere.example' });
    foreign.socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
    foreign.socket.on('open', () => resolve('open'));
  });
  expect(status).toBe(403);
});

test.concurrent('a resync brings a snapshot, with the next number', async () => {
  const client = join2(ward.token);
  const snapshots = () => client.heard.filter(({ frame }) => frame.type === 'snapshot').length;
  await client.waitFor('snapshot', () => snapshots() === 1);
  client.socket.send('{"type":"resync"}');
  await client.waitFor('another', () => snapshots() === 2);
  expect(client.faults).toEqual([]);
});

test.concurrent('calls: without a session, with the wrong role, in the wrong order', async () => {
  const { gateway, token } = ward;
  expect((await gateway.call('GET', '/api/beds')).status).toBe(401);
  expect((await gateway.call('POST', '/api/orders', ORDER)).status).toBe(401);
  expect((await gateway.call('GET', '/api/beds/B77', undefined, token)).status).toBe(404);
  const wrong = await gateway.call('POST', '/api/session', { user: 'nurse-a', pin: '0001' });
  expect(wrong.status).toBe(401);
  expect(wrong.json).toMatchObject({
    error: { code: expect.any(String), message: expect.any(String) },
  });

  const prescriber = await gateway.login('prescriber-a');
  const created = await gateway.must('/api/orders', ORDER, prescriber);
  const path = `/api/orders/${String(created['orderId'])}`;
  const activate = { bedId: 'B01', bag: ORDER['bag'] };
  expect((await gateway.call('POST', `${path}/sign`, {}, token)).status).toBe(403);
  expect((await gateway.call('POST', `${path}/activate`, activate, token)).status).toBe(409);
  await gateway.must(`${path}/sign`, {}, prescriber);
  // The one who signed must not be the one who checks.
  expect((await gateway.call('POST', `${path}/verify`, ORDER, prescriber)).status).toBe(403);
  const other = { ...ORDER, steps: [{ step: 1, at: 'PT0S', dose: 200 }] };
  const mismatch = await gateway.call('POST', `${path}/verify`, other, token);
  expect(mismatch.status).toBe(422);
  expect(mismatch.text).toMatch(/dose/);
  await gateway.must(`${path}/verify`, ORDER, token);
  const wrongBag = { bedId: 'B01', bag: { drugMg: 480, volumeMl: 480 } };
  expect((await gateway.call('POST', `${path}/activate`, wrongBag, token)).status).toBe(422);
  expect(ward.client.orders.get('B01')).toBeNull();
});

test.concurrent.for([
  [{ steps: [{ step: 1, at: 'PT0S', dose: '20 mg/h' }] }, [400, 422], /dose/],
  [
    {
      mode: 'mg-total-over',
      steps: [
        { step: 1, at: 'PT0S', dose: 40, over: 'PT4H' },
        { step: 2, at: 'PT2H', dose: 40, over: 'PT4H' },
      ],
    },
    [400, 422],
    /overlap|step/i,
  ],
  [
    {
      steps: [{ step: 1, at: 'PT0S', dose: 140 }],
      limits: { maxMgPerH: 140, maxMgSession: 2_000 },
    },
    [422],
    /60/,
  ],
  [{ surprise: 1 }, [400, 422], /surprise/],
  [{ regimen: 'icu-coma' }, [422], /care area icu-coma only/],
] as const)('an order that is refused with its reason: %j', async ([change, statuses, reason]) => {
  const { gateway } = ward;
  const prescriber = await gateway.login('prescriber-a');
  const document = { ...ORDER, ...change };
  let answer = await gateway.call('POST', '/api/orders', document, prescriber);
  // What only a limit of the drug library forbids is refused at the latest when it is signed.
  if (answer.status === 201)
    answer = await gateway.call(
      'POST',
      `/api/orders/${String(answer.json['orderId'])}/sign`,
      {},
      prescriber,
    );
  expect(statuses, answer.text).toContain(answer.status);
  expect(answer.text).toMatch(reason);
  expect(answer.json).toMatchObject({ error: { message: expect.stringMatching(/\.$/) } });
});

test.concurrent('an order that is refused is kept: each wrong field with value and reason, then what is no JSON', async () => {
  const { gateway } = ward;
  const prescriber = await gateway.login('prescriber-a');
  const wrong = { ...ORDER, patient: { id: 'P-7', weightKg: '156 lb' }, end: '4 h' };
  const refused = await gateway.call('POST', '/api/orders', wrong, prescriber);
  const detail = [
    { path: 'patient.weightKg', value: '156 lb', message: expect.stringContaining('in kg') },
    { path: 'end', value: '4 h', message: expect.stringContaining('PT4H') },
  ];
  expect(refused).toMatchObject({ status: 400, json: { error: { detail } } });
  const { draftId } = refused.json['error'] as { readonly draftId: string };
  const path = `/api/drafts/${draftId}`;
  const kept = await gateway.call('GET', path, undefined, prescriber);
  expect(kept.json).toMatchObject({ document: wrong, by: 'prescriber-a', problems: detail });
  const typed = await fetch(`${gateway.url}/api/orders?draft=${draftId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${prescriber}` },
    body: '{ "patient": { "weightKg": 70,8 } }',
  });
  expect(await typed.json()).toMatchObject({ error: { code: 'order-document', draftId } });
  const text = await gateway.call('GET', path, undefined, prescriber);
  expect(text.json).toMatchObject({ document: '{ "patient": { "weightKg": 70,8 } }' });
});

test.concurrent('the templates shipped are listed, and an order that differs from one is told so', async () => {
  const { gateway, token } = ward;
  const { json } = await gateway.call('GET', '/api/regimens', undefined, token);
  const { regimens } = RegimenList.parse(json);
  expect(
    regimens
      .map(({ reference }) => reference)
      .sort()
      .join(),
  ).toBe('R1,R2,R3,R4,R5,R6,R7,R8');
  const prescriber = await gateway.login('prescriber-a');
  const named = { ...ORDER, regimen: 'goldberg-outpatient-10-day' };
  const { note } = await gateway.must('/api/orders', named, prescriber);
  expect(note).toMatch(/^Differs from regimen goldberg-outpatient-10-day: .*mode mg-per-h/);
});

test.concurrent('a document in YAML with a fault names its line', async () => {
  const { gateway } = ward;
  const prescriber = await gateway.login('prescriber-a');
  const yaml =
    'patient: { id: P-1 }\ndrug: { name: ketamine, form: racemic }\nbag: { drugMg: 480 mg, volumeMl: 240 }\n';
  const { status, text } = await gateway.call('POST', '/api/orders', yaml, prescriber);
  expect([400, 422]).toContain(status);
  expect(text).toMatch(/drugMg/);
  expect(text).toMatch(/"line":3/);
});

test.concurrent('a second gateway: port in use, data in use; one sentence each, the first goes on', async () => {
  const port = new URL(ward.gateway.url).port;
  const config = join(ward.dir, 'second.yaml');
  writeFileSync(
    config,
    'gateway: { id: gw-2 }\nhttp: { host: 127.0.0.1, port: 0 }\nstore: { dir: ./data-2 }\n',
  );
  const samePort = await cli(['serve', '--config', config, '--port', port]);
  expect(samePort).toMatchObject({ code: 1, stdout: '' });
  expect(sentences(samePort.stderr)).toEqual([expect.stringContaining(`Port ${port}`)]);
  const sameData = await cli(['serve', '--config', config, '--data', join(ward.dir, 'data')]);
  expect(sameData).toMatchObject({ code: 1, stdout: '' });
  expect(sentences(sameData.stderr)).toEqual([
    expect.stringMatching(/data.*gateway|gateway.*data/i),
  ]);
  expect((await ward.gateway.call('GET', '/healthz')).status).toBe(200);
});

/** What a person reads on standard error: lines of the log (JSON) are for machines. */
const sentences = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));

test.concurrent('a port that is not there at the start: the gateway runs and says so, and finds it later', async () => {
  const late = await rig({ devices: [pump('B01-pump')], unplugged: ['B01-pump'] });
  ward.closers.add(() => late.closers.close());
  const { client, simulators } = late;
  await client.waitFor('MON-01', () => client.alarm('MON-01') !== undefined, 4_000);
  await client.waitFor('advice', () => client.devices.get('B01-pump')?.state === 'closed', 3_000);
  expect(client.devices.get('B01-pump')?.advice).toMatch(/does not exist: plug the adapter in/);
  expect(client.infusions.get('B01')).toMatchObject({ liveMlPerH: null, state: 'unknown' });
  await simulators.plug('B01-pump');
  await client.waitFor('live', () => client.infusions.get('B01')?.liveMlPerH === 10, 3_000);
  await client.waitFor('MON-01 over', () => client.alarm('MON-01') === undefined, 2_000);
  expect(client.faults).toEqual([]);
  expect(late.gateway.stderr()).not.toMatch(/^ {4}at /m);
});
