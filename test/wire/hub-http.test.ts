import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ErrorReply, type Role } from '../../src/hub/wire/index.ts';
import { HubFixture } from '../hub/hub-fixture.ts';
import { aBed, anAlarm } from '../hub/views.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.start();
});
afterEach(() => fixture.stop());

const order = { ...aBed('B01').limits, patient: { id: 'P-1' } };
const critical = { drugMg: 40, volumeMl: 500 };

interface Row {
  readonly call: string;
  readonly who: readonly Role[] | 'any';
  readonly body?: object;
  readonly status?: number;
  readonly command?: string;
  readonly args?: readonly unknown[];
}

const READERS: readonly Role[] = ['prescriber', 'nurse', 'pharmacist'];

/** The table of the contract. */
const table: readonly Row[] = [
  { call: 'GET /api/session', who: 'any' },
  { call: 'DELETE /api/session', who: 'any' },
  { call: 'GET /api/beds', who: 'any' },
  { call: 'GET /api/beds/B01', who: 'any' },
  { call: 'GET /api/regimens', who: 'any' },
  { call: 'GET /api/courses?patient=P-1', who: ['nurse', 'prescriber', 'pharmacist', 'admin'] },
  {
    call: 'POST /api/courses/C-1/move',
    who: ['nurse', 'prescriber'],
    body: { day: 2, date: '2026-11-26', reason: 'holiday' },
    command: 'changeCourse',
    args: ['C-1', 'move', { day: 2, date: '2026-11-26', reason: 'holiday' }],
  },
  {
    call: 'POST /api/courses/C-1/miss',
    who: ['nurse', 'prescriber'],
    body: { day: 2, reason: 'sick' },
    command: 'changeCourse',
    args: ['C-1', 'miss', { day: 2, reason: 'sick' }],
  },
  {
    call: 'GET /api/orders/O-1/report',
    who: ['nurse', 'prescriber', 'pharmacist', 'admin'],
    status: 404,
  },
  {
    call: 'POST /api/orders',
    who: ['prescriber', 'nurse'],
    body: order,
    status: 201,
    command: 'createOrder',
    args: [JSON.stringify(order), 'json'],
  },
  { call: 'GET /api/orders/O-1', who: ['prescriber', 'nurse', 'pharmacist'] },
  {
    call: 'POST /api/orders/O-1/sign',
    who: ['prescriber'],
    body: { softLimitReason: 'pain' },
    command: 'signOrder',
    args: ['O-1', { softLimitReason: 'pain' }],
  },
  {
    call: 'POST /api/orders/O-1/send-back',
    who: ['prescriber', 'nurse', 'pharmacist'],
    body: { reason: 'cannot read it' },
    command: 'sendBackOrder',
    args: ['O-1', { reason: 'cannot read it' }],
  },
  {
    call: 'POST /api/orders/O-1/amend',
    who: ['prescriber', 'nurse'],
    body: { reason: 'less', document: {} },
    command: 'amendOrder',
    args: ['O-1', { reason: 'less', document: {} }],
  },
  {
    call: 'POST /api/orders/O-1/withdraw',
    who: ['prescriber', 'nurse'],
    body: { reason: 'not needed' },
    command: 'withdrawAmendment',
    args: ['O-1', { reason: 'not needed' }],
  },
  { call: 'GET /api/orders?status=draft,signed&bed=B01', who: READERS },
  { call: 'GET /api/orders/O-1/check-form', who: READERS },
  { call: 'GET /api/drafts', who: READERS },
  { call: 'GET /api/drafts/D000001', who: READERS },
  {
    call: 'POST /api/drafts',
    who: ['prescriber', 'nurse'],
    body: { document: 'end: PT4H' },
    command: 'saveDraft',
    args: [{ document: 'end: PT4H' }],
  },
  {
    call: 'DELETE /api/drafts/D000001',
    who: ['prescriber', 'nurse'],
  },
  {
    call: 'POST /api/regimens/r1/draft',
    who: ['prescriber', 'nurse'],
    body: { session: 2 },
  },
  {
    call: 'POST /api/orders/O-1/verify',
    who: ['prescriber', 'nurse', 'pharmacist'],
    body: critical,
    command: 'verifyOrder',
    args: ['O-1', critical],
  },
  {
    call: 'POST /api/orders/O-1/activate',
    who: ['nurse'],
    body: { bedId: 'B01', bag: critical },
    command: 'activateOrder',
    args: ['O-1', { bedId: 'B01', bag: critical }],
  },
  {
    call: 'POST /api/orders/O-1/complete',
    who: ['nurse'],
    body: {},
    command: 'completeOrder',
    args: ['O-1'],
  },
  {
    call: 'POST /api/orders/O-1/discontinue',
    who: ['nurse'],
    body: { reason: 'sick' },
    command: 'discontinueOrder',
    args: ['O-1', 'sick'],
  },
  {
    call: 'POST /api/beds/B01/audio-pause',
    who: ['nurse'],
    body: {},
    command: 'pauseAudio',
    args: ['B01'],
  },
  {
    call: 'POST /api/alarms/acknowledge',
    who: ['nurse'],
    body: { alarms: [{ alarmId: 'A', rev: 3 }] },
    command: 'acknowledge',
    args: [[{ alarmId: 'A', rev: 3 }]],
  },
  {
    call: 'POST /api/alarms/seen',
    who: ['nurse'],
    body: { alarms: [{ alarmId: 'A', rev: 3 }] },
    command: 'seen',
    args: [[{ alarmId: 'A', rev: 3 }]],
  },
  { call: 'GET /api/alarms', who: 'any' },
  {
    call: 'POST /api/beds/B01/pause',
    who: ['nurse'],
    body: { reason: 'x', minutes: 5 },
    command: 'atBedside',
    args: ['B01', 'pause', { reason: 'x', minutes: 5 }],
  },
  {
    call: 'POST /api/beds/B01/resume',
    who: ['nurse'],
    body: {},
    command: 'atBedside',
    args: ['B01', 'resume', {}],
  },
  {
    call: 'POST /api/orders/O-1/step',
    who: ['nurse', 'prescriber'],
    body: { step: 2, action: 'confirm' },
    command: 'whileRunning',
    args: ['O-1', 'step', { step: 2, action: 'confirm' }],
  },
  {
    call: 'POST /api/orders/O-1/bag',
    who: ['nurse'],
    body: { drugMg: 40, volumeMl: 500 },
    command: 'whileRunning',
    args: ['O-1', 'bag', { drugMg: 40, volumeMl: 500 }],
  },
  {
    call: 'POST /api/orders/O-1/confirm-concentration',
    who: ['nurse', 'pharmacist', 'prescriber'],
    body: {},
    command: 'whileRunning',
    args: ['O-1', 'confirm-concentration', {}],
  },
  {
    call: 'POST /api/beds/B01/baseline',
    who: ['nurse'],
    body: {},
    command: 'atBedside',
    args: ['B01', 'baseline', {}],
  },
  {
    call: 'POST /api/beds/B01/observation',
    who: ['nurse'],
    body: {},
    command: 'atBedside',
    args: ['B01', 'observation', {}],
  },
  { call: 'GET /api/trends?bed=B01&code=X', who: 'any', status: 501 },
  { call: 'GET /api/audit', who: ['admin'], status: 501 },
];
const ALL: readonly Role[] = ['nurse', 'prescriber', 'pharmacist', 'biomed', 'admin'];

