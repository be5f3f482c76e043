import { describe, expect, test } from 'vitest';
import { judgeOrigin, mayUseCookie } from '../../src/hub/origin.ts';

const plain = { isTls: false, origins: ['https://station.example'] };
const tls = { isTls: true, origins: [] };

describe('origin of a page', () => {
  test.each([
    { origin: undefined, host: 'gw:8080', verdict: 'none' },
    { origin: 'http://gw:8080', host: 'gw:8080', verdict: 'allowed' },
    { origin: 'http://GW:8080', host: 'gw:8080', verdict: 'allowed' },
    { origin: 'https://gw', host: 'gw', verdict: 'allowed' },
    { origin: 'http://gw', host: 'gw:80', verdict: 'allowed' },
    { origin: 'https://station.example', host: 'gw:8080', verdict: 'allowed' },
    { origin: 'http://gw:8081', host: 'gw:8080', verdict: 'foreign' },
    { origin: 'http://gw.evil.example:8080', host: 'gw:8080', verdict: 'foreign' },
    { origin: 'http://station.example', host: 'gw:8080', verdict: 'foreign' },
    { origin: 'null', host: 'gw:8080', verdict: 'foreign' },
    { origin: '', host: 'gw:8080', verdict: 'foreign' },
    { origin: 'ftp://gw:8080', host: 'gw:8080', verdict: 'foreign' },
    { origin: 'http://gw:8080', host: undefined, verdict: 'foreign' },
    { origin: 'http://gw:8080', host: 'g w', verdict: 'foreign' },
  ])('$origin at $host is $verdict', ({ origin, host, verdict }) => {
    const headers = { ...(origin !== undefined && { origin }), ...(host && { host }) };
    expect(judgeOrigin(headers, plain)).toBe(verdict);
  });

  test('a page without TLS is foreign to a gateway with it', () => {
    expect(judgeOrigin({ origin: 'http://gw', host: 'gw' }, tls)).toBe('foreign');
    expect(judgeOrigin({ origin: 'https://gw', host: 'gw' }, tls)).toBe('allowed');
  });
});

describe('the cookie speaks for its user', () => {
  test.each([
    { why: 'our page', headers: { origin: 'http://gw' }, read: true, change: true },
    { why: 'foreign page', headers: { origin: 'http://evil' }, read: false, change: false },
    {
      why: 'same-origin by fetch metadata',
      headers: { 'sec-fetch-site': 'same-origin' },
      read: true,
      change: true,
    },
    { why: 'cross-site', headers: { 'sec-fetch-site': 'cross-site' }, read: false, change: false },
    { why: 'same-site', headers: { 'sec-fetch-site': 'same-site' }, read: false, change: false },
    { why: 'typed address', headers: { 'sec-fetch-site': 'none' }, read: true, change: false },
    { why: 'no proof at all', headers: {}, read: true, change: false },
    {
      why: 'foreign page that lies about the rest',
      headers: { origin: 'http://evil', 'sec-fetch-site': 'same-origin' },
      read: false,
      change: false,
    },
  ])('$why: read $read, change $change', ({ headers, read, change }) => {
    const all = { host: 'gw', ...headers };
    expect(mayUseCookie(all, false, plain)).toBe(read);
    expect(mayUseCookie(all, true, plain)).toBe(change);
  });
});
