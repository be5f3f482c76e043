import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openAccounts } from '../../src/accounts/accounts.ts';
import { openAccess, SESSION_LIFETIME_MS } from '../../src/accounts/sessions.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { tempDir } from '../store/temp-dir.ts';

const anna = { name: 'Anna B.', roles: ['nurse', 'prescriber'] as const, pin: '4711' };

function gateway(dir: string, timeline = new VirtualTimeline()) {
  const access = openAccess({ dir, clock: timeline });
  onTestFinished(() => access.close());
  return { ...access, timeline };
}

async function withAnna() {
  const dir = join(tempDir(), 'data');
  const made = gateway(dir);
  expect(await made.accounts.addUser(anna)).toEqual({ ok: true });
  return { ...made, dir };
}

describe('accounts', () => {
  test('a user logs in with name and PIN, in any case of letters', async () => {
    const { accounts } = await withAnna();
    const right = { ok: true, user: 'Anna B.', roles: ['nurse', 'prescriber'] };
    expect(await accounts.checkPin('Anna B.', '4711')).toEqual(right);
    expect(await accounts.checkPin('anna b.', '4711')).toEqual(right);
    const wrong = { ok: false, reason: 'unknown-or-wrong' };
    expect(await accounts.checkPin('Anna B.', '4712')).toEqual(wrong);
    expect(await accounts.checkPin('nobody', '4711')).toEqual(wrong);
    expect(accounts.listUsers()).toMatchObject([{ name: 'Anna B.', disabled: false }]);
  });

  test.each([
    ['name', { ...anna, name: '' }],
    ['name', { ...anna, name: ' Anna' }],
    ['name', { ...anna, name: 'a'.repeat(65) }],
    ['name', { ...anna, name: 'a<b' }],
    ['role', { ...anna, roles: [] }],
    ['PIN', { ...anna, pin: '123' }],
    ['already', { ...anna, name: 'ANNA B.' }],
  ])('a new user is refused in a sentence about its %s', async (word, user) => {
    const { accounts } = await withAnna();
    const change = await accounts.addUser(user);
    expect(change).toEqual({ ok: false, problem: expect.stringContaining(word) });
    expect(accounts.listUsers()).toHaveLength(1);
  });

  test('what another process changes counts at the next login', async () => {
    const { accounts, dir, timeline } = await withAnna();
    const cli = openAccounts({ dir, clock: timeline });
    onTestFinished(() => cli.close());
    await cli.addUser({ name: 'bert', roles: ['biomed'], pin: '0815' });
    expect(await accounts.checkPin('bert', '0815')).toMatchObject({ ok: true });
    cli.setDisabled('bert', true);
    expect(await accounts.checkPin('bert', '0815')).toEqual({ ok: false, reason: 'disabled' });
    expect(await accounts.checkPin('bert', '0816')).toMatchObject({ reason: 'unknown-or-wrong' });
    expect(cli.setDisabled('carl', true)).toMatchObject({ ok: false });
  });

  test('after five wrong PINs the right one has to wait, whether the user exists or not', async () => {
    const { accounts, timeline } = await withAnna();
    for (const name of ['anna b.', 'nobody']) {
      for (let i = 0; i < 5; i += 1) await accounts.checkPin(name, '9999');
      expect(await accounts.checkPin(name, '4711')).toEqual({
        ok: false,
        reason: 'too-many-tries',
        retryAfterMs: 30_000,
      });
    }
    timeline.advance(30_000);
    expect(await accounts.checkPin('anna b.', '4711')).toMatchObject({ ok: true });
  });

  test('tries sent all at once get no more than five guesses', async () => {
    const { accounts } = await withAnna();
    const pins = ['1230', '1231', '1232', '1233', '1234', '4711', '1236'];
    const checks = await Promise.all(pins.map((pin) => accounts.checkPin('Anna B.', pin)));
    expect(checks.map((check) => (check.ok ? 'in' : check.reason))).toEqual([
      ...Array.from({ length: 5 }, () => 'unknown-or-wrong'),
      'too-many-tries',
      'too-many-tries',
    ]);
  });

  test('a flood of logins is turned away and not queued without end', async () => {
    const { accounts } = await withAnna();
    const flood = Array.from({ length: 25 }, (_, i) => accounts.checkPin(`nobody ${i}`, '1234'));
    const reasons = (await Promise.all(flood)).map((check) => (check.ok ? 'in' : check.reason));
    expect(reasons.filter((reason) => reason === 'too-many-tries')).toHaveLength(5);
    expect(await accounts.checkPin('Anna B.', '4711')).toMatchObject({ ok: true });
  });

  test('no PIN is in any file, and the files are for the owner only', async () => {
    const { dir } = await withAnna();
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    for (const name of ['accounts.db', 'accounts.db-wal', 'session.key']) {
      expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(dir, name)).includes('4711')).toBe(false);
    }
  });
});

