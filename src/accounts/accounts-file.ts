import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isRole, type Role } from './roles.ts';

export const ACCOUNTS_FILE = 'accounts.db';
const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE users (
    name_key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    pin_rev INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    created_wall_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE revoked (nonce TEXT PRIMARY KEY, expires_wall_ms INTEGER NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;
/** A write waits so long for the other process, and blocks the gateway's thread for so long. */
const BUSY_TIMEOUT_MS = 250;

/** One sentence for a person, with the thing to do next. */
export class AccountsError extends Error {
  override readonly name = 'AccountsError';
}

export interface StoredUser {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  readonly pinHash: string;
  /** Grows with each new PIN; sessions begun with an old one end. */
  readonly pinRev: number;
  readonly createdWallMs: number;
}

/** Names that differ in case only are one name: an audit trail must not have two of them. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase();

/**
 * `accounts.db`: WAL, so that the CLI can add a user while the gateway reads; transactions of one
 * statement. Read at each login, so that a change by another process counts at once.
 */
export class AccountsFile {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;

  constructor(dir: string) {
    const path = join(dir, ACCOUNTS_FILE);
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      makePrivate(path);
      this.#database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    } catch (error) {
      throw openFault(path, error);
    }
    try {
      this.#database.exec('PRAGMA journal_mode = WAL');
      this.#makeSchema(path);
      // No checkpoint, and so no flush, in the middle of the gateway's work: here and at the close.
      this.#database.exec('PRAGMA wal_checkpoint(PASSIVE); PRAGMA wal_autocheckpoint = 0');
      this.#find = this.#database.prepare('SELECT * FROM users WHERE name_key = ?');
    } catch (error) {
      this.#database.close();
      throw error instanceof AccountsError ? error : openFault(path, error);
    }
  }

  #makeSchema(path: string): void {
    const read = (): number =>
      Number(this.#database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    const version = read();
    if (version > SCHEMA_VERSION) {
      throw new AccountsError(
        `${path} was written by a newer InfuseWatch (schema ${version}, this one knows ${SCHEMA_VERSION}): install that version again or name another directory with --data.`,
      );
    }
    if (version !== 0) return;
    this.#database.exec('BEGIN IMMEDIATE');
    // Another process may have been quicker.
    if (read() === 0) this.#database.exec(SCHEMA);
    this.#database.exec('COMMIT');
  }

  find(name: string): StoredUser | undefined {
    const row = this.#find.get(nameKey(name));
    return row === undefined ? undefined : storedUser(row);
  }

  all(): readonly StoredUser[] {
    return this.#database.prepare('SELECT * FROM users ORDER BY name_key').all().map(storedUser);
  }

  /** False when there is such a user already. */
  add(name: string, roles: readonly Role[], pinHash: string, wallMs: number): boolean {
    const insert = 'INSERT OR IGNORE INTO users VALUES (?, ?, ?, ?, 1, 0, ?)';
    return this.#change(insert, nameKey(name), name, roles.join(','), pinHash, Math.round(wallMs));
  }

  setDisabled(name: string, disabled: boolean): boolean {
    const update = 'UPDATE users SET disabled = ? WHERE name_key = ?';
    return this.#change(update, disabled ? 1 : 0, nameKey(name));
  }

  setPin(name: string, pinHash: string): boolean {
    const update = 'UPDATE users SET pin_hash = ?, pin_rev = pin_rev + 1 WHERE name_key = ?';
    return this.#change(update, pinHash, nameKey(name));
  }

  /** Flushed to the disk. False when no row was touched. */
  #change(sql: string, ...values: (string | number)[]): boolean {
    this.#database.exec('PRAGMA synchronous = FULL');
    return Number(this.#database.prepare(sql).run(...values).changes) > 0;
  }

  /** Survives the end of the process; not flushed, so that a slow disk holds up nobody. */
  revoke(nonce: string, expiresWallMs: number): void {
    this.#database.exec('PRAGMA synchronous = NORMAL');
    this.#database.prepare('INSERT OR IGNORE INTO revoked VALUES (?, ?)').run(nonce, expiresWallMs);
  }

  /** Nonce and end of what is revoked and not over; forgets the others. */
  revoked(nowWallMs: number): ReadonlyMap<string, number> {
    this.#database.prepare('DELETE FROM revoked WHERE expires_wall_ms <= ?').run(nowWallMs);
    const rows = this.#database.prepare('SELECT * FROM revoked').all();
    return new Map(rows.map((row) => [String(row['nonce']), Number(row['expires_wall_ms'])]));
  }

  close(): void {
    this.#database.close();
  }
}

function storedUser(row: Record<string, unknown>): StoredUser {
  return {
    name: String(row['name']),
    roles: String(row['roles']).split(',').filter(isRole),
    disabled: row['disabled'] !== 0,
    pinHash: String(row['pin_hash']),
    pinRev: Number(row['pin_rev']),
    createdWallMs: Number(row['created_wall_ms']),
  };
}

/** Made before SQLite sees it, which would make it with the rights of the umask. */
function makePrivate(path: string): void {
  try {
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

function openFault(path: string, error: unknown): AccountsError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AccountsError(
    `${path} cannot be opened (${reason}): check the rights of the file and its directory, or name another with --data.`,
    { cause: error },
  );
}
