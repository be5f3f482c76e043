import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, SQLITE, sqliteCode } from './database-file.ts';
import {
  type NumericRange,
  type NumericRow,
  type RowsQuery,
  selectRows,
  type TrendBucket,
  TrendBuckets,
  type TrendQuery,
} from './numerics.ts';
import { ObservationsFile } from './observations-file.ts';
import type { Sample } from './series-block.ts';
import type { WaveRun, WavesQuery } from './waves.ts';

const DAY_MS = 86_400_000;
const FILE = /^observations-(\d{4}-\d{2}-\d{2})\.db(-wal|-shm|-journal|\.damaged)?$/;
/** Today, and yesterday for late values around midnight. */
const OPEN_FILES_MAX = 2;

type Take = (deviceId: string, sample: Sample) => void;

const dayOf = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 10);

/** The day files in one directory. Whatever goes wrong here is told, never thrown at the event log. */
export class ObservationDays {
  readonly #dir: string;
  readonly #keepDays: number;
  /** The one used last is the last. */
  readonly #open = new Map<string, ObservationsFile>();
  #today = '';

  constructor(dir: string, keepDays: number) {
    this.#dir = dir;
    this.#keepDays = keepDays;
  }

  /** @returns how many rows were given up, and why */
  write(
    rows: readonly NumericRow[],
    nowWallMs: number,
  ): { readonly dropped: number; readonly problems: readonly string[] } {
    const problems = dayOf(nowWallMs) === this.#today ? [] : [...this.prune(nowWallMs)];
    let dropped = 0;
    for (const [day, ofDay] of Map.groupBy(rows, ({ tMs }) => dayOf(tMs))) {
      try {
        this.#fileOf(day).write(ofDay, nowWallMs);
      } catch (error) {
        dropped += ofDay.length;
        problems.push(`${this.#path(day)}: ${reasonOf(error)}`);
        this.#giveUp(day, error);
      }
    }
    return { dropped, problems };
  }

  /** @returns how many samples were given up, and why */
  writeWaves(runs: readonly WaveRun[]): { readonly dropped: number; readonly problems: string[] } {
    const problems: string[] = [];
    let dropped = 0;
    for (const [day, ofDay] of Map.groupBy(runs, ({ startMs }) => dayOf(startMs))) {
      try {
        this.#fileOf(day).writeWaves(ofDay);
      } catch (error) {
        for (const { samples } of ofDay) dropped += samples.length;
        problems.push(`${this.#path(day)}: ${reasonOf(error)}`);
        this.#giveUp(day, error);
      }
    }
    return { dropped, problems };
  }

  waves(query: WavesQuery, between: () => void): WaveRun[] {
    const runs: WaveRun[] = [];
    // A run that began the day before may reach into the range.
    const range = { ...query, fromMs: query.fromMs - 60_000 };
    this.#eachFile(range, (file) => runs.push(...file.waves.read(query)), between);
    return runs.sort((a, b) => a.startMs - b.startMs);
  }

  /** Deletes the days that are over `keepDays` old. Days are UTC days of the wall clock. */
  prune(nowWallMs: number): readonly string[] {
    this.#today = dayOf(nowWallMs);
    const oldest = dayOf(nowWallMs - this.#keepDays * DAY_MS);
    const problems: string[] = [];
    for (const [name, day] of this.#files()) {
      if (day >= oldest) continue;
      try {
        this.#open.get(day)?.close();
        this.#open.delete(day);
        rmSync(join(this.#dir, name), { force: true });
      } catch (error) {
        problems.push(`${name} cannot be deleted: ${reasonOf(error)}`);
      }
    }
    return problems;
  }

  /** @param between is called after each day, so that a long trend does not keep events waiting */
  trend(query: TrendQuery, between: () => void): readonly TrendBucket[] {
    const buckets = new TrendBuckets(query);
    const take: Take = (_, { tMs, value, validity }) => buckets.add(tMs, value, validity);
    this.#each(query, take, between);
    return buckets.result();
  }

  rows(query: RowsQuery, between: () => void): readonly NumericRow[] {
    const { bedId, code } = query;
    const rows: NumericRow[] = [];
    const take: Take = (deviceId, sample) => rows.push({ bedId, deviceId, code, ...sample });
    this.#each(query, take, between);
    return selectRows(rows, query);
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }

  #each(range: NumericRange, take: Take, between: () => void): void {
    const samplesOf = (file: ObservationsFile): void => {
      for (const { deviceId, sample } of file.samples(range)) take(deviceId, sample);
    };
    this.#eachFile(range, samplesOf, between);
  }

  #eachFile(
    range: Pick<NumericRange, 'fromMs' | 'toMs'>,
    use: (file: ObservationsFile) => void,
    between: () => void,
  ): void {
    const first = dayOf(range.fromMs);
    const last = dayOf(range.toMs);
    const days = this.#files().flatMap(([name, day]) => (name.endsWith('.db') ? [day] : []));
    for (const day of days.sort()) {
      if (day < first || day > last) continue;
      const open = this.#open.get(day);
      const file = open ?? new ObservationsFile(this.#path(day));
      try {
        use(file);
      } finally {
        if (open === undefined) file.close();
      }
      between();
    }
  }

  #fileOf(day: string): ObservationsFile {
    const file = this.#open.get(day) ?? new ObservationsFile(this.#path(day));
    this.#open.delete(day);
    this.#open.set(day, file);
    for (const [other, unused] of this.#open) {
      if (this.#open.size <= OPEN_FILES_MAX) break;
      unused.close();
      this.#open.delete(other);
    }
    return file;
  }

  /** Opened anew at the next write. A file that is damaged is moved aside, so that a new one begins. */
  #giveUp(day: string, error: unknown): void {
    try {
      this.#open.get(day)?.close();
      this.#open.delete(day);
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      const code = sqliteCode(cause);
      if (code !== SQLITE.CORRUPT && code !== SQLITE.NOTADB) return;
      renameSync(this.#path(day), `${this.#path(day)}.damaged`);
      for (const side of ['-wal', '-shm']) rmSync(`${this.#path(day)}${side}`, { force: true });
    } catch {
      // The reason is already told; the next write tries again.
    }
  }

  #files(): [name: string, day: string][] {
    return readdirSync(this.#dir).flatMap((name): [string, string][] => {
      const day = FILE.exec(name)?.[1];
      return day === undefined ? [] : [[name, day]];
    });
  }

  #path(day: string): string {
    return join(this.#dir, `observations-${day}.db`);
  }
}
