import { DatabaseSync } from 'node:sqlite';
import { reasonOf } from './database-file.ts';
import { readEvents, UnreadableEntry } from './events-file.ts';
import { entryHash, GENESIS_HASH } from './log-chain.ts';

export type LogVerdict =
  | { readonly ok: true; readonly entries: number; readonly lastHash: string }
  /** `seq` is the first entry that does not fit; 0 when the file cannot be read at all. */
  | { readonly ok: false; readonly seq: number; readonly reason: string };

/**
 * Recomputes the chain of an `events.db` from the file alone, read-only; a gateway may be writing to
 * it meanwhile. Finds an entry that was changed, removed, added or put elsewhere.
 *
 * It cannot find a cut tail: a log without its last entries is a shorter log that is whole. It
 * cannot find a chain that somebody recomputed from the changed entry to the end either. Both show
 * when `lastHash` and the number of entries were noted elsewhere (on paper, in a backup) before.
 *
 * @param path of the file `events.db`; its `-wal` must lie beside it when the gateway was killed
 */
export function verifyLog(path: string): LogVerdict {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
  } catch (error) {
    return { ok: false, seq: 0, reason: `${path} cannot be read (${reasonOf(error)})` };
  }
  let entries = 0;
  let lastHash = GENESIS_HASH;
  const broken = (seq: number, reason: string): LogVerdict => ({ ok: false, seq, reason });
  try {
    for (const { seq, entry, prevHash, hash } of readEvents(database)) {
      const expected = entries + 1;
      if (seq !== expected) {
        const missing = seq > expected;
        return missing
          ? broken(expected, `entry ${expected} is missing; the next one is ${seq}`)
          : broken(seq, `entry ${seq} does not belong to the log`);
      }
      if (prevHash !== lastHash) {
        return broken(seq, `entry ${seq} does not follow the entry before it`);
      }
      if (entryHash(prevHash, seq, entry) !== hash) {
        return broken(seq, `entry ${seq} was changed after it was written`);
      }
      entries = seq;
      lastHash = hash;
    }
    return { ok: true, entries, lastHash };
  } catch (error) {
    const seq = error instanceof UnreadableEntry ? error.seq : entries + 1;
    return broken(seq, `${path} cannot be read (${reasonOf(error)})`);
  } finally {
    database.close();
  }
}
