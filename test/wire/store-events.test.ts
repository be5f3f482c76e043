import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite-store.ts';
import { verifyLog } from '../../src/store/verify-log.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { tempDir } from '../store/temp-dir.ts';

const timeline = new VirtualTimeline();

async function open(dir: string): Promise<SqliteStore> {
  const store = await openSqliteStore({ dir, timeline, keepDays: 30, busyTimeoutMs: 50 });
  onTestFinished(() => store.close());
  return store;
}

const entry = (n: number) => ({ type: 'noted', wallMs: 1_000 + n, payload: { n } });

async function filled(dir: string, count: number): Promise<string> {
  const store = await open(dir);
  await Promise.all(Array.from({ length: count }, (_, i) => store.log.append(entry(i + 1))));
  await store.close();
  return join(dir, 'events.db');
}

/** Somebody with the SQLite shell and no scruples. */
function tamper(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  const triggers = ['events_in_order', 'events_no_update', 'events_no_delete'];
  for (const name of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(sql);
  database.close();
}

describe('events.db', () => {
  test('1,000 events come back after a restart, in order, and the chain holds', async () => {
    const dir = join(tempDir(), 'not', 'there', 'yet');
    const path = await filled(dir, 1_000);
    const again = await open(dir);
    const entries = again.log.entries();
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
    expect(entries.every(({ seq, payload }) => Object.is(Object(payload)['n'], seq))).toBe(true);
    expect(await again.log.append(entry(1_001))).toBe(1_001);
    await again.close();
    expect(verifyLog(path)).toMatchObject({ ok: true, entries: 1_001 });
  });

  test('a range is read while the gateway runs: of one bed, in pages, what was just appended too', async () => {
    const store = await open(tempDir());
    const beds = ['B01', 'B02', undefined];
    const appends = Array.from({ length: 30 }, (_, i) => {
      const bedId = beds[i % 3];
      return store.log.append({ ...entry(i + 1), ...(bedId === undefined ? {} : { bedId }) });
    });
    const range = { fromSeq: 4, toSeq: 28, bedId: 'B01', limit: 5 };
    const page = await store.log.read(range);
    expect(page.map(({ seq }) => seq)).toEqual([4, 6, 7, 9, 10]);
    expect(page[0]).toMatchObject({ type: 'noted', bedId: 'B01', payload: { n: 4 } });
    expect(page[1]).not.toHaveProperty('bedId');
    const rest = await store.log.read({ ...range, fromSeq: 11, limit: 100 });
    expect(rest.map(({ seq }) => seq)).toEqual([12, 13, 15, 16, 18, 19, 21, 22, 24, 25, 27, 28]);
    await Promise.all(appends);
    await store.close();
    await expect(store.log.read(range)).rejects.toThrow('closed');
  });

  test('keeps every field as it was, also what a database could stumble over', async () => {
    const dir = tempDir();
    const odd = {
      type: 'odd\0type',
      wallMs: 1_795_000_000_123,
      bedId: 'Bett 1 "é" \u{1f600}',
      user: "O'Neil",
      station: '',
      payload: { '\ud800': ['\0', -0.5, 1e300, null, true, {}], ['__proto__']: 'x', '': [] },
    };
    const store = await open(dir);
    await store.log.append(odd);
    await store.log.append({ ...odd, type: 'half a pair \ud800' });
    await store.close();
    const [first, second] = (await open(dir)).log.entries();
    expect(first).toEqual({ ...odd, seq: 1, hash: first?.hash });
    expect(second?.type).toBe('half a pair \ufffd');
    expect(verifyLog(join(dir, 'events.db'))).toMatchObject({ ok: true, entries: 2 });
  });

  test('can be verified while the gateway writes', async () => {
    const dir = tempDir();
    const store = await open(dir);
    await store.log.append(entry(1));
    expect(verifyLog(join(dir, 'events.db'))).toMatchObject({ ok: true, entries: 1 });
    expect(await store.log.append(entry(2))).toBe(2);
  });

  test('nobody but the owner can read the data', async () => {
    const dir = join(tempDir(), 'data');
    const store = await open(dir);
    await store.log.append(entry(1));
    const rights = (name: string) => statSync(join(dir, name)).mode & 0o777;
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    for (const name of ['events.db', 'events.db-wal', 'events.db-shm', 'gateway.lock']) {
      expect([name, rights(name)]).toEqual([name, 0o600]);
    }
  });

  test.each([
    ["UPDATE events SET user = 'x'", 'append-only'],
    ['DELETE FROM events', 'append-only'],
    ["INSERT OR REPLACE INTO events VALUES (2, 0, 'x', null, null, null, '1', '', '')", 'no gaps'],
    ["INSERT INTO events VALUES (9, 0, 'x', null, null, null, '1', '', '')", 'no gaps'],
  ])('the file itself refuses: %s', async (sql, word) => {
    const path = await filled(tempDir(), 3);
    const database = new DatabaseSync(path);
    onTestFinished(() => database.close());
    expect(() => database.exec(sql)).toThrow(word);
  });
});

describe('verify-log says which entry', () => {
  test.each([
    ['was edited', `UPDATE events SET payload = '{"n":5000}' WHERE seq = 5`, 5, 'changed'],
    ['has another user', "UPDATE events SET user = 'x' WHERE seq = 6", 6, 'changed'],
    ['has another time', 'UPDATE events SET wall_ms = wall_ms + 1 WHERE seq = 1', 1, 'changed'],
    ['was removed', 'DELETE FROM events WHERE seq = 4', 4, 'missing'],
    ['was the first', 'DELETE FROM events WHERE seq = 1', 1, 'missing'],
    [
      'took the place of another',
      'UPDATE events SET seq = 100 WHERE seq = 3; UPDATE events SET seq = 3 WHERE seq = 4; UPDATE events SET seq = 4 WHERE seq = 100',
      3,
      'does not follow',
    ],
    [
      'was removed and the rest moved up',
      'DELETE FROM events WHERE seq = 4; UPDATE events SET seq = seq - 1 WHERE seq > 4',
      4,
      'does not follow',
    ],
    ['is no text any more', "UPDATE events SET payload = x'00' WHERE seq = 7", 7, 'wrong type'],
  ])('%s', async (_, sql, seq, reason) => {
    const dir = tempDir();
    const path = await filled(dir, 10);
    tamper(path, sql);
    expect(verifyLog(path)).toEqual({ ok: false, seq, reason: expect.stringContaining(reason) });
  });

  test('a cut tail is a shorter log that is whole: only the number of entries tells', async () => {
    const path = await filled(tempDir(), 10);
    tamper(path, 'DELETE FROM events WHERE seq > 7');
    expect(verifyLog(path)).toMatchObject({ ok: true, entries: 7 });
  });

  test('a file that is not there is told and not made', () => {
    const path = join(tempDir(), 'events.db');
    expect(verifyLog(path)).toMatchObject({ ok: false, seq: 0 });
    expect(existsSync(path)).toBe(false);
  });
});

describe('a directory that cannot be used is refused in one sentence', () => {
  const sentence = async (dir: string): Promise<string> => {
    const error = await openSqliteStore({ dir, timeline, keepDays: 30, busyTimeoutMs: 50 }).then(
      () => expect.unreachable('opened'),
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: 'StoreOpenError' });
    return (error as Error).message;
  };

  test('another gateway has it; after that one is closed it is free', async () => {
    const dir = tempDir();
    const store = await open(dir);
    const told = await sentence(dir);
    expect(told).toContain(
      `Another gateway (process ${process.pid}) uses the data directory ${dir}`,
    );
    expect(told).toContain('stop it, or name another directory with --data.');
    await store.log.append(entry(1));
    await store.close();
    await (await open(dir)).close();
  });

  test('a file in its place', async () => {
    const path = join(tempDir(), 'data');
    writeFileSync(path, '');
    expect(await sentence(path)).toContain('cannot be made');
  });

  test('a directory in the place of events.db', async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'events.db'));
    expect(await sentence(dir)).toMatch(
      /events\.db cannot be opened for writing .* check the rights/,
    );
  });

  test('events.db is no database', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'events.db'), 'no database at all'.repeat(100));
    expect(await sentence(dir)).toMatch(/events\.db is damaged .* keep a copy/);
  });

  test('events.db of a newer version', async () => {
    const dir = tempDir();
    const database = new DatabaseSync(await filled(dir, 1));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(await sentence(dir)).toContain('newer InfuseWatch (schema 99, this one knows 1)');
  });

  test('an entry is missing from the middle: the state could not be rebuilt from it', async () => {
    const dir = tempDir();
    tamper(await filled(dir, 10), 'DELETE FROM events WHERE seq = 4');
    expect(await sentence(dir)).toMatch(
      /changed by hand \(entry 4\): see "infusewatch verify-log"/,
    );
  });

  test('another program holds events.db', async () => {
    const dir = tempDir();
    const database = new DatabaseSync(await filled(dir, 1));
    onTestFinished(() => database.close());
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
    expect(await sentence(dir)).toMatch(/events\.db is locked by another program: close/);
  });
});

describe('when writing fails', () => {
  test('appends reject, health says so, and the log goes on without a gap when it is over', async () => {
    const dir = tempDir();
    const store = await open(dir);
    await store.log.append(entry(1));
    const blocker = new DatabaseSync(join(dir, 'events.db'));
    onTestFinished(() => blocker.close());
    blocker.exec('BEGIN IMMEDIATE');
    const both = await Promise.allSettled([store.log.append(entry(2)), store.log.append(entry(3))]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(store.health().events).toMatchObject({
      ok: false,
      pending: 0,
      lastError: expect.stringMatching(/events\.db cannot be written \(database is locked\)/),
    });
    blocker.exec('ROLLBACK');
    expect(await store.log.append(entry(4))).toBe(2);
    expect(store.health().events.ok).toBe(true);
    await store.close();
    expect(verifyLog(join(dir, 'events.db'))).toMatchObject({ ok: true, entries: 2 });
    await expect(store.log.append(entry(5))).rejects.toThrow('closed');
  });
});
