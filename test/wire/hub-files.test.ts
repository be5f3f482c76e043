import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HubFixture } from '../hub/hub-fixture.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.start();
});
afterEach(() => fixture.stop());

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function build(page = '<!doctype html>one'): void {
  const dir = fixture.dashboardDir;
  mkdirSync(join(dir, 'assets'), { recursive: true });
  writeFileSync(join(dir, 'index.html'), page);
  writeFileSync(join(dir, 'assets/index-Ch1vOdzN.js'), 'export {};');
  writeFileSync(join(dir, 'robots.txt'), 'no');
  writeFileSync(join(dir, 'my file.txt'), 'yes');
}

describe('the dashboard', () => {
  test('is served: page never from a cache, hashed files for ever', async () => {
    build();
    const page = await fixture.call('/');
    expect(await page.text()).toBe('<!doctype html>one');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-store');
    const script = await fixture.call('/assets/index-Ch1vOdzN.js?x=1');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await fixture.call('/robots.txt')).headers.get('cache-control')).toBe('no-cache');
    expect(await (await fixture.call('/my%20file.txt')).text()).toBe('yes');
  });

  test('when not built, one sentence says what to do; when built, no restart is needed', async () => {
    const missing = await fixture.call('/');
    expect(missing.status).toBe(503);
    expect(await missing.text()).toContain('npm run build');
    build();
    expect((await fixture.call('/')).status).toBe(200);
    build('<!doctype html>two');
    utimesSync(join(fixture.dashboardDir, 'index.html'), 1, 1);
    expect(await (await fixture.call('/')).text()).toBe('<!doctype html>two');
  });

  test('takes GET and HEAD only', async () => {
    build();
    expect((await fixture.call('/', { method: 'POST', body: 'x' })).status).toBe(405);
  });
});

test.each([
  '/..%2f..%2f..%2f..%2fetc/passwd',
  '/../../../../etc/passwd',
  '/assets/../../../../../etc/passwd',
  '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/..\\..\\etc\\passwd',
  '/assets/..%5c..%5cindex.html',
  '//etc/passwd',
  '/%00/etc/passwd',
  '/%ff',
  '/link.txt',
  '/index.html/',
  '/assets/',
])('%s leads nowhere', async (path) => {
  build();
  symlinkSync('/etc/passwd', join(fixture.dashboardDir, 'link.txt'));
  const answer = await fixture.rawAnswer(
    `GET ${path} HTTP/1.1\r\nHost: gw\r\nConnection: close\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(answer).not.toContain('root:');
});

test.each([
  '/',
  '/api/beds',
  '/healthz',
  '/metrics',
  '/api/openapi.json',
  '/nothing',
  '/assets/x.js',
])('%s carries the security headers', async (path) => {
  const { headers } = await fixture.call(path);
  expect(headers.get('content-security-policy')).toBe(CSP);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('strict-transport-security')).toBeNull();
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect(headers.get('x-powered-by')).toBeNull();
});

test('with TLS: https, HSTS and a Secure cookie', async () => {
  const pem = (name: string) => readFileSync(join(import.meta.dirname, '../hub/tls', name), 'utf8');
  const tls = { cert: pem('cert.pem'), key: pem('key.pem') };
  const secure = await HubFixture.start({ http: { host: '127.0.0.1', port: 0, tls } });
  try {
    expect(secure.hub.url).toMatch(/^https:/);
    const headers = await new Promise<NodeJS.Dict<string | string[]>>((resolve, reject) => {
      const asked = request(
        `${secure.hub.url}/api/session`,
        {
          method: 'POST',
          ca: tls.cert,
          headers: { 'content-type': 'application/json' },
          agent: false,
        },
        (reply) => {
          reply.resume();
          resolve(reply.headers);
        },
      );
      asked.on('error', reject);
      asked.end('{"user":"nurse","pin":"1234"}');
    });
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/);
    expect(String(headers['set-cookie'])).toMatch(/; Secure$/);
  } finally {
    await secure.stop();
  }
});

describe('hostile requests', () => {
  const ask = (...lines: readonly string[]) => fixture.rawAnswer(`${lines.join('\r\n')}\r\n\r\n`);

  test('not HTTP, or headers without end: an error and the connection is closed', async () => {
    expect(await fixture.rawAnswer('\x16\x03\x01 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await ask('GET / HTTP/1.1', 'Host: gw', `X: ${'y'.repeat(20_000)}`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  test('a body without end is cut off', async () => {
    const { authorization } = fixture.bearer('nurse');
    const socket = fixture.raw();
    socket.write(
      `POST /api/orders HTTP/1.1\r\nHost: gw\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    let answer = '';
    socket.setEncoding('latin1').on('data', (text) => {
      answer += text;
    });
    for (let sent = 0; sent < 400 && !socket.destroyed && answer === ''; sent += 1) {
      if (socket.write(piece)) await new Promise((resolve) => setImmediate(resolve));
      else await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
    }
    expect(answer === '' ? 'closed' : answer).toMatch(/^(closed$|HTTP\/1\.1 413 )/);
    expect((await fixture.call('/healthz')).status).toBe(200);
  });

  test.each([
    { what: 'headers', sent: 'GET / HTTP/1.1\r\nHost: g' },
    {
      what: 'a body',
      sent: 'POST /api/session HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    },
  ])('$what that never come to their end: cut off with 408', async ({ sent }) => {
    const quick = await HubFixture.start({ limits: { headersMsMax: 100, requestMsMax: 200 } });
    expect(await quick.rawAnswer(sent)).toMatch(/^HTTP\/1\.1 408 /);
    await quick.stop();
  });

  test('other upgrades are answered as plain calls', async () => {
    expect(
      await ask('GET /healthz HTTP/1.1', 'Host: gw', 'Connection: Upgrade, close', 'Upgrade: h2c'),
    ).toMatch(/^HTTP\/1\.1 200 /);
  });
});
