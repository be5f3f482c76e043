import type { LogRange } from './event-log.ts';
import type { FrozenEntry } from './log-chain.ts';
import type { NumericRow, RowsQuery, TrendBucket, TrendQuery } from './numerics.ts';
import type { WaveRow, WaveRun, WavesQuery } from './waves.ts';

/** What the worker is started with. */
export interface StoreWorkerData {
  readonly dir: string;
  readonly keepDays: number;
  readonly busyTimeoutMs: number;
  readonly nowWallMs: number;
}

/** To the worker, handled in this order, but that appends may overtake everything else. */
export type ToStore =
  | AppendMessage
  | {
      readonly kind: 'numerics';
      readonly rows: readonly NumericRow[];
      readonly nowWallMs: number;
    }
  | {
      readonly kind: 'waves';
      readonly rows: readonly WaveRow[];
      /** Samples in the rows. */
      readonly samples: number;
      readonly nowWallMs: number;
    }
  | QueryMessage
  | { readonly kind: 'read'; readonly id: number; readonly range: LogRange }
  | { readonly kind: 'close' };

export interface SentEntry {
  readonly seq: number;
  readonly hash: string;
  readonly entry: FrozenEntry;
}

export interface AppendMessage {
  readonly kind: 'append';
  /** Grows by one with every failure; what was sent before the failure was known is void. */
  readonly epoch: number;
  readonly seq: number;
  readonly entry: FrozenEntry;
}

export type QueryMessage =
  | { readonly kind: 'trend'; readonly id: number; readonly query: TrendQuery }
  | { readonly kind: 'rows'; readonly id: number; readonly query: RowsQuery }
  | { readonly kind: 'runs'; readonly id: number; readonly query: WavesQuery };

/** From the worker: `entries` (any number) and `ready`, or `refused`; then the others. */
export type FromStore =
  | { readonly kind: 'entries'; readonly entries: readonly SentEntry[] }
  | { readonly kind: 'ready'; readonly lastSeq: number; readonly problems: readonly string[] }
  | { readonly kind: 'refused'; readonly sentence: string }
  /** Everything up to `upToSeq` is on the disk. */
  | { readonly kind: 'durable'; readonly upToSeq: number }
  /** Of the event log, what was asked for; or why it cannot be read. */
  | { readonly kind: 'read-done'; readonly id: number; readonly entries: readonly SentEntry[] }
  | { readonly kind: 'read-failed'; readonly id: number; readonly reason: string }
  /** Nothing of this epoch that was not told durable is on the disk for sure. */
  | {
      readonly kind: 'append-failed';
      readonly epoch: number;
      readonly lastSeq: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'numerics-done';
      readonly rows: number;
      readonly dropped: number;
      readonly problems: readonly string[];
    }
  | {
      readonly kind: 'waves-done';
      readonly samples: number;
      readonly dropped: number;
      readonly problems: readonly string[];
    }
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly value: readonly TrendBucket[] | readonly NumericRow[] | readonly WaveRun[];
    }
  | { readonly kind: 'no-answer'; readonly id: number; readonly reason: string };
