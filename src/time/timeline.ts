import { asyncScheduler, type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';

/**
 * Two clocks, never mixed. `monotonicMs` orders events, measures ages and drives delays;
 * `wallMs` (milliseconds since 1970) is only for labels and for schedules written in wall time.
 */
export interface Clock {
  monotonicMs(): number;
  wallMs(): number;
}

/** Takes back something that was scheduled. Calling it twice is harmless. */
export type Cancel = () => void;

/**
 * Time as an input (docs/architecture.md, decision 1). Everything but `src/main.ts` and `src/port`
 * gets its time from here, so the whole gateway also runs in virtual time.
 */
export interface Timeline extends Clock {
  /** Runs `task` once, `delayMs` from now (a negative delay counts as 0). */
  after(delayMs: number, task: () => void): Cancel;
  /** The same time for RxJS operators that take a scheduler. */
  readonly scheduler: SchedulerLike;
}

/** The machine's own clocks. Only composition roots make one. */
export function realTimeline(): Timeline {
  return {
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    after(delayMs, task) {
      const timer = setTimeout(task, Math.max(0, delayMs));
      return () => clearTimeout(timer);
    },
    scheduler: {
      now: () => performance.now(),
      schedule: asyncScheduler.schedule.bind(asyncScheduler) as SchedulerLike['schedule'],
    },
  };
}

type Work<T> = (this: SchedulerAction<T>, state?: T) => void;

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly task: () => void;
  /** Run, or taken back. */
  isDone: boolean;
}

/**
 * A timeline that moves only when told to. Tasks run in order of time, and in the order in which
 * they were scheduled when the time is the same, so a run can be repeated exactly.
 */
export class VirtualTimeline implements Timeline {
  readonly scheduler: SchedulerLike;
  #nowMs = 0;
  #order = 0;
  #wallAtZeroMs: number;
  readonly #queue: Entry[] = [];

  /** @param wallAtZeroMs wall time when the monotonic clock reads 0, in ms since 1970 */
  constructor(wallAtZeroMs = Date.UTC(2026, 0, 5, 8, 0, 0)) {
    this.#wallAtZeroMs = wallAtZeroMs;
    this.scheduler = {
      now: () => this.#nowMs,
      schedule: ((work: Work<unknown>, delayMs?: number, state?: unknown) =>
        this.#schedule(work, delayMs, state)) as SchedulerLike['schedule'],
    };
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallAtZeroMs + this.#nowMs;
  }

  /** Sets the wall clock forward or back, as an operator or NTP would. Monotonic time is untouched. */
  stepWallClock(byMs: number): void {
    this.#wallAtZeroMs += byMs;
  }

  after(delayMs: number, task: () => void): Cancel {
    const entry: Entry = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#order++,
      task,
      isDone: false,
    };
    this.#queue.splice(this.#placeOf(entry), 0, entry);
    return () => {
      if (entry.isDone) return;
      entry.isDone = true;
      this.#queue.splice(this.#placeOf(entry), 1);
    };
  }

  /** Runs everything that is due up to `untilMs` (monotonic) and leaves the clock there. */
  runUntil(untilMs: number): void {
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#queue.shift();
      next.isDone = true;
      this.#nowMs = next.atMs;
      next.task();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** Runs everything that is due in the next `durationMs`. */
  advance(durationMs: number): void {
    this.runUntil(this.#nowMs + durationMs);
  }

  /** Where it is in the queue, or belongs. */
  #placeOf(entry: Entry): number {
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#queue[middle] as Entry;
      if (other.atMs < entry.atMs || (other.atMs === entry.atMs && other.order < entry.order))
        low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #schedule<T>(work: Work<T>, delayMs = 0, state?: T): Subscription {
    let cancel: Cancel = () => undefined;
    const subscription = new Subscription(() => cancel());
    const action = Object.assign(subscription, {
      // One pending run at a time, as RxJS has it: scheduling again replaces the last.
      schedule: (nextState?: T, nextDelayMs = 0): Subscription => {
        cancel();
        cancel = this.after(nextDelayMs, () => work.call(action, nextState));
        return subscription;
      },
    }) as unknown as SchedulerAction<T>;
    action.schedule(state, delayMs);
    return subscription;
  }
}
