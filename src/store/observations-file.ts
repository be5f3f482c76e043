import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MetricCode } from '../observation/metrics.ts';
import {
  inTransaction,
  openDatabase,
  openSentence,
  StoreOpenError,
  schemaVersion,
} from './database-file.ts';
import type { NumericRange, NumericRow } from './numerics.ts';
import {
  codeOfValidity,
  packBlock,
  type Sample,
  unpackBlock,
  validityOfCode,
} from './series-block.ts';
import { WAVE_SCHEMA, WaveTable } from './wave-table.ts';
import type { WaveRun } from './waves.ts';

/** 2: waveforms. */
const SCHEMA_VERSION = 2;
const SCHEMA = `
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    bed_id TEXT NOT NULL,
    code TEXT NOT NULL,
    device_id TEXT NOT NULL,
    UNIQUE (bed_id, code, device_id)
  );
  CREATE TABLE recent (series_id INTEGER NOT NULL, t_ms INTEGER NOT NULL, value REAL, validity INTEGER NOT NULL);
  CREATE TABLE blocks (
    series_id INTEGER NOT NULL,
    minute INTEGER NOT NULL,
    part INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (series_id, minute, part)
  ) WITHOUT ROWID;
`;
const VERSIONED = `${WAVE_SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`;

const MINUTE_MS = 60_000;
const minuteOf = (tMs: number): number => Math.floor(tMs / MINUTE_MS);

/** One series in the file, with its values that are not packed yet, in the order of arrival. */
interface OpenSeries {
  readonly id: number;
  readonly bedId: string;
  readonly deviceId: string;
  readonly code: MetricCode;
  open: Sample[];
}

/**
 * The numerics of one UTC day. New values go to the end of `recent` (a few pages per commit,
 * however many series there are); when their minute is over they are packed, one block per series
 * and minute, about a tenth of the size and quick to read for a trend. What a crash leaves in
 * `recent` is read back at opening.
 *
 * WAL with synchronous=NORMAL: survives SIGKILL; a loss of power may cost the last moments, never
 * the file.
 */
export class ObservationsFile {
  readonly path: string;
  readonly waves: WaveTable;
  readonly #database: DatabaseSync;
  readonly #series = new Map<string, OpenSeries>();
  readonly #insertSeries: StatementSync;
  readonly #insertRecent: StatementSync;
  readonly #insertBlock: StatementSync;
  readonly #readBlocks: StatementSync;

  constructor(path: string) {
    this.path = path;
    this.#database = openDatabase(path, { busyTimeoutMs: 200 });
    try {
      const version = schemaVersion(this.#database, path, SCHEMA_VERSION);
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      if (version < SCHEMA_VERSION) {
        const missing = version === 0 ? `${SCHEMA} ${VERSIONED}` : VERSIONED;
        inTransaction(this.#database, () => this.#database.exec(missing));
      }
      const prepare = (sql: string) => this.#database.prepare(sql);
      this.#insertSeries = prepare(
        'INSERT INTO series (bed_id, code, device_id) VALUES (?, ?, ?) RETURNING id',
      );
      this.#insertRecent = prepare('INSERT INTO recent VALUES (?, ?, ?, ?)');
      this.#insertBlock = prepare(
        `INSERT INTO blocks SELECT ?1, ?2, coalesce(max(part) + 1, 0), ?3
         FROM blocks WHERE series_id = ?1 AND minute = ?2`,
      );
      this.#readBlocks = prepare(
        'SELECT data FROM blocks WHERE series_id = ? AND minute BETWEEN ? AND ? ORDER BY minute, part',
      );
      this.waves = new WaveTable(this.#database);
      this.#load();
    } catch (error) {
      this.#database.close();
      throw error instanceof StoreOpenError
        ? error
        : new StoreOpenError(openSentence(path, error), { cause: error });
    }
  }

