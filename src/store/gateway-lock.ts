import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase, SQLITE, StoreOpenError, sqliteCode } from './database-file.ts';

/** Long enough for another start that is just writing its process id; a holder never lets go. */
const PATIENCE_MS = 300;

/**
 * One gateway per data directory. The lock is an open write transaction on `gateway.lock`, which is
 * a lock of the kernel: it ends with the process, however that ends (SIGKILL, power), so that there
 * is no stale lock to judge and no process id to compare. The id in the file is for the sentence only.
 *
 * Not for network file systems, where such locks may not work; the data belongs on a local disk.
 */
export function lockDataDir(dir: string, pid: number): () => void {
  const path = join(dir, 'gateway.lock');
  const database = openDatabase(path, { busyTimeoutMs: PATIENCE_MS });
  try {
    database.exec('BEGIN IMMEDIATE');
    database.exec('CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY CHECK (id = 1), pid)');
    database.prepare('INSERT OR REPLACE INTO holder (id, pid) VALUES (1, ?)').run(pid);
    database.exec('COMMIT');
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    const holder = holderOf(database);
    database.close();
    if (sqliteCode(error) !== SQLITE.BUSY) throw error;
    throw new StoreOpenError(
      `Another gateway${holder} uses the data directory ${dir} (${path}): stop it, or name another directory with --data.`,
    );
  }
  return () => database.close();
}

function holderOf(database: DatabaseSync): string {
  try {
    const row = database.prepare('SELECT pid FROM holder').get();
    return row === undefined ? '' : ` (process ${String(row['pid'])})`;
  } catch {
    return '';
  }
}