function ask({ call, body }: Row, headers: Readonly<Record<string, string>>): Promise<Response> {
  const [method = 'GET', path = '/'] = call.split(' ');
  return body === undefined
    ? fixture.call(path, { method, headers })
    : fixture.post(path, body, headers);
}

describe.each(table)('$call', (row) => {
  test('answers those who may and nobody else, in plain words', async () => {
    const allowed = row.who === 'any' ? ALL : row.who;
    for (const role of ALL) {
      const reply = await ask(row, fixture.bearer(role));
      const json: unknown = await reply.json();
      const expected = allowed.includes(role) ? (row.status ?? 200) : 403;
      expect([role, reply.status]).toEqual([role, expected]);
      if (expected >= 400) expect(ErrorReply.parse(json).error.message).toMatch(/^[A-Z/].{15,}\.$/);
    }
    const stranger = await ask(row, {});
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('refuses another method with the ones that it takes', async () => {
    const [, path = ''] = row.call.split(' ');
    const reply = await fixture.call(path, { method: 'PUT', headers: fixture.bearer('nurse') });
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')).toContain(row.call.split(' ')[0]);
  });
});

const commands = table.filter((row) => row.command !== undefined);

describe.each(commands)('command $call', (row) => {
  const [role = 'nurse'] = row.who as readonly Role[];

  test('reaches the ward with who, where and which, and with the document as it was sent', async () => {
    const commandId = randomUUID();
    const isDocument = row.command === 'createOrder';
    const body = { ...row.body, commandId, ...(!isDocument && { station: 'Station 1' }) };
    expect((await ask({ ...row, body }, fixture.bearer(role))).status).toBe(row.status ?? 200);
    expect(fixture.ward.commands).toEqual([
      {
        name: row.command,
        by: { user: role, roles: [role], commandId, ...(!isDocument && { station: 'Station 1' }) },
        args: row.args,
      },
    ]);
  });

  test('sent twice is done once and answers the same, also with Idempotency-Key', async () => {
    const key = { ...fixture.bearer(role), 'idempotency-key': randomUUID() };
    const first = await ask(row, key);
    const second = await ask(row, key);
    expect(await second.text()).toBe(await first.text());
    expect(second.status).toBe(first.status);
    expect(fixture.ward.commands).toHaveLength(1);
  });

  test.each([
    { status: 409, code: 'stale' },
    { status: 422, code: 'limit' },
    { status: 404, code: 'gone' },
    { status: 503, code: 'store' },
  ] as const)('hands on the refusal $status of the ward', async ({ status, code }) => {
    fixture.ward.nextAnswer = {
      ok: false,
      status,
      code,
      message: 'No, because. Do that.',
      path: 'x',
    };
    const reply = await ask(row, fixture.bearer(role));
    expect(reply.status).toBe(status);
    expect(await reply.json()).toEqual({
      error: { code, message: 'No, because. Do that.', path: 'x' },
    });
  });

  test('hands on what a program may want to know about a refusal', async () => {
    const detail = [{ path: 'bag.drugMg', entered: 400, ordered: 40 }];
    const refusal = { ok: false, status: 422, code: 'mismatch', message: 'Look.', detail } as const;
    fixture.ward.nextAnswer = refusal;
    const reply = await ask(row, fixture.bearer(role));
    expect(ErrorReply.parse(await reply.json()).error.detail).toEqual(detail);
  });

  test('a fault of the ward is one sentence, not a stack', async () => {
    fixture.ward.nextFailure = new Error('secret at /home/x.ts:3');
    const reply = await ask(row, fixture.bearer(role));
    expect(reply.status).toBe(500);
    const text = await reply.text();
    expect(ErrorReply.parse(JSON.parse(text)).error.code).toBe('internal');
    expect(text).not.toMatch(/secret|\.ts|Error/);
    expect(fixture.logged.some(({ event }) => event === 'call-failed')).toBe(true);
  });

  test.each([
    { why: 'not JSON', body: '{', type: 'application/json', status: 400 },
    { why: 'not an object', body: '[1]', type: 'application/json', status: 400 },
    {
      why: 'not UTF-8',
      body: Uint8Array.of(0x7b, 0xff, 0x7d),
      type: 'application/json',
      status: 400,
    },
    { why: 'another media type', body: '{}', type: 'text/plain', status: 415 },
    {
      why: 'a commandId that is no uuid',
      body: '{"commandId":"1"}',
      type: 'application/json',
      status: 400,
    },
    {
      why: 'too large',
      body: `{"x":"${'y'.repeat(256 * 1024)}"}`,
      type: 'application/json',
      status: 413,
    },
  ])('$why: $status and nothing done', async ({ why, body, type, status }) => {
    // An order that is no JSON is refused by the ward, which keeps its text.
    if (row.command === 'createOrder' && why === 'not JSON') return;
    const [, path = ''] = row.call.split(' ');
    const headers = { ...fixture.bearer(role), 'content-type': type };
    const reply = await fixture.call(path, { method: 'POST', headers, body });
    expect(reply.status).toBe(status);
    expect(ErrorReply.parse(await reply.json()).error.message).toMatch(/\.$/);
    expect(fixture.ward.commands).toEqual([]);
  });
});

test('an order comes as YAML too, untouched, with its command id in the header', async () => {
  const text = 'patient: { id: P-1 }\nregimen: none\n';
  const commandId = randomUUID();
  const headers = {
    ...fixture.bearer('nurse'),
    'content-type': 'application/yaml; charset=utf-8',
    'idempotency-key': commandId,
  };
  const reply = await fixture.call('/api/orders', { method: 'POST', headers, body: text });
  expect(reply.status).toBe(201);
  expect(await reply.json()).toMatchObject({ orderId: 'O-1', status: 'draft', document: {} });
  expect(fixture.ward.commands[0]).toMatchObject({ by: { commandId }, args: [text, 'yaml'] });
});

test('an order that is no JSON reaches the ward as it is, to be refused and kept as a draft', async () => {
  const text = '{ "patient": { "weightKg": 70,8 } }';
  const headers = { ...fixture.bearer('nurse'), 'content-type': 'application/json' };
  const message = 'This is no JSON. Check it.';
  const refusal = { ok: false, status: 400, code: 'order-document', message } as const;
  fixture.ward.nextAnswer = { ...refusal, draftId: 'D000004' };
  const path = '/api/orders?draft=D000004';
  const reply = await fixture.call(path, { method: 'POST', headers, body: text });
  expect(ErrorReply.parse(await reply.json()).error).toMatchObject({ draftId: 'D000004' });
  expect(fixture.ward.commands[0]).toMatchObject({ args: [text, 'json', 'D000004'] });
});

test('a list of orders is asked for by status and bed, and an unknown status is 400', async () => {
  const headers = fixture.bearer('nurse');
  const ask = (query: string) => fixture.call(`/api/orders${query}`, { headers });
  expect(await (await ask('?status=draft,signed&bed=B01')).json()).toEqual({ orders: [] });
  expect(fixture.ward.ordersAsked).toEqual({ status: ['draft', 'signed'], bedId: 'B01' });
  expect((await ask('?status=open')).status).toBe(400);
});

test('two different command ids in one call are refused', async () => {
  const headers = { ...fixture.bearer('nurse'), 'idempotency-key': randomUUID() };
  const reply = await fixture.post(
    '/api/beds/B01/audio-pause',
    { commandId: randomUUID() },
    headers,
  );
  expect(reply.status).toBe(400);
});

test('what is not there is 404, in words', async () => {
  const headers = fixture.bearer('nurse');
  for (const path of [
    '/api/beds/B99',
    '/api/orders/O-9',
    '/api/nothing',
    '/api',
    '/api/alarms?bed=B99',
    '/api/beds/%ff',
  ]) {
    const reply = await fixture.call(path, { headers });
    expect([path, reply.status]).toEqual([path, 404]);
    ErrorReply.parse(await reply.json());
  }
});

describe('history of alarms', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 8, 0, second)).toISOString();
  const pageOf = async (query: string) => {
    const reply = await fixture.call(`/api/alarms?${query}`, { headers: fixture.bearer('biomed') });
    const body = (await reply.json()) as { alarms: { alarmId: string }[]; next?: string };
    return {
      status: reply.status,
      ids: body.alarms?.map(({ alarmId }) => alarmId),
      next: body.next,
    };
  };

  test('pages lose nothing and repeat nothing, also when alarms began together', async () => {
    const seconds = [9, 8, 8, 7, 5, 5, 5, 4, 1];
    fixture.ward.history = seconds.map((second, index) =>
      anAlarm(`A${index}`, 1, { onsetAt: at(second) }),
    );
    const ids: string[] = [];
    let query = 'limit=3';
    for (;;) {
      const page = await pageOf(query);
      expect(page.ids.length).toBeLessThanOrEqual(3);
      ids.push(...page.ids);
      if (page.next === undefined) break;
      query = `limit=3&before=${page.next}`;
    }
    expect(ids).toEqual(seconds.map((_second, index) => `A${index}`));
  });

  test('of one bed', async () => {
    fixture.ward.history = [anAlarm('A1'), anAlarm('A2', 1, { bedId: 'B02' })];
    expect((await pageOf('bed=B02')).ids).toEqual(['A2']);
  });

  test.each([
    'limit=0',
    'limit=1.5',
    'limit=201',
    'limit=x',
    'before=yesterday',
    'before=2026-01-05T08:00:00',
    'bet=B01',
  ])('%s is refused', async (query) => {
    expect((await pageOf(query)).status).toBe(400);
  });
});