describe('sessions', () => {
  const session = { user: 'Anna B.', roles: ['nurse', 'prescriber'] };

  test('last 12 hours and over a restart', async () => {
    const { sessions, dir, timeline } = await withAnna();
    const token = sessions.issue('Anna B.', anna.roles);
    expect(sessions.verify(token)).toEqual(session);
    const again = gateway(dir, timeline);
    expect(again.sessions.verify(token)).toEqual(session);
    timeline.advance(SESSION_LIFETIME_MS - 1);
    expect(again.sessions.verify(token)).toEqual(session);
    timeline.advance(1);
    expect(again.sessions.verify(token)).toBeUndefined();
  });

  test('that were logged out stay out, also after a restart; others go on', async () => {
    const { sessions, dir, timeline } = await withAnna();
    const [out, stays] = [
      sessions.issue('Anna B.', anna.roles),
      sessions.issue('Anna B.', anna.roles),
    ];
    sessions.revoke(out);
    sessions.revoke('no token at all');
    expect(sessions.verify(out)).toBeUndefined();
    const again = gateway(dir, timeline);
    expect(again.sessions.verify(out)).toBeUndefined();
    expect(again.sessions.verify(stays)).toEqual(session);
  });

  test('of who was disabled end within 5 s', async () => {
    const { sessions, dir, timeline } = await withAnna();
    const token = sessions.issue('Anna B.', anna.roles);
    const cli = openAccounts({ dir, clock: timeline });
    onTestFinished(() => cli.close());
    cli.setDisabled('Anna B.', true);
    timeline.advance(4_999);
    expect(sessions.verify(token)).toBeUndefined();
    cli.setDisabled('Anna B.', false);
    timeline.advance(4_999);
    expect(sessions.verify(token)).toEqual(session);
  });

  test('that were begun with the old PIN end with the new one', async () => {
    const { accounts, sessions, timeline } = await withAnna();
    const token = sessions.issue('Anna B.', anna.roles);
    expect(await accounts.setPin('Anna B.', '4712')).toEqual({ ok: true });
    timeline.advance(4_999);
    expect(sessions.verify(token)).toBeUndefined();
    expect(await accounts.checkPin('Anna B.', '4712')).toMatchObject({ ok: true });
  });

  test('do not get longer by setting the wall clock back', async () => {
    const { sessions, timeline } = await withAnna();
    const token = sessions.issue('Anna B.', anna.roles);
    timeline.stepWallClock(-60_000);
    expect(sessions.verify(token)).toEqual(session);
    timeline.stepWallClock(-3_600_000);
    expect(sessions.verify(token)).toBeUndefined();
  });

  test('of another gateway do not count, and a damaged key is told', async () => {
    const { sessions } = await withAnna();
    const other = await withAnna();
    expect(other.sessions.verify(sessions.issue('Anna B.', anna.roles))).toBeUndefined();
    writeFileSync(join(other.dir, 'session.key'), 'short');
    expect(() => gateway(other.dir)).toThrow('delete it, which ends all sessions');
  });
});
