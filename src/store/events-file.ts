import { join } from 'node:path';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import {
  inTransaction,
  openDatabase,
  openSentence,
  StoreOpenError,
  schemaVersion,
} from './database-file.ts';
import type { LogRange } from './event-log.ts';
import { entryHash, type FrozenEntry, GENESIS_HASH } from './log-chain.ts';

export const EVENTS_FILE = 'events.db';
const SCHEMA_VERSION = 1;

/**
 * `user_version` holds the schema; `meta` says in words what an auditor needs to check the chain
 * without our source. The triggers make a slip visible at once; against somebody who removes them
 * there is the hash chain.
 */
const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  INSERT INTO meta VALUES
    ('written by', 'InfuseWatch event log, schema ${SCHEMA_VERSION}'),
    ('hash', 'sha256 hex of UTF-8: prev_hash, line feed, {"bedId":..,"payload":..,"seq":..,"station":..,"type":..,"user":..,"wallMs":..} as JSON without blanks, null where absent, payload as stored; first prev_hash is 64 zeros');
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    wall_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    bed_id TEXT,
    user TEXT,
    station TEXT,
    payload TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
  );
  CREATE TRIGGER events_in_order BEFORE INSERT ON events
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
    BEGIN SELECT RAISE(ABORT, 'the event log has no gaps'); END;
  CREATE TRIGGER events_no_update BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
  CREATE TRIGGER events_no_delete BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** One row, already checked to have the right types. */
export interface StoredEntry {
  readonly seq: number;
  readonly entry: FrozenEntry;
  readonly prevHash: string;
  readonly hash: string;
}

export interface LogEnd {
  readonly seq: number;
  readonly hash: string;
}

/**
 * `events.db`. WAL with synchronous=FULL: a commit returns after the WAL is flushed to the medium,
 * so an acknowledged entry survives SIGKILL (the kernel has it) and loss of power (the disk has it),
 * with one flush per commit where the rollback journal needs three; and `verify-log` can read
 * while the gateway writes.
 */
export class EventsFile {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  #end: LogEnd = { seq: 0, hash: GENESIS_HASH };

  constructor(dir: string, busyTimeoutMs: number) {
    this.path = join(dir, EVENTS_FILE);
    this.#database = openDatabase(this.path, { busyTimeoutMs });
    try {
      const version = schemaVersion(this.#database, this.path, SCHEMA_VERSION);
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      if (version === 0) inTransaction(this.#database, () => this.#database.exec(SCHEMA));
      this.#insert = this.#database.prepare(
        'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      );
    } catch (error) {
      this.#database.close();
      if (error instanceof StoreOpenError) throw error;
      throw new StoreOpenError(openSentence(this.path, error));
    }
  }

  get end(): LogEnd {
    return this.#end;
  }

  /**
   * Everything, oldest first. Checks that nothing is missing and that each entry follows the one
   * before it; the hashes themselves are for `verify-log`, but for the last, which new ones follow.
   */
  readAll(take: (entry: StoredEntry) => void): void {
    let last: StoredEntry | undefined;
    try {
      for (const stored of readEvents(this.#database)) {
        const { seq, hash } = this.#end;
        if (stored.seq !== seq + 1 || stored.prevHash !== hash) throw new Error(`entry ${seq + 1}`);
        this.#end = { seq: stored.seq, hash: stored.hash };
        last = stored;
        take(stored);
      }
      if (last !== undefined && entryHash(last.prevHash, last.seq, last.entry) !== last.hash) {
        throw new Error(`entry ${last.seq}`);
      }
    } catch (error) {
      throw new StoreOpenError(
        `${this.path} is damaged or was changed by hand (${error instanceof Error ? error.message : error}): see "infusewatch verify-log", then restore a backup or name another directory with --data.`,
      );
    }
  }

  /** Writes all of them or none, and returns when they are on the medium. */
  append(batch: readonly { readonly seq: number; readonly entry: FrozenEntry }[]): void {
    const end = inTransaction(this.#database, () => {
      let { seq, hash } = this.#end;
      for (const item of batch) {
        if (item.seq !== seq + 1) throw new Error(`entry ${item.seq} does not follow ${seq}`);
        const { entry } = item;
        const prevHash = hash;
        seq = item.seq;
        hash = entryHash(prevHash, seq, entry);
        this.#insert.run(
          seq,
          entry.wallMs,
          entry.type,
          entry.bedId,
          entry.user,
          entry.station,
          entry.payload,
          prevHash,
          hash,
        );
      }
      return { seq, hash };
    });
    this.#end = end;
  }

  /** Entries of a range, oldest first. */
  read({ fromSeq, toSeq, bedId, limit }: LogRange): readonly StoredEntry[] {
    const statement = this.#database.prepare(
      `${SELECT} WHERE seq BETWEEN ? AND ? AND (bed_id IS NULL OR bed_id = ?) ORDER BY seq LIMIT ?`,
    );
    return [...statement.iterate(fromSeq, toSeq, bedId, limit)].map(stored);
  }

  /** After a failed append: where the file really ends. */
  findEnd(): LogEnd {
    const row = this.#database
      .prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1')
      .get();
    this.#end =
      row === undefined
        ? { seq: 0, hash: GENESIS_HASH }
        : { seq: Number(row['seq']), hash: String(row['hash']) };
    return this.#end;
  }

  close(): void {
    this.#database.close();
  }
}

/** Rows in order of `seq`. Throws a sentence for a row that has the wrong types. */
export function* readEvents(database: DatabaseSync): Generator<StoredEntry> {
  for (const row of database.prepare(`${SELECT} ORDER BY seq`).iterate()) yield stored(row);
}

const SELECT =
  'SELECT seq, wall_ms, type, bed_id, user, station, payload, prev_hash, hash FROM events';

function stored(row: Row): StoredEntry {
  const seq = Number(row['seq']);
  return {
    seq,
    entry: {
      type: textIn(row, 'type', seq),
      wallMs: wallMsIn(row, seq),
      bedId: textOrNull(row, 'bed_id', seq),
      user: textOrNull(row, 'user', seq),
      station: textOrNull(row, 'station', seq),
      payload: textIn(row, 'payload', seq),
    },
    prevHash: textIn(row, 'prev_hash', seq),
    hash: textIn(row, 'hash', seq),
  };
}

type Row = Record<string, SQLOutputValue>;

function wallMsIn(row: Row, seq: number): number {
  const value = row['wall_ms'];
  if (typeof value === 'number') return value;
  throw new UnreadableEntry(seq, 'wall_ms');
}

function textIn(row: Row, column: string, seq: number): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new UnreadableEntry(seq, column);
}

const textOrNull = (row: Row, column: string, seq: number): string | null =>
  row[column] === null ? null : textIn(row, column, seq);

export class UnreadableEntry extends Error {
  readonly seq: number;

  constructor(seq: number, column: string) {
    super(`entry ${seq} has a ${column} of the wrong type`);
    this.seq = seq;
  }
}
