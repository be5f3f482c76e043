import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { makeDataDir, reasonOf, StoreOpenError } from './database-file.ts';
import { EventsFile, type StoredEntry } from './events-file.ts';
import { lockDataDir } from './gateway-lock.ts';
import { ObservationDays } from './observation-days.ts';
import type {
  AppendMessage,
  FromStore,
  QueryMessage,
  StoreWorkerData,
  ToStore,
} from './store-messages.ts';
import { WaveGatherer } from './waves.ts';

/** The thread that owns the files. It may stall on a disk; the gateway's own thread never does. */

/** One message to the main thread carries so many entries at the start. */
const ENTRIES_PER_MESSAGE = 2_000;
/** One transaction. More would only make the first of them wait longer. */
const APPENDS_PER_COMMIT = 1_000;

const port = parentPort ?? fail('store-worker.ts runs as a worker of sqlite-store.ts only.');
const post = (message: FromStore): void => port.postMessage(message);
const settings = workerData as StoreWorkerData;

type Other = Exclude<ToStore, AppendMessage>;

class StoreWorker {
  readonly #release: () => void;
  readonly #events: EventsFile;
  readonly #days: ObservationDays;
  readonly #gatherer = new WaveGatherer();
  #appends: AppendMessage[] = [];
  #others: Other[] = [];
  /** Appends of this epoch and of earlier ones are void. */
  #failedEpoch = -1;

  constructor() {
    const { dir, keepDays, busyTimeoutMs, nowWallMs } = settings;
    makeDataDir(dir);
    this.#release = lockDataDir(dir, process.pid);
    this.#events = new EventsFile(dir, busyTimeoutMs);
    this.#tellEntries();
    this.#days = new ObservationDays(dir, keepDays);
    post({
      kind: 'ready',
      lastSeq: this.#events.end.seq,
      problems: this.#days.prune(nowWallMs),
    });
  }

  #tellEntries(): void {
    let chunk: StoredEntry[] = [];
    const tell = () => {
      post({ kind: 'entries', entries: chunk });
      chunk = [];
    };
    this.#events.readAll((entry) => {
      if (chunk.push(entry) >= ENTRIES_PER_MESSAGE) tell();
    });
    if (chunk.length > 0) tell();
  }

  take(first: ToStore): void {
    this.#sort(first);
    this.#collect();
    this.#commit();
    for (let message = this.#others.shift(); message; message = this.#others.shift()) {
      if (message.kind === 'close') {
        this.#close();
        return;
      }
      this.#handle(message);
      // What came meanwhile: a commit of numerics or a trend takes its time.
      this.#appendsFirst();
    }
  }

  readonly #appendsFirst = (): void => {
    this.#collect();
    this.#commit();
  };

  /** Everything that waits: what queued up during one commit goes into the next one together. */
  #collect(): void {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
      this.#sort(next.message as ToStore);
    }
  }

  #sort(message: ToStore): void {
    if (message.kind === 'append') this.#appends.push(message);
    else this.#others.push(message);
  }

  #commit(): void {
    while (this.#appends.length > 0) {
      const batch = this.#appends
        .splice(0, APPENDS_PER_COMMIT)
        .filter(({ epoch }) => epoch > this.#failedEpoch);
      const last = batch.at(-1);
      if (last === undefined) continue;
      try {
        this.#events.append(batch);
        post({ kind: 'durable', upToSeq: last.seq });
      } catch (error) {
        this.#failed(last.epoch, error);
      }
    }
  }

  #failed(epoch: number, error: unknown): void {
    this.#failedEpoch = epoch;
    let lastSeq = this.#events.end.seq;
    try {
      lastSeq = this.#events.findEnd().seq;
    } catch {
      // Unreadable as well: the next append will say so again.
    }
    const reason = `${this.#events.path} cannot be written (${reasonOf(error)})`;
    post({ kind: 'append-failed', epoch, lastSeq, reason });
  }

  #handle(message: Exclude<Other, { kind: 'close' }>): void {
    switch (message.kind) {
      case 'numerics': {
        const { rows, nowWallMs } = message;
        try {
          post({ kind: 'numerics-done', rows: rows.length, ...this.#days.write(rows, nowWallMs) });
        } catch (error) {
          const problems = [reasonOf(error)];
          post({ kind: 'numerics-done', rows: rows.length, dropped: rows.length, problems });
        }
        return;
      }
      case 'waves':
        this.#keepWaves(message);
        return;
      case 'trend':
      case 'rows':
      case 'runs':
        this.#answer(message);
        return;
      case 'read':
        this.#read(message);
        return;
    }
  }

  #read({ id, range }: Extract<ToStore, { kind: 'read' }>): void {
    try {
      post({ kind: 'read-done', id, entries: this.#events.read(range) });
    } catch (error) {
      post({ kind: 'read-failed', id, reason: reasonOf(error) });
    }
  }

  #keepWaves({ rows, samples, nowWallMs }: Extract<ToStore, { kind: 'waves' }>): void {
    const runs = rows.flatMap((row) => this.#gatherer.add(row));
    const idle = this.#gatherer.idle(nowWallMs);
    post({ kind: 'waves-done', samples, ...this.#days.writeWaves([...runs, ...idle]) });
  }

  #answer(message: QueryMessage): void {
    const { id } = message;
    try {
      post({ kind: 'answer', id, value: this.#valueOf(message) });
    } catch (error) {
      post({ kind: 'no-answer', id, reason: reasonOf(error) });
    }
  }

  #valueOf(message: QueryMessage) {
    switch (message.kind) {
      case 'trend':
        return this.#days.trend(message.query, this.#appendsFirst);
      case 'rows':
        return this.#days.rows(message.query, this.#appendsFirst);
      case 'runs':
        // What is not in a file yet belongs into the answer.
        this.#days.writeWaves(this.#gatherer.takeAll());
        return this.#days.waves(message.query, this.#appendsFirst);
    }
  }

  #close(): void {
    this.#appendsFirst();
    this.#days.writeWaves(this.#gatherer.takeAll());
    this.#days.close();
    this.#events.close();
    this.#release();
    port.close();
  }
}

function fail(message: string): never {
  throw new Error(message);
}

try {
  const worker = new StoreWorker();
  port.on('message', (message: ToStore) => worker.take(message));
} catch (error) {
  if (!(error instanceof StoreOpenError)) throw error;
  post({ kind: 'refused', sentence: error.message });
}
