import { draw } from '../kit/random.ts';

/** In whole mmHg, and beats a minute. */
export interface Pressures {
  readonly sys: number;
  readonly dia: number;
  readonly map: number;
  readonly pulse: number;
}

/** What the cuff does of itself, in order. */
export type Happening =
  | { readonly kind: 'pressure'; readonly mmHg: number; readonly state: number }
  | { readonly kind: 'end' };

export type Mode = 'measure' | 'leak-test' | 'manometer';

interface Run {
  readonly mode: Mode;
  readonly startMs: number;
  /** What will be found; `null` = the run fails with this code. */
  readonly finds: Pressures | null;
  readonly failsWith: string;
  readonly peak: number;
  readonly untilMs: number;
  readonly nextTickMs: number;
}

const TICK_MS = 200;
const FILL_MS = 6_000;
const FILL_TO = 160;
const OVER_SYS = 35;
const EMPTY_MMHG_PER_S = 4;
/** A leak is found soon; the manometer stays on. */
const FAILURE_MS = 14_000;
const LEAK_TEST_MS = 20_000;
const TEST_MMHG = 150;
const STATE: Readonly<Record<Mode, number>> = { measure: 3, 'leak-test': 7, manometer: 4 };
const INFLATING = 8;

/** A cuff on an arm. Goes through every moment in order, however often it is called; it has no clock. */
export class Cuff {
  message = '00';
  result: Pressures | null = null;
  readings = 0;
  failedRuns = 0;
  /** Time at which the last measurement ended; `null` = none. */
  endedAtMs: number | null = null;
  /** The next measurement fails with this code. */
  failNext: string | null = null;
  /** A cuff whose valve sticks: a run does not end. */
  isStuck = false;
  /** Whether a failed run blanks the last result, or keeps it. Nobody knows. */
  readonly #blanks: boolean;
  readonly #patient: () => Pressures;
  readonly #spread: number;
  #random: number;
  #run: Run | null = null;
  #cycleMs: number | null = null;
  #nextRunMs: number | null = null;

  constructor(
    patient: () => Pressures,
    settings: { readonly blanks: boolean; readonly spread: number; readonly seed: number },
  ) {
    this.#patient = patient;
    this.#blanks = settings.blanks;
    this.#spread = settings.spread;
    this.#random = settings.seed;
  }

  get mode(): Mode | null {
    return this.#run?.mode ?? null;
  }

  get cycleMin(): number {
    return (this.#cycleMs ?? 0) / 60_000;
  }

  /** 0 is by hand. */
  setCycle(minutes: number, firstRunMs: number): void {
    this.#cycleMs = minutes === 0 ? null : minutes * 60_000;
    this.#nextRunMs = this.#cycleMs === null ? null : firstRunMs;
  }

  secondsToNext(nowMs: number): number | null {
    if (this.#nextRunMs === null) return null;
    return Math.max(0, Math.ceil((this.#nextRunMs - nowMs) / 1_000));
  }

  /** The digit behind S; `null` while nothing runs. */
  stateAt(nowMs: number): number | null {
    const run = this.#run;
    if (run === null) return null;
    const isFilling = run.mode === 'measure' && nowMs - run.startMs < FILL_MS;
    return isFilling ? INFLATING : STATE[run.mode];
  }

  /** While something runs this does nothing. */
  start(mode: Mode, nowMs: number): void {
    if (this.#run !== null) return;
    const failsWith = this.failNext ?? '00';
    const finds = mode === 'measure' && this.failNext === null ? this.#measured() : null;
    if (mode === 'measure') this.failNext = null;
    const peak = Math.max(FILL_TO, (finds?.sys ?? 0) + OVER_SYS);
    const emptyMs = finds === null ? 0 : ((peak - finds.dia + 10) / EMPTY_MMHG_PER_S) * 1_000;
    const durationMs = {
      measure: finds === null ? FAILURE_MS : FILL_MS + emptyMs,
      'leak-test': LEAK_TEST_MS,
      manometer: Number.POSITIVE_INFINITY,
    }[mode];
    this.#run = {
      mode,
      startMs: nowMs,
      finds,
      failsWith,
      peak,
      untilMs: nowMs + Math.round(durationMs),
      nextTickMs: nowMs + TICK_MS,
    };
  }

  /** Lets the air out; neither message nor result change, which is the worst that a module can do. */
  abort(): readonly Happening[] {
    if (this.#run === null) return [];
    this.#run = null;
    this.isStuck = false;
    return [{ kind: 'end' }];
  }

  /** As after a loss of power. */
  restart(): void {
    this.#run = null;
    this.#cycleMs = null;
    this.#nextRunMs = null;
    this.message = '00';
    this.result = null;
  }

  /** What happens up to a moment, in order. */
  runTo(nowMs: number): readonly Happening[] {
    const out: Happening[] = [];
    for (let dueMs = this.dueMs(); dueMs !== null && dueMs <= nowMs; dueMs = this.dueMs()) {
      out.push(...this.#happen(dueMs));
    }
    return out;
  }

  dueMs(): number | null {
    if (this.#run === null) return this.#nextRunMs;
    return this.isStuck ? this.#run.nextTickMs : Math.min(this.#run.nextTickMs, this.#run.untilMs);
  }

  #happen(atMs: number): readonly Happening[] {
    const run = this.#run;
    if (run === null) {
      this.start('measure', atMs);
      if (this.#cycleMs !== null) this.#nextRunMs = atMs + this.#cycleMs;
      return [];
    }
    if (!this.isStuck && atMs >= run.untilMs) {
      this.#finish(run, atMs);
      return [{ kind: 'end' }];
    }
    this.#run = { ...run, nextTickMs: atMs + TICK_MS };
    const state = this.stateAt(atMs) ?? 0;
    return [{ kind: 'pressure', mmHg: pressureAt(run, atMs), state }];
  }

  #finish(run: Run, atMs: number): void {
    this.#run = null;
    if (run.mode !== 'measure') return;
    this.endedAtMs = atMs;
    this.message = run.finds === null ? run.failsWith : '03';
    if (run.finds !== null) {
      this.readings += 1;
      this.result = run.finds;
      return;
    }
    this.failedRuns += 1;
    if (this.#blanks) this.result = null;
  }

  #measured(): Pressures {
    const { value, next } = draw(this.#random);
    this.#random = next;
    const sway = Math.round((2 * value - 1) * this.#spread);
    const { sys, dia, map, pulse } = this.#patient();
    return { sys: sys + sway, dia: dia + sway, map: map + sway, pulse };
  }
}

function pressureAt(run: Run, atMs: number): number {
  const sinceMs = atMs - run.startMs;
  if (run.mode === 'leak-test') return TEST_MMHG;
  if (run.mode === 'manometer') return 0;
  if (sinceMs < FILL_MS) return Math.round((run.peak * sinceMs) / FILL_MS);
  if (run.finds === null) return run.peak;
  return Math.max(0, Math.round(run.peak - ((sinceMs - FILL_MS) / 1_000) * EMPTY_MMHG_PER_S));
}
