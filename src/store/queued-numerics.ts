import type { Cancel, Timeline } from '../time/timeline.ts';
import {
  type NumericRow,
  type NumericsHealth,
  type NumericsStore,
  type RowsQuery,
  rangeProblem,
  TREND_POINTS_MAX,
  type TrendBucket,
  type TrendQuery,
} from './numerics.ts';
import type { QueryMessage } from './store-messages.ts';
import type { Heard, StoreThread } from './store-thread.ts';
import type { WaveRow, WaveRun, WaveStore, WavesQuery } from './waves.ts';

/** How long a value may wait for its commit. */
export const FLUSH_MS = 250;
/** About a minute of 32 full beds. Beyond it the newest are given up and counted. */
const BUFFERED_MAX = 60_000;

interface Question {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Half a minute of 32 beds with three waveforms each. */
const SAMPLES_MAX = 32 * 30 * 700;

/** The main thread's side of the observations: gathers them and sends them off four times a second. */
export class QueuedNumerics implements NumericsStore, WaveStore {
  readonly #thread: StoreThread;
  readonly #timeline: Timeline;
  #rows: NumericRow[] = [];
  #waveRows: WaveRow[] = [];
  #samples = 0;
  #samplesInFlight = 0;
  #inFlight = 0;
  #dropped = 0;
  #ok = true;
  #lastError: string | undefined;
  #cancel: Cancel | undefined;
  #over: string | undefined;
  #lastId = 0;
  readonly #questions = new Map<number, Question>();

  constructor(thread: StoreThread, timeline: Timeline, problems: readonly string[]) {
    this.#thread = thread;
    this.#timeline = timeline;
    this.#note(problems);
  }

  recordNumeric(row: NumericRow): void {
    const isFull = this.#rows.length + this.#inFlight >= BUFFERED_MAX;
    if (isFull || this.#over !== undefined || !Number.isFinite(row.tMs)) {
      this.#dropped += 1;
      return;
    }
    this.#rows.push(row);
    this.#cancel ??= this.#timeline.after(FLUSH_MS, () => this.flush());
  }

  recordWave(row: WaveRow): void {
    const count = row.block.samples.length;
    const isFull = this.#samples + this.#samplesInFlight + count > SAMPLES_MAX;
    if (isFull || this.#over !== undefined || !Number.isFinite(row.endMs)) {
      this.#dropped += count;
      return;
    }
    this.#waveRows.push(row);
    this.#samples += count;
    this.#cancel ??= this.#timeline.after(FLUSH_MS, () => this.flush());
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#over !== undefined) return;
    const nowWallMs = this.#timeline.wallMs();
    const rows = this.#rows;
    if (rows.length > 0) {
      this.#rows = [];
      this.#inFlight += rows.length;
      this.#thread.post({ kind: 'numerics', rows, nowWallMs });
    }
    const waveRows = this.#waveRows;
    if (waveRows.length > 0) {
      const samples = this.#samples;
      this.#waveRows = [];
      this.#samples = 0;
      this.#samplesInFlight += samples;
      this.#thread.post({ kind: 'waves', rows: waveRows, samples, nowWallMs });
    }
  }

  async waves(query: WavesQuery): Promise<readonly WaveRun[]> {
    const id = this.#nextId(query);
    return (await this.#ask({ kind: 'runs', id, query })) as readonly WaveRun[];
  }

  async trend(query: TrendQuery): Promise<readonly TrendBucket[]> {
    const { points } = query;
    if (!(Number.isInteger(points) && points >= 1 && points <= TREND_POINTS_MAX)) {
      throw new RangeError(`"points" must be a whole number from 1 to ${TREND_POINTS_MAX}.`);
    }
    const id = this.#nextId(query);
    return (await this.#ask({ kind: 'trend', id, query })) as readonly TrendBucket[];
  }

  async rows(query: RowsQuery): Promise<readonly NumericRow[]> {
    const id = this.#nextId(query);
    return (await this.#ask({ kind: 'rows', id, query })) as readonly NumericRow[];
  }

  #nextId(query: Pick<RowsQuery, 'fromMs' | 'toMs'>): number {
    const problem = rangeProblem(query) ?? this.#over;
    if (problem !== undefined) throw new RangeError(problem);
    this.#lastId += 1;
    return this.#lastId;
  }

  #ask(message: QueryMessage): Promise<unknown> {
    // What was recorded before the question belongs into the answer.
    this.flush();
    return new Promise((resolve, reject) => {
      this.#questions.set(message.id, { resolve, reject });
      this.#thread.post(message);
    });
  }

  answered({ id, value }: Heard<'answer'>): void {
    this.#questions.get(id)?.resolve(value);
    this.#questions.delete(id);
  }

  unanswered({ id, reason }: Heard<'no-answer'>): void {
    this.#questions.get(id)?.reject(new Error(reason));
    this.#questions.delete(id);
  }

  done({ rows, dropped, problems }: Heard<'numerics-done'>): void {
    this.#inFlight -= rows;
    this.#dropped += dropped;
    this.#ok = dropped === 0;
    this.#note(problems);
  }

  wavesDone({ samples, dropped, problems }: Heard<'waves-done'>): void {
    this.#samplesInFlight -= samples;
    this.#dropped += dropped;
    if (dropped > 0) this.#ok = false;
    this.#note(problems);
  }

  health(): NumericsHealth {
    return {
      ok: this.#ok,
      buffered: this.#rows.length + this.#inFlight,
      dropped: this.#dropped,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  /** The worker is gone, or the store is closed. */
  end(reason: string, isFault: boolean): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#over ??= reason;
    this.#dropped += this.#rows.length + this.#inFlight + this.#samples + this.#samplesInFlight;
    this.#rows = [];
    this.#waveRows = [];
    this.#samples = 0;
    this.#samplesInFlight = 0;
    this.#inFlight = 0;
    if (isFault) this.#ok = false;
    if (isFault) this.#note([reason]);
    for (const { reject } of this.#questions.values()) reject(new Error(reason));
    this.#questions.clear();
  }

  #note(problems: readonly string[]): void {
    const last = problems.at(-1);
    if (last !== undefined) this.#lastError = last;
  }
}
