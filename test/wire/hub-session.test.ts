import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HubFixture } from '../hub/hub-fixture.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.start();
});
afterEach(() => fixture.stop());

const login = (pin = '1234', user = 'nurse', headers = {}) =>
  fixture.post('/api/session', { user, pin }, headers);

async function cookie(): Promise<string> {
  const header = (await login()).headers.get('set-cookie') ?? '';
  return header.split(';')[0] ?? '';
}

describe('login', () => {
  test('gives a token and a cookie that scripts and other sites cannot use', async () => {
    const reply = await login();
    const { token, ...who } = (await reply.json()) as { token: string };
    expect([reply.status, who]).toEqual([200, { user: 'nurse', roles: ['nurse'] }]);
    expect(reply.headers.get('set-cookie')).toBe(
      `infusewatch_session=${token}; Path=/; HttpOnly; SameSite=Strict`,
    );
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const me = await fixture.call('/api/session', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await me.json()).toEqual({ user: 'nurse', roles: ['nurse'] });
  });

  test('refused: the same sentence for a wrong name and a wrong PIN', async () => {
    const wrongPin = await login('9999');
    const wrongName = await login('1234', 'nobody');
    expect([wrongPin.status, wrongName.status]).toEqual([401, 401]);
    expect(await wrongPin.text()).toBe(await wrongName.text());
    expect(wrongPin.headers.get('set-cookie')).toBeNull();
  });

  test('too many tries: 429 and how long to wait', async () => {
    const reply = await login('1234', 'locked');
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '30']);
  });

  test('at most 8 at the same time', async () => {
    let open = (): void => {};
    fixture.auth.gate = new Promise((resolve) => {
      open = resolve;
    });
    const waiting = Array.from({ length: 9 }, () => login());
    const first = await Promise.race(waiting);
    expect(first.status).toBe(429);
    open();
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(8);
  });

  test.each([{ user: 'nurse' }, { user: '', pin: '1' }, { user: 'nurse', pin: '1', x: 1 }, []])(
    '%j is not a login',
    async (body) => {
      expect((await fixture.post('/api/session', body, {})).status).toBe(400);
    },
  );

  test('a page from elsewhere cannot log this browser in', async () => {
    expect((await login('1234', 'nurse', { origin: 'http://evil.example' })).status).toBe(403);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await login('1234', 'nurse', form)).status).toBe(415);
  });
});

describe('the cookie', () => {
  test('reads, and with proof of our own page also acts', async () => {
    const own = { cookie: await cookie() };
    expect((await fixture.call('/api/beds', { headers: own })).status).toBe(200);
    const act = (headers: object) =>
      fixture.post('/api/beds/B01/audio-pause', {}, { ...own, ...headers });
    expect((await act({ origin: fixture.hub.url })).status).toBe(200);
    expect((await act({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test.each([
    { why: 'no proof', headers: {} },
    { why: 'a foreign page', headers: { origin: 'http://evil.example' } },
    { why: 'a sandboxed page', headers: { origin: 'null' } },
    { why: 'cross-site', headers: { 'sec-fetch-site': 'cross-site' } },
    { why: 'another port of the same host', headers: { origin: 'http://127.0.0.1:1' } },
  ])('does nothing for $why', async ({ headers }) => {
    const own = { cookie: await cookie(), ...headers };
    const reply = await fixture.post('/api/beds/B01/audio-pause', {}, own);
    expect(reply.status).toBe(403);
    expect(fixture.ward.commands).toEqual([]);
  });

  test('a Bearer token needs no such proof, and a bad one is not saved by a cookie', async () => {
    const bearer = await fixture.post('/api/beds/B01/audio-pause', {}, fixture.bearer('nurse'));
    expect(bearer.status).toBe(200);
    const headers = { cookie: await cookie(), authorization: 'Bearer wrong' };
    expect((await fixture.call('/api/beds', { headers })).status).toBe(401);
  });
});

test('logging out ends the token, the cookie and the sockets', async () => {
  const { token } = (await (await login()).json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const client = fixture.client(headers);
  await client.next('snapshot');
  const reply = await fixture.call('/api/session', { method: 'DELETE', headers });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('set-cookie')).toMatch(/^infusewatch_session=;.*Max-Age=0$/);
  expect((await client.closed).code).toBe(4401);
  expect((await fixture.call('/api/beds', { headers })).status).toBe(401);
});
