import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Why the store cannot be opened: one sentence for a person, with the thing to do next. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
}

/** Primary result codes of SQLite (the low byte of `errcode`). */
export const SQLITE = {
  BUSY: 5,
  READONLY: 8,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
} as const;

export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Makes the data directory for its owner only. One that exists keeps its rights. */
export function makeDataDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreOpenError(
      `The data directory ${dir} cannot be made (${reasonOf(error)}): make it by hand or name another with --data.`,
    );
  }
}

export interface OpenOptions {
  /** How long a write waits for another process, in ms. Blocks the calling thread for so long. */
  readonly busyTimeoutMs: number;
}

/**
 * Opens or makes a database file that only its owner can read. The file is made before SQLite sees
 * it, because SQLite would make it with the rights of the umask; its side files inherit the rights.
 */
export function openDatabase(path: string, options: OpenOptions): DatabaseSync {
  try {
    makePrivate(path);
    const database = new DatabaseSync(path, { timeout: options.busyTimeoutMs });
    try {
      // Reads the header, so that a file which is no database is found here and not later.
      database.prepare('PRAGMA user_version').get();
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw new StoreOpenError(openSentence(path, error), { cause: error });
  }
}

function makePrivate(path: string): void {
  try {
    // Never opens one that exists: closing it would drop this process's own locks on the file.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    try {
      chmodSync(path, 0o600);
    } catch {
      // Somebody else's file. Whether we may use it is for SQLite to find out.
    }
  }
}

export function openSentence(path: string, error: unknown): string {
  switch (sqliteCode(error)) {
    case SQLITE.BUSY:
      return `${path} is locked by another program: close what has it open (such as a database browser) and start again.`;
    case SQLITE.NOTADB:
    case SQLITE.CORRUPT:
      return `${path} is damaged (${reasonOf(error)}): keep a copy for examination, then restore a backup or name another directory with --data.`;
    case SQLITE.FULL:
      return `${path} cannot be written because the disk is full: free some space and start again.`;
    default:
      return `${path} cannot be opened for writing (${reasonOf(error)}): check the rights of the file and its directory, or name another with --data.`;
  }
}

/** Refuses what a newer version wrote; answers 0 for a new file. */
export function schemaVersion(database: DatabaseSync, path: string, known: number): number {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.['user_version'] ?? 0);
  if (version > known) {
    throw new StoreOpenError(
      `${path} was written by a newer InfuseWatch (schema ${version}, this one knows ${known}): install that version again or name another directory with --data.`,
    );
  }
  return version;
}

/** All or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may already have rolled it back.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
