import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aBeat, type HubClient } from '../hub/hub-client.ts';
import { HubFixture } from '../hub/hub-fixture.ts';
import { aNumeric, anAlarm } from '../hub/views.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.start();
});
afterEach(() => fixture.stop());

function upgrade(path: string, ...headers: readonly string[]): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${fixture.hub.port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

async function joined(headers?: Readonly<Record<string, string>>): Promise<HubClient> {
  const client = fixture.client(headers);
  await client.next('snapshot');
  return client;
}

/** The others must not notice. */
async function expectServed(client: HubClient): Promise<void> {
  fixture.ward.parts({ bedId: 'B01', numerics: [aNumeric('B01-mon', 90)] });
  fixture.ward.alarm(anAlarm('after', 1));
  await client.next('alarm');
  await client.inStep();
  expect(client.state.beds.get('B01')?.numerics).toEqual([aNumeric('B01-mon', 90)]);
}

describe('before the upgrade', () => {
  test.each([
    'http://evil.example',
    'http://127.0.0.1:1',
    'null',
    'https://127.0.0.1.evil.example',
  ])('a page of %s gets 403 and the connection is closed, session or not', async (origin) => {
    const session = `Authorization: Bearer ${fixture.token('nurse')}`;
    const answer = await fixture.rawAnswer(upgrade('/ws/control', `Origin: ${origin}`, session));
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(answer).toMatch(/Connection: close/i);
    expect(answer).toContain('"code":"origin"');
    expect(fixture.ward.watchers).toEqual([]);
  });

  test.each([
    { path: '/ws/waves', status: 404 },
    { path: '/ws/other', status: 404 },
    { path: '/', status: 404 },
    { path: '/ws/control/', status: 404 },
  ])('$path is $status', async ({ path, status }) => {
    expect(await fixture.rawAnswer(upgrade(path))).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('a handshake that is none is an HTTP error', async () => {
    const bad = upgrade('/ws/control').replace(/Sec-WebSocket-Key.*\r\n/, '');
    expect(await fixture.rawAnswer(bad)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('who may connect', () => {
  test('programs without an origin, our own page with its cookie, and a page that was allowed', async () => {
    await joined();
    const cookie = `infusewatch_session=${encodeURIComponent(fixture.token('biomed'))}`;
    await joined({ cookie, origin: fixture.hub.url });
    const http = {
      host: '127.0.0.1',
      port: 0,
      tls: 'off',
      origins: ['https://st.example'],
    } as const;
    const other = await HubFixture.start({ http });
    await other.client({ ...other.bearer('nurse'), origin: 'https://st.example' }).next('snapshot');
    await other.stop();
  });

  test.each([
    {},
    { authorization: 'Bearer wrong' },
    { authorization: 'Basic x' },
    { cookie: 'infusewatch_session=wrong' },
  ])('without a session (%j): 4401 with a reason, and not one frame', async (headers) => {
    const client = fixture.client(headers);
    const { code, reason } = await client.closed;
    expect([code, client.frames]).toEqual([4401, []]);
    expect(reason).toMatch(/Log in/);
  });

  test('not more than the limit, all together and from one address', async () => {
    const few = await HubFixture.start({ limits: { clientsMax: 3, clientsPerAddressMax: 2 } });
    const first = few.client();
    await first.next('snapshot');
    await few.client().next('snapshot');
    await expect(few.client().next('hello')).rejects.toThrow(/429/);
    first.end();
    await first.closed;
    await expect.poll(() => few.ward.watchers.some(({ state }) => state === 'left')).toBe(true);
    await few.client().next('snapshot');
    await few.stop();

    const one = await HubFixture.start({ limits: { clientsMax: 1 } });
    await one.client().next('snapshot');
    await expect(one.client().next('hello')).rejects.toThrow(/503/);
    await one.stop();
  });
});

describe('a client that does not keep to the contract goes, with a reason; the others stay', () => {
  test.each([
    { why: 'unknown type', frame: '{"type":"ack"}', reason: /Unknown frame type "ack"/ },
    { why: 'bad shape', frame: '{"type":"beat"}', reason: /beat.*visible/ },
    { why: 'unknown key', frame: '{"type":"resync","x":1}', reason: /x/ },
    { why: 'not JSON', frame: 'hello', reason: /JSON/ },
    { why: 'binary', frame: Buffer.from([1, 2, 3]), reason: /Binary/ },
  ])('$why: 4400', async ({ frame, reason }) => {
    const [bad, good] = [await joined(), await joined()];
    bad.ws.send(frame);
    const closed = await bad.closed;
    expect(closed.code).toBe(4400);
    expect(closed.reason).toMatch(reason);
    await expectServed(good);
  });

  test.each([64 * 1024 + 1, 10 * 1024 * 1024])('a frame of %i bytes: 1009', async (bytes) => {
    const [bad, good] = [await joined(), await joined()];
    bad.ws.send('x'.repeat(bytes));
    expect((await bad.closed).code).toBe(1009);
    await expectServed(good);
  });

  test('a frame of exactly 64 KiB is read (and refused for what is in it)', async () => {
    const bad = await joined();
    bad.ws.send('x'.repeat(64 * 1024));
    expect((await bad.closed).code).toBe(4400);
  });

  test('more than 20 frames a second: 4400', async () => {
    const [bad, good] = [await joined(), await joined()];
    for (let n = 0; n < 20; n += 1) bad.send(aBeat);
    await bad.until(() => bad.frames.filter(({ type }) => type === 'beat').length === 20);
    bad.send(aBeat);
    expect(await bad.closed).toMatchObject({
      code: 4400,
      reason: expect.stringMatching(/20 a second/),
    });
    await expectServed(good);
  });

  test('a flood of pings counts too', async () => {
    const bad = await joined();
    for (let n = 0; n < 21; n += 1) bad.ws.ping();
    expect((await bad.closed).code).toBe(4400);
  });

  test('what comes after the offence is not read', async () => {
    const bad = await joined();
    bad.ws.send('{"type":"ack"}');
    bad.send({ ...aBeat, station: 'late' });
    await bad.closed;
    expect(fixture.ward.watchers.some(({ station }) => station === 'late')).toBe(false);
  });
});

describe('a peer that is gone without a word', () => {
  test('is cut off after three pings without an answer', async () => {
    const good = await joined();
    const token = fixture.token('prescriber');
    const dead = fixture.raw();
    dead.write(upgrade('/ws/control', `Authorization: Bearer ${token}`));
    const ended = new Promise((resolve) => dead.on('close', resolve));
    dead.resume();
    const left = () =>
      fixture.ward.watchers.filter(({ user, state }) => user === 'prescriber' && state === 'left');
    await expect.poll(() => fixture.ward.watchers.map(({ user }) => user)).toContain('prescriber');
    for (let ms = 0; ms < 6_000; ms += 500) {
      fixture.timeline.advance(500);
      await good.inStep();
    }
    expect(left()).toHaveLength(0);
    for (let ms = 0; ms < 2_000; ms += 500) {
      fixture.timeline.advance(500);
      await good.inStep();
    }
    expect(left()).toHaveLength(1);
    await ended;
    await expectServed(good);
  });
});
