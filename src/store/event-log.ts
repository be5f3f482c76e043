import {
  entryHash,
  freezeEntry,
  GENESIS_HASH,
  type LogEntry,
  type NewLogEntry,
  thaw,
} from './log-chain.ts';

export type { JsonValue } from './canonical-json.ts';
export type { LogEntry, NewLogEntry } from './log-chain.ts';

/** The append-only record of orders, alarms, acknowledgements, configuration and audit. */
export interface EventLog {
  /** What was in the log when it was opened, oldest first. Later entries are not added. */
  entries(): readonly LogEntry[];
  /**
   * Takes the entry at once (calling it fixes its place and its content) and resolves with its
   * `seq` when it is on the disk. Rejects when it is not known to be there: the caller must not
   * show the effect as done, and may append it again under a new `seq`.
   */
  append(entry: NewLogEntry): Promise<number>;
  /**
   * Entries of a range, oldest first, with everything that was appended before the call. Rejects when the disk
   * cannot be read. Long ranges are read in pages, so that nothing else waits for them.
   */
  read(range: LogRange): Promise<readonly LogEntry[]>;
  health(): EventLogHealth;
  /** Writes what is pending and closes. Appends after this are rejected. */
  close(): Promise<void>;
}

/** Of the event log: `fromSeq` and `toSeq` are inside. */
export interface LogRange {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Only entries of this bed and those of none. */
  readonly bedId: string;
  /** At most so many, 1 or more. */
  readonly limit: number;
}

export const isInRange = (
  { seq, bedId }: { readonly seq: number; readonly bedId?: string },
  range: LogRange,
): boolean =>
  seq >= range.fromSeq && seq <= range.toSeq && (bedId === undefined || bedId === range.bedId);

export interface EventLogHealth {
  /** False from a failed write until the next one that works. */
  readonly ok: boolean;
  /** Appends that are not on the disk yet. */
  readonly pending: number;
  readonly lastError?: string;
  /** Wall time (ms since 1970) at which an append last became durable. */
  readonly lastDurableWallMs?: number;
}

export interface MemoryEventLog extends EventLog {
  /** Everything, with what was appended: hand it to the next log to play a restart. */
  all(): readonly LogEntry[];
  /** Lets every append fail with this reason, as a full disk would; `undefined` mends it. */
  failWith(reason: string | undefined): void;
}

/** The same contract without a disk, for runs in virtual time. Same hash chain, same refusals. */
export function memoryEventLog(initial: readonly LogEntry[] = []): MemoryEventLog {
  const atOpen = [...initial];
  const all = [...initial];
  let failure: string | undefined;
  let lastError: string | undefined;
  let ok = true;
  let closed = false;
  let lastDurableWallMs: number | undefined;

  const write = (entry: NewLogEntry): number => {
    if (closed) throw new Error('The event log is closed.');
    const frozen = freezeEntry(entry);
    if (failure !== undefined) {
      ok = false;
      lastError = failure;
      throw new Error(failure);
    }
    const last = all.at(-1);
    const seq = (last?.seq ?? 0) + 1;
    all.push(thaw(seq, frozen, entryHash(last?.hash ?? GENESIS_HASH, seq, frozen)));
    ok = true;
    lastDurableWallMs = frozen.wallMs;
    return seq;
  };

  return {
    entries: () => atOpen,
    all: () => all,
    append: (entry) => {
      try {
        return Promise.resolve(write(entry));
      } catch (error) {
        return Promise.reject(error);
      }
    },
    read: (range) =>
      Promise.resolve(all.filter((entry) => isInRange(entry, range)).slice(0, range.limit)),
    failWith: (reason) => {
      failure = reason;
    },
    health: () => ({
      ok,
      pending: 0,
      ...(lastError === undefined ? {} : { lastError }),
      ...(lastDurableWallMs === undefined ? {} : { lastDurableWallMs }),
    }),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}