  #load(): void {
    const byId = new Map<number, OpenSeries>();
    for (const row of this.#database.prepare('SELECT * FROM series').iterate()) {
      const series: OpenSeries = {
        id: Number(row['id']),
        bedId: String(row['bed_id']),
        deviceId: String(row['device_id']),
        // Written from a MetricCode; a code that this version no longer knows is only never asked for.
        code: String(row['code']) as MetricCode,
        open: [],
      };
      byId.set(series.id, series);
      this.#series.set(keyOf(series), series);
    }
    for (const row of this.#database.prepare('SELECT * FROM recent ORDER BY rowid').iterate()) {
      byId.get(Number(row['series_id']))?.open.push({
        tMs: Number(row['t_ms']),
        value: row['value'] === null ? null : Number(row['value']),
        validity: validityOfCode(Number(row['validity'])),
      });
    }
  }

  /**
   * Commits the rows and packs the minutes that are over. When it throws, the file holds none of
   * the rows, and this object must be closed and opened anew.
   */
  write(rows: readonly NumericRow[], nowWallMs: number): void {
    inTransaction(this.#database, () => {
      for (const row of rows) {
        const series = this.#seriesOf(row);
        const tMs = Math.round(row.tMs);
        const value = row.value !== null && Number.isFinite(row.value) ? row.value : null;
        this.#insertRecent.run(series.id, tMs, value, codeOfValidity(row.validity));
        series.open.push({ tMs, value, validity: row.validity });
      }
      this.#packAllBut(minuteOf(nowWallMs));
    });
  }

  /** Commits runs of waveforms, all or none. */
  writeWaves(runs: readonly WaveRun[]): void {
    inTransaction(this.#database, () => {
      for (const run of runs) this.waves.write(run);
    });
  }

  #seriesOf(row: NumericRow): OpenSeries {
    const key = keyOf(row);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const { bedId, deviceId, code } = row;
    const id = Number(this.#insertSeries.get(bedId, code, deviceId)?.['id']);
    const series: OpenSeries = { id, bedId, deviceId, code, open: [] };
    this.#series.set(key, series);
    return series;
  }

  /** Late values, and those of a wall clock that was set, become one more part of their minute. */
  #packAllBut(minuteNow: number): void {
    let packed = false;
    for (const series of this.#series.values()) {
      if (series.open.every(({ tMs }) => minuteOf(tMs) === minuteNow)) continue;
      packed = true;
      const minutes = Map.groupBy(series.open, ({ tMs }) => minuteOf(tMs));
      series.open = minutes.get(minuteNow) ?? [];
      minutes.delete(minuteNow);
      for (const [minute, samples] of minutes) {
        this.#insertBlock.run(series.id, minute, packBlock(samples.sort((a, b) => a.tMs - b.tMs)));
      }
    }
    if (!packed) return;
    const from = minuteNow * MINUTE_MS;
    this.#database
      .prepare('DELETE FROM recent WHERE t_ms < ? OR t_ms >= ?')
      .run(from, from + MINUTE_MS);
  }

  /** Every sample in the minutes of the range; the caller cuts to the range itself. */
  *samples(range: NumericRange): Generator<{ readonly deviceId: string; readonly sample: Sample }> {
    const first = minuteOf(range.fromMs);
    const last = minuteOf(range.toMs);
    for (const series of this.#series.values()) {
      const { bedId, deviceId, code } = series;
      if (bedId !== range.bedId || code !== range.code) continue;
      if (range.deviceId !== undefined && range.deviceId !== deviceId) continue;
      for (const row of this.#readBlocks.iterate(series.id, first, last)) {
        const data = row['data'];
        if (!(data instanceof Uint8Array)) continue;
        for (const sample of unpackBlock(data)) yield { deviceId, sample };
      }
      for (const sample of series.open) yield { deviceId, sample };
    }
  }

  close(): void {
    this.#database.close();
  }
}

const keyOf = ({
  bedId,
  code,
  deviceId,
}: Pick<NumericRow, 'bedId' | 'code' | 'deviceId'>): string =>
  JSON.stringify([bedId, code, deviceId]);