describe('for machines', () => {
  test('healthz says whether all is well', async () => {
    const well = await fixture.call('/healthz');
    expect([well.status, await well.json()]).toEqual([200, { ok: true, store: 'writing' }]);
    fixture.ward.isWell = false;
    expect((await fixture.call('/healthz')).status).toBe(503);
  });

  test('healthz is not well once the ward sends no changes', async () => {
    fixture.ward.changes.error(new Error('boom'));
    expect((await fixture.call('/healthz')).status).toBe(503);
  });

  test('metrics are Prometheus text with the counters of every device', async () => {
    await fixture.call('/api/nothing');
    const reply = await fixture.call('/metrics');
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await reply.text();
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(
        /^(# (HELP|TYPE) infusewatch_\w+ .+|infusewatch_\w+(\{(\w+="(\\.|[^"\\])*",?)+\})? \d+(\.\d+)?)$/,
      );
    expect(text).toContain(
      'infusewatch_device_frames_rejected_total{device="B01-pump",bed="B01",driver="alaris-asena"} 2',
    );
    expect(text).toContain('infusewatch_hub_http_replies_total{call="unknown",status="404"} 1');
  });

  test('openapi lists every call of the table and resolves all its references', async () => {
    const page = JSON.stringify(await (await fixture.call('/api/openapi.json')).json());
    const { paths, components } = JSON.parse(page) as {
      paths: Record<string, Record<string, unknown>>;
      components: { schemas: Record<string, unknown> };
    };
    for (const { call } of table) {
      const [method = '', path = ''] = call.split(/[ ?]/);
      const generic = path.replace('B01', '{bed}').replace(/[OC]-1|D000001|r1/, '{id}');
      expect(paths[generic]).toHaveProperty(method.toLowerCase());
    }
    for (const [, name] of page.matchAll(/#\/components\/schemas\/(\w+)"/g))
      expect(components.schemas).toHaveProperty(name ?? '');
    expect(page).not.toContain('"$id"');
  });

  test('HEAD answers like GET, without a body', async () => {
    const reply = await fixture.call('/healthz', { method: 'HEAD' });
    expect([reply.status, await reply.text()]).toEqual([200, '']);
  });
});
