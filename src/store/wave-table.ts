import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { WaveSeen } from '../observation/wave.ts';
import { packSamples, unpackSamples } from './wave-pack.ts';
import type { WaveRun, WavesQuery } from './waves.ts';

export const WAVE_SCHEMA = `
  CREATE TABLE wave_runs (
    bed_id TEXT NOT NULL,
    code TEXT NOT NULL,
    start_ms REAL NOT NULL,
    device_id TEXT NOT NULL,
    first_index INTEGER NOT NULL,
    samples_per_s REAL NOT NULL,
    scale REAL,
    zero REAL NOT NULL,
    validity TEXT NOT NULL,
    count INTEGER NOT NULL,
    data BLOB NOT NULL
  );
  CREATE INDEX wave_runs_by_time ON wave_runs (bed_id, code, start_ms);
`;

/** No run is longer; how far before the range a run may begin that reaches into it. */
const RUN_MS_MAX = 15_000;

/** The waveforms of one day, in its observations file. */
export class WaveTable {
  readonly #insert: StatementSync;
  readonly #read: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      'INSERT INTO wave_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#read = database.prepare(
      `SELECT * FROM wave_runs
       WHERE bed_id = ? AND code = ? AND start_ms >= ? AND start_ms < ? ORDER BY start_ms, rowid`,
    );
  }

  write(run: WaveRun): void {
    const { bedId, deviceId, code, startMs, firstIndex, samplesPerS, scale, zero } = run;
    const { validity, samples } = run;
    const data = packSamples(samples);
    const values = [firstIndex, samplesPerS, scale, zero, validity, samples.length, data];
    this.#insert.run(bedId, code, startMs, deviceId, ...values);
  }

  /** Runs that reach into the range, oldest first. */
  read({ bedId, code, deviceId, fromMs, toMs }: WavesQuery): WaveRun[] {
    const runs: WaveRun[] = [];
    for (const row of this.#read.iterate(bedId, code, fromMs - RUN_MS_MAX, toMs)) {
      const run = runOf(row, bedId, code);
      if (run === undefined || (deviceId !== undefined && run.deviceId !== deviceId)) continue;
      if (run.startMs + (run.samples.length / run.samplesPerS) * 1_000 > fromMs) runs.push(run);
    }
    return runs;
  }
}

function runOf(
  row: Readonly<Record<string, unknown>>,
  bedId: string,
  code: WaveRun['code'],
): WaveRun | undefined {
  const { data, count, scale } = row;
  if (!(data instanceof Uint8Array)) return undefined;
  return {
    bedId,
    code,
    deviceId: String(row['device_id']),
    startMs: Number(row['start_ms']),
    firstIndex: Number(row['first_index']),
    samplesPerS: Number(row['samples_per_s']),
    scale: scale === null ? null : Number(scale),
    zero: Number(row['zero']),
    // Written from the same type.
    validity: String(row['validity']) as WaveSeen['validity'],
    samples: unpackSamples(data, Number(count)),
  };
}
