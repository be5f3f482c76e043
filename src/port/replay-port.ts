import { Observable, type Subscriber } from 'rxjs';
import type { LineSettings } from '../driver/contract.ts';
import type { Cancel, Timeline } from '../time/timeline.ts';
import { CaptureError } from './capture-format.ts';
import type { Port, PortEvent } from './port.ts';
import { type Recorded, readRecording } from './recording.ts';

export interface ReplayPortOptions {
  /** `.raw`: bare bytes, paced like the line. Anything else: our capture format, at its own times. */
  readonly path: string;
  readonly line: LineSettings;
  readonly timeline: Timeline;
  /** 2 is twice as fast as recorded; `max` leaves out all waiting. */
  readonly speed?: number | 'max';
  readonly loop?: boolean;
}

/** With `max`: after so many records the rest of the gateway gets its turn. */
const BATCH_RECORDS = 256;

/**
 * Replays a recording on the timeline that it is given. A connection starts at the beginning; where
 * the recorded line was closed the port closes too, and the next connection goes on from there, so that
 * reconnecting is replayed as well. What is written goes nowhere.
 */
export function replayPort(options: ReplayPortOptions): Port {
  const tape = new Tape(options);
  let busy = false;
  return {
    label: tape.label,
    mode: 'test',
    connect: () =>
      new Observable<PortEvent>((subscriber) => {
        if (busy) {
          const reason = `${tape.label} is already being replayed: give each device its own recording`;
          subscriber.next({ kind: 'closed', atMs: options.timeline.monotonicMs(), reason });
          subscriber.complete();
          return;
        }
        busy = true;
        const connection = new ReplayConnection(tape, options.timeline, subscriber, () => {
          busy = false;
        });
        return () => connection.leave();
      }),
  };
}

/** Where the replay is: outlives a connection that the recording itself closes. */
class Tape {
  readonly label: string;
  /** Why it cannot be played (further): the same for every later connection, or it would begin anew. */
  fault: string | undefined;
  readonly #options: ReplayPortOptions;
  #recording: Generator<Recorded, void> | undefined;
  #ahead: Recorded | undefined;
  /** Taken since the start. */
  #chunks = 0;
  /** Timeline time of the start of the recording (ms). */
  #startMs = 0;

  constructor(options: ReplayPortOptions) {
    this.#options = options;
    this.label = `replay ${options.path}`;
  }

  /** The next record and how long until it is due; `undefined` at the end. */
  get next(): { readonly record: Recorded; readonly waitMs: number } | undefined {
    const record = this.#ahead;
    if (record === undefined) return undefined;
    const { speed = 1, timeline } = this.#options;
    const dueMs = speed === 'max' ? 0 : this.#startMs + record.atMs / speed;
    return { record, waitMs: Math.max(0, dueMs - timeline.monotonicMs()) };
  }

  /** Whether there is something to play from the beginning: at first, and in a loop. */
  get mayStart(): boolean {
    // A recording without a byte in a loop would never let go.
    return this.#recording === undefined || (this.#options.loop === true && this.#chunks > 0);
  }

  start(): void {
    this.stop();
    this.#recording = readRecording(this.#options.path, this.#options.line);
    this.#startMs = this.#options.timeline.monotonicMs();
    this.#chunks = 0;
    this.#ahead = this.#read();
  }

  /** Takes the next record away. */
  take(): void {
    if (this.#ahead?.kind === 'bytes') this.#chunks += 1;
    this.#ahead = this.#read();
  }

  /** Closes the file; the next start is at the beginning. */
  stop(): void {
    this.#recording?.return();
    this.#recording = undefined;
    this.#ahead = undefined;
  }

  #read(): Recorded | undefined {
    const step = this.#recording?.next();
    return step === undefined || step.done === true ? undefined : step.value;
  }
}

class ReplayConnection {
  readonly #tape: Tape;
  readonly #timeline: Timeline;
  readonly #subscriber: Subscriber<PortEvent>;
  readonly #onEnd: () => void;
  #open = true;
  #saidOpened = false;
  #cancel: Cancel;

  constructor(
    tape: Tape,
    timeline: Timeline,
    subscriber: Subscriber<PortEvent>,
    onEnd: () => void,
  ) {
    this.#tape = tape;
    this.#timeline = timeline;
    this.#subscriber = subscriber;
    this.#onEnd = onEnd;
    this.#cancel = timeline.after(0, () => this.#step());
  }

  /** The subscriber left: whoever comes next starts at the beginning. */
  leave(): void {
    if (!this.#open) return;
    this.#tape.stop();
    this.#end(`${this.#tape.label} was closed by the gateway`);
  }

  #step(): void {
    try {
      this.#play();
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.#tape.stop();
      this.#tape.fault = `${error.message}: record it again, or give another file`;
      this.#end(this.#tape.fault);
    }
  }

  /** Emits what is due, then waits. */
  #play(): void {
    if (this.#tape.fault !== undefined) this.#end(this.#tape.fault);
    else if (this.#tape.next === undefined && this.#tape.mayStart) this.#tape.start();
    for (let batch = 0; this.#open; batch += 1) {
      const next = this.#tape.next;
      if (next === undefined && !this.#tape.mayStart) {
        this.#end(`${this.#tape.label} has ended: start it again, or set loop`);
        return;
      }
      if (next === undefined || next.waitMs > 0 || batch >= BATCH_RECORDS) {
        this.#cancel = this.#timeline.after(next?.waitMs ?? 0, () => this.#step());
        return;
      }
      // First on to the next one, then out: what is emitted may close us.
      this.#tape.take();
      this.#emit(next.record);
    }
  }

  #emit(record: Recorded): void {
    switch (record.kind) {
      case 'opened':
        this.#sayOpened(record.name);
        break;
      case 'closed':
        // `close` alone is an attempt to open that failed; of several that are due only the last one counts.
        if (this.#saidOpened || (this.#tape.next?.waitMs ?? 0) > 0) this.#end(record.reason);
        break;
      case 'ended':
        break;
      case 'bytes':
        this.#sayOpened(this.#tape.label);
        if (this.#open) {
          const atMs = this.#timeline.monotonicMs();
          this.#subscriber.next({ kind: 'bytes', atMs, chunk: record.chunk });
        }
        break;
    }
  }

  #sayOpened(name: string): void {
    if (this.#saidOpened) return;
    this.#saidOpened = true;
    this.#subscriber.next({
      kind: 'opened',
      atMs: this.#timeline.monotonicMs(),
      name,
      write: () => undefined,
    });
  }

  #end(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#cancel();
    this.#onEnd();
    this.#subscriber.next({ kind: 'closed', atMs: this.#timeline.monotonicMs(), reason });
    this.#subscriber.complete();
  }
}
