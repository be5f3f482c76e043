import { MISSING_SAMPLE, type WaveCode, type WaveSeen } from '../observation/wave.ts';

/** One block as it goes to the store. */
export interface WaveRow {
  readonly bedId: string;
  readonly deviceId: string;
  /** Wall time of the arrival of the last sample, ms since 1970. */
  readonly endMs: number;
  readonly block: Omit<WaveSeen, 'kind' | 'atMs'>;
}

/** Samples without a gap, all with the same rate, scale and validity. */
export interface WaveRun {
  readonly bedId: string;
  readonly deviceId: string;
  readonly code: WaveCode;
  /** Wall time of the first sample, ms since 1970: the arrival of its block, less the samples after it. */
  readonly startMs: number;
  readonly firstIndex: number;
  readonly samplesPerS: number;
  readonly scale: number | null;
  readonly zero: number;
  readonly validity: WaveSeen['validity'];
  readonly samples: Int16Array;
}

/** `fromMs` is inside, `toMs` is not (wall time, ms since 1970). Runs that reach into it come whole. */
export interface WavesQuery {
  readonly bedId: string;
  readonly code: WaveCode;
  readonly deviceId?: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface WaveStore {
  /** Never waits; what cannot be kept is counted. */
  recordWave(row: WaveRow): void;
  /** Oldest first. Between two runs there may be a gap; nothing is ever filled in. */
  waves(query: WavesQuery): Promise<readonly WaveRun[]>;
}

/** A run is cut after so long: what a loss of power can cost, against the size of many small runs. */
const RUN_MS_MAX = 5_000;
/** Nothing came for so long: what is there is written. */
const IDLE_MS = 1_000;

interface Gathered {
  readonly first: WaveRow;
  readonly startMs: number;
  readonly pieces: Int16Array[];
  count: number;
  endMs: number;
}

/** Puts blocks together to runs. A gap, a missing sample or a change of scale or validity begins a new one. */
export class WaveGatherer {
  readonly #open = new Map<string, Gathered>();

  /** Runs that are complete with this block. */
  add(row: WaveRow): readonly WaveRun[] {
    const done: WaveRun[] = [];
    for (const piece of withoutMissing(row)) this.#append(piece, done);
    return done;
  }

  /** Runs that nothing was added to for a while. */
  idle(nowMs: number): readonly WaveRun[] {
    const done: WaveRun[] = [];
    for (const [key, run] of this.#open) {
      // A wall clock that was set back must not keep a run open.
      if (nowMs - run.endMs < IDLE_MS && nowMs >= run.endMs) continue;
      this.#open.delete(key);
      done.push(runOf(run));
    }
    return done;
  }

  /** What is not complete yet; it stays open. */
  open(): readonly WaveRun[] {
    return [...this.#open.values()].map(runOf);
  }

  takeAll(): readonly WaveRun[] {
    const all = this.open();
    this.#open.clear();
    return all;
  }

  #append(row: WaveRow, done: WaveRun[]): void {
    const { block } = row;
    const key = `${row.deviceId} ${block.code}`;
    let run = this.#open.get(key);
    if (run !== undefined && !goesOn(run, row)) {
      done.push(runOf(run));
      run = undefined;
    }
    if (run === undefined) {
      const startMs = row.endMs - (block.samples.length / block.samplesPerS) * 1_000;
      run = { first: row, startMs, pieces: [], count: 0, endMs: row.endMs };
      this.#open.set(key, run);
    }
    run.pieces.push(block.samples);
    run.count += block.samples.length;
    run.endMs = row.endMs;
    if (run.count < (block.samplesPerS * RUN_MS_MAX) / 1_000) return;
    this.#open.delete(key);
    done.push(runOf(run));
  }
}

function goesOn({ first, count }: Gathered, { bedId, block }: WaveRow): boolean {
  const was = first.block;
  return (
    first.bedId === bedId &&
    was.firstIndex + count === block.firstIndex &&
    was.samplesPerS === block.samplesPerS &&
    was.scale === block.scale &&
    was.zero === block.zero &&
    was.validity === block.validity
  );
}

function runOf({ first, startMs, pieces, count }: Gathered): WaveRun {
  const samples = new Int16Array(count);
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  const { bedId, deviceId, block } = first;
  const { code, firstIndex, samplesPerS, scale, zero, validity } = block;
  return {
    bedId,
    deviceId,
    code,
    startMs,
    firstIndex,
    samplesPerS,
    scale,
    zero,
    validity,
    samples,
  };
}

/** The block, or its pieces between missing samples. */
function withoutMissing(row: WaveRow): readonly WaveRow[] {
  const { block, endMs } = row;
  const { samples, samplesPerS } = block;
  if (samples.length === 0) return [];
  if (!samples.includes(MISSING_SAMPLE)) return [row];
  const pieces: WaveRow[] = [];
  for (let from = 0; from < samples.length; ) {
    let to = from;
    while (to < samples.length && samples[to] !== MISSING_SAMPLE) to++;
    if (to > from) {
      pieces.push({
        ...row,
        endMs: endMs - ((samples.length - to) / samplesPerS) * 1_000,
        block: {
          ...block,
          firstIndex: block.firstIndex + from,
          samples: samples.slice(from, to),
        },
      });
    }
    from = to + 1;
  }
  return pieces;
}
