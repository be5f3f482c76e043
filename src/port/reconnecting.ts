import { Observable, type Subscription } from 'rxjs';
import type { Cancel, Timeline } from '../time/timeline.ts';
import type { Port, PortEvent } from './port.ts';

/** First retry after a close. */
const FIRST_RETRY_MS = 250;
/** Retries are never further apart: a monitor that speaks 1 s after it was asked must show within 2 s. */
const LAST_RETRY_MS = 500;
/** A port that stayed open so long was really there; one that opens and closes at once was not. */
const STABLE_MS = 5_000;

/**
 * Keeps a port open for ever: after `closed` it connects again, at first after 250 ms, then after
 * twice the time, at most 500 ms apart. Attempts that fail for the same reason as the last one say
 * nothing, so one lost cable is one `closed`. Never errors and never completes; unsubscribe closes.
 */
export function connectForever(port: Port, timeline: Timeline): Observable<PortEvent> {
  return new Observable<PortEvent>((subscriber) => {
    let retryMs = FIRST_RETRY_MS;
    let openedAtMs: number | undefined;
    let lastReason: string | undefined;
    let connection: Subscription | undefined;
    let cancelRetry: Cancel | undefined;

    const closed = (reason: string): void => {
      const nowMs = timeline.monotonicMs();
      if (openedAtMs !== undefined && nowMs - openedAtMs >= STABLE_MS) retryMs = FIRST_RETRY_MS;
      openedAtMs = undefined;
      cancelRetry?.();
      cancelRetry = timeline.after(retryMs, connect);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      if (reason === lastReason) return;
      lastReason = reason;
      subscriber.next({ kind: 'closed', atMs: nowMs, reason });
    };

    const connect = (): void => {
      let ended = false;
      const end = (reason: string): void => {
        if (ended) return;
        ended = true;
        closed(reason);
      };
      connection?.unsubscribe();
      connection = port.connect().subscribe({
        next(event) {
          if (ended) return;
          if (event.kind === 'closed') return end(event.reason);
          if (event.kind === 'opened') {
            openedAtMs = timeline.monotonicMs();
            lastReason = undefined;
          }
          subscriber.next(event);
        },
        // Neither may happen by contract; a port with a fault must still not end the bed's stream.
        error: (error: unknown) => end(`${port.label} failed (${String(error)}): see the log`),
        complete: () => end(`${port.label} ended without a reason: see the log`),
      });
      if (subscriber.closed) connection.unsubscribe();
    };

    connect();
    return () => {
      cancelRetry?.();
      connection?.unsubscribe();
    };
  });
}
