import type { Clock } from '../time/timeline.ts';
import type { EventLog, EventLogHealth, LogRange } from './event-log.ts';
import { freezeEntry, type LogEntry, type NewLogEntry, thaw } from './log-chain.ts';
import type { Heard, StoreThread } from './store-thread.ts';

/** A disk that stands still for long must not eat the memory: then appends fail at once. */
const PENDING_MAX = 10_000;

interface Read {
  readonly resolve: (entries: readonly LogEntry[]) => void;
  readonly reject: (error: Error) => void;
}

interface Pending {
  readonly seq: number;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The main thread's side of the event log: gives out `seq`, keeps who waits for what, and after a
 * failure begins anew behind the last entry that is on the disk.
 */
export class QueuedEventLog implements Omit<EventLog, 'close'> {
  readonly #thread: StoreThread;
  readonly #clock: Clock;
  readonly #atOpen: readonly LogEntry[];
  /** In order of `seq`, without gaps. */
  #pending: Pending[] = [];
  #lastSeq: number;
  #lastReadId = 0;
  readonly #reads = new Map<number, Read>();
  #epoch = 0;
  #ok = true;
  #lastError: string | undefined;
  #lastDurableWallMs: number | undefined;
  /** Why nothing is taken any more. */
  #over: string | undefined;

  constructor(thread: StoreThread, clock: Clock, atOpen: readonly LogEntry[], lastSeq: number) {
    this.#thread = thread;
    this.#clock = clock;
    this.#atOpen = atOpen;
    this.#lastSeq = lastSeq;
  }

  entries(): readonly LogEntry[] {
    return this.#atOpen;
  }

  append(entry: NewLogEntry): Promise<number> {
    try {
      if (this.#over !== undefined) throw new Error(this.#over);
      const frozen = freezeEntry(entry);
      if (this.#pending.length >= PENDING_MAX) {
        throw this.#noted(`${PENDING_MAX} entries wait for the disk: no more are taken.`);
      }
      const seq = this.#lastSeq + 1;
      this.#thread.post({ kind: 'append', epoch: this.#epoch, seq, entry: frozen });
      this.#lastSeq = seq;
      return new Promise((resolve, reject) => {
        this.#pending.push({ seq, resolve, reject });
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  read(range: LogRange): Promise<readonly LogEntry[]> {
    if (this.#over !== undefined) return Promise.reject(new Error(this.#over));
    this.#lastReadId += 1;
    const id = this.#lastReadId;
    return new Promise((resolve, reject) => {
      this.#reads.set(id, { resolve, reject });
      this.#thread.post({ kind: 'read', id, range });
    });
  }

  readDone({ id, entries }: Heard<'read-done'>): void {
    const read = this.#reads.get(id);
    this.#reads.delete(id);
    read?.resolve(entries.map(({ seq, entry, hash }) => thaw(seq, entry, hash)));
  }

  readFailed({ id, reason }: Heard<'read-failed'>): void {
    this.#reads.get(id)?.reject(new Error(reason));
    this.#reads.delete(id);
  }

  health(): EventLogHealth {
    return {
      ok: this.#ok,
      pending: this.#pending.length,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
      ...(this.#lastDurableWallMs === undefined
        ? {}
        : { lastDurableWallMs: this.#lastDurableWallMs }),
    };
  }

  durable({ upToSeq }: Heard<'durable'>): void {
    this.#ok = true;
    this.#lastDurableWallMs = this.#clock.wallMs();
    const end = this.#pending.findIndex(({ seq }) => seq > upToSeq);
    const done = this.#pending.splice(0, end === -1 ? this.#pending.length : end);
    for (const { seq, resolve } of done) resolve(seq);
  }

  failed({ epoch, lastSeq, reason }: Heard<'append-failed'>): void {
    if (epoch !== this.#epoch) return;
    this.#epoch += 1;
    this.#lastSeq = lastSeq;
    this.#rejectAll(reason);
  }

  /** The worker is gone, or the store is closed: nothing is taken any more. */
  end(reason: string, isFault: boolean): void {
    this.#over ??= reason;
    for (const { reject } of this.#reads.values()) reject(new Error(reason));
    this.#reads.clear();
    if (isFault || this.#pending.length > 0) this.#rejectAll(reason);
  }

  #rejectAll(reason: string): void {
    const error = this.#noted(reason);
    const waiting = this.#pending;
    this.#pending = [];
    for (const { reject } of waiting) reject(error);
  }

  #noted(reason: string): Error {
    this.#ok = false;
    this.#lastError = reason;
    return new Error(reason);
  }
}
