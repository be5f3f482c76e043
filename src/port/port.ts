import type { Observable } from 'rxjs';
import type { QueryBytes } from '../driver/query-bytes.ts';
import type { GenerationMode } from '../observation/metrics.ts';

/**
 * One interface for every way to a device: serial, TCP, replay, and the in-memory port of tests.
 * A driver session never sees it.
 */
export interface Port {
  /** For messages: `/dev/ttyUSB0` or `tcp 10.0.0.7:4001`. */
  readonly label: string;
  /** `test` for replayed recordings: nothing that comes through it may pass as live patient data. */
  readonly mode: GenerationMode;
  /**
   * Opens on subscribe and closes on unsubscribe. Emits `opened`, then `bytes`, then `closed`, and
   * completes; a port that cannot be opened emits only `closed`. Never errors.
   */
  connect(): Observable<PortEvent>;
}

export type PortEvent =
  | {
      readonly kind: 'opened';
      readonly atMs: number;
      /** The name that was really opened; it may differ from the configured one. */
      readonly name: string;
      /** Writes query bytes. Errors surface as `closed`. After that it does nothing. */
      readonly write: (bytes: QueryBytes) => void;
      /**
       * Only on a port that was found by search: says that another device answers here (its own
       * identity tells). The port closes and tries another name next.
       */
      readonly notMyDevice?: () => void;
    }
  | { readonly kind: 'bytes'; readonly atMs: number; readonly chunk: Uint8Array }
  | { readonly kind: 'closed'; readonly atMs: number; readonly reason: string };
