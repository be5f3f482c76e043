import { Worker } from 'node:worker_threads';
import type { Timeline } from '../time/timeline.ts';
import { StoreOpenError } from './database-file.ts';
import type { EventLog, EventLogHealth } from './event-log.ts';
import { type LogEntry, thaw } from './log-chain.ts';
import type { NumericsHealth, NumericsStore } from './numerics.ts';
import { QueuedEventLog } from './queued-event-log.ts';
import { QueuedNumerics } from './queued-numerics.ts';
import type { FromStore, StoreWorkerData, ToStore } from './store-messages.ts';
import type { StoreThread } from './store-thread.ts';
import type { WaveStore } from './waves.ts';

export { StoreOpenError } from './database-file.ts';
export { EVENTS_FILE } from './events-file.ts';

export interface SqliteStoreOptions {
  /** The data directory; made (0700) when it is not there. A local disk, not a network share. */
  readonly dir: string;
  readonly timeline: Timeline;
  /** Observations of days before so many days ago are deleted. The event log never is. */
  readonly keepDays: number;
  /** How long a write of the worker waits for another program that holds a file, in ms. */
  readonly busyTimeoutMs?: number;
}

export interface StoreHealth {
  readonly events: EventLogHealth;
  readonly numerics: NumericsHealth;
}

export interface SqliteStore {
  readonly log: EventLog;
  readonly numerics: NumericsStore & WaveStore;
  health(): StoreHealth;
  /** Writes what is pending, closes the files and lets go of the directory. */
  close(): Promise<void>;
}

/**
 * Opens the data directory in a worker thread of its own (docs/architecture.md, decision 8) and
 * resolves when the log has been read. Rejects with a {@link StoreOpenError}, which is a sentence
 * for a person: locked by another gateway, not writable, damaged, written by a newer version.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const { dir, timeline, keepDays, busyTimeoutMs = 2_000 } = options;
  const workerData: StoreWorkerData = {
    dir,
    keepDays,
    busyTimeoutMs,
    nowWallMs: timeline.wallMs(),
  };
  const worker = new Worker(new URL('./store-worker.ts', import.meta.url), {
    workerData,
    name: 'store',
    // It holds little: what it writes goes through SQLite's own memory.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const thread: StoreThread = { post: (message: ToStore) => worker.postMessage(message) };
  try {
    const { entries, lastSeq, problems } = await opened(worker, dir);
    const log = new QueuedEventLog(thread, timeline, entries, lastSeq);
    const numerics = new QueuedNumerics(thread, timeline, problems);
    return running(worker, exited, log, numerics);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

interface Opened {
  readonly entries: readonly LogEntry[];
  readonly lastSeq: number;
  readonly problems: readonly string[];
}

function opened(worker: Worker, dir: string): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const entries: LogEntry[] = [];
    const stop = (): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onMessage = (message: FromStore): void => {
      if (message.kind === 'entries') {
        try {
          for (const { seq, hash, entry } of message.entries) entries.push(thaw(seq, entry, hash));
        } catch (error) {
          onError(error);
        }
        return;
      }
      stop();
      if (message.kind === 'ready') resolve({ entries, ...message });
      else if (message.kind === 'refused') reject(new StoreOpenError(message.sentence));
      else reject(new Error(`The store said ${message.kind} before it was open.`));
    };
    const onError = (error: unknown): void => {
      stop();
      const reason = error instanceof Error ? error.message : String(error);
      const sentence = `The data directory ${dir} cannot be read (${reason}): check the disk, or name another with --data.`;
      reject(new StoreOpenError(sentence, { cause: error }));
    };
    const onExit = (): void => onError('the store thread ended');
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

function running(
  worker: Worker,
  exited: Promise<void>,
  log: QueuedEventLog,
  numerics: QueuedNumerics,
): SqliteStore {
  let closing: Promise<void> | undefined;

  const end = (reason: string, isFault: boolean): void => {
    log.end(reason, isFault);
    numerics.end(reason, isFault);
  };
  worker.on('message', (message: FromStore) => hear(message, log, numerics));
  worker.on('error', (error) => {
    end(`The store thread failed: ${error instanceof Error ? error.message : error}`, true);
  });
  worker.on('exit', () => {
    if (closing === undefined) end('The store thread ended.', true);
  });

  const close = async (): Promise<void> => {
    numerics.flush();
    worker.postMessage({ kind: 'close' } satisfies ToStore);
    await exited;
    end('The store is closed.', false);
  };
  const closeOnce = (): Promise<void> => {
    closing ??= close();
    return closing;
  };
  return {
    log: {
      entries: () => log.entries(),
      append: (entry) =>
        closing === undefined
          ? log.append(entry)
          : Promise.reject(new Error('The store is closed.')),
      read: (range) => log.read(range),
      health: () => log.health(),
      close: closeOnce,
    },
    numerics,
    health: () => ({ events: log.health(), numerics: numerics.health() }),
    close: closeOnce,
  };
}

function hear(message: FromStore, log: QueuedEventLog, numerics: QueuedNumerics): void {
  switch (message.kind) {
    case 'durable':
      log.durable(message);
      return;
    case 'append-failed':
      log.failed(message);
      return;
    case 'read-done':
      log.readDone(message);
      return;
    case 'read-failed':
      log.readFailed(message);
      return;
    case 'numerics-done':
      numerics.done(message);
      return;
    case 'waves-done':
      numerics.wavesDone(message);
      return;
    case 'answer':
      numerics.answered(message);
      return;
    case 'no-answer':
      numerics.unanswered(message);
      return;
    case 'entries':
    case 'ready':
    case 'refused':
      throw new Error(`The store said ${message.kind} after it was open.`);
  }
}
